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

use features::{CLAUSE, Feature};
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
const LEARNED: [&str; 14] =
    ["en", "de", "fr", "es", "it", "pt", "nl", "ru", "tr", "id", "ms", "ca", "zh", "ar"];

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
        let weighty = match self.linear {
            Some(linear) if reading.hits.is_empty() => weighty(&linear, &features, &tokens),
            _ => Vec::new(),
        };
        let evidence = Evidence::new(&reading, learned);
        let covered = known.is_none_or(|l| {
            self.shelf.own(known).is_some() || LEARNED.iter().any(|k| l.split('-').next() == Some(k))
        });
        let mut sums = self.weights.sums(group, &evidence);
        if group == 1 && self.shelf.own(known).is_some() {
            sums.0 += verdict::lists_abroad(known) * evidence.leaning[1];
        }
        let sentiment = verdict::decide(&evidence, sums, input.rating, covered);
        let named = lists.themes.longest(&tokens);
        let wanted = intents_found(lists, &tokens);
        let complains = self.linear.filter(|_| group == 0).map(|linear| {
            let grievance = subjects::grievance(&reading, &wanted, linear.complaint(&features), sums.0);
            self.weights.complaint(&grievance)
        });
        let intents = subjects::intents(&reading, &wanted, &sentiment, complains);
        let themes = subjects::themes(&reading, &named, &sentiment, |from, to| {
            self.clause(&tokens, &reading, (from, to), &mut features)
        });
        let severity = subjects::severity(&reading, &sentiment, &intents);
        let spans = spans::collect(&tokens, &reading, &named, &wanted, &intents, joined.before, &weighty);
        Analysis { language, sentiment, themes, intents, severity, spans }
    }

    /// What the words around tokens `from..to` say of them.
    fn clause(
        &self,
        tokens: &Tokens,
        reading: &Reading,
        (from, to): (usize, usize),
        features: &mut Vec<Feature>,
    ) -> subjects::Said {
        let around = reading.surroundings(from);
        features::collect(tokens, &reading.negated, around, CLAUSE, Some((from, to)), features);
        let learned = self.linear.map_or([0.0; 2], |l| l.sums(features));
        let (leaning, middle) = self.weights.sums(CLAUSE, &Evidence::new(&reading.part(from), learned));
        verdict::probabilities(leaning, middle)
    }
}

/// The words that add most to the leaning by the learned weights, with what they add.
fn weighty(linear: &Linear<'_>, features: &[Feature], tokens: &Tokens) -> Vec<(usize, f32)> {
    let mut sums = vec![0f32; tokens.list().len()];
    linear.shares(features, |token, share| {
        if let Some(sum) = sums.get_mut(token) {
            *sum += share;
        }
    });
    let mut words: Vec<(usize, f32)> = sums.into_iter().enumerate().filter(|(_, s)| s.abs() > 0.4).collect();
    words.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    words.truncate(6);
    words
}

/// One phrase may show several intents ("never again": a complaint and leaving), so all are taken, the longest of each kind.
pub(crate) fn intents_found(lists: &lists::Lists, tokens: &Tokens) -> Vec<terms::Found<(u8, f32)>> {
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
