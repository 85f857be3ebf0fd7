//! The places where people talk in passing: timelines, searches, comments under videos and pictures, chats, news.

use chrono::DateTime;
use serde_json::{Value, json};

use super::{
    Entry, Protocol, Stars,
    reviews::rfc,
    server::{Answer, Asked, View},
};

pub(super) const PROTOCOLS: &[Protocol] = &[
    Protocol {
        slug: "mastodon",
        settings: |base| vec![("base", base.to_owned()), ("mode", "tag".into()), ("term", "loaf".into())],
        answer: mastodon,
        id: |e, _| (110_000_000_000_000_000 + e.number).to_string(),
        stars: Stars::None,
        title: false,
        words: true,
        fresh: 0,
        first: 24,
    },
    Protocol {
        slug: "bluesky",
        settings: |base| vec![("base", base.to_owned()), ("query", "loaf".into())],
        answer: bluesky,
        id: |e, _| {
            format!(
                "at://did:web:{}.example/app.bsky.feed.post/3k{:09}",
                e.handle().replace('_', "-"),
                e.number
            )
        },
        stars: Stars::None,
        title: false,
        words: true,
        fresh: 0,
        first: 40,
    },
    Protocol {
        slug: "youtube",
        settings: |base| vec![("base", base.to_owned()), ("key", "k".into()), ("channel", "UCloaf".into())],
        answer: youtube,
        id: |e, _| format!("Ugy{:06}", e.number),
        stars: Stars::None,
        title: false,
        words: true,
        fresh: 3,
        first: 20,
    },
    Protocol {
        slug: "telegram",
        settings: |base| vec![("base", base.to_owned()), ("token", "1:a".into())],
        answer: telegram,
        id: |e, _| format!("-100/{}", e.number),
        stars: Stars::None,
        title: false,
        words: true,
        fresh: 3,
        first: 40,
    },
    Protocol {
        slug: "gdelt",
        settings: |base| vec![("base", base.to_owned()), ("query", "loaf".into())],
        answer: gdelt,
        id: |e, base| format!("{base}/news/{}", e.number),
        stars: Stars::None,
        title: true,
        words: false,
        fresh: 0,
        first: 12,
    },
    Protocol {
        slug: "instagram",
        settings: |base| vec![("base", base.to_owned()), ("account", "33".into()), ("token", "t".into())],
        answer: instagram,
        id: |e, _| format!("178{}", e.number),
        stars: Stars::None,
        title: false,
        words: true,
        fresh: 3,
        first: 20,
    },
    Protocol {
        slug: "x",
        settings: |base| vec![("base", base.to_owned()), ("query", "loaf".into()), ("token", "t".into())],
        answer: x,
        id: |e, _| (1_700_000_000_000_000_000 + e.number).to_string(),
        stars: Stars::None,
        title: false,
        words: true,
        fresh: 0,
        first: 24,
    },
];

/// A hashtag's timeline, paged by ids in the `Link` header.
fn mastodon(view: &View<'_>, asked: &Asked) -> Answer {
    let id = |e: &Entry| 110_000_000_000_000_000 + e.number as i64;
    let (max, min) = (asked.number("max_id"), asked.number("min_id"));
    let mut all = view.newest();
    all.sort_by_key(|e| std::cmp::Reverse(e.number));
    all.retain(|e| max.is_none_or(|m| id(e) < m) && min.is_none_or(|m| id(e) > m));
    // `min_id` asks for the page just above an id.
    if min.is_some() {
        let from = all.len().saturating_sub(10);
        all.drain(..from);
    }
    let (shown, _) = view.page(&all, 0, 12);
    let posts: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "id": id(e).to_string(),
                "created_at": rfc(e.published),
                "content": format!("<p>{}</p>", html_escape::encode_text(&e.text)),
                "url": format!("{}/@{}/{}", view.base, e.handle(), id(e)),
                "language": "en",
                "account": { "id": e.who.to_string(), "acct": e.handle(), "display_name": e.name() },
            })
        })
        .collect();
    let mut answer = Answer::json(&posts.into());
    let ids = || shown.iter().map(|e| id(e));
    if let (Some(oldest), Some(newest)) = (ids().min(), ids().max()) {
        let at = format!("{}{}?limit=40", view.base, asked.path);
        answer.link =
            Some(format!("<{at}&max_id={oldest}>; rel=\"next\", <{at}&min_id={newest}>; rel=\"prev\""));
    }
    answer
}

/// The newest hundred, walked back by time.
fn bluesky(view: &View<'_>, asked: &Asked) -> Answer {
    let time = |name: &str| {
        asked.get(name).and_then(|t| DateTime::parse_from_rfc3339(t).ok()).map(|t| t.timestamp())
    };
    let (since, until) = (time("since"), time("until"));
    let all: Vec<&Entry> = view
        .newest()
        .into_iter()
        .filter(|e| since.is_none_or(|t| e.published >= t) && until.is_none_or(|t| e.published < t))
        .collect();
    let (shown, _) = view.page(&all, 0, asked.number("limit").unwrap_or(25) as usize);
    let posts: Vec<Value> = shown
        .iter()
        .map(|e| {
            let handle = format!("{}.example", e.handle().replace('_', "-"));
            let did = format!("did:web:{handle}");
            json!({
                "uri": format!("at://{did}/app.bsky.feed.post/3k{:09}", e.number),
                "author": { "did": did, "handle": handle, "displayName": e.name() },
                "record": { "$type": "app.bsky.feed.post", "createdAt": rfc(e.published), "langs": ["en"], "text": e.text },
                "indexedAt": rfc(e.published),
            })
        })
        .collect();
    Answer::json(&json!({ "posts": posts, "hitsTotal": all.len() }))
}

fn youtube(view: &View<'_>, asked: &Asked) -> Answer {
    let number = asked.number("pageToken").unwrap_or(0) as usize;
    let (shown, more) = view.page(&view.newest(), number, 12);
    let items: Vec<Value> = shown
        .iter()
        .map(|e| {
            let id = format!("Ugy{:06}", e.number);
            json!({
                "kind": "youtube#commentThread",
                "id": id,
                "snippet": {
                    "videoId": "v1",
                    "totalReplyCount": 0,
                    "topLevelComment": { "kind": "youtube#comment", "id": id, "snippet": {
                        "videoId": "v1",
                        "textOriginal": e.text,
                        "textDisplay": e.text,
                        "authorDisplayName": e.name(),
                        "authorChannelId": { "value": format!("UC{}", e.who) },
                        "publishedAt": rfc(e.published),
                        "updatedAt": rfc(e.touched()),
                    }},
                },
            })
        })
        .collect();
    let mut body = json!({ "kind": "youtube#commentThreadListResponse", "items": items });
    if more {
        body["nextPageToken"] = (number + 1).to_string().into();
    }
    Answer::json(&body)
}

/// Updates in the order in which they happened, up to a hundred.
fn telegram(view: &View<'_>, asked: &Asked) -> Answer {
    let offset = asked.number("offset").unwrap_or(0);
    let size = asked.number("limit").unwrap_or(100) as usize;
    let updates: Vec<Value> = (1_i64..)
        .zip(&view.shelf.updates)
        .filter(|(n, _)| *n >= offset)
        .take(size)
        .map(|(n, e)| {
            let kind = if e.edits > 0 { "edited_message" } else { "message" };
            json!({ "update_id": n, kind: {
                "message_id": e.number,
                "chat": { "id": -100, "type": "supergroup", "title": "Loaf" },
                "from": { "id": e.who, "first_name": e.name(), "username": e.handle() },
                "date": e.published,
                "edit_date": e.edited,
                "text": e.text,
            }})
        })
        .collect();
    Answer::json(&json!({ "ok": true, "result": updates }))
}

/// Titles and addresses of articles; the newest 250.
fn gdelt(view: &View<'_>, asked: &Asked) -> Answer {
    let compact =
        |t: i64| DateTime::from_timestamp(t, 0).unwrap_or_default().format("%Y%m%d%H%M%S").to_string();
    let since = asked.get("startdatetime").unwrap_or_default().to_owned();
    let all: Vec<&Entry> = view.newest().into_iter().filter(|e| compact(e.published) >= since).collect();
    let (shown, _) = view.page(&all, 0, 250);
    let articles: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "url": format!("{}/news/{}", view.base, e.number),
                "title": e.title,
                "seendate": DateTime::from_timestamp(e.published, 0).unwrap_or_default().format("%Y%m%dT%H%M%SZ").to_string(),
                "domain": "news.example",
                "language": "English",
            })
        })
        .collect();
    Answer::json(&json!({ "articles": articles }))
}

fn instagram(view: &View<'_>, asked: &Asked) -> Answer {
    let number = asked.number("after").unwrap_or(0) as usize;
    let (shown, more) = view.page(&view.newest(), number, 12);
    let data: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "id": format!("178{}", e.number),
                "caption": e.text,
                "timestamp": rfc(e.published).replace('Z', "+0000"),
                "username": e.handle(),
                "permalink": format!("{}/p/{}/", view.base, e.number),
            })
        })
        .collect();
    let mut paging = json!({ "cursors": { "after": (number + 1).to_string() } });
    if more {
        paging["next"] = format!("{}/next", view.base).into();
    }
    Answer::json(&json!({ "data": data, "paging": paging }))
}

fn x(view: &View<'_>, asked: &Asked) -> Answer {
    let id = |e: &Entry| 1_700_000_000_000_000_000 + e.number as i64;
    let since = asked.number("since_id").unwrap_or(0);
    let all: Vec<&Entry> = view.newest().into_iter().filter(|e| id(e) > since).collect();
    let number = asked.number("next_token").unwrap_or(0) as usize;
    let (shown, more) = view.page(&all, number, 30);
    if shown.is_empty() {
        return Answer::json(&json!({ "meta": { "result_count": 0 } }));
    }
    let posts: Vec<Value> = shown
        .iter()
        .map(|e| {
            json!({
                "id": id(e).to_string(),
                "text": html_escape::encode_text(&e.text),
                "author_id": e.who.to_string(),
                "created_at": rfc(e.published),
                "lang": "en",
            })
        })
        .collect();
    let users: Vec<Value> = shown
        .iter()
        .map(|e| json!({ "id": e.who.to_string(), "name": e.name(), "username": e.handle() }))
        .collect();
    let newest = shown.iter().map(|e| id(e)).max().unwrap_or_default();
    let mut meta = json!({ "result_count": shown.len(), "newest_id": newest.to_string() });
    if more {
        meta["next_token"] = (number + 1).to_string().into();
    }
    Answer::json(&json!({ "data": posts, "includes": { "users": users }, "meta": meta }))
}
