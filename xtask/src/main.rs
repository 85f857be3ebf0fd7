//! The project's own commands: `cargo xtask run` and `cargo xtask test` do all their set-up themselves.
fn main() {}
