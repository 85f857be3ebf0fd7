//! An element of a document: its names, its attributes, what is inside and around it, and its text.

use std::borrow::Cow;

use super::{
    super::{
        markup::Attributes,
        plain::{self, Plain},
    },
    Content, Node, Tree, is_void,
};

/// An element of a tree.
#[derive(Clone, Copy)]
pub struct Element<'t> {
    pub(super) tree: &'t Tree<'t>,
    pub(super) index: usize,
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
        (parent != u32::MAX).then_some(Element { tree: self.tree, index: parent as usize })
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
                Content::Text(text) => out.push_str(&plain::entities(text)),
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
