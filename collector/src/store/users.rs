//! Users and their sessions. Knows hashes only: neither a password nor a session's token is ever stored.

use goodword_shared::{Time, id::UserId};
use sqlx::Row;

use super::{Result, Store, from_millis, new_id, sql::Sql, to_millis};

/// Somebody who may sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Mail address, lower case.
    pub email: String,
    /// argon2id, PHC string.
    pub password_hash: String,
    /// The visit before this one.
    pub seen_at: Option<Time>,
    /// The present visit.
    pub visit_at: Option<Time>,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("id", &self.id).finish_non_exhaustive()
    }
}

const USER: &str = "SELECT u.id, u.email, u.password_hash, u.seen_at, u.visit_at FROM users u";

fn user(row: &sqlx::any::AnyRow) -> Result<User> {
    Ok(User {
        id: UserId::new(row.try_get::<String, _>("id")?),
        email: row.try_get("email")?,
        password_hash: row.try_get("password_hash")?,
        seen_at: row.try_get::<Option<i64>, _>("seen_at")?.map(from_millis),
        visit_at: row.try_get::<Option<i64>, _>("visit_at")?.map(from_millis),
    })
}

impl Store {
    /// Whether anybody may sign in yet.
    pub async fn has_users(&self) -> Result<bool> {
        Ok(Sql::new("SELECT 1 AS one FROM users LIMIT 1").optional(&self.pool).await?.is_some())
    }

    /// The user of that (lower-case) address.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        let mut sql = Sql::new(USER);
        sql.push(" WHERE u.email = ").bind(email.to_owned());
        sql.optional(&self.pool).await?.as_ref().map(user).transpose()
    }

    /// Everybody's mail address, in order.
    pub async fn user_emails(&self) -> Result<Vec<String>> {
        let rows = Sql::new("SELECT email FROM users ORDER BY email").all(&self.pool).await?;
        rows.iter().map(|row| Ok(row.try_get("email")?)).collect()
    }

    /// Creates the first user; none where there is one already, even if both come at once.
    pub async fn create_owner(&self, email: &str, password_hash: &str, now: Time) -> Result<Option<User>> {
        // The row of settings is the lock: whoever writes it first creates the owner.
        let mut writing = self.write().await?;
        let claimed = sqlx::query(
            "INSERT INTO settings (name, value) VALUES ('owner_created', $1) ON CONFLICT (name) DO NOTHING",
        )
        .bind(to_millis(now).to_string())
        .execute(&mut *writing)
        .await?
        .rows_affected();
        if claimed == 0 {
            return Ok(None);
        }
        sqlx::query("INSERT INTO users (id, email, password_hash, created_at) VALUES ($1, $2, $3, $4)")
            .bind(new_id())
            .bind(email)
            .bind(password_hash)
            .bind(to_millis(now))
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        self.user_by_email(email).await
    }

    /// Opens a session for the token of that hash; expired ones of anybody are swept.
    pub async fn open_session(
        &self,
        user: &UserId,
        token_hash: &str,
        now: Time,
        expires_at: Time,
    ) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(to_millis(now))
            .execute(&mut *writing)
            .await?;
        sqlx::query(
            "INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(token_hash)
        .bind(user.as_str())
        .bind(to_millis(now))
        .bind(to_millis(expires_at))
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Whose session that token opens, while it lasts.
    pub async fn session_user(&self, token_hash: &str, now: Time) -> Result<Option<User>> {
        let mut sql = Sql::new(USER);
        sql.push(" JOIN sessions t ON t.user_id = u.id WHERE t.token_hash = ").bind(token_hash.to_owned());
        sql.push(" AND t.expires_at > ").bind(to_millis(now));
        sql.optional(&self.pool).await?.as_ref().map(user).transpose()
    }

    /// Ends one session.
    pub async fn close_session(&self, token_hash: &str) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
            .bind(token_hash)
            .execute(&mut *writing)
            .await?;
        writing.commit().await
    }

    /// Changes a password and ends the user's other sessions.
    pub async fn change_password(
        &self,
        user: &UserId,
        password_hash: &str,
        keep: Option<&str>,
    ) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query("UPDATE users SET password_hash = $1 WHERE id = $2")
            .bind(password_hash)
            .bind(user.as_str())
            .execute(&mut *writing)
            .await?;
        sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2")
            .bind(user.as_str())
            .bind(keep.unwrap_or_default())
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(())
    }

    /// Remembers a visit: `seen` is the visit before it.
    pub async fn remember_visit(&self, user: &UserId, seen: Option<Time>, visit: Time) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query("UPDATE users SET seen_at = $1, visit_at = $2 WHERE id = $3")
            .bind(seen.map(to_millis))
            .bind(to_millis(visit))
            .bind(user.as_str())
            .persistent(self.dialect.keep_prepared())
            .execute(&mut *writing)
            .await?;
        writing.commit().await
    }
}
