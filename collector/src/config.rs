//! The service's configuration: the shipped file, then the data folder's, then the environment, then the command line.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use serde::Deserialize;

/// The shipped file: the default of every setting and its documentation.
pub const DEFAULT: &str = include_str!("../config.default.toml");

/// Everything that is set before the service starts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address, database, sessions.
    pub service: Service,
    /// Limits of requests.
    pub fetch: Fetch,
    /// How much at once.
    pub engine: Engine,
    /// How texts are judged.
    pub analysis: Analysis,
    /// Raw answers.
    pub captures: Captures,
    /// Deliveries.
    pub outbox: Outbox,
    /// Logging.
    pub log: Log,
}

/// `[service]`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Where the dashboard and the API answer.
    pub listen: SocketAddr,
    /// The dashboard's address for links in mails; empty for the listening one.
    pub dashboard_url: String,
    /// Empty for SQLite in the data folder; may hold a password, so `Debug` leaves it out.
    pub database: String,
    /// Days until a session ends.
    pub session_days: u32,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").field("listen", &self.listen).finish_non_exhaustive()
    }
}

/// `[fetch]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fetch {
    /// Seconds for one answer, everything included.
    pub deadline_seconds: u64,
    /// MiB after decompression.
    pub body_mib: u64,
    /// Tries after a fault of the server or the connection.
    pub retries: u32,
    /// `host:port` on private networks that may be reached.
    pub allow_private: Vec<String>,
    /// PEM files of certificate authorities of the owner's own.
    pub trust: Vec<PathBuf>,
}

/// `[engine]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    /// Sources at the same time.
    pub concurrency: usize,
    /// Sources at the same time from one host.
    pub per_host: usize,
    /// Requests of one run.
    pub requests_per_run: usize,
}

/// `[analysis]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analysis {
    /// Which tiers judge.
    pub tier: Tier,
}

/// Which tiers of the analysis judge.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// The first, and the second where the first is unsure.
    Full,
    /// The first alone.
    Fast,
}

/// `[captures]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Captures {
    /// Days; 0 keeps none.
    pub keep_days: u32,
}

/// `[outbox]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbox {
    /// Tries of one delivery.
    pub tries: u32,
}

/// `[log]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// A level or a filter.
    pub level: String,
}

impl Config {
    /// Reads the configuration for a data folder. The error names the setting and the file.
    pub fn load(data: &Path) -> Result<Self, Box<figment::Error>> {
        Figment::from(Toml::string(DEFAULT))
            .merge(Toml::file(data.join("goodword.toml")))
            .merge(Env::prefixed("GOODWORD_").split("__").filter(|key| key.as_str().contains('.')))
            .extract()
            .map_err(Box::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_sets_everything() {
        let nowhere = Path::new("there/is/no/such/folder");
        assert_eq!(Config::load(nowhere).expect("defaults suffice").service.listen.port(), 7878);
    }

    #[test]
    fn a_misspelt_setting_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("goodword.toml"), "[fetch]\nretrys = 3\n").expect("written");
        let error = Config::load(folder.path()).expect_err("refused").to_string();
        assert!(error.contains("retrys"), "{error}");
    }
}
