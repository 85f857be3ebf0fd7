//! Bluesky's search as those see it who are not signed in: the newest hundred, walked back by time; a cursor is refused.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::DateTime;
use goodword_shared::Time;
use serde_json::{Value, json};

use super::{super::post::Post, Asked, Platform, Stage, listed, number};

pub(super) async fn search(State(stage): State<Arc<Stage>>, Query(asked): Asked) -> Response {
    let refused = |status: StatusCode, error: &str, message: &str| {
        (status, Json(json!({ "error": error, "message": message }))).into_response()
    };
    if asked.contains_key("cursor") {
        return refused(StatusCode::FORBIDDEN, "Forbidden", "Sign in to see more results");
    }
    let Some(query) = asked.get("q").map(|q| q.trim_matches('"').to_lowercase()).filter(|q| !q.is_empty())
    else {
        return refused(
            StatusCode::BAD_REQUEST,
            "InvalidRequest",
            "Error: Params must have the property \"q\"",
        );
    };
    let time = |name: &str| -> Option<Time> {
        asked.get(name).and_then(|v| DateTime::parse_from_rfc3339(v).ok()).map(|t| t.to_utc())
    };
    let (since, until) = (time("since"), time("until"));
    let limit = number(&asked, "limit", 25, 100).max(1);
    let world = stage.world();
    let found: Vec<&Post> = listed(&stage, &world, Platform::Bluesky)
        .into_iter()
        .filter(|p| p.text.to_lowercase().contains(&query))
        .filter(|p| since.is_none_or(|t| p.published >= t) && until.is_none_or(|t| p.published < t))
        .collect();
    let posts: Vec<Value> = found.iter().take(limit).map(|p| view(p)).collect();
    let mut answer = json!({ "posts": posts, "hitsTotal": found.len() });
    if found.len() > limit {
        answer["cursor"] = limit.to_string().into();
    }
    Json(answer).into_response()
}

fn view(post: &Post) -> Value {
    let handle = match post.shown.handle.as_str() {
        whole if whole.contains(".bsky.") => whole.to_owned(),
        short => format!("{}.bsky.example", short.replace(['_', '.'], "-")),
    };
    let did = format!("did:web:{handle}");
    let time = post.published.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    json!({
        "uri": format!("at://{did}/app.bsky.feed.post/{}", post.id),
        "cid": format!("bafyreigoodword{}", post.id),
        "author": { "did": did, "handle": handle, "displayName": post.shown.name, "labels": [] },
        "record": {
            "$type": "app.bsky.feed.post",
            "createdAt": time,
            "langs": [post.lang],
            "text": post.text,
        },
        "replyCount": post.replies,
        "repostCount": post.shares,
        "likeCount": post.likes,
        "quoteCount": 0,
        "indexedAt": time,
        "labels": [],
    })
}
