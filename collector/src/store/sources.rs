//! Sources, their runs and what conditional requests need. How a source fares is worked out elsewhere from these facts.

use goodword_shared::{Time, id::SourceId, problem::SourceProblem, source::Values};
use sqlx::{Row, any::AnyRow};

use super::{Result, Store, from_millis, new_id, to_millis};
use crate::wire::Request;

/// A source as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredSource {
    /// Which.
    pub id: SourceId,
    /// The connector's slug.
    pub connector: String,
    /// The owner's name for it.
    pub name: String,
    /// Settings without secrets.
    pub settings: Values,
    /// Sealed secrets.
    pub secrets: Option<String>,
    /// The page to open for a human.
    pub page_url: Option<String>,
    /// Minutes between runs.
    pub every_minutes: u32,
    /// Switched off by the owner.
    pub paused: bool,
    /// What the connector remembers.
    pub cursor: Option<String>,
    /// Requests that the last run left, without headers.
    pub pending: Vec<Request>,
    /// Since when it is watched.
    pub created_at: Time,
    /// Its history has been read.
    pub first_run_done: bool,
    /// When it was last tried.
    pub last_run: Option<Time>,
    /// When it last answered well.
    pub last_success: Option<Time>,
    /// When it is due; none: never (imports).
    pub next_run: Option<Time>,
    /// Failed runs in a row.
    pub failures: u32,
    /// The last run's problem.
    pub problem: Option<SourceProblem>,
    /// What the platform says it has.
    pub platform_total: Option<u64>,
    /// The platform's own average.
    pub platform_average: Option<f64>,
    /// The scale of that.
    pub platform_best: Option<f64>,
    /// Mentions stored from it.
    pub stored: u64,
}

impl StoredSource {
    /// A source without anything yet.
    pub fn new(created_at: Time) -> Self {
        Self {
            id: SourceId::new(""),
            connector: String::new(),
            name: String::new(),
            settings: Values::new(),
            secrets: None,
            page_url: None,
            every_minutes: 60,
            paused: false,
            cursor: None,
            pending: Vec::new(),
            created_at,
            first_run_done: false,
            last_run: None,
            last_success: None,
            next_run: None,
            failures: 0,
            problem: None,
            platform_total: None,
            platform_average: None,
            platform_best: None,
            stored: 0,
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
    /// Mentions in the answers; none where nothing had been modified.
    pub found: Option<u32>,
    /// Never seen before.
    pub new: u32,
    /// Changed.
    pub changed: u32,
    /// What went wrong.
    pub problem: Option<SourceProblem>,
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

/// What is known of a source's rhythm.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rhythm {
    /// Mentions published (else collected) in the period.
    pub mentions: u64,
    /// The first of them.
    pub first: Option<Time>,
    /// The last of them.
    pub last: Option<Time>,
}

const COLUMNS: &str = "SELECT id, connector, name, settings, secrets, page_url, every_minutes, paused, cursor, pending, created_at, \
     first_run_done, last_run, last_success, next_run, failures, problem, problem_detail, platform_total, \
     platform_average, platform_best, stored FROM sources";

impl Store {
    /// Every source that has not been removed, by name.
    pub async fn source_rows(&self) -> Result<Vec<StoredSource>> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE removed_at IS NULL ORDER BY name, id"));
        sqlx::query(sql).fetch_all(&self.pool).await?.iter().map(source).collect()
    }

    /// One source, unless it has been removed.
    pub async fn source_row(&self, id: &str) -> Result<Option<StoredSource>> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE id = $1 AND removed_at IS NULL"));
        sqlx::query(sql).bind(id).fetch_optional(&self.pool).await?.as_ref().map(source).transpose()
    }

    /// The import source of that name.
    pub async fn import_source(&self, connector: &str, name: &str) -> Result<Option<StoredSource>> {
        let sql = sqlx::AssertSqlSafe(format!(
            "{COLUMNS} WHERE connector = $1 AND name = $2 AND removed_at IS NULL ORDER BY id LIMIT 1"
        ));
        let row = sqlx::query(sql).bind(connector).bind(name).fetch_optional(&self.pool).await?;
        row.as_ref().map(source).transpose()
    }

    /// Sources that are due, the longest waiting first.
    pub async fn due_sources(&self, now: Time, limit: usize) -> Result<Vec<StoredSource>> {
        let sql = sqlx::AssertSqlSafe(format!(
            "{COLUMNS} WHERE removed_at IS NULL AND paused = 0 AND next_run <= $1 \
             AND (taken_until IS NULL OR taken_until <= $1) ORDER BY next_run LIMIT $2"
        ));
        let rows = sqlx::query(sql).bind(to_millis(now)).bind(limit as i64).fetch_all(&self.pool).await?;
        rows.iter().map(source).collect()
    }

    /// When the next source is due that nobody is reading.
    pub async fn next_source_at(&self) -> Result<Option<Time>> {
        let row = sqlx::query(
            "SELECT MIN(CASE WHEN taken_until > next_run THEN taken_until ELSE next_run END) AS at FROM sources \
             WHERE removed_at IS NULL AND paused = 0",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(row.try_get::<Option<i64>, _>("at")?.map(from_millis))
    }

    /// Adds a source, or writes over what the owner may change of it: name, settings, secrets, page, rhythm, pause, next run.
    pub async fn put_source(&self, source: &StoredSource) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO sources (id, connector, name, settings, secrets, page_url, every_minutes, paused, created_at, \
             next_run) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, settings = excluded.settings, \
             secrets = excluded.secrets, page_url = excluded.page_url, every_minutes = excluded.every_minutes, \
             paused = excluded.paused, next_run = excluded.next_run",
        )
        .bind(source.id.as_str())
        .bind(&source.connector)
        .bind(&source.name)
        .bind(serde_json::to_string(&source.settings)?)
        .bind(source.secrets.as_deref())
        .bind(source.page_url.as_deref())
        .bind(i32::try_from(source.every_minutes).unwrap_or(i32::MAX))
        .bind(i32::from(source.paused))
        .bind(to_millis(source.created_at))
        .bind(source.next_run.map(to_millis))
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Stops watching; the mentions stay. False where there is no such source.
    pub async fn remove_source(&self, id: &str, now: Time) -> Result<bool> {
        let mut writing = self.write().await?;
        let removed = sqlx::query(
            "UPDATE sources SET removed_at = $1, next_run = NULL, secrets = NULL WHERE id = $2 AND removed_at IS NULL",
        )
        .bind(to_millis(now))
        .bind(id)
        .execute(&mut *writing)
        .await?;
        writing.commit().await?;
        Ok(removed.rows_affected() > 0)
    }

    /// Makes a source due now. False where there is no such source.
    pub async fn source_due_now(&self, id: &str, now: Time) -> Result<bool> {
        let mut writing = self.write().await?;
        let done = sqlx::query("UPDATE sources SET next_run = $1 WHERE id = $2 AND removed_at IS NULL")
            .bind(to_millis(now))
            .bind(id)
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Takes a source for a run until the given moment; false where another run holds it.
    pub async fn take_source(&self, id: &SourceId, now: Time, until: Time) -> Result<bool> {
        let mut writing = self.write().await?;
        let taken = sqlx::query(
            "UPDATE sources SET taken_until = $1 WHERE id = $2 AND (taken_until IS NULL OR taken_until <= $3)",
        )
        .bind(to_millis(until))
        .bind(id.as_str())
        .bind(to_millis(now))
        .execute(&mut *writing)
        .await?;
        writing.commit().await?;
        Ok(taken.rows_affected() > 0)
    }

    /// Frees sources that a run held which has not ended: one, or all of them at the start of the only collector.
    pub async fn free_sources(&self, id: Option<&SourceId>) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE sources SET taken_until = NULL WHERE taken_until IS NOT NULL AND ($1 = '' OR id = $1)",
        )
        .bind(id.map_or("", |id| id.as_str()))
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Records what came of a run, at the source and in the ledger.
    pub async fn finish_run(&self, id: &SourceId, run: &RunRecord) -> Result<()> {
        let mut writing = self.write().await?;
        let problem = run.problem.as_ref();
        let (total, average, best) = run.totals;
        sqlx::query(
            "UPDATE sources SET last_run = $1, last_success = CASE WHEN $2 = 1 THEN $1 ELSE last_success END, \
             failures = CASE WHEN $2 = 1 THEN 0 ELSE failures + 1 END, problem = $3, problem_detail = $4, \
             taken_until = NULL, next_run = $5, cursor = COALESCE($6, cursor), pending = $12, first_run_done = CASE WHEN $7 = 1 THEN 1 ELSE first_run_done END, \
             platform_total = COALESCE($8, platform_total), platform_average = COALESCE($9, platform_average), \
             platform_best = COALESCE($10, platform_best) WHERE id = $11",
        )
        .persistent(self.dialect.keep_prepared())
        .bind(to_millis(run.started_at))
        .bind(i32::from(problem.is_none()))
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
        sqlx::query(
            "INSERT INTO runs (id, source_id, started_at, ended_at, requests, found, new, changed, problem, detail) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(new_id())
        .bind(id.as_str())
        .bind(to_millis(run.started_at))
        .bind(to_millis(run.ended_at))
        .bind(i32::try_from(run.requests).unwrap_or(i32::MAX))
        .bind(run.found.map(|n| i32::try_from(n).unwrap_or(i32::MAX)))
        .bind(i32::try_from(run.new).unwrap_or(i32::MAX))
        .bind(i32::try_from(run.changed).unwrap_or(i32::MAX))
        .bind(problem.map(|p| p.problem.as_str()))
        .bind(run.detail.as_deref())
        .execute(&mut *writing)
        .await?;
        writing.commit().await
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

    /// How often a source speaks: its mentions since then.
    pub async fn rhythm(&self, id: &SourceId, since: Time) -> Result<Rhythm> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS n, MIN(at) AS first, MAX(at) AS last FROM mentions WHERE source_id = $1 AND at > $2",
        )
        .bind(id.as_str())
        .bind(to_millis(since))
        .fetch_one(&self.pool)
        .await?;
        Ok(Rhythm {
            mentions: row.try_get::<i64, _>("n")?.unsigned_abs(),
            first: row.try_get::<Option<i64>, _>("first")?.map(from_millis),
            last: row.try_get::<Option<i64>, _>("last")?.map(from_millis),
        })
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

/// Headers may hold credentials and stay out of the database.
fn pending_text(requests: &[Request]) -> Result<String> {
    let bare: Vec<Request> = requests.iter().map(|r| Request { headers: Vec::new(), ..r.clone() }).collect();
    Ok(serde_json::to_string(&bare)?)
}

fn source(row: &AnyRow) -> Result<StoredSource> {
    let time = |column: &str| -> Result<Option<Time>> {
        Ok(row.try_get::<Option<i64>, _>(column)?.map(from_millis))
    };
    let problem: Option<String> = row.try_get("problem")?;
    let detail: Option<String> = row.try_get("problem_detail")?;
    Ok(StoredSource {
        id: SourceId::new(row.try_get::<String, _>("id")?),
        connector: row.try_get("connector")?,
        name: row.try_get("name")?,
        settings: serde_json::from_str(row.try_get("settings")?)?,
        secrets: row.try_get("secrets")?,
        page_url: row.try_get("page_url")?,
        every_minutes: row.try_get::<i32, _>("every_minutes")?.unsigned_abs(),
        paused: row.try_get::<i32, _>("paused")? != 0,
        cursor: row.try_get("cursor")?,
        pending: match row.try_get::<Option<String>, _>("pending")? {
            Some(text) => serde_json::from_str(&text)?,
            None => Vec::new(),
        },
        created_at: from_millis(row.try_get("created_at")?),
        first_run_done: row.try_get::<i32, _>("first_run_done")? != 0,
        last_run: time("last_run")?,
        last_success: time("last_success")?,
        next_run: time("next_run")?,
        failures: row.try_get::<i32, _>("failures")?.unsigned_abs(),
        problem: problem
            .as_deref()
            .and_then(goodword_shared::ProblemKind::parse)
            .map(|problem| SourceProblem { problem, detail: detail.unwrap_or_default() }),
        platform_total: row.try_get::<Option<i64>, _>("platform_total")?.map(i64::unsigned_abs),
        platform_average: row.try_get("platform_average")?,
        platform_best: row.try_get("platform_best")?,
        stored: row.try_get::<i64, _>("stored")?.unsigned_abs(),
    })
}
