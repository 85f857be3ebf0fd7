//! WHO said it: names, candidates, evidence, probability. No IO, no clock.
//!
//! Every candidate's odds against a stranger are the product of what its evidence is worth (Fellegi and Sunter's way of linking
//! records); the odds of all candidates and of "not a customer at all" share one whole. How much a name proves is counted among
//! these customers.

mod candidates;
mod circles;
mod compare;
mod crowd;
mod customers;
mod decide;
mod evidence;
mod form;
pub mod kin;
mod marks;
pub mod names;
mod reckon;
mod spoken;
mod text;
mod towns;
pub mod weights;

use goodword_shared::{Mention, customer::CustomerFacts, matching::Identification};

use crowd::Crowd;
use customers::{people::People, purchases::Purchases};
pub use marks::agreement;
use names::nicknames::Nicknames;
use weights::{Told, Weights};

/// The precision of links that is kept where the owner has chosen none.
pub const PRECISION: f64 = 0.95;

/// One purchase, as evidence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Order {
    /// The order number.
    pub id: String,
    /// Whose: the key given to [`Index::insert`].
    pub customer: String,
    /// When.
    pub date: Option<goodword_shared::Time>,
    /// What.
    pub product: Option<String>,
    /// How much.
    pub amount: Option<f64>,
    /// Where.
    pub branch: Option<String>,
    /// Served by whom.
    pub staff: Option<String>,
}

/// What was learnt from the names of all customers; good for the index that it was learnt from.
#[derive(Debug)]
pub struct Learnt {
    crowd: Crowd,
}

/// The customers, arranged so that candidates for a name are found without looking at all of them.
#[derive(Debug)]
pub struct Index {
    people: People,
    purchases: Purchases,
    nicknames: Nicknames,
    weights: Weights,
    crowd: Crowd,
    /// From this probability on an author is linked without asking.
    limit: f64,
    /// How right links must be, as a share.
    precision: f64,
    /// Mail addresses may be compared.
    contacts: bool,
    /// Authors may be recognised at all.
    on: bool,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            people: People::default(),
            purchases: Purchases::default(),
            nicknames: Nicknames::default(),
            weights: Weights::default(),
            crowd: Crowd::default(),
            limit: decide::limit(PRECISION),
            precision: PRECISION,
            contacts: true,
            on: true,
        }
    }
}

impl Index {
    /// An empty index.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty index that hashes mail addresses and handles under a key of its own.
    pub fn keyed(secret: [u8; 32]) -> Self {
        Self { people: People::keyed_with(secret), ..Self::default() }
    }

    /// Adds a customer or replaces the one of that key (the store's id, or the CSV's).
    pub fn insert(&mut self, key: &str, facts: &CustomerFacts) {
        self.people.insert(key, facts);
        self.purchases.arrived(key, &self.people);
    }

    /// Adds a record that was joined with another customer's: whoever shows what is in it means that customer.
    pub fn insert_joined(&mut self, key: &str, facts: &CustomerFacts, into: &str) {
        self.people.insert_joined(key, facts, into);
    }

    /// Forgets a customer, and their orders.
    pub fn remove(&mut self, key: &str) {
        if let Some(number) = self.people.number(key) {
            self.purchases.left(number);
        }
        self.people.remove(key);
    }

    /// Adds an order, or replaces the one of that number. Its customer may come later.
    pub fn insert_order(&mut self, order: &Order) {
        self.purchases.insert(order, &self.people);
    }

    /// Sorts, gives spare memory back and tries how sure a link must be among these customers: after many were added.
    pub fn settle(&mut self) {
        self.sort();
        self.keep(self.learn());
        self.limit = decide::limit_among(self, self.precision);
    }

    /// Sorts and gives spare memory back; a matter of a tenth of a second among a million customers.
    pub fn sort(&mut self) {
        self.people.settle();
        self.purchases.settle();
    }

    /// What the names of these customers tell of everybody's. It takes seconds among a million; customers may come and go before it
    /// is kept, for words keep their numbers, and of those that come later nothing is known.
    pub fn learn(&self) -> Learnt {
        Learnt { crowd: Crowd::learnt(&self.people) }
    }

    /// Keeps what was learnt from these customers.
    pub fn keep(&mut self, learnt: Learnt) {
        self.crowd = learnt.crowd;
    }

    /// How much which evidence counts from now on, as learnt from the owner.
    pub fn set_weights(&mut self, weights: Weights) {
        self.weights = weights;
    }

    /// Learns from these authors, as a crowd, how many are no customers and how sure a link must be. The more of them, the better.
    pub fn reckon<'a>(&mut self, mentions: impl Iterator<Item = &'a Mention> + Clone) {
        self.set_strangers(self.strangers(mentions.clone()));
        self.set_limit(self.tried_on(mentions));
    }

    /// How many authors are no customers, for each who is one, as these authors show.
    pub fn strangers<'a>(&self, mentions: impl Iterator<Item = &'a Mention>) -> f64 {
        reckon::strangers(self, mentions)
    }

    /// Keeps how many authors are no customers, for each who is one.
    pub fn set_strangers(&mut self, strangers: f64) {
        self.weights.strangers = strangers;
    }

    /// How sure a link must be for links with these authors to be as right as is wanted.
    pub fn tried_on<'a>(&self, mentions: impl Iterator<Item = &'a Mention>) -> f64 {
        let tried = decide::limit_for(self, mentions.take(reckon::MOST), self.precision);
        tried.unwrap_or_else(|| decide::limit_among(self, self.precision))
    }

    /// Keeps from which probability on authors are linked without asking.
    pub fn set_limit(&mut self, limit: f64) {
        self.limit = limit;
    }

    /// Whether authors are recognised at all, how right links must be as a share, and whether mail addresses may be compared.
    pub fn set_choices(&mut self, on: bool, precision: f64, contacts: bool) {
        self.choose(on, precision, contacts);
        self.limit = decide::limit_among(self, precision);
    }

    /// The same without trying how sure a link must be for it: [`Index::tried_on`] says, and others may ask meanwhile.
    pub fn choose(&mut self, on: bool, precision: f64, contacts: bool) {
        (self.on, self.precision, self.contacts) = (on, precision, contacts);
    }

    /// How much which evidence counts.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// From which probability on authors are linked without asking.
    pub fn limit(&self) -> f64 {
        self.limit
    }

    /// How many customers there are.
    pub fn len(&self) -> usize {
        self.people.total()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held for customers, and for orders.
    pub fn bytes(&self) -> (usize, usize) {
        (self.people.bytes() + self.crowd.bytes(), self.purchases.bytes())
    }

    /// Who may have written that mention. `refused` are keys the owner has said no to.
    pub fn identify(&self, mention: &Mention, refused: &[String]) -> Identification {
        if !self.on {
            return Identification::default();
        }
        let gathered = candidates::gather(self, mention, refused);
        decide::decide(self, mention, &gathered)
    }

    /// What speaks for one pair, for learning from the owner's word on it; none where nothing does.
    pub fn told(&self, mention: &Mention, customer: &str, right: bool) -> Option<Told> {
        let gathered = candidates::gather(self, mention, &[]);
        let total = self.people.total();
        let number = self.people.number(customer)?;
        let parts = gathered.found.get(&number)?.parts(&gathered.facts, total);
        // As shipped: what is learnt must not depend on what was learnt before.
        let shipped = Weights::default();
        let others: f64 = gathered
            .found
            .iter()
            .filter(|(id, _)| **id != number)
            .map(|(_, found)| shipped.sum(&found.parts(&gathered.facts, total)).clamp(-40.0, 40.0).exp())
            .sum();
        Some(Told { parts, against: (1.0 + others).ln(), right })
    }
}
