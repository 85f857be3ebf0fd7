//! hReview and h-review: reviews marked up by class names, the oldest of the ways.

use goodword_shared::{Author, Kind, Mention, Rating, mention::Subject};

use super::{
    super::{Reading, Totals},
    graph::Place,
};
use crate::reading::{
    numbers,
    tree::{Element, Tree},
};

/// How many overall ratings are looked at for the page's total.
const AGGREGATES: u32 = 20;

/// Adds the reviews and totals that class names mark, where no other syntax gave any.
pub fn read(tree: &Tree<'_>, place: &Place, reading: &mut Reading) {
    let had = !reading.mentions.is_empty();
    let (mut last_end, mut aggregates) = (0, 0);
    for element in tree.elements() {
        if element.index() < last_end || !element.attributes().as_str().contains("review") {
            continue;
        }
        if element.has_class("hreview-aggregate") || element.has_class("h-review-aggregate") {
            // The first few say it if any does; thousands inside each other would be read over and over.
            if reading.totals == Totals::default() && aggregates < AGGREGATES {
                aggregates += 1;
                reading.totals = totals(&element);
            }
        } else if !had && (element.has_class("hreview") || element.has_class("h-review")) {
            // Reviews do not stand inside reviews: also keeps nested soup linear.
            last_end = element.end();
            reading.mentions.extend(review(&element, place));
        }
    }
}

/// The value of an element in the microformats way: `value-title`, title of an `abbr`, `datetime`, else its text.
fn value(element: &Element<'_>) -> String {
    if let Some(titled) = element.by_class("value-title")
        && let Some(title) = titled.attribute("title")
    {
        return title.trim().to_owned();
    }
    let attribute = match () {
        () if element.is("abbr") => element.attribute("title"),
        () if element.is("time") => element.attribute("datetime").or_else(|| element.attribute("title")),
        () if element.is("data") || element.is("input") => element.attribute("value"),
        () if element.is("img") => element.attribute("alt"),
        () if element.is("meta") => element.attribute("content"),
        () => None,
    };
    attribute.map_or_else(|| element.text(), |a| a.trim().to_owned())
}

fn part<'t>(element: &Element<'t>, classes: &[&str]) -> Option<Element<'t>> {
    classes.iter().find_map(|c| element.by_class(c))
}

fn said(element: &Element<'_>, classes: &[&str]) -> Option<String> {
    part(element, classes).map(|e| value(&e)).filter(|v| !v.is_empty())
}

fn totals(element: &Element<'_>) -> Totals {
    let rating = part(element, &["rating", "p-rating"]).unwrap_or(*element);
    let average = said(&rating, &["average", "p-average", "value"]).and_then(|v| numbers::decimal(&v));
    let best = said(element, &["best", "p-best"]).and_then(|v| numbers::decimal(&v));
    let count = said(element, &["count", "p-count", "votes", "p-votes"]).and_then(|v| numbers::whole(&v));
    Totals { count: count.and_then(|c| c.try_into().ok()), average, best: best.or(average.map(|_| 5.0)) }
}

fn rating(element: &Element<'_>) -> Option<Rating> {
    let found = part(element, &["rating", "p-rating"])?;
    let text = said(&found, &["value", "average"]).unwrap_or_else(|| value(&found));
    let (number, within) = numbers::of_scale(&text)?;
    let stated = |classes: &[&str]| said(element, classes).and_then(|v| numbers::decimal(&v));
    let best = stated(&["best", "p-best"]).or(within).unwrap_or(if number > 5.0 { 10.0 } else { 5.0 });
    let worst = stated(&["worst", "p-worst"]).unwrap_or(1.0);
    (number >= worst && number <= best).then_some(Rating { value: number, best, worst: Some(worst) })
}

fn review(element: &Element<'_>, place: &Place) -> Option<Mention> {
    let reviewer = part(element, &["reviewer", "p-reviewer", "p-author"]);
    let name = reviewer.map(|r| part(&r, &["fn", "p-name"]).map_or_else(|| value(&r), |n| value(&n)));
    let profile = reviewer.and_then(|r| if r.is("a") { Some(r) } else { r.find(|e| e.is("a")) });
    let item = part(element, &["item", "p-item"]);
    let text = part(element, &["description", "e-content", "e-description", "p-description", "p-content"])
        .map(|e| e.text())
        .unwrap_or_default();
    let published =
        said(element, &["dtreviewed", "dt-reviewed", "dt-published"]).and_then(|d| place.date(&d));
    let permalink = element.find(|e| {
        e.is("a")
            && (e.has_class("permalink")
                || e.has_class("u-url")
                || e.attribute("rel").is_some_and(|r| r.contains("bookmark")))
    });
    // The thing reviewed has a name of its own.
    let name_of_review = |e: &Element<'_>| {
        e.has_class("p-name")
            && item.is_none_or(|i| !(i.index()..i.end()).contains(&e.index()))
            && reviewer.is_none_or(|r| !(r.index()..r.end()).contains(&e.index()))
    };
    let title = part(element, &["summary"]).or_else(|| element.find(name_of_review)).map(|t| value(&t));
    let rating = rating(element);
    if text.is_empty() && rating.is_none() {
        return None;
    }
    let linked =
        |e: Option<Element<'_>>| e.and_then(|e| e.attribute("href")).and_then(|h| place.absolute(h.trim()));
    let named = item
        .map(|i| part(&i, &["fn", "p-name"]).map_or_else(|| value(&i), |n| value(&n)))
        .filter(|n| !n.is_empty());
    Some(Mention {
        kind: Kind::Review,
        url: linked(permalink),
        author: Author { name: name.filter(|n| !n.is_empty()), url: linked(profile), ..Author::default() },
        rating,
        title: title.filter(|t| !t.is_empty() && *t != text),
        text,
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        subject: named.map(|name| Subject { name: Some(name), ..Subject::default() }),
        ..Mention::default()
    })
}
