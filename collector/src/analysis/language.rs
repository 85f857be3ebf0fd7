//! Which language a text is in: its script, its small words, and for what these leave open the trigrams of `whatlang`.
//! It answers "not known" rather than guess from nothing.

use whatlang::Lang;

use super::{
    lists::Shelf,
    tokens::{Class, Tokens},
};

/// BCP 47 code of the language, or none where it cannot be told.
pub fn detect(text: &str, tokens: &Tokens, shelf: &Shelf) -> Option<&'static str> {
    let start = text.char_indices().nth(600).map_or(text, |(i, _)| &text[..i]);
    let small = small_words(start, shelf);
    if let Some((code, lead)) = small
        && lead >= 2.0
    {
        return Some(code);
    }
    let words = tokens.list().iter().filter(|t| t.class == Class::Word).count();
    if words == 0 {
        return None;
    }
    let guess = whatlang::detect(start);
    let latin = guess.as_ref().is_none_or(|g| g.script() == whatlang::Script::Latin);
    match (guess, small) {
        (Some(guess), _) if !latin => settled(guess.lang(), start),
        // A clear small word beats unsure trigrams on a short text.
        (Some(guess), Some((code_small, lead))) if lead > 0.0 && !(guess.is_reliable() && words > 5) => {
            Some(code_small)
        }
        (Some(guess), _) if guess.is_reliable() || words > 6 => code(guess.lang()),
        (_, Some((code_small, _))) => Some(code_small),
        (guess, None) => known_word(tokens, shelf).or_else(|| {
            let guess = guess.filter(|g| words >= 3 && g.confidence() > 0.1)?;
            code(guess.lang())
        }),
    }
}

/// The language with most small words, and by how many it leads; words that several languages share count less.
fn small_words(text: &str, shelf: &Shelf) -> Option<(&'static str, f32)> {
    let mut scores = [0f32; 32];
    let mut low = String::new();
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|w| w.len() <= 12)
    {
        low.clear();
        low.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }));
        let mut look = |key: &str| {
            if let Some(tongues) = shelf.small_words.get(key) {
                let share = 1.0 / (tongues.len() as f32).powf(0.7);
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
    let mut order: Vec<usize> = (0..shelf.tongues.len().min(32)).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let (first, second) = (*order.first()?, *order.get(1)?);
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
