//! The collector's integration tests: one binary.

mod analysis;
mod api;
mod desk;
mod email;
mod fetch;
mod opens;
mod outbox;
mod secrets;
mod service;
mod session;
mod simulate;
mod tidy;
mod webhook;
