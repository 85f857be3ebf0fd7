//! Files of customers or orders that are no tables, as tables: vCard and NDJSON. Everything else is read as CSV. Pure.

use goodword_shared::{import::LineFault, problem::SourceProblem};
use serde_json::Value;

use crate::{
    connectors::csv::table::{self, Record, Table},
    reading::{answer, charset},
};

/// Columns of one file.
const COLUMNS: usize = 200;

/// Reads a file of any of the kinds.
pub fn read(text: &str, delimiter: Option<&str>) -> Result<Table, SourceProblem> {
    let plain = text.trim_start_matches('\u{feff}').trim_start();
    let head: String = plain.chars().take(11).collect::<String>().to_ascii_uppercase();
    if head == "BEGIN:VCARD" {
        Ok(vcards(text))
    } else if plain.starts_with('{') {
        // One object over several lines, or with the list inside it.
        let first = plain.lines().next().unwrap_or_default();
        let alone = plain.lines().filter(|line| !line.trim().is_empty()).count() == 1;
        if (alone || serde_json::from_str::<Value>(first).is_err())
            && let Some(list) = wrapped(plain)
        {
            return Ok(listed(list));
        }
        let table = ndjson(text);
        if table.records.is_empty() {
            return Err(answer::malformed(
                "No line of this file is a JSON object: write one customer or order a line.",
            ));
        }
        Ok(table)
    } else if plain.starts_with('[') {
        json_list(plain)
    } else {
        table::read(text, delimiter)
    }
}

/// Collects records whose columns come to be known on the way.
#[derive(Default)]
struct Growing {
    table: Table,
}

impl Growing {
    fn add(&mut self, line: u64, cells: Vec<(String, String)>) {
        let mut record = Record { line, cells: vec![String::new(); self.table.columns.len()] };
        for (column, text) in cells {
            let known = self.table.columns.iter().position(|c| *c == column);
            let at = match known {
                Some(at) => at,
                None if self.table.columns.len() < COLUMNS => {
                    self.table.columns.push(column);
                    record.cells.push(String::new());
                    self.table.columns.len() - 1
                }
                None => continue,
            };
            if record.cells[at].is_empty() {
                record.cells[at] = text.trim().to_owned();
            }
        }
        self.table.records.push(record);
    }

    fn done(mut self) -> Table {
        let width = self.table.columns.len();
        self.table.records.iter_mut().for_each(|record| record.cells.resize(width, String::new()));
        self.table
    }
}

fn fault(line: u64, detail: String) -> LineFault {
    LineFault { line, detail, skipped: true }
}

fn ndjson(text: &str) -> Table {
    let mut growing = Growing::default();
    for (at, line) in
        text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, l)| !l.trim().is_empty())
    {
        let line_number = at as u64 + 1;
        match serde_json::from_str::<Value>(line) {
            Ok(Value::Object(object)) => growing.add(line_number, flat(object)),
            Ok(_) => growing
                .table
                .faults
                .push(fault(line_number, "This line is no object; it is left out.".into())),
            Err(_) => {
                growing.table.faults.push(fault(line_number, "This line is no JSON; it is left out.".into()))
            }
        }
    }
    growing.done()
}

fn json_list(text: &str) -> Result<Table, SourceProblem> {
    let Value::Array(list) = answer::parse(text)? else {
        return Err(answer::unsupported("This JSON is no list of records."));
    };
    Ok(listed(list))
}

/// The list inside one object, as exports have it: `{"customers": [{…}, …]}`; or the object alone, over several lines.
fn wrapped(text: &str) -> Option<Vec<Value>> {
    let Value::Object(object) = serde_json::from_str::<Value>(text).ok()? else { return None };
    let list =
        object.values().find_map(|value| value.as_array().filter(|list| list.iter().any(Value::is_object)));
    Some(list.cloned().unwrap_or_else(|| vec![Value::Object(object.clone())]))
}

fn listed(list: Vec<Value>) -> Table {
    let mut growing = Growing::default();
    for (at, item) in list.into_iter().enumerate() {
        let place = at as u64 + 1;
        match item {
            Value::Object(object) => growing.add(place, flat(object)),
            _ => growing.table.faults.push(fault(place, "This entry is no object; it is left out.".into())),
        }
    }
    growing.done()
}

/// An object's values by name; of objects inside it, under both names: `address city`.
fn flat(object: serde_json::Map<String, Value>) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    for (name, value) in object {
        match value {
            Value::Object(inner) => cells.extend(
                inner
                    .into_iter()
                    .filter_map(|(part, value)| Some((format!("{name} {part}"), plain(&value)?))),
            ),
            value => cells.extend(plain(&value).map(|text| (name, text))),
        }
    }
    cells
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(true) => Some("yes".into()),
        Value::Bool(false) => Some("no".into()),
        Value::Array(list) => Some(list.iter().filter_map(plain).collect::<Vec<_>>().join("; ")),
        Value::Null | Value::Object(_) => None,
    }
}

/// Address cards, versions 2.1 to 4.0 (RFC 6350): what a customer list holds of them.
fn vcards(text: &str) -> Table {
    let mut growing = Growing::default();
    let mut card: Option<(u64, Vec<(String, String)>)> = None;
    for (number, line) in unfolded(text) {
        let Some((head, value)) = halves(&line) else { continue };
        let mut head_parts = head.split(';');
        // "item1.EMAIL" groups what belongs together.
        let name = head_parts.next().unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or_default().to_ascii_uppercase();
        let upper = head.to_ascii_uppercase();
        let quoted = upper.contains("QUOTED-PRINTABLE");
        let value = if quoted { unquoted(value, &upper) } else { value.to_owned() };
        match (name.as_str(), &mut card) {
            ("BEGIN", card) => *card = Some((number, Vec::new())),
            ("END", card) => {
                if let Some((line, cells)) = card.take() {
                    growing.add(line, cells);
                }
            }
            (_, Some((_, cells))) => cells.extend(property(&name, &value)),
            (_, None) => {}
        }
    }
    growing.done()
}

/// What stands before and behind the first colon outside quotation marks.
fn halves(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let at = line.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == ':' && !quoted).then_some(at)
    });
    at.map(|at| (&line[..at], &line[at + 1..])).or_else(|| line.split_once(':'))
}

fn property(name: &str, value: &str) -> Vec<(String, String)> {
    let parts: Vec<String> = split(value, ';');
    let part = |at: usize| parts.get(at).cloned().unwrap_or_default();
    let whole = || split(value, '\0').concat();
    let cell = |column: &str, text: String| vec![(column.to_owned(), text)];
    match name {
        "FN" => cell("Name", whole()),
        "N" => vec![("First name".into(), part(1)), ("Last name".into(), part(0))],
        "EMAIL" => cell("E-mail", whole().trim_start_matches("mailto:").to_owned()),
        "BDAY" => cell("Birthday", whole()),
        "TEL" => cell("Phone", whole().trim_start_matches("tel:").to_owned()),
        "ADR" => cell("City", part(3)),
        "ORG" => cell("Company", part(0)),
        "NOTE" => cell("Notes", whole()),
        "UID" => cell("Customer id", whole()),
        "CATEGORIES" => cell("Tags", whole()),
        "LANG" => cell("Language", whole()),
        "NICKNAME" | "X-TWITTER" => cell("Handle", whole()),
        _ => Vec::new(),
    }
}

/// Lines as they were before they were folded, with the number of the first.
fn unfolded(text: &str) -> Vec<(u64, String)> {
    let mut lines: Vec<(u64, String)> = Vec::new();
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, last))) => last.push_str(rest),
            _ => {
                let soft = lines.last_mut().filter(|(_, last)| {
                    last.ends_with('=') && last.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
                });
                if let Some((_, last)) = soft {
                    last.pop();
                    last.push_str(line);
                } else {
                    lines.push((at as u64 + 1, line.to_owned()));
                }
            }
        }
    }
    lines
}

/// Parts between signs that no backslash stands before; escapes undone.
fn split(value: &str, sign: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for c in value.chars() {
        let last = parts.len() - 1;
        match c {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            'n' | 'N' if escaped => parts[last].push('\n'),
            c if c == sign && !escaped => parts.push(String::new()),
            c => parts[last].push(c),
        }
        escaped = false;
    }
    parts
}

/// Quoted-printable, as version 2.1 has it, in the character set that the line names.
fn unquoted(value: &str, head: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let coded = (byte == b'=').then(|| after.get(..2)).flatten();
        match coded.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    let named = head.split(';').find_map(|part| part.strip_prefix("CHARSET="));
    let named = named.map(|name| format!("text/plain; charset={}", name.trim_matches('"')));
    charset::decode(&bytes, named.as_deref()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_cards_become_rows() {
        let text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ruth\r\n  Winter\r\nN:Winter;Ruth;;;\r\nitem1.EMAIL;TYPE=work:ruth@example.org\r\n\
                    ADR;TYPE=home:;;Ringstr. 1;Graz;;8010;Austria\r\nNOTE:Likes tea\\, not coffee\r\nEND:VCARD\r\n\
                    BEGIN:VCARD\nVERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:J=C3=BCrgen =\nKlein\nEND:VCARD\n";
        let table = read(text, None).unwrap_or_default();
        let at = |row: usize, column: &str| {
            let column = table.columns.iter().position(|c| c == column).unwrap_or_default();
            table.records[row].cells[column].as_str()
        };
        assert_eq!(
            (at(0, "Name"), at(0, "City"), at(0, "E-mail")),
            ("Ruth Winter", "Graz", "ruth@example.org")
        );
        assert_eq!(at(0, "Notes"), "Likes tea, not coffee");
        assert_eq!((at(1, "Name"), table.records[1].line), ("Jürgen Klein", 10));
    }

    #[test]
    fn lines_of_json_become_rows() {
        let table = read("{\"id\":7,\"name\":\"Ruth\",\"address\":{\"city\":\"Graz\"}}\nnonsense\n{\"name\":\"Ben\",\"tags\":[\"a\",\"b\"]}\n", None)
            .unwrap_or_default();
        assert_eq!(table.columns, ["address city", "id", "name", "tags"]);
        assert_eq!(table.records[1].cells, ["", "", "Ben", "a; b"]);
        assert_eq!((table.faults.len(), table.faults[0].line), (1, 2));
    }

    #[test]
    fn a_list_inside_an_object_is_the_list() {
        for text in [
            "{\"customers\":[{\"id\":1,\"name\":\"Ruth\"}]}",
            "{\n \"list\": [\n {\"id\": 1, \"name\": \"Ruth\"}\n ]\n}",
            "{\"id\":1,\"name\":\"Ruth\"}",
        ] {
            let table = read(text, None).unwrap_or_default();
            assert_eq!(
                (table.columns.join(" "), table.records.len(), table.faults.len()),
                ("id name".into(), 1, 0),
                "{text}"
            );
        }
    }
}
