//! What a text gives away of a purchase, in words for the owner. It weighs nothing.

use chrono::Datelike;
use goodword_shared::matching::Evidence;

use super::{
    dates::{self, Days},
    phrases::Named,
    told::{Best, Fits, Part},
};
use crate::identity::customers::{people::People, purchases::Purchases};

impl Fits {
    /// In words for the owner.
    pub fn words(&self, purchases: &Purchases, people: &People, customer: u32, list: &mut Vec<Evidence>) {
        let mut say = |kind: &str, text: String| list.push(Evidence { kind: kind.into(), text });
        let called = |phrase: u32| purchases.phrases.text(phrase);
        if let Some(Best { purchase, parts, on }) = &self.best {
            let has = |part: Part| parts.has(part);
            let bought = match purchase.product {
                0 => "bought something".to_owned(),
                product => format!("bought “{}”", called(product)),
            };
            if has(Part::Product) {
                say("product", format!("Names “{}”, which they bought", called(purchase.product)));
            }
            if has(Part::Like) {
                say("product", format!("Uses words of “{}”, which they bought", called(purchase.product)));
            }
            if has(Part::Branch) {
                say("branch", format!("Names {}, where they {bought}", called(purchase.branch)));
            }
            if has(Part::Staff) {
                say("staff", format!("Names {}, who served them", called(purchase.staff)));
            }
            if let Some(on) = on {
                let own = if has(Part::Date) && on.from == on.to {
                    format!("when they {bought}")
                } else {
                    let day = Days { from: purchase.day, to: purchase.day };
                    format!("and they {bought} on {}", spelt(&day))
                };
                say("date", format!("Tells of {}, {own}", spelt(on)));
            }
            if has(Part::Amount) {
                let (whole, cents) = (purchase.cents / 100, purchase.cents % 100);
                say("amount", format!("Names what they paid, {whole}.{cents:02}"));
            }
        }
        let name = people.person(customer).map_or("this customer", |person| people.called(person));
        // At the beginning of a sentence.
        let first = if name == "this customer" { "This customer" } else { name };
        let has = |part: Part| self.best.as_ref().is_some_and(|best| best.parts.has(part));
        for (phrase, kind) in &self.never {
            match kind {
                Named::Product if !has(Part::Like) => {
                    say("product", format!("{first} never bought “{}”", called(*phrase)));
                }
                Named::Product => {}
                Named::Branch => say("branch", format!("{first} never bought at {}", called(*phrase))),
                Named::Staff => say("staff", format!("{} never served {name}", called(*phrase))),
            }
        }
        if let Some(on) = &self.nothing_on {
            let when = if on.from == on.to { "on" } else { "from" };
            say("date", format!("{first} bought nothing {when} {}", spelt(on)));
        }
        if self.only_after {
            say("date", format!("{first} bought only after this was written"));
        }
        if let Some(number) = &self.unknown {
            say("order", format!("Quotes order {number}, which is not in the records"));
        }
        if self.never_bought {
            say("order", format!("Says that they never bought, and {name} did"));
        }
    }
}

/// "3 March 2026", "2 to 8 March 2026", "28 February to 6 March 2026".
fn spelt(days: &Days) -> String {
    let (Some(from), Some(to)) = (dates::date(days.from), dates::date(days.to)) else { return String::new() };
    let end = to.format("%-d %B %Y");
    if from == to {
        end.to_string()
    } else if (from.year(), from.month()) == (to.year(), to.month()) {
        format!("{} to {end}", from.day())
    } else if from.year() == to.year() {
        format!("{} to {end}", from.format("%-d %B"))
    } else {
        format!("{} to {end}", from.format("%-d %B %Y"))
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
