//! One hop of a request, and what the next one may carry: redirects are followed here and not by the HTTP library, because every
//! hop is judged anew. Credentials never leave the origin that they were meant for.

use hyper::header::{HeaderMap, HeaderName, LOCATION};
use url::Url;

use super::{FetchError, address, client::Sent};
use crate::wire::{Request, Verb};

/// Headers that say how to answer and nothing about who asks: they may cross origins.
const HARMLESS: [&str; 2] = ["accept", "accept-language"];

/// Headers of an answer that reading may need.
const KEPT: [&str; 14] = [
    "link",
    "retry-after",
    "etag",
    "last-modified",
    "content-language",
    "cache-control",
    "date",
    "server",
    "www-authenticate",
    "cf-mitigated",
    "x-wp-total",
    "x-wp-totalpages",
    "x-total-count",
    "x-rate-limit",
];

/// What is sent next.
pub(super) struct Hop {
    pub url: Url,
    pub verb: Verb,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
    /// Still at the origin that the connector asked for.
    pub own_origin: bool,
}

impl Hop {
    /// The request as the connector wants it.
    pub fn first(request: &Request, url: &Url) -> Self {
        Self {
            url: url.clone(),
            verb: request.verb,
            headers: request.headers.clone(),
            body: request.body.clone(),
            own_origin: true,
        }
    }

    /// The hop that an answer leads to; none where the answer is the last.
    pub fn next(&self, sent: &Sent) -> Result<Option<Self>, FetchError> {
        let status = sent.status().as_u16();
        if !matches!(status, 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        match text(sent.headers(), &LOCATION) {
            Some(location) => self.redirected(status, &location).map(Some),
            None => Ok(None),
        }
    }

    fn redirected(&self, status: u16, location: &str) -> Result<Self, FetchError> {
        let refuse = |detail| FetchError::Redirect { host: address::place(&self.url), detail };
        let joined =
            self.url.join(location).map_err(|_| refuse("it redirects to something that is no address"))?;
        let mut url = address::parse(joined.as_str())
            .map_err(|_| refuse("it redirects to something that is not a web page"))?;
        if self.url.scheme() == "https" && url.scheme() == "http" {
            return Err(refuse("it redirects from a protected to an open connection"));
        }
        let same = address::same_origin(&self.url, &url);
        // A server may not make us present credentials of its choosing.
        if !(same && url.username() == self.url.username() && url.password() == self.url.password()) {
            url = address::without_user(&url);
        }
        let keeps_body = matches!(status, 307 | 308) && self.verb == Verb::Post;
        if keeps_body && !same && self.body.is_some() {
            return Err(refuse("it wants what we sent to be sent to another host"));
        }
        let headers = self
            .headers
            .iter()
            .filter(|(name, _)| same || HARMLESS.contains(&name.as_str()))
            .filter(|(name, _)| keeps_body || !name.starts_with("content-"))
            .cloned()
            .collect();
        Ok(Self {
            url,
            verb: if keeps_body { Verb::Post } else { Verb::Get },
            headers,
            body: self.body.clone().filter(|_| keeps_body),
            own_origin: self.own_origin && same,
        })
    }
}

/// A header as text; none where it is missing or not text.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The headers that reading may need, several of one name joined by commas.
pub(super) fn kept_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut kept: Vec<(String, String)> = Vec::new();
    for (name, value) in headers {
        let name = name.as_str();
        let wanted = KEPT.contains(&name) || name.starts_with("ratelimit") || name.starts_with("x-ratelimit");
        let Some(value) = value.to_str().ok().filter(|_| wanted) else { continue };
        match kept.iter_mut().find(|(n, _)| n == name) {
            Some((_, joined)) => {
                joined.push_str(", ");
                joined.push_str(value);
            }
            None => kept.push((name.to_owned(), value.to_owned())),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop(url: &str, verb: Verb) -> Hop {
        let request = Request {
            verb,
            body: (verb == Verb::Post).then(|| "q=1".to_owned()),
            ..Request::get(url).header("Authorization", "Bearer secret").header("Accept", "text/html")
        };
        Hop::first(&request, &Url::parse(url).expect("an address"))
    }

    #[test]
    fn a_protected_connection_is_not_given_up() {
        let from = hop("https://shop.example/feed", Verb::Get);
        assert!(from.redirected(301, "http://shop.example/feed").is_err());
        assert!(hop("http://shop.example/", Verb::Get).redirected(301, "https://shop.example/").is_ok());
    }

    #[test]
    fn credentials_stay_with_their_origin() {
        let from = hop("https://me:secret@shop.example/feed", Verb::Get);
        let next = from.redirected(302, "https://me:secret@other.example/x#y").expect("followed");
        assert_eq!(next.url.as_str(), "https://other.example/x");
        assert_eq!(next.headers, [("accept".to_owned(), "text/html".to_owned())]);
        assert!(!next.own_origin);
        let back = next.redirected(302, "https://shop.example/feed").expect("followed");
        assert!(!back.own_origin && back.headers.len() == 1, "what was dropped does not come back");
        let port = from.redirected(302, "https://shop.example:8443/feed").expect("followed");
        assert!(!port.own_origin, "another port is another origin");
        assert_eq!(from.redirected(302, "/new").expect("followed").headers.len(), 2);
    }

    #[test]
    fn a_body_is_not_carried_to_another_host() {
        let from = hop("https://shop.example/token", Verb::Post);
        assert!(from.redirected(307, "https://other.example/").is_err());
        assert_eq!(from.redirected(308, "/v2/token").expect("followed").body.as_deref(), Some("q=1"));
        let see_other = from.redirected(303, "/done").expect("followed");
        assert_eq!((see_other.verb, see_other.body), (Verb::Get, None));
    }

    #[test]
    fn only_the_web_is_followed() {
        let from = hop("http://shop.example/", Verb::Get);
        for to in
            ["file:///etc/passwd", "ftp://shop.example/", "gopher://x/", "http://", "javascript:alert(1)"]
        {
            assert!(from.redirected(302, to).is_err(), "{to}");
        }
    }
}
