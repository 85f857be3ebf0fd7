//! Exports: what the owner takes out, as CSV (RFC 4180, UTF-8) or JSON. Whoever may not be asked is not among the promoters:
//! do-not-contact, refused consent, an open case, asked lately. Every export is recorded before it is handed out.
//!
//! Cells are safe to open in a spreadsheet: what would be taken for a formula gets an apostrophe in front. That includes
//! telephone numbers that begin with +, of which a spreadsheet would otherwise make a sum; JSON has everything as it is.

use std::collections::HashSet;

use goodword_shared::{Time, api::promoters::PromoterQuery, promoter::PromoterCard};

use super::message::one_line;
use crate::store::{AuditEntry, Store, StoreError};

/// Rows read at a time.
const PAGE: u64 = 200;

/// The columns of promoters, in order; named so that a mail merge can take them as they are.
const COLUMNS: [&str; 20] = [
    "name",
    "first",
    "last",
    "email",
    "phone",
    "city",
    "company",
    "language",
    "quote",
    "stars",
    "source",
    "published",
    "url",
    "reasons",
    "kind_mentions",
    "customer_since",
    "value",
    "last_asked",
    "customer_id",
    "key",
];

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, with headings.
    Csv,
    /// One array.
    Json,
}

impl Format {
    /// Of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
        }
    }

    /// Its media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8; header=present",
            Format::Json => "application/json",
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
}

/// Everybody who may be asked now and fits the query (its window aside), best first; recorded under `by`.
pub async fn promoters(
    store: &Store,
    query: &PromoterQuery,
    format: Format,
    by: &str,
    now: Time,
) -> Result<String, ExportError> {
    let cards = all_promoters(store, query, now).await?;
    let text = match format {
        Format::Csv => promoters_csv(&cards)?,
        Format::Json => serde_json::to_string_pretty(&cards)?,
    };
    let mut detail = format!("{} promoters as {}", cards.len(), format.extension().to_uppercase());
    if let Some(words) = query.q.as_deref().filter(|q| !q.is_empty()) {
        detail.push_str(&format!(", searched for “{}”", one_line(words)));
    }
    if query.customers_only == Some(true) {
        detail.push_str(", customers only");
    }
    let entry = AuditEntry { at: now, by: by.into(), what: "export".into(), object: None, detail };
    store.add_audit(&entry).await?;
    Ok(text)
}

async fn all_promoters(
    store: &Store,
    query: &PromoterQuery,
    now: Time,
) -> Result<Vec<PromoterCard>, StoreError> {
    let again = store.settings().await?.ask_again_days;
    let mut cards = Vec::new();
    let mut seen = HashSet::new();
    for page in 0.. {
        let window = PromoterQuery { offset: Some(page * PAGE), limit: Some(PAGE), ..query.clone() };
        let rows = store.best_promoters(&window, again, now).await?;
        let last = (rows.len() as u64) < PAGE;
        // The ranking may move between two pages; nobody is listed twice.
        cards.extend(rows.into_iter().filter(|card| seen.insert(card.key.clone())));
        if last {
            break;
        }
    }
    Ok(cards)
}

fn promoters_csv(cards: &[PromoterCard]) -> Result<String, csv::Error> {
    let mut table = Table::new(&COLUMNS)?;
    for card in cards {
        let facts = card.customer.as_ref().map(|c| &c.facts);
        let text = |pick: fn(&goodword_shared::customer::CustomerFacts) -> Option<&String>| {
            facts.and_then(pick).cloned().unwrap_or_default()
        };
        let name = facts.map(|f| f.name.as_str()).or(card.author.shown()).unwrap_or_default();
        let email = facts.and_then(|f| f.email.as_ref()).or(card.author.email.as_ref());
        let city = facts.and_then(|f| f.city.as_ref()).or(card.author.location.as_ref());
        let language = facts.and_then(|f| f.language.as_ref()).or(card.quote.analysis.language.as_ref());
        table.row(&[
            name.to_owned(),
            text(|f| f.first.as_ref()),
            text(|f| f.last.as_ref()),
            email.cloned().unwrap_or_default(),
            text(|f| f.phone.as_ref()),
            city.cloned().unwrap_or_default(),
            text(|f| f.company.as_ref()),
            language.cloned().unwrap_or_default(),
            one_line(&card.quote.text),
            card.quote.rating.map(|r| number(r.share() * 5.0)).unwrap_or_default(),
            card.quote.source.clone(),
            day(Some(card.quote.at)),
            card.quote.url.clone().unwrap_or_default(),
            card.reasons.join("; "),
            card.kind_mentions.to_string(),
            day(facts.and_then(|f| f.since)),
            facts.and_then(|f| f.value).map(number).unwrap_or_default(),
            day(card.last_asked),
            text(|f| f.external_id.as_ref()),
            card.key.clone(),
        ])?;
    }
    table.finish()
}

/// A CSV that is safe to open: CRLF, quotes where needed, no cell that a spreadsheet takes for a formula.
pub(super) struct Table {
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    pub(super) fn new(columns: &[&str]) -> Result<Self, csv::Error> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(columns)?;
        Ok(Self { writer })
    }

    pub(super) fn row(&mut self, cells: &[String]) -> Result<(), csv::Error> {
        self.writer.write_record(cells.iter().map(|cell| safe(cell)))
    }

    pub(super) fn finish(self) -> Result<String, csv::Error> {
        let bytes = self.writer.into_inner().map_err(|e| csv::Error::from(e.into_error()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
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
