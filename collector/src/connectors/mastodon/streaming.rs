//! What a server of Mastodon's kind tells by itself: over a WebSocket, or as a kept stream of lines. It knows events, and of posts
//! only who reads them.

use goodword_shared::{Kind, Mention, problem::SourceProblem, source::Values};
use serde_json::Value;

use super::{
    super::{
        Cursor, Reading, Warning, settings,
        stream::{self, Heard, Listen, Stream},
    },
    HOST, status,
};
use crate::reading::{answer, json::Pick};

/// A server's stream of what comes in.
pub struct Streaming;

impl Stream for Streaming {
    fn listen(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Option<Listen>, SourceProblem> {
        if settings::value(values, "live") != Some("true") {
            return Ok(None);
        }
        let base = settings::base(values, HOST)?;
        let base = settings::value(values, "stream").map_or(base, |url| url.trim_end_matches('/').to_owned());
        let token =
            settings::need_secret(values, "token", "Mastodon only lets those listen live who are signed in")?;
        let tag = settings::value(values, "term").unwrap_or_default().trim_start_matches('#');
        let pairs = match settings::value(values, "mode").unwrap_or("tag") {
            "tag" => {
                settings::need(values, "term", "the hashtag")?;
                vec![("stream", "hashtag"), ("tag", tag)]
            }
            "search" => {
                settings::need(values, "term", "the words to listen for")?;
                vec![("stream", "public")]
            }
            "mentions" => vec![("stream", "user:notification")],
            _ => {
                return Err(answer::unsupported(
                    "One account's posts cannot be listened to live; switch that off.",
                ));
            }
        };
        let url = settings::with_query(&format!("{base}/api/v1/streaming"), &pairs).replacen("http", "ws", 1);
        Ok(Some(Listen { url, headers: vec![("authorization".into(), format!("Bearer {token}"))] }))
    }

    fn hear(&self, values: &Values, message: &str) -> Result<Heard, String> {
        let envelope: Value =
            serde_json::from_str(message).map_err(|error| format!("This is no event: {error}."))?;
        if let Some(error) = envelope.str("error") {
            return Err(format!("The server says: {error}."));
        }
        let Some(payload) = envelope.str("payload") else { return Ok(Heard::default()) };
        let mention = told(envelope.str("event").unwrap_or_default(), payload)?;
        let query =
            settings::value(values, "term").filter(|_| settings::value(values, "mode") == Some("search"));
        let wanted = |mention: &Mention| {
            let title = mention.title.as_deref().unwrap_or_default();
            mention.deleted
                || query.is_none_or(|query| stream::matches(query, &format!("{title}\n{}", mention.text)))
        };
        Ok(Heard { mentions: mention.filter(wanted).into_iter().collect(), cursor: None })
    }
}

/// What an event says.
fn told(event: &str, payload: &str) -> Result<Option<Mention>, String> {
    Ok(match event {
        "update" | "status.update" => status(&parsed(payload)?),
        // A notification about a post; follows have none.
        "notification" => {
            let told = parsed(payload)?;
            told.at("status").filter(|_| told.str("type") == Some("mention")).and_then(status)
        }
        "delete" => Some(Mention {
            external_id: Some(payload.trim().to_owned()),
            kind: Kind::Post,
            deleted: true,
            ..Mention::default()
        }),
        _ => None,
    })
}

/// The stream over plain HTTP, as it was kept: `event:` and `data:` lines, and lines with a colon that keep it open.
pub fn transcript(text: &str) -> Option<Reading> {
    let start = text.trim_start();
    if !["event:", "data:", ":"].iter().any(|mark| start.starts_with(mark)) {
        return None;
    }
    let mut reading = Reading::default();
    let mut event = "";
    for (number, line) in text.lines().enumerate() {
        if let Some(name) = line.strip_prefix("event:") {
            event = name.trim();
        } else if let Some(payload) = line.strip_prefix("data:") {
            match told(event, payload.trim()) {
                Ok(mention) => reading.mentions.extend(mention),
                Err(warning) => {
                    reading.warnings.push(Warning { warning, at: format!("line {}", number + 1) })
                }
            }
        }
    }
    Some(reading)
}

/// What is inside an event comes as a text of its own.
fn parsed(payload: &str) -> Result<Value, String> {
    serde_json::from_str(payload).map_err(|error| format!("This event cannot be read: {error}."))
}
