//! How often strangers may call: programs that push, visitors of our own page. Counted in memory, by source and by address.

use std::num::NonZeroU32;

use goodword_shared::Problem;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

/// Signed calls of a minute to one source.
const OF_A_SOURCE: u32 = 120;
/// Calls of a minute from one address, whose signatures cost work to refuse.
const OF_AN_ADDRESS: u32 = 600;
/// Answers of a minute on one page.
const OF_A_FORM: u32 = 60;
/// Answers of a minute on one page from one address: a tablet on the counter, not a machine.
const OF_A_VISITOR: u32 = 10;
/// Names kept in mind before idle ones are forgotten.
const MANY: usize = 4096;

/// The counters.
pub struct Limits {
    /// By source.
    pub sources: Limit,
    /// By address.
    pub addresses: Limit,
    /// By page.
    pub forms: Limit,
    /// By page and address.
    pub visitors: Limit,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sources: Limit::new(OF_A_SOURCE),
            addresses: Limit::new(OF_AN_ADDRESS),
            forms: Limit::new(OF_A_FORM),
            visitors: Limit::new(OF_A_VISITOR),
        }
    }
}

/// So many of a minute for each key, that many at once.
pub struct Limit(DefaultKeyedRateLimiter<String>);

impl Limit {
    fn new(of_a_minute: u32) -> Self {
        let most = NonZeroU32::new(of_a_minute).unwrap_or(NonZeroU32::MIN);
        Self(RateLimiter::keyed(Quota::per_minute(most)))
    }

    /// Counts one. `Err`: too many; how many seconds to wait.
    pub fn count(&self, key: &str) -> Result<(), u64> {
        if self.0.len() > MANY {
            self.0.retain_recent();
        }
        self.0
            .check_key(&key.to_owned())
            .map_err(|later| later.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }
}

/// 429, for programs.
pub fn too_many(seconds: u64) -> Problem {
    let detail = format!(
        "Too many calls in a minute. Send the next in {seconds} s, and several mentions in one call."
    );
    Problem::new(429, "too-many", "Too many", detail)
}
