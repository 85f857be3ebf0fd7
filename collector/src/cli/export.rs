//! `goodword export`: what the owner takes out of the data folder, on stdout or into a file. Recorded like an export from
//! the dashboard.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context;
use goodword_shared::api::promoters::PromoterQuery;

use super::folder;
use crate::{
    actions::export::{self, Format},
    clock,
};

/// Who is recorded.
const BY: &str = "command line";

/// Arguments of `goodword export`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to export.
    #[arg(value_enum)]
    what: What,
    /// Cells of a CSV that a spreadsheet would take for a formula (also +49 …) get an apostrophe in front
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
    /// Every mention with its analysis, newest first.
    Mentions,
    /// Every recovery case, open and closed.
    Cases,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum FormatName {
    /// A table.
    Csv,
    /// One array.
    Json,
    /// One object a line.
    Ndjson,
}

/// Writes the export.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(export(&args))?;
    Ok(ExitCode::SUCCESS)
}

async fn export(args: &Args) -> anyhow::Result<()> {
    let app = folder::open(&args.data, false).await?;
    let mut out: Box<dyn Write + Send> = match &args.out {
        Some(path) => {
            let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            Box::new(BufWriter::new(file))
        }
        None => Box::new(BufWriter::new(std::io::stdout())),
    };
    let format = match args.format {
        FormatName::Csv => Format::Csv,
        FormatName::Json => Format::Json,
        FormatName::Ndjson => Format::Ndjson,
    };
    let (store, now) = (&app.store, clock::now());
    match args.what {
        What::Promoters => {
            let query = PromoterQuery {
                customers_only: args.customers_only.then_some(true),
                ..PromoterQuery::default()
            };
            export::promoters(store, &query, format, BY, now, &mut out).await?;
        }
        What::Mentions => export::mentions(store, format, BY, now, &mut out).await?,
        What::Cases => export::cases(store, format, BY, now, &mut out).await?,
    }
    out.flush()?;
    if let Some(path) = &args.out {
        eprintln!("Wrote {}.", path.display());
    }
    Ok(())
}
