//! The collector's integration tests: one binary.

mod opens;
mod secrets;
