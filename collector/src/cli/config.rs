//! `goodword config`: the shipped configuration file, which documents every setting.

use std::{io::Write, process::ExitCode};

/// Nothing to choose.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints the file.
pub fn run(_args: Args) -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(crate::config::DEFAULT.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
