//! What the machine must have before anything can be built, and how it gets it.

pub mod npm;
pub mod packages;
pub mod wasm;

use anyhow::Result;

use crate::steps::Lane;

/// Everything that any command needs, so that later commands start without waiting.
pub fn set_up(lane: &Lane<'_>) -> Result<()> {
    packages::ensure(lane, packages::FOR_TESTS)?;
    wasm::Compiler::find_or_make(lane)?;
    npm::install(lane)?;
    Ok(())
}
