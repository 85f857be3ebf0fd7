//! What the printed audit asks of the database: whether it is whole, up to date, and how much lies in it. Counts only, never
//! anybody's words.

use goodword_shared::{Time, id::SourceId};
use sqlx::{AssertSqlSafe, Row};

use super::{Dialect, Result, Store, from_millis, migrations, to_millis};

/// Effects that were decided, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxCounts {
    /// Waiting, less than an hour old.
    pub waiting: u64,
    /// Waiting for longer than an hour.
    pub stuck: u64,
    /// Given up within the last week.
    pub failed: u64,
}

/// Kept answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaptureTotals {
    /// How many.
    pub answers: u64,
    /// Bytes of their bodies as stored.
    pub bytes: u64,
    /// When the oldest came.
    pub oldest: Option<Time>,
    /// Bodies that no answer needs.
    pub orphans: u64,
}

impl Store {
    /// What is wrong with the database itself, in its own words; empty where it is whole.
    pub async fn faults(&self) -> Result<Vec<String>> {
        if self.dialect == Dialect::Postgres {
            // PostgreSQL checks its pages as it reads them; that it answers is what can be asked.
            sqlx::query("SELECT 1").fetch_one(&self.pool).await?;
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for row in sqlx::query("PRAGMA quick_check(20)").fetch_all(&self.pool).await? {
            let said: String = row.try_get(0)?;
            if said != "ok" {
                found.push(said);
            }
        }
        for row in sqlx::query("PRAGMA foreign_key_check").fetch_all(&self.pool).await?.iter().take(20) {
            let (table, parent): (String, String) = (row.try_get(0)?, row.try_get(2)?);
            found.push(format!("a row of {table} names a row of {parent} that is not there"));
        }
        Ok(found)
    }

    /// Steps of the schema: carried out, and known to this version.
    pub async fn schema_steps(&self) -> Result<(u64, u64)> {
        let row = sqlx::query("SELECT COUNT(*) AS n FROM _sqlx_migrations WHERE success")
            .fetch_one(&self.pool)
            .await?;
        Ok((row.try_get::<i64, _>("n")?.unsigned_abs(), migrations(self.dialect).iter().count() as u64))
    }

    /// The newest instant written anywhere that only our own clock writes.
    pub async fn newest_instant(&self) -> Result<Option<Time>> {
        let mut newest: Option<i64> = None;
        for (table, column) in
            [("runs", "ended_at"), ("mentions", "collected_at"), ("audit", "at"), ("outbox", "created_at")]
        {
            let sql = AssertSqlSafe(format!("SELECT MAX({column}) AS at FROM {table}"));
            let at: Option<i64> = sqlx::query(sql).fetch_one(&self.pool).await?.try_get("at")?;
            newest = newest.max(at);
        }
        Ok(newest.map(from_millis))
    }

    /// What waits in the outbox.
    pub async fn outbox_counts(&self, now: Time) -> Result<OutboxCounts> {
        let row = sqlx::query(
            "SELECT COUNT(CASE WHEN state = 'waiting' AND created_at > $1 THEN 1 END) AS waiting, \
             COUNT(CASE WHEN state = 'waiting' AND created_at <= $1 THEN 1 END) AS stuck, \
             COUNT(CASE WHEN state = 'failed' AND created_at > $2 THEN 1 END) AS failed FROM outbox",
        )
        .bind(to_millis(now) - 3_600_000)
        .bind(to_millis(now) - 7 * 86_400_000)
        .fetch_one(&self.pool)
        .await?;
        let count = |column: &str| -> Result<u64> { Ok(row.try_get::<i64, _>(column)?.unsigned_abs()) };
        Ok(OutboxCounts { waiting: count("waiting")?, stuck: count("stuck")?, failed: count("failed")? })
    }

    /// How many answers are kept.
    pub async fn capture_totals(&self) -> Result<CaptureTotals> {
        let answers = sqlx::query("SELECT COUNT(*) AS n, MIN(fetched_at) AS oldest FROM captures")
            .fetch_one(&self.pool)
            .await?;
        let bodies = sqlx::query(
            "SELECT CAST(COALESCE(SUM(LENGTH(b.body)), 0) AS BIGINT) AS bytes, \
             COUNT(CASE WHEN NOT EXISTS (SELECT 1 FROM captures c WHERE c.body_hash = b.hash) THEN 1 END) AS orphans \
             FROM capture_bodies b",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(CaptureTotals {
            answers: answers.try_get::<i64, _>("n")?.unsigned_abs(),
            oldest: answers.try_get::<Option<i64>, _>("oldest")?.map(from_millis),
            bytes: bodies.try_get::<i64, _>("bytes")?.unsigned_abs(),
            orphans: bodies.try_get::<i64, _>("orphans")?.unsigned_abs(),
        })
    }

    /// A source is shown live only: it is never due, and no run holds it.
    pub async fn rest_source(&self, id: &SourceId) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE sources SET next_run = NULL, taken_until = NULL, problem = NULL, problem_detail = NULL, failures = 0 \
             WHERE id = $1",
        )
        .bind(id.as_str())
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Every sealed text with the table and row that it belongs to.
    pub async fn sealed(&self) -> Result<Vec<(&'static str, String, String)>> {
        let mut found = Vec::new();
        for (table, sql) in [
            ("sources", "SELECT id, secrets FROM sources WHERE secrets IS NOT NULL AND removed_at IS NULL"),
            ("channels", "SELECT id, secrets FROM channels WHERE secrets IS NOT NULL"),
        ] {
            for row in sqlx::query(sql).fetch_all(&self.pool).await? {
                found.push((table, row.try_get("id")?, row.try_get("secrets")?));
            }
        }
        Ok(found)
    }
}
