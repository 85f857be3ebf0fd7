//! All mentions, newest first, with what we make of them and whom they are linked to. What its author removed is left out.

use std::io::Write;

use goodword_shared::{Analysis, Mention, Time, matching::MatchedCustomer};
use serde::{Deserialize, Serialize};

use super::{ExportError, Format, Table, day, number, record};
use crate::{
    actions::message::one_line,
    store::{Said, Store, StoreError},
};

/// Rows read at a time.
const PAGE: u32 = 500;

const COLUMNS: [&str; 20] = [
    "id",
    "published",
    "collected",
    "source",
    "connector",
    "kind",
    "author",
    "customer",
    "stars",
    "title",
    "text",
    "sentiment",
    "confidence",
    "severity",
    "themes",
    "intents",
    "language",
    "url",
    "replied",
    "corrected",
];

/// A mention as it is handed out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportedMention {
    /// Goodword's id.
    pub id: String,
    /// The source's name.
    pub source: String,
    /// The connector's slug.
    pub connector: String,
    /// When it was first seen.
    pub collected_at: Time,
    /// The mention as read.
    pub mention: Mention,
    /// What we make of it.
    pub analysis: Analysis,
    /// Who wrote it, in the owner's records; also where that is only supposed.
    pub customer: Option<MatchedCustomer>,
    /// The owner has answered in public.
    pub replied: bool,
    /// The owner has corrected its tags.
    pub corrected: bool,
}

/// Writes all mentions; recorded under `by`. They are read in pages, so that millions need no memory.
pub async fn mentions(
    store: &Store,
    format: Format,
    by: &str,
    now: Time,
    out: &mut (dyn Write + Send),
) -> Result<(), ExportError> {
    record(store, format!("all mentions as {}", format.extension().to_uppercase()), by, now).await?;
    let mut after = None;
    if format == Format::Csv {
        let mut table = Table::new(out, &COLUMNS)?;
        while let Some(page) = page(store, &mut after).await? {
            for row in &page {
                table.row(&cells(row))?;
            }
        }
        return table.finish();
    }
    let array = format == Format::Json;
    let mut between = if array { "[\n" } else { "" };
    while let Some(page) = page(store, &mut after).await? {
        for row in &page {
            out.write_all(between.as_bytes())?;
            serde_json::to_writer(&mut *out, row)?;
            between = if array { ",\n" } else { "\n" };
        }
    }
    let end = match (array, between) {
        (true, "[\n") => "[]\n",
        (true, _) => "\n]\n",
        (false, "") => "",
        (false, _) => "\n",
    };
    Ok(out.write_all(end.as_bytes())?)
}

/// The next page after that place; none at the end.
async fn page(
    store: &Store,
    after: &mut Option<(i64, String)>,
) -> Result<Option<Vec<ExportedMention>>, StoreError> {
    let places = store.mentions_after(after.as_ref(), PAGE).await?;
    let Some(last) = places.last() else { return Ok(None) };
    *after = Some(last.clone());
    let ids: Vec<String> = places.into_iter().map(|(_, id)| id).collect();
    let mut said = store.said(&ids).await?;
    let authors: Vec<String> =
        said.values().filter_map(|s| Some(s.author_id.as_ref()?.to_string())).collect();
    let matched = store.matched(&authors).await?;
    let exported = |id: &String| {
        let Said { author_id, mention, quote, collected_at, corrected, replied, .. } = said.remove(id)?;
        Some(ExportedMention {
            id: id.clone(),
            source: quote.source,
            connector: quote.connector,
            collected_at,
            mention,
            analysis: quote.analysis,
            customer: author_id.and_then(|author| matched.get(author.as_str()).cloned()),
            replied,
            corrected,
        })
    };
    Ok(Some(ids.iter().filter_map(exported).collect()))
}

fn cells(row: &ExportedMention) -> [String; 20] {
    let ExportedMention { mention, analysis, .. } = row;
    let list = |names: Vec<&str>| names.join("; ");
    let held = row.customer.as_ref().filter(|c| c.state.holds());
    [
        row.id.clone(),
        day(mention.published_at),
        day(Some(row.collected_at)),
        row.source.clone(),
        row.connector.clone(),
        mention.kind.as_str().to_owned(),
        mention.author.shown().map(one_line).unwrap_or_default(),
        held.map(|c| c.name.clone()).unwrap_or_default(),
        mention.rating.map(|r| number(r.share() * 5.0)).unwrap_or_default(),
        mention.title.as_deref().map(one_line).unwrap_or_default(),
        mention.text.clone(),
        analysis.sentiment.label.as_str().to_owned(),
        number(analysis.sentiment.confidence),
        number(analysis.severity),
        list(analysis.themes.iter().map(|t| t.theme.as_str()).collect()),
        list(analysis.intents.iter().map(|i| i.intent.as_str()).collect()),
        analysis.language.clone().or_else(|| mention.language.clone()).unwrap_or_default(),
        mention.url.clone().unwrap_or_default(),
        yes(row.replied),
        yes(row.corrected),
    ]
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}
