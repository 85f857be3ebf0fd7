//! Hebrew, Arabic and Persian names in Latin letters: consonants, with short vowels where they must be. It knows letters and no names.

use deunicode::deunicode_char;
use unicode_normalization::char::is_combining_mark;

use super::scripts::{begins, letter_of};

const HEBREW: &str = "- b g d - v z ch t y k k l m m n n s - f p tz tz k r sh t";

/// Writes the Hebrew letter at a place.
pub fn hebrew(chars: &[char], at: usize, out: &mut String) {
    let (c, first) = (chars[at], begins(chars, at));
    let next = chars.get(at + 1).filter(|n| n.is_alphabetic());
    let letter = match c {
        'א' | 'ע' if first && !matches!(next, Some('ו' | 'י')) => "a",
        'ה' if next.is_none() => "a",
        'ה' => "h",
        'ו' if first || matches!(next, Some('י' | 'ו')) => "v",
        'ו' => "o",
        'י' if !first && next.is_none_or(|n| !matches!(n, 'ו' | 'ה' | 'א')) => "i",
        'ב' if !first => "v",
        'כ' | 'ך' if !first => "kh",
        _ => u32::from(c).checked_sub(0x5D0).map_or("", |place| letter_of(HEBREW, place)),
    };
    // Short vowels are not written: one where three consonants meet.
    let is_consonant = |c: &&char| c.is_alphabetic() && !matches!(**c, 'א' | 'ה' | 'ו' | 'י' | 'ע');
    let after = next.as_ref().is_some_and(is_consonant);
    let before = at > 1 && is_consonant(&&chars[at - 1]);
    out.push_str(letter);
    if before && after && is_consonant(&&c) {
        out.push('a');
    }
}

/// Writes the word that begins at a place, and says how many signs that was.
pub fn arabic(chars: &[char], at: usize, out: &mut String) -> usize {
    let word = &chars[at..];
    let inside =
        |c: &&char| matches!(u32::from(**c), 0x600..=0x6FF) && (c.is_alphabetic() || is_combining_mark(**c));
    let length = word.iter().take_while(inside).count();
    if length == 0 {
        let plain =
            deunicode_char(chars[at]).unwrap_or_default().trim_matches(|c: char| !c.is_ascii_alphanumeric());
        out.push_str(if plain.len() == 1 { plain } else { " " });
        return 1;
    }
    let letters: Vec<char> =
        word[..length].iter().copied().filter(|c| c.is_alphabetic() && *c != 'ـ').collect();
    let mut rest = letters.as_slice();
    if rest.len() >= 4 && rest.starts_with(&['ا', 'ل']) {
        // The article: a word of its own, as in Latin letters.
        out.push_str("al ");
        rest = &rest[2..];
    }
    let read: Vec<&str> =
        (0..rest.len()).map(|at| arabic_letter(rest, at)).filter(|read| !read.is_empty()).collect();
    let is_vowel = |read: &str| matches!(read, "a" | "i" | "u");
    // Short vowels are not written: one between the first two consonants, and one wherever three meet.
    for (at, letter) in read.iter().enumerate() {
        let ahead = |n: usize| read.get(at + n).is_some_and(|next| !is_vowel(next));
        let behind = |n: usize| at.checked_sub(n).is_some_and(|before| !is_vowel(read[before]));
        out.push_str(letter);
        let first = at == 0 && !is_vowel(letter) && ahead(1);
        let three = !is_vowel(letter) && behind(1) && ahead(1) && at > 1;
        if first || three {
            out.push('a');
        }
    }
    length
}

fn arabic_letter(word: &[char], at: usize) -> &'static str {
    let first = at == 0;
    let next_vowel = matches!(word.get(at + 1), Some('ا' | 'أ' | 'إ' | 'آ' | 'ى' | 'و' | 'ي' | 'ی' | 'ة'));
    match word[at] {
        'ا' | 'أ' | 'آ' | 'ى' | 'ة' => "a",
        'إ' => "i",
        'ع' if first && word.get(1) != Some(&'ا') => "a",
        'ب' => "b",
        'پ' => "p",
        'ت' | 'ط' => "t",
        'ث' => "th",
        'ج' => "j",
        'چ' => "ch",
        'ح' | 'ه' | 'ە' => "h",
        'خ' => "kh",
        'د' | 'ض' => "d",
        'ذ' => "dh",
        'ر' => "r",
        'ز' | 'ظ' => "z",
        'ژ' => "zh",
        'س' | 'ص' => "s",
        'ش' => "sh",
        'غ' => "gh",
        'ف' => "f",
        'ق' => "q",
        'ك' | 'ک' => "k",
        'گ' => "g",
        'ل' => "l",
        'م' => "m",
        'ن' => "n",
        'و' if first || next_vowel => "w",
        'و' => "u",
        'ي' | 'ی' if first || next_vowel => "y",
        'ي' | 'ی' | 'ئ' => "i",
        'ع' | 'ء' | 'ؤ' => "",
        c => deunicode_char(c)
            .filter(|plain| plain.bytes().all(|b| b.is_ascii_alphanumeric()))
            .unwrap_or_default(),
    }
}
