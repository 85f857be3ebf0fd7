//! Pauses that hosts and accounts want, and what accounts have used of their daily allowance: kept, so that a restart forgets
//! neither.

use goodword_shared::Time;
use sqlx::Row;

use super::{Result, Store, from_millis, to_millis};

/// Whom a pause concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom<'a> {
    /// Every source that asks this `host:port` first.
    Host(&'a str),
    /// Every source that shares these limits.
    Limits(&'a str),
}

impl Whom<'_> {
    fn name(self) -> String {
        match self {
            Whom::Host(host) => format!("host {host}"),
            Whom::Limits(limits) => format!("limits {limits}"),
        }
    }
}

impl Store {
    /// Counts a failure there and answers how many there have been in a row.
    pub async fn failed_there(&self, whom: Whom<'_>, now: Time) -> Result<u32> {
        let mut writing = self.write().await?;
        let row = sqlx::query(
            "INSERT INTO places (name, failures, held_until, seen_at) VALUES ($1, 1, $2, $2) \
             ON CONFLICT (name) DO UPDATE SET failures = places.failures + 1, seen_at = excluded.seen_at \
             RETURNING failures",
        )
        .bind(whom.name())
        .bind(to_millis(now))
        .fetch_one(&mut *writing)
        .await?;
        writing.commit().await?;
        Ok(row.try_get::<i32, _>("failures")?.unsigned_abs())
    }

    /// It answers well again.
    pub async fn fine_there(&self, whom: Whom<'_>) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query("DELETE FROM places WHERE name = $1").bind(whom.name()).execute(&mut *writing).await?;
        writing.commit().await
    }

    /// Leaves it alone until then: no source there is due before. Sources elsewhere are not touched.
    pub async fn pause_there(&self, whom: Whom<'_>, until: Time, now: Time) -> Result<u64> {
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO places (name, failures, held_until, seen_at) VALUES ($1, 0, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET held_until = excluded.held_until, seen_at = excluded.seen_at",
        )
        .bind(whom.name())
        .bind(to_millis(until))
        .bind(to_millis(now))
        .execute(&mut *writing)
        .await?;
        let (sql, key) = match whom {
            Whom::Host(host) => (
                "UPDATE sources SET next_run = $1 WHERE host = $2 AND removed_at IS NULL AND next_run < $1",
                host,
            ),
            Whom::Limits(limits) => (
                "UPDATE sources SET next_run = $1 WHERE account = $2 AND removed_at IS NULL AND next_run < $1",
                limits,
            ),
        };
        let moved = sqlx::query(sql).bind(to_millis(until)).bind(key).execute(&mut *writing).await?;
        writing.commit().await?;
        Ok(moved.rows_affected())
    }

    /// Until when it wants to be left alone, where that is not over.
    pub async fn paused_there(&self, whom: Whom<'_>, now: Time) -> Result<Option<Time>> {
        let row = sqlx::query("SELECT held_until FROM places WHERE name = $1 AND held_until > $2")
            .bind(whom.name())
            .bind(to_millis(now))
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| Ok(from_millis(row.try_get("held_until")?))).transpose()
    }

    /// Takes units of that day's allowance. None, and nothing taken, where fewer are left; else how many are used now.
    pub async fn spend(&self, limits: &str, day: &str, units: u32, allowance: u32) -> Result<Option<u64>> {
        if units > allowance {
            return Ok(None);
        }
        let mut writing = self.write().await?;
        let row = sqlx::query(
            "INSERT INTO budgets (account, day, used) VALUES ($1, $2, $3) ON CONFLICT (account, day) \
             DO UPDATE SET used = budgets.used + excluded.used WHERE budgets.used + excluded.used <= $4 RETURNING used",
        )
        .bind(limits)
        .bind(day)
        .bind(i64::from(units))
        .bind(i64::from(allowance))
        .fetch_optional(&mut *writing)
        .await?;
        writing.commit().await?;
        row.map(|row| Ok(row.try_get::<i64, _>("used")?.unsigned_abs())).transpose()
    }

    /// Forgets pauses and allowances of long ago.
    pub async fn forget_manners(&self, before: Time) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query("DELETE FROM places WHERE seen_at < $1 AND held_until < $1")
            .bind(to_millis(before))
            .execute(&mut *writing)
            .await?;
        sqlx::query("DELETE FROM budgets WHERE day < $1")
            .bind(before.format("%Y-%m-%d").to_string())
            .execute(&mut *writing)
            .await?;
        writing.commit().await
    }
}
