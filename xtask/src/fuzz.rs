//! `cargo xtask test --fuzz`: every parser of foreign input under libFuzzer, a minute each, beginning with our own fixtures.
//!
//! The targets are `fuzz/src/targets.rs`. What is found is kept in `target/fuzz/found`, what was learned in `target/fuzz/corpus`.
//! No other compiler is needed: the instruments are switched on by flags that the ordinary one knows.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::{self, cargo};
use crate::steps::Lane;
use crate::workspace;

/// Seconds for each target, unless `GOODWORD_FUZZ_SECONDS` says otherwise.
const SECONDS: u32 = 60;
/// An input that takes longer is a fault: all are at most [`LONGEST`] bytes.
const PATIENCE: u32 = 10;
const LONGEST: usize = 100_000;

/// Counts which edges of the program an input takes, and tells the fuzzer what is compared with what.
const INSTRUMENTS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Targets and the fixtures they begin with: folders of `collector/tests/fixtures`.
const TARGETS: &[(&str, &[&str])] = &[
    ("analyse", &["csv", "google_takeout"]),
    ("answers", &[]),
    ("charset", &["feed", "schema_org"]),
    ("csv", &["csv"]),
    ("dates", &[]),
    ("feed", &["feed"]),
    ("mail", &["mail"]),
    ("markup", &["schema_org", "feed", "amazon"]),
    ("names", &[]),
    ("numbers", &[]),
    ("page", &["schema_org", "trustpilot"]),
    ("takeout", &["google_takeout"]),
];

/// Inputs for targets whose fixtures are not files.
const WORDS: &[(&str, &[&str])] = &[
    (
        "dates",
        &[
            "2026-02-03T04:05:06+01:00",
            "Tue, 3 Feb 2026 04:05:06 GMT",
            "3. Februar 2026",
            "vor 3 Wochen",
            "1770000000",
        ],
    ),
    ("names", &["Dr. Ada Käsebier-Löw", "Ольга Петрова", "ada_kern92", "O'Brien, Seán", "王小明"]),
    ("numbers", &["1.234,5", "1,234.5", "4,5 von 5", "12K", "٤٫٥"]),
    (
        "analyse",
        &["The waiter was not rude, but the soup was cold!!! Never again :(", "Sehr gut, gerne wieder 😀"],
    ),
];

/// Builds the targets and runs those named, or all.
///
/// # Errors
/// When something does not build, or an input is found that a parser fails on; the message says where it is kept.
pub fn run(lane: &Lane<'_>, named: &[String]) -> Result<()> {
    if let Some(unknown) = named.iter().find(|name| TARGETS.iter().all(|(target, _)| target != name)) {
        let names: Vec<&str> = TARGETS.iter().map(|(target, _)| *target).collect();
        bail!("there is no fuzz target {unknown:?}; there are {}", names.join(", "));
    }
    let folder = workspace::target().join("fuzz");
    let program = lane.step("Build the fuzz targets", || build(lane, &folder))?;
    let seconds = std::env::var("GOODWORD_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(SECONDS);
    let mut found = Vec::new();
    for (target, fixtures) in TARGETS.iter().filter(|(t, _)| named.is_empty() || named.iter().any(|n| n == t))
    {
        let ran = lane
            .step(&format!("Fuzz: {target}"), || fuzz(lane, &program, &folder, target, fixtures, seconds));
        if let Err(error) = ran {
            lane.say(format!("{error:#}").lines().next().unwrap_or_default());
            found.push(*target);
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    bail!("{} failed; what they failed on is in {}", found.join(", "), folder.join("found").display())
}

fn build(lane: &Lane<'_>, folder: &Path) -> Result<PathBuf> {
    let here = workspace::root().join("fuzz");
    // The same versions as everywhere else; what only the fuzzer needs is added to them.
    std::fs::copy(workspace::root().join("Cargo.lock"), here.join("Cargo.lock"))?;
    let told = process::output(cargo().args(["--version", "--verbose"]))?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: ")).context("cargo names no host")?;
    // With a target named, build scripts and macros are built without the instruments.
    lane.run(
        cargo()
            .args(["build", "--release", "--target", host, "--manifest-path"])
            .arg(here.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(folder)
            .env("RUSTFLAGS", INSTRUMENTS),
    )?;
    Ok(folder.join(host).join("release/parse"))
}

fn fuzz(
    lane: &Lane<'_>,
    program: &Path,
    folder: &Path,
    target: &str,
    fixtures: &[&str],
    seconds: u32,
) -> Result<()> {
    let corpus = folder.join("corpus").join(target);
    let found = folder.join("found");
    std::fs::create_dir_all(&corpus)?;
    std::fs::create_dir_all(&found)?;
    sow(&corpus, target, fixtures)?;
    lane.run(
        std::process::Command::new(program)
            .env("GOODWORD_FUZZ", target)
            .arg(&corpus)
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-timeout={PATIENCE}"))
            .arg(format!("-max_len={LONGEST}"))
            .arg(format!("-artifact_prefix={}/{target}-", found.display()))
            .args(["-rss_limit_mb=2048", "-verbosity=0", "-print_final_stats=1"]),
    )
}

/// Puts the fixtures into a corpus.
fn sow(corpus: &Path, target: &str, fixtures: &[&str]) -> Result<()> {
    let root = workspace::root().join("collector/tests/fixtures");
    let mut folders: Vec<PathBuf> = fixtures.iter().map(|fixture| root.join(fixture)).collect();
    if target == "answers" {
        folders =
            std::fs::read_dir(&root)?.flatten().map(|entry| entry.path()).filter(|p| p.is_dir()).collect();
        folders.sort();
    }
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for file in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())?.flatten() {
            let mut content = std::fs::read(file.path())?;
            if target == "answers" {
                // The first byte chooses the connector; the fuzzer soon tries the others.
                content.insert(0, u8::try_from(name.len()).unwrap_or_default());
            }
            std::fs::write(corpus.join(format!("{name}-{}", file.file_name().to_string_lossy())), content)?;
        }
    }
    for (_, words) in WORDS.iter().filter(|(t, _)| *t == target) {
        for (number, word) in words.iter().enumerate() {
            std::fs::write(corpus.join(format!("word-{number}")), word)?;
        }
    }
    Ok(())
}
