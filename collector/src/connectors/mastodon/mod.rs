//! Mastodon and what speaks its interface: tag timelines, searches, mentions of an account, one account's posts, threads.

use goodword_shared::{
    Author, Kind, Mention, Time,
    access::Access,
    mention::{Engagement, Precision, Thread},
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Connector, Cursor, Reading, Warning, entry, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

mod streaming;

pub use streaming::Streaming;

const HOST: &str = "https://mastodon.social";
/// Pages of one run: 40 posts each.
const PAGES: u32 = 10;

/// Mastodon.
pub struct Mastodon;

/// Where a run stands: travels in the request's note.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Run {
    page: u32,
    /// The greatest id seen, in this run or before.
    newest: Option<String>,
    /// There was a run before: pages go towards the present (`prev`), otherwise into the past (`next`).
    later: bool,
    /// The answer is an account, whose posts come next.
    #[serde(default)]
    lookup: bool,
}

impl Connector for Mastodon {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "mastodon".into(),
            title: "Mastodon".into(),
            summary: "Posts on Mastodon and compatible servers: by hashtag, by search, by account, and those that mention you."
                .into(),
            route: Route::Api,
            legal_basis: "The server's public interface; what authors delete or hide there is dropped here.".into(),
            storage: StorageRule::FollowDeletion,
            pace_ms: 1_500,
            every_minutes: 15,
            robots: false,
            how_to: "For a hashtag, paste its address: most servers show hashtags to everybody. To search, or to read what \
                     mentions your account, open Preferences → Development → New application on your server, allow only \
                     “read”, and copy the access token. Or fill in the application's key and secret, register the redirect address \
                     shown below there, save, and connect the account."
                .into(),
            fields: vec![
                settings::default(
                    settings::field("base", "Server", "The server whose view of the network is read.", FieldType::Url),
                    HOST,
                ),
                settings::choice("mode", "Read", "What to read.", &[
                    ("tag", "A hashtag"),
                    ("search", "A search (needs a token)"),
                    ("mentions", "What mentions my account (needs a token)"),
                    ("account", "One account's posts"),
                ]),
                settings::example(
                    settings::field("term", "Hashtag, words or account", "Without # or @.", FieldType::Text),
                    "cornerstonebakery",
                ),
                settings::field("token", "Access token", "Only for searching, for mentions and for listening live.", FieldType::Secret),
                settings::field(
                    "live",
                    "Listen live",
                    "New posts within seconds, besides looking every quarter of an hour (needs a token).",
                    FieldType::Toggle,
                ),
                settings::field(
                    "stream",
                    "Stream address",
                    "Where your server streams, if not at its own address: “streaming” under /api/v2/instance.",
                    FieldType::Url,
                ),
            ]
            .into_iter()
            .chain(entry::app_fields("Client key", "Client secret", "Of the application, instead of a token."))
            .collect(),
            recognises: vec!["https://mastodon.social/tags/example".into(), "https://mastodon.social/@example".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        let parts = settings::parts(&url);
        let base = url.origin().ascii_serialization();
        let known = ["mastodon", "mstdn", "fosstodon", "hachyderm", "mas.to", "infosec.exchange", "social"]
            .iter()
            .any(|k| settings::host(&url).contains(k));
        match parts.as_slice() {
            ["tags", tag] | ["web", "tags", tag] => {
                let values = settings::values(&[("base", &base), ("mode", "tag"), ("term", tag)]);
                Some((if known { 0.95 } else { 0.6 }, values, format!("#{tag} on Mastodon")))
            }
            [account] | [account, ..] if account.starts_with('@') && account.len() > 1 => {
                let values =
                    settings::values(&[("base", &base), ("mode", "account"), ("term", &account[1..])]);
                // Other sites address people with @ as well.
                Some((if known { 0.9 } else { 0.35 }, values, format!("{account} on Mastodon")))
            }
            _ => None,
        }
    }

    fn access(&self, values: &Values) -> Option<Access> {
        entry::mastodon(values, HOST)
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let token = settings::value(values, "token");
        let mode = settings::value(values, "mode").unwrap_or("tag");
        let since = cursor.map(|c| c.trim()).filter(|c| !c.is_empty());
        let mut pairs = vec![("limit", "40")];
        let mut run =
            Run { page: 1, newest: since.map(str::to_owned), later: since.is_some(), lookup: false };
        let path = match mode {
            "search" => {
                settings::need_secret(values, "token", "Mastodon only searches for those who are signed in")?;
                pairs.insert(0, ("q", settings::need(values, "term", "the words to look for")?));
                pairs.push(("type", "statuses"));
                "/api/v2/search".to_owned()
            }
            "mentions" => {
                settings::need_secret(values, "token", "mentions are shown to the account itself only")?;
                pairs.push(("types[]", "mention"));
                "/api/v1/notifications".to_owned()
            }
            "account" => {
                pairs = vec![(
                    "acct",
                    settings::need(values, "term", "the account's name")?.trim_start_matches('@'),
                )];
                run.lookup = true;
                "/api/v1/accounts/lookup".to_owned()
            }
            _ => {
                let tag = settings::need(values, "term", "the hashtag")?.trim_start_matches('#');
                format!("/api/v1/timelines/tag/{}", settings::escape(tag))
            }
        };
        // Notifications have ids of their own, and searches have no such filter: they are read from the newest.
        if mode == "tag" {
            pairs.extend(since.map(|s| ("min_id", s)));
        } else {
            run.later = false;
        }
        let mut request = Request::get(settings::with_query(&format!("{base}{path}"), &pairs));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        request.note = serde_json::to_string(&run).ok();
        Ok(request)
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_interface(response)?;
        if let Some(reading) = streaming::transcript(&answer::text(response)?) {
            return Ok(reading);
        }
        let body = answer::json(response)?;
        let run = request.note.as_deref().and_then(|n| serde_json::from_str::<Run>(n).ok());
        let mut reading = Reading::default();
        match &body {
            Value::Array(list) => {
                for (i, item) in list.iter().enumerate() {
                    one(item, &mut reading, &format!("item {i}"))?;
                }
            }
            // The context of a post: what it answers, then what answers it.
            _ if body.has("ancestors") || body.has("descendants") => {
                let around = body.list("ancestors").iter().chain(body.list("descendants"));
                reading.mentions.extend(around.filter_map(status));
            }
            _ if body.at("statuses").is_some_and(Value::is_array) => {
                reading.mentions.extend(body.list("statuses").iter().filter_map(status));
            }
            // A search for accounts or tags, or the server's own description: understood, and nothing said.
            _ if body.has("accounts") || body.has("hashtags") || body.has("version") => {}
            _ if body.has("acct") && !body.has("content") => {
                if let Some(follow) = posts_of(&body, request, run.as_ref()) {
                    reading.follow.push(follow);
                }
                return Ok(reading);
            }
            _ => one(&body, &mut reading, "the answer")?,
        }
        if let Some(run) = run {
            go_on(run, request, response, &mut reading);
        }
        Ok(reading)
    }
}

/// Documents of a server that say nothing: relations, apps and their tokens, media, polls, lists, filters, drafts, counts.
const OTHER: [&str; 14] = [
    "following",
    "access_token",
    "client_id",
    "website",
    "meta",
    "options",
    "replies_policy",
    "keywords",
    "scheduled_at",
    "count",
    "last_read_id",
    "home",
    "action_taken",
    "detected_source_language",
];

/// Reads one element: a post, a notification about one, or a conversation with one.
fn one(item: &Value, reading: &mut Reading, at: &str) -> Result<(), SourceProblem> {
    if item.has("last_status") || (item.has("unread") && item.has("accounts")) {
        reading.mentions.extend(item.at("last_status").and_then(status));
    } else if item.has("type") && item.has("account") && !item.has("content") {
        // A notification. Follows have no post.
        reading.mentions.extend(item.at("status").and_then(status));
    } else if let Some(mention) = status(item) {
        reading.mentions.push(mention);
    } else if item.has("content") && item.has("account") && !item.has("id") {
        return Err(answer::unsupported("This is the history of a post's edits, not a list of posts."));
    } else if item.has("acct") || (item.has("name") && item.has("url")) || answer::is_other(item, &OTHER) {
        // An account, a hashtag, or another of the server's documents.
    } else {
        if at == "the answer" {
            return Err(answer::unsupported("This is no answer of a Mastodon server that holds posts."));
        }
        reading.warnings.push(Warning { warning: "This is no post.".into(), at: at.into() });
    }
    Ok(())
}

/// A post. A boost is the post that it boosts.
fn status(item: &Value) -> Option<Mention> {
    let item = item.at("reblog").filter(|r| r.has("id")).unwrap_or(item);
    let id = item.id("id")?;
    let account = item.at("account")?;
    // Some servers give none where there are only pictures.
    let content = item.as_object()?.get("content")?.as_str().unwrap_or("");
    let mut text = plain::from_html(content);
    // What stands above a folded post is the author's word as well.
    let warning = item.string("spoiler_text").map(|s| plain::from_html(&s));
    if text.is_empty() {
        text = warning.clone().unwrap_or_default();
    }
    let published = item.str("created_at").and_then(dates::parse);
    let parent = item.id("in_reply_to_id");
    Some(Mention {
        external_id: Some(id),
        kind: Kind::Post,
        url: item.string("url").or_else(|| item.string("uri")),
        author: Author {
            name: account.string("display_name"),
            handle: account.string("acct").or_else(|| account.string("username")),
            id: account.id("id"),
            url: account.string("url"),
            followers: account.int("followers_count").and_then(|n| n.try_into().ok()),
            ..Author::default()
        },
        title: warning.filter(|w| *w != text),
        text,
        language: item.string("language"),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|_| Precision::Second),
        edited_at: item.str("edited_at").and_then(dates::instant),
        thread: parent.map(|p| Thread { id: None, parent_id: Some(p) }),
        engagement: Some(Engagement {
            likes: item.int("favourites_count"),
            replies: item.int("replies_count"),
            shares: item.int("reblogs_count"),
            views: None,
        }),
        ..Mention::default()
    })
}

/// After an account's lookup: the request for its posts.
fn posts_of(account: &Value, request: &Request, run: Option<&Run>) -> Option<Request> {
    let run = run.filter(|r| r.lookup)?;
    let base = url::Url::parse(&request.url).ok()?.origin().ascii_serialization();
    let mut pairs = vec![("limit", "40"), ("exclude_reblogs", "true")];
    pairs.extend(run.newest.as_deref().map(|n| ("min_id", n)));
    let address = format!("{base}/api/v1/accounts/{}/statuses", account.id("id")?);
    let next = Run { page: 1, newest: run.newest.clone(), later: run.newest.is_some(), lookup: false };
    Some(Request {
        headers: request.headers.clone(),
        note: serde_json::to_string(&next).ok(),
        ..Request::get(settings::with_query(&address, &pairs))
    })
}

/// Adds the cursor and the next page, which the `Link` header names.
fn go_on(mut run: Run, request: &Request, response: &Response, reading: &mut Reading) {
    let ids = reading.mentions.iter().filter_map(|m| m.external_id.as_deref());
    // Ids are numbers that grow with time, too long for a machine word on some servers: the longer is the greater.
    let greatest = ids.max_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b))).map(str::to_owned);
    if let Some(id) = greatest {
        let older = run.newest.as_ref().is_some_and(|n| (n.len(), n.as_str()) >= (id.len(), id.as_str()));
        if !older {
            run.newest = Some(id);
        }
    }
    reading.cursor = run.newest.clone();
    let relation = if run.later { "prev" } else { "next" };
    let next = response.header("link").and_then(|h| linked(h, relation));
    if let Some(url) = next.filter(|_| !reading.mentions.is_empty() && run.page < PAGES) {
        run.page += 1;
        let note = serde_json::to_string(&run).ok();
        reading.follow.push(Request { headers: request.headers.clone(), note, ..Request::get(url) });
    }
}

/// The address with that relation in a `Link` header.
pub(super) fn linked(header: &str, relation: &str) -> Option<String> {
    header.split(',').find_map(|part| {
        let (address, rest) = part.trim().strip_prefix('<')?.split_once('>')?;
        rest.split(';')
            .any(|p| {
                p.trim().trim_matches('"') == format!("rel=\"{relation}")
                    || p.trim() == format!("rel={relation}")
            })
            .then(|| address.to_owned())
    })
}
