//! The customers arranged for look-up: words of names, who bears them and how many do, handles and addresses as hashes. It keeps
//! no raw address and judges nothing. Everything is packed: a million customers must fit beside the service.

use std::collections::HashMap;

use goodword_shared::customer::CustomerFacts;

use super::{
    listed::Listed,
    pairs::{Pairs, hash, short},
    person::{Person, letter_bit},
    record,
    vocabulary::Vocabulary,
};

/// A telephone number that more customers have than a household is nobody's: the shop's own, or one that was made up.
const HOUSEHOLD: usize = 8;

/// Everybody.
#[derive(Debug, Default)]
pub struct People {
    /// The key under which addresses are hashed.
    secret: [u8; 32],
    persons: Vec<Person>,
    free: Vec<u32>,
    total: usize,
    /// Records that were joined with another: with the key of which. See `joined.rs`.
    pub(super) joined: HashMap<u32, Box<str>>,
    /// Keys and names, one behind the other.
    texts: String,
    /// Words of names, by number, one person behind the other.
    lists: Vec<u32>,
    /// Letters and words in `texts` and `lists` that nobody uses any more.
    spilt: usize,
    /// The words of all names.
    pub vocabulary: Vocabulary,
    bearers: Pairs,
    keys: Pairs,
    emails: Pairs,
    handles: Pairs,
    phones: Pairs,
    cities: Listed,
    with_city: u32,
    /// How many of the customers' towns were known when they were last settled.
    towns: u32,
    languages: Listed,
}

impl People {
    /// Nobody yet; addresses are hashed under that key.
    pub fn keyed_with(secret: [u8; 32]) -> Self {
        Self { secret, ..Self::default() }
    }

    /// Adds or replaces.
    pub fn insert(&mut self, key: &str, facts: &CustomerFacts) {
        let id = match self.number(key) {
            Some(id) => {
                self.forget(id);
                id
            }
            None => self.free.pop().unwrap_or_else(|| {
                self.persons.push(Person::default());
                (self.persons.len() - 1) as u32
            }),
        };
        let (words, given, family, firm) = record::words(facts);
        let mut person = Person {
            given,
            family,
            unsure: given & family,
            alive: true,
            since: i32::MIN,
            ..Person::default()
        };
        person.count = (words.len() - firm) as u8;
        person.firm = firm as u8;
        person.words = self.lists.len() as u32;
        for (at, text) in words.iter().enumerate() {
            let word = self.vocabulary.number(text);
            if at < usize::from(person.count) {
                person.letters |= text.bytes().next().map_or(0, letter_bit);
            }
            self.lists.push(word);
            self.bearers.add(word, id);
            self.vocabulary.count(word, person.is_given(at), person.bears(at), true);
        }
        let key = clipped(key, usize::from(u16::MAX));
        let name = clipped(facts.name.trim(), 200);
        (person.texts, person.key, person.name) =
            (self.texts.len() as u32, key.len() as u16, name.len() as u16);
        self.texts.push_str(key);
        self.texts.push_str(name);
        self.keys.add(short(hash(key)), id);
        let (email, local, handle) = record::addresses(facts);
        let hashed = |text: Option<&String>| text.map_or(0, |t| self.keyed(t));
        (person.email, person.local, person.handle) =
            (hashed(email.as_ref()), hashed(local.as_ref()), hashed(handle.as_ref()));
        if person.email != 0 {
            self.emails.add(short(person.email), id);
        }
        if let Some(phone) = facts.phone.as_deref().and_then(record::phone) {
            person.phone = self.keyed(&phone);
            self.phones.add(short(person.phone), id);
        }
        for handle in [person.handle, person.local].into_iter().filter(|h| *h != 0) {
            self.handles.add(short(handle), id);
        }
        if let Some((written, city)) =
            facts.city.as_deref().map(|c| (c.trim(), record::town(c))).filter(|(_, city)| !city.is_empty())
        {
            person.city = self.cities.count(&city, clipped(written, 100));
            self.with_city += 1;
        }
        let language = facts.language.as_deref().and_then(|l| l.split(['-', '_']).next());
        if let Some(language) = language.filter(|l| !l.is_empty()) {
            let language = language.to_lowercase();
            person.language = self.languages.count(&language, &language) as u16;
        }
        if let Some(since) = facts.since {
            person.since = day(since);
        }
        self.persons[id as usize] = person;
        self.total += 1;
    }

    /// Forgets.
    pub fn remove(&mut self, key: &str) {
        let Some(id) = self.number(key) else { return };
        self.forget(id);
        self.free.push(id);
        if self.spilt > 1 << 16 && self.spilt * 2 > self.texts.len() + self.lists.len() {
            self.tidy();
        }
    }

    fn forget(&mut self, id: u32) {
        self.joined.remove(&id);
        let person = std::mem::take(&mut self.persons[id as usize]);
        self.total -= 1;
        self.spilt += usize::from(person.key + person.name) + usize::from(person.count + person.firm);
        for at in 0..usize::from(person.count + person.firm) {
            let word = self.lists[person.words as usize + at];
            self.vocabulary.count(word, person.is_given(at), person.bears(at), false);
        }
        if person.city != 0 {
            self.cities.counts[person.city as usize - 1] -= 1;
            self.with_city -= 1;
        }
        if person.language != 0 {
            self.languages.counts[usize::from(person.language) - 1] -= 1;
        }
    }

    /// Closes the gaps that removed customers left.
    fn tidy(&mut self) {
        let (mut texts, mut lists) = (String::new(), Vec::new());
        for person in self.persons.iter_mut().filter(|p| p.alive) {
            let from = person.texts as usize;
            let to = from + usize::from(person.key) + usize::from(person.name);
            person.texts = texts.len() as u32;
            texts.push_str(&self.texts[from..to]);
            let from = person.words as usize;
            person.words = lists.len() as u32;
            lists.extend_from_slice(&self.lists[from..from + usize::from(person.count + person.firm)]);
        }
        (self.texts, self.lists, self.spilt) = (texts, lists, 0);
    }

    /// Sorts and gives spare memory back: after many were added.
    pub fn settle(&mut self) {
        if self.spilt > 0 {
            self.tidy();
        }
        self.persons.shrink_to_fit();
        self.texts.shrink_to_fit();
        self.lists.shrink_to_fit();
        self.vocabulary.settle();
        self.tell_sides();
        self.towns = self.with_city;
        [&mut self.bearers, &mut self.keys, &mut self.emails, &mut self.handles, &mut self.phones]
            .into_iter()
            .for_each(Pairs::settle);
    }

    /// Says of each word that may stand on either side whether it may be a given and whether it may be a family name.
    pub fn decide_sides(&mut self, side: impl Fn(u32) -> (bool, bool)) {
        for person in self.persons.iter_mut().filter(|person| person.alive && person.unsure != 0) {
            for at in (0..8).filter(|at| person.unsure >> at & 1 == 1) {
                let word = self.lists[person.words as usize + at];
                let (given, family) = side(word);
                self.vocabulary.count(word, person.is_given(at), person.bears(at), false);
                person.given = person.given & !(1 << at) | u8::from(given) << at;
                person.family = person.family & !(1 << at) | u8::from(family) << at;
                self.vocabulary.count(word, person.is_given(at), person.bears(at), true);
            }
        }
    }

    /// A customer by number.
    pub fn person(&self, id: u32) -> Option<&Person> {
        self.persons.get(id as usize).filter(|person| person.alive)
    }

    /// Everybody.
    pub fn all(&self) -> impl Iterator<Item = &Person> {
        self.persons.iter().filter(|person| person.alive)
    }

    /// The key given at insertion.
    pub fn key(&self, person: &Person) -> &str {
        let from = person.texts as usize;
        &self.texts[from..from + usize::from(person.key)]
    }

    /// As shown to the owner.
    pub fn name(&self, person: &Person) -> &str {
        let from = person.texts as usize + usize::from(person.key);
        &self.texts[from..from + usize::from(person.name)]
    }

    /// How often somebody who has further given names leaves them out: of "Hans-Peter" hardly ever one half.
    pub fn left_out(&self, person: &Person) -> f64 {
        let joined =
            |name: &str| name.split_whitespace().next().is_some_and(|first| first.contains(record::JOINS));
        match person.further_given() {
            true if joined(self.name(person)) => 0.15,
            true => 0.6,
            false => 1.0,
        }
    }

    /// Words of the name.
    pub fn words(&self, person: &Person) -> &[u32] {
        &self.lists[person.words as usize..person.words as usize + usize::from(person.count)]
    }

    /// Words of the firm, beside the name.
    pub fn firm(&self, person: &Person) -> &[u32] {
        let from = person.words as usize + usize::from(person.count);
        &self.lists[from..from + usize::from(person.firm)]
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.total - self.joined.len()
    }

    /// Who bears a word, and who once did.
    pub fn bearers(&self, word: u32) -> impl Iterator<Item = u32> + '_ {
        self.bearers.of(word)
    }

    /// Which of these customers, in order and each once, bear a word, or once did.
    pub fn bearers_among(&self, word: u32, customers: &[u32], found: &mut Vec<u32>) {
        self.bearers.among(word, customers, found);
    }

    /// The number of a customer by key.
    pub fn number(&self, key: &str) -> Option<u32> {
        self.keys.of(short(hash(key))).find(|id| self.person(*id).is_some_and(|p| self.key(p) == key))
    }

    /// A handle or an address as it is compared: under a key of this index, so that a look into memory gives no address away by
    /// comparing it with what is guessed.
    pub fn keyed(&self, text: &str) -> u64 {
        let hash = blake3::keyed_hash(&self.secret, text.as_bytes());
        // 0 stands for "none".
        hash.as_bytes().iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte)).max(1)
    }

    /// Customers with that handle, or that mail box.
    pub fn by_handle(&self, handle: u64) -> Vec<u32> {
        let bears = |id: &u32| self.person(*id).is_some_and(|p| p.handle == handle || p.local == handle);
        once(self.handles.of(short(handle)).filter(bears).collect())
    }

    /// Customers with that mail address.
    pub fn by_email(&self, email: u64) -> Vec<u32> {
        let bears = |id: &u32| self.person(*id).is_some_and(|p| p.email == email);
        once(self.emails.of(short(email)).filter(bears).collect())
    }

    /// Customers whose telephone number ends so; nobody where more than a household have it.
    pub fn by_phone(&self, phone: u64) -> Vec<u32> {
        let has = |id: &u32| self.person(*id).is_some_and(|p| p.phone == phone);
        let mut bearers = Vec::new();
        for id in self.phones.of(short(phone)).filter(has).filter_map(|id| self.stands_for(id)) {
            if !bearers.contains(&id) {
                bearers.push(id);
            }
            // Thousands may have it: the others are not looked at.
            if bearers.len() > HOUSEHOLD {
                return Vec::new();
            }
        }
        bearers
    }

    /// A town by number.
    pub fn city(&self, number: u32) -> &str {
        number.checked_sub(1).map_or("", |at| &self.cities.texts[at as usize])
    }

    /// The number of a town that some customer lives in.
    pub fn city_of(&self, text: &str) -> Option<u32> {
        self.cities.find(text).filter(|n| self.cities.counts[*n as usize - 1] > 0)
    }

    /// A town as the records write it.
    pub fn city_written(&self, number: u32) -> &str {
        self.cities.written(number)
    }

    /// The customer's name; who has none is "this customer".
    pub fn called(&self, person: &Person) -> &str {
        Some(self.name(person)).filter(|name| !name.is_empty()).unwrap_or("this customer")
    }

    /// How many towns there are, numbered from 1.
    pub fn cities(&self) -> u32 {
        self.cities.texts.len() as u32
    }

    /// The share of customers who live in a town: of as many as there were when they were last settled, so that one more who
    /// lives elsewhere changes nothing.
    pub fn city_share(&self, number: u32) -> f64 {
        let count = number.checked_sub(1).map_or(0, |at| self.cities.counts[at as usize]);
        f64::from(count) / f64::from(self.towns.max(64).max(count))
    }

    /// A language by number.
    pub fn language(&self, number: u16) -> &str {
        number.checked_sub(1).map_or("", |at| &self.languages.texts[usize::from(at)])
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let pairs = [
            &self.bearers,
            &self.keys,
            &self.emails,
            &self.handles,
            &self.phones,
            &self.cities.by_hash,
            &self.languages.by_hash,
        ];
        self.persons.capacity() * size_of::<Person>()
            + self.texts.capacity()
            + self.lists.capacity() * 4
            + self.vocabulary.bytes()
            + self.cities.texts.iter().map(|t| t.len() + 24).sum::<usize>()
            + pairs.into_iter().map(Pairs::bytes).sum::<usize>()
    }
}

/// Days since 1970.
pub fn day(time: goodword_shared::Time) -> i32 {
    time.timestamp().div_euclid(86_400) as i32
}

fn clipped(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn once(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids.dedup();
    ids
}
