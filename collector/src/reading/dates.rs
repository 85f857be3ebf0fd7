//! Dates as platforms and people write them, in a dozen languages, to an instant and how exact it is. What could mean two
//! days is unknown rather than guessed. No clock. It knows no platform.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use goodword_shared::{Time, mention::Precision};

use super::{eastern, months::month_of, numbers};

/// An instant and how exact it is.
pub type Dated = (Time, Precision);

/// Seconds since 1970; negative and far-off values are no dates.
pub fn seconds(unix: i64) -> Option<Time> {
    (0..=32_503_680_000).contains(&unix).then(|| DateTime::from_timestamp(unix, 0)).flatten()
}

/// Milliseconds since 1970.
pub fn milliseconds(unix: i64) -> Option<Time> {
    (0..=32_503_680_000_000).contains(&unix).then(|| DateTime::from_timestamp_millis(unix)).flatten()
}

/// In what order an all-numbers date (`03/04/2024`) is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Day, month, year.
    DayFirst,
    /// Month, day, year.
    MonthFirst,
    /// Not known: only dates that can be read one way are read.
    Unknown,
}

/// The order of all-numbers dates, as the lines that leave no doubt show it.
pub fn order_of<'c>(dates: impl Iterator<Item = &'c str>) -> Order {
    let (mut day, mut month) = (0u32, 0u32);
    for text in dates {
        let mut parts = text.split(['/', '-', '.']).map(|p| p.trim().parse::<u32>());
        if let (Some(Ok(first)), Some(Ok(second))) = (parts.next(), parts.next()) {
            day += u32::from((13..=31).contains(&first) && second <= 12);
            month += u32::from((13..=31).contains(&second) && first <= 12);
        }
    }
    match (day, month) {
        (0, 0) => Order::Unknown,
        (d, m) if d > m => Order::DayFirst,
        _ => Order::MonthFirst,
    }
}

/// Reads a date in any form known here.
pub fn parse(text: &str) -> Option<Dated> {
    parse_ordered(text, Order::Unknown)
}

/// Only the instant of [`parse`].
pub fn instant(text: &str) -> Option<Time> {
    parse(text).map(|(t, _)| t)
}

/// Reads a date in any form known here, all-numbers ones in the given order.
pub fn parse_ordered(text: &str, order: Order) -> Option<Dated> {
    let text = text.trim();
    if text.is_empty() || text.len() > 120 {
        return None;
    }
    let text = &*numbers::usual_digits(text);
    counted(text)
        .or_else(|| iso(text))
        .or_else(|| eastern::parse(text))
        .or_else(|| numeric(text, order))
        .or_else(|| in_words(text))
        .or_else(|| introduced(text))
}

/// `on 2024-05-01`, `Dated: 2024-05-01`: a few words before figures that tell the whole date.
fn introduced(text: &str) -> Option<Dated> {
    let start = text.find(|c: char| c.is_ascii_digit()).filter(|at| (1..40).contains(at))?;
    iso(&text[start..]).filter(|(_, precision)| matches!(precision, Precision::Day | Precision::Second))
}

/// `1714557600`, `1714557600000`: seconds or milliseconds since 1970, from this century.
fn counted(text: &str) -> Option<Dated> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = text.parse().ok()?;
    let time = match text.len() {
        10 if number >= 946_684_800 => seconds(number),
        13 if number >= 946_684_800_000 => milliseconds(number),
        _ => None,
    };
    time.map(|t| (t, Precision::Second))
}

/// `2024-05-01T10:00:00.123+02:00` with every part after the year optional; `20240501T100000Z`; `2024/05/01 10:00`.
fn iso(text: &str) -> Option<Dated> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<u32> {
        let part = text.get(from..to)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten()
    };
    let year = i32::try_from(number(0, 4)?).ok()?;
    if !(1900..=2999).contains(&year) {
        return None;
    }
    if bytes.len() == 4 {
        return day(year, 1, 1).map(|t| (t, Precision::Year));
    }
    let (month, mut at) = match bytes[4] {
        b'-' | b'/' | b'.' => {
            (number(5, 7).or_else(|| number(5, 6))?, if number(5, 7).is_some() { 7 } else { 6 })
        }
        b if b.is_ascii_digit() => (number(4, 6)?, 6),
        _ => return None,
    };
    if at == bytes.len() {
        return (bytes[4] == b'-').then(|| day(year, month, 1)).flatten().map(|t| (t, Precision::Month));
    }
    if matches!(bytes[at], b'-' | b'/' | b'.') {
        at += 1;
    }
    let two = number(at, at + 2);
    let (date, width) = match two {
        Some(d) => (d, 2),
        None => (number(at, at + 1)?, 1),
    };
    at += width;
    let midnight = day(year, month, date)?;
    let rest = text.get(at..)?.trim_start_matches(['T', 't', ' ', ',', '_']);
    // A day in some zone, as XML writes it, is that day.
    if rest.is_empty() || rest == "Z" || is_offset(rest) {
        return Some((midnight, Precision::Day));
    }
    let (time, rest) = clock(rest)?;
    at_zone(midnight.date_naive(), time, rest)
}

/// `+02:00`, `-0530`.
fn is_offset(text: &str) -> bool {
    let Some(figures) = text.strip_prefix(['+', '-']) else { return false };
    let (hours, minutes) = figures.split_at(figures.floor_char_boundary(2));
    let two = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    two(hours) && two(minutes.strip_prefix(':').unwrap_or(minutes))
}

/// `10:00`, `10:00:05.25`, `100000`, `10:00 PM` → the time and what follows it.
fn clock(text: &str) -> Option<(NaiveTime, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (mut hour, minute, second, mut rest);
    if digits == 6 || digits == 4 {
        (hour, minute) = (text[0..2].parse::<u32>().ok()?, text[2..4].parse::<u32>().ok()?);
        second = if digits == 6 { text[4..6].parse::<u32>().ok()? } else { 0 };
        rest = &text[digits..];
    } else {
        hour = text.get(..digits)?.parse::<u32>().ok()?;
        let after = text[digits..].strip_prefix([':', '.', 'h'])?;
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        minute = after.get(..digits)?.parse::<u32>().ok()?;
        rest = &after[digits..];
        second = match rest.strip_prefix(':') {
            Some(after) => {
                let digits = after.bytes().take_while(u8::is_ascii_digit).count();
                rest = &after[digits..];
                after[..digits].parse::<u32>().ok()?
            }
            None => 0,
        };
    }
    let mut nanos = 0;
    if let Some(after) = rest.strip_prefix(['.', ',']) {
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let nine: String = after[..digits].chars().chain("000000000".chars()).take(9).collect();
            nanos = nine.parse().ok()?;
            rest = &after[digits..];
        }
    }
    let trimmed = rest.trim_start();
    // "10:00 PM", "10:00 p.m.", "10:00 p. m."
    let lower = trimmed.get(..trimmed.floor_char_boundary(5)).unwrap_or_default().to_ascii_lowercase();
    let half = ["p. m.", "a. m.", "p.m.", "a.m.", "pm", "am"].into_iter().find(|h| lower.starts_with(h));
    if let Some(half) = half.filter(|_| hour <= 12) {
        hour = hour % 12 + if half.starts_with('p') { 12 } else { 0 };
        rest = &trimmed[half.len()..];
    }
    Some((NaiveTime::from_hms_nano_opt(hour, minute, second.min(59), nanos)?, rest))
}

/// The instant of a local date and time, with the zone that the rest of the text names. No zone: UTC.
fn at_zone(date: NaiveDate, time: NaiveTime, rest: &str) -> Option<Dated> {
    let local = date.and_time(time);
    let offset = zone(rest).unwrap_or(0);
    Some((Utc.from_utc_datetime(&(local - TimeDelta::minutes(offset))), Precision::Second))
}

/// Minutes east of Greenwich.
fn zone(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches("UTC").trim_start_matches("GMT").trim();
    if let Some(sign @ (b'+' | b'-')) = text.bytes().next() {
        let digits: String =
            text[1..].chars().take_while(|c| c.is_ascii_digit() || *c == ':').filter(|c| *c != ':').collect();
        let minutes = match digits.len() {
            1 | 2 => digits.parse::<i64>().ok()? * 60,
            3 | 4 => {
                let n = digits.parse::<i64>().ok()?;
                n / 100 * 60 + n % 100
            }
            _ => return None,
        };
        FixedOffset::east_opt(i32::try_from(minutes * 60).ok()?)?;
        return Some(if sign == b'-' { -minutes } else { minutes });
    }
    let name: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    ZONES.iter().find(|(n, _)| n.eq_ignore_ascii_case(&name)).map(|(_, m)| *m)
}

const ZONES: [(&str, i64); 36] = [
    ("Z", 0),
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("CEST", 120),
    ("MEZ", 60),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("JST", 540),
    ("AEST", 600),
    ("AEDT", 660),
    ("AWST", 480),
    ("NZST", 720),
    ("NZDT", 780),
    ("MESZ", 120),
    ("SAST", 120),
    ("IST", 330),
    ("SGT", 480),
    ("HKT", 480),
    ("KST", 540),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
];

/// `25.12.2024`, `12/25/2024 10:30`, `25-12-24`.
fn numeric(text: &str, order: Order) -> Option<Dated> {
    let mut parts = [0u32; 3];
    let mut rest = text;
    let mut separator = ' ';
    for (i, part) in parts.iter_mut().enumerate() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 4 || (i < 2 && digits > 2) {
            return None;
        }
        *part = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        if i < 2 {
            let mut chars = rest.chars();
            let found = chars.next()?;
            if !matches!(found, '.' | '/' | '-') || (i == 1 && found != separator) {
                return None;
            }
            separator = found;
            rest = chars.as_str().trim_start();
        }
    }
    let year = i32::try_from(if parts[2] < 100 { 2000 + parts[2] } else { parts[2] }).ok()?;
    let (first, second) = (parts[0], parts[1]);
    let (date, month) = match (separator, order) {
        ('.', _) | (_, Order::DayFirst) if second <= 12 => (first, second),
        (_, Order::MonthFirst) if first <= 12 => (second, first),
        _ if first > 12 => (first, second),
        _ if second > 12 => (second, first),
        _ if first == second => (first, second),
        _ => return None,
    };
    let midnight = day(year, month, date)?;
    let rest = rest.trim_start_matches([',', ' ', 'T']);
    match clock(rest) {
        Some((time, zone)) => at_zone(midnight.date_naive(), time, zone),
        None => Some((midnight, Precision::Day)),
    }
}

/// `Tue, 05 Jun 2018 10:00:00 GMT`, `June 5, 2018`, `25 de agosto de 2017`, `June 2018`: a month in words, with what stands around it.
fn in_words(text: &str) -> Option<Dated> {
    let (mut month, mut date, mut year) = (None, None, None);
    let mut time = None;
    let mut zone_text = "";
    let mut month_after_day = false;
    let mut rest = text;
    while let Some(start) =
        rest.find(|c: char| c.is_alphanumeric() || (matches!(c, '+' | '-') && time.is_some()))
    {
        rest = &rest[start..];
        let first = rest.chars().next()?;
        if first.is_ascii_digit() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let after = &rest[digits..];
            let clocklike = after.starts_with(':')
                || after.strip_prefix('h').is_some_and(|m| m.starts_with(|c: char| c.is_ascii_digit()))
                || (after.starts_with('.')
                    && date.is_some()
                    && year.is_some()
                    && after[1..].starts_with(|c: char| c.is_ascii_digit()));
            if digits <= 2 && clocklike && time.is_none() {
                let (found, after) = clock(rest)?;
                time = Some(found);
                zone_text = after;
                rest = after;
                continue;
            }
            let value: u32 = rest[..digits].parse().ok()?;
            match digits {
                4 if year.is_none() => year = i32::try_from(value).ok(),
                1 | 2 if date.is_none() && (1..=31).contains(&value) => date = Some(value),
                // Two-digit years come last, as in "05 Jun 18".
                2 if date.is_some() && year.is_none() => {
                    year = i32::try_from(if value < 70 { 2000 + value } else { 1900 + value }).ok()
                }
                _ => {}
            }
            // "5th", "1er", "2ª"
            rest = after.trim_start_matches(|c: char| c.is_alphabetic() || c == 'ª' || c == 'º');
        } else if matches!(first, '+' | '-') {
            // A zone's figures are no year.
            rest = rest[1..].trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
        } else {
            let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
            // A short weekday may look like a month ("mar. 5 juin"): the word next to the day counts.
            let found = month_of(&rest[..end]);
            if month.is_none() || (found.is_some() && date.is_some() && !month_after_day) {
                month = found.or(month);
                month_after_day = month.is_some() && date.is_some();
            }
            rest = &rest[end..];
        }
    }
    let (month, year) = (month?, year?);
    let Some(date) = date else { return day(year, month, 1).map(|t| (t, Precision::Month)) };
    let midnight = day(year, month, date)?;
    match time {
        Some(time) => at_zone(midnight.date_naive(), time, zone_text.trim().trim_matches(['(', ')'])),
        None => Some((midnight, Precision::Day)),
    }
}

/// Midnight of a day; Buddhist years (2567 is 2024) as the usual ones.
pub(super) fn day(year: i32, month: u32, date: u32) -> Option<Time> {
    let year = if (2443..2643).contains(&year) { year - 543 } else { year };
    let date = NaiveDate::from_ymd_opt(year, month, date)?;
    Some(Utc.from_utc_datetime(&date.and_time(NaiveTime::MIN)))
}
