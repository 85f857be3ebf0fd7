//! Numbers as people write them: decimal commas, thousands in groups, a count inside words. It knows no platform.

/// "5,1", "5.1", "5.0 out of 5", "4½", "★ 4": the first number, with a comma read as the decimal sign where it can be one.
pub fn decimal(text: &str) -> Option<f64> {
    let text = text.trim();
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
    Some(if negative { -value } else { value })
}

/// "4,828", "19.924", "1 234", "12": the first whole number, separators of thousands taken out.
pub fn whole(text: &str) -> Option<i64> {
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
