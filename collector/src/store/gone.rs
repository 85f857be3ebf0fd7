//! What an address of a source showed last, and mentions that are missing from where they should be: noted once, gone when a
//! second reading confirms it, back when they are seen again. Each step is a revision; nothing that was said is written over.

use std::collections::{BTreeMap, HashSet};

use goodword_shared::{Time, id::SourceId};
use sqlx::{AnyConnection, Row};

use super::{
    Result, Store,
    bulk::{execute_in, fetch_in},
    new_id, to_millis,
};

/// A mention as an address showed it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Listed {
    /// Its key in the source.
    pub key: String,
    /// When it was published, milliseconds; none where that is not known exactly.
    pub at: Option<i64>,
    /// It was not in the last answer, though it belonged there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub missing: bool,
}

/// What became of mentions that were missing, or seen again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// Keys that a second reading confirmed to be gone.
    pub confirmed: Vec<String>,
    /// How many came back.
    pub returned: u32,
}

impl Store {
    /// What an address showed last.
    pub async fn listing(&self, source: &SourceId, page: &str) -> Result<Vec<Listed>> {
        let row = sqlx::query("SELECT keys FROM listings WHERE source_id = $1 AND page = $2")
            .bind(source.as_str())
            .bind(page)
            .fetch_optional(&self.pool)
            .await?;
        match row {
            Some(row) => Ok(serde_json::from_str(row.try_get("keys")?)?),
            None => Ok(Vec::new()),
        }
    }

    /// Remembers what addresses showed.
    pub async fn put_listings(
        &self,
        source: &SourceId,
        listings: &BTreeMap<String, Vec<Listed>>,
        now: Time,
    ) -> Result<()> {
        let mut writing = self.write().await?;
        for (page, keys) in listings {
            sqlx::query(
                "INSERT INTO listings (source_id, page, seen_at, keys) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (source_id, page) DO UPDATE SET seen_at = excluded.seen_at, keys = excluded.keys",
            )
            .bind(source.as_str())
            .bind(page)
            .bind(to_millis(now))
            .bind(serde_json::to_string(keys)?)
            .execute(&mut *writing)
            .await?;
        }
        writing.commit().await
    }

    /// Forgets what addresses showed that have not been asked since then.
    pub async fn forget_listings(&self, before: Time) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query("DELETE FROM listings WHERE seen_at < $1")
            .bind(to_millis(before))
            .execute(&mut *writing)
            .await?;
        writing.commit().await
    }

    /// Notes which mentions a run saw, and which it missed though they belonged there. Missed for the second time, a mention is
    /// gone; where `keep` is false it is only named, for whoever deletes it.
    pub async fn note_missing(
        &self,
        source: &SourceId,
        seen: &HashSet<String>,
        missing: &[String],
        keep: bool,
        now: Time,
    ) -> Result<Gone> {
        let mut gone = Gone::default();
        let mut writing = self.write().await?;
        let known = sqlx::query(
            "SELECT id, mention_key, mention, gone_at FROM mentions WHERE source_id = $1 AND missed_runs > 0",
        )
        .bind(source.as_str())
        .fetch_all(&mut *writing)
        .await?;
        for row in &known {
            if !seen.contains(row.try_get::<&str, _>("mention_key")?) {
                continue;
            }
            let id: String = row.try_get("id")?;
            if row.try_get::<Option<i64>, _>("gone_at")?.is_some() {
                gone.returned += 1;
                revise(&mut writing, &id, "returned", row.try_get("mention")?, now).await?;
                sqlx::query("UPDATE mentions SET deleted = 0, gone_at = NULL, changed_at = $1 WHERE id = $2")
                    .bind(to_millis(now))
                    .bind(&id)
                    .execute(&mut *writing)
                    .await?;
            }
            sqlx::query("UPDATE mentions SET missed_runs = 0 WHERE id = $1")
                .bind(&id)
                .execute(&mut *writing)
                .await?;
        }
        let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
        if !missing.is_empty() {
            execute_in(
                &mut writing,
                "UPDATE mentions SET missed_runs = missed_runs + 1 WHERE source_id = $1 AND deleted = 0 \
                 AND mention_key IN",
                "",
                &[source.as_str()],
                &missing,
            )
            .await?;
            let rows = fetch_in(
                &mut writing,
                "SELECT id, mention_key, mention FROM mentions WHERE source_id = $1 AND deleted = 0 AND missed_runs >= 2 \
                 AND mention_key IN",
                "",
                &[source.as_str()],
                &missing,
            )
            .await?;
            for row in rows {
                gone.confirmed.push(row.try_get("mention_key")?);
                if keep {
                    let id: String = row.try_get("id")?;
                    revise(&mut writing, &id, "gone", row.try_get("mention")?, now).await?;
                    sqlx::query(
                        "UPDATE mentions SET deleted = 1, gone_at = $1, changed_at = $1 WHERE id = $2",
                    )
                    .bind(to_millis(now))
                    .bind(&id)
                    .execute(&mut *writing)
                    .await?;
                }
            }
        }
        writing.commit().await?;
        Ok(gone)
    }
}

/// A step in the ledger, and in the story of the case that is about it.
async fn revise(
    connection: &mut AnyConnection,
    id: &str,
    what: &str,
    mention: String,
    now: Time,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO revisions (id, mention_id, seen_at, changed, mention) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(new_id())
    .bind(id)
    .bind(to_millis(now))
    .bind(serde_json::to_string(&[what])?)
    .bind(mention)
    .execute(&mut *connection)
    .await?;
    let cases = sqlx::query("SELECT id FROM cases WHERE mention_id = $1 AND state <> 'closed'")
        .bind(id)
        .fetch_all(&mut *connection)
        .await?;
    for case in cases {
        sqlx::query(
            "INSERT INTO case_events (id, case_id, at, what, text, mention_id) VALUES ($1, $2, $3, 'revision', $4, $5)",
        )
        .bind(new_id())
        .bind(case.try_get::<String, _>("id")?)
        .bind(to_millis(now))
        .bind(if what == "gone" { "it is no longer shown there" } else { "it is shown there again" })
        .bind(id)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
