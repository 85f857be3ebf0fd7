//! ntfy: push messages to a phone by a topic, at ntfy.sh or a server of one's own (publishing as JSON).

use goodword_shared::{
    Time,
    alert::ChannelDescriptor,
    problem::FieldError,
    source::{FieldType, Values},
};
use serde_json::json;

use super::{Channel, Effect, field, post_json, private_field, required, setting};
use crate::actions::message::{Message, shorten};

/// See the module.
pub struct Ntfy;

impl Channel for Ntfy {
    fn describe(&self) -> ChannelDescriptor {
        let mut server = field("server", "Server", "ntfy.sh, or your own.", FieldType::Url);
        server.default = Some("https://ntfy.sh".into());
        let mut topic = required(
            "topic",
            "Topic",
            "What your phone subscribes to. At ntfy.sh anybody who knows it reads along: choose one that cannot be guessed.",
            FieldType::Secret,
        );
        topic.example = Some("goodword-7hq2x9".into());
        ChannelDescriptor {
            slug: "ntfy".into(),
            title: "ntfy".into(),
            summary: "Sends a push message to your phone by ntfy.".into(),
            fields: vec![
                topic,
                server,
                field("token", "Access token", "Where the server wants one.", FieldType::Secret),
                private_field(),
            ],
        }
    }

    fn check(&self, settings: &Values) -> Vec<FieldError> {
        let topic = setting(settings, "topic");
        let fine = topic.chars().count() <= 64
            && topic.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let detail = "A topic has at most 64 letters, digits, - and _.";
        (!fine).then(|| FieldError { field: "topic".into(), detail: detail.into() }).into_iter().collect()
    }

    fn prepare(&self, settings: &Values, message: &Message, _now: Time) -> Result<Effect, String> {
        let mut lines = Vec::new();
        let words = shorten(&message.words(), 1000);
        if !words.is_empty() {
            lines.push(words);
        }
        lines.extend(message.stars().map(|(drawn, said)| format!("{drawn} {said}")));
        if !message.test {
            lines.push(message.place());
        }
        let body = json!({
            "topic": setting(settings, "topic"),
            "title": shorten(&message.title(), 200),
            "message": lines.join("\n"),
            "click": message.link(),
            "priority": if message.test { 3 } else { 4 },
        });
        let mut request = post_json(format!("{}/", setting(settings, "server").trim_end_matches('/')), &body);
        let token = setting(settings, "token");
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        Ok(Effect::Call { request, private: setting(settings, "allow_private") == "true" })
    }
}
