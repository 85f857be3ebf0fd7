//! The platforms of reviews: stores, directories, shops, and a page with JSON-LD.

use chrono::DateTime;
use serde_json::{Value, json};

use super::{
    Entry, Protocol, Stars,
    server::{Answer, Asked, View},
};

/// A time in UTC as most interfaces write it.
pub(super) fn rfc(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub(super) const PROTOCOLS: &[Protocol] = &[
    Protocol {
        slug: "schema_org",
        settings: |base| vec![("url", format!("{base}/bakery"))],
        answer: page,
        id: |e, _| format!("r-{}", e.number),
        stars: Stars::Five,
        title: true,
        words: true,
        fresh: 3,
        first: 24,
    },
    Protocol {
        slug: "app_store",
        settings: |base| {
            vec![("base", base.to_owned()), ("app_id", "1234567890".into()), ("country", "gb".into())]
        },
        answer: app_store,
        id: |e, _| (9_100_000 + e.number).to_string(),
        stars: Stars::Five,
        title: true,
        words: true,
        fresh: 3,
        first: 30,
    },
    Protocol {
        slug: "google_play",
        settings: |base| {
            vec![("base", base.to_owned()), ("package", "com.example.loaf".into()), ("token", "t".into())]
        },
        answer: google_play,
        id: |e, _| format!("gp:{:012}", e.number),
        stars: Stars::Five,
        title: true,
        words: true,
        fresh: 3,
        first: 24,
    },
    Protocol {
        slug: "google_business",
        settings: |base| {
            vec![
                ("base", base.to_owned()),
                ("account", "11".into()),
                ("location", "22".into()),
                ("token", "t".into()),
            ]
        },
        answer: google_business,
        id: |e, _| format!("gb-{}", e.number),
        stars: Stars::Five,
        title: false,
        words: true,
        fresh: 3,
        first: 24,
    },
    Protocol {
        slug: "yelp",
        settings: |base| {
            vec![("base", base.to_owned()), ("business", "loaf-harrowmere".into()), ("api_key", "k".into())]
        },
        answer: yelp,
        id: |e, _| format!("y-{}", e.number),
        stars: Stars::Five,
        title: false,
        words: true,
        fresh: 3,
        first: 8,
    },
    Protocol {
        slug: "trustpilot",
        settings: |base| {
            vec![("base", base.to_owned()), ("business_unit", "46d6".into()), ("api_key", "k".into())]
        },
        answer: trustpilot,
        id: |e, _| format!("tp{}", e.number),
        stars: Stars::Five,
        title: true,
        words: true,
        fresh: 3,
        first: 40,
    },
    Protocol {
        slug: "facebook",
        settings: |base| vec![("base", base.to_owned()), ("page", "loaf".into()), ("token", "t".into())],
        answer: facebook,
        id: |e, _| format!("77{}", e.number),
        stars: Stars::Thumb,
        title: false,
        words: true,
        fresh: 3,
        first: 20,
    },
    Protocol {
        slug: "woocommerce",
        settings: |base| vec![("base", base.to_owned()), ("key", "ck".into()), ("secret", "cs".into())],
        answer: woocommerce,
        id: |e, _| e.number.to_string(),
        stars: Stars::Five,
        title: false,
        words: true,
        fresh: 0,
        first: 40,
    },
    Protocol {
        slug: "steam",
        settings: |base| vec![("base", base.to_owned()), ("app", "4242".into())],
        answer: steam,
        id: |e, _| (600_000 + e.number).to_string(),
        stars: Stars::Thumb,
        title: false,
        words: true,
        fresh: 3,
        first: 24,
    },
];

/// Twelve reviews a page, and a link to the next one.
fn page(view: &View<'_>, asked: &Asked) -> Answer {
    let number = asked.number("page").unwrap_or(1).max(1) as usize;
    let all = view.newest();
    let (shown, more) = view.page(&all, number - 1, 12);
    let address = format!("{}/bakery", view.base);
    let reviews: Vec<Value> = shown
        .iter()
        .map(|e| {
            let mut review = json!({
                "@type": "Review",
                "identifier": format!("r-{}", e.number),
                "author": { "@type": "Person", "name": e.name() },
                "datePublished": rfc(e.published),
                "name": e.title,
                "reviewBody": e.text,
                "reviewRating": { "@type": "Rating", "ratingValue": e.stars, "bestRating": 5 },
            });
            if let Some(edited) = e.edited {
                review["dateModified"] = rfc(edited).into();
            }
            review
        })
        .collect();
    let data = json!({
        "@context": "https://schema.org", "@type": "Bakery", "name": "Loaf", "url": address,
        "aggregateRating": { "@type": "AggregateRating", "ratingValue": 4, "reviewCount": all.len() },
        "review": reviews,
    });
    let next = if more {
        format!("<a rel=\"next\" href=\"/bakery?page={}\">Older</a>", number + 1)
    } else {
        String::new()
    };
    let body = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>Loaf: reviews</title><script type=\"application/ld+json\">{}</script>\
         </head><body><h1>Loaf</h1><p>{} reviews</p>{next}</body></html>",
        data.to_string().replace("</", "<\\/"),
        all.len()
    );
    Answer::text("text/html; charset=utf-8", body)
}

/// Fifty reviews a page, ten pages.
fn app_store(view: &View<'_>, asked: &Asked) -> Answer {
    let part = |name: &str| {
        let parts = asked.path.split('/').filter_map(|p| p.split_once('='));
        parts.filter(|(n, _)| *n == name).map(|(_, v)| v).next()
    };
    let number: usize = part("page").and_then(|n| n.parse().ok()).unwrap_or(1);
    let (shown, _) = view.page(&view.last_touched(), number - 1, 50);
    let label = |text: &str| json!({ "label": text });
    let entries: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "author": { "name": label(&e.name()), "uri": label(&format!("{}/gb/reviews/id{}", view.base, e.who)) },
                "updated": label(&rfc(e.touched()).replace('Z', "+00:00")),
                "im:rating": label(&e.stars.to_string()),
                "id": label(&(9_100_000 + e.number).to_string()),
                "title": label(&e.title),
                "content": { "label": e.text, "attributes": { "type": "text" } },
            })
        })
        .collect();
    Answer::json(&json!({ "feed": { "entry": entries, "title": label("Customer Reviews") } }))
}

fn google_play(view: &View<'_>, asked: &Asked) -> Answer {
    let number = asked.number("token").unwrap_or(0) as usize;
    let (shown, more) = view.page(&view.last_touched(), number, 12);
    let reviews: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "reviewId": format!("gp:{:012}", e.number),
                "authorName": e.name(),
                "comments": [{ "userComment": {
                    "text": format!("{}\t{}", e.title, e.text),
                    "lastModified": { "seconds": e.touched().to_string(), "nanos": 0 },
                    "starRating": e.stars,
                    "reviewerLanguage": "en",
                }}],
            })
        })
        .collect();
    let mut body = json!({ "reviews": reviews });
    if more {
        body["tokenPagination"] = json!({ "nextPageToken": (number + 1).to_string() });
    }
    Answer::json(&body)
}

fn google_business(view: &View<'_>, asked: &Asked) -> Answer {
    let number = asked.number("pageToken").unwrap_or(0) as usize;
    let all = view.last_touched();
    let (shown, more) = view.page(&all, number, 12);
    let stars = ["ONE", "TWO", "THREE", "FOUR", "FIVE"];
    let reviews: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "name": format!("accounts/11/locations/22/reviews/gb-{}", e.number),
                "reviewId": format!("gb-{}", e.number),
                "reviewer": { "displayName": e.name() },
                "starRating": stars[usize::from(e.stars) - 1],
                "comment": e.text,
                "createTime": rfc(e.published),
                "updateTime": rfc(e.touched()),
            })
        })
        .collect();
    let mut body = json!({ "reviews": reviews, "averageRating": 3.4, "totalReviewCount": all.len() });
    if more {
        body["nextPageToken"] = (number + 1).to_string().into();
    }
    Answer::json(&body)
}

/// The newest fifty and no more.
fn yelp(view: &View<'_>, asked: &Asked) -> Answer {
    let all = view.newest();
    let (shown, _) = view.page(&all, 0, asked.number("limit").unwrap_or(20) as usize);
    let reviews: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "id": format!("y-{}", e.number),
                "text": e.text,
                "rating": e.stars,
                "time_created": rfc(e.published).replace('T', " ").replace('Z', ""),
                "user": { "id": format!("u{}", e.who), "name": e.name() },
            })
        })
        .collect();
    Answer::json(&json!({ "reviews": reviews, "total": all.len(), "possible_languages": ["en"] }))
}

fn trustpilot(view: &View<'_>, asked: &Asked) -> Answer {
    let size = asked.number("perPage").unwrap_or(20) as usize;
    let number = asked.number("page").unwrap_or(1).max(1) as usize;
    let (shown, _) = view.page(&view.newest(), number - 1, size);
    let reviews: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "id": format!("tp{}", e.number),
                "stars": e.stars,
                "title": e.title,
                "text": e.text,
                "language": "en",
                "createdAt": rfc(e.published),
                "updatedAt": e.edited.map(rfc),
                "consumer": { "id": format!("c{}", e.who), "displayName": e.name() },
            })
        })
        .collect();
    Answer::json(&json!({ "links": [], "reviews": reviews }))
}

fn facebook(view: &View<'_>, asked: &Asked) -> Answer {
    let number = asked.number("after").unwrap_or(0) as usize;
    let (shown, more) = view.page(&view.newest(), number, 12);
    let data: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "open_graph_story": { "id": format!("77{}", e.number) },
                "reviewer": { "name": e.name(), "id": format!("f{}", e.who) },
                "review_text": e.text,
                "recommendation_type": if e.stars > 3 { "positive" } else { "negative" },
                "has_review": true,
                "created_time": rfc(e.published).replace('Z', "+0000"),
            })
        })
        .collect();
    let mut paging = json!({ "cursors": { "before": "0", "after": (number + 1).to_string() } });
    if more {
        paging["next"] = format!("{}/next", view.base).into();
    }
    Answer::json(&json!({ "data": data, "paging": paging }))
}

fn woocommerce(view: &View<'_>, asked: &Asked) -> Answer {
    let size = asked.number("per_page").unwrap_or(10) as usize;
    let number = asked.number("page").unwrap_or(1).max(1) as usize;
    let after = asked.get("after").unwrap_or_default().to_owned();
    let local = |e: &Entry| rfc(e.published).trim_end_matches('Z').to_owned();
    let all: Vec<&Entry> = view.newest().into_iter().filter(|e| local(e) > after).collect();
    let (shown, _) = view.page(&all, number - 1, size);
    let reviews: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "id": e.number,
                "date_created_gmt": local(e),
                "product_id": 5,
                "product_name": "Rye",
                "reviewer": e.name(),
                "reviewer_email": format!("{}@example.org", e.handle()),
                "review": format!("<p>{}</p>\n", html_escape::encode_text(&e.text)),
                "rating": e.stars,
                "verified": true,
            })
        })
        .collect();
    Answer::json(&reviews.into())
}

fn steam(view: &View<'_>, asked: &Asked) -> Answer {
    let number = asked.get("cursor").and_then(|c| c.strip_prefix('p')?.parse().ok()).unwrap_or(0);
    let all = view.newest();
    let (shown, more) = view.page(&all, number, 12);
    let reviews: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "recommendationid": (600_000 + e.number).to_string(),
                "author": { "steamid": format!("7656119{:010}", e.who), "personaname": e.name() },
                "language": "english",
                "review": e.text,
                "timestamp_created": e.published,
                "timestamp_updated": e.touched(),
                "voted_up": e.stars > 3,
                "votes_up": 0,
                "steam_purchase": true,
            })
        })
        .collect();
    let cursor = if more { format!("p{}", number + 1) } else { "*".to_owned() };
    let summary = json!({ "num_reviews": shown.len(), "total_reviews": all.len() });
    Answer::json(&json!({ "success": 1, "query_summary": summary, "reviews": reviews, "cursor": cursor }))
}
