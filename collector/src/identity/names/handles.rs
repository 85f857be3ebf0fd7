//! Names read out of handles and out of names in one piece: "m4ria_gonzalez82", "MariaGonzalez". It knows which words are somebody's
//! name, not whose.

use super::{
    affixes,
    shown::{READINGS, Reader, without_particles},
};
use crate::identity::names;

impl Reader<'_> {
    /// A name in one piece: "MariaRossi", "OBirkenshaw", or large letters only.
    pub fn one_piece(&mut self, name: &str) {
        let plain = names::latin(name);
        if !plain.is_ascii() || !plain.bytes().all(|b| b.is_ascii_alphanumeric()) || names::family_first(name)
        {
            return;
        }
        let letters: Vec<char> = name.chars().collect();
        let humps: Vec<usize> = (1..letters.len())
            .filter(|at| {
                letters[*at].is_uppercase()
                    && (letters[at - 1].is_lowercase()
                        || *at == 1 && letters.get(at + 1).is_some_and(|c| c.is_lowercase()))
            })
            .collect();
        let behind = letters.len() > 3
            && letters[letters.len() - 1].is_uppercase()
            && letters[letters.len() - 2].is_lowercase();
        if let ([at], false) = (humps.as_slice(), letters.iter().all(|c| c.is_uppercase())) {
            let parts =
                [&letters[..*at], &letters[*at..]].map(|part| names::latin(&part.iter().collect::<String>()));
            if parts[1].len() > 1 || behind {
                self.add(parts.to_vec(), 0.7, true);
            }
        }
        if plain.len() >= 6 && !self.known(&plain) {
            self.undo(&plain, 0.7);
        }
    }

    /// Reads names out of a handle: its parts as they are, or cut where both pieces are somebody's name.
    pub fn undo(&mut self, handle: &str, trust: f64) {
        let handle =
            handle.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
        let handle = handle.rsplit('/').next().unwrap_or(handle);
        // Of an address what stands before the @.
        let handle = handle.trim_start_matches('@').split('@').next().unwrap_or_default();
        let parts = names::handle_words(handle);
        if parts.is_empty() || affixes::is_nobody(&parts) {
            return;
        }
        let before = self.found.len();
        self.undo_parts(&parts, trust);
        let bare: Vec<String> = parts
            .iter()
            .filter(|part| !affixes::is_around_handle(part) || self.known(part))
            .cloned()
            .collect();
        if bare.len() < parts.len() && !bare.is_empty() {
            self.undo_parts(&bare, trust * 0.9);
        }
        // Umlauts written out: "juergenboettcher".
        if let [one] = parts.as_slice() {
            let folded = one.replace("ae", "a").replace("oe", "o").replace("ue", "u");
            if folded != *one {
                self.undo_parts(&[folded], trust * 0.9);
            }
            if self.found.len() == before {
                for rest in affixes::bare_handle(one) {
                    self.undo_parts(&[rest.to_owned()], trust * 0.7);
                }
            }
        }
    }

    fn undo_parts(&mut self, parts: &[String], trust: f64) {
        if parts.len() > 1 || parts.first().is_some_and(|p| self.known(p) && p.len() > 2) {
            self.add(parts.to_vec(), trust, true);
        }
        for (at, part) in parts.iter().enumerate() {
            if parts.len() > 1 && self.known(part) {
                continue;
            }
            let bare = |word: &str| {
                without_particles(word).into_iter().find(|rest| self.known(rest)).map(str::to_owned)
            };
            let known = |word: &str| self.known(word) || word.len() > 6 && bare(word).is_some();
            let plain =
                |piece: String| if self.known(&piece) { piece } else { bare(&piece).unwrap_or(piece) };
            let cuts: Vec<(Vec<String>, f64)> = cuts(part, parts.len() == 1, &known)
                .into_iter()
                .map(|(pieces, worth)| (pieces.into_iter().map(plain).collect(), worth))
                .collect();
            for (pieces, worth) in cuts {
                let mut words = parts.to_vec();
                words.splice(at..=at, pieces);
                self.add(words, trust * worth, true);
            }
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
        .filter(|at| *at >= 2 && (known(&word[..*at]) || affixes::is_particle(&word[..*at])))
        .collect();
    let tails: Vec<usize> = places.filter(|at| word.len() - at >= 2 && known(&word[*at..])).collect();
    let whole = |at: &usize| !affixes::is_particle(&word[..*at]) || known(&word[..*at]);
    let mut cuts: Vec<(usize, usize, f64)> = Vec::new();
    for at in heads.iter().filter(|at| whole(at) && word.len() >= 6 && tails.contains(at)) {
        cuts.push((*at, *at, 1.0));
    }
    if alone && word.len() >= 5 {
        cuts.extend(tails.contains(&1).then_some((1, 1, 0.6)));
        // "mjcarballo": of two given names an initial each.
        cuts.extend((word.len() >= 7 && tails.contains(&2)).then_some((1, 2, 0.3)));
        cuts.extend(heads.contains(&(word.len() - 1)).then_some((word.len() - 1, word.len() - 1, 0.5)));
    }
    if !cuts.iter().any(|cut| cut.2 == 1.0) && word.len() >= 8 {
        let last = word.len() - 1;
        for head in heads.iter().filter(|head| **head >= 3 || !whole(head)) {
            // "dejong" is one word of a name; "pereiradasilva" is two.
            for tail in tails.iter().filter(|tail| **tail >= head + 2 && word.len() - **tail >= 3) {
                let middle = &word[*head..*tail];
                if middle.len() >= 3 && known(middle) || affixes::is_particle(middle) {
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
        let kept = pieces.filter(|piece| piece.len() == 1 || known(piece) || !affixes::is_particle(piece));
        (kept.map(str::to_owned).collect(), worth)
    };
    cuts.into_iter().take(READINGS / 2).map(pieces).collect()
}
