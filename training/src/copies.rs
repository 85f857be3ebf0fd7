//! Near copies: the public sets hold the same text several times, escaped differently or with other names masked. A text that is
//! measured on must not be learned from in any of its forms, and a text kept back must not be learned from by its copy.

use std::collections::{HashSet, hash_map::DefaultHasher};
use std::hash::{Hash, Hasher};

/// Words in a row that make a print of a text.
const ROW: usize = 6;

/// Prints of the texts seen so far.
#[derive(Default)]
pub struct Seen(HashSet<u64>);

fn prints(text: &str) -> Vec<u64> {
    let low = text.to_lowercase();
    let words: Vec<&str> = low
        .split_whitespace()
        .filter(|w| !w.starts_with('@') && !w.starts_with("http"))
        .flat_map(|w| w.split(|c: char| !c.is_alphanumeric()))
        .filter(|w| !w.is_empty())
        .collect();
    words
        .windows(ROW)
        .map(|row| {
            let mut hasher = DefaultHasher::new();
            row.hash(&mut hasher);
            hasher.finish()
        })
        .collect()
}

impl Seen {
    /// Whether at least four in ten of its prints have been seen. Texts of fewer than six words are never copies.
    pub fn knows(&self, text: &str) -> bool {
        let prints = prints(text);
        !prints.is_empty() && prints.iter().filter(|p| self.0.contains(p)).count() * 10 >= prints.len() * 4
    }

    /// Remembers a text.
    pub fn add(&mut self, text: &str) {
        self.0.extend(prints(text));
    }
}
