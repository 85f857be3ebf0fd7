//! The properties that reviews need as microdata and RDFa name them, and what an element says as the value of one. It knows no
//! items.

use serde_json::Value;

use crate::reading::{dates, tree::Element};

/// Properties whose value is an address rather than the words of a link.
const ADDRESSES: [&str; 7] = ["url", "sameas", "image", "mainentityofpage", "logo", "thumbnailurl", "photo"];

/// Properties that are dates: pages put the exact one into `datetime` or `title` of whatever element.
const DATES: [&str; 3] = ["datePublished", "dateCreated", "dateModified"];

/// The property's name in schema.org's words and letters, if it is one that reviews need.
pub fn known(name: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 40] = [
        ("review", "review"),
        ("reviews", "review"),
        ("hasreview", "review"),
        ("author", "author"),
        ("reviewer", "author"),
        ("creator", "author"),
        ("reviewbody", "reviewBody"),
        ("description", "description"),
        ("summary", "name"),
        ("name", "name"),
        ("headline", "headline"),
        ("text", "text"),
        ("commenttext", "text"),
        ("datepublished", "datePublished"),
        ("datecreated", "dateCreated"),
        ("publishdate", "datePublished"),
        ("dtreviewed", "datePublished"),
        ("datemodified", "dateModified"),
        ("reviewrating", "reviewRating"),
        ("rating", "reviewRating"),
        ("ratingvalue", "ratingValue"),
        ("value", "ratingValue"),
        ("average", "ratingValue"),
        ("bestrating", "bestRating"),
        ("best", "bestRating"),
        ("worstrating", "worstRating"),
        ("worst", "worstRating"),
        ("aggregaterating", "aggregateRating"),
        ("reviewcount", "reviewCount"),
        ("ratingcount", "ratingCount"),
        ("votes", "ratingCount"),
        ("count", "reviewCount"),
        ("itemreviewed", "itemReviewed"),
        ("about", "about"),
        ("url", "url"),
        ("inlanguage", "inLanguage"),
        ("givenname", "givenName"),
        ("familyname", "familyName"),
        ("identifier", "identifier"),
        ("sku", "sku"),
    ];
    let local = name.rsplit(['/', ':', '#']).next().unwrap_or(name);
    NAMES.iter().find(|(n, _)| n.eq_ignore_ascii_case(local)).map(|(_, k)| *k)
}

/// What an element says as the value of a property.
pub fn value_of(element: &Element<'_>, name: &str) -> Value {
    if let Some(content) = element.attribute("content").filter(|c| !c.trim().is_empty()) {
        return content.trim().into();
    }
    let attribute = match () {
        () if element.is("time") => element.attribute("datetime"),
        () if DATES.contains(&name) && element.attribute("datetime").is_some() => {
            element.attribute("datetime")
        }
        () if element.is("data") || element.is("meter") => element.attribute("value"),
        () if element.is("img") => element.attribute("alt").filter(|_| name != "url"),
        () if element.is("abbr") => element.attribute("title"),
        () if element.is("link") => element.attribute("href"),
        () if ADDRESSES.contains(&name) => element.attribute("href").or_else(|| element.attribute("src")),
        () => None,
    };
    if let Some(value) = attribute.filter(|value| !value.trim().is_empty()) {
        return value.trim().into();
    }
    let text = element.text();
    // "3 days ago", with the day in the title.
    if DATES.contains(&name)
        && dates::parse(&text).is_none()
        && let Some(title) = element.attribute("title").filter(|t| dates::parse(t).is_some())
    {
        return title.trim().into();
    }
    // Old pages put the value into a title and draw stars.
    let shown = if text.is_empty() { element.attribute("title").map(|t| t.trim().to_owned()) } else { None };
    let text = shown.unwrap_or(text);
    match element.attribute("href").filter(|_| name == "author" && element.is("a")) {
        Some(href) => serde_json::json!({ "name": text, "url": href.trim() }),
        None => text.into(),
    }
}
