//! Word lists: reads the TSV files and finds their terms in a text. A trailing `*` matches any ending, `..` stands for up to
//! three words, several words make a phrase; where terms overlap the longest counts. It does not know what the terms mean.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use super::{
    fold::fold,
    tokens::{Class, Token, Tokens},
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

    /// Whether a term stands anywhere.
    pub fn any(&self, tokens: &Tokens) -> bool {
        (0..tokens.list().len()).any(|at| {
            let mut any = false;
            self.at(tokens, at, |_| any = true);
            any
        })
    }

    /// The longest term at each place, none overlapping, in order.
    pub fn longest(&self, tokens: &Tokens) -> Vec<Found<T>> {
        self.longest_where(tokens, |_| true)
    }

    /// The same where it is known at which tokens none begins.
    pub fn longest_where(&self, tokens: &Tokens, begins: impl Fn(usize) -> bool) -> Vec<Found<T>> {
        let mut found: Vec<Found<T>> = Vec::new();
        let mut at = 0;
        while at < tokens.list().len() {
            if !begins(at) {
                at += 1;
                continue;
            }
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

/// Which tokens may begin a term, for several lists at once: one look at a word instead of one for each list and each length of a stem.
/// It may say yes in vain, never no.
#[derive(Clone, Debug, Default)]
pub struct Heads {
    /// Open addressing: 24 bits of a hash, four of lists with that word, four of lists with that stem; 0 is free.
    cells: Vec<u32>,
    /// Bit n: there is a stem of n bytes.
    stem_lengths: u64,
}

/// Of every list.
const EVERY: u8 = 0b1111;

/// Collects the words and stems of lists.
#[derive(Debug, Default)]
pub struct Gathered {
    bits: FastMap<u32, u8>,
    stem_lengths: u64,
}

impl Gathered {
    /// Adds the terms of a list (number 0 to 3).
    pub fn add<T>(&mut self, list: u8, terms: &Terms<T>) {
        let words = terms.words.keys().map(|word| (word, 1 << list));
        for (word, bit) in words.chain(terms.stems.keys().map(|stem| (stem, 16 << list))) {
            let hash = word.bytes().fold(Heads::BEGIN, Heads::step);
            *self.bits.entry(Heads::mixed(hash)).or_default() |= bit;
        }
        self.stem_lengths |= terms.stem_lengths;
    }
}

impl Heads {
    /// Of the lists gathered.
    pub fn new(gathered: Gathered) -> Self {
        let size = (4 * gathered.bits.len() + 1).next_power_of_two();
        let mut cells = vec![0u32; size];
        for (hash, bits) in gathered.bits {
            let mut at = hash as usize & (size - 1);
            while cells[at] != 0 && (cells[at] ^ hash) >> 8 != 0 {
                at = (at + 1) & (size - 1);
            }
            cells[at] = hash & !0xFF | cells[at] & 0xFF | u32::from(bits);
        }
        Self { cells, stem_lengths: gathered.stem_lengths }
    }

    /// For each token a bit for each list that may have a term that begins there.
    pub fn of(&self, tokens: &Tokens) -> Vec<u8> {
        let of = |token: &Token| match token.class {
            // Its word is also looked for with single letters.
            Class::Word | Class::Number if token.stretched => EVERY,
            Class::Word | Class::Number => self.find(tokens.folded(token).as_bytes()),
            _ => 0,
        };
        tokens.list().iter().map(of).collect()
    }

    fn find(&self, word: &[u8]) -> u8 {
        let (mut hash, mut found) = (Self::BEGIN, 0);
        for (n, &byte) in word.iter().enumerate() {
            hash = Self::step(hash, byte);
            if self.stem_lengths >> (n + 1).min(63) & 1 == 1 {
                found |= self.get(Self::mixed(hash)) >> 4;
            }
        }
        found | self.get(Self::mixed(hash)) & EVERY
    }

    fn get(&self, hash: u32) -> u8 {
        let mut at = hash as usize;
        loop {
            match self.cells.get(at & self.cells.len().wrapping_sub(1)) {
                Some(0) | None => return 0,
                Some(cell) if (cell ^ hash) >> 8 == 0 => return (cell & 0xFF) as u8,
                Some(_) => at += 1,
            }
        }
    }

    const BEGIN: u32 = 0x811C_9DC5;

    fn step(hash: u32, byte: u8) -> u32 {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    }

    fn mixed(hash: u32) -> u32 {
        let h = (hash ^ hash >> 15).wrapping_mul(0x2C1B_3C6D);
        h ^ h >> 13
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
