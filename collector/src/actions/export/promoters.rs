//! The promoters as a table that a mail merge can take, or as JSON. Whoever may not be asked is not among them: do-not-contact,
//! refused consent, an open case, asked lately.

use std::{collections::HashSet, io::Write};

use goodword_shared::{Time, api::promoters::PromoterQuery, customer::CustomerFacts, promoter::PromoterCard};

use super::{ExportError, Format, Table, day, number, record, write_json};
use crate::{
    actions::message::one_line,
    store::{Store, StoreError},
};

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

/// Everybody who may be asked now and fits the query (its window aside), best first; recorded under `by`.
pub async fn promoters(
    store: &Store,
    query: &PromoterQuery,
    format: Format,
    by: &str,
    now: Time,
    out: &mut (dyn Write + Send),
) -> Result<(), ExportError> {
    let cards = all_promoters(store, query, now).await?;
    let mut detail = format!("{} promoters as {}", cards.len(), format.extension().to_uppercase());
    if let Some(words) = query.q.as_deref().filter(|q| !q.is_empty()) {
        detail.push_str(&format!(", searched for “{}”", one_line(words)));
    }
    if query.customers_only == Some(true) {
        detail.push_str(", customers only");
    }
    record(store, detail, by, now).await?;
    match format {
        Format::Csv => promoters_csv(&cards, out),
        Format::Json | Format::Ndjson => write_json(format, &cards, out),
    }
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

fn promoters_csv(cards: &[PromoterCard], out: &mut (dyn Write + Send)) -> Result<(), ExportError> {
    let mut table = Table::new(out, &COLUMNS)?;
    for card in cards {
        let facts = card.customer.as_ref().map(|c| &c.facts);
        let text =
            |pick: fn(&CustomerFacts) -> Option<&String>| facts.and_then(pick).cloned().unwrap_or_default();
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
