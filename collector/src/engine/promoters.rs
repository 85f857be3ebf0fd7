//! Keeps the promoters' rows in step: whoever changes a mention, a match, a case, an ask or a customer names the authors
//! concerned, and their standing is worked out again.

use chrono::TimeDelta;
use goodword_shared::{alert::Event, id::AuthorId};

use crate::{app::App, clock, pipeline::promoter::standing, record::PromoterRow};

/// Authors of one transaction.
const CHUNK: usize = 400;

/// Works out where those authors stand, and the customers that they are, and tells open pages.
pub async fn refresh(app: &App, authors: &[AuthorId]) -> anyhow::Result<()> {
    let authors: Vec<&str> = authors.iter().map(|id| id.as_str()).collect();
    refresh_now(app, &authors).await?;
    app.tell(Event::Changed { what: "promoters".into() });
    Ok(())
}

/// The same for customers: for each of their authors.
pub async fn refresh_customers(app: &App, customers: &[&str]) -> anyhow::Result<()> {
    let authors = app.store.authors_of(customers).await?;
    let authors: Vec<AuthorId> = authors.into_iter().map(AuthorId::new).collect();
    refresh(app, &authors).await
}

pub(super) async fn refresh_now(app: &App, authors: &[&str]) -> anyhow::Result<()> {
    if authors.is_empty() {
        return Ok(());
    }
    let settings = app.store.settings().await?;
    let tenths = app.store.value_tenths().await?;
    let now = clock::now();
    let since = now - TimeDelta::days(settings.promoter_days.into());
    for chunk in authors.chunks(CHUNK) {
        let people = app.store.people(chunk, since).await?;
        let rows: Vec<PromoterRow> = people
            .iter()
            .filter_map(|known| {
                let standing = standing(&known.person, &tenths, &settings, now)?;
                let author = known.authors.get(&standing.quote)?.clone();
                Some(PromoterRow { author, customer: known.customer.clone(), standing })
            })
            .collect();
        app.store.put_promoters(&people, chunk, &rows).await?;
    }
    Ok(())
}

/// Works out everybody's standing: words grow old, and time between asks passes.
pub async fn refresh_all(app: &App) -> anyhow::Result<()> {
    let settings = app.store.settings().await?;
    let since = clock::now() - TimeDelta::days(settings.promoter_days.into());
    let mut after = String::new();
    loop {
        let authors = app.store.authors_after(&after, since, CHUNK as u32).await?;
        let Some(last) = authors.last() else { break };
        after.clone_from(last);
        let authors: Vec<&str> = authors.iter().map(String::as_str).collect();
        refresh_now(app, &authors).await?;
    }
    app.tell(Event::Changed { what: "promoters".into() });
    Ok(())
}
