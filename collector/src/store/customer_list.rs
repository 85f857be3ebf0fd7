//! Customers as the owner searches them, and one customer as a page.

use std::collections::HashSet;

use goodword_shared::{
    Time,
    api::{
        Page,
        customers::{CustomerQuery, CustomerView},
    },
    case::{Quote, TimelineEntry},
    customer::CustomerRow,
};
use sqlx::Row;

use super::{
    Result, Store,
    case_list::first_column,
    contact, from_millis,
    sql::{Sql, anywhere, window},
};
use crate::fold::fold;

impl Store {
    /// One page of customers, by name.
    pub async fn customer_rows(&self, query: &CustomerQuery) -> Result<Page<CustomerRow>> {
        let (offset, limit) = window(query.offset, query.limit);
        let mut count = Sql::new("SELECT COUNT(*) AS n FROM customers cu");
        condition(&mut count, query);
        let total: i64 = count.one(&self.pool).await?.try_get("n")?;
        let mut sql = Sql::new("SELECT cu.id FROM customers cu");
        condition(&mut sql, query);
        sql.push(" ORDER BY cu.name, cu.id LIMIT ").bind(limit).push(" OFFSET ").bind(offset);
        let ids = first_column(sql.all(&self.pool).await?)?;
        let mut records = self.customers_by_id(&ids).await?;
        let spoken = self.spoken(&ids).await?;
        let open = self.with_open_case(&ids).await?;
        let items = ids.iter().filter_map(|id| {
            let spoke = spoken.get(id);
            Some(CustomerRow {
                customer: records.remove(id)?,
                mentions: spoke.map_or(0, |s| s.0),
                last_label: spoke.map(|s| s.1),
                last_spoke: spoke.map(|s| s.2),
                open_case: open.contains(id),
            })
        });
        Ok(Page { items: items.collect(), total: total.max(0) as u64, offset: offset as u64 })
    }

    /// Which of those customers have an open case, by the case's own word or by its author's match.
    async fn with_open_case(&self, customers: &[String]) -> Result<HashSet<String>> {
        let mut found = HashSet::new();
        if customers.is_empty() {
            return Ok(found);
        }
        for text in [
            "SELECT c.customer_id FROM cases c WHERE c.state <> 'closed' AND c.customer_id IN ",
            "SELECT a.customer_id FROM authors a JOIN cases c ON c.author_id = a.id AND c.state <> 'closed' \
             WHERE a.customer_id IN ",
        ] {
            let mut sql = Sql::new(text);
            sql.bind_list(customers);
            found.extend(first_column(sql.all(&self.pool).await?)?);
        }
        Ok(found)
    }

    /// One customer with everything they said.
    pub async fn customer_view(&self, id: &str) -> Result<Option<CustomerView>> {
        let key = id.to_owned();
        let Some(customer) = self.customers_by_id(std::slice::from_ref(&key)).await?.remove(&key) else {
            return Ok(None);
        };
        let said = self.ids_said_by(None, Some(id), 200).await?;
        let author = said.first().map(|s| s.mention.author.clone()).unwrap_or_default();
        let mut sql = Sql::new(
            "SELECT c.id FROM cases c WHERE c.id IN (SELECT x.id FROM cases x WHERE x.customer_id = ",
        );
        sql.bind(key.clone())
            .push(
                " UNION SELECT x.id FROM authors a JOIN cases x ON x.author_id = a.id WHERE a.customer_id = ",
            )
            .bind(key.clone())
            .push(") ORDER BY c.opened_at DESC LIMIT 50");
        let case_ids = first_column(sql.all(&self.pool).await?)?;
        let cases = self.cards_of(&case_ids).await?;
        let mentions: Vec<Quote> = said.into_iter().map(|s| s.quote).collect();
        let timeline = self.customer_timeline(id, &case_ids, &mentions).await?;
        Ok(Some(CustomerView {
            contacts: contact::reach_customer(Some(&customer.facts), &author),
            matches: self.matches_of(None, Some(id)).await?,
            customer,
            mentions,
            cases,
            timeline,
        }))
    }

    async fn customer_timeline(
        &self,
        id: &str,
        cases: &[String],
        mentions: &[Quote],
    ) -> Result<Vec<TimelineEntry>> {
        let mut story: Vec<TimelineEntry> = mentions
            .iter()
            .map(|quote| {
                entry(quote.at, "mention", format!("Said on {}", quote.source), None, Some(quote.clone()))
            })
            .collect();
        if !cases.is_empty() {
            let mut sql = Sql::new(
                "SELECT e.at, e.what, e.text, e.by_whom FROM case_events e WHERE e.what <> 'mention' AND e.case_id IN ",
            );
            sql.bind_list(cases).push(" ORDER BY e.at DESC LIMIT 200");
            for row in sql.all(&self.pool).await? {
                let what: String = row.try_get("what")?;
                story.push(entry(
                    from_millis(row.try_get("at")?),
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
        story.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        Ok(story)
    }
}

fn entry(at: Time, what: &str, text: String, by: Option<String>, quote: Option<Quote>) -> TimelineEntry {
    TimelineEntry { at, what: what.to_owned(), text, by, quote }
}

fn condition(sql: &mut Sql, query: &CustomerQuery) {
    sql.push(" WHERE 1 = 1");
    // Every word somewhere in the record, in any order.
    for word in query.q.as_deref().map(fold).unwrap_or_default().split_whitespace() {
        sql.push(" AND cu.search LIKE ").bind(anywhere(word)).push(" ESCAPE '\\'");
    }
    if query.spoke == Some(true) {
        sql.push(" AND EXISTS (SELECT 1 FROM authors a WHERE a.customer_id = cu.id)");
    }
}
