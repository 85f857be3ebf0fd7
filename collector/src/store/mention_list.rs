//! Mentions as the owner searches them, and one mention with its revisions.

use std::collections::HashMap;

use goodword_shared::{
    Label, Time,
    api::{
        Page,
        mentions::{MentionQuery, MentionRow, MentionView, Revision},
    },
    id::{CaseId, MentionId, SourceId},
    matching::MatchedCustomer,
};
use sqlx::Row;

use super::{
    Result, Store,
    case_list::first_column,
    from_millis,
    said::Said,
    sql::{Sql, anywhere, window},
    taught::{Spoken, remember, write_tags},
    to_millis,
};
use crate::fold::fold;

/// The period that a query asks for, worked out from its dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// From then on.
    pub from: Option<Time>,
    /// Before then.
    pub before: Option<Time>,
}

impl Store {
    /// One page of mentions, newest first.
    pub async fn mention_rows(&self, query: &MentionQuery, period: Period) -> Result<Page<MentionRow>> {
        let (offset, limit) = window(query.offset, query.limit);
        let mut count = Sql::new("SELECT COUNT(*) AS n");
        self.condition(&mut count, query, period);
        let total: i64 = count.one(&self.pool).await?.try_get("n")?;
        let mut sql = Sql::new("SELECT m.id");
        let order = self.condition(&mut sql, query, period);
        sql.push(&format!(" ORDER BY {order}.at DESC LIMIT ")).bind(limit).push(" OFFSET ").bind(offset);
        let ids = first_column(sql.all(&self.pool).await?)?;
        let items = self.rows_of(&ids).await?;
        Ok(Page { items, total: total.max(0) as u64, offset: offset as u64 })
    }

    /// `FROM … WHERE …` of a list; returns the alias whose `at` orders it.
    fn condition(&self, sql: &mut Sql, query: &MentionQuery, period: Period) -> &'static str {
        // The index of a theme is in order of time itself, so that theme leads.
        let lead = match &query.theme {
            Some(theme) => {
                sql.push(" FROM mention_themes t JOIN mentions m ON m.id = t.mention_id WHERE t.theme = ")
                    .bind(theme.clone());
                "t"
            }
            None => {
                sql.push(" FROM mentions m WHERE 1 = 1");
                "m"
            }
        };
        let words = query.q.as_deref().map(fold).filter(|words| !words.is_empty());
        if let Some(words) = words {
            if words.chars().any(is_unspaced) {
                sql.push(" AND m.search LIKE ").bind(anywhere(&words)).push(" ESCAPE '\\'");
            } else {
                let term = sql.reserve(self.dialect.words_term(&words));
                sql.push(" AND ").push(&self.dialect.words_condition(&term));
            }
        }
        match query.sentiment.as_deref() {
            Some("uncertain") => {
                sql.push(" AND m.uncertain = 1");
            }
            Some(label) => {
                sql.push(" AND m.label = ").bind(label.to_owned());
            }
            None => {}
        }
        if let Some(source) = &query.source {
            sql.push(" AND m.source_id = ").bind(source.clone());
        }
        if let Some(connector) = &query.connector {
            sql.push(" AND m.source_id IN (SELECT s.id FROM sources s WHERE s.connector = ")
                .bind(connector.clone());
            sql.push(")");
        }
        if let Some(intent) = &query.intent {
            sql.push(" AND m.id IN (SELECT i.mention_id FROM mention_intents i WHERE i.intent = ")
                .bind(intent.clone())
                .push(")");
        }
        if let Some(stars) = query.stars {
            sql.push(" AND m.stars = ").bind(i64::from(stars));
        }
        if let Some(customer) = &query.customer {
            sql.push(" AND m.author_id IN (SELECT a.id FROM authors a WHERE a.customer_id = ")
                .bind(customer.clone())
                .push(")");
        }
        if let Some(from) = period.from {
            sql.push(&format!(" AND {lead}.at >= ")).bind(to_millis(from));
        }
        if let Some(before) = period.before {
            sql.push(&format!(" AND {lead}.at < ")).bind(to_millis(before));
        }
        lead
    }

    /// Rows of those mentions, in that order.
    async fn rows_of(&self, ids: &[String]) -> Result<Vec<MentionRow>> {
        let mut said = self.said(ids).await?;
        let authors: Vec<String> =
            said.values().filter_map(|s| s.author_id.as_ref()).map(|a| a.as_str().to_owned()).collect();
        let matched = self.matched(&authors).await?;
        let cases = self.open_cases(ids, &authors).await?;
        let hashes: Vec<String> = said.values().filter_map(|s| s.text_hash.clone()).collect();
        let same = self.same_text(&hashes).await?;
        Ok(ids
            .iter()
            .filter_map(|id| said.remove(id))
            .map(|said| row(said, &matched, &cases, &same))
            .collect())
    }

    /// One mention as a page, without its matches.
    pub async fn mention_view(&self, id: &str) -> Result<Option<MentionView>> {
        let id = id.to_owned();
        let ids = std::slice::from_ref(&id);
        let Some(said) = self.said(ids).await?.remove(&id) else { return Ok(None) };
        let Some(row) = self.rows_of(ids).await?.pop() else { return Ok(None) };
        let matches = match &row.author_id {
            Some(author) => self.matches_of(Some(author.as_str()), None).await?,
            None => Vec::new(),
        };
        let same_text = match &said.text_hash {
            Some(hash) => {
                let mut sql = Sql::new("SELECT m.id FROM mentions m WHERE m.text_hash = ");
                sql.bind(hash.clone()).push(" AND m.id <> ").bind(id.clone());
                sql.push(" ORDER BY m.at DESC LIMIT 50");
                first_column(sql.all(&self.pool).await?)?
            }
            None => Vec::new(),
        };
        Ok(Some(MentionView {
            row,
            mention: said.mention,
            source_id: SourceId::new(said.source_id),
            collected_at: said.collected_at,
            revisions: self.revisions(&id).await?,
            matches,
            same_text: same_text.into_iter().map(MentionId::new).collect(),
        }))
    }

    async fn revisions(&self, mention: &str) -> Result<Vec<Revision>> {
        let mut sql = Sql::new("SELECT seen_at, changed, mention FROM revisions WHERE mention_id = ");
        sql.bind(mention.to_owned()).push(" ORDER BY seen_at DESC, id DESC");
        let rows = sql.all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                Ok(Revision {
                    seen_at: from_millis(row.try_get("seen_at")?),
                    changed: serde_json::from_str(row.try_get("changed")?)?,
                    mention: serde_json::from_str(row.try_get("mention")?)?,
                })
            })
            .collect()
    }

    /// Open cases by the mention and by the author that they are about.
    async fn open_cases(&self, mentions: &[String], authors: &[String]) -> Result<HashMap<String, CaseId>> {
        let mut found = HashMap::new();
        for (column, ids) in [("author_id", authors), ("mention_id", mentions)] {
            if ids.is_empty() {
                continue;
            }
            let mut sql = Sql::new(&format!(
                "SELECT c.id, c.{column} AS about FROM cases c WHERE c.state <> 'closed' AND c.{column} IN "
            ));
            sql.bind_list(ids);
            for row in sql.all(&self.pool).await? {
                found.insert(row.try_get("about")?, CaseId::new(row.try_get::<String, _>("id")?));
            }
        }
        Ok(found)
    }

    /// How many mentions have each of those texts.
    async fn same_text(&self, hashes: &[String]) -> Result<HashMap<String, u64>> {
        if hashes.is_empty() {
            return Ok(HashMap::new());
        }
        let mut sql = Sql::new("SELECT text_hash, COUNT(*) AS n FROM mentions WHERE text_hash IN ");
        sql.bind_list(hashes).push(" GROUP BY text_hash");
        let rows = sql.all(&self.pool).await?;
        rows.iter()
            .map(|row| Ok((row.try_get("text_hash")?, row.try_get::<i64, _>("n")?.max(0) as u64)))
            .collect()
    }

    /// Writes the owner's tags over the engine's, and remembers what they said. `unhappy` is the open definition's answer for the
    /// corrected mention. False where there is no such mention.
    pub async fn correct_mention(
        &self,
        id: &str,
        analysis: &goodword_shared::Analysis,
        spoken: &Spoken,
        unhappy: bool,
        now: Time,
    ) -> Result<bool> {
        let mut writing = self.write().await?;
        let before = sqlx::query("SELECT corrected FROM mentions WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *writing)
            .await?;
        let Some(before) = before else { return Ok(false) };
        let holds = before.try_get::<i32, _>("corrected")? != 0;
        sqlx::query(
            "UPDATE mentions SET label = $1, score = $2, confidence = $3, uncertain = $4, severity = $5, analysis = $6, \
             unhappy = $7, corrected = 1, unheard = 0, changed_at = $8 WHERE id = $9",
        )
        .bind(analysis.sentiment.label.as_str())
        .bind(analysis.sentiment.score)
        .bind(analysis.sentiment.confidence)
        .bind(i32::from(analysis.sentiment.uncertain))
        .bind(analysis.severity)
        .bind(serde_json::to_string(analysis)?)
        .bind(i32::from(unhappy))
        .bind(to_millis(now))
        .bind(id)
        .execute(&mut *writing)
        .await?;
        write_tags(&mut writing, id, analysis).await?;
        remember(&mut writing, id, spoken, holds, now).await?;
        writing.commit().await?;
        Ok(true)
    }

    /// The latest label of each of those customers' mentions, how many there are and when the last one was.
    pub(super) async fn spoken(&self, customers: &[String]) -> Result<HashMap<String, (u64, Label, Time)>> {
        let mut found: HashMap<String, (u64, Label, Time)> = HashMap::new();
        if customers.is_empty() {
            return Ok(found);
        }
        let mut sql = Sql::new(
            "SELECT a.customer_id, m.label, m.at FROM authors a JOIN mentions m ON m.author_id = a.id WHERE a.customer_id IN ",
        );
        sql.bind_list(customers).push(" ORDER BY m.at");
        for row in sql.all(&self.pool).await? {
            let label = Label::parse(row.try_get("label")?).unwrap_or_default();
            let at = from_millis(row.try_get("at")?);
            let entry = found.entry(row.try_get("customer_id")?).or_insert((0, label, at));
            *entry = (entry.0 + 1, label, at);
        }
        Ok(found)
    }
}

/// Letters of scripts that put no spaces between words, so that words cannot be looked up: Chinese, Japanese, Thai, Lao,
/// Khmer, Burmese.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn row(
    said: Said,
    matched: &HashMap<String, MatchedCustomer>,
    cases: &HashMap<String, CaseId>,
    same: &HashMap<String, u64>,
) -> MentionRow {
    let author = said.author_id.as_ref().map(|a| a.as_str());
    let case = cases.get(said.quote.mention_id.as_str()).or_else(|| cases.get(author?));
    let same = said.text_hash.as_ref().and_then(|hash| same.get(hash)).copied().unwrap_or(1);
    MentionRow {
        customer: author.and_then(|a| matched.get(a)).cloned(),
        case_id: case.cloned(),
        author_id: said.author_id,
        author: said.mention.author,
        quote: said.quote,
        kind: said.kind,
        replied: said.replied,
        deleted: said.deleted,
        corrected: said.corrected,
        same_text: same.saturating_sub(1),
    }
}
