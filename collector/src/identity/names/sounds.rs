//! Spellings that transliterations, ears and fingers confuse. It knows words in Latin letters, and nobody's.

use std::sync::LazyLock;

use super::spelling::{is_pinyin, single};

/// Spellings, and what they become, in this order.
const CONFUSED: &[(&str, &str)] = &[
    ("tsch", "c"),
    ("shch", "s"),
    ("sch", "s"),
    ("tch", "c"),
    ("dzh", "j"),
    ("ii", "i"),
    ("ae", "a"),
    ("oe", "o"),
    ("ue", "u"),
    ("ph", "f"),
    ("ch", "c"),
    ("sh", "s"),
    ("zh", "z"),
    ("kh", "k"),
    ("th", "t"),
    ("gh", "g"),
    ("dh", "d"),
    ("ck", "k"),
    ("cz", "c"),
    ("sz", "s"),
    ("rz", "z"),
    ("ts", "z"),
    ("tz", "z"),
    ("ks", "x"),
    ("qu", "k"),
    ("ou", "u"),
    ("oo", "u"),
    ("yeo", "u"),
    ("eo", "u"),
    ("eu", "u"),
    ("ee", "i"),
    ("ie", "i"),
    ("ei", "i"),
    ("ey", "i"),
    ("ay", "i"),
    ("ai", "i"),
    ("iy", "i"),
    ("yi", "i"),
    ("ij", "i"),
    ("iu", "u"),
    ("yu", "u"),
    ("ju", "u"),
    ("ya", "a"),
    ("ia", "a"),
    ("ja", "a"),
    ("yo", "o"),
    ("io", "o"),
    ("jo", "o"),
    ("ff", "f"),
    ("w", "v"),
    ("y", "i"),
    ("j", "i"),
    ("c", "k"),
    ("q", "k"),
    ("z", "s"),
    ("h", ""),
];

/// The letters of a word, a bit for each.
fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |all, byte| all | 1 << (byte & 31))
}

/// The same for what is replaced.
static CONFUSED_LETTERS: LazyLock<Vec<u32>> =
    LazyLock::new(|| CONFUSED.iter().map(|(from, _)| letters(from)).collect());

/// How a word sounds, roughly.
pub fn sound(word: &str) -> String {
    let mut s = match word.as_bytes() {
        // Two letters for one, at the beginning of Greek names; "Hryhorii" and "Grigorii".
        [b'm', b'p', ..] | [b'n', b't', ..] | [b'g', b'k', ..] => {
            ["b", "d", "g"][usize::from(word.starts_with('n')) + 2 * usize::from(word.starts_with('g'))]
                .to_owned()
                + &word[2..]
        }
        [b'h', b'r' | b'n' | b'l', ..] => "g".to_owned() + &word[1..],
        _ => word.to_owned(),
    };
    let mut has = letters(&s);
    for ((from, to), needs) in CONFUSED.iter().zip(CONFUSED_LETTERS.iter()) {
        if has & needs == *needs && s.contains(from) {
            s = s.replace(from, to);
            has = letters(&s);
        }
    }
    let mut out = String::with_capacity(s.len());
    for c in s.chars() {
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    if out.len() > 3 && out.ends_with(['e', 'i']) {
        out.pop();
    }
    out
}

/// The consonants alone, as scripts without vowels leave them: "mohamed" and "mhmd" alike. None where they say too little.
pub fn skeleton(word: &str) -> Option<String> {
    let mut out = String::with_capacity(word.len());
    for c in word.chars().filter(|c| !"aeiouwy".contains(*c)) {
        let c = match c {
            'c' | 'q' => 'k',
            'z' => 's',
            'j' => 'g',
            'p' => 'b',
            'v' => 'f',
            c => c,
        };
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    (out.len() >= 3).then_some(out)
}

/// Whether two words are the same but for the vowels at their end: "Simon" and "Simone", "Yuki" and "Yuka". In given names that is
/// mostly somebody else.
pub fn other_ending(one: &str, other: &str) -> bool {
    let cut = |word: &str| word.trim_end_matches(['a', 'e', 'i', 'o', 'u', 'y', 'j']).len();
    let ((stem, end), (other_stem, other_end)) = (one.split_at(cut(one)), other.split_at(cut(other)));
    // Endings that are spelt in several ways, and doubled letters, which are slips.
    let ending = |end: &str| match end {
        "" => 0,
        "i" | "y" | "ie" | "ii" | "iy" | "ij" | "ey" | "ei" | "ej" | "ee" | "yi" | "j" | "iee" => 1,
        "ia" | "ya" | "ja" | "iya" | "ija" | "iia" | "aya" | "aia" | "aja" | "ea" | "iaa" | "jia" => 2,
        "ai" | "ay" | "aj" => 3,
        end => 4 + usize::from(end.as_bytes()[end.len() - 1]),
    };
    !stem.is_empty()
        && (stem == other_stem || single(stem) == single(other_stem))
        && ending(end) != ending(other_end)
}

/// Whether two given names one letter apart are two names rather than a slip: another vowel at the end, another letter at the
/// beginning, or other Chinese syllables.
pub fn other_name(one: &str, other: &str) -> bool {
    let first = one.len() == other.len() && one.get(1..) == other.get(1..);
    let telling = |word: &str| ["x", "q", "zh", "ng", "iao", "uo"].iter().any(|part| word.contains(part));
    other_ending(one, other) || first || telling(one) && telling(other) && is_pinyin(one) && is_pinyin(other)
}

/// Whether two words differ by one letter added, left out, exchanged or swapped with its neighbour.
pub fn one_apart(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 || a == b {
        return false;
    }
    let head = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let rest = &short[head..];
    if short.len() < long.len() {
        return rest == &long[head + 1..];
    }
    let other = &long[head..];
    rest[1..] == other[1..]
        || (rest.len() >= 2 && rest[0] == other[1] && rest[1] == other[0] && rest[2..] == other[2..])
}

/// The halves by which words one slip apart find each other: of a word of `length` letters, its first half stands at the
/// beginning of every word one slip away, or its second half at the end. Of the word itself with its own length.
pub fn halves(word: &str, length: usize) -> Option<(&str, &str)> {
    let cut = length / 2;
    let rest = length - cut;
    if length < 4 || word.len() < rest || !word.is_ascii() {
        return None;
    }
    Some((word.get(..cut)?, &word[word.len() - rest..]))
}

/// The word with the letters on both sides of its middle swapped: the one slip that leaves neither half as it was.
pub fn middle_swapped(word: &str) -> Option<String> {
    let cut = word.len() / 2;
    if word.len() < 4 || !word.is_ascii() {
        return None;
    }
    let mut letters = word.as_bytes().to_vec();
    letters.swap(cut - 1, cut);
    String::from_utf8(letters).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sounds_and_slips() {
        assert_eq!(sound("yuliya"), sound("julia"));
        assert_eq!(sound("mueller"), sound("muller"));
        assert_eq!(sound("schmidt"), sound("shmidt"));
        assert_eq!(skeleton("mohammed"), skeleton("mhmd"));
        assert!(one_apart("gonzales", "gonzalez") && one_apart("jon", "john") && one_apart("brain", "brian"));
        assert!(!one_apart("anna", "anna") && !one_apart("bob", "rob1n"));
    }

    #[test]
    fn halves_find_every_slip() {
        let word = "gonzalez";
        for slip in
            ["onzalez", "gonzale", "gonalez", "gonzzalez", "hgonzalez", "gonxalez", "gnozalez", "gonzalze"]
        {
            let own = halves(word, word.len());
            let theirs = halves(slip, word.len());
            let (own, theirs) = (own.unwrap_or_default(), theirs.unwrap_or_default());
            assert!(own.0 == theirs.0 || own.1 == theirs.1, "{slip}");
        }
        assert_eq!(middle_swapped("gonzalez").as_deref(), Some("gonazlez"));
    }
}
