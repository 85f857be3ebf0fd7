//! The Today page.

use chrono::Duration;
use goodword_shared::{
    Problem,
    api::{cases::CaseQuery, promoters::PromoterQuery},
    today::Today,
};

use super::Caller;
use crate::{app::App, store::User};

/// After so long without looking, looking again is another visit.
const VISIT: Duration = Duration::minutes(30);
/// Rows of each of the two lists.
const ROWS: u64 = 5;

/// What changed since the last visit.
pub async fn get(app: App, caller: Caller, (): (), (): (), (): ()) -> Result<Today, Problem> {
    let now = caller.now;
    let since = last_visit(&caller.user, now);
    let settings = app.store.settings().await?;
    let new = app.store.new_mentions(since.unwrap_or(now - Duration::days(1))).await?;
    let (waiting, longest_waiting_since) = app.store.waiting_cases().await?;
    let cases = CaseQuery { limit: Some(ROWS), ..CaseQuery::default() };
    let promoters = PromoterQuery { limit: Some(ROWS), ..PromoterQuery::default() };
    let mut win_back = app.store.urgent_cases(&cases, now).await?;
    super::cases::timed(&mut win_back, now);
    Ok(Today {
        since,
        now,
        waiting,
        longest_waiting_since,
        new_mentions: new.all,
        new_positive: new.positive,
        new_negative: new.negative,
        win_back,
        ask: app.store.best_promoters(&promoters, settings.ask_again_days, now).await?,
        figures: app.store.figures(now).await?,
        themes: app.store.theme_balances(now).await?,
        ailing_sources: Vec::new(),
        doubtful_matches: app.store.doubtful_matches().await?,
        no_sources: false,
    })
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
