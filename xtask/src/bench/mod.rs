//! `cargo xtask bench`: the benchmarks, each under its name, with their figures as a table.
//!
//! There are two kinds: programs of `collector/benches`, which measure Goodword alone and need no entry here, and
//! comparisons, which set it beside other programs. A comparison is one file here and two lines: `mod x;` and its
//! entry in [`COMPARISONS`]. What it compares with is installed by [`python`].

mod analysis;
mod crawl;
mod identity;
mod python;

use anyhow::{Result, bail};

use crate::process::cargo;
use crate::steps::{Lane, Steps};
use crate::workspace;

/// A benchmark that takes more than running one program.
struct Comparison {
    /// As in `cargo xtask bench NAME`.
    name: &'static str,
    /// What it measures, against what.
    about: &'static str,
    /// Measures and prints; gets what was written after the name.
    run: fn(&Lane<'_>, &[String]) -> Result<()>,
}

/// In the order of their names.
const COMPARISONS: &[Comparison] = &[
    Comparison {
        name: "analysis",
        about: "what texts mean, against VADER in Python and MiniLM under onnxruntime",
        run: analysis::run,
    },
    Comparison {
        name: "crawl",
        about: "fetching and reading pages, against Scrapy and selectolax",
        run: crawl::run,
    },
    Comparison {
        name: "identity",
        about: "recognising authors as customers, against rapidfuzz and Splink",
        run: identity::run,
    },
];

/// Runs one benchmark, or all of them; with a name that none bears, those of `collector/benches` whose inner
/// benchmarks' names hold it.
///
/// # Errors
/// When a benchmark does not compile or fails.
pub fn bench(steps: &Steps, args: &[String]) -> Result<()> {
    let lane = steps.lane();
    let programs = programs()?;
    let Some(name) = args.first() else {
        programs.iter().try_for_each(|program| run_program(&lane, program, &[]))?;
        return COMPARISONS.iter().try_for_each(|comparison| compare(&lane, comparison, &[]));
    };
    if let Some(comparison) = COMPARISONS.iter().find(|comparison| comparison.name == name) {
        return compare(&lane, comparison, &args[1..]);
    }
    if programs.contains(name) {
        return run_program(&lane, name, &args[1..]);
    }
    if name.starts_with('-') {
        bail!("write the benchmark's name first; there are {}", names(&programs));
    }
    programs.iter().try_for_each(|program| run_program(&lane, program, args))
}

/// The names of the files in `collector/benches`.
fn programs() -> Result<Vec<String>> {
    let mut files: Vec<String> = std::fs::read_dir(workspace::root().join("collector/benches"))?
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
        // The halves of comparisons are run by them.
        .filter(|name| COMPARISONS.iter().all(|comparison| comparison.name != name))
        .collect();
    files.sort();
    Ok(files)
}

fn names(programs: &[String]) -> String {
    let comparisons = COMPARISONS.iter().map(|comparison| comparison.name);
    programs.iter().map(String::as_str).chain(comparisons).collect::<Vec<_>>().join(", ")
}

fn run_program(lane: &Lane<'_>, name: &str, args: &[String]) -> Result<()> {
    lane.step(&format!("Benchmark: {name}"), || {
        let mut bench = cargo();
        bench.args(["bench", "--quiet", "--package", "goodword", "--bench", name, "--"]).args(args);
        lane.run(&mut bench)
    })
}

fn compare(lane: &Lane<'_>, comparison: &Comparison, args: &[String]) -> Result<()> {
    lane.step(&format!("Benchmark: {} ({})", comparison.name, comparison.about), || {
        (comparison.run)(lane, args)
    })
}
