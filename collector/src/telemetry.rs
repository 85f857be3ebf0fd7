//! What the service says of itself on stderr: one readable line for each event, by the level of the configuration.

use tracing_subscriber::EnvFilter;

/// Starts logging. `level` is a level, or a filter such as `goodword=debug`; what cannot be read is taken as `info`.
/// Tests may call it more than once.
pub fn start(level: &str) {
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    // An error says that logging runs already, which is what was wanted.
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).compact().try_init();
}
