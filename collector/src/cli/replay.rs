//! `goodword replay`: reads kept answers again with the connectors as they are now, so that a mended connector finds what it
//! missed. `--dry-run` shows the difference and stores nothing.

use std::{path::PathBuf, process::ExitCode};

use super::folder;
use crate::engine;

/// Arguments of `goodword replay`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Ids or names of sources; all where none is named
    #[arg(value_name = "ID")]
    sources: Vec<String>,
    /// Store nothing, show what would be different
    #[arg(long)]
    dry_run: bool,
    /// Folder of the database and of goodword.toml
    #[arg(long, value_name = "DIR", default_value = "var")]
    data: PathBuf,
}

/// Replays; fails with 1 where an answer could not be read.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(replay(&args))
}

async fn replay(args: &Args) -> anyhow::Result<ExitCode> {
    let app = folder::open(&args.data, false).await?;
    engine::fill::reindex(&app).await?;
    let mut failed = false;
    for source in folder::sources(&app, &args.sources).await? {
        let done = engine::replay::replay(&app, &source, args.dry_run).await?;
        if done.answers == 0 {
            println!("{}: no kept answers.", source.name);
            continue;
        }
        for difference in &done.differences {
            println!("{}: {difference}", source.name);
        }
        for problem in &done.problems {
            failed = true;
            println!("{}: {problem}", source.name);
        }
        let would = if args.dry_run { "would be " } else { "" };
        println!(
            "{}: {} answers, {} mentions: {would}{}.",
            source.name,
            done.answers,
            done.found,
            done.ingested.words()
        );
        if done.gone > 0 {
            println!("{}: {} of the changed would be gone.", source.name, done.gone);
        }
        if done.lost > 0 {
            println!("{}: {} stored ones are in no kept answer any more; they stay.", source.name, done.lost);
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
