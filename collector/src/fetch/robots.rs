//! robots.txt (RFC 9309), kept for a day for each origin. Refused (4xx) means free, broken (5xx, no answer) means closed until it
//! answers again; a rule file that cannot be understood closes too.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use texting_robots::Robot;
use tokio::time::Instant;
use url::Url;

use super::address;

/// Bytes of robots.txt that are read; the standard asks for at least 500 KiB.
pub(super) const LONGEST: usize = 512 << 10;
/// How long rules hold (RFC 9309, 2.4).
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// How soon a broken one is asked for again.
const KEPT_BROKEN: Duration = Duration::from_secs(600);
/// `Crawl-delay` is no part of the standard; it is followed this far.
const LONGEST_DELAY: Duration = Duration::from_secs(10);
/// Origins kept in mind.
const MANY: usize = 512;

pub(super) enum Rules {
    Free,
    Unreachable,
    Listed(Box<Robot>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Allowed,
    Disallowed,
    /// The rules could not be had.
    Unknown,
}

impl Rules {
    pub fn unreachable() -> Self {
        Rules::Unreachable
    }

    /// The rules for `product` from an answer.
    pub fn read(status: u16, body: &[u8], product: &str) -> Self {
        match status {
            200..=299 => match Robot::new(product, body) {
                Ok(robot) => Rules::Listed(Box::new(robot)),
                Err(_) => Rules::Unreachable,
            },
            // "Too many requests" says nothing about what is allowed.
            429 => Rules::Unreachable,
            400..=499 => Rules::Free,
            _ => Rules::Unreachable,
        }
    }

    pub fn allows(&self, url: &Url) -> Verdict {
        match self {
            Rules::Free => Verdict::Allowed,
            Rules::Unreachable => Verdict::Unknown,
            Rules::Listed(robot) if robot.allowed(url.as_str()) => Verdict::Allowed,
            Rules::Listed(_) => Verdict::Disallowed,
        }
    }

    /// The pace that the site asks for.
    pub fn crawl_delay(&self) -> Duration {
        match self {
            Rules::Listed(robot) => robot
                .delay
                .and_then(|seconds| Duration::try_from_secs_f32(seconds).ok())
                .unwrap_or_default()
                .min(LONGEST_DELAY),
            _ => Duration::ZERO,
        }
    }
}

/// Rules by origin.
#[derive(Default)]
pub(super) struct Robots {
    kept: Mutex<HashMap<String, (Arc<Rules>, Instant)>>,
}

impl Robots {
    /// What is known of an origin and still holds.
    pub fn cached(&self, url: &Url, now: Instant) -> Option<Arc<Rules>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&key(url)).filter(|(_, until)| *until > now).map(|(rules, _)| rules.clone())
    }

    /// Remembers the rules of an origin.
    pub fn keep(&self, url: &Url, rules: Rules, now: Instant) -> Arc<Rules> {
        let until = now + if matches!(rules, Rules::Unreachable) { KEPT_BROKEN } else { KEPT };
        let rules = Arc::new(rules);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MANY {
            kept.retain(|_, (_, until)| *until > now);
        }
        if kept.len() >= MANY {
            kept.clear();
        }
        kept.insert(key(url), (rules.clone(), until));
        rules
    }
}

fn key(url: &Url) -> String {
    format!("{}://{}", url.scheme(), address::place(url))
}
