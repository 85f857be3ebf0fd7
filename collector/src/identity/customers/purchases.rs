//! Orders arranged for look-up: by number, by customer, by day, by amount. It judges nothing.

use std::collections::{BTreeMap, HashMap};

use super::{
    pairs::{Pairs, hash, short},
    people::{People, day},
};
use crate::identity::{
    Order, names,
    text::phrases::{Named, Phrases},
};

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

/// Orders looked at to see whether digits are one order's.
const LOOKED_AT: usize = 64;
/// No customer.
const NOBODY: u32 = u32::MAX;

/// All orders.
#[derive(Debug, Default)]
pub struct Purchases {
    list: Vec<Purchase>,
    by_number: Pairs,
    by_customer: Pairs,
    by_day: Pairs,
    by_cents: Pairs,
    /// By the digits alone, where a number has more than these.
    by_core: Pairs,
    /// What products, branches and staff are called.
    pub phrases: Phrases,
    /// How many orders are of an amount.
    amounts: BTreeMap<i32, u32>,
    /// Orders of customers who are not known yet.
    waiting: HashMap<String, Vec<Order>>,
    days: Option<(i32, i32)>,
}

/// Amounts of a range that are counted one by one.
const AMOUNTS: usize = 3000;
/// So many digits in a run may be quoted for the whole number.
const CORE: usize = 3;

/// Order numbers are compared without case, marks and leading signs.
pub fn order_key(number: &str) -> String {
    let plain = names::latin(number);
    plain.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The runs of digits in an order number, without leading zeros; none where the number is one.
fn cores(number: &str) -> Vec<u32> {
    let plain = names::latin(number);
    let key = order_key(number);
    let runs = plain.split(|c: char| !c.is_ascii_digit()).map(|run| run.trim_start_matches('0'));
    runs.filter(|run| run.len() >= CORE && *run != key).filter_map(core).collect()
}

/// A run of digits as a key: the number itself.
fn core(run: &str) -> Option<u32> {
    run.parse::<u64>().ok().map(short)
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
            product: self.phrases.count(order.product.as_deref(), Named::Product),
            branch: self.phrases.count(order.branch.as_deref(), Named::Branch),
            staff: self.phrases.count(order.staff.as_deref(), Named::Staff),
        };
        self.list[at] = purchase;
        if purchase.cents != i32::MIN {
            *self.amounts.entry(purchase.cents).or_default() += 1;
        }
        let at = at as u32;
        if hash != 0 {
            self.by_number.add(short(hash), at);
            cores(&order.id).into_iter().for_each(|core| self.by_core.add(core, at));
        }
        if purchase.cents != i32::MIN {
            self.by_cents.add(purchase.cents as u32, at);
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
                self.list[at as usize] =
                    Purchase { customer: NOBODY, day: i32::MIN, cents: i32::MIN, ..Purchase::default() };
            }
        }
    }

    fn uncount(&mut self, at: usize) {
        let purchase = self.list[at];
        self.phrases.uncount(purchase.product, Named::Product);
        self.phrases.uncount(purchase.branch, Named::Branch);
        self.phrases.uncount(purchase.staff, Named::Staff);
        if let Some(count) = self.amounts.get_mut(&purchase.cents) {
            *count -= 1;
        }
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

    /// The only order whose number holds these digits: "1042" for A-1042/23, or for 0001042.
    pub fn by_core(&self, digits: &str) -> Option<&Purchase> {
        let digits = digits.trim_start_matches('0');
        if digits.len() < CORE {
            return None;
        }
        let whole = self.by_hash(hash(digits)).map(|at| at as u32);
        let mut found = whole.into_iter().chain(self.by_core.of(core(digits)?));
        let found_first = found.by_ref().find(|at| self.list[*at as usize].customer != NOBODY)?;
        let only =
            found.take(LOOKED_AT).all(|at| at == found_first || self.list[at as usize].customer == NOBODY);
        only.then(|| &self.list[found_first as usize])
    }

    /// The orders of a customer.
    pub fn of(&self, customer: u32) -> impl Iterator<Item = &Purchase> {
        // An order that went to another customer and came back is there twice.
        let mut theirs: Vec<u32> = self.by_customer.of(customer).collect();
        theirs.sort_unstable();
        theirs.dedup();
        let orders = theirs.into_iter().map(|at| &self.list[at as usize]);
        orders.filter(move |purchase| purchase.customer == customer)
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

    /// Orders of an amount.
    pub fn of_amount(&self, cents: i32) -> impl Iterator<Item = &Purchase> {
        self.by_cents.of(cents as u32).map(|at| &self.list[at as usize]).filter(move |p| p.cents == cents)
    }

    /// Share of the orders whose amount is between these.
    pub fn amount_share(&self, from: i32, to: i32) -> f64 {
        let count: u32 = self.amounts.range(from..=to).take(AMOUNTS).map(|(_, count)| count).sum();
        f64::from(count) / self.list.len().max(1) as f64
    }

    /// Sorts and gives spare memory back.
    pub fn settle(&mut self) {
        self.list.shrink_to_fit();
        let pairs = [
            &mut self.by_number,
            &mut self.by_customer,
            &mut self.by_day,
            &mut self.by_cents,
            &mut self.by_core,
        ];
        pairs.into_iter().for_each(Pairs::settle);
        self.phrases.settle();
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let pairs = [&self.by_number, &self.by_customer, &self.by_day, &self.by_cents, &self.by_core];
        let lists = pairs.into_iter().map(Pairs::bytes).sum::<usize>() + self.phrases.bytes();
        self.list.capacity() * size_of::<Purchase>() + self.amounts.len() * 10 + lists
    }
}
