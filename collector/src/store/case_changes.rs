//! What the owner does about a case, and asks made of promoters. Each change and its entry in the story are one transaction.

use goodword_shared::{
    Time,
    case::{CaseState, Outcome},
    promoter::AskKind,
};
use sqlx::{AnyConnection, Row};

use super::{Askable, Result, Store, from_millis, new_id, sql::Sql, to_millis};

/// What a change must know of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseFacts {
    /// The author it is about.
    pub author_id: Option<String>,
    /// Where it stands.
    pub state: CaseState,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// When somebody first got in touch.
    pub first_contact_at: Option<Time>,
    /// When it was closed.
    pub closed_at: Option<Time>,
    /// Not shown until then.
    pub snoozed_until: Option<Time>,
    /// Who takes care of it.
    pub assignee: Option<String>,
}

/// An entry of a case's story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseEntry {
    /// contact, note, state, closed.
    pub what: &'static str,
    /// In words.
    pub text: String,
}

impl Store {
    /// The facts of a case.
    pub async fn case_facts(&self, id: &str) -> Result<Option<CaseFacts>> {
        let mut sql = Sql::new(
            "SELECT author_id, state, outcome, first_contact_at, closed_at, snoozed_until, assignee FROM cases WHERE id = ",
        );
        sql.bind(id.to_owned());
        let Some(row) = sql.optional(&self.pool).await? else { return Ok(None) };
        let moment = |column| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(from_millis));
        Ok(Some(CaseFacts {
            author_id: row.try_get("author_id")?,
            state: CaseState::parse(row.try_get("state")?).unwrap_or_default(),
            outcome: row.try_get::<Option<String>, _>("outcome")?.as_deref().and_then(Outcome::parse),
            first_contact_at: moment("first_contact_at")?,
            closed_at: moment("closed_at")?,
            snoozed_until: moment("snoozed_until")?,
            assignee: row.try_get("assignee")?,
        }))
    }

    /// Whether the author has another case that is not closed: then this one cannot be opened again beside it.
    pub async fn has_other_open_case(&self, id: &str, author: &str) -> Result<bool> {
        let mut sql = Sql::new("SELECT 1 AS one FROM cases WHERE state <> 'closed' AND author_id = ");
        sql.bind(author.to_owned()).push(" AND id <> ").bind(id.to_owned());
        Ok(sql.optional(&self.pool).await?.is_some())
    }

    /// Writes the facts and adds the entries.
    pub async fn change_case(
        &self,
        id: &str,
        facts: &CaseFacts,
        entries: &[CaseEntry],
        by: &str,
        now: Time,
    ) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "UPDATE cases SET state = $1, outcome = $2, first_contact_at = $3, closed_at = $4, snoozed_until = $5, \
             assignee = $6 WHERE id = $7",
        )
        .bind(facts.state.as_str())
        .bind(facts.outcome.map(Outcome::as_str))
        .bind(facts.first_contact_at.map(to_millis))
        .bind(facts.closed_at.map(to_millis))
        .bind(facts.snoozed_until.map(to_millis))
        .bind(facts.assignee.clone())
        .bind(id)
        .persistent(self.dialect.keep_prepared())
        .execute(&mut *writing)
        .await?;
        for entry in entries {
            tell(&mut writing, id, entry, by, now).await?;
        }
        writing.commit().await
    }

    /// Records that a promoter was asked.
    pub async fn add_ask(
        &self,
        whom: &Askable,
        kind: AskKind,
        text: &str,
        by: &str,
        now: Time,
    ) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query(
            "INSERT INTO asks (id, author_id, customer_id, kind, text, at, by_whom) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(new_id())
        .bind(&whom.author_id)
        .bind(whom.customer_id.clone())
        .bind(kind.as_str())
        .bind(text)
        .bind(to_millis(now))
        .bind(by)
        .persistent(self.dialect.keep_prepared())
        .execute(&mut *writing)
        .await?;
        sqlx::query("UPDATE authors SET last_asked = $1 WHERE id = $2")
            .bind(to_millis(now))
            .bind(&whom.author_id)
            .execute(&mut *writing)
            .await?;
        writing.commit().await
    }
}

async fn tell(
    connection: &mut AnyConnection,
    case: &str,
    entry: &CaseEntry,
    by: &str,
    now: Time,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO case_events (id, case_id, at, what, text, by_whom) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new_id())
    .bind(case)
    .bind(to_millis(now))
    .bind(entry.what)
    .bind(&entry.text)
    .bind(by)
    .execute(connection)
    .await?;
    Ok(())
}
