//! Channels: the ways by which the owner is told, one file each. A channel describes itself, checks its settings and says
//! what is to be sent for a message; it does no IO, has no clock and no randomness but what is passed in. `carry` sends.

use std::time::Duration;

use goodword_shared::{
    Time,
    alert::{Alert, ChannelDescriptor},
    problem::FieldError,
    source::{Field, FieldType, Values},
};

use super::message::Message;
use crate::{
    secrets::Secret,
    wire::{Request, Response},
};

mod discord;
mod email;
mod ntfy;
mod page;
mod slack;
mod telegram;
mod webhook;

/// The slug of the in-page channel, which is always there.
pub const PAGE: &str = "page";

/// What is to be done for one message.
#[derive(Clone, Debug)]
pub enum Effect {
    /// An HTTP request.
    Call {
        /// The request; the same idempotency key at every try.
        request: Request,
        /// The owner lets this channel reach private networks.
        private: bool,
    },
    /// A mail.
    Mail {
        /// By which server.
        server: MailServer,
        /// The mail, with its Message-ID.
        mail: Box<lettre::Message>,
    },
    /// Shown in the open page.
    Show(Alert),
}

/// A mail server that takes mail from us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is protected.
    pub security: MailSecurity,
    /// User and password, where it wants them.
    pub login: Option<(String, Secret)>,
}

/// How the connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailSecurity {
    /// Not at all: only for a server on the same machine or network.
    None,
    /// Begins open and must change to TLS before anything is said.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// What came of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is there; the other side's words.
    Done(String),
    /// Not now: why, and how long the other side asks us to wait.
    Again(String, Option<Duration>),
    /// Trying again cannot help: why, and what to do.
    Failed(String),
}

/// The code for a kind of channel.
pub trait Channel: Send + Sync {
    /// Its account of itself.
    fn describe(&self) -> ChannelDescriptor;

    /// What is wrong with settings beyond what the schema says.
    fn check(&self, _settings: &Values) -> Vec<FieldError> {
        Vec::new()
    }

    /// Secrets that Goodword makes where the owner gives none: field name → value. They are shown once.
    fn generate(&self, _random: &[u8; 32]) -> Values {
        Values::new()
    }

    /// What is to be sent. `Err` where the settings do not allow it, in words for the owner.
    fn prepare(&self, settings: &Values, message: &Message, now: Time) -> Result<Effect, String>;

    /// What an HTTP answer means. The usual: refusals are final, everything else is tried again.
    fn judge(&self, response: &Response) -> Verdict {
        match response.status {
            200..=299 => Verdict::Done(format!("Accepted ({}).", response.status)),
            408 | 425 | 429 => Verdict::Again(said(response), None),
            400..=499 => Verdict::Failed(said(response)),
            _ => Verdict::Again(said(response), None),
        }
    }
}

/// Every channel, in the order of the documents.
pub fn all() -> &'static [&'static dyn Channel] {
    &[
        &page::Page,
        &email::Email,
        &webhook::Webhook,
        &slack::Slack,
        &discord::Discord,
        &telegram::Telegram,
        &ntfy::Ntfy,
    ]
}

/// The channel of that slug.
pub fn by_slug(slug: &str) -> Option<&'static dyn Channel> {
    all().iter().copied().find(|c| c.describe().slug == slug)
}

/// The other side's refusal in a sentence: status and the beginning of what it said, without control characters.
fn said(response: &Response) -> String {
    let text: String = String::from_utf8_lossy(&response.body)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(200)
        .collect();
    match text.trim() {
        "" => format!("The other side answered {}.", response.status),
        text => format!("The other side answered {}: {text}", response.status),
    }
}

/// A field of a channel's schema.
fn field(name: &str, label: &str, help: &str, kind: FieldType) -> Field {
    Field {
        name: name.into(),
        label: label.into(),
        help: help.into(),
        kind,
        required: false,
        default: None,
        example: None,
    }
}

/// A field that must be filled in.
fn required(name: &str, label: &str, help: &str, kind: FieldType) -> Field {
    Field { required: true, ..field(name, label, help, kind) }
}

/// The toggle of channels that may be pointed at the owner's own network.
fn private_field() -> Field {
    Field {
        default: Some("false".into()),
        ..field(
            "allow_private",
            "May be in my own network",
            "Needed where the address is on this machine or in the home or office network.",
            FieldType::Toggle,
        )
    }
}

/// A setting as text, trimmed; empty where it is not given.
fn setting<'a>(settings: &'a Values, name: &str) -> &'a str {
    settings.get(name).map(|s| s.trim()).unwrap_or_default()
}

/// A POST of JSON.
fn post_json(url: impl Into<String>, body: &impl serde::Serialize) -> Request {
    Request {
        verb: crate::wire::Verb::Post,
        body: Some(serde_json::to_string(body).expect("texts and numbers are JSON")),
        ..Request::get(url)
    }
    .header("content-type", "application/json")
}
