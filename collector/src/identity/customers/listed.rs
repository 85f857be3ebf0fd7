//! Short texts that many share, each kept once with how many do: towns, languages. It knows nothing of whose they are.

use super::pairs::{Pairs, hash, short};

/// Short texts by number, from 1.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// By number less one.
    pub texts: Vec<Box<str>>,
    /// Each as it was written.
    written: Vec<Box<str>>,
    /// How many share each.
    pub counts: Vec<u32>,
    /// Numbers by hash.
    pub by_hash: Pairs,
}

impl Listed {
    /// The number of a text that is, or was, somebody's.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.by_hash.of(short(hash(text))).find(|n| *self.texts[*n as usize - 1] == *text)
    }

    /// As it was written: of several ways the one that is not in capitals throughout, then the first by its letters, in whatever order
    /// they came. Empty where there is no such number.
    pub fn written(&self, number: u32) -> &str {
        number.checked_sub(1).map_or("", |at| &self.written[at as usize])
    }

    /// One more shares it, written so; its number.
    pub fn count(&mut self, text: &str, written: &str) -> u32 {
        let number = self.find(text).unwrap_or_else(|| {
            self.texts.push(text.into());
            self.written.push(written.into());
            self.counts.push(0);
            let number = self.texts.len() as u32;
            self.by_hash.add(short(hash(text)), number);
            number
        });
        let rank = |text: &str| (text.to_uppercase() == text, text.to_owned());
        let before = &mut self.written[number as usize - 1];
        if **before != *written && rank(written) < rank(before) {
            *before = written.into();
        }
        self.counts[number as usize - 1] += 1;
        number
    }
}
