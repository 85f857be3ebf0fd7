//! The `goodword` binary.

fn main() -> anyhow::Result<()> {
    Ok(())
}
