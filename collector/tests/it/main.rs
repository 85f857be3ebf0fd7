//! The collector's integration tests: one binary.

mod alerting;
mod analysis;
mod api;
mod chat;
mod connectors;
mod crash;
mod demo;
mod desk;
mod email;
mod export;
mod fetch;
mod identity;
mod imports;
mod openapi;
mod opens;
mod outbox;
mod place;
mod postgres;
mod recordings;
mod secrets;
mod service;
mod session;
mod simulate;
mod story;
mod tidy;
mod webhook;
