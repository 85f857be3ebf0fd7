//! What the author wants or threatens: phrases of the lists, what a negation does to them, questions by how they are asked, and the
//! rival to whom somebody leaves. It judges how likely each intent is; what follows from it is decided elsewhere.

use goodword_shared::{Intent, Sentiment};

use super::{
    lexicon::Reading,
    lists::{INTENT, INTENTS, Lists, MARK, Shelf},
    second::WANTS,
    terms::Found,
    tokens::{Class, Tokens},
};

/// A phrase found: number of the intent in [`INTENTS`], and its weight in log-odds, negative where it speaks against it.
pub type Phrase = Found<(u8, f32)>;

/// Texts of so few words may be in another language than it seems.
const SHORT: usize = 8;
/// Words of a rival's name.
const NAME: usize = 3;

/// One text, as far as it was read.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// Heading and text.
    pub text: &'a str,
    /// In tokens.
    pub tokens: &'a Tokens,
    /// The lists of its language.
    pub lists: &'a Lists,
    /// What the lists make of it.
    pub reading: &'a Reading,
}

impl Said<'_> {
    /// Whether an opener, a rival's or a farewell's phrase may begin there.
    fn marks(&self, at: usize) -> bool {
        self.reading.heads.get(at).is_some_and(|head| head & MARK != 0)
    }
}

/// The phrases of a text. One phrase may show several intents ("never again": a complaint and leaving), so all are taken, the longest
/// of each kind.
pub fn found(lists: &Lists, tokens: &Tokens) -> Vec<Phrase> {
    found_where(lists, tokens, &lists.heads(tokens))
}

fn found_where(lists: &Lists, tokens: &Tokens, heads: &[u8]) -> Vec<Phrase> {
    let mut found: Vec<Phrase> = Vec::new();
    for (at, _) in heads.iter().enumerate().filter(|(_, head)| **head & INTENT != 0) {
        lists.intents.at(tokens, at, |f| {
            let overlaps = |o: &&mut Phrase| {
                o.means.0 == f.means.0 && o.to > f.from && (o.means.1 > 0.0) == (f.means.1 > 0.0)
            };
            match found.iter_mut().rev().find(overlaps) {
                Some(other) if f.to - f.from > other.to - other.from || f.means.1 > other.means.1 => {
                    *other = f
                }
                Some(_) => {}
                None => found.push(f),
            }
        });
    }
    // "Cannot recommend them enough" is the whole of what "cannot recommend" is a part of.
    let parts: Vec<Phrase> = found.clone();
    found.retain(|f| {
        !parts.iter().any(|o| {
            o.means.0 == f.means.0
                && (o.means.1 > 0.0) != (f.means.1 > 0.0)
                && o.from <= f.from
                && o.to >= f.to
                && o.to - o.from > f.to - f.from
        })
    });
    found
}

/// The same; a text too short to tell its language by is looked up in every language's lists where its own know no phrase of it.
/// `heads` is what [`Lists::heads`] says of the text.
pub fn found_anywhere(shelf: &Shelf, lists: &Lists, tokens: &Tokens, heads: &[u8]) -> Vec<Phrase> {
    let own = found_where(lists, tokens, heads);
    if !own.is_empty() || tokens.list().len() > SHORT {
        return own;
    }
    let others = shelf.all().flat_map(|lists| found(lists, tokens));
    // Single words mean too much elsewhere.
    others.filter(|f| f.to - f.from > 1).collect()
}

/// What is known of the intents besides phrases and sentiment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Learned<'a> {
    /// Log-odds of a complaint, where something learned has judged it.
    pub complains: Option<f32>,
    /// What the second tier makes of the others, in the order of [`WANTS`], where it was asked.
    pub wants: Option<&'a [f32; WANTS.len()]>,
    /// Weighs the second tier against the phrases.
    pub weights: [f32; PHRASED],
}

/// How many numbers weigh the second tier's opinion of an intent against the phrases'.
pub const PHRASED: usize = 4;

/// What speaks for an intent: 1, a phrase speaks of it, the phrases' log-odds if so, the second tier's.
pub fn phrased(phrases: Option<f32>, second: f32) -> [f32; PHRASED] {
    [1.0, if phrases.is_some() { 1.0 } else { 0.0 }, phrases.map_or(0.0, |p| p.clamp(-5.0, 5.0)), second]
}

/// Intents believed. A phrase under a negation ("would not recommend") does not count for what it says.
pub fn intents(
    said: &Said<'_>,
    found: &[Phrase],
    sentiment: &Sentiment,
    learned: &Learned<'_>,
) -> Vec<Intent> {
    let (by_phrases, rival) = by_phrases(said, found, sentiment);
    let mut intents = Vec::new();
    let mut grave = 0f32;
    // The complaint comes last: a grave matter is one, unless it is told with praise.
    let complaint = place("complaint");
    for number in (0..INTENTS.len()).filter(|n| *n != complaint).chain([complaint]) {
        let phrases = by_phrases[number];
        let second = learned.wants.zip(WANTS.iter().position(|w| *w == INTENTS[number]));
        let log_odds = match (INTENTS[number], second) {
            ("complaint", _) => learned.complains.or(phrases.map(|p| p + grave)),
            // Who says it in so many words is believed; the second tier hears what is said in others.
            (_, Some((wants, at))) => {
                let both = dot(&learned.weights, &phrased(phrases, wants[at]));
                Some(phrases.map_or(both, |p| if p > 0.0 { p.max(both) } else { both }))
            }
            _ => phrases,
        };
        let Some(log_odds) = log_odds else { continue };
        let confidence = 1.0 / (1.0 + (-f64::from(log_odds)).exp());
        let confidence = (confidence * 1e4).round() / 1e4;
        if confidence < 0.5 {
            continue;
        }
        if matches!(INTENTS[number], "safety" | "legal" | "refund" | "leaving") {
            grave = 2.9;
        }
        let names = rival.clone().filter(|_| INTENTS[number] == "leaving");
        intents.push(Intent { intent: INTENTS[number].into(), confidence, names });
    }
    intents.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    intents
}

fn place(name: &str) -> usize {
    INTENTS.iter().position(|i| *i == name).unwrap_or_default()
}

fn dot(weights: &[f32], numbers: &[f32]) -> f32 {
    weights.iter().zip(numbers).map(|(w, x)| w * x).sum()
}

/// Log-odds of each intent by its phrases; nothing where none speaks of it, low where one denies it. With it the rival that is named.
pub fn by_phrases(
    said: &Said<'_>,
    found: &[Phrase],
    sentiment: &Sentiment,
) -> ([Option<f32>; INTENTS.len()], Option<String>) {
    let Said { reading, .. } = *said;
    // Of each intent: the weightiest phrase, the others, those against it; and whether a negation takes one back.
    let mut denied = [0f32; INTENTS.len()];
    let mut weights = [(0f32, 0f32, 0f32); INTENTS.len()];
    for f in found {
        let (number, weight) = (f.means.0 as usize, f.means.1);
        let negated = reading.negated.get(f.from).copied().unwrap_or(false);
        if negated && weight > 0.0 && turns(INTENTS[number]) {
            if INTENTS[number] == "recommendation" {
                weights[place("complaint")].0 = weights[place("complaint")].0.max(2.6);
            }
            denied[number] -= weight;
            continue;
        }
        let slot = &mut weights[number];
        match weight {
            against if against < 0.0 => slot.2 += against,
            most if most > slot.0 => *slot = (most, slot.1 + slot.0, slot.2),
            more => slot.1 += more,
        }
    }
    let rival = rival(said);
    let leaving = &mut weights[place("leaving")];
    if rival.is_some() || is_farewell(said) {
        leaving.0 = leaving.0.max(3.4);
    }
    let question = &mut weights[place("question")];
    if asks(said) {
        question.0 = question.0.max(2.6);
    }
    let negative = ((1.0 - sentiment.score) / 2.0) as f32;
    let slope = |steepness: f32| (negative - 0.5) * steepness;
    let log_odds = std::array::from_fn(|number| {
        let (most, more, against) = weights[number];
        let words = most + 0.4 * more.min(6.0) + against;
        match INTENTS[number] {
            // A complaint needs a grievance: blame in the words counts, praise counts against it.
            "complaint" => Some(-2.6 + words + reading.blame.min(8.0) * 0.12 + slope(5.4)),
            "praise" => Some(-3.0 + words - slope(5.4)),
            _ if most <= 0.0 => Some(-2.4 + against + denied[number]).filter(|p| *p < -2.4),
            "question" => Some(-2.4 + words + if reading.asks > 0 { 1.5 } else { -1.0 }),
            "recommendation" | "referral_offer" => Some(-2.4 + words - slope(3.0)),
            "safety" | "legal" => Some(-2.6 + words + slope(4.0)),
            "refund" | "leaving" => Some(-2.6 + words + slope(2.6)),
            _ => Some(-2.4 + words),
        }
    });
    (log_odds, rival)
}

/// Whether a negation before a phrase of that intent takes it back. A complaint or a demand is none the less one: "still no refund".
fn turns(intent: &str) -> bool {
    matches!(
        intent,
        "praise" | "recommendation" | "referral_offer" | "safety" | "question" | "leaving" | "wants_contact"
    )
}

/// Whether a sentence that ends with a question mark alone begins as questions do.
fn asks(said: &Said<'_>) -> bool {
    let list = said.tokens.list();
    let is = |at: usize, mark| {
        list.get(at)
            .is_some_and(|t: &super::tokens::Token| t.class == Class::Stop && said.tokens.folded(t) == mark)
    };
    (0..list.len()).filter(|&at| is(at, "?") && !is(at + 1, "!")).any(|at| {
        let head = (0..at).rev().take_while(|&n| list[n].class != Class::Stop).last();
        let first = head.and_then(|head| (head..at).find(|&n| list[n].class == Class::Word));
        let mut opens = false;
        first.inspect(|&n| said.lists.openers.at(said.tokens, n, |_| opens = true));
        opens
    })
}

/// "Done with @fonebox": a farewell to somebody by their handle.
fn is_farewell(said: &Said<'_>) -> bool {
    let list = said.tokens.list();
    let follows = |at: usize| list.get(at).is_some_and(|token| token.class == Class::Person);
    let ends = |terms: &super::terms::Terms<()>| {
        terms.longest_where(said.tokens, |at| said.marks(at)).iter().any(|f| follows(f.to))
    };
    ends(&said.lists.farewells)
}

/// The rival to whom somebody says that they leave: a handle, or a name by its capitals.
fn rival(said: &Said<'_>) -> Option<String> {
    let list = said.tokens.list();
    let letters = |at: usize| -> Option<String> {
        let token = list.get(at)?;
        let (from, to) = (token.start as usize, token.end as usize);
        Some(said.text.chars().skip(from).take(to - from).collect())
    };
    for f in said.lists.rivals.longest_where(said.tokens, |at| said.marks(at)) {
        if list.get(f.to).is_some_and(|token| token.class == Class::Person) {
            return letters(f.to);
        }
        let is_name = |at: &usize| {
            list.get(*at).is_some_and(|token| token.class == Class::Word)
                && letters(*at).is_some_and(|word| word.starts_with(char::is_uppercase))
        };
        // A handle may follow an article: "to the Harbour Café".
        let first = if is_name(&f.to) { f.to } else { f.to + 1 };
        let small = first == f.to
            || list.get(f.to).is_some_and(|token| {
                token.class == Class::Word && super::wording::is_small(said.tokens.folded(token))
            });
        let count = (first..first + NAME).take_while(is_name).count();
        if small && count > 0 {
            let (from, to) = (list[first].start as usize, list[first + count - 1].end as usize);
            return Some(said.text.chars().skip(from).take(to - from).collect());
        }
    }
    None
}
