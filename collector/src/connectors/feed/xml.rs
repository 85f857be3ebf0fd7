//! RSS 0.9 to 2.0, RDF and Atom, well-formed or not.

use goodword_shared::{
    Author, Kind, Mention, mention::Engagement, problem::SourceProblem, source::is_mail_address,
};
use url::Url;

use super::{
    super::{Reading, Warning, settings},
    absolute, one_line,
};
use crate::reading::{
    answer, dates, plain,
    tree::{Element, Tree},
};

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

/// The entries, and the address of the next page where the feed names one.
pub fn read(text: &str, base: Option<Url>) -> Result<(Reading, Option<String>), SourceProblem> {
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
    let stated = root
        .attribute("xml:base")
        .and_then(|b| absolute(&b, base.as_ref()))
        .and_then(|b| Url::parse(&b).ok());
    let base = stated.or(base);
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
    } else if !root.is_whole() {
        if reading.mentions.is_empty() {
            return Err(answer::malformed("The feed is cut off before its first entry."));
        }
        let warning = "The feed ends without its end mark; entries may be missing.".into();
        reading.warnings.push(Warning { warning, at: "end of the feed".into() });
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
    if !element.local().eq_ignore_ascii_case("link") || OTHERS.contains(&element.prefix()) {
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

/// Where an address that only leads on leads to: Google Alerts and searches carry the target in a parameter.
fn target(address: String) -> String {
    let Ok(url) = Url::parse(&address) else { return address };
    let google = url.host_str().is_some_and(|h| h.starts_with("www.google.") && url.path() == "/url");
    if google && let Some(to) = settings::parameter(&url, "url").or_else(|| settings::parameter(&url, "q")) {
        return to;
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
    // Atom 0.3 may pack what it holds.
    if element.attribute("mode").is_some_and(|mode| mode == "base64") {
        use base64::Engine as _;
        let packed: String = element.value().split_whitespace().collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(packed).unwrap_or_default();
        return plain::from_either(&String::from_utf8_lossy(&bytes));
    }
    let value = element.value();
    // Some say text and mean HTML; a tag tells. Some escape once too often.
    if value.contains("&lt;") && !plain::has_tags(&value) {
        let again = plain::entities(&value);
        if ["</p>", "</a>", "</div>", "</b>", "</li>", "<br"].iter().any(|tag| again.contains(tag)) {
            return plain::from_html(&again);
        }
    }
    plain::from_either(&value)
}

fn author(element: &Element<'_>) -> Author {
    let named = |e: &Element<'_>| {
        e.local().eq_ignore_ascii_case("creator") || e.local().eq_ignore_ascii_case("author")
    };
    let own = element.children().filter(|e| named(e) && !OTHERS.contains(&e.prefix()));
    let mut address = None;
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
        if author.name.is_some() {
            return author;
        }
        address = address.or(author.email.or(author.url));
    }
    // Where there is nothing but a mail address, it is what readers see as the name.
    match address {
        Some(mail) if is_mail_address(&mail) => {
            Author { name: Some(mail.clone()), email: Some(mail), ..Author::default() }
        }
        url => Author { url, ..Author::default() },
    }
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
        None if is_mail_address(text) => Author { email: some(text), ..Author::default() },
        None => Author { name: some(text), ..Author::default() },
    }
}
