//! `cargo xtask bench`: the benchmarks, with their figures as a table.

use anyhow::Result;

use crate::process::cargo;
use crate::steps::Steps;

/// Runs all benchmarks, or those whose name holds the given one.
///
/// # Errors
/// When a benchmark does not compile or fails.
pub fn bench(steps: &Steps, args: &[String]) -> Result<()> {
    let lane = steps.lane();
    let mut bench = cargo();
    bench.args(["bench", "--package", "goodword", "--benches"]);
    if let Some(name) = args.first() {
        bench.args(["--", name]);
    }
    lane.step("Run the benchmarks", || lane.run(&mut bench))
}
