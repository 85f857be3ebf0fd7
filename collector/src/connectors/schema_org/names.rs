//! Properties under their full names, as expanded JSON-LD and pages with a prefix of their own write them, under the usual ones.

use std::borrow::Cow;

use crate::reading::item::Item;

/// What stands before a name.
const BEFORE: [&str; 3] = ["schema:", "http://schema.org/", "https://schema.org/"];

/// Whether a block may hold such names.
pub fn are_long(block: &str) -> bool {
    ["\"schema:", "schema.org/review"]
        .iter()
        .any(|mark| memchr::memmem::find(block.as_bytes(), mark.as_bytes()).is_some())
}

/// The same with short names.
pub fn shortened(value: Item<'_>) -> Item<'_> {
    value.renamed(|name| match BEFORE.iter().find_map(|before| name.strip_prefix(before)) {
        Some(short) => Cow::Owned(short.to_owned()),
        None => name,
    })
}
