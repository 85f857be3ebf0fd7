//! Authors of whom it is not settled who they are: the doubtful ones with their candidates, and the unmatched ones who are worth
//! a look. It puts together what is stored; who may be whom is decided elsewhere.

use std::collections::HashMap;

use goodword_shared::{
    Author, Time,
    api::{
        Page,
        doubts::{Agreement, Doubt, DoubtCandidate, Stranger, Window},
    },
    case::Quote,
    customer::OrderLine,
    id::{AuthorId, MatchId},
};
use sqlx::Row;

use super::{
    Result, Store,
    bulk::fetch_in,
    case_list::first_column,
    from_millis,
    known::author,
    sql::{Sql, window},
    to_millis,
};

/// Newest words shown of an author.
const QUOTES: u32 = 3;
/// Newest orders of a candidate that are looked at.
const ORDERS: u32 = 20;
/// An author nobody knows is worth a look from so many mentions, or so many followers, on.
const MANY_MENTIONS: i64 = 2;
const MANY_FOLLOWERS: i64 = 500;
/// One mention weighs as much as so many followers in the order of those worth a look.
const FOLLOWERS_PER_MENTION: i64 = 400;

const WAITING: &str = " FROM matches x JOIN authors a ON a.id = x.author_id WHERE x.state = 'doubtful' AND a.customer_id IS NULL";

/// Columns of an author; the table's alias is `a`.
const AUTHOR: &str = "a.platform, a.name, a.handle, a.platform_id, a.url, a.followers, a.location, a.email";

impl Store {
    /// Doubtful authors: those first who wait for an answer, then those whose best candidate is surest. The agreements are left to whoever compares; platforms
    /// are connectors' slugs.
    pub async fn doubts(&self, at: &Window) -> Result<Page<Doubt>> {
        let (offset, limit) = window(at.offset, at.limit);
        let mut count = Sql::new("SELECT COUNT(DISTINCT x.author_id) AS n");
        count.push(WAITING);
        let total: i64 = count.one(&self.pool).await?.try_get("n")?;
        let mut sql = Sql::new("SELECT x.author_id, MAX(x.probability) AS surest, ");
        sql.push("MAX(CASE WHEN EXISTS (SELECT 1 FROM cases c WHERE c.author_id = x.author_id AND c.state <> 'closed') THEN 1 ELSE 0 END) AS waits");
        sql.push(WAITING)
            .push(" GROUP BY x.author_id ORDER BY waits DESC, surest DESC, x.author_id LIMIT ")
            .bind(limit);
        sql.push(" OFFSET ").bind(offset);
        let ids = first_column(sql.all(&self.pool).await?)?;
        let mut authors = self.authors_by_id(&ids).await?;
        let mut quotes = self.newest_words(&ids, QUOTES).await?;
        let counts = self.mention_counts(&ids).await?;
        let mut candidates = self.doubtful_candidates(&ids).await?;
        let items = ids.into_iter().filter_map(|id| {
            let (platform, author) = authors.remove(&id)?;
            Some(Doubt {
                author,
                platform,
                mentions: counts.get(&id).copied().unwrap_or(0),
                quotes: quotes.remove(&id).unwrap_or_default(),
                candidates: candidates.remove(&id)?,
                author_id: AuthorId::new(id),
            })
        });
        Ok(Page { items: items.collect(), total: total.max(0) as u64, offset: offset as u64 })
    }

    /// Authors who are nobody's customer, whom the owner has not left aside, and whom many hear or who speak often.
    pub async fn strangers(&self, at: &Window) -> Result<Page<Stranger>> {
        let (offset, limit) = window(at.offset, at.limit);
        let worth = format!(
            " FROM authors a JOIN mentions m ON m.author_id = a.id WHERE a.customer_id IS NULL AND a.ignored_at IS NULL \
             AND (a.name IS NOT NULL OR a.handle IS NOT NULL) AND NOT EXISTS \
             (SELECT 1 FROM matches x WHERE x.author_id = a.id AND x.state = 'doubtful') \
             GROUP BY a.id, a.followers HAVING COUNT(*) >= {MANY_MENTIONS} OR COALESCE(a.followers, 0) >= {MANY_FOLLOWERS}"
        );
        let mut count = Sql::new("SELECT COUNT(*) AS n FROM (SELECT a.id");
        count.push(&worth).push(") AS worth");
        let total: i64 = count.one(&self.pool).await?.try_get("n")?;
        let mut sql = Sql::new("SELECT a.id, COUNT(*) AS spoke, MAX(m.at) AS last");
        sql.push(&worth).push(&format!(
            " ORDER BY COUNT(*) * {FOLLOWERS_PER_MENTION} + COALESCE(a.followers, 0) DESC, a.id LIMIT "
        ));
        sql.bind(limit).push(" OFFSET ").bind(offset);
        let rows = sql.all(&self.pool).await?;
        let mut found: Vec<(String, i64, i64)> = Vec::with_capacity(rows.len());
        for row in &rows {
            found.push((row.try_get("id")?, row.try_get("spoke")?, row.try_get("last")?));
        }
        let ids: Vec<String> = found.iter().map(|(id, ..)| id.clone()).collect();
        let mut authors = self.authors_by_id(&ids).await?;
        let mut quotes = self.newest_words(&ids, 1).await?;
        let items = found.into_iter().filter_map(|(id, spoke, last)| {
            let (platform, author) = authors.remove(&id)?;
            Some(Stranger {
                author,
                platform,
                mentions: spoke.max(0) as u64,
                last_spoke: from_millis(last),
                quote: quotes.remove(&id).and_then(|quotes| quotes.into_iter().next()),
                author_id: AuthorId::new(id),
            })
        });
        Ok(Page { items: items.collect(), total: total.max(0) as u64, offset: offset as u64 })
    }

    /// Leaves an author aside among those worth a look, or shows them again. False where there is no such author.
    pub async fn ignore_author(&self, id: &str, ignored: bool, now: Time) -> Result<bool> {
        let mut writing = self.write().await?;
        let done = sqlx::query("UPDATE authors SET ignored_at = $1 WHERE id = $2")
            .bind(ignored.then(|| to_millis(now)))
            .bind(id)
            .persistent(self.dialect.keep_prepared())
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// The newest orders of each of those customers.
    pub(super) async fn orders_of(
        &self,
        customers: &[String],
        most: u32,
    ) -> Result<HashMap<String, Vec<OrderLine>>> {
        let mut found: HashMap<String, Vec<OrderLine>> = HashMap::new();
        let ids: Vec<&str> = customers.iter().map(String::as_str).collect();
        let mut connection = self.pool.acquire().await?;
        let head = "SELECT id, customer_id, date, product, amount, currency, branch, staff FROM (SELECT id, customer_id, date, \
             product, amount, currency, branch, staff, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY COALESCE(date, 0) DESC, id) AS place \
             FROM orders WHERE customer_id IN";
        let tail = format!(") AS newest WHERE place <= {most} ORDER BY customer_id, place");
        for row in fetch_in(&mut connection, head, &tail, &[], &ids).await? {
            found.entry(row.try_get("customer_id")?).or_default().push(OrderLine {
                id: row.try_get("id")?,
                date: row.try_get::<Option<i64>, _>("date")?.map(from_millis),
                product: row.try_get("product")?,
                amount: row.try_get("amount")?,
                currency: row.try_get("currency")?,
                branch: row.try_get("branch")?,
                staff: row.try_get("staff")?,
            });
        }
        Ok(found)
    }

    async fn doubtful_candidates(&self, authors: &[String]) -> Result<HashMap<String, Vec<DoubtCandidate>>> {
        let mut sql = Sql::new(
            "SELECT x.id, x.author_id, x.customer_id, x.probability, x.evidence FROM matches x \
             WHERE x.state = 'doubtful' AND x.author_id IN ",
        );
        sql.bind_list(authors).push(" ORDER BY x.probability DESC, x.id");
        let rows = sql.all(&self.pool).await?;
        let mut customers = Vec::with_capacity(rows.len());
        for row in &rows {
            customers.push(row.try_get::<String, _>("customer_id")?);
        }
        let records = self.customers_by_id(&customers).await?;
        let orders = self.orders_of(&customers, ORDERS).await?;
        let accounts = self.accounts_of(&customers).await?;
        let mut found: HashMap<String, Vec<DoubtCandidate>> = HashMap::new();
        for (row, customer) in rows.iter().zip(&customers) {
            let Some(record) = records.get(customer) else { continue };
            found.entry(row.try_get("author_id")?).or_default().push(DoubtCandidate {
                match_id: MatchId::new(row.try_get::<String, _>("id")?),
                customer: record.clone(),
                probability: row.try_get("probability")?,
                evidence: serde_json::from_str(row.try_get("evidence")?)?,
                orders: orders.get(customer).cloned().unwrap_or_default(),
                accounts: accounts.get(customer).cloned().unwrap_or_default(),
                agreement: Agreement::default(),
            });
        }
        Ok(found)
    }

    /// Under what names those customers write, with the connector's slug: `@mgonzalez mastodon`.
    async fn accounts_of(&self, customers: &[String]) -> Result<HashMap<String, Vec<String>>> {
        let mut sql = Sql::new(
            "SELECT a.customer_id, a.platform, a.name, a.handle FROM authors a WHERE a.customer_id IN ",
        );
        sql.bind_list(customers).push(" ORDER BY a.id LIMIT 200");
        let mut found: HashMap<String, Vec<String>> = HashMap::new();
        for row in sql.all(&self.pool).await? {
            let (name, handle): (Option<String>, Option<String>) =
                (row.try_get("name")?, row.try_get("handle")?);
            if let Some(shown) = name.or(handle) {
                let accounts = found.entry(row.try_get("customer_id")?).or_default();
                accounts.push(format!("{shown} {}", row.try_get::<String, _>("platform")?));
            }
        }
        Ok(found)
    }

    async fn authors_by_id(&self, ids: &[String]) -> Result<HashMap<String, (String, Author)>> {
        let mut sql = Sql::new("SELECT a.id, ");
        sql.push(AUTHOR).push(" FROM authors a WHERE a.id IN ").bind_list(ids);
        let rows = sql.all(&self.pool).await?;
        rows.iter().map(|row| Ok((row.try_get("id")?, (row.try_get("platform")?, author(row)?)))).collect()
    }

    /// The newest words of each of those authors.
    pub(super) async fn newest_words(
        &self,
        authors: &[String],
        most: u32,
    ) -> Result<HashMap<String, Vec<Quote>>> {
        let mut connection = self.pool.acquire().await?;
        let ids: Vec<&str> = authors.iter().map(String::as_str).collect();
        let head = "SELECT author_id, id FROM (SELECT author_id, id, at, \
             ROW_NUMBER() OVER (PARTITION BY author_id ORDER BY at DESC, id) AS place FROM mentions \
             WHERE deleted = 0 AND author_id IN";
        let tail = format!(") AS newest WHERE place <= {most} ORDER BY author_id, place");
        let mut pairs: Vec<(String, String)> = Vec::new();
        for row in fetch_in(&mut connection, head, &tail, &[], &ids).await? {
            pairs.push((row.try_get("author_id")?, row.try_get("id")?));
        }
        drop(connection);
        let ids: Vec<String> = pairs.iter().map(|(_, id)| id.clone()).collect();
        let mut said = self.said(&ids).await?;
        let mut found: HashMap<String, Vec<Quote>> = HashMap::new();
        for (author, id) in pairs {
            if let Some(said) = said.remove(&id) {
                found.entry(author).or_default().push(said.quote);
            }
        }
        Ok(found)
    }

    async fn mention_counts(&self, authors: &[String]) -> Result<HashMap<String, u64>> {
        let mut sql = Sql::new(
            "SELECT m.author_id, COUNT(*) AS n FROM mentions m WHERE m.deleted = 0 AND m.author_id IN ",
        );
        sql.bind_list(authors).push(" GROUP BY m.author_id");
        let rows = sql.all(&self.pool).await?;
        rows.iter()
            .map(|row| Ok((row.try_get("author_id")?, row.try_get::<i64, _>("n")?.max(0) as u64)))
            .collect()
    }
}
