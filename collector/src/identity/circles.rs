//! Which names go together: circles of names as languages, regions and ages make them, found among the customers by which given
//! names meet which family names (a mixture of independent pairs, by expectation–maximisation). Nobody tells them apart by hand,
//! and none has a label. It knows words by number and no author.

use super::customers::{pairs::hash, people::People, person::Person};

/// So many circles.
pub const CIRCLES: usize = 12;
/// Shares of the circles.
pub type Shares = [f32; CIRCLES];
/// Letters that a name may begin with, and one more for everything else.
const LETTERS: usize = 27;
/// Customers that the circles are learnt from.
const SAMPLE: usize = 60_000;
/// After so many rounds little changes any more.
const ROUNDS: usize = 30;
/// Parts of one customer that are counted.
const PARTS: f32 = 1024.0;
/// Bearers whom a word is thought to have in all circles alike.
const HELD: f32 = 0.3;
/// At least so many given names meet family names of any circle.
const MIXED: f32 = 0.01;
/// Whether it is a word of the given or of the family name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Of the given name.
    Given = 0,
    /// Of the family name.
    Family = 1,
}

/// Circles of names, once they were learnt.
#[derive(Debug, Default)]
pub struct Circles {
    /// By side and word: how its bearers are spread, in 255ths; all nothing where it is not known.
    spread: [Vec<[u8; CIRCLES]>; 2],
    /// How large each circle is.
    size: Shares,
    /// How many customers have names of no one circle.
    mixed: f32,
    /// By side and circle: how many names begin with which letter.
    letters: [Vec<[f32; LETTERS]>; 2],
}

type Counts = [Vec<Shares>; 2];

impl Circles {
    /// Learns from the customers.
    #[must_use]
    pub fn learnt(people: &People) -> Self {
        let words = people.vocabulary.total();
        // The same ones in the same order, in whatever order the customers came.
        let sample: Vec<(u32, u32)> =
            people.some(SAMPLE).into_iter().filter_map(|person| full(people, person)).collect();
        let mut all = [vec![0.0f32; words], vec![0.0f32; words]];
        let mut counts: Counts = [vec![[0.0; CIRCLES]; words], vec![[0.0; CIRCLES]; words]];
        for (given, family) in &sample {
            for (side, word) in [given, family].into_iter().enumerate() {
                all[side][*word as usize] += 1.0;
                let start = &mut counts[side][*word as usize];
                let mut dice = hash(people.vocabulary.text(*word)) ^ (side as u64);
                for part in start.iter_mut() {
                    dice = dice.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (dice >> 29);
                    *part += 0.2 + (dice >> 40) as f32 / (1u64 << 24) as f32;
                }
            }
        }
        let mut size = [sample.len() as f32 / CIRCLES as f32; CIRCLES];
        let mut mixed = 0.1;
        for _ in 0..ROUNDS {
            let (new, sizes, beside) = round(&sample, &all, &counts, &size, mixed);
            (counts, size) = (new, sizes);
            mixed = (beside / sample.len().max(1) as f32).clamp(MIXED, 0.3);
        }
        Self::kept(people, &all, &counts, size, mixed)
    }

    /// Spreads all customers over the circles that were learnt from some.
    fn kept(people: &People, all: &[Vec<f32>; 2], counts: &Counts, size: Shares, mixed: f32) -> Self {
        let words = people.vocabulary.total();
        // Counted in whole parts, so that the order in which customers came makes no difference at all.
        let mut sums = [0, 1].map(|_| vec![[0u32; CIRCLES]; words]);
        for person in people.all() {
            let Some((given, family)) = full(people, person) else { continue };
            let (parts, _) = shared(given, family, all, counts, &size, mixed);
            for (at, word) in people.words(person).iter().enumerate() {
                for (side, is) in [person.is_given(at), person.is_family(at)].into_iter().enumerate() {
                    let own = sums[side][*word as usize].iter_mut().zip(parts);
                    own.filter(|_| is).for_each(|(sum, part)| *sum += (part * PARTS).round() as u32);
                }
            }
        }
        let mut begin = [0, 1].map(|_| vec![[0u64; LETTERS]; CIRCLES]);
        for (sums, begin) in sums.iter().zip(&mut begin) {
            for (word, parts) in sums.iter().enumerate() {
                let letter = letter(people.vocabulary.text(word as u32));
                parts
                    .iter()
                    .zip(begin.iter_mut())
                    .for_each(|(part, begin)| begin[letter] += u64::from(*part));
            }
        }
        let packed = |parts: &[u32; CIRCLES]| {
            let sum: u64 = parts.iter().map(|part| u64::from(*part)).sum();
            parts.map(|part| (u64::from(part) * 255 + sum / 2).checked_div(sum).unwrap_or_default() as u8)
        };
        let share = |begin: &[u64; LETTERS]| {
            let sum = begin.iter().sum::<u64>() as f32 / PARTS + LETTERS as f32;
            begin.map(|parts| (parts as f32 / PARTS + 1.0) / sum)
        };
        let spread = sums.each_ref().map(|words| words.iter().map(packed).collect());
        let letters = begin.each_ref().map(|circles| circles.iter().map(share).collect());
        let total: f32 = size.iter().sum::<f32>().max(1.0);
        Self { spread, size: size.map(|part| (part / total).max(1e-6)), mixed, letters }
    }

    /// Whether none were learnt.
    pub fn is_empty(&self) -> bool {
        self.letters[0].is_empty()
    }

    /// How the bearers of a word are spread; none where it is not known.
    pub fn of(&self, word: u32, side: Side) -> Option<Shares> {
        let parts = self.spread[side as usize].get(word as usize)?;
        let sum: u32 = parts.iter().map(|part| u32::from(*part)).sum();
        (sum > 0).then(|| parts.map(|part| f32::from(part) / sum as f32))
    }

    /// Of which circles a full name is, as shares; none where not a half of it is known.
    pub fn of_name(&self, given: u32, family: u32) -> Option<Shares> {
        let (given, family) = (self.of(given, Side::Given), self.of(family, Side::Family));
        let parts: Shares = match (given, family) {
            (Some(g), Some(f)) => std::array::from_fn(|at| g[at] * f[at] / self.size[at]),
            (one, other) => one.or(other)?,
        };
        let sum: f32 = parts.iter().sum();
        if sum > 0.0 { Some(parts.map(|part| part / sum)) } else { given }
    }

    /// How many meet of so many bearers of a given and so many of a family name in a crowd of one, chance being the same in each circle.
    /// What is not known of one side is as it is on the other.
    pub fn meet(&self, given: &Bearers, family: &Bearers) -> f64 {
        let (like_given, like_family) = (self.likely(given), self.likely(family));
        let both = |circle: usize| {
            let g = given.known[circle] + given.loose as f32 * like_family[circle];
            let f = family.known[circle] + family.loose as f32 * like_given[circle];
            f64::from(g * f / self.size[circle])
        };
        let sum: f64 = (0..CIRCLES).map(both).sum();
        let mixed = f64::from(self.mixed);
        (1.0 - mixed) * sum + mixed * given.all() * family.all()
    }

    /// How many of those who bear a word have a name that begins so on the other side.
    pub fn begin(&self, bearers: &Bearers, letter: usize, side: Side) -> f64 {
        let (like, letters) = (self.likely(bearers), &self.letters[side as usize]);
        let own: f32 = like.iter().zip(letters).map(|(part, letters)| part * letters[letter]).sum();
        let any: f32 = self.size.iter().zip(letters).map(|(part, letters)| part * letters[letter]).sum();
        f64::from(own * (1.0 - self.mixed) + any * self.mixed)
    }

    fn likely(&self, bearers: &Bearers) -> Shares {
        let sum: f32 = bearers.known.iter().sum();
        if sum > 0.0 { bearers.known.map(|part| part / sum) } else { self.size }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.spread.iter().map(Vec::capacity).sum::<usize>() * CIRCLES
    }
}

/// How many bear a word, or one of the words it may stand for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bearers {
    /// By circle.
    pub known: Shares,
    /// Of whom the circle is not known.
    pub loose: f64,
}

impl Bearers {
    /// Adds so many bearers of one word.
    pub fn add(&mut self, circles: &Circles, word: u32, side: Side, count: f64) {
        match circles.of(word, side) {
            Some(spread) => {
                self.known.iter_mut().zip(spread).for_each(|(sum, part)| *sum += part * count as f32);
            }
            None => self.loose += count,
        }
    }

    /// With some more, of whom nothing is known.
    #[must_use]
    pub fn and(mut self, more: f64) -> Self {
        self.loose += more;
        self
    }

    /// Whether nothing is known of their circles.
    pub fn is_loose(&self) -> bool {
        self.known.iter().all(|part| *part == 0.0)
    }

    /// Everybody.
    pub fn all(&self) -> f64 {
        f64::from(self.known.iter().sum::<f32>()) + self.loose
    }
}

/// Which letter a name begins with.
pub fn letter(text: &str) -> usize {
    match text.bytes().next() {
        Some(first @ b'a'..=b'z') => usize::from(first - b'a'),
        _ => LETTERS - 1,
    }
}

/// The words by which somebody shows their full name.
pub fn full(people: &People, person: &Person) -> Option<(u32, u32)> {
    let words = people.words(person);
    let family = (0..words.len()).find(|at| person.is_family(*at) && !person.is_given(*at))?;
    person.is_given(0).then(|| (words[0], words[family]))
}

/// How likely a name is of which circle, and how likely of none.
fn shared(
    given: u32,
    family: u32,
    all: &[Vec<f32>; 2],
    counts: &Counts,
    size: &Shares,
    mixed: f32,
) -> (Shares, f32) {
    let (g, f) = (&counts[0][given as usize], &counts[1][family as usize]);
    let (g_all, f_all) = (all[0][given as usize], all[1][family as usize]);
    let total: f32 = size.iter().sum::<f32>().max(1.0);
    let parts: Shares = std::array::from_fn(|circle| {
        let held = HELD * size[circle] / total;
        (g[circle] + held) * (f[circle] + held) / size[circle].max(1e-3)
    });
    let sum: f32 = parts.iter().sum();
    let beside = mixed * (g_all + HELD) * (f_all + HELD) / total;
    let whole = ((1.0 - mixed) * sum + beside).max(1e-20);
    (parts.map(|part| (1.0 - mixed) * part / whole), beside / whole)
}

/// One round: customers are spread over the circles as likely as each is, and the circles counted anew.
fn round(
    sample: &[(u32, u32)],
    all: &[Vec<f32>; 2],
    counts: &Counts,
    size: &Shares,
    mixed: f32,
) -> (Counts, Shares, f32) {
    let mut new: Counts = [0, 1].map(|side| vec![[0.0; CIRCLES]; counts[side].len()]);
    let (mut sizes, mut outside) = ([0.0; CIRCLES], 0.0);
    for (given, family) in sample {
        let (parts, beside) = shared(*given, *family, all, counts, size, mixed);
        outside += beside;
        let [givens, families] = &mut new;
        for sums in [&mut givens[*given as usize], &mut families[*family as usize], &mut sizes] {
            sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
        }
    }
    (new, sizes, outside)
}
