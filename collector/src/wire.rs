//! A request to make and an answer received, as plain data: what connectors ask for and read, what `fetch` carries out
//! and what captures keep. It knows no HTTP library and does no IO.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The methods that connectors need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verb {
    /// Read.
    #[default]
    Get,
    /// Ask with a body.
    Post,
}

/// One request that a connector wants made. Headers, user names and queries may carry credentials, so `Debug` leaves
/// them out.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// How.
    pub verb: Verb,
    /// Absolute address.
    pub url: String,
    /// Extra headers, names in lower case. Never stored with a capture.
    pub headers: Vec<(String, String)>,
    /// Body of a POST.
    pub body: Option<String>,
    /// A public page: robots.txt is asked first.
    pub robots: bool,
    /// What the connector needs to remember between this request and reading its answer (page number, …).
    pub note: Option<String>,
}

impl Request {
    /// A plain GET.
    pub fn get(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.into()));
        self
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Queries and user names may be keys.
        let shown = self.url.split(['?', '#']).next().unwrap_or_default();
        let shown = match shown.split_once("://") {
            Some((scheme, rest)) => {
                let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
                format!("{scheme}://{}/{path}", host.rsplit('@').next().unwrap_or(host))
            }
            None => shown.to_owned(),
        };
        f.debug_struct("Request").field("verb", &self.verb).field("url", &shown).finish_non_exhaustive()
    }
}

/// An answer. The body is decoded from transfer and content encodings, but not from its character set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// HTTP status; 200 for files.
    pub status: u16,
    /// The address that answered, after redirects; empty for files of unknown origin.
    pub url: String,
    /// `Content-Type` as sent, if any.
    pub content_type: Option<String>,
    /// Headers that reading may need (`link`, `retry-after`, `etag`, `last-modified`, `content-language`), names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of that (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}
