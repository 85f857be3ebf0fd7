//! The shell around the pure parts: due sources → fetch → read → pipeline → store → effects. It knows them all and holds the
//! clock; what it decides itself is only when to ask, and when to stop asking.

pub mod access;
mod capture;
pub mod doctor;
pub mod fill;
pub mod health;
pub mod hear;
pub mod identify;
pub mod import;
pub mod ingest;
pub mod kin;
pub mod learn;
pub mod listen;
pub mod manners;
pub mod meet;
mod missing;
mod preview;
pub mod promoters;
pub mod push;
pub mod replay;
pub mod rhythm;
mod run;
mod schedule;
pub mod sources;
pub mod storage;
mod sweep;
pub mod timetable;
mod veil;
mod walk;
pub mod warn;

pub use hear::{hear, hear_all};
pub use identify::index_customer;
pub use preview::preview;
pub use run::{HELD_MINUTES, Outcome, run_source};
pub use schedule::run;
pub use sweep::tend;
