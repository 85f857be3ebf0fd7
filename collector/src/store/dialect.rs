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

    /// What every new connection is told: full durability, and waiting for the other writer instead of failing.
    pub fn on_connect(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &[
                "PRAGMA busy_timeout = 30000",
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "PRAGMA foreign_keys = ON",
                "PRAGMA cache_size = -16000",
            ],
            Self::Postgres => &[],
        }
    }

    /// How a transaction that writes begins. SQLite takes the write lock at once: a transaction that read first and
    /// wants to write later could only fail.
    pub fn begin_writing(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// Ends a `SELECT` of rows that nobody else is to change before this transaction ends. On SQLite nobody else writes anyway.
    pub(super) fn hold_rows(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }

    /// Makes whoever wants to change a setting wait for the end of this transaction. On SQLite writers wait for each other anyway.
    pub(super) fn hold_settings(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("LOCK TABLE settings IN SHARE MODE"),
        }
    }

    /// Whether statements with nullable parameters may be kept prepared. PostgreSQL fixes the types of parameters at the
    /// first use, and an absent number is sent as another type than a present one.
    pub fn keep_prepared(self) -> bool {
        self == Self::Sqlite
    }

    /// A condition that the mention with alias `m` contains what [`Dialect::words_term`] made of the words.
    pub(super) fn words_condition(self, placeholder: &str) -> String {
        match self {
            Self::Sqlite => {
                format!("m.rowid IN (SELECT w.rowid FROM mention_words w WHERE w.search MATCH {placeholder})")
            }
            Self::Postgres => {
                format!("to_tsvector('simple', m.search) @@ to_tsquery('simple', {placeholder})")
            }
        }
    }

    /// Every word, each as the beginning of a word, in any order. `folded` holds letters, digits and single spaces only.
    pub(super) fn words_term(self, folded: &str) -> String {
        let words = folded.split(' ');
        match self {
            Self::Sqlite => words.map(|word| format!("\"{word}\"*")).collect::<Vec<_>>().join(" "),
            Self::Postgres => words.map(|word| format!("'{word}':*")).collect::<Vec<_>>().join(" & "),
        }
    }

    /// What keeps the planner's knowledge of the tables fresh; PostgreSQL sees to that by itself.
    pub fn tend(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("PRAGMA optimize = 0x10002"),
            Self::Postgres => None,
        }
    }
}
