//! Exports: what the owner takes out, as CSV (RFC 4180, UTF-8), JSON or NDJSON. Every export is recorded before it is handed out.
//!
//! Cells are safe to open in a spreadsheet: what would be taken for a formula gets an apostrophe in front. That includes
//! telephone numbers that begin with +, of which a spreadsheet would otherwise make a sum; JSON has everything as it is.

mod cases;
mod mentions;
mod promoters;

use std::io::Write;

use goodword_shared::Time;
use serde::Serialize;

use crate::store::{AuditEntry, Store, StoreError};

pub use cases::cases;
pub use mentions::{ExportedMention, mentions};
pub use promoters::promoters;

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, with headings.
    Csv,
    /// One array.
    Json,
    /// One object a line.
    Ndjson,
}

impl Format {
    /// Of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
        }
    }

    /// Its media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8; header=present",
            Format::Json => "application/json",
            Format::Ndjson => "application/x-ndjson",
        }
    }
}

/// Why an export cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be written as CSV.
    #[error("the table could not be written: {0}")]
    Csv(#[from] csv::Error),
    /// It could not be written as JSON.
    #[error("the list could not be written: {0}")]
    Json(#[from] serde_json::Error),
    /// Its place cannot be written to.
    #[error("it could not be written: {0}")]
    Write(#[from] std::io::Error),
}

/// Writes the export into the record.
async fn record(store: &Store, detail: String, by: &str, now: Time) -> Result<(), StoreError> {
    let entry = AuditEntry { at: now, by: by.into(), what: "export".into(), object: None, detail };
    store.add_audit(&entry).await
}

/// Writes rows as an array, or one a line.
fn write_json<T: Serialize>(
    format: Format,
    rows: &[T],
    out: &mut (dyn Write + Send),
) -> Result<(), ExportError> {
    if format == Format::Json {
        serde_json::to_writer_pretty(&mut *out, rows)?;
        out.write_all(b"\n")?;
        return Ok(());
    }
    for row in rows {
        serde_json::to_writer(&mut *out, row)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// A CSV that is safe to open: CRLF, quotes where needed, no cell that a spreadsheet takes for a formula.
struct Table<'a> {
    writer: csv::Writer<&'a mut (dyn Write + Send)>,
}

impl<'a> Table<'a> {
    fn new(out: &'a mut (dyn Write + Send), columns: &[&str]) -> Result<Self, ExportError> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        writer.write_record(columns)?;
        Ok(Self { writer })
    }

    fn row(&mut self, cells: &[String]) -> Result<(), ExportError> {
        Ok(self.writer.write_record(cells.iter().map(|cell| safe(cell)))?)
    }

    fn finish(mut self) -> Result<(), ExportError> {
        Ok(self.writer.flush()?)
    }
}

/// A cell that no spreadsheet takes for a formula. Blanks in front do not help an attacker, nor do the wide forms of the signs,
/// which some programs read as the narrow ones.
pub fn safe(cell: &str) -> String {
    let control = cell.starts_with(['\t', '\r', '\n', '\0']);
    let sign = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if control || sign { format!("'{cell}") } else { cell.to_owned() }
}

fn day(time: Option<Time>) -> String {
    time.map(|t| t.format("%Y-%m-%d").to_string()).unwrap_or_default()
}

fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    format!("{rounded}")
}
