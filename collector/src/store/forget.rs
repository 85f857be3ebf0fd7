//! Handing out what is held about a person, and forgetting them: their records, their accounts, the name under what they wrote.
//! The words themselves stay, as somebody's. Who was forgotten is not taken in again: the account's key is kept for that alone.

use std::collections::BTreeSet;

use goodword_shared::{Author, Mention, Time, customer::Customer};
use sqlx::{AnyConnection, Row};

use super::{
    Result, Store, alerts,
    bulk::{execute_in, fetch_in},
    said::{CUSTOMER, customer},
    sql::Sql,
    to_millis,
};
use crate::fold::fold;

/// What was forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Records that are gone.
    pub records: Vec<String>,
    /// Authors who are nobody now.
    pub authors: Vec<String>,
    /// How many mentions no longer say who wrote them.
    pub mentions: u64,
}

impl Store {
    /// Records that were joined with that one, directly or by way of another.
    pub async fn joined_with(&self, id: &str) -> Result<Vec<Customer>> {
        let mut connection = self.pool.acquire().await?;
        let ids = all_joined(&mut connection, id).await?;
        let ids: Vec<&str> = ids.iter().map(String::as_str).filter(|other| *other != id).collect();
        let head = format!("SELECT {CUSTOMER} FROM customers cu WHERE cu.id IN");
        fetch_in(&mut connection, &head, "", &[], &ids).await?.iter().map(customer).collect()
    }

    /// Everything that a customer said, as it was read, newest first.
    pub async fn mentions_of_customer(&self, id: &str) -> Result<Vec<Mention>> {
        let mut sql = Sql::new(
            "SELECT m.mention FROM mentions m JOIN authors a ON a.id = m.author_id WHERE a.customer_id = ",
        );
        sql.bind(id.to_owned()).push(" ORDER BY m.at DESC, m.id");
        let rows = sql.all(&self.pool).await?;
        rows.iter().map(|row| Ok(serde_json::from_str(row.try_get("mention")?)?)).collect()
    }

    /// Forgets a customer with everything that says who they are. None where there is no such customer.
    pub async fn forget_customer(&self, id: &str, now: Time) -> Result<Option<Erased>> {
        let Some(kept) = self.record_of(id).await? else { return Ok(None) };
        let mut writing = self.write().await?;
        let records = all_joined(&mut writing, &kept).await?;
        let ids: Vec<&str> = records.iter().map(String::as_str).collect();
        let rows =
            fetch_in(&mut writing, "SELECT id FROM authors WHERE customer_id IN", "", &[], &ids).await?;
        let authors: Vec<String> =
            rows.iter().map(|row| row.try_get("id")).collect::<std::result::Result<_, _>>()?;
        let accounts: Vec<&str> = authors.iter().map(String::as_str).collect();
        // What was said to being written to, on our own form, goes while the mentions still say whose it was.
        let head = "DELETE FROM contact_consents WHERE EXISTS (SELECT 1 FROM mentions m \
             WHERE m.source_id = contact_consents.source_id AND m.mention_key = contact_consents.external_id AND m.author_id IN";
        execute_in(&mut writing, head, ")", &[], &accounts).await?;
        let mentions = forget_words(&mut writing, &accounts, now).await?;
        // Steps with other records may tell of this one too, in the evidence of a match that they moved.
        for id in ids.iter().chain(&accounts) {
            sqlx::query("DELETE FROM customer_steps WHERE customer_id = $1 OR other_id = $1 OR author_id = $1 OR moved LIKE $2")
                .bind(*id)
                .bind(format!("%{id}%"))
                .execute(&mut *writing)
                .await?;
        }
        for sql in [
            "DELETE FROM matches WHERE author_id IN",
            "DELETE FROM asks WHERE author_id IN",
            "DELETE FROM kin WHERE one_id IN",
            "DELETE FROM kin WHERE other_id IN",
        ] {
            execute_in(&mut writing, sql, "", &[], &accounts).await?;
        }
        let at = to_millis(now).to_string();
        let head = "UPDATE authors SET name = NULL, handle = NULL, platform_id = NULL, url = NULL, followers = NULL, \
             location = NULL, email = NULL, customer_id = NULL, forgotten_at = CAST($1 AS BIGINT) WHERE id IN";
        execute_in(&mut writing, head, "", &[&at], &accounts).await?;
        // Records that were joined lean on the kept one, and go with it.
        sqlx::query("DELETE FROM customers WHERE id = $1").bind(&kept).execute(&mut *writing).await?;
        writing.commit().await?;
        Ok(Some(Erased { records: records.into_iter().collect(), authors, mentions }))
    }
}

/// That record and every one that was joined with it, directly or by way of another.
async fn all_joined(connection: &mut AnyConnection, id: &str) -> Result<BTreeSet<String>> {
    let mut all = BTreeSet::from([id.to_owned()]);
    let mut fresh = vec![id.to_owned()];
    while !fresh.is_empty() {
        let ids: Vec<&str> = fresh.iter().map(String::as_str).collect();
        let rows =
            fetch_in(connection, "SELECT id FROM customers WHERE merged_into IN", "", &[], &ids).await?;
        fresh = rows.iter().map(|row| row.try_get("id")).collect::<std::result::Result<_, _>>()?;
        fresh.retain(|id| all.insert(id.clone()));
    }
    Ok(all)
}

/// Takes the author out of their mentions, of earlier versions too, and of what was told of them.
async fn forget_words(connection: &mut AnyConnection, authors: &[&str], now: Time) -> Result<u64> {
    let head = "SELECT id, mention FROM mentions WHERE author_id IN";
    let rows = fetch_in(connection, head, "", &[], authors).await?;
    for row in &rows {
        let id: String = row.try_get("id")?;
        let mention = nobodys(row.try_get("mention")?)?;
        let said = [mention.title.as_deref(), Some(mention.text.as_str())];
        let search = fold(&said.into_iter().flatten().collect::<Vec<_>>().join(" "));
        sqlx::query("UPDATE mentions SET mention = $1, search = $2 WHERE id = $3")
            .bind(serde_json::to_string(&mention)?)
            .bind(search)
            .bind(&id)
            .execute(&mut *connection)
            .await?;
        alerts::forget_words(connection, &id, now).await?;
    }
    let ids: Vec<String> = rows.iter().map(|row| row.try_get("id")).collect::<std::result::Result<_, _>>()?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let head = "SELECT id, mention FROM revisions WHERE mention_id IN";
    for row in fetch_in(connection, head, "", &[], &ids).await? {
        sqlx::query("UPDATE revisions SET mention = $1 WHERE id = $2")
            .bind(serde_json::to_string(&nobodys(row.try_get("mention")?)?)?)
            .bind(row.try_get::<String, _>("id")?)
            .execute(&mut *connection)
            .await?;
    }
    Ok(rows.len() as u64)
}

fn nobodys(json: &str) -> Result<Mention> {
    let mention: Mention = serde_json::from_str(json)?;
    Ok(Mention { author: Author::default(), order_id: None, ..mention })
}
