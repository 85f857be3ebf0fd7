//! The places where people discuss: feeds, forums, questions, code.

use serde_json::{Value, json};

use super::{
    Entry, Protocol, Stars,
    reviews::rfc,
    server::{Answer, Asked, View},
};

pub(super) const PROTOCOLS: &[Protocol] = &[
    Protocol {
        slug: "feed",
        settings: |base| vec![("url", format!("{base}/notes.xml"))],
        answer: feed,
        id: |e, _| format!("note-{}", e.number),
        stars: Stars::None,
        title: true,
        words: true,
        fresh: 3,
        first: 12,
    },
    Protocol {
        slug: "reddit",
        settings: |base| vec![("base", base.to_owned()), ("community", "loaf".into()), ("token", "t".into())],
        answer: reddit,
        id: |e, _| format!("t3_{:06}", e.number),
        stars: Stars::None,
        title: true,
        words: true,
        fresh: 3,
        first: 20,
    },
    Protocol {
        slug: "hacker_news",
        settings: |base| vec![("base", base.to_owned()), ("query", "loaf".into())],
        answer: hacker_news,
        id: |e, _| (40_000_000 + e.number).to_string(),
        stars: Stars::None,
        title: false,
        words: true,
        fresh: 0,
        first: 24,
    },
    Protocol {
        slug: "stack_exchange",
        settings: |base| vec![("base", base.to_owned()), ("tag", "loaf".into())],
        answer: stack_exchange,
        id: |e, _| (500_000 + e.number).to_string(),
        stars: Stars::None,
        title: true,
        words: true,
        fresh: 0,
        first: 24,
    },
    Protocol {
        slug: "discourse",
        settings: |base| vec![("base", base.to_owned())],
        answer: discourse,
        id: |e, _| (7_000 + e.number).to_string(),
        stars: Stars::None,
        title: false,
        words: true,
        fresh: 3,
        first: 12,
    },
    Protocol {
        slug: "github",
        settings: |base| vec![("base", base.to_owned()), ("repository", "example/loaf".into())],
        answer: github,
        id: |e, _| (80_000 + e.number).to_string(),
        stars: Stars::None,
        title: false,
        words: true,
        fresh: 3,
        first: 24,
    },
    Protocol {
        slug: "lemmy",
        settings: |base| vec![("base", base.to_owned()), ("community", "loaf".into())],
        answer: lemmy,
        id: |e, base| format!("{base}/post/{}", e.number),
        stars: Stars::None,
        title: true,
        words: true,
        fresh: 3,
        first: 20,
    },
];

/// The newest forty.
fn feed(view: &View<'_>, _asked: &Asked) -> Answer {
    let escape = |text: &str| html_escape::encode_text(text).into_owned();
    let (shown, _) = view.page(&view.newest(), 0, 40);
    let items: String = shown
        .iter()
        .map(|e| {
            let when = chrono::DateTime::from_timestamp(e.published, 0).unwrap_or_default();
            format!(
                "<item><title>{}</title><link>{}/notes/{}</link><guid isPermaLink=\"false\">note-{}</guid>\
                 <dc:creator>{}</dc:creator><pubDate>{}</pubDate><description>{}</description></item>\n",
                escape(&e.title),
                view.base,
                e.number,
                e.number,
                escape(&e.name()),
                when.format("%a, %d %b %Y %H:%M:%S GMT"),
                escape(&format!("<p>{}</p>", escape(&e.text))),
            )
        })
        .collect();
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>\
         <title>Notes</title><link>{}/</link><description>Notes from the town.</description>{items}</channel></rss>",
        view.base
    );
    Answer::text("application/rss+xml; charset=utf-8", body)
}

fn reddit(view: &View<'_>, asked: &Asked) -> Answer {
    let all = view.newest();
    // A page begins behind the post named, whether that is still there or not.
    let behind = asked.get("after").and_then(|a| a.trim_start_matches("t3_").parse::<u64>().ok());
    let rest: Vec<&Entry> = all.into_iter().filter(|e| behind.is_none_or(|n| e.number < n)).collect();
    let (shown, more) = view.page(&rest, 0, 12);
    let oldest = shown.iter().map(|e| e.number).min();
    let children: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({ "kind": "t3", "data": {
                "name": format!("t3_{:06}", e.number),
                "author": e.handle(),
                "author_fullname": format!("t2_{}", e.who),
                "title": e.title,
                "selftext": e.text,
                "created_utc": e.published,
                "edited": e.edited.map_or(Value::Bool(false), Value::from),
                "permalink": format!("/r/loaf/comments/{:06}/visit/", e.number),
                "score": 3,
                "num_comments": 0,
            }})
        })
        .collect();
    let after = oldest.filter(|_| more).map(|n| format!("t3_{n:06}"));
    Answer::json(&json!({ "kind": "Listing", "data": { "children": children, "after": after } }))
}

fn hacker_news(view: &View<'_>, asked: &Asked) -> Answer {
    let filters = asked.get("numericFilters").unwrap_or_default();
    let since: i64 = filters.strip_prefix("created_at_i>").and_then(|s| s.parse().ok()).unwrap_or(0);
    let all: Vec<&Entry> = view.newest().into_iter().filter(|e| e.published > since).collect();
    let number = asked.number("page").unwrap_or(0) as usize;
    let (shown, _) = view.page(&all, number, 12);
    let hits: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "objectID": (40_000_000 + e.number).to_string(),
                "author": e.handle(),
                "comment_text": html_escape::encode_double_quoted_attribute(&e.text),
                "created_at": rfc(e.published),
                "created_at_i": e.published,
                "parent_id": 39_000_001,
                "story_id": 39_000_001,
                "story_title": "Bread",
                "_tags": ["comment", format!("author_{}", e.handle()), "story_39000001"],
            })
        })
        .collect();
    Answer::json(&json!({
        "hits": hits, "nbHits": all.len(), "page": number, "nbPages": all.len().div_ceil(12), "hitsPerPage": 12,
    }))
}

fn stack_exchange(view: &View<'_>, asked: &Asked) -> Answer {
    let since = asked.number("fromdate").unwrap_or(0);
    let all: Vec<&Entry> = view.newest().into_iter().filter(|e| e.published >= since).collect();
    let (shown, more) = view.page(&all, asked.number("page").unwrap_or(1).max(1) as usize - 1, 30);
    let items: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "question_id": 500_000 + e.number,
                "title": e.title,
                "body": format!("<p>{}</p>\n", html_escape::encode_text(&e.text)),
                "creation_date": e.published,
                "link": format!("{}/questions/{}", view.base, e.number),
                "owner": { "user_id": e.who, "display_name": e.name() },
                "score": 1,
                "tags": ["loaf"],
            })
        })
        .collect();
    Answer::json(&json!({ "items": items, "has_more": more, "quota_max": 300, "quota_remaining": 200 }))
}

/// The newest fifty posts.
fn discourse(view: &View<'_>, _asked: &Asked) -> Answer {
    let (shown, _) = view.page(&view.newest(), 0, 50);
    let posts: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "id": 7_000 + e.number,
                "name": e.name(),
                "username": e.handle(),
                "user_id": e.who,
                "created_at": rfc(e.published),
                "updated_at": rfc(e.touched()),
                "version": e.edits + 1,
                "cooked": format!("<p>{}</p>", html_escape::encode_text(&e.text)),
                "post_number": 2,
                "topic_id": 12,
                "topic_slug": "bread",
            })
        })
        .collect();
    Answer::json(&json!({ "latest_posts": posts }))
}

fn github(view: &View<'_>, asked: &Asked) -> Answer {
    let since = asked.get("since").unwrap_or_default().to_owned();
    let all: Vec<&Entry> = view.last_touched().into_iter().filter(|e| rfc(e.touched()) >= since).collect();
    let number = asked.number("page").unwrap_or(1).max(1) as usize;
    let (shown, more) = view.page(&all, number - 1, 12);
    let comments: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "id": 80_000 + e.number,
                "html_url": format!("{}/example/loaf/issues/1#issuecomment-{}", view.base, e.number),
                "issue_url": format!("{}/repos/example/loaf/issues/1", view.base),
                "user": { "login": e.handle(), "id": e.who },
                "created_at": rfc(e.published),
                "updated_at": rfc(e.touched()),
                "body": e.text,
            })
        })
        .collect();
    let mut answer = Answer::json(&comments.into());
    if more {
        let again = if since.is_empty() { String::new() } else { format!("&since={since}") };
        let next =
            format!("{}{}?sort=updated&direction=desc&page={}{again}", view.base, asked.path, number + 1);
        answer.link = Some(format!("<{next}>; rel=\"next\""));
    }
    answer
}

fn lemmy(view: &View<'_>, asked: &Asked) -> Answer {
    let size = asked.number("limit").unwrap_or(10) as usize;
    let (shown, _) = view.page(&view.newest(), asked.number("page").unwrap_or(1).max(1) as usize - 1, size);
    let posts: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "post": {
                    "id": e.number,
                    "name": e.title,
                    "body": e.text,
                    "ap_id": format!("{}/post/{}", view.base, e.number),
                    "published": rfc(e.published),
                    "updated": e.edited.map(rfc),
                    "deleted": false,
                    "removed": false,
                },
                "creator": { "id": e.who, "name": e.handle(), "actor_id": format!("{}/u/{}", view.base, e.handle()) },
                "counts": { "score": 1, "comments": 0 },
            })
        })
        .collect();
    Answer::json(&json!({ "posts": posts }))
}
