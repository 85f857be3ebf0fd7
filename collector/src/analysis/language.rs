//! Which language a text is in: its script, and for Latin letters learned weights of pieces of words, corrected by letters and small
//! words of languages that were not learned. It answers "not known" rather than guess from nothing.

use std::sync::LazyLock;

use whatlang::Lang;

use super::{
    lists::Shelf,
    tokens::{Class, Tokens},
};

/// Languages of the learned weights, at most.
pub const MOST: usize = 16;
/// Rows of the learned weights.
pub const ROWS: usize = 1 << 15;
/// Characters of a word that are looked at.
const LONGEST: usize = 20;
/// So much of a text is looked at, in characters.
const START: usize = 240;

/// Learned weights: for each row a byte for each language.
#[derive(Clone, Debug)]
pub struct Learned {
    codes: Vec<&'static str>,
    bias: [f32; MOST],
    scale: f32,
    rows: &'static [u8],
}

static LEARNED: LazyLock<Option<Learned>> =
    LazyLock::new(|| Learned::read(include_bytes!("../../data/language.bin")));

impl Learned {
    /// From a file: magic, a scale, biases, codes on one line (their length before), rows. None if it is not one.
    pub fn read(file: &'static [u8]) -> Option<Self> {
        let rest = file.strip_prefix(b"GWL1")?;
        let (numbers, rest) = rest.split_at_checked(4 * (1 + MOST))?;
        let mut numbers = numbers.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        let scale = numbers.next()?;
        let bias: Vec<f32> = numbers.collect();
        let (length, rest) = rest.split_first()?;
        let (codes, rows) = rest.split_at_checked(usize::from(*length))?;
        let codes: Vec<&'static str> = std::str::from_utf8(codes).ok()?.split(' ').collect();
        if codes.len() > MOST || rows.len() != ROWS * MOST {
            return None;
        }
        Some(Self { codes, bias: bias.try_into().ok()?, scale, rows })
    }

    /// The likeliest language, its probability, and the second one's. None where the text has no words.
    fn judge(&self, text: &str) -> Option<(&'static str, f32, f32)> {
        let mut sums = [0i32; MOST];
        let mut count = 0usize;
        pieces(text, |row| {
            for (sum, weight) in sums.iter_mut().zip(&self.rows[row * MOST..(row + 1) * MOST]) {
                *sum += i32::from(weight.cast_signed());
            }
            count += 1;
        });
        if count == 0 {
            return None;
        }
        let share = self.scale * share(count);
        let z: Vec<f32> =
            sums.iter().zip(&self.bias).take(self.codes.len()).map(|(s, b)| *s as f32 * share + b).collect();
        let top = z.iter().copied().fold(f32::MIN, f32::max);
        let sum: f32 = z.iter().map(|z| (z - top).exp()).sum();
        let first = z.iter().position(|z| *z == top)?;
        let next =
            z.iter().enumerate().filter(|(n, _)| *n != first).map(|(_, z)| *z).fold(f32::MIN, f32::max);
        Some((self.codes[first], 1.0 / sum, (next - top).exp() / sum))
    }
}

/// What a piece counts in a text of so many.
pub fn share(count: usize) -> f32 {
    1.0 / (count as f32).sqrt()
}

/// The rows of the learned weights that a text speaks to: of each word its runs of two to four letters, with its ends, and the whole.
/// Names and links are no words. Used for learning as well.
pub fn pieces(text: &str, mut row: impl FnMut(usize)) {
    let mut word = [0u32; LONGEST + 2];
    for part in text.split_whitespace() {
        if part.starts_with('@') || part.starts_with("http") || part.starts_with("www.") {
            continue;
        }
        let mut length = 1;
        word[0] = 1;
        let ends = std::iter::once(' ');
        for c in part.chars().chain(ends) {
            if c.is_alphabetic() {
                for low in c.to_lowercase() {
                    if length <= LONGEST {
                        word[length] = low.into();
                        length += 1;
                    }
                }
                continue;
            }
            // The apostrophe is the end of l', dell', c'.
            let end = if matches!(c, '\'' | '\u{2019}') { 3 } else { 2 };
            if length > 1 {
                word[length] = end;
                runs(&word[..=length], &mut row);
            }
            length = 1;
        }
    }
}

fn runs(word: &[u32], row: &mut impl FnMut(usize)) {
    for start in 0..word.len() {
        let mut hash = 0x9E37_79B9u32;
        for (n, c) in word[start..].iter().take(4).enumerate() {
            hash = mixed(hash, *c);
            if n > 0 {
                row(hash as usize >> 3 & (ROWS - 1));
            }
        }
    }
    let whole = word.iter().fold(0x85EB_CA6Bu32, |hash, c| mixed(hash, *c));
    row(whole as usize >> 3 & (ROWS - 1));
}

fn mixed(hash: u32, c: u32) -> u32 {
    let h = (hash ^ c).wrapping_mul(0x0100_0193).wrapping_add(0x27D4_EB2F);
    h ^ (h >> 15)
}

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
    let start = text.char_indices().nth(START).map_or(text, |(i, _)| &text[..i]);
    let (mut latin, mut other) = (0usize, 0usize);
    for c in start.chars().filter(|c| c.is_alphabetic()) {
        if (c as u32) < 0x250 || matches!(c, '\u{1E00}'..='\u{1EFF}') { latin += 1 } else { other += 1 }
    }
    if other > latin {
        return settled(whatlang::detect(start)?.lang(), start);
    }
    let Some((code, p, _)) = LEARNED.as_ref().and_then(|learned| learned.judge(start)) else {
        return known_word(tokens, shelf);
    };
    // A language that was not learned shows itself by small words, or by letters that the found one does not write.
    let foreign = start.chars().any(|c| !c.is_ascii() && c.is_alphabetic() && !writes(code, c));
    let small = small_words(start, shelf).filter(|(code, lead)| *lead > 0.6 && !learned(code));
    if let Some((other, lead)) = small
        && (lead >= 2.0 || foreign || p < CERTAIN)
    {
        return Some(other);
    }
    if foreign || (p < CERTAIN && words > 4) {
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

/// The language with most small words, and by how many it leads; words that several languages share count less.
fn small_words(text: &str, shelf: &Shelf) -> Option<(&'static str, f32)> {
    let mut scores = [0f32; 32];
    let mut low = String::new();
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|w| w.len() <= 12)
    {
        low.clear();
        if word.is_ascii() {
            low.push_str(word);
            low.make_ascii_lowercase();
        } else {
            low.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }));
        }
        let mut look = |key: &str| {
            if let Some(tongues) = shelf.small_words.get(key) {
                let share = shelf.shares.get(tongues.len()).copied().unwrap_or(0.0);
                for &t in tongues {
                    if let Some(score) = scores.get_mut(t as usize) {
                        *score += share;
                    }
                }
                return true;
            }
            false
        };
        if !look(&low)
            && let Some((head, _)) = low.split_once('\'')
        {
            look(head);
        }
    }
    let scores = &scores[..shelf.tongues.len().min(32)];
    if scores.len() < 2 {
        return None;
    }
    let best = |but: usize| {
        (0..scores.len()).filter(|n| *n != but).fold(usize::MAX, |best, n| match scores.get(best) {
            Some(score) if *score >= scores[n] => best,
            _ => n,
        })
    };
    let first = best(usize::MAX);
    let second = best(first);
    if scores[first] <= 0.0 { None } else { Some((shelf.tongues[first], scores[first] - scores[second])) }
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
