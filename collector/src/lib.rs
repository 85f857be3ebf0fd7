//! Goodword's collector service. Data flows one way:
//! source → fetch → read → normalise → dedupe → analyse → identify → store → act → API → dashboard.

pub mod access;
pub mod actions;
pub mod analysis;
pub mod api;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod connectors;
pub mod demo;
pub mod engine;
pub mod fetch;
pub mod fold;
pub mod identity;
pub mod imports;
pub mod pipeline;
pub mod reading;
pub mod record;
pub mod secrets;
pub mod serve;
pub mod signature;
pub mod simulate;
pub mod store;
pub mod telemetry;
pub mod wire;
