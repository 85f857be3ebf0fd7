//! The customers arranged for look-up: words of names and who bears them, how many bear each, handles and addresses as hashes,
//! orders. It keeps no raw address and judges nothing.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use goodword_shared::customer::CustomerFacts;

use super::{Order, names};

/// FNV-1a, the same on every machine and run.
#[derive(Clone, Copy, Debug)]
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = (self.0 ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

type Map<K, V> = HashMap<K, V, BuildHasherDefault<Fnv>>;

/// The hash under which handles and addresses are kept and compared.
pub fn hash(text: &str) -> u64 {
    let mut hasher = Fnv::default();
    hasher.write(text.as_bytes());
    // 0 stands for "none".
    hasher.finish().max(1)
}

/// A few customers; nearly always one.
#[derive(Clone, Debug)]
enum Some1 {
    One(u32),
    Many(Vec<u32>),
}

impl Some1 {
    fn as_slice(&self) -> &[u32] {
        match self {
            Some1::One(one) => std::slice::from_ref(one),
            Some1::Many(many) => many,
        }
    }

    fn add(&mut self, id: u32) {
        match self {
            Some1::One(one) if *one != id => *self = Some1::Many(vec![*one, id]),
            Some1::Many(many) if !many.contains(&id) => many.push(id),
            _ => {}
        }
    }
}

fn put(map: &mut Map<u64, Some1>, key: u64, id: u32) {
    if key != 0 {
        map.entry(key).and_modify(|s| s.add(id)).or_insert(Some1::One(id));
    }
}

fn take(map: &mut Map<u64, Some1>, key: u64, id: u32) {
    if let Some(some) = map.get_mut(&key) {
        match some {
            Some1::One(one) if *one == id => {
                map.remove(&key);
            }
            Some1::Many(many) => {
                many.retain(|m| *m != id);
                if many.is_empty() {
                    map.remove(&key);
                }
            }
            Some1::One(_) => {}
        }
    }
}

/// One customer, as far as identification needs it.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// The key given at insertion.
    pub key: Box<str>,
    /// As shown to the owner.
    pub name: Box<str>,
    /// Words of the given name, then of the family name (or the firm's).
    pub words: Box<[u32]>,
    /// How many of the words are the given name's.
    pub given: u8,
    /// Hash of the mail address; 0: none.
    pub email: u64,
    /// Hash of what stands before the @; 0: none, or a general one ("info").
    pub local: u64,
    /// Hash of the handle; 0: none.
    pub handle: u64,
    /// Town, in Latin letters.
    pub city: Option<Box<str>>,
    /// Language, the part before the hyphen.
    pub language: Option<Box<str>>,
}

#[derive(Clone, Debug, Default)]
struct Word {
    text: Box<str>,
    bearers: Vec<u32>,
}

/// Everybody.
#[derive(Debug, Default)]
pub struct People {
    persons: Vec<Option<Person>>,
    free: Vec<u32>,
    keys: HashMap<Box<str>, u32>,
    words: Vec<Word>,
    vocabulary: Map<Box<str>, u32>,
    /// Words one letter away and words that sound alike, by hash.
    near: Map<u64, Some1>,
    sounds: Map<u64, Some1>,
    handles: Map<u64, Some1>,
    emails: Map<u64, Some1>,
    /// How many given and family names begin with a letter.
    given_initials: [u32; 27],
    family_initials: [u32; 27],
    orders: HashMap<Box<str>, Box<str>>,
}

/// Mail boxes of firms rather than of persons.
const GENERAL: &[&str] = &[
    "info", "mail", "office", "kontakt", "contact", "hello", "admin", "sales", "service", "support", "team",
    "me", "post",
];

fn letter(word: &str) -> usize {
    word.bytes().next().filter(u8::is_ascii_lowercase).map_or(26, |b| usize::from(b - b'a'))
}

/// A word with each of its letters left out, and the word itself: two words one slip apart share one of these.
fn shortened(word: &str, mut each: impl FnMut(u64)) {
    if word.len() < 4 {
        return;
    }
    each(hash(word));
    let mut buffer = String::with_capacity(word.len());
    for out in 0..word.len() {
        buffer.clear();
        buffer.push_str(&word[..out]);
        buffer.push_str(&word[out + 1..]);
        each(hash(&buffer));
    }
}

impl People {
    /// Adds or replaces.
    pub fn insert(&mut self, key: &str, facts: &CustomerFacts) {
        self.remove(key);
        let id = self.free.pop().unwrap_or_else(|| {
            self.persons.push(None);
            (self.persons.len() - 1) as u32
        });
        let (mut given, mut family) =
            names::halves(&facts.name, facts.first.as_deref(), facts.last.as_deref());
        if given.is_empty() && family.is_empty() {
            // No person's name: the firm's.
            given = facts.company.as_deref().map(names::words).unwrap_or_default();
        }
        given.truncate(8);
        family.truncate(8);
        if let Some(first) = given.first() {
            self.given_initials[letter(first)] += 1;
        }
        if let Some(first) = family.first() {
            self.family_initials[letter(first)] += 1;
        }
        let words: Vec<u32> = given.iter().chain(&family).map(|w| self.word(w, id)).collect();
        let email = facts.email.as_deref().map(|e| e.trim().to_lowercase()).filter(|e| e.contains('@'));
        let local = email.as_deref().and_then(|e| e.split('@').next()).map(names::handle_key);
        let local = local.filter(|l| l.len() >= 5 && !GENERAL.contains(&l.as_str()));
        let handle = facts.handle.as_deref().map(names::handle_key).filter(|h| h.len() >= 3);
        let key_of = |text: Option<&String>| text.map_or(0, |t| hash(t));
        let person = Person {
            key: key.into(),
            name: facts.name.trim().into(),
            words: words.into(),
            given: given.len() as u8,
            email: key_of(email.as_ref()),
            local: key_of(local.as_ref()),
            handle: key_of(handle.as_ref()),
            city: facts
                .city
                .as_deref()
                .map(|c| names::latin(c).trim().to_owned())
                .filter(|c| !c.is_empty())
                .map(Into::into),
            language: facts
                .language
                .as_deref()
                .and_then(|l| l.split('-').next())
                .map(|l| l.to_lowercase().into()),
        };
        put(&mut self.emails, person.email, id);
        put(&mut self.handles, person.handle, id);
        put(&mut self.handles, person.local, id);
        self.persons[id as usize] = Some(person);
        self.keys.insert(key.into(), id);
    }

    /// Forgets.
    pub fn remove(&mut self, key: &str) {
        let Some(id) = self.keys.remove(key) else { return };
        let Some(person) = self.persons[id as usize].take() else { return };
        self.free.push(id);
        take(&mut self.emails, person.email, id);
        take(&mut self.handles, person.handle, id);
        take(&mut self.handles, person.local, id);
        let given = usize::from(person.given);
        let first = |at: usize| person.words.get(at).map(|w| letter(&self.words[*w as usize].text));
        if let Some(l) = first(0).filter(|_| given > 0) {
            self.given_initials[l] -= 1;
        }
        if let Some(l) = first(given) {
            self.family_initials[l] -= 1;
        }
        for word in &person.words {
            // An emptied word stays in the vocabulary; it costs little and counts nothing.
            self.words[*word as usize].bearers.retain(|b| *b != id);
        }
    }

    fn word(&mut self, text: &str, id: u32) -> u32 {
        let word = match self.vocabulary.get(text) {
            Some(word) => *word,
            None => {
                let word = self.words.len() as u32;
                self.words.push(Word { text: text.into(), bearers: Vec::new() });
                self.vocabulary.insert(text.into(), word);
                let near = &mut self.near;
                shortened(text, |h| put(near, h, word));
                put(&mut self.sounds, hash(&names::sound(text)), word);
                word
            }
        };
        let bearers = &mut self.words[word as usize].bearers;
        if bearers.last() != Some(&id) {
            bearers.push(id);
        }
        word
    }

    /// Remembers whose order that is.
    pub fn insert_order(&mut self, order: &Order) {
        let id = order_key(&order.id);
        if id.len() >= 3 {
            self.orders.insert(id.into(), order.customer.as_str().into());
        }
    }

    /// The customer of an order number.
    pub fn by_order(&self, number: &str) -> Option<u32> {
        self.keys.get(self.orders.get(order_key(number).as_str())?).copied()
    }

    /// Whether any orders are known.
    pub fn has_orders(&self) -> bool {
        !self.orders.is_empty()
    }

    /// A customer by number.
    pub fn person(&self, id: u32) -> Option<&Person> {
        self.persons.get(id as usize)?.as_ref()
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.keys.len()
    }

    /// Whether a word is part of anybody's name.
    pub fn word_of(&self, text: &str) -> Option<u32> {
        self.vocabulary.get(text).copied()
    }

    /// A word's letters.
    pub fn text(&self, word: u32) -> &str {
        &self.words[word as usize].text
    }

    /// Who bears a word.
    pub fn bearers(&self, word: u32) -> &[u32] {
        &self.words[word as usize].bearers
    }

    /// How many bear a word; 0 for one that nobody does.
    pub fn count(&self, text: &str) -> usize {
        self.word_of(text).map_or(0, |w| self.bearers(w).len())
    }

    /// How many have that initial: of the given name, of the family name.
    pub fn initials(&self, word: &str) -> (usize, usize) {
        let l = letter(word);
        (self.given_initials[l] as usize, self.family_initials[l] as usize)
    }

    /// Words that may be a slip of `text`.
    pub fn slips(&self, text: &str) -> Vec<u32> {
        let mut found = Vec::new();
        shortened(text, |h| {
            let near = self.near.get(&h).map(Some1::as_slice).unwrap_or_default();
            found.extend(near.iter().filter(|w| names::one_apart(self.text(**w), text)));
        });
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Words that sound like `text` but are written otherwise.
    pub fn alike(&self, text: &str) -> impl Iterator<Item = u32> {
        let own = self.word_of(text);
        let found = self.sounds.get(&hash(&names::sound(text))).map(Some1::as_slice).unwrap_or_default();
        found.iter().copied().filter(move |w| Some(*w) != own)
    }

    /// Customers with that handle, or that mail box.
    pub fn by_handle(&self, handle: u64) -> &[u32] {
        self.handles.get(&handle).map(Some1::as_slice).unwrap_or_default()
    }

    /// Customers with that mail address.
    pub fn by_email(&self, email: u64) -> &[u32] {
        self.emails.get(&email).map(Some1::as_slice).unwrap_or_default()
    }
}

/// Order numbers are compared without case, marks and leading signs.
pub fn order_key(number: &str) -> String {
    number.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
