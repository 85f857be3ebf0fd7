//! What is done once a day: forgetting what is too old to keep, and ranking the promoters anew.

use std::time::Duration;

use chrono::TimeDelta;
use goodword_shared::source::StorageRule;

use super::promoters;
use crate::{app::App, clock, connectors};

/// After the start.
pub(super) const FIRST: Duration = Duration::from_secs(120);
/// Afterwards.
pub(super) const EVERY: Duration = Duration::from_secs(24 * 3600);
/// Days that the ledgers of runs and deliveries go back. Alerts are for mentions of the last days, so that a forgotten one is not
/// raised again.
const RUNS_DAYS: i64 = 180;

/// Forgets kept answers (by the owner's retention and by each platform's own) and old runs.
pub(super) async fn sweep(app: &App) -> anyhow::Result<()> {
    let now = clock::now();
    let keep = app.config.captures.keep_days;
    let mut forgotten = app.store.forget_captures(None, now - TimeDelta::days(keep.into())).await?;
    for source in app.store.source_rows().await? {
        let storage = connectors::by_slug(&source.connector).map(|connector| connector.describe().storage);
        if let Some(StorageRule::Days(days)) = storage
            && days < keep
        {
            forgotten +=
                app.store.forget_captures(Some(&source.id), now - TimeDelta::days(days.into())).await?;
        }
    }
    app.store.forget_runs(now - TimeDelta::days(RUNS_DAYS)).await?;
    app.store.forget_alerts(now - TimeDelta::days(RUNS_DAYS)).await?;
    promoters::refresh_all(app).await?;
    app.store.tend().await?;
    tracing::info!(forgotten, "swept: answers too old to keep");
    Ok(())
}
