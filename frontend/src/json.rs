//! Reading answers: JSON text into the types of `shared`, in as little program as will do.
//!
//! What serde derives for a type is compiled once for every type and every way of reading, and was a fifth of all that
//! a browser had to fetch. This reader takes the shortest of these ways: the text becomes a tree first, fields are
//! looked up by name and handed over in the type's own order, variants by their place in the list, and an error
//! carries nothing (the first field that could not be read is remembered beside it). It knows no type and no endpoint.

use std::cell::Cell;

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, EnumAccess, Error, Expected, MapAccess, SeqAccess, Unexpected,
        VariantAccess, Visitor,
    },
    forward_to_deserialize_any,
};
use serde_json::{Map, Value};

thread_local! {
    /// The first field that could not be read. Kept aside, because every field of every type would carry it along.
    static WHERE: Cell<&'static str> = const { Cell::new("") };
}

/// A value from its text.
///
/// # Errors
/// The name of the first field that is not what the type promises; empty where the whole is not.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, &'static str> {
    let tree = parse(text)?;
    T::deserialize(Node::Value(&tree)).map_err(|Unread| WHERE.get())
}

fn parse(text: &str) -> Result<Value, &'static str> {
    WHERE.set("");
    serde_json::from_str(text).map_err(|_| "")
}

/// It could not be read.
#[derive(Debug)]
struct Unread;

impl std::fmt::Display for Unread {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Unread {}

impl Error for Unread {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Unread
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Unread
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Unread
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Unread
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Unread
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Unread
    }

    fn missing_field(_: &'static str) -> Self {
        Unread
    }

    fn duplicate_field(_: &'static str) -> Self {
        Unread
    }
}

/// A place in the tree.
#[derive(Clone, Copy)]
enum Node<'a> {
    /// A field that is not there.
    Absent,
    /// A name in a map.
    Name(&'a str),
    /// Which of an enum's variants, counted from 0.
    Variant(u64),
    /// A value.
    Value(&'a Value),
}

impl<'a> Node<'a> {
    fn text(self) -> Result<&'a str, Unread> {
        match self {
            Node::Name(text) => Ok(text),
            Node::Value(Value::String(text)) => Ok(text),
            _ => Err(Unread),
        }
    }

    fn count(self) -> Result<u64, Unread> {
        match self {
            Node::Name(text) => text.parse().ok(),
            other => other.value().as_u64(),
        }
        .ok_or(Unread)
    }

    fn value(self) -> &'a Value {
        match self {
            Node::Value(value) => value,
            _ => &Value::Null,
        }
    }

    fn items(self) -> Result<Items<'a>, Unread> {
        self.value().as_array().map(|items| Items(items.iter())).ok_or(Unread)
    }

    fn object(self) -> Result<&'a Map<String, Value>, Unread> {
        self.value().as_object().ok_or(Unread)
    }

    fn fields(self, names: &'static [&'static str]) -> Result<Fields<'a>, Unread> {
        Ok(Fields { object: self.object()?, names, name: "", found: Node::Absent })
    }

    fn choice(self, names: &'static [&'static str]) -> Result<Choice<'a>, Unread> {
        let (name, content) = match self {
            Node::Value(Value::Object(object)) => {
                let (name, content) = object.iter().next().ok_or(Unread)?;
                (name.as_str(), Node::Value(content))
            }
            other => (other.text()?, Node::Absent),
        };
        let place = names.iter().position(|known| *known == name).ok_or(Unread)?;
        Ok(Choice { place: place as u64, content })
    }
}

/// What is read as something wider: the type's own visitor says whether it fits.
macro_rules! read_as {
    ($($narrow:ident => $wide:ident,)*) => {
        $(fn $narrow<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
            self.$wide(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self {
            Node::Absent => visitor.visit_unit(),
            Node::Name(name) => visitor.visit_str(name),
            Node::Variant(place) => visitor.visit_u64(place),
            Node::Value(value) => match value {
                Value::Null => visitor.visit_unit(),
                Value::Bool(it) => visitor.visit_bool(*it),
                Value::Number(number) => match number.as_i64() {
                    Some(whole) => visitor.visit_i64(whole),
                    None => visitor.visit_f64(number.as_f64().unwrap_or_default()),
                },
                Value::String(text) => visitor.visit_str(text),
                Value::Array(items) => visitor.visit_seq(Items(items.iter())),
                Value::Object(object) => {
                    visitor.visit_map(Entries { rest: object.iter(), value: Node::Absent })
                }
            },
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_bool(self.value().as_bool().ok_or(Unread)?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_u64(self.count()?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_i64(self.value().as_i64().ok_or(Unread)?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_f64(self.value().as_f64().ok_or(Unread)?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self {
            Node::Variant(place) => visitor.visit_u64(place),
            other => visitor.visit_str(other.text()?),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.value() {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_map(Entries { rest: self.object()?.iter(), value: Node::Absent })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        visitor.visit_seq(self.fields(names)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        visitor.visit_enum(self.choice(names)?)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_unit()
    }

    read_as! {
        deserialize_u8 => deserialize_u64,
        deserialize_u16 => deserialize_u64,
        deserialize_u32 => deserialize_u64,
        deserialize_i8 => deserialize_i64,
        deserialize_i16 => deserialize_i64,
        deserialize_i32 => deserialize_i64,
        deserialize_f32 => deserialize_f64,
        deserialize_string => deserialize_str,
    }

    forward_to_deserialize_any! { char bytes byte_buf unit_struct }
}

/// The fields of a struct in its own order, each looked up by its name.
struct Fields<'a> {
    object: &'a Map<String, Value>,
    /// Those not yet looked up.
    names: &'static [&'static str],
    name: &'static str,
    found: Node<'a>,
}

impl Fields<'_> {
    #[inline(never)]
    fn look_up(&mut self) {
        let Some((name, rest)) = self.names.split_first() else { return };
        (self.name, self.names) = (name, rest);
        self.found = self.object.get(*name).map_or(Node::Absent, Node::Value);
    }

    /// Whether it is a fault that the field just looked up could not be read: what is absent may have a default.
    #[inline(never)]
    fn fault(&self) -> bool {
        if WHERE.get().is_empty() {
            WHERE.set(self.name);
        }
        !matches!(self.found, Node::Absent)
    }
}

impl<'de> SeqAccess<'de> for Fields<'de> {
    type Error = Unread;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unread> {
        self.look_up();
        match seed.deserialize(self.found) {
            Ok(value) => Ok(Some(value)),
            Err(Unread) if self.fault() => Err(Unread),
            Err(Unread) => Ok(None),
        }
    }
}

/// The items of a list.
struct Items<'a>(std::slice::Iter<'a, Value>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Unread;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unread> {
        self.0.next().map(|item| seed.deserialize(Node::Value(item))).transpose()
    }
}

/// The entries of a map.
struct Entries<'a> {
    rest: serde_json::map::Iter<'a>,
    value: Node<'a>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Unread;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unread> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = Node::Value(value);
        seed.deserialize(Node::Name(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unread> {
        seed.deserialize(self.value)
    }
}

/// One of an enum's variants, with what belongs to it.
struct Choice<'a> {
    place: u64,
    content: Node<'a>,
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = Unread;
    type Variant = Node<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Node<'de>), Unread> {
        Ok((seed.deserialize(Node::Variant(self.place))?, self.content))
    }
}

impl<'de> VariantAccess<'de> for Node<'de> {
    type Error = Unread;

    fn unit_variant(self) -> Result<(), Unread> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unread> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_seq(self.items()?)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        visitor.visit_seq(self.fields(names)?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use goodword_shared::{
        Label, Problem,
        alert::{Event, Rule},
        customer::Customer,
        settings::Settings,
        source::{Field, FieldType, StorageRule, Values},
    };
    use serde_json::json;

    use super::*;

    /// What this reader makes of a value must be what serde's own makes of it.
    fn same<T: DeserializeOwned + std::fmt::Debug + PartialEq>(value: Value) -> T {
        let ours: T = read(&value.to_string()).expect("ours reads it");
        let theirs: T = serde_json::from_value(value).expect("serde's own reads it");
        assert_eq!(ours, theirs);
        ours
    }

    #[test]
    fn fields_come_by_name_and_absent_ones_by_default() {
        let field: Field = same(json!({
            "unknown": [1, {"a": null}], "required": true, "help": "", "label": "Shop", "name": "shop",
            "kind": {"type": "number", "max": 9, "min": -2},
        }));
        assert_eq!((field.kind, field.default), (FieldType::Number { min: -2, max: 9 }, None));
        same::<FieldType>(json!({"type": "choice", "options": [["de", "German"], ["en", "English"]]}));
        same::<FieldType>(json!({"type": "toggle"}));
        same::<Problem>(json!({"type": "not-found", "title": "Not found", "status": 404}));
        assert_eq!(same::<Settings>(json!({"promise_hours": 2})).business, Settings::default().business);
    }

    #[test]
    fn variants_are_read_with_and_without_what_belongs_to_them() {
        assert_eq!(same::<StorageRule>(json!({"rule": "days", "days": 30})), StorageRule::Days(30));
        assert_eq!(same::<StorageRule>(json!({"rule": "follow_deletion"})), StorageRule::FollowDeletion);
        same::<Event>(json!({"type": "mentions", "new": 3, "source": "Feed"}));
        same::<Event>(json!({"type": "changed", "what": "cases"}));
        let _ = same::<Result<u8, (i64, f64)>>(json!({"Err": [-1, 2]}));
        same::<Vec<Option<bool>>>(json!([true, null, false]));
    }

    #[test]
    fn maps_and_flattened_facts_are_read() {
        let values: Values = same(json!({"b": "2", "a": "1"}));
        assert_eq!(values, BTreeMap::from([("a".into(), "1".into()), ("b".into(), "2".into())]));
        same::<BTreeMap<u16, u32>>(json!({"200": 3, "304": 1}));
        same::<HashMap<Label, bool>>(json!({"negative": true}));
        let customer: Customer = same(json!({
            "id": "c1", "name": "Ann Ogun", "created_at": "2026-03-01T10:00:00Z", "tags": ["regular"],
        }));
        assert_eq!(customer.facts.tags, ["regular"]);
        same::<Rule>(json!({
            "id": "r1", "name": "All", "enabled": true, "labels": ["negative"], "rating_at_most": 0.4,
            "connectors": [], "themes": [], "severity_at_least": null, "channels": ["a"], "fired_30_days": 7,
        }));
    }

    #[test]
    fn what_is_not_as_promised_is_named_by_the_innermost_field() {
        let wrong = json!({"name": "a", "label": "", "help": "", "required": 3, "kind": {"type": "text"}});
        assert_eq!(read::<Field>(&wrong.to_string()), Err("required"));
        assert_eq!(read::<Field>("{\"name\":\"a\"}"), Err("label"));
        assert_eq!(read::<Vec<StorageRule>>("[{\"rule\":\"for ever\"}]"), Err("rule"));
        assert_eq!(read::<StorageRule>("{\"rule\":\"days\"}"), Err("days"));
        assert_eq!(read::<u32>("-1"), Err(""));
        assert_eq!(read::<Vec<u32>>("{not json"), Err(""));
        assert_eq!(read::<u8>("300"), Err(""));
    }
}
