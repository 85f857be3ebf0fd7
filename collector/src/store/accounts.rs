//! Accounts at platforms, their sealed tokens, and consents under way. What is sealed is opened elsewhere.

use goodword_shared::{Time, id::SourceId};
use sqlx::{Row, any::AnyRow};

use super::{Result, Store, from_millis, to_millis};

/// An account as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAccount {
    /// Which.
    pub id: String,
    /// Whose accounts these are.
    pub provider: String,
    /// The app's public name there.
    pub client_id: String,
    /// Sealed tokens.
    pub sealed: String,
    /// When the token is better renewed.
    pub renew_at: Option<Time>,
    /// When access ends for good.
    pub ends_at: Option<Time>,
    /// Rises with every token.
    pub generation: i64,
    /// Why the owner has to connect again.
    pub problem: Option<String>,
    /// When the owner consented.
    pub connected_at: Time,
    /// When the token came.
    pub renewed_at: Time,
}

const COLUMNS: &str = "SELECT id, provider, client_id, sealed, renew_at, ends_at, generation, problem, connected_at, renewed_at \
     FROM accounts";

impl Store {
    /// One account.
    pub async fn account(&self, id: &str) -> Result<Option<StoredAccount>> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE id = $1"));
        sqlx::query(sql).bind(id).fetch_optional(&self.pool).await?.as_ref().map(account).transpose()
    }

    /// The accounts of one app at one provider, the oldest first.
    pub async fn app_accounts(&self, provider: &str, client_id: &str) -> Result<Vec<StoredAccount>> {
        let sql =
            sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE provider = $1 AND client_id = $2 ORDER BY id"));
        let rows = sqlx::query(sql).bind(provider).bind(client_id).fetch_all(&self.pool).await?;
        rows.iter().map(account).collect()
    }

    /// The names of the sources that use an account.
    pub async fn account_users(&self, id: &str) -> Result<Vec<String>> {
        let rows = sqlx::query(
            "SELECT name FROM sources WHERE account_id = $1 AND removed_at IS NULL ORDER BY name",
        )
        .bind(id)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| Ok(row.try_get("name")?)).collect()
    }

    /// Stores what a consent brought: a new account, or new tokens of a known one. `generation` counts as written.
    pub async fn put_account(&self, account: &StoredAccount) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO accounts (id, provider, client_id, sealed, renew_at, ends_at, generation, connected_at, renewed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             ON CONFLICT (id) DO UPDATE SET provider = excluded.provider, client_id = excluded.client_id, \
             sealed = excluded.sealed, renew_at = excluded.renew_at, ends_at = excluded.ends_at, \
             generation = excluded.generation, claimed_until = NULL, problem = NULL, \
             connected_at = excluded.connected_at, renewed_at = excluded.renewed_at",
        )
        .bind(&account.id)
        .bind(&account.provider)
        .bind(&account.client_id)
        .bind(&account.sealed)
        .bind(account.renew_at.map(to_millis))
        .bind(account.ends_at.map(to_millis))
        .bind(account.generation)
        .bind(to_millis(account.connected_at))
        .bind(to_millis(account.renewed_at))
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Claims the renewal of a token of that generation. False where somebody else has it, or has renewed already.
    pub async fn claim_account(&self, id: &str, generation: i64, now: Time, until: Time) -> Result<bool> {
        let mut writing = self.write().await?;
        let done = sqlx::query(
            "UPDATE accounts SET claimed_until = $1 WHERE id = $2 AND generation = $3 AND problem IS NULL \
             AND (claimed_until IS NULL OR claimed_until <= $4)",
        )
        .bind(to_millis(until))
        .bind(id)
        .bind(generation)
        .bind(to_millis(now))
        .execute(&mut *writing)
        .await?;
        writing.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends a claim without a token. With a problem the account is not asked again until the owner connects it.
    pub async fn release_account(&self, id: &str, generation: i64, problem: Option<&str>) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE accounts SET claimed_until = NULL, problem = $1 WHERE id = $2 AND generation = $3",
        )
        .bind(problem)
        .bind(id)
        .bind(generation)
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Stores a renewed token in one step, unless another one came in between. The claim ends.
    pub async fn renew_account(&self, account: &StoredAccount) -> Result<bool> {
        let mut writing = self.write().await?;
        let done = sqlx::query(
            "UPDATE accounts SET sealed = $1, renew_at = $2, ends_at = $3, generation = generation + 1, renewed_at = $4, \
             claimed_until = NULL, problem = NULL WHERE id = $5 AND generation = $6",
        )
        .bind(&account.sealed)
        .bind(account.renew_at.map(to_millis))
        .bind(account.ends_at.map(to_millis))
        .bind(to_millis(account.renewed_at))
        .bind(&account.id)
        .bind(account.generation)
        .execute(&mut *writing)
        .await?;
        writing.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Which account a source is let in by; it is tried at once.
    pub async fn set_source_account(&self, id: &SourceId, account: Option<&str>, now: Time) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE sources SET account_id = $1, next_run = $2, failures = 0, \
             problem = CASE WHEN $1 IS NULL THEN problem ELSE NULL END, \
             problem_detail = CASE WHEN $1 IS NULL THEN problem_detail ELSE NULL END WHERE id = $3",
        )
        .bind(account)
        .bind(to_millis(now))
        .bind(id.as_str())
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Sources that an account's new token lets in again are tried at once.
    pub async fn wake_account_users(&self, id: &str, now: Time) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE sources SET next_run = $1 WHERE account_id = $2 AND removed_at IS NULL AND problem = 'auth'",
        )
        .bind(to_millis(now))
        .bind(id)
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Forgets accounts that no source uses any more, with their tokens, and consents that came to nothing.
    pub async fn forget_accounts(&self, now: Time) -> Result<u64> {
        let mut writing = self.write().await?;
        let done = sqlx::query(
            "DELETE FROM accounts WHERE NOT EXISTS \
             (SELECT 1 FROM sources s WHERE s.account_id = accounts.id AND s.removed_at IS NULL)",
        )
        .execute(&mut *writing)
        .await?;
        sqlx::query("DELETE FROM access_attempts WHERE expires_at <= $1")
            .bind(to_millis(now))
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(done.rows_affected())
    }

    /// Remembers a consent that is under way.
    pub async fn put_attempt(
        &self,
        hash: &str,
        source: &SourceId,
        sealed: &str,
        expires_at: Time,
    ) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO access_attempts (state_hash, source_id, sealed, expires_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(hash)
        .bind(source.as_str())
        .bind(sealed)
        .bind(to_millis(expires_at))
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Takes a consent that is under way: a second one with the same name finds nothing. Source and what was sealed.
    pub async fn take_attempt(&self, hash: &str, now: Time) -> Result<Option<(SourceId, String)>> {
        let mut writing = self.write().await?;
        let row = sqlx::query(
            "DELETE FROM access_attempts WHERE state_hash = $1 RETURNING source_id, sealed, expires_at",
        )
        .bind(hash)
        .fetch_optional(&mut *writing)
        .await?;
        writing.commit().await?;
        let Some(row) = row else { return Ok(None) };
        let fresh = from_millis(row.try_get("expires_at")?) > now;
        let taken = (SourceId::new(row.try_get::<String, _>("source_id")?), row.try_get("sealed")?);
        Ok(fresh.then_some(taken))
    }
}

fn account(row: &AnyRow) -> Result<StoredAccount> {
    let time = |column: &str| -> Result<Option<Time>> {
        Ok(row.try_get::<Option<i64>, _>(column)?.map(from_millis))
    };
    Ok(StoredAccount {
        id: row.try_get("id")?,
        provider: row.try_get("provider")?,
        client_id: row.try_get("client_id")?,
        sealed: row.try_get("sealed")?,
        renew_at: time("renew_at")?,
        ends_at: time("ends_at")?,
        generation: row.try_get("generation")?,
        problem: row.try_get("problem")?,
        connected_at: from_millis(row.try_get("connected_at")?),
        renewed_at: from_millis(row.try_get("renewed_at")?),
    })
}
