//! Every parser of foreign input under libFuzzer. One program for all of them, which `GOODWORD_FUZZ` tells which to feed; run by
//! `cargo xtask test --fuzz`, which also gathers the fixtures to begin with.
#![no_main]

mod targets;

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;

static TARGET: OnceLock<fn(&[u8])> = OnceLock::new();

fuzz_target!(|data: &[u8]| {
    let target = TARGET.get_or_init(|| {
        let name = std::env::var("GOODWORD_FUZZ").unwrap_or_default();
        let found = targets::ALL.iter().find(|(n, _)| *n == name);
        let names: Vec<&str> = targets::ALL.iter().map(|(n, _)| *n).collect();
        found.unwrap_or_else(|| panic!("set GOODWORD_FUZZ to one of {}", names.join(", "))).1
    });
    target(data);
});
