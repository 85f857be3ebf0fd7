//! Values of schema.org's properties as authors write them: a word or a list or an object around it, and ratings on any scale.

use std::borrow::Cow;

use goodword_shared::Rating;

use crate::reading::{item::Item, numbers};

/// The first of a list, or the value itself.
pub fn first<'i, 't>(value: &'i Item<'t>) -> &'i Item<'t> {
    value.as_list().first().unwrap_or(value)
}

/// Of several ratings the one of the whole, not of an aspect.
pub fn overall<'i, 't>(ratings: &'i Item<'t>) -> &'i Item<'t> {
    let Item::List(list) = ratings else { return ratings };
    list.iter().find(|rating| !rating.has("reviewAspect")).or_else(|| list.first()).unwrap_or(ratings)
}

/// A property as text, trimmed: a string, a number, the first of a list, or the value of an object that only wraps one.
pub fn word<'i>(item: &'i Item<'_>, key: &str) -> Option<Cow<'i, str>> {
    let value = first(item.at(key)?);
    match value {
        Item::Object(_) => ["@value", "name", "@id", "value"].iter().find_map(|k| bare(value.at(k)?)),
        _ => bare(value),
    }
}

/// A string, trimmed, or a number as text.
fn bare<'i>(value: &'i Item<'_>) -> Option<Cow<'i, str>> {
    match value {
        Item::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(Cow::Borrowed),
        Item::Number(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}

/// A longer text: paragraphs that are marked up one by one belong together; of a cut text and the whole, the whole counts.
pub fn words<'i>(item: &'i Item<'_>, key: &str) -> Option<Cow<'i, str>> {
    let Some(Item::List(list)) = item.at(key) else { return word(item, key) };
    let mut parts: Vec<&str> = Vec::new();
    for part in list.iter().filter_map(Item::as_text).map(str::trim).filter(|p| !p.is_empty()) {
        let start: String = part.chars().take(30).collect();
        match parts.iter_mut().find(|there| there.starts_with(start.as_str())) {
            Some(there) if there.len() < part.len() => *there = part,
            Some(_) => {}
            None => parts.push(part),
        }
    }
    if parts.is_empty() { word(item, key) } else { Some(Cow::Owned(parts.join("\n\n"))) }
}

/// The scale that a value without one is on: five stars, unless it is beyond.
pub fn scale(value: f64) -> f64 {
    match value {
        v if v <= 5.0 => 5.0,
        v if v <= 10.0 => 10.0,
        _ => 100.0,
    }
}

/// A rating with its scale. None where there is none, or none that is possible on its own scale.
pub fn rating_of(value: &Item<'_>) -> Option<Rating> {
    let text = match value {
        Item::Text(text) => Cow::Borrowed(&**text),
        Item::Number(number) => Cow::Owned(number.to_string()),
        _ => ["ratingValue", "value"].iter().find_map(|k| word(value, k))?,
    };
    let stated =
        ["bestRating", "best"].iter().find_map(|k| word(value, k)).and_then(|b| numbers::decimal(&b));
    let worst =
        ["worstRating", "worst"].iter().find_map(|k| word(value, k)).and_then(|w| numbers::decimal(&w));
    // "4/5", "4 out of 5" and "80 %" carry their scale with them.
    let (number, within) = numbers::of_scale(&text)?;
    let best = stated.or(within).filter(|b| *b > 0.0).unwrap_or_else(|| scale(number));
    // No rating is absent, never zero, unless the scale begins there.
    if number < worst.unwrap_or(f64::MIN_POSITIVE) || number > best * 1.001 || !number.is_finite() {
        return None;
    }
    let worst = worst.unwrap_or(if best > 10.0 { 0.0 } else { 1.0 });
    Some(Rating { value: number, best, worst: Some(worst) })
}
