//! Reddit: listings, comment trees and searches of the interface for approved apps, and the public feeds.

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
    reading::{
        answer::{self, From},
        dates,
        json::Pick,
        plain,
        tree::{Element, Tree},
    },
    wire::{Request, Response},
};

const SITE: &str = "https://www.reddit.com";
const OAUTH: &str = "https://oauth.reddit.com";
const PAGES: u32 = 10;
/// How many stubs of a tree are asked for in one run.
const STUBS: usize = 20;

/// Reddit.
pub struct Reddit;

impl Connector for Reddit {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "reddit".into(),
            title: "Reddit".into(),
            summary: "Posts and comments on Reddit that name you, or a community of yours.".into(),
            route: Route::Feed,
            legal_basis: "Reddit's public feeds; with a token, its interface for approved apps. What users delete is deleted here."
                .into(),
            storage: StorageRule::FollowDeletion,
            pace_ms: 6_000,
            every_minutes: 30,
            robots: false,
            how_to: "Write the words to look for, or a community. Without a key, Goodword reads Reddit's feeds. If Reddit has \
                     approved an app of yours (reddit.com/prefs/apps), an access token reads comments and scores as well."
                .into(),
            fields: vec![
                settings::example(
                    settings::field("query", "Words", "What people would write when they mean you.", FieldType::Text),
                    "\"Cornerstone Bakery\"",
                ),
                settings::field("community", "Community", "Only in this one, without r/.", FieldType::Text),
                settings::field("post", "Post", "One post with its comments: the id after /comments/.", FieldType::Text),
                settings::field("token", "Access token", "Of an app that Reddit has approved.", FieldType::Secret),
                settings::base_field(SITE),
            ],
            recognises: vec![
                "https://www.reddit.com/r/bakery/".into(),
                "https://www.reddit.com/search?q=words".into(),
                "https://www.reddit.com/r/bakery/comments/abc123/title/".into(),
            ],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        let host = settings::host(&url);
        if host != "reddit.com" && !host.ends_with(".reddit.com") {
            return None;
        }
        let query = settings::parameter(&url, "q");
        let parts = settings::parts(&url);
        Some(match (parts.as_slice(), query) {
            (["r", _, "comments", post, ..], _) | (["comments", post, ..], _) => {
                (0.97, settings::values(&[("post", post)]), format!("Reddit post {post}"))
            }
            (["r", community, ..], Some(query)) => (
                0.97,
                settings::values(&[("query", &query), ("community", community)]),
                format!("{query} in r/{community}"),
            ),
            (["r", community, ..], None) => {
                (0.97, settings::values(&[("community", community)]), format!("r/{community}"))
            }
            (_, Some(query)) => (0.97, settings::values(&[("query", &query)]), format!("{query} on Reddit")),
            _ => (0.5, Values::new(), "Reddit".into()),
        })
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, SITE)?;
        let token = settings::value(values, "token");
        let base = if token.is_some() && base == SITE { OAUTH.to_owned() } else { base };
        let end = if token.is_some() { "" } else { ".rss" };
        let community =
            settings::value(values, "community").map(|c| settings::escape(c.trim_start_matches("r/")));
        let mut pairs = vec![("limit", "100")];
        if token.is_some() {
            pairs.push(("raw_json", "1"));
        }
        let path = if let Some(post) = settings::value(values, "post") {
            format!(
                "/comments/{}{}",
                settings::escape(post.trim_start_matches("t3_")),
                if end.is_empty() { "" } else { "/.rss" }
            )
        } else if let Some(query) = settings::value(values, "query") {
            pairs.extend([("q", query), ("sort", "new")]);
            match &community {
                Some(community) => {
                    pairs.push(("restrict_sr", "1"));
                    format!("/r/{community}/search{end}")
                }
                None => format!("/search{end}"),
            }
        } else {
            let community = community
                .ok_or_else(|| answer::unsupported("Fill in the words to look for, or a community."))?;
            format!("/r/{community}/new{}", if end.is_empty() { "" } else { "/.rss" })
        };
        let mut request = Request::get(settings::with_query(&format!("{base}{path}"), &pairs));
        request.note = Some("1".into());
        Ok(match token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        })
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_status(response, From::Api)?;
        let text = answer::text(response)?;
        if text.trim_start().starts_with('<') {
            return feed(&text);
        }
        let body = answer::parse(&text)?;
        if let Some(code) = body.int("error") {
            let kind = match (code, body.str("reason")) {
                (404, _) | (_, Some("banned" | "private" | "quarantined")) => ProblemKind::NotFound,
                (401 | 403, _) => ProblemKind::Auth,
                (429, _) => ProblemKind::RateLimited,
                _ => ProblemKind::Malformed,
            };
            let said = body.str("reason").or_else(|| body.str("message")).unwrap_or("an error");
            return Err(answer::problem(kind, format!("Reddit answers “{said}”.")));
        }
        let mut reading = Reading::default();
        let mut stubs: Vec<(String, Vec<String>)> = Vec::new();
        let raw = request.url.contains("raw_json=1");
        let known = things(&body, raw, &mut reading, &mut stubs);
        if !known {
            return Err(
                answer::said(&body).unwrap_or_else(|| answer::unsupported("This is no listing of Reddit."))
            );
        }
        go_on(&body, request, stubs, &mut reading);
        Ok(reading)
    }
}

/// Walks listings, pairs of them, and trees, in pre-order without recursion.
fn things(body: &Value, raw: bool, reading: &mut Reading, stubs: &mut Vec<(String, Vec<String>)>) -> bool {
    let mut known = false;
    let mut waiting: Vec<&Value> = vec![body];
    while let Some(value) = waiting.pop() {
        if let Value::Array(list) = value {
            waiting.extend(list.iter().rev());
            continue;
        }
        if value.at("json.data.things").is_some_and(Value::is_array) {
            known = true;
            waiting.extend(value.list("json.data.things").iter().rev());
            continue;
        }
        match value.str("kind") {
            Some("Listing") => {
                known = true;
                waiting.extend(value.list("data.children").iter().rev());
            }
            Some("t1" | "t3") => {
                known = true;
                let data = value.at("data").unwrap_or(&Value::Null);
                reading.mentions.extend(thing(data, value.str("kind") == Some("t1"), raw));
                waiting.extend(data.at("replies").filter(|r| r.is_object()));
            }
            Some("more") => {
                known = true;
                let ids: Vec<String> = value.list("data.children").iter().filter_map(|c| c.id("")).collect();
                stubs.push((value.string("data.parent_id").unwrap_or_default(), ids));
            }
            Some(_) => known = true,
            None => known |= value.at("data").is_some_and(|d| d.has("children")),
        }
    }
    known
}

/// A post or a comment.
fn thing(data: &Value, comment: bool, raw: bool) -> Option<Mention> {
    let id = data
        .string("name")
        .or_else(|| data.id("id").map(|i| format!("{}_{i}", if comment { "t1" } else { "t3" })))?;
    // Without raw_json=1 Reddit escapes every text once more; its HTML twin shows whether it did.
    let twin = if comment { "body_html" } else { "selftext_html" };
    let escaped = data.str(twin).map(|h| h.trim_start().starts_with("&lt;"));
    let clear = |text: &str| match escaped {
        Some(false) => text.to_owned(),
        None if raw => text.to_owned(),
        _ => plain::entities(text).into_owned(),
    };
    let words = data.str(if comment { "body" } else { "selftext" }).unwrap_or("");
    let gone =
        matches!(words.trim(), "[deleted]" | "[removed]" | "[ Removed by Reddit ]" | "[deleted by user]");
    let name = data.string("author").filter(|a| a != "[deleted]" && a != "[removed]");
    let published = data.int("created_utc").and_then(dates::seconds);
    let permalink = data
        .str("permalink")
        .map(|p| if p.starts_with("http") { p.to_owned() } else { format!("{SITE}{p}") });
    let hidden = data.truth("score_hidden") == Some(true) || data.truth("hide_score") == Some(true);
    let author = Author {
        url: name.as_ref().map(|n| format!("{SITE}/user/{n}")),
        id: data.string("author_fullname").filter(|_| name.is_some()),
        handle: name,
        ..Author::default()
    };
    Some(Mention {
        external_id: Some(id),
        kind: if comment { Kind::Comment } else { Kind::Post },
        url: permalink,
        author: if gone { Author::default() } else { author },
        title: data.str("title").filter(|_| !comment).map(|t| clear(t).trim().to_owned()),
        text: if gone { String::new() } else { plain::tidy(&clear(words)) },
        published_at: published,
        published_precision: published.map(|_| Precision::Second),
        // `edited` is false, or the time.
        edited_at: data
            .at("edited")
            .filter(|e| e.is_number())
            .and_then(|_| data.int("edited"))
            .and_then(dates::seconds),
        thread: comment.then(|| Thread { id: data.string("link_id"), parent_id: data.string("parent_id") }),
        engagement: Some(Engagement {
            likes: data.int("score").filter(|_| !hidden),
            replies: data.int("num_comments"),
            ..Engagement::default()
        }),
        deleted: gone,
        ..Mention::default()
    })
}

/// The next page of a listing, and the comments that a tree only names.
fn go_on(body: &Value, request: &Request, stubs: Vec<(String, Vec<String>)>, reading: &mut Reading) {
    let again = |url: String, note: Option<String>| Request {
        headers: request.headers.clone(),
        note,
        ..Request::get(url)
    };
    let page: u32 = request.note.as_deref().and_then(|n| n.parse().ok()).unwrap_or(PAGES);
    if let Some(after) = body.str("data.after").filter(|_| page < PAGES) {
        let url = settings::set_parameter(&request.url, "after", after);
        reading.follow.extend(url.map(|u| again(u, Some((page + 1).to_string()))));
    }
    let Some(base) = Url::parse(&request.url).ok().map(|u| u.origin().ascii_serialization()) else { return };
    let link = reading.mentions.iter().find_map(|m| m.thread.as_ref()?.id.clone());
    let Some(link) = link else { return };
    for (parent, ids) in stubs.into_iter().take(STUBS) {
        let url = if ids.is_empty() {
            // "Continue this thread": the rest hangs below one comment.
            let (post, comment) = (link.trim_start_matches("t3_"), parent.trim_start_matches("t1_"));
            format!("{base}/comments/{post}/_/{comment}?raw_json=1")
        } else {
            let children = ids.iter().take(100).cloned().collect::<Vec<_>>().join(",");
            settings::with_query(
                &format!("{base}/api/morechildren"),
                &[("link_id", &link), ("children", &children), ("api_type", "json"), ("raw_json", "1")],
            )
        };
        reading.follow.push(again(url, None));
    }
}

/// Reddit's own RSS and Atom: what was written stands between two marks, the rest of the entry is boilerplate.
fn feed(text: &str) -> Result<Reading, SourceProblem> {
    let tree = Tree::xml(text).map_err(|e| answer::malformed(e.to_string()))?;
    let Some(root) = tree.elements().find(|e| matches!(e.local(), "rss" | "feed")) else {
        answer::refuse_block_page(text)?;
        return Err(answer::unsupported("This is a page of Reddit, not its feed."));
    };
    let mut reading = Reading::default();
    for entry in tree.elements().filter(|e| e.is("item") || e.is("entry")) {
        if entry.is_whole() {
            reading.mentions.extend(entry_of(&entry));
        } else {
            let warning = "The feed is cut off; its last entry could not be read.".into();
            reading
                .warnings
                .push(super::Warning { warning, at: format!("entry {}", reading.mentions.len() + 1) });
        }
    }
    if !root.is_whole() && reading.mentions.is_empty() {
        return Err(answer::malformed("The feed is cut off inside its first entry."));
    }
    if !root.is_whole() && reading.warnings.is_empty() {
        let warning = "The feed ends without its end mark; entries may be missing.".into();
        reading.warnings.push(super::Warning { warning, at: "end of the feed".into() });
    }
    Ok(reading)
}

fn entry_of(entry: &Element<'_>) -> Option<Mention> {
    let child = |names: &[&str]| names.iter().find_map(|n| entry.children().find(|e| e.is(n)));
    let value = |names: &[&str]| child(names).map(|e| e.value().trim().to_owned()).filter(|v| !v.is_empty());
    let link = child(&["link"])
        .and_then(|l| l.attribute("href").map(|h| h.into_owned()).or_else(|| Some(l.value())));
    let link = link.map(|l| l.trim().to_owned()).filter(|l| l.starts_with("http"));
    let id =
        value(&["id"]).or_else(|| value(&["guid"])).filter(|i| i.starts_with("t1_") || i.starts_with("t3_"));
    let id = id.or_else(|| id_in(link.as_deref()?));
    let comment = id.as_ref().is_some_and(|i| i.starts_with("t1_"));
    let body = child(&["content", "description"]).map(|e| e.value()).unwrap_or_default();
    // Escaping may be off by a level either way.
    let body = if body.contains("&lt;!-- SC_OFF") { plain::entities(&body).into_owned() } else { body };
    let name =
        entry.find(|e| e.is("author")).and_then(|a| a.children().find(|e| e.is("name"))).map(|n| n.value());
    let name = name.or_else(|| submitter(&body)).map(|n| n.trim().trim_start_matches("/u/").to_owned());
    let published = value(&["published"]).or_else(|| value(&["pubDate"])).or_else(|| value(&["updated"]));
    let published = published.as_deref().and_then(dates::parse);
    Some(Mention {
        external_id: id,
        kind: if comment { Kind::Comment } else { Kind::Post },
        url: link,
        author: Author {
            url: name.as_ref().map(|n| format!("{SITE}/user/{n}")),
            handle: name.filter(|n| !n.is_empty() && n != "[deleted]"),
            ..Author::default()
        },
        title: value(&["title"]).map(|t| plain::from_either(&t)).filter(|_| !comment),
        text: between_marks(&body, comment),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        ..Mention::default()
    })
}

/// The fullname that an address of a post or comment tells.
fn id_in(link: &str) -> Option<String> {
    let mut parts = link.split("/comments/").nth(1)?.split('/').filter(|p| !p.is_empty());
    let post = parts.next()?;
    Some(parts.nth(1).map_or_else(|| format!("t3_{post}"), |c| format!("t1_{c}")))
}

fn between_marks(body: &str, comment: bool) -> String {
    let after = body.split_once("SC_OFF").and_then(|(_, rest)| rest.split_once("-->"));
    match after {
        Some((_, rest)) => {
            let inner = rest.split("SC_ON").next().unwrap_or(rest);
            plain::from_html(inner.trim_end().trim_end_matches("<!--"))
        }
        None if comment => plain::from_html(body),
        None => String::new(),
    }
}

/// The login in "submitted by /u/name".
fn submitter(body: &str) -> Option<String> {
    let at = body.find("submitted by")?;
    let rest = &body[at..];
    let user = rest.find("/user/")? + 6;
    Some(rest[user..].chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect())
}
