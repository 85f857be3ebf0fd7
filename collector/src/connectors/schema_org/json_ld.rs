//! JSON-LD blocks: found by looking for their type without taking the page apart, read also where they are not quite JSON.

use memchr::{memchr, memmem, memrchr};
use serde_json::Value;

/// The insides of a page's JSON-LD scripts, in document order.
pub fn scripts(page: &str) -> impl Iterator<Item = &str> {
    let finder = memmem::Finder::new(b"ld+json");
    let bytes = page.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let found = at + finder.find(bytes.get(at..)?)?;
            at = found + 7;
            let near = found.saturating_sub(400);
            let Some(open) = memrchr(b'<', &bytes[near..found]).map(|i| near + i) else { continue };
            if !bytes[open..].get(..7).is_some_and(|t| t.eq_ignore_ascii_case(b"<script"))
                || commented(bytes, open)
            {
                continue;
            }
            let Some(start) = memchr(b'>', &bytes[at..]).map(|i| at + i + 1) else { continue };
            let end = script_end(bytes, start);
            at = end;
            return Some(&page[start..end]);
        }
    })
}

fn script_end(bytes: &[u8], start: usize) -> usize {
    let mut from = start;
    while let Some(found) = memmem::find(&bytes[from..], b"</") {
        let end = from + found;
        if bytes[end + 2..].get(..6).is_some_and(|t| t.eq_ignore_ascii_case(b"script")) {
            return end;
        }
        from = end + 2;
    }
    bytes.len()
}

/// Whether a place lies inside an HTML comment. Comments further back than this are taken as closed.
fn commented(bytes: &[u8], at: usize) -> bool {
    let near = &bytes[at.saturating_sub(4_000)..at];
    memmem::rfind(near, b"<!--").is_some_and(|open| memmem::find(&near[open..], b"-->").is_none())
}

/// The values of a block, and whether all of it could be read. Strict first; where that fails, what authors commonly get wrong
/// is put right: comments, line breaks inside strings, commas too many, several values one after the other.
pub fn parse(script: &str) -> (Vec<Value>, bool) {
    let text = unwrapped(script);
    if text.is_empty() {
        return (Vec::new(), true);
    }
    if let Ok(value) = serde_json::from_str(text) {
        return (vec![value], true);
    }
    let repaired = repair(text);
    let mut values = Vec::new();
    let mut stream = serde_json::Deserializer::from_str(&repaired).into_iter::<Value>();
    loop {
        match stream.next() {
            Some(Ok(value)) => values.push(value),
            Some(Err(_)) => {
                let rest = repaired[stream.byte_offset()..].trim();
                // An empty list or statement end after a value is no loss.
                return (values, rest.trim_matches([';', ',', ' ', '\n']).is_empty());
            }
            None => return (values, true),
        }
    }
}

/// Without the comment or CDATA marks that some put around a script's inside.
fn unwrapped(script: &str) -> &str {
    let mut text = script.trim();
    for mark in ["//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[", "// <![CDATA[", "<!--"] {
        text = text.strip_prefix(mark).unwrap_or(text).trim_start();
    }
    for mark in ["//]]>", "/*]]>*/", "]]>", "// ]]>", "-->", ";"] {
        text = text.strip_suffix(mark).unwrap_or(text).trim_end();
    }
    text
}

fn repair(text: &str) -> String {
    // Escaped for HTML as a whole: no real quotation mark in it.
    let decoded;
    let text = if text.contains("&quot;") && !text.contains('"') {
        decoded = crate::reading::plain::entities(text).into_owned();
        &decoded
    } else {
        text
    };
    let mut out = String::with_capacity(text.len() + 64);
    let mut chars = text.chars().peekable();
    let mut inside = false;
    while let Some(c) = chars.next() {
        if inside {
            match c {
                '"' => {
                    // A quotation mark that no comma, colon or bracket follows belongs to the text.
                    let next = chars.clone().find(|c| !c.is_whitespace());
                    if matches!(next, None | Some(',' | ':' | '}' | ']' | '/')) {
                        inside = false;
                        out.push('"');
                    } else {
                        out.push_str("\\\"");
                    }
                }
                '\\' => match chars.next() {
                    Some(e @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => out.extend(['\\', e]),
                    Some('u') if chars.clone().take(4).filter(char::is_ascii_hexdigit).count() == 4 => {
                        out.push_str("\\u")
                    }
                    Some(other) => out.push(other),
                    None => {}
                },
                '\n' => out.push_str("\\n"),
                '\r' => {}
                '\t' => out.push_str("\\t"),
                c if c.is_control() => {}
                c => out.push(c),
            }
            continue;
        }
        match c {
            '"' => {
                inside = true;
                out.push(c);
            }
            '/' if chars.peek() == Some(&'/') => {
                for c in chars.by_ref() {
                    if c == '\n' {
                        break;
                    }
                }
            }
            '/' if chars.peek() == Some(&'*') => {
                let mut last = ' ';
                for c in chars.by_ref().skip(1) {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            '}' | ']' => {
                // A comma before the end.
                let kept = out.trim_end().trim_end_matches(',').len();
                out.truncate(kept);
                out.push(c);
            }
            ',' => {
                // Two commas in a row, or one at the start. White space before a comma says nothing, and would be looked
                // through again for every comma that is left out.
                out.truncate(out.trim_end().len());
                if !out.ends_with([',', '[', '{']) {
                    out.push(c);
                }
            }
            c if c.is_control() && !c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}
