//! What a text is about: themes with the sentiment of their clause, the grievance in it, and how bad it is. It works from the
//! word lists' finds and the sentiment's evidence; it knows no customer and no business.

use goodword_shared::{Intent, Label, Sentiment, Theme};

use super::{lexicon::Reading, lists::THEMES, second, terms::Found, verdict::COMPLAINT};

/// For each theme of the second tier: log-odds that the text is about it; negative, middle, positive if it is.
pub type Judged = [(f32, [f32; 3]); second::THEMES.len()];

/// A theme that is named but less likely than this (log-odds) is refused; chosen on texts kept back from training.
const REFUSED_BELOW: f32 = -1.5;
/// A theme that no word names but that is likelier than this is added.
const ADDED_ABOVE: f32 = 0.5;

/// What is said about a theme at one place: probabilities of negative, middle, positive.
pub type Said = [f32; 3];

/// Themes named in the text, with what is said of each where it is named; `said` judges the surroundings of tokens `from..to`.
/// `whole` is lent to a theme of a short, one-sided text whose surroundings say nothing. `judged` is what the second tier makes of
/// the themes it knows, where the text is of the sort it learned them from: it refuses what a word named in passing, and adds what no
/// word of the lists names.
pub fn themes(
    reading: &Reading,
    found: &[Found<u8>],
    whole: &Sentiment,
    judged: Option<&Judged>,
    mut said: impl FnMut(usize, usize) -> Said,
) -> Vec<Theme> {
    let mut sums = [(0u32, [0f32; 3], false, false); THEMES.len()];
    for f in found {
        let p = said(f.from, f.to);
        let sum = &mut sums[f.means as usize];
        sum.0 += 1;
        for (sum, p) in sum.1.iter_mut().zip(p) {
            *sum += p.max(0.02).ln();
        }
        sum.2 |= p[0] > 0.6;
        sum.3 |= p[2] > 0.6;
    }
    let mut themes: Vec<Theme> = Vec::new();
    for (name, (log_odds, sides)) in second::THEMES.iter().zip(judged.into_iter().flatten()) {
        let Some(number) = THEMES.iter().position(|t| t == name) else { continue };
        if sums[number].0 > 0 && *log_odds < REFUSED_BELOW {
            sums[number].0 = 0;
        } else if sums[number].0 == 0 && *log_odds > ADDED_ABOVE {
            let sentiment = match *sides {
                [n, m, p] if n > m && n > p => Label::Negative,
                [_, m, p] if p > m => Label::Positive,
                _ => Label::Neutral,
            };
            let confidence = rounded(1.0 / (1.0 + (-f64::from(*log_odds)).exp()));
            themes.push(Theme { theme: (*name).into(), sentiment, confidence });
        }
    }
    for (number, (count, logs, blamed, praised)) in sums.into_iter().enumerate().filter(|(_, s)| s.0 > 0) {
        let sentiment = match logs {
            _ if blamed && praised => Label::Mixed,
            [n, m, p] if n > m && n > p => Label::Negative,
            [_, m, p] if p > m => Label::Positive,
            // A bare name in a short text that judges: the judgement is of it.
            _ if reading.clauses.len() <= 2 && reading.words < 12 && whole.confidence > 0.8 => whole.label,
            _ => Label::Neutral,
        };
        let confidence = 0.6 + 0.1 * f64::from(count.min(3));
        themes.push(Theme { theme: THEMES[number].into(), sentiment, confidence: rounded(confidence) });
    }
    themes.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    themes
}

/// What speaks for a complaint in a post: 1, the learned weights' log-odds, the phrases' weight, blame over praise.
pub fn grievance(
    reading: &Reading,
    found: &[Found<(u8, f32)>],
    learned: f32,
    leaning: f32,
) -> [f32; COMPLAINT] {
    let phrases: f32 = found.iter().filter(|f| f.means.0 == 0).map(|f| f.means.1).sum();
    [
        1.0,
        learned,
        phrases.min(6.0),
        leaning.clamp(-6.0, 6.0),
        (reading.blame - reading.praise).clamp(-4.0, 4.0),
    ]
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
            "safety" => 0.7,
            "legal" => 0.6,
            "refund" | "leaving" => 0.3,
            "complaint" => 0.2,
            _ => 0.0,
        };
        calm *= 1.0 - part * intent.confidence * (0.45 + 0.55 * negative);
    }
    rounded((1.0 - calm).clamp(0.0, 1.0))
}

/// Four places say all that is known.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
