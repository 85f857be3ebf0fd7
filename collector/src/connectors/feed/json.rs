//! JSON Feed 1.0 and 1.1.

use goodword_shared::{Author, Kind, Mention, Time, mention::Precision, problem::SourceProblem};
use serde_json::Value;
use url::Url;

use super::{
    super::{Reading, Warning},
    absolute, one_line,
};
use crate::reading::{answer, dates, json::Pick, plain};

/// The entries, and the address of the next page where the feed names one.
pub fn read(text: &str, base: Option<Url>) -> Result<(Reading, Option<String>), SourceProblem> {
    let body = answer::parse(text)?;
    let is_feed = body.str("version").is_some_and(|v| v.contains("jsonfeed"));
    if !(body.at("items").is_some_and(Value::is_array) || (is_feed && !body.has("items"))) {
        return Err(
            answer::said(&body).unwrap_or_else(|| answer::unsupported("This is JSON, but not a JSON feed."))
        );
    }
    if !(is_feed || body.has("home_page_url") || body.has("title")) {
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
        // Version 1.1 has a list, which some fill with empty objects; version 1.0 has one, which 1.1 still allows.
        let named = |a: &&Value| a.has("name") || a.has("url") || a.is_string();
        let author = item.list("authors").iter().find(named).or_else(|| item.at("author").filter(named));
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
