//! Which language a text is in: its script, and for Latin letters learned weights of pieces of words, corrected by letters and small
//! words of languages that were not learned. It answers "not known" rather than guess from nothing.

use std::sync::LazyLock;

use whatlang::Lang;

pub use super::spelling::{MOST, ROWS, pieces, share};
use super::{
    lists::Shelf,
    spelling::Learned,
    tokens::{Class, Tokens},
};

/// So much of a text is looked at, in characters.
const START: usize = 240;

static LEARNED: LazyLock<Option<Learned>> =
    LazyLock::new(|| Learned::read(include_bytes!("../../data/language.bin")));

/// Below this probability of the learned weights a text is in no language that is known.
const SURE: f32 = 0.5;
/// The same of languages of which only a few sentences were learned.
const SURE_OF_WEAK: f32 = 0.35;
const WEAK: [&str; 5] = ["no", "da", "sv", "pl", "ro"];
/// Above this nothing else is asked.
const CERTAIN: f32 = 0.9;

/// BCP 47 code of the language, or none where it cannot be told.
pub fn detect(text: &str, tokens: &Tokens, shelf: &Shelf) -> Option<&'static str> {
    let words = tokens.list().iter().filter(|t| t.class == Class::Word).count();
    if words == 0 {
        return None;
    }
    let start = beginning(text);
    let plain = start.is_ascii();
    if !plain {
        let (mut latin, mut other) = (0usize, 0usize);
        for c in start.chars() {
            if c.is_ascii() {
                latin += usize::from(c.is_ascii_alphabetic());
            } else if c.is_alphabetic() {
                let is_latin = (c as u32) < 0x250 || matches!(c, '\u{1E00}'..='\u{1EFF}');
                if is_latin { latin += 1 } else { other += 1 }
            }
        }
        if other > latin {
            return settled(whatlang::detect(start)?.lang(), start);
        }
    }
    let Some((code, p)) = LEARNED.as_ref().and_then(|learned| learned.judge(start)) else {
        return known_word(tokens, shelf);
    };
    // A language that was not learned shows itself by small words, or by letters that the found one does not write.
    let foreign = !plain && start.chars().any(|c| !c.is_ascii() && c.is_alphabetic() && !writes(code, c));
    let ahead = shelf.small_words.lead(start).filter(|(_, lead)| *lead > 0.6);
    let small = ahead.filter(|(code, _)| !learned(code));
    if let Some((other, lead)) = small
        && (lead >= 2.0 || foreign || p < CERTAIN)
    {
        return Some(other);
    }
    // Trigrams cost more than all the rest; where small words and learned weights agree they are not asked.
    let agreed = ahead.is_some_and(|(other, _)| other == code);
    if foreign || (p < CERTAIN && words > 4 && !agreed) {
        let guess = whatlang::detect(start).filter(|g| foreign || g.is_reliable());
        if let Some(other) = guess.and_then(|g| self::code(g.lang())).filter(|other| !learned(other)) {
            return Some(other);
        }
    }
    if words <= 2 && p < CERTAIN {
        return known_word(tokens, shelf).or((p >= SURE).then_some(code));
    }
    (p >= if WEAK.contains(&code) { SURE_OF_WEAK } else { SURE }).then_some(code)
}

/// As much of a text as is looked at.
fn beginning(text: &str) -> &str {
    match text.as_bytes().get(..START) {
        None => text,
        Some(bytes) if bytes.is_ascii() => &text[..START],
        Some(_) => text.char_indices().nth(START).map_or(text, |(i, _)| &text[..i]),
    }
}

/// Whether the weights know the language well.
fn learned(code: &str) -> bool {
    !WEAK.contains(&code) && LEARNED.as_ref().is_some_and(|learned| learned.codes.contains(&code))
}

/// Whether a language writes a letter beyond the plain ones. Every language borrows é.
fn writes(code: &str, letter: char) -> bool {
    let letters = match code {
        "de" => "äöüß",
        "fr" => "àâæçèêëîïôœùûüÿ",
        "es" => "áíñóúüçàèò",
        "it" => "àèìíòóùúî",
        "pt" => "áàâãçêíóôõúüèò",
        "nl" => "ëïöüáèíóúàêç",
        "tr" => "çğıöşüâîûiİ",
        "ca" => "àçèíïòóúü·áñ",
        "no" | "da" => "æøåéèòôäö",
        "sv" => "åäöéà",
        "pl" => "ąćęłńóśźż",
        "ro" => "ăâîșțşţ",
        "en" => "éèêëïöüçñâàáíóáôû",
        _ => "",
    };
    letter == 'é'
        || letter == 'É'
        || letter.to_lowercase().any(|low| letters.contains(low))
        || matches!(letter, 'ª' | 'º')
}

/// One or two words: the language whose lists know them, English before others.
fn known_word(tokens: &Tokens, shelf: &Shelf) -> Option<&'static str> {
    ["en", "de", "fr", "es", "it", "pt", "nl"].into_iter().find(|code| {
        let Some(lists) = shelf.own(Some(code)) else { return false };
        let mut known = false;
        for at in 0..tokens.list().len().min(6) {
            lists.opinion.at(tokens, at, |_| known = true);
        }
        known
    })
}

/// Trigrams confuse the Slavic languages on short texts; letters that only some of them have tell more.
fn settled(lang: Lang, text: &str) -> Option<&'static str> {
    let has = |letters: &[char]| text.chars().any(|c| c.to_lowercase().any(|low| letters.contains(&low)));
    let doubted = match lang {
        Lang::Bul => has(&['ы', 'э', 'ё']) || !has(&['ъ']),
        Lang::Ukr => !has(&['і', 'ї', 'є', 'ґ']),
        Lang::Bel => !has(&['ў', 'і']),
        // Letters that Arabic itself does not write.
        Lang::Pes | Lang::Urd if !has(&['پ', 'چ', 'ژ', 'گ', 'ی', 'ک', 'ٹ', 'ڈ', 'ڑ', 'ں', 'ے']) => {
            return Some("ar");
        }
        Lang::Srp | Lang::Mkd => !has(&['ј', 'љ', 'њ', 'џ', 'ќ', 'ѓ', 'ћ', 'ђ']),
        _ => false,
    };
    if doubted { Some("ru") } else { code(lang) }
}

fn code(lang: Lang) -> Option<&'static str> {
    Some(match lang {
        Lang::Eng => "en",
        Lang::Deu => "de",
        Lang::Fra => "fr",
        Lang::Spa => "es",
        Lang::Ita => "it",
        Lang::Por => "pt",
        Lang::Nld => "nl",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Bel => "be",
        Lang::Bul => "bg",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Pol => "pl",
        Lang::Ces => "cs",
        Lang::Slk => "sk",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Hun => "hu",
        Lang::Ron => "ro",
        Lang::Tur => "tr",
        Lang::Aze => "az",
        Lang::Swe => "sv",
        Lang::Dan => "da",
        Lang::Nob => "no",
        Lang::Fin => "fi",
        Lang::Est => "et",
        Lang::Lav => "lv",
        Lang::Lit => "lt",
        Lang::Cat => "ca",
        Lang::Ell => "el",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Ara => "ar",
        Lang::Pes => "fa",
        Lang::Urd => "ur",
        Lang::Hin => "hi",
        Lang::Mar => "mr",
        Lang::Nep => "ne",
        Lang::Ben => "bn",
        Lang::Guj => "gu",
        Lang::Pan => "pa",
        Lang::Tam => "ta",
        Lang::Tel => "te",
        Lang::Kan => "kn",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Sin => "si",
        Lang::Tha => "th",
        Lang::Mya => "my",
        Lang::Khm => "km",
        Lang::Cmn => "zh",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Vie => "vi",
        Lang::Ind => "id",
        Lang::Jav => "jv",
        Lang::Tgl => "tl",
        Lang::Afr => "af",
        Lang::Lat => "la",
        Lang::Epo => "eo",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Aka => "ak",
        Lang::Amh => "am",
        Lang::Hye => "hy",
        Lang::Kat => "ka",
        Lang::Tuk => "tk",
        Lang::Uzb => "uz",
        Lang::Cym => "cy",
        #[expect(
            unreachable_patterns,
            reason = "a language that a later whatlang learns is not known here yet"
        )]
        _ => return None,
    })
}
