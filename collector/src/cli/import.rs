//! `goodword import`: customers and orders from a CSV, vCard or NDJSON file, mentions from CSV, JSON, NDJSON or mbox, as the dashboard
//! imports them.

use std::{io::Read, path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use goodword_shared::{
    import::{ImportReport, ImportRequest, Mapping},
    source::Values,
};

use super::folder;
use crate::{app::App, engine, imports, reading::charset};

/// Largest file.
const MOST: u64 = 64 * 1024 * 1024;

/// Arguments of `goodword import`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the file holds.
    #[arg(value_enum)]
    what: What,
    /// A CSV file in any character set (customers also as vCard or NDJSON, mentions as JSON, NDJSON or mbox), or - for stdin
    file: PathBuf,
    /// Folder of the database
    #[arg(long, value_name = "DIR", default_value = "var")]
    data: PathBuf,
    /// What a column means, such as "Rufname=first"; may be given more than once. Without it, headings are guessed
    #[arg(long, value_name = "COLUMN=FIELD")]
    map: Vec<String>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum What {
    /// Your customers: CSV, vCard or NDJSON.
    Customers,
    /// Their orders: CSV or NDJSON.
    Orders,
    /// Reviews and other mentions.
    Mentions,
}

/// Imports and says what it did.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let request = request(&args)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let app = folder::open(&args.data, true).await?;
        if args.dry_run {
            preview(&app, args.what, &request).await
        } else {
            import(&app, args.what, &request).await
        }
    })
}

async fn preview(app: &App, what: What, request: &ImportRequest) -> anyhow::Result<ExitCode> {
    let preview = match what {
        What::Customers => imports::preview_customers(app, request).await?,
        What::Orders => imports::preview_orders(app, request).await?,
        What::Mentions => engine::import::preview_mentions(app, request).await?,
    };
    for (column, field) in &preview.mapping {
        println!("{column} → {field}");
    }
    tell(&preview.faults);
    if let Some(problem) = preview.problem {
        bail!(problem);
    }
    println!(
        "Would be {} new, {} changed, {} as they are; {} lines with faults",
        preview.new, preview.updated, preview.unchanged, preview.fault_count
    );
    Ok(ExitCode::SUCCESS)
}

async fn import(app: &App, what: What, request: &ImportRequest) -> anyhow::Result<ExitCode> {
    let done: Result<ImportReport, String> = match what {
        What::Customers => {
            engine::fill::reindex(app).await?;
            imports::import_customers(app, request, "command line").await?
        }
        What::Orders => {
            engine::fill::reindex(app).await?;
            imports::import_orders(app, request, "command line").await?
        }
        What::Mentions => {
            engine::fill::reindex(app).await?;
            engine::import::import_mentions(app, request).await?
        }
    };
    let report = done.map_err(anyhow::Error::msg)?;
    tell(&report.faults);
    println!("{}", report.summary);
    if matches!(what, What::Customers | What::Orders) {
        let (linked, doubtful) = engine::identify::rematch(app).await?;
        println!("{linked} authors recognised, {doubtful} to confirm");
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(faults: &[goodword_shared::import::LineFault]) {
    for fault in faults {
        eprintln!("line {}: {}", fault.line, fault.detail);
    }
}

fn request(args: &Args) -> anyhow::Result<ImportRequest> {
    let mut bytes = Vec::new();
    if args.file.as_os_str() == "-" {
        std::io::stdin().lock().take(MOST + 1).read_to_end(&mut bytes)?;
    } else {
        let file = std::fs::File::open(&args.file)
            .with_context(|| format!("{} cannot be read", args.file.display()))?;
        file.take(MOST + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > MOST {
        bail!("the file is larger than 64 MiB; split it");
    }
    let mut mapping = Mapping::new();
    for pair in &args.map {
        let Some((column, field)) = pair.rsplit_once('=') else {
            bail!("--map wants COLUMN=FIELD, not “{pair}”");
        };
        mapping.insert(column.to_owned(), field.to_owned());
    }
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(ImportRequest {
        content: charset::decode(&bytes, None).into_owned(),
        file_name: name.unwrap_or_default(),
        mapping,
        settings: Values::new(),
    })
}
