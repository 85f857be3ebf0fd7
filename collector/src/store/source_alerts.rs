//! Alerts about sources themselves: raised once, told by the rules' channels in the same transaction, and resolved with a word
//! that it is over. One is open for a source at most.

use goodword_shared::{Time, alert::Alert, id::SourceId};
use sqlx::Row;

use super::{Result, Store, from_millis, outbox::NewEffect, to_millis};

/// An alert about a source that is not over.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenTrouble {
    /// Its id: what keys of messages are made of.
    pub id: String,
    /// Which source.
    pub source: SourceId,
    /// `failing` or `quiet`.
    pub kind: String,
    /// Since when.
    pub raised_at: Time,
}

/// A message about sources and whom it goes to.
#[derive(Clone, Debug)]
pub struct SourceNotice {
    /// What is told.
    pub alert: Alert,
    /// For the list of deliveries.
    pub subject: String,
    /// The same at every try.
    pub key: String,
    /// By which channels.
    pub channels: Vec<String>,
}

impl Store {
    /// Alerts about sources that are not over.
    pub async fn open_troubles(&self) -> Result<Vec<OpenTrouble>> {
        let rows =
            sqlx::query("SELECT id, source_id, kind, raised_at FROM source_alerts WHERE resolved_at IS NULL")
                .fetch_all(&self.pool)
                .await?;
        rows.iter()
            .map(|row| {
                Ok(OpenTrouble {
                    id: row.try_get("id")?,
                    source: SourceId::new(row.try_get::<String, _>("source_id")?),
                    kind: row.try_get("kind")?,
                    raised_at: from_millis(row.try_get("raised_at")?),
                })
            })
            .collect()
    }

    /// Sources whose last alert was resolved since then: one that comes and goes is not told of each time.
    pub async fn lately_troubled(&self, since: Time) -> Result<Vec<SourceId>> {
        let rows = sqlx::query("SELECT DISTINCT source_id FROM source_alerts WHERE resolved_at > $1")
            .bind(to_millis(since))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| Ok(SourceId::new(row.try_get::<String, _>("source_id")?))).collect()
    }

    /// Raises alerts about sources, with one notice for all of them. False, and nothing is told, where another collector
    /// raised one of them first.
    pub async fn raise_troubles(
        &self,
        troubles: &[OpenTrouble],
        notice: Option<&SourceNotice>,
        now: Time,
    ) -> Result<bool> {
        let mut writing = self.write().await?;
        for trouble in troubles {
            let raised = sqlx::query(
                "INSERT INTO source_alerts (id, source_id, kind, raised_at, alert) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(&trouble.id)
            .bind(trouble.source.as_str())
            .bind(&trouble.kind)
            .bind(to_millis(trouble.raised_at))
            .bind(notice.map(|n| serde_json::to_string(&n.alert)).transpose()?.unwrap_or_else(|| "{}".into()))
            .execute(&mut *writing)
            .await?;
            if raised.rows_affected() == 0 {
                return Ok(false);
            }
        }
        tell(&mut writing, notice, now).await?;
        writing.commit().await?;
        Ok(true)
    }

    /// Resolves alerts about sources, with one notice that it is over.
    pub async fn resolve_troubles(
        &self,
        ids: &[String],
        notice: Option<&SourceNotice>,
        now: Time,
    ) -> Result<()> {
        let mut writing = self.write().await?;
        for id in ids {
            sqlx::query("UPDATE source_alerts SET resolved_at = $1 WHERE id = $2 AND resolved_at IS NULL")
                .bind(to_millis(now))
                .bind(id)
                .execute(&mut *writing)
                .await?;
        }
        tell(&mut writing, notice, now).await?;
        writing.commit().await
    }

    /// Forgets alerts about sources that were over before then.
    pub async fn forget_troubles(&self, before: Time) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query("DELETE FROM source_alerts WHERE resolved_at < $1")
            .bind(to_millis(before))
            .execute(&mut *writing)
            .await?;
        writing.commit().await
    }
}

async fn tell(connection: &mut sqlx::AnyConnection, notice: Option<&SourceNotice>, now: Time) -> Result<()> {
    let Some(notice) = notice else { return Ok(()) };
    for channel in &notice.channels {
        let effect = NewEffect {
            key: format!("{}.{channel}", notice.key),
            channel_id: channel.clone(),
            subject: notice.subject.clone(),
            alert: notice.alert.clone(),
        };
        Store::add_effect(connection, &effect, now).await?;
    }
    Ok(())
}
