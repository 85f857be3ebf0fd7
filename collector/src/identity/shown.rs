//! What an author shows of themselves, read in every sensible way: as a name, as a handle that hides a name, with short forms
//! unfolded. It knows which words are somebody's name, not whose.

use std::collections::HashMap;

use super::{names, people::People};

/// One way to read what is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Words and initials (one letter), in the order shown.
    pub words: Vec<String>,
    /// How far this reading is to be trusted, 0–1.
    pub trust: f64,
    /// It was read out of a handle.
    pub from_handle: bool,
}

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
    /// Other given names that the same person may go by.
    pub fn others(&self, word: &str) -> Vec<&'static str> {
        let mut found: Vec<&'static str> = Vec::new();
        let full = self.full.get(word).map(Vec::as_slice).unwrap_or_default();
        found.extend(full);
        found.extend(self.short.get(word).into_iter().flatten());
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether it is a short form.
    pub fn is_short(&self, word: &str) -> bool {
        self.full.contains_key(word)
    }
}

/// Every reading of a displayed name and a handle.
pub fn readings(
    name: Option<&str>,
    handle: Option<&str>,
    people: &People,
    nicknames: &Nicknames,
) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    let name = name.map(str::trim).filter(|n| !n.is_empty());
    if let Some(name) = name {
        if !names::looks_like_handle(name) {
            let turned = name.split_once(',').map(|(family, given)| format!("{given} {family}"));
            let words = names::words(turned.as_deref().unwrap_or(name));
            if !words.is_empty() {
                found.push(Shown { words, trust: 1.0, from_handle: false });
            }
        } else {
            undo(name, 0.9, people, nicknames, &mut found);
        }
    }
    if let Some(handle) = handle.map(str::trim).filter(|h| !h.is_empty() && Some(*h) != name) {
        undo(handle, 0.7, people, nicknames, &mut found);
    }
    found.truncate(24);
    found
}

/// Reads names out of a handle: its parts as they are, or cut where both pieces are somebody's name.
fn undo(handle: &str, trust: f64, people: &People, nicknames: &Nicknames, found: &mut Vec<Shown>) {
    let parts = names::handle_words(handle);
    let known = |word: &str| people.word_of(word).is_some() || nicknames.is_short(word);
    if parts.len() > 1 || parts.first().is_some_and(|p| known(p) && p.len() > 2) {
        found.push(Shown { words: parts.clone(), trust, from_handle: true });
    }
    let joined = if parts.len() == 1 { parts[0].clone() } else { return };
    if joined.len() > 40 || joined.len() < 4 {
        return;
    }
    for cut in 1..joined.len() {
        let (head, tail) = joined.split_at(cut);
        let fits = match (head.len(), tail.len()) {
            (1, n) => n >= 4 && known(tail),
            (n, 1) => n >= 4 && known(head),
            (a, b) => a >= 2 && b >= 2 && a + b >= 6 && known(head) && known(tail),
        };
        if fits {
            let trust = if head.len() == 1 || tail.len() == 1 { trust * 0.6 } else { trust };
            found.push(Shown { words: vec![head.into(), tail.into()], trust, from_handle: true });
        }
    }
}
