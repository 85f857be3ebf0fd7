//! Sources, their runs and what conditional requests need. How a source fares is worked out elsewhere from these facts.

use goodword_shared::{
    Time,
    id::SourceId,
    problem::SourceProblem,
    source::{QuietHours, Values},
};
use sqlx::{Row, any::AnyRow};

use super::{Result, Store, from_millis, sql::Sql, to_millis};
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
    /// The account that it is let in by.
    pub account: Option<String>,
    /// The page to open for a human.
    pub page_url: Option<String>,
    /// Minutes between runs: the owner's, or about which it adapts.
    pub every_minutes: u32,
    /// The interval follows how often something comes.
    pub adaptive: bool,
    /// When it is not to be read.
    pub not_between: Option<QuietHours>,
    /// `host:port` that it asks first, once known.
    pub host: Option<String>,
    /// Whose limits it shares: a digest of connector and keys, once known.
    pub limits: Option<String>,
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
            account: None,
            page_url: None,
            every_minutes: 60,
            adaptive: true,
            not_between: None,
            host: None,
            limits: None,
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

const COLUMNS: &str = "SELECT id, connector, name, settings, secrets, account_id, page_url, every_minutes, paused, cursor, pending, created_at, \
     first_run_done, last_run, last_success, next_run, failures, problem, problem_detail, platform_total, \
     platform_average, platform_best, stored, adaptive, not_between, host, account FROM sources";

/// Which of the due sources are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Those whose last run went well: they are not to wait for the others.
    Proven,
    /// Those that are new or failed.
    Unproven,
}

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

    /// Sources of a lane that are due, the longest waiting first, new ones before those that failed; none on a host that is busy.
    pub async fn due_sources(
        &self,
        lane: Lane,
        busy: &[String],
        now: Time,
        limit: usize,
    ) -> Result<Vec<StoredSource>> {
        let mut sql = Sql::new(COLUMNS);
        sql.push(" WHERE removed_at IS NULL AND paused = 0 AND next_run <= ").bind(to_millis(now));
        sql.push(" AND (taken_until IS NULL OR taken_until <= ").bind(to_millis(now)).push(")");
        sql.push(match lane {
            Lane::Proven => " AND failures = 0 AND first_run_done = 1",
            Lane::Unproven => " AND (failures > 0 OR first_run_done = 0)",
        });
        if !busy.is_empty() {
            sql.push(" AND (host IS NULL OR host NOT IN ").bind_list(busy).push(")");
        }
        sql.push(" ORDER BY CASE WHEN failures > 0 THEN 1 ELSE 0 END, next_run LIMIT ").bind(limit as i64);
        sql.all(&self.pool).await?.iter().map(source).collect()
    }

    /// Remembers where a source asks and whose limits it shares.
    pub async fn place_source(&self, id: &SourceId, host: Option<&str>, limits: Option<&str>) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query("UPDATE sources SET host = $1, account = $2 WHERE id = $3")
            .persistent(false)
            .bind(host)
            .bind(limits)
            .bind(id.as_str())
            .execute(&mut *writing)
            .await?;
        writing.commit().await
    }

    /// When the next source becomes due, or free of a run that holds it, after that moment.
    pub async fn next_source_at(&self, now: Time) -> Result<Option<Time>> {
        let row = sqlx::query(
            "SELECT MIN(at) AS at FROM (SELECT CASE WHEN taken_until > next_run THEN taken_until ELSE next_run END AS at \
             FROM sources WHERE removed_at IS NULL AND paused = 0) AS due WHERE at > $1",
        )
        .bind(to_millis(now))
        .fetch_one(&self.pool)
        .await?;
        Ok(row.try_get::<Option<i64>, _>("at")?.map(from_millis))
    }

    /// Adds a source, or writes over what the owner may change of it: name, settings, secrets, page, rhythm, pause, next run.
    pub async fn put_source(&self, source: &StoredSource) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO sources (id, connector, name, settings, secrets, page_url, every_minutes, paused, created_at, \
             next_run, adaptive, not_between, host, account) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, settings = excluded.settings, \
             secrets = excluded.secrets, page_url = excluded.page_url, every_minutes = excluded.every_minutes, \
             paused = excluded.paused, next_run = excluded.next_run, adaptive = excluded.adaptive, \
             not_between = excluded.not_between, host = excluded.host, account = excluded.account",
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
        .bind(i32::from(source.adaptive))
        .bind(source.not_between.as_ref().map(serde_json::to_string).transpose()?)
        .bind(source.host.as_deref())
        .bind(source.limits.as_deref())
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
}

/// Headers may hold credentials and stay out of the database.
pub(super) fn pending_text(requests: &[Request]) -> Result<String> {
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
        account: row.try_get("account_id")?,
        page_url: row.try_get("page_url")?,
        every_minutes: row.try_get::<i32, _>("every_minutes")?.unsigned_abs(),
        paused: row.try_get::<i32, _>("paused")? != 0,
        adaptive: row.try_get::<i32, _>("adaptive")? != 0,
        not_between: match row.try_get::<Option<String>, _>("not_between")? {
            Some(text) => serde_json::from_str(&text)?,
            None => None,
        },
        host: row.try_get("host")?,
        limits: row.try_get("account")?,
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
