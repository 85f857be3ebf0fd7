//! One request on the wire and the head of its answer. It follows no redirects, keeps no cookies and reads no bodies; interim
//! answers (1xx) are counted, since a server can send them without end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http_body_util::Full;
use hyper::{
    Method, Request, Response,
    body::{Bytes, Incoming},
    header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT},
};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use tokio::sync::Notify;
use url::Url;

use super::{FetchError, FetchSettings, address, dial};

/// Connections to one host that are kept for the next request: as many as sources of one host are read side by side. Fewer would be
/// made anew for almost every page.
const IDLE: usize = 8;
/// Interim answers to one request; honest servers send one or two.
const MOST_INTERIM: u32 = 20;
/// What is read from a connection at once, and the longest head, bytes. It also bounds the work between two looks at
/// how many interim answers there were.
const BUFFER: usize = 64 << 10;

/// An answer whose body is still to be read.
pub(super) type Sent = Response<Incoming>;

/// A client that may dial some addresses and not others.
pub(super) struct Client {
    inner: legacy::Client<HttpsConnector<HttpConnector<dial::Guard>>, Full<Bytes>>,
    /// Who asks.
    agent: HeaderValue,
}

impl Client {
    pub fn new(
        settings: &FetchSettings,
        lookup: Arc<dyn dial::Lookup>,
        reach: dial::Reach,
    ) -> Result<Self, FetchError> {
        let inner = legacy::Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(IDLE)
            .http1_max_buf_size(BUFFER)
            .build(dial::connector(settings, lookup, reach)?);
        let agent = HeaderValue::from_str(&settings.user_agent()).map_err(|_| FetchError::Setup)?;
        Ok(Self { inner, agent })
    }

    /// Sends a request and waits for the head of its answer.
    pub async fn send(
        &self,
        method: Method,
        url: &Url,
        headers: HeaderMap,
        body: Option<String>,
    ) -> Result<Sent, FetchError> {
        let host = || address::place(url);
        let mut request = self.request(method, url, headers, body)?;
        let (enough, interim) = (Arc::new(Notify::new()), AtomicU32::new(0));
        let told = enough.clone();
        hyper::ext::on_informational(&mut request, move |_| {
            if interim.fetch_add(1, Ordering::Relaxed) == MOST_INTERIM {
                told.notify_one();
            }
        });
        tokio::select! {
            biased;
            // Dropping the request closes its connection.
            () = enough.notified() => Err(FetchError::Interim { host: host() }),
            answer = self.inner.request(request) => answer.map_err(|e| FetchError::of_transport(&e, host())),
        }
    }

    fn request(
        &self,
        method: Method,
        url: &Url,
        headers: HeaderMap,
        body: Option<String>,
    ) -> Result<Request<Full<Bytes>>, FetchError> {
        let mut bare = address::without_user(url);
        bare.set_fragment(None);
        let mut request = Request::new(Full::new(Bytes::from(body.unwrap_or_default())));
        *request.method_mut() = method;
        *request.uri_mut() = bare.as_str().parse().map_err(|_| FetchError::Address { detail: UNSENDABLE })?;
        *request.headers_mut() = headers;
        let headers = request.headers_mut();
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        headers.entry(USER_AGENT).or_insert_with(|| self.agent.clone());
        if let Some(proof) = basic(url) {
            headers.entry(AUTHORIZATION).or_insert(proof);
        }
        Ok(request)
    }
}

const UNSENDABLE: &str = "a header or the address holds characters that cannot be sent";

/// A header of a connector's.
pub(super) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), FetchError> {
    let refuse = || FetchError::Address { detail: UNSENDABLE };
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refuse())?;
    Ok((name, HeaderValue::from_str(value).map_err(|_| refuse())?))
}

/// User and password that stand in the address.
fn basic(url: &Url) -> Option<HeaderValue> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    // In the address they are escaped.
    let password = percent_decoded(url.password().unwrap_or_default());
    let pair = [percent_decoded(url.username()), b":".to_vec(), password].concat();
    let mut value = HeaderValue::from_str(&format!("Basic {}", BASE64_STANDARD.encode(pair))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        let escaped = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped.filter(|_| *byte == b'%') {
            Some(decoded) => (out.push(decoded), at += 3),
            None => (out.push(*byte), at += 1),
        };
    }
    out
}
