//! Reddit's public feeds, for those without an app.

use goodword_shared::{Author, Kind, Mention, problem::SourceProblem};

use super::SITE;
use crate::{
    connectors::{Reading, Warning},
    reading::{
        answer, dates, plain,
        tree::{Element, Tree},
    },
};

/// Reddit's own RSS and Atom: what was written stands between two marks, the rest of the entry is boilerplate.
pub(super) fn read(text: &str) -> Result<Reading, SourceProblem> {
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
            reading.warnings.push(Warning { warning, at: format!("entry {}", reading.mentions.len() + 1) });
        }
    }
    if !root.is_whole() && reading.mentions.is_empty() {
        return Err(answer::malformed("The feed is cut off inside its first entry."));
    }
    if !root.is_whole() && reading.warnings.is_empty() {
        let warning = "The feed ends without its end mark; entries may be missing.".into();
        reading.warnings.push(Warning { warning, at: "end of the feed".into() });
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
