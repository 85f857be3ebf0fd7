//! The few packages from npm: a wasm optimiser, the design system's CSS and fonts, the accessibility checker.
//!
//! Their versions and checksums are in `xtask/npm/package-lock.json`; no script of theirs is run.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::machine::packages;
use crate::steps::Lane;
use crate::workspace;

/// Installs the packages unless the same lock file was installed before, and gives their `node_modules`.
///
/// # Errors
/// When node or npm is missing and cannot be installed, or npm fails.
pub fn install(lane: &Lane<'_>) -> Result<PathBuf> {
    let folder = workspace::npm();
    let modules = folder.join("node_modules");
    let lists = ["package.json", "package-lock.json"];
    let source = workspace::root().join("xtask/npm");
    let stamp = folder.join("installed");
    let wanted = std::fs::read_to_string(source.join("package-lock.json"))?;
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(modules);
    }
    packages::ensure(lane, packages::FOR_BUILD)?;
    lane.step(
        "Install the packages from npm (wasm optimiser, design system, accessibility checker)",
        || {
            std::fs::create_dir_all(&folder)?;
            for list in lists {
                std::fs::copy(source.join(list), folder.join(list))?;
            }
            let mut npm = Command::new("npm");
            npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
                .current_dir(&folder);
            lane.run(&mut npm)?;
            std::fs::write(&stamp, wanted)?;
            Ok(())
        },
    )?;
    Ok(modules)
}
