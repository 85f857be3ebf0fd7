//! What a listener remembers of its source: where to go on, how it fares, and which process listens, so that of several only one does.

use goodword_shared::{ProblemKind, Time, id::SourceId, problem::SourceProblem};
use sqlx::Row;

use super::{Result, Store, from_millis, to_millis};

/// How a listener fares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listening {
    /// Where to go on.
    pub cursor: Option<String>,
    /// Since when it is connected; none while it is not.
    pub connected_at: Option<Time>,
    /// When it last heard anything that was kept.
    pub last_event: Option<Time>,
    /// Failed connections in a row.
    pub failures: u32,
    /// Why it is not connected.
    pub problem: Option<SourceProblem>,
}

impl Store {
    /// Takes a source to listen to until the given moment, or keeps it; false where another process holds it.
    pub async fn take_listener(
        &self,
        source: &SourceId,
        holder: &str,
        now: Time,
        until: Time,
    ) -> Result<bool> {
        let mut writing = self.write().await?;
        let taken = sqlx::query(
            "INSERT INTO listeners (source_id, holder, taken_until) VALUES ($1, $2, $3) \
             ON CONFLICT (source_id) DO UPDATE SET holder = excluded.holder, taken_until = excluded.taken_until \
             WHERE listeners.holder IS NULL OR listeners.holder = excluded.holder OR listeners.taken_until <= $4",
        )
        .bind(source.as_str())
        .bind(holder)
        .bind(to_millis(until))
        .bind(to_millis(now))
        .execute(&mut *writing)
        .await?;
        writing.commit().await?;
        Ok(taken.rows_affected() > 0)
    }

    /// Lets a source go that this process held.
    pub async fn free_listener(&self, source: &SourceId, holder: &str) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE listeners SET holder = NULL, taken_until = NULL, connected_at = NULL \
             WHERE source_id = $1 AND holder = $2",
        )
        .bind(source.as_str())
        .bind(holder)
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// What is remembered; none where nobody ever listened.
    pub async fn listening(&self, source: &SourceId) -> Result<Option<Listening>> {
        let row = sqlx::query(
            "SELECT cursor, connected_at, last_event, failures, problem, problem_detail FROM listeners WHERE source_id = $1",
        )
        .bind(source.as_str())
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            let time = |column: &str| -> Result<Option<Time>> {
                Ok(row.try_get::<Option<i64>, _>(column)?.map(from_millis))
            };
            let kind: Option<String> = row.try_get("problem")?;
            let detail: Option<String> = row.try_get("problem_detail")?;
            Ok(Listening {
                cursor: row.try_get("cursor")?,
                connected_at: time("connected_at")?,
                last_event: time("last_event")?,
                failures: row.try_get::<i32, _>("failures")?.unsigned_abs(),
                problem: kind
                    .as_deref()
                    .and_then(ProblemKind::parse)
                    .map(|problem| SourceProblem { problem, detail: detail.unwrap_or_default() }),
            })
        })
        .transpose()
    }

    /// It is connected.
    pub async fn listener_connected(&self, source: &SourceId, now: Time) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE listeners SET connected_at = $1, failures = 0, problem = NULL, problem_detail = NULL WHERE source_id = $2",
        )
        .bind(to_millis(now))
        .bind(source.as_str())
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// It is not connected, and why.
    pub async fn listener_failed(&self, source: &SourceId, problem: &SourceProblem) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE listeners SET connected_at = NULL, failures = failures + 1, problem = $1, problem_detail = $2 \
             WHERE source_id = $3",
        )
        .bind(problem.problem.as_str())
        .bind(&problem.detail)
        .bind(source.as_str())
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Everything up to there is stored. `event`: when something was kept of it.
    pub async fn listener_at(
        &self,
        source: &SourceId,
        cursor: Option<&str>,
        event: Option<Time>,
    ) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE listeners SET cursor = COALESCE($1, cursor), last_event = COALESCE($2, last_event) WHERE source_id = $3",
        )
        .bind(cursor)
        .bind(event.map(to_millis))
        .bind(source.as_str())
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Which of those external ids (or keys) a source has stored.
    pub async fn known_keys(&self, source: &SourceId, keys: &[&str]) -> Result<Vec<String>> {
        let mut known = Vec::new();
        for key in keys {
            let row = sqlx::query("SELECT 1 AS one FROM mentions WHERE source_id = $1 AND mention_key = $2")
                .bind(source.as_str())
                .bind(*key)
                .fetch_optional(&self.pool)
                .await?;
            known.extend(row.map(|_| (*key).to_owned()));
        }
        Ok(known)
    }
}
