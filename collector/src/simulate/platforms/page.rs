//! A town guide's page about the business: reviews to read, and the same as JSON-LD, fifty a page.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{super::post::Post, Asked, Platform, Stage, escape, frame, listed, number, stars};

const PAGE: usize = 50;

pub(super) async fn reviews(
    State(stage): State<Arc<Stage>>,
    Path(place): Path<String>,
    Query(asked): Asked,
) -> Response {
    let world = stage.world();
    let business = &world.business;
    if !business.page.ends_with(&format!("/{place}")) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let address = format!("{}{}", stage.base, business.page);
    let posts = listed(&stage, &world, Platform::Page);
    let page = number(&asked, "page", 1, 1000).max(1);
    let pages = posts.len().div_ceil(PAGE);
    let shown: Vec<&Post> = posts.iter().skip((page - 1) * PAGE).take(PAGE).copied().collect();
    let rated: Vec<f64> = posts.iter().filter_map(|p| p.stars.map(f64::from)).collect();
    let average = rated.iter().sum::<f64>() / rated.len().max(1) as f64;
    let data = json!({
        "@context": "https://schema.org",
        "@type": "LocalBusiness",
        "@id": format!("{address}#place"),
        "name": business.name,
        "url": address,
        "address": { "@type": "PostalAddress", "addressLocality": business.town, "streetAddress": "14 Mill Lane" },
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": format!("{average:.1}"),
            "reviewCount": posts.len(),
            "bestRating": 5,
        },
        "review": shown.iter().map(|p| review(&address, p)).collect::<Vec<_>>(),
    });
    // A script must not end early, whatever people write.
    let data = data.to_string().replace("</", "<\\/");
    let link = |relation: &str, to: usize, words: &str| {
        format!("<a rel=\"{relation}\" href=\"{}?page={to}\">{words}</a> ", business.page)
    };
    let older = if page < pages { link("next", page + 1, "Older reviews") } else { String::new() };
    let newer = if page > 1 { link("prev", page - 1, "Newer reviews") } else { String::new() };
    let articles: String = shown.iter().map(|p| article(p)).collect();
    let body = format!(
        "<script type=\"application/ld+json\">{data}</script><header><p>{town} Town Guide › Cafés and workshops</p>\
         <h1>{name}</h1><p>Bicycle workshop, café and hire. 14 Mill Lane, and at the Quay. {average:.1} of 5 from \
         {count} reviews.</p></header><main>{articles}</main><nav>{newer}{older}</nav><footer><p>A made-up page about a \
         made-up business, from Goodword's built-in simulator.</p></footer>",
        town = escape(&business.town),
        name = escape(&business.name),
        count = posts.len(),
    );
    Html(frame(&format!("{} in {}: reviews", business.name, business.town), &body)).into_response()
}

fn review(address: &str, post: &Post) -> Value {
    let mut review = json!({
        "@type": "Review",
        "@id": format!("{address}#{}", post.id),
        "identifier": post.id,
        "url": format!("{address}#{}", post.id),
        "author": { "@type": "Person", "name": post.shown.name },
        "datePublished": post.published.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "reviewBody": post.text,
        "inLanguage": post.lang,
        "reviewRating": { "@type": "Rating", "ratingValue": post.stars.unwrap_or(3), "bestRating": 5, "worstRating": 1 },
    });
    if let Some(edited) = post.edited {
        review["dateModified"] = edited.format("%Y-%m-%dT%H:%M:%SZ").to_string().into();
    }
    if let Some(title) = &post.title {
        review["name"] = title.clone().into();
    }
    review
}

fn article(post: &Post) -> String {
    let title = post.title.as_deref().map(|t| format!("<h3>{}</h3>", escape(t))).unwrap_or_default();
    format!(
        "<article id=\"{}\" lang=\"{}\">{title}<p>{}</p><p>{}</p><p><small>{}, {}</small></p></article>",
        post.id,
        post.lang,
        stars(post.stars.unwrap_or(3)),
        escape(&post.text),
        escape(&post.shown.name),
        post.published.format("%e %B %Y"),
    )
}
