//! SHOW: what the browser is told. Handlers, one file for each resource, and the dashboard itself.

pub mod dashboard;
