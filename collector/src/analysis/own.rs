//! The owner's own themes: found by their words, or by sentences like the owner's examples, and judged by their clause like the
//! shipped ones. It knows no store and no settings page.

use goodword_shared::{
    Analysis, Label, Theme,
    analysis::{Span, SpanOf},
    settings::OwnTheme,
};

use super::{
    Analyser, Input, Joined,
    lexicon::Reading,
    lists::{Sense, THEMES},
    terms::{Found, Terms},
    tokens::{Class, Tokens},
    wording,
};

/// A sentence at least this like an example is about its theme (cosine of their telling words).
const ALIKE: f32 = 0.5;
/// What a word weighs that two examples share: it is what they are about.
const SHARED: f32 = 3.0;
/// Shortest word that stands for its longer forms.
const SHORTEST: usize = 4;

/// The owner's themes, ready to be looked for.
#[derive(Clone, Debug, Default)]
pub struct OwnThemes {
    names: Vec<String>,
    words: Terms<u16>,
    examples: Vec<Example>,
}

/// The telling words of an example, with their weights.
#[derive(Clone, Debug)]
struct Example {
    theme: u16,
    stems: Vec<(String, f32)>,
}

impl OwnThemes {
    /// Reads the owner's settings. The name is itself a word to look for where neither words nor examples are given.
    pub fn new(themes: &[OwnTheme], analyser: &Analyser) -> Self {
        let mut own = Self::default();
        for theme in themes {
            let Ok(number) = u16::try_from(own.names.len()) else { break };
            own.names.push(theme.key());
            for word in &theme.words {
                own.words.add(&spoken(word), number);
            }
            let told: Vec<Vec<String>> = theme
                .examples
                .iter()
                .map(|text| {
                    let tokens = Tokens::read(text);
                    let mut stems: Vec<String> =
                        telling(&tokens, 0..tokens.list().len(), analyser).map(|(_, stem)| stem).collect();
                    stems.sort_unstable();
                    stems.dedup();
                    stems
                })
                .collect();
            for (at, stems) in told.iter().enumerate() {
                let others = |stem: &String| {
                    told.iter()
                        .enumerate()
                        .any(|(other, stems)| other != at && stems.iter().any(|s| same(s, stem)))
                };
                let stems: Vec<(String, f32)> = stems
                    .iter()
                    .map(|stem| (stem.clone(), if others(stem) { SHARED } else { 1.0 }))
                    .collect();
                if !stems.is_empty() {
                    own.examples.push(Example { theme: number, stems });
                }
            }
            if theme.words.is_empty() && theme.examples.is_empty() {
                own.words.add(&spoken(&theme.name), number);
            }
        }
        own
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Where each theme is spoken of, with how like an example that is (1 where its own word stands).
    fn find(&self, tokens: &Tokens, analyser: &Analyser) -> Vec<(Found<u16>, f32)> {
        let mut found: Vec<(Found<u16>, f32)> = Vec::new();
        for at in 0..tokens.list().len() {
            self.words.at(tokens, at, |f| {
                match found.iter_mut().find(|(o, _)| o.means == f.means && o.to > f.from) {
                    Some((other, _)) if f.to > other.to => other.to = f.to,
                    Some(_) => {}
                    None => found.push((f, 1.0)),
                }
            });
        }
        if self.examples.is_empty() {
            return found;
        }
        let list = tokens.list();
        let mut from = 0;
        for to in 0..=list.len() {
            if to < list.len() && list[to].class != Class::Stop {
                continue;
            }
            let said: Vec<(usize, String)> = telling(tokens, from..to, analyser).collect();
            for theme in 0..self.names.len() as u16 {
                let best = self
                    .examples
                    .iter()
                    .filter(|e| e.theme == theme)
                    .filter_map(|e| e.likeness(&said))
                    .max_by(|a, b| a.1.total_cmp(&b.1));
                if let Some((at, likeness)) = best.filter(|(_, likeness)| *likeness >= ALIKE)
                    && !found.iter().any(|(f, _)| f.means == theme && (from..to).contains(&f.from))
                {
                    found.push((Found { from: at, to: at + 1, means: theme }, likeness));
                }
            }
            from = to + 1;
        }
        found
    }
}

impl Example {
    /// Cosine with a sentence's telling words, and the word that speaks most for it.
    fn likeness(&self, said: &[(usize, String)]) -> Option<(usize, f32)> {
        let (mut shared, mut length, mut place) = (0.0, 0.0, None);
        for (n, (at, stem)) in said.iter().enumerate() {
            if said[..n].iter().any(|(_, s)| s == stem) {
                continue;
            }
            let weight =
                self.stems.iter().filter(|(s, _)| same(s, stem)).map(|(_, w)| *w).fold(0.0, f32::max);
            shared += weight * weight;
            length += if weight > 0.0 { weight * weight } else { 1.0 };
            if weight > 0.0 && place.is_none_or(|(_, most)| weight > most) {
                place = Some((*at, weight));
            }
        }
        let own: f32 = self.stems.iter().map(|(_, w)| w * w).sum();
        place.map(|(at, _)| (at, shared / (own * length).sqrt().max(1e-6)))
    }
}

/// As the word lists want a phrase.
fn spoken(words: &str) -> String {
    words.replace(['\'', '’', '-', '/'], " ")
}

/// The words that tell what a stretch is about: neither small nor mere praise or blame. Place and beginning.
fn telling<'a>(
    tokens: &'a Tokens,
    within: std::ops::Range<usize>,
    analyser: &'a Analyser,
) -> impl Iterator<Item = (usize, String)> + 'a {
    within.filter_map(move |at| {
        let token = tokens.list().get(at).filter(|token| token.class == Class::Word)?;
        let word = tokens.folded(token);
        (word.chars().count() >= 3 && !wording::is_small(word) && !analyser.judges(tokens, at))
            .then(|| (at, wording::stem(word).to_owned()))
    })
}

/// Two beginnings of one word: alike, or the shorter, where it is long enough, begins the longer.
fn same(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short == long || (short.len() >= SHORTEST && long.starts_with(short))
}

impl Analyser {
    /// Whether the word at `at` praises, blames, turns or strengthens, in any language of the lists.
    fn judges(&self, tokens: &Tokens, at: usize) -> bool {
        let mut judges = false;
        self.shelf.all().for_each(|lists| {
            lists.opinion.at(tokens, at, |f| judges |= f.to == at + 1 && f.means != Sense::Plain);
        });
        judges
    }

    /// Adds the owner's own themes to an analysis, and their places to its spans.
    pub(super) fn add_own_themes(&self, input: &Input<'_>, own: &OwnThemes, analysis: &mut Analysis) {
        let joined = Joined::new(input);
        let tokens = Tokens::read(&joined.text);
        let found = own.find(&tokens, self);
        if found.is_empty() {
            return;
        }
        let known = analysis.language.as_deref();
        let reading = Reading::read(&tokens, self.shelf.of(known), &self.shelf, known);
        let mut features = Vec::new();
        for (number, name) in own.names.iter().enumerate() {
            let (mut logs, mut blamed, mut praised) = ([0f32; 3], false, false);
            let (mut count, mut likest) = (0u8, 0f32);
            for (f, likeness) in found.iter().filter(|(f, _)| usize::from(f.means) == number) {
                let p = self.clause(&tokens, &reading, (f.from, f.to), None, &mut features);
                logs.iter_mut().zip(p).for_each(|(log, p)| *log += p.max(0.02).ln());
                (blamed, praised) = (blamed | (p[0] > 0.6), praised | (p[2] > 0.6));
                count = count.saturating_add(1);
                likest = likest.max(*likeness);
                let list = tokens.list();
                let (start, end) = (list[f.from].start as usize, list[f.to - 1].end as usize);
                if start >= joined.before {
                    let span = Span {
                        start: start - joined.before,
                        end: end - joined.before,
                        weight: 0.5,
                        of: SpanOf::Theme,
                    };
                    if !analysis.spans.contains(&span) {
                        analysis.spans.push(span);
                    }
                }
            }
            if count == 0 {
                continue;
            }
            let whole = analysis.sentiment;
            let sentiment = match logs {
                _ if blamed && praised => Label::Mixed,
                [n, m, p] if n > m && n > p => Label::Negative,
                [_, m, p] if p > m => Label::Positive,
                // A bare name in a short text that judges: the judgement is of it.
                _ if reading.clauses.len() <= 2 && reading.words < 12 && whole.confidence > 0.8 => {
                    whole.label
                }
                _ => Label::Neutral,
            };
            let sure = if likest >= 1.0 { 0.6 + 0.1 * f32::from(count.min(3)) } else { 0.5 + 0.4 * likest };
            analysis.themes.retain(|theme| theme.theme != *name);
            let confidence = (f64::from(sure) * 1e4).round() / 1e4;
            analysis.themes.push(Theme { theme: name.clone(), sentiment, confidence });
        }
        analysis.spans.sort_by_key(|s| (s.start, s.end));
        analysis.themes.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    }
}

/// Takes out of an analysis every theme that is not one of the shipped ones.
pub fn without_own(analysis: &mut Analysis) {
    analysis.themes.retain(|theme| THEMES.contains(&theme.theme.as_str()));
}
