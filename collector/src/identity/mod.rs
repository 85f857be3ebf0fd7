//! WHO said it: names, candidates, evidence, probability. No IO, no clock.

use goodword_shared::{Mention, customer::CustomerFacts, matching::Identification};

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
pub struct Index {}

impl Index {
    /// An empty index.
    pub fn new() -> Self {
        Self {}
    }

    /// Adds a customer or replaces the one of that key (the store's id, or the CSV's).
    pub fn insert(&mut self, _key: &str, _facts: &CustomerFacts) {}

    /// Forgets a customer.
    pub fn remove(&mut self, _key: &str) {}

    /// Adds an order.
    pub fn insert_order(&mut self, _order: &Order) {}

    /// Who may have written that mention. `refused` are keys the owner has said no to.
    pub fn identify(&self, _mention: &Mention, _refused: &[String]) -> Identification {
        Identification::default()
    }
}
