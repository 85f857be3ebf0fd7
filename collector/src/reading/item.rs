//! JSON that borrows from the text it was read from: strings without escapes are not copied, and an object is one short sorted
//! list. Reading a page's JSON-LD into it costs a fraction of what a tree of maps costs. It knows no platform.

use std::{borrow::Cow, cell::Cell, fmt};

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

/// Values in one value that is read, of which a page may have several. More is no page for people, and would fill the memory.
const MOST: u32 = 400_000;
/// In objects of fewer members looking at each is quicker than halving.
const FEW: usize = 12;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Item<'t> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Truth(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(Cow<'t, str>),
    /// A list.
    List(Vec<Item<'t>>),
    /// An object.
    Object(Members<'t>),
}

/// An object's members by name; of two with the same name the later one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members<'t>(Vec<(Cow<'t, str>, Item<'t>)>);

impl<'t> Members<'t> {
    fn of(mut members: Vec<(Cow<'t, str>, Item<'t>)>) -> Self {
        // The sort is stable: of the same names the later one comes later, and replaces the one before.
        members.sort_by(|a, b| a.0.cmp(&b.0));
        members.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(&mut earlier.1, &mut later.1);
            }
            same
        });
        Self(members)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The member of that name.
    pub fn get(&self, name: &str) -> Option<&Item<'t>> {
        if self.0.len() <= FEW {
            return self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value);
        }
        self.0.binary_search_by(|(own, _)| (**own).cmp(name)).ok().map(|at| &self.0[at].1)
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Item<'t>)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }
}

impl<'t> Item<'t> {
    /// The same without borrowing.
    pub fn into_owned(self) -> Item<'static> {
        match self {
            Item::Null => Item::Null,
            Item::Truth(truth) => Item::Truth(truth),
            Item::Number(number) => Item::Number(number),
            Item::Text(text) => Item::Text(Cow::Owned(text.into_owned())),
            Item::List(list) => Item::List(list.into_iter().map(Item::into_owned).collect()),
            Item::Object(members) => {
                let owned = |(name, value): (Cow<'_, str>, Item<'_>)| {
                    (Cow::Owned(name.into_owned()), value.into_owned())
                };
                Item::Object(Members(members.0.into_iter().map(owned).collect()))
            }
        }
    }

    /// The same with other names for all members in it.
    pub fn renamed(self, rename: fn(Cow<'t, str>) -> Cow<'t, str>) -> Self {
        match self {
            Item::List(list) => Item::List(list.into_iter().map(|item| item.renamed(rename)).collect()),
            Item::Object(members) => {
                let members = members.0.into_iter().map(|(name, item)| (rename(name), item.renamed(rename)));
                Item::Object(Members::of(members.collect()))
            }
            other => other,
        }
    }

    /// The member of that name; null counts as absent.
    pub fn at(&self, name: &str) -> Option<&Self> {
        match self {
            Item::Object(members) => members.get(name).filter(|value| **value != Item::Null),
            _ => None,
        }
    }

    /// Whether there is such a member that is not null.
    pub fn has(&self, name: &str) -> bool {
        self.at(name).is_some()
    }

    /// A string.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Item::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it holds others.
    pub fn is_nested(&self) -> bool {
        matches!(self, Item::List(_) | Item::Object(_))
    }

    /// A list's values, or the value itself as the only one.
    pub fn as_list(&self) -> &[Self] {
        match self {
            Item::List(list) => list,
            one => std::slice::from_ref(one),
        }
    }

    /// A member that is a string, not trimmed; empty ones count as absent.
    pub fn str(&self, name: &str) -> Option<&str> {
        self.at(name)?.as_text().filter(|text| !text.is_empty())
    }

    /// A member that is a whole number, also where it stands in quotes.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.at(name)? {
            #[expect(clippy::cast_possible_truncation, reason = "as casts saturate; counts are far below")]
            Item::Number(n) => n.as_i64().or_else(|| n.as_f64().map(|f| f as i64)),
            Item::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

impl From<Value> for Item<'static> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Item::Null,
            Value::Bool(truth) => Item::Truth(truth),
            Value::Number(number) => Item::Number(number),
            Value::String(text) => Item::Text(Cow::Owned(text)),
            Value::Array(list) => Item::List(list.into_iter().map(Item::from).collect()),
            Value::Object(map) => {
                Item::Object(Members::of(map.into_iter().map(|(k, v)| (Cow::Owned(k), v.into())).collect()))
            }
        }
    }
}

/// Reads one value and what is in it, 400,000 values at most.
impl<'t> Deserialize<'t> for Item<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        Reader { left: &Cell::new(MOST) }.deserialize(deserializer)
    }
}

/// Reads one value, and counts those that may still be read.
#[derive(Clone, Copy)]
struct Reader<'c> {
    left: &'c Cell<u32>,
}

impl<'t> DeserializeSeed<'t> for Reader<'_> {
    type Value = Item<'t>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Item<'t>, D::Error> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| D::Error::custom("too many values"))?;
        self.left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Reader<'_> {
    type Value = Item<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Item<'t>, E> {
        Ok(Item::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Item<'t>, E> {
        Ok(Item::Truth(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Item<'t>, E> {
        Ok(Item::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Item<'t>, E> {
        Ok(Item::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Item<'t>, E> {
        Ok(Number::from_f64(number).map_or(Item::Null, Item::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<Item<'t>, E> {
        Ok(Item::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Item<'t>, E> {
        Ok(Item::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut seq: A) -> Result<Item<'t>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Item::List(list))
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Item<'t>, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key_seed(Name)? {
            members.push((name, map.next_value_seed(self)?));
        }
        Ok(Item::Object(Members::of(members)))
    }
}

/// Reads a member's name.
struct Name;

impl<'t> DeserializeSeed<'t> for Name {
    type Value = Cow<'t, str>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Cow<'t, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'t> Visitor<'t> for Name {
    type Value = Cow<'t, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<Cow<'t, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'t, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> serde_json::Result<Item<'_>> {
        serde_json::from_str(text)
    }

    #[test]
    fn it_reads_what_the_usual_tree_reads() {
        for text in [
            r#"{"b":[1,-2,2.5,1e3,null,true,"x"],"a":{"é":"plain","esc":"a\n\"b\" \u00e9 \\"},"":{}}"#,
            r#"{"a":1,"b":2,"a":{"late":true},"c":[],"a\u0062":0,"ab":"second"}"#,
            "[]",
            "\"alone\"",
            "18446744073709551615",
        ] {
            let value: Value = serde_json::from_str(text).expect("JSON");
            assert_eq!(parse(text).expect("JSON"), Item::from(value), "{text}");
        }
        for text in ["", "{", "[1,]", "{\"a\"}", "1 2", "{\"a\":1}}", "nul"] {
            assert!(parse(text).is_err() && serde_json::from_str::<Value>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn plain_strings_are_not_copied() {
        let Ok(Item::List(list)) = parse(r#"["plain","esc\"aped"]"#) else { panic!("a list") };
        assert!(matches!(list[0], Item::Text(Cow::Borrowed("plain"))));
        assert!(matches!(&list[1], Item::Text(Cow::Owned(text)) if text == "esc\"aped"));
    }

    #[test]
    fn members_are_found_in_small_and_large_objects() {
        for count in [3, 40] {
            let text = (0..count).map(|n| format!("\"k{n}\":{n}")).collect::<Vec<_>>().join(",");
            let text = format!("{{{text}}}");
            let item = parse(&text).expect("JSON");
            assert!((0..count).all(|n| item.int(&format!("k{n}")) == Some(n)));
            assert!(!item.has("k") && !item.has("k99"));
        }
    }

    #[test]
    fn what_only_fills_memory_is_refused() {
        let text = format!("[{}1]", "1,".repeat(MOST as usize));
        assert!(parse(&text).is_err());
    }
}
