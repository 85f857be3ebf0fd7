//! RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, JSON Feed: any of them, also broken, packed or in the wrong character set.
//! It reads what is there instead of asking for well-formed XML: see docs/decisions/ on why no feed library is used.

use goodword_shared::{
    Author, Kind, Mention, Time,
    mention::{Engagement, Precision},
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::{Connector, Cursor, Reading, Warning, settings};
use crate::{
    reading::{
        answer, dates,
        json::Pick,
        plain,
        tree::{Element, Tree},
    },
    wire::{Request, Response},
};

/// Pages of one run, for the few feeds that have pages.
const PAGES: u32 = 10;

/// Any feed.
pub struct Feed;

/// Where a run stands: travels in the request's note.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Run {
    page: u32,
    since: Option<Time>,
    newest: Option<Time>,
}

impl Connector for Feed {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "feed".into(),
            title: "Feed".into(),
            summary: "Articles and posts from any RSS, Atom or JSON feed, Google Alerts among them.".into(),
            route: Route::Feed,
            legal_basis: "Feeds are published to be read by programs.".into(),
            storage: StorageRule::Keep,
            pace_ms: 1_000,
            every_minutes: 60,
            robots: false,
            how_to: "Paste the feed's address. News sites and blogs link it as “RSS”; at Google Alerts choose “Deliver to: \
                     RSS feed” for an alert and copy the address of its feed symbol."
                .into(),
            fields: vec![
                settings::example(
                    settings::required("url", "Address", "The feed's own address, not the site's.", FieldType::Url),
                    "https://www.example.com/feed",
                ),
                settings::field("user", "User name", "Only where the feed asks for one.", FieldType::Text),
                settings::field("password", "Password", "Only where the feed asks for one.", FieldType::Secret),
            ],
            recognises: vec![
                "https://www.example.com/feed".into(),
                "https://www.example.com/rss.xml".into(),
                "https://www.google.com/alerts/feeds/…".into(),
            ],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let text = text.trim().strip_prefix("feed:").map_or(text.trim(), |t| t.trim_start_matches("//"));
        let url = settings::pasted(text)?;
        let whole = url.as_str().to_ascii_lowercase();
        let path = url.path().to_ascii_lowercase();
        let sure = if whole.contains("/alerts/feeds/") {
            0.98
        } else if [".rss", ".atom", ".rdf", "/feed.json", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml"]
            .iter()
            .any(|e| path.ends_with(e))
        {
            0.9
        } else if path.split('/').any(|p| matches!(p, "feed" | "feeds" | "rss" | "atom"))
            || whole.contains("feed=rss")
            || whole.contains("format=rss")
        {
            0.85
        } else if path.ends_with(".xml") {
            0.6
        } else {
            0.15
        };
        let name = settings::host(&url).to_owned();
        Some((sure, settings::values(&[("url", url.as_str())]), name))
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let text = settings::need(values, "url", "the feed's address")?;
        let url = settings::pasted(text).ok_or_else(|| {
            answer::unsupported(format!("“{text}” is no web address: it should begin with https://."))
        })?;
        let since = cursor.and_then(|c| dates::instant(c));
        let run = Run { page: 1, since, newest: since };
        let mut request = Request { note: serde_json::to_string(&run).ok(), ..Request::get(url) };
        if let Some(user) = settings::value(values, "user") {
            use base64::Engine as _;
            let pair = format!("{user}:{}", settings::value(values, "password").unwrap_or(""));
            let coded = base64::engine::general_purpose::STANDARD.encode(pair);
            request = request.header("authorization", format!("Basic {coded}"));
        }
        Ok(request)
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let text = answer::page(response)?;
        let start = text.trim_start_matches('\u{feff}').trim_start();
        let base = [&response.url, &request.url].into_iter().find_map(|u| Url::parse(u).ok());
        let (mut reading, next) =
            if start.starts_with(['{', '[']) { json(start, base)? } else { xml(&text, base)? };
        if let Some(mut run) = request.note.as_deref().and_then(|n| serde_json::from_str::<Run>(n).ok()) {
            let times = || reading.mentions.iter().filter_map(|m| m.published_at);
            let oldest = times().min();
            run.newest = times().chain(run.newest).max();
            reading.cursor = run.newest.map(|t| t.to_rfc3339());
            let known = run.since.is_some_and(|since| oldest.is_some_and(|o| o <= since));
            if let Some(next) = next.filter(|n| *n != request.url && !known && run.page < PAGES) {
                run.page += 1;
                let note = serde_json::to_string(&run).ok();
                reading.follow.push(Request { headers: request.headers.clone(), note, ..Request::get(next) });
            }
        }
        Ok(reading)
    }
}

/// Namespaces whose elements are named like those of a feed and mean something else.
const OTHERS: [&str; 10] = [
    "media",
    "itunes",
    "googleplay",
    "podcast",
    "feedburner",
    "georss",
    "yt",
    "trackback",
    "geo",
    "rawvoice",
];

fn is_item(element: &Element<'_>) -> bool {
    matches!(element.local(), "item" | "entry" | "Item" | "ITEM") && !OTHERS.contains(&element.prefix())
}

fn xml(text: &str, base: Option<Url>) -> Result<(Reading, Option<String>), SourceProblem> {
    let tree = Tree::xml(text).map_err(|e| answer::malformed(e.to_string()))?;
    let root = tree
        .elements()
        .find(|e| ["rss", "RDF", "feed", "channel"].iter().any(|name| e.local().eq_ignore_ascii_case(name)));
    let Some(root) = root else {
        answer::refuse_block_page(text)?;
        return Err(match text.trim() {
            "" => answer::malformed("The answer is empty."),
            _ if answer::looks_like_html(text) => answer::unsupported(
                "This is a page, not a feed: look for the address of its RSS or Atom feed.",
            ),
            _ => answer::malformed("This is neither RSS, nor Atom, nor a JSON feed."),
        });
    };
    let channel = root.find(|e| e.local() == "channel").unwrap_or(root);
    let home = channel.children().find_map(|e| link_of(&e, &["alternate"]));
    let base =
        home.and_then(|h| base.as_ref().map_or_else(|| Url::parse(&h).ok(), |b| b.join(&h).ok())).or(base);
    let comments = channel.children().find(|e| e.is("title")).is_some_and(|t| is_comment_feed(&t.value()));
    let mut reading = Reading::default();
    let mut cut = None;
    for (i, element) in tree.elements().filter(is_item).enumerate() {
        if !element.is_whole() && element.end() >= root.end() && !root.is_whole() {
            cut = Some(i + 1);
            continue;
        }
        if let Some(mut mention) = item(&element, base.as_ref()) {
            if comments || mention.url.as_deref().is_some_and(|u| u.contains("#comment-")) {
                mention.kind = Kind::Comment;
            }
            reading.mentions.push(mention);
        }
    }
    if let Some(number) = cut {
        if reading.mentions.is_empty() {
            return Err(answer::malformed("The feed is cut off inside its first entry."));
        }
        let warning = "The feed is cut off: this entry and what follows could not be read.".into();
        reading.warnings.push(Warning { warning, at: format!("entry {number}") });
    } else if !root.is_whole() && reading.mentions.is_empty() {
        return Err(answer::malformed("The feed is cut off before its first entry."));
    }
    let next = channel.children().find_map(|e| link_of(&e, &["next"]));
    Ok((reading, next.map(|n| absolute(&n, base.as_ref()).unwrap_or(n))))
}

fn is_comment_feed(title: &str) -> bool {
    let title = title.trim().to_lowercase();
    ["comments on", "comments for", "kommentare zu", "commentaires sur", "comentarios en", "commenti per"]
        .iter()
        .any(|start| title.starts_with(start))
}

/// The address that a `link` element gives with one of these relations (a plain RSS link counts as `alternate`).
fn link_of(element: &Element<'_>, relations: &[&str]) -> Option<String> {
    if element.local() != "link" || OTHERS.contains(&element.prefix()) {
        return None;
    }
    let relation = element.attribute("rel").unwrap_or("alternate".into());
    if !relations.contains(&relation.as_ref()) {
        return None;
    }
    let address = match element.attribute("href") {
        Some(href) => href.into_owned(),
        None => element.value(),
    };
    let address = address.trim();
    (!address.is_empty()).then(|| address.to_owned())
}

fn absolute(address: &str, base: Option<&Url>) -> Option<String> {
    if let Ok(url) = Url::parse(address) {
        return matches!(url.scheme(), "http" | "https").then(|| address.to_owned());
    }
    base?.join(address).ok().map(String::from)
}

/// Where an address that only leads on leads to: Google Alerts and searches carry the target in a parameter.
fn target(address: String) -> String {
    let Ok(url) = Url::parse(&address) else { return address };
    let google = url.host_str().is_some_and(|h| h.starts_with("www.google.") && url.path() == "/url");
    if google {
        if let Some(to) = settings::parameter(&url, "url").or_else(|| settings::parameter(&url, "q")) {
            return to;
        }
    }
    address
}

fn item(element: &Element<'_>, base: Option<&Url>) -> Option<Mention> {
    let child = |names: &[&str]| {
        names.iter().find_map(|name| {
            element.children().find(|e| e.local().eq_ignore_ascii_case(name) && !OTHERS.contains(&e.prefix()))
        })
    };
    let own_base =
        element.attribute("xml:base").and_then(|b| absolute(&b, base)).and_then(|b| Url::parse(&b).ok());
    let base = own_base.as_ref().or(base);

    let guid = child(&["guid", "id"]);
    let permalink =
        guid.filter(|g| g.local() == "guid" && g.attribute("isPermaLink").is_none_or(|p| p != "false"));
    let guid = guid.map(|g| g.value().trim().to_owned()).filter(|g| !g.is_empty());
    let original =
        element.children().find(|e| e.is("feedburner:origLink")).map(|e| e.value().trim().to_owned());
    let links = || element.children();
    let link = original
        .or_else(|| links().find_map(|e| link_of(&e, &["alternate"])))
        .or_else(|| permalink.map(|g| g.value().trim().to_owned()).filter(|g| g.starts_with("http")))
        .or_else(|| links().find_map(|e| link_of(&e, &["self", "related", "via"])))
        .and_then(|l| absolute(&l, base))
        .map(target);
    let about = element.attribute("rdf:about").map(|a| a.into_owned());

    let title = child(&["title"]).map(|t| one_line(&words(&t))).filter(|t| !t.is_empty());
    // An empty full text is no reason to leave out the summary.
    let text = ["encoded", "content", "description", "summary", "tagline", "abstract"]
        .iter()
        .filter_map(|name| child(&[name]))
        .map(|e| words(&e))
        .find(|t| !t.is_empty())
        .unwrap_or_default();
    if title.is_none() && text.is_empty() && link.is_none() && guid.is_none() {
        return None;
    }
    let dated = |names: &[&str]| {
        element
            .children()
            .filter(|e| {
                names.iter().any(|n| e.local().eq_ignore_ascii_case(n)) && !OTHERS.contains(&e.prefix())
            })
            .find_map(|e| dates::parse(&e.value()))
    };
    let published = dated(&["pubDate", "published", "issued"])
        .or_else(|| dated(&["date", "created"]))
        .or_else(|| dated(&["updated", "modified", "lastBuildDate"]));
    let edited = dated(&["updated", "modified"]).map(|d| d.0).filter(|e| published.is_some_and(|p| *e > p.0));
    let replies = element.children().find(|e| matches!(e.name(), "slash:comments" | "thr:total"));
    let replies = replies.and_then(|e| e.value().trim().parse().ok());
    Some(Mention {
        external_id: guid.or(about),
        kind: Kind::Article,
        url: link,
        author: author(element),
        title,
        text,
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        edited_at: edited,
        engagement: replies.map(|n| Engagement { replies: Some(n), ..Engagement::default() }),
        ..Mention::default()
    })
}

/// What an element says in plain words, whatever way it is escaped.
fn words(element: &Element<'_>) -> String {
    let kind = element.attribute("type").unwrap_or_default();
    if kind == "xhtml" || kind == "application/xhtml+xml" {
        return element.text();
    }
    if kind == "text" || kind == "text/plain" {
        // Some say text and mean HTML; a tag tells.
        return plain::from_either(&element.value());
    }
    plain::from_either(&element.value())
}

/// Titles are one line, and are often escaped once too often.
fn one_line(text: &str) -> String {
    let again = if text.contains('&') { plain::from_either(text) } else { text.to_owned() };
    again.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn author(element: &Element<'_>) -> Author {
    let named = |e: &Element<'_>| {
        e.local().eq_ignore_ascii_case("creator") || e.local().eq_ignore_ascii_case("author")
    };
    let own = element.children().filter(|e| named(e) && !OTHERS.contains(&e.prefix()));
    // A podcast often names its speaker nowhere else.
    for found in own.chain(element.children().filter(|e| e.is("itunes:author"))) {
        let inside = |names: &[&str]| {
            let part = found.children().find(|e| names.iter().any(|n| e.local().eq_ignore_ascii_case(n)))?;
            Some(plain::from_either(&part.value())).filter(|v| !v.is_empty())
        };
        let author = if found.has_elements() {
            Author {
                name: inside(&["name"]),
                url: inside(&["uri", "url"]),
                email: inside(&["email"]),
                ..Author::default()
            }
        } else {
            person(&plain::from_either(&found.value()))
        };
        if author != Author::default() {
            return author;
        }
    }
    Author::default()
}

/// "mail@example.com (Name)", "Name <mail@example.com>", or a name alone.
fn person(text: &str) -> Author {
    let text = text.trim();
    let split = if let Some((mail, name)) = text.split_once('(').filter(|(m, _)| m.contains('@')) {
        Some((mail.trim(), name.trim_end_matches(')').trim()))
    } else {
        text.split_once('<')
            .filter(|(_, m)| m.contains('@'))
            .map(|(n, m)| (m.trim_end_matches('>').trim(), n.trim()))
    };
    let some = |s: &str| (!s.is_empty()).then(|| s.to_owned());
    match split {
        Some((mail, name)) => Author { name: some(name), email: some(mail), ..Author::default() },
        None => Author { name: some(text), ..Author::default() },
    }
}

fn json(text: &str, base: Option<Url>) -> Result<(Reading, Option<String>), SourceProblem> {
    let body = answer::parse(text)?;
    if !body.at("items").is_some_and(Value::is_array) {
        return Err(
            answer::said(&body).unwrap_or_else(|| answer::unsupported("This is JSON, but not a JSON feed."))
        );
    }
    if !(body.str("version").is_some_and(|v| v.contains("jsonfeed"))
        || body.has("home_page_url")
        || body.has("title"))
    {
        return Err(answer::unsupported("This is JSON, but not a JSON feed."));
    }
    let mut reading = Reading::default();
    for (i, item) in body.list("items").iter().enumerate() {
        if !item.is_object() {
            let warning = "This is no entry of a JSON feed.".into();
            reading.warnings.push(Warning { warning, at: format!("items {i}") });
            continue;
        }
        let published = item.str("date_published").and_then(dates::parse);
        let changed = item.str("date_modified").and_then(dates::parse);
        let first = published.or(changed);
        let text = match (item.str("content_html"), item.str("content_text")) {
            (Some(html), _) => plain::from_html(html),
            (None, Some(text)) => plain::tidy(text),
            (None, None) => plain::from_either(item.str("summary").unwrap_or("")),
        };
        let author = item.at("authors.0").or_else(|| item.at("author"));
        reading.mentions.push(Mention {
            external_id: item.id("id"),
            kind: Kind::Article,
            url: item
                .str("url")
                .or_else(|| item.str("external_url"))
                .and_then(|u| absolute(u, base.as_ref())),
            author: author.map_or_else(Author::default, |a| Author {
                name: a.string("name").or_else(|| a.string("")),
                url: a.string("url"),
                ..Author::default()
            }),
            title: item.str("title").map(|t| one_line(&plain::from_either(t))).filter(|t| !t.is_empty()),
            text,
            published_at: first.map(|d| d.0),
            published_precision: first.map(|d: (Time, Precision)| d.1),
            edited_at: changed.map(|d| d.0).filter(|c| first.is_some_and(|f| *c > f.0)),
            ..Mention::default()
        });
    }
    Ok((reading, body.string("next_url")))
}
