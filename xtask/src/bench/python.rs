//! Python programs to compare with: each benchmark gets a virtual environment of its own with pinned packages.
//!
//! Knows how an environment is made and filled; not what is compared in it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::steps::Lane;
use crate::workspace;

/// The Python of the environment `target/bench-venv/NAME`, which holds exactly the given packages (`"scrapy==2.13.4"`) and
/// what they need. An environment that holds them already is used as it is; another one is made anew.
///
/// # Errors
/// When there is no Python with `venv`, a package is not pinned, or one cannot be installed.
pub fn environment(lane: &Lane<'_>, name: &str, packages: &[&str]) -> Result<PathBuf> {
    if let Some(loose) = packages.iter().find(|package| !package.contains("==")) {
        bail!("{loose} has no version; write {loose}==VERSION, so that figures can be compared");
    }
    let folder = workspace::target().join("bench-venv").join(name);
    let python = folder.join("bin/python");
    let stamp = folder.join("installed");
    let wanted = packages.join("\n");
    if python.is_file() && std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(python);
    }
    lane.step(&format!("Install what is compared with: {}", packages.join(", ")), || {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        let Some(system) = process::find("python3") else {
            bail!("there is no python3; install it with its venv module (python3-venv on Debian), then try again");
        };
        lane.run(Command::new(system).args(["-m", "venv"]).arg(&folder))?;
        lane.run(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                .args(packages),
        )?;
        std::fs::write(&stamp, &wanted)?;
        Ok(())
    })?;
    Ok(python)
}

/// A Python program of this repository (`xtask/bench/NAME.py`), to be run in an environment.
pub fn script(name: &str) -> PathBuf {
    workspace::root().join("xtask/bench").join(name)
}
