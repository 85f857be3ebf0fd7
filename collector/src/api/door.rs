//! Who may come in: the address a request was made to, where it was made from, and whose session it carries. Nothing of what
//! the calls do.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, Uri, header, request::Parts},
    middleware::Next,
    response::Response,
};
use goodword_shared::{Problem, Time};

use super::{Site, problem};
use crate::{clock, fold::sha256_hex, store::User};

/// How the service is reached, as it was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The browser comes by TLS, ours or a proxy's: cookies say so.
    pub secure: bool,
    /// Only this machine can come: names other than its own are a trick (DNS rebinding).
    pub loopback_only: bool,
    /// A proxy in front tells who asks, by `X-Forwarded-For` and `X-Forwarded-Host`.
    pub behind_proxy: bool,
}

impl Reach {
    /// Plain HTTP for this machine alone.
    pub const LOOPBACK: Self = Self { secure: false, loopback_only: true, behind_proxy: false };

    /// The session cookie's name. `__Host-` binds it to this very host and to TLS.
    pub fn cookie(self) -> &'static str {
        if self.secure { "__Host-goodword" } else { "goodword" }
    }
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub user: User,
    /// Their session; none in the demo.
    pub token_hash: Option<String>,
    /// When they asked.
    pub now: Time,
}

/// Anybody, signed in or not.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who, where signed in.
    pub caller: Option<Caller>,
    /// From where, for counting failed tries.
    pub from: String,
    /// When.
    pub now: Time,
    /// The site's parts that are not the [`crate::app::App`]'s.
    pub site: Site,
    cookie: Jar,
}

/// A cookie to be set with the answer.
#[derive(Clone, Debug, Default)]
pub struct Jar(Arc<Mutex<Option<HeaderValue>>>);

impl Jar {
    /// What was put in.
    pub fn take(&self) -> Option<HeaderValue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Visitor {
    /// Sets the session cookie; an empty token removes it.
    pub fn set_session(&self, token: &str, days: u32) {
        let reach = self.site.reach;
        let secure = if reach.secure { "; Secure" } else { "" };
        let age = if token.is_empty() { 0 } else { u64::from(days) * 86_400 };
        let text =
            format!("{}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}", reach.cookie());
        let value = HeaderValue::from_str(&text).ok();
        *self.cookie.0.lock().unwrap_or_else(PoisonError::into_inner) = value;
    }
}

/// Whom a call lets in.
pub trait Who: Sized + Send + 'static {
    /// The one who asks, or why they may not.
    fn admit(site: &Site, parts: &Parts, jar: &Jar) -> impl Future<Output = Result<Self, Problem>> + Send;
}

impl Who for Caller {
    async fn admit(site: &Site, parts: &Parts, _jar: &Jar) -> Result<Self, Problem> {
        caller(site, &parts.headers).await?.ok_or_else(Problem::not_signed_in)
    }
}

impl Who for Visitor {
    async fn admit(site: &Site, parts: &Parts, jar: &Jar) -> Result<Self, Problem> {
        Ok(Self {
            caller: caller(site, &parts.headers).await?,
            from: origin_address(site.reach, parts),
            now: clock::now(),
            site: site.clone(),
            cookie: jar.clone(),
        })
    }
}

async fn caller(site: &Site, headers: &HeaderMap) -> Result<Option<Caller>, Problem> {
    let now = clock::now();
    if site.app.demo && site.reach.loopback_only {
        let user = super::session::demo_user(&site.app, now).await?;
        return Ok(Some(Caller { user, token_hash: None, now }));
    }
    let Some(token) = cookie(headers, site.reach.cookie()) else { return Ok(None) };
    let token_hash = sha256_hex(token.as_bytes());
    let user = site.app.store.session_user(&token_hash, now).await?;
    Ok(user.map(|user| Caller { user, token_hash: Some(token_hash), now }))
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(n, value)| (n == name).then_some(value))
}

/// The address that asks: the connection's, or what the proxy in front says of it (its own, last entry).
pub(super) fn origin_address(reach: Reach, parts: &Parts) -> String {
    let told = parts.headers.get_all("x-forwarded-for").iter().next_back().and_then(|v| v.to_str().ok());
    if let (true, Some(told)) = (reach.behind_proxy, told.and_then(|v| v.rsplit(',').next())) {
        return told.trim().chars().take(64).collect();
    }
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip().to_string()).unwrap_or_default()
}

/// Stands before every request: refuses foreign names and foreign pages, and protects what the API answers.
pub async fn guard(State(site): State<Site>, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let refused = foreign_name(site.reach, request.headers(), request.uri())
        .or_else(|| api.then(|| foreign_page(site.reach, request.method(), request.headers())).flatten());
    let mut response = match refused {
        Some(refusal) => problem::answer(&refusal),
        None => next.run(request).await,
    };
    if api {
        let headers = response.headers_mut();
        let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
        set(header::CACHE_CONTROL, "no-store");
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::REFERRER_POLICY, "no-referrer");
        set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
        set(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    }
    response
}

/// A page elsewhere may let its own name point to this machine. Then the browser takes us for that page; we know better.
fn foreign_name(reach: Reach, headers: &HeaderMap, uri: &Uri) -> Option<Problem> {
    if !reach.loopback_only {
        return None;
    }
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).or_else(|| uri.host());
    let own = host.is_some_and(|host| {
        let name = without_port(host).trim_matches(['[', ']']).to_ascii_lowercase();
        name == "localhost"
            || name.ends_with(".localhost")
            || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    });
    (!own).then(|| {
        Problem::new(
            421,
            "foreign-name",
            "Not reached under that name",
            "This service answers on this machine only; open it by 127.0.0.1 or localhost.",
        )
    })
}

/// Changes come from our own pages, or from programs that are no browser.
fn foreign_page(reach: Reach, method: &Method, headers: &HeaderMap) -> Option<Problem> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return None;
    }
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let own = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let forwarded = text("x-forwarded-host").filter(|_| reach.behind_proxy);
            let host = forwarded.or(text("host")).unwrap_or_default();
            origin
                .split_once("://")
                .is_some_and(|(_, from)| !host.is_empty() && from.eq_ignore_ascii_case(host))
        }
        (None, None) => true,
    };
    (!own).then(|| {
        Problem::new(
            403,
            "foreign-page",
            "Not from this page",
            "Changes are taken from Goodword's own pages only; another page sent this one.",
        )
    })
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}
