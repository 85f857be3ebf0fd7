//! The demo: a made-up business moved into a data folder of its own, with the simulator as the only place that it hears from.
//! Everything after that is the ordinary service. The same folder opened again goes on with the same people.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    time::Duration,
};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, sync::watch};
use tokio_util::sync::CancellationToken;

use crate::{
    app::App,
    clock,
    config::Config,
    engine,
    simulate::{self, SimulatorHandle},
    store::{StoredSource, from_millis, to_millis},
};

/// Which story is told.
const SEED: u64 = 7;
/// How long the start waits for two years of history; then the reading goes on beside the open page.
const HISTORY: Duration = Duration::from_secs(60);
/// Marks a folder as a demo's.
const FILE: &str = "demo.json";

/// What must be the same at the next start, so that what was read is known again.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    simulator: SocketAddr,
    began: i64,
}

/// Starts the simulator on this machine and opens it, and nothing else, to the fetcher to be built from `config`.
///
/// # Errors
/// Where the folder holds a real business, or there is no port.
pub async fn open(data: &Path, config: &mut Config) -> anyhow::Result<SimulatorHandle> {
    tokio::fs::create_dir_all(data).await?;
    let file = data.join(FILE);
    let kept: Option<Kept> = match tokio::fs::read(&file).await {
        Ok(text) => {
            Some(serde_json::from_slice(&text).with_context(|| format!("cannot read {}", file.display()))?)
        }
        Err(_) if data.join("goodword.db").exists() => {
            bail!(
                "the folder {} holds a business of its own; leave --data out, or name a new one",
                data.display()
            )
        }
        Err(_) => None,
    };
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let wanted = kept.as_ref().map_or(free, |kept| kept.simulator);
    let listener = TcpListener::bind(wanted).await.with_context(|| {
        format!("the demo's simulator cannot listen on {wanted}; is this demo running already?")
    })?;
    let began = kept.as_ref().map_or_else(clock::now, |kept| from_millis(kept.began));
    let simulator = simulate::start(SEED, began, listener).await?;
    if kept.is_none() {
        let kept = Kept { simulator: simulator.addr(), began: to_millis(began) };
        tokio::fs::write(&file, serde_json::to_vec(&kept)?).await?;
    }
    config.fetch.allow_private = vec![simulator.addr().to_string()];
    Ok(simulator)
}

/// Moves the business in, once: its name, its customers, its sources. To be called before the engine starts.
///
/// # Errors
/// Where the database fails or a source is refused.
pub async fn furnish(app: &App, simulator: &SimulatorHandle) -> anyhow::Result<()> {
    if !app.store.source_rows().await?.is_empty() {
        return Ok(());
    }
    let mut settings = app.store.settings().await?;
    settings.business = simulator.business().name;
    settings.currency = "£".into();
    app.store.put_settings(&settings).await?;
    if app.store.customer_count().await? == 0 {
        app.store.put_customers(&simulator.customers(), &[], clock::now()).await?;
    }
    for source in simulator.sources() {
        engine::sources::add(app, &source).await?.map_err(|problem| {
            anyhow::anyhow!("the demo's source “{}” was refused: {}", source.name, problem)
        })?;
    }
    Ok(())
}

/// Waits until the history has been read, so that the page does not open on half of it.
///
/// # Errors
/// Where the database fails.
pub async fn settled(app: &App) -> anyhow::Result<()> {
    let settled = |row: &StoredSource| row.first_run_done || row.problem.is_some() || row.paused;
    let read = async {
        while !app.store.source_rows().await?.iter().all(settled) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(HISTORY, read).await.unwrap_or_else(|_| {
        tracing::warn!("the demo's history is still being read");
        Ok(())
    })
}

/// Looks at the sources as soon as something was said, so that whoever watches need not wait for the next regular check.
///
/// # Errors
/// Where the database fails.
pub async fn follow(
    app: App,
    simulator: SocketAddr,
    mut changes: watch::Receiver<u64>,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let simulator = simulator.to_string();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            changed = changes.changed() => if changed.is_err() {
                shutdown.cancelled().await;
                return Ok(());
            }
        }
        let now = clock::now();
        let rows = app.store.source_rows().await?.into_iter();
        for source in rows.filter(|s| !s.paused && s.settings.values().any(|v| v.contains(&simulator))) {
            app.store.source_due_now(source.id.as_str(), now).await?;
        }
        app.wake_engine.notify_one();
    }
}
