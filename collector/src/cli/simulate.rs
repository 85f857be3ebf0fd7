//! `goodword simulate`: the platforms' protocols with a made-up business, to try connectors out without a network.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use anyhow::Context;
use tokio::net::TcpListener;

use crate::{clock, simulate};

/// Speak the platforms' protocols for a made-up business, on this machine.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Another number, other people and other words.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:7979")]
    listen: SocketAddr,
    /// Write the business's records of customers to this file, as CSV.
    #[arg(long, value_name = "FILE")]
    customers: Option<PathBuf>,
}

/// Runs until it is interrupted.
///
/// # Errors
/// Where the port is taken or the file cannot be written.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let listener =
            TcpListener::bind(args.listen).await.with_context(|| format!("cannot listen on {}", args.listen))?;
        let simulator = simulate::start(args.seed, clock::now(), listener).await?;
        if let Some(file) = &args.customers {
            std::fs::write(file, simulator.customers_csv())
                .with_context(|| format!("cannot write {}", file.display()))?;
            println!("Customers written to {}", file.display());
        }
        let (business, addr) = (simulator.business(), simulator.addr());
        println!("{} in {} is being talked about on http://{addr}{}", business.name, business.town, business.page);
        println!("To let a Goodword of your own read it, set in goodword.toml: [fetch] allow_private = [\"{addr}\"]");
        for source in simulator.sources() {
            let settings: Vec<String> = source.settings.iter().map(|(k, v)| format!("{k}={v}")).collect();
            println!("  {:<12} {}", source.connector, settings.join("  "));
        }
        tokio::signal::ctrl_c().await?;
        simulator.stop().await;
        Ok(ExitCode::SUCCESS)
    })
}
