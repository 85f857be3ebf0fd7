//! What an author shows of themselves, read in every sensible way: as a name, as a handle that hides a name. It knows which
//! words are somebody's name, not whose.

use super::{affixes, nicknames::Nicknames, spelling::Spelt};
use crate::identity::{customers::people::People, names};

/// Readings of one author, at most.
pub const READINGS: usize = 16;
/// Letters of a name or handle that are read.
const READ: usize = 200;

/// So many bearers of a word are not looked through.
const MANY: u32 = 2_000;

/// Letters of one word, at most, in the records and in what is shown.
pub const LONGEST_WORD: usize = 60;

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
    let mut reader = Reader { people, nicknames, found: Vec::new() };
    let name = name.map(|name| clipped(name.trim())).filter(|n| !n.is_empty());
    if let Some(name) = name {
        if names::looks_like_handle(name) {
            reader.undo(name, 0.8);
        } else {
            reader.read(name);
        }
    }
    if let Some(handle) =
        handle.map(|handle| clipped(handle.trim())).filter(|h| !h.is_empty() && Some(*h) != name)
    {
        reader.undo(handle, 0.7);
    }
    let mut found = reader.found;
    found.truncate(READINGS);
    found.iter_mut().for_each(|reading| reading.words.truncate(6));
    found
}

fn clipped(text: &str) -> &str {
    text.char_indices().nth(READ).map_or(text, |(end, _)| &text[..end])
}

/// What stands between a name and what was added to it.
const BREAKS: &[&str] =
    &[" - ", " – ", " — ", "|", "·", "•", " / ", " @ ", " aus ", " from ", " aka ", " a.k.a. "];
/// What binds the names of two.
const BONDS: &[&str] = &[
    "&", "+", " und ", " and ", " et ", " y ", " e ", " i ", " en ", " og ", " och ", " и ", " és ", "/",
    " u. ",
];
/// Before the name that was borne before the wedding, or after it.
const BORN: &[&str] = &[
    "nee",
    "ne",
    "geb",
    "geborene",
    "geboren",
    "born",
    "ep",
    "epouse",
    "roz",
    "rozena",
    "rodz",
    "zdomu",
    "szul",
    "verh",
    "verheiratete",
    "formerly",
    "fka",
    "ehem",
    "in",
];

/// Reads what one author shows.
pub struct Reader<'a> {
    people: &'a People,
    nicknames: &'a Nicknames,
    /// Every reading, the likeliest first.
    pub found: Vec<Shown>,
}

impl Reader<'_> {
    /// Whether a word is, or was, part of anybody's name, or a short form.
    pub fn known(&self, word: &str) -> bool {
        self.people.vocabulary.find(word).is_some() || self.nicknames.is_short(word)
    }

    /// Known, or known in another spelling.
    fn heard(&self, word: &str) -> bool {
        self.known(word)
            || word.len() > 3
                && self.people.vocabulary.alike(word).iter().any(|(_, spelt)| *spelt == Spelt::Alike)
    }

    /// Whether anybody bears both words.
    fn together(&self, one: &str, other: &str) -> bool {
        let vocabulary = &self.people.vocabulary;
        let (Some(one), Some(other)) = (vocabulary.find(one), vocabulary.find(other)) else { return false };
        let total = |word: u32| vocabulary.counts(word).0 + vocabulary.counts(word).1;
        let (rare, common) = if total(one) <= total(other) { (one, other) } else { (other, one) };
        if total(rare) > MANY {
            return false;
        }
        let mut bearers: Vec<u32> = self.people.bearers(rare).collect();
        bearers.sort_unstable();
        bearers.dedup();
        let mut both = Vec::new();
        self.people.bearers_among(common, &bearers, &mut both);
        !both.is_empty()
    }

    /// Adds a reading that was not yet found.
    pub fn add(&mut self, mut words: Vec<String>, trust: f64, from_handle: bool) {
        // As words of the records are.
        words.iter_mut().for_each(|word| word.truncate(LONGEST_WORD));
        if !words.is_empty() && !self.found.iter().any(|old| old.words == words) {
            self.found.push(Shown { words, trust, from_handle });
        }
    }

    /// Reads a name, and what else it may be.
    fn read(&mut self, name: &str) {
        let plain;
        let name = if name.contains('&') && name.contains(';') || is_spaced(name) {
            plain = spaced(
                &name
                    .replace("&nbsp;", " ")
                    .replace("&amp;", "&")
                    .replace("&#39;", "'")
                    .replace("&quot;", " "),
            );
            plain.as_str()
        } else {
            name
        };
        let whole = names::words(name);
        if whole.is_empty() || affixes::is_nobody(&whole) {
            return;
        }
        let (first, added) =
            match BREAKS.iter().filter_map(|mark| name.split_once(mark)).min_by_key(|(head, _)| head.len()) {
                Some((head, _)) if names::words(head).len() > 1 => (head.trim(), true),
                _ => (name, false),
            };
        let telling: Vec<String> =
            whole.iter().filter(|word| !affixes::says_nothing(word)).cloned().collect();
        match first.split_once(',') {
            Some((family, given)) => {
                let (before, behind) = (names::words(family), names::words(given));
                // "Maria Rossi, Milano" is a name and a town; "Rossi, Maria" is turned round.
                if before.len() > 1 {
                    self.name(family, 0.7);
                }
                if !behind.is_empty() && !affixes::is_nobody(&behind) {
                    self.name(&format!("{given} {family}"), 1.0);
                }
            }
            None => self.name(first, if added { 0.9 } else { 1.0 }),
        }
        if telling.len() > 1 && telling.len() < whole.len() {
            self.add(telling, 0.8, false);
        }
        if added {
            self.add(whole, 0.3, false);
        }
        self.couple(first);
        self.married(first);
        if let [only] = first.split_whitespace().collect::<Vec<_>>().as_slice() {
            self.one_piece(only);
        }
    }

    /// One name: as it is, and with words cut or joined as others write them.
    fn name(&mut self, name: &str, trust: f64) {
        let mut words = names::words(name);
        if names::family_first(name) {
            words.reverse();
        }
        if words.is_empty() || affixes::is_nobody(&words) {
            return;
        }
        let cuts = names::cuts_of_signs(name);
        // "The Smiths", "Familie Becker": whose name stands in the plural, or behind another word.
        if let ([one], Some(_)) =
            (words.as_slice(), name.trim().strip_prefix("The ").or(name.trim().strip_prefix("the ")))
            && let Some(family) = one.strip_suffix('s')
            && self.known(family)
        {
            self.add(vec![family.to_owned()], trust * 0.8, false);
        }
        self.add(words.clone(), trust, false);
        for [family, given] in cuts {
            if self.known(&family) && self.known(&given) {
                self.add(vec![given, family], trust, false);
            }
        }
        // The patronymic at the end tells that the family's name stands first: Щербаков Сергей Николаевич.
        if let [family, given, father] = words.as_slice()
            && ["ovich", "evich", "ovna", "evna", "ichna"].iter().any(|end| father.ends_with(end))
        {
            self.add(vec![given.clone(), father.clone(), family.clone()], trust, false);
        }
        // "JB Fouquet": two given names, an initial each.
        let both = |first: &str| first.len() == 2 && first.bytes().all(|b| b.is_ascii_uppercase());
        if name.split_whitespace().next().is_some_and(both)
            && words.len() == 2
            && words[0].len() == 2
            && words[1].len() > 2
        {
            self.add(
                [words[0][..1].to_owned(), words[0][1..].to_owned(), words[1].clone()].to_vec(),
                trust * 0.7,
                false,
            );
        }
        self.glued(name, &words, trust);
        if words.len() > 2 && affixes::is_particle(&words[0]) {
            self.add(words[1..].to_vec(), trust * 0.9, false);
        }
        // Of a double name one half may be the records': "Anna Reutter-Holzinger".
        let halves: Vec<&str> = name
            .split_whitespace()
            .skip(1)
            .flat_map(|word| word.split_once('-'))
            .flat_map(|(a, b)| [a, b])
            .collect();
        if halves.len() == 2 {
            for (half, other) in [(halves[0], halves[1]), (halves[1], halves[0])] {
                let (half, other) = (names::words(half), names::words(other));
                if let ([half], [other]) = (half.as_slice(), other.as_slice())
                    && self.known(half)
                    && !self.known(other)
                {
                    let words = words.iter().filter(|word| *word != other).cloned().collect();
                    self.add(words, trust * 0.5, false);
                }
            }
        }
    }

    /// Words that others write in one, or in two: "Di Benedetto", "Delafuente", "Karlheinz", "Seo-jun".
    fn glued(&mut self, name: &str, words: &[String], trust: f64) {
        for (at, word) in words.iter().enumerate() {
            if word.len() < 4 || self.known(word) {
                continue;
            }
            let bare = without_particles(word)
                .into_iter()
                .find(|rest| if rest.len() > 3 { self.heard(rest) } else { self.known(rest) });
            if let Some(bare) = bare {
                let mut words = words.to_vec();
                words[at] = bare.to_owned();
                self.add(words, trust * 0.9, false);
            } else if word.len() >= 6 && words.len() > 1 {
                let cut = (2..word.len() - 1)
                    .find(|cut| word.is_char_boundary(*cut) && self.together(&word[..*cut], &word[*cut..]));
                if let Some(cut) = cut {
                    let mut words = words.to_vec();
                    words.splice(at..=at, [word[..cut].to_owned(), word[cut..].to_owned()]);
                    self.add(words, trust * 0.8, false);
                }
            }
        }
        let all: Vec<String> = names::latin(name)
            .replace(['\'', '`', '.'], "")
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .take(8)
            .map(str::to_owned)
            .collect();
        for at in 1..all.len() {
            let from = if at > 1 && affixes::is_particle(&all[at - 2]) { at - 2 } else { at - 1 };
            let joined = all[from..=at].concat();
            let particle = affixes::is_particle(&all[at - 1]);
            if joined.len() < 4 || !(particle || all.len() > 2) {
                continue;
            }
            let both = particle || self.known(&all[at]) && self.known(&all[at - 1]);
            if if both { self.known(&joined) } else { self.heard(&joined) } {
                let mut words = all[..from].to_vec();
                words.push(joined);
                words.extend_from_slice(&all[at + 1..]);
                self.add(words, trust * 0.8, false);
            }
        }
    }

    /// "Anna & Tom Becker" is Anna Becker, or Tom.
    fn couple(&mut self, name: &str) {
        let Some((one, other)) = BONDS.iter().find_map(|bond| name.split_once(bond)) else { return };
        let (one, other) = (names::words(one), names::words(other));
        let ([.., _], [.., family]) = (one.as_slice(), other.as_slice()) else { return };
        if one.len() > 3 || other.len() > 3 || affixes::is_nobody(&other) {
            return;
        }
        if other.len() > 1 {
            let first: Vec<String> =
                if one.len() == 1 { [one[0].clone(), family.clone()].to_vec() } else { one.clone() };
            self.add(first, 0.5, false);
            self.add(other, 0.5, false);
        } else if one.len() > 1 {
            self.add(one, 0.5, false);
        }
    }

    /// "Anna Schmidt née Müller", "Anna Schmidt (Müller)": both family names are hers.
    fn married(&mut self, name: &str) {
        let mut parts: Vec<String> = name
            .split(|c: char| c.is_whitespace() || "()[]/,".contains(c))
            .filter(|p| !p.is_empty())
            .map(str::to_owned)
            .collect();
        let said = |part: &String| BORN.contains(&names::latin(part).trim_matches('.'));
        let bracket = name.contains(['(', '[']);
        let at = parts.iter().position(said).filter(|at| *at > 1 || *at == 1 && bracket);
        if let Some(at) = at {
            parts.remove(at);
        } else if !bracket {
            return;
        }
        let inside =
            name.split(['(', '[']).nth(1).map(|rest| rest.split([')', ']']).next().unwrap_or_default());
        let second = match at {
            Some(at) => parts.get(at).cloned(),
            None => inside.map(str::to_owned),
        };
        let Some(second) = second.map(|second| names::words(&second)).filter(|second| second.len() == 1)
        else {
            return;
        };
        let head = match at {
            Some(at) => parts[..at].join(" "),
            None => name.split(['(', '[']).next().unwrap_or_default().to_owned(),
        };
        let words = names::words(&head);
        if affixes::is_nobody(&second) || words.is_empty() {
            return;
        }
        if words.len() > 1 {
            self.add(words.clone(), 0.9, false);
        }
        let kept = if words.len() > 1 { words.len() - 1 } else { words.len() };
        self.add(words[..kept].iter().cloned().chain(second).collect(), 0.4, false);
    }
}

/// "M A R I A  R O S S I".
fn is_spaced(name: &str) -> bool {
    let mut letters = name.split_whitespace();
    name.contains("  ") && name.len() > 8 && letters.all(|letter| letter.chars().count() == 1)
}

fn spaced(name: &str) -> String {
    if !is_spaced(name) {
        return name.to_owned();
    }
    name.split("  ").map(|word| word.replace(' ', "")).collect::<Vec<_>>().join(" ")
}

/// What is left of a word without the particles at its beginning: "delafuente" → "lafuente", "fuente".
pub fn without_particles(word: &str) -> Vec<&str> {
    const GLUED: &[&str] = &[
        "vanden", "vander", "vande", "vd", "van", "von", "dela", "delos", "delas", "del", "della", "dal",
        "dall", "de", "di", "da", "do", "dos", "das", "du", "la", "le", "lo", "al", "el", "ul", "abu",
        "abou", "bou", "ben", "bin", "ibn", "ten", "ter", "saint", "st", "mac",
    ];
    let mut rests: Vec<&str> =
        GLUED.iter().filter_map(|glued| word.strip_prefix(glued)).filter(|rest| rest.len() >= 3).collect();
    rests.sort_by_key(|rest| rest.len());
    rests
}
