//! A hashtag's timeline on a Mastodon server: forty posts a page, paged by ids in the `Link` header.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{super::post::Post, Asked, Platform, Stage, escape, listed, number, permalink};

pub(super) async fn tag(
    State(stage): State<Arc<Stage>>,
    Path(tag): Path<String>,
    Query(asked): Asked,
) -> Response {
    let world = stage.world();
    let id = |name: &str| asked.get(name).and_then(|v| v.parse::<u64>().ok());
    let (max, min, since) = (id("max_id"), id("min_id"), id("since_id"));
    let limit = number(&asked, "limit", 20, 40).max(1);
    let number_of = |p: &Post| p.id.parse::<u64>().unwrap_or_default();
    let mut posts: Vec<&Post> = listed(&stage, &world, Platform::Mastodon)
        .into_iter()
        .filter(|_| tag.eq_ignore_ascii_case(&world.business.tag))
        .filter(|p| max.is_none_or(|m| number_of(p) < m))
        .filter(|p| min.max(since).is_none_or(|m| number_of(p) > m))
        .collect();
    // `min_id` asks for the page just above an id, `since_id` for the newest.
    let from = if min.is_some() { posts.len().saturating_sub(limit) } else { 0 };
    posts.drain(..from);
    posts.truncate(limit);
    let body: Vec<Value> = posts.iter().map(|p| status(&stage, &world.business.tag, p)).collect();
    let ids: Vec<u64> = posts.iter().map(|p| number_of(p)).collect();
    let at = format!("{}/api/v1/timelines/tag/{tag}?limit={limit}", stage.base);
    match (ids.iter().min(), ids.iter().max()) {
        (Some(oldest), Some(newest)) => {
            let link = format!("<{at}&max_id={oldest}>; rel=\"next\", <{at}&min_id={newest}>; rel=\"prev\"");
            ([(header::LINK, link)], Json(body)).into_response()
        }
        _ => Json(body).into_response(),
    }
}

fn status(stage: &Stage, tag: &str, post: &Post) -> Value {
    let url = permalink(stage, post);
    let profile = format!("{}/@{}", stage.base, post.shown.handle);
    let time = |t: goodword_shared::Time| t.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    let person = post.person.map_or_else(|| post.shown.handle.clone(), |p| (110_000 + p).to_string());
    json!({
        "id": post.id,
        "created_at": time(post.published),
        "in_reply_to_id": null,
        "in_reply_to_account_id": null,
        "sensitive": false,
        "spoiler_text": "",
        "visibility": "public",
        "language": post.lang,
        "uri": url,
        "url": url,
        "replies_count": post.replies,
        "reblogs_count": post.shares,
        "favourites_count": post.likes,
        "edited_at": post.edited.map(time),
        "content": content(stage, &post.text),
        "reblog": null,
        "account": {
            "id": person,
            "username": post.shown.handle,
            "acct": post.shown.handle,
            "display_name": post.shown.name,
            "locked": false,
            "bot": false,
            "note": "",
            "url": profile,
            "followers_count": post.shown.followers,
            "following_count": post.shown.followers / 2,
            "statuses_count": 40 + post.shown.followers,
        },
        "media_attachments": [],
        "mentions": [],
        "tags": [{ "name": tag, "url": format!("{}/tags/{tag}", stage.base) }],
        "emojis": [],
        "card": null,
        "poll": null,
    })
}

/// The text as HTML with its hashtags linked.
fn content(stage: &Stage, text: &str) -> String {
    let words: Vec<String> = text
        .split(' ')
        .map(|word| match word.strip_prefix('#') {
            Some(tag) if !tag.is_empty() => {
                let (name, rest) =
                    tag.split_at(tag.find(|c: char| !c.is_alphanumeric()).unwrap_or(tag.len()));
                format!(
                    "<a href=\"{}/tags/{}\" class=\"mention hashtag\" rel=\"tag\">#<span>{name}</span></a>{}",
                    stage.base,
                    name.to_lowercase(),
                    escape(rest)
                )
            }
            _ => escape(word),
        })
        .collect();
    format!("<p>{}</p>", words.join(" "))
}
