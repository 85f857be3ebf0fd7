//! The collector's integration tests: one binary.

mod alerting;
mod analysis;
mod api;
mod desk;
mod email;
mod export;
mod fetch;
mod openapi;
mod opens;
mod outbox;
mod secrets;
mod service;
mod session;
mod simulate;
mod tidy;
mod webhook;
