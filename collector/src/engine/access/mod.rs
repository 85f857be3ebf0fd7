//! Letting sources in: before a run the token that its connector asked for is got ready, and when a platform says in the middle
//! that it no longer counts, another one is got, once. Connectors only ever see a ready token.

mod account;
mod connect;
mod device;
mod key;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use goodword_shared::{
    ProblemKind, Time,
    access::{Access, AccessState, DeviceCode, Grant, TOKEN},
    problem::SourceProblem,
    source::Values,
};

pub use connect::{begin, disconnect, finish, share, view};
pub use device::{begin as begin_device, carry_on as carry_on_device};

use super::veil::Veil;
use crate::{
    access::{Client, Granted, Refusal, read_token},
    app::App,
    clock,
    connectors::Connector,
    fetch::{FetchError, Fetched, Validators},
    secrets::Secret,
    store::StoredAccount,
    wire::{Request, Response},
};

/// Least time between two requests to a token's address.
const PACE: Duration = Duration::from_millis(200);

/// Tokens that are had again for the asking and so are kept in memory only, and codes that wait to be entered.
#[derive(Default)]
pub struct Tokens {
    /// By a hash of who asks where for what.
    held: Mutex<HashMap<String, key::Place>>,
    /// By source.
    waiting: Mutex<HashMap<String, DeviceCode>>,
}

impl Tokens {
    fn place(&self, of: &str) -> key::Place {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(held.entry(of.to_owned()).or_default())
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, HashMap<String, DeviceCode>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a request did not come to an answer.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What to tell the owner.
    pub problem: SourceProblem,
    /// When the server asked to be asked again.
    pub retry_after: Option<Duration>,
    /// What the server answered, where that was all; 0 without an answer.
    pub status: u16,
    /// Somebody was asked at all.
    pub asked: bool,
    /// Trying again later may help without the owner.
    passes: bool,
}

impl Failure {
    fn auth(detail: impl Into<String>) -> Self {
        let problem = SourceProblem { problem: ProblemKind::Auth, detail: detail.into() };
        Self { problem, retry_after: None, status: 0, asked: false, passes: false }
    }
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        Self {
            retry_after: error.retry_after(),
            status: error.status(),
            asked: true,
            problem: error.into(),
            passes: true,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let status = if let Refusal::Away(status) = refusal { status } else { 401 };
        Self { problem: refusal.problem(), retry_after: None, status, asked: true, passes: refusal.passes() }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        tracing::error!(error = format!("{error:#}"), "a token could not be kept or found");
        let detail = "Something broke on our side while access was renewed; the log says what.".to_owned();
        let problem = SourceProblem { problem: ProblemKind::Unreachable, detail };
        Self { problem, retry_after: None, status: 0, asked: false, passes: true }
    }
}

/// What lets one run in. Without need of a token it lets every request through as it is.
#[derive(Default)]
pub struct Pass {
    needs: Option<Needs>,
    token: Option<Secret>,
    /// Tokens of this run that no longer count; requests made from earlier ones may still carry them.
    stale: Vec<Secret>,
    renewed: bool,
}

struct Needs {
    access: Access,
    client: Option<Client>,
    values: Values,
    account: Option<String>,
}

impl Pass {
    /// Gets the token ready that a connector asks for with these settings, and puts it among them.
    pub async fn obtain(
        app: &App,
        connector: &dyn Connector,
        values: &mut Values,
        account: Option<&str>,
    ) -> Result<Self, Failure> {
        let Some(access) = connector.access(values) else { return Ok(Self::default()) };
        let needs = Needs {
            client: Client::of(&access, values),
            values: values.clone(),
            account: account.map(str::to_owned),
            access,
        };
        let token = needs.token(app, None, clock::now()).await?;
        values.insert(TOKEN.to_owned(), token.expose().to_owned());
        Ok(Self { needs: Some(needs), token: Some(token), ..Self::default() })
    }

    /// Makes a request with a token that counts. A refused token is renewed once in a run.
    pub async fn fetch(
        &mut self,
        app: &App,
        request: &Request,
        pace: Duration,
        validators: Option<&Validators>,
        now: Time,
    ) -> Result<Fetched, Failure> {
        let asked = self.refreshed(request);
        let fetched = app.fetcher.fetch(&asked, pace, validators, now).await?;
        let (Some(needs), Some(token)) = (&self.needs, &self.token) else { return Ok(fetched) };
        if self.renewed || !refused(&fetched.response) || !carries(&asked, token) {
            return Ok(fetched);
        }
        self.renewed = true;
        let ahead = crate::access::skew(&fetched.response, now).unwrap_or_default();
        let fresh = needs.token(app, Some(token), now + ahead).await?;
        if fresh == *token {
            return Ok(fetched);
        }
        self.stale.extend(self.token.replace(fresh));
        let again = app.fetcher.fetch(&self.refreshed(request), pace, validators, now).await?;
        Ok(Fetched { requests_made: again.requests_made + fetched.requests_made, ..again })
    }

    /// Hides the tokens of this run in what is stored of its requests.
    pub fn hide_in(&self, veil: &mut Veil) {
        for token in self.token.iter().chain(&self.stale) {
            veil.add(TOKEN, token.expose());
        }
    }

    fn refreshed(&self, request: &Request) -> Request {
        let Some(token) = self.token.as_ref().filter(|_| !self.stale.is_empty()) else {
            return request.clone();
        };
        let change = |text: &str| {
            self.stale.iter().fold(text.to_owned(), |text, old| text.replace(old.expose(), token.expose()))
        };
        Request {
            url: change(&request.url),
            headers: request.headers.iter().map(|(name, value)| (name.clone(), change(value))).collect(),
            body: request.body.as_deref().map(change),
            ..request.clone()
        }
    }
}

impl Needs {
    /// A token; another one than `refused`, where that can be had.
    async fn token(&self, app: &App, refused: Option<&Secret>, now: Time) -> Result<Secret, Failure> {
        let access = &self.access;
        let token = match &access.grant {
            Grant::Consent(_) => {
                let Some(id) = &self.account else {
                    return Err(Failure::auth(format!(
                        "Connect an account: on the Sources page choose “Connect account…” to let Goodword read at {}.",
                        access.title
                    )));
                };
                let client = self.client()?;
                return account::token(app, access, client, id, refused).await;
            }
            Grant::App => key::of_app(app, access, self.client()?, refused).await?,
            Grant::ServiceAccount { key_field } => {
                key::of_service(app, access, self.value(key_field), refused).await?
            }
            Grant::Signed { .. } => key::signed(access, &self.values, now)?,
        };
        Ok(token)
    }

    fn client(&self) -> Result<&Client, Failure> {
        self.client.as_ref().ok_or_else(|| {
            Failure::auth(format!("Fill in “{}” in the source's settings.", self.access.id_field))
        })
    }

    fn value(&self, name: &str) -> &str {
        self.values.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// A request to a token's address and what it answers.
async fn ask(app: &App, request: &Request) -> Result<(Result<Granted, Refusal>, Response), Failure> {
    let fetched = app.fetcher.fetch(request, PACE, None, clock::now()).await?;
    Ok((read_token(&fetched.response), fetched.response))
}

/// Whether an answer means that the token no longer counts. Graph says it with status 400 and its code 190.
fn refused(response: &Response) -> bool {
    let says = |words: &str| memchr::memmem::find(&response.body, words.as_bytes()).is_some();
    response.status == 401 || (response.status == 400 && says("OAuthException") && says("\"code\":190"))
}

fn carries(request: &Request, token: &Secret) -> bool {
    let token = token.expose();
    request.headers.iter().any(|(_, value)| value.contains(token)) || request.url.contains(token)
}

/// How the access of a source fares; none where it needs nothing but its settings.
pub(super) fn state(access: Option<&Access>, account: Option<&StoredAccount>) -> Option<AccessState> {
    Some(match (&access?.grant, account) {
        (Grant::Consent(_), None) => AccessState::Missing,
        (Grant::Consent(_), Some(account)) if account.problem.is_some() => AccessState::Ended,
        // What is derived from the first token lasts.
        (Grant::Consent(_), Some(account)) if account.ends_at.is_some() && access?.derived.is_none() => {
            AccessState::Ending
        }
        (Grant::Consent(_), Some(_)) => AccessState::Connected,
        _ => AccessState::ByKey,
    })
}
