//! Import of mentions from JSON: one object a line, or a list of them. Objects in our own form are taken as they are; any others
//! are laid out as a table, a column for each path such as `customer.name`, and mapped like a CSV file.

use std::collections::BTreeSet;

use goodword_shared::{
    Mention, Time,
    import::{LineFault, Mapping},
    mention::Precision,
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::{Map, Value};

use super::{
    Connector, Cursor, Reading, Warning,
    csv::{
        self, Import, Row,
        table::{Record, Table},
    },
    mention_json, settings,
};
use crate::{
    reading::answer,
    wire::{Request, Response},
};

/// Columns of a table made of objects; more are no review.
const MOST_COLUMNS: usize = 200;
/// Objects inside objects that become columns.
const DEEPEST: usize = 4;
/// How mentions in our own form are shown before they are imported.
const OWN_COLUMNS: [&str; 6] = ["author", "rating", "title", "text", "published_at", "external_id"];

/// A file of JSON lines.
pub struct Ndjson;

impl Connector for Ndjson {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "ndjson".into(),
            title: "JSON file".into(),
            summary: "Mentions from JSON, one a line or in a list: Goodword's own exports, or any other program's.".into(),
            route: Route::Import,
            legal_basis: "Your own data, or an export that the platform hands to you.".into(),
            storage: StorageRule::Keep,
            pace_ms: 0,
            every_minutes: 0,
            robots: false,
            how_to: "Export as JSON or NDJSON. Lines as `goodword read` prints them need nothing else; of any others Goodword guesses \
                     what each field is and shows it before anything is stored; put right what it guessed wrongly."
                .into(),
            fields: vec![
                settings::field(
                    "mapping",
                    "Fields",
                    "Only where the guess is wrong: one “path = field” a line, such as customer.name = author.",
                    FieldType::Text,
                ),
                settings::field(
                    "best",
                    "Best rating",
                    "The upper end of the rating scale, such as 5 or 10; empty: seen from the values.",
                    FieldType::Number { min: 1, max: 100 },
                ),
            ],
            recognises: vec!["reviews.ndjson".into(), "reviews.jsonl".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let lower = text.to_lowercase();
        let is_file = !lower.contains("://")
            && [".ndjson", ".jsonl", ".json"].iter().any(|ending| lower.ends_with(ending));
        is_file.then(|| (0.7, Values::new(), text.to_owned()))
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let note = serde_json::to_string(values).ok();
        Ok(Request { note, ..Request::get("import:ndjson") })
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let text = answer::page(response)?;
        let values: Values =
            request.note.as_deref().and_then(|note| serde_json::from_str(note).ok()).unwrap_or_default();
        let mapping = settings::value(&values, "mapping").map(csv::parse_mapping).unwrap_or_default();
        let import = import(&text, &mapping, &values)?;
        let at = |fault: LineFault| Warning { warning: fault.detail, at: format!("line {}", fault.line) };
        Ok(Reading {
            mentions: import.rows.into_iter().map(|row| row.mention).collect(),
            warnings: import.faults.into_iter().map(at).collect(),
            ..Reading::default()
        })
    }
}

/// Whether a text is JSON rather than a table.
pub fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}

/// Reads a file's text. Lines count from 1; in a list, items do. An empty mapping is guessed, as for a table.
pub fn import(text: &str, mapping: &Mapping, values: &Values) -> Result<Import, SourceProblem> {
    let (objects, faults) = objects(text)?;
    if mapping.is_empty() && objects.iter().any(|(_, object)| is_own(object)) {
        return Ok(own(objects, faults));
    }
    csv::import_table(table(&objects, faults), mapping, values)
}

type Objects = Vec<(u64, Map<String, Value>)>;

fn objects(text: &str) -> Result<(Objects, Vec<LineFault>), SourceProblem> {
    let text = text.trim_start_matches('\u{feff}');
    let numbered: Vec<(u64, Result<Value, serde_json::Error>)> = match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(list)) => (1..).zip(list.into_iter().map(Ok)).collect(),
        Ok(mut one) => match wrapped(&mut one) {
            Some(list) => (1..).zip(list.into_iter().map(Ok)).collect(),
            None => vec![(1, Ok(one))],
        },
        Err(whole) => {
            let lines: Vec<_> = (1..)
                .zip(text.lines())
                .filter(|(_, line)| !line.trim().is_empty())
                .map(|(number, line)| (number, serde_json::from_str(line)))
                .collect();
            if !lines.iter().any(|(_, line)| line.as_ref().is_ok_and(Value::is_object)) {
                return Err(answer::malformed(format!("This is not JSON: {whole}.")));
            }
            lines
        }
    };
    let (mut objects, mut faults) = (Vec::new(), Vec::new());
    for (line, value) in numbered {
        let detail = match value {
            Ok(Value::Object(object)) => {
                objects.push((line, object));
                continue;
            }
            Ok(_) => "This is no JSON object; it is left out.".to_owned(),
            Err(error) => format!("This line is not JSON ({error}); it is left out."),
        };
        faults.push(LineFault { line, detail, skipped: true });
    }
    if objects.is_empty() {
        return Err(answer::unsupported("There is no object in it that could be a review."));
    }
    Ok((objects, faults))
}

/// Many programs put the list into an object of its own: its only list of objects.
fn wrapped(value: &mut Value) -> Option<Vec<Value>> {
    let fields = value.as_object_mut()?;
    let is_list =
        |value: &Value| value.as_array().is_some_and(|l| !l.is_empty() && l.iter().all(Value::is_object));
    let mut lists = fields.values_mut().filter(|value| is_list(value));
    let (Some(Value::Array(list)), None) = (lists.next(), lists.next()) else { return None };
    Some(std::mem::take(list))
}

/// In the form in which `goodword read` prints mentions.
fn is_own(object: &Map<String, Value>) -> bool {
    object.get("author").is_some_and(Value::is_object)
        && object.get("text").is_some_and(Value::is_string)
        && object.get("kind").is_some_and(Value::is_string)
}

fn own(objects: Objects, mut faults: Vec<LineFault>) -> Import {
    let mut rows = Vec::new();
    for (line, object) in objects {
        match mention_json::mention(Value::Object(object)) {
            Ok(mention) => rows.push(Row { line, cells: shown(&mention), mention }),
            Err(detail) => faults.push(LineFault { line, detail, skipped: true }),
        }
    }
    faults.sort_by_key(|fault| fault.line);
    Import {
        columns: OWN_COLUMNS.map(str::to_owned).to_vec(),
        // These are their own fields: there is nothing to map.
        mapping: Mapping::new(),
        rows,
        faults,
    }
}

/// A mention as cells, for the preview of files that need no mapping.
pub fn shown(mention: &Mention) -> Vec<String> {
    let date = mention.published_at.map(|at| match mention.published_precision {
        Some(Precision::Second) | None => at.format("%Y-%m-%d %H:%M").to_string(),
        _ => at.format("%Y-%m-%d").to_string(),
    });
    vec![
        mention.author.shown().unwrap_or_default().to_owned(),
        mention.rating.map(|r| format!("{} of {}", r.value, r.best)).unwrap_or_default(),
        mention.title.clone().unwrap_or_default(),
        mention.text.clone(),
        date.unwrap_or_default(),
        mention.external_id.clone().unwrap_or_default(),
    ]
}

/// The columns that [`shown`] fills.
pub fn shown_columns() -> Vec<String> {
    OWN_COLUMNS.map(str::to_owned).to_vec()
}

/// Objects laid out: a column for each path that leads to a text, number or truth value, in the order of first sight.
fn table(objects: &Objects, faults: Vec<LineFault>) -> Table {
    let (mut columns, mut seen) = (Vec::new(), BTreeSet::new());
    let cells: Vec<(u64, Vec<(String, String)>)> = objects
        .iter()
        .map(|(line, object)| {
            let mut found = Vec::new();
            flatten(object, "", DEEPEST, &mut found);
            for (path, _) in &found {
                if columns.len() < MOST_COLUMNS && seen.insert(path.clone()) {
                    columns.push(path.clone());
                }
            }
            (*line, found)
        })
        .collect();
    let records = cells
        .into_iter()
        .map(|(line, found)| {
            let cell = |column: &String| {
                found
                    .iter()
                    .find(|(path, _)| path == column)
                    .map(|(_, text)| text.clone())
                    .unwrap_or_default()
            };
            Record { line, cells: columns.iter().map(cell).collect() }
        })
        .collect();
    Table { columns, records, faults }
}

fn flatten(object: &Map<String, Value>, before: &str, deep: usize, found: &mut Vec<(String, String)>) {
    for (name, value) in object {
        let path = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
        match value {
            Value::Object(inner) if deep > 0 => flatten(inner, &path, deep - 1, found),
            Value::String(text) => found.push((path, text.trim().to_owned())),
            Value::Number(number) => found.push((path, number.to_string())),
            Value::Bool(truth) => found.push((path, truth.to_string())),
            Value::Null | Value::Object(_) | Value::Array(_) => {}
        }
    }
}
