//! Numbers, spans of time and moments in words. Pure: the time is an argument, the words are in `words`.

use chrono::{Datelike, NaiveDate};
use goodword_shared::Rating;

use crate::words;

/// A moment as a wall clock and a calendar show it, in the owner's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub date: NaiveDate,
    /// 0–23.
    pub hour: u32,
    /// 0–59.
    pub minute: u32,
}

impl Moment {
    fn clock(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }
}

/// "today 18:20", "yesterday 18:20", "Tuesday 18:20", "3 March 18:20", "3 March 2025".
pub fn moment(then: Moment, now: Moment) -> String {
    let days = (now.date - then.date).num_days();
    let clock = then.clock();
    match days {
        0 => words::time::today(&clock),
        1 => words::time::yesterday(&clock),
        -1 => words::time::tomorrow(&clock),
        2..=6 => format!("{} {clock}", words::time::WEEKDAYS[weekday(then.date)]),
        _ if then.date.year() == now.date.year() => format!("{} {clock}", day_and_month(then.date)),
        _ => date(then.date),
    }
}

/// A day of which the time is not known: "today", "yesterday", "Tuesday", "3 March", "3 March 2025".
pub fn day(then: NaiveDate, now: NaiveDate) -> String {
    match (now - then).num_days() {
        0 => words::time::TODAY.to_owned(),
        1 => words::time::YESTERDAY.to_owned(),
        -1 => words::time::TOMORROW.to_owned(),
        2..=6 => words::time::WEEKDAYS[weekday(then)].to_owned(),
        _ if then.year() == now.year() => day_and_month(then),
        _ => date(then),
    }
}

/// "Tuesday, 3 March 2026".
pub fn exact_day(then: NaiveDate) -> String {
    format!("{}, {}", words::time::WEEKDAYS[weekday(then)], date(then))
}

/// "Tuesday, 3 March 2026, 18:20".
pub fn exact(then: Moment) -> String {
    format!("{}, {}", exact_day(then.date), then.clock())
}

/// "3 March 2026".
pub fn date(day: NaiveDate) -> String {
    format!("{} {}", day_and_month(day), day.year())
}

fn day_and_month(day: NaiveDate) -> String {
    format!("{} {}", day.day(), words::time::MONTHS[day.month0() as usize])
}

fn weekday(day: NaiveDate) -> usize {
    day.weekday().num_days_from_monday() as usize
}

/// A span of minutes, in its two largest parts at most: "3\u{a0}h 10\u{a0}min", "2 days", "now".
pub fn span(minutes: i64) -> String {
    let minutes = minutes.abs();
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, 0) => words::time::MOMENT.to_owned(),
        (0, 0, m) => words::time::minutes(m),
        (0, h, 0) => words::time::hours(h),
        (0, h, m) => format!("{} {}", words::time::hours(h), words::time::minutes(m)),
        (d, h, _) if d < 3 && h > 0 => format!("{} {}", words::time::days(d), words::time::hours(h)),
        (d, ..) => words::time::days(d),
    }
}

/// A whole number with thousands set apart: 12 400.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(words::THOUSANDS);
        }
        out.push(digit);
    }
    out
}

/// One decimal place, with none where it is zero: 4.2, 4.
pub fn decimal(x: f64) -> String {
    let text = format!("{x:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A share as a percentage: 0.923 is "92 %".
pub fn percent(share: f64) -> String {
    format!("{:.0}\u{a0}%", share * 100.0)
}

/// How sure a guess is, as a percentage: never all of it.
pub fn sureness(probability: f64) -> String {
    percent(probability.min(0.99))
}

/// An amount in the owner's currency, without cents: "€1,240".
pub fn money(amount: f64, currency: &str) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded and not negative")]
    let whole = amount.abs().round() as u64;
    let sign = if amount < 0.0 { "−" } else { "" };
    let gap = if currency.chars().count() > 1 { "\u{a0}" } else { "" };
    format!("{sign}{currency}{gap}{}", count(whole))
}

/// A rating on a scale of five, for drawing, 0–5; and its name for screen readers, on its own scale.
pub fn stars(rating: Rating) -> (f64, String) {
    (rating.share() * 5.0, words::stars(&decimal(rating.value), &decimal(rating.best)))
}

/// Up to two initials of a name, for the mark beside it.
pub fn initials(name: &str) -> String {
    let mut letters = name
        .split(|c: char| c.is_whitespace() || "._-".contains(c))
        .filter_map(|part| part.chars().find(|c| c.is_alphanumeric()));
    let first = letters.next();
    let last = letters.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// The name by which one would speak to somebody: the first word of two or more, else all of it.
pub fn first_name(name: &str) -> &str {
    let first = name.split_whitespace().next().unwrap_or(name);
    if first.chars().count() > 1 && !first.ends_with('.') { first } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(year: i32, month: u32, day: u32, hour: u32, minute: u32) -> Moment {
        Moment { date: NaiveDate::from_ymd_opt(year, month, day).expect("a date"), hour, minute }
    }

    #[test]
    fn moments_are_named_by_how_far_they_are() {
        let now = at(2026, 3, 4, 9, 30);
        assert_eq!(moment(at(2026, 3, 4, 8, 5), now), "today 08:05");
        assert_eq!(moment(at(2026, 3, 3, 18, 20), now), "yesterday 18:20");
        assert_eq!(moment(at(2026, 3, 5, 9, 0), now), "tomorrow 09:00");
        assert_eq!(moment(at(2026, 2, 27, 7, 0), now), "Friday 07:00");
        assert_eq!(moment(at(2026, 1, 2, 7, 0), now), "2 January 07:00");
        assert_eq!(moment(at(2025, 12, 31, 7, 0), now), "31 December 2025");
        assert_eq!(exact(at(2026, 3, 3, 18, 20)), "Tuesday, 3 March 2026, 18:20");
    }

    #[test]
    fn days_without_a_time_are_named_alike() {
        let now = at(2026, 3, 4, 9, 30).date;
        let named = |year, month, d| day(at(year, month, d, 0, 0).date, now);
        assert_eq!(
            [named(2026, 3, 4), named(2026, 3, 3), named(2026, 2, 27)],
            ["today", "yesterday", "Friday"]
        );
        assert_eq!([named(2026, 1, 2), named(2025, 12, 31)], ["2 January", "31 December 2025"]);
        assert_eq!(exact_day(at(2026, 3, 3, 0, 0).date), "Tuesday, 3 March 2026");
    }

    #[test]
    fn spans_name_their_two_largest_parts() {
        assert_eq!(span(0), "a moment");
        assert_eq!(span(59), "59\u{a0}min");
        assert_eq!(span(190), "3\u{a0}h 10\u{a0}min");
        assert_eq!(span(120), "2\u{a0}h");
        assert_eq!(span(1440), "1\u{a0}day");
        assert_eq!(span(1440 + 150), "1\u{a0}day 2\u{a0}h");
        assert_eq!(span(-5 * 1440 - 300), "5\u{a0}days");
    }

    #[test]
    fn numbers_are_set_for_reading() {
        assert_eq!(count(999), "999");
        assert_eq!(count(1_240_000), "1,240,000");
        assert_eq!((decimal(4.0), decimal(4.25)), ("4".into(), "4.2".into()));
        assert_eq!(percent(0.923), "92\u{a0}%");
        assert_eq!(money(1239.6, "€"), "€1,240");
        assert_eq!(money(-12.0, "CHF"), "−CHF\u{a0}12");
    }

    #[test]
    fn stars_are_drawn_of_five_and_named_on_their_own_scale() {
        let (drawn, name) = stars(Rating { value: 7.0, best: 10.0, worst: None });
        assert!((drawn - 3.5).abs() < 1e-9);
        assert_eq!(name, "7 of 10 stars");
    }

    #[test]
    fn initials_and_first_names_of_odd_names() {
        assert_eq!(initials("Ada Maria Kowalska"), "AK");
        assert_eq!(initials("soup_fan.77"), "S7");
        assert_eq!(initials("…"), "");
        assert_eq!(initials("élodie"), "É");
        assert_eq!(first_name("Ada Kowalska"), "Ada");
        assert_eq!(first_name("M. Ortega"), "M. Ortega");
        assert_eq!(first_name("soupfan"), "soupfan");
    }
}
