//! The one place where the time is read. Pure code takes the time as an argument.

use goodword_shared::Time;

/// Now, in UTC.
pub fn now() -> Time {
    chrono::Utc::now()
}
