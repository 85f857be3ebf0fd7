//! What an author shows of themselves, read in every sensible way: as a name, as a handle that hides a name. It knows which
//! words are somebody's name, not whose.

use super::{names, nicknames::Nicknames, people::People};

/// Readings of one author, at most.
const READINGS: usize = 16;

/// One way to read what is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Words and initials (one letter), in the order shown; the given name first where that is known.
    pub words: Vec<String>,
    /// How far this reading is to be trusted, 0–1.
    pub trust: f64,
    /// It was read out of a handle.
    pub from_handle: bool,
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
            let mut words = names::words(turned.as_deref().unwrap_or(name));
            if names::family_first(name) {
                words.reverse();
            }
            if !words.is_empty() {
                found.push(Shown { words, trust: 1.0, from_handle: false });
            }
        } else {
            undo(name, 0.8, people, nicknames, &mut found);
        }
    }
    if let Some(handle) = handle.map(str::trim).filter(|h| !h.is_empty() && Some(*h) != name) {
        undo(handle, 0.7, people, nicknames, &mut found);
    }
    found.truncate(READINGS);
    found.iter_mut().for_each(|reading| reading.words.truncate(6));
    found
}

/// Reads names out of a handle: its parts as they are, or cut where both pieces are somebody's name.
fn undo(handle: &str, trust: f64, people: &People, nicknames: &Nicknames, found: &mut Vec<Shown>) {
    let parts = names::handle_words(handle);
    let known = |word: &str| people.vocabulary.find(word).is_some() || nicknames.is_short(word);
    if parts.len() > 1 || parts.first().is_some_and(|p| known(p) && p.len() > 2) {
        found.push(Shown { words: parts.clone(), trust, from_handle: true });
    }
    let [joined] = parts.as_slice() else { return };
    if joined.len() > 40 || joined.len() < 4 || !joined.is_ascii() {
        return;
    }
    let mut cuts: Vec<(usize, f64)> = (1..joined.len())
        .filter_map(|cut| {
            let (head, tail) = joined.split_at(cut);
            let (fits, worth) = match (head.len(), tail.len()) {
                (1, n) => (n >= 4 && known(tail), 0.6),
                (n, 1) => (n >= 4 && known(head), 0.5),
                (a, b) => (a >= 2 && b >= 2 && a + b >= 6 && known(head) && known(tail), 1.0),
            };
            fits.then_some((cut, worth))
        })
        .collect();
    // The longer the shorter piece, the less likely it is there by accident.
    cuts.sort_by_key(|(cut, _)| std::cmp::Reverse((*cut).min(joined.len() - cut)));
    for (cut, worth) in cuts.into_iter().take(READINGS / 2) {
        let (head, tail) = joined.split_at(cut);
        found.push(Shown { words: vec![head.into(), tail.into()], trust: trust * worth, from_handle: true });
    }
}
