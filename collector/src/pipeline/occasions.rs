//! Days worth a word to a customer: birthday, the day of their first order, the day since which they are one, the day on which
//! they were won back. Pure; what day it is is an argument.

use chrono::{Datelike, NaiveDate};
use goodword_shared::{
    case::{CaseCard, Outcome},
    customer::{CustomerFacts, Occasion, OrderLine},
};

/// Days ahead that are told.
const AHEAD: i64 = 45;

/// The occasions from `today` on, the nearest first. A first order is told of only where `orders` are all of
/// them.
pub fn occasions(
    facts: &CustomerFacts,
    orders: &[OrderLine],
    all: bool,
    cases: &[CaseCard],
    today: NaiveDate,
) -> Vec<Occasion> {
    let mut found = Vec::new();
    let mut add = |what: &str, year: Option<i32>, month: u32, day: u32| {
        let Some(on) = next(month, day, today) else { return };
        let years = year.and_then(|year| u32::try_from(on.year() - year).ok());
        // The day itself is no anniversary of it.
        if years != Some(0) && (on - today).num_days() <= AHEAD {
            found.push(Occasion { what: what.to_owned(), on: on.to_string(), years });
        }
    };
    if let Some((year, month, day)) = facts.birthday.as_deref().and_then(birthday) {
        add("birthday", year, month, day);
    }
    let day_of = |at: goodword_shared::Time| at.date_naive();
    let first = orders.iter().filter_map(|order| order.date).map(day_of).min().filter(|_| all);
    if let Some(day) = first {
        add("first_order", Some(day.year()), day.month(), day.day());
    }
    if let Some(day) = facts.since.map(day_of).filter(|day| first.is_none_or(|first| first != *day)) {
        add("since", Some(day.year()), day.month(), day.day());
    }
    let won = |case: &&CaseCard| matches!(case.outcome, Some(Outcome::WonBack | Outcome::RatingRaised));
    if let Some(day) = cases.iter().filter(won).filter_map(|case| case.closed_at).map(day_of).max() {
        add("won_back", Some(day.year()), day.month(), day.day());
    }
    found.sort_by(|a, b| a.on.cmp(&b.on));
    found
}

/// Year, month and day of `YYYY-MM-DD` or `--MM-DD`; none where it is no day.
pub fn birthday(text: &str) -> Option<(Option<i32>, u32, u32)> {
    if let Some(rest) = text.strip_prefix("--") {
        // A leap year, so that 29 February is a day.
        let day = NaiveDate::parse_from_str(&format!("2000-{rest}"), "%Y-%m-%d").ok()?;
        return Some((None, day.month(), day.day()));
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| day.year() >= 1850)?;
    Some((Some(day.year()), day.month(), day.day()))
}

/// The next such day, today included; 29 February is kept on 1 March where there is none.
fn next(month: u32, day: u32, today: NaiveDate) -> Option<NaiveDate> {
    let in_year =
        |year: i32| NaiveDate::from_ymd_opt(year, month, day).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1));
    in_year(today.year()).filter(|on| *on >= today).or_else(|| in_year(today.year() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn told(facts: &CustomerFacts, today: &str) -> Vec<(String, String, Option<u32>)> {
        let found = occasions(facts, &[], true, &[], day(today));
        found.into_iter().map(|o| (o.what, o.on, o.years)).collect()
    }

    #[test]
    fn birthdays_come_round_with_and_without_a_year() {
        let facts =
            |birthday: &str| CustomerFacts { birthday: Some(birthday.into()), ..CustomerFacts::default() };
        let birthday = |on: &str, years| vec![("birthday".to_owned(), on.to_owned(), years)];
        assert_eq!(told(&facts("1980-01-02"), "2026-12-20"), birthday("2027-01-02", Some(47)));
        assert_eq!(told(&facts("--12-20"), "2026-12-20"), birthday("2026-12-20", None));
        assert_eq!(told(&facts("--02-29"), "2027-02-10"), birthday("2027-03-01", None));
        assert_eq!(told(&facts("1980-06-02"), "2026-12-20"), []);
        assert_eq!(told(&facts("soon"), "2026-12-20"), []);
    }

    #[test]
    fn the_first_day_is_no_anniversary() {
        let facts = CustomerFacts {
            since: Some("2026-03-03T10:00:00Z".parse().expect("a moment")),
            ..CustomerFacts::default()
        };
        assert_eq!(told(&facts, "2026-03-03"), []);
        assert_eq!(told(&facts, "2027-03-01"), [("since".to_owned(), "2027-03-03".to_owned(), Some(1))]);
    }
}
