//! How a source fares, in a word and a sentence. Silence is measured against the source's own rhythm. Pure: facts and the
//! time are arguments.

use chrono::TimeDelta;
use goodword_shared::{Time, source::HealthState};

use super::rhythm::Rhythm;
use crate::{
    pipeline::priority::{duration, thousands},
    store::StoredSource,
};

/// A silence so unlikely by the rhythm is worth a word …
const UNUSUAL: f64 = 0.05;
/// … and such a one worth a look.
const UNLIKELY: f64 = 0.01;

/// The state and the sentence. `gone`: mentions that are there no more; `remark`: what the last run had to say of single items.
pub fn health(
    source: &StoredSource,
    rhythm: &Rhythm,
    gone: u64,
    remark: Option<&str>,
    now: Time,
) -> (HealthState, String) {
    if source.next_run.is_none() && source.last_run.is_none() && !source.paused {
        return (HealthState::Fine, format!("Imported: {} mentions.", thousands(source.stored)));
    }
    let (state, mut text) = state(source, rhythm, now);
    let held = source.stored.saturating_sub(gone);
    if matches!(state, HealthState::Fine | HealthState::Quiet)
        && let Some(total) = source.platform_total
        && total > held
    {
        text.push_str(&format!(" The platform says {}, we hold {}.", thousands(total), thousands(held)));
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
        let text = match (source.stored, source.platform_total) {
            (0, _) => "The first run is under way.".to_owned(),
            (n, Some(total)) if total > n => {
                format!("Reading its history: {} of {} so far.", thousands(n), thousands(total))
            }
            (n, _) => format!("Reading its history: {} mentions so far.", thousands(n)),
        };
        return (HealthState::New, text);
    }
    silence(rhythm, now)
}

/// How long it has been quiet, and how often so long a gap happens there.
fn silence(rhythm: &Rhythm, now: Time) -> (HealthState, String) {
    let Some(last) = rhythm.last else {
        return (HealthState::Fine, "It answers; nobody has written there yet.".into());
    };
    let quiet = now - last;
    let today = quiet < TimeDelta::days(1);
    let said = if today { "New today".to_owned() } else { format!("Quiet for {}", duration(quiet)) };
    if !rhythm.is_known() {
        return (HealthState::Fine, format!("{said}; too few so far to know its rhythm."));
    }
    let usual = usual(rhythm.a_day());
    let chance = chance_of_silence(rhythm, now);
    match chance {
        _ if today => (HealthState::Fine, format!("{said}; usually {usual}.")),
        p if p >= UNUSUAL => (HealthState::Fine, format!("{said}, as usual ({usual}).")),
        p if p >= UNLIKELY => (
            HealthState::Fine,
            format!("{said}, usually {usual}; so long a gap happens once in {} there.", once_in(p)),
        ),
        p => (
            HealthState::Quiet,
            format!(
                "{said}, usually {usual}; so long a gap happens once in {} there. Look whether the page has changed.",
                once_in(p)
            ),
        ),
    }
}

/// The chance, 0–1, of a silence as long as the present one, by the source's own rhythm; 1 where that is not known.
pub fn chance_of_silence(rhythm: &Rhythm, now: Time) -> f64 {
    match rhythm.last {
        Some(last) if rhythm.is_known() => rhythm.chance_of_gap((now - last).num_minutes() as f64 / 60.0),
        _ => 1.0,
    }
}

/// 0.0026 → "400": one figure, since more would be pretence.
fn once_in(chance: f64) -> String {
    let n = (1.0 / chance.max(1e-6)).min(1e6);
    let step = 10_f64.powf(n.log10().floor());
    thousands(((n / step).round() * step) as u64)
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
        let last = at("2026-05-11T12:00:00Z");
        let every = |hours: i64| {
            let times: Vec<Time> = (0..60).map(|n| last - TimeDelta::hours(n * hours)).collect();
            Rhythm::of(&times, 48.0)
        };
        let (state, text) = silence(&every(42), at("2026-05-20T12:00:00Z"));
        assert_eq!(state, HealthState::Quiet);
        assert!(
            text.starts_with("Quiet for 9 days, usually 4 a week; so long a gap happens once in "),
            "{text}"
        );
        let (state, text) = silence(&every(180), at("2026-05-20T12:00:00Z"));
        assert_eq!((state, text.as_str()), (HealthState::Fine, "Quiet for 9 days, as usual (4 a month)."));
        let (state, text) = silence(&every(42), at("2026-05-11T15:00:00Z"));
        assert_eq!((state, text.as_str()), (HealthState::Fine, "New today; usually 4 a week."));
        assert_eq!((once_in(0.0026).as_str(), once_in(0.011).as_str()), ("400", "90"));
    }

    #[test]
    fn zero_is_a_fault_only_where_there_always_were_many() {
        assert!(zero_is_a_fault(&[40, 41, 40]));
        assert!(!zero_is_a_fault(&[40, 0, 40]));
        assert!(!zero_is_a_fault(&[40, 41]));
    }
}
