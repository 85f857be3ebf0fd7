//! What the author wants or threatens: phrases of the lists, what a negation does to them, questions by how they are asked, and the
//! rival to whom somebody leaves. It judges how likely each intent is; what follows from it is decided elsewhere.

use goodword_shared::{Intent, Sentiment};

use super::{
    lexicon::Reading,
    lists::{INTENT, INTENTS, Lists, MARK, Shelf},
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

/// Intents believed. `complains` is the log-odds of a complaint where something learned has judged it. A phrase under a negation
/// ("would not recommend") does not count for what it says.
pub fn intents(
    said: &Said<'_>,
    found: &[Phrase],
    sentiment: &Sentiment,
    complains: Option<f32>,
) -> Vec<Intent> {
    let Said { reading, .. } = *said;
    // Of each intent: the weightiest phrase, the others, those against it.
    let mut weights = [(0f32, 0f32, 0f32); INTENTS.len()];
    let place = |name| INTENTS.iter().position(|i| *i == name).unwrap_or_default();
    for f in found {
        let (number, weight) = (f.means.0 as usize, f.means.1);
        let negated = reading.negated.get(f.from).copied().unwrap_or(false);
        if negated && weight > 0.0 && turns(INTENTS[number]) {
            if INTENTS[number] == "recommendation" {
                weights[place("complaint")].0 = weights[place("complaint")].0.max(2.6);
            }
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
    let mut intents = Vec::new();
    let mut grave = 0f32;
    // The complaint comes last: a grave matter is one, unless it is told with praise.
    let complaint = place("complaint");
    for number in (0..INTENTS.len()).filter(|n| *n != complaint).chain([complaint]) {
        let (most, more, against) = weights[number];
        let words = most + 0.4 * more.min(6.0) + against;
        let log_odds = match INTENTS[number] {
            "complaint" if let Some(log_odds) = complains => log_odds,
            // A complaint needs a grievance: blame in the words counts, praise counts against it.
            "complaint" => -2.6 + words + reading.blame.min(8.0) * 0.12 + grave + slope(5.4),
            "praise" => -3.0 + words - slope(5.4),
            "question" => -2.4 + words + if reading.asks > 0 { 1.5 } else { -1.0 },
            "recommendation" | "referral_offer" => -2.4 + words - slope(3.0),
            "safety" | "legal" => -2.6 + words + slope(4.0),
            "refund" | "leaving" => -2.6 + words + slope(2.6),
            _ => -2.4 + words,
        };
        let confidence = 1.0 / (1.0 + (-f64::from(log_odds)).exp());
        let confidence = (confidence * 1e4).round() / 1e4;
        let shown = most > 0.0 || matches!(INTENTS[number], "complaint" | "praise");
        if confidence < 0.5 || !shown {
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
