//! The shell around the pure parts: due sources → fetch → read → pipeline → store → effects. It knows them all and holds the
//! clock; what it decides itself is only when to ask, and when to stop asking.

mod capture;
pub mod doctor;
pub mod health;
pub mod identify;
pub mod import;
pub mod ingest;
mod preview;
pub mod promoters;
pub mod push;
pub mod replay;
mod run;
pub mod sources;
pub mod storage;
mod sweep;
mod timetable;
mod veil;

use std::{collections::HashSet, time::Duration};

use chrono::TimeDelta;
use goodword_shared::id::SourceId;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{app::App, clock, store::Dialect};

pub use identify::index_customer;
pub use preview::preview;
pub use run::{HELD_MINUTES, Outcome, run_source};
pub use sweep::tend;

/// Longest sleep: a clock that was set, or a source that another process changed, is noticed by then.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Runs sources as they become due, until told to end. Runs under way are then left; what they have not stored is read again.
pub async fn run(app: App, shutdown: CancellationToken) -> anyhow::Result<()> {
    if app.store.dialect() == Dialect::Sqlite {
        // The file has one collector, and it has just started: whoever was reading is gone.
        app.store.free_sources(None).await?;
    }
    identify::reindex(&app).await?;
    let mut runs: JoinSet<SourceId> = JoinSet::new();
    let mut running: HashSet<SourceId> = HashSet::new();
    loop {
        let wait = match start_due(&app, &mut runs, &mut running).await {
            Ok(wait) => wait,
            Err(error) => {
                // A database that is away comes back; the service outlives that.
                tracing::error!(error = format!("{error:#}"), "due sources could not be looked up");
                LONGEST_SLEEP
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => break,
            () = app.wake_engine.notified() => {}
            () = tokio::time::sleep(wait) => {}
            Some(ended) = runs.join_next(), if !runs.is_empty() => match ended {
                Ok(id) => {
                    running.remove(&id);
                }
                Err(error) => {
                    // A panic in a connector. The source is free again when its time is up.
                    tracing::error!(%error, "a run ended without saying how");
                    running.clear();
                }
            },
        }
    }
    runs.shutdown().await;
    for id in &running {
        app.store.free_sources(Some(id)).await?;
    }
    Ok(())
}

/// Starts runs of due sources, as many as may run at the same time. Answers how long nothing else is due.
async fn start_due(
    app: &App,
    runs: &mut JoinSet<SourceId>,
    running: &mut HashSet<SourceId>,
) -> anyhow::Result<Duration> {
    let most = app.config.engine.concurrency.max(1);
    if running.len() >= most {
        return Ok(LONGEST_SLEEP);
    }
    let now = clock::now();
    for source in app.store.due_sources(now, most).await? {
        if running.len() >= most {
            break;
        }
        let until = now + TimeDelta::minutes(HELD_MINUTES);
        if running.contains(&source.id) || !app.store.take_source(&source.id, now, until).await? {
            continue;
        }
        running.insert(source.id.clone());
        let app = app.clone();
        runs.spawn(async move {
            let id = source.id.clone();
            if let Err(error) = run_source(&app, source).await {
                tracing::error!(source = %id, error = format!("{error:#}"), "a run failed on our side");
            }
            id
        });
    }
    if running.len() >= most {
        return Ok(LONGEST_SLEEP);
    }
    let Some(at) = app.store.next_source_at().await? else { return Ok(LONGEST_SLEEP) };
    let wait = (at - clock::now()).to_std().unwrap_or_default();
    Ok(wait.clamp(Duration::from_millis(200), LONGEST_SLEEP))
}
