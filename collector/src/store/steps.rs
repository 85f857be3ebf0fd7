//! The ledger of what was done with customers by hand, and taking a step back. Append-only: an undo is a step of its own.

use std::collections::HashMap;

use goodword_shared::{
    Time,
    api::records::{Step, StepKind},
    customer::Customer,
    id::CustomerId,
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{
    Result, Store, from_millis, joined,
    matches::settle,
    new_id,
    said::{CUSTOMER, customer},
    scene::{self, Change, Reach},
    sql::Sql,
    to_millis,
};

const COLUMNS: &str = "SELECT s.id, s.at, s.by_whom, s.kind, s.customer_id, s.other_id, s.text, s.moved, \
     (SELECT u.id FROM customer_steps u WHERE u.undoes = s.id) AS undone FROM customer_steps s WHERE ";

/// What a step led to.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// As it stands in the ledger.
    pub step: Step,
    /// Authors whose standing may have changed.
    pub authors: Vec<String>,
    /// Records to be indexed anew, those gone or out of sight included.
    pub customers: Vec<String>,
    /// Authors of whom something that the engine had found was taken back along with the step: for it to look again.
    pub freed: Vec<String>,
}

/// Why a step cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// One of those concerned is not there.
    Missing(&'static str),
    /// It would not make sense: why.
    Senseless(&'static str),
}

/// A step, or why it cannot be taken.
pub type Stepped = std::result::Result<Taken, Refusal>;

/// A step to write down.
pub(super) struct Draft<'a> {
    pub kind: StepKind,
    pub customer: &'a str,
    pub other: Option<&'a str>,
    pub author: Option<&'a str>,
    pub text: String,
    pub undoes: Option<&'a str>,
}

impl Store {
    /// The steps of a record, newest first; those that took another back are left out.
    pub async fn steps_of(&self, customer: &str) -> Result<Vec<Step>> {
        let mut sql = Sql::new(COLUMNS);
        sql.push("s.kind <> 'undo' AND (s.customer_id = ").bind(customer.to_owned());
        sql.push(" OR s.other_id = ")
            .bind(customer.to_owned())
            .push(") ORDER BY s.at DESC, s.id DESC LIMIT 50");
        sql.all(&self.pool).await?.iter().map(|row| Ok(step(row)?.0)).collect()
    }

    /// Takes a step back. Everything that is as the step left it becomes what it was before.
    pub async fn undo_step(&self, id: &str, by: &str, now: Time) -> Result<Stepped> {
        let mut writing = self.write().await?;
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} s.id = $1")))
            .bind(id)
            .fetch_optional(&mut *writing)
            .await?;
        let Some(row) = row else { return Ok(Err(Refusal::Missing("step"))) };
        let (step, changes) = step(&row)?;
        if step.undone || step.kind == StepKind::Undo {
            return Ok(Err(Refusal::Senseless("That has been taken back already.")));
        }
        let customer = step.customer.as_str().to_owned();
        let other = step.other.as_ref().map(|id| id.as_str().to_owned());
        let customers: Vec<&str> = std::iter::once(customer.as_str()).chain(other.as_deref()).collect();
        let mut reach = Reach::of(&mut writing, &customers).await?;
        reach.add(&changes);
        let made = match step.kind {
            StepKind::Split => other.as_deref(),
            StepKind::Create => Some(customer.as_str()),
            _ => None,
        };
        // Of records that were one, the engine does not know by which of them it found somebody since.
        let freed = match (made, step.kind) {
            (Some(made), _) => forget_found(&mut writing, made, i64::MIN).await?,
            (None, StepKind::Merge) => forget_found(&mut writing, &customer, to_millis(step.at)).await?,
            _ => Vec::new(),
        };
        let present = scene::read(&mut writing, &reach).await?;
        let hidden =
            |id: &str| present.get(&format!("customers/{id}/merged_into")).is_none_or(|v| !v.is_null());
        let joined = if step.kind == StepKind::Merge { other.as_deref() } else { None };
        if customers.iter().any(|id| Some(*id) != joined && hidden(id)) {
            return Ok(Err(Refusal::Senseless(
                "The record has been joined with another since; take that back first.",
            )));
        }
        if let Some(made) = made
            && !scene::is_untouched(&present, &changes, made)
        {
            return Ok(Err(Refusal::Senseless(
                "The new record has changed since; join it with the other one instead.",
            )));
        }
        let kept: Vec<Change> = match made {
            Some(made) => changes.into_iter().filter(|change| !change.is_of(made)).collect(),
            None => changes,
        };
        scene::put_back(&mut writing, self.dialect.keep_prepared(), &present, &kept).await?;
        if let Some(made) = made {
            sqlx::query("DELETE FROM customers WHERE id = $1").bind(made).execute(&mut *writing).await?;
        }
        let draft = Draft {
            kind: StepKind::Undo,
            customer: &customer,
            other: other.as_deref(),
            author: None,
            text: format!("Took back: {}", step.text),
            undoes: Some(id),
        };
        let taken = finish(&mut writing, draft, &reach, &[], by, now).await?;
        writing.commit().await?;
        Ok(Ok(Taken { step: Step { undone: true, ..step }, freed, ..taken }))
    }

    /// Those of the customers that are in sight: there, and not joined with another.
    pub async fn visible_customers(&self, ids: &[String]) -> Result<HashMap<String, Customer>> {
        let mut sql = Sql::new("SELECT ");
        sql.push(CUSTOMER)
            .push(" FROM customers cu WHERE cu.merged_into IS NULL AND cu.id IN ")
            .bind_list(ids);
        let rows = sql.all(&self.pool).await?;
        rows.iter().map(|row| customer(row).map(|c| (c.id.as_str().to_owned(), c))).collect()
    }

    /// The record in which a record is found now: itself, or the one that it was joined with.
    pub async fn record_of(&self, id: &str) -> Result<Option<String>> {
        let mut found = id.to_owned();
        // Nobody joins records in a longer row than this.
        for _ in 0..64 {
            let mut sql = Sql::new("SELECT cu.merged_into FROM customers cu WHERE cu.id = ");
            sql.bind(found.clone());
            let Some(row) = sql.optional(&self.pool).await? else { return Ok(None) };
            match row.try_get::<Option<String>, _>(0)? {
                Some(next) => found = next,
                None => return Ok(Some(found)),
            }
        }
        Ok(None)
    }

    /// The owner's numbers of records that were joined with another, each with the record that is kept: an import that
    /// brings such a number means that one.
    pub async fn joined_numbers(&self) -> Result<HashMap<String, CustomerId>> {
        let sql = Sql::new(
            "SELECT cu.id, cu.merged_into, cu.external_id FROM customers cu WHERE cu.merged_into IS NOT NULL",
        );
        let mut into = HashMap::new();
        let mut numbers = Vec::new();
        for row in sql.all(&self.pool).await? {
            let (id, kept): (String, String) = (row.try_get("id")?, row.try_get("merged_into")?);
            if let Some(number) = row.try_get::<Option<String>, _>("external_id")? {
                numbers.push((number, kept.clone()));
            }
            into.insert(id, kept);
        }
        Ok(numbers
            .into_iter()
            .map(|(number, id)| (number, CustomerId::new(joined::kept(&into, &id))))
            .collect())
    }
}

/// What the engine found of a record after that moment (milliseconds) is no reason to keep the record as it is. Answers whom.
async fn forget_found(connection: &mut AnyConnection, customer: &str, after: i64) -> Result<Vec<String>> {
    let rows = sqlx::query(
        "DELETE FROM matches WHERE customer_id = $1 AND decided_by = 'engine' AND state IN ('linked', 'doubtful') \
         AND decided_at > $2 RETURNING author_id",
    )
    .bind(customer)
    .bind(after)
    .fetch_all(&mut *connection)
    .await?;
    let mut freed: Vec<String> = Vec::new();
    for row in rows {
        let author: String = row.try_get("author_id")?;
        settle(connection, &author).await?;
        freed.push(author);
    }
    Ok(freed)
}

/// The step that made this customer of this author, if it stands.
pub(super) async fn made_of(
    connection: &mut AnyConnection,
    author: &str,
    customer: &str,
) -> Result<Option<Step>> {
    let sql = format!("{COLUMNS} s.kind = 'create' AND s.author_id = $1 AND s.customer_id = $2");
    let row =
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(author).bind(customer).fetch_optional(connection).await?;
    let made = row.as_ref().map(step).transpose()?;
    Ok(made.map(|(step, _)| step).filter(|step| !step.undone))
}

/// Writes a step down and answers what it led to.
pub(super) async fn finish(
    connection: &mut AnyConnection,
    draft: Draft<'_>,
    reach: &Reach,
    changes: &[Change],
    by: &str,
    now: Time,
) -> Result<Taken> {
    let step = Step {
        id: new_id(),
        at: now,
        by: by.to_owned(),
        kind: draft.kind,
        customer: CustomerId::new(draft.customer),
        other: draft.other.map(CustomerId::new),
        text: draft.text,
        undone: false,
    };
    sqlx::query(
        "INSERT INTO customer_steps (id, at, by_whom, kind, customer_id, other_id, author_id, text, moved, undoes) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&step.id)
    .bind(to_millis(now))
    .bind(by)
    .bind(draft.kind.as_str())
    .bind(draft.customer)
    .bind(draft.other)
    .bind(draft.author)
    .bind(&step.text)
    .bind(serde_json::to_string(changes)?)
    .bind(draft.undoes)
    .execute(connection)
    .await?;
    Ok(Taken {
        step,
        authors: reach.authors.iter().cloned().collect(),
        customers: reach.customers.iter().cloned().collect(),
        freed: Vec::new(),
    })
}

fn step(row: &AnyRow) -> Result<(Step, Vec<Change>)> {
    let step = Step {
        id: row.try_get("id")?,
        at: from_millis(row.try_get("at")?),
        by: row.try_get("by_whom")?,
        kind: StepKind::parse(row.try_get("kind")?).unwrap_or(StepKind::Undo),
        customer: CustomerId::new(row.try_get::<String, _>("customer_id")?),
        other: row.try_get::<Option<String>, _>("other_id")?.map(CustomerId::new),
        text: row.try_get("text")?,
        undone: row.try_get::<Option<String>, _>("undone")?.is_some(),
    };
    Ok((step, serde_json::from_str(row.try_get("moved")?)?))
}
