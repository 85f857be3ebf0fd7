//! The project's own commands. `cargo xtask run` and `cargo xtask test` do all their set-up themselves.
//!
//! This file only reads the command line. What a command does is in the module of its name; what the machine
//! must have is in `machine/`; how the dashboard becomes files to serve is in `dashboard/`.

mod bench;
mod dashboard;
mod fuzz;
mod machine;
mod process;
mod run;
mod steps;
mod test;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};
use steps::Steps;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  run [-- ARGS]     build the dashboard and the collector (release), then `goodword serve --demo`;
                    ARGS replace --demo, for instance: cargo xtask run -- --data ./var
  test              everything that must hold: format, lints, tests, docs, size budget, browser journeys
  test --fuzz [TARGET]  every parser under a fuzzer, a minute each, or one of them (fuzz/src/targets.rs)
  e2e [FILTER]      only the browser journeys (screenshots go to target/screenshots)
  pictures          take the README's pictures anew (docs/pictures)
  dashboard         only build the dashboard, into target/dashboard
  setup             only the set-up: packages, the browser target of the compiler, the tools from npm
  bench [NAME]      every benchmark, or the one of that name (xtask/src/bench, collector/benches)

Every command does the set-up that it needs. Set GOODWORD_NO_RUSTUP=1 on a machine that is to use package
registries only: the browser target then comes from the system's packages.";

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    if args.is_empty() {
        println!("{USAGE}");
        return ExitCode::from(2);
    }
    let command = args.remove(0);
    let steps = Steps::default();
    let outcome = dispatch(&steps, &command, &args);
    steps.print_table();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{command} stopped: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(steps: &Steps, command: &str, args: &[String]) -> Result<()> {
    match command {
        "run" => run::run(steps, args),
        "test" if args.first().is_some_and(|arg| arg == "--fuzz") => fuzz::run(&steps.lane(), &args[1..]),
        "test" => test::test(steps),
        "e2e" => test::journeys_only(steps, args),
        "pictures" => test::pictures(steps),
        "dashboard" => dashboard::build(&steps.lane()).map(|_| ()),
        "setup" => machine::set_up(&steps.lane()),
        "bench" => bench::bench(steps, args),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => bail!("there is no command {other:?}\n\n{USAGE}"),
    }
}
