//! WHAT a text means: language, sentiment, themes, intents, severity, and the words that decided it. No IO, no clock.
//!
//! The order is written here once: tokens → language → word lists → learned weights → where these are unsure the second tier →
//! verdict → themes, intents, severity → spans.

pub mod features;
pub mod fold;
pub mod language;
pub mod learnt;
pub mod lexicon;
pub mod linear;
pub mod lists;
pub mod own;
pub mod second;
pub mod settle;
mod small;
mod solve;
pub mod spans;
pub mod spelling;
pub mod subjects;
pub mod taught;
pub mod terms;
pub mod tokens;
pub mod tone;
pub mod verdict;
pub mod wants;
pub mod wording;

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use goodword_shared::{Analysis, Kind, Mention, Rating};

use features::{CLAUSE, Feature};
use lexicon::Reading;
use linear::Linear;
use lists::Shelf;
use second::{Heard, Second, Tongue};
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

impl<'a> Input<'a> {
    /// A mention's words and stars.
    pub fn of(mention: &'a Mention) -> Self {
        Self {
            kind: mention.kind,
            title: mention.title.as_deref(),
            text: &mention.text,
            rating: mention.rating,
            language: mention.language.as_deref(),
        }
    }
}

/// The engine. Built once, shared by every thread.
#[derive(Debug)]
pub struct Analyser {
    shelf: Shelf,
    weights: Weights,
    linear: Option<Linear<'static>>,
    /// The second tier's files, of English and of other languages; nothing where only the first is wanted.
    deep: [&'static [u8]; 2],
    /// Each read when it is first asked, so that starting costs nothing.
    second: [OnceLock<Option<Second>>; 2],
}

/// Below this probability of the first tier's verdict the second tier is asked: posts, reviews.
const ASKED_BELOW: [f32; 2] = [0.7, 0.8];
/// The same in other languages than English.
const ASKED_BELOW_ABROAD: f32 = 0.9;
/// And where a complaint's log-odds are nearer to even than this.
const COMPLAINT_UNSURE: f32 = 1.0;
/// The second tier learned themes and intents from single sentences, so longer texts (in bytes) are not put to it for them alone.
const SENTENCE: usize = 300;

/// Texts that one thread takes at a time; of those that are asked about, the second tier reads several at once.
const CHUNK: usize = 64;

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

/// What the first tier has found in a text, and the second tier where it is to be asked.
struct Draft<'a> {
    joined: Joined<'a>,
    tokens: Tokens,
    language: Option<String>,
    reading: Reading,
    group: usize,
    evidence: Evidence,
    covered: bool,
    /// Log-odds of the leaning and of the middle.
    sums: (f32, f32),
    /// Log-odds of a complaint, of posts.
    complains: Option<f32>,
    named: Vec<terms::Found<u8>>,
    wanted: Vec<terms::Found<(u8, f32)>>,
    /// Themes are those that the second tier learned.
    hospitable: bool,
    weighty: Vec<(usize, f32)>,
    /// Kept for its room.
    features: Vec<Feature>,
    rating: Option<Rating>,
    asked: Option<&'a Second>,
}

impl Analyser {
    /// The whole engine: the word lists, the learned weights and the second tier compiled in.
    pub fn new() -> Self {
        Self::with(
            include_bytes!("../../data/fast.bin"),
            include_str!("../../data/verdict.tsv"),
            [include_bytes!("../../data/english.bin"), include_bytes!("../../data/abroad.bin")],
        )
    }

    /// The first tier alone.
    pub fn fast() -> Self {
        Self { deep: [&[]; 2], ..Self::new() }
    }

    /// The engine with other learned weights (see `linear.rs`), other weights of the evidence (see `verdict.rs`) and other second
    /// tiers (see `goodword-encoder`). What cannot be read is left out; the rest then judges alone.
    pub fn with(fast: &'static [u8], verdict: &str, deep: [&'static [u8]; 2]) -> Self {
        Self {
            shelf: Shelf::new(),
            weights: Weights::read(verdict),
            linear: Linear::read(fast),
            deep,
            second: Default::default(),
        }
    }

    /// The second tier, where there is one for the language.
    fn second(&self, language: Option<&str>, group: usize) -> Option<&Second> {
        let tongue = Tongue::of(language, group)?;
        let (file, second) = (self.deep[tongue as usize], &self.second[tongue as usize]);
        if file.is_empty() {
            return None;
        }
        second.get_or_init(|| Second::read(file, tongue)).as_ref()
    }

    /// Whether there is a second tier to ask.
    pub fn is_whole(&self) -> bool {
        self.deep.iter().any(|file| !file.is_empty())
    }

    /// Everything that can be said of one text.
    pub fn analyse(&self, input: &Input<'_>) -> Analysis {
        let draft = self.draft(input);
        let heard = draft.asked.and_then(|second| second.hear(&draft.joined.text, draft.group));
        self.finish(draft, heard)
    }

    /// What the first tier makes of a text, and whether the second would be asked about it.
    pub fn first(&self, input: &Input<'_>) -> (Analysis, bool) {
        let draft = self.draft(input);
        let asks = draft.asked.is_some();
        (self.finish(draft, None), asks)
    }

    /// The same as [`Self::analyse`] for many texts, in their order: the second tier reads several at once, on at most so many
    /// threads.
    pub fn analyse_all(&self, inputs: &[Input<'_>], threads: usize) -> Vec<Analysis> {
        let chunks: Vec<&[Input<'_>]> = inputs.chunks(CHUNK).collect();
        let threads = threads.min(chunks.len());
        if threads < 2 {
            return chunks.into_iter().flat_map(|chunk| self.analyse_chunk(chunk)).collect();
        }
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            while let Some((at, chunk)) = {
                let at = next.fetch_add(1, Ordering::Relaxed);
                chunks.get(at).map(|chunk| (at, *chunk))
            } {
                done.push((at, self.analyse_chunk(chunk)));
            }
            done
        };
        let mut done = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut done = work();
            for other in others {
                match other.join() {
                    Ok(more) => done.extend(more),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            done
        });
        done.sort_unstable_by_key(|(at, _)| *at);
        done.into_iter().flat_map(|(_, analyses)| analyses).collect()
    }

    fn analyse_chunk(&self, inputs: &[Input<'_>]) -> Vec<Analysis> {
        let drafts: Vec<Draft<'_>> = inputs.iter().map(|input| self.draft(input)).collect();
        let mut heard: Vec<Option<Heard>> = drafts.iter().map(|_| None).collect();
        let mut waiting: Vec<usize> = (0..drafts.len()).filter(|&n| drafts[n].asked.is_some()).collect();
        while let Some(second) = waiting.first().and_then(|&n| drafts[n].asked) {
            let (here, others): (Vec<usize>, Vec<usize>) =
                waiting.into_iter().partition(|&n| drafts[n].asked.is_some_and(|s| std::ptr::eq(s, second)));
            let texts: Vec<(&str, usize)> =
                here.iter().map(|&n| (&*drafts[n].joined.text, drafts[n].group)).collect();
            for (n, said) in here.into_iter().zip(second.hear_all(&texts)) {
                heard[n] = said;
            }
            waiting = others;
        }
        drafts.into_iter().zip(heard).map(|(draft, heard)| self.finish(draft, heard)).collect()
    }

    /// What the first tier finds, as far as the verdict without it.
    fn draft<'a>(&'a self, input: &Input<'a>) -> Draft<'a> {
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
        let named = lists.themes.longest_where(&tokens, |at| reading.heads[at] & lists::THEME != 0);
        let wanted = wants::found_anywhere(&self.shelf, lists, &tokens, &reading.heads);
        let complains = self.linear.filter(|_| group == 0).map(|linear| {
            let grievance = subjects::grievance(&reading, &wanted, linear.complaint(&features), sums.0);
            self.weights.complaint(&grievance)
        });
        // Themes are asked about where the second tier learned them.
        let hospitable = group == 1 && !named.is_empty() && self.shelf.hospitality.any(&tokens);
        let asked = self.second(known, group).filter(|_| {
            let english = Tongue::of(known, group) == Some(Tongue::English);
            let below = if english { ASKED_BELOW[group] } else { ASKED_BELOW_ABROAD };
            let hints = wanted.iter().any(|f| lists::hints(f.means));
            let more = joined.text.len() <= SENTENCE && (hospitable || hints || blames(sums));
            !evidence.blank && (more || unsure_below(sums, below, complains))
        });
        let rating = input.rating;
        Draft {
            joined,
            tokens,
            language,
            reading,
            group,
            evidence,
            covered,
            sums,
            complains,
            named,
            wanted,
            hospitable,
            weighty,
            features,
            rating,
            asked,
        }
    }

    /// The verdict and what follows from it.
    fn finish(&self, draft: Draft<'_>, heard: Option<Heard>) -> Analysis {
        let Draft { joined, tokens, reading, evidence, named, wanted, mut features, .. } = draft;
        let (mut sums, mut complains) = (draft.sums, draft.complains);
        let heard = draft.asked.zip(heard);
        if let Some((second, heard)) = &heard {
            sums = self.weights.both(second.tongue(), draft.group, sums, heard.sums);
            complains = complains.map(|c| self.weights.both_complain(second.tongue(), c, heard.complaint));
        }
        let sentiment = verdict::decide(&evidence, sums, draft.rating, draft.covered);
        let lists = self.shelf.of(draft.language.as_deref());
        let said = wants::Said { text: &joined.text, tokens: &tokens, lists, reading: &reading };
        let learned = wants::Learned {
            complains,
            wants: heard.as_ref().and_then(|(_, h)| h.wants.as_ref()),
            weights: heard
                .as_ref()
                .map_or([0.0; wants::PHRASED], |(s, _)| self.weights.both_intents[s.tongue() as usize]),
        };
        let intents = wants::intents(&said, &wanted, &sentiment, &learned);
        let judged = heard.as_ref().filter(|_| draft.hospitable).map(|(_, h)| &h.themes);
        let themes = subjects::themes(&reading, &named, &sentiment, judged, |from, to| {
            self.clause(&tokens, &reading, (from, to), heard.as_ref(), &mut features)
        });
        let severity = subjects::severity(&reading, &sentiment, &intents);
        let spans =
            spans::collect(&tokens, &reading, &named, &wanted, &intents, joined.before, &draft.weighty);
        Analysis { language: draft.language, sentiment, themes, intents, severity, spans, untaught: None }
    }

    /// What the words around tokens `from..to` say of them.
    fn clause(
        &self,
        tokens: &Tokens,
        reading: &Reading,
        (from, to): (usize, usize),
        heard: Option<&(&Second, Heard)>,
        features: &mut Vec<Feature>,
    ) -> subjects::Said {
        let around = reading.surroundings(from);
        features::collect(tokens, &reading.negated, around, CLAUSE, Some((from, to)), features);
        let learned = self.linear.map_or([0.0; 2], |l| l.sums(features));
        let mut sums = self.weights.sums(CLAUSE, &Evidence::new(&reading.part(from), learned));
        let list = tokens.list();
        if let (Some((second, heard)), Some(first), Some(last)) = (heard, list.get(from), list.get(to - 1))
            && let Some(said) = second.about(heard, (first.start as usize, last.end as usize))
        {
            sums = self.weights.both(second.tongue(), CLAUSE, sums, said);
        }
        verdict::probabilities(sums.0, sums.1)
    }
}

/// Whether a text leans to blame. What its author threatens or wants back is seldom said in words that a list holds.
fn blames(sums: (f32, f32)) -> bool {
    verdict::probabilities(sums.0, sums.1)[0] > 0.5
}

/// Whether the first tier's verdict leaves something to ask.
pub fn unsure(sums: (f32, f32), group: usize, complains: Option<f32>) -> bool {
    unsure_below(sums, ASKED_BELOW[group], complains)
}

fn unsure_below(sums: (f32, f32), below: f32, complains: Option<f32>) -> bool {
    let p = verdict::probabilities(sums.0, sums.1);
    p.iter().all(|p| *p < below) || complains.is_some_and(|c| c.abs() < COMPLAINT_UNSURE)
}

/// The words that add most to the leaning by the learned weights, with what they add.
fn weighty(linear: &Linear<'_>, features: &[Feature], tokens: &Tokens) -> Vec<(usize, f32)> {
    let sums = linear.shares(features, tokens.list().len());
    let mut words: Vec<(usize, f32)> = sums.into_iter().enumerate().filter(|(_, s)| s.abs() > 0.4).collect();
    words.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    words.truncate(6);
    words
}
