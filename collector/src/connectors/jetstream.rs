//! Jetstream: Bluesky's stream of everything that is written there, as JSON over a WebSocket. It takes up again where it was left;
//! what concerns us is sorted out here, since the stream knows collections and accounts, but no words.

use goodword_shared::{Mention, problem::SourceProblem, source::Values};
use serde_json::Value;

use super::{
    Cursor, bluesky, settings,
    stream::{self, Heard, Listen, Stream},
};
use crate::reading::json::Pick;

/// Where Jetstream answers.
pub const JETSTREAM: &str = "https://jetstream2.us-east.bsky.network";

/// Bluesky's stream of everything that is written there, as JSON.
pub struct Jetstream;

impl Stream for Jetstream {
    fn listen(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Option<Listen>, SourceProblem> {
        if settings::value(values, "live") != Some("true") {
            return Ok(None);
        }
        let base = settings::value(values, "stream").unwrap_or(JETSTREAM).trim_end_matches('/');
        let base = base.replacen("http", "ws", 1);
        let account = settings::value(values, "account").filter(|account| account.starts_with("did:"));
        if account.is_none() {
            settings::need(
                values,
                "query",
                "the words to listen for (of accounts, only did:… can be listened to)",
            )?;
        }
        let mut pairs = vec![("wantedCollections", "app.bsky.feed.post")];
        pairs.extend(account.map(|did| ("wantedDids", did)));
        pairs.extend(cursor.map(|cursor| ("cursor", cursor.as_str())));
        Ok(Some(Listen {
            url: settings::with_query(&format!("{base}/subscribe"), &pairs),
            headers: Vec::new(),
        }))
    }

    fn hear(&self, values: &Values, message: &str) -> Result<Heard, String> {
        let event: Value =
            serde_json::from_str(message).map_err(|error| format!("This is no event: {error}."))?;
        let cursor = event.id("time_us");
        let query = settings::value(values, "query");
        let wanted = |mention: &Mention| {
            mention.deleted || query.is_none_or(|query| stream::matches(query, &mention.text))
        };
        let mentions = bluesky::of_event(&event).filter(wanted).into_iter().collect();
        Ok(Heard { mentions, cursor })
    }
}
