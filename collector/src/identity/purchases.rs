//! Orders arranged for look-up: by number, by customer, by day, and the words by which products, branches and staff are called.
//! It judges nothing.

use std::collections::HashMap;

use super::{
    Order, names,
    pairs::{Pairs, hash, short},
    people::{People, day},
};

/// What a phrase may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A product.
    Product,
    /// A branch.
    Branch,
    /// Somebody of the staff.
    Staff,
}

/// One order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Purchase {
    hash: u64,
    /// Whose.
    pub customer: u32,
    /// Day since 1970; `i32::MIN` where it is not known.
    pub day: i32,
    /// Amount in hundredths; `i32::MIN` where it is not known.
    pub cents: i32,
    /// Phrases by number; 0: not known.
    pub product: u32,
    /// See `product`.
    pub branch: u32,
    /// See `product`.
    pub staff: u32,
}

/// No customer.
const NOBODY: u32 = u32::MAX;

/// All orders.
#[derive(Debug, Default)]
pub struct Purchases {
    list: Vec<Purchase>,
    by_number: Pairs,
    by_customer: Pairs,
    by_day: Pairs,
    phrases: Vec<Box<str>>,
    /// How many orders a phrase is in: as product, branch, staff.
    counts: Vec<[u32; 3]>,
    by_first_word: Pairs,
    /// Orders of customers who are not known yet.
    waiting: HashMap<String, Vec<Order>>,
    days: Option<(i32, i32)>,
}

/// Order numbers are compared without case, marks and leading signs.
pub fn order_key(number: &str) -> String {
    number.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn folded(phrase: &str) -> String {
    let plain = names::latin(phrase);
    plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Purchases {
    /// Adds an order, or replaces the one of that number. One of a customer who is not known waits for them.
    pub fn insert(&mut self, order: &Order, people: &People) {
        let key = order_key(&order.id);
        let Some(customer) = people.number(&order.customer) else {
            self.waiting.entry(order.customer.clone()).or_default().push(order.clone());
            return;
        };
        let hash = if key.is_empty() { 0 } else { hash(&key) };
        let known = (hash != 0).then(|| self.by_hash(hash)).flatten();
        let at = known.unwrap_or_else(|| {
            self.list.push(Purchase::default());
            self.list.len() - 1
        });
        let before = known.map(|at| self.list[at].customer);
        if known.is_some() {
            self.uncount(at);
        }
        let purchase = Purchase {
            hash,
            customer,
            day: order.date.map_or(i32::MIN, day),
            cents: order.amount.map_or(i32::MIN, |a| (a * 100.0).round().clamp(-2e9, 2e9) as i32),
            product: self.phrase(order.product.as_deref(), Named::Product),
            branch: self.phrase(order.branch.as_deref(), Named::Branch),
            staff: self.phrase(order.staff.as_deref(), Named::Staff),
        };
        self.list[at] = purchase;
        let at = at as u32;
        if hash != 0 {
            self.by_number.add(short(hash), at);
        }
        if before != Some(customer) {
            self.by_customer.add(customer, at);
        }
        if purchase.day != i32::MIN {
            self.by_day.add(purchase.day as u32, at);
            let (from, to) = self.days.unwrap_or((purchase.day, purchase.day));
            self.days = Some((from.min(purchase.day), to.max(purchase.day)));
        }
    }

    /// A customer has become known: orders that waited for them are added.
    pub fn arrived(&mut self, key: &str, people: &People) {
        if self.waiting.is_empty() {
            return;
        }
        for order in self.waiting.remove(key).unwrap_or_default() {
            self.insert(&order, people);
        }
    }

    /// A customer is removed, and their orders with them.
    pub fn left(&mut self, customer: u32) {
        let theirs: Vec<u32> = self.by_customer.of(customer).collect();
        for at in theirs {
            if self.list[at as usize].customer == customer {
                self.uncount(at as usize);
                self.list[at as usize] = Purchase { customer: NOBODY, day: i32::MIN, ..Purchase::default() };
            }
        }
    }

    fn uncount(&mut self, at: usize) {
        let purchase = self.list[at];
        for (kind, phrase) in [purchase.product, purchase.branch, purchase.staff].into_iter().enumerate() {
            if phrase != 0 {
                self.counts[phrase as usize - 1][kind] -= 1;
            }
        }
    }

    fn phrase(&mut self, text: Option<&str>, kind: Named) -> u32 {
        let text = text.map(folded).filter(|t| t.len() >= 2);
        let Some(text) = text else { return 0 };
        let first = text.split(' ').next().unwrap_or_default().to_owned();
        let known =
            self.by_first_word.of(short(hash(&first))).find(|n| *self.phrases[*n as usize - 1] == *text);
        let number = known.unwrap_or_else(|| {
            self.phrases.push(text.as_str().into());
            self.counts.push([0; 3]);
            let number = self.phrases.len() as u32;
            self.by_first_word.add(short(hash(&first)), number);
            number
        });
        self.counts[number as usize - 1][kind as usize] += 1;
        number
    }

    fn by_hash(&self, hash: u64) -> Option<usize> {
        self.by_number.of(short(hash)).map(|at| at as usize).find(|at| self.list[*at].hash == hash)
    }

    /// The order of a number.
    pub fn by_number(&self, number: &str) -> Option<&Purchase> {
        let key = order_key(number);
        if key.len() < 3 {
            return None;
        }
        self.by_hash(hash(&key)).map(|at| &self.list[at]).filter(|p| p.customer != NOBODY)
    }

    /// The orders of a customer.
    pub fn of(&self, customer: u32) -> impl Iterator<Item = &Purchase> {
        // An order that went to another customer and came back is there twice.
        let first =
            move |(n, at): &(usize, u32)| self.by_customer.of(customer).take(*n).all(|other| other != *at);
        let theirs = self.by_customer.of(customer).enumerate().filter(first);
        theirs.map(|(_, at)| &self.list[at as usize]).filter(move |p| p.customer == customer)
    }

    /// The orders of a day.
    pub fn on(&self, day: i32) -> impl Iterator<Item = &Purchase> {
        self.by_day.of(day as u32).map(|at| &self.list[at as usize]).filter(move |p| p.day == day)
    }

    /// How many orders there are.
    pub fn total(&self) -> usize {
        self.list.len()
    }

    /// Days between the first and the last order, at least 60.
    pub fn span(&self) -> f64 {
        self.days.map_or(60.0, |(from, to)| f64::from(to - from + 1).max(60.0))
    }

    /// Share of the orders that a phrase is in.
    pub fn share(&self, phrase: u32, kind: Named) -> f64 {
        let count = phrase.checked_sub(1).map_or(0, |at| self.counts[at as usize][kind as usize]);
        f64::from(count) / self.list.len().max(1) as f64
    }

    /// A phrase's words.
    pub fn text(&self, phrase: u32) -> &str {
        phrase.checked_sub(1).map_or("", |at| &self.phrases[at as usize])
    }

    /// Every phrase that stands in a text of plain words, with what it names. Of somebody of the staff the first name is enough.
    pub fn named(&self, words: &[&str]) -> Vec<(u32, Named)> {
        let mut found = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let single = word.strip_suffix('s').filter(|w| w.len() > 3);
            for (first, rest) in [Some((*word, at + 1)), single.map(|w| (w, at + 1))].into_iter().flatten() {
                for number in self.by_first_word.of(short(hash(first))) {
                    let phrase = self.text(number);
                    let mut parts = phrase.split(' ');
                    if parts.next() != Some(first) {
                        continue;
                    }
                    let whole = parts.clone().enumerate().all(|(n, part)| {
                        words.get(rest + n).is_some_and(|w| *w == part || w.strip_suffix('s') == Some(part))
                    });
                    let counts = self.counts[number as usize - 1];
                    let alone = first.len() >= 3 && parts.next().is_some();
                    for kind in [Named::Product, Named::Branch, Named::Staff] {
                        let fits = whole || (kind == Named::Staff && alone);
                        if fits && counts[kind as usize] > 0 && !found.contains(&(number, kind)) {
                            found.push((number, kind));
                        }
                    }
                }
            }
        }
        found.truncate(12);
        found
    }

    /// Sorts and gives spare memory back.
    pub fn settle(&mut self) {
        self.list.shrink_to_fit();
        for pairs in [&mut self.by_number, &mut self.by_customer, &mut self.by_day, &mut self.by_first_word] {
            pairs.settle();
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let pairs = [&self.by_number, &self.by_customer, &self.by_day, &self.by_first_word];
        self.list.capacity() * size_of::<Purchase>() + pairs.into_iter().map(Pairs::bytes).sum::<usize>()
    }
}
