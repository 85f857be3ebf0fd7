//! The command line: one file for each command, each with its `Args` and `run`. Filters print nothing but their answer on
//! stdout; long-running commands say what they changed.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod analyse;
mod collect;
mod config;
mod connect;
pub mod connectors;
mod doctor;
mod export;
mod folder;
mod identify;
mod import;
mod openapi;
mod read;
mod records;
mod replay;
mod serve;
mod simulate;
mod sources;
mod users;

/// Goodword: hears what customers say, shows who needs help now and who would gladly recommend you.
#[derive(Debug, Parser)]
#[command(name = "goodword", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what texts mean: language, sentiment, themes, intents, severity.
    Analyse(analyse::Args),
    /// Import customers or mentions from a CSV file.
    Import(import::Args),
    /// Print the description of the HTTP API (OpenAPI).
    Openapi(openapi::Args),
    /// Run the service: collector, API and dashboard.
    Serve(serve::Args),
    /// Print what can be listened to, as a table.
    Connectors(connectors::Args),
    /// Print the configuration with every default and its meaning.
    Config(config::Args),
    /// Take out promoters for referral asks, mentions, or cases.
    Export(export::Args),
    /// Read one recorded answer of a source and print its mentions.
    Read(read::Args),
    /// Watch, list, check or stop watching sources.
    Sources(sources::Args),
    /// Read sources now, without the service.
    Collect(collect::Args),
    /// Read kept answers again with the connectors as they are now; nothing alerts.
    Replay(replay::Args),
    /// Speak the platforms' protocols for a made-up business, on this machine.
    Simulate(simulate::Args),
    /// Say which customers may have written mentions, with the evidence.
    Identify(identify::Args),
    /// Look whether everything is in order, and print an audit without personal data.
    Doctor(doctor::Args),
    /// Who may sign in; a new password.
    Users(users::Args),
}

/// Carries out the command line. Wrong usage has ended the process with 2 before.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Analyse(args) => analyse::run(args),
        Command::Import(args) => import::run(args),
        Command::Openapi(args) => openapi::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Connectors(args) => connectors::run(args),
        Command::Config(args) => config::run(args),
        Command::Export(args) => export::run(args),
        Command::Read(args) => read::run(args),
        Command::Sources(args) => sources::run(args),
        Command::Collect(args) => collect::run(args),
        Command::Replay(args) => replay::run(args),
        Command::Simulate(args) => simulate::run(args),
        Command::Identify(args) => identify::run(args),
        Command::Doctor(args) => doctor::run(args),
        Command::Users(args) => users::run(args),
    }
}
