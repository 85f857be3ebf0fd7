//! The record of who did what: exports, imports, changes of channels and the like. Append-only.

use goodword_shared::Time;
use sqlx::{AnyConnection, Row};

use super::{Result, Store, from_millis, new_id, to_millis};

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Time,
    /// A user's address, `engine`, or `command line`.
    pub by: String,
    /// `export`, `import`, `match`, `case`, `source`, `channel`, `rule` …
    pub what: String,
    /// The id of what it was done to.
    pub object: Option<String>,
    /// In words.
    pub detail: String,
}

impl Store {
    /// Adds an entry.
    pub async fn add_audit(&self, entry: &AuditEntry) -> Result<()> {
        let mut writing = self.write().await?;
        Self::add_audit_in(&mut writing, entry).await?;
        writing.commit().await
    }

    /// The same inside the transaction of what is recorded.
    pub async fn add_audit_in(connection: &mut AnyConnection, entry: &AuditEntry) -> Result<()> {
        sqlx::query(
            "INSERT INTO audit (id, at, by_whom, what, object_id, detail) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(new_id())
        .bind(to_millis(entry.at))
        .bind(&entry.by)
        .bind(&entry.what)
        .bind(entry.object.as_deref())
        .bind(&entry.detail)
        .persistent(false)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// The newest entries.
    pub async fn audit(&self, limit: u32) -> Result<Vec<AuditEntry>> {
        let rows = sqlx::query(
            "SELECT at, by_whom, what, object_id, detail FROM audit ORDER BY at DESC, id DESC LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(AuditEntry {
                    at: from_millis(row.try_get("at")?),
                    by: row.try_get("by_whom")?,
                    what: row.try_get("what")?,
                    object: row.try_get("object_id")?,
                    detail: row.try_get("detail")?,
                })
            })
            .collect()
    }
}
