//! Cases as the owner reads them: the queue by urgency, one case with its story. Cards carry the stored weight; the factor
//! of time runs with the clock and is added by whoever shows them. Only the order of the queue takes it in here.

use std::collections::HashMap;

use goodword_shared::{
    Time,
    api::{Page, cases::CaseQuery},
    case::{CaseCard, CaseState, CaseView, Outcome, Quote, TimelineEntry},
    customer::Customer,
    id::CaseId,
    matching::MatchedCustomer,
};
use sqlx::{Row, any::AnyRow};

use super::{
    Result, Store, contact, from_millis,
    said::Said,
    sql::{Sql, anywhere, window},
    to_millis,
};
use crate::fold::fold;

/// The factor of time as `pipeline::priority` gives it, for ordering inside the database: 1 when the mention appears, 2 when
/// the promise runs out, at most 3; 1 for whoever has been answered. `now` is a placeholder, `c` the alias of `cases`.
fn time_factor(now: &str) -> String {
    let spent = format!(
        "CAST({now} - c.waiting_since AS DOUBLE PRECISION) / \
         CAST(CASE WHEN c.due_at > c.waiting_since THEN c.due_at - c.waiting_since ELSE 1 END AS DOUBLE PRECISION)"
    );
    format!(
        "(CASE WHEN c.first_contact_at IS NOT NULL OR {spent} < 0 THEN 1.0 WHEN {spent} > 2 THEN 3.0 ELSE 1.0 + {spent} END)"
    )
}

const COLUMNS: &str = "c.id, c.mention_id, c.author_id, c.customer_id, c.state, c.outcome, c.reasons, c.weight, c.factors, \
     c.waiting_since, c.due_at, c.first_contact_at, c.snoozed_until, c.closed_at, c.assignee";

impl Store {
    /// One page of the queue, most urgent first; closed ones by when they were closed.
    pub async fn case_cards(&self, query: &CaseQuery, now: Time) -> Result<Page<CaseCard>> {
        let (offset, _) = window(query.offset, query.limit);
        let mut count = Sql::new("SELECT COUNT(*) AS n FROM cases c");
        condition(&mut count, query, now);
        let total: i64 = count.one(&self.pool).await?.try_get("n")?;

        let items = self.urgent_cases(query, now).await?;
        Ok(Page { items, total: total.max(0) as u64, offset: offset as u64 })
    }

    /// The page's rows without counting the rest.
    pub async fn urgent_cases(&self, query: &CaseQuery, now: Time) -> Result<Vec<CaseCard>> {
        let (offset, limit) = window(query.offset, query.limit);
        let mut sql = Sql::new("SELECT c.id FROM cases c");
        condition(&mut sql, query, now);
        if query.state.as_deref() == Some("closed") {
            sql.push(" ORDER BY c.closed_at DESC");
        } else {
            let moment = sql.reserve(to_millis(now));
            sql.push(" ORDER BY c.weight * ").push(&time_factor(&moment)).push(" DESC, c.id");
        }
        sql.push(" LIMIT ").bind(limit).push(" OFFSET ").bind(offset);
        let ids = first_column(sql.all(&self.pool).await?)?;
        self.cards_of(&ids).await
    }

    /// The cards of those cases, in that order; priority and factors without time.
    pub async fn cards_of(&self, ids: &[String]) -> Result<Vec<CaseCard>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new("SELECT ");
        sql.push(COLUMNS).push(" FROM cases c WHERE c.id IN ").bind_list(ids);
        let rows = sql.all(&self.pool).await?;
        let mut mentions = Vec::new();
        let mut authors = Vec::new();
        for row in &rows {
            mentions.push(row.try_get::<String, _>("mention_id")?);
            authors.extend(row.try_get::<Option<String>, _>("author_id")?);
        }
        let said = self.said(&mentions).await?;
        let matched = self.matched(&authors).await?;
        let mut cards: HashMap<String, CaseCard> = HashMap::new();
        for row in &rows {
            if let Some(card) = card(row, &said, &matched)? {
                cards.insert(card.id.as_str().to_owned(), card);
            }
        }
        Ok(ids.iter().filter_map(|id| cards.remove(id)).collect())
    }

    /// One case with its story.
    pub async fn case_view(&self, id: &str) -> Result<Option<CaseView>> {
        let Some(card) = self.cards_of(&[id.to_owned()]).await?.pop() else { return Ok(None) };
        let mut sql = Sql::new("SELECT c.author_id, c.customer_id FROM cases c WHERE c.id = ");
        sql.bind(id.to_owned());
        let row = sql.one(&self.pool).await?;
        let author: Option<String> = row.try_get("author_id")?;
        // The case remembers whom it was opened for; a match decided since then counts all the same.
        let held = card.customer.as_ref().filter(|m| m.state.holds()).map(|m| m.id.as_str().to_owned());
        let customer_id: Option<String> = held.or(row.try_get("customer_id")?);
        let customer: Option<Customer> = match &customer_id {
            Some(id) => self.customers_by_id(std::slice::from_ref(id)).await?.remove(id),
            None => None,
        };
        let said = self.ids_said_by(author.as_deref(), customer_id.as_deref(), 50).await?;
        let other_mentions: Vec<Quote> = said
            .into_iter()
            .map(|s| s.quote)
            .filter(|quote| quote.mention_id != card.quote.mention_id)
            .take(20)
            .collect();
        let timeline = self.case_timeline(id, &card).await?;
        let mut writer = card.author.clone();
        if let Some(author) = &author
            && self.refused_contact(author).await?
        {
            writer.email = None;
        }
        let contacts = contact::contact_links(customer.as_ref().map(|c| &c.facts), &writer, &card.quote);
        Ok(Some(CaseView { card, customer, timeline, contacts, other_mentions }))
    }

    /// What one author, or every author held to be one customer, has said; newest first.
    pub async fn ids_said_by(
        &self,
        author: Option<&str>,
        customer: Option<&str>,
        most: i64,
    ) -> Result<Vec<Said>> {
        let mut sql = Sql::new("SELECT m.id FROM mentions m WHERE m.deleted = 0 AND ");
        match (customer, author) {
            (Some(customer), _) => {
                sql.push("m.author_id IN (SELECT a.id FROM authors a WHERE a.customer_id = ")
                    .bind(customer.to_owned());
                if let Some(author) = author {
                    sql.push(" OR a.id = ").bind(author.to_owned());
                }
                sql.push(")");
            }
            (None, Some(author)) => {
                sql.push("m.author_id = ").bind(author.to_owned());
            }
            (None, None) => return Ok(Vec::new()),
        }
        sql.push(" ORDER BY m.at DESC, m.id LIMIT ").bind(most);
        let ids = first_column(sql.all(&self.pool).await?)?;
        let mut said = self.said(&ids).await?;
        Ok(ids.iter().filter_map(|id| said.remove(id)).collect())
    }

    async fn case_timeline(&self, id: &str, card: &CaseCard) -> Result<Vec<TimelineEntry>> {
        let mut sql = Sql::new(
            "SELECT e.at, e.what, e.text, e.by_whom, e.mention_id FROM case_events e WHERE e.case_id = ",
        );
        sql.bind(id.to_owned()).push(" ORDER BY e.at, e.id");
        let rows = sql.all(&self.pool).await?;
        let mut mentions = Vec::new();
        for row in &rows {
            mentions.extend(row.try_get::<Option<String>, _>("mention_id")?);
        }
        let said = self.said(&mentions).await?;
        let mut timeline = Vec::with_capacity(rows.len() + 1);
        for row in &rows {
            let what: String = row.try_get("what")?;
            let mention: Option<String> = row.try_get("mention_id")?;
            let quote = (what == "mention").then_some(()).and(mention).and_then(|m| said.get(&m));
            let at = from_millis(row.try_get("at")?);
            timeline.push(TimelineEntry {
                // A mention stands where it was said, not where we saw that it belongs here.
                at: quote.map_or(at, |s| s.quote.at),
                what,
                text: row.try_get("text")?,
                by: row.try_get("by_whom")?,
                quote: quote.map(|s| s.quote.clone()),
                note_id: None,
                order: None,
            });
        }
        let told = |entry: &TimelineEntry| {
            entry.quote.as_ref().is_some_and(|q| q.mention_id == card.quote.mention_id)
        };
        if !timeline.iter().any(told) {
            timeline.push(TimelineEntry {
                at: card.quote.at,
                what: "mention".into(),
                text: format!("Said on {}", card.quote.source),
                by: None,
                quote: Some(card.quote.clone()),
                note_id: None,
                order: None,
            });
        }
        if let Some(reply) = self.reply_to(card).await? {
            timeline.push(reply);
        }
        timeline.sort_by_key(|entry| entry.at);
        Ok(timeline)
    }

    /// The owner's public answer, as the platform shows it.
    async fn reply_to(&self, card: &CaseCard) -> Result<Option<TimelineEntry>> {
        let id = card.quote.mention_id.as_str().to_owned();
        let reply = self.said(std::slice::from_ref(&id)).await?.remove(&id).and_then(|s| s.mention.reply);
        Ok(reply.map(|reply| TimelineEntry {
            at: reply.published_at.unwrap_or(card.quote.at),
            what: "reply".into(),
            text: reply.text,
            by: reply.author,
            quote: None,
            note_id: None,
            order: None,
        }))
    }
}

/// The `WHERE` of a list of cases.
fn condition(sql: &mut Sql, query: &CaseQuery, now: Time) {
    let words = query.q.as_deref().map(fold).filter(|q| !q.is_empty());
    if words.is_some() {
        sql.push(" JOIN mentions m ON m.id = c.mention_id LEFT JOIN customers cu ON cu.id = c.customer_id");
    }
    match query.state.as_deref().unwrap_or("waiting") {
        "all" => sql.push(" WHERE 1 = 1"),
        "closed" => sql.push(" WHERE c.closed_at IS NOT NULL AND c.state = 'closed'"),
        state if CaseState::parse(state).is_some() => {
            sql.push(" WHERE c.state <> 'closed' AND c.state = ").bind(state.to_owned())
        }
        _ => sql
            .push(" WHERE c.state <> 'closed' AND (c.snoozed_until IS NULL OR c.snoozed_until <= ")
            .bind(to_millis(now))
            .push(")"),
    };
    if let Some(words) = words {
        let pattern = sql.reserve(anywhere(&words));
        sql.push(&format!(
            " AND (m.search LIKE {pattern} ESCAPE '\\' OR cu.search LIKE {pattern} ESCAPE '\\')"
        ));
    }
}

fn card(
    row: &AnyRow,
    said: &HashMap<String, Said>,
    matched: &HashMap<String, MatchedCustomer>,
) -> Result<Option<CaseCard>> {
    let Some(said) = said.get(&row.try_get::<String, _>("mention_id")?) else { return Ok(None) };
    let author: Option<String> = row.try_get("author_id")?;
    let state = CaseState::parse(row.try_get("state")?).unwrap_or_default();
    let waiting_since = from_millis(row.try_get("waiting_since")?);
    let due_at = from_millis(row.try_get("due_at")?);
    let moment = |column| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(from_millis));
    Ok(Some(CaseCard {
        id: CaseId::new(row.try_get::<String, _>("id")?),
        state,
        outcome: row.try_get::<Option<String>, _>("outcome")?.as_deref().and_then(Outcome::parse),
        author: said.mention.author.clone(),
        customer: author.and_then(|a| matched.get(&a).cloned()),
        quote: said.quote.clone(),
        reasons: serde_json::from_str(row.try_get("reasons")?)?,
        priority: row.try_get("weight")?,
        factors: serde_json::from_str(row.try_get("factors")?)?,
        waiting_since,
        due_at,
        first_contact_at: moment("first_contact_at")?,
        snoozed_until: moment("snoozed_until")?,
        closed_at: moment("closed_at")?,
        assignee: row.try_get("assignee")?,
    }))
}

/// The ids that a list found.
pub(super) fn first_column(rows: Vec<AnyRow>) -> Result<Vec<String>> {
    rows.iter().map(|row| Ok(row.try_get::<String, _>(0)?)).collect()
}
