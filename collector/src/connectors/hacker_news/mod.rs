//! Hacker News: Algolia's search and item trees, the official item interface, and saved pages of the site itself.

use goodword_shared::{
    Author, Kind, Mention, Time,
    mention::{Engagement, Precision, Thread},
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

mod page;

const HOST: &str = "https://hn.algolia.com";
/// Algolia shows a thousand hits at most.
const LAST_PAGE: i64 = 9;
/// How many items of a list of ids are fetched one by one.
const ITEMS: usize = 30;

/// Hacker News.
pub struct HackerNews;

impl Connector for HackerNews {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "hacker_news".into(),
            title: "Hacker News".into(),
            summary: "Stories and comments on Hacker News that name your product.".into(),
            route: Route::Api,
            legal_basis: "Algolia's public search interface for Hacker News, offered for this, without a key.".into(),
            storage: StorageRule::Keep,
            pace_ms: 1_000,
            every_minutes: 20,
            robots: false,
            how_to: "Write the name that people would use, in quotation marks if it is several words. Nothing else is \
                     needed: the search is public. To watch one discussion, paste its address instead."
                .into(),
            fields: vec![
                settings::example(
                    settings::field("query", "Words", "What people would write when they mean you.", FieldType::Text),
                    "\"Cornerstone Bakery\"",
                ),
                settings::field("item", "Discussion", "The number of one discussion to watch.", FieldType::Text),
                settings::field("author", "Member", "Only what this member writes.", FieldType::Text),
                settings::choice("kind", "Read", "What to read.", &[
                    ("all", "Stories and comments"),
                    ("story", "Stories"),
                    ("comment", "Comments"),
                ]),
                settings::base_field(HOST),
            ],
            recognises: vec![
                "https://news.ycombinator.com/item?id=1".into(),
                "https://news.ycombinator.com/user?id=name".into(),
                "https://hn.algolia.com/?q=words".into(),
            ],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        match settings::host(&url) {
            "news.ycombinator.com" => {
                let id = settings::parameter(&url, "id");
                match (settings::parts(&url).first().copied(), id) {
                    (Some("item"), Some(id)) => Some((
                        0.98,
                        settings::values(&[("item", &id)]),
                        format!("Hacker News discussion {id}"),
                    )),
                    (Some("user" | "threads" | "submitted"), Some(id)) => {
                        Some((0.98, settings::values(&[("author", &id)]), format!("{id} on Hacker News")))
                    }
                    _ => Some((0.6, Values::new(), "Hacker News".into())),
                }
            }
            "hn.algolia.com" => {
                let query = settings::parameter(&url, "q").or_else(|| settings::parameter(&url, "query"));
                let name = query.clone().map_or("Hacker News".into(), |q| format!("{q} on Hacker News"));
                Some((0.95, settings::values(&[("query", query.as_deref().unwrap_or(""))]), name))
            }
            _ => None,
        }
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        if let Some(item) = settings::value(values, "item") {
            if !item.bytes().all(|b| b.is_ascii_digit()) {
                return Err(answer::unsupported(
                    "A discussion is a number: what follows “id=” in its address.",
                ));
            }
            return Ok(Request::get(format!("{base}/api/v1/items/{item}")));
        }
        let author = settings::value(values, "author");
        let query = match (settings::value(values, "query"), author) {
            (Some(query), _) => query,
            (None, Some(_)) => "",
            (None, None) => settings::need(values, "query", "the words to look for")?,
        };
        let mut tags = match settings::value(values, "kind") {
            Some(kind @ ("story" | "comment")) => kind.to_owned(),
            _ => "(story,comment)".to_owned(),
        };
        if let Some(author) = author {
            tags.push_str(&format!(",author_{author}"));
        }
        let since = cursor.and_then(|c| c.parse::<i64>().ok());
        let filter = since.map(|s| format!("created_at_i>{s}"));
        let mut pairs =
            vec![("query", query), ("tags", tags.as_str()), ("hitsPerPage", "100"), ("page", "0")];
        if let Some(filter) = &filter {
            pairs.push(("numericFilters", filter));
        }
        let url = settings::with_query(&format!("{base}/api/v1/search_by_date"), &pairs);
        Ok(Request { note: since.map(|s| s.to_string()), ..Request::get(url) })
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_interface(response)?;
        let text = answer::text(response)?;
        if text.trim_start().starts_with('<') {
            return page::read(&text, now);
        }
        let trimmed = text.trim();
        if trimmed == "null" {
            return Err(answer::problem(ProblemKind::NotFound, "There is no such item."));
        }
        if trimmed.trim_matches('"').starts_with("Permission denied") {
            return Err(answer::problem(ProblemKind::Auth, "Hacker News refuses this address."));
        }
        let body = answer::parse(&text)?;
        if let Some(problem) = answer::said(&body) {
            return Err(problem);
        }
        interface(&body, request)
    }
}

fn interface(body: &Value, request: &Request) -> Result<Reading, SourceProblem> {
    let mut reading = Reading::default();
    if body.at("hits").is_some_and(Value::is_array) {
        reading.mentions = body.list("hits").iter().filter_map(hit).collect();
        search_goes_on(body, request, &mut reading);
    } else if body.at("children").is_some_and(Value::is_array) && body.has("id") {
        // A tree in pre-order, without recursion: discussions can be deep.
        let mut waiting = vec![body];
        while let Some(item) = waiting.pop() {
            reading.mentions.extend(node(item));
            waiting.extend(item.list("children").iter().rev());
        }
    } else if let Value::Array(list) = body {
        if list.iter().all(Value::is_number) {
            let base = Url::parse(&request.url).ok().map(|u| u.origin().ascii_serialization());
            for id in list.iter().take(ITEMS).filter_map(|i| i.id("")) {
                reading.follow.extend(base.as_ref().map(|b| Request::get(format!("{b}/v0/item/{id}.json"))));
            }
        } else {
            reading.mentions = list.iter().filter_map(|i| hit(i).or_else(|| node(i))).collect();
        }
    } else if body.has("type") && body.has("id") {
        reading.mentions.extend(node(body));
    } else if !(body.is_number() || answer::is_other(body, &["karma", "profiles"])) {
        // A member's profile, the newest number and the list of changes hold no mention; anything else is not Hacker News.
        return Err(answer::unsupported("This is no answer of Hacker News."));
    }
    Ok(reading)
}

/// The next page of a search, and the newest time seen in this run or before.
fn search_goes_on(body: &Value, request: &Request, reading: &mut Reading) {
    // What is asked for since the last run is only counted since then.
    let whole = !request.url.contains("created_at_i");
    reading.totals.count = body.int("nbHits").filter(|_| whole).and_then(|n| n.try_into().ok());
    let newest = body.list("hits").iter().filter_map(|h| h.int("created_at_i")).max();
    let before = request.note.as_deref().and_then(|n| n.parse().ok());
    let newest = newest.max(before);
    reading.cursor = newest.map(|n| n.to_string());
    let page = body.int("page").unwrap_or(0);
    let pages = body.int("nbPages").unwrap_or(0);
    if page + 1 < pages
        && page < LAST_PAGE
        && !reading.mentions.is_empty()
        && let Some(url) = settings::set_parameter(&request.url, "page", &(page + 1).to_string())
    {
        reading.follow.push(Request { note: reading.cursor.clone(), ..Request::get(url) });
    }
}

fn address(id: &str) -> String {
    format!("https://news.ycombinator.com/item?id={id}")
}

fn unix(item: &Value, key: &str) -> Option<Time> {
    item.int(key).and_then(dates::seconds)
}

/// A hit of Algolia's search.
fn hit(hit: &Value) -> Option<Mention> {
    let id = hit.id("objectID")?;
    let tags = hit.list("_tags");
    let tagged = |tag: &str| tags.iter().any(|t| t == tag);
    if tagged("pollopt") {
        return None;
    }
    let comment = tagged("comment") || (tags.is_empty() && hit.has("comment_text"));
    let text = hit
        .str(if comment { "comment_text" } else { "story_text" })
        .or_else(|| hit.str("text"))
        .unwrap_or("");
    let published = unix(hit, "created_at_i").or_else(|| hit.str("created_at").and_then(dates::instant));
    let thread = comment.then(|| Thread { id: hit.id("story_id"), parent_id: hit.id("parent_id") });
    Some(Mention {
        url: Some(address(&id)),
        external_id: Some(id),
        kind: if comment { Kind::Comment } else { Kind::Post },
        author: handle(hit.string("author")),
        title: if comment { None } else { hit.string("title").map(|t| plain::from_html(&t)) },
        text: plain::from_html(text),
        published_at: published,
        published_precision: published.map(|_| Precision::Second),
        thread,
        engagement: engagement(hit.int("points"), hit.int("num_comments")),
        ..Mention::default()
    })
}

/// An item of the official interface, or of Algolia's tree.
fn node(item: &Value) -> Option<Mention> {
    let id = item.id("id")?;
    let comment = match item.str("type")? {
        "comment" => true,
        "pollopt" => return None,
        _ => false,
    };
    let author = item.string("by").or_else(|| item.string("author"));
    let text = plain::from_html(item.str("text").unwrap_or(""));
    let gone = item.truth("deleted") == Some(true) || (comment && author.is_none() && text.is_empty());
    let published = unix(item, "time").or_else(|| unix(item, "created_at_i"));
    let parent = item.id("parent").or_else(|| item.id("parent_id"));
    let story = item.id("story_id");
    Some(Mention {
        url: Some(address(&id)),
        external_id: Some(id),
        kind: if comment { Kind::Comment } else { Kind::Post },
        author: if gone { Author::default() } else { handle(author) },
        title: item.string("title").filter(|_| !comment).map(|t| plain::from_html(&t)),
        text: if gone { String::new() } else { text },
        published_at: published,
        published_precision: published.map(|_| Precision::Second),
        thread: (comment && (story.is_some() || parent.is_some()))
            .then_some(Thread { id: story, parent_id: parent }),
        engagement: engagement(item.int("score").or_else(|| item.int("points")), item.int("descendants")),
        deleted: gone,
        ..Mention::default()
    })
}

fn handle(name: Option<String>) -> Author {
    Author {
        url: name.as_ref().map(|n| format!("https://news.ycombinator.com/user?id={n}")),
        handle: name,
        ..Author::default()
    }
}

fn engagement(likes: Option<i64>, replies: Option<i64>) -> Option<Engagement> {
    (likes.is_some() || replies.is_some()).then_some(Engagement { likes, replies, ..Engagement::default() })
}
