//! When a source is due again: by its rhythm, later after failures, as the server asked where it did. Pure: what the run met,
//! the time and the chance are arguments.

use std::time::Duration;

use chrono::TimeDelta;
use goodword_shared::{ProblemKind, Time};

use crate::store::StoredSource;

/// Least pause after a failure.
const SOON: TimeDelta = TimeDelta::minutes(5);
/// Longest pause after failures.
const LATE: TimeDelta = TimeDelta::hours(24);
/// Pause before a back-fill goes on.
const GO_ON: TimeDelta = TimeDelta::seconds(20);

/// What a run met.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Met {
    /// What went wrong.
    pub problem: Option<ProblemKind>,
    /// The server wants to be left alone for so long.
    pub asked: Option<Duration>,
    /// Pages are left.
    pub unfinished: bool,
    /// 0–1, so that sources do not march in step.
    pub chance: f64,
}

/// When the source is due again.
pub fn next_run(source: &StoredSource, met: &Met, now: Time) -> Time {
    let every = TimeDelta::minutes(source.every_minutes.max(1).into());
    let wait = match met.problem {
        None if met.unfinished => GO_ON,
        None => every,
        // The owner has to do something first; looking once a day shows when they have.
        Some(ProblemKind::Blocked | ProblemKind::Auth | ProblemKind::NotFound | ProblemKind::Refused) => LATE,
        Some(_) => SOON * 2_i32.pow(source.failures.min(10)),
    };
    let asked = met.asked.and_then(|wait| TimeDelta::from_std(wait).ok()).unwrap_or_default();
    let wait = if met.problem.is_some() { wait.max(SOON).min(LATE.max(every)) } else { wait };
    // A twentieth more or less.
    let jitter = 0.95 + met.chance.clamp(0.0, 1.0) / 10.0;
    now + TimeDelta::milliseconds((wait.num_milliseconds() as f64 * jitter) as i64).max(asked)
}
