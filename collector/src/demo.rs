//! The demo: a made-up business moved into an empty data folder, with the simulator as the only place that it hears from.
//! Everything after that is the ordinary service.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, bail};
use tokio::{net::TcpListener, sync::watch};
use tokio_util::sync::CancellationToken;

use crate::{
    app::App,
    clock,
    config::Config,
    engine,
    simulate::{self, SimulatorHandle},
};

/// Which story is told.
const SEED: u64 = 7;

/// Starts the simulator on this machine and opens it, and nothing else, to the fetcher to be built from `config`.
///
/// # Errors
/// Where there is no free port.
pub async fn open(config: &mut Config) -> anyhow::Result<SimulatorHandle> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
        .await
        .context("the demo's simulator finds no free port")?;
    let simulator = simulate::start(SEED, clock::now(), listener).await?;
    config.fetch.allow_private = vec![simulator.addr().to_string()];
    Ok(simulator)
}

/// Moves the business in: its name, its customers, its sources. To be called before the engine starts.
///
/// # Errors
/// Where the folder holds a business already: the simulator of another day tells another story.
pub async fn furnish(app: &App, simulator: &SimulatorHandle) -> anyhow::Result<()> {
    if !app.store.source_rows().await?.is_empty() {
        bail!("the demo wants an empty data folder; leave --data out, or name a new one");
    }
    let mut settings = app.store.settings().await?;
    settings.business = simulator.business().name;
    settings.currency = "£".into();
    app.store.put_settings(&settings).await?;
    app.store.put_customers(&simulator.customers(), &[], clock::now()).await?;
    for source in simulator.sources() {
        engine::sources::add(app, &source).await?.map_err(|problem| {
            anyhow::anyhow!("the demo's source “{}” was refused: {}", source.name, problem)
        })?;
    }
    Ok(())
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
