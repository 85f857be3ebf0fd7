//! What is done now and then, beside the scheduler: carrying out the platforms' storage rules and looking for accounts of one person every hour; once a day forgetting
//! old ledgers, ranking the promoters anew, and the database's own care.

use std::{sync::atomic::Ordering, time::Duration};

use chrono::TimeDelta;
use goodword_shared::alert::Event;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{kin, meet, promoters, storage};
use crate::{app::App, clock};

/// After the start.
const FIRST: Duration = Duration::from_secs(120);
/// Storage rules are counted in days; a day's limit is to be kept within the hour.
const EVERY: Duration = Duration::from_secs(3600);
/// From somebody's appearing to their being compared with those of other platforms.
const APPEARING: Duration = Duration::from_secs(2);
/// The rest.
const DAILY: Duration = Duration::from_secs(24 * 3600);
/// Days that the ledgers of runs and deliveries go back. Alerts are for mentions of the last days, so that a forgotten one is not
/// raised again.
const RUNS_DAYS: i64 = 180;
/// Days for which a pushed event is known again; senders give up long before.
const EVENTS_DAYS: i64 = 30;

/// Tends the store until told to end. Faults are logged, and the work is tried again an hour later.
pub async fn tend(app: App, shutdown: CancellationToken) -> anyhow::Result<()> {
    let mut next = Instant::now() + FIRST;
    let mut daily = next;
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep_until(next) => {}
            () = app.wake_kin.notified() => {
                // Whoever appears together is compared together.
                tokio::select! {
                    () = shutdown.cancelled() => return Ok(()),
                    () = tokio::time::sleep(APPEARING) => {}
                }
                if let Err(error) = meet::compare(&app).await {
                    tracing::error!(error = format!("{error:#}"), "accounts could not be compared");
                }
                continue;
            }
        }
        next = Instant::now() + EVERY;
        if let Err(error) = rules(&app).await {
            tracing::error!(error = format!("{error:#}"), "storage rules could not be carried out");
        }
        if !app.filled.load(Ordering::Acquire) {
            // Without the customers it is not known how common a name is.
            next = Instant::now() + FIRST;
        } else if let Err(error) = kin::look(&app).await {
            tracing::error!(error = format!("{error:#}"), "accounts could not be compared");
        }
        if Instant::now() >= daily {
            daily = Instant::now() + DAILY;
            if let Err(error) = sweep(&app).await {
                tracing::error!(error = format!("{error:#}"), "what is too old could not be removed");
            }
        }
    }
}

async fn rules(app: &App) -> anyhow::Result<()> {
    let swept = storage::carry_out(app, clock::now()).await?;
    if swept != storage::Swept::default() {
        tracing::info!(
            mentions = swept.withheld,
            answers = swept.captures,
            "took out what may not be kept longer"
        );
    }
    if swept.withheld > 0 {
        for list in ["mentions", "cases", "promoters"] {
            app.tell(Event::Changed { what: list.into() });
        }
    }
    Ok(())
}

/// Forgets old runs and deliveries, ranks the promoters anew, tends the database.
async fn sweep(app: &App) -> anyhow::Result<()> {
    let before = clock::now() - TimeDelta::days(RUNS_DAYS);
    app.store.forget_events(clock::now() - TimeDelta::days(EVENTS_DAYS)).await?;
    app.store.forget_runs(before).await?;
    app.store.forget_alerts(before).await?;
    app.store.forget_troubles(before).await?;
    app.store.forget_listings(clock::now() - TimeDelta::days(45)).await?;
    app.store.forget_manners(clock::now() - TimeDelta::days(7)).await?;
    promoters::refresh_all(app).await?;
    app.store.tend().await?;
    Ok(())
}
