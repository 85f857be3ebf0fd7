//! A place in the tree of an answer, read as whatever a type asks for.

use serde::{Deserializer, de::Visitor, forward_to_deserialize_any};
use serde_json::{Map, Value};

use super::{
    Unread,
    parts::{Choice, Entries, Fields, Items},
};

/// A place in the tree.
#[derive(Clone, Copy)]
pub(super) enum Node<'a> {
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

    pub(super) fn items(self) -> Result<Items<'a>, Unread> {
        self.value().as_array().map(|items| Items::new(items)).ok_or(Unread)
    }

    fn object(self) -> Result<&'a Map<String, Value>, Unread> {
        self.value().as_object().ok_or(Unread)
    }

    pub(super) fn fields(self, names: &'static [&'static str]) -> Result<Fields<'a>, Unread> {
        Ok(Fields::new(self.object()?, names))
    }

    fn choice(self, names: &'static [&'static str]) -> Result<Choice<'a>, Unread> {
        let (name, content) = match self {
            Node::Value(Value::Object(object)) => {
                let (name, content) = object.iter().next().filter(|_| object.len() == 1).ok_or(Unread)?;
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
                Value::Array(items) => visitor.visit_seq(Items::new(items)),
                Value::Object(object) => visitor.visit_map(Entries::new(object)),
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
        visitor.visit_map(Entries::new(self.object()?))
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
