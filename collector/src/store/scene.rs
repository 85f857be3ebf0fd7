//! What a step with customers touches, read before and after it: the facts of records, whose the orders, cases, asks, notes and
//! authors are, and the matches. The difference is what the ledger keeps; put back, it restores exactly what the step changed
//! and leaves alone what was changed since. It knows no kind of step.

use std::collections::{BTreeMap, BTreeSet};

use goodword_shared::customer::CustomerFacts;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{
    Result,
    bulk::fetch_in,
    customers::write_facts,
    said::{CUSTOMER, customer},
};

/// Tables whose rows belong to a customer: name, how they are found, how they are given to somebody.
const OWNED: [(&str, &str, &str); 5] = [
    (
        "orders",
        "SELECT id, customer_id FROM orders WHERE customer_id IN",
        "UPDATE orders SET customer_id = $1 WHERE id = $2",
    ),
    (
        "asks",
        "SELECT id, customer_id FROM asks WHERE customer_id IN",
        "UPDATE asks SET customer_id = $1 WHERE id = $2",
    ),
    (
        "customer_notes",
        "SELECT id, customer_id FROM customer_notes WHERE customer_id IN",
        "UPDATE customer_notes SET customer_id = $1 WHERE id = $2",
    ),
    (
        "authors",
        "SELECT id, customer_id FROM authors WHERE customer_id IN",
        "UPDATE authors SET customer_id = $1 WHERE id = $2",
    ),
    (
        "cases",
        "SELECT id, customer_id FROM cases WHERE customer_id IN",
        "UPDATE cases SET customer_id = $1 WHERE id = $2",
    ),
];
/// The same where the author decides, whosever they are.
const OF_AUTHORS: [(&str, &str); 2] = [
    ("authors", "SELECT id, customer_id FROM authors WHERE id IN"),
    ("cases", "SELECT id, customer_id FROM cases WHERE author_id IN"),
];
const MATCH: &str = "SELECT id, author_id, customer_id, probability, evidence, state, previous, decided_at, decided_by \
     FROM matches WHERE";

/// Everything within reach of a step: `table/id`, of customers `customers/id/field`, with its value.
pub(super) type Scene = BTreeMap<String, Value>;

/// One thing that a step changed. What was not there is null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Change {
    key: String,
    before: Value,
    after: Value,
}

impl Change {
    /// Whether it is about the facts of that record.
    pub(super) fn is_of(&self, customer: &str) -> bool {
        self.key
            .strip_prefix("customers/")
            .and_then(|rest| rest.split_once('/'))
            .is_some_and(|(id, _)| id == customer)
    }
}

/// Whom a step is about.
#[derive(Clone, Debug, Default)]
pub(super) struct Reach {
    /// Records.
    pub customers: BTreeSet<String>,
    /// Accounts.
    pub authors: BTreeSet<String>,
}

impl Reach {
    /// These customers, and every author who is, may be, or was said not to be one of them.
    pub(super) async fn of(connection: &mut AnyConnection, customers: &[&str]) -> Result<Self> {
        let mut reach = Self::default();
        reach.customers.extend(customers.iter().map(|id| (*id).to_owned()));
        for head in [
            "SELECT author_id FROM matches WHERE customer_id IN",
            "SELECT id FROM authors WHERE customer_id IN",
        ] {
            for row in fetch_in(connection, head, "", &[], customers).await? {
                reach.authors.insert(row.try_get(0)?);
            }
        }
        Ok(reach)
    }

    /// The same for the authors that a change is about.
    pub(super) fn add(&mut self, changes: &[Change]) {
        for change in changes {
            if let Some(id) = change.key.strip_prefix("authors/") {
                self.authors.insert(id.to_owned());
            }
            let pairs = [&change.before, &change.after].map(|value| value["author_id"].as_str());
            self.authors.extend(pairs.into_iter().flatten().map(str::to_owned));
        }
    }
}

/// Reads everything within reach.
pub(super) async fn read(connection: &mut AnyConnection, reach: &Reach) -> Result<Scene> {
    let customers: Vec<&str> = reach.customers.iter().map(String::as_str).collect();
    let authors: Vec<&str> = reach.authors.iter().map(String::as_str).collect();
    let mut scene = Scene::new();
    let head = format!("SELECT {CUSTOMER}, cu.updated_at, cu.merged_into FROM customers cu WHERE cu.id IN");
    for row in fetch_in(connection, &head, "", &[], &customers).await? {
        let id: String = row.try_get("id")?;
        for (field, value) in facts_of(&customer(&row)?.facts)? {
            scene.insert(format!("customers/{id}/{field}"), value);
        }
        let (updated, merged) =
            (row.try_get::<i64, _>("updated_at")?, row.try_get::<Option<String>, _>("merged_into")?);
        scene.insert(format!("customers/{id}/updated_at"), json!(updated));
        scene.insert(format!("customers/{id}/merged_into"), json!(merged));
    }
    let mut owned = |table: &str, rows: Vec<AnyRow>| -> Result<()> {
        for row in rows {
            let (id, owner): (String, Option<String>) = (row.try_get("id")?, row.try_get("customer_id")?);
            scene.insert(format!("{table}/{id}"), json!(owner));
        }
        Ok(())
    };
    for (table, head, _) in OWNED {
        owned(table, fetch_in(connection, head, "", &[], &customers).await?)?;
    }
    for (table, head) in OF_AUTHORS {
        owned(table, fetch_in(connection, head, "", &[], &authors).await?)?;
    }
    for (column, ids) in [("customer_id IN", &customers), ("author_id IN", &authors)] {
        for row in fetch_in(connection, &format!("{MATCH} {column}"), "", &[], ids).await? {
            let (id, pair) = pair(&row)?;
            scene.insert(format!("matches/{id}"), pair);
        }
    }
    Ok(scene)
}

/// What is different afterwards.
pub(super) fn difference(before: &Scene, after: &Scene) -> Vec<Change> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let value = |scene: &Scene, key: &String| scene.get(key).cloned().unwrap_or_default();
    keys.into_iter()
        .map(|key| Change { key: key.clone(), before: value(before, key), after: value(after, key) })
        .filter(|change| change.before != change.after)
        .collect()
}

/// Whether a record is still as a step left it: nothing of it was edited, and nothing came to it.
pub(super) fn is_untouched(now: &Scene, changes: &[Change], customer: &str) -> bool {
    let own = format!("customers/{customer}/");
    let told: BTreeMap<&String, &Value> = changes.iter().map(|c| (&c.key, &c.after)).collect();
    now.iter().all(|(key, value)| {
        let concerns =
            key.starts_with(&own) || value.as_str() == Some(customer) || value["customer_id"] == customer;
        !concerns || value.is_null() || told.get(key).is_some_and(|after| *after == value)
    })
}

/// Puts everything back that is still as the step left it. Records that the step made are not removed here.
pub(super) async fn put_back(
    connection: &mut AnyConnection,
    keep: bool,
    now: &Scene,
    changes: &[Change],
) -> Result<()> {
    let mut facts: BTreeMap<&str, Vec<(&str, &Value)>> = BTreeMap::new();
    let mut held: Vec<&Change> = changes
        .iter()
        .filter(|change| now.get(&change.key).unwrap_or(&Value::Null) == &change.after)
        .collect();
    // An author and a customer are a pair once: pairs that came into being go first, those that went away come last.
    held.sort_by_key(|change| (!change.before.is_null(), change.after.is_null()));
    for change in held {
        let Some((table, id)) = change.key.split_once('/') else { continue };
        match (table, id.split_once('/')) {
            ("customers", Some((id, field))) => facts.entry(id).or_default().push((field, &change.before)),
            ("matches", _) => write_pair(connection, keep, id, &change.before).await?,
            _ => {
                if let Some((.., update)) = OWNED.into_iter().find(|(name, ..)| *name == table) {
                    sqlx::query(update)
                        .bind(change.before.as_str())
                        .bind(id)
                        .execute(&mut *connection)
                        .await?;
                }
            }
        }
    }
    for (id, fields) in facts {
        put_facts_back(connection, keep, now, id, &fields).await?;
    }
    Ok(())
}

/// Money as text: a number would not come back the same to the last bit.
fn facts_of(facts: &CustomerFacts) -> Result<serde_json::Map<String, Value>> {
    let Value::Object(mut fields) = serde_json::to_value(facts)? else { return Ok(Default::default()) };
    fields.insert("value".into(), json!(facts.value.map(|value| value.to_string())));
    Ok(fields)
}

async fn put_facts_back(
    connection: &mut AnyConnection,
    keep: bool,
    now: &Scene,
    id: &str,
    fields: &[(&str, &Value)],
) -> Result<()> {
    let own = format!("customers/{id}/");
    let mut object: serde_json::Map<String, Value> = now
        .range(own.clone()..)
        .take_while(|(key, _)| key.starts_with(&own))
        .map(|(key, value)| (key[own.len()..].to_owned(), value.clone()))
        .collect();
    if object.is_empty() {
        return Ok(());
    }
    for (field, value) in fields {
        object.insert((*field).to_owned(), (*value).clone());
    }
    let updated = object.remove("updated_at").and_then(|v| v.as_i64()).unwrap_or_default();
    let merged = object.remove("merged_into");
    let value = object.get("value").and_then(Value::as_str).and_then(|v| v.parse::<f64>().ok());
    object.insert("value".into(), Value::Null);
    let mut facts: CustomerFacts = serde_json::from_value(Value::Object(object))?;
    facts.value = value;
    write_facts(connection, keep, id, &facts, updated).await?;
    sqlx::query("UPDATE customers SET merged_into = $1 WHERE id = $2")
        .bind(merged.as_ref().and_then(Value::as_str))
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

fn pair(row: &AnyRow) -> Result<(String, Value)> {
    let pair = json!({
        "author_id": row.try_get::<String, _>("author_id")?,
        "customer_id": row.try_get::<String, _>("customer_id")?,
        "probability": row.try_get::<f64, _>("probability")?.to_string(),
        "evidence": row.try_get::<String, _>("evidence")?,
        "state": row.try_get::<String, _>("state")?,
        "previous": row.try_get::<Option<String>, _>("previous")?,
        "decided_at": row.try_get::<i64, _>("decided_at")?,
        "decided_by": row.try_get::<String, _>("decided_by")?,
    });
    Ok((row.try_get("id")?, pair))
}

async fn write_pair(connection: &mut AnyConnection, keep: bool, id: &str, pair: &Value) -> Result<()> {
    if pair.is_null() {
        sqlx::query("DELETE FROM matches WHERE id = $1").bind(id).execute(connection).await?;
        return Ok(());
    }
    let text = |field: &str| pair[field].as_str();
    sqlx::query(
        "INSERT INTO matches (id, author_id, customer_id, probability, evidence, state, previous, decided_at, decided_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET customer_id = excluded.customer_id, \
         probability = excluded.probability, evidence = excluded.evidence, state = excluded.state, \
         previous = excluded.previous, decided_at = excluded.decided_at, decided_by = excluded.decided_by",
    )
    .bind(id)
    .bind(text("author_id"))
    .bind(text("customer_id"))
    .bind(text("probability").and_then(|p| p.parse::<f64>().ok()).unwrap_or_default())
    .bind(text("evidence"))
    .bind(text("state"))
    .bind(text("previous"))
    .bind(pair["decided_at"].as_i64().unwrap_or_default())
    .bind(text("decided_by"))
    .persistent(keep)
    .execute(connection)
    .await?;
    Ok(())
}
