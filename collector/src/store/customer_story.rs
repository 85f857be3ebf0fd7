//! A customer's story, entry by entry: what they said and bought, what was done for them, what was done with their record.

use goodword_shared::{
    Time,
    api::records::Step,
    case::{Quote, TimelineEntry},
    customer::OrderLine,
    matching::{MatchState, MatchView},
};
use sqlx::Row;

use super::{Result, Store, from_millis, sql::Sql};

impl Store {
    /// Mentions, cases, asks and notes, in no order.
    pub(super) async fn customer_timeline(
        &self,
        id: &str,
        cases: &[String],
        mentions: &[Quote],
    ) -> Result<Vec<TimelineEntry>> {
        let said = |quote: &Quote| {
            entry(quote.at, "mention", format!("Said on {}", quote.source), None, Some(quote.clone()))
        };
        let mut story: Vec<TimelineEntry> = mentions.iter().map(said).collect();
        if !cases.is_empty() {
            let mut sql = Sql::new(
                "SELECT e.at, e.what, e.text, e.by_whom FROM case_events e WHERE e.what <> 'mention' AND e.case_id IN ",
            );
            sql.bind_list(cases).push(" ORDER BY e.at DESC LIMIT 200");
            for row in sql.all(&self.pool).await? {
                let (at, what): (i64, String) = (row.try_get("at")?, row.try_get("what")?);
                story.push(entry(
                    from_millis(at),
                    &what,
                    row.try_get("text")?,
                    row.try_get("by_whom")?,
                    None,
                ));
            }
        }
        let mut sql = Sql::new(
            "SELECT k.at, k.kind, k.text, k.by_whom FROM asks k LEFT JOIN authors a ON a.id = k.author_id \
             WHERE k.customer_id = ",
        );
        sql.bind(id.to_owned()).push(" OR a.customer_id = ").bind(id.to_owned());
        for row in sql.all(&self.pool).await? {
            let (kind, text): (String, String) = (row.try_get("kind")?, row.try_get("text")?);
            let text = if text.is_empty() {
                format!("Asked for a {kind}")
            } else {
                format!("Asked for a {kind}: {text}")
            };
            story.push(entry(from_millis(row.try_get("at")?), "ask", text, row.try_get("by_whom")?, None));
        }
        for note in self.notes_of(id).await? {
            let by = Some(note.by);
            story.push(TimelineEntry {
                note_id: Some(note.id),
                ..entry(note.at, "note", note.text, by, None)
            });
        }
        Ok(story)
    }
}

/// What they bought; orders without a date have no place in a story.
pub(super) fn add_orders(story: &mut Vec<TimelineEntry>, orders: &[OrderLine], currency: &str) {
    for order in orders {
        let Some(at) = order.date else { continue };
        let parts = [
            order.product.clone(),
            order.amount.map(|amount| money(amount, order.currency.as_deref().unwrap_or(currency))),
            order.branch.clone(),
            order.staff.clone().map(|staff| format!("served by {staff}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let text = if parts.is_empty() {
            format!("Order {}", order.id)
        } else {
            format!("Order {}: {}", order.id, parts.join(", "))
        };
        story.push(TimelineEntry { order: Some(order.clone()), ..entry(at, "order", text, None, None) });
    }
}

/// An amount to the cent, where its currency has any: €42.50, CHF 42.50, ¥4200.
fn money(amount: f64, currency: &str) -> String {
    let currency = currency.trim();
    let whole = matches!(currency, "¥" | "₩" | "₫" | "KRW" | "VND" | "CLP" | "ISK") && amount.fract() == 0.0;
    let decimals = if whole { 0 } else { 2 };
    let sign = if amount < 0.0 { "−" } else { "" };
    let gap = if currency.chars().count() > 1 { "\u{a0}" } else { "" };
    format!("{sign}{currency}{gap}{:.decimals$}", amount.abs())
}

/// Accounts that the owner has said are theirs. What the engine recognised by itself is no event in their story.
pub(super) fn add_matches(story: &mut Vec<TimelineEntry>, matches: &[MatchView]) {
    for found in matches.iter().filter(|found| found.state == MatchState::Confirmed) {
        let who = found.author.shown().unwrap_or("an author without a name");
        story.push(entry(found.decided_at, "match", format!("{who} was confirmed to be them"), None, None));
    }
}

/// What was done with the record and not taken back. A link is told by its match already.
pub(super) fn add_steps(story: &mut Vec<TimelineEntry>, steps: &[Step]) {
    let told = |step: &&Step| !step.undone && step.kind != goodword_shared::api::records::StepKind::Link;
    for step in steps.iter().filter(told) {
        story.push(entry(step.at, "record", step.text.clone(), Some(step.by.clone()), None));
    }
}

fn entry(at: Time, what: &str, text: String, by: Option<String>, quote: Option<Quote>) -> TimelineEntry {
    TimelineEntry { at, what: what.to_owned(), text, by, quote, note_id: None, order: None }
}
