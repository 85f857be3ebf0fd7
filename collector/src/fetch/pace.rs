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

impl Pace {
    /// Waits until that host may be asked again.
    pub async fn turn(&self, host: &str, period: Duration) {
        let Some(limiter) = self.limiter(host, period) else { return };
        let clock = DefaultClock::default();
        while let Err(not_yet) = limiter.check() {
            tokio::time::sleep(not_yet.wait_time_from(clock.now())).await;
        }
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
            if period > h.period {
                h.period = period;
                let slower = Quota::with_period(period).map(|q| Arc::new(RateLimiter::direct(q)));
                if let (Some(_), Some(slower)) = (&h.limiter, &slower) {
                    // A new limiter would let one request through at once; the old one may just have done so.
                    let _ = slower.check();
                }
                h.limiter = slower;
            }
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
