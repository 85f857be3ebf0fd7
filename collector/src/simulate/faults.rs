//! What can go wrong with a platform, switched on for one of them at a time, and the count of what was asked.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use tokio::sync::Notify;

use super::{Platform, Stage};

/// How a platform misbehaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 401: the key is wrong or has expired.
    Unauthorised,
    /// 403 with a page that wants to know whether we are human.
    Blocked,
    /// 429 with `Retry-After` in seconds.
    TooMany(u64),
    /// 500 and its kin.
    Broken(u16),
    /// The answer stops in the middle, as if complete.
    Truncated,
    /// The answer's items come in another order.
    Reordered,
    /// 200 and nothing in it.
    Empty,
}

#[derive(Debug, Default)]
pub(super) struct Faults {
    state: Mutex<Switches>,
    asked: Notify,
}

#[derive(Debug, Default)]
struct Switches {
    faults: HashMap<Platform, Fault>,
    asked: HashMap<Platform, u64>,
}

impl Faults {
    fn lock(&self) -> MutexGuard<'_, Switches> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn set(&self, platform: Platform, fault: Option<Fault>) {
        let mut state = self.lock();
        match fault {
            Some(fault) => state.faults.insert(platform, fault),
            None => state.faults.remove(&platform),
        };
    }

    pub fn of(&self, platform: Platform) -> Option<Fault> {
        self.lock().faults.get(&platform).cloned()
    }

    pub fn asked(&self, platform: Platform) -> u64 {
        self.lock().asked.get(&platform).copied().unwrap_or_default()
    }

    fn count(&self, platform: Platform) {
        *self.lock().asked.entry(platform).or_default() += 1;
        self.asked.notify_waiters();
    }

    /// Waits until every platform has been asked once.
    pub async fn all_asked(&self) {
        loop {
            let next = self.asked.notified();
            tokio::pin!(next);
            next.as_mut().enable();
            if self.lock().asked.len() == Platform::ALL.len() {
                return;
            }
            next.await;
        }
    }
}

/// Counts, and spoils the answer where a fault is switched on.
pub(super) async fn spoil(State(stage): State<Arc<Stage>>, request: Request, next: Next) -> Response {
    let Some(platform) = Platform::of_path(request.uri().path()) else { return next.run(request).await };
    stage.faults.count(platform);
    match stage.faults.of(platform) {
        None | Some(Fault::Reordered) => next.run(request).await,
        Some(Fault::Unauthorised) => {
            (StatusCode::UNAUTHORIZED, "{\"error\":\"The access token is invalid\"}").into_response()
        }
        Some(Fault::Blocked) => (StatusCode::FORBIDDEN, Html(BLOCK_PAGE)).into_response(),
        Some(Fault::TooMany(seconds)) => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds.to_string())], "Too many requests")
                .into_response()
        }
        Some(Fault::Broken(status)) => {
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
        Some(Fault::Truncated) => halved(next.run(request).await).await,
        Some(Fault::Empty) => {
            let mut answer = next.run(request).await;
            *answer.body_mut() = Body::empty();
            answer.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
            answer
        }
    }
}

async fn halved(answer: Response) -> Response {
    let (mut parts, body) = answer.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::ETAG);
    Response::from_parts(parts, Body::from(bytes.slice(..bytes.len() / 2)))
}

const BLOCK_PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><head><title>Just a moment…</title></head><body>\
    <h1>Please verify that you are human</h1><p>Unusual traffic was noticed from your network. \
    Complete the captcha to go on.</p><div class=\"captcha\"></div></body></html>";
