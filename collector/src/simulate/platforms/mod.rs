//! The platforms' protocols: each file puts what was said into one platform's form, with its paging and its limits.

mod app_store;
mod bluesky;
mod feed;
mod hacker_news;
mod mastodon;
mod page;

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    middleware,
    response::{Html, IntoResponse, Response},
    routing::get,
};

use super::{
    Stage,
    faults::{self, Fault},
    post::{Platform, Post},
};

pub(super) use feed::PATH as FEED_PATH;

/// Parameters of a query.
type Asked = Query<HashMap<String, String>>;

/// Every route that is played.
pub(super) fn router(stage: Arc<Stage>) -> Router {
    Router::new()
        .route("/{country}/rss/customerreviews/{*rest}", get(app_store::reviews))
        .route("/harrowmere/{place}", get(page::reviews))
        .route(FEED_PATH, get(feed::notes))
        .route("/api/v1/search_by_date", get(hacker_news::search))
        .route("/api/v1/timelines/tag/{tag}", get(mastodon::tag))
        .route("/xrpc/app.bsky.feed.searchPosts", get(bluesky::search))
        .route("/seen/{id}", get(seen))
        .route("/{country}/reviews/{id}", get(review_seen))
        .route("/{profile}", get(profile))
        .route("/robots.txt", get(robots))
        .layer(middleware::from_fn_with_state(stage.clone(), faults::spoil))
        .with_state(stage)
}

async fn robots() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain")], "User-agent: *\nDisallow: /admin/\nAllow: /\n")
}

/// One mention by itself: where permalinks lead.
async fn seen(State(stage): State<Arc<Stage>>, Path(id): Path<String>) -> Response {
    let world = stage.world();
    let found: Vec<&Post> = world.find(&id).into_iter().collect();
    quoted(&world.business.name, &found)
}

/// `/gb/reviews/id123`: where the App Store's author links lead.
async fn review_seen(stage: State<Arc<Stage>>, Path((_, id)): Path<(String, String)>) -> Response {
    seen(stage, Path(id.trim_start_matches("id").to_owned())).await
}

/// `/@handle`: what somebody said on Mastodon.
async fn profile(State(stage): State<Arc<Stage>>, Path(handle): Path<String>) -> Response {
    let world = stage.world();
    let mut posts = world.of(Platform::Mastodon);
    posts.retain(|p| handle.strip_prefix('@') == Some(p.shown.handle.as_str()));
    quoted(&world.business.name, &posts)
}

/// Posts as a plain page; 404 where there are none.
fn quoted(business: &str, posts: &[&Post]) -> Response {
    if posts.is_empty() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let quotes: String = posts
        .iter()
        .map(|post| {
            format!(
                "<h1>{}</h1><p>{}</p><blockquote>{}</blockquote><p>{} · {}</p>",
                escape(post.title.as_deref().unwrap_or(business)),
                post.stars.map(stars).unwrap_or_default(),
                escape(&post.text),
                escape(&post.shown.name),
                post.published.format("%e %B %Y, %H:%M"),
            )
        })
        .collect();
    let remark =
        "<p><small>Made-up mentions of a made-up business, from Goodword's built-in simulator.</small></p>";
    Html(frame(business, &format!("{quotes}{remark}"))).into_response()
}

/// Posts of a platform, newest first; shuffled where that fault is switched on.
fn listed<'w>(stage: &Stage, world: &'w super::World, platform: Platform) -> Vec<&'w Post> {
    let mut list = world.of(platform);
    if stage.faults.of(platform) == Some(Fault::Reordered) {
        // Within the first page, so that what a page holds stays the same and only its order does not.
        for chunk in list.chunks_mut(20) {
            chunk.reverse();
        }
    }
    list
}

/// A number of the query within bounds.
fn number(asked: &HashMap<String, String>, name: &str, otherwise: usize, most: usize) -> usize {
    asked.get(name).and_then(|v| v.parse().ok()).unwrap_or(otherwise).min(most)
}

/// Where a mention can be looked at.
fn permalink(stage: &Stage, post: &Post) -> String {
    format!("{}/seen/{}", stage.base, post.id)
}

fn escape(text: &str) -> String {
    html_escape::encode_double_quoted_attribute(text).into_owned()
}

fn stars(n: u8) -> String {
    (1..=5).map(|i| if i <= n { '★' } else { '☆' }).collect()
}

/// A plain page that can be read in light and dark.
fn frame(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>:root{{color-scheme:light dark}}\
         body{{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}}\
         article{{border-top:1px solid #8886;padding:.8rem 0}}blockquote{{margin:1rem 0;padding-left:1rem;\
         border-left:3px solid #8886}}</style></head><body>{body}</body></html>\n",
        escape(title)
    )
}
