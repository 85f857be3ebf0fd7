//! How many strangers bear a full name, reckoned from how often the customers meet in theirs. It knows words by number and no
//! author.

use super::people::{People, Person};

/// How much likelier a given and a family name of one language meet than chance alone would have it, where nothing is known.
const KINSHIP: f64 = 7.0;
/// Bearers of a word whom no customer shows yet.
pub const UNSEEN: f64 = 1.0;
/// Expected bearers fall into groups, each twice the last, from 2 to this power on.
const FIRST: i32 = -15;
/// So many groups.
const GROUPS: usize = 21;
/// So few customers tell nothing of the others.
const LEAST: usize = 2_000;
/// What was seen elsewhere counts as much as so many namesakes.
const HELD: f64 = 6.0;
/// What is learnt is kept in so many steps to each doubling, so that one more customer hardly ever changes it.
const STEPS: f64 = 3.0;

/// What the names of these customers tell of everybody's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crowd {
    /// How many customers the shares of names are reckoned against.
    size: f64,
    /// By group of expected bearers: how many there are for each that was expected.
    factors: [f64; GROUPS],
}

impl Default for Crowd {
    fn default() -> Self {
        Self { size: size(0), factors: [1.0; GROUPS] }
    }
}

/// Customers that the shares of names are reckoned against. In steps, each twice the last, and not below 25,000: what a small
/// list says of rare names is chance, and one more customer who has nothing to do with a mention never makes it surer.
fn size(customers: usize) -> f64 {
    let steps = (customers as f64 / 25_000.0).max(1.0).log2().round();
    25_000.0 * steps.exp2()
}

fn group(expected: f64) -> f64 {
    (expected.max(1e-9).log2() - f64::from(FIRST)).clamp(0.0, (GROUPS - 1) as f64)
}

impl Crowd {
    /// How many strangers to expect who bear both halves of a name, of which so many customers bear each.
    pub fn bearers(&self, given: f64, family: f64) -> f64 {
        let expected = KINSHIP * given * family / self.size;
        let at = group(expected);
        let (low, share) = (at.floor() as usize, at.fract());
        let high = (low + 1).min(GROUPS - 1);
        expected * (self.factors[low].ln() * (1.0 - share) + self.factors[high].ln() * share).exp()
    }

    /// So many bearers as a share of the crowd.
    pub fn share(&self, bearers: f64) -> f64 {
        bearers / self.size
    }

    /// Learns from the customers how many namesakes there are. Who alone bears a full name meets as many namesakes among strangers
    /// as there would be among customers, had one more come: which is twice the pairs of namesakes for each customer without one (Good and
    /// Turing's way), counted apart for rare and for common halves.
    #[must_use]
    pub fn learnt(people: &People) -> Self {
        let mut crowd = Self { size: size(people.total()), ..Self::default() };
        if people.total() < LEAST {
            return crowd;
        }
        let mut names: Vec<(u32, u32)> = people.all().filter_map(|person| full(people, person)).collect();
        names.sort_unstable();
        // By group: bearers expected of names that one customer bears, and customers in pairs of namesakes.
        let mut seen = [(0.0f64, 0.0f64); GROUPS];
        for namesakes in names.chunk_by(|a, b| a == b) {
            let (given, family) = namesakes[0];
            let (given, family) = (people.vocabulary.counts(given).0, people.vocabulary.counts(family).1);
            let before = |count: u32| f64::from(count.saturating_sub(namesakes.len() as u32 - 1)) + UNSEEN;
            let expected = KINSHIP * before(given) * before(family) / crowd.size;
            let group = &mut seen[group(expected).round() as usize];
            match namesakes.len() {
                1 => group.0 += expected,
                2 => group.1 += 2.0,
                _ => {}
            }
        }
        let smooth = |at: usize| {
            let near = at.saturating_sub(1)..(at + 2).min(GROUPS);
            near.fold((0.0, 0.0), |sum, n| {
                let weight = if n == at { 1.0 } else { 0.5 };
                (sum.0 + weight * seen[n].0, sum.1 + weight * seen[n].1)
            })
        };
        for (at, factor) in crowd.factors.iter_mut().enumerate() {
            let (expected, pairs) = smooth(at);
            let plain = ((pairs + HELD) / (expected + HELD)).clamp(0.4, 6.0);
            *factor = ((plain.log2() * STEPS).round() / STEPS).exp2();
        }
        crowd
    }
}

/// The words by which somebody shows their full name.
fn full(people: &People, person: &Person) -> Option<(u32, u32)> {
    let words = people.words(person);
    let family = (0..words.len()).find(|at| person.is_family(*at) && !person.is_given(*at))?;
    person.is_given(0).then(|| (words[0], words[family]))
}
