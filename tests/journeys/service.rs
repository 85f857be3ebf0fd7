//! The product under test: the `goodword` binary with its demo, on a free port, with a data folder of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// What the service prints when it can be asked, followed by its address.
const READY: &str = "goodword is ready at ";
/// The demo reads two years of history at its first start.
const START_LIMIT: Duration = Duration::from_secs(120);

/// A running service; the process and its data end with it.
pub struct Service {
    address: String,
    child: Child,
    _data: tempfile::TempDir,
}

impl Service {
    /// Starts the demo, with its made-up business.
    pub async fn demo() -> Result<Self> {
        Self::start(&["--demo"], "demo").await
    }

    /// Starts on an empty data folder, as for a new owner.
    pub async fn empty() -> Result<Self> {
        Self::start(&[], "empty").await
    }

    async fn start(arguments: &[&str], name: &str) -> Result<Self> {
        let binary = binary();
        if !binary.is_file() {
            bail!("there is no {}; run the journeys by `cargo xtask e2e`, which builds it", binary.display());
        }
        let data = tempfile::tempdir()?;
        let log = target().join(format!("journeys-{name}.log"));
        let mut child = Command::new(&binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log)?)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", binary.display()))?;
        let stdout = child.stdout.take().context("the service has an output")?;
        let address = tokio::time::timeout(START_LIMIT, ready_address(stdout))
            .await
            .map_err(anyhow::Error::from)
            .flatten()
            .with_context(|| {
                format!("the service did not become ready; it may say why in {}", log.display())
            })?;
        Ok(Self { address, child, _data: data })
    }

    /// Where it answers, such as `http://127.0.0.1:40123`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Ends it.
    pub async fn stop(mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.child.kill().await;
    }
}

/// Reads lines until the one with the address, then goes on reading in the background so that the pipe never fills.
async fn ready_address(stdout: tokio::process::ChildStdout) -> Result<String> {
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some((_, address)) = line.split_once(READY) {
            let address =
                address.split_whitespace().next().unwrap_or_default().trim_end_matches(['/', '.']).to_owned();
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(address);
        }
    }
    bail!("the service ended before it was ready")
}

/// The binary under test: `GOODWORD_BINARY`, else the debug build beside this test.
fn binary() -> PathBuf {
    match std::env::var_os("GOODWORD_BINARY") {
        Some(path) => PathBuf::from(path),
        None => target().join("debug/goodword"),
    }
}

/// Cargo's target folder: this test lies in its `debug/deps`.
fn target() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.ancestors().nth(3).unwrap_or(Path::new("target")).to_owned()
}
