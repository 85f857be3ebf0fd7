//! `cargo xtask run`: from a fresh clone to a dashboard in the browser.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::dashboard;
use crate::machine::packages;
use crate::process::cargo;
use crate::steps::Steps;
use crate::workspace;

/// Builds everything for release and starts `goodword serve`, with `--demo` unless other arguments are given.
///
/// # Errors
/// When a step fails or the service cannot be started; otherwise this does not return.
pub fn run(steps: &Steps, args: &[String]) -> Result<()> {
    let lane = steps.lane();
    packages::ensure(&lane, packages::FOR_BUILD)?;
    dashboard::build(&lane)?;
    lane.step("Build the collector (release; the first time takes some minutes)", || {
        lane.run(cargo().args(["build", "--release", "--package", "goodword", "--bin", "goodword"]))
    })?;
    let args = match args.strip_prefix(&["--".to_owned()]).unwrap_or(args) {
        [] => &["--demo".to_owned()],
        given => given,
    };
    steps.print_table();
    println!("\n==> goodword serve {}  (Ctrl-C stops it)", args.join(" "));
    let binary = workspace::target().join("release/goodword");
    // The service takes this process over, so that signals and the exit code are its own.
    let error = Command::new(&binary).arg("serve").args(args).exec();
    Err(error).with_context(|| format!("cannot start {}", binary.display()))
}
