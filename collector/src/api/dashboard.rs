//! Serves the dashboard that is compiled into the binary: its page, program, styles and fonts.
//!
//! Knows files, not data: nothing here depends on who asks, so everything but the page may be cached for ever.
//! Must not know the store, sessions or any resource.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// What the browser may load and run for a page of ours: our own files, and wasm. No inline script or style, nothing
/// from elsewhere, and no page of others around it.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Files below this path have a hash of their content in their name.
const IMMUTABLE: &str = "assets/";
const PAGE: &str = "index.html";

/// Shown by a binary that was built without the dashboard.
const WITHOUT_DASHBOARD: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Goodword</title>\
    <h1>The service runs, but this build has no dashboard</h1>\
    <p>Build and start both with <code>cargo xtask run</code>.</p></html>";

/// One file, as it is and as it travels.
struct Asset {
    path: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/dashboard.rs"));

static BY_PATH: LazyLock<HashMap<&'static str, &'static Asset>> =
    LazyLock::new(|| ASSETS.iter().map(|asset| (asset.path, asset)).collect());

/// The page's version, for a browser that has it already.
static PAGE_TAG: LazyLock<String> = LazyLock::new(|| {
    let digest = BY_PATH.get(PAGE).map(|page| Sha256::digest(page.plain)).unwrap_or_default();
    let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{short}\"")
});

/// Whether this binary holds a dashboard.
pub fn is_embedded() -> bool {
    BY_PATH.contains_key(PAGE)
}

/// Answers every request that no route of the API takes: a file by its path, the page for any other path (its own
/// routes are the dashboard's), 404 for unknown paths of the API and of hashed files.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let mut response = match (method == Method::GET || method == Method::HEAD, BY_PATH.get(path)) {
        (false, _) => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        (true, Some(asset)) => file(asset, &headers),
        (true, None) if path.starts_with(IMMUTABLE) || path == "api" || path.starts_with("api/") => {
            StatusCode::NOT_FOUND.into_response()
        }
        (true, None) => match BY_PATH.get(PAGE) {
            Some(page) => file(page, &headers),
            None => {
                let kind =
                    [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
                (kind, WITHOUT_DASHBOARD).into_response()
            }
        },
    };
    protect(response.headers_mut());
    response
}

/// The headers that keep a page of ours from being framed, sniffed, or made to run anything foreign.
pub fn protect(headers: &mut HeaderMap) {
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
}

fn file(asset: &'static Asset, asked: &HeaderMap) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if asset.path.starts_with(IMMUTABLE) {
        headers
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    } else {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    if asset.path == PAGE
        && let Ok(tag) = HeaderValue::from_str(&PAGE_TAG)
    {
        headers.insert(header::ETAG, tag);
        let known =
            asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if known.split(',').any(|one| one.trim().trim_start_matches("W/") == *PAGE_TAG) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(asset.path)));
    let (encoding, bytes) =
        choose(asset, asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    (headers, Body::from(bytes)).into_response()
}

/// The smallest form that the browser accepts.
fn choose(asset: &'static Asset, accepted: Option<&str>) -> (Option<&'static str>, &'static [u8]) {
    let accepts = |encoding: &str| {
        accepted.unwrap_or_default().split(',').any(|one| {
            let (name, quality) = one.split_once(';').unwrap_or((one, ""));
            let refused =
                quality.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok()) == Some(0.0);
            name.trim().eq_ignore_ascii_case(encoding) && !refused
        })
    };
    match (asset.brotli, asset.gzip) {
        (Some(bytes), _) if accepts("br") => (Some("br"), bytes),
        (_, Some(bytes)) if accepts("gzip") => (Some("gzip"), bytes),
        _ => (None, asset.plain),
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static SAMPLE: Asset =
        Asset { path: "assets/a-0.js", plain: b"plain", brotli: Some(b"brotli"), gzip: Some(b"gzip") };

    #[test]
    fn sends_the_smallest_form_that_is_accepted() {
        let sent = |accepted| choose(&SAMPLE, accepted).1;
        assert_eq!(sent(Some("gzip, deflate, br, zstd")), b"brotli");
        assert_eq!(sent(Some("br;q=0, gzip;q=0.5")), b"gzip");
        assert_eq!(sent(Some("identity")), b"plain");
        assert_eq!(sent(None), b"plain");
    }

    #[test]
    fn hashed_files_are_cached_for_ever_and_typed() {
        let response = file(&SAMPLE, &HeaderMap::new());
        assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
    }

    #[test]
    fn the_page_is_asked_for_again_and_answered_briefly_if_known() {
        static PAGE_FILE: Asset = Asset { path: PAGE, plain: b"<p>", brotli: None, gzip: None };
        let first = file(&PAGE_FILE, &HeaderMap::new());
        assert_eq!(first.headers()[header::CACHE_CONTROL], "no-cache");
        let mut asked = HeaderMap::new();
        asked.insert(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone());
        assert_eq!(file(&PAGE_FILE, &asked).status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn unknown_paths_are_the_pages_but_not_those_of_the_api_or_of_files() {
        let status = async |path: &str| {
            serve(Method::GET, path.parse().expect("a path"), HeaderMap::new()).await.status()
        };
        assert_eq!(status("/recovery/some-case").await, StatusCode::OK);
        assert_eq!(status("/api/nothing").await, StatusCode::NOT_FOUND);
        assert_eq!(status("/assets/old-0.js").await, StatusCode::NOT_FOUND);
        assert_eq!(status("/apiary").await, StatusCode::OK);
    }

    #[tokio::test]
    async fn every_answer_is_protected_and_nothing_is_changed_here() {
        let answer = serve(Method::POST, Uri::from_static("/"), HeaderMap::new()).await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(!policy.contains("unsafe-inline") && !policy.contains(" 'unsafe-eval'"), "{policy}");
    }
}
