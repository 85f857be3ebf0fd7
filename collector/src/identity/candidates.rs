//! Finds the customers who may have written a mention, and gathers what speaks for and against each.

use std::collections::BTreeMap;

use goodword_shared::Mention;

use super::{
    Index,
    compare::{Comparer, Fit, Prepared},
    customers::{
        household,
        person::Person,
        record::{self, town},
    },
    names,
    names::shown::readings,
    spoken::Spoken,
    text::{
        quoted::Quoted,
        told::{self, Facts, Fits},
    },
    weights::KINDS,
};

/// So few bearers of a word are all compared.
const FEW: usize = 600;
/// Of common words, so many are looked up together with others.
const COMMON: usize = 4;
/// Letters of a place that are read.
const LOCATION: usize = 200;
/// So few customers are no fewer than this to a nameless author.
const LEAST: usize = 200;

/// All that speaks for one customer.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The best fit of a name.
    pub name: Option<Fit>,
    /// The handle is the one in the records, or their mail box.
    pub handle: Option<Handle>,
    /// How many digits are in it, at most 5.
    pub digits: u8,
    /// The platform gave their mail address.
    pub email: bool,
    /// The text gives their telephone number: how many customers have it.
    pub phone: Option<usize>,
    /// An order of theirs that the platform gave, or that is quoted in the text.
    pub order: Option<Quoted>,
    /// How the text fits their orders.
    pub told: Option<Fits>,
    /// The author's place is, or is not, the customer's town; or it may be.
    pub city: Option<City>,
    /// The language is, or is not, the customer's.
    pub language: Option<bool>,
    /// A full name is shown that is not theirs.
    pub other_name: bool,
    /// Of such a name the family's is theirs all the same: how many customers bear it.
    pub family: Option<usize>,
}

/// How a place fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum City {
    /// The same town, with the share of those with such names who live there.
    Same(f64),
    /// Another town that customers live in.
    Other,
    /// A place that is nobody's town: a country, or far away.
    Unknown,
    /// Their town is named in the text, with the share of customers who live there.
    Named(f64),
}

/// Which of the records' handles it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handle {
    /// The handle kept for the customer.
    Known,
    /// What stands before the @ of their mail address.
    MailBox,
}

/// What was gathered for one mention.
#[derive(Debug, Default)]
pub struct Gathered {
    /// By customer.
    pub found: BTreeMap<u32, Found>,
    /// The words that are shown.
    pub spoken: Vec<Spoken>,
    /// What the text says.
    pub facts: Facts,
    /// A common name was not compared with all who bear it.
    pub crowded: bool,
}

impl Found {
    /// Odds for this customer against a stranger, kind by kind, as logarithms.
    pub fn parts(&self, facts: &Facts, customers: usize) -> [f64; KINDS.len()] {
        let mut parts = [0.0; KINDS.len()];
        let [name, address, order, told, place, language] = &mut parts;
        // Nothing in the name: any of the customers; another full name: hardly this one.
        let somebody = if self.other_name { if facts.together { 0.15 } else { 0.02 } } else { 1.0 };
        let nameless = somebody / (customers.max(LEAST) as f64 * 0.5);
        // Somebody else of the household, who mostly says so.
        let household = if facts.together { 0.3 } else { 0.03 };
        let nameless =
            self.family.map_or(nameless, |bearers| nameless.max(household / (bearers as f64 + 1.0)));
        *name = self.name.map_or(nameless, |fit| fit.odds().max(nameless)).ln();
        *address = match (self.email, self.handle) {
            (true, _) => 1e8,
            // A handle that is read as the name says little more than the name, but for its numbers.
            (_, Some(Handle::Known)) if self.name.is_some() => 50.0 * 8f64.powi(self.digits.into()),
            (_, Some(Handle::MailBox)) if self.name.is_some() => 3.0 * 8f64.powi(self.digits.into()),
            (_, Some(Handle::Known)) => 5e6,
            (_, Some(Handle::MailBox)) => 5e5,
            _ => 1.0,
        }
        .ln();
        // Somebody else of the household may give it. The more customers have it, the more strangers give it as well.
        *address += self.phone.map_or(0.0, |bearers| (1e5 / bearers as f64).ln());
        *order = self.order.as_ref().map_or(0.0, |quoted| quoted.odds.ln());
        if let Some(fits) = &self.told {
            *told = fits.odds.clamp(0.01, 1e6).ln();
        }
        *place = match self.city {
            Some(City::Same(share)) => (0.85 / (share + 0.01)).clamp(1.0, 30.0),
            Some(City::Other) => 0.12,
            Some(City::Unknown) => 0.35,
            Some(City::Named(share)) => (0.5 / (share + 0.1)).clamp(1.0, 4.0),
            None => 1.0,
        }
        .ln();
        *language = match self.language {
            Some(true) => 1.3f64,
            Some(false) => 0.5,
            None => 1.0,
        }
        .ln();
        parts
    }
}

/// Everybody worth comparing, with what speaks for them.
pub fn gather(index: &Index, mention: &Mention, refused: &[String]) -> Gathered {
    let (people, author) = (&index.people, &mention.author);
    let shown = readings(author.name.as_deref(), author.handle.as_deref(), people, &index.nicknames);
    let mut out = Gathered::default();
    let mut prepared = Vec::new();
    for reading in &shown {
        let from = out.spoken.len() as u16;
        out.spoken
            .extend(reading.words.iter().map(|w| Spoken::new(w, people, &index.nicknames, &index.crowd)));
        let words: Vec<u16> = (from..out.spoken.len() as u16).collect();
        let one = |words: Vec<u16>, trust: f64| Prepared { words, trust, from_handle: reading.from_handle };
        prepared.push(one(words.clone(), reading.trust));
        // "Xiao Ming Wang" for Xiaoming: two shown words may be one of the records'.
        for at in 1..reading.words.len() {
            let joined = reading.words[at - 1..=at].concat();
            if joined.len() >= 4 && reading.words.len() > 2 && people.vocabulary.find(&joined).is_some() {
                out.spoken.push(Spoken::new(&joined, people, &index.nicknames, &index.crowd));
                let mut words = words.clone();
                words.splice(at - 1..=at, [out.spoken.len() as u16 - 1]);
                prepared.push(one(words, reading.trust * 0.8));
            }
        }
    }
    let spoken = std::mem::take(&mut out.spoken);
    let comparer = Comparer { people, spoken: &spoken, weights: &index.weights, crowd: &index.crowd };
    let fit = |entry: &mut Found, reading: &Prepared, person: &Person| {
        let Some(fit) = comparer.fit(reading, person) else { return };
        entry.name = Some(match entry.name {
            None => fit,
            Some(old) => {
                let joined = (old.from_handle != fit.from_handle).then(|| comparer.joined(&old, &fit));
                [Some(old), Some(fit), joined]
                    .into_iter()
                    .flatten()
                    .max_by(|a, b| a.odds().total_cmp(&b.odds()))
                    .unwrap_or(fit)
            }
        });
    };
    for reading in &prepared {
        let (ids, whole) = worth_comparing(index, &spoken, reading);
        out.crowded |= !whole;
        for id in ids {
            let Some(person) = people.person(id) else { continue };
            let mut entry = out.found.remove(&id).unwrap_or_default();
            fit(&mut entry, reading, person);
            if entry.name.is_some() {
                out.found.insert(id, entry);
            }
        }
    }
    addresses(index, mention, &mut out);
    if index.purchases.total() > 0 {
        out.facts = told::read(&index.purchases, mention);
        for quoted in &out.facts.orders {
            let entry = out.found.entry(quoted.purchase.customer).or_default();
            if entry.order.as_ref().is_none_or(|known| known.odds < quoted.odds) {
                entry.order = Some(quoted.clone());
            }
        }
        for customer in out.facts.pointed_to(&index.purchases) {
            out.found.entry(customer).or_default();
        }
    }
    people.unite(&mut out.found);
    out.found.retain(|id, _| people.person(*id).is_some_and(|p| !refused.iter().any(|r| r == people.key(p))));
    let names_somebody =
        shown.iter().any(|s| !s.from_handle && s.words.iter().filter(|w| w.len() > 1).count() > 1);
    let location: Option<String> = author.location.as_deref().map(|l| l.chars().take(LOCATION).collect());
    let place = location.as_deref().map(town).filter(|l| !l.is_empty());
    let parts: Vec<u32> = location
        .iter()
        .flat_map(|l| l.split([',', '/', '(', ';', '-']))
        .filter_map(|part| people.city_of(&town(part)))
        .collect();
    let spoken_language =
        mention.language.as_deref().and_then(|l| l.split('-').next()).map(str::to_lowercase);
    let towns = told::towns(people, mention);
    for (id, entry) in &mut out.found {
        let Some(person) = people.person(*id) else { continue };
        if entry.name.is_none() {
            prepared.iter().for_each(|reading| fit(entry, reading, person));
        }
        entry.other_name = names_somebody && entry.name.is_none();
        if entry.other_name {
            entry.family = household::shared_family(people, &shown, person);
        }
        entry.city = place.as_deref().and_then(|place| same_town(index, place, &parts, person));
        // A branch that is called by its town says it already.
        if matches!(entry.city, None | Some(City::Unknown))
            && towns.contains(&person.city)
            && !out.facts.names_branch(&index.purchases, people.city(person.city))
        {
            entry.city = Some(City::Named(people.city_share(person.city)));
        }
        if person.language != 0 {
            entry.language = spoken_language.as_deref().map(|l| l == people.language(person.language));
        }
        if index.purchases.total() > 0 {
            entry.told = Some(out.facts.fits(&index.purchases, *id));
        }
    }
    out.spoken = spoken;
    out
}

/// Handles and mail addresses that are somebody's.
fn addresses(index: &Index, mention: &Mention, out: &mut Gathered) {
    let (people, author) = (&index.people, &mention.author);
    let handle_shown = author.name.as_deref().filter(|n| names::looks_like_handle(n));
    for handle in [author.handle.as_deref(), handle_shown].into_iter().flatten() {
        let key = names::handle_key(handle);
        if key.len() < 3 {
            continue;
        }
        let digits = key.bytes().filter(u8::is_ascii_digit).count().min(5) as u8;
        let key = people.keyed(&key);
        for id in people.by_handle(key) {
            let known = people.person(id).is_some_and(|p| p.handle == key);
            if known || index.contacts {
                let entry = out.found.entry(id).or_default();
                if known || entry.handle != Some(Handle::Known) {
                    entry.handle = Some(if known { Handle::Known } else { Handle::MailBox });
                    entry.digits = digits;
                }
            }
        }
    }
    if index.contacts {
        for phone in record::phones(&mention.text) {
            let bearers = people.by_phone(people.keyed(&phone));
            for id in &bearers {
                let entry = out.found.entry(*id).or_default();
                entry.phone = Some(entry.phone.map_or(bearers.len(), |fewest| fewest.min(bearers.len())));
            }
        }
    }
    if let Some(email) = author.email.as_deref().filter(|_| index.contacts) {
        for id in people.by_email(people.keyed(&email.trim().to_lowercase())) {
            out.found.entry(id).or_default().email = true;
        }
    }
}

/// Customers who bear the words that are shown, their short forms, other spellings or slips; and whether these are all.
fn worth_comparing(index: &Index, spoken: &[Spoken], reading: &Prepared) -> (Vec<u32>, bool) {
    let people = &index.people;
    let bearers = |at: u16| spoken[usize::from(at)].words(people).flat_map(|(word, _)| people.bearers(word));
    let mut groups: Vec<(usize, u16)> = reading
        .words
        .iter()
        .map(|at| (spoken[usize::from(*at)].words(people).map(|(_, count)| count).sum(), *at))
        .filter(|(total, _)| *total > 0)
        .collect();
    groups.sort_unstable();
    // Rare words first: whoever bears one of them is compared.
    let (mut ids, mut sum): (Vec<u32>, usize) = (Vec::new(), 0);
    let common = groups.iter().position(|(total, _)| {
        sum += total;
        sum > FEW
    });
    let (rare, common) = groups.split_at(common.unwrap_or(groups.len()));
    rare.iter().for_each(|(_, at)| ids.extend(bearers(*at)));
    // Of common words, who bears two of them.
    let mut whole = !ids.is_empty() || common.len() != 1;
    let common = &common[..common.len().min(COMMON)];
    for (before, (_, at)) in common.iter().enumerate() {
        let others = &common[before + 1..];
        if others.is_empty() {
            break;
        }
        let mut first: Vec<u32> = bearers(*at).collect();
        first.sort_unstable();
        first.dedup();
        for (_, at) in others {
            let mut both = Vec::new();
            for (word, _) in spoken[usize::from(*at)].words(people) {
                people.bearers_among(word, &first, &mut both);
            }
            // So many namesakes: none of them can be told apart by the name, and whom the text points to is compared anyway.
            if both.len() > FEW { whole = false } else { ids.extend(both) }
        }
    }
    ids.sort_unstable();
    ids.dedup();
    if let [a, b] = reading.words.as_slice() {
        let initial = |at: &u16| {
            let text = spoken[usize::from(*at)].text.as_bytes();
            (text.len() == 1).then(|| text[0])
        };
        if let Some(letter) = initial(a).or_else(|| initial(b)) {
            ids.retain(|id| people.person(*id).is_some_and(|p| p.begins(letter)));
        }
    }
    (ids, whole)
}

fn same_town(index: &Index, place: &str, parts: &[u32], person: &Person) -> Option<City> {
    if person.city == 0 {
        return None;
    }
    let own = index.people.city(person.city);
    Some(if parts.contains(&person.city) || record::within(place, own) {
        City::Same(index.crowd.of_town(&index.people, person))
    } else if parts.is_empty() {
        City::Unknown
    } else {
        City::Other
    })
}
