//! `goodword sources connect`: consent at a platform, from the command line.

use std::{process::ExitCode, time::Duration};

use chrono::TimeDelta;
use goodword_shared::{api::access::Returned, source::Source};

use super::folder;
use crate::{
    app::App,
    clock,
    engine::access::{begin, begin_device, carry_on_device, finish},
    store::StoredSource,
};

/// How long it is waited for the owner.
const PATIENCE: TimeDelta = TimeDelta::minutes(15);

/// Carries it out.
pub async fn run(app: &App, id: &str, device: bool, returned: Option<&str>) -> anyhow::Result<ExitCode> {
    let source = folder::sources(app, &[id.to_owned()]).await?.remove(0);
    if let Some(address) = returned {
        let outcome = finish(app, &parts_of(address)?).await?;
        return told(app, outcome).await;
    }
    if device {
        return match begin_device(app, &source).await? {
            Ok(begun) => {
                println!("Open {} and enter {}", begun.code.link, begun.code.code);
                println!("The code is good until {} UTC.", begun.code.expires_at.format("%H:%M"));
                let outcome = carry_on_device(app, begun).await?;
                told(app, outcome).await
            }
            Err(problem) => refused(&problem),
        };
    }
    match begin(app, &source).await? {
        Ok(url) => {
            println!("Open this address and allow access:\n{url}");
            println!(
                "\nThe running service takes the answer. Without it, copy the address that the browser ends at, and run\n  \
                 goodword sources connect {} --returned ADDRESS",
                source.id
            );
            wait(app, &source).await
        }
        Err(problem) => refused(&problem),
    }
}

/// Waits until the running service, or another command, has taken the answer.
async fn wait(app: &App, source: &StoredSource) -> anyhow::Result<ExitCode> {
    let generation = |account: Option<crate::store::StoredAccount>| account.map(|a| (a.id, a.generation));
    let known = match &source.account {
        Some(id) => generation(app.store.account(id).await?),
        None => None,
    };
    let until = clock::now() + PATIENCE;
    while clock::now() < until {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let row = app.store.source_row(source.id.as_str()).await?;
        let Some(id) = row.and_then(|row| row.account) else { continue };
        let found = app.store.account(&id).await?;
        if generation(found.clone()).is_some_and(|now| Some(&now) != known.as_ref()) {
            println!("Connected: {}.", source.name);
            return Ok(ExitCode::SUCCESS);
        }
    }
    eprintln!("goodword: nobody consented within a quarter of an hour; begin again.");
    Ok(ExitCode::FAILURE)
}

/// State, code and error in the address that the browser ended at.
fn parts_of(address: &str) -> anyhow::Result<Returned> {
    let url = url::Url::parse(address.trim())?;
    let value = |name: &str| url.query_pairs().find(|(n, _)| n == name).map(|(_, v)| v.into_owned());
    let returned = Returned {
        state: value("state").unwrap_or_default(),
        code: value("code").unwrap_or_default(),
        error: value("error").unwrap_or_default(),
    };
    anyhow::ensure!(!returned.state.is_empty(), "that address holds no answer of a platform");
    Ok(returned)
}

async fn told(app: &App, outcome: Result<Source, goodword_shared::Problem>) -> anyhow::Result<ExitCode> {
    match outcome {
        Ok(source) => {
            let what = format!("connected an account: “{}”", source.name);
            app.audit("command line", "source", Some(source.id.as_str()), &what).await?;
            println!("Connected: {}.", source.name);
            Ok(ExitCode::SUCCESS)
        }
        Err(problem) => refused(&problem),
    }
}

fn refused(problem: &goodword_shared::Problem) -> anyhow::Result<ExitCode> {
    eprintln!("goodword: {problem}");
    Ok(ExitCode::FAILURE)
}
