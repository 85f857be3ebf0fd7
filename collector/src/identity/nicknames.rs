//! Short and familiar forms of given names, both ways. It knows no customers.

use std::collections::HashMap;

/// Short forms of given names, both ways.
#[derive(Debug)]
pub struct Nicknames {
    /// Short form to the full names.
    full: HashMap<&'static str, Vec<&'static str>>,
    /// Full name to the short forms.
    short: HashMap<&'static str, Vec<&'static str>>,
}

impl Default for Nicknames {
    fn default() -> Self {
        let (mut full, mut short) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        let lines = include_str!("../../data/nicknames.tsv").lines().filter(|l| !l.starts_with('#'));
        for (name, forms) in lines.filter_map(|l| l.split_once('\t')) {
            for form in forms.split(' ').filter(|f| !f.is_empty()) {
                full.entry(form).or_default().push(name);
                short.entry(name).or_default().push(form);
            }
        }
        Self { full, short }
    }
}

impl Nicknames {
    /// The full names that a short form may stand for.
    pub fn full(&self, word: &str) -> Vec<&'static str> {
        self.full.get(word).cloned().unwrap_or_default()
    }

    /// Short forms of a full name, and the other short forms of the same full name ("Bill" for "Will").
    pub fn others(&self, word: &str) -> Vec<&'static str> {
        let mut found: Vec<&'static str> = self.short.get(word).cloned().unwrap_or_default();
        for full in self.full.get(word).into_iter().flatten() {
            found.extend(self.short.get(full).into_iter().flatten().filter(|form| **form != word));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether it is a short form.
    pub fn is_short(&self, word: &str) -> bool {
        self.full.contains_key(word)
    }
}
