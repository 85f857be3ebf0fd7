//! The search interface of Hacker News: newest first, filtered by time, paged.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    extract::{Query, State},
};
use serde_json::{Value, json};

use super::{super::post::Post, Asked, Platform, Stage, escape, listed, number};

pub(super) async fn search(State(stage): State<Arc<Stage>>, Query(asked): Asked) -> Json<Value> {
    let world = stage.world();
    let wanted = world.business.search.trim_matches('"').to_lowercase();
    let query = asked.get("query").map(|q| q.trim_matches('"').to_lowercase()).unwrap_or_default();
    let since = since(&asked);
    let tags = asked.get("tags").map(String::as_str).unwrap_or_default();
    let posts: Vec<&Post> = listed(&stage, &world, Platform::HackerNews)
        .into_iter()
        .filter(|p| p.published.timestamp() > since)
        .filter(|_| query.is_empty() || wanted.contains(&query) || query.contains(&wanted))
        // All that is said there about the shop is said in comments.
        .filter(|_| tags.is_empty() || tags.contains("comment"))
        .collect();
    let size = number(&asked, "hitsPerPage", 20, 1000).max(1);
    let page = number(&asked, "page", 0, 1000);
    let hits: Vec<Value> = posts.iter().skip(page * size).take(size).map(|p| hit(p)).collect();
    Json(json!({
        "hits": hits,
        "nbHits": posts.len(),
        "page": page,
        "nbPages": posts.len().div_ceil(size),
        "hitsPerPage": size,
        "exhaustiveNbHits": true,
        "query": asked.get("query"),
        "processingTimeMS": 1,
    }))
}

/// `numericFilters=created_at_i>1700000000`.
fn since(asked: &HashMap<String, String>) -> i64 {
    let filters = asked.get("numericFilters").map(String::as_str).unwrap_or_default();
    filters
        .split(',')
        .find_map(|f| f.trim().strip_prefix("created_at_i>")?.trim_start_matches('=').parse().ok())
        .unwrap_or(i64::MIN)
}

fn hit(post: &Post) -> Value {
    // One discussion a month.
    let story = 930_000_000 + post.published.timestamp() / 2_592_000;
    let text = escape(&post.text);
    json!({
        "objectID": post.id,
        "author": post.shown.name,
        "comment_text": text,
        "created_at": post.published.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "created_at_i": post.published.timestamp(),
        "updated_at": post.touched().format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "parent_id": story,
        "story_id": story,
        "story_title": post.title,
        "story_url": null,
        "points": null,
        "_tags": ["comment", format!("author_{}", post.shown.name), format!("story_{story}")],
        "_highlightResult": {},
    })
}
