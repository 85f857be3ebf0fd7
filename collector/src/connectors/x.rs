//! X: searches, mentions and timelines of the version 2 interface, and recorded answers of version 1.1.

use std::collections::HashMap;

use goodword_shared::{
    Author, Kind, Mention, Time,
    access::Access,
    mention::{Engagement, Precision, Thread},
    problem::{ProblemKind, SourceProblem},
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;

use super::{Connector, Cursor, Reading, entry, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

const HOST: &str = "https://api.x.com";
/// Every post read costs money: a run reads at most so many pages of 100.
const PAGES: u32 = 3;

/// X.
pub struct X;

impl Connector for X {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "x".into(),
            title: "X".into(),
            summary: "Posts on X that name you.".into(),
            route: Route::Api,
            legal_basis: "X's paid interface with your own token; what authors delete there is deleted here.".into(),
            storage: StorageRule::FollowDeletion,
            pace_ms: 2_000,
            every_minutes: 60,
            robots: false,
            how_to: "At developer.x.com create a project and an app, buy credits, and copy the API key and its secret (or the \
                     bearer token made from them). X charges for every \
                     post that is read (half a cent when this was written), so keep the words narrow; Goodword reads at most \
                     300 posts a check and never the same one twice."
                .into(),
            fields: vec![
                settings::example(
                    settings::required("query", "Search", "In X's own search language.", FieldType::Text),
                    "\"Cornerstone Bakery\" -is:retweet",
                ),
            ]
            .into_iter()
            .chain(entry::app_fields("API key", "API key secret", "From developer.x.com, under Keys and tokens."))
            .chain([
                settings::field("token", "Bearer token", "Instead of key and secret.", FieldType::Secret),
                settings::base_field(HOST),
            ])
            .collect(),
            recognises: vec!["https://x.com/example".into(), "https://x.com/search?q=words".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        if !matches!(settings::host(&url), "x.com" | "twitter.com" | "mobile.twitter.com") {
            return None;
        }
        if let Some(query) = settings::parameter(&url, "q") {
            return Some((0.97, settings::values(&[("query", &query)]), format!("{query} on X")));
        }
        match settings::parts(&url).as_slice() {
            [account, ..] => {
                let query = format!("@{account} OR from:{account}");
                Some((0.95, settings::values(&[("query", &query)]), format!("@{account} on X")))
            }
            [] => Some((0.4, Values::new(), "X".into())),
        }
    }

    fn access(&self, values: &Values) -> Option<Access> {
        let base = settings::base(values, HOST).ok()?;
        entry::own(values, "x", "X", format!("{base}/oauth2/token"))
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let query = settings::need(values, "query", "the words to look for")?;
        let token = settings::need_secret(
            values,
            "token",
            "API key and secret, or a bearer token, from developer.x.com",
        )?;
        let mut pairs = vec![
            ("query", query),
            ("max_results", "100"),
            (
                "tweet.fields",
                "created_at,author_id,conversation_id,lang,public_metrics,referenced_tweets,note_tweet",
            ),
            ("expansions", "author_id"),
            ("user.fields", "name,username,public_metrics,location"),
        ];
        pairs.extend(cursor.map(|c| ("since_id", c.as_str())));
        let url = settings::with_query(&format!("{base}/2/tweets/search/recent"), &pairs);
        let note = Some(format!("1 {}", cursor.map_or("", String::as_str)));
        Ok(Request { note, ..Request::get(url) }.header("authorization", format!("Bearer {token}")))
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let status = answer::check_status(response, answer::From::Api);
        let text = answer::text(response)?;
        if let Err(problem) = status {
            // The codes in the body say what a bare 400 does not.
            let told = answer::parse(&text).ok().filter(|_| problem.problem == ProblemKind::Malformed);
            return Err(told.map_or(problem, |body| refused(&body)));
        }
        let body = answer::parse(&text).or_else(|problem| lines(&text).ok_or(problem))?;
        let mut reading = Reading::default();
        match &body {
            // A stream's objects, or the bare list of the old timelines.
            Value::Array(list) => {
                for item in list {
                    if item.has("data") {
                        second(item, &mut reading);
                    } else {
                        reading.mentions.extend(first(item));
                    }
                }
            }
            _ if body.at("statuses").is_some_and(Value::is_array) => {
                reading.mentions.extend(body.list("statuses").iter().filter_map(first));
            }
            _ if body.has("data") => second(&body, &mut reading),
            _ if body.has("id_str") && (body.has("text") || body.has("full_text")) => {
                reading.mentions.extend(first(&body))
            }
            _ if !body.has("errors") && answer::is_other(&body, &OTHER) => {}
            _ => return Err(refused(&body)),
        }
        let mut note = request.note.as_deref().unwrap_or("").split(' ');
        if let Some(page) = note.next().and_then(|n| n.parse::<u32>().ok()) {
            let before = note.next().filter(|s| !s.is_empty()).map(str::to_owned);
            // Ids grow with time; the longer is the greater.
            let newest = body.string("meta.newest_id").into_iter().chain(before);
            reading.cursor = newest.max_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
            if let Some(token) = body.str("meta.next_token").filter(|_| page < PAGES) {
                let note = Some(format!("{} {}", page + 1, reading.cursor.as_deref().unwrap_or("")));
                let url = settings::set_parameter(&request.url, "next_token", token);
                reading.follow.extend(url.map(|u| Request {
                    headers: request.headers.clone(),
                    note,
                    ..Request::get(u)
                }));
            }
        }
        Ok(reading)
    }
}

/// Documents of the interface that hold no posts: accounts, lists, messages, limits, an empty search.
const OTHER: [&str; 11] = [
    "meta",
    "screen_name",
    "users",
    "ids",
    "lists",
    "events",
    "resources",
    "relationship",
    "member_count",
    "media_id",
    "access_token",
];

/// A stream's answer as it was kept: one object on each line.
fn lines(text: &str) -> Option<Value> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let values: Option<Vec<Value>> = lines.map(|line| serde_json::from_str(line).ok()).collect();
    values.filter(|values| values.len() > 1).map(Value::Array)
}

fn refused(body: &Value) -> SourceProblem {
    let kind = match body.int("errors.0.code").or_else(|| body.int("status")) {
        Some(88 | 185 | 429) => ProblemKind::RateLimited,
        Some(32 | 89 | 99 | 135 | 215 | 220 | 401 | 403) => ProblemKind::Auth,
        Some(17 | 34 | 50 | 144 | 404) => ProblemKind::NotFound,
        _ => {
            return answer::said(body)
                .unwrap_or_else(|| answer::unsupported("This is no answer of X that holds posts."));
        }
    };
    let said = body.str("errors.0.message").or_else(|| body.str("detail")).unwrap_or("an error");
    answer::problem(kind, format!("X says: {said}"))
}

/// Version 2: posts, with their authors beside them.
fn second(body: &Value, reading: &mut Reading) {
    let users: HashMap<String, &Value> =
        body.list("includes.users").iter().filter_map(|u| Some((u.id("id")?, u))).collect();
    let posts: &[Value] = match body.at("data") {
        Some(Value::Array(list)) => list,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    for post in posts.iter().filter(|p| p.has("id") && p.at("text").is_some()) {
        let author = post.id("author_id");
        let user = author.as_ref().and_then(|a| users.get(a).copied());
        let published = post.str("created_at").and_then(dates::parse);
        let answered = post.list("referenced_tweets").iter().find(|r| r.str("type") == Some("replied_to"));
        let id = post.id("id");
        let conversation = post.id("conversation_id");
        let parent = answered.and_then(|r| r.id("id"));
        let handle = user.and_then(|u| u.string("username"));
        reading.mentions.push(Mention {
            url: handle.as_ref().zip(id.as_ref()).map(|(h, id)| format!("https://x.com/{h}/status/{id}")),
            external_id: id,
            kind: Kind::Post,
            author: Author {
                name: user.and_then(|u| u.string("name")),
                url: handle.as_ref().map(|h| format!("https://x.com/{h}")),
                handle,
                id: author,
                followers: user
                    .and_then(|u| u.int("public_metrics.followers_count"))
                    .and_then(|n| n.try_into().ok()),
                location: user.and_then(|u| u.string("location")),
                email: None,
            },
            text: words(post.str("note_tweet.text").or_else(|| post.str("text"))),
            language: language(post.string("lang")),
            published_at: published.map(|d| d.0),
            published_precision: published.map(|d| d.1),
            thread: (conversation.is_some() || parent.is_some())
                .then_some(Thread { id: conversation, parent_id: parent }),
            engagement: post.at("public_metrics").map(|m| Engagement {
                likes: m.int("like_count"),
                replies: m.int("reply_count"),
                shares: m.int("retweet_count"),
                views: m.int("impression_count"),
            }),
            ..Mention::default()
        });
    }
}

fn words(text: Option<&str>) -> String {
    plain::tidy(&plain::entities(text.unwrap_or("")))
}

fn language(code: Option<String>) -> Option<String> {
    // Codes of X's own for what has no words.
    const NONE: [&str; 8] = ["und", "qme", "qst", "zxx", "qht", "qam", "qct", "art"];
    code.filter(|c| !NONE.contains(&c.as_str())).map(|c| if c == "in" { "id".into() } else { c })
}

/// Version 1.1.
fn first(post: &Value) -> Option<Mention> {
    let user = post.at("user")?;
    let id = post.id("id_str").or_else(|| post.id("id"))?;
    let published = post.str("created_at").and_then(dates::instant);
    let handle = user.string("screen_name");
    let parent = post.id("in_reply_to_status_id_str").or_else(|| post.id("in_reply_to_status_id"));
    let text =
        post.str("full_text").or_else(|| post.str("extended_tweet.full_text")).or_else(|| post.str("text"));
    Some(Mention {
        url: handle.as_ref().map(|h| format!("https://x.com/{h}/status/{id}")),
        external_id: Some(id),
        kind: Kind::Post,
        author: Author {
            name: user.string("name"),
            url: handle.as_ref().map(|h| format!("https://x.com/{h}")),
            handle,
            id: user.id("id_str").or_else(|| user.id("id")),
            followers: user.int("followers_count").and_then(|n| n.try_into().ok()),
            location: user.string("location"),
            email: None,
        },
        text: words(text),
        language: language(post.string("lang")),
        published_at: published,
        published_precision: published.map(|_| Precision::Second),
        thread: parent.map(|p| Thread { id: None, parent_id: Some(p) }),
        engagement: Some(Engagement {
            likes: post.int("favorite_count"),
            replies: post.int("reply_count"),
            shares: post.int("retweet_count"),
            views: None,
        }),
        ..Mention::default()
    })
}
