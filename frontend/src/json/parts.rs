//! What a place in the tree of an answer consists of: fields, items, entries, the choice of a variant.

use serde::de::{DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::{Map, Value};

use super::{Unread, WHERE, node::Node};

/// The fields of a struct in its own order, each looked up by its name.
pub(super) struct Fields<'a> {
    object: &'a Map<String, Value>,
    /// Those not yet looked up.
    names: &'static [&'static str],
    name: &'static str,
    found: Node<'a>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(object: &'a Map<String, Value>, names: &'static [&'static str]) -> Self {
        Self { object, names, name: "", found: Node::Absent }
    }

    #[inline(never)]
    fn look_up(&mut self) {
        // Whatever could not be read before had a default, else nobody would go on.
        WHERE.set("");
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
pub(super) struct Items<'a>(std::slice::Iter<'a, Value>);

impl<'a> Items<'a> {
    pub(super) fn new(items: &'a [Value]) -> Self {
        Self(items.iter())
    }
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Unread;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unread> {
        self.0.next().map(|item| seed.deserialize(Node::Value(item))).transpose()
    }
}

/// The entries of a map.
pub(super) struct Entries<'a> {
    rest: serde_json::map::Iter<'a>,
    value: Node<'a>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(object: &'a Map<String, Value>) -> Self {
        Self { rest: object.iter(), value: Node::Absent }
    }
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
pub(super) struct Choice<'a> {
    pub(super) place: u64,
    pub(super) content: Node<'a>,
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
