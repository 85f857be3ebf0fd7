//! Names made comparable: Latin letters, no accents, titles and particles aside, cut into words; handles undone. It knows no
//! customers.

mod affixes;
mod handles;
pub mod nicknames;
mod scripts;
mod semitic;
pub mod shown;
pub mod sounds;
pub mod spelling;
mod syllables;

use affixes::Word;
pub use affixes::is_particle;

/// Family names of two signs.
const TWO_SIGNS: &[&str] = &[
    "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "东方", "東方", "皇甫", "尉迟", "慕容", "令狐",
    "夏侯", "宇文", "司徒", "南宫", "남궁", "황보", "선우", "제갈",
];

/// Signs that stand for a syllable or a word: written without blanks between.
pub fn is_sign(c: char) -> bool {
    matches!(u32::from(c), 0x3005 | 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0x20000..=0x2FA1F)
}

/// Latin letters in lower case: "Ольга Ørsted" → "olga orsted", "小明" → "xiaoming".
pub fn latin(text: &str) -> String {
    let mut plain = if text.is_ascii() { text.to_owned() } else { scripts::roman(text) };
    plain.make_ascii_lowercase();
    plain
}

/// What firms write before or behind their name in signs.
const FIRM_SIGNS: &[&str] = &[
    "株式会社",
    "有限会社",
    "合同会社",
    "(株)",
    "（株）",
    "㈱",
    "股份有限公司",
    "有限公司",
    "주식회사",
    "(주)",
    "㈜",
];

/// Whether it is a name in signs that begins with the family's: 王小明, 山口 太郎.
pub fn family_first(name: &str) -> bool {
    signs(name).is_some()
}

/// A name of two to six signs, as family and given name: in one piece, or with the shorter piece first.
fn signs(name: &str) -> Option<(&str, &str)> {
    let name = name.trim();
    if let Some((one, other)) = name.split_once([' ', '\u{3000}', '・']) {
        let sizes = [one, other].map(|part| part.chars().count());
        let spelt = |c: char| matches!(u32::from(c), 0x3041..=0x30FF);
        let all = [one, other].into_iter().all(|part| part.chars().all(|c| is_sign(c) && !spelt(c)));
        return (all && sizes[0] > 0 && sizes[1] <= 4 && (sizes[0] < sizes[1] || sizes == [2, 2]))
            .then_some((one, other));
    }
    let count = name.chars().count();
    if !(2..=6).contains(&count) || !name.chars().all(is_sign) {
        return None;
    }
    let korean = name.chars().any(|c| matches!(u32::from(c), 0xAC00..=0xD7A3));
    let two = count > 2 && TWO_SIGNS.iter().any(|two| name.starts_with(two)) || count > 3 && !korean;
    let cut = name.char_indices().nth(if two { 2 } else { 1 })?.0;
    Some(name.split_at(cut))
}

/// Every way to cut a name in signs into the family's and the given one.
pub fn cuts_of_signs(name: &str) -> Vec<[String; 2]> {
    let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    let count = name.chars().count();
    if !(3..=7).contains(&count) || !name.chars().all(is_sign) {
        return Vec::new();
    }
    let places = name.char_indices().map(|(at, _)| at).skip(1).take(3);
    places.map(|at| [latin(&name[..at]), latin(&name[at..])]).collect()
}

/// The words of a name, titles, particles and legal forms left out where anything else is there. "O'Brien" is one word, "(…)" is
/// left out. A single letter is an initial.
pub fn words(name: &str) -> Vec<String> {
    let mut outside = without_brackets(name);
    for form in FIRM_SIGNS.iter().filter(|_| !name.is_ascii()) {
        if outside.contains(form) && outside.trim() != *form {
            outside = outside.replace(form, " ");
        }
    }
    match signs(&outside) {
        Some((family, given)) => {
            let family = scripts::korean_family(family).map_or_else(|| latin(family), str::to_owned);
            cut(&format!("{family} {}", latin(given)), true)
        }
        None => cut(&scripts::roman(&outside), true),
    }
}

/// The words of one part of a name: two signs are one given name, not a family's and a given one.
fn part(text: &str) -> Vec<String> {
    cut(&scripts::roman(&without_brackets(text)), false)
}

fn cut(plain: &str, whole: bool) -> Vec<String> {
    let mut kept = affixes::kept(pieces(plain), whole);
    // What is left may be a title in turn: words of words are the same words.
    for _ in 0..12 {
        let again = affixes::kept(pieces(&kept.join(" ")), whole);
        if again == kept {
            break;
        }
        kept = again;
    }
    kept
}

/// Cuts at everything but letters, digits and apostrophes; "S.r.l." is one word.
fn pieces(plain: &str) -> Vec<Word> {
    let plain = plain.replace(['\'', '`'], "");
    let (lower, upper) =
        (plain.bytes().any(|b| b.is_ascii_lowercase()), plain.bytes().any(|b| b.is_ascii_uppercase()));
    let mut words: Vec<Word> = Vec::new();
    let mut single = false;
    for piece in plain.split([' ', ',', '\t', '\n', '-', '&', '/', '+', '(', ')', '_']) {
        let letters: Vec<&str> =
            piece.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let dotted = letters.len() > 1 && letters.iter().all(|letter| letter.len() == 1);
        let joined = letters.concat().to_lowercase();
        if dotted && affixes::is_legal_form(&joined) {
            words.push(Word { text: joined, loud: true, quiet: false });
            continue;
        }
        for word in letters {
            let has = |small: bool| {
                word.bytes().any(|b| if small { b.is_ascii_lowercase() } else { b.is_ascii_uppercase() })
            };
            words.push(Word {
                text: word.to_ascii_lowercase(),
                loud: lower && !has(true) && has(false) && word.len() > 1,
                quiet: upper && !has(false) && !piece.contains('.'),
            });
        }
        single |= dotted;
    }
    // "sp. z o.o."
    let is = |words: &[Word], at: usize, text: &str| words.get(at).is_some_and(|w| w.text == text);
    if let Some(at) = (0..words.len()).find(|at| {
        single
            && is(&words, *at, "sp")
            && is(&words, at + 1, "z")
            && is(&words, at + 2, "o")
            && is(&words, at + 3, "o")
    }) {
        words.splice(at..at + 4, [Word { text: "spzoo".into(), loud: true, quiet: false }]);
    }
    words.truncate(12);
    words
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
    let parts: Vec<&str> =
        plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let digit = |c: char| c.is_ascii_digit();
    let inside = |part: &&str| part.trim_matches(digit).contains(digit);
    let disguised = parts.iter().any(inside);
    let last = parts.len().saturating_sub(1);
    parts
        .iter()
        .enumerate()
        .map(|(at, part)| {
            // One digit at an end is a letter where others are: "ros4_corrino", "4l3xand3r".
            let (head, tail) = (part.trim_start_matches(digit), part.trim_end_matches(digit));
            let ends = |digits: &str| digits.len() == 1 && "430".contains(digits) && part.len() > 2;
            let before = &part[..part.len() - head.len()];
            let behind = &part[tail.len()..];
            let from = if ends(before) && disguised { 0 } else { before.len() };
            let to = if ends(behind) && (disguised || at < last) { part.len() } else { tail.len() };
            unleet(part.get(from..to).unwrap_or_default())
        })
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
        assert_eq!(words("김민수"), words("김 민수"));
    }
}
