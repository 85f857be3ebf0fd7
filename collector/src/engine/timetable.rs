//! When a source is due again: by how often something comes there, later after failures, as the server asked where it did, and
//! not in the hours that the owner ruled out. Pure: what the run met, the time and the chance are arguments.

use std::time::Duration;

use chrono::{LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use goodword_shared::{ProblemKind, Time, problem::FieldError, source::QuietHours};

use super::rhythm::Rhythm;
use crate::store::StoredSource;

/// Least pause after a failure, and between two runs that adapt.
const SOON: TimeDelta = TimeDelta::minutes(5);
/// Longest pause after failures, and between two runs that adapt.
const LATE: TimeDelta = TimeDelta::hours(24);
/// Pause before a back-fill goes on.
const GO_ON: TimeDelta = TimeDelta::seconds(20);
/// First pause of a host that failed; it doubles.
const HOST_PAUSE: TimeDelta = TimeDelta::seconds(60);
/// Longest pause of a host that failed.
const LONGEST_HOST_PAUSE: TimeDelta = TimeDelta::minutes(30);
/// How much quicker than its connector's ordinary rhythm a lively source is read, at most.
const QUICKER: i32 = 2;
/// How much slower a quiet one.
const SLOWER: i32 = 4;
/// How many new mentions are wanted of a check, on average.
const WANTED: f64 = 0.5;

/// What a run met.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Met {
    /// What went wrong.
    pub problem: Option<ProblemKind>,
    /// The server wants to be left alone for so long.
    pub asked: Option<Duration>,
    /// Today's allowance is used until then.
    pub rests_until: Option<Time>,
    /// Pages are left.
    pub unfinished: bool,
    /// Something new was there.
    pub lively: bool,
    /// 0–1, so that sources do not march in step.
    pub chance: f64,
}

/// When the source is due again.
pub fn next_run(source: &StoredSource, rhythm: &Rhythm, met: &Met, now: Time) -> Time {
    if let Some(until) = met.rests_until {
        // A few minutes into the new day, and not all of them at once.
        return allowed(source, until + TimeDelta::seconds((met.chance * 300.0) as i64));
    }
    let every = interval(source, rhythm, met.lively);
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
    let wait = TimeDelta::milliseconds((wait.num_milliseconds() as f64 * jitter) as i64);
    allowed(source, now + wait.max(asked))
}

/// Time between two runs: the owner's own; else by how often something comes, within what the connector finds polite.
pub fn interval(source: &StoredSource, rhythm: &Rhythm, lively: bool) -> TimeDelta {
    let base = TimeDelta::minutes(source.every_minutes.max(1).into());
    if !source.adaptive {
        return base;
    }
    let quickest = (base / QUICKER).max(SOON.min(base));
    let slowest = (base * SLOWER).min(LATE.max(base));
    if lively {
        return quickest;
    }
    if !rhythm.is_known() {
        return base;
    }
    let minutes = WANTED / rhythm.a_day() * 24.0 * 60.0;
    TimeDelta::seconds((minutes * 60.0).clamp(0.0, 1e8) as i64).clamp(quickest, slowest)
}

/// The pause of a host or an account after so many failures in a row, or as it asked.
pub fn pause(failures: u32, asked: Option<Duration>, chance: f64) -> TimeDelta {
    let doubled = (HOST_PAUSE * 2_i32.pow(failures.saturating_sub(1).min(8))).min(LONGEST_HOST_PAUSE);
    let jittered = TimeDelta::milliseconds(
        (doubled.num_milliseconds() as f64 * (0.9 + chance.clamp(0.0, 1.0) / 5.0)) as i64,
    );
    asked.and_then(|wait| TimeDelta::from_std(wait).ok()).map_or(jittered, |asked| asked.max(jittered))
}

/// That moment, or the end of the hours in which the source is not to be read.
fn allowed(source: &StoredSource, at: Time) -> Time {
    let Some((from, to, zone)) = source.not_between.as_ref().and_then(|hours| parsed(hours).ok()) else {
        return at;
    };
    if from == to {
        return at;
    }
    let local = at.with_timezone(&zone);
    let (day, time) = (local.date_naive(), local.time());
    let end = if from < to {
        (from <= time && time < to).then_some(day)
    } else if time >= from {
        day.succ_opt()
    } else {
        (time < to).then_some(day)
    };
    end.map_or(at, |day| instant(zone, day, to).max(at))
}

/// That hour of that day; where clocks are put forward over it, the next one that there is.
fn instant(zone: Tz, day: NaiveDate, time: NaiveTime) -> Time {
    let mut local = day.and_time(time);
    for _ in 0..4 {
        match zone.from_local_datetime(&local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => return at.to_utc(),
            LocalResult::None => local += TimeDelta::hours(1),
        }
    }
    local.and_utc()
}

fn parsed(hours: &QuietHours) -> Result<(NaiveTime, NaiveTime, Tz), FieldError> {
    let fault = |detail: &str| FieldError { field: "not_between".into(), detail: detail.into() };
    let time = |text: &str| {
        NaiveTime::parse_from_str(text.trim(), "%H:%M").map_err(|_| fault("Write hours as 22:00 and 06:30."))
    };
    let zone = hours
        .zone
        .trim()
        .parse()
        .map_err(|_| fault("Write the time zone as Europe/Berlin, America/New_York or UTC."))?;
    Ok((time(&hours.from)?, time(&hours.to)?, zone))
}

/// What is wrong with hours, if anything.
pub fn hours_fault(hours: &QuietHours) -> Option<FieldError> {
    parsed(hours).err()
}

/// Whether they rule nothing out.
pub fn is_always(hours: &QuietHours) -> bool {
    parsed(hours).is_ok_and(|(from, to, _)| from == to)
}

/// The day of a place and the moment of its end.
pub fn day_there(zone: &str, now: Time) -> (String, Time) {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let day = now.with_timezone(&zone).date_naive();
    let end = instant(zone, day.succ_opt().unwrap_or(day), NaiveTime::MIN);
    (day.format("%Y-%m-%d").to_string(), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    fn source(every_minutes: u32) -> StoredSource {
        StoredSource { every_minutes, ..StoredSource::new(at("2026-01-01T00:00:00Z")) }
    }

    fn speaking(hours: i64) -> Rhythm {
        let times: Vec<Time> =
            (0..40).map(|n| at("2026-05-01T12:00:00Z") - TimeDelta::hours(hours * n)).collect();
        Rhythm::of(&times, 48.0)
    }

    #[test]
    fn the_interval_follows_how_often_something_comes_within_bounds() {
        let minutes = |rhythm: &Rhythm, lively| interval(&source(60), rhythm, lively).num_minutes();
        assert_eq!(minutes(&speaking(1000), false), 240, "a quiet one four times as seldom");
        let busy: Vec<Time> =
            (0..40).map(|n| at("2026-05-01T12:00:00Z") - TimeDelta::minutes(9 * n)).collect();
        assert_eq!(minutes(&Rhythm::of(&busy, 48.0), false), 30, "a busy one twice as often, no more");
        let between = minutes(&speaking(4), false);
        assert!((100..=150).contains(&between), "{between}: about half a mention a check");
        assert_eq!(minutes(&speaking(1000), true), 30, "something is going on");
        assert_eq!(minutes(&Rhythm::of(&[], 48.0), false), 60, "nothing is known yet");
        let own = StoredSource { adaptive: false, ..source(60) };
        assert_eq!(interval(&own, &speaking(1), true).num_minutes(), 60, "the owner's own stands");
        assert_eq!(interval(&source(2), &speaking(1), true).num_minutes(), 2);
        assert_eq!(interval(&source(1440 * 3), &speaking(1000), false).num_days(), 3);
    }

    #[test]
    fn failures_wait_longer_and_servers_are_heard() {
        let now = at("2026-05-01T12:00:00Z");
        let wait = |failures, problem, asked| {
            let source = StoredSource { failures, ..source(60) };
            let asked = Some(Duration::from_secs(asked));
            let met = Met { problem: Some(problem), asked, chance: 0.5, ..Met::default() };
            (next_run(&source, &speaking(24), &met, now) - now).num_minutes()
        };
        assert_eq!(wait(0, ProblemKind::Unreachable, 0), 5);
        assert_eq!(wait(3, ProblemKind::Unreachable, 0), 40);
        assert_eq!(wait(30, ProblemKind::Unreachable, 0), 24 * 60);
        assert_eq!(wait(0, ProblemKind::RateLimited, 7200), 120);
        assert_eq!(wait(0, ProblemKind::Auth, 0), 24 * 60);
        assert_eq!(pause(1, None, 0.5).num_seconds(), 60);
        assert_eq!(pause(40, None, 0.5).num_minutes(), 30);
        assert_eq!(pause(1, Some(Duration::from_secs(900)), 0.5).num_minutes(), 15);
    }

    #[test]
    fn hours_that_are_ruled_out_are_the_owners_local_ones() {
        let hours = |from: &str, to: &str, zone: &str| {
            Some(QuietHours { from: from.into(), to: to.into(), zone: zone.into() })
        };
        let after = |hours: &Option<QuietHours>, text: &str| {
            allowed(&StoredSource { not_between: hours.clone(), ..source(60) }, at(text)).to_rfc3339()
        };
        let night = hours("22:00", "06:30", "Europe/Berlin");
        assert_eq!(after(&night, "2026-07-01T21:00:00Z"), "2026-07-02T04:30:00+00:00", "23:00 there");
        assert_eq!(after(&night, "2026-07-02T02:00:00Z"), "2026-07-02T04:30:00+00:00");
        assert_eq!(after(&night, "2026-07-02T04:30:00Z"), "2026-07-02T04:30:00+00:00", "the end is allowed");
        assert_eq!(after(&night, "2026-01-01T20:30:00Z"), "2026-01-01T20:30:00+00:00", "21:30 in winter");
        // Clocks go forward from 02:00 to 03:00: half past two does not exist.
        let gap = hours("01:00", "02:30", "Europe/Berlin");
        assert_eq!(after(&gap, "2026-03-29T00:30:00Z"), "2026-03-29T01:30:00+00:00");
        assert_eq!(
            after(&hours("12:00", "12:00", "UTC"), "2026-03-29T12:00:00Z"),
            "2026-03-29T12:00:00+00:00"
        );
        assert!(hours_fault(&hours("9", "10:00", "UTC").expect("some")).is_some());
        assert!(hours_fault(&hours("09:00", "10:00", "Berlin").expect("some")).is_some());
        assert!(is_always(&hours("09:00", "09:00", "UTC").expect("some")));
    }

    #[test]
    fn a_day_ends_at_midnight_where_the_platform_is() {
        let (day, end) = day_there("America/Los_Angeles", at("2026-07-01T05:00:00Z"));
        assert_eq!((day.as_str(), end.to_rfc3339().as_str()), ("2026-06-30", "2026-07-01T07:00:00+00:00"));
        let (day, end) = day_there("UTC", at("2026-07-01T05:00:00Z"));
        assert_eq!((day.as_str(), end.to_rfc3339().as_str()), ("2026-07-01", "2026-07-02T00:00:00+00:00"));
    }
}
