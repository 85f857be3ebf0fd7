//! The collector's integration tests: one binary.

mod analysis;
mod api;
mod fetch;
mod opens;
mod secrets;
mod service;
mod session;
mod tidy;
