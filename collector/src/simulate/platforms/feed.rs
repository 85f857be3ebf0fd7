//! The cycling club's notes as RSS 2.0, with an ETag and 304 for those who have them already.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use super::{Platform, Stage, escape, listed, permalink};

/// Where it is.
pub(in super::super) const PATH: &str = "/club/notes.xml";

const ITEMS: usize = 40;

pub(super) async fn notes(State(stage): State<Arc<Stage>>, headers: HeaderMap) -> Response {
    let world = stage.world();
    let posts = listed(&stage, &world, Platform::Feed);
    let items: String = posts
        .iter()
        .take(ITEMS)
        .map(|p| {
            format!(
                "<item><title>{}</title><link>{}</link><guid isPermaLink=\"false\">{}</guid><dc:creator>{}</dc:creator>\
                 <pubDate>{}</pubDate><description>{}</description></item>\n",
                escape(p.title.as_deref().unwrap_or("Note")),
                permalink(&stage, p),
                p.id,
                escape(&p.shown.name),
                p.published.format("%a, %d %b %Y %H:%M:%S GMT"),
                escape(&format!("<p>{}</p>", escape(&p.text))),
            )
        })
        .collect();
    let town = escape(&world.business.town);
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <channel><title>{town} Wheelers: club notes</title><link>{}/club/</link><description>News and letters of the \
         {town} Wheelers.</description><language>en-gb</language>\n{items}</channel></rss>\n",
        stage.base
    );
    let digest = Sha256::digest(body.as_bytes());
    let tag = format!("\"{:02x}{:02x}{:02x}{:02x}\"", digest[0], digest[1], digest[2], digest[3]);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    if known == Some(tag.as_str()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    ([(header::CONTENT_TYPE, "application/rss+xml; charset=utf-8".to_owned()), (header::ETAG, tag)], body)
        .into_response()
}
