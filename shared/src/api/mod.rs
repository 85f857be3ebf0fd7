//! Every call of the HTTP API, declared once: method, path, query, body, answer. The collector mounts `E::PATH`,
//! the dashboard calls `call::<E>()`; a path or a field exists here and nowhere else.

use serde::{Serialize, de::DeserializeOwned};

pub mod access;
pub mod alerts;
pub mod cases;
pub mod customers;
pub mod doubts;
pub mod insights;
pub mod kin;
pub mod learning;
pub mod mentions;
pub mod promoters;
pub mod records;
pub mod replies;
pub mod session;
pub mod settings;
pub mod sources;
pub mod today;

/// The HTTP methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or does something.
    Post,
    /// Replaces.
    Put,
    /// Changes in part.
    Patch,
    /// Removes.
    Delete,
}

/// One call. `Path`'s fields fill the `{braces}` of `PATH`; `Query` is the query string; `Body` is JSON (`()` is none).
pub trait Endpoint: 'static {
    /// How.
    const METHOD: Method;
    /// Where, with `{name}` for each field of [`Endpoint::Path`].
    const PATH: &'static str;
    /// What it does, for the API document.
    const SUMMARY: &'static str;
    /// Fields of the path: a struct of text fields, or `()`.
    type Path: Serialize + DeserializeOwned + Send + 'static;
    /// The query string: a struct, or `()`.
    type Query: Serialize + DeserializeOwned + Send + 'static;
    /// The JSON body, or `()`.
    type Body: Serialize + DeserializeOwned + Send + 'static;
    /// The JSON answer, or `()`.
    type Response: Serialize + DeserializeOwned + Send + 'static;
}

/// Server-sent events: a GET that answers `text/event-stream`; each event's data is a JSON [`crate::alert::Event`].
pub const EVENTS: &str = "/api/v1/events";

/// Declares an endpoint: `endpoint!(Name, Get "/path", "summary", path: P, query: Q, body: B => Response)`.
macro_rules! endpoint {
    ($(#[$doc:meta])* $name:ident, $method:ident $path:literal, $summary:literal,
     path: $p:ty, query: $q:ty, body: $b:ty => $r:ty) => {
        #[doc = $summary]
        pub enum $name {}
        impl $crate::api::Endpoint for $name {
            const METHOD: $crate::api::Method = $crate::api::Method::$method;
            const PATH: &'static str = $path;
            const SUMMARY: &'static str = $summary;
            type Path = $p;
            type Query = $q;
            type Body = $b;
            type Response = $r;
        }
    };
}
pub(crate) use endpoint;

/// The path field of calls about one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct ById {
    /// Its id.
    pub id: String,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// How many there are in all.
    pub total: u64,
    /// Rows left out before these.
    pub offset: u64,
}

/// Fills the braces of an endpoint's path from its path fields, percent-encoded.
pub fn path_of<E: Endpoint>(path: &E::Path) -> String {
    let fields = serde_json::to_value(path).unwrap_or_default();
    let mut out = String::with_capacity(E::PATH.len() + 40);
    let mut rest = E::PATH;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        if let Some(text) = fields.get(name).and_then(|v| v.as_str()) {
            percent_encode(text, &mut out);
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn percent_encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_fields_fill_the_braces_encoded() {
        let path = path_of::<cases::GetCase>(&ById { id: "a/b ü".into() });
        assert_eq!(path, "/api/v1/cases/a%2Fb%20%C3%BC");
    }
}
