//! The one place where the time is read. Pure code takes the time as an argument.

use goodword_shared::Time;

/// Now, in UTC.
#[expect(clippy::disallowed_methods, reason = "this is the place that reads the clock for everybody else")]
pub fn now() -> Time {
    chrono::Utc::now()
}
