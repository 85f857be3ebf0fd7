//! Being let in: the protocols by which tokens are asked for and read, as plain requests and answers. OAuth 2 with PKCE, device
//! codes, an app's own keys, service accounts, tokens signed here. It does no IO and has no clock or chance but what is passed
//! in; it must not know connectors, the store or the network.

pub mod consent;
pub mod device;
pub mod jwt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use goodword_shared::{
    Time,
    access::{Access, Proof},
    problem::{ProblemKind, SourceProblem},
    source::Values,
};
use serde_json::Value;

use crate::{
    secrets::Secret,
    wire::{Request, Response, Verb},
};

/// What an app is known by at a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its public name.
    pub id: String,
    /// Its secret; apps that cannot keep one have none.
    pub secret: Option<Secret>,
}

impl Client {
    /// The one in the settings; none where there is no public name.
    pub fn of(access: &Access, values: &Values) -> Option<Self> {
        let value = |name: &str| values.get(name).map(|v| v.trim()).filter(|v| !v.is_empty());
        let secret = value(&access.secret_field).map(Secret::new);
        value(&access.id_field).map(|id| Self { id: id.to_owned(), secret })
    }
}

/// A token that was handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// For requests.
    pub token: Secret,
    /// For the next token; absent where the old one stays, or where there is none.
    pub refresh: Option<Secret>,
    /// How long the token lasts; unknown where the platform does not say.
    pub lasts: Option<TimeDelta>,
}

impl Granted {
    /// When it is better to have the next one: some time before it ends, so that no request meets the end.
    pub fn renew_at(&self, now: Time) -> Option<Time> {
        self.lasts.map(|lasts| now + lasts - (lasts / 10).min(TimeDelta::minutes(5)))
    }
}

/// Why there is no token. None of the messages holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The owner has not entered the code yet.
    #[error("The code has not been entered yet.")]
    Pending,
    /// Asked too often while waiting.
    #[error("The platform asks to be asked less often.")]
    SlowDown,
    /// The owner said no.
    #[error("Access was refused on the platform's page. Connect the account again and allow it.")]
    Denied,
    /// The code was not entered in time.
    #[error("The code has run out. Connect the account again.")]
    Late,
    /// Withdrawn, or run out.
    #[error("The platform has withdrawn the access, or it has run out. Connect the account again.")]
    Ended,
    /// Name or secret of the app are wrong.
    #[error("The platform does not know the app or its secret: check them in the source's settings.")]
    Client,
    /// A signed statement was refused.
    #[error(
        "The platform refuses the key ({0}): check it in the source's settings, and this machine's clock."
    )]
    Statement(String),
    /// Something else that waiting will not mend.
    #[error("The platform gives no access: {0}.")]
    Other(String),
    /// The platform is away, or asks for a pause.
    #[error("The platform's sign-in does not answer properly now (HTTP {0}); it is tried again.")]
    Away(u16),
    /// The key in the settings cannot be read.
    #[error(transparent)]
    Key(#[from] jwt::KeyError),
}

impl Refusal {
    /// Whether trying again later may help without the owner.
    pub fn passes(&self) -> bool {
        matches!(self, Refusal::Pending | Refusal::SlowDown | Refusal::Away(_))
    }

    /// The same as a source's problem.
    pub fn problem(&self) -> SourceProblem {
        let problem = if self.passes() { ProblemKind::Unreachable } else { ProblemKind::Auth };
        SourceProblem { problem, detail: self.to_string() }
    }
}

/// A POST of parameters to a token's address.
pub fn ask(access: &Access, client: &Client, parameters: &[(&str, &str)]) -> Request {
    ask_at(&access.token_url, access.proof, client, parameters)
}

/// The same to another address of the platform.
pub fn ask_at(url: &str, proof: Proof, client: &Client, parameters: &[(&str, &str)]) -> Request {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(parameters);
    let secret = client.secret.as_ref().map(Secret::expose);
    let mut request = Request { verb: Verb::Post, ..Request::get(url) }
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json");
    match proof {
        Proof::Basic => {
            // RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
            let encode =
                |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", encode(&client.id), encode(secret.unwrap_or("")));
            request = request.header("authorization", format!("Basic {}", STANDARD.encode(pair)));
        }
        Proof::Body => {
            form.append_pair("client_id", &client.id);
            if let Some(secret) = secret {
                form.append_pair("client_secret", secret);
            }
        }
    }
    request.body = Some(form.finish());
    request
}

/// The request of an app for itself.
pub fn app_request(access: &Access, client: &Client) -> Request {
    let scopes = access.scopes.join(" ");
    let mut parameters = vec![("grant_type", "client_credentials")];
    if !scopes.is_empty() {
        parameters.push(("scope", &scopes));
    }
    ask(access, client, &parameters)
}

/// The request of a service account: its signed statement.
pub fn statement_request(token_url: &str, statement: &Secret) -> Request {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    form.append_pair("assertion", statement.expose());
    Request { verb: Verb::Post, body: Some(form.finish()), ..Request::get(token_url) }
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
}

/// Reads what a token's address answers. Some platforms refuse with status 200, so the body is asked first.
pub fn read_token(response: &Response) -> Result<Granted, Refusal> {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|v| !v.is_empty());
    if let Some(token) = text("access_token").filter(|_| (200..300).contains(&response.status)) {
        return Ok(Granted {
            token: Secret::new(token),
            refresh: text("refresh_token").map(Secret::new),
            lasts: seconds(body.get("expires_in")),
        });
    }
    // Graph's errors are objects; their codes say what OAuth's words say.
    let graph = body.get("error").filter(|e| e.is_object());
    let code = match graph {
        Some(error) if error.get("code").and_then(Value::as_i64) == Some(190) => Some("invalid_grant"),
        Some(error) => error.get("message").and_then(Value::as_str),
        None => text("error"),
    };
    Err(match code {
        Some("authorization_pending") => Refusal::Pending,
        Some("slow_down") => Refusal::SlowDown,
        Some("access_denied" | "authorization_declined") => Refusal::Denied,
        Some("expired_token" | "code_expired") => Refusal::Late,
        Some("invalid_grant" | "bad_refresh_token" | "bad_verification_code") => {
            match text("error_description").filter(|d| d.contains("JWT")) {
                Some(said) => Refusal::Statement(short(said)),
                None => Refusal::Ended,
            }
        }
        Some("invalid_client" | "unauthorized_client" | "incorrect_client_credentials") => Refusal::Client,
        Some("temporarily_unavailable" | "server_error") => Refusal::Away(response.status),
        _ if response.status == 429 || response.status >= 500 => Refusal::Away(response.status),
        _ if response.status == 401 => Refusal::Client,
        Some(other) => Refusal::Other(short(other)),
        None => Refusal::Other(format!("it answers with HTTP {} and no token", response.status)),
    })
}

/// A number of seconds, as number or text; some platforms send either.
fn seconds(value: Option<&Value>) -> Option<TimeDelta> {
    let value = value?;
    let number = value.as_i64().or_else(|| value.as_f64().map(|f| f as i64));
    let number = number.or_else(|| value.as_str()?.trim().parse().ok())?;
    // Zero stands for "does not end" where it is sent at all.
    (number > 0).then(|| TimeDelta::seconds(number.min(10 * 365 * 86_400)))
}

/// A foreign word or two, for a sentence of ours: one line, not long, nothing that looks like a key.
fn short(text: &str) -> String {
    let calm = |word: &&str| word.len() <= 32;
    let words: Vec<&str> = text.split_whitespace().filter(calm).collect();
    words.join(" ").chars().filter(|c| !c.is_control()).take(120).collect::<String>()
}

/// How far the server's clock is ahead of ours, where that is so much that it matters.
pub fn skew(response: &Response, now: Time) -> Option<TimeDelta> {
    let theirs = chrono::DateTime::parse_from_rfc2822(response.header("date")?).ok()?;
    let ahead = theirs.to_utc() - now;
    (ahead.abs() > TimeDelta::seconds(30)).then_some(ahead)
}
