//! Starting other programs: cargo with the right environment, and everything else.
//!
//! Knows how a program is started and how its failure is told; not which programs a command needs.

use std::ffi::OsStr;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::steps::Lane;
use crate::workspace;

/// Cargo as it started this program, for the machine's own target.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    forget_own_package(&mut command);
    command.current_dir(workspace::root());
    command
}

/// Cargo as a person would start it, for use with another toolchain: everything that the cargo which started
/// this program has set for its own is taken away again, else the other toolchain would get this one's compiler.
pub fn plain_cargo() -> Command {
    let mut command = Command::new("cargo");
    for name in [
        "CARGO",
        "RUSTC",
        "RUSTDOC",
        "RUSTC_WRAPPER",
        "RUSTUP_TOOLCHAIN",
        "LD_LIBRARY_PATH",
        "RUST_RECURSION_COUNT",
    ] {
        command.env_remove(name);
    }
    forget_own_package(&mut command);
    command.current_dir(workspace::root());
    command
}

/// Takes away what cargo tells a program about its own package; build scripts started from here would otherwise
/// see the xtask's values and be run again.
fn forget_own_package(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text == "CARGO_BIN_NAME" {
            command.env_remove(&name);
        }
    }
}

impl Lane<'_> {
    /// Runs a program to its end, its output going where this lane's output goes.
    ///
    /// # Errors
    /// When it cannot be started or does not succeed; the message holds the command line, and the end of its
    /// output where that went to a log.
    pub fn run(&self, command: &mut Command) -> Result<()> {
        let line = describe(command);
        let log = self.log()?;
        let mut before = 0;
        if let Some((_, file)) = &log {
            before = file.metadata()?.len();
            command.stdout(file.try_clone()?).stderr(file.try_clone()?);
        }
        let status =
            command.stdin(Stdio::null()).status().with_context(|| format!("cannot start: {line}"))?;
        if status.success() {
            return Ok(());
        }
        match log {
            Some((path, _)) => bail!("{line}\n{}\nfailed with {status}", tail(path, before)?),
            None => bail!("{line}\nfailed with {status}"),
        }
    }
}

/// Runs a program and gives its standard output, trimmed.
///
/// # Errors
/// When it cannot be started or does not succeed.
pub fn output(command: &mut Command) -> Result<String> {
    let line = describe(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start: {line}"))?;
    if !output.status.success() {
        bail!("{line}\n{}failed with {}", String::from_utf8_lossy(&output.stderr), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Looks a program up in `PATH`.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// What was appended to a log since `before`, its last 16 KiB.
fn tail(path: &Path, before: u64) -> Result<String> {
    let mut file = std::fs::File::open(path)?;
    let end = file.metadata()?.len();
    file.seek(SeekFrom::Start(before.max(end.saturating_sub(16 * 1024))))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
