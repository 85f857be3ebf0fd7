//! `goodword serve`: collector, API and dashboard until Ctrl-C or a termination signal.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use anyhow::Context;

use crate::{
    app::App,
    config::Config,
    demo,
    serve::{self, Door, Tls},
    telemetry,
};

/// Arguments of `goodword serve`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder of the database and of goodword.toml; created if need be. [default: ./var; with --demo a temporary one]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address and port; port 0 takes a free one. [default: 127.0.0.1:7878]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// A made-up business with two years of mentions and a day that goes wrong; needs no network
    #[arg(long)]
    demo: bool,
    /// Certificate (PEM), for listening beyond this machine
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// A proxy in front does TLS and passes on the host and who asks
    #[arg(long)]
    behind_proxy: bool,
}

/// Serves until told to end.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(args))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(args: Args) -> anyhow::Result<()> {
    let temporary = (args.demo && args.data.is_none())
        .then(|| std::env::temp_dir().join(format!("goodword-demo-{}", uuid::Uuid::new_v4())));
    let data = temporary.clone().or(args.data).unwrap_or_else(|| PathBuf::from("var"));
    let mut config = Config::load(&data).context("the configuration cannot be read")?;
    telemetry::start(&config.log.level);
    let door = Door {
        listen: args.listen.unwrap_or(config.service.listen),
        tls: args.tls_cert.zip(args.tls_key).map(|(cert, key)| Tls { cert, key }),
        behind_proxy: args.behind_proxy,
    };
    if let Some(reason) = door.refused(args.demo) {
        anyhow::bail!(reason);
    }
    let simulator = if args.demo { Some(demo::open(&data, &mut config).await?) } else { None };
    let app = App::build(&data, config, args.demo)
        .await
        .with_context(|| format!("the data folder {} cannot be opened", data.display()))?;
    if let Some(simulator) = &simulator {
        demo::furnish(&app, simulator).await?;
    }
    let mut running = serve::start(app.clone(), &door).await?;
    if let Some(simulator) = &simulator {
        running.beside(|app| {
            demo::follow(app.clone(), simulator.addr(), simulator.changes(), app.closing.clone())
        });
        demo::settled(&app).await?;
    }
    println!("goodword is ready at {}", running.url());
    let ended = running.until(told_to_end()).await;
    if let Some(folder) = temporary {
        // What is left of a demo is no loss, and not worth failing for.
        let _ = std::fs::remove_dir_all(folder);
    }
    ended
}

/// Ctrl-C, or the signal by which service managers end a process.
async fn told_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // An error means that no signal can come; then the service runs until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
