//! Markup to plain text: tags gone, entities decoded once, paragraphs and line breaks kept. It knows no platform.

use std::borrow::Cow;

use memchr::memchr;

use super::markup::{self, Token};

/// Collects plain text from tags and text in the order of a document.
#[derive(Debug, Default)]
pub struct Plain {
    out: String,
    /// Line ends that are due before the next text: 0, 1 or 2.
    breaks: u8,
    /// A space is due before the next text.
    space: bool,
    /// Depth inside `<pre>`.
    preformatted: u32,
    /// The element whose inside is left out, and how deep it is nested in itself.
    skipping: Option<(String, u32)>,
}

impl Plain {
    /// A start tag.
    pub fn open(&mut self, name: &str, closed: bool) {
        if let Some((skipped, depth)) = &mut self.skipping {
            *depth += u32::from(!closed && skipped.eq_ignore_ascii_case(name));
            return;
        }
        match element(name) {
            Element::Silent if !closed => self.skipping = Some((name.to_owned(), 1)),
            Element::Break => self.breaks = (self.breaks + 1).min(2),
            Element::Paragraph => self.breaks = 2,
            Element::Line => self.breaks = self.breaks.max(1),
            Element::Cell => self.space = true,
            Element::Silent | Element::Inline => {}
        }
        self.preformatted += u32::from(!closed && name.eq_ignore_ascii_case("pre"));
    }

    /// An end tag.
    pub fn close(&mut self, name: &str) {
        if let Some((skipped, depth)) = &mut self.skipping {
            if skipped.eq_ignore_ascii_case(name) {
                *depth -= 1;
                if *depth == 0 {
                    self.skipping = None;
                }
            }
            return;
        }
        match element(name) {
            Element::Paragraph => self.breaks = 2,
            Element::Line => self.breaks = self.breaks.max(1),
            Element::Cell => self.space = true,
            Element::Break | Element::Silent | Element::Inline => {}
        }
        if name.eq_ignore_ascii_case("pre") {
            self.preformatted = self.preformatted.saturating_sub(1);
        }
    }

    /// Text as written, entities and all.
    pub fn text(&mut self, text: &str) {
        if self.skipping.is_none() {
            self.decoded(&entities(text));
        }
    }

    /// Text without entities.
    pub fn raw(&mut self, text: &str) {
        if self.skipping.is_none() {
            self.decoded(text);
        }
    }

    fn decoded(&mut self, text: &str) {
        if self.preformatted > 0 {
            self.due();
            self.out.push_str(&text.replace("\r\n", "\n"));
            return;
        }
        if text.starts_with(is_space) {
            self.space = true;
        }
        for word in text.split(is_space).filter(|w| !w.is_empty()) {
            self.due();
            self.out.push_str(word);
            self.space = true;
        }
        self.space = text.ends_with(is_space) || (self.space && text.trim_matches(is_space).is_empty());
    }

    /// Writes the line ends or the space that are due.
    fn due(&mut self) {
        if !self.out.is_empty() {
            match self.breaks {
                0 if self.space && !self.out.ends_with(['\n', ' ']) => self.out.push(' '),
                0 => {}
                n => self.out.extend(std::iter::repeat_n('\n', usize::from(n))),
            }
        }
        self.breaks = 0;
        self.space = false;
    }

    /// The text, without white space at its ends or at the ends of lines.
    pub fn finish(self) -> String {
        tidy(&self.out)
    }
}

/// White space that may be folded: all but line separators of its own kind, with the no-break space.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}

enum Element {
    Inline,
    Break,
    Line,
    Paragraph,
    Cell,
    Silent,
}

fn element(name: &str) -> Element {
    // XHTML inside a feed may carry its namespace.
    let name = ["xhtml:", "xh:", "html:", "h:"].iter().find_map(|p| name.strip_prefix(p)).unwrap_or(name);
    let mut lower = [0u8; 12];
    let Some(lower) = lower.get_mut(..name.len()) else { return Element::Inline };
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    match &*lower {
        b"br" => Element::Break,
        b"p" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"ul" | b"ol" | b"dl" | b"table"
        | b"blockquote" | b"pre" | b"figure" | b"hr" | b"section" | b"article" => Element::Paragraph,
        b"div" | b"li" | b"tr" | b"dt" | b"dd" | b"header" | b"footer" | b"aside" | b"main" | b"form"
        | b"center" | b"address" | b"figcaption" | b"details" | b"summary" | b"fieldset" | b"option"
        | b"body" | b"html" => Element::Line,
        b"td" | b"th" => Element::Cell,
        b"script" | b"style" | b"noscript" | b"template" | b"iframe" | b"object" | b"svg" | b"head" => {
            Element::Silent
        }
        _ => Element::Inline,
    }
}

/// Plain text of a piece of HTML.
pub fn from_html(html: &str) -> String {
    if !html.contains(['<', '&']) {
        let mut plain = Plain::default();
        plain.raw(html);
        return plain.finish();
    }
    let mut plain = Plain::default();
    for token in markup::html(html) {
        match token {
            Token::Open { name, closed, .. } => plain.open(name, closed),
            Token::Close { name } => plain.close(name),
            Token::Text(text) => plain.text(text),
            Token::Raw(text) => plain.raw(text),
        }
    }
    plain.finish()
}

/// Plain text of a string that may be HTML or may be plain already: line breaks are kept where there are no tags.
pub fn from_either(text: &str) -> String {
    if has_tags(text) { from_html(text) } else { tidy(&entities(text)) }
}

/// Whether a string holds something that looks like a tag.
pub fn has_tags(text: &str) -> bool {
    markup::html(text).any(|t| matches!(t, Token::Open { .. } | Token::Close { .. }))
}

/// Line ends as `\n`, no white space at the ends of lines, at most one empty line in a row.
pub fn tidy(text: &str) -> String {
    if memchr(b'\n', text.as_bytes()).is_none() {
        return text.trim().to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.split('\n') {
        let line = line.trim_end();
        empty = if line.trim().is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim().to_owned()
}

/// Decodes entities once. Numeric ones in the C1 range mean Windows-1252, as browsers read them; a few old names are
/// taken without their semicolon, as long as nothing speaks for an address.
pub fn entities(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while !rest.is_empty() {
        match entity(rest) {
            Some((decoded, length)) => {
                out.push_str(&decoded);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
        let next = memchr(b'&', rest.as_bytes()).unwrap_or(rest.len());
        out.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(out)
}

/// The entity at the start of `text` (which begins with `&`) and its length.
fn entity(text: &str) -> Option<(Cow<'_, str>, usize)> {
    let bytes = text.as_bytes();
    if bytes.get(1) == Some(&b'#') {
        let (digits, radix) = match bytes.get(2) {
            Some(b'x' | b'X') => (&text[3..], 16),
            _ => (&text[2..], 10),
        };
        let length = digits.bytes().take_while(|b| (*b as char).is_digit(radix)).count();
        let code = u32::from_str_radix(digits.get(..length)?, radix).ok()?;
        let mut end = text.len() - digits.len() + length;
        end += usize::from(bytes.get(end) == Some(&b';'));
        let character = match code {
            0x80..=0x9f => {
                let byte = [u8::try_from(code).ok()?];
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0.chars().next()?
            }
            0 => char::REPLACEMENT_CHARACTER,
            _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
        };
        return Some((Cow::Owned(character.to_string()), end));
    }
    let length = bytes[1..].iter().take(32).take_while(|b| b.is_ascii_alphanumeric()).count();
    if length == 0 {
        return None;
    }
    if bytes.get(1 + length) == Some(&b';') {
        let whole = &text[..length + 2];
        let decoded = html_escape::decode_html_entities(whole);
        return (decoded != whole).then_some((decoded, length + 2));
    }
    let character = match &text[1..=length] {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "nbsp" => "\u{a0}",
        _ => return None,
    };
    (bytes.get(1 + length) != Some(&b'=')).then_some((Cow::Borrowed(character), 1 + length))
}
