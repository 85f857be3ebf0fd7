//! The owner's alert channels, secrets sealed.

use goodword_shared::{Time, source::Values};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{Result, Store, from_millis, to_millis};

/// A channel as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredChannel {
    /// Which.
    pub id: String,
    /// The descriptor's slug.
    pub kind: String,
    /// The owner's name for it.
    pub name: String,
    /// Settings without secrets.
    pub settings: Values,
    /// Sealed secrets.
    pub secrets: Option<String>,
    /// Whether it is used.
    pub enabled: bool,
    /// Since when.
    pub created_at: Time,
}

impl Store {
    /// Every channel, oldest first.
    pub async fn channels(&self) -> Result<Vec<StoredChannel>> {
        let rows =
            sqlx::query("SELECT * FROM channels ORDER BY created_at, id").fetch_all(self.pool()).await?;
        rows.iter().map(channel).collect()
    }

    /// One channel.
    pub async fn channel(&self, id: &str) -> Result<Option<StoredChannel>> {
        let row =
            sqlx::query("SELECT * FROM channels WHERE id = $1").bind(id).fetch_optional(self.pool()).await?;
        row.as_ref().map(channel).transpose()
    }

    /// Adds a channel or replaces the one of that id.
    pub async fn put_channel(&self, channel: &StoredChannel) -> Result<()> {
        let mut writing = self.write().await?;
        Self::put_channel_in(&mut writing, channel).await?;
        writing.commit().await
    }

    /// The same inside a transaction.
    pub async fn put_channel_in(connection: &mut AnyConnection, channel: &StoredChannel) -> Result<()> {
        sqlx::query(
            "INSERT INTO channels (id, kind, name, settings, secrets, enabled, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET name = excluded.name, \
             settings = excluded.settings, secrets = excluded.secrets, enabled = excluded.enabled",
        )
        .bind(&channel.id)
        .bind(&channel.kind)
        .bind(&channel.name)
        .bind(serde_json::to_string(&channel.settings)?)
        .bind(channel.secrets.as_deref())
        .bind(i32::from(channel.enabled))
        .bind(to_millis(channel.created_at))
        .persistent(false)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Removes a channel; what waits for it is given up, and rules forget it. False where there was none.
    pub async fn remove_channel(&self, id: &str, now: Time) -> Result<bool> {
        let mut writing = self.write().await?;
        let removed =
            sqlx::query("DELETE FROM channels WHERE id = $1").bind(id).execute(&mut *writing).await?;
        sqlx::query(
            "UPDATE outbox SET state = 'failed', detail = 'The channel was removed.', done_at = $1, claimed_until = NULL \
             WHERE channel_id = $2 AND state = 'waiting'",
        )
        .bind(to_millis(now))
        .bind(id)
        .execute(&mut *writing)
        .await?;
        for mut rule in Self::rules_in(&mut writing).await? {
            if rule.settings.channels.iter().any(|c| c.as_str() == id) {
                rule.settings.channels.retain(|c| c.as_str() != id);
                Self::put_rule_in(&mut writing, &rule).await?;
            }
        }
        writing.commit().await?;
        Ok(removed.rows_affected() > 0)
    }
}

fn channel(row: &AnyRow) -> Result<StoredChannel> {
    Ok(StoredChannel {
        id: row.try_get("id")?,
        kind: row.try_get("kind")?,
        name: row.try_get("name")?,
        settings: serde_json::from_str(&row.try_get::<String, _>("settings")?)?,
        secrets: row.try_get("secrets")?,
        enabled: row.try_get::<i32, _>("enabled")? != 0,
        created_at: from_millis(row.try_get("created_at")?),
    })
}
