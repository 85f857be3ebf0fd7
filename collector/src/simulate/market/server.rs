//! One stall's server: reads what is asked, lets the protocol answer, and spoils the answer where there is trouble. Every answer
//! carries an `ETag`, and who has it already gets 304.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::any,
};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Entry, Kind, Protocol, Trouble, entry::Shelf};

/// What is asked.
pub(super) struct Asked {
    pub path: String,
    pub query: HashMap<String, String>,
}

impl Asked {
    /// A parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// A parameter that is a number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }
}

/// What is answered.
pub(super) struct Answer {
    pub status: u16,
    pub kind: &'static str,
    pub link: Option<String>,
    pub body: String,
}

impl Answer {
    pub fn json(value: &Value) -> Self {
        Self { status: 200, kind: "application/json; charset=utf-8", link: None, body: value.to_string() }
    }

    pub fn text(kind: &'static str, body: String) -> Self {
        Self { status: 200, kind, link: None, body }
    }
}

/// A stall at one moment, as a protocol sees it.
pub(super) struct View<'s> {
    pub shelf: &'s Shelf,
    /// Its own address, without a slash at the end.
    pub base: &'s str,
    reordered: bool,
}

impl View<'_> {
    /// What is shown, newest first.
    pub fn newest(&self) -> Vec<&Entry> {
        let mut shown: Vec<&Entry> = self.shelf.entries.iter().filter(|e| !e.gone).collect();
        shown.sort_by_key(|e| std::cmp::Reverse((e.published, e.number)));
        shown
    }

    /// What is shown, the last touched first.
    pub fn last_touched(&self) -> Vec<&Entry> {
        let mut shown = self.newest();
        shown.sort_by_key(|e| std::cmp::Reverse((e.touched(), e.number)));
        shown
    }

    /// Page `number` (from 0) of a list, and whether there are more.
    pub fn page<'e>(&self, list: &[&'e Entry], number: usize, size: usize) -> (Vec<&'e Entry>, bool) {
        let mut page: Vec<&Entry> = list.iter().skip(number * size).take(size).copied().collect();
        if self.reordered {
            page.reverse();
        }
        (page, list.len() > (number + 1) * size)
    }
}

#[derive(Clone)]
struct Here {
    protocol: &'static Protocol,
    shelf: Arc<Mutex<Shelf>>,
    base: Arc<str>,
}

/// Serves until told to stop.
pub(super) fn serve(
    listener: TcpListener,
    protocol: &'static Protocol,
    shelf: Arc<Mutex<Shelf>>,
    stop: CancellationToken,
) {
    let base = listener.local_addr().map(|addr| format!("http://{addr}")).unwrap_or_default();
    let router = Router::new().fallback(any(answer)).with_state(Here { protocol, shelf, base: base.into() });
    tokio::spawn(async move {
        let served =
            axum::serve(listener, router).with_graceful_shutdown(async move { stop.cancelled().await }).await;
        if let Err(error) = served {
            tracing::error!(%error, "a stall closed");
        }
    });
}

async fn answer(
    State(here): State<Here>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if uri.path() == "/robots.txt" {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut query: HashMap<String, String> =
        serde_urlencoded::from_str(uri.query().unwrap_or_default()).unwrap_or_default();
    if method == Method::POST {
        let form: HashMap<String, String> = serde_urlencoded::from_bytes(&body).unwrap_or_default();
        query.extend(form);
    }
    let asked = Asked { path: uri.path().to_owned(), query };
    let mut shelf = here.shelf.lock().unwrap_or_else(PoisonError::into_inner);
    shelf.asked += 1;
    let trouble = shelf.trouble.clone().filter(|t| shelf.asked > t.after);
    if matches!(trouble, Some(Trouble { kind: Kind::TooMany, .. })) {
        shelf.trouble = None;
    }
    let reordered = matches!(trouble, Some(Trouble { kind: Kind::Reordered, .. }));
    let answer = (here.protocol.answer)(&View { shelf: &shelf, base: &here.base, reordered }, &asked);
    drop(shelf);
    match trouble.map(|t| t.kind) {
        None | Some(Kind::Reordered) => plain(answer, &headers),
        Some(kind) => spoilt(kind, answer),
    }
}

fn plain(answer: Answer, headers: &HeaderMap) -> Response {
    let mut hasher = DefaultHasher::new();
    (&answer.body, &answer.link).hash(&mut hasher);
    let tag = format!("\"{:016x}\"", hasher.finish());
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes());
    if known && answer.status == 200 {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let heads = [(header::CONTENT_TYPE, answer.kind.to_owned()), (header::ETAG, tag)];
    match answer.link {
        Some(link) => (status, heads, [(header::LINK, link)], answer.body).into_response(),
        None => (status, heads, answer.body).into_response(),
    }
}

fn spoilt(kind: Kind, answer: Answer) -> Response {
    let half = |body: &str| body[..body.floor_char_boundary(body.len() / 2)].to_owned();
    let page = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    let text = [(header::CONTENT_TYPE, answer.kind)];
    match kind {
        Kind::Unauthorised => {
            (StatusCode::UNAUTHORIZED, "{\"error\":\"The access token has expired\"}").into_response()
        }
        Kind::Blocked => (StatusCode::FORBIDDEN, page, BLOCK_PAGE).into_response(),
        Kind::TooMany => (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")]).into_response(),
        Kind::TooManyForNow => (StatusCode::TOO_MANY_REQUESTS, "Too many requests").into_response(),
        Kind::Broken(status) => {
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
        Kind::Truncated => (text, half(&answer.body)).into_response(),
        Kind::Empty | Kind::Reordered => (text, String::new()).into_response(),
    }
}

const BLOCK_PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><head><title>Just a moment…</title></head><body>\
    <h1>Please verify that you are human</h1><p>Complete the captcha to go on.</p></body></html>";
