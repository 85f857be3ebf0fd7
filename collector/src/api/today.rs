//! The Today page.

use std::sync::PoisonError;

use chrono::Duration;
use goodword_shared::{
    Problem,
    api::{cases::CaseQuery, promoters::PromoterQuery},
    source::{HealthState, Source},
    today::Today,
};
use tokio::time::Instant;

use super::{Caller, broke};
use crate::{app::App, engine, store::User};

/// After so long without looking, looking again is another visit.
const VISIT: Duration = Duration::minutes(30);
/// Quiet sources are looked for again after so long.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_secs(60);
/// Rows of each of the two lists.
const ROWS: u64 = 5;

/// What changed since the last visit.
pub async fn get(app: App, caller: Caller, (): (), (): (), (): ()) -> Result<Today, Problem> {
    let now = caller.now;
    let since = last_visit(&caller.user, now);
    let settings = app.store.settings().await?;
    let cases = CaseQuery { limit: Some(ROWS), ..CaseQuery::default() };
    let promoters = PromoterQuery { limit: Some(ROWS), ..PromoterQuery::default() };
    let (new, (waiting, longest_waiting_since), mut win_back, ask, figures, themes, doubtful_matches) = tokio::try_join!(
        app.store.new_mentions(since.unwrap_or(now - Duration::days(1))),
        app.store.waiting_cases(),
        app.store.urgent_cases(&cases, now),
        app.store.best_promoters(&promoters, settings.ask_again_days, now),
        app.store.figures(now),
        app.store.theme_balances(now),
        app.store.doubtful_matches(),
    )?;
    super::cases::timed(&mut win_back, now);
    let (ailing_sources, no_sources) = sources(&app).await?;
    Ok(Today {
        since,
        now,
        waiting,
        longest_waiting_since,
        new_mentions: new.all,
        new_positive: new.positive,
        new_negative: new.negative,
        win_back,
        ask,
        figures,
        themes,
        ailing_sources,
        doubtful_matches,
        no_sources,
    })
}

/// Sources that need the owner: those that fail now, and those that were found quiet at the last look. A source's rhythm takes
/// too long to reckon for a page that is opened all the time, so quiet ones are looked for beside it, once in a while.
async fn sources(app: &App) -> Result<(Vec<Source>, bool), Problem> {
    let broken = |error: anyhow::Error| broke(&format!("{error:#}"));
    let rows = app.store.source_rows().await?;
    let mut ailing = Vec::new();
    for row in rows.iter().filter(|row| row.problem.is_some() && !row.paused) {
        ailing.extend(engine::sources::get(app, row.id.as_str()).await.map_err(broken)?);
    }
    let quiet = app.quiet.read().unwrap_or_else(PoisonError::into_inner).clone();
    let still = |source: &Source| rows.iter().any(|row| row.id == source.id && row.problem.is_none());
    ailing.extend(quiet.sources.into_iter().filter(still));
    if quiet.looked_at.is_none_or(|at| at.elapsed() > LOOK_AGAIN) {
        app.quiet.write().unwrap_or_else(PoisonError::into_inner).looked_at = Some(Instant::now());
        tokio::spawn(look_for_quiet(app.clone()));
    }
    Ok((ailing, rows.is_empty()))
}

async fn look_for_quiet(app: App) {
    match engine::sources::list(&app).await {
        Ok(mut sources) => {
            sources.retain(|source| source.health == HealthState::Quiet);
            app.quiet.write().unwrap_or_else(PoisonError::into_inner).sources = sources;
        }
        Err(error) => tracing::error!(error = format!("{error:#}"), "quiet sources could not be looked for"),
    }
}

/// Remembers this visit.
pub async fn seen(app: App, caller: Caller, (): (), (): (), (): ()) -> Result<(), Problem> {
    let since = last_visit(&caller.user, caller.now);
    Ok(app.store.remember_visit(&caller.user.id, since, caller.now).await?)
}

/// When the visit before the present one was. Reloading the page is no new visit.
fn last_visit(user: &User, now: goodword_shared::Time) -> Option<goodword_shared::Time> {
    match user.visit_at {
        Some(visit) if now - visit < VISIT => user.seen_at,
        visit => visit,
    }
}
