//! The open formula of the recovery queue: severity × customer value × reach × time, each factor with its words.
//! The first three are fixed when a case opens; the last one runs with the clock and is worked out when the queue is read.

use goodword_shared::{Time, case::Factor};

/// How bad it is: 1 (mild) to 3. `why` is the first reason of the case.
pub fn severity_factor(severity: f64, why: Option<&str>) -> Factor {
    let severity = severity.clamp(0.0, 1.0);
    let degree = match severity {
        s if s >= 0.75 => "very severe",
        s if s >= 0.5 => "severe",
        s if s >= 0.25 => "moderate",
        _ => "mild",
    };
    let text = why.map_or_else(|| degree.to_owned(), |why| format!("{degree}: {why}"));
    Factor { name: "severity".into(), factor: round(1.0 + 2.0 * severity), text }
}

/// What the customer is worth: 1 (unknown, or the least) to 2 (the top tenth). `worth` is none for people who are not in the
/// owner's records and `Some(None)` for customers without a value; `tenths` are the nine bounds between tenths of all values.
pub fn value_factor(worth: Option<Option<f64>>, tenths: &[f64], currency: &str) -> Factor {
    let (factor, text) = match worth {
        None => (1.0, "not in your records".to_owned()),
        Some(None) => (1.2, "a customer of yours, value not known".to_owned()),
        Some(Some(value)) => {
            let above = tenths.iter().filter(|bound| value >= **bound).count();
            let place = match above {
                _ if tenths.is_empty() => "",
                9 => ", in the top tenth",
                7 | 8 => ", in the top third",
                5 | 6 => ", in the upper half",
                _ => ", in the lower half",
            };
            let share = if tenths.is_empty() { 0.2 } else { above as f64 / tenths.len() as f64 };
            (1.0 + share, format!("customer worth {currency}{}{place}", thousands(value.max(0.0) as u64)))
        }
    };
    Factor { name: "value".into(), factor: round(factor), text }
}

/// How many may be reading: 1 (unknown or nobody) to 2 (a million).
pub fn reach_factor(reach: Option<u64>) -> Factor {
    let (factor, text) = match reach {
        None => (1.0, "reach not known".to_owned()),
        Some(0) => (1.0, "nobody has reacted yet".to_owned()),
        Some(n) => (
            1.0 + ((n as f64 + 1.0).log10() / 6.0).min(1.0),
            match n {
                1 => "at least 1 person has seen it".to_owned(),
                n => format!("about {} people may be reading it", thousands(n)),
            },
        ),
    };
    Factor { name: "reach".into(), factor: round(factor), text }
}

/// The time left on the promise: 1 when the mention appears, 2 when the promise runs out, at most 3 once it is overdue by as
/// much again. Whoever has been answered no longer waits: 1.
pub fn time_factor(now: Time, waiting_since: Time, due_at: Time, first_contact_at: Option<Time>) -> Factor {
    let (factor, text) = if first_contact_at.is_some() {
        (1.0, "answered".to_owned())
    } else {
        let promise = (due_at - waiting_since).num_milliseconds().max(1) as f64;
        let passed = (now - waiting_since).num_milliseconds() as f64 / promise;
        let words = if now <= due_at {
            format!("{} left on the promise", duration(due_at - now))
        } else {
            format!("overdue by {}", duration(now - due_at))
        };
        (1.0 + passed.clamp(0.0, 2.0), words)
    };
    Factor { name: "time".into(), factor: round(factor), text }
}

/// The product of factors.
pub fn product(factors: &[Factor]) -> f64 {
    factors.iter().map(|f| f.factor).product()
}

/// A length of time in words, in its largest unit: "40 minutes", "3 hours", "2 days".
pub fn duration(length: chrono::TimeDelta) -> String {
    let minutes = length.num_minutes().max(0);
    let (n, unit) = match minutes {
        m if m < 90 => (m, "minute"),
        m if m < 36 * 60 => ((m + 30) / 60, "hour"),
        m => ((m + 720) / 1440, "day"),
    };
    if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}

/// A count with separators: 12,345.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn round(factor: f64) -> f64 {
    (factor * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn time_presses_until_somebody_answers() {
        let (since, due) = (at("2026-05-01T12:00:00Z"), at("2026-05-02T12:00:00Z"));
        let factor = |now| time_factor(at(now), since, due, None);
        assert_eq!(factor("2026-05-01T12:00:00Z").factor, 1.0);
        assert_eq!(factor("2026-05-02T00:00:00Z").text, "12 hours left on the promise");
        assert_eq!(factor("2026-05-02T00:00:00Z").factor, 1.5);
        assert_eq!(factor("2026-05-04T12:00:00Z").text, "overdue by 2 days");
        assert_eq!(factor("2026-07-01T12:00:00Z").factor, 3.0);
        assert_eq!(time_factor(at("2026-07-01T12:00:00Z"), since, due, Some(due)).factor, 1.0);
    }

    #[test]
    fn value_ranks_among_the_owners_customers() {
        let tenths: Vec<f64> = (1..10).map(|n| f64::from(n) * 100.0).collect();
        let top = value_factor(Some(Some(1240.0)), &tenths, "€");
        assert_eq!((top.factor, top.text.as_str()), (2.0, "customer worth €1,240, in the top tenth"));
        assert_eq!(value_factor(Some(Some(50.0)), &tenths, "€").factor, 1.0);
        assert!(value_factor(None, &tenths, "€").factor < value_factor(Some(None), &tenths, "€").factor);
    }

    #[test]
    fn reach_grows_with_its_logarithm() {
        assert_eq!(reach_factor(None).factor, 1.0);
        assert_eq!(reach_factor(Some(999_999)).factor, 2.0);
        assert_eq!(reach_factor(Some(12_000)).text, "about 12,000 people may be reading it");
    }
}
