//! Cuts a text into words, numbers, marks, emoji and links, each with its place in the text. It knows no word's meaning.

use super::fold::{fold_char, is_dropped, is_word};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Letters, with digits among them or not.
    Word,
    /// Digits.
    Number,
    /// Ends a sentence: . ! ? and their like, a line break.
    Stop,
    /// Ends a clause: , ; : and brackets.
    Pause,
    /// An emoji or emoticon.
    Sign,
    /// A web address.
    Link,
    /// @somebody.
    Person,
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// First character in the text.
    pub start: u32,
    /// One past its last character.
    pub end: u32,
    /// Where its folded form begins in the buffer, in bytes.
    pub(super) at: u32,
    /// One past the end of its folded form.
    pub(super) to: u32,
    /// What it is.
    pub class: Class,
    /// Written in capitals, at least two letters.
    pub shout: bool,
    /// Drawn out ("soooo").
    pub stretched: bool,
}

/// A text in tokens.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    folded: String,
    list: Vec<Token>,
}

/// Emoticons, longest first, so that ":-))" is not read as ":-)".
const EMOTICONS: [&str; 45] = [
    ">:-(", ":-))", ">:(", ":-)", ":-(", ":-D", ":-/", ":-|", ":-P", ":-*", ":'(", ":,(", ";-)", ";-(",
    "</3", ":))", ":((", ":)", ":(", ":D", ":/", ":\\", ":|", ":P", ":p", ":*", ":3", ";)", ";(", ";D", "=)",
    "=(", "=D", "=/", "(:", "):", "D:", "<3", "xD", "XD", "^^", "8)", ":]", ":[", ":o",
];

/// Texts are read up to here; what follows changes no verdict and would only cost time.
const MOST_CHARACTERS: usize = 20_000;

impl Tokens {
    /// Reads a text.
    pub fn read(text: &str) -> Self {
        Reader::new(text).run()
    }

    /// The tokens, in order.
    pub fn list(&self) -> &[Token] {
        &self.list
    }

    /// The folded form of a token: lower case, no accents, no more than two of a letter in a row.
    pub fn folded(&self, token: &Token) -> &str {
        &self.folded[token.at as usize..token.to as usize]
    }

    /// The folded form of the token at `i`.
    pub fn word(&self, i: usize) -> &str {
        self.folded(&self.list[i])
    }
}

struct Reader<'a> {
    text: &'a str,
    /// Byte offset and character offset of what comes next.
    byte: usize,
    place: u32,
    out: Tokens,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let end = if text.len() > MOST_CHARACTERS { text.char_indices().nth(MOST_CHARACTERS) } else { None };
        let text = end.map_or(text, |(end, _)| &text[..end]);
        let out = Tokens {
            folded: String::with_capacity(text.len()),
            list: Vec::with_capacity(text.len() / 5 + 4),
        };
        Self { text, byte: 0, place: 0, out }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.byte..]
    }

    fn run(mut self) -> Tokens {
        while let Some(c) = self.rest().chars().next() {
            if c == ' ' {
                self.byte += 1;
                self.place += 1;
            } else if is_dropped(c) {
                self.skip(1);
            } else if c.is_alphanumeric() {
                self.word(c);
            } else {
                self.other(c);
            }
        }
        self.out
    }

    /// Moves on by that many characters.
    fn skip(&mut self, characters: usize) {
        for c in self.rest().chars().take(characters) {
            self.byte += c.len_utf8();
            self.place += 1;
        }
    }

    fn push(&mut self, start: u32, at: usize, class: Class) -> &mut Token {
        let token = Token {
            start,
            end: self.place,
            at: at as u32,
            to: self.out.folded.len() as u32,
            class,
            shout: false,
            stretched: false,
        };
        self.out.list.push(token);
        let last = self.out.list.len() - 1;
        &mut self.out.list[last]
    }

    /// A token whose folded form is the given string.
    fn sign(&mut self, characters: usize, class: Class, folded: &str) {
        let (start, at) = (self.place, self.out.folded.len());
        self.out.folded.push_str(folded);
        self.skip(characters);
        self.push(start, at, class);
    }

    fn other(&mut self, c: char) {
        let rest = self.rest();
        match c {
            '<' if is_tag(rest, "br") || is_tag(rest, "p") => {
                let length = rest.chars().take_while(|&c| c != '>').count() + 1;
                self.sign(length, Class::Stop, "\n");
            }
            '@' if rest[1..].starts_with(|c: char| c.is_alphanumeric() || c == '_') => {
                let length = 1 + rest[1..].chars().take_while(|&c| is_word(c) || c == '_').count();
                self.sign(length, Class::Person, "@");
            }
            _ => {
                if matches!(c, ':' | ';' | '=' | '<' | '>' | '(' | ')' | '^')
                    && let Some(found) = EMOTICONS.iter().find(|e| rest.starts_with(**e))
                {
                    // "http://" and "(see:" are no faces.
                    let next = rest[found.len()..].chars().next();
                    if !next.is_some_and(|n| n.is_alphanumeric() || n == '/') {
                        return self.sign(found.chars().count(), Class::Sign, found);
                    }
                }
                match c {
                    '.' | '!' | '?' | '…' | '\n' | '。' | '！' | '？' | '।' | '؟' | '|' => {
                        let mut buffer = [0; 4];
                        let mark = match c {
                            '！' => "!",
                            '？' | '؟' => "?",
                            '。' | '।' => ".",
                            c => c.encode_utf8(&mut buffer),
                        };
                        self.sign(1, Class::Stop, mark);
                    }
                    ',' | ';' | ':' | '(' | ')' | '[' | ']' | '–' | '—' | '，' | '；' | '：' | '、' | '،' =>
                    {
                        self.sign(1, Class::Pause, ",");
                    }
                    c if is_emoji(c) => {
                        let mut buffer = [0; 4];
                        self.sign(1, Class::Sign, c.encode_utf8(&mut buffer));
                    }
                    _ => self.skip(1),
                }
            }
        }
    }

    fn word(&mut self, first: char) {
        let rest = self.rest();
        let begins = |with: &str| rest.get(..with.len()).is_some_and(|r| r.eq_ignore_ascii_case(with));
        if (first == 'h' || first == 'H' || first == 'w' || first == 'W')
            && (rest.len() == 4 || !rest[1..].starts_with(' '))
            && (begins("http://") || begins("https://") || begins("www."))
        {
            let length = rest.chars().take_while(|c| !c.is_whitespace()).count();
            return self.sign(length, Class::Link, "http");
        }
        if matches!(first, 'x' | 'X' | 'D')
            && let Some(face) = ["xD", "XD", "D:"].into_iter().find(|f| rest.starts_with(f))
            && !rest[2..].starts_with(is_word)
        {
            return self.sign(2, Class::Sign, face);
        }
        if first == '8'
            && (rest.starts_with("8)") || rest.starts_with("8-)"))
            && self.out.list.last().is_none_or(|t| t.end < self.place)
        {
            return self.sign(if rest.starts_with("8)") { 2 } else { 3 }, Class::Sign, "8)");
        }
        self.plain_word(rest);
    }

    /// Letters and digits up to the next break. Of "it's" the "it" counts; "don't" is one word; "l'accueil" is two.
    fn plain_word(&mut self, rest: &'a str) {
        let (start, at) = (self.place, self.out.folded.len());
        let (mut capitals, mut letters, mut digits, mut run) = (0u32, 0u32, 0u32, 0u32);
        let mut stretched = false;
        let mut previous = '\0';
        let (mut bytes, mut count) = (0usize, 0u32);
        while let Some(c) = character(rest, bytes) {
            if !is_word(c) {
                break;
            }
            // Scripts without spaces: a token per character, n-grams do the rest.
            if !c.is_ascii() && is_unspaced(c) && count > 0 && !is_unspaced(previous) {
                break;
            }
            letters += u32::from(c.is_alphabetic());
            capitals += u32::from(c.is_uppercase());
            digits += u32::from(c.is_ascii_digit());
            run = if c == previous { run + 1 } else { 0 };
            if run < 2 || c.is_ascii_digit() {
                fold_char(c, &mut self.out.folded);
            } else {
                stretched = true;
            }
            previous = c;
            bytes += c.len_utf8();
            count += 1;
            // A decimal number stays in one piece.
            if digits == count
                && let Some(mark @ ('.' | ',' | '/')) = character(rest, bytes)
                && rest[bytes + 1..].starts_with(|c: char| c.is_ascii_digit())
            {
                self.out.folded.push(mark);
                bytes += 1;
                count += 1;
                digits += 1;
            }
        }
        self.byte += bytes;
        self.place += count;
        let class = if letters == 0 && digits > 0 { Class::Number } else { Class::Word };
        if class == Class::Word {
            self.apostrophe(at);
        }
        let shout = letters >= 2 && capitals == letters;
        let token = self.push(start, at, class);
        token.shout = shout;
        token.stretched = stretched;
    }

    /// After a word: an apostrophe that belongs to it.
    fn apostrophe(&mut self, at: usize) {
        let rest = self.rest();
        let mut characters = rest.chars();
        let Some('\'' | '’' | 'ʼ' | '´' | '`') = characters.next() else { return };
        let mut after = ['\0'; 4];
        for (slot, c) in after.iter_mut().zip(characters.take_while(|&c| is_word(c))) {
            *slot = c.to_ascii_lowercase();
        }
        let capital = rest.chars().nth(1) == Some('M');
        match after {
            ['t', '\0', ..] => {
                self.out.folded.push('t');
                self.skip(2);
            }
            ['s' | 'd' | 'm', '\0', ..]
                if self.out.folded.len() - at > 1 || (after[0] == 'm' && !capital) =>
            {
                self.skip(2);
            }
            ['r', 'e', '\0', _] | ['v', 'e', '\0', _] | ['l', 'l', '\0', _] => self.skip(3),
            _ => {}
        }
    }
}

/// The character at that byte.
#[inline]
fn character(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at) {
        Some(&byte) if byte.is_ascii() => Some(byte as char),
        _ => text.get(at..)?.chars().next(),
    }
}

fn is_tag(rest: &str, name: &str) -> bool {
    let body = rest[1..].trim_start_matches('/');
    body.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name))
        && body[name.len()..].starts_with([' ', '/', '>'])
        && rest.bytes().take(24).any(|b| b == b'>')
}

/// Pictures: dingbats, symbols and the emoji planes.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}' | '\u{2300}'..='\u{23FF}')
}

/// Scripts that put no spaces between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FFFF}')
}
