//! Records that were joined with another, for the index: whoever shows an address, a number or a name of theirs means the record
//! that was kept.

use std::collections::HashMap;

use goodword_shared::customer::Customer;
use sqlx::Row;

use super::{
    Result, Store,
    bulk::fetch_in,
    said::{CUSTOMER, customer},
    sql::Sql,
};

/// The record in which one that was joined is found now, where each was joined with the one that `into` says.
pub(super) fn kept(into: &HashMap<String, String>, id: &str) -> String {
    let mut found = id;
    for _ in 0..into.len() {
        let Some(next) = into.get(found) else { break };
        found = next;
    }
    found.to_owned()
}

impl Store {
    /// Every record that was joined with another, with the one in which it is found now.
    pub async fn joined_records(&self) -> Result<Vec<(String, Customer)>> {
        let mut sql = Sql::new("SELECT cu.merged_into, ");
        sql.push(CUSTOMER).push(" FROM customers cu WHERE cu.merged_into IS NOT NULL ORDER BY cu.id");
        let mut into: HashMap<String, String> = HashMap::new();
        let mut records = Vec::new();
        for row in sql.all(&self.pool).await? {
            let record = customer(&row)?;
            into.insert(record.id.as_str().to_owned(), row.try_get("merged_into")?);
            records.push(record);
        }
        Ok(records.into_iter().map(|record| (kept(&into, record.id.as_str()), record)).collect())
    }

    /// The records that were joined with one of those, directly or by way of another, with which.
    pub async fn joined_among(&self, kept: &[&str]) -> Result<Vec<(String, Customer)>> {
        let mut connection = self.pool.acquire().await?;
        let head = format!("SELECT cu.merged_into, {CUSTOMER} FROM customers cu WHERE cu.merged_into IN");
        let mut found: Vec<(String, Customer)> = Vec::new();
        let mut into: HashMap<String, String> =
            kept.iter().map(|id| ((*id).to_owned(), (*id).to_owned())).collect();
        let mut fresh: Vec<String> = into.keys().cloned().collect();
        while !fresh.is_empty() {
            let ids: Vec<&str> = fresh.iter().map(String::as_str).collect();
            let rows = fetch_in(&mut connection, &head, "", &[], &ids).await?;
            fresh.clear();
            for row in rows {
                let record = customer(&row)?;
                let id = record.id.as_str().to_owned();
                let Some(kept) = into.get(row.try_get::<&str, _>("merged_into")?).cloned() else { continue };
                if into.insert(id.clone(), kept.clone()).is_none() {
                    fresh.push(id);
                    found.push((kept, record));
                }
            }
        }
        Ok(found)
    }
}
