//! WHAT a text means: language, sentiment, themes, intents, severity, and the words that decided it. No IO, no clock.
//!
//! The order is written here once: tokens → language → word lists → learned weights → verdict → themes, intents, severity → spans.

pub mod features;
pub mod fold;
pub mod language;
pub mod lexicon;
pub mod linear;
pub mod lists;
pub mod spans;
pub mod subjects;
pub mod terms;
pub mod tokens;
pub mod verdict;

use goodword_shared::{Analysis, Kind, Rating};

use lexicon::Reading;
use linear::Linear;
use lists::Shelf;
use tokens::Tokens;
use verdict::{Evidence, Weights};

/// One text to analyse.
#[derive(Clone, Debug, Default)]
pub struct Input<'a> {
    /// Post or review: "neutral" means something else in each.
    pub kind: Kind,
    /// Heading.
    pub title: Option<&'a str>,
    /// The text; spans of the answer refer to it.
    pub text: &'a str,
    /// Stars, as evidence.
    pub rating: Option<Rating>,
    /// Declared language.
    pub language: Option<&'a str>,
}

/// The engine. Built once, shared by every thread.
#[derive(Debug)]
pub struct Analyser {
    shelf: Shelf,
    weights: Weights,
    linear: Option<Linear<'static>>,
}

/// Languages that the learned weights have seen enough of to lean on without word lists.
const LEARNED: [&str; 15] =
    ["en", "de", "fr", "es", "it", "pt", "nl", "ru", "tr", "id", "ms", "ca", "zh", "ar", "hi"];

impl Default for Analyser {
    fn default() -> Self {
        Self::new()
    }
}

/// A heading and its text in one, so that the heading's words count; `before` characters of it are not the text's.
struct Joined<'a> {
    text: std::borrow::Cow<'a, str>,
    before: usize,
}

impl<'a> Joined<'a> {
    fn new(input: &Input<'a>) -> Self {
        match input.title.map(str::trim).filter(|t| !t.is_empty() && !input.text.starts_with(t)) {
            Some(title) => {
                Self { text: format!("{title}\n{}", input.text).into(), before: title.chars().count() + 1 }
            }
            None => Self { text: input.text.into(), before: 0 },
        }
    }
}

impl Analyser {
    /// The engine with the word lists and the learned weights compiled in.
    pub fn new() -> Self {
        Self::with(include_bytes!("../../data/fast.bin"), include_str!("../../data/verdict.tsv"))
    }

    /// The engine with other learned weights (see `linear.rs`) and other weights of the evidence (see `verdict.rs`). Learned
    /// weights that cannot be read are left out; the word lists then judge alone.
    pub fn with(fast: &'static [u8], verdict: &str) -> Self {
        Self { shelf: Shelf::new(), weights: Weights::read(verdict), linear: Linear::read(fast) }
    }

    /// Everything that can be said of one text.
    pub fn analyse(&self, input: &Input<'_>) -> Analysis {
        let joined = Joined::new(input);
        let tokens = Tokens::read(&joined.text);
        let declared =
            input.language.map(str::trim).filter(|l| !l.is_empty() && *l != "und").map(str::to_owned);
        let language =
            declared.or_else(|| language::detect(&joined.text, &tokens, &self.shelf).map(str::to_owned));
        let known = language.as_deref();
        let lists = self.shelf.of(known);
        let reading = Reading::read(&tokens, lists, &self.shelf, known);
        let group = verdict::group(input.kind);
        let mut features = Vec::new();
        features::collect(&tokens, &reading.negated, (0, tokens.list().len()), group, None, &mut features);
        let learned = self.linear.map_or([0.0; 2], |l| l.sums(&features));
        let evidence = Evidence::new(&reading, learned);
        let covered = known.is_none_or(|l| {
            self.shelf.own(known).is_some() || LEARNED.iter().any(|k| l.split('-').next() == Some(k))
        });
        let sentiment =
            verdict::decide(&evidence, self.weights.sums(group, &evidence), input.rating, covered);
        let named = lists.themes.longest(&tokens);
        let wanted = intents_found(lists, &tokens);
        let themes = subjects::themes(&reading, &named, &sentiment);
        let intents = subjects::intents(&reading, &wanted, &sentiment, group == 0);
        let severity = subjects::severity(&reading, &sentiment, &intents);
        let spans = spans::collect(&tokens, &reading, &named, &wanted, &intents, joined.before);
        Analysis { language, sentiment, themes, intents, severity, spans }
    }
}

/// One phrase may show several intents ("never again": a complaint and leaving), so all are taken, the longest of each kind.
fn intents_found(lists: &lists::Lists, tokens: &Tokens) -> Vec<terms::Found<(u8, f32)>> {
    let mut found: Vec<terms::Found<(u8, f32)>> = Vec::new();
    for at in 0..tokens.list().len() {
        lists.intents.at(tokens, at, |f| {
            let overlaps = |o: &&mut terms::Found<(u8, f32)>| o.means.0 == f.means.0 && o.to > f.from;
            match found.iter_mut().rev().find(overlaps) {
                Some(other) if f.to - f.from > other.to - other.from || f.means.1 > other.means.1 => {
                    *other = f
                }
                Some(_) => {}
                None => found.push(f),
            }
        });
    }
    found
}
