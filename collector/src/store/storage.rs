//! What platforms let us keep, carried out on stored mentions: until when their content is held, and taking it out while
//! keeping what is ours: the case, its notes and outcome, our reading, the match. It knows rows, not the platforms' rules.

use std::collections::BTreeSet;

use goodword_shared::{Analysis, Author, Mention, Time, alert::Alert, id::SourceId};
use sqlx::{AnyConnection, Row};

use super::{Result, Store, bulk::execute_in, to_millis};

/// Content that is refreshed often is written anew only where it is older than this: half a day.
const FRESH_ENOUGH: i64 = 12 * 3_600_000;
/// What stands where a person's words and name stood.
const TAKEN_OUT: &str = "A mention whose text is no longer kept";

/// How much is stored of one source, removed sources included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOf {
    /// Which source.
    pub source: SourceId,
    /// Its connector's slug.
    pub connector: String,
    /// The owner removed it.
    pub removed: bool,
    /// Mentions.
    pub mentions: u64,
    /// Those among them whose content has been taken out.
    pub withheld: u64,
    /// Those whose days are over and whose content is still there.
    pub overdue: u64,
    /// Those that their authors or the platform took back.
    pub deleted: u64,
    /// Kept answers.
    pub captures: u64,
}

impl Store {
    /// The content of those mentions was received now and may be kept until then.
    pub async fn hold_mentions(&self, source: &SourceId, keys: &[&str], until: Time) -> Result<()> {
        let until = to_millis(until);
        let (until_text, stale) = (until.to_string(), (until - FRESH_ENOUGH).to_string());
        let mut writing = self.write().await?;
        execute_in(
            &mut writing,
            "UPDATE mentions SET held_until = CAST($2 AS BIGINT) WHERE source_id = $1 AND withheld_at IS NULL \
             AND (held_until IS NULL OR held_until < CAST($3 AS BIGINT)) AND mention_key IN",
            "",
            &[source.as_str(), &until_text, &stale],
            keys,
        )
        .await?;
        writing.commit().await
    }

    /// Marks what came into the store by another way than a run (an import, a replay, a crash in between): its days count
    /// from when it was collected. At most `limit` rows; answers how many.
    pub async fn hold_unmarked(&self, source: &SourceId, days: u32, limit: u32) -> Result<u64> {
        let mut writing = self.write().await?;
        let done = sqlx::query(
            "UPDATE mentions SET held_until = collected_at + $1 WHERE id IN (SELECT id FROM mentions \
             WHERE source_id = $2 AND held_until IS NULL AND withheld_at IS NULL LIMIT $3)",
        )
        .bind(i64::from(days) * 86_400_000)
        .bind(source.as_str())
        .bind(i64::from(limit))
        .execute(&mut *writing)
        .await?;
        writing.commit().await?;
        Ok(done.rows_affected())
    }

    /// Every source that ever was, as id and connector: what is stored outlives the watching.
    pub async fn every_source(&self) -> Result<Vec<(SourceId, String)>> {
        let rows = sqlx::query("SELECT id, connector FROM sources ORDER BY id").fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| Ok((SourceId::new(row.try_get::<String, _>("id")?), row.try_get("connector")?)))
            .collect()
    }

    /// Takes the content out of a source's mentions whose time is over, at most `limit` of them in one transaction. Answers
    /// how many, and their authors, whose standing may change.
    pub async fn withhold_overdue(
        &self,
        source: &SourceId,
        days: u32,
        limit: u32,
        now: Time,
    ) -> Result<(u64, Vec<String>)> {
        let mut writing = self.write().await?;
        let rows = sqlx::query(
            "SELECT id, author_id, mention, analysis FROM mentions WHERE source_id = $1 AND held_until <= $2 \
             AND withheld_at IS NULL ORDER BY held_until LIMIT $3",
        )
        .bind(source.as_str())
        .bind(to_millis(now))
        .bind(i64::from(limit))
        .fetch_all(&mut *writing)
        .await?;
        let mut authors = BTreeSet::new();
        for row in &rows {
            let id: String = row.try_get("id")?;
            let mention: Mention = serde_json::from_str(row.try_get("mention")?)?;
            let analysis: Analysis = serde_json::from_str(row.try_get("analysis")?)?;
            authors.extend(row.try_get::<Option<String>, _>("author_id")?);
            sqlx::query(
                "UPDATE mentions SET title = NULL, text = '', rating_share = NULL, stars = NULL, text_hash = NULL, \
                 search = '', mention = $1, analysis = $2, held_until = NULL, withheld_at = $3, withheld_days = $4 \
                 WHERE id = $5",
            )
            .bind(serde_json::to_string(&ours(&mention))?)
            .bind(serde_json::to_string(&Analysis { spans: Vec::new(), ..analysis })?)
            .bind(to_millis(now))
            .bind(i32::try_from(days).unwrap_or(i32::MAX))
            .bind(&id)
            .execute(&mut *writing)
            .await?;
            bare_revisions(&mut writing, &id).await?;
            bare_alerts(&mut writing, &id).await?;
        }
        for author in &authors {
            forget_silent_author(&mut writing, author).await?;
        }
        writing.commit().await?;
        Ok((rows.len() as u64, authors.into_iter().collect()))
    }

    /// What is stored of each source, for the printed audit.
    pub async fn stored_of(&self, now: Time) -> Result<Vec<StoredOf>> {
        let rows = sqlx::query(
            "SELECT s.id, s.connector, CASE WHEN s.removed_at IS NULL THEN 0 ELSE 1 END AS removed, \
             COALESCE(m.n, 0) AS n, COALESCE(m.withheld, 0) AS withheld, COALESCE(m.overdue, 0) AS overdue, \
             COALESCE(m.deleted, 0) AS deleted, COALESCE(c.n, 0) AS captures FROM sources s \
             LEFT JOIN (SELECT source_id, COUNT(*) AS n, COUNT(withheld_at) AS withheld, \
                 COUNT(CASE WHEN held_until <= $1 AND withheld_at IS NULL THEN 1 END) AS overdue, \
                 COUNT(CASE WHEN deleted = 1 THEN 1 END) AS deleted FROM mentions GROUP BY source_id) m \
             ON m.source_id = s.id \
             LEFT JOIN (SELECT source_id, COUNT(*) AS n FROM captures GROUP BY source_id) c ON c.source_id = s.id \
             ORDER BY s.connector, s.id",
        )
        .bind(to_millis(now))
        .fetch_all(&self.pool)
        .await?;
        let count = |row: &sqlx::any::AnyRow, column: &str| -> Result<u64> {
            Ok(row.try_get::<i64, _>(column)?.unsigned_abs())
        };
        rows.iter()
            .map(|row| {
                Ok(StoredOf {
                    source: SourceId::new(row.try_get::<String, _>("id")?),
                    connector: row.try_get("connector")?,
                    removed: row.try_get::<i32, _>("removed")? != 0,
                    mentions: count(row, "n")?,
                    withheld: count(row, "withheld")?,
                    overdue: count(row, "overdue")?,
                    deleted: count(row, "deleted")?,
                    captures: count(row, "captures")?,
                })
            })
            .collect()
    }
}

/// What remains of a mention: where and when it was, what it is about, our own answer and order number.
fn ours(mention: &Mention) -> Mention {
    Mention {
        title: None,
        text: String::new(),
        author: Author::default(),
        rating: None,
        language: None,
        engagement: None,
        verified: None,
        ..mention.clone()
    }
}

/// Earlier versions keep what changed and when, without words, stars and names.
async fn bare_revisions(connection: &mut AnyConnection, mention: &str) -> Result<()> {
    let rows = sqlx::query("SELECT id, mention FROM revisions WHERE mention_id = $1")
        .bind(mention)
        .fetch_all(&mut *connection)
        .await?;
    for row in rows {
        let was: Mention = serde_json::from_str(row.try_get("mention")?)?;
        sqlx::query("UPDATE revisions SET mention = $1 WHERE id = $2")
            .bind(serde_json::to_string(&ours(&was))?)
            .bind(row.try_get::<String, _>("id")?)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Alerts that were raised stay raised, so that they are not raised again, but quote nobody any more.
async fn bare_alerts(connection: &mut AnyConnection, mention: &str) -> Result<()> {
    let bare = |text: String| -> Result<String> {
        let mut alert: Alert = serde_json::from_str(&text)?;
        alert.title = TAKEN_OUT.into();
        alert.text = String::new();
        Ok(serde_json::to_string(&alert)?)
    };
    let raised = sqlx::query("SELECT alert FROM alerts WHERE mention_id = $1")
        .bind(mention)
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(row) = raised {
        sqlx::query("UPDATE alerts SET alert = $1 WHERE mention_id = $2")
            .bind(bare(row.try_get("alert")?)?)
            .bind(mention)
            .execute(&mut *connection)
            .await?;
    }
    // Keys are MENTION.CHANNEL, and / is the character after the full stop.
    let effects =
        sqlx::query("SELECT id, payload FROM outbox WHERE idempotency_key >= $1 AND idempotency_key < $2")
            .bind(format!("{mention}."))
            .bind(format!("{mention}/"))
            .fetch_all(&mut *connection)
            .await?;
    for row in effects {
        sqlx::query("UPDATE outbox SET subject = $1, payload = $2 WHERE id = $3")
            .bind(TAKEN_OUT)
            .bind(bare(row.try_get("payload")?)?)
            .bind(row.try_get::<String, _>("id")?)
            .execute(&mut *connection)
            .await?;
    }
    bare_story(connection, mention).await
}

/// The story of a case says that the owner was alerted, not any more by whose words.
pub(super) async fn bare_story(connection: &mut AnyConnection, mention: &str) -> Result<()> {
    sqlx::query("UPDATE case_events SET text = 'you were alerted' WHERE mention_id = $1 AND what = 'alert'")
        .bind(mention)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes the platform's name, handle and addresses out of an author nothing of whom is kept any more. Whom the owner knows
/// them to be stays: that is the owner's own record.
pub(super) async fn forget_silent_author(connection: &mut AnyConnection, author: &str) -> Result<()> {
    sqlx::query(
        "UPDATE authors SET name = NULL, handle = NULL, url = NULL, followers = NULL, location = NULL, email = NULL \
         WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM mentions m WHERE m.author_id = authors.id \
         AND m.withheld_at IS NULL AND m.deleted = 0)",
    )
    .bind(author)
    .execute(connection)
    .await?;
    Ok(())
}

/// The same for an author who took everything back: what recognised them goes as well.
pub(super) async fn forget_deleted_author(connection: &mut AnyConnection, author: &str) -> Result<()> {
    forget_silent_author(connection, author).await?;
    sqlx::query(
        "UPDATE authors SET author_key = 'gone:' || id, platform_id = NULL WHERE id = $1 \
         AND NOT EXISTS (SELECT 1 FROM mentions m WHERE m.author_id = authors.id AND m.deleted = 0)",
    )
    .bind(author)
    .execute(connection)
    .await?;
    Ok(())
}
