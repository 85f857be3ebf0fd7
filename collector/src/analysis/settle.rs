//! Brings an analysis in order after one of its answers was changed: what the sentiment says of severity, of themes that shared it,
//! of a complaint or praise that stood on it. It knows neither who changed it nor why.

use goodword_shared::{Analysis, Intent, Label, Sentiment};

use super::verdict::SURE;

/// Smaller changes of confidence and score than this are none.
const NOTHING: f64 = 0.1;

/// Four places say all that is known.
pub(super) fn rounded(p: f32) -> f64 {
    (f64::from(p) * 1e4).round() / 1e4
}

/// Gives the sentiment a new label with probabilities of the four, in their order.
pub(super) fn sentiment(analysis: &mut Analysis, label: Label, p: [f32; 4]) {
    let before = analysis.sentiment;
    let confidence = match label {
        Label::Negative => p[0],
        Label::Positive => p[2],
        Label::Neutral | Label::Mixed => p[1] + p[3],
    };
    let confidence = rounded(confidence);
    // Stars and words that contradict each other stay for the owner's eye.
    let contradiction = before.label == Label::Mixed && before.uncertain && label == Label::Mixed;
    analysis.sentiment = Sentiment {
        label,
        score: rounded(p[2] - p[0]).clamp(-1.0, 1.0),
        confidence,
        uncertain: contradiction || confidence < SURE,
    };
    follow(analysis, before);
}

/// Lets the rest follow the sentiment, which was `before`.
pub fn follow(analysis: &mut Analysis, before: Sentiment) {
    let now = analysis.sentiment;
    let blame = |s: Sentiment| ((1.0 - s.score) / 2.0).clamp(0.0, 1.0).powi(2);
    let (was, is) = (blame(before), blame(now));
    let severity = if is < was {
        analysis.severity * is / was
    } else {
        analysis.severity + (1.0 - analysis.severity) * 0.35 * (is - was)
    };
    analysis.severity = (severity.clamp(0.0, 1.0) * 1e4).round() / 1e4;
    if now.label == before.label {
        return;
    }
    let turned = matches!(
        (before.label, now.label),
        (Label::Negative, Label::Positive) | (Label::Positive, Label::Negative)
    );
    for theme in analysis.themes.iter_mut().filter(|theme| turned && theme.sentiment == before.label) {
        theme.sentiment = now.label;
    }
    let fallen = match now.label {
        Label::Positive => "complaint",
        Label::Negative => "praise",
        Label::Neutral | Label::Mixed => return,
    };
    analysis.intents.retain(|intent| intent.intent != fallen);
}

/// Sets how sure an intent is; it is listed where it is likelier than not.
pub(super) fn intent(analysis: &mut Analysis, name: &str, p: f32) {
    let confidence = rounded(p);
    let names = analysis.intents.iter().find(|i| i.intent == name).and_then(|i| i.names.clone());
    analysis.intents.retain(|i| i.intent != name);
    if confidence >= 0.5 {
        analysis.intents.push(Intent { intent: name.into(), confidence, names });
        analysis.intents.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    }
}

/// Whether a reader would notice the difference.
pub fn differs(before: &Analysis, now: &Analysis) -> bool {
    let (a, b) = (before.sentiment, now.sentiment);
    let names = |analysis: &Analysis| {
        let mut names: Vec<String> = analysis.themes.iter().map(|t| t.theme.clone()).collect();
        names.extend(analysis.intents.iter().map(|i| format!("?{}", i.intent)));
        names.sort_unstable();
        names
    };
    a.label != b.label
        || a.uncertain != b.uncertain
        || (a.confidence - b.confidence).abs() > NOTHING
        || (a.score - b.score).abs() > 2.0 * NOTHING
        || names(before) != names(now)
}
