//! A text as hashed features for the learned weights: words, pairs of words, pieces of words, each also under the kind of text.
//! Training and use read texts by this very file, so that they cannot differ.

use super::tokens::{Class, Tokens, is_unspaced};

/// Buckets that features are hashed into: 2 to this power.
pub const BITS: u32 = 20;

/// What a text is, as far as features are concerned: 0 posts, 1 reviews, 2 a clause about a theme.
pub const CLAUSE: usize = 2;

/// A feature and the token that it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Feature {
    /// 32 bits; the lowest [`BITS`] are the bucket.
    pub hash: u32,
    /// The token.
    pub token: u16,
}

fn mix(seed: u32, value: u32) -> u32 {
    let mut h = (seed ^ value.rotate_left(13)).wrapping_mul(0x9E37_79B1);
    h ^= h >> 15;
    h = h.wrapping_mul(0x85EB_CA77);
    h ^ (h >> 13)
}

fn hash(text: &[u8], seed: u32) -> u32 {
    let mut h = seed ^ BASIS;
    for &b in text {
        h = (h ^ u32::from(b)).wrapping_mul(PRIME);
    }
    mix(h, text.len() as u32)
}

/// FNV-1a.
const BASIS: u32 = 0x811C_9DC5;
const PRIME: u32 = 0x0100_0193;
const NEGATED: u32 = 0x5bd1_e995;
const PIECE: u32 = 77;

/// The distinct features of tokens `from..to`, each with the first token that it came from. `near` is a theme's own tokens: for a clause, the words beside it count
/// also by the side they stand on.
pub fn collect(
    tokens: &Tokens,
    negated: &[bool],
    (from, to): (usize, usize),
    group: usize,
    near: Option<(usize, usize)>,
    out: &mut Vec<Feature>,
) {
    let to = to.min(tokens.list().len());
    // A word yields at most nine features, and three for each of its letters and ends.
    let most =
        tokens.list().get(from..to).unwrap_or_default().iter().map(|t| 15 + 3 * (t.to - t.at) as usize).sum();
    let mut out = Distinct::new(most, out);
    let own = 11 + group as u32;
    let (mut one_back, mut two_back) = (1u32, 1u32);
    let mut padded: Vec<u8> = Vec::with_capacity(64);
    for at in from..to {
        let token = &tokens.list()[at];
        let word = tokens.folded(token);
        let mut h = match token.class {
            Class::Number => hash(b"0", 3),
            Class::Pause => continue,
            Class::Stop if word == "." || word == "\n" || word == "|" => {
                (one_back, two_back) = (1, 1);
                continue;
            }
            _ => hash(word.as_bytes(), 5),
        };
        if negated.get(at).copied().unwrap_or(false) {
            h ^= NEGATED;
        }
        let place = at.min(usize::from(u16::MAX)) as u16;
        let mut push = |hash| out.push(Feature { hash, token: place });
        let pair = mix(one_back, h);
        push(mix(1, h));
        push(mix(2, pair));
        push(mix(own, h));
        push(mix(own + 20, pair));
        if two_back != 1 {
            push(mix(3, mix(two_back, pair)));
        }
        if let Some((first, last)) = near {
            let (side, distance) =
                if at < first { (1, first - at) } else { (2, (at + 1).saturating_sub(last)) };
            if distance <= 4 {
                push(mix(50 + side, h));
                if distance <= 2 {
                    push(mix(60 + side, h));
                }
            }
        }
        if token.class == Class::Word {
            pieces(word, &mut padded, &mut push);
        }
        (two_back, one_back) = (one_back, h);
    }
}

/// Keeps the first feature of each hash. A table of our own: the hashes are well mixed already, and sorting took longer than all else.
struct Distinct<'a> {
    /// Nothing marks a free place.
    seen: Vec<u32>,
    seen_nothing: bool,
    out: &'a mut Vec<Feature>,
}

impl<'a> Distinct<'a> {
    /// Room for at most so many.
    fn new(most: usize, out: &'a mut Vec<Feature>) -> Self {
        out.clear();
        out.reserve(most);
        Self { seen: vec![0; (most + most / 2 + 1).next_power_of_two()], seen_nothing: false, out }
    }

    #[inline]
    fn push(&mut self, feature: Feature) {
        if feature.hash == 0 {
            if !std::mem::replace(&mut self.seen_nothing, true) {
                self.out.push(feature);
            }
            return;
        }
        let mask = self.seen.len() - 1;
        let mut at = feature.hash as usize & mask;
        loop {
            match self.seen[at & mask] {
                0 => break,
                hash if hash == feature.hash => return,
                _ => at += 1,
            }
        }
        self.seen[at & mask] = feature.hash;
        self.out.push(feature);
    }
}

/// Pieces of three to five letters, the word's ends among them; of unspaced scripts, one to three.
fn pieces(word: &str, padded: &mut Vec<u8>, push: &mut impl FnMut(u32)) {
    let (low, high) = if word.chars().next().is_some_and(is_unspaced) { (1, 3) } else { (3, 5) };
    padded.clear();
    padded.push(b'_');
    padded.extend_from_slice(word.as_bytes());
    padded.push(b'_');
    // Byte offsets of the characters, up to a length that no word needs.
    let mut starts = [0u16; 48];
    let mut count = 0;
    for (at, byte) in padded.iter().enumerate() {
        if byte & 0xC0 != 0x80 {
            if count == starts.len() - 1 {
                break;
            }
            starts[count] = at as u16;
            count += 1;
        }
    }
    starts[count] = padded.len().min(usize::from(u16::MAX)) as u16;
    for first in 0..count {
        let begin = usize::from(starts[first]);
        let (mut h, mut at) = (PIECE ^ BASIS, begin);
        for length in 1..=high.min(count - first) {
            let end = usize::from(starts[first + length]);
            for &b in &padded[at..end] {
                h = (h ^ u32::from(b)).wrapping_mul(PRIME);
            }
            at = end;
            // The whole word is a feature already.
            if length >= low && !(first == 0 && length == count) {
                push(mix(h, (end - begin) as u32));
            }
        }
    }
}
