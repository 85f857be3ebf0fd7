//! The owner's settings: one JSON record; what it does not name keeps its default.

use goodword_shared::settings::Settings;
use sqlx::Row;

use super::{Result, Store, sql::Sql};

impl Store {
    /// The owner's settings, defaults where nothing is stored.
    pub async fn settings(&self) -> Result<Settings> {
        let row = Sql::new("SELECT value FROM settings WHERE name = 'owner'").optional(&self.pool).await?;
        match row {
            Some(row) => Ok(serde_json::from_str(row.try_get("value")?)?),
            None => Ok(Settings::default()),
        }
    }

    /// Replaces them.
    pub async fn put_settings(&self, settings: &Settings) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ('owner', $1) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(serde_json::to_string(settings)?)
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }
}
