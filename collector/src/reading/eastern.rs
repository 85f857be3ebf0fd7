//! Dates whose parts are named by words or signs beside the figures: Chinese, Japanese, Korean, Vietnamese, and the dotted ones of
//! Korea and Hungary. It knows no platform.

use goodword_shared::mention::Precision;

use super::dates::{Dated, day};

/// Where a Japanese era begins: its first year less one.
const ERAS: [(&str, i32); 3] = [("令和", 2018), ("平成", 1988), ("昭和", 1925)];

/// Reads such a date.
pub fn parse(text: &str) -> Option<Dated> {
    signed(text).or_else(|| vietnamese(text)).or_else(|| dotted(text))
}

/// `2018年6月5日`, `2018년 6월 5일`, `令和6年5月1日`.
fn signed(text: &str) -> Option<Dated> {
    let (year, rest) = text.split_once(['年', '년'])?;
    let (month, rest) = rest.split_once(['月', '월'])?;
    let digits = |s: &str| -> Option<u32> {
        let tail: String =
            s.chars().rev().take_while(char::is_ascii_digit).collect::<String>().chars().rev().collect();
        tail.parse().ok()
    };
    let date: String = rest.trim().chars().take_while(char::is_ascii_digit).collect();
    let era = ERAS.iter().find(|(name, _)| year.contains(name)).map_or(0, |(_, before)| *before);
    let year = i32::try_from(digits(year.trim())?).ok()?.checked_add(era)?;
    if !(1900..2999).contains(&year) {
        return None;
    }
    day(year, digits(month.trim())?, date.parse().ok()?).map(|t| (t, Precision::Day))
}

/// `ngày 5 tháng 6 năm 2018`, `5 tháng 6, 2018`.
fn vietnamese(text: &str) -> Option<Dated> {
    let (before, after) = text.split_once("tháng").or_else(|| text.split_once("Tháng"))?;
    let figures = |text: &str| -> Vec<u32> {
        text.split(|c: char| !c.is_ascii_digit()).filter_map(|figure| figure.parse().ok()).collect()
    };
    let (before, after) = (figures(before), figures(after));
    let year = i32::try_from(*after.get(1)?).ok().filter(|year| *year > 1900)?;
    match before.last() {
        Some(date) => day(year, after[0], *date).map(|t| (t, Precision::Day)),
        None => day(year, after[0], 1).map(|t| (t, Precision::Month)),
    }
}

/// `2018. 6. 5.`
fn dotted(text: &str) -> Option<Dated> {
    let mut parts = text.trim_end_matches('.').split(". ").map(|part| part.trim().parse::<u32>());
    let (year, month, date) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let year = i32::try_from(year).ok().filter(|year| (1900..3000).contains(year))?;
    parts.next().is_none().then(|| day(year, month, date)).flatten().map(|t| (t, Precision::Day))
}
