//! Records that were joined with another customer's: each stays in the index beside the one that was kept, with its own name,
//! addresses and numbers, and whatever is found of it is that customer's. It judges nothing.

use std::collections::BTreeMap;

use goodword_shared::customer::CustomerFacts;

use super::people::People;
use crate::identity::candidates::{Found, Handle};

impl People {
    /// Adds or replaces a record that was joined with another, by the key of that.
    pub fn insert_joined(&mut self, key: &str, facts: &CustomerFacts, into: &str) {
        self.insert(key, facts);
        if let Some(id) = self.number(key) {
            self.joined.insert(id, into.into());
        }
    }

    /// The customer whose record it is: of one that was joined with another, the one that was kept; none where that is not known.
    pub fn stands_for(&self, id: u32) -> Option<u32> {
        match self.joined.get(&id) {
            None => Some(id),
            Some(kept) => self.number(kept),
        }
    }

    /// What was found of records that were joined is their customers'.
    pub fn unite(&self, found: &mut BTreeMap<u32, Found>) {
        if self.joined.is_empty() {
            return;
        }
        let joined: Vec<u32> = found.keys().filter(|id| self.joined.contains_key(id)).copied().collect();
        for id in joined {
            let Some(other) = found.remove(&id) else { continue };
            if let Some(kept) = self.stands_for(id) {
                found.entry(kept).or_default().take(other);
            }
        }
    }
}

impl Found {
    /// The stronger of both, kind by kind.
    fn take(&mut self, other: Found) {
        if other.name.is_some_and(|fit| self.name.is_none_or(|own| own.odds() < fit.odds())) {
            self.name = other.name;
        }
        if self.handle != Some(Handle::Known) && other.handle.is_some() {
            (self.handle, self.digits) = (other.handle, other.digits);
        }
        self.email |= other.email;
        self.phone = [self.phone, other.phone].into_iter().flatten().min();
        if other.order.as_ref().is_some_and(|o| self.order.as_ref().is_none_or(|own| own.odds < o.odds)) {
            self.order = other.order;
        }
    }
}
