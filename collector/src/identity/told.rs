//! What a text gives away of a purchase, and how well that fits a customer's orders. It knows nothing of names.

use goodword_shared::{Mention, matching::Evidence};

use super::{
    dates::{self, Days},
    names,
    people::{People, day},
    purchases::{Named, Purchase, Purchases},
};

/// Letters of a text that are read.
const READ: usize = 6000;
/// Purchases looked at for a text alone.
const LOOKED_AT: usize = 20_000;
/// Words before a short number that make it an order's.
const CALLED: &[&str] = &[
    "order",
    "number",
    "no",
    "nr",
    "num",
    "invoice",
    "booking",
    "reservation",
    "receipt",
    "ref",
    "reference",
    "bestellung",
    "bestellnummer",
    "rechnung",
    "rechnungsnummer",
    "buchung",
    "commande",
    "facture",
    "pedido",
    "factura",
    "ordine",
    "fattura",
    "encomenda",
    "fatura",
    "bestelling",
    "factuur",
    "ticket",
    "auftrag",
    "auftragsnummer",
    "zamowienie",
    "faktura",
    "zakaz",
    "siparis",
];
/// Words of those who came in company: another name of the household may be in the records.
const TOGETHER: &[&str] = &[
    "husband",
    "wife",
    "partner",
    "spouse",
    "mann",
    "frau",
    "mari",
    "femme",
    "marido",
    "esposa",
    "mujer",
    "marito",
    "moglie",
    "vrouw",
    "boyfriend",
    "girlfriend",
    "fiance",
    "fiancee",
    "mum",
    "mom",
    "mother",
    "father",
    "dad",
    "parents",
    "son",
    "daughter",
    "maz",
    "zona",
];

/// What a text says.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Orders that are named, with their numbers as written, and whether the platform gave it.
    pub orders: Vec<(Purchase, String, bool)>,
    named: Vec<(u32, Named)>,
    days: Vec<Days>,
    cents: Vec<i32>,
    published: Option<i32>,
    /// Two people came.
    pub together: bool,
}

/// How well the orders of one customer fit.
#[derive(Clone, Debug, Default)]
pub struct Fits {
    /// Odds for this customer against anybody.
    pub odds: f64,
    /// The order that fits best, and which of its parts the text names.
    best: Option<(Purchase, Parts)>,
    never_at: Option<u32>,
    only_after: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Product,
    Branch,
    Staff,
    Date,
    Amount,
}

/// Parts of an order, a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Parts(u8);

impl Parts {
    fn add(&mut self, part: Part) {
        self.0 |= 1 << part as u8;
    }

    fn has(self, part: Part) -> bool {
        self.0 >> part as u8 & 1 == 1
    }
}

/// Reads a mention for what orders hold.
pub fn read(purchases: &Purchases, mention: &Mention) -> Facts {
    let mut facts = Facts { published: mention.published_at.map(day), ..Facts::default() };
    if let Some(number) = mention.order_id.as_deref()
        && let Some(purchase) = purchases.by_number(number)
    {
        facts.orders.push((*purchase, number.to_owned(), true));
    }
    let whole: String = [mention.title.as_deref().unwrap_or_default(), " ", &mention.text]
        .concat()
        .chars()
        .take(READ)
        .collect();
    numbers(purchases, &whole, &mut facts);
    let plain = names::latin(&whole);
    let words: Vec<&str> =
        plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    facts.together = words.iter().any(|w| TOGETHER.contains(w));
    facts.named = purchases.named(&words);
    facts.days = dates::spoken_of(&words, facts.published);
    facts
}

fn numbers(purchases: &Purchases, text: &str, facts: &mut Facts) {
    let mut called = false;
    for piece in text.split_whitespace() {
        let trimmed = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let digits = trimmed.chars().filter(char::is_ascii_digit).count();
        // A short number is an order only where it is called one.
        if digits > 0
            && trimmed.len() <= 40
            && (digits >= 5 || called || piece.starts_with('#'))
            && let Some(purchase) = purchases.by_number(trimmed)
        {
            if facts.orders.len() < 4 {
                facts.orders.push((*purchase, trimmed.to_owned(), false));
            }
        } else if digits > 0
            && facts.cents.len() < 6
            && let Some(cents) = cents(piece)
        {
            facts.cents.push(cents);
        }
        let word = names::latin(trimmed);
        called = CALLED.contains(&word.as_str()) || (called && word.is_empty());
    }
}

/// An amount of money: with a currency's sign, or with two decimals.
fn cents(piece: &str) -> Option<i32> {
    let signed = piece.contains(['€', '$', '£', '¥', '₺', '₽']) || piece.contains("zł");
    let number: String = piece
        .trim_matches(|c: char| !c.is_ascii_digit())
        .chars()
        .filter(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        .collect();
    let (whole, decimals) = match number.rsplit_once(['.', ',']) {
        Some((whole, decimals)) if decimals.len() == 2 => (whole, decimals),
        _ if signed => (number.as_str(), "00"),
        _ => return None,
    };
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    Some(whole.parse::<i32>().ok()?.checked_mul(100)? + decimals.parse::<i32>().ok()?)
}

impl Facts {
    /// Whether the text says anything that orders could bear out.
    pub fn speak(&self) -> bool {
        !self.named.is_empty() || !self.days.is_empty() || !self.cents.is_empty()
    }

    fn names(&self, kind: Named) -> bool {
        self.named.iter().any(|(_, k)| *k == kind)
    }

    fn says(&self, phrase: u32, kind: Named) -> bool {
        phrase != 0 && self.named.contains(&(phrase, kind))
    }

    /// What one order is worth for its customer.
    fn weigh(&self, purchases: &Purchases, purchase: &Purchase) -> (f64, Parts) {
        let (mut odds, mut parts) = (1.0, Parts::default());
        for (phrase, kind, part, else_worth) in [
            (purchase.product, Named::Product, Part::Product, 0.4),
            (purchase.branch, Named::Branch, Part::Branch, 0.2),
            (purchase.staff, Named::Staff, Part::Staff, 0.4),
        ] {
            if self.says(phrase, kind) {
                odds *= 0.8 / (purchases.share(phrase, kind) + 0.005);
                parts.add(part);
            } else if self.names(kind) && phrase != 0 {
                odds *= else_worth;
            }
        }
        if purchase.day != i32::MIN {
            let on = self.days.iter().find(|d| (d.from - 1..=d.to + 1).contains(&purchase.day));
            if let Some(span) = on {
                let exact = (span.from..=span.to).contains(&purchase.day);
                let width = f64::from(span.to - span.from + 1);
                odds *= if exact { 0.7 } else { 0.1 } * purchases.span() / width.max(1.0);
                parts.add(Part::Date);
            } else if !self.days.is_empty() {
                odds *= 0.3;
            }
            if self.published.is_some_and(|published| purchase.day > published + 1) {
                // Nobody tells of what is yet to come.
                odds = odds.min(1.0) * 0.1;
            }
        }
        if purchase.cents != i32::MIN && !self.cents.is_empty() {
            let near = |c: &&i32| (**c - purchase.cents).abs() <= if **c % 100 == 0 { 99 } else { 0 };
            match self.cents.iter().find(near) {
                Some(c) => {
                    odds *= if *c % 100 == 0 { 30.0 } else { 300.0 };
                    parts.add(Part::Amount);
                }
                None => odds *= 0.8,
            }
        }
        (odds, parts)
    }

    /// How well a customer's orders fit what is told. One without orders where there are some is a little less likely.
    pub fn fits(&self, purchases: &Purchases, customer: u32) -> Fits {
        let (mut sum, mut count) = (0.0, 0u32);
        let mut fits = Fits { odds: 1.0, ..Fits::default() };
        let (mut top, mut after, mut there) = (0.0, 0, false);
        for purchase in purchases.of(customer).take(400) {
            let (odds, parts) = self.weigh(purchases, purchase);
            sum += odds;
            count += 1;
            after +=
                u32::from(self.published.is_some_and(|p| purchase.day != i32::MIN && purchase.day > p + 1));
            there |= self.says(purchase.branch, Named::Branch);
            if parts.0 != 0 && odds > top {
                top = odds;
                fits.best = Some((*purchase, parts));
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
        if self.names(Named::Branch) && !there {
            fits.never_at = self.named.iter().find(|(_, k)| *k == Named::Branch).map(|(phrase, _)| *phrase);
        }
        fits
    }

    /// Customers whom the text alone points to: orders of a day that is named, of which it says more.
    pub fn pointed_to(&self, purchases: &Purchases) -> Vec<u32> {
        let mut found = Vec::new();
        let mut looked_at = 0;
        for span in self.days.iter().filter(|d| d.to - d.from <= 3) {
            for purchase in (span.from - 1..=span.to + 1).flat_map(|day| purchases.on(day)) {
                looked_at += 1;
                if looked_at > LOOKED_AT {
                    break;
                }
                let (odds, parts) = self.weigh(purchases, purchase);
                if odds >= 1000.0 && parts.0.count_ones() >= 2 {
                    found.push((odds, purchase.customer));
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.truncate(50);
        found.into_iter().map(|(_, customer)| customer).collect()
    }
}

impl Fits {
    /// In words for the owner.
    pub fn words(&self, purchases: &Purchases, people: &People, customer: u32, list: &mut Vec<Evidence>) {
        let mut say = |kind: &str, text: String| list.push(Evidence { kind: kind.into(), text });
        if let Some((purchase, parts)) = &self.best {
            let called = |phrase: u32| purchases.text(phrase).to_owned();
            let what = if purchase.product == 0 {
                "an order".to_owned()
            } else {
                format!("“{}”", called(purchase.product))
            };
            let all = [Part::Product, Part::Branch, Part::Staff, Part::Date, Part::Amount];
            for part in all.into_iter().filter(|part| parts.has(*part)) {
                match part {
                    Part::Product => {
                        say("product", format!("Names “{}”, which they bought", called(purchase.product)))
                    }
                    Part::Branch => say(
                        "branch",
                        format!("Was at {}, where they bought {what}", capital(&called(purchase.branch))),
                    ),
                    Part::Staff => {
                        say("staff", format!("Names {}, who served them", capital(&called(purchase.staff))))
                    }
                    Part::Date => say("date", format!("Tells of the day they bought {what}")),
                    Part::Amount => say("amount", "Names the amount they paid".into()),
                }
            }
        }
        let name = people.person(customer).map(|p| people.name(p)).unwrap_or_default();
        if self.best.as_ref().is_none_or(|(_, parts)| !parts.has(Part::Branch))
            && let Some(branch) = self.never_at
        {
            say("branch", format!("{name} never bought at {}", capital(purchases.text(branch))));
        }
        if self.only_after {
            say("date", format!("{name} bought only after this was written"));
        }
    }
}

/// "riverside mill" → "Riverside Mill".
pub fn capital(words: &str) -> String {
    let mut up = true;
    words
        .chars()
        .map(|c| {
            let now = if up { c.to_ascii_uppercase() } else { c };
            up = c == ' ';
            now
        })
        .collect()
}
