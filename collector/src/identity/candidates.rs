//! Finds the customers who may have written a mention, weighs each, and decides.

use std::collections::BTreeMap;

use goodword_shared::{
    Mention,
    matching::{Candidate, Decision, Identification},
};

use super::{
    compare::{Comparer, Fit, Prepared},
    evidence, names,
    people::{People, Person, hash},
    shown::{Nicknames, readings},
};

/// Odds that an author is no customer at all, against being one.
const NOT_A_CUSTOMER: f64 = 0.4;
/// Linked without asking from here on.
pub const LINKED: f64 = 0.95;
/// Asked of the owner from here on.
pub const DOUBTFUL: f64 = 0.3;
/// At most so many customers are compared for one word of a name before rarer words have been tried.
const MOST_COMPARED: usize = 3000;
/// Candidates shown.
const MOST_SHOWN: usize = 5;

/// All that speaks for one customer.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The best fit of a name.
    pub name: Option<Fit>,
    /// The handle is the one in the records, or their mail box.
    pub handle: Option<Handle>,
    /// The platform gave their mail address.
    pub email: bool,
    /// An order of theirs: its number, and whether the platform gave it (else it is quoted in the text).
    pub order: Option<(String, bool)>,
    /// The author's place is, or is not, the customer's town.
    pub city: Option<bool>,
    /// The language is, or is not, the customer's.
    pub language: Option<bool>,
    /// A full name is shown that is not theirs.
    pub other_name: bool,
}

/// Which of the records' handles it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handle {
    /// The handle kept for the customer.
    Known,
    /// What stands before the @ of their mail address.
    MailBox,
}

impl Found {
    /// Odds for this customer against a stranger.
    fn odds(&self) -> f64 {
        let mut odds: f64 = self.name.as_ref().map_or(0.0, Fit::odds);
        let mut surely = |own: f64| {
            odds = own
                * if odds > 0.0 {
                    4.0
                } else if self.other_name {
                    0.05
                } else {
                    1.0
                };
        };
        match self.handle {
            Some(Handle::Known) => surely(1500.0),
            Some(Handle::MailBox) => surely(150.0),
            None => {}
        }
        if self.email {
            odds = 1e6;
        }
        if let Some((_, given)) = &self.order {
            let worth = if *given { 1e5 } else { 300.0 };
            // Somebody else of the household may write; a stranger hardly quotes the number.
            odds = if odds > 0.0 {
                odds.max(0.05) * worth
            } else if self.other_name {
                worth * 0.02
            } else {
                worth * 0.2
            };
        }
        odds *= match self.city {
            Some(true) => 8.0,
            Some(false) => 0.1,
            None => 1.0,
        };
        odds *= match self.language {
            Some(true) => 1.2,
            Some(false) => 0.6,
            None => 1.0,
        };
        odds
    }
}

/// Everybody worth comparing, with what speaks for them.
pub fn find(
    people: &People,
    nicknames: &Nicknames,
    mention: &Mention,
    refused: &[String],
) -> BTreeMap<u32, Found> {
    let author = &mention.author;
    let mut found: BTreeMap<u32, Found> = BTreeMap::new();
    let shown = readings(author.name.as_deref(), author.handle.as_deref(), people, nicknames);
    let comparer = Comparer { people };
    for reading in &shown {
        let prepared = Prepared::new(reading, people, nicknames);
        for id in worth_comparing(people, &prepared) {
            let Some(fit) = people.person(id).and_then(|p| comparer.fit(&prepared, p)) else { continue };
            let entry = found.entry(id).or_default();
            entry.name = Some(match entry.name.take() {
                None => fit,
                Some(old) => {
                    let joined =
                        if old.from_handle != fit.from_handle { Some(old.joined(&fit)) } else { None };
                    [Some(old), Some(fit), joined]
                        .into_iter()
                        .flatten()
                        .max_by(|a, b| a.odds().total_cmp(&b.odds()))
                        .unwrap_or_default()
                }
            });
        }
    }
    let handle_shown = author.name.as_deref().filter(|n| names::looks_like_handle(n));
    for handle in [author.handle.as_deref(), handle_shown].into_iter().flatten() {
        let key = hash(&names::handle_key(handle));
        for id in people.by_handle(key) {
            let known = people.person(*id).is_some_and(|p| p.handle == key);
            let entry = found.entry(*id).or_default();
            entry.handle = Some(if known { Handle::Known } else { Handle::MailBox });
        }
    }
    if let Some(email) = author.email.as_deref() {
        for id in people.by_email(hash(&email.trim().to_lowercase())) {
            found.entry(*id).or_default().email = true;
        }
    }
    if people.has_orders() {
        orders(people, mention, &mut found);
    }
    found.retain(|id, _| people.person(*id).is_some_and(|p| !refused.iter().any(|r| **r == *p.key)));
    let names_somebody =
        shown.iter().any(|s| !s.from_handle && s.words.iter().filter(|w| w.len() > 1).count() > 1);
    let place = author.location.as_deref().map(names::latin).filter(|l| l.chars().any(char::is_alphabetic));
    for (id, entry) in &mut found {
        let Some(person) = people.person(*id) else { continue };
        entry.other_name = names_somebody && entry.name.is_none();
        entry.city = place.as_deref().and_then(|place| same_town(place, person));
        let spoken = mention.language.as_deref().and_then(|l| l.split('-').next()).map(str::to_lowercase);
        entry.language = spoken.as_deref().and_then(|l| Some(person.language.as_deref()? == l));
    }
    found
}

/// Customers who bear a word that is shown, its short forms, its other spellings or its slips; the rarest words first.
fn worth_comparing(people: &People, prepared: &Prepared<'_>) -> Vec<u32> {
    let mut groups: Vec<(usize, Vec<u32>)> = Vec::new();
    for spoken in prepared.words.iter().chain(prepared.pairs.iter().flatten()) {
        let words: Vec<u32> = spoken.words().collect();
        let total = words.iter().map(|w| people.bearers(*w).len()).sum();
        if total > 0 {
            groups.push((total, words));
        }
    }
    groups.sort();
    let mut ids = Vec::new();
    let mut sum = 0;
    for (total, words) in groups {
        if sum > 0 && sum + total > MOST_COMPARED {
            break;
        }
        sum += total;
        ids.extend(words.iter().flat_map(|w| people.bearers(*w)).copied());
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn same_town(place: &str, person: &Person) -> Option<bool> {
    let town = person.city.as_deref()?;
    let within = |long: &str, short: &str| {
        long.match_indices(short).any(|(at, _)| {
            let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
            edge(long[..at].chars().next_back()) && edge(long[at + short.len()..].chars().next())
        })
    };
    Some(within(place, town) || within(town, place.trim()))
}

/// Order numbers: the one that the platform gives, and those quoted in the text.
fn orders(people: &People, mention: &Mention, found: &mut BTreeMap<u32, Found>) {
    if let Some(number) = mention.order_id.as_deref()
        && let Some(id) = people.by_order(number)
    {
        found.entry(id).or_default().order = Some((number.to_owned(), true));
    }
    const CALLED: [&str; 16] = [
        "order",
        "number",
        "no",
        "nr",
        "invoice",
        "booking",
        "bestellung",
        "bestellnummer",
        "rechnung",
        "commande",
        "pedido",
        "ordine",
        "encomenda",
        "bestelling",
        "ticket",
        "auftrag",
    ];
    let texts = [mention.title.as_deref().unwrap_or_default(), &mention.text];
    for text in texts {
        let mut called = false;
        for piece in text.split_whitespace().take(4000) {
            let trimmed = piece.trim_matches(|c: char| !c.is_alphanumeric());
            let digits = trimmed.chars().filter(char::is_ascii_digit).count();
            // A short number is an order only where it is called one.
            if digits > 0
                && trimmed.len() <= 40
                && (digits >= 5 || called || piece.starts_with('#'))
                && let Some(id) = people.by_order(trimmed)
            {
                let entry = found.entry(id).or_default();
                entry.order.get_or_insert_with(|| (trimmed.to_owned(), false));
            }
            let word = names::latin(trimmed);
            called = CALLED.contains(&word.as_str()) || (called && word.is_empty());
        }
    }
}

/// Shares one whole between the candidates and "somebody else", and decides.
pub fn decide(people: &People, mention: &Mention, found: BTreeMap<u32, Found>) -> Identification {
    let mut weighed: Vec<(f64, &Person, Found)> = found
        .into_iter()
        .filter_map(|(id, f)| Some((f.odds(), people.person(id)?, f)))
        .filter(|(odds, ..)| *odds > 0.0)
        .collect();
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.key.cmp(&b.1.key)));
    let all: f64 = NOT_A_CUSTOMER + weighed.iter().map(|(odds, ..)| odds).sum::<f64>();
    let close =
        weighed.iter().filter(|(odds, ..)| weighed.first().is_some_and(|best| *odds > best.0 * 0.2)).count();
    let candidates: Vec<Candidate> = weighed
        .iter()
        .take(MOST_SHOWN)
        .map(|(odds, person, found)| Candidate {
            customer: person.key.to_string(),
            probability: ((odds / all).min(0.999) * 1e4).round() / 1e4,
            evidence: evidence::words(mention, person, found, close, people.total()),
        })
        .filter(|c| c.probability >= 0.02)
        .collect();
    let best = candidates.first().map_or(0.0, |c| c.probability);
    let together: f64 = candidates.iter().map(|c| c.probability).sum();
    let decision = if best >= LINKED {
        Decision::Linked
    } else if best >= DOUBTFUL || (together >= 0.6 && best >= 0.15) {
        // A few of the same name: the owner can tell them apart.
        Decision::Doubtful
    } else {
        Decision::None
    };
    Identification { decision, candidates }
}
