//! A document as a flat list of nodes in document order: a subtree is a slice, walking needs no recursion, and a page that is
//! nested a hundred thousand deep costs no more than any other (it is refused).

use super::markup::{self, Attributes, Token, Tokens};

mod element;

pub use element::Element;

/// Nesting beyond which a document is refused: no page written for people comes near.
pub const MAX_DEPTH: usize = 2_000;

/// How many open elements an end tag is compared with. Bounds the cost of a page full of end tags that match nothing.
const NEAR: usize = 100;

/// The document is nested deeper than [`MAX_DEPTH`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The page is nested more than {MAX_DEPTH} elements deep; no page made for people is.")]
pub struct TooDeep;

#[derive(Debug)]
enum Content<'a> {
    Element { name: &'a str, attributes: Attributes<'a> },
    Text(&'a str),
    Raw(&'a str),
}

#[derive(Debug)]
struct Node<'a> {
    content: Content<'a>,
    parent: u32,
    /// One past the last node of the subtree.
    end: u32,
    /// It has its own end tag (or needs none).
    whole: bool,
}

/// A document.
#[derive(Debug)]
pub struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

impl<'a> Tree<'a> {
    /// Reads HTML, closing what authors leave open (paragraphs, list items, cells).
    pub fn html(source: &'a str) -> Result<Self, TooDeep> {
        Self::build(markup::html(source), source.len(), false)
    }

    /// Reads XML, well-formed or not.
    pub fn xml(source: &'a str) -> Result<Self, TooDeep> {
        Self::build(markup::xml(source), source.len(), true)
    }

    fn build(tokens: Tokens<'a>, length: usize, xml: bool) -> Result<Self, TooDeep> {
        let mut nodes: Vec<Node<'a>> = Vec::with_capacity(length / 40 + 8);
        let mut open: Vec<(u32, &'a str)> = Vec::with_capacity(64);
        for token in tokens {
            let here = u32::try_from(nodes.len()).map_err(|_| TooDeep)?;
            match token {
                Token::Open { name, attributes, closed } => {
                    if !xml {
                        close_implied(&mut nodes, &mut open, name, here);
                    }
                    let parent = open.last().map_or(u32::MAX, |(i, _)| *i);
                    // In HTML `<div/>` opens a div; only the void elements have no inside.
                    let has_inside =
                        if xml { !closed } else { !(is_void(name) || (closed && is_foreign(name))) };
                    let content = Content::Element { name, attributes };
                    nodes.push(Node { content, parent, end: here + 1, whole: !has_inside });
                    if has_inside {
                        if open.len() >= MAX_DEPTH {
                            return Err(TooDeep);
                        }
                        open.push((here, name));
                    }
                }
                Token::Close { name } => {
                    let near = open.len().saturating_sub(NEAR);
                    if let Some(at) = open[near..].iter().rposition(|(_, n)| n.eq_ignore_ascii_case(name)) {
                        let at = near + at;
                        // An inline end tag does not close the block around it.
                        let crosses =
                            !xml && is_inline(name) && open[at + 1..].iter().any(|(_, n)| !is_inline(n));
                        if !crosses {
                            nodes[open[at].0 as usize].whole = true;
                            for (index, _) in open.drain(at..) {
                                nodes[index as usize].end = here;
                            }
                        }
                    }
                }
                Token::Text(text) | Token::Raw(text) if text.is_empty() => {}
                Token::Text(text) | Token::Raw(text) => {
                    let parent = open.last().map_or(u32::MAX, |(i, _)| *i);
                    let content = if matches!(token, Token::Text(_)) {
                        Content::Text(text)
                    } else {
                        Content::Raw(text)
                    };
                    nodes.push(Node { content, parent, end: here + 1, whole: true });
                }
            }
        }
        let end = u32::try_from(nodes.len()).map_err(|_| TooDeep)?;
        for (index, _) in open {
            nodes[index as usize].end = end;
        }
        Ok(Self { nodes })
    }

    /// How many nodes it has.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the document ends before its outermost element does.
    pub fn is_cut(&self) -> bool {
        self.elements().next().is_some_and(|root| !root.is_whole())
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Every element, in document order.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        self.span(0, self.nodes.len())
    }

    fn span(&self, from: usize, to: usize) -> impl Iterator<Item = Element<'_>> {
        (from..to)
            .filter(|&i| matches!(self.nodes[i].content, Content::Element { .. }))
            .map(|index| Element { tree: self, index })
    }
}

fn close_implied<'a>(nodes: &mut [Node<'a>], open: &mut Vec<(u32, &'a str)>, name: &str, here: u32) {
    let is = |names: &[&str], name: &str| names.iter().any(|n| n.eq_ignore_ascii_case(name));
    let (closes, up_to): (&[&str], &[&str]) = match () {
        () if is(&["li"], name) => (&["li"], &["ul", "ol", "menu"]),
        () if is(&["td", "th"], name) => (&["td", "th"], &["tr", "table"]),
        () if is(&["tr"], name) => (&["tr"], &["table", "tbody", "thead", "tfoot"]),
        () if is(&["dt", "dd"], name) => (&["dt", "dd"], &["dl"]),
        () if is(&["option"], name) => (&["option"], &["select", "datalist"]),
        () if closes_paragraph(name) => {
            (&["p"], &["div", "td", "th", "li", "section", "article", "button", "span", "table"])
        }
        () => return,
    };
    for at in (0..open.len()).rev() {
        if is(closes, open[at].1) {
            for (index, _) in open.drain(at..) {
                nodes[index as usize].end = here;
            }
            return;
        }
        if is(up_to, open[at].1) {
            return;
        }
        // What is not closed nearby is not closed at all: keeps deep soup linear.
        if open.len() - at > 16 {
            return;
        }
    }
}

fn closes_paragraph(name: &str) -> bool {
    const BLOCKS: [&str; 18] = [
        "p",
        "div",
        "ul",
        "ol",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "section",
        "article",
        "dl",
        "form",
        "hr",
    ];
    BLOCKS.iter().any(|b| b.eq_ignore_ascii_case(name))
}

fn is_void(name: &str) -> bool {
    const VOID: [&str; 14] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
        "track", "wbr",
    ];
    VOID.iter().any(|v| v.eq_ignore_ascii_case(name))
}

/// Elements that may really close themselves: those of SVG, MathML, and custom ones.
fn is_foreign(name: &str) -> bool {
    const FOREIGN: [&str; 9] = ["path", "use", "circle", "rect", "line", "polygon", "polyline", "g", "stop"];
    name.contains([':', '-']) || FOREIGN.iter().any(|f| f.eq_ignore_ascii_case(name))
}

fn is_inline(name: &str) -> bool {
    const INLINE: [&str; 14] =
        ["a", "b", "i", "u", "em", "strong", "span", "font", "small", "big", "s", "sub", "sup", "label"];
    INLINE.iter().any(|i| i.eq_ignore_ascii_case(name))
}
