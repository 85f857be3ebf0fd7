//! Import of reviews from a CSV file: any delimiter and character set, columns mapped by their headings or by the owner, broken
//! lines told with their number while the rest is read. The preview of the import page uses [`import`] directly.

use goodword_shared::{
    Mention, Time,
    import::{LineFault, Mapping},
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde::{Deserialize, Serialize};

use super::{Connector, Cursor, Reading, Warning, settings};
use crate::{
    reading::answer,
    wire::{Request, Response},
};

mod mapping;
mod row;
pub mod table;

pub use mapping::{fields, guess, parse as parse_mapping};

/// A CSV file of reviews.
pub struct Csv;

/// A file as read: what the import's preview shows and what it would store.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// The headings.
    pub columns: Vec<String>,
    /// The mapping used: the owner's, or guessed.
    pub mapping: Mapping,
    /// The lines that can be imported.
    pub rows: Vec<Row>,
    /// The lines that cannot, and remarks on those that can.
    pub faults: Vec<LineFault>,
}

/// A line that can be imported.
#[derive(Clone, Debug)]
pub struct Row {
    /// Line in the file, from 1; the heading is line 1.
    pub line: u64,
    /// Its cells, in the order of the columns.
    pub cells: Vec<String>,
    /// What it says.
    pub mention: Mention,
}

/// Reads a file's text. An empty mapping is guessed from the headings and the first lines. Settings: `best` (the rating
/// scale's upper end), `dates` (`day` or `month` first), `kind`, `delimiter`.
pub fn import(text: &str, mapping: &Mapping, values: &Values) -> Result<Import, SourceProblem> {
    import_table(table::read(text, settings::value(values, "delimiter"))?, mapping, values)
}

/// The same of a file that is a table already.
pub fn import_table(
    table: table::Table,
    mapping: &Mapping,
    values: &Values,
) -> Result<Import, SourceProblem> {
    let mapping = if mapping.is_empty() { guess(&table.columns, &table.sample()) } else { mapping.clone() };
    let fields = row::Fields::new(&table.columns, &mapping);
    if !fields.says_something() {
        return Err(answer::unsupported(format!(
            "No column holds the words or the stars of a review: say which one does. The columns are: {}.",
            table.columns.join(", ")
        )));
    }
    let habits = row::Habits::of(&table, &fields, values);
    let mut import = Import { columns: table.columns, mapping, rows: Vec::new(), faults: table.faults };
    for record in table.records {
        match row::read(&record.cells, &fields, &habits) {
            Ok((mention, remarks)) => {
                import.faults.extend(remarks.into_iter().map(|detail| LineFault {
                    line: record.line,
                    detail,
                    skipped: false,
                }));
                import.rows.push(Row { line: record.line, cells: record.cells, mention });
            }
            Err(detail) => import.faults.push(LineFault { line: record.line, detail, skipped: true }),
        }
    }
    import.faults.sort_by_key(|f| f.line);
    Ok(import)
}

/// What the request's note carries to the reading of the file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Note {
    mapping: Mapping,
    settings: Values,
}

impl Connector for Csv {
    fn describe(&self) -> Descriptor {
        let choice = settings::choice;
        Descriptor {
            slug: "csv".into(),
            title: "CSV file".into(),
            summary: "Reviews, survey answers or comments from a table, such as another service's export.".into(),
            route: Route::Import,
            legal_basis: "Your own data, or an export that the platform hands to you.".into(),
            storage: StorageRule::Keep,
            pace_ms: 0,
            every_minutes: 0,
            robots: false,
            how_to: "Export the reviews as CSV (in a spreadsheet: Save as → CSV). The first line names the columns. Goodword \
                     guesses what each column is and shows it before anything is stored; put right what it guessed wrongly."
                .into(),
            fields: vec![
                settings::field(
                    "mapping",
                    "Columns",
                    "Only where the guess is wrong: one “Heading = field” a line.",
                    FieldType::Text,
                ),
                settings::field(
                    "best",
                    "Best rating",
                    "The upper end of the rating scale, such as 5 or 10; empty: seen from the values.",
                    FieldType::Number { min: 1, max: 100 },
                ),
                choice("dates", "Dates like 03/04/2024", "Which number is the day.", &[
                    ("auto", "As the other lines show"),
                    ("day", "Day first"),
                    ("month", "Month first"),
                ]),
                choice("kind", "The lines are", "What sort of thing was said.", &[
                    ("review", "Reviews"),
                    ("survey", "Survey answers"),
                    ("comment", "Comments"),
                    ("post", "Posts"),
                    ("mail", "Mails"),
                ]),
                choice("delimiter", "Separator", "What stands between the cells.", &[
                    ("auto", "Find out"),
                    (",", "Comma"),
                    (";", "Semicolon"),
                    ("tab", "Tab"),
                    ("|", "Bar"),
                ]),
            ],
            recognises: vec!["reviews.csv".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let lower = text.to_lowercase();
        let is_file = !lower.contains("://") && (lower.ends_with(".csv") || lower.ends_with(".tsv"));
        is_file.then(|| (0.9, Values::new(), text.to_owned()))
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let mapping = settings::value(values, "mapping").map(mapping::parse).unwrap_or_default();
        let note = serde_json::to_string(&Note { mapping, settings: values.clone() }).ok();
        Ok(Request { note, ..Request::get("import:csv") })
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let text = answer::page(response)?;
        let note: Note =
            request.note.as_deref().and_then(|n| serde_json::from_str(n).ok()).unwrap_or_default();
        let import = import(&text, &note.mapping, &note.settings)?;
        Ok(Reading {
            mentions: import.rows.into_iter().map(|r| r.mention).collect(),
            warnings: import
                .faults
                .into_iter()
                .map(|f| Warning { warning: f.detail, at: format!("line {}", f.line) })
                .collect(),
            ..Reading::default()
        })
    }
}
