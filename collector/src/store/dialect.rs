//! The few things that SQLite and PostgreSQL do differently.

/// Which database is behind the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, the default: one file in the data folder.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Dialect {
    /// Told from the database's address.
    pub fn of_url(url: &str) -> Self {
        if url.starts_with("postgres") { Self::Postgres } else { Self::Sqlite }
    }
}

impl Dialect {
    /// What every new connection is told: full durability, and waiting for the other writer instead of failing.
    pub fn on_connect(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &[
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "PRAGMA foreign_keys = ON",
                "PRAGMA busy_timeout = 30000",
                "PRAGMA cache_size = -16000",
            ],
            Self::Postgres => &[],
        }
    }
}
