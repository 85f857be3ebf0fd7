//! Reads a text into pieces of words, exactly as `training/second/pieces.py` does for training: small letters without accents, no
//! letter more than twice in a row, names and links as one sign each, the longest piece first. It knows no meaning.

use std::collections::HashMap;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A piece number and the character of the text that its word begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Number in the vocabulary.
    pub number: u32,
    /// Character of the text.
    pub place: u32,
}

/// A vocabulary of pieces.
#[derive(Debug)]
pub struct Pieces<'a> {
    /// Pieces that begin a word.
    first: HashMap<&'a str, u32>,
    /// Pieces that go on.
    next: HashMap<&'a str, u32>,
    unknown: u32,
    user: u32,
    link: u32,
}

/// Words longer than this are one unknown piece.
const LONGEST_WORD: usize = 40;

/// Texts that were escaped once too often.
const ESCAPED: [(&str, char); 11] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&#39;", '\''),
    ("<br />", ' '),
    ("<br>", ' '),
    ("\\u2019", '\''),
    ("\\u002c", ','),
    ("\\n", ' '),
    ("\\\"", '"'),
];

impl<'a> Pieces<'a> {
    /// From a vocabulary on lines; pieces that go on begin with `##`. None where a mark is missing.
    pub fn new(vocabulary: &'a str) -> Option<Self> {
        let (mut first, mut next) = (HashMap::new(), HashMap::new());
        for (number, piece) in vocabulary.lines().enumerate() {
            match piece.strip_prefix("##") {
                Some(rest) if !rest.is_empty() => next.insert(rest, number as u32),
                _ => first.insert(piece, number as u32),
            };
        }
        let mark = |name| first.get(name).copied();
        let (unknown, user, link) = (mark("[UNK]")?, mark("[USER]")?, mark("[LINK]")?);
        Some(Self { first, next, unknown, user, link })
    }

    /// Number of a mark such as `[CLS]`.
    pub fn mark(&self, name: &str) -> Option<u32> {
        self.first.get(name).copied()
    }

    /// The pieces of a text, at most `most`.
    pub fn read(&self, text: &str, most: usize) -> Vec<Piece> {
        let characters = unescaped(text);
        let mut out = Vec::new();
        let mut at = 0;
        let mut word = String::new();
        while at < characters.len() && out.len() < most {
            let c = characters[at];
            let place = at as u32;
            if c.is_whitespace() {
                at += 1;
            } else if c == '@' && characters.get(at + 1).is_some_and(|c| is_name(*c)) {
                out.push(Piece { number: self.user, place });
                at = end(&characters, at + 1, is_name);
            } else if let Some(after) = link(&characters, at) {
                out.push(Piece { number: self.link, place });
                at = after;
            } else if c.is_alphanumeric() {
                let after = end(&characters, at, |c| c.is_alphanumeric() || is_combining_mark(c));
                word.clear();
                for &c in &characters[at..after] {
                    fold(c, |folded| {
                        let stretched = folded.is_alphabetic() && {
                            let mut back = word.chars().rev();
                            back.next() == Some(folded) && back.next() == Some(folded)
                        };
                        if !stretched {
                            word.push(folded);
                        }
                    });
                }
                self.split(&word, place, &mut out);
                at = after;
            } else {
                word.clear();
                fold(c, |folded| word.push(folded));
                if !word.is_empty() {
                    self.split(&word, place, &mut out);
                }
                at += 1;
            }
        }
        out.truncate(most);
        out
    }

    /// The longest piece first; a word with a part that no piece fits is unknown as a whole.
    fn split(&self, word: &str, place: u32, out: &mut Vec<Piece>) {
        if let Some(&number) = self.first.get(word) {
            return out.push(Piece { number, place });
        }
        let before = out.len();
        if word.chars().count() > LONGEST_WORD {
            return out.push(Piece { number: self.unknown, place });
        }
        let mut rest = word;
        while !rest.is_empty() {
            let map = if rest.len() == word.len() { &self.first } else { &self.next };
            let found = rest.char_indices().rev().find_map(|(i, c)| {
                let length = i + c.len_utf8();
                map.get(&rest[..length]).map(|number| (*number, length))
            });
            let Some((number, length)) = found else {
                out.truncate(before);
                return out.push(Piece { number: self.unknown, place });
            };
            out.push(Piece { number, place });
            rest = &rest[length..];
        }
    }
}

pub(crate) fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub(crate) fn end(characters: &[char], from: usize, goes_on: impl Fn(char) -> bool) -> usize {
    characters[from..].iter().position(|c| !goes_on(*c)).map_or(characters.len(), |n| from + n)
}

/// Where a link that begins here ends.
pub(crate) fn link(characters: &[char], at: usize) -> Option<usize> {
    if !matches!(characters[at], 'h' | 'H' | 'w' | 'W') {
        return None;
    }
    if let Some(before) = at.checked_sub(1).map(|i| characters[i])
        && !before.is_whitespace()
        && !"(\"'.:,;!?-".contains(before)
    {
        return None;
    }
    let head: String = characters[at..].iter().take(4).flat_map(|c| c.to_lowercase()).collect();
    let after = end(characters, at, |c| !c.is_whitespace());
    let is = match head.as_str() {
        "www." => true,
        "http" => after - at == 4 || matches!(characters.get(at + 4), Some(':' | 's')),
        _ => false,
    };
    is.then_some(after)
}

/// The characters, with what was escaped undone; places stay as they were, so that nothing characters fill what is cut.
pub(crate) fn unescaped(text: &str) -> Vec<char> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if matches!(c, '&' | '<' | '\\')
            && let Some((escape, plain)) = ESCAPED.iter().find(|(escape, _)| rest.starts_with(escape))
        {
            out.push(*plain);
            out.extend(std::iter::repeat_n('\0', escape.len() - 1));
            rest = &rest[escape.len()..];
            continue;
        }
        out.push(match c {
            '\u{2019}' | '\u{2018}' => '\'',
            '\u{201c}' | '\u{201d}' => '"',
            c => c,
        });
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// A character in small letters without accents; nothing for marks and for what is not seen.
fn fold(c: char, mut push: impl FnMut(char)) {
    if c.is_ascii() {
        if !c.is_ascii_control() {
            push(c.to_ascii_lowercase());
        }
        return;
    }
    for d in c.to_lowercase().nfkd() {
        if !is_combining_mark(d) && !d.is_control() && !is_unseen(d) {
            d.to_lowercase().for_each(&mut push);
        }
    }
}

/// Joiners and marks of direction.
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}'
        | '\u{E0001}'..='\u{E007F}' | '\u{0600}'..='\u{0605}' | '\u{061C}')
}
