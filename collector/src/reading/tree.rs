//! A document as a flat list of nodes in document order: a subtree is a slice, walking needs no recursion, and a page that is
//! nested a hundred thousand deep costs no more than any other (it is refused).

use std::borrow::Cow;

use super::{
    markup::{self, Attributes, Token, Tokens},
    plain::Plain,
};

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
                        if xml { !closed } else { !is_void(name) && !(closed && is_foreign(name)) };
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

/// An element of a tree.
#[derive(Clone, Copy)]
pub struct Element<'t> {
    tree: &'t Tree<'t>,
    index: usize,
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} {}>", self.name(), self.attributes().as_str())
    }
}

impl<'t> Element<'t> {
    /// Place in document order, for comparisons.
    pub fn index(&self) -> usize {
        self.index
    }

    /// One past the last node inside.
    pub fn end(&self) -> usize {
        self.tree.nodes[self.index].end as usize
    }

    /// Whether it was closed by its own end tag: what a cut-off document leaves open is not.
    pub fn is_whole(&self) -> bool {
        self.tree.nodes[self.index].whole
    }

    /// Its name as written.
    pub fn name(&self) -> &'t str {
        match self.tree.nodes[self.index].content {
            Content::Element { name, .. } => name,
            Content::Text(_) | Content::Raw(_) => "",
        }
    }

    /// Whether its name is that.
    pub fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// Its attributes.
    pub fn attributes(&self) -> Attributes<'t> {
        match self.tree.nodes[self.index].content {
            Content::Element { attributes, .. } => attributes,
            Content::Text(_) | Content::Raw(_) => Attributes::default(),
        }
    }

    /// The value of an attribute, entities decoded.
    pub fn attribute(&self, name: &str) -> Option<Cow<'t, str>> {
        self.attributes().get(name)
    }

    /// Whether one of its classes is that.
    pub fn has_class(&self, class: &str) -> bool {
        self.attributes().as_str().contains(class)
            && self.attribute("class").is_some_and(|c| c.split_ascii_whitespace().any(|x| x == class))
    }

    /// The element around it.
    pub fn parent(&self) -> Option<Element<'t>> {
        let parent = self.tree.nodes[self.index].parent;
        (parent != u32::MAX).then(|| Element { tree: self.tree, index: parent as usize })
    }

    /// The elements around it, nearest first.
    pub fn ancestors(&self) -> impl Iterator<Item = Element<'t>> {
        std::iter::successors(self.parent(), Element::parent)
    }

    /// The elements inside, in document order.
    pub fn descendants(&self) -> impl Iterator<Item = Element<'t>> + use<'t> {
        let tree = self.tree;
        let (from, to) = (self.index + 1, self.end());
        (from..to)
            .filter(move |&i| matches!(tree.nodes[i].content, Content::Element { .. }))
            .map(move |index| Element { tree, index })
    }

    /// The elements directly inside.
    pub fn children(&self) -> impl Iterator<Item = Element<'t>> + use<'t> {
        let tree = self.tree;
        let end = self.end();
        let mut at = self.index + 1;
        std::iter::from_fn(move || {
            while at < end {
                let index = at;
                at = tree.nodes[at].end as usize;
                if matches!(tree.nodes[index].content, Content::Element { .. }) {
                    return Some(Element { tree, index });
                }
            }
            None
        })
    }

    /// The first element inside that the test accepts.
    pub fn find(&self, test: impl Fn(&Element<'t>) -> bool) -> Option<Element<'t>> {
        self.descendants().find(|e| test(e))
    }

    /// The first element inside with that class.
    pub fn by_class(&self, class: &str) -> Option<Element<'t>> {
        self.find(|e| e.has_class(class))
    }

    /// Its text as people read it.
    pub fn text(&self) -> String {
        self.text_without(|_| false)
    }

    /// Its text as people read it, leaving out the elements that the test names.
    pub fn text_without(&self, skip: impl Fn(&Element<'t>) -> bool) -> String {
        let mut plain = Plain::default();
        let mut open: Vec<usize> = Vec::new();
        let mut at = self.index + 1;
        while at < self.end() {
            while let Some(&last) = open.last() {
                if (self.tree.nodes[last].end as usize) > at {
                    break;
                }
                plain.close(Element { tree: self.tree, index: last }.name());
                open.pop();
            }
            match self.tree.nodes[at].content {
                Content::Text(text) => plain.text(text),
                Content::Raw(text) => plain.raw(text),
                Content::Element { name, .. } => {
                    if skip(&Element { tree: self.tree, index: at }) {
                        at = self.tree.nodes[at].end as usize;
                        continue;
                    }
                    let empty = self.tree.nodes[at].end as usize == at + 1;
                    plain.open(name, empty);
                    if empty {
                        if !is_void(name) {
                            plain.close(name);
                        }
                    } else {
                        open.push(at);
                    }
                }
            }
            at += 1;
        }
        plain.finish()
    }

    /// Its name without a namespace prefix.
    pub fn local(&self) -> &'t str {
        self.name().rsplit(':').next().unwrap_or("")
    }

    /// The namespace prefix of its name; empty without one.
    pub fn prefix(&self) -> &'t str {
        self.name().split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// The text inside as written, entities decoded once and CDATA as it is: the value of an XML element, which may be HTML.
    /// Elements inside are written out again, for feeds that forget to escape them.
    pub fn value(&self) -> String {
        let mut out = String::new();
        let mut open: Vec<usize> = Vec::new();
        for at in self.index + 1..self.end() {
            while let Some(&last) = open.last() {
                if (self.tree.nodes[last].end as usize) > at {
                    break;
                }
                out.push_str(&format!("</{}>", Element { tree: self.tree, index: last }.name()));
                open.pop();
            }
            match self.tree.nodes[at].content {
                Content::Text(text) => out.push_str(&super::plain::entities(text)),
                Content::Raw(text) => out.push_str(text),
                Content::Element { name, attributes } => {
                    out.push_str(&format!("<{name}{}>", attributes.as_str()));
                    open.push(at);
                }
            }
        }
        out
    }

    /// Whether there are elements inside.
    pub fn has_elements(&self) -> bool {
        self.descendants().next().is_some()
    }

    /// The raw inside: of a script.
    pub fn script(&self) -> &'t str {
        match self.tree.nodes.get(self.index + 1) {
            Some(Node { content: Content::Raw(text) | Content::Text(text), .. })
                if self.end() > self.index + 1 =>
            {
                text
            }
            _ => "",
        }
    }
}
