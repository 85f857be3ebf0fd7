//! All recovery cases, open and closed.

use std::io::Write;

use goodword_shared::{Time, api::cases::CaseQuery, case::CaseCard};

use super::{ExportError, Format, Table, number, record, write_json};
use crate::{actions::message::one_line, store::Store};

/// Rows read at a time.
const PAGE: u64 = 200;

const COLUMNS: [&str; 17] = [
    "id",
    "state",
    "outcome",
    "author",
    "customer",
    "waiting_since",
    "due",
    "first_contact",
    "closed",
    "assignee",
    "priority",
    "reasons",
    "stars",
    "text",
    "source",
    "url",
    "mention_id",
];

/// Writes all cases; recorded under `by`.
pub async fn cases(
    store: &Store,
    format: Format,
    by: &str,
    now: Time,
    out: &mut (dyn Write + Send),
) -> Result<(), ExportError> {
    let mut cards: Vec<CaseCard> = Vec::new();
    for page in 0.. {
        let query = CaseQuery {
            state: Some("all".into()),
            offset: Some(page * PAGE),
            limit: Some(PAGE),
            ..CaseQuery::default()
        };
        let rows = store.urgent_cases(&query, now).await?;
        let last = (rows.len() as u64) < PAGE;
        cards.extend(rows);
        if last {
            break;
        }
    }
    record(store, format!("{} cases as {}", cards.len(), format.extension().to_uppercase()), by, now).await?;
    if format != Format::Csv {
        return write_json(format, &cards, out);
    }
    let mut table = Table::new(out, &COLUMNS)?;
    for card in &cards {
        table.row(&cells(card))?;
    }
    table.finish()
}

fn cells(card: &CaseCard) -> [String; 17] {
    [
        card.id.to_string(),
        card.state.as_str().to_owned(),
        card.outcome.map(|o| o.as_str().to_owned()).unwrap_or_default(),
        card.author.shown().map(one_line).unwrap_or_default(),
        card.customer.as_ref().filter(|c| c.state.holds()).map(|c| c.name.clone()).unwrap_or_default(),
        moment(Some(card.waiting_since)),
        moment(Some(card.due_at)),
        moment(card.first_contact_at),
        moment(card.closed_at),
        card.assignee.clone().unwrap_or_default(),
        number(card.priority),
        card.reasons.join("; "),
        card.quote.rating.map(|r| number(r.share() * 5.0)).unwrap_or_default(),
        card.quote.text.clone(),
        card.quote.source.clone(),
        card.quote.url.clone().unwrap_or_default(),
        card.quote.mention_id.to_string(),
    ]
}

fn moment(time: Option<Time>) -> String {
    time.map(|t| t.format("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}
