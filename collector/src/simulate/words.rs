//! The phrases of the made-up customers: lists by language, theme and feeling, dealt like cards so that nothing is said twice
//! before everything was said once. Pure: the same seed deals the same hand.

use std::collections::BTreeMap;

use rand::{Rng, rngs::StdRng, seq::SliceRandom};

use super::post::Feel;

const FILES: [(&str, &str); 4] = [
    ("en", include_str!("../../data/simulate/en.txt")),
    ("de", include_str!("../../data/simulate/de.txt")),
    ("es", include_str!("../../data/simulate/es.txt")),
    ("fr", include_str!("../../data/simulate/fr.txt")),
];

/// A list and how far it has been dealt.
#[derive(Debug)]
struct Deck {
    cards: Vec<&'static str>,
    dealt: usize,
}

/// All phrases of all languages.
#[derive(Debug)]
pub(super) struct Words {
    decks: BTreeMap<(&'static str, &'static str, Feel), Deck>,
    slots: BTreeMap<(&'static str, &'static str), Vec<&'static str>>,
}

impl Words {
    /// Reads the lists and shuffles them.
    pub fn new(rng: &mut StdRng) -> Self {
        let mut words = Self { decks: BTreeMap::new(), slots: BTreeMap::new() };
        for (lang, text) in FILES {
            words.read(lang, text);
        }
        for deck in words.decks.values_mut() {
            deck.cards.shuffle(rng);
        }
        words
    }

    fn read(&mut self, lang: &'static str, text: &'static str) {
        let mut list = None;
        for line in text.lines().map(str::trim) {
            if let Some(slot) = line.strip_prefix("= ") {
                if let Some((name, values)) = slot.split_once(':') {
                    self.slots.insert((lang, name.trim()), values.split('|').map(str::trim).collect());
                }
            } else if let Some(head) = line.strip_prefix("## ") {
                list = head.split_once(' ').and_then(|(theme, feel)| Some((lang, theme, Feel::parse(feel)?)));
            } else if let Some(key) = list.filter(|_| !line.is_empty() && !line.starts_with("# ")) {
                let deck = self.decks.entry(key).or_insert(Deck { cards: Vec::new(), dealt: 0 });
                // Titles stand several on a line.
                if key.1.starts_with("title") {
                    deck.cards.extend(line.split('|').map(str::trim));
                } else {
                    deck.cards.push(line);
                }
            }
        }
    }

    /// Whether anything can be said on that.
    pub fn has(&self, lang: &'static str, theme: &'static str, feel: Feel) -> bool {
        self.decks.contains_key(&(lang, theme, feel))
    }

    /// The next phrase of a list, filled in; empty where there is no such list.
    pub fn say(&mut self, rng: &mut StdRng, lang: &'static str, theme: &'static str, feel: Feel) -> String {
        let Some(deck) = self.decks.get_mut(&(lang, theme, feel)) else { return String::new() };
        if deck.dealt == deck.cards.len() {
            deck.cards.shuffle(rng);
            deck.dealt = 0;
        }
        let card = deck.cards[deck.dealt];
        deck.dealt += 1;
        self.fill(rng, lang, card)
    }

    /// Picks one of `[a|b]` and fills `{slot}`; `{line}` stays for the caller.
    fn fill(&self, rng: &mut StdRng, lang: &'static str, card: &str) -> String {
        let mut out = String::with_capacity(card.len() + 24);
        let mut rest = card;
        while let Some(at) = rest.find(['[', '{']) {
            out.push_str(&rest[..at]);
            let close = if rest[at..].starts_with('[') { ']' } else { '}' };
            let Some(end) = rest[at..].find(close).map(|e| at + e) else { break };
            let inner = &rest[at + 1..end];
            if close == ']' {
                let choices: Vec<&str> = inner.split('|').collect();
                out.push_str(choices[rng.random_range(0..choices.len())]);
            } else if let Some(values) = self.slots.get(&(lang, inner)) {
                out.push_str(values[rng.random_range(0..values.len())]);
            } else {
                out.push_str(&rest[at..=end]);
            }
            rest = &rest[end + 1..];
        }
        out.push_str(rest);
        // What fills a slot may begin with a vowel.
        capitalised(&out.replace(" a old ", " an old ").replace(" a e-bike", " an e-bike"))
    }
}

/// The text with its first letter large: slots may stand at the beginning.
fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// First words that may be made small in the middle of an English sentence.
const SMALL: [&str; 22] = [
    "The", "They", "My", "It", "Nobody", "Quoted", "Charged", "Waited", "Paid", "Promised", "Rang", "Same",
    "After", "No", "Ordered", "Found", "Told", "Third", "Asked", "Had", "Hired", "Brakes",
];

/// `sentence` as the continuation of another one; none where its first word must stay large.
pub(super) fn continued(sentence: &str) -> Option<String> {
    let first = sentence.split_whitespace().next()?;
    if first == "I" || first.starts_with("I'") {
        return Some(sentence.to_owned());
    }
    SMALL.contains(&first).then(|| {
        let mut chars = sentence.chars();
        chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
    })
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn every_phrase_can_be_filled() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut words = Words::new(&mut rng);
        let lists: Vec<_> = words.decks.iter().map(|(k, d)| (*k, d.cards.len())).collect();
        for ((lang, theme, feel), n) in lists {
            for _ in 0..n * 3 {
                let said = words.say(&mut rng, lang, theme, feel).replace("{line}", "");
                assert!(!said.contains(['[', ']', '{', '}', '|']), "{lang} {theme}: {said}");
                assert!(!said.contains("  ") && !said.is_empty(), "{lang} {theme}: {said}");
            }
        }
    }
}
