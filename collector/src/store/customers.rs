//! Customers as they are written: by import, and by the owner's hand.

use goodword_shared::{
    Time,
    api::customers::CustomerChange,
    customer::{Consent, Customer, CustomerFacts},
    id::CustomerId,
};
use sqlx::{AnyConnection, Row};

use super::{
    Result, Store, new_id,
    said::{CUSTOMER, customer},
    sql::Sql,
    to_millis,
};
use crate::fold::fold;

/// The folded words by which a customer is found.
fn search_text(facts: &CustomerFacts) -> String {
    let parts = [
        Some(facts.name.as_str()),
        facts.first.as_deref(),
        facts.last.as_deref(),
        facts.email.as_deref(),
        facts.phone.as_deref(),
        facts.city.as_deref(),
        facts.company.as_deref(),
        facts.handle.as_deref(),
        facts.external_id.as_deref(),
    ];
    let mut text = fold(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "));
    // A telephone number is typed with other gaps than it was written with.
    let digits: String = facts.phone.iter().flat_map(|p| p.chars()).filter(char::is_ascii_digit).collect();
    if !digits.is_empty() {
        text.push(' ');
        text.push_str(&digits);
    }
    text
}

impl Store {
    /// Customers in the order of their ids, from after `after`: to go through all of them page by page.
    pub async fn customers_after(&self, after: &str, limit: u32) -> Result<Vec<Customer>> {
        let mut sql = Sql::new("SELECT ");
        sql.push(CUSTOMER)
            .push(" FROM customers cu WHERE cu.merged_into IS NULL AND cu.id > ")
            .bind(after.to_owned());
        sql.push(" ORDER BY cu.id LIMIT ").bind(i64::from(limit));
        sql.all(&self.pool).await?.iter().map(customer).collect()
    }

    /// Every customer, as an import compares with.
    pub async fn all_customers(&self) -> Result<Vec<Customer>> {
        let mut all: Vec<Customer> = Vec::new();
        loop {
            let after = all.last().map(|c| c.id.as_str().to_owned()).unwrap_or_default();
            let page = self.customers_after(&after, 2000).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }

    /// Writes new and changed customers in one transaction; the ids of the new ones come back in order.
    pub async fn put_customers(
        &self,
        new: &[CustomerFacts],
        changed: &[(CustomerId, CustomerFacts)],
        now: Time,
    ) -> Result<Vec<CustomerId>> {
        let mut writing = self.write().await?;
        let keep = self.dialect.keep_prepared();
        let mut ids = Vec::with_capacity(new.len());
        for facts in new {
            let id = CustomerId::new(new_id());
            insert(&mut writing, keep, &id, facts, now).await?;
            ids.push(id);
        }
        for (id, facts) in changed {
            write_facts(&mut writing, keep, id.as_str(), facts, to_millis(now)).await?;
        }
        writing.commit().await?;
        Ok(ids)
    }

    /// Changes what the owner may change by hand. None where there is no such customer.
    pub async fn change_customer(
        &self,
        id: &str,
        change: &CustomerChange,
        now: Time,
    ) -> Result<Option<Customer>> {
        let Some(key) = self.record_of(id).await? else { return Ok(None) };
        let id = key.as_str();
        let Some(mut customer) = self.customers_by_id(std::slice::from_ref(&key)).await?.remove(&key) else {
            return Ok(None);
        };
        apply(&mut customer.facts, change);
        let mut writing = self.write().await?;
        write_facts(&mut writing, self.dialect.keep_prepared(), id, &customer.facts, to_millis(now)).await?;
        writing.commit().await?;
        Ok(Some(customer))
    }

    /// How many customers there are.
    pub async fn customer_count(&self) -> Result<u64> {
        let row =
            Sql::new("SELECT COUNT(*) AS n FROM customers WHERE merged_into IS NULL").one(&self.pool).await?;
        Ok(row.try_get::<i64, _>("n")?.max(0) as u64)
    }
}

/// What was said replaces what was there; an empty text is none.
fn apply(facts: &mut CustomerFacts, change: &CustomerChange) {
    if let Some(never) = change.do_not_contact {
        facts.do_not_contact = never;
    }
    if let Some(consent) = change.contact_consent {
        facts.contact_consent = match consent {
            Consent::Yes => Some(true),
            Consent::No => Some(false),
            Consent::Unknown => None,
        };
    }
    if let Some(name) =
        change.name.as_deref().map(str::trim).filter(|name| !name.is_empty() && *name != facts.name)
    {
        name.clone_into(&mut facts.name);
        // Which part was given and which family is known no more.
        (facts.first, facts.last) = (None, None);
    }
    for (said, kept) in [
        (&change.notes, &mut facts.notes),
        (&change.email, &mut facts.email),
        (&change.phone, &mut facts.phone),
        (&change.city, &mut facts.city),
        (&change.company, &mut facts.company),
        (&change.birthday, &mut facts.birthday),
    ] {
        if let Some(text) = said {
            *kept = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        }
    }
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    keep: bool,
    id: &CustomerId,
    facts: &CustomerFacts,
    now: Time,
) -> Result<()> {
    let sql = "INSERT INTO customers (external_id, name, first, last, email, phone, city, handle, company, language, since, \
         value, contact_consent, do_not_contact, tags, notes, birthday, search, updated_at, created_at, id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    bound(sqlx::query(sql), facts, to_millis(now))?
        .bind(to_millis(now))
        .bind(id.as_str())
        .persistent(keep)
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes facts over those of a record; `updated` in milliseconds.
pub(super) async fn write_facts(
    connection: &mut AnyConnection,
    keep: bool,
    id: &str,
    facts: &CustomerFacts,
    updated: i64,
) -> Result<()> {
    let sql = "UPDATE customers SET external_id = $1, name = $2, first = $3, last = $4, email = $5, phone = $6, city = $7, \
         handle = $8, company = $9, language = $10, since = $11, value = $12, contact_consent = $13, do_not_contact = $14, \
         tags = $15, notes = $16, birthday = $17, search = $18, updated_at = $19 WHERE id = $20";
    bound(sqlx::query(sql), facts, updated)?.bind(id).persistent(keep).execute(connection).await?;
    Ok(())
}

type Statement<'q> = sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments>;

/// Binds the facts in the order of both statements.
fn bound<'q>(statement: Statement<'q>, facts: &CustomerFacts, updated: i64) -> Result<Statement<'q>> {
    Ok(statement
        .bind(facts.external_id.clone())
        .bind(facts.name.clone())
        .bind(facts.first.clone())
        .bind(facts.last.clone())
        .bind(facts.email.clone())
        .bind(facts.phone.clone())
        .bind(facts.city.clone())
        .bind(facts.handle.clone())
        .bind(facts.company.clone())
        .bind(facts.language.clone())
        .bind(facts.since.map(to_millis))
        .bind(facts.value)
        .bind(facts.contact_consent.map(i32::from))
        .bind(i32::from(facts.do_not_contact))
        .bind(serde_json::to_string(&facts.tags)?)
        .bind(facts.notes.clone())
        .bind(facts.birthday.clone())
        .bind(search_text(facts))
        .bind(updated))
}
