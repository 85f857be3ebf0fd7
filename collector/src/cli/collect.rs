//! `goodword collect`: reads sources now, one after the other, and says what came of each.

use std::{path::PathBuf, process::ExitCode};

use chrono::TimeDelta;

use super::folder;
use crate::{app::App, clock, engine};

/// Arguments of `goodword collect`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Ids or names of sources; all that are not paused where none is named
    #[arg(value_name = "ID")]
    sources: Vec<String>,
    /// Folder of the database and of goodword.toml
    #[arg(long, value_name = "DIR", default_value = "var")]
    data: PathBuf,
}

/// Reads; fails with 1 where a source could not be read.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(collect(&args))
}

async fn collect(args: &Args) -> anyhow::Result<ExitCode> {
    let app = folder::open(&args.data, false).await?;
    engine::fill::reindex(&app).await?;
    let mut sources = folder::sources(&app, &args.sources).await?;
    if args.sources.is_empty() {
        sources.retain(|source| !source.paused && source.next_run.is_some());
    }
    if sources.is_empty() {
        println!("Nothing to read: no source is watched.");
    }
    let mut failed = false;
    for source in sources {
        failed |= !one(&app, source).await?;
    }
    engine::hear_all(&app, &app.closing).await?;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// One source, its back-fill to the end.
async fn one(app: &App, mut source: crate::store::StoredSource) -> anyhow::Result<bool> {
    let name = source.name.clone();
    loop {
        let now = clock::now();
        if !app.store.take_source(&source.id, now, now + TimeDelta::minutes(engine::HELD_MINUTES)).await? {
            println!("{name}: is being read by the service.");
            return Ok(true);
        }
        let id = source.id.clone();
        let outcome = engine::run_source(app, source).await?;
        let kind = if outcome.back_fill { "history, no alerts: " } else { "" };
        match &outcome.problem {
            None => println!("{name}: {kind}{}.", outcome.ingested.words()),
            Some(problem) => println!("{name}: {problem}"),
        }
        if let Some(remark) = &outcome.remark {
            println!("{name}: {remark}");
        }
        if outcome.problem.is_some() || !(outcome.back_fill && outcome.unfinished) {
            return Ok(outcome.problem.is_none());
        }
        match app.store.source_row(id.as_str()).await? {
            Some(row) => source = row,
            None => return Ok(true),
        }
    }
}
