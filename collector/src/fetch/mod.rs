//! HOW requests are made, politely, once for everything: pace per host, robots.txt, conditional requests, Retry-After, bounded
//! retries, one deadline, a cap on what is read, and no way into private networks. It carries out the plain [`Request`] and hands
//! back the plain [`Response`]; it must not know connectors, mentions or the store.
//!
//! What a log line may say of a request is the host and the status: never the body, a header or the query.

mod address;
mod body;
mod client;
mod dial;
mod error;
mod hop;
mod pace;
mod retry;
mod robots;
mod settings;
mod tunnel;

use std::{sync::Arc, time::Duration};

use goodword_shared::Time;
use hyper::{
    Method,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};
use rand::Rng as _;
use tokio::time::{Instant, timeout_at};
use url::Url;

pub use address::is_public;
pub use dial::{Looking, Lookup, SystemLookup};
pub use error::FetchError;
pub use settings::FetchSettings;
pub use tunnel::{Duplex, Tunnel};

use client::{Client, Sent};

use crate::{
    fold::{content_mark, seed_of},
    wire::{Request, Response, Verb},
};

/// Most redirects of one request.
const MAX_HOPS: usize = 5;

/// What makes the next request for the same address cheap. Kept by the engine, by address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag` as sent, quotes and all.
    pub etag: Option<String>,
    /// `Last-Modified` as sent.
    pub last_modified: Option<String>,
    /// [`content_mark`] of the decoded body: tells an unchanged answer of a server that never says 304.
    pub body_hash: Option<String>,
}

/// What came of a request.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The answer. Refusals (401, 403, 404, 429) are answers too: connectors judge them.
    pub response: Response,
    /// The server said 304, or sent the very body of the last time.
    pub not_modified: bool,
    /// For the next time.
    pub validators: Validators,
    /// Requests that it took: redirects, retries and robots.txt included.
    pub requests_made: u32,
    /// The server asks to be left alone for so long, and it was too long to wait here.
    pub retry_after: Option<Duration>,
}

/// Carries out requests. One for the whole service: the pace of a host is kept here.
pub struct Fetcher {
    settings: FetchSettings,
    /// For the open internet: dials public addresses only.
    guarded: Client,
    /// For the origins of `settings.allow_private` alone.
    trusted: Client,
    /// Finds the addresses of names.
    lookup: Arc<dyn Lookup>,
    pace: pace::Pace,
    robots: robots::Robots,
}

/// One answer on the way: not yet judged.
struct Answer {
    response: Response,
    validators: Validators,
    retry_after: Option<Duration>,
}

impl Fetcher {
    /// A fetcher that asks the system's resolver.
    pub fn new(settings: FetchSettings) -> Result<Self, FetchError> {
        Self::with_lookup(settings, Arc::new(SystemLookup))
    }

    /// A fetcher that asks the given resolver. Whatever it answers, private addresses are not dialled.
    pub fn with_lookup(settings: FetchSettings, lookup: Arc<dyn Lookup>) -> Result<Self, FetchError> {
        Ok(Self {
            guarded: Client::new(&settings, lookup.clone(), dial::Reach::Public)?,
            trusted: Client::new(&settings, lookup.clone(), dial::Reach::Anywhere)?,
            lookup,
            pace: pace::Pace::default(),
            robots: robots::Robots::default(),
            settings,
        })
    }

    /// What it was built with.
    pub fn settings(&self) -> &FetchSettings {
        &self.settings
    }

    /// Carries out one request: waits for the host's turn (`pace` apart, except at the private places that the owner opened; the
    /// wait does not count against the deadline), follows redirects, retries faults of the server or the connection. `now` is only compared with dates that the server sends.
    ///
    /// # Errors
    /// [`FetchError`]; it says what to do and, where the server said so, when to come back.
    pub async fn fetch(
        &self,
        request: &Request,
        pace: Duration,
        validators: Option<&Validators>,
        now: Time,
    ) -> Result<Fetched, FetchError> {
        let url = address::parse(&request.url)?;
        let host = address::place(&url);
        self.settings.check_literal(&url)?;
        if let Some(left) = self.pace.held(&host) {
            return Err(FetchError::Held { host, retry_after: left });
        }
        // A place of the owner's own need not be spared.
        let pace = if self.settings.is_allowed(&url) { Duration::ZERO } else { pace };
        self.pace.turn(&host, pace).await;
        let mut errand = Errand {
            request,
            pace,
            validators: validators.cloned().unwrap_or_default(),
            now,
            deadline: Instant::now() + self.settings.deadline,
            made: 0,
        };
        let outcome = timeout_at(errand.deadline, self.carry_out(&mut errand, &url)).await;
        let made = errand.made;
        let outcome = outcome.unwrap_or(Err(FetchError::Deadline {
            host: host.clone(),
            seconds: self.settings.deadline.as_secs_f64(),
        }));
        match &outcome {
            Ok(answer) => tracing::debug!(host, status = answer.response.status, made, "fetched"),
            Err(error) => tracing::debug!(host, made, %error, "not fetched"),
        }
        let asked_to_wait = match &outcome {
            Ok(answer) => answer.retry_after,
            Err(error) => error.retry_after(),
        };
        if let Some(wait) = asked_to_wait {
            self.pace.hold(&host, wait);
        }
        let answer = outcome?;
        let same_body = answer.response.status == 200
            && answer.validators.body_hash.is_some()
            && answer.validators.body_hash == errand.validators.body_hash;
        Ok(Fetched {
            not_modified: answer.response.status == 304 || same_body,
            response: answer.response,
            validators: answer.validators,
            requests_made: made,
            retry_after: answer.retry_after,
        })
    }

    /// Tries, and tries again where that may help and time is left.
    async fn carry_out(&self, errand: &mut Errand<'_>, url: &Url) -> Result<Answer, FetchError> {
        let mut tries_left = self.settings.retries;
        let mut failures = 0;
        loop {
            let outcome = self.follow(errand, url).await;
            let Some(wait) = retry::pause(&outcome, errand.request.verb, failures) else { return outcome };
            let too_long = Instant::now() + wait >= errand.deadline;
            if tries_left == 0 || too_long {
                return retry::give_up(outcome, address::place(url));
            }
            tries_left -= 1;
            failures += 1;
            tokio::time::sleep(wait).await;
            self.pace.turn(&address::place(url), errand.pace).await;
        }
    }

    /// One try: the request and its redirects.
    async fn follow(&self, errand: &mut Errand<'_>, start: &Url) -> Result<Answer, FetchError> {
        let mut hop = hop::Hop::first(errand.request, start);
        for _ in 0..=MAX_HOPS {
            self.settings.check_literal(&hop.url)?;
            if errand.request.robots {
                self.ask_robots(errand, &hop.url).await?;
            }
            let sent = self.send(errand, &hop).await?;
            match hop.next(&sent)? {
                Some(next) => {
                    let (old, new) = (address::place(&hop.url), address::place(&next.url));
                    if old != new {
                        self.pace.turn(&new, errand.pace).await;
                    }
                    hop = next;
                }
                None => return self.receive(errand, &hop, sent).await,
            }
        }
        Err(FetchError::Redirect { host: address::place(start), detail: "it redirects without end" })
    }

    /// The client that may dial that address.
    fn client(&self, url: &Url) -> &Client {
        if self.settings.is_allowed(url) { &self.trusted } else { &self.guarded }
    }

    async fn send(&self, errand: &mut Errand<'_>, hop: &hop::Hop) -> Result<Sent, FetchError> {
        let method = match hop.verb {
            Verb::Get => Method::GET,
            Verb::Post => Method::POST,
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(body::ACCEPTED));
        for (name, value) in &hop.headers {
            let (name, value) = client::header(name, value)?;
            headers.append(name, value);
        }
        if hop.verb == Verb::Get && hop.own_origin {
            let known = &errand.validators;
            // A validator that cannot be sent is none.
            let mut add = |name: HeaderName, value: &Option<String>| {
                let value = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok());
                value.map(|value| headers.append(name, value))
            };
            add(header::IF_NONE_MATCH, &known.etag);
            add(header::IF_MODIFIED_SINCE, &known.last_modified);
        }
        errand.made += 1;
        self.client(&hop.url).send(method, &hop.url, headers, hop.body.clone()).await
    }

    /// Reads the answer of the last hop.
    async fn receive(&self, errand: &Errand<'_>, hop: &hop::Hop, sent: Sent) -> Result<Answer, FetchError> {
        let status = sent.status().as_u16();
        let headers = hop::kept_headers(sent.headers());
        let content_type = hop::text(sent.headers(), &header::CONTENT_TYPE);
        let mut validators = Validators {
            etag: hop::text(sent.headers(), &header::ETAG),
            last_modified: hop::text(sent.headers(), &header::LAST_MODIFIED),
            body_hash: None,
        };
        let retry_after = hop::text(sent.headers(), &header::RETRY_AFTER)
            .filter(|_| matches!(status, 429 | 503))
            .and_then(|v| retry::parse_after(&v, errand.now));
        let host = address::place(&hop.url);
        let body = body::read(sent, self.settings.body_cap, &host).await?;
        if status == 304 {
            let old = &errand.validators;
            validators.etag = validators.etag.or_else(|| old.etag.clone());
            validators.last_modified = validators.last_modified.or_else(|| old.last_modified.clone());
            validators.body_hash = old.body_hash.clone();
        } else {
            // Compared with the last one, so by its seed.
            let seed = errand.validators.body_hash.as_deref().and_then(seed_of);
            validators.body_hash = Some(content_mark(&body, seed.unwrap_or_else(|| rand::rng().random())));
        }
        let url = address::without_user(&hop.url).to_string();
        Ok(Answer {
            response: Response { status, url, content_type, headers, body },
            validators,
            retry_after,
        })
    }

    /// Errs unless robots.txt of that origin lets us.
    async fn ask_robots(&self, errand: &mut Errand<'_>, url: &Url) -> Result<(), FetchError> {
        let host = address::place(url);
        let rules = match self.robots.cached(url, Instant::now()) {
            Some(rules) => rules,
            None => {
                let (rules, made) = self.fetch_robots(url).await;
                errand.made += made;
                self.robots.keep(url, rules, Instant::now())
            }
        };
        match rules.allows(url) {
            robots::Verdict::Allowed => {}
            robots::Verdict::Disallowed => return Err(FetchError::Robots { host }),
            robots::Verdict::Unknown => return Err(FetchError::RobotsUnreachable { host }),
        }
        if !self.settings.is_allowed(url) {
            self.pace.at_least(&host, rules.crawl_delay());
        }
        Ok(())
    }

    /// Reads robots.txt of an origin, with redirects, without the connector's headers. Never fails: a fault is a rule too.
    async fn fetch_robots(&self, url: &Url) -> (robots::Rules, u32) {
        let Ok(start) = url.join("/robots.txt") else { return (robots::Rules::unreachable(), 0) };
        let request = Request::get(address::without_user(&start).as_str());
        let mut hop = hop::Hop::first(&request, &start);
        let mut made = 0;
        for _ in 0..=MAX_HOPS {
            if self.settings.check_literal(&hop.url).is_err() {
                break;
            }
            made += 1;
            let sending = self.client(&hop.url).send(Method::GET, &hop.url, HeaderMap::new(), None);
            let Ok(sent) = sending.await else { break };
            match hop.next(&sent) {
                Ok(Some(next)) => hop = next,
                Ok(None) => {
                    let status = sent.status().as_u16();
                    let body = body::read_start(sent, robots::LONGEST).await.unwrap_or_default();
                    let product = self.settings.product.clone();
                    // Rules by the ten thousand are work for the processor, not for the workers that wait for the network.
                    let read = move || robots::Rules::read(status, &body, &product);
                    let rules = tokio::task::spawn_blocking(read).await;
                    return (rules.unwrap_or_else(|_| robots::Rules::unreachable()), made);
                }
                Err(_) => break,
            }
        }
        (robots::Rules::unreachable(), made)
    }
}

/// One request under way.
struct Errand<'a> {
    request: &'a Request,
    pace: Duration,
    validators: Validators,
    now: Time,
    deadline: Instant,
    made: u32,
}
