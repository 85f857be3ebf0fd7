//! A platform on loopback for the tests of access: it asks for consent, hands out, renews and withdraws tokens, proves what it is
//! shown, and answers with reviews to whoever carries a token that counts. It counts what it was asked.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, TimeDelta, Utc};
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const CLIENT: &str = "goodword-test-client";
pub const CLIENT_SECRET: &str = "c1ient-s3cret/of+the=owner";

/// What the platform knows and was asked.
#[derive(Default)]
pub struct Desk {
    /// Code → challenge, where to go back to.
    codes: HashMap<String, (Option<String>, String)>,
    pub refresh: HashSet<String>,
    pub tokens: HashSet<String>,
    issued: u32,
    /// Everything secret that was ever handed out or shown here.
    pub secrets: Vec<String>,
    /// Requests by their path and grant type.
    pub asked: BTreeMap<String, u32>,
    /// Device codes: how often it says that nobody has entered them yet.
    pub pending: u32,
    /// What the token's address answers instead.
    pub instead: Option<(u16, Value)>,
    /// Its clock is so far ahead of the machine's.
    pub ahead: TimeDelta,
    /// Statements' public keys.
    pub rsa: Vec<u8>,
    pub ec: Vec<u8>,
}

#[derive(Clone)]
pub struct Platform {
    pub url: String,
    pub address: String,
    desk: Arc<Mutex<Desk>>,
}

type Parameters = HashMap<String, String>;

impl Platform {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound").to_string();
        let platform = Self { url: format!("http://{address}"), address, desk: Arc::default() };
        let router = Router::new()
            .route("/token", post(token))
            .route("/api/v1/access_token", post(token))
            .route("/login/oauth/access_token", post(token))
            .route("/login/device/code", post(device))
            .route("/v23.0/oauth/access_token", post(token))
            .route("/oauth/token", post(token))
            .route("/youtube/v3/commentThreads", get(list))
            .route("/revoke", post(revoke))
            .route("/v4/accounts/1/locations/2/reviews", get(reviews))
            .route("/v4/accounts/1/locations/3/reviews", get(reviews))
            .route("/androidpublisher/v3/applications/com.example.loaf/reviews", get(reviews))
            .route("/repos/example/loaf/issues/comments", get(list))
            .route("/r/bakery/new", get(list))
            .route("/v23.0/77", get(page_token))
            .route("/v23.0/77/ratings", get(list))
            .route("/v1/apps/700100200/customerReviews", get(signed))
            .with_state(platform.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        platform
    }

    pub fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().expect("unbroken")
    }

    pub fn asked(&self, what: &str) -> u32 {
        self.desk().asked.get(what).copied().unwrap_or(0)
    }

    /// The owner allows access on the page that Goodword sent them to: state and code they come back with.
    pub fn consent(&self, page: &str) -> (String, String) {
        let url = url::Url::parse(page).expect("an address");
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(query["client_id"], CLIENT);
        assert_eq!(query["response_type"], "code");
        let mut desk = self.desk();
        let code = desk.secret("code");
        let challenge = query.get("code_challenge").cloned();
        if challenge.is_some() {
            assert_eq!(query["code_challenge_method"], "S256");
        }
        desk.codes.insert(code.clone(), (challenge, query["redirect_uri"].clone()));
        (query["state"].clone(), code)
    }

    /// No token counts any more; refresh tokens still do.
    pub fn expire(&self) {
        self.desk().tokens.clear();
    }
}

impl Desk {
    fn secret(&mut self, what: &str) -> String {
        self.issued += 1;
        let made = format!("{what}-{}-{:x}", self.issued, Sha256::digest(self.issued.to_be_bytes())[0]);
        self.secrets.push(made.clone());
        made
    }

    fn grant(&mut self, with_refresh: bool) -> Response {
        let token = self.secret("access-token");
        self.tokens.insert(token.clone());
        let mut answer = json!({ "access_token": token, "token_type": "Bearer", "expires_in": 3600 });
        if with_refresh {
            let refresh = self.secret("refresh-token");
            self.refresh.insert(refresh.clone());
            answer["refresh_token"] = Value::from(refresh);
        }
        Json(answer).into_response()
    }

    fn now(&self) -> DateTime<Utc> {
        goodword::clock::now() + self.ahead
    }
}

fn form(body: &str) -> Parameters {
    url::form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

fn refuse(status: u16, error: &str, description: &str) -> Response {
    let body = Json(json!({ "error": error, "error_description": description }));
    (StatusCode::from_u16(status).expect("a status"), body).into_response()
}

/// Whether the app proved itself, in the body or by HTTP Basic.
fn proved(headers: &HeaderMap, form: &Parameters) -> bool {
    let basic = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()?.strip_prefix("Basic "));
    if let Some(pair) = basic.and_then(|b| String::from_utf8(STANDARD.decode(b).ok()?).ok()) {
        let encode = |t: &str| url::form_urlencoded::byte_serialize(t.as_bytes()).collect::<String>();
        return pair == format!("{}:{}", encode(CLIENT), encode(CLIENT_SECRET));
    }
    form.get("client_id").is_some_and(|id| id == CLIENT)
        && form.get("client_secret").is_some_and(|secret| secret == CLIENT_SECRET)
}

async fn token(State(platform): State<Platform>, headers: HeaderMap, body: String) -> Response {
    let form = form(&body);
    let mut desk = platform.desk();
    let grant = form.get("grant_type").cloned().unwrap_or_default();
    *desk.asked.entry(grant.clone()).or_default() += 1;
    if let Some((status, body)) = desk.instead.clone() {
        return (StatusCode::from_u16(status).expect("a status"), Json(body)).into_response();
    }
    if grant == "urn:ietf:params:oauth:grant-type:jwt-bearer" {
        return statement(&mut desk, &form);
    }
    if !proved(&headers, &form) {
        return refuse(401, "invalid_client", "");
    }
    match grant.as_str() {
        "authorization_code" => {
            let Some((challenge, redirect)) = desk.codes.remove(&form["code"]) else {
                return refuse(400, "invalid_grant", "");
            };
            let verifier = form.get("code_verifier").cloned().unwrap_or_default();
            desk.secrets.extend(Some(verifier.clone()).filter(|v| !v.is_empty()));
            let shown = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
            if challenge.is_some_and(|c| c != shown) || redirect != form["redirect_uri"] {
                return refuse(400, "invalid_grant", "the verifier does not fit");
            }
            desk.grant(true)
        }
        "refresh_token" => {
            // A refresh token is good for one use.
            if !desk.refresh.remove(&form["refresh_token"]) {
                return refuse(400, "invalid_grant", "");
            }
            desk.grant(true)
        }
        "client_credentials" | "fb_exchange_token" => desk.grant(false),
        "urn:ietf:params:oauth:grant-type:device_code" => {
            if desk.pending > 0 {
                desk.pending -= 1;
                return Json(json!({ "error": "authorization_pending" })).into_response();
            }
            desk.grant(true)
        }
        _ => refuse(400, "unsupported_grant_type", ""),
    }
}

/// The parts of a statement, once its signature was proved.
fn proved_statement(
    key: &[u8],
    algorithm: &'static dyn ring::signature::VerificationAlgorithm,
    statement: &str,
) -> Option<(Value, Value)> {
    let (message, signature) = statement.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    UnparsedPublicKey::new(algorithm, key).verify(message.as_bytes(), &signature).ok()?;
    let (head, claims) = message.split_once('.')?;
    let read = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    Some((read(head)?, read(claims)?))
}

fn fresh(claims: &Value, now: DateTime<Utc>, longest: i64) -> bool {
    let at = |name: &str| claims[name].as_i64().unwrap_or(0);
    at("iat") <= now.timestamp() + 5
        && at("exp") > now.timestamp()
        && at("exp") - at("iat") <= longest
        && at("iat") > now.timestamp() - 300
}

fn statement(desk: &mut Desk, form: &Parameters) -> Response {
    let shown = form["assertion"].clone();
    desk.secrets.push(shown.clone());
    let Some((head, claims)) = proved_statement(&desk.rsa, &RSA_PKCS1_2048_8192_SHA256, &shown) else {
        return refuse(400, "invalid_grant", "Invalid JWT Signature.");
    };
    assert_eq!(head["alg"], "RS256");
    assert_eq!(claims["iss"], "reader@loaf.example");
    assert_eq!(claims["scope"], "https://www.googleapis.com/auth/androidpublisher");
    let date = [(header::DATE, desk.now().to_rfc2822().replace("+0000", "GMT"))];
    if !fresh(&claims, desk.now(), 3600) {
        return (date, refuse(400, "invalid_grant", "Invalid JWT: it is not of this time frame"))
            .into_response();
    }
    desk.grant(false)
}

async fn device(State(platform): State<Platform>, body: String) -> Response {
    let form = form(&body);
    assert_eq!(form["client_id"], CLIENT);
    assert!(!form.contains_key("client_secret"));
    let mut desk = platform.desk();
    let code = desk.secret("device-code");
    Json(json!({
        "device_code": code, "user_code": "WDJB-MJHT", "verification_uri": "https://platform.example/device",
        "expires_in": 900, "interval": 1,
    }))
    .into_response()
}

async fn revoke(State(platform): State<Platform>, body: String) -> Response {
    let form = form(&body);
    let mut desk = platform.desk();
    *desk.asked.entry("revoke".into()).or_default() += 1;
    desk.refresh.remove(&form["token"]);
    desk.tokens.clear();
    StatusCode::OK.into_response()
}

fn bearer(headers: &HeaderMap) -> String {
    let value = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.strip_prefix("Bearer ").unwrap_or_default().to_owned()
}

fn let_in(desk: &mut Desk, headers: &HeaderMap) -> Option<Response> {
    *desk.asked.entry("read".into()).or_default() += 1;
    (!desk.tokens.contains(&bearer(headers)))
        .then(|| (StatusCode::UNAUTHORIZED, Json(json!({ "error": { "code": 401 } }))).into_response())
}

async fn reviews(State(platform): State<Platform>, headers: HeaderMap) -> Response {
    let_in(&mut platform.desk(), &headers).unwrap_or_else(|| {
        let review = |id: &str, stars: &str| {
            json!({ "reviewId": id, "reviewer": { "displayName": "Caspian Moor" }, "starRating": stars,
                    "comment": "Warm bread", "createTime": "2026-03-01T10:00:00Z", "updateTime": "2026-03-01T10:00:00Z" })
        };
        Json(json!({ "reviews": [review("R1", "TWO"), review("R2", "FIVE")], "totalReviewCount": 2 }))
            .into_response()
    })
}

/// Nothing in the shape of each platform, or Reddit's empty listing.
async fn list(State(platform): State<Platform>, headers: HeaderMap, uri: axum::http::Uri) -> Response {
    let_in(&mut platform.desk(), &headers).unwrap_or_else(|| {
        Json(match uri.path() {
            "/r/bakery/new" => json!({ "kind": "Listing", "data": { "children": [] } }),
            "/v23.0/77/ratings" => json!({ "data": [] }),
            "/youtube/v3/commentThreads" => {
                json!({ "kind": "youtube#commentThreadListResponse", "items": [] })
            }
            _ => json!([]),
        })
        .into_response()
    })
}

/// The page's own token, for whoever runs the page.
async fn page_token(
    State(platform): State<Platform>,
    headers: HeaderMap,
    Query(query): Query<Parameters>,
) -> Response {
    assert_eq!(query["fields"], "access_token");
    let mut desk = platform.desk();
    if let Some(refusal) = let_in(&mut desk, &headers) {
        return refusal;
    }
    let token = desk.secret("page-token");
    desk.tokens.insert(token.clone());
    Json(json!({ "access_token": token, "id": "77" })).into_response()
}

/// App Store Connect: the token is a statement, proved at each request.
async fn signed(State(platform): State<Platform>, headers: HeaderMap) -> Response {
    let mut desk = platform.desk();
    *desk.asked.entry("read".into()).or_default() += 1;
    let shown = bearer(&headers);
    desk.secrets.push(shown.clone());
    let date = [(header::DATE, desk.now().to_rfc2822().replace("+0000", "GMT"))];
    let proved = proved_statement(&desk.ec, &ECDSA_P256_SHA256_FIXED, &shown);
    let good = proved.is_some_and(|(head, claims)| {
        head == json!({ "alg": "ES256", "kid": "KEY1", "typ": "JWT" })
            && claims["aud"] == "appstoreconnect-v1"
            && claims["iss"] == "ISSUER1"
            && fresh(&claims, desk.now(), 20 * 60)
    });
    if !good {
        let body = Json(json!({ "errors": [{ "status": "401", "code": "NOT_AUTHORIZED" }] }));
        return (StatusCode::UNAUTHORIZED, date, body).into_response();
    }
    let body = std::fs::read(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/app_store_connect/reviews.json"),
    )
    .expect("a fixture");
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
