//! The `goodword` binary: reads the command line and hands over to the library.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match goodword::cli::run(goodword::cli::Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("goodword: {error:#}");
            ExitCode::FAILURE
        }
    }
}
