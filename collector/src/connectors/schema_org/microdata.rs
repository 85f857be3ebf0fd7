//! Microdata and RDFa as the same items that JSON-LD gives: `itemscope` or `typeof` opens an item, `itemprop`, `property` or
//! `rel` names what belongs to the item around it. The older data-vocabulary.org words are translated.

use std::collections::{HashMap, HashSet, VecDeque};

use goodword_shared::problem::SourceProblem;
use serde_json::{Map, Value};

use super::properties::{known, value_of};
use crate::reading::{
    answer,
    tree::{Element, Tree},
};

/// The text of properties may be read at most so many times the page's own length: a page that nests the same property into
/// itself a thousand times is not made for reading.
const REREAD: usize = 12;

/// Names and ratings are no longer, bytes.
const LONGEST_BARE: usize = 200;

/// What an open element adds its properties to.
struct Open {
    end: usize,
    /// The item, or the name under which items inside belong to the item around (`rel`).
    scope: Scope,
}

enum Scope {
    Item(usize),
    Relation(String),
}

struct Item {
    value: Map<String, Value>,
    /// Where its element stands on the page.
    at: usize,
    /// Where it belongs: item and property.
    under: Option<(usize, String)>,
}

/// How many places that items refer to are read, over the whole page.
const REFERENCES: usize = 500;

/// How many items may refer to one place.
const SHARED: usize = 50;

/// An item this far inside others refers to no further place.
const DEEPEST: usize = 100;

/// What an item costs beyond its words when its place is read once more: each is kept until the page is read.
const ITEM: usize = 8;

/// An element that items elsewhere on the page refer to.
struct Place<'t> {
    element: Element<'t>,
    /// How many more items may have it.
    left: usize,
}

/// The outermost items of a page, and whether the page ends inside one of several.
pub fn items(tree: &Tree<'_>) -> Result<(Vec<Value>, bool), SourceProblem> {
    let elsewhere = referred(tree);
    let places: HashSet<usize> = elsewhere.values().map(|place| place.element.index()).collect();
    let mut walk = Walk {
        items: Vec::new(),
        open: Vec::new(),
        waiting: VecDeque::new(),
        elsewhere,
        references: REFERENCES,
        again: false,
        budget: REREAD * tree.len() + 1_000,
    };
    let mut skipped = Vec::new();
    let mut behind = 0;
    for element in tree.elements() {
        // What an item elsewhere refers to belongs there, and is read with it.
        if element.index() < behind {
            continue;
        }
        if places.contains(&element.index()) {
            behind = element.end();
            walk.leave(&element);
            skipped.push((walk.around(), element));
            continue;
        }
        walk.meet(&element)?;
    }
    // A page whose last item is left open together with everything around it was cut off there.
    let open_item = |o: &Open| matches!(&o.scope, Scope::Item(i) if walk.items[*i].under.is_some());
    let cut = tree.is_cut() && walk.open.iter().any(|o| o.end == tree.len() && open_item(o));
    let mut read = HashSet::new();
    walk.replay(&mut read)?;
    // What nobody had after all is read where it stands.
    for (around, place) in skipped {
        if read.insert(place.index()) {
            walk.whole(&place, around)?;
            walk.replay(&mut read)?;
        }
    }
    Ok((nested(walk.items), cut))
}

/// The elements that items on the page refer to by `itemref`, by their ids. One that holds the item itself is not among them.
fn referred<'t>(tree: &'t Tree<'t>) -> HashMap<String, Place<'t>> {
    let mut wanted: HashMap<String, Vec<Element<'t>>> = HashMap::new();
    let refers = |e: &Element<'_>| e.attributes().as_str().contains("itemref") && Found::of(e).opens;
    for element in tree.elements().filter(refers) {
        for id in element.attribute("itemref").unwrap_or_default().split_ascii_whitespace().take(REFERENCES) {
            let items = wanted.entry(id.to_owned()).or_default();
            if items.len() < SHARED {
                items.push(element);
            }
        }
    }
    if wanted.is_empty() {
        return HashMap::new();
    }
    let mut found = HashMap::new();
    for element in tree.elements() {
        let Some(id) = element.attribute("id").map(|id| id.trim().to_owned()) else { continue };
        let holds = |item: &Element<'_>| {
            (element.index()..element.end()).contains(&item.index())
                || (item.index()..item.end()).contains(&element.index())
        };
        if wanted.get(&id).is_some_and(|items| !items.iter().any(holds)) {
            found.entry(id).or_insert(Place { element, left: SHARED });
        }
    }
    found
}

/// The items found so far, and where the reading stands.
struct Walk<'t> {
    items: Vec<Item>,
    open: Vec<Open>,
    /// Items that go on elsewhere, and where.
    waiting: VecDeque<(usize, Element<'t>)>,
    /// The places by their ids.
    elsewhere: HashMap<String, Place<'t>>,
    /// How many more places may wait.
    references: usize,
    /// Whether a place is being read for an item elsewhere, perhaps not for the first time.
    again: bool,
    budget: usize,
}

impl<'t> Walk<'t> {
    /// Reads the places that wait, each for its item.
    fn replay(&mut self, read: &mut HashSet<usize>) -> Result<(), SourceProblem> {
        self.again = true;
        while let Some((item, place)) = self.waiting.pop_front() {
            self.budget = spend(self.budget, &place)?;
            read.insert(place.index());
            self.whole(&place, Some(item))?;
        }
        self.again = false;
        Ok(())
    }

    /// Reads an element and everything inside as parts of an item.
    fn whole(&mut self, place: &Element<'t>, item: Option<usize>) -> Result<(), SourceProblem> {
        self.open = item.map(|i| Open { end: place.end(), scope: Scope::Item(i) }).into_iter().collect();
        self.meet(place)?;
        place.descendants().try_for_each(|element| self.meet(&element))
    }

    /// Closes what ends before an element.
    fn leave(&mut self, element: &Element<'_>) {
        while self.open.last().is_some_and(|o| o.end <= element.index()) {
            self.open.pop();
        }
    }

    /// The innermost open item.
    fn around(&self) -> Option<usize> {
        self.open.iter().rev().find_map(|o| match &o.scope {
            Scope::Item(i) => Some(*i),
            Scope::Relation(_) => None,
        })
    }

    /// Puts the places that an item names on the list of those to read, none that holds the item or one around it.
    fn refer(&mut self, ids: &str, item: usize) {
        let above = |i: &usize| self.items[*i].under.as_ref().map(|(around, _)| *around);
        let chain: Vec<usize> =
            std::iter::successors(Some(item), above).take(DEEPEST).map(|i| self.items[i].at).collect();
        if chain.len() == DEEPEST {
            return;
        }
        let mut named = HashSet::new();
        for id in ids.split_ascii_whitespace().take(REFERENCES).filter(|id| named.insert(*id)) {
            let Some(place) = self.elsewhere.get_mut(id).filter(|place| place.left > 0) else { continue };
            let inside = place.element.index()..place.element.end();
            if self.references > 0 && !chain.iter().any(|at| inside.contains(at)) {
                place.left -= 1;
                self.references -= 1;
                self.waiting.push_back((item, place.element));
            }
        }
    }

    /// Reads one element, in document order.
    fn meet(&mut self, element: &Element<'_>) -> Result<(), SourceProblem> {
        self.leave(element);
        if element.attributes().as_str().is_empty() {
            return Ok(());
        }
        let found = Found::of(element);
        if !found.opens && found.names.is_none() {
            return Ok(());
        }
        let around = self.around();
        if found.opens {
            self.enter(element, found, around)
        } else if let (Some(names), Some(around)) = (found.names, around) {
            if found.relation && element.attribute("href").is_none() && element.attribute("content").is_none()
            {
                self.open.push(Open { end: element.end(), scope: Scope::Relation(names) });
                return Ok(());
            }
            for name in names.split_ascii_whitespace().filter_map(known) {
                self.budget = spend(self.budget, element)?;
                let value = value_of(element, name);
                put(&mut self.items[around].value, name, value);
            }
            Ok(())
        } else {
            Ok(())
        }
    }

    /// Opens an item.
    fn enter(
        &mut self,
        element: &Element<'_>,
        found: Found,
        around: Option<usize>,
    ) -> Result<(), SourceProblem> {
        let relation = self.open.last().and_then(|o| match &o.scope {
            Scope::Relation(name) => Some(name.clone()),
            Scope::Item(_) => None,
        });
        let name = found.names.clone().or(relation);
        if self.again {
            self.budget = self.budget.checked_sub(ITEM).ok_or_else(overdone)?;
        }
        let mut value = Map::new();
        if let Some(kind) = found.kind {
            value.insert("@type".into(), kind.split_ascii_whitespace().map(Value::from).collect());
        }
        if let Some(id) = element.attribute("itemid").or_else(|| element.attribute("resource")) {
            value.insert("@id".into(), id.trim().into());
        }
        if let Some(key) = found.names.as_deref().and_then(wrapped) {
            self.budget = spend(self.budget, element)?;
            if let Some(text) = bare(element) {
                value.insert(key.into(), text.into());
            }
        }
        // An item that nobody names still stands inside the one around it.
        let under = around.map(|a| (a, name.unwrap_or_else(|| "@inside".into())));
        // <a itemprop="author" itemscope href="…">
        if let Some(href) = element.attribute("href") {
            value.insert("url".into(), href.trim().into());
        }
        let number = self.items.len();
        self.open.push(Open { end: element.end(), scope: Scope::Item(number) });
        self.items.push(Item { value, at: element.index(), under });
        if let Some(ids) = element.attribute("itemref").filter(|_| self.references > 0) {
            self.refer(&ids, number);
        }
        Ok(())
    }
}

/// What is left for reading texts after this element's.
fn spend(budget: usize, element: &Element<'_>) -> Result<usize, SourceProblem> {
    budget.checked_sub(element.end() - element.index()).ok_or_else(overdone)
}

fn overdone() -> SourceProblem {
    answer::malformed("The page marks the same words up over and over; it is not made for reading.")
}

/// The property that the words of an item stand for where it has none of its own:
/// `<span itemprop="author" itemscope>Name</span>`.
fn wrapped(names: &str) -> Option<&'static str> {
    match names.split_ascii_whitespace().find_map(known)? {
        "author" | "itemReviewed" => Some("name"),
        "reviewRating" => Some("ratingValue"),
        _ => None,
    }
}

/// The words of an item that marks none of them up.
fn bare(element: &Element<'_>) -> Option<String> {
    let marked = |e: Element<'_>| Found::of(&e).names.is_some_and(|n| !n.is_empty());
    if element.descendants().any(marked) {
        return None;
    }
    let shown = ["content", "title"].iter().find_map(|name| element.attribute(name));
    let text = shown.map_or_else(|| element.text(), |t| t.trim().to_owned());
    (!text.is_empty() && text.len() <= LONGEST_BARE).then_some(text)
}

/// What an element's attributes say.
struct Found {
    opens: bool,
    /// By `rel`, which names what stands inside.
    relation: bool,
    names: Option<String>,
    kind: Option<String>,
}

impl Found {
    fn of(element: &Element<'_>) -> Self {
        let mut found = Self { opens: false, relation: false, names: None, kind: None };
        let mut relation = None;
        for (name, value) in element.attributes().iter() {
            let is = |other: &str| name.eq_ignore_ascii_case(other);
            if is("itemscope") {
                found.opens = true;
            } else if is("itemtype") || is("typeof") {
                found.kind = Some(value.to_owned());
                found.opens |= is("typeof");
            } else if is("itemprop") || is("property") {
                found.names = Some(value.to_owned()).filter(|v| !v.trim().is_empty());
            } else if is("rel") && value.contains(':') {
                relation = Some(value.to_owned());
            }
        }
        if found.names.is_none() && relation.is_some() {
            found.names = relation;
            found.relation = true;
        }
        found
    }
}

/// Adds a property; several values of one name become a list.
fn put(map: &mut Map<String, Value>, name: &str, value: Value) {
    if value.as_str() == Some("") && map.contains_key(name) {
        return;
    }
    match map.get_mut(name) {
        None => {
            map.insert(name.to_owned(), value);
        }
        Some(Value::Array(list)) => list.push(value),
        // An empty first value gives way.
        Some(there) if there.as_str() == Some("") => *there = value,
        Some(there) => *there = Value::Array(vec![there.take(), value]),
    }
}

/// Puts items into those they belong to, from the last to the first, so that each is whole before it is put away.
fn nested(items: Vec<Item>) -> Vec<Value> {
    let mut slots: Vec<Option<Item>> = items.into_iter().map(Some).collect();
    let mut inside: Vec<Vec<(String, Value)>> = (0..slots.len()).map(|_| Vec::new()).collect();
    let mut outer = Vec::new();
    for index in (0..slots.len()).rev() {
        let Some(mut item) = slots[index].take() else { continue };
        for (name, value) in std::mem::take(&mut inside[index]).into_iter().rev() {
            put(&mut item.value, &name, value);
        }
        let value = Value::Object(item.value);
        match item.under {
            Some((parent, names)) => {
                let name = names.split_ascii_whitespace().find_map(known).unwrap_or("@inside");
                inside[parent].push((name.to_owned(), value));
            }
            None => outer.push(value),
        }
    }
    outer.reverse();
    outer
}
