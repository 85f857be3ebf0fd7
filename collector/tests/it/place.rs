//! A page with reviews on loopback whose content the test changes: what the engine reads in the tests.

use std::sync::{Arc, Mutex};

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// One review on the page.
#[derive(Clone, Debug)]
pub struct Review {
    pub id: String,
    pub author: String,
    pub stars: u8,
    pub text: String,
    pub at: DateTime<Utc>,
}

impl Review {
    pub fn new(id: &str, author: &str, stars: u8, text: &str, at: DateTime<Utc>) -> Self {
        Self { id: id.into(), author: author.into(), stars, text: text.into(), at }
    }
}

/// What the page answers.
#[derive(Default)]
struct Shown {
    reviews: Vec<Review>,
    status: Option<u16>,
    asked: u32,
}

/// The server. It ends with the runtime.
pub struct Place {
    pub url: String,
    /// `host:port`, for `fetch.allow_private`.
    pub address: String,
    shown: Arc<Mutex<Shown>>,
}

impl Place {
    pub async fn start() -> Self {
        let shown = Arc::<Mutex<Shown>>::default();
        let state = shown.clone();
        let page = axum::routing::get(move |headers: HeaderMap| {
            let state = state.clone();
            async move { answer(&state, &headers) }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound").to_string();
        let router = axum::Router::new().route("/reviews", page);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url: format!("http://{address}/reviews"), address, shown }
    }

    pub fn show(&self, reviews: &[Review]) {
        self.shown.lock().expect("unbroken").reviews = reviews.to_vec();
    }

    /// Answers with that status from now on; none: with the page.
    pub fn refuse(&self, status: Option<u16>) {
        self.shown.lock().expect("unbroken").status = status;
    }

    /// How often the page was asked for.
    pub fn asked(&self) -> u32 {
        self.shown.lock().expect("unbroken").asked
    }
}

fn answer(state: &Mutex<Shown>, headers: &HeaderMap) -> axum::response::Response {
    let mut shown = state.lock().expect("unbroken");
    shown.asked += 1;
    if let Some(status) = shown.status {
        return StatusCode::from_u16(status).expect("a status").into_response();
    }
    let reviews: Vec<Value> = shown.reviews.iter().map(marked_up).collect();
    let data = json!({
        "@context": "https://schema.org", "@type": "LocalBusiness", "name": "The Shop",
        "aggregateRating": { "@type": "AggregateRating", "ratingValue": 4.2, "bestRating": 5, "reviewCount": reviews.len() + 3 },
        "review": reviews,
    });
    let page = format!("<html><body><script type=\"application/ld+json\">{data}</script></body></html>");
    let etag = format!("\"{}\"", goodword::fold::sha256_hex(page.as_bytes()));
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == etag.as_str()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    ([(header::ETAG, etag), (header::CONTENT_TYPE, "text/html; charset=utf-8".into())], page).into_response()
}

fn marked_up(review: &Review) -> Value {
    json!({
        "@type": "Review", "identifier": review.id, "author": { "@type": "Person", "name": review.author },
        "reviewRating": { "@type": "Rating", "ratingValue": review.stars, "bestRating": 5 },
        "reviewBody": review.text, "datePublished": review.at.to_rfc3339(),
    })
}
