//! Reviews on pages as their authors marked them up: parts that stand elsewhere on the page, names written in full, stars drawn
//! instead of counted, dates of other calendars. Pages of our own, through the public surface.

use goodword_shared::problem::ProblemKind;
use serde_json::json;

use crate::variants::{ask, at, read, script, stars};

fn subject(mention: &goodword_shared::Mention) -> Option<&str> {
    mention.subject.as_ref()?.name.as_deref()
}

#[test]
fn what_an_item_refers_to_elsewhere_on_the_page_belongs_to_it() {
    let reviews_below = r#"<div itemscope itemtype="http://schema.org/Product" itemref="one two"><h1 itemprop="name">Rye</h1></div>
        <div id="one"><div itemprop="review" itemscope itemtype="http://schema.org/Review"><b itemprop="author">Ada</b>
        <p itemprop="reviewBody">Good</p></div></div>
        <div id="two" itemprop="review" itemscope itemtype="http://schema.org/Review"><b itemprop="author">Bo</b>
        <p itemprop="reviewBody">Dry</p></div>"#;
    let found = read("schema_org", reviews_below);
    assert_eq!(found.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["Good", "Dry"]);
    assert_eq!(found.iter().map(subject).collect::<Vec<_>>(), [Some("Rye"), Some("Rye")]);

    let parts_around = r#"<span id="thing" itemprop="itemReviewed" itemscope itemtype="http://schema.org/Product"><i itemprop="name">Rye</i></span>
        <div itemscope itemtype="http://schema.org/Review" itemref="thing stars who"><p itemprop="reviewBody">Good</p></div>
        <div id="stars"><span itemprop="reviewRating" itemscope><b itemprop="ratingValue">4</b></span></div><i id="who" itemprop="author">Ada</i>"#;
    let found = read("schema_org", parts_around);
    assert_eq!((found.len(), subject(&found[0]), stars(&found[0])), (1, Some("Rye"), Some((4.0, 5.0))));
    assert_eq!(found[0].author.name.as_deref(), Some("Ada"));

    // In a circle, or to nothing.
    let circle = r#"<div id="x" itemscope itemtype="http://schema.org/Review" itemref="x y nowhere"><b itemprop="author">Ada</b><p itemprop="reviewBody">Good</p></div>
        <div id="y" itemscope itemtype="http://schema.org/Thing" itemref="x y"></div>"#;
    assert_eq!(read("schema_org", circle).len(), 1);

    // Two that refer to each other, and an element that refers without being an item: read where they stand.
    let each_other = r#"<div id="x" itemscope itemtype="http://schema.org/Review" itemref="y"><b itemprop="author">Ada</b><p itemprop="reviewBody">Good</p></div>
        <i id="y" itemscope itemtype="http://schema.org/Thing" itemref="x"></i>"#;
    assert_eq!(read("schema_org", each_other).len(), 1);
    let no_item = r#"<p itemref="x">-</p><div id="x" itemscope itemtype="http://schema.org/Review"><b itemprop="author">Ada</b><p itemprop="reviewBody">Good</p></div>"#;
    assert_eq!(read("schema_org", no_item).len(), 1);
}

#[test]
fn what_is_referred_to_over_and_over_is_not_read_over_and_over() {
    let items = "<p itemscope></p>".repeat(5_000);
    let one = "<i itemscope itemref=\"x\"></i>".repeat(500);
    let page = format!(
        "<html itemscope itemtype=\"http://schema.org/Review\"><div id=\"x\"><b itemprop=\"name\">Rye</b>{items}</div>{one}</html>"
    );
    assert!(ask("schema_org", 200, page).is_err_and(|p| p.problem == ProblemKind::Malformed));
    // The same place named twice is one.
    let twice = r#"<div itemscope itemtype="http://schema.org/Product" itemref="one one"><h1 itemprop="name">Rye</h1></div>
        <div id="one" itemprop="review" itemscope itemtype="http://schema.org/Review"><b itemprop="author">Ada</b><p itemprop="reviewBody">Good</p></div>"#;
    assert_eq!(read("schema_org", twice).len(), 1);
}

#[test]
fn names_written_in_full_and_scales_of_the_review_itself() {
    let long = json!([{"@type": ["http://schema.org/Review"], "http://schema.org/author": [{"http://schema.org/name": [{"@value": "Ada"}]}],
        "http://schema.org/reviewBody": [{"@value": "Good"}],
        "http://schema.org/reviewRating": [{"http://schema.org/ratingValue": [{"@value": 4}]}]}]);
    let prefixed = json!({"@type": "schema:Review", "schema:author": {"schema:name": "Ada"}, "schema:reviewBody": "Good",
        "schema:reviewRating": {"schema:ratingValue": 4}});
    for block in [long, prefixed] {
        let found = read("schema_org", script(&block.to_string()));
        assert_eq!(
            (found[0].author.name.as_deref(), found[0].text.as_str(), stars(&found[0])),
            (Some("Ada"), "Good", Some((4.0, 5.0)))
        );
    }
    let rated = |rating: serde_json::Value| {
        let review =
            json!({"@type": "Review", "author": "Ada", "reviewBody": "Good", "reviewRating": rating});
        stars(&read("schema_org", script(&review.to_string()))[0])
    };
    assert_eq!(rated(json!({"ratingValue": "★★★★☆"})), Some((4.0, 5.0)));
    assert_eq!(rated(json!({"ratingValue": "4.5 ★★★★☆"})), Some((4.5, 5.0)));
    assert_eq!(rated(json!({"ratingValue": "٣/٥ ★★★★★"})), Some((3.0, 5.0)));
    assert_eq!(
        rated(json!([{"reviewAspect": "Crumb", "ratingValue": 2}, {"ratingValue": 4}])),
        Some((4.0, 5.0))
    );

    let bare = r#"<div itemscope itemtype="http://schema.org/Review"><b itemprop="author">Ada</b><p itemprop="reviewBody">Good</p>
        <meta itemprop="ratingValue" content="4"><meta itemprop="bestRating" content="10"></div>"#;
    assert_eq!(stars(&read("schema_org", bare)[0]), Some((4.0, 10.0)));
    let marked = "<SCRIPT TYPE=\"application/LD+JSON\">\u{feff}{\"@type\":\"Review\",\"author\":\"Ada\",\"reviewBody\":\"Good\"}</SCRIPT>";
    assert_eq!(read("schema_org", marked).len(), 1);
}

#[test]
fn class_names_with_relative_links_and_dates() {
    let page = r#"<div class="hreview"><a rel="bookmark" class="permalink" href="/r/1">x</a><span class="reviewer">Ada</span>
        <span class="rating">★★★★☆</span><span class="dtreviewed">3 days ago</span><div class="description">Good</div></div>
        <div class="h-review"><a class="p-item h-product" href="/p"><span class="p-name">Rye</span></a><h2 class="p-name">Best crust</h2>
        <a class="p-author h-card" href="/ada">Ada</a><data class="p-rating" value="4">****</data><div class="e-content">Fine</div></div>"#;
    let found = read("schema_org", page);
    assert_eq!(found[0].url.as_deref(), Some("https://loaf.example/r/1"));
    assert_eq!(
        (stars(&found[0]), found[0].published_at),
        (Some((4.0, 5.0)), Some(at("2026-03-02T00:00:00Z")))
    );
    assert_eq!((found[1].title.as_deref(), subject(&found[1])), (Some("Best crust"), Some("Rye")));
}

#[test]
fn dates_of_other_habits() {
    let dated = |date: &str| {
        let review = json!({"@type": "Review", "author": "Ada", "reviewBody": "Good", "datePublished": date});
        read("schema_org", script(&review.to_string()))[0].published_at
    };
    for date in [
        "2024. 5. 1.",
        "2024. 05. 01",
        "令和6年5月1日",
        "ngày 1 tháng 5 năm 2024",
        "1 tháng 5, 2024",
        "1 พฤษภาคม 2567",
        "2024-05-01+02:00",
        "Dated: 2024-05-01",
        "on 2024-05-01",
        "2567-05-01",
        "2024-05-01-0530",
    ] {
        assert_eq!(dated(date), Some(at("2024-05-01T00:00:00Z")), "{date}");
    }
    for (date, instant) in [
        ("13/5/2567", "2024-05-13T00:00:00Z"),
        ("28 août 2024 à 14h30", "2024-08-28T14:30:00Z"),
        ("13/05/2024 10:00:00 p. m.", "2024-05-13T22:00:00Z"),
        ("13/05/2024 12:15 a.m.", "2024-05-13T00:15:00Z"),
        ("Tue, 05 Jun 2018 10:00:00 NZST", "2018-06-04T22:00:00Z"),
    ] {
        assert_eq!(dated(date), Some(at(instant)), "{date}");
    }
    for date in ["2024-05-01-x", "令和2147483647年5月1日"] {
        assert_eq!(dated(date), None, "{date}");
    }
}

#[test]
fn feeds_in_capitals_and_with_prefixes() {
    let loud = "<RSS VERSION=\"2.0\"><CHANNEL><ITEM><TITLE>A</TITLE><LINK>https://s.example/a</LINK></ITEM></CHANNEL></RSS>";
    assert_eq!(read("feed", loud)[0].url.as_deref(), Some("https://s.example/a"));
    let prefixed = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>i</id><title>A</title><content type=\"xhtml\">\
        <xh:div xmlns:xh=\"http://www.w3.org/1999/xhtml\"><xh:p>One</xh:p><xh:p>Two</xh:p></xh:div></content></entry></feed>";
    assert_eq!(read("feed", prefixed)[0].text, "One\n\nTwo");
    assert!(read("feed", "{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"x\"}").is_empty());
}
