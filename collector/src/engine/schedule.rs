//! Runs sources as they become due. Places at the table are bounded: in all, for each host, and for sources that are new or
//! failed, so that five hundred that hang never hold up one that is well.

use std::{collections::HashMap, time::Duration};

use chrono::TimeDelta;
use goodword_shared::id::SourceId;
use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

use super::{
    fill::reindex,
    manners,
    run::{HELD_MINUTES, overrun, run_source},
};
use crate::{
    app::App,
    clock,
    store::{Dialect, Lane, StoredSource},
};

/// Longest sleep: a clock that was set, or a source that another process changed, is noticed by then.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// A run that takes longer than this is broken off: it still ends before its hold does.
const DEADLINE: Duration = Duration::from_secs(60 * (HELD_MINUTES as u64 - 1));

/// A run under way.
struct UnderWay {
    source: SourceId,
    host: Option<String>,
    lane: Lane,
}

/// Every run under way.
#[derive(Default)]
struct Table {
    runs: JoinSet<()>,
    seats: HashMap<Id, UnderWay>,
}

impl Table {
    fn len(&self) -> usize {
        self.seats.len()
    }

    fn of_lane(&self, lane: Lane) -> usize {
        self.seats.values().filter(|seat| seat.lane == lane).count()
    }

    fn at_host(&self, host: &str) -> usize {
        self.seats.values().filter(|seat| seat.host.as_deref() == Some(host)).count()
    }

    fn has(&self, source: &SourceId) -> bool {
        self.seats.values().any(|seat| seat.source == *source)
    }

    /// Hosts that no further run may ask now.
    fn busy(&self, app: &App) -> Vec<String> {
        let mut hosts: Vec<String> = self.seats.values().filter_map(|seat| seat.host.clone()).collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts.retain(|host| self.at_host(host) >= most_at(app, host));
        hosts
    }

    fn start(&mut self, app: &App, source: StoredSource, lane: Lane) {
        let seat = UnderWay { source: source.id.clone(), host: source.host.clone(), lane };
        let app = app.clone();
        let handle = self.runs.spawn(async move {
            let started_at = clock::now();
            let outcome = match tokio::time::timeout(DEADLINE, run_source(&app, source.clone())).await {
                Ok(outcome) => outcome.map(|_| ()),
                Err(_) => overrun(&app, &source, started_at).await,
            };
            if let Err(error) = outcome {
                tracing::error!(source = %source.id, error = format!("{error:#}"), "a run failed on our side");
            }
        });
        self.seats.insert(handle.id(), seat);
    }
}

/// Runs at the same time at one host. Places on private networks that the owner opened are the owner's own.
fn most_at(app: &App, host: &str) -> usize {
    let own = app.config.fetch.allow_private.iter().any(|allowed| allowed.trim().eq_ignore_ascii_case(host));
    if own { most_unproven(app) } else { app.config.engine.per_host.max(1) }
}

fn most(app: &App) -> usize {
    app.config.engine.concurrency.max(2)
}

/// Half of all places at most are for sources that have not shown that they answer.
fn most_unproven(app: &App) -> usize {
    most(app) / 2
}

/// Runs sources as they become due, until told to end. Runs under way are then left; what they have not stored is read again.
pub async fn run(app: App, shutdown: CancellationToken) -> anyhow::Result<()> {
    if app.store.dialect() == Dialect::Sqlite {
        // The file has one collector, and it has just started: whoever was reading is gone.
        app.store.free_sources(None).await?;
    }
    reindex(&app).await?;
    let mut table = Table::default();
    loop {
        let wait = match fill(&app, &mut table).await {
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
            Some(ended) = table.runs.join_next_with_id(), if !table.runs.is_empty() => match ended {
                Ok((id, ())) => {
                    table.seats.remove(&id);
                }
                Err(error) => {
                    // A panic in a connector. The source is free again when its time is up.
                    tracing::error!(%error, "a run ended without saying how");
                    table.seats.remove(&error.id());
                }
            },
        }
    }
    table.runs.shutdown().await;
    for seat in table.seats.values() {
        app.store.free_sources(Some(&seat.source)).await?;
    }
    Ok(())
}

/// Starts runs of due sources, as many as may run at the same time. Answers how long nothing else becomes due; whoever is due and
/// waits for a place is looked for again when a run ends.
async fn fill(app: &App, table: &mut Table) -> anyhow::Result<Duration> {
    let now = clock::now();
    for lane in [Lane::Proven, Lane::Unproven] {
        loop {
            let mut free = most(app).saturating_sub(table.len());
            if lane == Lane::Unproven {
                free = free.min(most_unproven(app).saturating_sub(table.of_lane(lane)));
            }
            if free == 0 {
                break;
            }
            let mut started = 0;
            for source in app.store.due_sources(lane, &table.busy(app), now, free).await? {
                let source = manners::placed(app, source).await?;
                // Of several on one host the first may have taken the last place there.
                let full =
                    source.host.as_deref().is_some_and(|host| table.at_host(host) >= most_at(app, host));
                let until = now + TimeDelta::minutes(HELD_MINUTES);
                if !full && !table.has(&source.id) && app.store.take_source(&source.id, now, until).await? {
                    table.start(app, source, lane);
                    started += 1;
                }
            }
            if started == 0 {
                break;
            }
        }
    }
    let Some(at) = app.store.next_source_at(now).await? else { return Ok(LONGEST_SLEEP) };
    let wait = (at - clock::now()).to_std().unwrap_or_default();
    Ok(wait.clamp(Duration::from_millis(200), LONGEST_SLEEP))
}
