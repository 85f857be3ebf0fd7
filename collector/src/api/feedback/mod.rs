//! Our own feedback page, open to everybody without signing in: shows the form, takes its answer, thanks. An answer of one star
//! goes exactly the way of one with five. A page carries a sealed token, so that an answer counts once however often it is sent
//! and no program fills in forms that it never fetched.

mod page;
mod words;

use std::time::Duration;

use axum::{
    body::to_bytes,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use goodword_shared::{Problem, Time, source::is_mail_address};
use qrcode::{Color, QrCode};

use self::{
    page::{Field, Filled, Page},
    words::{Words, words},
};
use super::{Site, broke, door, problem};
use crate::{
    app::App,
    clock,
    connectors::form::Answer,
    engine::push,
    fold::sha256_hex,
    store::{Consent, StoredSource, from_millis, to_millis},
    wire,
};

const STYLE: &str = include_str!("../../../data/feedback.css");
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";
/// What tokens are sealed for.
const TABLE: &str = "form";
/// Nobody reads and fills in a form faster; only programs do.
const SOONEST: TimeDelta = TimeDelta::milliseconds(1500);
/// A page that lies open longer is shown once more.
const LATEST: TimeDelta = TimeDelta::hours(24);
const BODY: usize = 64 * 1024;
const BODY_TIME: Duration = Duration::from_secs(30);
const LONGEST_TEXT: usize = 5000;
const LONGEST_NAME: usize = 100;
const LONGEST_ADDRESS: usize = 200;

/// What an answer as sent holds.
#[derive(Debug, Default)]
struct Sent {
    token: String,
    filled: Filled,
    /// The field that people do not see.
    trap: String,
}

/// The page's style.
pub async fn style() -> Response {
    let kind = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (kind, STYLE).into_response()
}

/// The form.
pub async fn show(State(site): State<Site>, Path(source): Path<String>, headers: HeaderMap) -> Response {
    open(&site.app, &source, &headers, |place| {
        let token = token(&site.app, place.source(), clock::now());
        html(StatusCode::OK, page::form(&place.page(), &token, &Filled::default(), None))
    })
    .await
}

/// The thanks.
pub async fn thanks(State(site): State<Site>, Path(source): Path<String>, headers: HeaderMap) -> Response {
    open(&site.app, &source, &headers, |place| html(StatusCode::OK, page::thanks(&place.page()))).await
}

/// The page's address as a picture to scan.
pub async fn picture(State(site): State<Site>, Path(source): Path<String>) -> Response {
    match found(&site.app, &source).await {
        Ok(Some(source)) => match qr(&push::address(&site.app, &source)) {
            Some(svg) => {
                let kind = [
                    (header::CONTENT_TYPE, "image/svg+xml"),
                    (header::CACHE_CONTROL, "no-cache"),
                    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                    (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
                ];
                (kind, svg).into_response()
            }
            None => problem::answer(&Problem::invalid("The address is too long for a QR code.")),
        },
        Ok(None) => problem::answer(&Problem::not_found("page")),
        Err(problem) => problem::answer(&problem),
    }
}

/// Takes an answer.
pub async fn take(State(site): State<Site>, Path(source): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let place = match place(&site.app, &source, &parts.headers).await {
        Ok(place) => place,
        Err(response) => return response,
    };
    let sent = match tokio::time::timeout(BODY_TIME, to_bytes(body, BODY)).await {
        Ok(Ok(bytes)) => read(&bytes),
        Ok(Err(_)) => {
            return again(
                &site,
                &place,
                Filled::default(),
                StatusCode::PAYLOAD_TOO_LARGE,
                (Field::Text, place.words.too_long),
            );
        }
        Err(_) => return html(StatusCode::REQUEST_TIMEOUT, page::closed(place.words)),
    };
    let from = format!("{}|{}", place.source(), door::origin_address(site.reach, &parts));
    if site.limits.visitors.count(&from).and(site.limits.forms.count(place.source())).is_err() {
        let fault = (Field::Form, place.words.too_many);
        return again(&site, &place, sent.filled, StatusCode::TOO_MANY_REQUESTS, fault);
    }
    let thanks = format!("/feedback/{}/thanks", place.source());
    if !sent.trap.is_empty() {
        // A program filled in what nobody sees; it is told nothing else than everybody.
        tracing::debug!(source = place.source(), "an answer of a program was dropped");
        return see(&thanks);
    }
    if let Some(fault) = fault(&sent.filled, place.words) {
        return again(&site, &place, sent.filled, StatusCode::UNPROCESSABLE_ENTITY, fault);
    }
    let now = clock::now();
    let age = issued(&site.app, place.source(), &sent.token).map(|at| now - at);
    if !age.is_some_and(|age| (SOONEST..LATEST).contains(&age)) {
        let fault = (Field::Form, place.words.again);
        return again(&site, &place, sent.filled, StatusCode::UNPROCESSABLE_ENTITY, fault);
    }
    match keep(&site.app, &place, sent, now).await {
        Ok(()) => see(&thanks),
        Err(problem) => problem::answer(&problem),
    }
}

/// Stores an answer: what was said to being written to first, then the words.
async fn keep(app: &App, place: &Place, sent: Sent, now: Time) -> Result<(), Problem> {
    let filled = sent.filled;
    let id = format!("form-{}", &sha256_hex(sent.token.as_bytes())[..32]);
    let given = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let email = given(filled.email);
    if email.is_some() {
        let consent = Consent {
            external_id: id.clone(),
            email: email.clone(),
            agreed: filled.contact,
            wording: page::consent(&place.page()),
        };
        app.store.put_consent(&place.row.id, &consent, now).await?;
    }
    let answer = Answer {
        at: Some(now),
        stars: filled.stars,
        text: filled.text,
        name: given(filled.name),
        contact: filled.contact && email.is_some(),
        email,
        about: given(place.business.clone()),
        id: id.clone(),
    };
    let body = serde_json::to_vec(&answer).map_err(|error| broke(&error))?;
    let content_type = Some("application/json".to_owned());
    let response = wire::Response { status: 200, content_type, body, ..wire::Response::default() };
    let taken = push::take(app, &place.row, &id, response, now).await;
    taken.map_err(|error| broke(&format!("{error:#}")))?.map_err(push::refused)?;
    Ok(())
}

/// What must be mended before an answer can be taken.
fn fault(filled: &Filled, words: &'static Words) -> Option<(Field, &'static str)> {
    let (text, email) = (filled.text.trim(), filled.email.trim());
    if text.chars().count() > LONGEST_TEXT {
        return Some((Field::Text, words.too_long));
    }
    if filled.stars.is_none() && text.is_empty() {
        return Some((Field::Text, words.nothing));
    }
    if email.is_empty() {
        return filled.contact.then_some((Field::Email, words.no_address));
    }
    let fine = is_mail_address(email) && email.chars().count() <= LONGEST_ADDRESS;
    (!fine).then_some((Field::Email, words.wrong_address))
}

fn read(body: &[u8]) -> Sent {
    let mut sent = Sent::default();
    for (name, value) in form_urlencoded::parse(body) {
        match name.as_ref() {
            "token" => sent.token = value.into_owned(),
            "stars" => sent.filled.stars = value.parse().ok().filter(|n| (1..=5).contains(n)),
            "text" => sent.filled.text = value.replace("\r\n", "\n").trim().to_owned(),
            "name" => sent.filled.name = value.trim().chars().take(LONGEST_NAME).collect(),
            "email" => sent.filled.email = value.trim().to_owned(),
            "contact" => sent.filled.contact = value == "yes",
            "website" => sent.trap = value.into_owned(),
            _ => {}
        }
    }
    sent
}

/// One source's page for one visitor.
struct Place {
    row: StoredSource,
    business: String,
    words: &'static Words,
}

impl Place {
    fn source(&self) -> &str {
        self.row.id.as_str()
    }

    fn page(&self) -> Page<'_> {
        let setting = |name: &str| self.row.settings.get(name).map(|v| v.trim()).filter(|v| !v.is_empty());
        Page {
            source: self.source(),
            business: &self.business,
            question: setting("question").unwrap_or(self.words.question),
            thanks: setting("thanks"),
            review_url: setting("review_url"),
            privacy_url: setting("privacy_url"),
            words: self.words,
        }
    }
}

async fn found(app: &App, source: &str) -> Result<Option<StoredSource>, Problem> {
    Ok(app.store.source_row(source).await?.filter(|row| row.connector == "form"))
}

/// The page that was asked for, or what is answered instead.
async fn place(app: &App, source: &str, headers: &HeaderMap) -> Result<Place, Response> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let row = found(app, source).await.map_err(|problem| problem::answer(&problem))?;
    let chosen = row.as_ref().and_then(|row| row.settings.get("language").map(String::as_str));
    let words = words(chosen, accepted);
    let Some(row) = row else { return Err(html(StatusCode::NOT_FOUND, page::closed(words))) };
    if row.paused {
        return Err(html(StatusCode::SERVICE_UNAVAILABLE, page::closed(words)));
    }
    let named = row.settings.get("business").map(|name| name.trim().to_owned()).filter(|n| !n.is_empty());
    let business = match named {
        Some(name) => name,
        None => match app.store.settings().await {
            Ok(settings) => settings.business,
            Err(error) => return Err(problem::answer(&broke(&error))),
        },
    };
    let business = if business.trim().is_empty() { words.us.to_owned() } else { business };
    Ok(Place { row, business, words })
}

async fn open(
    app: &App,
    source: &str,
    headers: &HeaderMap,
    draw: impl FnOnce(&Place) -> Response,
) -> Response {
    match place(app, source, headers).await {
        Ok(place) => draw(&place),
        Err(response) => response,
    }
}

/// The form once more, with what was filled in and what to mend.
fn again(site: &Site, place: &Place, filled: Filled, status: StatusCode, fault: (Field, &str)) -> Response {
    let token = token(&site.app, place.source(), clock::now());
    html(status, page::form(&place.page(), &token, &filled, Some(fault)))
}

/// Says when the page was drawn, to nobody but us.
fn token(app: &App, source: &str, now: Time) -> String {
    app.sealer.seal(TABLE, source, &to_millis(now).to_string())
}

/// When the page with that token was drawn; none where it is not ours or another page's.
fn issued(app: &App, source: &str, token: &str) -> Option<Time> {
    let opened = app.sealer.unseal(TABLE, source, token).ok()?;
    opened.expose().parse().ok().map(from_millis)
}

fn html(status: StatusCode, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    (status, headers, body).into_response()
}

fn see(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(path) => (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response(),
        Err(error) => problem::answer(&broke(&error)),
    }
}

/// A QR code as SVG, black on white with its quiet border, whatever the page around it looks like.
fn qr(address: &str) -> Option<String> {
    const BORDER: usize = 4;
    let code = QrCode::new(address.as_bytes()).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (at, _) in code.to_colors().iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        path.push_str(&format!("M{} {}h1v1h-1z", at % width + BORDER, at / width + BORDER));
    }
    let side = width + 2 * BORDER;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{0}\" height=\"{0}\" \
         shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\"/></svg>\n",
        side * 8
    ))
}
