//! Word lists: reads the TSV files and finds their terms in a text. A trailing `*` matches any ending, `..` stands for up to
//! three words, several words make a phrase; where terms overlap the longest counts. It does not know what the terms mean.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use super::{
    fold::fold,
    tokens::{Class, Tokens},
};

/// FNV-1a: the lists are ours and short, so a fast hash is enough.
#[derive(Clone, Copy)]
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = (self.0 ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// A map hashed with [`Fnv`].
pub type FastMap<K, V> = HashMap<K, V, BuildHasherDefault<Fnv>>;

#[derive(Clone, Debug)]
enum Part {
    Word(Box<str>),
    Stem(Box<str>),
    Gap,
}

#[derive(Clone, Debug)]
struct Term<T> {
    rest: Box<[Part]>,
    means: T,
}

/// The terms of one language, each with what it means.
#[derive(Clone, Debug)]
pub struct Terms<T> {
    terms: Vec<Term<T>>,
    /// First word (or stem) to the terms that begin with it.
    words: FastMap<Box<str>, Vec<u32>>,
    stems: FastMap<Box<str>, Vec<u32>>,
    /// Bit n: there is a stem of n bytes.
    stem_lengths: u64,
}

impl<T> Default for Terms<T> {
    fn default() -> Self {
        Self { terms: Vec::new(), words: FastMap::default(), stems: FastMap::default(), stem_lengths: 0 }
    }
}

/// A term found: tokens `from..to`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found<T> {
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
    /// What it means.
    pub means: T,
}

impl<T: Copy> Terms<T> {
    /// Adds one term as it is written in the file. Empty terms are ignored.
    pub fn add(&mut self, term: &str, means: T) {
        let folded = fold(term);
        let mut parts = folded.split_whitespace().map(|word| match word.strip_suffix('*') {
            _ if word == ".." => Part::Gap,
            Some(stem) => Part::Stem(stem.into()),
            None => Part::Word(word.into()),
        });
        let Some(first) = parts.next() else { return };
        let id = self.terms.len() as u32;
        match first {
            Part::Word(word) => self.words.entry(word).or_default().push(id),
            Part::Stem(stem) if !stem.is_empty() => {
                self.stem_lengths |= 1 << stem.len().min(63);
                self.stems.entry(stem).or_default().push(id);
            }
            Part::Stem(_) | Part::Gap => return,
        }
        self.terms.push(Term { rest: parts.collect(), means });
    }

    /// How many terms there are.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Every term that begins at token `at`.
    pub fn at(&self, tokens: &Tokens, at: usize, mut each: impl FnMut(Found<T>)) {
        let token = &tokens.list()[at];
        if !matches!(token.class, Class::Word | Class::Number) {
            return;
        }
        let word = tokens.word(at);
        let mut squeezed = String::new();
        self.beginning(word, tokens, at, &mut each);
        if token.stretched {
            squeeze(word, &mut squeezed);
            if squeezed != word {
                self.beginning(&squeezed, tokens, at, &mut each);
            }
        }
    }

    fn beginning(&self, word: &str, tokens: &Tokens, at: usize, each: &mut impl FnMut(Found<T>)) {
        let mut look = |ids: &Vec<u32>| {
            for &id in ids {
                let term = &self.terms[id as usize];
                if let Some(to) = follow(&term.rest, tokens, at + 1) {
                    each(Found { from: at, to, means: term.means });
                }
            }
        };
        if let Some(ids) = self.words.get(word) {
            look(ids);
        }
        let mut lengths = self.stem_lengths & (u64::MAX >> (63 - word.len().min(63)));
        while lengths != 0 {
            let n = lengths.trailing_zeros() as usize;
            lengths &= lengths - 1;
            if let Some(stem) = word.get(..n)
                && let Some(ids) = self.stems.get(stem)
            {
                look(ids);
            }
        }
    }

    /// The longest term at each place, none overlapping, in order.
    pub fn longest(&self, tokens: &Tokens) -> Vec<Found<T>> {
        let mut found: Vec<Found<T>> = Vec::new();
        let mut at = 0;
        while at < tokens.list().len() {
            let mut best: Option<Found<T>> = None;
            // Of equally long terms the later one in the file counts, so that a list can correct itself.
            self.at(tokens, at, |f| {
                if best.as_ref().is_none_or(|b| f.to >= b.to) {
                    best = Some(f);
                }
            });
            match best {
                Some(f) => {
                    at = f.to.max(at + 1);
                    found.push(f);
                }
                None => at += 1,
            }
        }
        found
    }
}

/// Where the rest of a phrase ends, if it follows from token `at`.
fn follow(rest: &[Part], tokens: &Tokens, at: usize) -> Option<usize> {
    let Some((first, more)) = rest.split_first() else { return Some(at) };
    match first {
        Part::Gap => (0..=3).find_map(|skip| {
            let within = tokens.list().get(at..at + skip)?.iter().all(|t| t.class == Class::Word);
            if within { follow(more, tokens, at + skip) } else { None }
        }),
        part => {
            let token = tokens.list().get(at)?;
            if !matches!(token.class, Class::Word | Class::Number) {
                return None;
            }
            let word = tokens.folded(token);
            let fits = match part {
                Part::Word(w) => **w == *word,
                Part::Stem(s) => word.starts_with(&**s),
                Part::Gap => false,
            };
            if fits { follow(more, tokens, at + 1) } else { None }
        }
    }
}

/// "soo" to "so".
fn squeeze(word: &str, out: &mut String) {
    let mut last = '\0';
    for c in word.chars() {
        if c != last {
            out.push(c);
        }
        last = c;
    }
}

/// The rows of a TSV list: cells of each line, without comments and empty lines.
pub fn rows(file: &str) -> impl Iterator<Item = Vec<&str>> {
    file.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()).map(|l| l.split('\t').collect())
}
