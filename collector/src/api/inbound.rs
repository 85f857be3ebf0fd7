//! Where other programs hand over mentions: `POST /in/{source}`, signed by Standard Webhooks (docs/inbound.md). Nobody is
//! signed in here: the signature says who calls. What is taken becomes of the engine; a refusal is a problem like any other.

use std::time::Duration;

use axum::{
    body::{Bytes, to_bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use goodword_shared::{
    Problem, Time,
    api::{
        ById,
        sources::{MadeSecret, NewSecret},
    },
    problem::FieldError,
};
use serde::Serialize;

use super::{Caller, Site, broke, door, limits, problem};
use crate::{
    app::App,
    clock,
    connectors::Warning,
    engine::push,
    fold::sha256_hex,
    signature,
    store::{StoredSource, TakenEvent},
    wire,
};

/// Largest body of one call.
const BODY: usize = 2 * 1024 * 1024;
/// Longest time for it to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);
/// How far a call's time may be from ours, seconds: a recorded call is worth nothing later.
const WINDOW: i64 = 300;
/// Longest event id.
const LONGEST_ID: usize = 128;
/// Items named as left out in one answer.
const MOST_LEFT_OUT: usize = 200;
/// Hours that an old secret counts on where nothing is said, and at most.
const OVERLAP: u32 = 24;
const LONGEST_OVERLAP: u32 = 24 * 7;

/// What a sender is told.
#[derive(Debug, Serialize)]
struct Answer {
    /// Mentions taken.
    taken: u32,
    /// Of these, never seen before.
    new: u32,
    /// Of these, changed.
    changed: u32,
    /// Items left out.
    left_out: Vec<LeftOut>,
}

#[derive(Debug, Serialize)]
struct LeftOut {
    /// `item 3` or `line 3`, from 1.
    at: String,
    detail: String,
}

/// A refusal, and how many seconds to wait where waiting helps.
struct Refusal(Problem, Option<u64>);

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(problem, None)
    }
}

/// Takes one call.
pub async fn take(State(site): State<Site>, Path(source): Path<String>, request: Request) -> Response {
    let mut response = match taken(&site, &source, request).await {
        Ok(response) => response,
        Err(Refusal(problem, wait)) => {
            let mut response = problem::answer(&problem);
            if let Some(seconds) = wait {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn taken(site: &Site, source: &str, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let limits = &site.limits;
    limits.addresses.count(&door::origin_address(site.reach, &parts)).map_err(too_many)?;
    let source = app_source(&site.app, source).await?;
    let call = Call::of(&parts.headers)?;
    let body = whole(&parts.headers, body).await?;
    let now = clock::now();
    check_signature(&site.app, &source, &call, &body, now).await?;
    limits.sources.count(source.id.as_str()).map_err(too_many)?;
    if source.paused {
        let detail = "The owner has paused this source. Send it again later.";
        return Err(Refusal(Problem::new(503, "paused", "Paused", detail), Some(3600)));
    }
    let hash = sha256_hex(&body);
    if let Some(before) = site.app.store.taken_event(&source.id, &call.id).await.map_err(Problem::from)? {
        if before.body_hash != hash {
            let detail = format!(
                "The event “{}” was taken before with another body; a new event needs a new webhook-id.",
                call.id
            );
            return Err(Problem::new(409, "event-known", "Event known", detail).into());
        }
        return Ok(answered(before.answer, true));
    }
    let content_type =
        parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let response =
        wire::Response { status: 200, content_type, body: body.to_vec(), ..wire::Response::default() };
    let taken = push::take(&site.app, &source, &call.id, response, now).await.map_err(broken)?;
    let taken = taken.map_err(push::refused)?;
    if taken.found == 0 {
        return Err(nothing_good(&taken.warnings).into());
    }
    let answer = Answer {
        taken: taken.found,
        new: taken.ingested.new,
        changed: taken.ingested.changed,
        left_out: taken
            .warnings
            .into_iter()
            .take(MOST_LEFT_OUT)
            .map(|w| LeftOut { at: w.at, detail: w.warning })
            .collect(),
    };
    let answer = serde_json::to_string(&answer).map_err(|error| broke(&error))?;
    let event = TakenEvent { body_hash: hash, answer: answer.clone() };
    site.app.store.keep_event(&source.id, &call.id, &event, now).await.map_err(Problem::from)?;
    Ok(answered(answer, false))
}

async fn app_source(app: &App, id: &str) -> Result<StoredSource, Problem> {
    let found = app.store.source_row(id).await?.filter(|source| source.connector == "webhook");
    found.ok_or_else(|| Problem::not_found("place to send to"))
}

/// The three headers of a signed call.
struct Call {
    id: String,
    at: i64,
    signature: String,
}

impl Call {
    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(str::trim);
        let unsigned = |detail: String| Problem::new(401, "unsigned", "Not signed", detail);
        let need = |name: &str| {
            text(name).filter(|v| !v.is_empty()).ok_or_else(|| {
                unsigned(format!(
                    "The header {name} is missing: calls are signed as Standard Webhooks describe."
                ))
            })
        };
        let id = need("webhook-id")?;
        if id.len() > LONGEST_ID || !id.bytes().all(|b| b.is_ascii_graphic()) {
            let detail = format!("webhook-id is at most {LONGEST_ID} visible ASCII characters.");
            return Err(unsigned(detail));
        }
        let at = need("webhook-timestamp")?
            .parse()
            .map_err(|_| unsigned("webhook-timestamp is no number of seconds since 1970.".into()))?;
        Ok(Self { id: id.to_owned(), at, signature: need("webhook-signature")?.to_owned() })
    }
}

/// The signature first, the time second: a stranger learns nothing of our clock.
async fn check_signature(
    app: &App,
    source: &StoredSource,
    call: &Call,
    body: &Bytes,
    now: Time,
) -> Result<(), Problem> {
    let keys = push::keys(app, source, now).await.map_err(broken)?;
    let ours = keys.iter().any(|key| signature::verify(key, &call.id, call.at, body, &call.signature));
    if !ours {
        tracing::warn!(source = %source.id, "a pushed call was refused: its signature is not ours");
        return Err(Problem::new(
            401,
            "wrong-signature",
            "Wrong signature",
            "The signature fits none of this source's secrets. It covers webhook-id, webhook-timestamp and the body, byte by byte.",
        ));
    }
    let apart = now.timestamp().saturating_sub(call.at).abs();
    if apart > WINDOW {
        let detail = format!(
            "webhook-timestamp is {apart} seconds from our clock ({}); at most {WINDOW} are taken. Sign each try anew.",
            now.timestamp()
        );
        return Err(Problem::new(401, "stale", "Too old or too early", detail));
    }
    Ok(())
}

async fn whole(headers: &HeaderMap, body: axum::body::Body) -> Result<Bytes, Problem> {
    let too_large = || {
        let detail = format!("At most {} MiB are taken in one call; send more calls.", BODY / (1024 * 1024));
        Problem::new(413, "too-large", "Too large", detail)
    };
    let said = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|length| length > BODY) {
        return Err(too_large());
    }
    match tokio::time::timeout(BODY_TIME, to_bytes(body, BODY)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        // Over the limit without having said so, or broken off: the sender sees which, it is still sending or gone.
        Ok(Err(_)) => Err(too_large()),
        Err(_) => Err(Problem::new(408, "too-slow", "Too slow", "The body did not arrive in time.")),
    }
}

fn nothing_good(warnings: &[Warning]) -> Problem {
    let detail = if warnings.is_empty() {
        "There is no mention in it.".to_owned()
    } else {
        "None of its items is a mention; see errors.".to_owned()
    };
    let errors = warnings.iter().take(MOST_LEFT_OUT);
    Problem {
        errors: errors.map(|w| FieldError { field: w.at.clone(), detail: w.warning.clone() }).collect(),
        ..Problem::new(422, "unreadable", "Nothing in it can be taken", detail)
    }
}

fn answered(json: String, again: bool) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if again {
        headers.insert("webhook-repeated", HeaderValue::from_static("true"));
    }
    (StatusCode::OK, headers, json).into_response()
}

fn too_many(seconds: u64) -> Refusal {
    Refusal(limits::too_many(seconds), Some(seconds))
}

/// Makes a source's signing secret; it is told this once.
pub async fn make_secret(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: NewSecret,
) -> Result<MadeSecret, Problem> {
    let hours = body.overlap_hours.unwrap_or(OVERLAP);
    if hours > LONGEST_OVERLAP {
        let detail = format!("At most {LONGEST_OVERLAP} hours.");
        return Err(Problem::invalid_field("overlap_hours", detail));
    }
    let made = push::make_secret(&app, &path.id, hours).await.map_err(broken)?;
    let made = made.ok_or_else(|| Problem::not_found("source that programs push to"))?;
    app.audit(&caller.user.email, "source", Some(&path.id), "made a signing secret").await?;
    app.tell(goodword_shared::alert::Event::Changed { what: "sources".into() });
    Ok(made)
}

fn broken(error: anyhow::Error) -> Problem {
    broke(&format!("{error:#}"))
}
