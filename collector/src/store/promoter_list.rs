//! Whom to ask: the ranked promoters as the owner reads them. Who may not be asked is left out here, at reading, so that a
//! case opened or an ask made a moment ago counts at once: open cases, do-not-contact, refused consent, asked lately, expired.

use std::collections::HashMap;

use goodword_shared::{
    Time,
    api::{Page, promoters::PromoterQuery},
    promoter::PromoterCard,
};
use sqlx::Row;

use super::{
    Result, Store,
    case_list::first_column,
    from_millis,
    sql::{Sql, anywhere, window},
    to_millis,
};
use crate::fold::fold;

const DAY: i64 = 86_400_000;

/// Whom an ask is recorded for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Askable {
    /// The author's row.
    pub author_id: String,
    /// The customer's, where matched.
    pub customer_id: Option<String>,
}

impl Store {
    /// One page of the list, best first.
    pub async fn promoter_cards(
        &self,
        query: &PromoterQuery,
        ask_again_days: u32,
        now: Time,
    ) -> Result<Page<PromoterCard>> {
        let (offset, _) = window(query.offset, query.limit);
        let count = counted(query, ask_again_days, now);
        let total: i64 = count.one(&self.pool).await?.try_get("n")?;
        let items = self.best_promoters(query, ask_again_days, now).await?;
        Ok(Page { items, total: total.max(0) as u64, offset: offset as u64 })
    }

    /// The page's rows without counting the rest.
    pub async fn best_promoters(
        &self,
        query: &PromoterQuery,
        ask_again_days: u32,
        now: Time,
    ) -> Result<Vec<PromoterCard>> {
        let (offset, limit) = window(query.offset, query.limit);
        let mut sql = Sql::new("SELECT p.key FROM promoters p");
        condition(&mut sql, query, ask_again_days, now);
        sql.push(" ORDER BY p.score DESC, p.key DESC LIMIT ").bind(limit).push(" OFFSET ").bind(offset);
        let keys = first_column(sql.all(&self.pool).await?)?;
        self.promoters_by_key(&keys).await
    }

    /// The promoter of that key, if they may be asked now.
    pub async fn askable(&self, key: &str, ask_again_days: u32, now: Time) -> Result<Option<Askable>> {
        let mut sql = Sql::new("SELECT p.author_id, p.customer_id FROM promoters p");
        condition(&mut sql, &PromoterQuery::default(), ask_again_days, now);
        sql.push(" AND p.key = ").bind(key.to_owned());
        let row = sql.optional(&self.pool).await?;
        row.map(|row| {
            Ok(Askable { author_id: row.try_get("author_id")?, customer_id: row.try_get("customer_id")? })
        })
        .transpose()
    }

    /// The cards of those keys, in that order.
    async fn promoters_by_key(&self, keys: &[String]) -> Result<Vec<PromoterCard>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new(
            "SELECT p.key, p.author_id, p.customer_id, p.mention_id, p.score, p.reasons, p.kind_mentions \
             FROM promoters p WHERE p.key IN ",
        );
        sql.bind_list(keys);
        let rows = sql.all(&self.pool).await?;
        let (mut mentions, mut authors, mut customers) = (Vec::new(), Vec::new(), Vec::new());
        for row in &rows {
            mentions.push(row.try_get::<String, _>("mention_id")?);
            authors.push(row.try_get::<String, _>("author_id")?);
            customers.extend(row.try_get::<Option<String>, _>("customer_id")?);
        }
        let said = self.said(&mentions).await?;
        let matched = self.matched(&authors).await?;
        let records = self.customers_by_id(&customers).await?;
        let asked = self.last_asked(&authors, &customers).await?;
        let mut cards = HashMap::new();
        for row in &rows {
            let Some(said) = said.get(&row.try_get::<String, _>("mention_id")?) else { continue };
            let author: String = row.try_get("author_id")?;
            let customer: Option<String> = row.try_get("customer_id")?;
            let last_asked =
                [Some(&author), customer.as_ref()].into_iter().flatten().filter_map(|id| asked.get(id)).max();
            let card = PromoterCard {
                key: row.try_get("key")?,
                author: said.mention.author.clone(),
                matched: matched.get(&author).cloned(),
                customer: customer.and_then(|id| records.get(&id).cloned()),
                quote: said.quote.clone(),
                reasons: serde_json::from_str(row.try_get("reasons")?)?,
                score: row.try_get("score")?,
                kind_mentions: row.try_get::<i32, _>("kind_mentions")?.max(0) as u32,
                last_asked: last_asked.copied(),
            };
            cards.insert(card.key.clone(), card);
        }
        Ok(keys.iter().filter_map(|key| cards.remove(key)).collect())
    }

    /// When those authors and customers were last asked, by either's id.
    async fn last_asked(&self, authors: &[String], customers: &[String]) -> Result<HashMap<String, Time>> {
        let mut found = HashMap::new();
        for (column, ids) in [("author_id", authors), ("customer_id", customers)] {
            if ids.is_empty() {
                continue;
            }
            let mut sql =
                Sql::new(&format!("SELECT {column} AS id, MAX(at) AS at FROM asks WHERE {column} IN "));
            sql.bind_list(ids).push(&format!(" GROUP BY {column}"));
            for row in sql.all(&self.pool).await? {
                found.insert(row.try_get("id")?, from_millis(row.try_get("at")?));
            }
        }
        Ok(found)
    }
}

/// How many the list has. Most may be asked: those who may not are looked up from what speaks against it and taken off. SQLite goes
/// through the tables of a cross join in the order in which they stand.
fn counted(query: &PromoterQuery, ask_again_days: u32, now: Time) -> Sql {
    let mut sql = Sql::new("");
    if query.q.as_deref().map(fold).is_some_and(|q| !q.is_empty()) {
        sql.push("SELECT COUNT(*) AS n FROM promoters p");
        condition(&mut sql, query, ask_again_days, now);
        return sql;
    }
    let (now, since) =
        (sql.reserve(to_millis(now)), sql.reserve(to_millis(now) - i64::from(ask_again_days) * DAY));
    let customers = if query.customers_only == Some(true) { " AND p.customer_id IS NOT NULL" } else { "" };
    sql.push(&format!(
        "SELECT (SELECT COUNT(*) FROM promoters p WHERE p.expires_at > {now}{customers}) - \
         (SELECT COUNT(*) FROM promoters p WHERE p.expires_at > {now}{customers} AND p.key IN (\
         SELECT b.key FROM cases x CROSS JOIN promoters b \
         WHERE x.state <> 'closed' AND x.author_id IS NOT NULL AND b.author_id = x.author_id \
         UNION SELECT b.key FROM cases x CROSS JOIN promoters b \
         WHERE x.state <> 'closed' AND x.customer_id IS NOT NULL AND b.customer_id = x.customer_id \
         UNION SELECT b.key FROM cases x CROSS JOIN authors a CROSS JOIN promoters b \
         WHERE x.state <> 'closed' AND x.author_id IS NOT NULL AND a.id = x.author_id AND b.customer_id = a.customer_id \
         UNION SELECT b.key FROM asks k CROSS JOIN promoters b WHERE k.at > {since} AND b.author_id = k.author_id \
         UNION SELECT b.key FROM asks k CROSS JOIN promoters b WHERE k.at > {since} AND b.customer_id = k.customer_id \
         UNION SELECT b.key FROM customers cu CROSS JOIN promoters b \
         WHERE b.customer_id = cu.id AND (cu.do_not_contact <> 0 OR cu.contact_consent = 0))) AS n"
    ));
    sql
}

/// The `WHERE` of the list.
fn condition(sql: &mut Sql, query: &PromoterQuery, ask_again_days: u32, now: Time) {
    sql.push(" LEFT JOIN customers cu ON cu.id = p.customer_id");
    let words = query.q.as_deref().map(fold).filter(|q| !q.is_empty());
    if words.is_some() {
        sql.push(" JOIN mentions m ON m.id = p.mention_id");
    }
    sql.push(" WHERE p.expires_at > ").bind(to_millis(now));
    sql.push(
        " AND (cu.id IS NULL OR (cu.do_not_contact = 0 AND COALESCE(cu.contact_consent, 1) <> 0)) \
         AND NOT EXISTS (SELECT 1 FROM cases x WHERE x.author_id = p.author_id AND x.state <> 'closed') \
         AND NOT EXISTS (SELECT 1 FROM cases x WHERE x.customer_id = p.customer_id AND x.state <> 'closed') \
         AND NOT EXISTS (SELECT 1 FROM authors a JOIN cases x ON x.author_id = a.id AND x.state <> 'closed' \
             WHERE a.customer_id = p.customer_id)",
    );
    let since = sql.reserve(to_millis(now) - i64::from(ask_again_days) * DAY);
    sql.push(&format!(
        " AND NOT EXISTS (SELECT 1 FROM asks k WHERE k.author_id = p.author_id AND k.at > {since}) \
         AND NOT EXISTS (SELECT 1 FROM asks k WHERE k.customer_id = p.customer_id AND k.at > {since})"
    ));
    if query.customers_only == Some(true) {
        sql.push(" AND p.customer_id IS NOT NULL");
    }
    if let Some(words) = words {
        let pattern = sql.reserve(anywhere(&words));
        sql.push(&format!(
            " AND (m.search LIKE {pattern} ESCAPE '\\' OR cu.search LIKE {pattern} ESCAPE '\\')"
        ));
    }
}
