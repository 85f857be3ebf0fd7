//! A code that the owner enters on any device (RFC 8628): asking for one, and when to ask whether it was entered. Pure.

use chrono::TimeDelta;
use goodword_shared::{
    Time,
    access::{Access, Consent},
};
use serde_json::Value;

use super::{Client, Granted, Refusal, ask, ask_at, read_token, seconds};
use crate::{
    secrets::Secret,
    wire::{Request, Response},
};

/// Where the platform does not say how often to ask.
const INTERVAL: TimeDelta = TimeDelta::seconds(5);
/// What is added each time it asks for less.
const SLOWER: TimeDelta = TimeDelta::seconds(5);

/// A code that waits to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What we ask with.
    device_code: Secret,
    /// What the owner enters.
    pub code: String,
    /// Where.
    pub link: String,
    /// When it is too late.
    pub expires_at: Time,
    /// Least time between two questions.
    pub interval: TimeDelta,
}

/// What to do after a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Ask again, not before that.
    AskAt(Time),
    /// It was entered.
    Granted(Granted),
    /// It is over.
    Over(Refusal),
}

/// Asks for a code. None where the platform offers none.
pub fn begin(access: &Access, consent: &Consent, client: &Client) -> Option<Request> {
    let scopes = access.scopes.join(" ");
    let public = Client { secret: None, ..client.clone() };
    let parameters: &[(&str, &str)] = if scopes.is_empty() { &[] } else { &[("scope", &scopes)] };
    // Only the app's name is wanted here.
    Some(ask_at(consent.device_url.as_deref()?, goodword_shared::access::Proof::Body, &public, parameters))
}

/// Reads the code.
pub fn read_code(response: &Response, now: Time) -> Result<Waiting, Refusal> {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|v| !v.is_empty());
    // Google calls it otherwise than the standard.
    let link = text("verification_uri_complete").or(text("verification_uri")).or(text("verification_url"));
    match (text("device_code"), text("user_code"), link.filter(|l| l.starts_with("http"))) {
        (Some(device), Some(code), Some(link)) => Ok(Waiting {
            device_code: Secret::new(device),
            code: code.to_owned(),
            link: link.to_owned(),
            expires_at: now + seconds(body.get("expires_in")).unwrap_or(TimeDelta::minutes(15)),
            interval: seconds(body.get("interval")).unwrap_or(INTERVAL),
        }),
        _ => Err(match read_token(response) {
            Err(refusal) => refusal,
            Ok(_) => Refusal::Other("it answers without a code".to_owned()),
        }),
    }
}

impl Waiting {
    /// Asks whether it was entered.
    pub fn question(&self, access: &Access, client: &Client) -> Request {
        let parameters = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", self.device_code.expose()),
        ];
        ask(access, client, &parameters)
    }

    /// What the answer means. An answer that did not come is asked for again, at a slower pace (section 3.5).
    pub fn after(&mut self, answer: Option<&Response>, now: Time) -> Next {
        let refusal = match answer.map(read_token) {
            Some(Ok(granted)) => return Next::Granted(granted),
            Some(Err(refusal)) => refusal,
            None => Refusal::Away(0),
        };
        match refusal {
            Refusal::Pending => {}
            Refusal::SlowDown | Refusal::Away(_) => self.interval += SLOWER,
            over => return Next::Over(over),
        }
        let at = now + self.interval;
        if at >= self.expires_at { Next::Over(Refusal::Late) } else { Next::AskAt(at) }
    }
}
