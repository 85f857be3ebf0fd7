//! The data folder that a command works on, and the sources named on the command line.

use std::path::Path;

use anyhow::Context;

use crate::{app::App, config::Config, store::StoredSource, telemetry};

/// Opens a data folder; `make` creates it where it is missing.
pub(super) async fn open(data: &Path, make: bool) -> anyhow::Result<App> {
    let config = Config::load(data).context("the configuration cannot be read")?;
    if !make && config.service.database.is_empty() && !data.join("goodword.db").exists() {
        anyhow::bail!("there is no goodword.db in {}; say where with --data", data.display());
    }
    telemetry::start("warn");
    App::build(data, config, false)
        .await
        .with_context(|| format!("the data folder {} cannot be opened", data.display()))
}

/// The sources of those ids or names; all of them where none is named.
pub(super) async fn sources(app: &App, named: &[String]) -> anyhow::Result<Vec<StoredSource>> {
    let all = app.store.source_rows().await?;
    if named.is_empty() {
        return Ok(all);
    }
    let mut found = Vec::new();
    for name in named {
        let matching: Vec<&StoredSource> =
            all.iter().filter(|source| source.id.as_str() == name || source.name == *name).collect();
        match matching.as_slice() {
            [] => anyhow::bail!("there is no source “{name}”; `goodword sources list` shows them"),
            [one] => found.push((*one).clone()),
            many => anyhow::bail!("“{name}” names {} sources; give the id", many.len()),
        }
    }
    Ok(found)
}
