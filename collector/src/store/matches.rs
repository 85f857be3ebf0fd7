//! The owner's word on a match, and taking it back. A refused pair stays on record, so that it is never proposed again.

use std::collections::BTreeMap;

use goodword_shared::{Mention, Time, api::customers::Verdict, id::AuthorId, matching::MatchState};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow};

use super::{
    Result, Store,
    bulk::fetch_in,
    proposed::write_matches,
    said_before::{popped, pushed, pushed_in},
    to_millis,
};
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
    previous: Option<String>,
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
        let Some(Pair { author, .. }) = pair(&mut writing, id).await? else { return Ok(None) };
        // The engine, and whoever else decides on the author, waits from here on.
        let before = holder(&mut writing, &author, self.dialect.hold_rows()).await?;
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
        let given = pushed(pair.state, pair.decided_at, pair.previous.as_deref());
        let (state, at, previous) = match (said, popped(pair.previous.as_deref())) {
            (Some(said), _) => (said, to_millis(now), Some(given)),
            // Somebody else was confirmed since: that is to be taken back first.
            (None, Some(_)) if confirmed_otherwise(&mut writing, &pair).await? => return Ok(None),
            (None, Some(before)) => {
                (before.state, before.decided_at.unwrap_or_else(|| to_millis(now)), before.previous)
            }
            (None, None) => return Ok(None),
        };
        if pair.state == MatchState::Confirmed {
            // The others were refused for its sake alone.
            restore_others(&mut writing, &pair).await?;
        }
        match state {
            MatchState::Confirmed => refuse_others(&mut writing, &pair.author, &pair.id, by, at).await?,
            MatchState::Linked => forget_others(&mut writing, &pair).await?,
            MatchState::Doubtful | MatchState::Refused => {}
        }
        sqlx::query(
            "UPDATE matches SET state = $1, previous = $2, decided_at = $3, decided_by = $4 WHERE id = $5",
        )
        .bind(state.as_str())
        .bind(previous)
        .bind(at)
        .bind(speaker(state, by))
        .bind(&pair.id)
        .execute(&mut *writing)
        .await?;
        settle(&mut writing, &pair.author).await?;
        let after = holder(&mut writing, &pair.author, "").await?;
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
        previous: row.try_get("previous")?,
        decided_at: row.try_get("decided_at")?,
    }))
}

/// The customer that the author counts as.
async fn holder(connection: &mut AnyConnection, author: &str, hold: &str) -> Result<Option<String>> {
    let row = sqlx::query(AssertSqlSafe(format!("SELECT customer_id FROM authors WHERE id = $1{hold}")))
        .bind(author)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| row.try_get("customer_id")).transpose()?.flatten())
}

async fn confirmed_otherwise(connection: &mut AnyConnection, pair: &Pair) -> Result<bool> {
    // One that was confirmed before, and came back when this one was refused, is refused along with it again.
    let row = sqlx::query(
        "SELECT 1 FROM matches WHERE author_id = $1 AND id <> $2 AND state = 'confirmed' AND decided_at >= $3",
    )
    .bind(&pair.author)
    .bind(&pair.id)
    .bind(pair.decided_at)
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// What the engine found after the link was refused goes when it holds again.
async fn forget_others(connection: &mut AnyConnection, refused: &Pair) -> Result<()> {
    sqlx::query(
        "DELETE FROM matches WHERE author_id = $1 AND id <> $2 AND (state = 'linked' OR \
         (state = 'doubtful' AND decided_by = 'engine' AND decided_at >= $3))",
    )
    .bind(&refused.author)
    .bind(&refused.id)
    .bind(refused.decided_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whose word a state is: only the owner confirms and refuses.
fn speaker(state: MatchState, owner: &str) -> &str {
    if matches!(state, MatchState::Linked | MatchState::Doubtful) { "engine" } else { owner }
}

/// One author is one customer: the other candidates are refused along with the confirmation, at the same moment (milliseconds),
/// which is how undoing it finds them again.
pub(super) async fn refuse_others(
    connection: &mut AnyConnection,
    author: &str,
    id: &str,
    by: &str,
    at: i64,
) -> Result<()> {
    let sql = format!(
        "UPDATE matches SET previous = {}, state = 'refused', decided_at = $1, decided_by = $2 \
         WHERE author_id = $3 AND id <> $4 AND state <> 'refused'",
        pushed_in("matches")
    );
    sqlx::query(AssertSqlSafe(sql)).bind(at).bind(by).bind(author).bind(id).execute(connection).await?;
    Ok(())
}

async fn restore_others(connection: &mut AnyConnection, confirmed: &Pair) -> Result<()> {
    let rows = sqlx::query(
        "SELECT id, previous, decided_by FROM matches \
         WHERE author_id = $1 AND id <> $2 AND state = 'refused' AND previous IS NOT NULL AND decided_at = $3",
    )
    .bind(&confirmed.author)
    .bind(&confirmed.id)
    .bind(confirmed.decided_at)
    .fetch_all(&mut *connection)
    .await?;
    for row in rows {
        let Some(before) = popped(row.try_get("previous")?) else { continue };
        let by: String = row.try_get("decided_by")?;
        sqlx::query(
            "UPDATE matches SET state = $1, previous = $2, decided_at = $3, decided_by = $4 WHERE id = $5",
        )
        .bind(before.state.as_str())
        .bind(before.previous)
        .bind(before.decided_at.unwrap_or(confirmed.decided_at))
        .bind(speaker(before.state, &by))
        .bind(row.try_get::<String, _>("id")?)
        .execute(&mut *connection)
        .await?;
    }
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
