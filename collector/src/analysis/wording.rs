//! A text as weighted, hashed words of unit length: what the owner's corrections are compared by. Words that carry a matter weigh
//! most, small words next to nothing. It knows no label.

use std::{collections::HashSet, sync::LazyLock};

use super::{
    fold::fold,
    terms::rows,
    tokens::{Class, Tokens, is_unspaced},
};

/// Hashes and weights, rising by hash; the squares of the weights add up to 1.
pub type Wording = Vec<(u32, f32)>;

/// Words of a text that are looked at.
const MOST_WORDS: usize = 400;
/// Letters of a word's beginning by which its other forms are known.
const STEM: usize = 5;

static SMALL: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let lists = rows(include_str!("../../data/stopwords.tsv"));
    lists.filter_map(|cells| cells.get(1).copied()).flat_map(|words| words.split(' ')).map(fold).collect()
});

/// Whether a folded word is one of those that every text has.
pub fn is_small(word: &str) -> bool {
    SMALL.contains(word)
}

/// The beginning by which other forms of a folded word are known.
pub fn stem(word: &str) -> &str {
    word.char_indices().nth(STEM).map_or(word, |(at, _)| &word[..at])
}

/// A name as a number, apart from the words of a text.
pub fn named(name: &str) -> u32 {
    hash(name.as_bytes(), 9)
}

fn hash(text: &[u8], seed: u32) -> u32 {
    let start = 0x811C_9DC5 ^ seed.wrapping_mul(0x9E37_79B1);
    let h = text.iter().fold(start, |h, &b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
    (h ^ (h >> 15)).wrapping_mul(0x85EB_CA77)
}

/// The wording of a whole text.
pub fn of(tokens: &Tokens) -> Wording {
    let mut found: Vec<(u32, f32)> = Vec::new();
    // The word before, and whether it is small; none at the head of a sentence.
    let mut before: Option<(u32, bool)> = None;
    for token in tokens.list().iter().take(MOST_WORDS) {
        let word = tokens.folded(token);
        match token.class {
            Class::Word => {}
            Class::Sign => {
                found.push((hash(word.as_bytes(), 1), 1.0));
                continue;
            }
            Class::Stop => {
                before = None;
                continue;
            }
            _ => continue,
        }
        if word.chars().next().is_some_and(is_unspaced) {
            let letters: Vec<char> = word.chars().collect();
            for pair in letters.windows(2) {
                found.push((hash(pair.iter().collect::<String>().as_bytes(), 4), 1.0));
            }
            continue;
        }
        let (own, small) = (hash(word.as_bytes(), 1), is_small(word));
        found.push((own, if small { 0.15 } else { 1.0 }));
        let stem = stem(word);
        if !small && stem.len() < word.len() {
            found.push((hash(stem.as_bytes(), 2), 0.6));
        }
        if let Some((other, was_small)) = before {
            let weight = match (small, was_small) {
                (true, true) => 0.1,
                (false, false) => 0.8,
                // "Not good", "so sick": what the small word does to the other.
                _ => 0.6,
            };
            found.push((hash(&own.to_le_bytes(), other), weight));
        }
        before = Some((own, small));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    found.dedup_by_key(|(hash, _)| *hash);
    let length = found.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(1e-6);
    found.iter_mut().for_each(|(_, w)| *w /= length);
    found
}
