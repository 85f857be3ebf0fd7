//! Customers as the owner searches them, and one customer as a page.

use std::collections::HashSet;

use goodword_shared::{
    api::{
        Page,
        customers::{CustomerQuery, CustomerView},
    },
    case::Quote,
    customer::CustomerRow,
};
use sqlx::Row;

use super::{
    Result, Store,
    case_list::first_column,
    contact, customer_story,
    sql::{Sql, anywhere, window},
};
use crate::fold::fold;

/// Newest orders of a customer that are shown.
const ORDERS: u32 = 50;

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

    /// One customer with everything they said; of a record that was joined with another, that one. Occasions are left to
    /// whoever knows what day it is.
    pub async fn customer_view(&self, id: &str) -> Result<Option<CustomerView>> {
        let Some(key) = self.record_of(id).await? else { return Ok(None) };
        let id = key.as_str();
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
        let orders =
            self.orders_of(std::slice::from_ref(&key), ORDERS).await?.remove(&key).unwrap_or_default();
        let matches = self.matches_of(None, Some(id)).await?;
        let kin = self.kin_of(id).await?;
        let steps = self.steps_of(id).await?;
        let mut timeline = self.customer_timeline(id, &case_ids, &mentions).await?;
        let currency = self.settings().await?.currency;
        customer_story::add_orders(&mut timeline, &orders, &currency);
        customer_story::add_matches(&mut timeline, &matches);
        customer_story::add_steps(&mut timeline, &steps);
        timeline.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        Ok(Some(CustomerView {
            contacts: contact::reach_customer(Some(&customer.facts), &author),
            matches,
            kin,
            orders,
            occasions: Vec::new(),
            steps,
            customer,
            mentions,
            cases,
            timeline,
        }))
    }
}

fn condition(sql: &mut Sql, query: &CustomerQuery) {
    sql.push(" WHERE cu.merged_into IS NULL");
    // Every word somewhere in the record, in any order.
    for word in query.q.as_deref().map(fold).unwrap_or_default().split_whitespace() {
        sql.push(" AND cu.search LIKE ").bind(anywhere(word)).push(" ESCAPE '\\'");
    }
    if query.spoke == Some(true) {
        sql.push(" AND EXISTS (SELECT 1 FROM authors a WHERE a.customer_id = cu.id)");
    }
}
