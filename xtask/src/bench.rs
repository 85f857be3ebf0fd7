//! `cargo xtask bench`: the benchmarks, with their figures as a table.

use anyhow::Result;

use crate::process::cargo;
use crate::steps::Steps;
use crate::workspace;

/// Runs every benchmark of `collector/benches`; with a name, the file of that name, or of all files the benchmarks
/// whose name holds it.
///
/// # Errors
/// When a benchmark does not compile or fails.
pub fn bench(steps: &Steps, args: &[String]) -> Result<()> {
    let lane = steps.lane();
    let mut files: Vec<String> = std::fs::read_dir(workspace::root().join("collector/benches"))?
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
        .collect();
    files.sort();
    let mut filter: Vec<String> = args.to_vec();
    if let Some(named) = args.first().filter(|name| files.contains(name)) {
        files = vec![named.clone()];
        filter.remove(0);
    }
    for file in &files {
        lane.step(&format!("Benchmark: {file}"), || {
            let mut bench = cargo();
            bench.args(["bench", "--quiet", "--package", "goodword", "--bench", file, "--"]).args(&filter);
            lane.run(&mut bench)
        })?;
    }
    Ok(())
}
