//! Names in other scripts, written in Latin letters as their bearers mostly write them: alphabets, and what belongs to none. It
//! knows letters and no names.

use deunicode::deunicode_char;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

pub use super::syllables::korean_family;
use super::{
    semitic::{arabic, hebrew},
    syllables::{brahmi, hangul, kana, thai},
};

/// Latin letters for a text in any script; case is kept, marks and ornaments become blanks.
pub fn roman(text: &str) -> String {
    let chars: Vec<char> = text.nfkc().filter(|c| !is_hidden(*c)).collect();
    let mut out = String::with_capacity(text.len() + 8);
    let mut at = 0;
    while at < chars.len() {
        at += one(&chars, at, &mut out);
    }
    out
}

/// Zero-width signs, marks of direction, soft hyphens, choosers of looks: nobody sees them.
fn is_hidden(c: char) -> bool {
    matches!(u32::from(c), 0xAD | 0x34F | 0x61C | 0x180B..=0x180F | 0x200B..=0x200F | 0x202A..=0x202E
        | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFEFF | 0xE0000..=0xE0FFF)
}

/// Writes what stands at a place, and says how many signs that was.
fn one(chars: &[char], at: usize, out: &mut String) -> usize {
    let c = chars[at];
    match u32::from(c) {
        0..=0x7F => out.push(c),
        0x370..=0x3FF => return greek(chars, at, out),
        0x400..=0x52F => cyrillic(chars, at, out),
        0x531..=0x587 => return armenian(chars, at, out),
        0x590..=0x5FF => hebrew(chars, at, out),
        0x600..=0x6FF => return arabic(chars, at, out),
        0x900..=0xD7F => brahmi(chars, at, out),
        0xE01..=0xE4E => return thai(chars, at, out),
        0x10D0..=0x10F0 => out.push_str(letter_of(GEORGIAN, u32::from(c) - 0x10D0)),
        0x3041..=0x30FC => kana(chars, at, out),
        0xAC00..=0xD7A3 => hangul(chars, at, out),
        0x3005 => repeat(chars, at, out),
        0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF => {
            out.push_str(in_names(c).or_else(|| deunicode_char(c)).unwrap_or_default().trim_end());
        }
        0x1F1E6..=0x1F1FF => out.push(' '),
        _ => other(c, out),
    }
    1
}

/// The sign before is meant once more: 佐々木.
fn repeat(chars: &[char], at: usize, out: &mut String) {
    if let Some(before) = at.checked_sub(1).filter(|before| chars[*before] != '々') {
        one(chars, before, out);
    }
}

/// A letter of other scripts, a mark, or an ornament.
fn other(c: char, out: &mut String) {
    match c {
        '’' | '‘' | 'ʼ' | 'ʻ' | 'ʹ' | '´' | '′' => out.push('\''),
        '‐'..='―' | '−' => out.push('-'),
        'þ' => out.push_str("th"),
        'Þ' => out.push_str("Th"),
        c if is_combining_mark(c) => {}
        c if c.is_alphanumeric() => {
            let plain = deunicode_char(c).unwrap_or_default();
            out.push_str(plain.trim_end());
        }
        // Letters in boxes are letters; other ornaments are read aloud by nobody.
        c => match deunicode_char(c).map(|plain| plain.trim_matches(|c: char| !c.is_ascii_alphanumeric())) {
            Some(letter) if letter.len() == 1 => out.push_str(letter),
            _ => out.push(' '),
        },
    }
}

/// Signs that are read in another way in names than in most other words, or that are written in two ways.
fn in_names(sign: char) -> Option<&'static str> {
    Some(match sign {
        '娜' => "na",
        '曾' => "zeng",
        '单' | '單' => "shan",
        '解' => "xie",
        '查' => "zha",
        '仇' => "qiu",
        '区' | '區' => "ou",
        '髙' => "gao",
        '﨑' => "qi",
        _ => return None,
    })
}

/// The letter at a place of a list separated by blanks; "-" stands for none.
pub fn letter_of(list: &'static str, at: u32) -> &'static str {
    list.split(' ').nth(at as usize).filter(|letter| *letter != "-").unwrap_or_default()
}

fn small(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// Whether a letter begins a word.
pub fn begins(chars: &[char], at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| !chars[before].is_alphabetic() && !is_combining_mark(chars[before]))
}

fn push_cased(plain: &str, upper: bool, out: &mut String) {
    let mut letters = plain.chars();
    if let (true, Some(first)) = (upper, letters.next()) {
        out.push(first.to_ascii_uppercase());
        out.push_str(letters.as_str());
    } else {
        out.push_str(plain);
    }
}

const GREEK: &str = "a v g d e z i th i k l m n x o p r s s t y f ch ps o";

fn bare_greek(c: char) -> char {
    match small(c) {
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        c => c,
    }
}

fn greek(chars: &[char], at: usize, out: &mut String) -> usize {
    let (c, upper) = (bare_greek(chars[at]), chars[at].is_uppercase());
    let next = chars.get(at + 1);
    // A mark on the second vowel keeps two vowels apart; a stress on the first one does so as well.
    let apart = next.is_some_and(|n| matches!(small(*n), 'ϊ' | 'ΐ' | 'ϋ' | 'ΰ'))
        || matches!(small(chars[at]), 'ά' | 'έ' | 'ό');
    let first = begins(chars, at);
    let pair = match (c, next.map(|n| bare_greek(*n))) {
        ('ο', Some('υ')) if !apart => "ou",
        ('α' | 'ε' | 'η', Some('υ')) if !apart => {
            let voiced = chars.get(at + 2).is_some_and(|n| "αβγδεζηιλμνορυω".contains(bare_greek(*n)));
            match (c, voiced) {
                ('α', true) => "av",
                ('α', false) => "af",
                ('ε', true) => "ev",
                ('ε', false) => "ef",
                (_, true) => "iv",
                (_, false) => "if",
            }
        }
        ('γ', Some('γ')) => "ng",
        ('γ', Some('ξ')) => "nx",
        ('γ', Some('χ')) => "nch",
        ('μ', Some('π')) if first => "b",
        ('ν', Some('τ')) if first => "nt",
        _ => "",
    };
    if !pair.is_empty() {
        push_cased(pair, upper, out);
        return 2;
    }
    let place = u32::from(c).checked_sub(u32::from('α')).filter(|place| *place < 25);
    push_cased(place.map_or("", |place| letter_of(GREEK, place)), upper, out);
    1
}

fn cyrillic(chars: &[char], at: usize, out: &mut String) {
    let c = chars[at];
    let vowel = |c: &char| "аеёиоуыэюяіїє".contains(small(*c));
    let letter = match small(c) {
        // Between consonants it is a vowel, as in Bulgarian; else it is mute.
        'ъ' if chars.get(at + 1).is_some_and(|n| n.is_alphabetic() && !vowel(n)) => "a",
        'ъ' | 'ь' => "",
        'ђ' => "dj",
        'ћ' => "c",
        'љ' => "lj",
        'њ' => "nj",
        'ј' => "j",
        'џ' => "dz",
        'ґ' => "g",
        small => {
            return out
                .push_str(deunicode_char(if c.is_uppercase() { c } else { small }).unwrap_or_default());
        }
    };
    push_cased(letter, c.is_uppercase(), out);
}

const ARMENIAN: &str = "a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p k o f";

fn armenian(chars: &[char], at: usize, out: &mut String) -> usize {
    let (c, upper) = (small(chars[at]), chars[at].is_uppercase());
    if c == 'և' {
        out.push_str("ev");
    } else if c == 'ո' && chars.get(at + 1) == Some(&'ւ') {
        push_cased("u", upper, out);
        return 2;
    } else if let Some(place) = u32::from(c).checked_sub(0x561) {
        push_cased(letter_of(ARMENIAN, place), upper, out);
    }
    1
}

const GEORGIAN: &str = "a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_read_as_their_bearers_write_them() {
        for (own, plain) in [
            ("Γεώργιος Παπαχρήστου", "Georgios Papachristou"),
            ("Μπακογιάννης", "Bakogiannis"),
            ("Ευαγγέλου", "Evangelou"),
            ("Петър Ђорђевић", "Petar Djordjevic"),
            ("Հայկ Պետրոսյան", "Hayk Petrosyan"),
            ("ნინო კვარაცხელია", "nino kvaratskhelia"),
            ("العطار", "al atar"),
            ("संजय चतुर्वेदी", "sanjay chaturvedi"),
            ("திக", "tika"),
            ("สมชาย", "smchay"),
            ("しょうた さとう", "shota sato"),
            ("ケンジ オオタニ", "kenji otani"),
            ("ﾓﾁﾂﾞｷ", "mochizuki"),
            ("いのうえ", "inoue"),
            ("박 서준", "park seojun"),
            ("佐々木", "ZuoZuoMu"),
            ("✨Mаría✨", " Maria "),
            ("Ma\u{200b}ria", "Maria"),
        ] {
            assert_eq!(roman(own), plain, "{own}");
        }
    }
}
