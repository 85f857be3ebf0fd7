//! The owner's word on a match, and taking it back. A refused pair stays on record, so that it is never proposed again.

use std::collections::BTreeMap;

use goodword_shared::{Mention, Time, api::customers::Verdict, id::AuthorId, matching::MatchState};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{Result, Store, batch::write_matches, bulk::fetch_in, to_millis};
use crate::record::MatchRow;

/// What a decision did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Whose match it is.
    pub author_id: String,
    /// With whom.
    pub customer_id: String,
    /// Where it stands now.
    pub state: MatchState,
    /// Authors whose standing as promoters may have changed.
    pub authors: Vec<String>,
}

/// An author who is nobody's customer yet, with what there is to go by.
#[derive(Clone, Debug, PartialEq)]
pub struct Unmatched {
    /// Who.
    pub author: AuthorId,
    /// Customers that the owner has said no to.
    pub refused: Vec<String>,
    /// Their newest mentions, at most three.
    pub mentions: Vec<Mention>,
}

struct Pair {
    id: String,
    author: String,
    customer: String,
    state: MatchState,
    previous: Option<MatchState>,
    decided_at: i64,
}

impl Store {
    /// Confirms, refuses or undoes. None where there is no such match, or nothing to undo.
    pub async fn decide_match(
        &self,
        id: &str,
        verdict: Verdict,
        by: &str,
        now: Time,
    ) -> Result<Option<Decided>> {
        let mut writing = self.write().await?;
        let Some(pair) = pair(&mut writing, id).await? else { return Ok(None) };
        let said = match verdict {
            Verdict::Confirm => Some(MatchState::Confirmed),
            Verdict::Refuse => Some(MatchState::Refused),
            Verdict::Undo => None,
        };
        if said == Some(pair.state) {
            // Said twice: the first word stays, with what is needed to take it back.
            let Pair { author, customer, state, .. } = pair;
            return Ok(Some(Decided {
                author_id: author,
                customer_id: customer,
                state,
                authors: Vec::new(),
            }));
        }
        let before = holder(&mut writing, &pair.author).await?;
        let state = match verdict {
            Verdict::Confirm => {
                refuse_others(&mut writing, &pair.author, &pair.id, by, now).await?;
                MatchState::Confirmed
            }
            Verdict::Refuse => MatchState::Refused,
            Verdict::Undo => {
                let Some(previous) = pair.previous else { return Ok(None) };
                if pair.state == MatchState::Confirmed {
                    restore_others(&mut writing, &pair).await?;
                }
                previous
            }
        };
        let previous = (verdict != Verdict::Undo).then_some(pair.state);
        sqlx::query(
            "UPDATE matches SET state = $1, previous = $2, decided_at = $3, decided_by = $4 WHERE id = $5",
        )
        .bind(state.as_str())
        .bind(previous.map(MatchState::as_str))
        .bind(to_millis(now))
        .bind(by)
        .bind(&pair.id)
        .execute(&mut *writing)
        .await?;
        settle(&mut writing, &pair.author).await?;
        let after = holder(&mut writing, &pair.author).await?;
        let mut authors = vec![pair.author.clone()];
        for customer in [before, after].into_iter().flatten() {
            let rows = sqlx::query("SELECT id FROM authors WHERE customer_id = $1")
                .bind(customer)
                .fetch_all(&mut *writing)
                .await?;
            for row in rows {
                authors.push(row.try_get("id")?);
            }
        }
        authors.sort();
        authors.dedup();
        writing.commit().await?;
        Ok(Some(Decided { author_id: pair.author, customer_id: pair.customer, state, authors }))
    }

    /// Writes pairs that the engine found on looking again.
    pub async fn propose_matches(&self, matches: &[MatchRow], now: Time) -> Result<()> {
        let mut writing = self.write().await?;
        write_matches(&mut writing, self.dialect, matches, now).await?;
        writing.commit().await
    }

    /// Unmatched authors after that id, in order of their ids: for going through all of them.
    pub async fn unmatched_authors(&self, after: &str, limit: u32) -> Result<Vec<Unmatched>> {
        let mut connection = self.pool.acquire().await?;
        let rows =
            sqlx::query("SELECT id FROM authors WHERE customer_id IS NULL AND forgotten_at IS NULL AND id > $1 ORDER BY id LIMIT $2")
                .bind(after)
                .bind(i64::from(limit))
                .fetch_all(&mut *connection)
                .await?;
        unmatched(&mut connection, &rows).await
    }

    /// Those of the authors who are nobody's customer.
    pub async fn unmatched_among(&self, authors: &[&str]) -> Result<Vec<Unmatched>> {
        let mut connection = self.pool.acquire().await?;
        let head = "SELECT id FROM authors WHERE customer_id IS NULL AND forgotten_at IS NULL AND id IN";
        let rows = fetch_in(&mut connection, head, "", &[], authors).await?;
        unmatched(&mut connection, &rows).await
    }
}

/// What there is to go by for those authors.
async fn unmatched(connection: &mut AnyConnection, rows: &[AnyRow]) -> Result<Vec<Unmatched>> {
    let mut out: BTreeMap<String, Unmatched> = BTreeMap::new();
    for row in rows {
        let id: String = row.try_get("id")?;
        let author = AuthorId::new(id.clone());
        out.insert(id, Unmatched { author, refused: Vec::new(), mentions: Vec::new() });
    }
    let ids: Vec<String> = out.keys().cloned().collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let head = "SELECT author_id, customer_id FROM matches WHERE state = 'refused' AND author_id IN";
    for row in fetch_in(connection, head, "", &[], &ids).await? {
        if let Some(unmatched) = out.get_mut(row.try_get::<&str, _>("author_id")?) {
            unmatched.refused.push(row.try_get("customer_id")?);
        }
    }
    let head = "SELECT author_id, mention FROM (SELECT author_id, mention, \
         ROW_NUMBER() OVER (PARTITION BY author_id ORDER BY at DESC) AS place FROM mentions \
         WHERE deleted = 0 AND author_id IN";
    for row in fetch_in(connection, head, ") AS newest WHERE place <= 3", &[], &ids).await? {
        if let Some(unmatched) = out.get_mut(row.try_get::<&str, _>("author_id")?) {
            unmatched.mentions.push(serde_json::from_str(row.try_get("mention")?)?);
        }
    }
    Ok(out.into_values().collect())
}

async fn pair(connection: &mut AnyConnection, id: &str) -> Result<Option<Pair>> {
    let row = sqlx::query(
        "SELECT id, author_id, customer_id, state, previous, decided_at FROM matches WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Pair {
        id: row.try_get("id")?,
        author: row.try_get("author_id")?,
        customer: row.try_get("customer_id")?,
        state: MatchState::parse(row.try_get("state")?).unwrap_or(MatchState::Doubtful),
        previous: row.try_get::<Option<String>, _>("previous")?.as_deref().and_then(MatchState::parse),
        decided_at: row.try_get("decided_at")?,
    }))
}

/// The customer that the author counts as.
async fn holder(connection: &mut AnyConnection, author: &str) -> Result<Option<String>> {
    let row = sqlx::query("SELECT customer_id FROM authors WHERE id = $1")
        .bind(author)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| row.try_get("customer_id")).transpose()?.flatten())
}

/// One author is one customer: the other candidates are refused along with the confirmation, at the same moment, which is
/// how undoing it finds them again.
pub(super) async fn refuse_others(
    connection: &mut AnyConnection,
    author: &str,
    id: &str,
    by: &str,
    now: Time,
) -> Result<()> {
    sqlx::query(
        "UPDATE matches SET previous = state, state = 'refused', decided_at = $1, decided_by = $2 \
         WHERE author_id = $3 AND id <> $4 AND state <> 'refused'",
    )
    .bind(to_millis(now))
    .bind(by)
    .bind(author)
    .bind(id)
    .execute(connection)
    .await?;
    Ok(())
}

async fn restore_others(connection: &mut AnyConnection, pair: &Pair) -> Result<()> {
    sqlx::query(
        "UPDATE matches SET state = previous, previous = NULL \
         WHERE author_id = $1 AND id <> $2 AND state = 'refused' AND previous IS NOT NULL AND decided_at = $3",
    )
    .bind(&pair.author)
    .bind(&pair.id)
    .bind(pair.decided_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// The author and their cases follow the match that holds, if any.
pub(super) async fn settle(connection: &mut AnyConnection, author: &str) -> Result<()> {
    for sql in [
        "UPDATE authors SET customer_id = (SELECT MAX(customer_id) FROM matches \
         WHERE author_id = $1 AND state IN ('confirmed', 'linked')) WHERE id = $1",
        "UPDATE cases SET customer_id = (SELECT customer_id FROM authors WHERE id = $1) WHERE author_id = $1",
    ] {
        sqlx::query(sql).bind(author).execute(&mut *connection).await?;
    }
    Ok(())
}
