//! What a text is about and what its author wants: themes with the sentiment of their clause, intents, severity. It works from the
//! word lists' finds and the sentiment's evidence; it knows no customer and no business.

use goodword_shared::{Intent, Label, Sentiment, Theme};

use super::{
    lexicon::{Clause, Reading},
    lists::{INTENTS, THEMES},
    terms::Found,
};

/// The clause that holds a token.
fn clause_of(reading: &Reading, token: usize) -> usize {
    reading.clauses.partition_point(|c| c.to <= token).min(reading.clauses.len().saturating_sub(1))
}

/// Praise and blame near tokens `from..to`: in its clause, and where that says nothing, in the clauses beside it of the same
/// sentence (a list: "nice staff, food, location").
fn around(reading: &Reading, from: usize) -> (f32, f32) {
    let at = clause_of(reading, from);
    let sides = |c: &Clause| (c.praise, c.blame);
    let Some(own) = reading.clauses.get(at) else { return (0.0, 0.0) };
    if own.praise + own.blame > 0.0 {
        // Two themes in one clause: what stands nearer counts more.
        let (mut praise, mut blame) = (0.0, 0.0);
        for hit in reading.hits.iter().filter(|h| h.from >= own.from && h.from < own.to) {
            let distance = hit.from.abs_diff(from) as f32;
            let share = hit.value * (1.0 / (1.0 + distance / 4.0));
            if share > 0.0 { praise += share } else { blame -= share }
        }
        return (praise, blame);
    }
    let next = reading.clauses.get(at + 1).filter(|c| !c.turned).map(sides);
    let before = at.checked_sub(1).and_then(|i| reading.clauses.get(i)).filter(|_| !own.turned).map(sides);
    [next, before]
        .into_iter()
        .flatten()
        .find(|(p, b)| p + b > 0.0)
        .map_or((0.0, 0.0), |(p, b)| (p * 0.6, b * 0.6))
}

/// Themes named in the text. `whole` is lent to a theme whose surroundings say nothing.
pub fn themes(reading: &Reading, found: &[Found<u8>], whole: &Sentiment) -> Vec<Theme> {
    let mut sums = [(0u32, 0f32, 0f32); THEMES.len()];
    for f in found {
        let (praise, blame) = around(reading, f.from);
        let sum = &mut sums[f.means as usize];
        *sum = (sum.0 + 1, sum.1 + praise, sum.2 + blame);
    }
    let mut themes: Vec<Theme> = Vec::new();
    for (number, (count, praise, blame)) in sums.into_iter().enumerate().filter(|(_, s)| s.0 > 0) {
        let total = praise + blame;
        let sentiment = if total < 0.4 {
            // Nothing near the theme judges it; a short, one-sided text judges everything in it.
            if reading.clauses.len() <= 2 && whole.confidence > 0.7 { whole.label } else { Label::Neutral }
        } else if praise.min(blame) / total > 0.3 {
            Label::Mixed
        } else if praise > blame {
            Label::Positive
        } else {
            Label::Negative
        };
        let confidence = 0.6 + 0.1 * f64::from(count.min(3)) + if total > 0.4 { 0.05 } else { 0.0 };
        themes.push(Theme { theme: THEMES[number].into(), sentiment, confidence: rounded(confidence) });
    }
    themes.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    themes
}

/// Intents believed. A phrase under a negation ("would not recommend") does not count for what it says.
pub fn intents(
    reading: &Reading,
    found: &[Found<(u8, f32)>],
    sentiment: &Sentiment,
    post: bool,
) -> Vec<Intent> {
    let mut weights = [(0f32, 0f32); INTENTS.len()];
    for f in found {
        let (number, weight) = (f.means.0 as usize, f.means.1);
        let negated = reading.negated.get(f.from).copied().unwrap_or(false);
        if negated
            && matches!(
                INTENTS[number],
                "praise" | "recommendation" | "referral_offer" | "safety" | "question" | "leaving"
            )
        {
            if INTENTS[number] == "recommendation" {
                weights[0].0 = weights[0].0.max(1.6);
            }
            continue;
        }
        let slot = &mut weights[number];
        if weight > slot.0 {
            *slot = (weight, slot.1 + slot.0);
        } else {
            slot.1 += weight;
        }
    }
    let negative = ((1.0 - sentiment.score) / 2.0) as f32;
    let mut intents = Vec::new();
    for (number, (most, more)) in weights.into_iter().enumerate() {
        let words = most + 0.4 * more.min(6.0);
        let log_odds = match INTENTS[number] {
            // A complaint needs a grievance: blame in the words counts, praise counts against it.
            "complaint" => {
                let blame = reading.blame.min(8.0) * 0.12;
                -2.6 + words + blame + (negative - 0.5) * if post { 2.4 } else { 3.6 }
            }
            "praise" => -3.0 + words + (0.5 - negative) * 5.0,
            "question" => -2.4 + words + if reading.asks > 0 { 1.5 } else { -1.0 },
            "recommendation" | "referral_offer" => -2.4 + words + (0.5 - negative) * 2.0,
            "safety" | "legal" | "refund" | "leaving" => -2.6 + words + (negative - 0.5) * 2.0,
            _ => -2.4 + words,
        };
        let confidence = rounded(1.0 / (1.0 + (-f64::from(log_odds)).exp()));
        if confidence >= 0.5 && (most > 0.0 || matches!(INTENTS[number], "complaint" | "praise")) {
            intents.push(Intent { intent: INTENTS[number].into(), confidence });
        }
    }
    intents.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    intents
}

/// How bad it is, 0–1: each grave intent closes part of the gap to 1; a happy text is not severe whatever it mentions.
pub fn severity(reading: &Reading, sentiment: &Sentiment, intents: &[Intent]) -> f64 {
    let negative = ((1.0 - sentiment.score) / 2.0).clamp(0.0, 1.0);
    let worst = reading.hits.iter().map(|h| -h.value).fold(0f32, f32::max);
    let intensity = f64::from((worst / 5.0).min(1.0));
    let loud = if reading.shouts >= 2 || reading.exclaims >= 3 { 0.08 } else { 0.0 };
    let mut calm = 1.0 - 0.5 * negative.powi(2) * (0.5 + 0.5 * intensity) - loud * negative;
    for intent in intents {
        let part = match intent.intent.as_str() {
            "safety" => 0.6,
            "legal" => 0.5,
            "refund" | "leaving" => 0.3,
            "complaint" => 0.2,
            _ => 0.0,
        };
        calm *= 1.0 - part * intent.confidence * (0.3 + 0.7 * negative);
    }
    rounded((1.0 - calm).clamp(0.0, 1.0))
}

/// Four places say all that is known.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
