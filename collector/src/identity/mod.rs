//! WHO said it: names, candidates, evidence, probability. No IO, no clock.
//!
//! Every candidate's odds against a stranger are the product of what its evidence is worth (Fellegi and Sunter's way of linking
//! records); the odds of all candidates and of "not a customer at all" share one whole.

mod candidates;
pub mod compare;
mod evidence;
mod marks;
pub mod names;
pub mod people;
pub mod shown;

use goodword_shared::{Mention, customer::CustomerFacts, matching::Identification};

pub use marks::agreement;
use people::People;
use shown::Nicknames;

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

/// The customers, arranged so that candidates for a name are found without looking at all of them.
#[derive(Debug, Default)]
pub struct Index {
    people: People,
    nicknames: Nicknames,
}

impl Index {
    /// An empty index.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a customer or replaces the one of that key (the store's id, or the CSV's).
    pub fn insert(&mut self, key: &str, facts: &CustomerFacts) {
        self.people.insert(key, facts);
    }

    /// Forgets a customer.
    pub fn remove(&mut self, key: &str) {
        self.people.remove(key);
    }

    /// Adds an order.
    pub fn insert_order(&mut self, order: &Order) {
        self.people.insert_order(order);
    }

    /// How many customers there are.
    pub fn len(&self) -> usize {
        self.people.total()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Who may have written that mention. `refused` are keys the owner has said no to.
    pub fn identify(&self, mention: &Mention, refused: &[String]) -> Identification {
        let found = candidates::find(&self.people, &self.nicknames, mention, refused);
        candidates::decide(&self.people, mention, found)
    }
}
