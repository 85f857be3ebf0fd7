//! Discord: one JSON POST to a channel's secret webhook address.

use goodword_shared::{
    Time,
    alert::ChannelDescriptor,
    problem::FieldError,
    source::{FieldType, Values},
};
use serde_json::json;

use super::{Channel, Effect, post_json, required, setting, slack::web_address};
use crate::actions::message::{Message, shorten};

/// Brick red, as in the dashboard.
const COLOUR: u32 = 0x00B3_402A;

/// See the module.
pub struct Discord;

impl Channel for Discord {
    fn describe(&self) -> ChannelDescriptor {
        let mut url = required(
            "url",
            "Webhook address",
            "In Discord: Edit Channel, Integrations, Webhooks, New Webhook, Copy Webhook URL.",
            FieldType::Secret,
        );
        url.example = Some("https://discord.com/api/webhooks/…".into());
        ChannelDescriptor {
            slug: "discord".into(),
            title: "Discord".into(),
            summary: "Posts alerts in a Discord channel.".into(),
            fields: vec![url],
        }
    }

    fn check(&self, settings: &Values) -> Vec<FieldError> {
        web_address(settings)
    }

    fn prepare(&self, settings: &Values, message: &Message, _now: Time) -> Result<Effect, String> {
        let mut lines: Vec<String> =
            shorten(&message.words(), 2500).lines().map(|line| format!("> {}", escape(line))).collect();
        lines.extend(message.stars().map(|(drawn, said)| format!("{drawn} {said}")));
        if !message.test {
            lines.push(escape(&message.place()));
        }
        let body = json!({
            "username": "Goodword",
            "embeds": [{
                "title": shorten(&escape(&message.title()), 250),
                "url": message.link(),
                "description": shorten(&lines.join("\n"), 4000),
                "color": COLOUR,
            }],
            // Nobody is called by what a customer wrote.
            "allowed_mentions": { "parse": [] },
        });
        Ok(Effect::Call { request: post_json(setting(settings, "url"), &body), private: false })
    }
}

/// Takes Markdown's meaning from a customer's words.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\*_~`|>[]()#-".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
