//! Programs from the system's packages: found, else installed by apt, else named with the command that installs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::steps::Lane;

/// A program, where it may be, and the Debian packages that hold it.
pub struct Need {
    what: &'static str,
    present: fn() -> bool,
    packages: &'static [&'static str],
}

const NODE: Need = Need {
    what: "node and npm",
    present: || process::find("node").is_some() && process::find("npm").is_some(),
    packages: &["nodejs", "npm"],
};
const BROWSER: Need = Need { what: "Chromium", present: || browser().is_some(), packages: &["chromium"] };
const DRIVER: Need = Need {
    what: "ChromeDriver",
    present: || process::find("chromedriver").is_some(),
    packages: &["chromium-driver"],
};
const POSTGRES: Need =
    Need { what: "PostgreSQL", present: || postgres().is_some(), packages: &["postgresql"] };

/// What building the dashboard takes.
pub const FOR_BUILD: &[Need] = &[NODE];
/// What the tests take besides.
pub const FOR_TESTS: &[Need] = &[NODE, BROWSER, DRIVER, POSTGRES];

/// The browser's program, under any of its usual names.
pub fn browser() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .into_iter()
        .find_map(process::find)
}

/// The folder with PostgreSQL's programs; Debian keeps them outside `PATH`, one folder for each major version.
fn postgres() -> Option<PathBuf> {
    if let Some(initdb) = process::find("initdb") {
        return initdb.parent().map(Path::to_path_buf);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions.flatten().map(|version| version.path().join("bin")).find(|bin| bin.join("initdb").is_file())
}

/// Makes sure that every program is there.
///
/// # Errors
/// When one is missing and cannot be installed from here; the message is the command that installs them all.
pub fn ensure(lane: &Lane<'_>, needs: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|need| need.what).collect();
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages.iter().copied()).collect();
    lane.step(&format!("Install {} from the system's packages", names.join(", ")), || {
        install(lane, &packages)?;
        let still: Vec<&str> =
            missing.iter().filter(|need| !(need.present)()).map(|need| need.what).collect();
        if still.is_empty() { Ok(()) } else { bail!("installed, but still not found: {}", still.join(", ")) }
    })
}

/// Installs Debian packages.
///
/// # Errors
/// Without apt, or without the right to install; the message is the command to run.
pub fn install(lane: &Lane<'_>, packages: &[&str]) -> Result<()> {
    let by_hand = format!("apt-get install --no-install-recommends {}", packages.join(" "));
    if process::find("apt-get").is_none() {
        bail!("this system has no apt; install what these Debian packages hold: {}", packages.join(" "));
    }
    let Some(mut update) = as_root("apt-get") else {
        bail!("run this command, then try again: sudo {by_hand}");
    };
    lane.run(update.args(["-qq", "update"]))?;
    let mut install = as_root("apt-get").expect("it was possible a moment ago");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    install.args(["-qq", "-y", "--no-install-recommends", "install"]).args(packages);
    lane.run(&mut install)
}

/// A command with the right to change the system: directly as root, or by a `sudo` that asks nothing.
pub fn as_root(program: &str) -> Option<Command> {
    if process::output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0") {
        return Some(Command::new(program));
    }
    process::output(Command::new("sudo").args(["-n", "true"])).ok()?;
    let mut command = Command::new("sudo");
    command.args(["-n", "--preserve-env=DEBIAN_FRONTEND", program]);
    Some(command)
}
