//! `cargo xtask test`: everything that must hold before a change lands, and `cargo xtask e2e`: the browser part.

use anyhow::Result;

use crate::dashboard;
use crate::machine::{npm, packages, wasm};
use crate::process::{self, cargo};
use crate::steps::{Lane, Steps};
use crate::workspace;

/// Runs every check. The browser's half (its compiler, its lints, its build) goes on beside the native half, since
/// each leaves a core idle while it links.
///
/// # Errors
/// At the first step that fails.
pub fn test(steps: &Steps) -> Result<()> {
    let lane = steps.lane();
    packages::ensure(&lane, packages::FOR_TESTS)?;
    npm::install(&lane)?;
    lane.step("Format: cargo fmt --check", || lane.run(cargo().args(["fmt", "--all", "--check"])))?;
    let side = steps.side_lane("dashboard")?;
    std::thread::scope(|scope| {
        let browser_half = scope.spawn(|| check_dashboard(&side));
        let native = lint_native(&lane);
        let browser = browser_half.join().expect("the browser half does not panic");
        native.and(browser)
    })?;
    lane.step("Test the build's own code", || {
        lane.run(cargo().args(["test", "--quiet", "--package", "xtask"]))
    })?;
    lane.step("Test: unit, integration, story, tidy, browser journeys", || {
        lane.run(cargo().args(["test", "--workspace", "--exclude", "xtask", "--no-fail-fast"]))
    })?;
    licences(&lane)
}

/// Runs only the browser journeys, those whose name holds the filter if one is given.
///
/// # Errors
/// When something cannot be built or a journey fails.
pub fn journeys_only(steps: &Steps, args: &[String]) -> Result<()> {
    let lane = steps.lane();
    packages::ensure(&lane, packages::FOR_TESTS)?;
    dashboard::build(&lane)?;
    lane.step("Build the collector (debug) with the dashboard inside", || {
        lane.run(cargo().args(["build", "--package", "goodword"]))
    })?;
    lane.step("Browser journeys", || {
        let mut journeys = cargo();
        journeys
            .args(["test", "--package", "goodword-e2e", "--test", "journeys", "--", "--nocapture"])
            .args(args);
        lane.run(&mut journeys)
    })
}

/// Takes the picture of the README anew, from the browser journeys.
///
/// # Errors
/// When the journey fails or the picture cannot be copied.
pub fn pictures(steps: &Steps) -> Result<()> {
    journeys_only(steps, &["every_page".to_owned()])?;
    let folder = workspace::root().join("docs/pictures");
    std::fs::create_dir_all(&folder)?;
    for (taken, kept) in
        [("today-light-wide.png", "today.png"), ("recovery-dark-phone.png", "recovery-phone.png")]
    {
        std::fs::copy(workspace::root().join("target/screenshots").join(taken), folder.join(kept))?;
    }
    Ok(())
}

fn lint_native(lane: &Lane<'_>) -> Result<()> {
    lane.step("Lint: clippy, native, warnings are errors", || {
        let mut clippy = cargo();
        clippy.args(["clippy", "--quiet", "--workspace", "--exclude", "goodword-dashboard", "--all-targets"]);
        lane.run(clippy.args(["--", "-D", "warnings"]))
    })?;
    lane.step("Docs: cargo doc, warnings are errors", || {
        let mut doc = cargo();
        doc.args(["doc", "--quiet", "--workspace", "--no-deps", "--exclude", "goodword-dashboard"]);
        lane.run(doc.args(["--exclude", "xtask"]).env("RUSTDOCFLAGS", "-D warnings"))
    })
}

fn check_dashboard(lane: &Lane<'_>) -> Result<()> {
    let compiler = wasm::Compiler::find_or_make(lane)?;
    let arguments =
        ["--quiet", "--profile", "browser", "--target", wasm::TARGET, "--package", "goodword-dashboard"];
    lane.step("Lint: clippy, browser, warnings are errors", || {
        if compiler.has_clippy() {
            return lane.run(compiler.cargo().arg("clippy").args(arguments).args(["--", "-D", "warnings"]));
        }
        lane.say("the browser's compiler has no clippy: checked for the browser, linted for this machine");
        lane.run(compiler.cargo().arg("check").args(arguments))?;
        lane.run(cargo().args([
            "clippy",
            "--quiet",
            "--package",
            "goodword-dashboard",
            "--",
            "-D",
            "warnings",
        ]))
    })?;
    dashboard::build_with(lane, &compiler)
}

fn licences(lane: &Lane<'_>) -> Result<()> {
    let title = "Licences, bans and sources of dependencies: cargo deny";
    if process::find("cargo-deny").is_none() {
        lane.skip(title, "cargo-deny is not installed (cargo install cargo-deny)");
        return Ok(());
    }
    lane.step(title, || lane.run(cargo().args(["deny", "check", "licenses", "bans", "sources"])))
}
