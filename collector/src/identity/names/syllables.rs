//! Names of India, Thailand, Japan and Korea in Latin letters: scripts whose signs are syllables or carry vowels. It knows letters and
//! the customs of Korean family names.

use super::scripts::letter_of;

/// The scripts of India stand in the same order one behind the other.
const BRAHMI: &str = "- n n - - a a i i u u ri li e e e ai o o o au k kh g gh n ch chh j jh n t th d dh n t th d dh n n \
    p ph b bh m y r r l l l v sh sh s h - - - - a i i u u ri ri e e e ai o o o au -";

/// Writes the letter of an Indian script at a place.
pub fn brahmi(chars: &[char], at: usize, out: &mut String) {
    let code = u32::from(chars[at]);
    let (place, script) = (code & 0x7F, code & !0x7F);
    if (0xD7A..=0xD7F).contains(&code) {
        return out.push_str(letter_of("n n r l l k", code - 0xD7A));
    }
    if (0x66..=0x6F).contains(&place) {
        return out.push(char::from(b'0' + (place - 0x66) as u8));
    }
    let ours = |n: &&char| u32::from(**n) & !0x7F == script;
    if place > 0x4D {
        out.push_str(match place {
            0x58 => "qa",
            0x59 => "kha",
            0x5A => "gha",
            0x5B => "za",
            0x5C | 0x5D => "ra",
            0x5E => "fa",
            0x5F => "ya",
            0x70 => "n",
            _ => "",
        });
        return;
    }
    out.push_str(letter_of(BRAHMI, place));
    if (0x15..=0x39).contains(&place) {
        let mut behind = at + 1;
        // A dot below changes the letter, not what follows.
        behind += usize::from(chars.get(behind).filter(ours).is_some_and(|n| u32::from(*n) & 0x7F == 0x3C));
        let next = chars.get(behind).filter(ours).map(|n| u32::from(*n) & 0x7F);
        // A consonant carries an a, but before another vowel, where it is struck, and at the end of words in the north.
        let mute = match next {
            Some(0x3E..=0x4D) => true,
            Some(_) => false,
            None => script < 0xB80,
        };
        if !mute {
            out.push('a');
        }
    }
}

const THAI: &str = "k kh kh kh kh kh ng ch ch ch s ch y d t th th th n d t th th th n b p ph f ph f ph m y r rue l lue w s s s h l - h \
    - a a a am i i ue ue u u - - - - - e ae o ai ai - - - - - - -";

/// Writes the Thai letter at a place, and says how many signs that was.
pub fn thai(chars: &[char], at: usize, out: &mut String) -> usize {
    let of = |c: char| letter_of(THAI, u32::from(c) - 0xE01);
    let is_consonant = |c: &&char| (0xE01..=0xE2E).contains(&u32::from(**c));
    let c = chars[at];
    if let (0xE40..=0xE44, Some(next)) = (u32::from(c), chars.get(at + 1).filter(is_consonant)) {
        // Written before the consonant that it follows.
        out.push_str(of(*next));
        out.push_str(of(c));
        return 2;
    }
    // A letter under the mark of silence is not read.
    if is_consonant(&&c) && chars.get(at + 1) == Some(&'\u{E4C}') {
        return 2;
    }
    out.push_str(of(c));
    1
}

const KANA: &str = "a a i i u u e e o o ka ga ki gi ku gu ke ge ko go sa za shi ji su zu se ze so zo ta da chi ji - tsu zu te de to do \
    na ni nu ne no ha ba pa hi bi pi fu bu pu he be pe ho bo po ma mi mu me mo ya ya yu yu yo yo ra ri ru re ro wa wa i e o n vu ka ke";

/// Writes the Japanese syllable at a place.
pub fn kana(chars: &[char], at: usize, out: &mut String) {
    let place = |c: char| match u32::from(c) {
        code @ 0x3041..=0x3096 => Some(code - 0x3041),
        code @ 0x30A1..=0x30F6 => Some(code - 0x30A1),
        _ => None,
    };
    let of = |c: char| place(c).map_or("", |place| letter_of(KANA, place));
    let c = chars[at];
    let Some(own) = place(c) else {
        return;
    };
    // っ doubles the consonant behind it.
    if own == 0x22 {
        let next = chars.get(at + 1).map_or("", |n| of(*n));
        return out.push_str(if next.starts_with("ch") { "t" } else { next.get(..1).unwrap_or_default() });
    }
    let read = of(c);
    let before = at.checked_sub(1).and_then(|b| place(chars[b]).map(|_| of(chars[b])));
    // Small ya, yu and yo melt into the syllable before them, small vowels replace its vowel.
    if matches!(own, 0x42 | 0x44 | 0x46) && before.is_some_and(|b| b.ends_with('i') && b.len() > 1) {
        out.pop();
        let soft = out.ends_with("sh") || out.ends_with("ch") || out.ends_with('j');
        return out.push_str(if soft { &read[1..] } else { read });
    }
    if matches!(own, 0 | 2 | 4 | 6 | 8) && before.is_some_and(|b| b.len() > 1) {
        out.pop();
        return out.push_str(read);
    }
    // Long vowels are not written: Satō, Yūko, Ōtani. う before another vowel is one of its own: Inoue.
    let before_vowel = chars.get(at + 1).is_some_and(|n| matches!(of(*n), "a" | "i" | "e" | "o"));
    let long = match read {
        "u" => (out.ends_with('o') || out.ends_with('u')) && !before_vowel,
        "o" => out.ends_with('o') && own < 0x0A,
        _ => false,
    };
    if !(long && before.is_some()) {
        out.push_str(read);
    }
}

const FIRST: &str = "g kk n d tt r m b pp s ss - j jj ch k t p h";
const MIDDLE: &str = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i";
const LAST: &str = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t";

/// Family names are written by custom, not by the rules for their letters.
const KOREAN_FAMILIES: &[(&str, &str)] = &[
    ("김", "kim"),
    ("이", "lee"),
    ("박", "park"),
    ("최", "choi"),
    ("정", "jung"),
    ("강", "kang"),
    ("조", "cho"),
    ("윤", "yoon"),
    ("장", "jang"),
    ("임", "lim"),
    ("신", "shin"),
    ("유", "yoo"),
    ("류", "ryu"),
    ("권", "kwon"),
    ("노", "noh"),
    ("오", "oh"),
    ("안", "ahn"),
    ("문", "moon"),
    ("백", "baek"),
    ("고", "ko"),
    ("주", "joo"),
    ("우", "woo"),
    ("허", "heo"),
    ("구", "koo"),
    ("곽", "kwak"),
    ("길", "gil"),
    ("국", "kook"),
    ("금", "keum"),
    ("기", "ki"),
    ("남궁", "namgung"),
];

/// The custom for a family name in Korean letters.
pub fn korean_family(name: &str) -> Option<&'static str> {
    KOREAN_FAMILIES.iter().find(|(own, _)| *own == name).map(|(_, custom)| *custom)
}

/// Writes the Korean syllable at a place.
pub fn hangul(chars: &[char], at: usize, out: &mut String) {
    let is_sign = |c: &char| matches!(u32::from(*c), 0xAC00..=0xD7A3);
    let alone =
        !at.checked_sub(1).is_some_and(|b| is_sign(&chars[b])) && !chars.get(at + 1).is_some_and(is_sign);
    if let Some(custom) = korean_family(&chars[at].to_string()).filter(|_| alone) {
        return out.push_str(custom);
    }
    let code = u32::from(chars[at]) - 0xAC00;
    let (first, middle, last) = (code / 588, code / 28 % 21, code % 28);
    out.push_str(letter_of(FIRST, first));
    out.push_str(letter_of(MIDDLE, middle));
    // A last consonant before a vowel sounds with it.
    let silent =
        chars.get(at + 1).filter(|n| is_sign(n)).is_some_and(|n| (u32::from(*n) - 0xAC00) / 588 == 11);
    let bound = match last {
        1 | 4 | 7 | 8 | 16 | 17 | 19 if silent => ["g", "n", "d", "r", "m", "b", "s"]
            [[1, 4, 7, 8, 16, 17, 19].iter().position(|l| *l == last).unwrap_or(0)],
        _ => letter_of(LAST, last),
    };
    out.push_str(bound);
}
