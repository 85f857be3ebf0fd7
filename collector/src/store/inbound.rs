//! What is pushed to us: events that were taken already, the secrets that sign them, leave to write given on our form, and
//! the record of a source that nobody fetches. Secrets lie sealed; the store cannot open them.

use goodword_shared::{Time, id::SourceId, problem::SourceProblem};
use sqlx::Row;

use super::{Result, Store, from_millis, new_id, to_millis};

/// A signing secret as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningSecret {
    /// Which.
    pub id: String,
    /// Sealed for the table `inbound_secrets` and that id.
    pub sealed: String,
    /// When it stops counting; none: until it is replaced.
    pub ends_at: Option<Time>,
}

/// An event that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenEvent {
    /// SHA-256 of its body, hex.
    pub body_hash: String,
    /// What was answered, JSON.
    pub answer: String,
}

/// What was heard of a source that tells us by itself, for its row and the ledger of runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// Mentions in it.
    pub found: u32,
    /// Never seen before.
    pub new: u32,
    /// Changed.
    pub changed: u32,
    /// Remarks on single items, in words.
    pub detail: Option<String>,
    /// What went wrong instead.
    pub problem: Option<SourceProblem>,
}

/// Leave to write to somebody, as they gave or refused it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The answer it was given with.
    pub external_id: String,
    /// The address it is about.
    pub email: Option<String>,
    /// They said yes.
    pub agreed: bool,
    /// What they said yes (or not) to.
    pub wording: String,
}

impl Store {
    /// The event of that sender's id, if it was taken already.
    pub async fn taken_event(&self, source: &SourceId, event: &str) -> Result<Option<TakenEvent>> {
        let row = sqlx::query(
            "SELECT body_hash, answer FROM inbound_events WHERE source_id = $1 AND event_id = $2",
        )
        .bind(source.as_str())
        .bind(event)
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| Ok(TakenEvent { body_hash: row.try_get("body_hash")?, answer: row.try_get("answer")? }))
            .transpose()
    }

    /// Remembers an event, once everything in it is stored. The first answer stays.
    pub async fn keep_event(
        &self,
        source: &SourceId,
        event: &str,
        taken: &TakenEvent,
        now: Time,
    ) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO inbound_events (source_id, event_id, body_hash, received_at, answer) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (source_id, event_id) DO NOTHING",
        )
        .bind(source.as_str())
        .bind(event)
        .bind(&taken.body_hash)
        .bind(to_millis(now))
        .bind(&taken.answer)
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Forgets events taken before then, and secrets that ended before then.
    pub async fn forget_events(&self, before: Time) -> Result<u64> {
        let mut writing = self.write().await?;
        let done = sqlx::query("DELETE FROM inbound_events WHERE received_at < $1")
            .bind(to_millis(before))
            .execute(&mut *writing)
            .await?;
        sqlx::query("DELETE FROM inbound_secrets WHERE ends_at < $1")
            .bind(to_millis(before))
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(done.rows_affected())
    }

    /// The secrets that count at that time, newest first.
    pub async fn signing_secrets(&self, source: &SourceId, now: Time) -> Result<Vec<SigningSecret>> {
        let rows = sqlx::query(
            "SELECT id, sealed, ends_at FROM inbound_secrets \
             WHERE source_id = $1 AND (ends_at IS NULL OR ends_at > $2) ORDER BY made_at DESC, id DESC",
        )
        .bind(source.as_str())
        .bind(to_millis(now))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SigningSecret {
                    id: row.try_get("id")?,
                    sealed: row.try_get("sealed")?,
                    ends_at: row.try_get::<Option<i64>, _>("ends_at")?.map(from_millis),
                })
            })
            .collect()
    }

    /// Adds a secret; those before it end at the given time, unless they end earlier.
    pub async fn add_signing_secret(
        &self,
        source: &SourceId,
        id: &str,
        sealed: &str,
        others_end_at: Time,
        now: Time,
    ) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE inbound_secrets SET ends_at = $1 WHERE source_id = $2 AND (ends_at IS NULL OR ends_at > $1)",
        )
        .bind(to_millis(others_end_at))
        .bind(source.as_str())
        .execute(&mut *writing)
        .await?;
        sqlx::query("INSERT INTO inbound_secrets (id, source_id, sealed, made_at) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(source.as_str())
            .bind(sealed)
            .bind(to_millis(now))
            .execute(&mut *writing)
            .await?;
        writing.commit().await
    }

    /// Records what was heard, at the source and in the ledger.
    pub async fn source_heard(&self, source: &SourceId, heard: &Heard, at: Time) -> Result<()> {
        let mut writing = self.write().await?;
        let problem = heard.problem.as_ref();
        sqlx::query(
            "UPDATE sources SET last_run = $1, last_success = CASE WHEN $2 = 1 THEN $1 ELSE last_success END, \
             failures = CASE WHEN $2 = 1 THEN 0 ELSE failures + 1 END, problem = $3, problem_detail = $4, \
             first_run_done = CASE WHEN $2 = 1 THEN 1 ELSE first_run_done END WHERE id = $5",
        )
        .bind(to_millis(at))
        .bind(i32::from(problem.is_none()))
        .bind(problem.map(|p| p.problem.as_str()))
        .bind(problem.map(|p| p.detail.as_str()))
        .bind(source.as_str())
        .execute(&mut *writing)
        .await?;
        let count = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        sqlx::query(
            "INSERT INTO runs (id, source_id, started_at, ended_at, requests, found, new, changed, problem, detail) \
             VALUES ($1, $2, $3, $3, 0, $4, $5, $6, $7, $8)",
        )
        .bind(new_id())
        .bind(source.as_str())
        .bind(to_millis(at))
        .bind(problem.is_none().then(|| count(heard.found)))
        .bind(count(heard.new))
        .bind(count(heard.changed))
        .bind(problem.map(|p| p.problem.as_str()))
        .bind(heard.detail.as_deref())
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Keeps what somebody said to being written to. The last word counts.
    pub async fn put_consent(&self, source: &SourceId, consent: &Consent, now: Time) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO contact_consents (source_id, external_id, email, agreed, wording, given_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (source_id, external_id) DO UPDATE SET \
             email = excluded.email, agreed = excluded.agreed, wording = excluded.wording, given_at = excluded.given_at",
        )
        .bind(source.as_str())
        .bind(&consent.external_id)
        .bind(consent.email.as_deref())
        .bind(i32::from(consent.agreed))
        .bind(&consent.wording)
        .bind(to_millis(now))
        .execute(&mut *writing)
        .await?;
        writing.commit().await
    }

    /// Whether an author gave an address on our form and said, last, that we may not write to it.
    pub async fn refused_contact(&self, author: &str) -> Result<bool> {
        let row = sqlx::query(
            "SELECT k.agreed FROM contact_consents k \
             JOIN mentions m ON m.source_id = k.source_id AND m.mention_key = k.external_id \
             WHERE m.author_id = $1 ORDER BY k.given_at DESC LIMIT 1",
        )
        .bind(author)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| row.try_get::<i32, _>("agreed")).transpose()? == Some(0))
    }

    /// What somebody said to being written to, with that answer.
    pub async fn consent(&self, source: &SourceId, external_id: &str) -> Result<Option<Consent>> {
        let row = sqlx::query(
            "SELECT email, agreed, wording FROM contact_consents WHERE source_id = $1 AND external_id = $2",
        )
        .bind(source.as_str())
        .bind(external_id)
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(Consent {
                external_id: external_id.to_owned(),
                email: row.try_get("email")?,
                agreed: row.try_get::<i32, _>("agreed")? != 0,
                wording: row.try_get("wording")?,
            })
        })
        .transpose()
    }
}
