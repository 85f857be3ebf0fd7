//! The App Store's customer-review feed as JSON: fifty reviews a page, ten pages of each storefront.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::{super::post::Post, Platform, Stage, listed, permalink};

const PAGE: usize = 50;
const LAST: usize = 10;

/// `/{country}/rss/customerreviews/…/id=1/page=2/sortby=mostrecent/json`, the parts in any order.
pub(super) async fn reviews(
    State(stage): State<Arc<Stage>>,
    Path((country, rest)): Path<(String, String)>,
) -> Response {
    let part = |name: &str| {
        rest.split('/')
            .filter_map(|p| p.split_once('='))
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v)
    };
    let world = stage.world();
    let page = part("page").map_or(Ok(1), str::parse::<usize>).unwrap_or(0);
    if page == 0 || page > LAST {
        let words = "CustomerReviews RSS page depth is limited to 10";
        return (StatusCode::BAD_REQUEST, words).into_response();
    }
    let fits = part("id") == Some(world.business.app.as_str());
    let posts = listed(&stage, &world, Platform::AppStore);
    let entries: Vec<Value> = posts
        .into_iter()
        .filter(|p| fits && p.country == country)
        .skip((page - 1) * PAGE)
        .take(PAGE)
        .map(|p| entry(&stage, p))
        .collect();
    let label = |text: &str| json!({ "label": text });
    let mut feed = Map::new();
    feed.insert(
        "author".into(),
        json!({ "name": label("iTunes Store"), "uri": label("http://www.apple.com/uk/itunes/") }),
    );
    // As the real one does: one entry stands alone, none leaves the list out.
    match entries.len() {
        0 => {}
        1 => drop(feed.insert("entry".into(), entries.into_iter().next().unwrap_or_default())),
        _ => drop(feed.insert("entry".into(), entries.into())),
    }
    feed.insert("title".into(), label("iTunes Store: Customer Reviews"));
    feed.insert("id".into(), label(&format!("{}/{country}/rss/customerreviews/{rest}", stage.base)));
    Json(json!({ "feed": feed })).into_response()
}

fn entry(stage: &Stage, post: &Post) -> Value {
    let label = |text: &str| json!({ "label": text });
    json!({
        "author": {
            "uri": label(&format!("{}/{}/reviews/id{}", stage.base, post.country, post.id)),
            "name": label(&post.shown.name),
            "label": "",
        },
        "updated": label(&post.touched().format("%Y-%m-%dT%H:%M:%S-00:00").to_string().replace("-00:00", "+00:00")),
        "im:rating": label(&post.stars.unwrap_or(3).to_string()),
        "im:version": label(if post.touched().timestamp() % 3 == 0 { "4.2.1" } else { "4.2.0" }),
        "id": label(&post.id),
        "title": label(post.title.as_deref().unwrap_or("")),
        "content": { "label": post.text, "attributes": { "type": "text" } },
        "link": { "attributes": { "rel": "related", "href": permalink(stage, post) } },
        "im:voteSum": label(&post.likes.to_string()),
        "im:contentType": { "attributes": { "term": "Application", "label": "Application" } },
        "im:voteCount": label(&(post.likes + post.replies).to_string()),
    })
}
