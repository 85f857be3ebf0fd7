//! Telegram: a bot of the owner's sends a message (`sendMessage`), as plain text.

use std::time::Duration;

use goodword_shared::{
    Time,
    alert::ChannelDescriptor,
    problem::FieldError,
    source::{FieldType, Values},
};
use serde_json::json;

use super::{Channel, Effect, Verdict, post_json, required, said, setting};
use crate::{
    actions::message::{Message, shorten},
    wire::Response,
};

/// See the module.
pub struct Telegram;

impl Channel for Telegram {
    fn describe(&self) -> ChannelDescriptor {
        let mut token = required(
            "token",
            "Bot token",
            "In Telegram: write to @BotFather, /newbot, and copy the token.",
            FieldType::Secret,
        );
        token.example = Some("123456:ABC…".into());
        let mut chat = required(
            "chat",
            "Chat",
            "The number of the chat, or @name of a public channel. Write to your bot first; it may not begin.",
            FieldType::Text,
        );
        chat.example = Some("123456789".into());
        ChannelDescriptor {
            slug: "telegram".into(),
            title: "Telegram".into(),
            summary: "A bot of yours sends alerts to a chat.".into(),
            fields: vec![token, chat],
        }
    }

    fn check(&self, settings: &Values) -> Vec<FieldError> {
        let token = setting(settings, "token");
        // The token becomes part of the address.
        let fine = token.chars().all(|c| c.is_ascii_alphanumeric() || ":_-".contains(c));
        let detail = "The bot token has letters, digits, a colon, - and _ only.";
        (!fine).then(|| FieldError { field: "token".into(), detail: detail.into() }).into_iter().collect()
    }

    fn prepare(&self, settings: &Values, message: &Message, _now: Time) -> Result<Effect, String> {
        let mut text = message.title();
        let words = shorten(&message.words(), 3000);
        if !words.is_empty() {
            text.push_str(&format!("\n\n“{words}”"));
        }
        if let Some((drawn, said)) = message.stars() {
            text.push_str(&format!("\n\n{drawn} {said}"));
        }
        if !message.test {
            text.push_str(&format!("\n{}", message.place()));
        }
        text.push_str(&format!("\n\n{}", message.link()));
        let body = json!({
            "chat_id": setting(settings, "chat"),
            "text": text,
            "link_preview_options": { "is_disabled": true },
        });
        let url = format!("https://api.telegram.org/bot{}/sendMessage", setting(settings, "token"));
        Ok(Effect::Call { request: post_json(url, &body), private: false })
    }

    fn judge(&self, response: &Response) -> Verdict {
        match response.status {
            200..=299 => Verdict::Done("Sent.".into()),
            429 => Verdict::Again(said(response), asked_to_wait(response)),
            400..=499 => Verdict::Failed(said(response)),
            _ => Verdict::Again(said(response), None),
        }
    }
}

/// Telegram says in the body how many seconds to wait.
fn asked_to_wait(response: &Response) -> Option<Duration> {
    let body: serde_json::Value = serde_json::from_slice(&response.body).ok()?;
    body.pointer("/parameters/retry_after")?.as_u64().map(Duration::from_secs)
}
