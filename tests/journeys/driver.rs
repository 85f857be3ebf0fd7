//! ChromeDriver: started on a port that it chooses itself, ended together with every browser it opened.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// A running driver.
pub struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    /// Starts the driver of the system's packages.
    pub async fn start() -> Result<Self> {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("starting chromedriver (Debian package chromium-driver)")?;
        let stdout = child.stdout.take().context("the driver has an output")?;
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next_line().await? {
            let Some((_, rest)) = line.split_once("started successfully on port ") else { continue };
            let port = rest.trim_end_matches('.').parse().with_context(|| format!("a port in {line:?}"))?;
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(Self { child, port });
        }
        bail!("chromedriver ended at once")
    }

    /// Where it takes commands.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Asks it to end, so that it closes its browsers; ends it if it does not answer.
    pub async fn stop(mut self) {
        let asked = async {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
            stream
                .write_all(b"GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                .await?;
            self.child.wait().await
        };
        if tokio::time::timeout(Duration::from_secs(10), asked).await.is_err() {
            // It may have ended in this moment; then there is nothing to do.
            let _ = self.child.kill().await;
        }
    }
}
