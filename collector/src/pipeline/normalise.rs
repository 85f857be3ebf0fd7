//! One form for what platforms write in many: trimmed, composed (NFC), without control characters, empty as absent.
//! It changes no meaning and invents nothing.

use chrono::TimeDelta;
use goodword_shared::{Author, Mention, Time};
use unicode_normalization::UnicodeNormalization;

/// Characters of a text that are kept. Longer ones are whole books or attacks.
const LONGEST_TEXT: usize = 100_000;
/// Characters of names, titles and addresses that are kept.
const LONGEST_LINE: usize = 2_000;

/// The mention in its one form. `now` unmasks dates in the future: they count as unknown.
pub fn normalise(mut mention: Mention, now: Time) -> Mention {
    mention.external_id = mention.external_id.as_deref().and_then(line);
    mention.url = mention.url.as_deref().and_then(line);
    mention.author = author(mention.author);
    mention.rating = mention.rating.filter(|r| r.value.is_finite() && r.best.is_finite() && r.best > 0.0);
    mention.title = mention.title.as_deref().and_then(line);
    mention.text = text(&mention.text);
    mention.language = mention.language.as_deref().and_then(line);
    // A day of grace: dates without a clock and clocks that are wrong.
    if mention.published_at.is_some_and(|at| at > now + TimeDelta::days(1)) {
        mention.published_at = None;
        mention.published_precision = None;
    }
    mention.reply = mention.reply.and_then(|mut reply| {
        reply.text = text(&reply.text);
        reply.author = reply.author.as_deref().and_then(line);
        (!reply.text.is_empty()).then_some(reply)
    });
    mention.order_id = mention.order_id.as_deref().and_then(line);
    if mention.deleted {
        mention.title = None;
        mention.text.clear();
    }
    mention
}

fn author(author: Author) -> Author {
    Author {
        name: author.name.as_deref().and_then(line),
        handle: author.handle.as_deref().and_then(|h| line(h.trim_start_matches(['@', ' ']))),
        id: author.id.as_deref().and_then(line),
        url: author.url.as_deref().and_then(line),
        followers: author.followers,
        location: author.location.as_deref().and_then(line),
        email: author.email.as_deref().and_then(line),
    }
}

/// Several lines: line breaks survive, empty lines one at a time, nothing at the ends of lines.
fn text(raw: &str) -> String {
    let broken = raw.replace("\r\n", "\n");
    let clean: String = broken
        .chars()
        .map(|c| match c {
            '\r' | '\u{2028}' | '\u{2029}' => '\n',
            '\t' => ' ',
            c => c,
        })
        .filter(|c| *c == '\n' || !unseen(*c))
        .nfc()
        .take(LONGEST_TEXT)
        .collect();
    let mut out = String::with_capacity(clean.len());
    let mut empty = 0;
    for line in clean.trim().split('\n').map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(line);
        }
    }
    out
}

/// One line; none where nothing is left.
fn line(raw: &str) -> Option<String> {
    let composed: String = raw
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !unseen(*c))
        .nfc()
        .take(LONGEST_LINE)
        .collect();
    let out = composed.trim();
    (!out.is_empty()).then(|| out.to_owned())
}

/// Control characters, byte-order marks, and marks that turn the direction of writing and so can disguise a text.
/// Joiners stay: emoji and some scripts need them.
fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFF9}'..='\u{FFFB}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Time {
        "2026-05-01T12:00:00Z".parse().expect("a time")
    }

    #[test]
    fn texts_have_one_form() {
        let raw = Mention {
            text: " Cafe\u{301}\u{0} was\r\n\r\n\r\n\r\nlovely \u{202E}!\u{FEFF} ".into(),
            title: Some(" \t ".into()),
            author: Author { handle: Some("@ada".into()), name: Some("Ada\nK.".into()), ..Author::default() },
            published_at: Some("2031-01-01T00:00:00Z".parse().expect("a time")),
            ..Mention::default()
        };
        let mention = normalise(raw, now());
        assert_eq!(mention.text, "Café was\n\nlovely !");
        assert_eq!(mention.title, None);
        assert_eq!(mention.author.handle.as_deref(), Some("ada"));
        assert_eq!(mention.author.name.as_deref(), Some("Ada K."));
        assert_eq!(mention.published_at, None);
    }

    #[test]
    fn normalising_twice_is_normalising_once() {
        let raw = Mention { text: "a \n \n \n b\u{200B}\r\rc\td ".into(), ..Mention::default() };
        let once = normalise(raw, now());
        assert_eq!(normalise(once.clone(), now()), once);
    }
}
