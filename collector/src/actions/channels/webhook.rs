//! A signed webhook to the owner's own software, by Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp` and
//! `webhook-signature` (`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64). The id is the same at every try.

use goodword_shared::{
    Label, Rating, Time,
    alert::ChannelDescriptor,
    problem::FieldError,
    source::{FieldType, Values},
};
use serde::Serialize;

use super::{Channel, Effect, Verdict, field, post_json, private_field, required, said, setting};
use crate::{actions::message::Message, signature, wire::Response};

/// See the module.
pub struct Webhook;

/// What is posted.
#[derive(Debug, Serialize)]
struct Payload<'a> {
    /// `mention.unhappy`; `mention.noticed` for what a rule asks for besides; `test`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// When it was decided; the same at every try.
    timestamp: Time,
    data: Data<'a>,
}

#[derive(Debug, Serialize)]
struct Data<'a> {
    mention_id: &'a str,
    case_id: Option<&'a str>,
    title: String,
    text: String,
    author: Option<&'a str>,
    customer: Option<Person<'a>>,
    rating: Option<Rating>,
    sentiment: Option<Label>,
    severity: Option<f64>,
    themes: Vec<&'a str>,
    intents: Vec<&'a str>,
    reasons: Vec<String>,
    source: &'a str,
    connector: Option<&'a str>,
    url: Option<&'a str>,
    at: Time,
    link: String,
}

#[derive(Debug, Serialize)]
struct Person<'a> {
    id: &'a str,
    name: &'a str,
}

impl Channel for Webhook {
    fn describe(&self) -> ChannelDescriptor {
        let mut url = required("url", "Address", "Where alerts are posted as JSON.", FieldType::Url);
        url.example = Some("https://example.org/goodword".into());
        let mut secret = field(
            "secret",
            "Signing secret",
            "Proves to your software that a call comes from here. Leave it empty and Goodword makes one, shown once.",
            FieldType::Secret,
        );
        secret.example = Some("whsec_…".into());
        ChannelDescriptor {
            slug: "webhook".into(),
            title: "Webhook".into(),
            summary: "Posts each alert as JSON to your own software, signed as Standard Webhooks describe."
                .into(),
            fields: vec![url, secret, private_field()],
        }
    }

    fn check(&self, settings: &Values) -> Vec<FieldError> {
        let secret = setting(settings, "secret");
        let wrong = !secret.is_empty() && signature::key(secret).is_none();
        let detail = "The signing secret must be whsec_ and 24 to 64 bytes in base64; leave it empty to have one made.";
        wrong.then(|| FieldError { field: "secret".into(), detail: detail.into() }).into_iter().collect()
    }

    fn generate(&self, random: &[u8; 32]) -> Values {
        [("secret".to_owned(), signature::secret(random))].into()
    }

    fn prepare(&self, settings: &Values, message: &Message, now: Time) -> Result<Effect, String> {
        let key = signature::key(setting(settings, "secret"))
            .ok_or("The signing secret is missing; open the channel and enter one.")?;
        let request = post_json(setting(settings, "url"), &payload(message));
        let body = request.body.as_deref().unwrap_or_default();
        let at = now.timestamp();
        let signature = signature::sign(&key, &message.key, at, body.as_bytes());
        let request = request
            .header("webhook-id", &message.key)
            .header("webhook-timestamp", at.to_string())
            .header("webhook-signature", signature);
        Ok(Effect::Call { request, private: setting(settings, "allow_private") == "true" })
    }

    /// A webhook's receiver may be in the middle of a repair: only 410, by which it says that it wants no more, is final.
    fn judge(&self, response: &Response) -> Verdict {
        match response.status {
            200..=299 => Verdict::Done(format!("Accepted ({}).", response.status)),
            410 => Verdict::Failed(said(response)),
            _ => Verdict::Again(said(response), None),
        }
    }
}

fn payload(message: &Message) -> Payload<'_> {
    let facts = message.facts.as_ref();
    let analysis = facts.map(|f| &f.analysis);
    Payload {
        kind: match message.test {
            true => "test",
            false if message.about_source() => "source.health",
            false if message.unhappy() => "mention.unhappy",
            false => "mention.noticed",
        },
        timestamp: message.decided_at,
        data: Data {
            mention_id: message.alert.mention_id.as_str(),
            case_id: message.alert.case_id.as_ref().map(|id| id.as_str()),
            title: message.title(),
            text: message.words(),
            author: facts.and_then(|f| f.mention.author.shown()),
            customer: facts
                .and_then(|f| f.customer.as_ref())
                .map(|(id, name)| Person { id: id.as_str(), name: name.as_str() }),
            rating: message.rating(),
            sentiment: analysis.map(|a| a.sentiment.label),
            severity: analysis.map(|a| a.severity),
            themes: analysis.iter().flat_map(|a| &a.themes).map(|t| t.theme.as_str()).collect(),
            intents: analysis.iter().flat_map(|a| &a.intents).map(|i| i.intent.as_str()).collect(),
            reasons: message.reasons(),
            source: &message.alert.source,
            connector: facts.map(|f| f.connector.as_str()),
            url: message.original(),
            at: message.alert.at,
            link: message.link(),
        },
    }
}
