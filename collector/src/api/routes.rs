//! Mounting calls by their declaration in `shared::api`: reading path, query and body, admitting the one who asks, answering
//! JSON or a problem, and describing the call for the API document. It knows no call by name.

use std::time::Duration;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{RawPathParams, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use goodword_shared::{
    Problem,
    api::{Endpoint, Method},
    problem::FieldError,
};
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::{
    Site,
    document::{Document, Params},
    door::{Jar, Who},
    problem,
};
use crate::app::App;

/// Largest body of an ordinary call.
const BODY: usize = 1024 * 1024;
/// Largest body of an import: a file as JSON text.
const FILE: usize = 64 * 1024 * 1024;
/// Longest time for a body to arrive.
const BODY_TIME: Duration = Duration::from_secs(120);

/// What carries out a call.
pub trait Handle<E: Endpoint, W>: Clone + Send + Sync + 'static {
    /// Carries it out.
    fn handle(
        self,
        app: App,
        who: W,
        path: E::Path,
        query: E::Query,
        body: E::Body,
    ) -> impl Future<Output = Result<E::Response, Problem>> + Send;
}

impl<E, W, H, F> Handle<E, W> for H
where
    E: Endpoint,
    H: Fn(App, W, E::Path, E::Query, E::Body) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<E::Response, Problem>> + Send,
{
    fn handle(
        self,
        app: App,
        who: W,
        path: E::Path,
        query: E::Query,
        body: E::Body,
    ) -> impl Future<Output = Result<E::Response, Problem>> + Send {
        self(app, who, path, query, body)
    }
}

/// The calls mounted so far.
#[derive(Default)]
pub struct Routes {
    router: Router<Site>,
    document: Document,
}

impl Routes {
    /// Mounts a call. `W` is who may make it: [`super::Caller`] or [`super::Visitor`].
    pub fn on<E, W>(self, handler: impl Handle<E, W>) -> Self
    where
        E: Endpoint,
        W: Who,
        E::Path: Params,
        E::Query: Params,
        E::Body: ToSchema,
        E::Response: ToSchema,
    {
        self.mount::<E, W>(handler, BODY)
    }

    /// Mounts a call whose body may be a file.
    pub fn on_file<E, W>(self, handler: impl Handle<E, W>) -> Self
    where
        E: Endpoint,
        W: Who,
        E::Path: Params,
        E::Query: Params,
        E::Body: ToSchema,
        E::Response: ToSchema,
    {
        self.mount::<E, W>(handler, FILE)
    }

    /// Mounts what is no JSON call: a GET that answers a stream or a file.
    pub fn get<H, T>(mut self, path: &str, summary: &str, kind: &str, handler: H) -> Self
    where
        H: axum::handler::Handler<T, Site>,
        T: 'static,
    {
        self.document.add_download(path, summary, kind);
        self.router = self.router.route(path, axum::routing::get(handler));
        self
    }

    /// The router and the document.
    pub fn finish(self) -> (Router<Site>, Document) {
        (self.router, self.document)
    }

    fn mount<E, W>(mut self, handler: impl Handle<E, W>, limit: usize) -> Self
    where
        E: Endpoint,
        W: Who,
        E::Path: Params,
        E::Query: Params,
        E::Body: ToSchema,
        E::Response: ToSchema,
    {
        self.document.add::<E>();
        let filter = match E::METHOD {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Patch => MethodFilter::PATCH,
            Method::Delete => MethodFilter::DELETE,
        };
        let call = move |State(site): State<Site>, params: RawPathParams, request: Request| async move {
            let jar = Jar::default();
            let mut response = match carry_out::<E, W>(handler, &site, &jar, &params, request, limit).await {
                Ok(response) => response,
                Err(problem) => problem::answer(&problem),
            };
            if let Some(cookie) = jar.take() {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        };
        self.router = self.router.route(E::PATH, on(filter, call));
        self
    }
}

async fn carry_out<E: Endpoint, W: Who>(
    handler: impl Handle<E, W>,
    site: &Site,
    jar: &Jar,
    params: &RawPathParams,
    request: Request,
    limit: usize,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    // First of all who asks: a stranger learns nothing about the rest.
    let who = W::admit(site, &parts, jar).await?;
    let path = read_path(params)?;
    let query = read_query(&parts)?;
    let body = read_body(&parts.headers, body, limit).await?;
    let answer = handler.handle(site.app.clone(), who, path, query, body).await?;
    if is_unit::<E::Response>() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let text = serde_json::to_vec(&answer).map_err(|error| problem::broke(&error))?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response())
}

pub(super) fn is_unit<T: 'static>() -> bool {
    std::any::TypeId::of::<T>() == std::any::TypeId::of::<()>()
}

/// What is declared as `()` is read from `null`.
fn unit<T: DeserializeOwned>() -> Result<T, Problem> {
    serde_json::from_value(serde_json::Value::Null).map_err(|error| problem::broke(&error))
}

fn read_path<T: DeserializeOwned + 'static>(params: &RawPathParams) -> Result<T, Problem> {
    if is_unit::<T>() {
        return unit();
    }
    let fields: serde_json::Map<String, serde_json::Value> =
        params.iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    serde_json::from_value(fields.into()).map_err(|error| problem::broke(&error))
}

/// The query string. 400 naming the parameter where it cannot be read.
pub fn read_query<T: DeserializeOwned + 'static>(parts: &Parts) -> Result<T, Problem> {
    if is_unit::<T>() {
        return unit();
    }
    let text = parts.uri.query().unwrap_or_default();
    // An empty parameter is one that was not said: forms send them so.
    let said: Vec<(String, String)> = serde_urlencoded::from_str::<Vec<(String, String)>>(text)
        .map_err(|error| malformed("The query string cannot be read", "", &error.to_string()))?
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let text = serde_urlencoded::to_string(&said).map_err(|error| problem::broke(&error))?;
    let reader = serde_urlencoded::Deserializer::new(form_pairs(&text));
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let field = error.path().to_string();
        malformed("The query string cannot be read", &field, &error.into_inner().to_string())
    })
}

fn form_pairs(text: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(text.as_bytes())
}

async fn read_body<T: DeserializeOwned + 'static>(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<T, Problem> {
    if is_unit::<T>() {
        return unit();
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Problem::new(
            415,
            "not-json",
            "Not JSON",
            "Send the body as JSON with `content-type: application/json`.",
        ));
    }
    let said = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    let bytes = match tokio::time::timeout(BODY_TIME, to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) if is_length_limit(&error) => return Err(too_large(limit)),
        Ok(Err(_)) => {
            return Err(Problem::new(400, "malformed", "Broken off", "The body did not arrive whole."));
        }
        Err(_) => return Err(Problem::new(408, "too-slow", "Too slow", "The body did not arrive in time.")),
    };
    let mut reader = serde_json::Deserializer::from_slice(&bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let field = error.path().to_string();
        let cause = error.into_inner();
        if cause.is_data() {
            Problem::invalid_field(field.trim_matches('.'), cause.to_string())
        } else {
            malformed("The body is not JSON", "", &cause.to_string())
        }
    })?;
    reader.end().map_err(|error| malformed("The body is not JSON", "", &error.to_string()))?;
    Ok(value)
}

fn is_length_limit(error: &axum::Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = source {
        if cause.to_string().contains("length limit") {
            return true;
        }
        source = cause.source();
    }
    false
}

fn too_large(limit: usize) -> Problem {
    let detail = format!("At most {} MiB are taken here.", limit / (1024 * 1024));
    Problem::new(413, "too-large", "Too large", detail)
}

fn malformed(title: &str, field: &str, detail: &str) -> Problem {
    let mut problem = Problem::new(400, "malformed", title, detail);
    if !field.is_empty() && field != "." {
        problem.errors.push(FieldError { field: field.to_owned(), detail: detail.to_owned() });
    }
    problem
}
