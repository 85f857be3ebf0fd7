//! Reddit: listings, comment trees and searches of the interface for approved apps, and the public feeds.

use goodword_shared::{
    Author, Kind, Mention, Time,
    access::Access,
    mention::{Engagement, Precision, Thread},
    problem::{ProblemKind, SourceProblem},
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::{Connector, Cursor, Reading, entry, settings};
use crate::{
    reading::{
        answer::{self, From},
        dates,
        json::Pick,
        plain,
    },
    wire::{Request, Response},
};

mod feed;

const SITE: &str = "https://www.reddit.com";
const OAUTH: &str = "https://oauth.reddit.com";
const PAGES: u32 = 10;
/// How many stubs of a tree are asked for in one run.
const STUBS: usize = 20;
/// How many of the newest things seen are asked after, so that what was deleted there is deleted here.
const REMEMBERED: usize = 1_000;
/// How many of them in one run: Reddit takes no more at once.
const ASKED_AFTER: usize = 100;

/// Reddit.
pub struct Reddit;

/// What is known between runs, and within one: the cursor, and the note of the listing's pages.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Run {
    #[serde(default)]
    page: u32,
    /// Fullnames of what was seen, the newest first.
    #[serde(default)]
    seen: Vec<String>,
    /// Where among them the next question begins.
    #[serde(default)]
    at: usize,
}

impl Connector for Reddit {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "reddit".into(),
            title: "Reddit".into(),
            summary: "Posts and comments on Reddit that name you, or a community of yours.".into(),
            route: Route::Feed,
            legal_basis: "Reddit's public feeds; with your own app, its interface for approved apps. What users delete is deleted here."
                .into(),
            storage: StorageRule::FollowDeletion,
            pace_ms: 6_000,
            every_minutes: 30,
            robots: false,
            how_to: "Write the words to look for, or a community. Without a key, Goodword reads Reddit's feeds. If Reddit has \
                     approved an app of yours (reddit.com/prefs/apps, type “script” or “web app”), its id and secret read comments, \
                     whole discussions and scores as well. Reddit wants everything deleted here that its users delete there: \
                     Goodword asks after what it holds and follows."
                .into(),
            fields: vec![
                settings::example(
                    settings::field("query", "Words", "What people would write when they mean you.", FieldType::Text),
                    "\"Cornerstone Bakery\"",
                ),
                settings::field("community", "Community", "Only in this one, without r/.", FieldType::Text),
                settings::field("post", "Post", "One post with its comments: the id after /comments/.", FieldType::Text),
            ]
            .into_iter()
            .chain(entry::app_fields("App ID", "App secret", "Of an app that Reddit has approved: below its name."))
            .chain([
                settings::field("token", "Access token", "Instead of the app; it lasts a day.", FieldType::Secret),
                settings::base_field(SITE),
            ])
            .collect(),
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

    fn access(&self, values: &Values) -> Option<Access> {
        let base = settings::base(values, SITE).ok()?;
        entry::own(values, "reddit", "Reddit", format!("{base}/api/v1/access_token"))
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
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
        let before: Run = cursor.and_then(|c| serde_json::from_str(c).ok()).unwrap_or_default();
        request.note = serde_json::to_string(&Run { page: 1, ..before }).ok();
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
            return feed::read(&text);
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
            return nothing_said(&body).map(|()| reading);
        }
        go_on(&body, request, stubs, &mut reading);
        Ok(reading)
    }
}

/// What is no listing: what was done is acknowledged or refused, an account, a token; else it is not Reddit's.
fn nothing_said(body: &Value) -> Result<(), SourceProblem> {
    const OTHER: [&str; 7] =
        ["json", "jquery", "access_token", "link_karma", "comment_karma", "display_name", "features"];
    let refused = body.list("json.errors").first().map(|error| {
        let words: Vec<&str> = error.list("").iter().filter_map(Value::as_str).collect();
        let words = words.join(" ");
        let kind = answer::class_of_words(&words).unwrap_or(ProblemKind::Malformed);
        answer::problem(kind, format!("Reddit answers “{words}”."))
    });
    match refused.or_else(|| answer::said(body)) {
        Some(problem) => Err(problem),
        None if answer::is_other(body, &OTHER) => Ok(()),
        None => Err(answer::unsupported("This is no listing of Reddit.")),
    }
}

/// Walks listings, pairs of them, and trees, in pre-order without recursion.
fn things(body: &Value, raw: bool, reading: &mut Reading, stubs: &mut Vec<(String, Vec<String>)>) -> bool {
    let mut known = false;
    let mut waiting: Vec<&Value> = vec![body];
    while let Some(value) = waiting.pop() {
        if let Value::Array(list) = value {
            known |= list.is_empty();
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
            None => {
                known |= value.at("data").is_some_and(|d| d.has("children"));
                // Archives of Reddit list posts and comments bare.
                for data in value.list("data").iter().filter(|d| d.has("body") || d.has("selftext")) {
                    known = true;
                    reading.mentions.extend(thing(data, data.has("body"), raw));
                }
            }
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
    let gone = is_removed(words);
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

/// Whether Reddit's own words stand where somebody's stood: "[deleted]", "[ Removed by Reddit ]".
fn is_removed(words: &str) -> bool {
    let inside = words.trim().strip_prefix('[').and_then(|w| w.strip_suffix(']'));
    inside.is_some_and(|inside| {
        let inside = inside.trim().to_ascii_lowercase();
        ["deleted", "removed"].iter().any(|gone| {
            inside.strip_prefix(gone).is_some_and(|rest| rest.is_empty() || rest.starts_with(" by "))
        })
    })
}

/// The next page of a listing, and the comments that a tree only names.
fn go_on(body: &Value, request: &Request, stubs: Vec<(String, Vec<String>)>, reading: &mut Reading) {
    let again = |url: String, note: Option<String>| Request {
        headers: request.headers.clone(),
        note,
        ..Request::get(url)
    };
    let base = Url::parse(&request.url).ok().map(|u| u.origin().ascii_serialization());
    if let Some(run) = request.note.as_deref().and_then(|n| serde_json::from_str::<Run>(n).ok()) {
        let (run, asked) = remembered(run, reading);
        reading.cursor = serde_json::to_string(&Run { page: 0, ..run.clone() }).ok();
        if let (Some(base), false) = (&base, asked.is_empty()) {
            let pairs = [("id", asked.join(",")), ("raw_json", "1".to_owned())];
            let pairs = pairs.each_ref().map(|(name, value)| (*name, value.as_str()));
            let url = settings::with_query(&format!("{base}/api/info"), &pairs);
            reading.also.push(again(url, None));
        }
        if let Some(after) = body.str("data.after").filter(|_| run.page < PAGES) {
            let url = settings::set_parameter(&request.url, "after", after);
            let note = serde_json::to_string(&Run { page: run.page + 1, ..run }).ok();
            reading.follow.extend(url.map(|u| again(u, note)));
        }
    }
    let Some(base) = base else { return };
    let link = reading.mentions.iter().find_map(|m| m.thread.as_ref()?.id.clone());
    let Some(link) = link else { return };
    let mut wanted = Vec::new();
    for (parent, ids) in stubs {
        if ids.is_empty() {
            // "Continue this thread": the rest hangs below one comment.
            let (post, comment) = (link.trim_start_matches("t3_"), parent.trim_start_matches("t1_"));
            wanted.push(format!("{base}/comments/{post}/_/{comment}?raw_json=1"));
        }
        wanted.extend(ids.chunks(100).map(|ids| {
            let children = ids.join(",");
            let pairs = [("link_id", link.as_str()), ("children", children.as_str())];
            let fixed = [("api_type", "json"), ("raw_json", "1")];
            settings::with_query(&format!("{base}/api/morechildren"), &[pairs, fixed].concat())
        }));
    }
    reading.follow.extend(wanted.into_iter().take(STUBS).map(|url| again(url, None)));
}

/// Adds what was read to what is remembered; what is to be asked after now, on a run's first page.
fn remembered(run: Run, reading: &Reading) -> (Run, Vec<String>) {
    let Run { page, mut seen, at } = run;
    let live = reading.mentions.iter().filter(|m| !m.deleted).filter_map(|m| m.external_id.clone());
    let fresh: Vec<String> = live.filter(|id| !seen.contains(id)).collect();
    let known: Vec<String> = if page == 1 { seen.clone() } else { Vec::new() };
    // Later pages lead into the past.
    if page == 1 {
        seen.splice(0..0, fresh);
    } else {
        seen.extend(fresh);
    }
    seen.truncate(REMEMBERED);
    let from = if at < known.len() { at } else { 0 };
    let asked: Vec<String> = known.into_iter().skip(from).take(ASKED_AFTER).collect();
    let at = if page == 1 { from + asked.len() } else { at };
    (Run { page, seen, at }, asked)
}
