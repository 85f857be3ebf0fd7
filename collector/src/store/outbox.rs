//! The outbox: effects decided but not yet carried out. A row is written in the transaction of its cause, claimed for a
//! while by one worker, and ends done or failed; a claim that runs out (the worker died) makes the row free again.

use goodword_shared::{
    Time,
    alert::{Alert, Delivery, DeliveryState},
    api::Page,
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow};

use super::{Result, Store, from_millis, new_id, to_millis};

/// An effect to write. The key is the same for the same cause and channel, so that deciding twice writes once.
#[derive(Clone, Debug)]
pub struct NewEffect {
    /// Becomes Message-ID and webhook-id: `MENTION.CHANNEL`.
    pub key: String,
    /// By which channel.
    pub channel_id: String,
    /// For the owner's list of deliveries.
    pub subject: String,
    /// What is told.
    pub alert: Alert,
}

/// An effect that this worker may now carry out, until the claim runs out.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The row.
    pub id: String,
    /// The same at every try.
    pub key: String,
    /// By which channel.
    pub channel_id: String,
    /// What is told.
    pub alert: Alert,
    /// Tries begun, this one included.
    pub tries: u32,
    /// When it was decided.
    pub created_at: Time,
    /// When the claim runs out; also the proof that it is still ours.
    pub until: Time,
}

const DELIVERY: &str = "SELECT o.id, COALESCE(c.name, 'a removed channel') AS channel, o.subject, o.state, o.tries, o.detail, \
     o.created_at, o.done_at FROM outbox o LEFT JOIN channels c ON c.id = o.channel_id";

impl Store {
    /// Writes an effect, in the transaction of its cause. False where it had been decided before.
    pub async fn add_effect(connection: &mut AnyConnection, effect: &NewEffect, now: Time) -> Result<bool> {
        let written = sqlx::query(
            "INSERT INTO outbox (id, idempotency_key, channel_id, subject, payload, state, created_at, not_before) \
             VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $6) ON CONFLICT (idempotency_key) DO NOTHING",
        )
        .bind(new_id())
        .bind(&effect.key)
        .bind(&effect.channel_id)
        .bind(&effect.subject)
        .bind(serde_json::to_string(&effect.alert)?)
        .bind(to_millis(now))
        .execute(connection)
        .await?;
        Ok(written.rows_affected() > 0)
    }

    /// Claims up to `limit` effects that are due, oldest first. Two workers never hold the same row: the condition is
    /// looked at again when the row is written.
    pub async fn claim_effects(&self, now: Time, until: Time, limit: u32) -> Result<Vec<Claimed>> {
        let mut writing = self.write().await?;
        let rows = sqlx::query(
            "UPDATE outbox SET claimed_until = $1, tries = tries + 1 \
             WHERE id IN (SELECT id FROM outbox WHERE state = 'waiting' AND not_before <= $2 \
                          AND (claimed_until IS NULL OR claimed_until <= $2) ORDER BY not_before LIMIT $3) \
             AND state = 'waiting' AND (claimed_until IS NULL OR claimed_until <= $2) \
             RETURNING id, idempotency_key, channel_id, payload, tries, created_at, claimed_until",
        )
        .bind(to_millis(until))
        .bind(to_millis(now))
        .bind(i64::from(limit))
        .fetch_all(&mut *writing)
        .await?;
        writing.commit().await?;
        rows.iter().map(claimed).collect()
    }

    /// Frees every claim, for a start where nobody else can be at work.
    pub async fn free_effects(&self) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE outbox SET claimed_until = NULL WHERE state = 'waiting' AND claimed_until IS NOT NULL",
        )
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Writes an effect that this caller carries out at once: it is claimed from the start.
    pub async fn add_claimed_effect(&self, effect: &NewEffect, now: Time, until: Time) -> Result<Claimed> {
        let mut writing = self.write().await?;
        let row = sqlx::query(
            "INSERT INTO outbox (id, idempotency_key, channel_id, subject, payload, state, tries, created_at, not_before, \
             claimed_until) VALUES ($1, $2, $3, $4, $5, 'waiting', 1, $6, $6, $7) \
             RETURNING id, idempotency_key, channel_id, payload, tries, created_at, claimed_until",
        )
        .bind(new_id())
        .bind(&effect.key)
        .bind(&effect.channel_id)
        .bind(&effect.subject)
        .bind(serde_json::to_string(&effect.alert)?)
        .bind(to_millis(now))
        .bind(to_millis(until))
        .fetch_one(&mut *writing)
        .await?;
        writing.commit().await?;
        claimed(&row)
    }

    /// It was carried out. Holds even where the claim has run out meanwhile: done is done.
    pub async fn effect_done(&self, id: &str, detail: &str, now: Time) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE outbox SET state = 'done', detail = $1, done_at = $2, claimed_until = NULL WHERE id = $3",
        )
        .bind(detail)
        .bind(to_millis(now))
        .bind(id)
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// It is to be tried again, not before that moment. Without effect where the claim is no longer ours.
    pub async fn effect_again(&self, claimed: &Claimed, detail: &str, not_before: Time) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE outbox SET detail = $1, not_before = $2, claimed_until = NULL \
             WHERE id = $3 AND state = 'waiting' AND claimed_until = $4",
        )
        .bind(detail)
        .bind(to_millis(not_before))
        .bind(&claimed.id)
        .bind(to_millis(claimed.until))
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// It is given up. Without effect where the claim is no longer ours.
    pub async fn effect_failed(&self, claimed: &Claimed, detail: &str, now: Time) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE outbox SET state = 'failed', detail = $1, done_at = $2, claimed_until = NULL \
             WHERE id = $3 AND state = 'waiting' AND claimed_until = $4",
        )
        .bind(detail)
        .bind(to_millis(now))
        .bind(&claimed.id)
        .bind(to_millis(claimed.until))
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// When the next waiting effect is due or its claim runs out; none where nothing waits.
    pub async fn next_effect_at(&self) -> Result<Option<Time>> {
        let row = sqlx::query(
            "SELECT MIN(CASE WHEN claimed_until > not_before THEN claimed_until ELSE not_before END) AS due \
             FROM outbox WHERE state = 'waiting'",
        )
        .fetch_one(self.pool())
        .await?;
        Ok(row.try_get::<Option<i64>, _>("due")?.map(from_millis))
    }

    /// Deliveries, newest first.
    pub async fn deliveries(&self, offset: u64, limit: u64) -> Result<Page<Delivery>> {
        let total = sqlx::query("SELECT COUNT(*) AS n FROM outbox").fetch_one(self.pool()).await?;
        let rows = sqlx::query(AssertSqlSafe(format!(
            "{DELIVERY} ORDER BY o.created_at DESC, o.id DESC LIMIT $1 OFFSET $2"
        )))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .bind(i64::try_from(offset).unwrap_or(i64::MAX))
        .fetch_all(self.pool())
        .await?;
        Ok(Page {
            items: rows.iter().map(delivery).collect::<Result<_>>()?,
            total: total.try_get::<i64, _>("n")?.unsigned_abs(),
            offset,
        })
    }

    /// One delivery.
    pub async fn delivery(&self, id: &str) -> Result<Option<Delivery>> {
        let row = sqlx::query(AssertSqlSafe(format!("{DELIVERY} WHERE o.id = $1")))
            .bind(id)
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(delivery).transpose()
    }

    /// The newest delivery of a channel.
    pub async fn last_delivery(&self, channel_id: &str) -> Result<Option<Delivery>> {
        let row = sqlx::query(AssertSqlSafe(format!(
            "{DELIVERY} WHERE o.channel_id = $1 ORDER BY o.created_at DESC, o.id DESC LIMIT 1"
        )))
        .bind(channel_id)
        .fetch_optional(self.pool())
        .await?;
        row.as_ref().map(delivery).transpose()
    }
}

fn claimed(row: &AnyRow) -> Result<Claimed> {
    Ok(Claimed {
        id: row.try_get("id")?,
        key: row.try_get("idempotency_key")?,
        channel_id: row.try_get("channel_id")?,
        alert: serde_json::from_str(&row.try_get::<String, _>("payload")?)?,
        tries: row.try_get::<i32, _>("tries")?.unsigned_abs(),
        created_at: from_millis(row.try_get("created_at")?),
        until: from_millis(row.try_get("claimed_until")?),
    })
}

fn delivery(row: &AnyRow) -> Result<Delivery> {
    let state: String = row.try_get("state")?;
    Ok(Delivery {
        id: row.try_get::<String, _>("id")?.into(),
        channel: row.try_get("channel")?,
        subject: row.try_get("subject")?,
        state: DeliveryState::parse(&state).unwrap_or(DeliveryState::Failed),
        tries: row.try_get::<i32, _>("tries")?.unsigned_abs(),
        detail: row.try_get("detail")?,
        created_at: from_millis(row.try_get("created_at")?),
        done_at: row.try_get::<Option<i64>, _>("done_at")?.map(from_millis),
    })
}
