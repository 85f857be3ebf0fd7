//! Folding: the one spelling under which letters are compared. Lower case, no accents, compatibility forms undone.
//! It knows characters, not words or languages.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Appends the folded form of one character to `out`; nothing for accents and joiners.
///
/// Folding what is already folded changes nothing.
#[inline]
pub fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
    } else {
        fold_foreign(c, out);
    }
}

fn fold_foreign(c: char, out: &mut String) {
    if let Some(plain) = spelled_out(c) {
        out.push_str(plain);
        return;
    }
    // Hangul syllables stay whole: their parts say nothing alone.
    if ('\u{AC00}'..='\u{D7A3}').contains(&c) {
        out.push(c);
        return;
    }
    decompose_compatible(c, |part| {
        for low in part.to_lowercase() {
            push_part(low, out);
        }
    });
}

/// Lower-casing can yield characters that decompose again, and decomposing letters that have a spelling.
fn push_part(c: char, out: &mut String) {
    if is_dropped(c) {
        return;
    }
    match spelled_out(c) {
        Some(plain) => out.push_str(plain),
        None => decompose_compatible(c, |part| {
            if !is_dropped(part) {
                match spelled_out(part) {
                    Some(plain) => out.push_str(plain),
                    None => out.push(part),
                }
            }
        }),
    }
}

/// The folded form of a text.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        fold_char(c, &mut out);
    }
    out
}

/// Letters that have no decomposition but an accepted plain spelling.
fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'ł' | 'Ł' => "l",
        'þ' | 'Þ' => "th",
        'ı' => "i",
        '’' | '‘' | 'ʼ' | '`' | '´' | 'ʹ' => "'",
        _ => return None,
    })
}

/// Accents, vowel points and invisible joiners.
#[inline]
pub fn is_dropped(c: char) -> bool {
    c >= '\u{00AD}'
        && matches!(c, '\u{0300}'..='\u{036F}' | '\u{064B}'..='\u{0652}' | '\u{0591}'..='\u{05C7}' | '\u{200B}'..='\u{200F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{1F3FB}'..='\u{1F3FF}')
}

/// Whether a character continues a word: letters, digits, and the signs of scripts that write vowels as marks.
#[inline]
pub fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    c.is_alphanumeric() || is_combining_mark(c) || is_dropped(c) && c != '\u{FEFF}'
}
