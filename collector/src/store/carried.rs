//! What is known of one account and speaks for another of the same person: who may be carried over to whom, and taking back what
//! has no ground any more. How sure that is is decided elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use goodword_shared::{
    id::{AuthorId, CustomerId},
    matching::{Evidence, MatchState},
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{Result, Store, bulk::fetch_in, kin::state, matches::settle, sql::Sql};

/// The kind of the evidence that another account gives for a match: by it such matches are found again.
pub const ACCOUNT: &str = "account";
/// Accounts of one person that are followed from one to the next, at most.
const FOLLOWED: usize = 500;

/// An author who is nobody's customer, whose other account is somebody's.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// The author without a customer.
    pub author: AuthorId,
    /// The customer of the other account.
    pub customer: CustomerId,
    /// The other account as shown.
    pub shown: String,
    /// Its platform's slug.
    pub platform: String,
    /// How likely the two accounts are one person's; 1 where the owner said so.
    pub kin: f64,
    /// How likely the other account is that customer; 1 where the owner said so.
    pub matched: f64,
    /// How likely the author was thought to be that customer without this.
    pub before: Option<(f64, Vec<Evidence>)>,
}

impl Store {
    /// Authors who are nobody's customer, whose other account is: for the engine to make matches of. Pairs that the owner refused,
    /// of accounts or of author and customer, are left out.
    pub async fn carried(&self) -> Result<Vec<Carried>> {
        let sql = Sql::new(
            "SELECT p.author, p.probability AS kin, p.state AS said, o.customer_id, o.name, o.handle, o.platform, \
             m.probability AS matched, m.state AS held, b.probability AS before, b.evidence AS why FROM \
             (SELECT one_id AS author, other_id AS other, probability, state FROM kin UNION ALL \
              SELECT other_id AS author, one_id AS other, probability, state FROM kin) AS p \
             JOIN authors a ON a.id = p.author JOIN authors o ON o.id = p.other \
             JOIN matches m ON m.author_id = o.id AND m.customer_id = o.customer_id \
             LEFT JOIN matches b ON b.author_id = p.author AND b.customer_id = o.customer_id \
             WHERE p.state <> 'refused' AND a.customer_id IS NULL AND a.forgotten_at IS NULL AND o.customer_id IS NOT NULL \
             AND (b.state IS NULL OR b.state = 'doubtful') ORDER BY p.author, p.probability DESC, o.id",
        );
        let rows = sql.all(&self.pool).await?;
        rows.iter().map(carried).collect()
    }

    /// Takes back what other accounts made of those authors, and of the accounts that lead on from them, where no account speaks for it
    /// any more that is known by itself to be the customer's. Answers whom it was taken back from.
    pub async fn forget_groundless(&self, authors: &[String]) -> Result<Vec<String>> {
        let mut writing = self.write().await?;
        let (all, pairs) = connected(&mut writing, authors).await?;
        let ids: Vec<&str> = all.iter().map(String::as_str).collect();
        let head = "SELECT author_id, customer_id, state, decided_by, evidence FROM matches WHERE state <> 'refused' AND author_id IN";
        let mut held: BTreeSet<(String, String)> = BTreeSet::new();
        let mut carried: BTreeMap<(String, String), MatchState> = BTreeMap::new();
        let marked = format!("\"kind\":\"{ACCOUNT}\"");
        for row in fetch_in(&mut writing, head, "", &[], &ids).await? {
            let pair: (String, String) = (row.try_get("author_id")?, row.try_get("customer_id")?);
            let (by, why): (String, String) = (row.try_get("decided_by")?, row.try_get("evidence")?);
            let state = state(&row, "state")?;
            if by == "engine" && why.contains(&marked) && state != MatchState::Confirmed {
                carried.insert(pair, state);
            } else if state.holds() {
                held.insert(pair);
            }
        }
        let mut grounds: Vec<(String, String)> = held.into_iter().collect();
        while let Some((author, customer)) = grounds.pop() {
            for other in pairs.get(&author).into_iter().flatten() {
                let pair = (other.clone(), customer.clone());
                if carried.get(&pair) == Some(&MatchState::Doubtful) && authors.contains(&author) {
                    // What is known of the one has changed: how sure it makes the other is reckoned anew.
                    continue;
                }
                if carried.remove(&pair).is_some_and(MatchState::holds) {
                    grounds.push(pair);
                }
            }
        }
        let mut freed: Vec<String> = Vec::new();
        for (author, customer) in carried.into_keys() {
            // The owner may have spoken in between.
            sqlx::query(
                "DELETE FROM matches WHERE author_id = $1 AND customer_id = $2 AND decided_by = 'engine' \
                 AND state IN ('linked', 'doubtful')",
            )
            .bind(&author)
            .bind(&customer)
            .execute(&mut *writing)
            .await?;
            settle(&mut writing, &author).await?;
            freed.push(author);
        }
        writing.commit().await?;
        freed.dedup();
        Ok(freed)
    }
}

type Pairs = BTreeMap<String, Vec<String>>;

/// Those authors and everybody who may be one person with them, by way of others too, and who may be one with whom.
async fn connected(connection: &mut AnyConnection, authors: &[String]) -> Result<(BTreeSet<String>, Pairs)> {
    let mut all: BTreeSet<String> = authors.iter().cloned().collect();
    let mut pairs = Pairs::new();
    let mut fresh: Vec<String> = authors.to_vec();
    while !fresh.is_empty() && all.len() <= authors.len() + FOLLOWED {
        let ids: Vec<&str> = fresh.iter().map(String::as_str).collect();
        let mut next = Vec::new();
        for head in [
            "SELECT one_id AS own, other_id AS other FROM kin WHERE state <> 'refused' AND one_id IN",
            "SELECT other_id AS own, one_id AS other FROM kin WHERE state <> 'refused' AND other_id IN",
        ] {
            for row in fetch_in(connection, head, "", &[], &ids).await? {
                let other: String = row.try_get("other")?;
                if all.insert(other.clone()) {
                    next.push(other.clone());
                }
                pairs.entry(row.try_get("own")?).or_default().push(other);
            }
        }
        fresh = next;
    }
    Ok((all, pairs))
}

fn carried(row: &AnyRow) -> Result<Carried> {
    let sure =
        |probability: f64, said: MatchState| if said == MatchState::Confirmed { 1.0 } else { probability };
    let (name, handle): (Option<String>, Option<String>) = (row.try_get("name")?, row.try_get("handle")?);
    let before: Option<f64> = row.try_get("before")?;
    let why: Option<String> = row.try_get("why")?;
    let why = why.as_deref().map(serde_json::from_str).transpose()?;
    Ok(Carried {
        author: AuthorId::new(row.try_get::<String, _>("author")?),
        customer: CustomerId::new(row.try_get::<String, _>("customer_id")?),
        shown: name.or(handle).unwrap_or_default(),
        platform: row.try_get("platform")?,
        kin: sure(row.try_get("kin")?, state(row, "said")?),
        matched: sure(row.try_get("matched")?, state(row, "held")?),
        before: before.zip(why),
    })
}
