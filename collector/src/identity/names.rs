//! Names made comparable: Latin letters, no accents, titles and particles aside, cut into words; handles undone. It knows no
//! customers.

use deunicode::deunicode_char;
use unicode_normalization::UnicodeNormalization;

/// Words before or after a name that are not part of it.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "sir",
    "dame",
    "herr",
    "frau",
    "hr",
    "fr",
    "mme",
    "mlle",
    "m",
    "madame",
    "monsieur",
    "sr",
    "sra",
    "srta",
    "don",
    "dona",
    "sig",
    "signor",
    "signora",
    "dott",
    "ing",
    "dipl",
    "mag",
    "phd",
    "md",
    "jr",
    "jun",
    "junior",
    "senior",
    "sen",
    "ii",
    "iii",
    "iv",
    "esq",
    "mba",
    "msc",
    "bsc",
    "dhr",
    "mevr",
    "mevrouw",
];

/// Small words inside family names; people leave them out.
const PARTICLES: &[&str] = &[
    "de", "del", "della", "di", "da", "do", "dos", "das", "du", "des", "la", "le", "les", "los", "las",
    "van", "von", "vom", "zu", "zur", "zum", "den", "der", "ten", "ter", "te", "y", "e", "i", "und", "and",
    "al", "el", "bin", "ibn", "bint", "ben", "abu", "san", "af", "av", "st", "mac",
];

/// What firms add to their name.
const FIRM: &[&str] = &[
    "gmbh", "ag", "kg", "ug", "ohg", "gbr", "ltd", "limited", "llc", "inc", "corp", "co", "company", "plc",
    "sa", "sas", "sarl", "srl", "spa", "sl", "slu", "bv", "nv", "lda", "ltda", "oy", "ab", "as", "aps",
    "kft", "sro", "spzoo", "mbh", "llp", "pty",
];

/// Family names of two signs.
const TWO_SIGNS: &[&str] = &[
    "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "东方", "東方", "皇甫", "尉迟", "慕容", "令狐",
    "夏侯", "宇文", "司徒", "南宫", "남궁", "황보", "선우", "제갈",
];

/// Whether it is a small word inside family names.
pub fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

/// Signs that stand for a syllable or a word: written without blanks between.
pub fn is_sign(c: char) -> bool {
    matches!(u32::from(c), 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0x20000..=0x2FA1F)
}

/// Latin letters in lower case: "Ольга Ørsted" → "olga orsted", "小明" → "xiaoming".
pub fn latin(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let composed: String;
    let text = if text.chars().any(|c| matches!(u32::from(c), 0x1100..=0x11FF)) {
        composed = text.nfc().collect();
        composed.as_str()
    } else {
        text
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let plain = in_names(c).or_else(|| deunicode_char(c)).unwrap_or_default();
        // A pinyin syllable comes with a blank behind it; the syllables of one name are written together.
        let plain = if is_sign(c) { plain.trim_end() } else { plain };
        out.extend(plain.chars().map(|c| c.to_ascii_lowercase()));
    }
    out
}

/// Signs that are read in another way in names than in most other words.
fn in_names(sign: char) -> Option<&'static str> {
    Some(match sign {
        '娜' => "na",
        '曾' => "zeng",
        '单' | '單' => "shan",
        '解' => "xie",
        '查' => "zha",
        '仇' => "qiu",
        '区' | '區' => "ou",
        _ => return None,
    })
}

/// Whether it is a name in signs that begins with the family's: 王小明.
pub fn family_first(name: &str) -> bool {
    signs(name).is_some()
}

/// A name of two to four signs in one piece, as family and given name.
fn signs(name: &str) -> Option<(&str, &str)> {
    let name = name.trim();
    let count = name.chars().count();
    if !(2..=4).contains(&count) || !name.chars().all(is_sign) {
        return None;
    }
    let family = usize::from(count > 2 && TWO_SIGNS.iter().any(|two| name.starts_with(two))) + 1;
    let cut = name.char_indices().nth(family)?.0;
    Some(name.split_at(cut))
}

/// The words of a name, titles, particles and legal forms left out where anything else is there. "O'Brien" is one word, "(…)" is
/// left out. A single letter is an initial.
pub fn words(name: &str) -> Vec<String> {
    let outside = without_brackets(name);
    match signs(&outside) {
        Some((family, given)) => cut(&format!("{} {}", latin(family), latin(given))),
        None => cut(&latin(&outside)),
    }
}

/// The words of one part of a name: two signs are one given name, not a family's and a given one.
fn part(text: &str) -> Vec<String> {
    cut(&latin(&without_brackets(text)))
}

fn cut(plain: &str) -> Vec<String> {
    let mut all: Vec<String> = plain
        .replace(['\'', '`'], "")
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .take(12)
        .map(str::to_owned)
        .collect();
    for list in [TITLES, FIRM, PARTICLES] {
        // The last word is a name even if it looks like a particle; a single letter may be an initial rather than a title.
        let kept: Vec<bool> = all
            .iter()
            .enumerate()
            .map(|(at, w)| {
                let initial = w.len() == 1 && (list.len() != TITLES.len() || at > 0 || all.len() == 2);
                initial || !list.contains(&w.as_str())
            })
            .collect();
        if kept.iter().zip(&all).any(|(k, w)| *k && w.len() > 1) {
            let mut kept = kept.into_iter();
            all.retain(|_| kept.next().unwrap_or(true));
        }
    }
    all
}

fn without_brackets(name: &str) -> String {
    let mut depth = 0usize;
    let inside = |c: char, depth: &mut usize| {
        match c {
            '(' | '[' | '（' => *depth += 1,
            ')' | ']' | '）' => {
                *depth = depth.saturating_sub(1);
                return true;
            }
            _ => {}
        }
        *depth > 0
    };
    let kept: String = name.chars().filter(|&c| !inside(c, &mut depth)).collect();
    if kept.trim().is_empty() { name.to_owned() } else { kept }
}

/// Given and family words of a customer's name. "González, Maria" is turned round; without a comma the last word is the family's.
pub fn halves(name: &str, first: Option<&str>, last: Option<&str>) -> (Vec<String>, Vec<String>) {
    let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
    if !first.trim().is_empty() || !last.trim().is_empty() {
        return (part(first), part(last));
    }
    if let Some((family, given)) = name.split_once(',') {
        let (given, family) = (words(given), words(family));
        if !given.is_empty() && !family.is_empty() {
            return (given, family);
        }
    }
    let mut given = words(name);
    if family_first(name) && given.len() == 2 {
        let family = given.remove(0);
        return (given, vec![family]);
    }
    let family = if given.len() > 1 { given.split_off(given.len() - 1) } else { Vec::new() };
    (given, family)
}

/// A handle reduced to letters: separators and numbers at the ends gone, digits that stand for letters read as such.
/// "M4ria_Gonzalez-82" → ["maria", "gonzalez"]. Empty where no letters are left.
pub fn handle_words(handle: &str) -> Vec<String> {
    let plain = latin(handle.trim().trim_start_matches('@'));
    plain
        .split(|c: char| !c.is_ascii_alphanumeric())
        .map(|part| unleet(part.trim_matches(|c: char| c.is_ascii_digit())))
        .filter(|part| !part.is_empty())
        .take(4)
        .collect()
}

/// Digits between letters stand for letters that look like them.
fn unleet(part: &str) -> String {
    part.chars()
        .filter_map(|c| match c {
            '4' => Some('a'),
            '3' => Some('e'),
            '1' => Some('i'),
            '0' => Some('o'),
            '5' => Some('s'),
            '7' => Some('t'),
            c if c.is_ascii_digit() => None,
            c => Some(c),
        })
        .collect()
}

/// A handle without separators and case, digits kept: what makes two handles the same.
pub fn handle_key(handle: &str) -> String {
    let mut plain = latin(handle.trim().trim_start_matches('@'));
    plain.retain(|c| c.is_ascii_alphanumeric());
    plain
}

/// Whether a displayed name is a handle rather than a name: one piece with digits or marks in it, or a long one in lower case.
pub fn looks_like_handle(name: &str) -> bool {
    let name = name.trim();
    !name.contains(char::is_whitespace)
        && (name.starts_with('@')
            || name.contains('_')
            || name.chars().any(|c| c.is_ascii_digit())
            || name.trim_matches('.').contains('.') && !name.ends_with('.')
            || name.chars().all(|c| c.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_what_counts() {
        assert_eq!(words("Dr. María-José de la Cruz (Madrid)"), ["maria", "jose", "cruz"]);
        assert_eq!(words("O’Brien, Séan"), ["obrien", "sean"]);
        assert_eq!(words("Müller GmbH & Co. KG"), ["muller"]);
        assert_eq!(words("Maria G."), ["maria", "g"]);
        assert_eq!(words("M. Dupont"), ["m", "dupont"]);
        assert_eq!(words("Ольга Иванова"), ["olga", "ivanova"]);
        assert_eq!(halves("González, Maria", None, None), (vec!["maria".into()], vec!["gonzalez".into()]));
    }

    #[test]
    fn handles_are_undone() {
        assert_eq!(handle_words("M4ria_Gonzalez-82"), ["maria", "gonzalez"]);
        assert_eq!(handle_words("@j0hn.smith1990"), ["john", "smith"]);
        assert!(looks_like_handle("mgonzalez82") && !looks_like_handle("Maria G."));
    }

    #[test]
    fn names_in_signs_are_read_as_they_are_meant() {
        assert_eq!(words("王小明"), ["wang", "xiaoming"]);
        assert_eq!(words("小明 王"), ["xiaoming", "wang"]);
        assert_eq!(words("欧阳娜娜"), ["ouyang", "nana"]);
        assert!(family_first("王小明") && !family_first("小明 王") && !family_first("Wang Xiaoming"));
        assert_eq!(halves("飞浩 吴", Some("飞浩"), Some("吴")), (vec!["feihao".into()], vec!["wu".into()]));
        assert_eq!(latin("김민수"), latin("김 민수").replace(' ', ""));
    }
}
