//! Small words ("the", "und") that tell a language on a short text: which languages use a word, and which language leads in a text.
//! It knows words and codes; what the lead is worth is decided in `language.rs`.

/// Languages at most.
const MOST: usize = 32;
/// Longer words of a text, in bytes, are no small words.
const LONGEST: usize = 12;

/// Sixteen bytes of a word, nothing after its end.
type Key = [u8; 16];

/// The small words of some languages. Open addressing by a hash of the word's bytes.
#[derive(Clone, Debug)]
pub struct SmallWords {
    tongues: Vec<&'static str>,
    /// A word and a bit for each language that uses it; no bit is a free place.
    cells: Vec<(u128, u32)>,
    /// What a word counts that so many languages share.
    shares: [f32; MOST + 1],
}

impl SmallWords {
    /// Of rows of a code and words. Languages past the 32nd and words of more than sixteen bytes are left out.
    pub fn new<'a>(lists: impl Iterator<Item = (&'static str, &'a str)>) -> Self {
        let mut words: Vec<(u128, u32)> = Vec::new();
        let mut tongues = Vec::new();
        for (number, (code, list)) in lists.take(MOST).enumerate() {
            tongues.push(code);
            for word in list.split(' ').filter_map(|word| key(word.as_bytes())) {
                match words.iter_mut().find(|(known, _)| *known == word) {
                    Some((_, bits)) => *bits |= 1 << number,
                    None => words.push((word, 1 << number)),
                }
            }
        }
        let mut cells = vec![(0, 0); (4 * words.len() + 1).next_power_of_two()];
        let mask = cells.len() - 1;
        for (word, bits) in words {
            let mut at = place(word) & mask;
            while cells[at].1 != 0 {
                at = (at + 1) & mask;
            }
            cells[at] = (word, bits);
        }
        Self { tongues, cells, shares: std::array::from_fn(|n| 1.0 / (n as f32).powf(0.7)) }
    }

    /// The language with most small words, and by how many it leads; words that several languages share count less.
    pub fn lead(&self, text: &str) -> Option<(&'static str, f32)> {
        let mut scores = [0f32; MOST];
        let bytes = text.as_bytes();
        let (mut from, mut at, mut plain) = (0, 0, true);
        loop {
            // Letters, digits and apostrophes make a word.
            let width = match bytes.get(at) {
                None => 0,
                Some(byte) if byte.is_ascii() => usize::from(byte.is_ascii_alphanumeric() || *byte == b'\''),
                Some(_) => match text[at..].chars().next() {
                    Some(c) if c.is_alphanumeric() || c == '’' => {
                        plain = false;
                        c.len_utf8()
                    }
                    _ => 0,
                },
            };
            if width > 0 {
                at += width;
                continue;
            }
            if at > from && at - from <= LONGEST {
                let key = if plain { plain_key(bytes, from, at - from) } else { other_key(&text[from..at]) };
                self.count(key, &mut scores);
            }
            let Some(c) = text[at..].chars().next() else { break };
            at += c.len_utf8();
            (from, plain) = (at, true);
        }
        let scores = &scores[..self.tongues.len()];
        if scores.len() < 2 {
            return None;
        }
        let best = |but: usize| {
            (0..scores.len()).filter(|n| *n != but).fold(usize::MAX, |best, n| match scores.get(best) {
                Some(score) if *score >= scores[n] => best,
                _ => n,
            })
        };
        let first = best(usize::MAX);
        let second = best(first);
        if scores[first] <= 0.0 { None } else { Some((self.tongues[first], scores[first] - scores[second])) }
    }

    /// Counts a word for the languages that use it, or of one with an apostrophe what stands before that.
    fn count(&self, word: u128, scores: &mut [f32; MOST]) {
        let mut bits = self.find(word);
        if bits == 0
            && let Some(end) = word.to_le_bytes().iter().position(|byte| *byte == b'\'')
        {
            bits = self.find(word & ((1 << (8 * end)) - 1));
        }
        let share = self.shares[bits.count_ones() as usize];
        while bits != 0 {
            scores[bits.trailing_zeros() as usize] += share;
            bits &= bits - 1;
        }
    }

    /// The languages that use a word.
    #[inline]
    fn find(&self, word: u128) -> u32 {
        let mut at = place(word);
        loop {
            match self.cells.get(at & (self.cells.len() - 1)) {
                Some((_, 0)) | None => return 0,
                Some((known, bits)) if *known == word => return *bits,
                Some(_) => at += 1,
            }
        }
    }
}

fn key(word: &[u8]) -> Option<u128> {
    let mut key: Key = [0; 16];
    key.get_mut(..word.len())?.copy_from_slice(word);
    Some(u128::from_le_bytes(key))
}

/// The key of a word of at most [`LONGEST`] plain characters. Sixteen bytes are taken where there are so many, and those of the word kept.
#[inline]
fn plain_key(text: &[u8], from: usize, length: usize) -> u128 {
    let mut low: Key = match text[from..].first_chunk() {
        Some(bytes) => *bytes,
        None => {
            let mut low = [0; 16];
            low[..length].copy_from_slice(&text[from..from + length]);
            low
        }
    };
    low.make_ascii_lowercase();
    u128::from_le_bytes(low) & ((1 << (8 * length)) - 1)
}

/// The key of any other word; of one that does not fit, nothing's.
fn other_key(word: &str) -> u128 {
    let (mut low, mut length): (Key, _) = ([0; 16], 0);
    for c in word.chars().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }) {
        let mut buffer = [0; 4];
        let bytes = c.encode_utf8(&mut buffer).as_bytes();
        let Some(slot) = low.get_mut(length..length + bytes.len()) else { return 0 };
        slot.copy_from_slice(bytes);
        length += bytes.len();
    }
    u128::from_le_bytes(low)
}

#[inline]
fn place(word: u128) -> usize {
    let (low, high) = (word as u64, (word >> 64) as u64);
    ((low ^ high.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}
