//! `goodword sources`: what is watched, from the command line.

use std::{path::PathBuf, process::ExitCode};

use goodword_shared::api::sources::NewSource;

use super::{connect, folder};
use crate::{app::App, clock, connectors, engine};

/// Arguments of `goodword sources`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
    /// Folder of the database and of goodword.toml
    #[arg(long, value_name = "DIR", default_value = "var", global = true)]
    data: PathBuf,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Watch an address: the platform is recognised, and the first run starts with the service or with `goodword collect`.
    Add {
        /// The address, or a name that a connector knows
        url: String,
        /// Which connector, where the address could be several's
        #[arg(long)]
        connector: Option<String>,
        /// Further settings
        #[arg(long = "set", value_name = "FIELD=VALUE")]
        settings: Vec<String>,
        /// What to call it
        #[arg(long)]
        name: Option<String>,
    },
    /// Every source with its health.
    List,
    /// What a source would read now; nothing is stored.
    Check {
        /// Id or name
        id: String,
    },
    /// Make the secret that signs what programs push to a webhook source. It is printed this once.
    Secret {
        /// Id or name
        id: String,
        /// How long the one before still counts
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(0..=168))]
        overlap_hours: u32,
    },
    /// Connect a source to an account at its platform: prints where to consent, or a code to enter.
    Connect {
        /// Id or name
        id: String,
        /// By a code that is entered on any device, where the platform offers that
        #[arg(long)]
        device: bool,
        /// The address that the browser ended at, where the service is not running to take it
        #[arg(long, value_name = "ADDRESS")]
        returned: Option<String>,
    },
    /// Stop watching; its mentions stay.
    Remove {
        /// Id or name
        id: String,
    },
}

/// Carries it out.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(carry_out(&args))
}

async fn carry_out(args: &Args) -> anyhow::Result<ExitCode> {
    let app = folder::open(&args.data, matches!(args.what, What::Add { .. })).await?;
    match &args.what {
        What::Add { url, connector, settings, name } => {
            add(&app, url, connector.as_deref(), settings, name.as_deref()).await
        }
        What::List => list(&app).await,
        What::Check { id } => check(&app, id).await,
        What::Secret { id, overlap_hours } => secret(&app, id, *overlap_hours).await,
        What::Connect { id, device, returned } => connect::run(&app, id, *device, returned.as_deref()).await,
        What::Remove { id } => remove(&app, id).await,
    }
}

async fn add(
    app: &App,
    url: &str,
    connector: Option<&str>,
    settings: &[String],
    name: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let recognised = connectors::recognise(url);
    let Some(found) = recognised.into_iter().find(|r| connector.is_none_or(|slug| r.connector.slug == slug))
    else {
        anyhow::bail!("no connector recognises “{url}”");
    };
    let mut values = found.settings;
    for pair in settings {
        let Some((field, value)) = pair.split_once('=') else {
            anyhow::bail!("“{pair}” is not FIELD=VALUE")
        };
        values.insert(field.trim().to_owned(), value.trim().to_owned());
    }
    let new = NewSource {
        connector: found.connector.slug,
        name: name.map_or(found.name, str::to_owned),
        settings: values,
        every_minutes: None,
    };
    match engine::sources::add(app, &new).await? {
        Ok(source) => {
            app.audit("command line", "source", Some(source.id.as_str()), &format!("added {}", source.name))
                .await?;
            match &source.door {
                Some(door) => println!("Open at {}; id {}. {}", door.address, source.id, source.health_text),
                None if source.next_run.is_none() => {
                    println!("Added {} ({}); id {}.", source.name, source.connector_title, source.id);
                }
                None => println!(
                    "Watching {} ({}) every {} minutes; id {}.",
                    source.name, source.connector_title, source.every_minutes, source.id
                ),
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(problem) => {
            for fault in &problem.errors {
                eprintln!("goodword: --set {}=…: {}", fault.field, fault.detail);
            }
            if problem.errors.is_empty() {
                eprintln!("goodword: {problem}");
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn list(app: &App) -> anyhow::Result<ExitCode> {
    let sources = engine::sources::list(app).await?;
    if sources.is_empty() {
        println!("No source is watched. Add one: goodword sources add URL");
    }
    for source in sources {
        println!(
            "{}  {} ({}), {} mentions\n    {}",
            source.id, source.name, source.connector_title, source.stored, source.health_text
        );
    }
    Ok(ExitCode::SUCCESS)
}

async fn check(app: &App, id: &str) -> anyhow::Result<ExitCode> {
    let source = folder::sources(app, &[id.to_owned()]).await?.remove(0);
    let preview = engine::sources::preview_of(app, &source).await?;
    for mention in &preview.mentions {
        let stars = mention.rating.map(|r| format!("{} of {} · ", r.value, r.best)).unwrap_or_default();
        let who = mention.author.shown().unwrap_or("Somebody");
        let words = crate::pipeline::alerts::shorten(&mention.text, 80).replace('\n', " ");
        println!("{who}: {stars}{words}");
    }
    for warning in &preview.warnings {
        println!("not read: {warning}");
    }
    match preview.problem {
        Some(problem) => {
            println!("{}: {problem}", source.name);
            Ok(ExitCode::FAILURE)
        }
        None => {
            println!("{}: {} mentions in the first answer.", source.name, preview.found);
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn secret(app: &App, id: &str, overlap_hours: u32) -> anyhow::Result<ExitCode> {
    let source = folder::sources(app, &[id.to_owned()]).await?.remove(0);
    let Some(made) = engine::push::make_secret(app, source.id.as_str(), overlap_hours).await? else {
        anyhow::bail!("programs push to webhook sources only; “{}” is none", source.name);
    };
    app.audit("command line", "source", Some(source.id.as_str()), "made a signing secret").await?;
    println!("{}", made.secret);
    eprintln!("Calls to {} are signed with it. It is not shown again.", made.address);
    if let Some(until) = made.old_until {
        eprintln!("The one before counts until {}.", until.format("%Y-%m-%d %H:%M UTC"));
    }
    Ok(ExitCode::SUCCESS)
}

async fn remove(app: &App, id: &str) -> anyhow::Result<ExitCode> {
    let source = folder::sources(app, &[id.to_owned()]).await?.remove(0);
    app.store.remove_source(source.id.as_str(), clock::now()).await?;
    app.store.forget_accounts(clock::now()).await?;
    app.audit("command line", "source", Some(source.id.as_str()), &format!("removed {}", source.name))
        .await?;
    println!("No longer watching {}; its {} mentions stay.", source.name, source.stored);
    Ok(ExitCode::SUCCESS)
}
