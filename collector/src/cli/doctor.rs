//! `goodword doctor`: a printed audit of a data folder. Holds no personal data, so that it can be shown to whoever helps.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;

use crate::{
    clock,
    config::Config,
    engine::doctor::{self, Finding, Weight},
    secrets::{KEY_VARIABLE, Sealer},
    store::Store,
    telemetry,
};

/// Arguments of `goodword doctor`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder of the database and of goodword.toml
    #[arg(long, value_name = "DIR", default_value = "var")]
    data: PathBuf,
    /// Print only what is not as it should be
    #[arg(long)]
    quiet: bool,
}

/// Prints the audit; fails with 1 where something is to be put right.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(audit(&args))
}

async fn audit(args: &Args) -> anyhow::Result<ExitCode> {
    let config = Config::load(&args.data).context("the configuration cannot be read")?;
    if config.service.database.is_empty() && !args.data.join("goodword.db").exists() {
        anyhow::bail!("there is no goodword.db in {}; say where with --data", args.data.display());
    }
    telemetry::start("warn");
    let mut findings = doctor::look_at_folder(&args.data, &config);
    // A key that is missing would be made anew by opening it, and hide that the old one is lost.
    let key_is_there = args.data.join("secret.key").exists() || std::env::var(KEY_VARIABLE).is_ok();
    let sealer = if key_is_there {
        Sealer::open(&args.data)
            .inspect_err(|error| {
                let text = format!("It cannot be used: {error}.");
                findings.push(Finding { about: "key", weight: Weight::Wrong, text });
            })
            .ok()
    } else {
        None
    };
    let store = if config.service.database.is_empty() {
        Store::open_folder(&args.data).await
    } else {
        Store::open(&config.service.database).await
    };
    match store {
        Ok(store) => {
            let stored = doctor::look_at_store(&store, sealer.as_ref(), &config, clock::now()).await;
            findings.extend(stored.context("the database could not be looked at")?);
        }
        Err(error) => {
            let text = format!("It cannot be opened: {error}.");
            findings.push(Finding { about: "database", weight: Weight::Wrong, text });
        }
    }
    Ok(print(&findings, args.quiet))
}

fn print(findings: &[Finding], quiet: bool) -> ExitCode {
    for finding in findings.iter().filter(|f| !quiet || f.weight != Weight::Fine) {
        let mark = match finding.weight {
            Weight::Fine => "fine ",
            Weight::Note => "note ",
            Weight::Wrong => "WRONG",
        };
        println!("{mark}  {:<9} {}", finding.about, finding.text);
    }
    let count = |weight: Weight| findings.iter().filter(|f| f.weight == weight).count();
    let (wrong, notes) = (count(Weight::Wrong), count(Weight::Note));
    println!("{} looked at: {wrong} to put right, {notes} worth knowing.", findings.len());
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
