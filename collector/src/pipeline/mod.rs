//! The order of the stages, written once: normalise and dedupe ([`prepare`]), analyse and identify ([`understand`]),
//! decide ([`decide::decide`]). What a stage must know from the store is fetched before and passed in; time and new ids are
//! arguments. It does no IO.

pub mod alerts;
pub mod decide;
pub mod dedupe;
pub mod normalise;
pub mod occasions;
pub mod priority;
pub mod promoter;
pub mod reach;
mod understand;

pub use dedupe::{Prepared, prepare};
pub use understand::{Minds, Seen, Understood, understand};

/// Where new ids come from.
pub type NewIds<'a> = &'a mut dyn FnMut() -> String;

/// Why a batch is read: what it may set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// An ordinary run of a source: opens cases and alerts.
    Regular,
    /// The first run of a source, over its history: opens cases for recent mentions, never alerts.
    BackFill,
    /// A file handed over: as a back-fill.
    Import,
    /// Kept answers read again: as a back-fill.
    Replay,
}

impl Run {
    /// Whether mentions without a date count as new.
    fn is_regular(self) -> bool {
        self == Run::Regular
    }
}
