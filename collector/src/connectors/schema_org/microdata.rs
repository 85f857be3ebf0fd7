//! Microdata and RDFa as the same items that JSON-LD gives: `itemscope` or `typeof` opens an item, `itemprop`, `property` or
//! `rel` names what belongs to the item around it. The older data-vocabulary.org words are translated.

use std::collections::{HashMap, HashSet, VecDeque};

use goodword_shared::problem::SourceProblem;
use serde_json::{Map, Value};

use crate::reading::{
    answer, dates,
    tree::{Element, Tree},
};

/// The text of properties may be read at most so many times the page's own length: a page that nests the same property into
/// itself a thousand times is not made for reading.
const REREAD: usize = 12;

/// Names and ratings are no longer, bytes.
const LONGEST_BARE: usize = 200;

/// Properties whose value is an address rather than the words of a link.
const ADDRESSES: [&str; 7] = ["url", "sameas", "image", "mainentityofpage", "logo", "thumbnailurl", "photo"];

/// Properties that are dates: pages put the exact one into `datetime` or `title` of whatever element.
const DATES: [&str; 3] = ["datePublished", "dateCreated", "dateModified"];

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
    /// Where it belongs: item and property.
    under: Option<(usize, String)>,
}

/// How many places that items refer to are read, over the whole page.
const REFERENCES: usize = 500;

/// How many items may refer to one place.
const SHARED: usize = 50;

/// The outermost items of a page, and whether the page ends inside one of several.
pub fn items(tree: &Tree<'_>) -> Result<(Vec<Value>, bool), SourceProblem> {
    let mut walk = Walk {
        items: Vec::new(),
        open: Vec::new(),
        waiting: VecDeque::new(),
        budget: REREAD * tree.len() + 1_000,
    };
    let elsewhere = referred(tree);
    let places: HashSet<usize> = elsewhere.values().map(Element::index).collect();
    let mut behind = 0;
    for element in tree.elements() {
        // What an item elsewhere refers to belongs there, and is read with it.
        if element.index() < behind {
            continue;
        }
        if places.contains(&element.index()) {
            behind = element.end();
            continue;
        }
        walk.meet(&element)?;
    }
    // A page whose last item is left open together with everything around it was cut off there.
    let open_item = |o: &Open| matches!(&o.scope, Scope::Item(i) if walk.items[*i].under.is_some());
    let cut = tree.is_cut() && walk.open.iter().any(|o| o.end == tree.len() && open_item(o));
    let mut read = 0;
    while let Some((item, id)) = walk.waiting.pop_front() {
        let Some(place) = elsewhere.get(&id).filter(|_| read < REFERENCES) else { continue };
        read += 1;
        walk.open = vec![Open { end: place.end(), scope: Scope::Item(item) }];
        walk.meet(place)?;
        for element in place.descendants() {
            walk.meet(&element)?;
        }
    }
    Ok((nested(walk.items), cut))
}

/// The elements that items on the page refer to by `itemref`, by their ids. One that holds the item itself is not among them.
fn referred<'t>(tree: &'t Tree<'t>) -> HashMap<String, Element<'t>> {
    let mut wanted: HashMap<String, Vec<Element<'t>>> = HashMap::new();
    for element in tree.elements().filter(|e| e.attributes().as_str().contains("itemref")) {
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
            found.entry(id).or_insert(element);
        }
    }
    found
}

/// The items found so far, and where the reading stands.
struct Walk {
    items: Vec<Item>,
    open: Vec<Open>,
    /// Items that go on elsewhere, and the ids of those places.
    waiting: VecDeque<(usize, String)>,
    budget: usize,
}

impl Walk {
    /// Reads one element, in document order.
    fn meet(&mut self, element: &Element<'_>) -> Result<(), SourceProblem> {
        while self.open.last().is_some_and(|o| o.end <= element.index()) {
            self.open.pop();
        }
        if element.attributes().as_str().is_empty() {
            return Ok(());
        }
        let found = Found::of(element);
        if !found.opens && found.names.is_none() {
            return Ok(());
        }
        let around = self.open.iter().rev().find_map(|o| match &o.scope {
            Scope::Item(i) => Some(*i),
            Scope::Relation(_) => None,
        });
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
        if let Some(ids) = element.attribute("itemref") {
            let ids = ids.split_ascii_whitespace().take(REFERENCES);
            self.waiting.extend(ids.map(|id| (number, id.to_owned())));
        }
        self.open.push(Open { end: element.end(), scope: Scope::Item(number) });
        self.items.push(Item { value, under });
        Ok(())
    }
}

/// What is left for reading texts after this element's.
fn spend(budget: usize, element: &Element<'_>) -> Result<usize, SourceProblem> {
    budget.checked_sub(element.end() - element.index()).ok_or_else(|| {
        answer::malformed("The page marks the same words up over and over; it is not made for reading.")
    })
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

/// The property's name in schema.org's words and letters, if it is one that reviews need.
fn known(name: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 40] = [
        ("review", "review"),
        ("reviews", "review"),
        ("hasreview", "review"),
        ("author", "author"),
        ("reviewer", "author"),
        ("creator", "author"),
        ("reviewbody", "reviewBody"),
        ("description", "description"),
        ("summary", "name"),
        ("name", "name"),
        ("headline", "headline"),
        ("text", "text"),
        ("commenttext", "text"),
        ("datepublished", "datePublished"),
        ("datecreated", "dateCreated"),
        ("publishdate", "datePublished"),
        ("dtreviewed", "datePublished"),
        ("datemodified", "dateModified"),
        ("reviewrating", "reviewRating"),
        ("rating", "reviewRating"),
        ("ratingvalue", "ratingValue"),
        ("value", "ratingValue"),
        ("average", "ratingValue"),
        ("bestrating", "bestRating"),
        ("best", "bestRating"),
        ("worstrating", "worstRating"),
        ("worst", "worstRating"),
        ("aggregaterating", "aggregateRating"),
        ("reviewcount", "reviewCount"),
        ("ratingcount", "ratingCount"),
        ("votes", "ratingCount"),
        ("count", "reviewCount"),
        ("itemreviewed", "itemReviewed"),
        ("about", "about"),
        ("url", "url"),
        ("inlanguage", "inLanguage"),
        ("givenname", "givenName"),
        ("familyname", "familyName"),
        ("identifier", "identifier"),
        ("sku", "sku"),
    ];
    let local = name.rsplit(['/', ':', '#']).next().unwrap_or(name);
    NAMES.iter().find(|(n, _)| n.eq_ignore_ascii_case(local)).map(|(_, k)| *k)
}

fn value_of(element: &Element<'_>, name: &str) -> Value {
    if let Some(content) = element.attribute("content").filter(|c| !c.trim().is_empty()) {
        return content.trim().into();
    }
    let attribute = match () {
        () if element.is("time") => element.attribute("datetime"),
        () if DATES.contains(&name) && element.attribute("datetime").is_some() => {
            element.attribute("datetime")
        }
        () if element.is("data") || element.is("meter") => element.attribute("value"),
        () if element.is("img") => element.attribute("alt").filter(|_| name != "url"),
        () if element.is("abbr") => element.attribute("title"),
        () if element.is("link") => element.attribute("href"),
        () if ADDRESSES.contains(&name) => element.attribute("href").or_else(|| element.attribute("src")),
        () => None,
    };
    if let Some(value) = attribute.filter(|value| !value.trim().is_empty()) {
        return value.trim().into();
    }
    let text = element.text();
    // "3 days ago", with the day in the title.
    if DATES.contains(&name)
        && dates::parse(&text).is_none()
        && let Some(title) = element.attribute("title").filter(|t| dates::parse(t).is_some())
    {
        return title.trim().into();
    }
    // Old pages put the value into a title and draw stars.
    let shown = if text.is_empty() { element.attribute("title").map(|t| t.trim().to_owned()) } else { None };
    let text = shown.unwrap_or(text);
    match element.attribute("href").filter(|_| name == "author" && element.is("a")) {
        Some(href) => serde_json::json!({ "name": text, "url": href.trim() }),
        None => text.into(),
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
