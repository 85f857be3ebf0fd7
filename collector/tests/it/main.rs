//! The collector's integration tests: one binary.

mod fetch;
mod opens;
mod secrets;
mod tidy;
