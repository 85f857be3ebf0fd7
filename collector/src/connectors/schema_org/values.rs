//! Values of schema.org's properties as authors write them: a word or a list or an object around it, and ratings on any scale.

use goodword_shared::Rating;
use serde_json::Value;

use crate::reading::{json::Pick, numbers};

/// The first of a list, or the value itself.
pub fn first(value: &Value) -> &Value {
    value.as_array().and_then(|l| l.first()).unwrap_or(value)
}

/// Of several ratings the one of the whole, not of an aspect.
pub fn overall(ratings: &Value) -> &Value {
    let Some(list) = ratings.as_array() else { return ratings };
    list.iter().find(|rating| !rating.has("reviewAspect")).or_else(|| list.first()).unwrap_or(ratings)
}

/// A property as text: a string, a number, the first of a list, or the value of an object that only wraps one.
pub fn word(item: &Value, key: &str) -> Option<String> {
    let value = first(item.at(key)?);
    match value {
        Value::String(s) => Some(s.trim().to_owned()).filter(|s| !s.is_empty()),
        Value::Number(n) => Some(n.to_string()),
        Value::Object(_) => ["@value", "name", "@id", "value"].iter().find_map(|k| value.id(k)),
        _ => None,
    }
}

/// A longer text: paragraphs that are marked up one by one belong together; of a cut text and the whole, the whole counts.
pub fn words(item: &Value, key: &str) -> Option<String> {
    let Some(Value::Array(list)) = item.at(key) else { return word(item, key) };
    let mut parts: Vec<&str> = Vec::new();
    for part in list.iter().filter_map(Value::as_str).map(str::trim).filter(|p| !p.is_empty()) {
        let start: String = part.chars().take(30).collect();
        match parts.iter_mut().find(|there| there.starts_with(start.as_str())) {
            Some(there) if there.len() < part.len() => *there = part,
            Some(_) => {}
            None => parts.push(part),
        }
    }
    if parts.is_empty() { word(item, key) } else { Some(parts.join("\n\n")) }
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
pub fn rating_of(value: &Value) -> Option<Rating> {
    let text = match value {
        Value::String(s) => s.clone(),
        Value::Number(n) => n.to_string(),
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
