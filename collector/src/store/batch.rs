//! Everything that was decided about a batch, written in one transaction: authors, mentions, revisions, matches, cases, alerts
//! and the effects in the outbox. Either all of it is there afterwards or nothing.

use std::collections::HashMap;

use goodword_shared::{Time, id::AuthorId};
use sqlx::{AnyConnection, Row};

use super::{
    Dialect, Result, Store, bulk, mentions, new_id, outbox::NewEffect, proposed::write_matches, to_millis,
};
use crate::record::{AuthorRow, Batch, Heavier, NewCase, Origin};

impl Store {
    /// Writes a batch. `back_fill`: its mentions are history. Authors that another collector stored meanwhile keep their ids
    /// there; the batch is corrected accordingly.
    pub async fn write_batch(
        &self,
        batch: &mut Batch,
        origin: &Origin,
        back_fill: bool,
        now: Time,
    ) -> Result<()> {
        let mut writing = self.write().await?;
        let dialect = self.dialect;
        let renamed = write_authors(&mut writing, dialect, &batch.authors, origin).await?;
        if !renamed.is_empty() {
            rename(batch, &renamed);
        }
        write_matches(&mut writing, dialect, &batch.matches, now).await?;
        mentions::insert(&mut writing, dialect, &batch.new, origin, back_fill, now).await?;
        mentions::update(&mut writing, dialect, &batch.changed, now).await?;
        write_cases(&mut writing, dialect, &batch.cases, now).await?;
        for heavier in &batch.heavier {
            make_heavier(&mut writing, heavier).await?;
        }
        for (case, at) in &batch.answered {
            sqlx::query(
                "UPDATE cases SET state = 'contacted', first_contact_at = $1 WHERE id = $2 AND state = 'open'",
            )
            .bind(to_millis(*at))
            .bind(case.as_str())
            .execute(&mut *writing)
            .await?;
        }
        let head = "INSERT INTO case_events (id, case_id, at, what, text, by_whom, mention_id)";
        bulk::insert(&mut writing, dialect, head, "", 7, &batch.events, |to, event| {
            to.push(new_id()).push(event.case.as_str()).push(to_millis(now));
            to.push(event.what.as_str()).push(event.text.as_str()).push(None::<String>);
            to.push(event.mention.as_ref().map(|id| id.as_str()));
        })
        .await?;
        for row in &batch.alerts {
            Self::add_alert(&mut writing, &row.alert, now).await?;
            for channel in &row.channels {
                let effect = NewEffect {
                    key: format!("{}.{channel}", row.alert.mention_id),
                    channel_id: channel.as_str().to_owned(),
                    subject: row.subject.clone(),
                    alert: row.alert.clone(),
                };
                Self::add_effect(&mut writing, &effect, now).await?;
            }
        }
        sqlx::query("UPDATE sources SET stored = stored + $1 WHERE id = $2")
            .bind(batch.new.len() as i64)
            .bind(origin.source.as_str())
            .execute(&mut *writing)
            .await?;
        writing.commit().await
    }
}

/// Stores authors; answers those whose key another writer stored under another id.
async fn write_authors(
    connection: &mut AnyConnection,
    dialect: Dialect,
    authors: &[AuthorRow],
    origin: &Origin,
) -> Result<HashMap<AuthorId, AuthorId>> {
    let rows = bulk::insert(
        connection,
        dialect,
        "INSERT INTO authors (id, platform, author_key, name, handle, platform_id, url, followers, location, email)",
        "ON CONFLICT (platform, author_key) DO UPDATE SET name = COALESCE(excluded.name, authors.name), \
         handle = COALESCE(excluded.handle, authors.handle), \
         platform_id = COALESCE(excluded.platform_id, authors.platform_id), url = COALESCE(excluded.url, authors.url), \
         followers = COALESCE(excluded.followers, authors.followers), \
         location = COALESCE(excluded.location, authors.location), email = COALESCE(excluded.email, authors.email) \
         RETURNING id, author_key",
        10,
        authors,
        |to, row| {
            let author = &row.author;
            to.push(row.id.as_str()).push(origin.connector.as_str()).push(row.key.as_str());
            to.push(author.name.as_deref()).push(author.handle.as_deref()).push(author.id.as_deref());
            to.push(author.url.as_deref()).push(author.followers.and_then(|n| i64::try_from(n).ok()));
            to.push(author.location.as_deref()).push(author.email.as_deref());
        },
    )
    .await?;
    let proposed: HashMap<&str, &AuthorId> = authors.iter().map(|row| (row.key.as_str(), &row.id)).collect();
    let mut renamed = HashMap::new();
    for row in &rows {
        let id: String = row.try_get("id")?;
        if let Some(ours) = proposed.get(row.try_get::<&str, _>("author_key")?)
            && ours.as_str() != id
        {
            renamed.insert((*ours).clone(), AuthorId::new(id));
        }
    }
    Ok(renamed)
}

fn rename(batch: &mut Batch, renamed: &HashMap<AuthorId, AuthorId>) {
    let new = |id: &mut AuthorId| {
        if let Some(stored) = renamed.get(id) {
            id.clone_from(stored);
        }
    };
    batch.authors.iter_mut().for_each(|row| new(&mut row.id));
    batch.matches.iter_mut().for_each(|row| new(&mut row.author));
    batch.new.iter_mut().filter_map(|row| row.author.as_mut()).for_each(new);
    batch.changed.iter_mut().filter_map(|change| change.row.author.as_mut()).for_each(new);
    batch.cases.iter_mut().filter_map(|case| case.author.as_mut()).for_each(new);
}

async fn write_cases(
    connection: &mut AnyConnection,
    dialect: Dialect,
    cases: &[NewCase],
    now: Time,
) -> Result<()> {
    let mut rows = Vec::with_capacity(cases.len());
    for case in cases {
        rows.push((case, serde_json::to_string(&case.reasons)?, serde_json::to_string(&case.factors)?));
    }
    bulk::insert(
        connection,
        dialect,
        "INSERT INTO cases (id, mention_id, author_id, customer_id, state, reasons, weight, factors, opened_at, \
         waiting_since, due_at, first_contact_at)",
        "",
        12,
        &rows,
        |to, (case, reasons, factors)| {
            to.push(case.id.as_str()).push(case.mention.as_str());
            to.push(case.author.as_ref().map(|id| id.as_str()));
            to.push(case.customer.as_ref().map(|id| id.as_str()));
            to.push(if case.answered_at.is_some() { "contacted" } else { "open" });
            to.push(reasons.as_str()).push(case.weight).push(factors.as_str()).push(to_millis(now));
            to.push(to_millis(case.waiting_since)).push(to_millis(case.due_at));
            to.push(case.answered_at.map(to_millis));
        },
    )
    .await?;
    Ok(())
}

async fn make_heavier(connection: &mut AnyConnection, heavier: &Heavier) -> Result<()> {
    sqlx::query("UPDATE cases SET weight = $1, factors = $2, reasons = $3 WHERE id = $4 AND weight < $1")
        .bind(heavier.weight)
        .bind(serde_json::to_string(&heavier.factors)?)
        .bind(serde_json::to_string(&heavier.reasons)?)
        .bind(heavier.case.as_str())
        .execute(connection)
        .await?;
    Ok(())
}
