//! What a text gives away of a purchase, and how well that fits a customer's orders. It knows nothing of names.

use goodword_shared::{Mention, mention::Precision};

use super::{
    amounts::{self, Amount},
    dates::{self, Days, Published},
    phrases::{Hit, Named},
    quoted::{self, Quoted},
    selves, tokens,
};
use crate::identity::customers::{
    people::{People, day},
    purchases::{Purchase, Purchases},
    record::town,
};

/// Purchases looked at for a text alone.
const LOOKED_AT: usize = 20_000;
/// Purchases of one amount that are looked at for a text alone.
const OF_AMOUNT: usize = 500;
/// So few days are a time that points to somebody.
const NARROW: i32 = 3;
/// Marks of a small filter of phrases.
const FILTER: u32 = 1024;

/// What a text says.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Orders that are named, with their numbers as written, and whether the platform gave it.
    pub orders: Vec<Quoted>,
    /// A number called an order's that is in no record.
    unknown: Option<String>,
    hits: Vec<Hit>,
    /// What it is worth for an order that something else of its kind is named.
    otherwise: [f64; 3],
    /// Phrases that may be among the hits.
    filter: Vec<u64>,
    days: Vec<Days>,
    /// Sums, and what it is worth that one was paid.
    amounts: Vec<(Amount, f64)>,
    published: Option<i32>,
    /// Somebody of the family was in it.
    pub together: bool,
    /// Its author says that they never bought.
    never: bool,
}

/// How well the orders of one customer fit.
#[derive(Clone, Debug, Default)]
pub struct Fits {
    /// Odds for this customer against anybody.
    pub odds: f64,
    pub(super) best: Option<Best>,
    /// Branch, product and staff that are named, and that no order of theirs has.
    pub(super) never: Vec<(u32, Named)>,
    pub(super) nothing_on: Option<Days>,
    pub(super) only_after: bool,
    pub(super) unknown: Option<String>,
    pub(super) never_bought: bool,
}

/// The order that fits best, and which of its parts the text names.
#[derive(Clone, Debug)]
pub(super) struct Best {
    pub(super) purchase: Purchase,
    pub(super) parts: Parts,
    pub(super) on: Option<Days>,
}

/// What an order consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Product,
    /// Some words of the product.
    Like,
    Branch,
    Staff,
    Date,
    /// A day before or after.
    Near,
    Amount,
}

/// Parts of an order, a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts(u8);

impl Parts {
    fn add(&mut self, part: Part) {
        self.0 |= 1 << part as u8;
    }

    pub(super) fn has(self, part: Part) -> bool {
        self.0 >> part as u8 & 1 == 1
    }

    fn count(self) -> u32 {
        self.0.count_ones()
    }
}

/// Reads a mention for what orders hold.
pub fn read(purchases: &Purchases, mention: &Mention) -> Facts {
    let mut facts = Facts { published: mention.published_at.map(day), ..Facts::default() };
    if let Some(number) = mention.order_id.as_deref()
        && let Some(purchase) =
            purchases.by_number(number).or_else(|| purchases.by_core(number.trim_start_matches('#')))
    {
        facts.orders.push(Quoted { purchase: *purchase, number: number.to_owned(), given: true, odds: 1e6 });
    }
    let title = mention.title.as_deref().unwrap_or_default();
    let tokens = tokens::cut(&[title, if title.is_empty() { "" } else { "\n" }, &mention.text].concat());
    let quotes = quoted::find(purchases, &tokens);
    facts.orders.extend(quotes.orders);
    facts.unknown = quotes.unknown.filter(|_| facts.orders.is_empty());
    facts.together = selves::with_family(&tokens);
    facts.never = selves::never_bought(&tokens);
    facts.hits = purchases.phrases.named(&tokens, &own_words(mention), purchases.total());
    facts.filter = vec![0; if facts.hits.is_empty() { 0 } else { FILTER as usize / 64 }];
    for hit in &facts.hits {
        let bit = hit.phrase % FILTER;
        facts.filter[bit as usize / 64] |= 1 << (bit % 64);
    }
    facts.otherwise = [Named::Product, Named::Branch, Named::Staff].map(|kind| facts.otherwise(kind));
    let hour = mention
        .published_at
        .filter(|_| matches!(mention.published_precision, None | Some(Precision::Second)));
    let hour = hour.map(|t| (t.timestamp().rem_euclid(86_400) / 3600) as i32);
    let published = facts.published.map(|day| Published { day, hour });
    let (days, mut taken) = dates::spoken_of(&tokens, published);
    facts.days = days;
    taken.iter_mut().zip(&quotes.taken).for_each(|(taken, quoted)| *taken |= quoted);
    for amount in amounts::paid(&tokens, &taken) {
        let share = purchases.amount_share(amount.from, amount.to);
        let exact = amount.from == amount.to;
        let worth = if exact { 0.6 / (share + 0.002) } else { 0.5 / (share + 0.015) };
        facts.amounts.push((amount, worth.max(1.0)));
    }
    facts
}

/// Words of the name that the author shows.
fn own_words(mention: &Mention) -> Vec<String> {
    let own = tokens::cut(mention.author.name.as_deref().unwrap_or_default());
    own.into_iter().map(|token| token.text).collect()
}

/// Towns of customers that a text names.
pub fn towns(people: &People, mention: &Mention) -> Vec<u32> {
    let text: String = mention.text.chars().take(2000).collect();
    let tokens = tokens::cut(&text);
    // Florence who signs her review is not in Florence.
    let own = own_words(mention);
    let mut towns = Vec::new();
    for at in
        (0..tokens.len()).filter(|at| tokens[*at].is_word() && (tokens[*at].capital || !tokens[*at].plain))
    {
        let mut name = String::new();
        for token in tokens[at..].iter().take(4) {
            if token.kind == tokens::Kind::Mark && token.text != "-" {
                break;
            }
            if token.kind != tokens::Kind::Mark {
                if !name.is_empty() && token.kind != tokens::Kind::Sign {
                    name.push(' ');
                }
                name.push_str(&token.text);
            }
            let found = if name.is_ascii() { people.city_of(&name) } else { people.city_of(&town(&name)) };
            towns.extend(found.filter(|_| name.len() > 3 && !own.contains(&name)));
        }
    }
    towns
}

impl Facts {
    /// Whether a branch is named that has this word, in Latin letters, in its name.
    pub fn names_branch(&self, purchases: &Purchases, word: &str) -> bool {
        let mut branches = self.hits.iter().filter(|hit| hit.kind == Named::Branch);
        branches.any(|hit| town(purchases.phrases.text(hit.phrase)).split(' ').any(|part| part == word))
    }

    /// Whether the text says anything that orders could bear out.
    pub fn speak(&self) -> bool {
        !self.hits.is_empty() || !self.days.is_empty() || !self.amounts.is_empty()
    }

    /// What it is worth for an order that something else of that kind is named: 1 where nothing is.
    fn otherwise(&self, kind: Named) -> f64 {
        let mut hits = self.hits.iter().filter(|hit| hit.kind == kind).peekable();
        match (hits.peek().is_some(), hits.any(|hit| hit.whole), kind) {
            (false, ..) => 1.0,
            (true, true, Named::Branch) => 0.2,
            (true, true, _) => 0.4,
            (true, false, _) => 0.65,
        }
    }

    fn says(&self, phrase: u32, kind: Named) -> Option<&Hit> {
        let bit = phrase % FILTER;
        if phrase == 0 || self.filter.get(bit as usize / 64)? >> (bit % 64) & 1 == 0 {
            return None;
        }
        self.hits
            .binary_search_by_key(&(phrase, kind), |hit| (hit.phrase, hit.kind))
            .ok()
            .map(|at| &self.hits[at])
    }

    /// What one order is worth for its customer.
    fn weigh(&self, span: f64, purchase: &Purchase) -> (f64, Parts, Option<&Days>) {
        let (mut odds, mut parts) = (1.0, Parts::default());
        for (phrase, kind, part) in [
            (purchase.product, Named::Product, Part::Product),
            (purchase.branch, Named::Branch, Part::Branch),
            (purchase.staff, Named::Staff, Part::Staff),
        ] {
            if let Some(hit) = self.says(phrase, kind) {
                odds *= hit.odds;
                parts.add(if part == Part::Product && !hit.whole { Part::Like } else { part });
            } else if phrase != 0 {
                odds *= self.otherwise[kind as usize];
            }
        }
        let mut when = None;
        if purchase.day != i32::MIN {
            let exactly = self.days.iter().find(|d| (d.from..=d.to).contains(&purchase.day));
            let nearly = || self.days.iter().find(|d| (d.from - 1..=d.to + 1).contains(&purchase.day));
            if let Some(on) = exactly.or_else(nearly) {
                let width = f64::from(on.to - on.from + 1);
                odds *= if exactly.is_some() { 0.7 } else { 0.1 } * span / width.max(1.0);
                parts.add(if exactly.is_some() { Part::Date } else { Part::Near });
                when = Some(on);
            } else if !self.days.is_empty() {
                odds *= 0.3;
            }
            if self.published.is_some_and(|published| purchase.day > published + 1) {
                // Nobody tells of what is yet to come.
                odds = odds.min(1.0) * 0.1;
            }
        }
        if purchase.cents != i32::MIN && !self.amounts.is_empty() {
            match self.amounts.iter().find(|(a, _)| (a.from..=a.to).contains(&purchase.cents)) {
                Some((_, worth)) => {
                    odds *= worth;
                    parts.add(Part::Amount);
                }
                None => odds *= 0.8,
            }
        }
        (odds, parts, when)
    }

    /// How well the orders of a customer fit what the text says.
    pub fn fits(&self, purchases: &Purchases, customer: u32) -> Fits {
        let mut fits = Fits::default();
        let (mut sum, mut count, mut after, mut top, mut dated) = (0.0, 0u32, 0, 0.0, false);
        let span = purchases.span();
        let mut there = [false; 3];
        for purchase in purchases.of(customer) {
            let (odds, parts, when) = self.weigh(span, purchase);
            sum += odds;
            count += 1;
            let bought_after =
                self.published.is_some_and(|p| purchase.day != i32::MIN && purchase.day > p + 1);
            after += u32::from(bought_after);
            for (kind, phrase) in [
                (Named::Product, purchase.product),
                (Named::Branch, purchase.branch),
                (Named::Staff, purchase.staff),
            ] {
                // Where it is not known, it may be the one that is named.
                there[kind as usize] |= phrase == 0 || self.says(phrase, kind).is_some();
            }
            dated |= purchase.day == i32::MIN || parts.has(Part::Date) || parts.has(Part::Near);
            if parts.count() > 0 && odds > top {
                top = odds;
                fits.best = Some(Best { purchase: *purchase, parts, on: when.cloned() });
            }
        }
        if count == 0 {
            fits.odds = if self.speak() { 0.5 } else { 1.0 };
            return fits;
        }
        fits.only_after = after == count;
        fits.odds = if self.speak() {
            // The purchase told of may be missing in the records.
            0.95 * sum / f64::from(count) + 0.02
        } else if fits.only_after {
            0.2
        } else {
            1.0
        };
        if let Some(number) = &self.unknown {
            // Mistyped, or of another shop.
            fits.odds *= 0.4;
            fits.unknown = Some(number.clone());
        }
        if self.never && after < count {
            fits.odds *= 0.3;
            fits.never_bought = true;
        }
        let missing = self.hits.iter().filter(|hit| hit.whole && !there[hit.kind as usize]);
        for hit in missing {
            if fits.never.iter().all(|(_, kind)| *kind != hit.kind) {
                fits.never.push((hit.phrase, hit.kind));
            }
        }
        if !dated {
            fits.nothing_on = self.days.iter().find(|d| d.to - d.from <= NARROW).cloned();
        }
        fits
    }

    /// Customers whom the text alone points to: orders of a day or an amount that is named, of which it says more.
    pub fn pointed_to(&self, purchases: &Purchases) -> Vec<u32> {
        let mut found = Vec::new();
        if self.hits.is_empty() && self.amounts.is_empty() {
            return Vec::new();
        }
        let span = purchases.span();
        // Among few customers little points to one.
        let least = (2.0 * purchases.total() as f64).clamp(100.0, 1000.0);
        let spans = self.days.iter().filter(|d| d.to - d.from <= NARROW);
        let by_day = spans.flat_map(|span| span.from - 1..=span.to + 1).flat_map(|day| purchases.on(day));
        let exact = self.amounts.iter().filter(|(amount, _)| amount.from == amount.to);
        let by_amount = exact.flat_map(|(amount, _)| purchases.of_amount(amount.cents).take(OF_AMOUNT));
        for purchase in by_day.take(LOOKED_AT).chain(by_amount) {
            let (odds, parts, _) = self.weigh(span, purchase);
            if odds >= least && parts.count() >= 2 {
                found.push((odds, purchase.customer));
            }
        }
        // The best of each customer.
        found.sort_by(|a, b| a.1.cmp(&b.1).then(b.0.total_cmp(&a.0)));
        found.dedup_by_key(|(_, customer)| *customer);
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.truncate(50);
        found.into_iter().map(|(_, customer)| customer).collect()
    }
}
