//! GitHub: issues, their comments, and discussions of a repository.

use goodword_shared::{
    Author, Kind, Mention, Time,
    access::{Access, Consent, Grant},
    mention::{Engagement, Thread},
    problem::{ProblemKind, SourceProblem},
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;

use super::{Connector, Cursor, Reading, entry, mastodon, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

const HOST: &str = "https://api.github.com";
const PAGES: u32 = 10;

/// GitHub.
pub struct GitHub;

impl Connector for GitHub {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "github".into(),
            title: "GitHub".into(),
            summary: "Issues of a repository and the comments on them.".into(),
            route: Route::Api,
            legal_basis: "GitHub's public interface.".into(),
            storage: StorageRule::FollowDeletion,
            pace_ms: 1_000,
            every_minutes: 30,
            robots: false,
            how_to: "Paste the repository's address. Without a token GitHub allows 60 requests an hour; a fine-grained token \
                     with read access to issues (Settings → Developer settings) allows 5,000. Or create an OAuth app there with “Enable \
                     Device Flow”, fill in its client id, save, and enter the code that Goodword shows."
                .into(),
            fields: vec![
                settings::example(
                    settings::required("repository", "Repository", "Owner and name.", FieldType::Text),
                    "example/loaf",
                ),
                settings::choice("what", "Read", "What to read.", &[("comments", "Comments"), ("issues", "Issues")]),
                settings::field("token", "Token", "Raises the limit.", FieldType::Secret),
            ]
            .into_iter()
            .chain(entry::app_fields("Client ID", "Client secret", "Of an OAuth app of yours, instead of a token."))
            .chain([settings::base_field(HOST)])
            .collect(),
            recognises: vec!["https://github.com/example/loaf".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        if settings::host(&url) != "github.com" {
            return None;
        }
        match settings::parts(&url).as_slice() {
            [owner, name, rest @ ..] => {
                let repository = format!("{owner}/{name}");
                let what = if rest.first() == Some(&"issues") { "issues" } else { "comments" };
                Some((
                    0.95,
                    settings::values(&[("repository", &repository), ("what", what)]),
                    format!("{repository} on GitHub"),
                ))
            }
            _ => None,
        }
    }

    fn access(&self, values: &Values) -> Option<Access> {
        let at = |path: &str| entry::beside(values, HOST, &format!("https://github.com{path}"), path);
        let consent = Consent {
            authorise_url: at("/login/oauth/authorize"),
            device_url: Some(at("/login/device/code")),
            pkce: true,
            ..Consent::default()
        };
        entry::by_app(values).then(|| {
            entry::access("github", "GitHub", Grant::Consent(consent), at("/login/oauth/access_token"))
        })
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let repository = settings::need(values, "repository", "owner and name, such as example/loaf")?;
        let (owner, name) = repository
            .split_once('/')
            .ok_or_else(|| answer::unsupported("A repository is written owner/name."))?;
        let repository = format!("{}/{}", settings::escape(owner), settings::escape(name));
        let mut pairs = vec![("sort", "updated"), ("direction", "desc"), ("per_page", "100")];
        pairs.extend(cursor.map(|c| ("since", c.as_str())));
        let edge = match settings::value(values, "what") {
            Some("issues") => {
                pairs.push(("state", "all"));
                "issues"
            }
            _ => "issues/comments",
        };
        let url = settings::with_query(&format!("{base}/repos/{repository}/{edge}"), &pairs);
        let request =
            Request { note: Some(format!("1 {}", cursor.map_or("", String::as_str))), ..Request::get(url) };
        let request = request.header("accept", "application/vnd.github+json");
        Ok(match settings::value(values, "token") {
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
        answer::check_status(response, answer::From::Api).map_err(|p| {
            // GitHub says 403 where it means too often.
            let text = answer::text(response).unwrap_or_default();
            let often = text.contains("rate limit") || text.contains("abuse detection");
            if often { SourceProblem { problem: ProblemKind::RateLimited, ..p } } else { p }
        })?;
        let body = answer::parse(&answer::text(response)?)?;
        if body.str("message").is_some_and(|m| m.contains("abuse detection") || m.contains("rate limit"))
            && !body.has("id")
        {
            return Err(answer::problem(ProblemKind::RateLimited, "GitHub asks for a pause."));
        }
        let mut reading = Reading::default();
        if let Value::Array(list) = &body {
            reading.mentions.extend(list.iter().filter_map(item));
        } else if let Some(found) = graph(&body) {
            found.into_iter().for_each(|node| discussion(node, &mut reading));
        } else if body.at("items").is_some_and(Value::is_array) {
            reading.mentions.extend(body.list("items").iter().filter_map(item));
        } else if body.has("body") || body.has("number") {
            reading.mentions.extend(item(&body));
        } else if let Some(problem) = answer::said(&body) {
            return Err(problem);
        } else if !answer::is_other(&body, &OTHER) {
            return Err(answer::unsupported("This answer of GitHub holds no issues or comments."));
        }
        let mut note = request.note.as_deref().unwrap_or("").split(' ');
        if let Some(page) = note.next().and_then(|n| n.parse::<u32>().ok()) {
            let before = note.next().filter(|s| !s.is_empty()).map(str::to_owned);
            let newest = body.list("").iter().filter_map(|i| i.string("updated_at")).max();
            // RFC 3339 in UTC sorts as text.
            reading.cursor = newest.into_iter().chain(before).max();
            let next = response.header("link").and_then(|h| mastodon::linked(h, "next"));
            if let Some(url) = next.filter(|_| page < PAGES) {
                let note = Some(format!("{} {}", page + 1, reading.cursor.as_deref().unwrap_or("")));
                reading.follow.push(Request { headers: request.headers.clone(), note, ..Request::get(url) });
            }
        }
        Ok(reading)
    }
}

/// Documents of the interface that say nothing: repositories, people, commits, files, limits.
const OTHER: [&str; 11] = [
    "full_name",
    "resources",
    "users",
    "login",
    "data",
    "id",
    "node_id",
    "sha",
    "url",
    "total_count",
    "name",
];

/// An issue, a comment, or an event of a timeline (of which only comments say something).
fn item(item: &Value) -> Option<Mention> {
    if item.str("event").is_some_and(|e| !matches!(e, "commented" | "reviewed")) {
        return None;
    }
    // Whoever left GitHub has no account any more; what they wrote is still there.
    // Releases, milestones and projects have a title or words as well, and no such person.
    if !item.as_object().is_some_and(|map| ["user", "actor"].iter().any(|name| map.contains_key(*name))) {
        return None;
    }
    let user = item.at("user").or_else(|| item.at("actor"));
    let issue = item.has("number") || item.has("title");
    if !(issue || item.at("body").is_some()) || (user.is_none() && !item.has("html_url")) {
        return None;
    }
    let published = item.str("created_at").or_else(|| item.str("submitted_at")).and_then(dates::parse);
    let edited = item.str("updated_at").and_then(dates::instant);
    let thread = item
        .str("issue_url")
        .or_else(|| item.str("pull_request_url"))
        .and_then(|u| u.rsplit('/').next())
        .map(str::to_owned);
    Some(Mention {
        external_id: Some(item.id("id")?),
        kind: if issue { Kind::Post } else { Kind::Comment },
        url: item.string("html_url"),
        author: user.map(person).unwrap_or_default(),
        title: item.string("title"),
        text: plain::tidy(item.str("body").or_else(|| item.str("body_text")).unwrap_or("")),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        // An issue is touched by every comment; only a comment's own change is an edit.
        edited_at: edited.filter(|e| !issue && published.is_some_and(|p| p.0 < *e)),
        thread: thread.map(|id| Thread { id: Some(id), parent_id: None }),
        engagement: reactions(item),
        ..Mention::default()
    })
}

fn person(user: &Value) -> Author {
    Author {
        handle: user.string("login"),
        id: user.id("id").or_else(|| user.id("databaseId")),
        url: user.string("html_url").or_else(|| user.string("url").filter(|u| !u.contains("api."))),
        ..Author::default()
    }
}

fn reactions(item: &Value) -> Option<Engagement> {
    let likes = item.int("reactions.+1").or_else(|| item.int("reactions.totalCount"));
    let replies = item.int("comments").or_else(|| item.int("comments.totalCount"));
    (likes.is_some() || replies.is_some()).then_some(Engagement { likes, replies, ..Engagement::default() })
}

/// Issues, pull requests and discussions in an answer of the GraphQL interface.
fn graph(body: &Value) -> Option<Vec<&Value>> {
    const ONE: [&str; 4] = ["node", "repository.discussion", "repository.issue", "repository.pullRequest"];
    const MANY: [&str; 4] =
        ["search", "repository.discussions", "repository.issues", "repository.pullRequests"];
    let data = body.at("data")?;
    let one = ONE.iter().find_map(|path| data.at(path)).map(|node| vec![node]);
    one.or_else(|| {
        let path = MANY.iter().find(|path| data.has(path))?;
        Some(nodes(data, path).collect())
    })
}

/// What a connection of the GraphQL interface leads to, whichever of the two ways was asked for.
fn nodes<'v>(value: &'v Value, path: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    let there = value.at(path).unwrap_or(&Value::Null);
    let edges = there.list("edges").iter().filter_map(|edge| edge.at("node"));
    there.list("nodes").iter().chain(edges)
}

/// A discussion or an issue of the GraphQL interface with what stands under it.
fn discussion(node: &Value, reading: &mut Reading) {
    let id = node.id("id");
    reading.mentions.extend(graph_node(node, None));
    let answer = node.at("answer").and_then(|a| graph_node(a, id.clone()));
    let answered = answer.as_ref().and_then(|a| a.external_id.clone());
    reading.mentions.extend(answer);
    for comment in nodes(node, "comments").filter(|c| c.has("body") || c.has("bodyText")) {
        let mention = graph_node(comment, id.clone());
        let parent = mention.as_ref().and_then(|m| m.external_id.clone());
        reading.mentions.extend(mention.filter(|m| answered.is_none() || m.external_id != answered));
        for reply in nodes(comment, "replies") {
            let mention = graph_node(reply, id.clone()).map(|mut mention| {
                mention.thread = Some(Thread { id: id.clone(), parent_id: parent.clone() });
                mention
            });
            reading.mentions.extend(mention);
        }
    }
}

fn graph_node(node: &Value, thread: Option<String>) -> Option<Mention> {
    let published = node.str("createdAt").and_then(dates::parse);
    let text = node.str("body").or_else(|| node.str("bodyText"));
    if text.is_none() && !node.has("title") {
        return None;
    }
    Some(Mention {
        external_id: Some(node.id("id")?),
        kind: if thread.is_some() { Kind::Comment } else { Kind::Post },
        url: node.string("url"),
        author: node.at("author").map(person).unwrap_or_default(),
        title: node.string("title"),
        text: plain::tidy(text.unwrap_or("")),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        edited_at: node.str("lastEditedAt").and_then(dates::instant),
        thread: thread.map(|id| Thread { id: Some(id), parent_id: None }),
        engagement: reactions(node),
        ..Mention::default()
    })
}
