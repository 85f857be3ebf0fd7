//! Just enough of CSS to take a stylesheet apart and print it small again.
//!
//! Knows nesting, strings, comments and brackets; knows no property and checks nothing. What is kept and what is
//! dropped is decided in `trim.rs`.

/// One piece of a stylesheet or of a block.
#[derive(Debug, PartialEq)]
pub enum Node {
    /// `prelude { body }`: a style rule or an at-rule with a block.
    Block { prelude: String, body: Vec<Node> },
    /// `name: value`.
    Declaration { name: String, value: String },
    /// An at-rule without a block, such as `@charset "utf-8"`.
    Statement(String),
}

/// Takes a stylesheet apart. What is not closed at the end counts as closed, as in a browser.
pub fn parse(text: &str) -> Vec<Node> {
    let text = without_comments(text);
    let mut rest = text.as_str();
    let mut nodes = Vec::new();
    while !rest.trim().is_empty() {
        nodes.extend(parse_block(&mut rest));
    }
    nodes
}

/// Reads nodes up to the closing brace, which is consumed, or the end.
fn parse_block(rest: &mut &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    loop {
        let (end, stop) = find_stop(rest);
        let piece = rest[..end].trim();
        *rest = &rest[(end + usize::from(stop.is_some())).min(rest.len())..];
        match stop {
            Some('{') => nodes.push(Node::Block { prelude: squeeze(piece), body: parse_block(rest) }),
            other => {
                nodes.extend(simple(piece));
                if other != Some(';') {
                    return nodes;
                }
            }
        }
    }
}

fn simple(piece: &str) -> Option<Node> {
    if piece.is_empty() {
        return None;
    }
    match piece.split_once(':') {
        Some((name, value)) if !piece.starts_with('@') => {
            Some(Node::Declaration { name: name.trim().to_owned(), value: squeeze(value.trim()) })
        }
        _ => Some(Node::Statement(squeeze(piece))),
    }
}

/// Where the next `;`, `{` or `}` outside of strings and brackets is.
fn find_stop(text: &str) -> (usize, Option<char>) {
    let stop = outside(text).find(|(_, c)| matches!(c, ';' | '{' | '}'));
    stop.map_or((text.len(), None), |(at, c)| (at, Some(c)))
}

/// The characters outside of strings and brackets, with their places.
fn outside(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut depth = 0_u32;
    let mut chars = text.char_indices();
    std::iter::from_fn(move || {
        loop {
            let (at, c) = chars.next()?;
            match c {
                '\\' => {
                    chars.next();
                }
                '"' | '\'' => skip_string(&mut chars, c),
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ if depth == 0 => return Some((at, c)),
                _ => {}
            }
        }
    })
}

fn skip_string(chars: &mut std::str::CharIndices<'_>, quote: char) {
    while let Some((_, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            c if c == quote => return,
            _ => {}
        }
    }
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.char_indices().peekable();
    let mut quote = None;
    while let Some((at, c)) = chars.next() {
        if quote.is_none() && c == '/' && chars.peek().is_some_and(|(_, next)| *next == '*') {
            let end = text[at + 2..].find("*/").map_or(text.len(), |length| at + 2 + length + 2);
            while chars.peek().is_some_and(|(next, _)| *next < end) {
                chars.next();
            }
            out.push(' ');
            continue;
        }
        out.push(c);
        match (quote, c) {
            (_, '\\') => out.extend(chars.next().map(|(_, escaped)| escaped)),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    out
}

/// Every run of white space outside of strings becomes one space; none stays around commas.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut escaped = false;
    for c in text.chars() {
        if quote.is_none() && c.is_whitespace() && !escaped {
            if !out.ends_with([' ', ',']) {
                out.push(' ');
            }
            continue;
        }
        if quote.is_none() && c == ',' && out.ends_with(' ') {
            out.pop();
        }
        out.push(c);
        if escaped {
            escaped = false;
            continue;
        }
        match (quote, c) {
            (_, '\\') => escaped = true,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    out
}

/// Prints nodes without white space that a browser does not need.
pub fn print(nodes: &[Node]) -> String {
    let mut out = String::new();
    print_into(nodes, &mut out);
    out
}

fn print_into(nodes: &[Node], out: &mut String) {
    for (index, node) in nodes.iter().enumerate() {
        match node {
            Node::Block { prelude, body } => {
                out.push_str(prelude);
                out.push('{');
                print_into(body, out);
                out.push('}');
            }
            Node::Declaration { name, value } => {
                out.push_str(name);
                out.push(':');
                out.push_str(value);
                if index + 1 < nodes.len() {
                    out.push(';');
                }
            }
            Node::Statement(text) => {
                out.push_str(text);
                out.push(';');
            }
        }
    }
}

/// Splits at commas that are outside of brackets and strings.
pub fn split_commas(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in outside(text).filter(|(_, c)| *c == ',') {
        parts.push(text[start..at].trim());
        start = at + 1;
    }
    parts.push(text[start..].trim());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(text: &str) -> String {
        print(&parse(text))
    }

    #[test]
    fn prints_small_what_it_read() {
        let text = "@charset \"utf-8\";\n/* note */ a , b > c {\n  color : red;\n  margin: 0  1px;\n}\n";
        assert_eq!(small(text), "@charset \"utf-8\";a,b > c{color:red;margin:0 1px}");
    }

    #[test]
    fn leaves_strings_and_urls_alone() {
        let text = r#"a::before { content: "} /* no */  ;"; background: url(data:image/png;base64,AA==) }"#;
        assert_eq!(
            small(text),
            r#"a::before{content:"} /* no */  ;";background:url(data:image/png;base64,AA==)}"#
        );
    }

    #[test]
    fn keeps_nesting_and_survives_a_missing_brace() {
        let text = "@media (width > 1px) { a { color: red; &:hover { color: blue } } b { margin: 0 ";
        assert_eq!(small(text), "@media (width > 1px){a{color:red;&:hover{color:blue}}b{margin:0}}");
    }

    #[test]
    fn splits_only_at_outer_commas() {
        assert_eq!(split_commas(":is(a, b) c, d[x=\",\"]"), [":is(a, b) c", "d[x=\",\"]"]);
    }
}
