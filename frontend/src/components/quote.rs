//! What somebody said, with the words that decided marked. The text came from outside: it is cut into pieces of text
//! and never becomes markup.

use goodword_shared::{
    Label,
    analysis::{Span, SpanOf},
    api::doubts::Stretch,
    case,
};
use yew::prelude::*;

use super::{Button, Kind};
use crate::words;

/// What a marked stretch speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// Praise.
    Kind,
    /// Blame, or a wish or threat that counts against us.
    Unkind,
    /// It only names what it is about.
    Topic,
}

impl Mark {
    fn of(span: &Span) -> Self {
        match span.of {
            SpanOf::Theme => Mark::Topic,
            SpanOf::Sentiment | SpanOf::Intent if span.weight < 0.0 => Mark::Unkind,
            SpanOf::Sentiment => Mark::Kind,
            SpanOf::Intent => Mark::Topic,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Mark::Kind => "gw-mark gw-mark--kind",
            Mark::Unkind => "gw-mark gw-mark--unkind",
            Mark::Topic => "gw-mark gw-mark--topic",
        }
    }
}

/// Cuts a text into stretches that are marked alike. Spans are in characters; those that reach beyond the text are
/// cut; where two overlap, what was felt wins over what was wanted and that over what it was about, then the heavier.
fn pieces(text: &str, spans: &[Span]) -> Vec<(String, Option<Mark>)> {
    let mut marks: Vec<(f64, Option<Mark>)> = vec![(0.0, None); text.chars().count()];
    for span in spans {
        let rank = match span.of {
            SpanOf::Theme => 1.0,
            SpanOf::Intent => 3.0,
            SpanOf::Sentiment => 5.0,
        };
        let weight = rank + span.weight.abs();
        let end = span.end.min(marks.len());
        for mark in marks.get_mut(span.start..end).unwrap_or_default() {
            if weight > mark.0 {
                *mark = (weight, Some(Mark::of(span)));
            }
        }
    }
    let mut out: Vec<(String, Option<Mark>)> = Vec::new();
    for (c, (_, mark)) in text.chars().zip(marks) {
        match out.last_mut() {
            Some((piece, last)) if *last == mark => piece.push(c),
            _ => out.push((c.to_string(), mark)),
        }
    }
    out
}

/// The stretch of at most about `most` characters that holds the heaviest words, cut between words, with its spans
/// moved along. None where the whole text is not longer than that.
fn excerpt(text: &str, spans: &[Span], most: usize) -> Option<(String, Vec<Span>)> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= most + most / 4 {
        return None;
    }
    let weight = |from: usize| -> f64 {
        let inside = |s: &&Span| s.of != SpanOf::Theme && s.start >= from && s.end <= from + most;
        spans.iter().filter(inside).map(|s| s.weight.abs()).sum()
    };
    let mut start = 0;
    for span in spans {
        let candidate = sentence_start(&chars, span.start.min(chars.len()), most / 3);
        if weight(candidate) > weight(start) + 1e-9 {
            start = candidate;
        }
    }
    let mut end = (start + most).min(chars.len());
    if end < chars.len() {
        end = chars[start..end].iter().rposition(|c| c.is_whitespace()).map_or(end, |at| start + at);
    }
    let mut out = String::new();
    let lead = if start > 0 { 2 } else { 0 };
    if start > 0 {
        out.push_str("… ");
    }
    out.extend(&chars[start..end]);
    if end < chars.len() {
        out.push_str(" …");
    }
    let moved = spans.iter().filter(|s| s.end > start && s.start < end).map(|s| Span {
        start: s.start.max(start) - start + lead,
        end: s.end.min(end) - start + lead,
        ..*s
    });
    Some((out, moved.collect()))
}

/// Where the sentence around `at` begins, or a word at most `back` characters before it.
fn sentence_start(chars: &[char], at: usize, back: usize) -> usize {
    let floor = at.saturating_sub(back);
    let mut start = at;
    let mut word = at;
    while start > floor {
        if chars[start - 1].is_whitespace() {
            word = start;
            if start >= 2 && ".!?\n".contains(chars[start - 2]) {
                return start;
            }
        }
        start -= 1;
    }
    if start == 0 { 0 } else { word }
}

/// Whether a stretch speaks for the verdict. Where both were said, both do.
fn decides(span: &Span, label: Label) -> bool {
    match (Mark::of(span), label) {
        (_, _) if span.of == SpanOf::Theme => false,
        (Mark::Kind, Label::Negative) | (Mark::Unkind, Label::Positive) => false,
        _ => true,
    }
}

/// A stretch that says the same as a record weighs as much as any other.
fn alike(stretch: &Stretch) -> Span {
    Span { start: stretch.start, end: stretch.end, weight: 1.0, of: SpanOf::Sentiment }
}

#[derive(Clone, PartialEq, Properties)]
pub struct QuoteProps {
    /// What was said.
    pub quote: case::Quote,
    /// About how many characters are shown at first; all where not said.
    #[prop_or_default]
    pub most: Option<usize>,
    /// Mark these stretches instead, where they say the same as somebody's record.
    #[prop_or_default]
    pub same: Option<Vec<Stretch>>,
    /// Mark only what speaks for the verdict, not also what it is about and what speaks against.
    #[prop_or_default]
    pub deciding: bool,
}

/// A quote.
#[component]
pub fn Quote(props: &QuoteProps) -> Html {
    let open = use_state_eq(|| false);
    let quote = &props.quote;
    let label = quote.analysis.sentiment.label;
    let spans: Vec<Span> = match &props.same {
        Some(same) => same.iter().map(alike).collect(),
        None => {
            let spans = quote.analysis.spans.iter();
            spans.filter(|span| !props.deciding || decides(span, label)).copied().collect()
        }
    };
    let short = props.most.and_then(|most| excerpt(&quote.text, &spans, most));
    let (text, spans) = match &short {
        Some((text, spans)) if !*open => (text.as_str(), spans.as_slice()),
        _ => (quote.text.as_str(), spans.as_slice()),
    };
    let toggle = {
        let (set, now) = (open.setter(), *open);
        Callback::from(move |()| set.set(!now))
    };
    html! {
        <blockquote class="gw-quote" data-testid="quote" lang={quote.analysis.language.clone()} cite={quote.url.clone()}>
            if let Some(title) = &quote.title {
                <p class="gw-quote__title" dir="auto">{ title }</p>
            }
            if text.is_empty() {
                <p class="gw-quiet">{ quote.withheld_days.map_or_else(|| words::NO_WORDS.to_owned(), words::withheld) }</p>
            } else {
                <p class="gw-quote__text" dir="auto">
                    { for pieces(text, spans).into_iter().map(|(piece, mark)| match mark {
                        Some(mark) => html!(<mark class={if props.same.is_some() { "gw-same" } else { mark.class() }}>{ piece }</mark>),
                        None => html!(<>{ piece }</>),
                    }) }
                </p>
            }
            if short.is_some() {
                <Button kind={Kind::Link} label={if *open { words::SHOW_LESS } else { words::SHOW_ALL }} onclick={toggle} />
            }
        </blockquote>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: usize, end: usize, weight: f64, of: SpanOf) -> Span {
        Span { start, end, weight, of }
    }

    fn joined(pieces: &[(String, Option<Mark>)]) -> String {
        pieces.iter().map(|(text, _)| text.as_str()).collect()
    }

    #[test]
    fn pieces_are_cut_by_characters_not_bytes() {
        let text = "Schön war’s – nie wieder!";
        let cut = pieces(text, &[span(14, 24, -0.9, SpanOf::Sentiment)]);
        assert_eq!(
            cut,
            [("Schön war’s – ".into(), None), ("nie wieder".into(), Some(Mark::Unkind)), ("!".into(), None)]
        );
    }

    #[test]
    fn overlaps_go_to_the_heavier_and_nothing_is_lost() {
        let text = "cold soup and rude staff";
        let cut = pieces(
            text,
            &[
                span(0, 9, -0.4, SpanOf::Sentiment),
                span(5, 9, 0.5, SpanOf::Theme),
                span(14, 99, -0.8, SpanOf::Sentiment),
                span(14, 18, 0.6, SpanOf::Sentiment),
            ],
        );
        assert_eq!(joined(&cut), text);
        assert_eq!(cut[0], ("cold soup".into(), Some(Mark::Unkind)));
        assert_eq!(cut[2], ("rude staff".into(), Some(Mark::Unkind)));
    }

    #[test]
    fn a_word_of_anger_stays_one_inside_a_complaint() {
        let cut =
            pieces("plain rude", &[span(6, 10, -0.3, SpanOf::Sentiment), span(0, 10, 0.9, SpanOf::Intent)]);
        assert_eq!(cut, [("plain ".into(), Some(Mark::Topic)), ("rude".into(), Some(Mark::Unkind))]);
    }

    #[test]
    fn spans_beyond_the_text_are_harmless() {
        assert_eq!(pieces("hi", &[span(5, 9, 1.0, SpanOf::Sentiment)]), [("hi".into(), None)]);
        assert!(pieces("", &[span(0, 1, 1.0, SpanOf::Sentiment)]).is_empty());
    }

    #[test]
    fn only_what_speaks_for_the_verdict_decides() {
        let (praise, blame) = (span(0, 1, 0.5, SpanOf::Sentiment), span(0, 1, -0.5, SpanOf::Sentiment));
        assert!(decides(&praise, Label::Positive) && !decides(&blame, Label::Positive));
        assert!(decides(&praise, Label::Mixed) && decides(&blame, Label::Mixed));
        assert!(!decides(&span(0, 1, 0.5, SpanOf::Theme), Label::Negative));
        assert!(decides(&span(0, 1, 0.5, SpanOf::Intent), Label::Negative));
    }

    #[test]
    fn an_excerpt_shows_the_words_that_decided() {
        let padding = "We came on a Tuesday and sat by the window. ".repeat(8);
        let text = format!("{padding}The waiter was dreadful to my mother. {padding}");
        let at = text.chars().count() - padding.chars().count() - 24;
        let spans = [span(at, at + 8, -0.9, SpanOf::Sentiment)];
        let (short, moved) = excerpt(&text, &spans, 120).expect("it is long");
        let marked: String = short.chars().skip(moved[0].start).take(moved[0].end - moved[0].start).collect();
        let wanted: String = text.chars().skip(at).take(8).collect();
        assert_eq!(marked, wanted);
        assert!(short.starts_with("… The waiter") && short.ends_with(" …"), "{short}");
        assert!(short.chars().count() <= 124);
    }

    #[test]
    fn a_text_that_is_short_enough_stays_whole() {
        assert!(excerpt("Lovely.", &[], 120).is_none());
    }
}
