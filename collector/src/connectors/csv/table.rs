//! A CSV file as headings and records with their line numbers. It knows nothing of what the cells mean.

use csv::{ReaderBuilder, StringRecord};
use goodword_shared::{import::LineFault, problem::SourceProblem};

use crate::reading::{answer, dates, numbers};

/// How often reading starts anew after a quotation mark that is never closed.
const RESTARTS: u32 = 200;

/// A file's lines.
#[derive(Debug, Default)]
pub struct Table {
    /// The headings; "Column 1" and so on where there are none.
    pub columns: Vec<String>,
    /// The records with as many cells as there are headings.
    pub records: Vec<Record>,
    /// The others.
    pub faults: Vec<LineFault>,
}

/// A record.
#[derive(Debug)]
pub struct Record {
    /// Where it begins, from 1.
    pub line: u64,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
}

impl Table {
    /// The first lines, to guess from.
    pub fn sample(&self) -> Vec<Vec<String>> {
        self.records.iter().take(50).map(|r| r.cells.clone()).collect()
    }
}

/// Splits a file into cells.
pub fn read(text: &str, delimiter: Option<&str>) -> Result<Table, SourceProblem> {
    let mut text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(answer::malformed("The file is empty."));
    }
    if answer::looks_like_html(text) {
        answer::refuse_block_page(text)?;
        return Err(answer::unsupported("This is a web page, not a table."));
    }
    if text.trim_start().starts_with(['{', '[']) {
        return Err(answer::unsupported("This is JSON, not a table."));
    }
    if text.contains('\0') {
        return Err(answer::malformed("This is no text file: save the table as CSV first."));
    }
    let mut line = 1;
    let mut delimiter = delimiter.and_then(named);
    // Spreadsheets put their separator into a line of its own.
    if let Some(rest) = text.strip_prefix("sep=") {
        let end = rest.find('\n').map_or(rest.len(), |e| e + 1);
        delimiter = delimiter.or(named(rest[..end].trim_end_matches(['\r', '\n'])));
        text = &rest[end..];
        line = 2;
    }
    let delimiter = delimiter.unwrap_or_else(|| likely_delimiter(text));
    let mut table = Table::default();
    let mut restarts = 0;
    loop {
        match pass(text, line, delimiter, &mut table) {
            None => break,
            Some((offset, next_line)) => {
                restarts += 1;
                if restarts > RESTARTS {
                    return Err(answer::malformed(format!(
                        "From line {next_line} on, the quotation marks do not match: the file cannot be split into cells."
                    )));
                }
                text = &text[offset..];
                line = next_line;
            }
        }
    }
    if table.columns.is_empty() {
        return Err(answer::malformed("The file holds no table."));
    }
    Ok(table)
}

/// Reads on from a place. Some: where to begin anew, after a line whose quotation mark swallowed those below it.
fn pass(text: &str, first_line: u64, delimiter: u8, table: &mut Table) -> Option<(usize, u64)> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    loop {
        let start = reader.position().clone();
        match reader.read_record(&mut record) {
            Ok(false) => return None,
            Ok(true) => {}
            Err(error) => {
                table.faults.push(fault(
                    first_line + start.line() - 1,
                    format!("This line cannot be split into cells: {error}."),
                ));
                return None;
            }
        }
        let begin = record.position().map_or(start.clone(), Clone::clone);
        let line = first_line + begin.line() - 1;
        let cells: Vec<String> = record.iter().map(|c| c.trim().to_owned()).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        if table.columns.is_empty() {
            head(cells, line, table);
            continue;
        }
        let expected = table.columns.len();
        // Spreadsheets leave empty cells behind the last column.
        let beyond_empty = cells.len() > expected && cells[expected..].iter().all(String::is_empty);
        if cells.len() == expected || beyond_empty {
            table.records.push(Record { line, cells: cells.into_iter().take(expected).collect() });
            continue;
        }
        let spanned = reader.position().line() - begin.line();
        table.faults.push(fault(
            line,
            format!("This line has {} cells where the heading has {expected}; it is left out.", cells.len()),
        ));
        if spanned > 1 {
            let from = usize::try_from(begin.byte()).unwrap_or(text.len());
            let end = text[from..].find('\n').map_or(text.len(), |e| from + e + 1);
            return Some((end, line + 1));
        }
    }
}

fn fault(line: u64, detail: String) -> LineFault {
    LineFault { line, detail, skipped: true }
}

/// Takes the first record as headings, or makes headings up where it is a record like any other.
fn head(cells: Vec<String>, line: u64, table: &mut Table) {
    let looks_like_data = cells.iter().any(|c| {
        dates::parse(c).is_some()
            || c.len() > 80
            || numbers::decimal(c).is_some_and(|_| c.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
    });
    if looks_like_data {
        table.columns = (1..=cells.len()).map(|n| format!("Column {n}")).collect();
        table.records.push(Record { line, cells });
        return;
    }
    let mut columns: Vec<String> = Vec::with_capacity(cells.len());
    for (i, cell) in cells.into_iter().enumerate() {
        let name = if cell.is_empty() { format!("Column {}", i + 1) } else { cell };
        let twice = columns.iter().filter(|c| **c == name || c.starts_with(&format!("{name} ("))).count();
        columns.push(if twice > 0 { format!("{name} ({})", twice + 1) } else { name });
    }
    while columns.len() > 1 && columns.last().is_some_and(|c| c == &format!("Column {}", columns.len())) {
        columns.pop();
    }
    table.columns = columns;
}

fn named(delimiter: &str) -> Option<u8> {
    match delimiter {
        "tab" | "\t" => Some(b'\t'),
        "," | ";" | "|" => delimiter.bytes().next(),
        _ => None,
    }
}

/// The separator that splits the first lines into the same number of cells.
fn likely_delimiter(text: &str) -> u8 {
    let counts = |delimiter: u8| {
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let widths: Vec<usize> = reader.records().take(12).filter_map(Result::ok).map(|r| r.len()).collect();
        let first = widths.first().copied().unwrap_or(0);
        let same = widths.iter().filter(|w| **w == first).count();
        (first > 1, same * first.min(30))
    };
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|d| counts(*d)).unwrap_or(b',')
}
