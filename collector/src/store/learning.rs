//! What recognising authors learns from: the newest mentions, and the pairs that the owner decided on; and what was learnt;
//! and since when authors wait to be looked at.

use goodword_shared::{Mention, Time, id::AuthorId};
use sqlx::Row;

use super::{Result, Store, first_id_at, from_millis, sql::Sql, to_millis};

/// A pair that the owner decided on.
#[derive(Clone, Debug, PartialEq)]
pub struct DecidedPair {
    /// The author's newest mention.
    pub mention: Mention,
    /// The customer.
    pub customer: String,
    /// It is them.
    pub right: bool,
}

impl Store {
    /// The newest mentions that have an author.
    pub async fn newest_mentions(&self, limit: u32) -> Result<Vec<Mention>> {
        let mut sql = Sql::new(
            "SELECT mention FROM mentions WHERE deleted = 0 AND author_id IS NOT NULL ORDER BY at DESC LIMIT ",
        );
        sql.bind(i64::from(limit));
        let rows = sql.all(&self.pool).await?;
        // What a platform's storage rule took out is not looked at.
        Ok(rows.iter().filter_map(|row| serde_json::from_str(row.try_get("mention").ok()?).ok()).collect())
    }

    /// The pairs that the owner decided on last, each with what its author wrote last. Pairs that were refused along with a
    /// confirmation count as refused.
    pub async fn decided_pairs(&self, limit: u32) -> Result<Vec<DecidedPair>> {
        let mut sql = Sql::new(
            "SELECT ma.customer_id, ma.state, m.mention FROM matches ma JOIN mentions m ON m.id = \
             (SELECT id FROM mentions WHERE author_id = ma.author_id AND deleted = 0 ORDER BY at DESC LIMIT 1) \
             WHERE ma.state IN ('confirmed', 'refused') AND ma.decided_by <> 'engine' ORDER BY ma.decided_at DESC, ma.id LIMIT ",
        );
        sql.bind(i64::from(limit));
        let rows = sql.all(&self.pool).await?;
        let pair = |row: &sqlx::any::AnyRow| {
            let state: String = row.try_get("state").ok()?;
            Some(DecidedPair {
                mention: serde_json::from_str(row.try_get("mention").ok()?).ok()?,
                customer: row.try_get("customer_id").ok()?,
                right: state == "confirmed",
            })
        };
        Ok(rows.iter().filter_map(pair).collect())
    }

    /// What was learnt last, as JSON.
    pub async fn learnt(&self) -> Result<Option<String>> {
        let row = Sql::new("SELECT value FROM settings WHERE name = 'identity'").optional(&self.pool).await?;
        Ok(row.map(|row| row.try_get("value")).transpose()?)
    }

    /// Keeps what was learnt.
    pub async fn keep_learnt(&self, weights: &str) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ('identity', $1) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(weights.to_owned())
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Since when nobody was looked at because the customers are still being read: from now on, unless that was noted before.
    pub async fn unlooked_since(&self, now: Time) -> Result<Time> {
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ('unlooked', $1) ON CONFLICT (name) DO NOTHING",
        )
        .bind(to_millis(now).to_string())
        .execute(&mut *writing)
        .await?;
        let row = sqlx::query("SELECT value FROM settings WHERE name = 'unlooked'")
            .fetch_one(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(row.try_get::<String, _>("value")?.parse().map_or(now, from_millis))
    }

    /// Everybody who wrote meanwhile has been looked at.
    pub async fn all_looked_at(&self) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query("DELETE FROM settings WHERE name = 'unlooked'").execute(&mut *writing).await?;
        writing.commit().await
    }

    /// Authors of mentions that were first seen since then.
    pub async fn authors_since(&self, since: Time) -> Result<Vec<AuthorId>> {
        let mut sql =
            Sql::new("SELECT DISTINCT author_id FROM mentions WHERE author_id IS NOT NULL AND id >= ");
        sql.bind(first_id_at(since));
        let rows = sql.all(&self.pool).await?;
        rows.iter().map(|row| Ok(AuthorId::new(row.try_get::<String, _>(0)?))).collect()
    }
}
