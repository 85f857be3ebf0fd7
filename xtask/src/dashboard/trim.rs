//! Keeps of the design system's stylesheet what the dashboard can use.
//!
//! A rule stays if every class that its selector needs occurs in the compiled dashboard (whose strings hold every
//! class name it can set); a custom property stays if something kept reads it; a font or an animation stays if a
//! kept declaration names it. When in doubt a rule is kept: a name is looked for as a part of the text, because the
//! compiler stores strings without anything between them.

use std::collections::{HashMap, HashSet};

use super::css::{Node, split_commas};

/// Class names start with one of these; only such places of the text are indexed.
const MARKERS: [&[u8]; 3] = [b"pf-", b"fa-", b"--pf"];

/// Names that occur in a text, found quickly.
pub struct Known<'a> {
    text: &'a [u8],
    /// The text from each marker on, sorted, so that "does any start with this name" is one binary search.
    tails: Vec<&'a [u8]>,
}

impl<'a> Known<'a> {
    /// Indexes a text: the compiled dashboard and the project's own styles and page.
    pub fn new(text: &'a [u8]) -> Self {
        let starts =
            (0..text.len()).filter(|&at| MARKERS.iter().any(|marker| text[at..].starts_with(marker)));
        // No class name is longer than this; comparing more would only cost time.
        let mut tails: Vec<&[u8]> = starts.map(|at| &text[at..text.len().min(at + 120)]).collect();
        tails.sort_unstable();
        Self { text, tails }
    }

    fn holds(&self, name: &str) -> bool {
        let name = name.as_bytes();
        if MARKERS.iter().any(|marker| name.starts_with(marker)) {
            let at = self.tails.partition_point(|tail| *tail < name);
            return self.tails.get(at).is_some_and(|tail| tail.starts_with(name));
        }
        self.text.windows(name.len()).any(|window| window == name)
    }

    /// Whether a class may be set: it occurs itself, or it is put together from parts that occur, as a breakpoint
    /// (`pf-m-flex-1` and `-on-md`) or a number (`pf-m-` and `-col` around a 6).
    fn may_set(&self, class: &str) -> bool {
        if self.holds(class) {
            return true;
        }
        if let Some((base, _)) =
            class.rsplit_once("-on-").filter(|(_, size)| ["sm", "md", "lg", "xl", "2xl"].contains(size))
        {
            return self.may_set(base);
        }
        // The first digit after the design system's own version.
        let skip = if class.starts_with("pf-v6-") { "pf-v6-".len() } else { 0 };
        let Some(digit) = class[skip..].find(|c: char| c.is_ascii_digit()) else { return false };
        let first = skip + digit;
        let after = class[first..].trim_start_matches(|c: char| c.is_ascii_digit());
        self.holds(&class[..first])
            && (after.is_empty() || self.text.windows(after.len()).any(|part| part == after.as_bytes()))
    }
}

/// Drops what cannot be used.
pub fn trim(nodes: Vec<Node>, known: &Known<'_>) -> Vec<Node> {
    let mut classes = HashMap::new();
    let nodes = keep_rules(nodes, known, &mut classes);
    let used = used_names(&nodes, known);
    keep_used(nodes, &used)
}

fn keep_rules(nodes: Vec<Node>, known: &Known<'_>, classes: &mut HashMap<String, bool>) -> Vec<Node> {
    let mut kept = Vec::new();
    for node in nodes {
        let Node::Block { prelude, body } = node else {
            kept.push(node);
            continue;
        };
        if prelude.starts_with('@') {
            // The frames of an animation look like rules and are none.
            let body = if is_grouping(&prelude) { keep_rules(body, known, classes) } else { body };
            if !body.is_empty() {
                kept.push(Node::Block { prelude, body });
            }
            continue;
        }
        let selectors: Vec<&str> = split_commas(&prelude)
            .into_iter()
            .filter(|selector| possible(selector, known, classes))
            .collect();
        if !selectors.is_empty() {
            kept.push(Node::Block { prelude: selectors.join(","), body });
        }
    }
    kept
}

fn is_grouping(prelude: &str) -> bool {
    ["@media", "@supports", "@container", "@layer"].iter().any(|at| prelude.starts_with(at))
}

/// Whether a selector can match anything: every class in it may be set. Of the alternatives in `:is()`, `:where()`
/// and `:has()` one is enough; what stands in `:not()` need not exist.
fn possible(selector: &str, known: &Known<'_>, classes: &mut HashMap<String, bool>) -> bool {
    let mut rest = selector;
    while let Some(at) = rest.find(['.', ':', '[', '"', '\'']) {
        let (mark, tail) = (rest.as_bytes()[at], &rest[at + 1..]);
        let name_length =
            tail.find(|c: char| !(c.is_alphanumeric() || "-_".contains(c))).unwrap_or(tail.len());
        let name = &tail[..name_length];
        match mark {
            b'.' => {
                if !*classes.entry(name.to_owned()).or_insert_with(|| known.may_set(name)) {
                    return false;
                }
                rest = &tail[name_length..];
            }
            b':' if tail[name_length..].starts_with('(') => {
                let inner_and_rest = &tail[name_length + 1..];
                let end = closing(inner_and_rest);
                let alternatives = ["is", "where", "has"].contains(&name);
                let mut inner = split_commas(&inner_and_rest[..end]).into_iter();
                if alternatives && !inner.any(|choice| possible(choice, known, classes)) {
                    return false;
                }
                rest = inner_and_rest.get(end + 1..).unwrap_or("");
            }
            b':' => rest = &tail[name_length..],
            b'[' => rest = tail.find(']').map_or("", |end| &tail[end + 1..]),
            quote => rest = tail.find(quote as char).map_or("", |end| &tail[end + 1..]),
        }
    }
    true
}

/// Where the bracket closes that was open before this text.
fn closing(text: &str) -> usize {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// What kept declarations read: the names of custom properties, transitively, and every other word.
#[derive(Default)]
struct Used {
    properties: HashSet<String>,
    words: String,
}

fn used_names(nodes: &[Node], known: &Known<'_>) -> Used {
    let mut definitions: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut queue: Vec<String> = Vec::new();
    let mut used = Used::default();
    each_declaration(nodes, &mut |name, value| {
        if name.starts_with("--") {
            definitions.entry(name).or_default().push(value);
            if known.holds(name) {
                queue.push(name.to_owned());
            }
        } else {
            queue.extend(property_names(value).map(str::to_owned));
            used.words.push_str(value);
            used.words.push(' ');
        }
    });
    while let Some(name) = queue.pop() {
        if used.properties.contains(&name) {
            continue;
        }
        for value in definitions.get(name.as_str()).into_iter().flatten() {
            used.words.push_str(value);
            used.words.push(' ');
            queue.extend(property_names(value).map(str::to_owned));
        }
        used.properties.insert(name);
    }
    used
}

/// Calls back with every declaration outside of fonts, whose `font-family` only names itself.
fn each_declaration<'a>(nodes: &'a [Node], call: &mut impl FnMut(&'a str, &'a str)) {
    for node in nodes {
        match node {
            Node::Declaration { name, value } => call(name, value),
            Node::Block { prelude, body } if !prelude.starts_with("@font-face") => {
                each_declaration(body, call)
            }
            _ => {}
        }
    }
}

fn property_names(value: &str) -> impl Iterator<Item = &str> {
    value.match_indices("--").filter_map(move |(at, _)| {
        let before = value[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_') {
            return None;
        }
        let name = &value[at..];
        let end = name.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(name.len());
        Some(&name[..end])
    })
}

fn keep_used(nodes: Vec<Node>, used: &Used) -> Vec<Node> {
    let mut kept = Vec::new();
    for node in nodes {
        match node {
            Node::Declaration { ref name, .. }
                if name.starts_with("--") && !used.properties.contains(name) => {}
            Node::Block { ref prelude, ref body } if prelude.starts_with("@font-face") => {
                let family = body.iter().find_map(|node| match node {
                    Node::Declaration { name, value } if name == "font-family" => {
                        Some(value.trim_matches(['"', '\'']))
                    }
                    _ => None,
                });
                if family.is_some_and(|family| used.words.contains(family)) {
                    kept.push(node);
                }
            }
            Node::Block { ref prelude, .. }
                if prelude.starts_with("@keyframes") || prelude.starts_with("@property") =>
            {
                let name = prelude.split_whitespace().nth(1).unwrap_or_default();
                if used.properties.contains(name) || used.words.contains(name) {
                    kept.push(node);
                }
            }
            Node::Block { prelude, body } => {
                let body = keep_used(body, used);
                if !body.is_empty() {
                    kept.push(Node::Block { prelude, body });
                }
            }
            other => kept.push(other),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::super::css::{parse, print};
    use super::*;

    fn trimmed(css: &str, strings: &str) -> String {
        print(&trim(parse(css), &Known::new(strings.as_bytes())))
    }

    #[test]
    fn keeps_rules_whose_classes_occur() {
        let css = ".pf-v6-c-card{color:red} .pf-v6-c-card.pf-m-flat,.pf-v6-c-tabs{color:blue} a.pf-v6-c-tabs{top:0}";
        assert_eq!(
            trimmed(css, "xpf-v6-c-cardpf-m-flat"),
            ".pf-v6-c-card{color:red}.pf-v6-c-card.pf-m-flat{color:blue}"
        );
    }

    #[test]
    fn one_alternative_is_enough_and_a_negation_needs_nothing() {
        let css =
            ":where(.pf-a,.pf-b) p{top:0} :is(.pf-c){top:1px} p:not(.pf-c) i{top:2px} [x=\".pf-c\"]{top:3px}";
        assert_eq!(
            trimmed(css, "pf-b"),
            ":where(.pf-a,.pf-b) p{top:0}p:not(.pf-c) i{top:2px}[x=\".pf-c\"]{top:3px}"
        );
    }

    #[test]
    fn keeps_classes_put_together_from_parts() {
        let css =
            ".pf-m-6-col{top:0} .pf-m-grow-on-md{top:1px} .pf-m-6-row{top:2px} .pf-m-shrink-on-md{top:3px}";
        assert_eq!(trimmed(css, "pf-m--colpf-m-grow"), ".pf-m-6-col{top:0}.pf-m-grow-on-md{top:1px}");
    }

    #[test]
    fn drops_properties_that_nothing_reads() {
        let css =
            ":root{--a:var(--b);--b:1px;--c:var(--d);--d:2px} .pf-x{margin:var(--a)} .pf-y{margin:var(--c)}";
        assert_eq!(trimmed(css, "pf-x"), ":root{--a:var(--b);--b:1px}.pf-x{margin:var(--a)}");
    }

    #[test]
    fn drops_fonts_and_animations_that_nothing_names() {
        let css = "@font-face{font-family:\"One\";src:url(1)} @font-face{font-family:\"Two\";src:url(2)} \
                   @keyframes spin{to{top:0}} @keyframes fade{to{top:0}} .pf-x{font-family:\"One\";animation:spin 1s}";
        let kept = trimmed(css, "pf-x");
        assert!(kept.contains("url(1)") && !kept.contains("url(2)"), "{kept}");
        assert!(kept.contains("@keyframes spin") && !kept.contains("fade"), "{kept}");
    }

    #[test]
    fn rules_in_a_media_query_go_with_it() {
        let css = "@media print{.pf-x{top:0}} @media screen{.pf-y{top:0}}";
        assert_eq!(trimmed(css, "pf-x"), "@media print{.pf-x{top:0}}");
    }
}
