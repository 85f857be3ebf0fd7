//! Where things are: the repository, its target folder, the user's cache.
//!
//! Knows paths only; it creates nothing and starts nothing.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The repository's root folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository")
}

/// Cargo's target folder: `CARGO_TARGET_DIR` where it is set, else `target` in the repository.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// Logs and stamps of this program.
pub fn own_folder() -> PathBuf {
    target().join("xtask")
}

/// The finished dashboard. The collector's build script looks here unless `GOODWORD_DASHBOARD` names another folder.
pub fn dashboard() -> PathBuf {
    root().join("target/dashboard")
}

/// The packages from npm that the build and the browser journeys use.
pub fn npm() -> PathBuf {
    root().join("target/npm")
}

/// What outlives a checkout: `$XDG_CACHE_HOME/goodword`, else `~/.cache/goodword`.
pub fn cache() -> Result<PathBuf> {
    let base = match std::env::var_os("XDG_CACHE_HOME").filter(|dir| !dir.is_empty()) {
        Some(dir) => PathBuf::from(dir),
        None => {
            std::env::home_dir().context("the user has no home folder; set XDG_CACHE_HOME")?.join(".cache")
        }
    };
    Ok(base.join("goodword"))
}
