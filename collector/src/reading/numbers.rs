//! Numbers as people write them: decimal commas, thousands in groups, a count inside words. It knows no platform.

use std::borrow::Cow;

/// The same text with the digits of other scripts (Arabic, Persian, Devanagari, Thai, full width) as the usual ones.
pub fn usual_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(|c| digit(c).is_some()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| digit(c).unwrap_or(c)).collect())
}

fn digit(c: char) -> Option<char> {
    let zero = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{966}'..='\u{96f}' => 0x966,
        '\u{e50}'..='\u{e59}' => 0xe50,
        '\u{ff10}'..='\u{ff19}' => 0xff10,
        // The Arabic decimal sign and separator of thousands.
        '\u{66b}' => return Some('.'),
        '\u{66c}' => return Some(','),
        _ => return None,
    };
    char::from_digit(u32::from(c) - zero, 10)
}

/// Between a rating and its scale: "4 out of 5".
const OF: [&str; 12] =
    [" out of ", " of ", " von ", " sur ", " de ", " di ", " su ", " van ", " av ", " af ", " z ", " из "];
/// Between a scale and the rating on it: "5つ星のうち4".
const ON: [&str; 5] = ["のうち", "만점에", "üzerinden", "में से", "tähdestä"];

/// A rating that says its own scale ("4 of 5", "4/5", "80 %", "4 von 5"): the value, and the scale's end where it is said.
pub fn of_scale(text: &str) -> Option<(f64, Option<f64>)> {
    // Most are a number and nothing else.
    if let Some(number) = text.trim().parse::<f64>().ok().filter(|number| number.is_finite()) {
        return Some((number, None));
    }
    if let Some(drawn) = drawn(text) {
        return Some(drawn);
    }
    let lower = usual_digits(text.trim()).to_lowercase();
    if let Some((value, scale)) = lower.split_once('/') {
        return Some((decimal(value)?, decimal(scale)));
    }
    let of = OF.iter().find_map(|mark| lower.split_once(mark));
    let on = || ON.iter().find_map(|mark| lower.split_once(mark)).map(|(scale, value)| (value, scale));
    let both = of.or_else(on).and_then(|(value, scale)| Some((decimal(value)?, decimal(scale)?)));
    match both.filter(|(value, scale)| value <= scale) {
        Some((value, scale)) => Some((value, Some(scale))),
        None => Some((decimal(&lower)?, lower.ends_with('%').then_some(100.0))),
    }
}

/// A rating drawn in stars without figures: "★★★★☆", and its scale where hollow ones show it. Figures beside them are more exact.
pub fn drawn(text: &str) -> Option<(f64, Option<f64>)> {
    let count = |stars: &[char]| text.chars().filter(|c| stars.contains(c)).count();
    let (full, hollow) = (count(&['★', '⭐']), count(&['☆']));
    if text.contains(|c: char| c.is_ascii_digit() || digit(c).is_some_and(|d| d.is_ascii_digit())) {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of stars")]
    let number = |count: usize| count as f64;
    (full > 0 || hollow > 1).then(|| (number(full), (hollow > 0).then(|| number(full + hollow))))
}

/// "5,1", "5.1", "5.0 out of 5", "4½", "★ 4": the first number, with a comma read as the decimal sign where it can be one.
pub fn decimal(text: &str) -> Option<f64> {
    let text = &*usual_digits(text.trim());
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let negative = text[..start].ends_with(['-', '−']);
    let rest = &text[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).unwrap_or(rest.len());
    let number = rest[..end].trim_end_matches(['.', ',']);
    let half = if rest[end..].starts_with('½') { 0.5 } else { 0.0 };
    let value: f64 = match (number.rfind('.'), number.rfind(',')) {
        (Some(dot), Some(comma)) if comma > dot => number.replace('.', "").replace(',', ".").parse().ok()?,
        (Some(_), Some(_)) => number.replace(',', "").parse().ok()?,
        (None, Some(_)) if number.matches(',').count() == 1 => number.replace(',', ".").parse().ok()?,
        (None, Some(_)) => number.replace(',', "").parse().ok()?,
        (Some(_), None) if number.matches('.').count() > 1 => number.replace('.', "").parse().ok()?,
        _ => number.parse().ok()?,
    };
    let value = value + half;
    // Hundreds of digits are no number that anybody meant.
    Some(if negative { -value } else { value }).filter(|number| number.is_finite())
}

/// "4,828", "19.924", "1 234", "12": the first whole number, separators of thousands taken out.
pub fn whole(text: &str) -> Option<i64> {
    let text = &*usual_digits(text);
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let mut digits = String::new();
    let mut chars = text[start..].chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '0'..='9' => digits.push(c),
            ',' | '.' | '\'' | '’' | '\u{a0}' | '\u{202f}' | ' ' => {
                // A separator of thousands stands before exactly three digits.
                let next: String = chars.clone().take_while(char::is_ascii_digit).collect();
                if next.len() != 3 {
                    break;
                }
            }
            _ => break,
        }
    }
    digits.parse().ok()
}

/// "2.2K", "1,5 Mio.", "3M" and plain numbers: a count that a page has shortened.
pub fn shortened(text: &str) -> Option<i64> {
    let lower = text.trim().to_lowercase();
    let factor = match lower
        .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}'))
    {
        s if s.starts_with('k')
            || s.starts_with("tsd")
            || s.starts_with("mil ")
            || s == "mil"
            || s.starts_with("тыс") =>
        {
            1e3
        }
        s if s.starts_with('m') || s.starts_with("млн") => 1e6,
        _ => return whole(text),
    };
    #[expect(clippy::cast_possible_truncation, reason = "counts of likes are far below 2^53")]
    decimal(&lower).map(|n| (n * factor).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_too_large_to_be_held_is_none() {
        assert_eq!(decimal(&"9".repeat(400)), None);
        assert_eq!(decimal("-4,5 of 5"), Some(-4.5));
    }
}
