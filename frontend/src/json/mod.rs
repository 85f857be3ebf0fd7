//! Reading answers: JSON text into the types of `shared`, in as little program as will do.
//!
//! What serde derives for a type is compiled once for every type and every way of reading, and was a fifth of all that
//! a browser had to fetch. This reader takes the shortest of these ways: the text becomes a tree first, fields are
//! looked up by name and handed over in the type's own order, variants by their place in the list, and an error
//! carries nothing (the first field that could not be read is remembered beside it). It knows no type and no endpoint.

mod node;
mod parts;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use serde::de::{DeserializeOwned, Error, Expected, Unexpected};
use serde_json::Value;

use node::Node;

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
