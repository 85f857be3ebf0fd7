//! `goodword export`: what the owner takes out of the data folder, on stdout or into a file. Recorded like an export from
//! the dashboard.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use goodword_shared::api::promoters::PromoterQuery;

use crate::{
    actions::export::{self, Format},
    app::App,
    clock,
    config::Config,
};

/// Arguments of `goodword export`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to export.
    #[arg(value_enum)]
    what: What,
    /// csv or json. Cells of a CSV that a spreadsheet would take for a formula (also +49 …) get an apostrophe in front
    #[arg(long, value_enum, default_value = "csv")]
    format: FormatName,
    /// Promoters: only those in the owner's records
    #[arg(long)]
    customers_only: bool,
    /// Folder of the database and of goodword.toml
    #[arg(long, value_name = "DIR", default_value = "var")]
    data: PathBuf,
    /// The file to write; stdout where it is not given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum What {
    /// Whom to ask for a referral, best first; nobody who does not want to be asked.
    Promoters,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum FormatName {
    Csv,
    Json,
}

/// Writes the export.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(export(&args))?;
    Ok(ExitCode::SUCCESS)
}

async fn export(args: &Args) -> anyhow::Result<()> {
    let app = open(&args.data).await?;
    let format = match args.format {
        FormatName::Csv => Format::Csv,
        FormatName::Json => Format::Json,
    };
    let text = match args.what {
        What::Promoters => {
            let query = PromoterQuery {
                customers_only: args.customers_only.then_some(true),
                ..PromoterQuery::default()
            };
            export::promoters(&app.store, &query, format, "command line", clock::now()).await?
        }
    };
    match &args.out {
        Some(path) => {
            std::fs::write(path, &text).with_context(|| format!("cannot write {}", path.display()))?;
            eprintln!("Wrote {}.", path.display());
        }
        None => std::io::stdout().write_all(text.as_bytes())?,
    }
    Ok(())
}

/// Opens a data folder that is there; an export makes none.
async fn open(data: &Path) -> anyhow::Result<App> {
    let config = Config::load(data).context("the configuration cannot be read")?;
    if config.service.database.is_empty() && !data.join("goodword.db").exists() {
        anyhow::bail!("there is no goodword.db in {}; say where with --data", data.display());
    }
    App::build(data, config, false)
        .await
        .with_context(|| format!("the data folder {} cannot be opened", data.display()))
}
