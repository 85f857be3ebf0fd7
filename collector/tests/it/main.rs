//! The collector's integration tests: one binary.

mod analysis;
mod fetch;
mod opens;
mod secrets;
mod tidy;
