//! `goodword openapi`: prints the API's description, drawn from the calls that are mounted.

use std::{io::Write, process::ExitCode};

/// Arguments of `goodword openapi`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints the document as JSON.
pub fn run(_args: Args) -> anyhow::Result<ExitCode> {
    let mut document = crate::api::document().to_pretty_json()?;
    document.push('\n');
    std::io::stdout().lock().write_all(document.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
