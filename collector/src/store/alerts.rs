//! Alerts as the page shows them, and what a channel may say about the mention behind one.

use goodword_shared::{Analysis, Mention, Time, alert::Alert};
use sqlx::{AnyConnection, Row};

use super::{Result, Store, to_millis};

/// What is known of an alert's mention at the time of telling.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertFacts {
    /// The mention as read last.
    pub mention: Mention,
    /// What we make of it.
    pub analysis: Analysis,
    /// The connector's slug.
    pub connector: String,
    /// By the open definition.
    pub unhappy: bool,
    /// The matched customer: id and name.
    pub customer: Option<(String, String)>,
    /// Why the case was opened; empty where there is none.
    pub reasons: Vec<String>,
}

/// What stands where a person's words stood before they took them back.
const TAKEN_BACK: &str = "A mention that was removed";

/// Takes the words and the name out of what was and is to be told of a mention that its author removed; what still waits is
/// not told any more.
pub(super) async fn forget_words(connection: &mut AnyConnection, mention_id: &str, now: Time) -> Result<()> {
    sqlx::query("DELETE FROM alerts WHERE mention_id = $1")
        .bind(mention_id)
        .execute(&mut *connection)
        .await?;
    // Keys are MENTION.CHANNEL, and / is the character after the full stop.
    let rows =
        sqlx::query("SELECT id, payload FROM outbox WHERE idempotency_key >= $1 AND idempotency_key < $2")
            .bind(format!("{mention_id}."))
            .bind(format!("{mention_id}/"))
            .fetch_all(&mut *connection)
            .await?;
    for row in rows {
        let mut alert: Alert = serde_json::from_str(&row.try_get::<String, _>("payload")?)?;
        alert.title = TAKEN_BACK.into();
        alert.text = String::new();
        sqlx::query("UPDATE outbox SET subject = $1, payload = $2 WHERE id = $3")
            .bind(TAKEN_BACK)
            .bind(serde_json::to_string(&alert)?)
            .bind(row.try_get::<String, _>("id")?)
            .execute(&mut *connection)
            .await?;
    }
    sqlx::query(
        "UPDATE outbox SET state = 'failed', detail = 'Removed by its author before it was told.', done_at = $1, \
         claimed_until = NULL WHERE idempotency_key >= $2 AND idempotency_key < $3 AND state = 'waiting'",
    )
    .bind(to_millis(now))
    .bind(format!("{mention_id}."))
    .bind(format!("{mention_id}/"))
    .execute(connection)
    .await?;
    Ok(())
}

impl Store {
    /// Writes an alert for the page, in the transaction of its cause; one for each mention.
    pub async fn add_alert(connection: &mut AnyConnection, alert: &Alert, now: Time) -> Result<bool> {
        let written = sqlx::query(
            "INSERT INTO alerts (mention_id, case_id, alert, at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (mention_id) DO NOTHING",
        )
        .bind(alert.mention_id.as_str())
        .bind(alert.case_id.as_ref().map(|id| id.as_str()))
        .bind(serde_json::to_string(alert)?)
        .bind(to_millis(now))
        .persistent(false)
        .execute(connection)
        .await?;
        Ok(written.rows_affected() > 0)
    }

    /// Alerts raised since then, newest first, at most 200.
    pub async fn alerts_since(&self, since: Time) -> Result<Vec<Alert>> {
        let rows = sqlx::query("SELECT alert FROM alerts WHERE at >= $1 ORDER BY at DESC LIMIT 200")
            .bind(to_millis(since))
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(|row| Ok(serde_json::from_str(&row.try_get::<String, _>("alert")?)?)).collect()
    }

    /// Forgets alerts and finished deliveries from before then; answers how many.
    pub async fn forget_alerts(&self, before: Time) -> Result<u64> {
        let mut writing = self.write().await?;
        let mut forgotten = 0;
        for sql in [
            "DELETE FROM outbox WHERE created_at < $1 AND state <> 'waiting'",
            "DELETE FROM alerts WHERE at < $1",
        ] {
            forgotten +=
                sqlx::query(sql).bind(to_millis(before)).execute(&mut *writing).await?.rows_affected();
        }
        writing.commit().await?;
        Ok(forgotten)
    }

    /// The facts behind an alert; none where the mention is gone, or was a test's.
    pub async fn alert_facts(&self, mention_id: &str) -> Result<Option<AlertFacts>> {
        let row = sqlx::query(
            "SELECT m.mention, m.analysis, m.connector, m.unhappy, cu.id AS customer_id, cu.name AS customer_name, \
             (SELECT MAX(c.reasons) FROM cases c WHERE c.mention_id = m.id) AS reasons \
             FROM mentions m LEFT JOIN authors a ON a.id = m.author_id LEFT JOIN customers cu ON cu.id = a.customer_id \
             WHERE m.id = $1 AND m.deleted = 0",
        )
        .bind(mention_id)
        .fetch_optional(self.pool())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let customer_id: Option<String> = row.try_get("customer_id")?;
        let customer_name: Option<String> = row.try_get("customer_name")?;
        let reasons: Option<String> = row.try_get("reasons")?;
        Ok(Some(AlertFacts {
            mention: serde_json::from_str(&row.try_get::<String, _>("mention")?)?,
            analysis: serde_json::from_str(&row.try_get::<String, _>("analysis")?)?,
            connector: row.try_get("connector")?,
            unhappy: row.try_get::<i32, _>("unhappy")? != 0,
            customer: customer_id.zip(customer_name),
            reasons: reasons.map(|r| serde_json::from_str(&r)).transpose()?.unwrap_or_default(),
        }))
    }
}
