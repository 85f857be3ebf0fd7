//! How many strangers bear a full name, reckoned from how often the customers meet in theirs. It knows words by number and no
//! author.

use super::{
    circles::{Bearers, Circles, Side, full},
    compare::FURTHER,
    customers::{people::People, person::Person},
    towns::Towns,
};

/// How much likelier a given and a family name of one language meet than chance alone would have it, where nothing is known of which
/// names go together.
const KINSHIP: f64 = 7.0;
/// Bearers of a word whom no customer shows yet.
const UNSEEN: f64 = 1.0;
/// Expected bearers fall into groups, each twice the last, from 2 to this power on.
const FIRST: i32 = -15;
/// So many groups.
const GROUPS: usize = 21;
/// So few customers tell nothing of the others.
const LEAST: usize = 2_000;
/// What was seen elsewhere counts as much as so many namesakes.
const HELD: f64 = 6.0;
/// What is learnt is kept in so many steps to each doubling, so that one more customer hardly ever changes it.
const STEPS: f64 = 12.0;

/// What the names of these customers tell of everybody's.
#[derive(Debug)]
pub struct Crowd {
    /// How many customers the shares of names are reckoned against.
    size: f64,
    /// By group of expected bearers: how many there are for each that was expected.
    factors: [f64; GROUPS],
    /// Which names go together.
    circles: Circles,
    /// How many fewer than are reckoned to bear a word bear it among strangers: many words are borne once by chance. By side.
    fewer: [f64; 2],
    /// By side and word: how many of its bearers would show it as all of that side's name, in 255ths.
    shown: [Vec<u8>; 2],
    /// Given names of one customer that others have together, too, in order: and how many.
    pairs: Vec<([u32; 2], u32)>,
    /// Who lives where.
    towns: Towns,
    /// The share of customers who have further given names.
    further: f64,
}

impl Default for Crowd {
    fn default() -> Self {
        Self {
            size: size(0),
            factors: [1.0; GROUPS],
            circles: Circles::default(),
            fewer: [0.5; 2],
            shown: [Vec::new(), Vec::new()],
            pairs: Vec::new(),
            towns: Towns::default(),
            further: 0.1,
        }
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

fn ordered([a, b]: [u32; 2]) -> [u32; 2] {
    [a.min(b), a.max(b)]
}

/// By side and word: how many of its bearers would show it as all of that side's name, in 255ths.
fn shown(people: &People) -> [Vec<u8>; 2] {
    // In hundredths, so that the order in which customers came makes no difference at all.
    let hundredths = |share: f64| (100.0 * share).round() as u64;
    let none = vec![(0u64, 0u64); people.vocabulary.total()];
    let mut sums = [none.clone(), none];
    for person in people.all() {
        let words = people.words(person);
        let left_out = people.left_out(person);
        let first = (0..words.len()).find(|at| person.is_family(*at) && !person.is_given(*at)).unwrap_or(0);
        for (at, word) in words.iter().enumerate() {
            let given = left_out * if at > 0 { FURTHER[0] } else { 1.0 };
            let family = if at > first { FURTHER[1] } else { 1.0 };
            for (side, is, share) in [(0, person.is_given(at), given), (1, person.is_family(at), family)] {
                let (sum, all) = &mut sums[side][*word as usize];
                *sum += u64::from(is) * hundredths(share);
                *all += u64::from(is);
            }
        }
    }
    let share =
        |(sum, all): (u64, u64)| (sum * 255).checked_div(all * 100).map_or(255, |share| share.max(1) as u8);
    sums.map(|sums| sums.into_iter().map(share).collect())
}

/// The first given name of each customer with each further one, where more than one customer has both.
fn pairs(people: &People) -> Vec<([u32; 2], u32)> {
    let mut pairs: Vec<[u32; 2]> = Vec::new();
    for person in people.all().filter(|person| person.further_given()) {
        let words = people.words(person);
        pairs.extend(
            (1..words.len()).filter(|at| person.is_given(*at)).map(|at| ordered([words[0], words[at]])),
        );
    }
    pairs.sort_unstable();
    let borne = pairs.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32));
    borne.filter(|(_, count)| *count > 1).collect()
}

impl Crowd {
    /// How many strangers to expect who bear both halves of a name, of which so many customers bear each.
    pub fn bearers(&self, given: &Bearers, family: &Bearers) -> f64 {
        let expected = self.expected(given, family);
        let at = group(expected);
        let (low, share) = (at.floor() as usize, at.fract());
        let high = (low + 1).min(GROUPS - 1);
        expected * (self.factors[low].ln() * (1.0 - share) + self.factors[high].ln() * share).exp()
    }

    /// The same before it is compared with what was counted.
    fn expected(&self, given: &Bearers, family: &Bearers) -> f64 {
        let met = if self.circles.is_empty() || given.is_loose() && family.is_loose() {
            KINSHIP * given.all() * family.all()
        } else {
            self.circles.meet(given, family)
        };
        met / self.size
    }

    /// How many strangers to expect who show a word on one side and a name that begins so on the other.
    pub fn with_letter(&self, bearers: &Bearers, side: Side, letter: usize) -> f64 {
        let other = if side == Side::Given { Side::Family } else { Side::Given };
        let share = if self.circles.is_empty() { 0.12 } else { self.circles.begin(bearers, letter, other) };
        self.strangers(bearers, side) * share
    }

    /// How many strangers to expect who show a word.
    pub fn strangers(&self, bearers: &Bearers, side: Side) -> f64 {
        let all = bearers.all();
        (all - self.fewer[side as usize]).max(0.2 * all).max(0.1)
    }

    /// Those who show a word, with whoever may bear it whom no customer shows yet: hardly as a given name what is known as a family
    /// name only, nor the other way round. `near`: of a word that nobody bears, how many customers alone bear a word one letter away
    /// on this side; where such words are, there are more of them.
    pub fn unseen(&self, own: &Bearers, other: &Bearers, near: Option<usize>) -> Bearers {
        let more = near.map_or(UNSEEN, |near| UNSEEN * 0.5 + 2.0 * near as f64);
        own.and(if own.all() < 0.5 && other.all() >= 1.0 { more * 0.1 } else { more })
    }

    /// How likely a further name is shown that the records of a customer do not have. Where the records have such names, who has none
    /// there hardly shows one.
    pub fn further(&self, initial: bool) -> f64 {
        let shown = if initial { 0.06 } else { 0.03 };
        (shown / (shown + 0.6 * self.further)).clamp(0.1, 0.8)
    }

    /// How many of a word's bearers would show it as all of their given or family name, as a share: who has others beside it shows
    /// those.
    pub fn show(&self, word: u32, side: Side) -> f64 {
        self.shown[side as usize].get(word as usize).map_or(1.0, |share| f64::from(*share) / 255.0)
    }

    /// How many of the strangers who show a given name show that other one beside it, as a share: as many as customers do, for names
    /// are given in habitual pairs, and as chance has it.
    pub fn together(&self, words: [u32; 2], (given, further): (&Bearers, &Bearers)) -> f64 {
        let all = given.all().max(1.0);
        let pair = self.pairs.binary_search_by_key(&ordered(words), |(pair, _)| *pair);
        let known = pair.map_or(1.0, |at| f64::from(self.pairs[at].1)) - 0.5;
        ((known + self.expected(given, further) * 0.07) / all).clamp(0.0005, 0.5)
    }

    /// The share of those with names like that customer's who live in their town.
    pub fn of_town(&self, people: &People, person: &Person) -> f64 {
        self.towns.share(people, &self.circles, person)
    }

    /// Which names go together.
    pub fn circles(&self) -> &Circles {
        &self.circles
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let pairs = self.pairs.capacity() * size_of::<([u32; 2], u32)>();
        self.circles.bytes()
            + self.towns.bytes()
            + self.shown.iter().map(Vec::capacity).sum::<usize>()
            + pairs
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
        crowd.circles = Circles::learnt(people);
        let counts = |side: Side| {
            let both = (0..people.vocabulary.total() as u32).map(|word| people.vocabulary.counts(word));
            both.map(move |(given, family)| if side == Side::Given { given } else { family })
        };
        let further = people.all().filter(|person| person.further_given()).count();
        crowd.further = (further as f64 / people.total() as f64 * 50.0).round() / 50.0;
        crowd.fewer = [Side::Given, Side::Family].map(|side| {
            let borne = |by: u32| counts(side).filter(|count| *count == by).count() as f64;
            let (once, twice) = (borne(1), borne(2));
            UNSEEN + (once / (once + 2.0 * twice).max(1.0) * 10.0).round() / 10.0
        });
        crowd.shown = shown(people);
        crowd.pairs = pairs(people);
        crowd.towns = Towns::learnt(people, &crowd.circles);
        let mut names: Vec<(u32, u32)> = people.all().filter_map(|person| full(people, person)).collect();
        names.sort_unstable();
        // By group: bearers expected of names that one customer bears, and customers in pairs of namesakes.
        let mut seen = [(0.0f64, 0.0f64); GROUPS];
        for namesakes in names.chunk_by(|a, b| a == b) {
            let (given, family) = namesakes[0];
            let before = |word: u32, side: Side| {
                let counts = people.vocabulary.counts(word);
                let count = if side == Side::Given { counts.0 } else { counts.1 };
                let mut bearers = Bearers::default();
                let others = f64::from(count.saturating_sub(namesakes.len() as u32 - 1));
                bearers.add(&crowd.circles, word, side, others);
                bearers.and(UNSEEN)
            };
            let expected = crowd.expected(&before(given, Side::Given), &before(family, Side::Family));
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
