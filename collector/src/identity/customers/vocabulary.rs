//! The words of all names, each kept once with how many bear it, and found by its letters, by its sound and by a slip. It knows
//! no customers.

use super::pairs::{Pairs, hash, short};
use crate::identity::names::{
    sounds,
    spelling::{self, Spelt},
};

/// Tells keys made of bones from those made of sounds.
const BONES: u64 = 0x9D2C_5680_0B0E_5501;

#[derive(Clone, Copy, Debug, Default)]
struct Word {
    text: u32,
    length: u8,
    given: u32,
    family: u32,
}

/// Every word, by number.
#[derive(Debug, Default)]
pub struct Vocabulary {
    words: Vec<Word>,
    letters: String,
    by_letters: Pairs,
    near: Pairs,
    sounding: Pairs,
}

impl Vocabulary {
    /// The number of a word, a new one if need be.
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(word) = self.find(text) {
            return word;
        }
        let word = self.words.len() as u32;
        self.words.push(Word {
            text: self.letters.len() as u32,
            length: text.len() as u8,
            ..Word::default()
        });
        self.letters.push_str(text);
        self.by_letters.add(short(hash(text)), word);
        if let Some((head, tail)) = sounds::halves(text, text.len()) {
            self.near.add(half_key(head, text.len(), false), word);
            self.near.add(half_key(tail, text.len(), true), word);
        }
        self.sounding.add(short(hash(&sounds::sound(text))), word);
        for bones in spelling::bones(text).into_iter().flatten() {
            self.sounding.add(short(hash(&bones) ^ BONES), word);
        }
        word
    }

    /// How many words there are, those included that nobody bears any more.
    pub fn total(&self) -> usize {
        self.words.len()
    }

    /// Whether a word is, or was, part of anybody's name.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.by_letters.of(short(hash(text))).find(|word| self.text(*word) == text)
    }

    /// A word's letters.
    pub fn text(&self, word: u32) -> &str {
        let word = &self.words[word as usize];
        &self.letters[word.text as usize..word.text as usize + usize::from(word.length)]
    }

    /// How many bear a word: as a given name, as a family name.
    pub fn counts(&self, word: u32) -> (u32, u32) {
        let word = &self.words[word as usize];
        (word.given, word.family)
    }

    /// One more, or one less, bears it.
    pub fn count(&mut self, word: u32, given: bool, family: bool, more: bool) {
        let word = &mut self.words[word as usize];
        let (g, f) = (u32::from(given), u32::from(family));
        (word.given, word.family) =
            if more { (word.given + g, word.family + f) } else { (word.given - g, word.family - f) };
    }

    /// Words that may be a slip of `text`.
    pub fn slips(&self, text: &str) -> Vec<u32> {
        let mut found = Vec::new();
        let lengths = text.len().saturating_sub(1).max(4)..=(text.len() + 1).min(60);
        for length in lengths {
            let Some((head, tail)) = sounds::halves(text, length) else { continue };
            let heads = self.near.of(half_key(head, length, false));
            let tails = self.near.of(half_key(tail, length, true));
            found.extend(heads.chain(tails).filter(|w| sounds::one_apart(self.text(*w), text)));
        }
        found.extend(sounds::middle_swapped(text).and_then(|t| self.find(&t)));
        found.sort_unstable();
        found.dedup();
        found.retain(|w| self.text(*w) != text);
        found
    }

    /// Words that sound like `text` but are written otherwise; those that may be the same in another spelling are only near. Who
    /// shows what somebody bears spells it so: then only the sound is looked up.
    pub fn alike(&self, text: &str) -> Vec<(u32, Spelt)> {
        let mut found: Vec<(u32, Spelt)> =
            self.sounding_as(text).into_iter().map(|word| (word, Spelt::Alike)).collect();
        if self.find(text).is_some_and(|word| self.counts(word) != (0, 0)) {
            return found;
        }
        for bones in spelling::bones(text).into_iter().flatten() {
            let others =
                self.sounding.of(short(hash(&bones) ^ BONES)).filter(|word| self.text(*word) != text);
            found.extend(others.filter_map(|word| Some((word, spelling::spelt(text, self.text(word))?))));
        }
        // Of both ways the nearer one counts.
        found.sort_unstable_by_key(|(word, spelt)| (*word, *spelt == Spelt::Near));
        found.dedup_by_key(|(word, _)| *word);
        found
    }

    /// Words that sound just like `text` but are written otherwise.
    fn sounding_as(&self, text: &str) -> Vec<u32> {
        let said = sounds::sound(text);
        let words = self.sounding.of(short(hash(&said)));
        words.filter(|w| self.text(*w) != text && sounds::sound(self.text(*w)) == said).collect()
    }

    /// Given names that sound just like `text`, of which it is known how it sounds, but are written otherwise.
    pub fn given_like<'a>(&'a self, text: &'a str, said: &'a str) -> impl Iterator<Item = u32> + 'a {
        let words = self.sounding.of(short(hash(said)));
        words.filter(move |w| {
            let other = self.text(*w);
            other != text
                && self.counts(*w).0 > 0
                && !sounds::other_ending(text, other)
                && sounds::sound(other) == said
        })
    }

    /// Sorts and gives spare memory back.
    pub fn settle(&mut self) {
        self.words.shrink_to_fit();
        self.letters.shrink_to_fit();
        [&mut self.by_letters, &mut self.near, &mut self.sounding].into_iter().for_each(Pairs::settle);
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let pairs = [&self.by_letters, &self.near, &self.sounding];
        self.words.capacity() * size_of::<Word>()
            + self.letters.capacity()
            + pairs.into_iter().map(Pairs::bytes).sum::<usize>()
    }
}

fn half_key(half: &str, length: usize, tail: bool) -> u32 {
    short(hash(half) ^ ((length as u64) << 1 | u64::from(tail)).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}
