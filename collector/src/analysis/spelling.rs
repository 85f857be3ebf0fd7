//! Learned weights of pieces of words that tell one language from another. It knows letters and sums; what a probability is worth is
//! decided in `language.rs`.

/// Languages of the learned weights, at most.
pub const MOST: usize = 16;
/// Rows of the learned weights.
pub const ROWS: usize = 1 << 15;
/// Characters of a word that are looked at.
const LONGEST: usize = 20;

/// Learned weights: for each row a byte for each language.
#[derive(Clone, Debug)]
pub struct Learned {
    pub(super) codes: Vec<&'static str>,
    bias: [f32; MOST],
    scale: f32,
    rows: &'static [u8],
}

impl Learned {
    /// From a file: magic, a scale, biases, codes on one line (their length before), rows. None if it is not one.
    pub fn read(file: &'static [u8]) -> Option<Self> {
        let rest = file.strip_prefix(b"GWL1")?;
        let (numbers, rest) = rest.split_at_checked(4 * (1 + MOST))?;
        let mut numbers = numbers.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        let scale = numbers.next()?;
        let bias: Vec<f32> = numbers.collect();
        let (length, rest) = rest.split_first()?;
        let (codes, rows) = rest.split_at_checked(usize::from(*length))?;
        let codes: Vec<&'static str> = std::str::from_utf8(codes).ok()?.split(' ').collect();
        if codes.len() > MOST || rows.len() != ROWS * MOST {
            return None;
        }
        Some(Self { codes, bias: bias.try_into().ok()?, scale, rows })
    }

    /// The likeliest language and its probability. None where the text has no words.
    pub(super) fn judge(&self, text: &str) -> Option<(&'static str, f32)> {
        let mut heap = Heap { rows: self.rows, waiting: [0; WAITING], count: 0, told: 0, sums: [0; MOST] };
        pieces(text, |row| heap.push(row));
        let (sums, count) = heap.settle();
        if count == 0 {
            return None;
        }
        let share = self.scale * share(count);
        let mut z = [f32::MIN; MOST];
        for ((z, sum), bias) in z.iter_mut().zip(sums).zip(&self.bias).take(self.codes.len()) {
            *z = sum as f32 * share + bias;
        }
        let z = &z[..self.codes.len()];
        let top = z.iter().copied().fold(f32::MIN, f32::max);
        let sum: f32 = z.iter().map(|z| (z - top).exp()).sum();
        let first = z.iter().position(|z| *z == top)?;
        Some((self.codes[first], 1.0 / sum))
    }
}

/// Rows that wait to be summed: so many bytes with sign fit sixteen bits.
const WAITING: usize = 256;

/// Sums rows of learned weights. They are gathered first and then summed in one short loop whose sums stay in registers.
struct Heap {
    rows: &'static [u8],
    waiting: [u16; WAITING],
    count: usize,
    told: usize,
    sums: [i32; MOST],
}

impl Heap {
    #[inline]
    fn push(&mut self, row: usize) {
        if self.count == WAITING {
            self.tell();
        }
        self.waiting[self.count] = row as u16;
        self.count += 1;
    }

    fn tell(&mut self) {
        let mut sums = [0i16; MOST];
        for row in &self.waiting[..self.count] {
            let at = usize::from(*row) * MOST;
            let Some((weights, _)) = self.rows.get(at..).and_then(|rest| rest.split_first_chunk::<MOST>())
            else {
                continue;
            };
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum = sum.wrapping_add(i16::from(weight.cast_signed()));
            }
        }
        self.sums.iter_mut().zip(sums).for_each(|(sum, more)| *sum += i32::from(more));
        self.told += self.count;
        self.count = 0;
    }

    /// The sums, and of how many rows.
    fn settle(mut self) -> ([i32; MOST], usize) {
        self.tell();
        (self.sums, self.told)
    }
}

/// What a piece counts in a text of so many.
pub fn share(count: usize) -> f32 {
    1.0 / (count as f32).sqrt()
}

/// The rows of the learned weights that a text speaks to: of each word its runs of two to four letters, with its ends, and the whole.
/// Names and links are no words. Used for learning as well.
pub fn pieces(text: &str, mut row: impl FnMut(usize)) {
    let mut word = [0u32; LONGEST + 2];
    word[0] = 1;
    let (mut length, mut at, mut begins) = (1, 0, true);
    let bytes = text.as_bytes();
    loop {
        let rest = &bytes[at..];
        if begins && (rest.starts_with(b"@") || rest.starts_with(b"http") || rest.starts_with(b"www.")) {
            let end = text[at..].find(char::is_whitespace);
            at += end.unwrap_or(rest.len());
            begins = false;
            continue;
        }
        // The end of the text ends its last word.
        let (class, c) = match rest.first() {
            None => (Byte::Space, ' '),
            Some(&byte) if byte.is_ascii() => (BYTES[usize::from(byte)], char::from(byte)),
            Some(_) => match text[at..].chars().next() {
                Some(c) if c.is_alphabetic() => (Byte::Letter, c),
                Some(c) if c.is_whitespace() => (Byte::Space, c),
                Some(c @ '\u{2019}') => (Byte::Apostrophe, c),
                c => (Byte::Other, c.unwrap_or(' ')),
            },
        };
        begins = class == Byte::Space;
        if class == Byte::Letter {
            if c.is_ascii() {
                if length <= LONGEST {
                    word[length] = u32::from(c.to_ascii_lowercase());
                    length += 1;
                }
            } else {
                for low in c.to_lowercase() {
                    if length <= LONGEST {
                        word[length] = low.into();
                        length += 1;
                    }
                }
            }
        } else if length > 1 {
            // The apostrophe is the end of l', dell', c'.
            word[length] = if class == Byte::Apostrophe { 3 } else { 2 };
            runs(&word[..=length], &mut row);
            length = 1;
        }
        if rest.is_empty() {
            return;
        }
        at += c.len_utf8();
    }
}

/// What a byte is, of those that are characters by themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Byte {
    Letter,
    Space,
    Apostrophe,
    Other,
}

const BYTES: [Byte; 128] = {
    let mut bytes = [Byte::Other; 128];
    let mut at = 0;
    while at < 128 {
        bytes[at] = match at as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Byte::Letter,
            b'\t'..=b'\r' | b' ' => Byte::Space,
            b'\'' => Byte::Apostrophe,
            _ => Byte::Other,
        };
        at += 1;
    }
    bytes
};

#[inline]
fn runs(word: &[u32], row: &mut impl FnMut(usize)) {
    const BEGIN: u32 = 0x9E37_79B9;
    let place = |hash: u32| hash as usize >> 3 & (ROWS - 1);
    for four in word.windows(4) {
        let two = mixed(mixed(BEGIN, four[0]), four[1]);
        let three = mixed(two, four[2]);
        row(place(two));
        row(place(three));
        row(place(mixed(three, four[3])));
    }
    // A word has a letter between its ends, so there are three at least.
    if let [.., a, b, c] = *word {
        let two = mixed(mixed(BEGIN, a), b);
        row(place(two));
        row(place(mixed(two, c)));
        row(place(mixed(mixed(BEGIN, b), c)));
    }
    let whole = word.iter().fold(0x85EB_CA6Bu32, |hash, c| mixed(hash, *c));
    row(place(whole));
}

#[inline]
fn mixed(hash: u32, c: u32) -> u32 {
    let h = (hash ^ c).wrapping_mul(0x0100_0193).wrapping_add(0x27D4_EB2F);
    h ^ (h >> 15)
}
