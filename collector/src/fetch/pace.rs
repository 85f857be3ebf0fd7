//! The pace of each host: the least time between two requests, and pauses that a server asked for. One place for all sources, so
//! that ten sources on one host are as polite as one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use governor::{
    DefaultDirectRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use tokio::time::Instant;

/// Hosts kept in mind before idle ones are forgotten.
const MANY: usize = 512;
/// A host unasked for so long needs no memory of its pace.
const IDLE: Duration = Duration::from_secs(600);
/// A server's own wish is followed for at most so long here; the engine's schedule knows the rest.
const LONGEST_HOLD: Duration = Duration::from_secs(3600);

#[derive(Default)]
pub(super) struct Pace {
    hosts: Mutex<HashMap<String, Host>>,
}

struct Host {
    period: Duration,
    limiter: Option<Arc<DefaultDirectRateLimiter>>,
    seen: Instant,
    held_until: Option<Instant>,
}

impl Host {
    /// Takes the slower pace; `spent` says that its first turn is gone already.
    fn slow_down(&mut self, period: Duration, spent: bool) {
        if period <= self.period {
            return;
        }
        let Some(quota) = Quota::with_period(period) else { return };
        let limiter = RateLimiter::direct(quota);
        if spent {
            // A fresh limiter has one turn to give: it cannot refuse this one.
            let _ = limiter.check();
        }
        self.period = period;
        self.limiter = Some(Arc::new(limiter));
    }
}

impl Pace {
    /// Waits until that host may be asked again.
    pub async fn turn(&self, host: &str, period: Duration) {
        let Some(limiter) = self.limiter(host, period) else { return };
        let clock = DefaultClock::default();
        while let Err(not_yet) = limiter.check() {
            tokio::time::sleep(not_yet.wait_time_from(clock.now())).await;
        }
    }

    /// The host wants at least so much time between two requests; one is about to be made.
    pub fn at_least(&self, host: &str, period: Duration) {
        self.with(host, |h| h.slow_down(period, true));
    }

    /// Leave that host alone for so long.
    pub fn hold(&self, host: &str, wait: Duration) {
        let until = Instant::now() + wait.min(LONGEST_HOLD);
        self.with(host, |h| h.held_until = Some(h.held_until.map_or(until, |old| old.max(until))));
    }

    /// How long the host still wants to be left alone.
    pub fn held(&self, host: &str) -> Option<Duration> {
        let now = Instant::now();
        self.with(host, |h| h.held_until).filter(|until| *until > now).map(|until| until - now)
    }

    /// The limiter of a host. Of two sources with different paces on one host the slower one rules.
    fn limiter(&self, host: &str, period: Duration) -> Option<Arc<DefaultDirectRateLimiter>> {
        self.with(host, |h| {
            // A new limiter would let one request through at once; the old one may just have done so.
            h.slow_down(period, h.limiter.is_some());
            h.limiter.clone()
        })
    }

    fn with<T>(&self, host: &str, act: impl FnOnce(&mut Host) -> T) -> T {
        let now = Instant::now();
        // A panic elsewhere cannot leave the map half-written: every change is one assignment.
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= MANY && !hosts.contains_key(host) {
            hosts.retain(|_, h| now - h.seen < IDLE.max(h.period) || h.held_until.is_some_and(|u| u > now));
        }
        let entry = hosts.entry(host.to_owned()).or_insert(Host {
            period: Duration::ZERO,
            limiter: None,
            seen: now,
            held_until: None,
        });
        entry.seen = now;
        act(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_free(pace: &Pace, host: &str, period: Duration) -> bool {
        pace.limiter(host, period).is_none_or(|limiter| limiter.check().is_ok())
    }

    #[test]
    fn a_host_gives_one_turn_in_a_period_whoever_asks() {
        let pace = Pace::default();
        let (hour, minute) = (Duration::from_secs(3600), Duration::from_secs(60));
        assert!(is_free(&pace, "a:443", hour));
        assert!(!is_free(&pace, "a:443", hour), "the turn is taken");
        assert!(!is_free(&pace, "a:443", minute), "a quicker source does not make it quicker");
        assert!(is_free(&pace, "b:443", hour), "another host is another matter");
        assert!(is_free(&pace, "c:443", Duration::ZERO) && is_free(&pace, "c:443", Duration::ZERO));
    }

    #[test]
    fn a_slower_pace_holds_from_the_request_that_learns_of_it() {
        let pace = Pace::default();
        let (hour, second) = (Duration::from_secs(3600), Duration::from_secs(1));
        assert!(is_free(&pace, "a:443", second));
        pace.at_least("a:443", hour);
        assert!(!is_free(&pace, "a:443", second));
        pace.at_least("b:443", hour);
        assert!(!is_free(&pace, "b:443", Duration::ZERO), "also where none was kept before");
    }

    #[test]
    fn a_pause_that_was_asked_for_is_remembered() {
        let pace = Pace::default();
        assert_eq!(pace.held("a:443"), None);
        pace.hold("a:443", Duration::from_secs(60));
        pace.hold("a:443", Duration::from_secs(1));
        assert!(
            pace.held("a:443").is_some_and(|left| left > Duration::from_secs(30)),
            "the longer one counts"
        );
        assert_eq!(pace.held("b:443"), None);
    }
}
