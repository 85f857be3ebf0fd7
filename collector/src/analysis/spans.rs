//! Why: the stretches of the text that decided, in characters of the text as it was given, with their weight.

use goodword_shared::{
    Intent,
    analysis::{Span, SpanOf},
};

use super::{lexicon::Reading, lists::INTENTS, terms::Found, tokens::Tokens};

/// Intents that speak against us; their spans weigh below nought.
const AGAINST: [&str; 5] = ["complaint", "refund", "leaving", "safety", "legal"];

/// More than this is no explanation.
const MOST: usize = 40;

/// Spans of opinion words, themes and believed intents; where no word list knows an opinion, of the words that weigh most in the
/// learned weights (`learned`: token and log-odds). `before` is how many characters stand before the text (a heading);
/// what lies in the heading has no place in the text and is left out.
pub fn collect(
    tokens: &Tokens,
    reading: &Reading,
    themes: &[Found<u8>],
    wanted: &[Found<(u8, f32)>],
    intents: &[Intent],
    before: usize,
    learned: &[(usize, f32)],
) -> Vec<Span> {
    let place = |from: usize, to: usize| {
        let first = tokens.list().get(from)?.start as usize;
        let last = tokens.list().get(to.checked_sub(1)?)?.end as usize;
        (first >= before && last > first).then(|| (first - before, last - before))
    };
    let mut spans = Vec::new();
    let mut add = |from, to, weight: f64, of| {
        if let Some((start, end)) = place(from, to) {
            let weight = (weight.clamp(-1.0, 1.0) * 1e3).round() / 1e3;
            spans.push(Span { start, end, weight, of });
        }
    };
    for hit in &reading.hits {
        add(hit.from, hit.to, f64::from(hit.value) / 4.0, SpanOf::Sentiment);
    }
    if reading.hits.is_empty() {
        for (token, log_odds) in learned {
            add(*token, token + 1, f64::from(*log_odds) / 2.0, SpanOf::Sentiment);
        }
    }
    for theme in themes {
        add(theme.from, theme.to, 0.5, SpanOf::Theme);
    }
    for want in wanted {
        if let Some(believed) = intents.iter().find(|i| i.intent == INTENTS[want.means.0 as usize]) {
            let sign = if AGAINST.contains(&believed.intent.as_str()) { -1.0 } else { 1.0 };
            add(want.from, want.to, sign * believed.confidence, SpanOf::Intent);
        }
    }
    if spans.len() > MOST {
        spans.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        spans.truncate(MOST);
    }
    spans.sort_by_key(|s| (s.start, s.end));
    spans
}
