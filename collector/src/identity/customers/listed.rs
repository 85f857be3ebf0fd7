//! Short texts that many share, each kept once with how many do: towns, languages. It knows nothing of whose they are.

use super::pairs::{Pairs, hash, short};

/// Short texts by number, from 1.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// By number less one.
    pub texts: Vec<Box<str>>,
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

    /// One more shares it; its number.
    pub fn count(&mut self, text: &str) -> u32 {
        let number = self.find(text).unwrap_or_else(|| {
            self.texts.push(text.into());
            self.counts.push(0);
            let number = self.texts.len() as u32;
            self.by_hash.add(short(hash(text)), number);
            number
        });
        self.counts[number as usize - 1] += 1;
        number
    }
}
