//! Pairs of author and customer as the engine found them, written into whatever the owner, or somebody who was forgotten, has said
//! meanwhile: what the engine saw may be a moment old. Who may be whom is decided elsewhere.

use std::collections::{HashMap, HashSet};

use goodword_shared::{Time, id::CustomerId, matching::MatchState};
use sqlx::{AnyConnection, Row};

use super::{Dialect, Result, bulk, new_id, to_millis};
use crate::record::MatchRow;

/// What is known of the authors and customers of proposals at the moment of writing.
#[derive(Default)]
struct Present {
    /// Authors who were not forgotten, with the customer they count as.
    authors: HashMap<String, Option<String>>,
    /// Customers, each with the record that it was joined with.
    customers: HashMap<String, Option<String>>,
    /// Pairs that the owner has spoken on.
    decided: HashSet<(String, String)>,
}

/// Stores pairs. What the owner has said stays, and so does a link that was made meanwhile; a link ends the doubts about the author.
/// A record that was joined with another meanwhile stands for that one.
pub(super) async fn write_matches(
    connection: &mut AnyConnection,
    dialect: Dialect,
    matches: &[MatchRow],
    now: Time,
) -> Result<()> {
    if matches.is_empty() {
        return Ok(());
    }
    let present = present(connection, dialect, matches).await?;
    let mut rows: Vec<(MatchRow, String)> = Vec::with_capacity(matches.len());
    for row in matches {
        let Some(row) = present.still(row) else { continue };
        if !rows.iter().any(|(other, _)| other.author == row.author && other.customer == row.customer) {
            let evidence = serde_json::to_string(&row.evidence)?;
            rows.push((row, evidence));
        }
    }
    let written = bulk::insert(
        connection,
        dialect,
        "INSERT INTO matches (id, author_id, customer_id, probability, evidence, state, decided_at, decided_by)",
        "ON CONFLICT (author_id, customer_id) DO UPDATE SET probability = excluded.probability, \
         evidence = excluded.evidence, state = excluded.state, decided_at = excluded.decided_at, decided_by = 'engine' \
         WHERE matches.state IN ('linked', 'doubtful') RETURNING id, author_id, customer_id",
        8,
        &rows,
        |to, (row, evidence)| {
            to.push(row.id.as_str()).push(row.author.as_str()).push(row.customer.as_str());
            to.push(row.probability).push(evidence.as_str()).push(row.state.as_str());
            to.push(to_millis(now)).push("engine");
        },
    )
    .await?;
    // A pair that was there before keeps its id.
    let mut ids: HashMap<(String, String), String> = HashMap::new();
    for row in written {
        ids.insert((row.try_get("author_id")?, row.try_get("customer_id")?), row.try_get("id")?);
    }
    let pair = |row: &MatchRow| (row.author.as_str().to_owned(), row.customer.as_str().to_owned());
    let linked: Vec<(&MatchRow, String)> = rows
        .iter()
        .filter(|(row, _)| row.state.holds())
        .filter_map(|(row, _)| Some((row, ids.remove(&pair(row))?)))
        .collect();
    let head = "INSERT INTO audit (id, at, by_whom, what, object_id, detail)";
    bulk::insert(connection, dialect, head, "", 6, &linked, |to, (row, id)| {
        let detail =
            format!("recognised an author as a customer, {:.0} %", row.probability.min(0.999) * 100.0);
        to.push(new_id()).push(to_millis(now)).push("engine").push("match").push(id.as_str()).push(detail);
    })
    .await?;
    for (row, _) in linked {
        sqlx::query("DELETE FROM matches WHERE author_id = $1 AND customer_id <> $2 AND state = 'doubtful'")
            .bind(row.author.as_str())
            .bind(row.customer.as_str())
            .execute(&mut *connection)
            .await?;
        for sql in [
            "UPDATE authors SET customer_id = $1 WHERE id = $2",
            "UPDATE cases SET customer_id = $1 WHERE author_id = $2 AND customer_id IS NULL",
        ] {
            sqlx::query(sql)
                .bind(row.customer.as_str())
                .bind(row.author.as_str())
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(())
}

async fn present(connection: &mut AnyConnection, dialect: Dialect, matches: &[MatchRow]) -> Result<Present> {
    let mut present = Present::default();
    let mut authors: Vec<&str> = matches.iter().map(|row| row.author.as_str()).collect();
    authors.sort_unstable();
    authors.dedup();
    // The same order of locks for every writer.
    let tail = format!(" ORDER BY id{}", dialect.hold_rows());
    let head = "SELECT id, customer_id FROM authors WHERE forgotten_at IS NULL AND id IN";
    for row in bulk::fetch_in(connection, head, &tail, &[], &authors).await? {
        present.authors.insert(row.try_get("id")?, row.try_get("customer_id")?);
    }
    let head =
        "SELECT author_id, customer_id FROM matches WHERE state IN ('confirmed', 'refused') AND author_id IN";
    for row in bulk::fetch_in(connection, head, "", &[], &authors).await? {
        present.decided.insert((row.try_get("author_id")?, row.try_get("customer_id")?));
    }
    let mut fresh: Vec<String> = matches.iter().map(|row| row.customer.as_str().to_owned()).collect();
    while !fresh.is_empty() {
        let ids: Vec<&str> = fresh.iter().map(String::as_str).collect();
        let rows =
            bulk::fetch_in(connection, "SELECT id, merged_into FROM customers WHERE id IN", "", &[], &ids);
        let rows = rows.await?;
        fresh.clear();
        for row in rows {
            let into: Option<String> = row.try_get("merged_into")?;
            fresh.extend(into.iter().filter(|id| !present.customers.contains_key(*id)).cloned());
            present.customers.insert(row.try_get("id")?, into);
        }
        fresh.sort_unstable();
        fresh.dedup();
    }
    Ok(present)
}

impl Present {
    /// The proposal as it stands now; none where something else has been said since.
    fn still(&self, row: &MatchRow) -> Option<MatchRow> {
        let holder = self.authors.get(row.author.as_str())?;
        let mut customer = row.customer.as_str();
        while let Some(into) = self.customers.get(customer)? {
            customer = into;
        }
        let pair = (row.author.as_str().to_owned(), customer.to_owned());
        let held = match holder.as_deref() {
            None => true,
            Some(other) => other == customer && row.state == MatchState::Linked,
        };
        (held && !self.decided.contains(&pair))
            .then(|| MatchRow { customer: CustomerId::new(customer), ..row.clone() })
    }
}
