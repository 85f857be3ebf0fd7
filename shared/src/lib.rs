//! Goodword's vocabulary: the words of the product as types, spoken by the collector, the dashboard and the tests.
//! It knows serde and nothing else: no IO, no clock, no database, no browser.

pub mod access;
pub mod alert;
pub mod analysis;
pub mod api;
pub mod case;
pub mod customer;
pub mod id;
pub mod import;
pub mod matching;
pub mod mention;
pub mod problem;
pub mod promoter;
pub mod settings;
pub mod source;
pub mod today;

pub use analysis::{Analysis, Intent, Label, Sentiment, Theme};
pub use id::Id;
pub use mention::{Author, Kind, Mention, Rating};
pub use problem::{Problem, ProblemKind};

/// A moment in UTC. On the wire RFC 3339.
pub type Time = chrono::DateTime<chrono::Utc>;
