//! How a source fares, in a word and a sentence. Silence is measured against the source's own rhythm. Pure: facts and the
//! time are arguments.

use chrono::TimeDelta;
use goodword_shared::{Time, source::HealthState};

use crate::{
    pipeline::priority::{duration, thousands},
    store::{Rhythm, StoredSource},
};

/// Days of the past that make a source's rhythm.
pub const RHYTHM_DAYS: i64 = 180;
/// Fewer mentions than these make no rhythm.
const RHYTHM_MENTIONS: u64 = 5;
/// A silence so unlikely by the rhythm is worth a word.
const UNLIKELY: f64 = 0.01;

/// The state and the sentence. `remark` is what the last run had to say of single items.
pub fn health(
    source: &StoredSource,
    rhythm: &Rhythm,
    remark: Option<&str>,
    now: Time,
) -> (HealthState, String) {
    if source.next_run.is_none() && source.last_run.is_none() && !source.paused {
        return (HealthState::Fine, format!("Imported: {} mentions.", thousands(source.stored)));
    }
    let (state, mut text) = state(source, rhythm, now);
    if matches!(state, HealthState::Fine | HealthState::Quiet)
        && let Some(total) = source.platform_total
        && total > source.stored
    {
        text.push_str(&format!(
            " The platform says {}, we hold {}.",
            thousands(total),
            thousands(source.stored)
        ));
    }
    if let Some(remark) = remark {
        text.push(' ');
        text.push_str(remark);
    }
    (state, text)
}

fn state(source: &StoredSource, rhythm: &Rhythm, now: Time) -> (HealthState, String) {
    if source.paused {
        return (HealthState::Paused, "Paused by you.".into());
    }
    if let Some(problem) = &source.problem {
        let since = match source.last_success {
            Some(at) => format!("Last read {} ago", duration(now - at)),
            None => "Never read".to_owned(),
        };
        let again = source.next_run.filter(|at| *at > now).map_or_else(
            || "it is being tried again".to_owned(),
            |at| format!("it is tried again in {}", duration(at - now)),
        );
        return (HealthState::Failing, format!("{} {since}; {again}.", problem.detail));
    }
    if !source.first_run_done {
        let text = match source.stored {
            0 => "The first run is under way.".to_owned(),
            n => format!("Reading its history: {} mentions so far.", thousands(n)),
        };
        return (HealthState::New, text);
    }
    silence(rhythm, now)
}

/// Mentions come by chance at a mean rate; the chance of nothing for so long is e^(−rate × time).
fn silence(rhythm: &Rhythm, now: Time) -> (HealthState, String) {
    let (Some(first), Some(last)) = (rhythm.first, rhythm.last) else {
        return (HealthState::Fine, "It answers; nobody has written in the last half year.".into());
    };
    let quiet = now - last;
    let said = if quiet < TimeDelta::days(1) {
        "New today".to_owned()
    } else {
        format!("Quiet for {}", duration(quiet))
    };
    let days = ((last - first).num_hours() as f64 / 24.0).max(1.0);
    if rhythm.mentions < RHYTHM_MENTIONS {
        return (HealthState::Fine, format!("{said}; too few so far to know its rhythm."));
    }
    let rate = (rhythm.mentions - 1) as f64 / days;
    let usual = usual(rate);
    if (-rate * quiet.num_hours() as f64 / 24.0).exp() < UNLIKELY && quiet > TimeDelta::days(1) {
        (HealthState::Quiet, format!("{said}, usually {usual}. Look whether the page has changed."))
    } else if quiet < TimeDelta::days(1) {
        (HealthState::Fine, format!("{said}; usually {usual}."))
    } else {
        (HealthState::Fine, format!("{said}, as usual ({usual})."))
    }
}

fn usual(rate_a_day: f64) -> String {
    let round = |n: f64| if n < 10.0 { format!("{:.0}", n.max(1.0)) } else { thousands(n.round() as u64) };
    match rate_a_day {
        r if r >= 1.0 => format!("{} a day", round(r)),
        r if r * 7.0 >= 1.0 => format!("{} a week", round(r * 7.0)),
        r => format!("{} a month", round(r * 30.0)),
    }
}

/// Whether nothing at all is suspicious: the answers of the last runs never held fewer than three mentions.
pub fn zero_is_a_fault(found_lately: &[u32]) -> bool {
    found_lately.len() >= 3 && found_lately.iter().all(|n| *n >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn silence_is_measured_by_the_sources_own_rhythm() {
        let now = at("2026-05-20T12:00:00Z");
        let rhythm = Rhythm {
            mentions: 60,
            first: Some(at("2026-02-01T12:00:00Z")),
            last: Some(at("2026-05-11T12:00:00Z")),
        };
        let (state, text) = silence(&rhythm, now);
        assert_eq!(state, HealthState::Quiet);
        assert!(text.starts_with("Quiet for 9 days, usually 4 a week."), "{text}");
        let (state, text) = silence(&Rhythm { mentions: 15, ..rhythm }, now);
        assert_eq!((state, text.as_str()), (HealthState::Fine, "Quiet for 9 days, as usual (4 a month)."));
    }

    #[test]
    fn zero_is_a_fault_only_where_there_always_were_many() {
        assert!(zero_is_a_fault(&[40, 41, 40]));
        assert!(!zero_is_a_fault(&[40, 0, 40]));
        assert!(!zero_is_a_fault(&[40, 41]));
    }
}
