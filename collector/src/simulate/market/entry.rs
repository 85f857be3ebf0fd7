//! What stands at a stall, and how it changes as time passes. Pure: the same seed tells the same story.

use goodword_shared::Time;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};

use super::{Protocol, Trouble};

/// One thing said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Grows with every entry of its stall, beginning with 1.
    pub number: u64,
    /// Whose words: a number too; some speak several times.
    pub who: u32,
    /// One to five, also where the platform has none.
    pub stars: u8,
    /// A line above.
    pub title: String,
    /// The words.
    pub text: String,
    /// Unix seconds.
    pub published: i64,
    /// Unix seconds of the last change.
    pub edited: Option<i64>,
    /// How often it was changed.
    pub edits: u32,
    /// It is not shown (any more).
    pub gone: bool,
    /// It has been away and is back.
    pub returned: bool,
}

impl Entry {
    /// When it was last touched.
    pub fn touched(&self) -> i64 {
        self.edited.unwrap_or(self.published)
    }

    /// A name for people.
    pub fn name(&self) -> String {
        format!("{} Quillfeather {}", FIRST[self.who as usize % FIRST.len()], self.who)
    }

    /// A name for machines.
    pub fn handle(&self) -> String {
        format!("{}_{}", FIRST[self.who as usize % FIRST.len()].to_lowercase(), self.who)
    }
}

const FIRST: [&str; 8] = ["Ada", "Bruno", "Cleo", "Dora", "Emil", "Frieda", "Gus", "Hanne"];

const SAID: [&str; 12] = [
    "The sourdough was worth the walk, and the walk was long.",
    "They said ten minutes and meant forty; nobody said sorry.",
    "Käsekuchen wie bei Oma, nur mit mehr Sahne.",
    "My order was wrong twice, then free once. I call that even.",
    "Freundlich, flott und fair, gerne wieder.",
    "The tea came cold and the bill came early.",
    "I'd come back for the window seat alone.",
    "Le pain est bon, le sourire encore meilleur.",
    "The card reader was broken and so was the mood.",
    "Small place, big heart, and a dog that minds the door.",
    "Charged for two, ate one. Still waiting for an answer.",
    "Quiet in the morning, loud at noon, lovely at dusk 🌆",
];

/// The entries of one stall.
pub(super) struct Shelf {
    pub entries: Vec<Entry>,
    /// What became known in which order, for protocols that send updates: the entry as it was then.
    pub updates: Vec<Entry>,
    pub trouble: Option<Trouble>,
    pub asked: u32,
    clock: i64,
    rng: StdRng,
}

impl Shelf {
    /// A shelf with that many entries, the newest some minutes old at `now`.
    pub fn new(seed: u64, now: Time, first: usize) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut clock = now.timestamp() - 20 * 86_400;
        // Half of the days go by before anybody looks, the others while it is watched.
        let step = 10 * 86_400 / (first as i64 + 1);
        let mut shelf = Self {
            entries: Vec::new(),
            updates: Vec::new(),
            trouble: None,
            asked: 0,
            clock,
            rng: StdRng::seed_from_u64(rng.random()),
        };
        for _ in 0..first {
            clock += rng.random_range(step / 2..=step);
            shelf.clock = clock;
            shelf.put();
        }
        shelf
    }

    /// Time passes.
    pub fn step(&mut self, protocol: &Protocol) {
        self.clock += 3_600;
        for _ in 0..self.rng.random_range(0..3) {
            self.clock += self.rng.random_range(60..1_800);
            self.put();
        }
        if protocol.fresh == 0 {
            return;
        }
        let shown: Vec<usize> = (0..self.entries.len()).rev().filter(|i| !self.entries[*i].gone).collect();
        let fresh: Vec<usize> = shown.into_iter().take(protocol.fresh).collect();
        if self.rng.random_bool(0.6)
            && let Some(&at) = fresh.choose(&mut self.rng)
        {
            self.clock += 60;
            self.edit(at);
        }
        if self.rng.random_bool(0.4)
            && let Some(&at) = fresh.choose(&mut self.rng)
        {
            self.entries[at].gone = true;
        }
        if self.rng.random_bool(0.2)
            && let Some(entry) = self.entries.iter_mut().rev().take(protocol.fresh).find(|e| e.gone)
        {
            entry.gone = false;
            entry.returned = true;
        }
    }

    fn put(&mut self) {
        let number = self.entries.len() as u64 + 1;
        let text = self.words(number);
        let entry = Entry {
            number,
            who: self.rng.random_range(1..=40),
            stars: self.rng.random_range(1..=5),
            title: format!("Visit number {number}"),
            text,
            published: self.clock,
            edited: None,
            edits: 0,
            gone: false,
            returned: false,
        };
        self.updates.push(entry.clone());
        self.entries.push(entry);
    }

    fn edit(&mut self, at: usize) {
        let edits = self.entries[at].edits + 1;
        let text = format!("{} (Said again, {edits}.)", self.words(self.entries[at].number));
        let stars = self.rng.random_range(1..=5);
        let entry = &mut self.entries[at];
        (entry.text, entry.stars, entry.edits, entry.edited) = (text, stars, edits, Some(self.clock));
        self.updates.push(entry.clone());
    }

    fn words(&mut self, number: u64) -> String {
        let first = SAID[self.rng.random_range(0..SAID.len())];
        let second = SAID[self.rng.random_range(0..SAID.len())];
        format!("{first} {second} That was visit {number}.")
    }
}
