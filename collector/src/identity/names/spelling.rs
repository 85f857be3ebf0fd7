//! Whether two words in Latin letters may be one name in two spellings: as transliterations of other scripts differ, and as languages
//! write the same sounds. It knows words, and nobody's.

use std::{borrow::Cow, sync::LazyLock};

use super::sounds::other_ending;

/// Consonants in classes that hardly any transliteration leaves, as two ways of reading have them: "ch" and "kh" as in "church" and
/// "khan", or both as a mere breath; "c" and "j" as in "cat" and "jam", or as in "Cvetko" and "Jan". None where they say too little.
pub fn bones(word: &str) -> [Option<String>; 2] {
    let one = bones_read(word, false);
    let other = bones_read(word, true).filter(|other| one.as_ref() != Some(other));
    [one, other]
}

fn bones_read(word: &str, breath: bool) -> Option<String> {
    let letters = word.as_bytes();
    let mut out = String::with_capacity(word.len());
    let (mut at, mut behind) = (0, 0);
    while at < letters.len() {
        let rest = &word[at..];
        let next = letters.get(at + 1).copied();
        let (class, read) = match letters[at] {
            b's' if rest.starts_with("sch") => ("s", 3),
            b's' | b'z' if next == Some(b'h') => ("s", 2),
            b't' if rest.starts_with("tsch") => ("s", 4),
            b't' if rest.starts_with("tch") => ("s", 3),
            b't' if matches!(next, Some(b's' | b'z')) => ("s", 2),
            b'd' if rest.starts_with("dzh") => ("s", 3),
            b'd' if next == Some(b'j') => (if breath { "t" } else { "s" }, 2),
            b'd' if next == Some(b'z') => ("s", 2),
            b'c' if matches!(next, Some(b'z')) => ("s", 2),
            b'c' if next == Some(b'h') => (if breath { "" } else { "s" }, 2),
            b'k' if next == Some(b'h') => (if breath { "" } else { "k" }, 2),
            b'c' if next == Some(b'k') => ("k", 2),
            b'c' => (if breath { "s" } else { "k" }, 1),
            b'j' => (if breath { "" } else { "s" }, 1),
            // "Hryhorii" and "Grigorii", "Georgios" and "Yorgos".
            b'h' if at == 0 && matches!(next, Some(b'r' | b'n' | b'l')) => ("k", 1),
            b'g' if breath && matches!(next, Some(b'i' | b'e')) => ("", 1),
            b'm' if matches!(next, Some(b'p' | b'b')) => ("p", 2),
            b'n' if matches!(next, Some(b't' | b'd')) => ("t", 2),
            b'n' if matches!(next, Some(b'g' | b'k')) => ("k", 2),
            b's' | b'z' => ("s", 1),
            b'k' | b'g' | b'q' => ("k", 1),
            b'p' | b'b' | b'f' | b'v' | b'w' => ("p", 1),
            b't' | b'd' => ("t", 1),
            b'l' => ("l", 1),
            b'r' => ("r", 1),
            b'm' => ("m", 1),
            b'n' => ("n", 1),
            b'x' => (if breath { "" } else { "ks" }, 1),
            _ => ("", 1),
        };
        // Doubled letters are one; the same class once more behind a vowel is not.
        if !(out.ends_with(class) && at > 0 && at == behind) {
            out.push_str(class);
        }
        at += read;
        if !class.is_empty() {
            behind = at;
        }
    }
    (out.len() >= 3).then_some(out)
}

/// Spellings that stand for each other, and how far apart they are.
const SPELT: &[(&str, &str, u16)] = &[
    ("k", "c", 8),
    ("k", "q", 8),
    ("k", "ck", 5),
    ("k", "ch", 18),
    ("k", "kh", 12),
    ("k", "g", 28),
    ("h", "kh", 12),
    ("h", "ch", 15),
    ("ch", "kh", 12),
    ("h", "", 18),
    ("h", "g", 20),
    ("h", "x", 25),
    ("kh", "gh", 15),
    ("kh", "x", 25),
    ("g", "gh", 8),
    ("g", "q", 15),
    ("g", "j", 18),
    ("g", "y", 25),
    ("g", "gu", 15),
    ("gh", "", 25),
    ("g", "ng", 12),
    ("g", "gk", 5),
    ("k", "gk", 10),
    ("s", "z", 12),
    ("s", "c", 15),
    ("s", "sh", 18),
    ("sh", "sz", 8),
    ("sh", "sch", 5),
    ("sh", "ch", 15),
    ("sh", "shch", 12),
    ("shch", "sch", 8),
    ("shch", "schtsch", 8),
    ("shch", "chtch", 8),
    ("s", "sch", 15),
    ("ch", "tch", 5),
    ("ch", "tsch", 5),
    ("ch", "cz", 8),
    ("ch", "c", 12),
    ("ch", "j", 18),
    ("ch", "q", 18),
    ("ch", "ts", 20),
    ("ch", "tz", 15),
    ("ch", "z", 20),
    ("zh", "z", 12),
    ("zh", "j", 8),
    ("zh", "sch", 15),
    ("zh", "g", 20),
    ("zh", "rz", 8),
    ("zh", "ch", 15),
    ("j", "dj", 5),
    ("j", "dzh", 5),
    ("j", "dz", 15),
    ("j", "dsch", 8),
    ("j", "z", 25),
    ("ts", "c", 8),
    ("ts", "z", 8),
    ("ts", "tz", 5),
    ("ts", "s", 20),
    ("tz", "z", 8),
    ("tz", "c", 12),
    ("tz", "s", 20),
    ("x", "ks", 2),
    ("x", "hs", 5),
    ("ksh", "x", 8),
    ("f", "ph", 2),
    ("f", "v", 15),
    ("v", "w", 3),
    ("v", "b", 20),
    ("p", "f", 25),
    ("b", "p", 25),
    ("b", "mp", 8),
    ("d", "nt", 8),
    ("d", "t", 25),
    ("t", "th", 8),
    ("d", "dh", 8),
    ("d", "th", 25),
    ("n", "m", 35),
    ("mc", "mac", 3),
    ("lj", "l", 10),
    ("nj", "n", 10),
    ("dj", "d", 10),
    ("i", "y", 3),
    ("i", "j", 5),
    ("y", "j", 3),
    ("i", "iy", 3),
    ("i", "ij", 3),
    ("i", "ii", 2),
    ("i", "yi", 8),
    ("i", "ey", 10),
    ("i", "ei", 10),
    ("i", "ee", 5),
    ("i", "ie", 10),
    ("i", "ui", 15),
    ("y", "iy", 3),
    ("y", "ii", 3),
    ("y", "ij", 3),
    ("y", "ey", 12),
    ("ei", "ai", 8),
    ("ay", "ai", 3),
    ("ai", "e", 20),
    ("ai", "a", 20),
    ("ie", "e", 12),
    ("ye", "e", 8),
    ("je", "e", 8),
    ("y", "", 15),
    ("iya", "ia", 5),
    ("yu", "u", 10),
    ("iu", "u", 10),
    ("ya", "a", 15),
    ("ia", "a", 20),
    ("yo", "e", 10),
    ("io", "e", 12),
    ("jo", "e", 12),
    ("yo", "o", 8),
    ("io", "o", 12),
    ("u", "ou", 5),
    ("u", "oo", 5),
    ("u", "uu", 3),
    ("u", "w", 20),
    ("u", "v", 20),
    ("u", "yu", 12),
    ("o", "ou", 8),
    ("o", "oo", 5),
    ("o", "oh", 5),
    ("o", "w", 25),
    ("o", "v", 25),
    ("au", "av", 5),
    ("eu", "ev", 5),
    ("au", "aw", 5),
    ("eo", "u", 8),
    ("eo", "o", 8),
    ("yeo", "you", 5),
    ("yeo", "yu", 8),
    ("oe", "eo", 25),
    ("eu", "u", 8),
    ("ae", "a", 3),
    ("oe", "o", 3),
    ("ue", "u", 3),
    ("ae", "e", 8),
    ("oi", "oe", 8),
    ("oi", "e", 20),
    ("aa", "a", 3),
    ("ee", "e", 8),
    ("a", "e", 45),
    ("e", "i", 45),
    ("o", "u", 40),
    ("a", "o", 50),
    ("a", "", 30),
    ("e", "", 30),
    ("i", "", 30),
    ("o", "", 30),
    ("u", "", 30),
];

/// A word longer than this is compared by its letters alone.
const LONGEST: usize = 24;
/// Nothing is as far apart.
const APART: u16 = 1000;

/// A spelling, what it stands for, and how far apart they are.
type Rule = (&'static [u8], &'static [u8], u16);

/// Spellings by what they begin with.
static BY_LETTER: LazyLock<[Vec<Rule>; 27]> = LazyLock::new(|| {
    let mut table: [Vec<_>; 27] = std::array::from_fn(|_| Vec::new());
    for (one, other, far) in SPELT {
        for (a, b) in [(one, other), (other, one)] {
            let place = a.bytes().next().map_or(26, |first| usize::from(first - b'a'));
            table[place].push((a.as_bytes(), b.as_bytes(), *far));
        }
    }
    table
});

/// How near two spellings may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelt {
    /// Two spellings of one name.
    Alike,
    /// Of one name, perhaps.
    Near,
}

/// Whether two words may be the same name in two spellings.
pub fn spelt(one: &str, other: &str) -> Option<Spelt> {
    let (a, b) = (single(one), single(other));
    let (long, short) = (a.len().max(b.len()), a.len().min(b.len()));
    if long > LONGEST || short < 3 || long - short > 6 || !(a.is_ascii() && b.is_ascii()) {
        return None;
    }
    let sure = 20.max(long * 5) as u16;
    let vowels = |word: &str| word.bytes().filter(|b| b"aeiouy".contains(b)).count();
    // Scripts that leave vowels out leave more to guess.
    let few = [&a, &b].into_iter().any(|word| vowels(word) * 4 <= word.len());
    let most = if few { (long * 13) as u16 } else { sure };
    let far = apart(a.as_bytes(), b.as_bytes(), most)? + if other_ending(one, other) { 60 } else { 0 };
    // Names of Chinese syllables that differ in one letter are two names.
    if is_pinyin(one) && is_pinyin(other) {
        return None;
    }
    let bare = |word: &str| !word.bytes().any(|b| b"aeiou".contains(&b));
    if far <= sure || (bare(one) || bare(other)) && far <= most {
        Some(Spelt::Alike)
    } else {
        (far <= most && long >= 5).then_some(Spelt::Near)
    }
}

/// Beginnings and ends of Chinese syllables in Latin letters.
const INITIALS: &[&str] = &[
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c",
    "s", "y", "w", "",
];
const FINALS: &[&str] = &[
    "iang", "iong", "uang", "ang", "eng", "ing", "ong", "ian", "iao", "uai", "uan", "ai", "an", "ao", "ei",
    "en", "er", "ia", "ie", "in", "iu", "ou", "ua", "ue", "ui", "un", "uo", "a", "e", "i", "o", "u",
];

/// Whether a word can be read as Chinese syllables.
pub fn is_pinyin(word: &str) -> bool {
    if word.len() > LONGEST || !word.is_ascii() {
        return false;
    }
    // Where a syllable may begin. Place by place, since there may be very many ways to cut a long word.
    let mut begins = [false; LONGEST + 1];
    begins[0] = true;
    for at in 0..word.len() {
        if !begins[at] {
            continue;
        }
        for initial in INITIALS.iter().filter(|initial| word[at..].starts_with(**initial)) {
            let rest = &word[at + initial.len()..];
            let soft = matches!(*initial, "j" | "q" | "x");
            let ends = FINALS.iter().filter(|end| !soft || end.starts_with(['i', 'u']));
            for end in ends.filter(|end| rest.starts_with(**end)) {
                begins[at + initial.len() + end.len()] = true;
            }
        }
    }
    begins[word.len()]
}

/// Doubled consonants written once.
pub fn single(word: &str) -> Cow<'_, str> {
    let doubled = |pair: &[u8]| pair[0] == pair[1] && !b"aeiou".contains(&pair[0]);
    if !word.is_ascii() || !word.as_bytes().windows(2).any(doubled) {
        return Cow::Borrowed(word);
    }
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        if !out.ends_with(c) || "aeiou".contains(c) {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn apart(a: &[u8], b: &[u8], most: u16) -> Option<u16> {
    let mut far = [[APART; LONGEST + 1]; LONGEST + 1];
    far[0][0] = 0;
    let table = &*BY_LETTER;
    for i in 0..=a.len() {
        for j in i.saturating_sub(6)..=b.len().min(i + 6) {
            let here = far[i][j];
            if here > most {
                continue;
            }
            if i < a.len() && j < b.len() && a[i] == b[j] {
                far[i + 1][j + 1] = far[i + 1][j + 1].min(here);
            }
            let place = a.get(i).filter(|c| c.is_ascii_lowercase()).map(|c| usize::from(c - b'a'));
            // A name hardly begins with another vowel.
            let first = if i == 0 && j == 0 { 10 } else { 0 };
            for (from, to, by) in place.map_or(&[][..], |place| &table[place]).iter().chain(&table[26]) {
                if a[i..].starts_with(from) && b[j..].starts_with(to) {
                    let cell = &mut far[i + from.len()][j + to.len()];
                    *cell = (*cell).min(here + by + first);
                }
            }
        }
    }
    Some(far[a.len()][b.len()]).filter(|far| *far <= most)
}
