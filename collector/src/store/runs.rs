//! Runs: what came of each, at its source and in the ledger that the owner reads; and when a source's mentions were published,
//! from which its rhythm is told.

use std::collections::BTreeMap;

use goodword_shared::{ProblemKind, Time, api::Page, id::SourceId, problem::SourceProblem, source::RunView};
use sqlx::{Row, any::AnyRow};

use super::{Result, Store, from_millis, new_id, sources::pending_text, to_millis};
use crate::wire::Request;

/// How a run counts.
#[derive(Clone, Debug, PartialEq)]
pub enum RunEnd {
    /// It answered well.
    Well,
    /// Something went wrong.
    Failed(SourceProblem),
    /// It rests: today's allowance is used. Neither well nor a failure.
    Rested,
}

impl RunEnd {
    /// What went wrong.
    pub fn problem(&self) -> Option<&SourceProblem> {
        match self {
            RunEnd::Failed(problem) => Some(problem),
            RunEnd::Well | RunEnd::Rested => None,
        }
    }
}

/// What came of a run, for the source's row and the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRecord {
    /// When it began.
    pub started_at: Time,
    /// When it ended.
    pub ended_at: Time,
    /// Requests made.
    pub requests: u32,
    /// The HTTP status of each answer → how often.
    pub answers: BTreeMap<u16, u32>,
    /// Mentions in the answers; none where nothing had been modified.
    pub found: Option<u32>,
    /// Never seen before.
    pub new: u32,
    /// Changed.
    pub changed: u32,
    /// Seen before, the same.
    pub same: u32,
    /// Found to be gone, or returned.
    pub gone: u32,
    /// How it ended.
    pub end: RunEnd,
    /// Warnings and remarks, in words.
    pub detail: Option<String>,
    /// When it is due next.
    pub next_run: Time,
    /// Where the next run may start; none leaves it.
    pub cursor: Option<String>,
    /// Requests left for the next run.
    pub pending: Vec<Request>,
    /// The history has been read to its end.
    pub first_run_done: bool,
    /// What the platform says: count, average, best.
    pub totals: (Option<u64>, Option<f64>, Option<f64>),
}

impl Store {
    /// Remembers how far a run has come, so that the next one goes on there if this one is cut off.
    pub async fn save_progress(
        &self,
        id: &SourceId,
        cursor: Option<&str>,
        pending: &[Request],
    ) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query("UPDATE sources SET cursor = COALESCE($1, cursor), pending = $2 WHERE id = $3")
            .persistent(self.dialect.keep_prepared())
            .bind(cursor)
            .bind((!pending.is_empty()).then(|| pending_text(pending)).transpose()?)
            .bind(id.as_str())
            .execute(&mut *writing)
            .await?;
        writing.commit().await
    }

    /// Records what came of a run, at the source and in the ledger.
    pub async fn finish_run(&self, id: &SourceId, run: &RunRecord) -> Result<()> {
        let mut writing = self.write().await?;
        let problem = run.end.problem();
        let (total, average, best) = run.totals;
        sqlx::query(
            "UPDATE sources SET last_run = $1, last_success = CASE WHEN $2 = 1 THEN $1 ELSE last_success END, \
             failures = CASE WHEN $2 = 1 THEN 0 WHEN $2 = 0 THEN failures + 1 ELSE failures END, problem = $3, \
             problem_detail = $4, taken_until = NULL, next_run = $5, cursor = COALESCE($6, cursor), pending = $12, \
             first_run_done = CASE WHEN $7 = 1 THEN 1 ELSE first_run_done END, \
             platform_total = COALESCE($8, platform_total), platform_average = COALESCE($9, platform_average), \
             platform_best = COALESCE($10, platform_best) WHERE id = $11",
        )
        .persistent(self.dialect.keep_prepared())
        .bind(to_millis(run.started_at))
        .bind(match run.end {
            RunEnd::Failed(_) => 0,
            RunEnd::Well => 1,
            RunEnd::Rested => 2,
        })
        .bind(problem.map(|p| p.problem.as_str()))
        .bind(problem.map(|p| p.detail.as_str()))
        .bind(to_millis(run.next_run))
        .bind(run.cursor.as_deref())
        .bind(i32::from(run.first_run_done))
        .bind(total.and_then(|n| i64::try_from(n).ok()))
        .bind(average)
        .bind(best)
        .bind(id.as_str())
        .bind((!run.pending.is_empty()).then(|| pending_text(&run.pending)).transpose()?)
        .execute(&mut *writing)
        .await?;
        let number = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        sqlx::query(
            "INSERT INTO runs (id, source_id, started_at, ended_at, requests, found, new, changed, problem, detail, same, \
             gone, answers, problem_detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .persistent(self.dialect.keep_prepared())
        .bind(new_id())
        .bind(id.as_str())
        .bind(to_millis(run.started_at))
        .bind(to_millis(run.ended_at))
        .bind(number(run.requests))
        .bind(run.found.map(number))
        .bind(number(run.new))
        .bind(number(run.changed))
        .bind(problem.map(|p| p.problem.as_str()))
        .bind(run.detail.as_deref())
        .bind(number(run.same))
        .bind(number(run.gone))
        .bind(serde_json::to_string(&run.answers)?)
        .bind(problem.map(|p| p.detail.as_str()))
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// A source's runs, newest first.
    pub async fn runs(&self, id: &str, offset: u64, limit: u64) -> Result<Page<RunView>> {
        let total = sqlx::query("SELECT COUNT(*) AS n FROM runs WHERE source_id = $1")
            .bind(id)
            .fetch_one(&self.pool)
            .await?;
        let rows = sqlx::query(
            "SELECT started_at, ended_at, requests, found, new, changed, same, gone, answers, problem, detail, \
             problem_detail FROM runs WHERE source_id = $1 ORDER BY started_at DESC, id DESC LIMIT $2 OFFSET $3",
        )
        .bind(id)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .bind(i64::try_from(offset).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        Ok(Page {
            items: rows.iter().map(view).collect::<Result<_>>()?,
            total: total.try_get::<i64, _>("n")?.unsigned_abs(),
            offset,
        })
    }

    /// How many mentions the answers of the last good runs held, newest first; unmodified answers are left out.
    pub async fn found_lately(&self, id: &SourceId, runs: u32) -> Result<Vec<u32>> {
        let rows = sqlx::query(
            "SELECT found FROM runs WHERE source_id = $1 AND problem IS NULL AND found IS NOT NULL \
             ORDER BY started_at DESC LIMIT $2",
        )
        .bind(id.as_str())
        .bind(i64::from(runs))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| Ok(row.try_get::<i32, _>("found")?.unsigned_abs())).collect()
    }

    /// What the last run remarked: warnings, pages left for later.
    pub async fn last_remark(&self, id: &SourceId) -> Result<Option<String>> {
        let row =
            sqlx::query("SELECT detail FROM runs WHERE source_id = $1 ORDER BY started_at DESC LIMIT 1")
                .bind(id.as_str())
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map(|row| row.try_get("detail")).transpose()?.flatten())
    }

    /// When a source's latest mentions were published (else collected), newest first.
    pub async fn latest_times(&self, id: &SourceId, limit: u32) -> Result<Vec<Time>> {
        let rows = sqlx::query("SELECT at FROM mentions WHERE source_id = $1 ORDER BY at DESC LIMIT $2")
            .bind(id.as_str())
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| Ok(from_millis(row.try_get("at")?))).collect()
    }

    /// Mentions of a source that are there no more: deleted by their authors, or gone from the platform.
    pub async fn gone_of(&self, id: &SourceId) -> Result<u64> {
        let row = sqlx::query("SELECT COUNT(*) AS n FROM mentions WHERE source_id = $1 AND deleted = 1")
            .bind(id.as_str())
            .fetch_one(&self.pool)
            .await?;
        Ok(row.try_get::<i64, _>("n")?.unsigned_abs())
    }

    /// Forgets runs that began before then.
    pub async fn forget_runs(&self, before: Time) -> Result<u64> {
        let mut writing = self.write().await?;
        let done = sqlx::query("DELETE FROM runs WHERE started_at < $1")
            .bind(to_millis(before))
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(done.rows_affected())
    }
}

fn view(row: &AnyRow) -> Result<RunView> {
    let count = |column: &str| -> Result<u32> {
        Ok(row.try_get::<Option<i32>, _>(column)?.unwrap_or_default().unsigned_abs())
    };
    let started_at = from_millis(row.try_get("started_at")?);
    let took = row.try_get::<i64, _>("ended_at")? - row.try_get::<i64, _>("started_at")?;
    let answers: Option<String> = row.try_get("answers")?;
    let problem: Option<String> = row.try_get("problem")?;
    let detail: Option<String> = row.try_get("problem_detail")?;
    Ok(RunView {
        started_at,
        took_ms: took.max(0) as u64,
        requests: count("requests")?,
        answers: answers.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default(),
        found: row.try_get::<Option<i32>, _>("found")?.map(i32::unsigned_abs),
        new: count("new")?,
        changed: count("changed")?,
        same: count("same")?,
        gone: count("gone")?,
        problem: problem
            .as_deref()
            .and_then(ProblemKind::parse)
            .map(|problem| SourceProblem { problem, detail: detail.unwrap_or_default() }),
        remark: row.try_get("detail")?,
    })
}
