//! `goodword connectors`: what can be listened to, as a Markdown table drawn from the connectors' own descriptors. The
//! README shows the same text, and a test compares the two.

use std::{io::Write, process::ExitCode};

use goodword_shared::source::{Route, StorageRule};

use crate::connectors;

/// Nothing to choose.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints the table.
pub fn run(_args: Args) -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(table().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// One row for each connector.
pub fn table() -> String {
    let mut out = String::from("| connector | reads | by | kept |\n| --- | --- | --- | --- |\n");
    for connector in connectors::all() {
        let it = connector.describe();
        let summary = it.summary.replace('|', "\\|");
        out.push_str(&format!(
            "| {} (`{}`) | {} | {} | {} |\n",
            it.title,
            it.slug,
            summary,
            route(it.route),
            kept(it.storage)
        ));
    }
    out
}

fn route(route: Route) -> &'static str {
    match route {
        Route::Api => "official API",
        Route::Feed => "feed",
        Route::Page => "public page",
        Route::Push => "push",
        Route::Mail => "mailbox",
        Route::Import => "file",
    }
}

fn kept(rule: StorageRule) -> String {
    match rule {
        StorageRule::Keep => "as long as you like".to_owned(),
        StorageRule::Days(1) => "1 day".to_owned(),
        StorageRule::Days(days) => format!("{days} days"),
        StorageRule::FollowDeletion => "until its author deletes it".to_owned(),
        StorageRule::Never => "shown live, never stored".to_owned(),
    }
}
