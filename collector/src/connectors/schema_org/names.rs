//! Properties under their full names, as expanded JSON-LD and pages with a prefix of their own write them, under the usual ones.

use serde_json::Value;

/// What stands before a name.
const BEFORE: [&str; 3] = ["schema:", "http://schema.org/", "https://schema.org/"];

/// Whether a block may hold such names.
pub fn are_long(block: &str) -> bool {
    ["\"schema:", "schema.org/review"]
        .iter()
        .any(|mark| memchr::memmem::find(block.as_bytes(), mark.as_bytes()).is_some())
}

/// The same with short names.
pub fn shortened(value: Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(shortened).collect(),
        Value::Object(map) => map
            .into_iter()
            .map(|(name, value)| {
                let short = BEFORE.iter().find_map(|before| name.strip_prefix(before)).map(str::to_owned);
                (short.unwrap_or(name), shortened(value))
            })
            .collect(),
        other => other,
    }
}
