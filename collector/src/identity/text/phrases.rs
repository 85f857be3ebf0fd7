//! What products, branches and staff are called in the orders, and which of them a text names: wholly, in another form, or in part.
//! It knows how many orders a word is in, and no order.

use std::collections::{BTreeMap, HashMap};

use super::{
    tokens::{self, Kind, Token, stem},
    usual,
};
use crate::identity::{
    customers::pairs::{Pairs, hash, short},
    names,
};

/// What a phrase may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// A product.
    Product,
    /// A branch.
    Branch,
    /// Somebody of the staff.
    Staff,
}

const ALL: [Named; 3] = [Named::Product, Named::Branch, Named::Staff];
/// Phrases that are looked at for one word.
const LOOKED_AT: usize = 300;
/// Phrases that a text may name.
const MOST: usize = 400;
/// Words of a phrase that count.
const WORDS: usize = 16;
/// Places of a word in a text that are looked at.
const PLACES: usize = 4;

/// A phrase that a text names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Which, and as what.
    pub phrase: u32,
    /// As what.
    pub kind: Named,
    /// Odds that whoever wrote the text has it in an order, against anybody.
    pub odds: f64,
    /// All of it is named, so that whoever has other orders alone is hardly meant.
    pub whole: bool,
}

/// Phrases by number, from 1; 0 is none.
#[derive(Debug, Default)]
pub struct Phrases {
    /// As the owner wrote them.
    texts: Vec<Box<str>>,
    /// Their words as they are compared, parted by blanks: for each kind the same.
    words: Vec<Box<str>>,
    /// How many orders a phrase is in: as product, branch, staff.
    counts: Vec<[u32; 3]>,
    by_words: Pairs,
    by_word: Pairs,
    /// How many orders a word is in, by its hash.
    word_counts: HashMap<u32, [u32; 3]>,
}

/// What a text consists of, for phrases to be looked for.
#[derive(Debug, Default)]
struct Said<'a> {
    /// Where each word stands.
    places: BTreeMap<String, Vec<u32>>,
    tokens: Vec<&'a Token>,
    /// Names begin with capital letters in this text.
    cased: bool,
}

/// The parts by which a text and a phrase are compared: words, signs two by two; with their places.
fn parts(tokens: &[&Token]) -> Vec<(String, u32)> {
    let mut parts = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let sign = |n: usize| tokens.get(n).filter(|t| t.kind == Kind::Sign && (n == at || !t.gap));
        match token.kind {
            Kind::Mark => {}
            Kind::Sign => {
                let before = at
                    .checked_sub(1)
                    .and_then(|n| tokens.get(n))
                    .is_some_and(|t| t.kind == Kind::Sign && !token.gap);
                match sign(at + 1) {
                    Some(next) => parts.push((format!("{}{}", token.text, next.text), at as u32)),
                    None if !before => parts.push((token.text.clone(), at as u32)),
                    None => {}
                }
            }
            Kind::Word | Kind::Number => parts.push((token.text.clone(), at as u32)),
        }
    }
    parts
}

/// The words of a phrase that tell it from others.
fn telling(phrase: &str) -> Vec<String> {
    let all = tokens::cut(phrase);
    let all: Vec<&Token> = all.iter().filter(|t| t.kind != Kind::Mark).collect();
    // "渋谷店" is 渋谷.
    let bare = all.iter().rposition(|t| !usual::is(&usual::SHOP, &t.text)).map_or(all.len(), |last| last + 1);
    let signs = all[..bare].len() >= 2 && all[..bare].iter().all(|t| t.kind == Kind::Sign);
    let all = if signs { &all[..bare] } else { &all[..] };
    let plain = |t: &&&Token| {
        t.kind == Kind::Sign
            || (t.kind == Kind::Word
                && t.text.len() > 1
                && !usual::is(&usual::SMALL, &t.text)
                && !usual::is(&usual::SHOP, &t.text))
    };
    let some: Vec<&Token> = all.iter().filter(plain).copied().collect();
    let mut words: Vec<String> =
        parts(if some.is_empty() { all } else { &some }).into_iter().map(|(part, _)| part).collect();
    words.truncate(WORDS);
    words
}

/// The words of a name; signs two by two.
fn whole_name(name: &str) -> Vec<String> {
    let all = tokens::cut(name);
    let all: Vec<&Token> = all.iter().filter(|t| t.kind != Kind::Mark).collect();
    parts(&all).into_iter().take(WORDS).map(|(part, _)| part).collect()
}

/// Words written together, where they make one that is long enough: "eiken kast" → "eikenkast".
fn together<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
    let plain = words.clone().all(|w| w.is_ascii() && w.len() > 2);
    let joined: String = words.clone().collect();
    (plain && words.count() > 1 && (7..=40).contains(&joined.len())).then(|| stem(&joined).to_owned())
}

impl Phrases {
    /// The number of a phrase, which one more order has; 0 where it says nothing.
    pub fn count(&mut self, text: Option<&str>, kind: Named) -> u32 {
        let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else { return 0 };
        let words = if kind == Named::Staff { whole_name(text) } else { telling(text) };
        let words = words.join(" ");
        if words.len() < 2 {
            return 0;
        }
        let key = short(hash(&words));
        let known = self.by_words.of(key).find(|n| *self.words[*n as usize - 1] == *words);
        let number = known.unwrap_or_else(|| {
            self.texts.push(text.chars().take(80).collect::<String>().into());
            self.words.push(words.as_str().into());
            self.counts.push([0; 3]);
            let number = self.texts.len() as u32;
            self.by_words.add(key, number);
            for word in words.split(' ') {
                self.by_word.add(short(hash(stem(word))), number);
            }
            if let Some(joined) = together(words.split(' ')) {
                self.by_word.add(short(hash(&joined)), number);
            }
            number
        });
        self.change(number, kind, 1);
        number
    }

    /// One order less has it.
    pub fn uncount(&mut self, phrase: u32, kind: Named) {
        if phrase != 0 {
            self.change(phrase, kind, -1);
        }
    }

    fn change(&mut self, phrase: u32, kind: Named, by: i32) {
        let at = phrase as usize - 1;
        let count = &mut self.counts[at][kind as usize];
        *count = count.saturating_add_signed(by);
        for word in self.words[at].split(' ') {
            let count = &mut self.word_counts.entry(short(hash(stem(word)))).or_default()[kind as usize];
            *count = count.saturating_add_signed(by);
        }
    }

    /// As the owner wrote it.
    pub fn text(&self, phrase: u32) -> &str {
        phrase.checked_sub(1).map_or("", |at| &self.texts[at as usize])
    }

    fn word_share(&self, word: &str, kind: Named, orders: f64) -> f64 {
        self.word_counts
            .get(&short(hash(word)))
            .map_or(0.0, |counts| f64::from(counts[kind as usize]) / orders)
    }

    /// Every phrase that a text names, in order. `own` are words of the author's own name, `orders` is how many orders there are.
    pub fn named(&self, tokens: &[Token], own: &[String], orders: usize) -> Vec<Hit> {
        let orders = orders.max(1) as f64;
        let plain: Vec<&Token> = tokens.iter().filter(|t| t.kind != Kind::Mark).collect();
        let mut said = Said { cased: plain.iter().any(|t| t.capital && !t.opens), ..Said::default() };
        let mut add = |part: &str, at: u32| {
            let places = said.places.entry(part.to_owned()).or_default();
            if places.len() < PLACES {
                places.push(at);
            }
        };
        for (part, at) in parts(&plain) {
            add(stem(&part), at);
        }
        for (at, pair) in plain.windows(2).enumerate() {
            if let Some(joined) = together(pair.iter().map(|t| t.text.as_str())) {
                add(&joined, at as u32);
            }
        }
        said.tokens = plain;
        let mut touched: Vec<u32> = Vec::new();
        for part in said.places.keys().filter(|part| !usual::is(&usual::SMALL, part)) {
            let phrases = self.by_word.of(short(hash(part))).take(LOOKED_AT);
            touched.extend(phrases.filter(|n| {
                let words = self.words[*n as usize - 1].split(' ');
                words.clone().any(|w| stem(w) == part) || together(words).as_ref() == Some(part)
            }));
        }
        touched.sort_unstable();
        touched.dedup();
        let mut hits: Vec<(usize, Hit)> = Vec::new();
        for phrase in touched {
            let counts = self.counts[phrase as usize - 1];
            let words = || self.words[phrase as usize - 1].split(' ');
            for kind in ALL.into_iter().filter(|kind| counts[*kind as usize] > 0) {
                let hit = match kind {
                    Named::Staff => self.staff(phrase, &said, own, orders),
                    // Victoria who signs her review was not at Victoria; a bare number is a price, a year or a count.
                    Named::Branch if words().all(|word| own.iter().any(|own| own == word)) => None,
                    _ if words().all(|word| word.bytes().all(|b| b.is_ascii_digit())) => None,
                    _ => self.thing(phrase, kind, &said, orders),
                };
                hits.extend(hit);
            }
        }
        self.without_parts(&mut hits);
        hits.sort_by(|a, b| b.1.odds.total_cmp(&a.1.odds));
        hits.truncate(MOST);
        let mut hits: Vec<Hit> = hits.into_iter().map(|(_, hit)| hit).collect();
        hits.sort_by_key(|hit| (hit.phrase, hit.kind));
        hits
    }

    /// Somebody of the staff: the first or the last word of the name. Of signs the last two, or the first two of four.
    fn staff(&self, phrase: u32, said: &Said<'_>, own: &[String], orders: f64) -> Option<(usize, Hit)> {
        let words: Vec<&str> = self.words[phrase as usize - 1].split(' ').collect();
        let there = |word: &str| {
            let Some(places) = said.places.get(stem(word)) else { return false };
            let usual = usual::is(&usual::NAMES, word);
            let mut tokens = places.iter().map(|at| said.tokens[*at as usize]);
            tokens.any(|token| {
                token.kind == Kind::Sign
                    || (inflected(word, &token.text)
                        && (token.capital || !said.cased || !token.text.is_ascii())
                        && (token.capital || !usual)
                        && !(token.opens && usual::is(&usual::OPENING, word)))
            })
        };
        let last = words.len() - 1;
        let known = words.iter().enumerate().filter(|(n, word)| {
            let signs = !word.is_ascii() && word.chars().all(names::is_sign);
            let telling = *n == last || (*n == 0 && (!signs || last >= 2));
            telling && word.len() >= 2 && !own.iter().any(|o| o == *word) && there(word)
        });
        let known: Vec<&str> = known.map(|(_, word)| *word).collect();
        let rarest =
            known.iter().map(|w| self.word_share(stem(w), Named::Staff, orders)).fold(f64::MAX, f64::min);
        let long = known.first().is_some_and(|word| word.len() >= 3) || (last == 0 && !known.is_empty());
        long.then(|| {
            (known.len(), Hit { phrase, kind: Named::Staff, odds: 0.8 / (rarest + 0.005), whole: true })
        })
    }

    /// A product or a branch: all its telling words near each other, or some of them.
    fn thing(&self, phrase: u32, kind: Named, said: &Said<'_>, orders: f64) -> Option<(usize, Hit)> {
        let words: Vec<&str> = self.words[phrase as usize - 1].split(' ').map(stem).collect();
        // "The river side" is not Riverside.
        let written = |word: &str, places: &[u32]| {
            let of = |at: &u32| said.tokens[*at as usize];
            kind != Named::Branch
                || places.iter().any(|at| of(at).kind == Kind::Sign || stem(&of(at).text) == word)
        };
        let there: Vec<(&str, &Vec<u32>)> = words
            .iter()
            .filter_map(|w| Some((*w, said.places.get(*w).filter(|places| written(w, places))?)))
            .collect();
        let joined = together(self.words[phrase as usize - 1].split(' '));
        let joined = joined.is_some_and(|word| said.places.contains_key(&word));
        let whole = joined || (there.len() == words.len() && is_near(&there, kind == Named::Branch));
        let share = f64::from(self.counts[phrase as usize - 1][kind as usize]) / orders;
        // A word that reviews have anyway tells little of what was bought.
        let usual = !joined && there.iter().all(|(word, _)| usual::is(&usual::REVIEWS, word));
        // A branch is called so by whoever writes it with a capital letter, or says that it is a shop.
        let called = || {
            let places = there.first().map_or(&[][..], |(_, places)| places.as_slice());
            places.iter().map(|at| *at as usize).any(|at| {
                let near = said.tokens[at.saturating_sub(2)..].iter().take(5 + words.len());
                (said.tokens[at].capital && !said.tokens[at].opens)
                    || near.into_iter().any(|t| usual::is(&usual::SHOP, &t.text))
            })
        };
        let accident = match (usual, kind, there.len()) {
            (true, Named::Branch, _) => 0.1,
            (true, _, 1) => 0.3,
            (true, ..) => 0.05,
            (false, _, 1) => 0.012,
            (false, ..) => 0.005,
        };
        if whole {
            let sure =
                !usual || there.len() > 1 && kind != Named::Branch || kind == Named::Branch && called();
            return Some((words.len(), Hit { phrase, kind, odds: 0.8 / (share + accident), whole: sure }));
        }
        // A syllable of kana is no word.
        let kana = |w: &str| w.chars().any(|c| matches!(u32::from(c), 0x3040..=0x30ff));
        let (first, _) = there.first()?;
        if usual
            || (kana(first) && there.len() < 2)
            || (kind == Named::Branch && (there.len() * 2 < words.len() || there.len() == words.len()))
        {
            return None;
        }
        let rarest = there.iter().map(|(w, _)| self.word_share(w, kind, orders)).fold(f64::MAX, f64::min);
        let odds = if there.len() > 1 { 0.6 / (rarest + 0.01) } else { 0.5 / (rarest + 0.03) };
        (odds > 1.0).then_some((there.len(), Hit { phrase, kind, odds, whole: false }))
    }

    /// "Reading lamp" names no floor lamp, and no lamp: what only shares words with a longer phrase that is named wholly counts little.
    fn without_parts(&self, hits: &mut Vec<(usize, Hit)>) {
        let words = |phrase: u32| self.words[phrase as usize - 1].split(' ');
        for kind in [Named::Product, Named::Branch] {
            let mut wholes: Vec<(usize, u32)> =
                hits.iter().filter(|(_, h)| h.kind == kind && h.whole).map(|(n, h)| (*n, h.phrase)).collect();
            wholes.sort_unstable_by(|a, b| b.cmp(a));
            wholes.truncate(8);
            hits.retain_mut(|(matched, hit)| {
                let explained = hit.kind == kind
                    && wholes.iter().any(|(n, longer)| {
                        *longer != hit.phrase
                            && (n > matched || !hit.whole)
                            && words(hit.phrase).filter(|w| words(*longer).any(|l| l == *w)).count()
                                >= *matched
                    });
                if explained && hit.whole {
                    (hit.odds, hit.whole) = (hit.odds.min(1.5), false);
                    return true;
                }
                !explained
            });
        }
    }

    /// Sorts and gives spare memory back.
    pub fn settle(&mut self) {
        self.by_words.settle();
        self.by_word.settle();
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let texts = self.texts.iter().chain(&self.words).map(|t| t.len() + 16).sum::<usize>();
        texts
            + self.counts.capacity() * 12
            + self.word_counts.len() * 20
            + self.by_words.bytes()
            + self.by_word.bytes()
    }
}

/// Whether words stand near each other somewhere; those of a branch in their order.
fn is_near(there: &[(&str, &Vec<u32>)], ordered: bool) -> bool {
    let Some((_, places)) = there.first() else { return false };
    let reach = there.len() as u32 + 5;
    places.iter().any(|first| {
        let mut last = *first;
        there[1..].iter().all(|(_, places)| {
            let next = places.iter().find(|at| match ordered {
                true => (last + 1..=last + 2).contains(at),
                false => at.abs_diff(*first) <= reach,
            });
            last = next.copied().unwrap_or(last);
            next.is_some()
        })
    })
}

/// Whether a word of a text is a name, or the name with an ending that cases give it: "Gretas", "Марине", "Олегу". Paula is not Paul.
fn inflected(name: &str, word: &str) -> bool {
    if name == word {
        return true;
    }
    if name.len() < 4 || !name.is_ascii() {
        return false;
    }
    let behind = |stem: &str, ends: &[&str]| word.strip_prefix(stem).is_some_and(|end| ends.contains(&end));
    match name.strip_suffix('a') {
        Some(bare) => behind(bare, &["e", "y", "i", "u", "ie", "oi", "as"]),
        None => behind(name, &["s", "u", "owi", "em", "om", "ovi"]),
    }
}
