//! The built-in simulator: a made-up but lifelike business, and a local server that speaks the protocols of the platforms on
//! which people talk about it. The demo and the tests read it through the same connectors as the real places; it knows nothing
//! of connectors, store or analysis, and must not.

mod faults;
mod history;
pub mod market;
mod people;
mod platforms;
mod post;
mod script;
mod voice;
mod words;
mod world;

use std::{
    net::SocketAddr,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
    time::Duration,
};

use goodword_shared::{Time, api::sources::NewSource, customer::CustomerFacts};
use tokio::{net::TcpListener, sync::watch, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use faults::Fault;
pub use post::{Feel, Platform, Truth};
pub use script::Business;
pub use world::Happened;

use world::{Pace, World};

/// What the server shares.
pub(crate) struct Stage {
    world: RwLock<World>,
    faults: faults::Faults,
    base: String,
    /// Counts events; watchers are woken.
    changes: watch::Sender<u64>,
}

impl Stage {
    fn world(&self) -> RwLockReadGuard<'_, World> {
        self.world.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn advance(&self) -> Option<Happened> {
        let happened = self.world.write().unwrap_or_else(PoisonError::into_inner).advance();
        if happened.is_some() {
            self.changes.send_modify(|n| *n += 1);
        }
        happened
    }
}

/// A running simulator. It stops when this is dropped.
pub struct SimulatorHandle {
    stage: Arc<Stage>,
    addr: SocketAddr,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// Starts the simulator on a listener; the story begins 20 seconds after every platform was first asked and takes its course.
///
/// # Errors
/// Where the listener has no address.
pub async fn start(seed: u64, now: Time, listener: TcpListener) -> anyhow::Result<SimulatorHandle> {
    let handle = open(seed, now, listener, Pace::Running(Instant::now()))?;
    let (stage, stop) = (handle.stage.clone(), handle.stop.clone());
    handle.tasks.spawn(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = live(&stage) => {}
        }
    });
    Ok(handle)
}

/// The same, but nothing happens before [`SimulatorHandle::advance`] is called, and time stands still in between: for tests.
///
/// # Errors
/// Where the listener has no address.
pub async fn start_by_hand(seed: u64, now: Time, listener: TcpListener) -> anyhow::Result<SimulatorHandle> {
    open(seed, now, listener, Pace::ByHand(0))
}

fn open(seed: u64, now: Time, listener: TcpListener, pace: Pace) -> anyhow::Result<SimulatorHandle> {
    let addr = listener.local_addr()?;
    let stage = Arc::new(Stage {
        world: RwLock::new(World::new(seed, now, pace)?),
        faults: faults::Faults::default(),
        base: format!("http://{addr}"),
        changes: watch::Sender::new(0),
    });
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let router = platforms::router(stage.clone());
    let until = stop.clone();
    tasks.spawn(async move {
        let served = axum::serve(listener, router)
            .with_graceful_shutdown(async move { until.cancelled().await })
            .await;
        if let Err(error) = served {
            tracing::error!(%error, "the simulator stopped");
        }
    });
    Ok(SimulatorHandle { stage, addr, stop, tasks })
}

/// Lets things happen at their time, counted from the moment when every platform has been asked once.
async fn live(stage: &Stage) {
    stage.faults.all_asked().await;
    let begin = Instant::now();
    loop {
        let Some(due) = stage.world().next_due() else { return };
        tokio::time::sleep_until(begin + Duration::from_secs(due.into())).await;
        if let Some(happened) = stage.advance() {
            tracing::debug!(platform = ?happened.platform, edited = happened.edited, "something was said");
        }
    }
}

impl SimulatorHandle {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The business that people talk about.
    pub fn business(&self) -> Business {
        self.stage.world().business.clone()
    }

    /// The sources to watch, ready to be added.
    pub fn sources(&self) -> Vec<NewSource> {
        let business = self.business();
        let base = self.stage.base.as_str();
        let page = format!("{base}{}", business.page);
        let feed = format!("{base}{}", platforms::FEED_PATH);
        let source = |connector: &str, name: &str, settings: &[(&str, &str)]| NewSource {
            connector: connector.into(),
            name: name.into(),
            settings: settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            every_minutes: Some(1),
        };
        vec![
            source(
                "app_store",
                "App Store",
                &[("app_id", &business.app), ("country", "gb,de"), ("base", base)],
            ),
            source("schema_org", &format!("{} Town Guide", business.town), &[("url", &page)]),
            source(
                "mastodon",
                &format!("#{} on Mastodon", business.tag),
                &[("base", base), ("mode", "tag"), ("term", &business.tag)],
            ),
            source("bluesky", "Bluesky", &[("query", &business.search), ("base", base)]),
            source("hacker_news", "Hacker News", &[("query", &business.search), ("base", base)]),
            source("feed", &format!("{} Wheelers, club notes", business.town), &[("url", &feed)]),
        ]
    }

    /// The owner's records of customers, as CSV.
    pub fn customers_csv(&self) -> String {
        self.stage.world().customers_csv.clone()
    }

    /// The same, as they are after an import.
    pub fn customers(&self) -> Vec<CustomerFacts> {
        self.stage.world().customers.clone()
    }

    /// What is truly behind everything said so far.
    pub fn truth(&self) -> Vec<Truth> {
        self.stage.world().truth()
    }

    /// Lets the next event of the story happen at once.
    pub fn advance(&self) -> Option<Happened> {
        self.stage.advance()
    }

    /// Makes a platform answer wrongly, or rightly again.
    pub fn set_fault(&self, platform: Platform, fault: Option<Fault>) {
        self.stage.faults.set(platform, fault);
    }

    /// How often a platform has been asked.
    pub fn asked(&self, platform: Platform) -> u64 {
        self.stage.faults.asked(platform)
    }

    /// Wakes whenever something was said or changed; the value counts the events so far.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.stage.changes.subscribe()
    }

    /// Stops and waits until the port is free again.
    pub async fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for SimulatorHandle {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
