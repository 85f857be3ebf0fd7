//! Reads a text into pieces of a unigram vocabulary, exactly as `training/second/unigram.py` does for training: the split of a word
//! whose pieces' scores sum highest, capitals and accents kept, names and links as one sign each. It knows no meaning.

use std::collections::HashMap;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::pieces::{Piece, end, is_name, is_unseen, link, unescaped};

/// Begins a piece that begins a word.
const WORD: char = '\u{2581}';
/// Characters of the longest piece.
const LONGEST_PIECE: usize = 16;
/// What an unknown character costs more than the rarest piece, in thousandths.
const UNKNOWN: i64 = 10_000;

/// A vocabulary of pieces with scores.
#[derive(Debug)]
pub struct Unigram<'a> {
    pieces: HashMap<&'a str, (u32, i64)>,
    marks: HashMap<&'a str, u32>,
    worst: i64,
    unknown: u32,
    user: u32,
    link: u32,
}

/// A stretch between spaces while it is read.
#[derive(Default)]
struct Word {
    letters: Vec<char>,
    places: Vec<u32>,
    /// Whether a space (or nothing) is before it.
    begins: bool,
}

/// Room for the search, used again for each word.
#[derive(Default)]
struct Search {
    text: String,
    /// Where each character begins, and the end.
    starts: Vec<usize>,
    /// Best score up to each character; where its last piece begins; the piece.
    best: Vec<Option<(i64, usize, u32)>>,
    found: Vec<(u32, usize)>,
}

impl<'a> Unigram<'a> {
    /// From a vocabulary on lines: a mark, or a piece, a tab and its score in thousandths. None where a mark is missing.
    pub fn new(vocabulary: &'a str) -> Option<Self> {
        let (mut pieces, mut marks) = (HashMap::new(), HashMap::new());
        for (number, line) in vocabulary.lines().enumerate() {
            match line.split_once('\t') {
                Some((piece, score)) => {
                    pieces.insert(piece, (number as u32, score.parse().ok()?)).map(|_| ())
                }
                None => marks.insert(line, number as u32).map(|_| ()),
            };
        }
        let worst = pieces.values().map(|(_, score)| *score).min()? - UNKNOWN;
        let mark = |name| marks.get(name).copied();
        let (unknown, user, link) = (mark("[UNK]")?, mark("[USER]")?, mark("[LINK]")?);
        Some(Self { pieces, marks, worst, unknown, user, link })
    }

    /// Number of a mark such as `[CLS]`.
    pub fn mark(&self, name: &str) -> Option<u32> {
        self.marks.get(name).copied()
    }

    /// The pieces of a text, at most `most`.
    pub fn read(&self, text: &str, most: usize) -> Vec<Piece> {
        let characters = unescaped(text);
        let mut out = Vec::new();
        let mut word = Word { begins: true, ..Word::default() };
        let mut search = Search::default();
        let mut at = 0;
        while at < characters.len() && out.len() < most {
            let c = characters[at];
            let mark = if c == '@' && characters.get(at + 1).is_some_and(|c| is_name(*c)) {
                Some((self.user, end(&characters, at + 1, is_name)))
            } else {
                link(&characters, at).map(|after| (self.link, after))
            };
            if mark.is_some() || c.is_whitespace() {
                self.split(&mut word, &mut search, &mut out);
                word.begins = mark.is_none();
                let (number, after) = mark.unwrap_or((0, at + 1));
                if mark.is_some() {
                    out.push(Piece { number, place: at as u32 });
                }
                at = after;
                continue;
            }
            let after = end(&characters, at + 1, is_combining_mark);
            let mut push = |d: char| {
                let stretched = d.is_alphabetic() && word.letters.ends_with(&[d, d]);
                if !d.is_control() && !is_unseen(d) && !is_shade(d) && !d.is_whitespace() && !stretched {
                    word.letters.push(d);
                    word.places.push(at as u32);
                }
            };
            match &characters[at..after] {
                [c] if c.is_ascii() => push(*c),
                cluster => cluster.iter().copied().nfkc().for_each(push),
            }
            at = after;
        }
        self.split(&mut word, &mut search, &mut out);
        out.truncate(most);
        out
    }

    /// Splits what was read of a word, and empties it.
    fn split(&self, word: &mut Word, search: &mut Search, out: &mut Vec<Piece>) {
        if word.letters.is_empty() {
            return;
        }
        let loud = word.letters.iter().filter(|c| c.is_uppercase()).count() >= 4
            && !word.letters.iter().any(|c| c.is_lowercase());
        search.text.clear();
        search.starts.clear();
        for c in word.begins.then_some(WORD).into_iter().chain(word.letters.iter().copied()) {
            search.starts.push(search.text.len());
            let mut low = c.to_lowercase();
            search.text.push(match (loud, low.next(), low.next()) {
                (true, Some(low), None) => low,
                _ => c,
            });
        }
        search.starts.push(search.text.len());
        self.search(search);
        let before = usize::from(word.begins);
        let mut last = None;
        for &(number, first) in search.found.iter().rev() {
            // Unknown characters in a row are one piece.
            if number != self.unknown || last != Some(number) {
                out.push(Piece { number, place: word.places[first.saturating_sub(before)] });
            }
            last = Some(number);
        }
        word.letters.clear();
        word.places.clear();
    }

    /// The best split of the text, its pieces from the last to the first. Of equals the first found, as in training.
    fn search(&self, Search { text, starts, best, found }: &mut Search) {
        let count = starts.len() - 1;
        best.clear();
        best.resize(count + 1, None);
        best[0] = Some((0, 0, 0));
        for from in 0..count {
            let Some((so_far, ..)) = best[from] else { continue };
            for to in from + 1..=count.min(from + LONGEST_PIECE) {
                let (score, number) = match self.pieces.get(&text[starts[from]..starts[to]]) {
                    Some((number, score)) => (so_far + score, *number),
                    None if to == from + 1 => (so_far + self.worst, self.unknown),
                    None => continue,
                };
                if best[to].is_none_or(|(other, ..)| score > other) {
                    best[to] = Some((score, from, number));
                }
            }
        }
        found.clear();
        let mut at = count;
        while at > 0 {
            let Some((_, from, number)) = best[at] else { break };
            found.push((number, from));
            at = from;
        }
    }
}

/// Marks of how a sign is to be drawn: its variant, its colour of skin.
fn is_shade(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}
