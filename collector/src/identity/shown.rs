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
    for (at, part) in parts.iter().enumerate().filter(|(_, part)| parts.len() == 1 || !known(part)) {
        for (pieces, worth) in cuts(part, parts.len() == 1, &known) {
            let mut words = parts.clone();
            words.splice(at..=at, pieces);
            found.push(Shown { words, trust: trust * worth, from_handle: true });
        }
    }
}

/// Ways to cut a word into names that are known, likely ones first: into two, or where that cannot be, into three. An initial
/// may stand at either end of a word that is `alone`.
fn cuts(word: &str, alone: bool, known: &impl Fn(&str) -> bool) -> Vec<(Vec<String>, f64)> {
    if word.len() > 40 || word.len() < 4 || !word.is_ascii() {
        return Vec::new();
    }
    let places = 1..word.len();
    let heads: Vec<usize> = places
        .clone()
        .filter(|at| *at >= 2 && (known(&word[..*at]) || names::is_particle(&word[..*at])))
        .collect();
    let tails: Vec<usize> = places.filter(|at| word.len() - at >= 2 && known(&word[*at..])).collect();
    let whole = |at: &usize| !names::is_particle(&word[..*at]) || known(&word[..*at]);
    let mut cuts: Vec<(usize, usize, f64)> = Vec::new();
    for at in heads.iter().filter(|at| whole(at) && word.len() >= 6 && tails.contains(at)) {
        cuts.push((*at, *at, 1.0));
    }
    if alone && word.len() >= 5 {
        cuts.extend(tails.contains(&1).then_some((1, 1, 0.6)));
        cuts.extend(heads.contains(&(word.len() - 1)).then_some((word.len() - 1, word.len() - 1, 0.5)));
    }
    if !cuts.iter().any(|cut| cut.2 == 1.0) && word.len() >= 8 {
        let last = word.len() - 1;
        for head in heads.iter().filter(|head| **head >= 3 || !whole(head)) {
            // "dejong" is one word of a name; "pereiradasilva" is two.
            for tail in tails.iter().filter(|tail| **tail >= head + 2 && word.len() - **tail >= 3) {
                let middle = &word[*head..*tail];
                if middle.len() >= 3 && known(middle) || names::is_particle(middle) {
                    cuts.push((*head, *tail, 0.8));
                }
            }
            if alone && whole(head) && last >= head + 3 && known(&word[*head..last]) {
                cuts.push((*head, last, 0.4));
            }
        }
    }
    // The longer the shortest piece, the less likely it is there by accident.
    let shortest = |(a, b, _): &(usize, usize, f64)| {
        let pieces = [&word[..*a], &word[*a..*b], &word[*b..]];
        pieces.iter().map(|p| p.len()).filter(|n| *n > 0).min().unwrap_or(0)
    };
    cuts.sort_by_key(|cut| std::cmp::Reverse(shortest(cut)));
    let pieces = |(a, b, worth): (usize, usize, f64)| {
        let pieces = [&word[..a], &word[a..b], &word[b..]].into_iter().filter(|piece| !piece.is_empty());
        let kept = pieces.filter(|piece| piece.len() == 1 || known(piece) || !names::is_particle(piece));
        (kept.map(str::to_owned).collect(), worth)
    };
    cuts.into_iter().take(READINGS / 2).map(pieces).collect()
}
