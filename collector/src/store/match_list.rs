//! Matches as the owner reads them, with the evidence and what the author wrote last.

use std::collections::HashMap;

use goodword_shared::{
    Mention,
    api::{Page, customers::MatchQuery},
    id::{AuthorId, MatchId},
    matching::{MatchState, MatchView},
};
use sqlx::{Row, any::AnyRow};

use super::{
    Result, Store, from_millis,
    known::author as author_of,
    sql::{Sql, window},
};

const COLUMNS: &str = "SELECT x.id, x.author_id, x.customer_id, x.probability, x.evidence, x.state, x.decided_at, \
     a.platform, a.name, a.handle, a.platform_id, a.url, a.followers, a.location, a.email FROM matches x \
     JOIN authors a ON a.id = x.author_id";
/// Characters of the quote beside a match.
const QUOTE: usize = 240;

impl Store {
    /// One page of the matches in a state, surest first.
    pub async fn match_views(&self, query: &MatchQuery) -> Result<Page<MatchView>> {
        let (offset, limit) = window(query.offset, query.limit);
        let state = query.state.as_deref().and_then(MatchState::parse).unwrap_or(MatchState::Doubtful);
        let mut count = Sql::new("SELECT COUNT(*) AS n FROM matches x WHERE x.state = ");
        count.bind(state.as_str().to_owned());
        let total: i64 = count.one(&self.pool).await?.try_get("n")?;
        let mut sql = Sql::new(COLUMNS);
        sql.push(" WHERE x.state = ").bind(state.as_str().to_owned());
        sql.push(" ORDER BY x.probability DESC, x.id DESC LIMIT ").bind(limit).push(" OFFSET ").bind(offset);
        let items = self.views(sql.all(&self.pool).await?).await?;
        Ok(Page { items, total: total.max(0) as u64, offset: offset as u64 })
    }

    /// The matches of an author or of a customer, surest first.
    pub async fn matches_of(&self, author: Option<&str>, customer: Option<&str>) -> Result<Vec<MatchView>> {
        let mut sql = Sql::new(COLUMNS);
        match (author, customer) {
            (Some(author), _) => sql.push(" WHERE x.author_id = ").bind(author.to_owned()),
            (None, Some(customer)) => sql.push(" WHERE x.customer_id = ").bind(customer.to_owned()),
            (None, None) => return Ok(Vec::new()),
        };
        sql.push(" ORDER BY x.probability DESC, x.id LIMIT 50");
        self.views(sql.all(&self.pool).await?).await
    }

    /// One match.
    pub async fn match_view(&self, id: &str) -> Result<Option<MatchView>> {
        let mut sql = Sql::new(COLUMNS);
        sql.push(" WHERE x.id = ").bind(id.to_owned());
        Ok(self.views(sql.all(&self.pool).await?).await?.pop())
    }

    async fn views(&self, rows: Vec<AnyRow>) -> Result<Vec<MatchView>> {
        let (mut authors, mut customers) = (Vec::new(), Vec::new());
        for row in &rows {
            authors.push(row.try_get::<String, _>("author_id")?);
            customers.push(row.try_get::<String, _>("customer_id")?);
        }
        let records = self.customers_by_id(&customers).await?;
        let mut quotes = self.last_words(&authors).await?;
        let mut views = Vec::with_capacity(rows.len());
        for (row, (author, customer)) in rows.iter().zip(authors.iter().zip(&customers)) {
            let Some(customer) = records.get(customer) else { continue };
            views.push(MatchView {
                id: MatchId::new(row.try_get::<String, _>("id")?),
                author_id: AuthorId::new(author.clone()),
                author: author_of(row)?,
                platform: row.try_get("platform")?,
                quote: quotes.get_mut(author).cloned().unwrap_or_default(),
                customer: customer.clone(),
                probability: row.try_get("probability")?,
                evidence: serde_json::from_str(row.try_get("evidence")?)?,
                state: MatchState::parse(row.try_get("state")?).unwrap_or(MatchState::Doubtful),
                decided_at: from_millis(row.try_get("decided_at")?),
            });
        }
        Ok(views)
    }

    /// What each of those authors wrote last, shortened.
    async fn last_words(&self, authors: &[String]) -> Result<HashMap<String, String>> {
        if authors.is_empty() {
            return Ok(HashMap::new());
        }
        let mut sql = Sql::new(
            "SELECT m.author_id, m.mention FROM mentions m WHERE m.deleted = 0 AND m.at = \
             (SELECT MAX(n.at) FROM mentions n WHERE n.author_id = m.author_id AND n.deleted = 0) AND m.author_id IN ",
        );
        sql.bind_list(authors);
        let mut found = HashMap::new();
        for row in sql.all(&self.pool).await? {
            let mention: Mention = serde_json::from_str(row.try_get("mention")?)?;
            let words =
                if mention.text.is_empty() { mention.title.unwrap_or_default() } else { mention.text };
            found.insert(row.try_get("author_id")?, shorten(&words));
        }
        Ok(found)
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(QUOTE) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}
