//! Bluesky: searches, one account's posts, threads, and the events of a Jetstream recording.

use goodword_shared::{
    Author, Kind, Mention, Time,
    mention::{Engagement, Precision, Thread},
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Connector, Cursor, Reading, Warning, jetstream::JETSTREAM, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response, Verb},
};

/// Answers the first page of a search to everybody.
const HOST: &str = "https://public.api.bsky.app";
/// Where an app password is exchanged for a session, and where signed-in requests go.
const SIGNED_IN: &str = "https://bsky.social";
/// Pages of one run: 100 posts each.
const PAGES: u32 = 10;
/// An event stream's file is read up to here, lines.
const EVENTS: usize = 200_000;

/// Bluesky.
pub struct Bluesky;

/// Where a run stands: travels in the request's note.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Run {
    page: u32,
    /// Time of the newest post seen, in this run or before.
    newest: Option<Time>,
    /// Time of the newest post of the run before.
    since: Option<Time>,
    /// The address to ask once the session is open.
    #[serde(default)]
    after_session: Option<String>,
    /// Signed in: pages go by `cursor`; otherwise by `until`.
    #[serde(default)]
    signed_in: bool,
}

impl Run {
    fn request(&self, url: String, headers: Vec<(String, String)>) -> Request {
        Request { note: serde_json::to_string(self).ok(), headers, ..Request::get(url) }
    }
}

impl Connector for Bluesky {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "bluesky".into(),
            title: "Bluesky".into(),
            summary: "Posts on Bluesky that name you, and the answers to yours.".into(),
            route: Route::Api,
            legal_basis: "Bluesky's public interface; what authors delete there is dropped here.".into(),
            storage: StorageRule::FollowDeletion,
            pace_ms: 500,
            every_minutes: 15,
            robots: false,
            how_to: "Write the words to look for, or paste an account's or a post's address. Without signing in, Bluesky \
                     shows the first page of a search. For more, open Settings → Privacy and security → App passwords on \
                     Bluesky, make one for Goodword, and fill in your handle and that password (never your real one)."
                .into(),
            fields: vec![
                settings::example(
                    settings::field("query", "Words", "What people would write when they mean you.", FieldType::Text),
                    "\"Cornerstone Bakery\"",
                ),
                settings::field("account", "Account", "Only this account's posts: its handle.", FieldType::Text),
                settings::field("post", "Post", "One post with its answers: its at:// address.", FieldType::Text),
                settings::field("handle", "Your handle", "Only together with an app password.", FieldType::Text),
                settings::field("app_password", "App password", "Made for Goodword; can be withdrawn.", FieldType::Secret),
                settings::field(
                    "live",
                    "Listen live",
                    "New posts within seconds, from Bluesky's stream (Jetstream), besides looking every quarter of an hour.",
                    FieldType::Toggle,
                ),
                settings::default(
                    settings::field("stream", "Stream address", "Leave as it is, unless you run a Jetstream.", FieldType::Url),
                    JETSTREAM,
                ),
                settings::base_field(HOST),
            ],
            recognises: vec![
                "https://bsky.app/profile/example.bsky.social".into(),
                "https://bsky.app/profile/example.bsky.social/post/3k2a".into(),
                "https://bsky.app/search?q=words".into(),
            ],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        if text.starts_with("at://") {
            return Some((0.95, settings::values(&[("post", text)]), "A post on Bluesky".into()));
        }
        let url = settings::pasted(text)?;
        let host = settings::host(&url);
        if host.ends_with(".bsky.social") {
            return Some((0.9, settings::values(&[("account", host)]), format!("{host} on Bluesky")));
        }
        if host != "bsky.app" {
            return None;
        }
        match settings::parts(&url).as_slice() {
            ["profile", account, "post", post] => {
                let address = format!("at://{account}/app.bsky.feed.post/{post}");
                Some((
                    0.97,
                    settings::values(&[("post", &address)]),
                    format!("A post of {account} on Bluesky"),
                ))
            }
            ["profile", account, ..] => {
                Some((0.97, settings::values(&[("account", account)]), format!("{account} on Bluesky")))
            }
            ["hashtag", tag] => {
                Some((0.97, settings::values(&[("query", &format!("#{tag}"))]), format!("#{tag} on Bluesky")))
            }
            ["search"] => {
                let query = settings::parameter(&url, "q")?;
                Some((0.97, settings::values(&[("query", &query)]), format!("{query} on Bluesky")))
            }
            _ => Some((0.5, Values::new(), "Bluesky".into())),
        }
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let password = settings::value(values, "app_password");
        let handle = settings::value(values, "handle");
        let signed_in = password.is_some() && handle.is_some();
        let base = settings::base(values, HOST)?;
        let base = if signed_in && base == HOST { SIGNED_IN.to_owned() } else { base };
        let since = cursor.and_then(|c| dates::instant(c));
        let mut run = Run { page: 1, newest: since, since, after_session: None, signed_in };
        let url = if let Some(post) = settings::value(values, "post") {
            settings::with_query(
                &format!("{base}/xrpc/app.bsky.feed.getPostThread"),
                &[("uri", post), ("depth", "100"), ("parentHeight", "80")],
            )
        } else if let Some(account) = settings::value(values, "account") {
            settings::with_query(
                &format!("{base}/xrpc/app.bsky.feed.getAuthorFeed"),
                &[("actor", account.trim_start_matches('@')), ("limit", "100")],
            )
        } else {
            let query = settings::need(values, "query", "the words to look for")?;
            let after = since.map(|s| s.to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
            let mut pairs = vec![("q", query), ("sort", "latest"), ("limit", "100")];
            pairs.extend(after.as_deref().map(|s| ("since", s)));
            settings::with_query(&format!("{base}/xrpc/app.bsky.feed.searchPosts"), &pairs)
        };
        let (Some(password), Some(handle)) = (password, handle) else {
            return Ok(run.request(url, Vec::new()));
        };
        run.after_session = Some(url);
        let body = serde_json::json!({ "identifier": handle.trim_start_matches('@'), "password": password });
        let mut request = run.request(format!("{base}/xrpc/com.atproto.server.createSession"), Vec::new());
        request.verb = Verb::Post;
        request.body = Some(body.to_string());
        Ok(request.header("content-type", "application/json"))
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_interface(response)?;
        let text = answer::text(response)?;
        if let Some(reading) = events(&text) {
            return Ok(reading);
        }
        let body = answer::parse(&text)?;
        if let Some(problem) = answer::said(&body) {
            return Err(problem);
        }
        let run = request.note.as_deref().and_then(|n| serde_json::from_str::<Run>(n).ok());
        let mut reading = Reading::default();
        if let Some(token) = body.string("accessJwt") {
            let next = run.and_then(|mut r| r.after_session.take().map(|url| (r, url)));
            let headers = vec![("authorization".to_owned(), format!("Bearer {token}"))];
            reading.follow.extend(next.map(|(run, url)| run.request(url, headers)));
            return Ok(reading);
        }
        read_body(&body, &mut reading)?;
        // What is asked for since the last run is only counted since then.
        reading.totals.count = reading.totals.count.filter(|_| !request.url.contains("since="));
        if let Some(run) = run {
            go_on(run, &body, request, &mut reading);
        }
        Ok(reading)
    }
}

/// Documents of the interface that hold no posts: accounts, feeds, lists, who liked, what was stored.
const OTHER: [&str; 15] = [
    "did",
    "feeds",
    "actors",
    "view",
    "likes",
    "repostedBy",
    "followers",
    "follows",
    "suggestions",
    "lists",
    "profiles",
    "cid",
    "cursor",
    "count",
    "preferences",
];

fn read_body(body: &Value, reading: &mut Reading) -> Result<(), SourceProblem> {
    if body.at("feed").is_some_and(Value::is_array) {
        // What an entry answers comes with it as context; it is not counted again.
        reading.mentions.extend(body.list("feed").iter().filter_map(|e| e.at("post")).filter_map(post));
    } else if let Some(Value::Array(flat)) = body.at("thread") {
        // The newer form of a thread is a list in reading order.
        reading.mentions.extend(flat.iter().filter_map(|one| one.at("value.post")).filter_map(post));
    } else if let Some(root) = body.at("thread") {
        thread(root, reading);
    } else if body.at("posts").is_some_and(Value::is_array) {
        // A skeleton holds addresses alone.
        reading.mentions.extend(body.list("posts").iter().filter_map(post));
        reading.totals.count = body.int("hitsTotal").and_then(|n| n.try_into().ok());
    } else if body.at("notifications").is_some_and(Value::is_array) {
        let told = body
            .list("notifications")
            .iter()
            .filter(|n| matches!(n.str("reason"), Some("mention" | "reply" | "quote")));
        reading.mentions.extend(told.filter_map(post));
    } else if body.at("records").is_some_and(Value::is_array) {
        reading.mentions.extend(body.list("records").iter().filter_map(post));
    } else if body.at("bookmarks").is_some_and(Value::is_array) {
        reading.mentions.extend(body.list("bookmarks").iter().filter_map(|b| b.at("item")).filter_map(post));
    } else if body.has("commit") && body.has("did") {
        reading.mentions.extend(of_event(body));
    } else if body.has("uri") && (body.has("record") || body.has("value")) {
        reading.mentions.extend(post(body));
    } else if let Value::Array(list) = body {
        reading.mentions.extend(list.iter().filter_map(post));
    } else if !answer::is_other(body, &OTHER) {
        return Err(answer::unsupported("This is no answer of Bluesky that holds posts."));
    }
    Ok(())
}

/// A thread: what is above from the root down, the post, then the answers in pre-order. Blocked and missing posts are passed over.
fn thread(focus: &Value, reading: &mut Reading) {
    let mut above = Vec::new();
    let mut parent = focus.at("parent");
    while let Some(p) = parent {
        above.extend(p.at("post").and_then(post));
        parent = p.at("parent");
    }
    reading.mentions.extend(above.into_iter().rev());
    let mut waiting = vec![focus];
    while let Some(item) = waiting.pop() {
        reading.mentions.extend(item.at("post").and_then(post));
        waiting.extend(item.list("replies").iter().rev());
    }
}

/// A post as views, records and notifications show it.
fn post(item: &Value) -> Option<Mention> {
    let uri = item.string("uri")?;
    let record = item.at("record").or_else(|| item.at("value"))?;
    if record.str("$type").is_some_and(|t| t != "app.bsky.feed.post") || !record.has("text") {
        return None;
    }
    let author = item.at("author").unwrap_or(&Value::Null);
    let did =
        author.string("did").or_else(|| uri.strip_prefix("at://")?.split('/').next().map(str::to_owned));
    let handle = author.string("handle").filter(|h| h != "handle.invalid");
    let mut mention = of_record(
        uri,
        record,
        Author {
            name: author.string("displayName"),
            url: handle.as_ref().map(|h| format!("https://bsky.app/profile/{h}")),
            handle,
            id: did,
            followers: author.int("followersCount").and_then(|n| n.try_into().ok()),
            ..Author::default()
        },
    );
    if item.has("likeCount") || item.has("replyCount") || item.has("repostCount") {
        mention.engagement = Some(Engagement {
            likes: item.int("likeCount"),
            replies: item.int("replyCount"),
            shares: item.int("repostCount"),
            views: None,
        });
    }
    if mention.published_at.is_none() {
        mention.published_at = item.str("indexedAt").and_then(dates::instant);
        mention.published_precision = mention.published_at.map(|_| Precision::Second);
    }
    Some(mention)
}

fn of_record(uri: String, record: &Value, author: Author) -> Mention {
    let published = record.str("createdAt").and_then(dates::instant);
    let langs = record.list("langs");
    let reply = record.at("reply");
    let key = uri.rsplit('/').next().unwrap_or_default();
    let who = author.handle.as_deref().or(author.id.as_deref());
    Mention {
        kind: Kind::Post,
        url: who.map(|w| format!("https://bsky.app/profile/{w}/post/{key}")),
        author,
        text: plain::tidy(record.str("text").unwrap_or("")),
        // Several declared languages say nothing about this text.
        language: if langs.len() == 1 { langs[0].string("") } else { None },
        published_at: published,
        published_precision: published.map(|_| Precision::Second),
        thread: reply.map(|r| Thread { id: r.string("root.uri"), parent_id: r.string("parent.uri") }),
        external_id: Some(uri),
        ..Mention::default()
    }
}

/// Jetstream: one event a line. Creations and changes of posts are mentions, deletions are mentions that are gone.
fn events(text: &str) -> Option<Reading> {
    let first: Value = serde_json::from_str(text.lines().next()?).ok()?;
    if !(first.has("did") && first.has("kind") && first.has("time_us")) {
        return None;
    }
    let mut reading = Reading::default();
    for (number, line) in text.lines().take(EVENTS).enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let Ok(event) = serde_json::from_str::<Value>(line) else {
            reading.warnings.push(Warning {
                warning: "This line is no event.".into(),
                at: format!("line {}", number + 1),
            });
            continue;
        };
        let Some(mention) = of_event(&event) else { continue };
        reading.cursor = event.id("time_us").or(reading.cursor);
        reading.mentions.push(mention);
    }
    Some(reading)
}

/// One event of Jetstream: a post, or one that is gone.
pub(super) fn of_event(event: &Value) -> Option<Mention> {
    if event.str("commit.collection") != Some("app.bsky.feed.post") {
        return None;
    }
    let (did, key) = (event.string("did")?, event.string("commit.rkey")?);
    let uri = format!("at://{did}/app.bsky.feed.post/{key}");
    Some(match event.at("commit.record") {
        Some(record) => of_record(uri, record, Author { id: Some(did), ..Author::default() }),
        None => Mention { external_id: Some(uri), kind: Kind::Post, deleted: true, ..Mention::default() },
    })
}

/// Adds the cursor and the next page.
fn go_on(mut run: Run, body: &Value, request: &Request, reading: &mut Reading) {
    let times = || reading.mentions.iter().filter_map(|m| m.published_at);
    let oldest = times().min();
    run.newest = times().chain(run.newest).max();
    reading.cursor = run.newest.map(|t| t.to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
    let known = run.since.is_some_and(|since| oldest.is_some_and(|o| o <= since));
    let paged = request.url.contains("searchPosts") || request.url.contains("getAuthorFeed");
    if reading.mentions.is_empty() || known || !paged || run.page >= PAGES {
        return;
    }
    // Logged out, a search refuses its own cursor; walking back by time gives the same pages.
    let by_time = !run.signed_in && request.url.contains("searchPosts");
    let next = if by_time {
        oldest.filter(|_| reading.mentions.len() >= 100).and_then(|o| {
            settings::set_parameter(
                &request.url,
                "until",
                &o.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            )
        })
    } else {
        body.str("cursor").and_then(|c| settings::set_parameter(&request.url, "cursor", c))
    };
    if let Some(url) = next {
        run.page += 1;
        reading.follow.push(run.request(url, request.headers.clone()));
    }
}
