//! A text cut into words, numbers and signs, made comparable: digits of every script as the usual ones, letters in Latin script,
//! signs that stand for a syllable or a word each for itself. It knows no meaning.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::identity::names;

/// Letters of a text that are read.
const READ: usize = 6000;
/// Pieces of a text that are kept.
const KEPT: usize = 2500;
/// Letters of a word that are compared.
const LETTERS: usize = 60;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters.
    Word,
    /// One sign of a script that is written without blanks.
    Sign,
    /// Digits.
    Number,
    /// Anything else but blanks.
    Mark,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// As it is compared.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// A blank stands before it.
    pub gap: bool,
    /// It begins with a capital letter.
    pub capital: bool,
    /// It begins a sentence.
    pub opens: bool,
    /// It is written in plain Latin letters.
    pub plain: bool,
}

impl Token {
    /// A word or a sign.
    pub fn is_word(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Sign)
    }

    /// Whether it is this mark.
    pub fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark && self.text.starts_with(mark)
    }

    /// The number, where it is one of at most nine digits.
    pub fn number(&self) -> Option<i32> {
        (self.kind == Kind::Number && self.text.len() <= 9).then(|| self.text.parse().ok()).flatten()
    }
}

/// Cuts a text. Only the beginning of a long one is read.
pub fn cut(text: &str) -> Vec<Token> {
    let mut out = Cut { opens: true, ..Cut::default() };
    for c in text.chars().take(READ).nfc() {
        if out.tokens.len() >= KEPT {
            break;
        }
        if is_unseen(c) {
        } else if c.is_whitespace() {
            out.flush();
            out.gap = true;
            out.opens |= c == '\n';
        } else if let Some(digit) = digit(c) {
            out.add(Kind::Number, digit);
        } else if names::is_sign(c) {
            out.flush();
            out.add(Kind::Sign, c);
            out.flush();
        } else if is_combining_mark(c) && out.kind == Some(Kind::Word) {
            out.word.push(c);
        } else if c.is_alphabetic() {
            out.add(Kind::Word, c);
        } else if !is_combining_mark(c) {
            out.flush();
            out.add(Kind::Mark, c);
            out.flush();
        }
    }
    out.flush();
    out.tokens
}

#[derive(Default)]
struct Cut {
    tokens: Vec<Token>,
    word: String,
    kind: Option<Kind>,
    gap: bool,
    opens: bool,
}

impl Cut {
    fn add(&mut self, kind: Kind, c: char) {
        if self.kind != Some(kind) {
            self.flush();
            self.kind = Some(kind);
        }
        self.word.push(c);
    }

    fn flush(&mut self) {
        let Some(kind) = self.kind.take() else { return };
        let raw = std::mem::take(&mut self.word);
        let text = match kind {
            Kind::Word => comparable(&raw),
            Kind::Sign | Kind::Number | Kind::Mark => raw.clone(),
        };
        if text.is_empty() {
            return;
        }
        let capital = raw.starts_with(char::is_uppercase);
        let stop = kind == Kind::Mark && raw.starts_with(['.', '!', '?', '。', '！', '？', '…']);
        let opens = self.opens && kind != Kind::Mark;
        self.opens = stop || (self.opens && kind == Kind::Mark);
        self.tokens.push(Token { text, kind, gap: self.gap, capital, opens, plain: raw.is_ascii() });
        self.gap = false;
    }
}

/// Signs that steer how a text is shown, or join letters.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{640}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}')
}

fn digit(c: char) -> Option<char> {
    if c.is_ascii() {
        return c.is_ascii_digit().then_some(c);
    }
    // Digits of other scripts come in tens; figures in circles and fractions are none.
    let zeros = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xe50, 0xff10];
    let value = zeros.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|v| *v < 10))?;
    char::from_digit(value, 10)
}

fn comparable(word: &str) -> String {
    if word.chars().next().is_some_and(|c| matches!(u32::from(c), 0x600..=0x6ff)) {
        return arabic(word);
    }
    let mut plain = names::latin(word);
    if !word.is_ascii() {
        plain.retain(|c| c.is_ascii_alphanumeric());
    }
    plain.truncate(LETTERS);
    plain
}

/// An Arabic word without its article and vowel signs, letters that are often mixed up as one.
fn arabic(word: &str) -> String {
    let plain: String = word
        .chars()
        .filter(|c| !is_combining_mark(*c))
        .take(LETTERS / 2)
        .map(|c| match c {
            'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
            'ة' => 'ه',
            'ى' => 'ي',
            'ی' => 'ي',
            'ک' => 'ك',
            c => c,
        })
        .collect();
    // Words that only look as if they had the article, or mean something else without it: today, my mother.
    if matches!(plain.as_str(), "اليوم" | "والدتي" | "والدي" | "والده") {
        return plain;
    }
    let bare = ["وال", "بال", "كال", "فال", "لل", "ال"]
        .into_iter()
        .find_map(|article| plain.strip_prefix(article).filter(|rest| rest.chars().count() >= 3));
    bare.map(str::to_owned).unwrap_or(plain)
}

/// Endings that words change with number and case, longest first: by how long a word must be, and how many letters must remain.
const ENDINGS: [(&[&str], usize); 2] = [
    (
        &[
            "sinda", "sinin", "sini", "sina", "lari", "leri", "ami", "ach", "ego", "emu", "ymi", "imi",
            "aia", "uiu", "oie", "ykh", "ogo", "omu", "lar", "ler",
        ],
        4,
    ),
    (
        &[
            "en", "es", "er", "em", "as", "os", "ow", "om", "ie", "ej", "ia", "oi", "yi", "iu", "ov", "ei",
            "ym", "im", "si", "su", "yu", "yi", "ek", "ux", "ej", "in",
        ],
        4,
    ),
];

/// A word without the ending that number and case give it, roughly: "lamps", "Lampen", "lampy" → "lamp".
pub fn stem(word: &str) -> &str {
    if !word.is_ascii() || word.len() < 4 || word.bytes().any(|b| b.is_ascii_digit()) {
        return word;
    }
    let mut bare = word;
    for (endings, least) in ENDINGS {
        let found = endings.iter().find_map(|end| bare.strip_suffix(end)).filter(|rest| rest.len() >= least);
        if let Some(rest) = found {
            bare = rest;
            break;
        }
    }
    if bare == word && !word.ends_with("ss") {
        bare = word.strip_suffix('s').filter(|rest| rest.len() >= 3).unwrap_or(word);
    }
    if bare.len() >= 4 {
        bare = bare.strip_suffix(['a', 'e', 'i', 'o', 'u', 'y']).unwrap_or(bare);
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_signs_are_told_apart() {
        let texts = |text: &str| cut(text).into_iter().map(|t| t.text).collect::<Vec<_>>().join(" ");
        assert_eq!(texts("Order #A-1042, Москва: ٤٢٫٥"), "order # a - 1042 , moskva : 42 ٫ 5");
        assert_eq!(texts("3月3日 e\u{301}te\u{301} ３"), "3 月 3 日 ete 3");
        assert_eq!(texts("بالطاولة الجميلة"), "طاوله جميله");
    }

    #[test]
    fn forms_of_one_word_meet() {
        for forms in [
            &["lamp", "lamps", "lampe", "lampen", "lampy", "lampa"][..],
            &["regal", "regale", "regalen"],
            &["mesa", "mesas"],
            &["sillon", "sillones"],
            &["box", "boxes"],
            &["sadovaia", "sadovoi", "sadovuiu"],
        ] {
            assert!(forms.iter().all(|form| stem(form) == stem(forms[0])), "{forms:?}");
        }
        assert_ne!(stem("chain"), stem("chair"));
    }
}
