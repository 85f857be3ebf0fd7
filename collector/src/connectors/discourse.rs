//! Discourse forums: topics, the newest posts, and searches, through the JSON that every forum offers.

use goodword_shared::{
    Author, Kind, Mention, Time,
    mention::{Engagement, Thread},
    problem::{ProblemKind, SourceProblem},
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;
use url::Url;

use super::{Connector, Cursor, Reading, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

/// Posts asked for in one request.
const CHUNK: usize = 20;
/// Posts of a topic followed in one run.
const FOLLOWED: usize = 400;

/// Discourse.
pub struct Discourse;

impl Connector for Discourse {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "discourse".into(),
            title: "Discourse forum".into(),
            summary: "Posts of a forum that runs on Discourse: the newest, one topic, or what a search finds.".into(),
            route: Route::Api,
            legal_basis: "The forum's own public interface, within its terms.".into(),
            storage: StorageRule::FollowDeletion,
            pace_ms: 3_000,
            every_minutes: 30,
            robots: false,
            how_to: "Paste the forum's or a topic's address. Most forums can be read without a key; for a closed one, its \
                     administrator makes a key under Admin → API (scope: read)."
                .into(),
            fields: vec![
                settings::required("base", "Forum", "The forum's address.", FieldType::Url),
                settings::field("topic", "Topic", "Only this topic: its number.", FieldType::Text),
                settings::field("query", "Words", "Only posts with these words.", FieldType::Text),
                settings::field("key", "API key", "Only for closed forums.", FieldType::Secret),
            ],
            recognises: vec!["https://forum.example.com/t/a-topic/123".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        let base = url.origin().ascii_serialization();
        let host = settings::host(&url).to_owned();
        let forum = ["forum", "discourse", "community", "meta", "discuss"].iter().any(|w| host.contains(w));
        let is_number = |p: &&str| p.bytes().all(|b| b.is_ascii_digit());
        match settings::parts(&url).as_slice() {
            ["t", rest @ ..] if rest.iter().any(is_number) => {
                let topic = rest.iter().find(|p| is_number(p))?;
                Some((
                    0.85,
                    settings::values(&[("base", &base), ("topic", topic)]),
                    format!("Topic {topic} on {host}"),
                ))
            }
            _ if forum => Some((0.3, settings::values(&[("base", &base)]), host)),
            _ => None,
        }
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        settings::need(values, "base", "the forum's address")?;
        let base = settings::base(values, "")?;
        let url = if let Some(topic) = settings::value(values, "topic") {
            format!("{base}/t/{}.json", settings::escape(topic))
        } else if let Some(query) = settings::value(values, "query") {
            settings::with_query(&format!("{base}/search.json"), &[("q", &format!("{query} order:latest"))])
        } else {
            format!("{base}/posts.json")
        };
        let request = Request::get(url);
        Ok(match settings::value(values, "key") {
            Some(key) => request.header("api-key", key),
            None => request,
        })
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let body = answer::json(response).map_err(|p| match p.detail.contains("not_logged_in") {
            true => SourceProblem { problem: ProblemKind::Auth, ..p },
            false => p,
        })?;
        let mut reading = Reading::default();
        let base = Url::parse(&request.url).ok().map(|u| u.origin().ascii_serialization());
        let title = body.string("title");
        if body.at("post_stream.posts").is_some_and(Value::is_array) {
            let posts = body.list("post_stream.posts");
            reading.mentions.extend(posts.iter().filter_map(|p| post(p, title.as_deref(), base.as_deref())));
            reading.totals.count = body.int("posts_count").and_then(|n| n.try_into().ok());
            if let (Some(base), Some(topic)) = (&base, body.id("id")) {
                rest_of_topic(&body, posts, base, &topic, request, &mut reading);
            }
        } else if body.at("latest_posts").is_some_and(Value::is_array) {
            reading
                .mentions
                .extend(body.list("latest_posts").iter().filter_map(|p| post(p, None, base.as_deref())));
        } else if body.at("posts").is_some_and(Value::is_array) {
            // A search gives excerpts: the posts themselves are fetched.
            for found in body.list("posts") {
                match (found.has("cooked"), &base, found.id("id")) {
                    (true, ..) => reading.mentions.extend(post(found, None, base.as_deref())),
                    (false, Some(base), Some(id)) if reading.follow.len() < CHUNK => {
                        let url = format!("{base}/posts/{id}.json");
                        reading
                            .follow
                            .push(Request { headers: request.headers.clone(), ..Request::get(url) });
                    }
                    _ => {}
                }
            }
        } else if let Value::Array(list) = &body {
            // What answers a post.
            reading.mentions.extend(list.iter().filter_map(|p| post(p, None, base.as_deref())));
        } else if body.at("private_posts").is_some_and(Value::is_array) {
            let posts = body.list("private_posts").iter();
            reading.mentions.extend(posts.filter_map(|p| post(p, None, base.as_deref())));
        } else if body.has("cooked") {
            reading.mentions.extend(post(&body, None, base.as_deref()));
        } else if body.at("topic_list.topics").is_some_and(|t| t.list("").is_empty())
            || answer::is_other(&body, &OTHER)
        {
            // Nothing there yet.
        } else {
            return Err(answer::unsupported("This answer of a Discourse forum holds no posts."));
        }
        Ok(reading)
    }
}

/// Documents of a forum that hold no posts: accounts, categories, the forum itself.
const OTHER: [&str; 8] =
    ["grouped_search_result", "user", "user_summary", "category_list", "about", "groups", "tags", "badges"];

/// A topic's page holds its first posts and the numbers of the others.
fn rest_of_topic(
    body: &Value,
    posts: &[Value],
    base: &str,
    topic: &str,
    request: &Request,
    reading: &mut Reading,
) {
    let here: Vec<String> = posts.iter().filter_map(|p| p.id("id")).collect();
    let missing: Vec<String> = body
        .list("post_stream.stream")
        .iter()
        .filter_map(|i| i.id(""))
        .filter(|i| !here.contains(i))
        .collect();
    // The newest count more than the middle of a long topic.
    let from = missing.len().saturating_sub(FOLLOWED);
    for chunk in missing[from..].chunks(CHUNK) {
        let pairs: Vec<(&str, &str)> = chunk.iter().map(|id| ("post_ids[]", id.as_str())).collect();
        let url = settings::with_query(&format!("{base}/t/{topic}/posts.json"), &pairs);
        reading.follow.push(Request { headers: request.headers.clone(), ..Request::get(url) });
    }
}

fn post(item: &Value, title: Option<&str>, base: Option<&str>) -> Option<Mention> {
    let id = item.id("id")?;
    let first = item.int("post_number") == Some(1);
    let topic = item.id("topic_id");
    let published = item.str("created_at").and_then(dates::parse);
    let edited = item.str("updated_at").and_then(dates::instant);
    let gone = item.truth("user_deleted") == Some(true) || item.has("deleted_at");
    let title = if first { title.map(str::to_owned).or_else(|| item.string("topic_title")) } else { None };
    let handle = item.string("username");
    let likes =
        item.list("actions_summary").iter().find(|a| a.int("id") == Some(2)).and_then(|a| a.int("count"));
    let author = Author {
        name: item.string("name").or_else(|| item.string("display_username")),
        url: base.zip(handle.as_ref()).map(|(b, h)| format!("{b}/u/{h}")),
        handle,
        id: item.id("user_id"),
        ..Author::default()
    };
    let address = base.zip(item.string("topic_slug")).zip(topic.as_ref()).zip(item.int("post_number"));
    Some(Mention {
        external_id: Some(id),
        kind: if first { Kind::Post } else { Kind::Comment },
        url: address.map(|(((b, slug), topic), number)| format!("{b}/t/{slug}/{topic}/{number}")),
        author: if gone { Author::default() } else { author },
        title: title.map(|t| plain::from_either(&t)),
        text: if gone { String::new() } else { plain::from_html(item.str("cooked").unwrap_or("")) },
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        // Every post is touched within a moment of its making; that is no edit.
        edited_at: edited
            .filter(|e| item.int("version").is_some_and(|v| v > 1) && published.is_some_and(|p| p.0 < *e)),
        thread: topic.map(|id| Thread { id: Some(id), parent_id: None }),
        engagement: Some(Engagement { likes, replies: item.int("reply_count"), ..Engagement::default() }),
        deleted: gone,
        ..Mention::default()
    })
}
