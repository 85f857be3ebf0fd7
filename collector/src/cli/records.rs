//! The customers and orders that `goodword identify` is given: a table in any character set with any separator, or vCard or NDJSON,
//! as rows by field. What is wrong is said once a row, and nothing is passed over in silence. It knows no index.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{UTF_16BE, UTF_16LE};

use crate::{
    imports::{
        formats,
        mapping::{self, Fields},
    },
    reading::{
        charset,
        dates::{self, Order},
    },
};

/// Rows that are looked at before the first is told, to see how dates are written.
const AHEAD: usize = 5000;
/// Lines that one row may take before a quotation mark is taken for one that was never closed.
const LINES: u64 = 60;
/// How often reading begins anew behind such a quotation mark.
const RESTARTS: u32 = 200;

/// A row: where it begins in the file, from 1, and its cells.
#[derive(Debug)]
pub struct Row<'a> {
    /// From 1.
    pub line: u64,
    /// It is an address card.
    pub is_card: bool,
    cells: Vec<String>,
    places: &'a HashMap<&'static str, usize>,
}

impl Row<'_> {
    /// What the row holds under that field; none where it is empty.
    pub fn cell(&self, field: &str) -> Option<String> {
        let text = self.cells.get(*self.places.get(field)?)?;
        // A name may stand in two lines of one cell.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    }
}

/// What was told of a file.
pub struct Told<'a> {
    /// A warning and the line it is about; none for the whole file.
    pub warn: &'a mut dyn FnMut(String, Option<u64>),
    /// A row, and in what order its dates are written.
    pub row: &'a mut dyn FnMut(&Row<'_>, Order),
}

/// Reads a file. `needed` are fields without which nothing can be done, `dated` is the one that holds a date. `Err` is why nothing can be read.
pub fn read(
    bytes: &[u8],
    fields: Fields,
    needed: &[&'static str],
    dated: &'static str,
    told: &mut Told<'_>,
) -> Result<(), String> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err("this is a spreadsheet or an archive; save the table as CSV (UTF-8) first".into());
    }
    let text = match bytes {
        // UTF-16 without its mark: every other byte of Latin letters is nothing.
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => UTF_16LE.decode_without_bom_handling(bytes).0,
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => UTF_16BE.decode_without_bom_handling(bytes).0,
        _ => charset::decode(bytes, None),
    };
    let text = text.trim_start_matches('\u{feff}');
    let start = text.trim_start();
    if start.is_empty() {
        return Err("the file is empty".into());
    }
    if text[..text.floor_char_boundary(4000)].contains('\0') {
        return Err("this is no text file; save the table as CSV (UTF-8) first".into());
    }
    let head = start[..start.floor_char_boundary(11)].to_ascii_uppercase();
    if head == "BEGIN:VCARD" || start.starts_with(['{', '[']) {
        return listed(text, fields, needed, dated, told);
    }
    if head.starts_with("<!DOCTYPE") || head.starts_with("<HTML") {
        return Err("this is a web page, not a table".into());
    }
    table(text, fields, needed, dated, told)
}

/// Where each field is: columns of exactly its name, else what the headings mean.
fn places(
    fields: Fields,
    needed: &[&'static str],
    columns: &[String],
    own_ids: bool,
) -> Result<HashMap<&'static str, usize>, String> {
    let plain: Vec<String> = columns.iter().map(|c| c.trim().to_lowercase()).collect();
    let mut places = HashMap::new();
    let guessed = mapping::guess(fields, columns, &[]);
    for (field, _, _) in fields {
        let name = if *field == "external_id" { "id" } else { field };
        let exact = plain.iter().position(|column| column == name);
        let meant = || {
            let column = columns.iter().position(|c| guessed.get(c).is_some_and(|f| f == field))?;
            // What is called exactly like another field is that one.
            let taken = fields.iter().any(|(other, ..)| other != field && plain[column] == **other);
            (!taken).then_some(column)
        };
        if let Some(at) = exact.or_else(meant) {
            places.insert(name, at);
        }
    }
    match needed.iter().find(|field| !(places.contains_key(**field) || own_ids && **field == "id")) {
        Some(missing) => Err(format!(
            "there is no column “{missing}”; name the columns in the first line ({} are there)",
            columns.iter().take(12).map(|c| format!("“{}”", c.trim())).collect::<Vec<_>>().join(", ")
        )),
        None => Ok(places),
    }
}

/// vCards and JSON.
fn listed(
    text: &str,
    fields: Fields,
    needed: &[&'static str],
    dated: &'static str,
    told: &mut Told<'_>,
) -> Result<(), String> {
    let table = formats::read(text, None).map_err(|problem| problem.detail)?;
    table.faults.iter().for_each(|fault| (told.warn)(fault.detail.clone(), Some(fault.line)));
    let cards = text.trim_start().starts_with(['B', 'b']);
    let places = places(fields, needed, &table.columns, cards)?;
    let order = places.get(dated).map_or(Order::Unknown, |at| {
        dates::order_of(table.records.iter().filter_map(|r| r.cells.get(*at)).map(String::as_str))
    });
    for record in table.records {
        (told.row)(&Row { line: record.line, is_card: cards, cells: record.cells, places: &places }, order);
    }
    Ok(())
}

fn table(
    mut text: &str,
    fields: Fields,
    needed: &[&'static str],
    dated: &'static str,
    told: &mut Told<'_>,
) -> Result<(), String> {
    let mut line = 1;
    let mut named = None;
    // Spreadsheets put their separator into a line of its own.
    if let Some(rest) = text.strip_prefix("sep=") {
        named = rest.bytes().next();
        let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        (text, line) = (&rest[end..], 2);
    }
    let delimiter = named.unwrap_or_else(|| delimiter(text));
    let mut head: Option<(Vec<String>, HashMap<&'static str, usize>)> = None;
    let mut ahead: Vec<(u64, Vec<String>)> = Vec::new();
    let mut order = None;
    let mut restarts = 0;
    'anew: loop {
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut record = StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| error.to_string())? {
            let begin = record.position().cloned().unwrap_or_else(csv::Position::new);
            // The end of the line before, where it is of two signs, and empty lines are read with this record.
            let from = usize::try_from(begin.byte()).unwrap_or(text.len()).min(text.len());
            let from = from + text[from..].len() - text[from..].trim_start_matches(['\r', '\n']).len();
            let ends = text[usize::try_from(begin.byte()).unwrap_or(from).min(from)..from]
                .matches('\n')
                .count() as u64;
            let at = line + begin.line() - 1 + ends;
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let Some((columns, places)) = &head else {
                let columns: Vec<String> = record.iter().map(|c| c.trim().to_owned()).collect();
                let places = places(fields, needed, &columns, false)?;
                head = Some((columns, places));
                continue;
            };
            let took = reader.position().line().saturating_sub(begin.line() + ends);
            if took > LINES || (took > 1 && record.len() < columns.len()) {
                (told.warn)("a quotation mark is never closed: this line is passed over".into(), Some(at));
                restarts += 1;
                if restarts > RESTARTS {
                    return Err(format!(
                        "from line {at} on the quotation marks do not match: the file cannot be read"
                    ));
                }
                let end = text[from..].find('\n').map_or(text.len(), |end| from + end + 1);
                (text, line) = (&text[end..], at + 1);
                continue 'anew;
            }
            if record.len() > columns.len() && record.iter().skip(columns.len()).any(|c| !c.trim().is_empty())
            {
                let detail = format!(
                    "{} cells where the heading has {}; those beyond it are left out",
                    record.len(),
                    columns.len()
                );
                (told.warn)(detail, Some(at));
            }
            let cells: Vec<String> = record.iter().map(str::to_owned).collect();
            match order {
                Some(order) => (told.row)(&Row { line: at, is_card: false, cells, places }, order),
                None => {
                    ahead.push((at, cells));
                    if ahead.len() >= AHEAD || !places.contains_key(dated) {
                        order = Some(tell(&mut ahead, places, dated, told));
                    }
                }
            }
        }
        break;
    }
    if let Some((_, places)) = &head {
        tell(&mut ahead, places, dated, told);
    }
    Ok(())
}

/// Tells of the rows that were kept to see how dates are written.
fn tell(
    ahead: &mut Vec<(u64, Vec<String>)>,
    places: &HashMap<&'static str, usize>,
    dated: &'static str,
    told: &mut Told<'_>,
) -> Order {
    let order = places.get(dated).map_or(Order::Unknown, |at| {
        dates::order_of(ahead.iter().filter_map(|(_, cells)| cells.get(*at)).map(String::as_str))
    });
    for (line, cells) in ahead.drain(..) {
        (told.row)(&Row { line, is_card: false, cells, places }, order);
    }
    order
}

/// The separator that the first line has most of, outside quotation marks.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(b',', 0u32), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in first.bytes() {
        quoted ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(d, _)| *d == byte && !quoted) {
            *count += 1;
        }
    }
    // Of equally many the first one.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(d, _)| d)
}
