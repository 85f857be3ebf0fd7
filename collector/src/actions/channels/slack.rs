//! Slack, and what takes Slack's incoming webhooks (Mattermost, Rocket.Chat): one JSON POST to a secret address.

use goodword_shared::{
    Time,
    alert::ChannelDescriptor,
    problem::FieldError,
    source::{FieldType, Values},
};
use serde_json::json;

use super::{Channel, Effect, post_json, private_field, required, setting};
use crate::actions::message::{Message, shorten};

/// See the module.
pub struct Slack;

impl Channel for Slack {
    fn describe(&self) -> ChannelDescriptor {
        let mut url = required(
            "url",
            "Webhook address",
            "In Slack: Apps, Incoming Webhooks, Add to Slack, choose a channel, copy the address.",
            FieldType::Secret,
        );
        url.example = Some("https://hooks.slack.com/services/…".into());
        ChannelDescriptor {
            slug: "slack".into(),
            title: "Slack".into(),
            summary:
                "Posts alerts in a Slack channel, or in Mattermost or Rocket.Chat, by an incoming webhook."
                    .into(),
            fields: vec![url, private_field()],
        }
    }

    fn check(&self, settings: &Values) -> Vec<FieldError> {
        web_address(settings)
    }

    fn prepare(&self, settings: &Values, message: &Message, _now: Time) -> Result<Effect, String> {
        let mut lines = vec![format!("*{}*", escape(&message.title()))];
        lines.extend(shorten(&message.words(), 1500).lines().map(|line| format!("> {}", escape(line))));
        lines.extend(message.stars().map(|(drawn, said)| format!("{drawn} {said}")));
        if !message.test {
            lines.push(escape(&message.place()));
        }
        lines.push(format!("<{}|Open in Goodword>", escape(&message.link())));
        let request = post_json(setting(settings, "url"), &json!({ "text": lines.join("\n") }));
        Ok(Effect::Call { request, private: setting(settings, "allow_private") == "true" })
    }
}

/// Slack's three characters with a meaning; with them a customer's words cannot make links or call people.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The fault of a secret web address, where there is one.
pub(super) fn web_address(settings: &Values) -> Vec<FieldError> {
    let url = setting(settings, "url");
    let fine = url.is_empty() || url.starts_with("https://") || url.starts_with("http://");
    let detail = "The address must begin with https:// or http://.";
    (!fine).then(|| FieldError { field: "url".into(), detail: detail.into() }).into_iter().collect()
}
