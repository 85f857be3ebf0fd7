//! JSON-LD blocks: found by looking for their type without taking the page apart, read also where they are not quite JSON.

use memchr::{memchr, memmem, memrchr};

use crate::reading::item::Item;

/// Values of a block that is not one value but several.
const VALUES: usize = 1_000;

/// The insides of a page's JSON-LD scripts, in document order.
pub fn scripts(page: &str) -> impl Iterator<Item = &str> {
    let bytes = page.as_bytes();
    // Some servers write the plus sign as an entity.
    let names = ["ld+json", "ld&#x2B;json", "ld&#43;json", "ld&#x2b;json", "LD+JSON"];
    let name =
        names.into_iter().find(|name| memmem::find(bytes, name.as_bytes()).is_some()).unwrap_or(names[0]);
    let finder = memmem::Finder::new(name.as_bytes()).into_owned();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let found = at + finder.find(bytes.get(at..)?)?;
            at = found + finder.needle().len();
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
pub fn parse(script: &str) -> (Vec<Item<'_>>, bool) {
    let text = unwrapped(script);
    if text.is_empty() {
        return (Vec::new(), true);
    }
    if let Ok(value) = serde_json::from_str(text) {
        return (vec![value], true);
    }
    let (repaired, whole) = repair(text);
    let mut values = Vec::new();
    let mut stream = serde_json::Deserializer::from_str(&repaired).into_iter::<Item<'_>>();
    loop {
        match stream.next() {
            Some(Ok(value)) if values.len() < VALUES => values.push(value.into_owned()),
            Some(Ok(_)) => return (values, false),
            Some(Err(_)) => {
                let rest = repaired[stream.byte_offset()..].trim();
                // An empty list or statement end after a value is no loss.
                return (values, whole && rest.trim_matches([';', ',', ' ', '\n']).is_empty());
            }
            None => return (values, whole),
        }
    }
}

/// Without the comment or CDATA marks that some put around a script's inside.
fn unwrapped(script: &str) -> &str {
    let mut text = script.trim().trim_start_matches('\u{feff}').trim_start();
    for mark in ["//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[", "// <![CDATA[", "<!--"] {
        text = text.strip_prefix(mark).unwrap_or(text).trim_start();
    }
    for mark in ["//]]>", "/*]]>*/", "]]>", "// ]]>", "-->", ";"] {
        text = text.strip_suffix(mark).unwrap_or(text).trim_end();
    }
    text
}

/// The same with what authors commonly get wrong put right, and whether it was there to its end: what is cut off inside a list
/// loses the list's last item.
fn repair(text: &str) -> (String, bool) {
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
    // The mark that ends the string that is open.
    let mut inside: Option<char> = None;
    // Brackets that are open, and where the last whole item of a list ended, with how many of them were open there.
    let mut open: Vec<char> = Vec::new();
    let mut complete: Option<(usize, usize)> = None;
    while let Some(c) = chars.next() {
        if let Some(mark) = inside {
            match c {
                c if c == mark => {
                    if ends_string(chars.clone()) {
                        inside = None;
                        out.push('"');
                    } else {
                        out.push_str(if c == '"' { "\\\"" } else { "'" });
                    }
                }
                '"' => out.push_str("\\\""),
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
            '"' | '\'' | '{' | '[' => {
                // A comma that was forgotten.
                if !open.is_empty() && out.trim_end().ends_with(['"', '}', ']']) {
                    out.push(',');
                }
                match c {
                    '{' => open.push('}'),
                    '[' => open.push(']'),
                    mark => inside = Some(mark),
                }
                out.push(if c == '\'' { '"' } else { c });
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
                without_value(&mut out);
                out.push(c);
                open.pop();
                if open.last() == Some(&']') || complete.is_some_and(|(_, depth)| depth > open.len()) {
                    complete = Some((out.len(), open.len()));
                }
            }
            ',' => {
                // Two commas in a row, or one at the start. White space before a comma says nothing, and would be looked
                // through again for every comma that is left out.
                out.truncate(out.trim_end().len());
                without_value(&mut out);
                if !out.ends_with([',', '[', '{']) {
                    out.push(c);
                }
            }
            c if c.is_ascii_alphabetic() && !out.ends_with(|o: char| o.is_ascii_digit() || o == '.') => {
                let mut word = String::from(c);
                while let Some(more) = chars.next_if(char::is_ascii_alphanumeric) {
                    word.push(more);
                }
                // "True", "None", "undefined", "NaN": other languages' words.
                out.push_str(match word.to_ascii_lowercase().as_str() {
                    "true" => "true",
                    "false" => "false",
                    _ => "null",
                });
            }
            c if c.is_control() && !c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    if open.is_empty() && inside.is_none() {
        return (out, true);
    }
    if let Some((end, depth)) = complete {
        out.truncate(end);
        out.extend(open[..depth].iter().rev());
    }
    (out, false)
}

/// Whether a quotation mark with this after it ends a string: one that no comma, colon or bracket follows belongs to the text,
/// unless the comma before the next name was forgotten.
fn ends_string(rest: std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let mut rest = rest.skip_while(|c| c.is_whitespace());
    match rest.next() {
        None | Some(',' | ':' | '}' | ']' | '/') => true,
        Some('"') => {
            let mut rest =
                rest.skip_while(|c| c.is_ascii_alphanumeric() || matches!(c, '@' | '_' | '-')).take(20);
            rest.next() == Some('"') && rest.find(|c| !c.is_whitespace()) == Some(':')
        }
        _ => false,
    }
}

/// A name without a value gets none.
fn without_value(out: &mut String) {
    if out.trim_end().ends_with(':') {
        out.push_str("null");
    }
}
