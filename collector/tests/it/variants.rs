//! Shapes that platforms' documents allow and people's pages have, beyond the fixtures: what is written in another way, left out,
//! deleted, or nearly broken. Bodies of our own, through the public surface.

use goodword::{
    connectors::{self, Reading},
    wire::{Request, Response},
};
use goodword_shared::{
    Kind, Mention, Time,
    problem::{ProblemKind, SourceProblem},
};
use serde_json::json;

pub fn at(text: &str) -> Time {
    text.parse().expect("a time")
}

pub fn ask(slug: &str, status: u16, body: impl Into<Vec<u8>>) -> Result<Reading, SourceProblem> {
    let connector = connectors::by_slug(slug).expect("a connector");
    let response = Response { status, body: body.into(), ..Response::default() };
    connector.read(&Request::get("https://loaf.example/reviews"), &response, Some(at("2026-03-05T00:00:00Z")))
}

pub fn read(slug: &str, body: impl Into<Vec<u8>>) -> Vec<Mention> {
    ask(slug, 200, body).unwrap_or_else(|p| panic!("{slug}: {p}")).mentions
}

pub fn refused(slug: &str, status: u16, body: &str) -> ProblemKind {
    ask(slug, status, body).err().unwrap_or_else(|| panic!("{slug}: {body}")).problem
}

pub fn script(data: &str) -> String {
    format!("<!doctype html><html><head><script type=\"application/ld+json\">{data}</script></head></html>")
}

pub fn stars(mention: &Mention) -> Option<(f64, f64)> {
    mention.rating.map(|r| (r.value, r.best))
}

#[test]
fn data_for_machines_is_read_as_its_authors_meant_it() {
    // Commas forgotten, values left out, another language's words, single quotation marks.
    let broken = script(
        "{'@type':'Product',\"name\":\"Rye\",\"sku\":undefined,\"review\":[{\"@type\":\"Review\",\"author\":\"Ada\",\
         \"reviewBody\":\"It's \"so\" good\" \"datePublished\":\"2024-01-02\",\"reviewRating\":{\"ratingValue\":NaN}} \
         {\"@type\":\"Review\",\"author\":[\"Bo\",\"Cy\"],\"reviewBody\":\"Dry\",\"reviewRating\":{\"ratingValue\":2,\"worstRating\":,}},]}",
    );
    let found = read("schema_org", broken);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].text, "It's \"so\" good");
    assert_eq!(found[0].published_at, Some(at("2024-01-02T00:00:00Z")));
    assert_eq!((stars(&found[1]), found[1].author.name.as_deref()), (Some((2.0, 5.0)), Some("Bo")));

    // Cut off inside the second review: the first is whole.
    let cut = "<script type=\"application/ld+json\">{\"@type\":\"Product\",\"name\":\"Rye\",\"review\":[{\"@type\":\"Review\",\
               \"author\":\"Ada\",\"reviewBody\":\"Good\"},{\"@type\":\"Review\",\"author\":\"Bo\",\"reviewBody\":\"I was abo";
    let reading = ask("schema_org", 200, cut).expect("a reading");
    assert_eq!((reading.mentions.len(), reading.warnings.len()), (1, 1));

    // A plus sign as an entity; the same review in two blocks; seconds since 1970; ten of ten.
    let review = "{\"@type\":\"Review\",\"author\":{\"givenName\":\"Ada\",\"familyName\":\"Rye\"},\"reviewRating\":\"9 out of 10\",\
                  \"reviewBody\":\"Good\",\"datePublished\":\"1714557600\",\"itemReviewed\":\"Cafe\",\"url\":\"#r7\"}";
    let block = format!("<script type=\"application/ld&#x2B;json\">{review}</script>");
    let found = read("schema_org", format!("<html>{block}{block}</html>"));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].author.name.as_deref(), stars(&found[0])), (Some("Ada Rye"), Some((9.0, 10.0))));
    assert_eq!(found[0].published_at, Some(at("2024-05-01T10:00:00Z")));
    assert_eq!(found[0].url.as_deref(), Some("https://loaf.example/reviews#r7"));
}

#[test]
fn markup_whose_values_stand_in_titles_or_in_bare_items() {
    let page = r##"<div itemscope itemtype="http://schema.org/LocalBusiness"><h1 itemprop="name">Loaf</h1>
        <div itemprop="review" itemscope itemtype="http://schema.org/Review">
        <span itemprop="author" itemscope itemtype="http://schema.org/Person">John Crust</span>
        <div itemprop="reviewRating" itemscope itemtype="http://schema.org/Rating" title="4 of 5"><i class="star"></i></div>
        <span itemprop="datePublished" title="3/14/2012">some days ago</span><p itemprop="reviewBody">First.</p>
        <p itemprop="reviewBody">Second.</p><a itemprop="url" href="/r/1">link</a></div>
        <div itemprop="review" itemscope itemtype="http://schema.org/Review"><meta itemprop="author" content="">
        <b itemprop="author">Mia</b><i itemprop="reviewRating">3 out of 5</i><i itemprop="datePublished">3/05/2012</i>
        <div itemprop="description">Ok&nbsp;bread<br>and butter</div></div></div>"##;
    let found = read("schema_org", page);
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].author.name.as_deref(), stars(&found[0])), (Some("John Crust"), Some((4.0, 5.0))));
    assert_eq!(found[0].text, "First.\n\nSecond.");
    assert_eq!(found[0].url.as_deref(), Some("https://loaf.example/r/1"));
    // The first date leaves no doubt that the month comes first, also in the second.
    assert_eq!(found[1].published_at, Some(at("2012-03-05T00:00:00Z")));
    assert_eq!((found[1].author.name.as_deref(), stars(&found[1])), (Some("Mia"), Some((3.0, 5.0))));
}

#[test]
fn feeds_that_escape_twice_pack_their_words_or_name_only_an_address() {
    let rss = "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><link>http://s.example/</link><item>\
        <title>A &amp;amp; B</title><link>/a</link><author>ed@s.example</author><dc:creator>Ed Baker</dc:creator>\
        <description>&amp;lt;p&amp;gt;Hello&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;World&amp;lt;/p&amp;gt;</description>\
        <pubDate>Thu, 5 Jun 2014 10:00 EST</pubDate></item><item><title>C</title><author>only@s.example</author></item></channel></rss>";
    let found = read("feed", rss);
    assert_eq!((found[0].title.as_deref(), found[0].text.as_str()), (Some("A & B"), "Hello\n\nWorld"));
    assert_eq!(found[0].url.as_deref(), Some("http://s.example/a"));
    assert_eq!(found[0].author.name.as_deref(), Some("Ed Baker"));
    assert_eq!(found[0].published_at, Some(at("2014-06-05T15:00:00Z")));
    assert_eq!(found[1].author.email.as_deref(), Some("only@s.example"));

    let old = "<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\"><entry><title mode=\"escaped\">a &lt;i&gt;b&lt;/i&gt;</title>\
        <content type=\"text/html\" mode=\"base64\">PHA+SGVsbG88L3A+</content></entry></feed>";
    let found = read("feed", old);
    assert_eq!((found[0].title.as_deref(), found[0].text.as_str()), (Some("a b"), "Hello"));

    let feed = json!({"version": "https://jsonfeed.org/version/1.1", "items": [
        {"id": 1, "content_html": "<p>a</p><p>b</p>", "authors": [{}, {"name": "Quill"}]},
        {"id": "2", "external_url": "https://o.example", "content_text": "plain\ntext", "title": null, "author": {"name": "Vera"}},
    ]});
    let found = read("feed", feed.to_string());
    assert_eq!(found.iter().filter_map(|m| m.author.name.as_deref()).collect::<Vec<_>>(), ["Quill", "Vera"]);
}

#[test]
fn what_is_left_of_those_who_went() {
    let issue = json!([{"id": 1, "number": 2, "title": "Crumbs", "user": null, "body": null,
        "html_url": "https://github.com/o/r/issues/2", "created_at": "2024-01-01T00:00:00Z"}]);
    assert_eq!(read("github", issue.to_string())[0].title.as_deref(), Some("Crumbs"));
    let hearts = json!([{"id": 1, "user": {"login": "a", "id": 1}, "content": "heart", "created_at": "2024-01-01T00:00:00Z"}]);
    assert!(read("github", hearts.to_string()).is_empty());

    let comment = |body: &str| {
        json!({"kind": "Listing", "data": {"children": [{"kind": "t1", "data":
            {"name": "t1_a", "body": body, "author": "x", "link_id": "t3_b", "created_utc": 1.5e9}}]}})
    };
    for (body, gone) in [
        ("[ Removed by moderator ]", true),
        ("[deleted]", true),
        ("[deleted scenes] rule", false),
        ("[removed me]", false),
    ] {
        assert_eq!(read("reddit", comment(body).to_string())[0].deleted, gone, "{body}");
    }
}

#[test]
fn other_interfaces_of_the_same_platforms() {
    let graph = json!({"data": {"repository": {"issues": {"nodes": [{"id": "I1", "title": "t", "body": "b", "author": null,
        "comments": {"nodes": [{"id": "C1", "body": "c", "author": {"login": "z"}, "replies": {"nodes": [{"id": "R1", "body": "r"}]}}]}}]}}}});
    let found = read("github", graph.to_string());
    assert_eq!(found.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["b", "c", "r"]);
    assert_eq!(found[2].thread.as_ref().and_then(|t| t.parent_id.as_deref()), Some("C1"));

    let older = json!({"onResponseReceivedEndpoints": [{"reloadContinuationItemsCommand": {"continuationItems": [{"commentThreadRenderer":
        {"comment": {"commentRenderer": {"authorText": {"simpleText": "@ab"}, "contentText": {"runs": [{"text": "Nice "}, {"text": "loaf"}]},
        "publishedTimeText": {"runs": [{"text": "2 years ago (edited)"}]}, "commentId": "Ugx", "voteCount": {"simpleText": "1.2K"},
        "replyCount": 3}}}}]}}]});
    let found = read("youtube", older.to_string());
    assert_eq!((found[0].text.as_str(), found[0].author.handle.as_deref()), ("Nice loaf", Some("ab")));
    assert_eq!(found[0].engagement.and_then(|e| e.likes), Some(1_200));

    let shown = json!({"data": [{"id": "1", "type": "user-reviews", "attributes": {"rating": 2, "title": "T", "review": "R",
        "userName": "U", "date": "2020-01-01T00:00:00Z", "developerResponse": {"body": "B", "modified": "2020-01-02T00:00:00Z"}}}]});
    let found = read("app_store", shown.to_string());
    assert_eq!(
        (stars(&found[0]), found[0].reply.as_ref().map(|r| r.text.as_str())),
        (Some((2.0, 5.0)), Some("B"))
    );

    let goods = json!({"productReviews": [{"id": "p1", "stars": 4, "content": "Good", "product": {"id": "1", "name": "Mug"}}]});
    let found = read("trustpilot", goods.to_string());
    assert_eq!(
        (found[0].text.as_str(), found[0].subject.as_ref().and_then(|s| s.name.as_deref())),
        ("Good", Some("Mug"))
    );

    let legacy = json!({"product_reviews": [{"id": "3", "created_at": "2015-01-20T19:45:16Z", "review": "Ok", "rating": "3",
        "reviewer_name": "Cy", "reviewer_email": "c@x.example"}]});
    let found = read("woocommerce", legacy.to_string());
    assert_eq!((found[0].author.name.as_deref(), stars(&found[0])), (Some("Cy"), Some((3.0, 5.0))));

    let feed = json!({"reviews": [{"id": "i", "comment": {"text": "A &amp; B<br>C", "language": "en"}, "rating": 4,
        "localizedDate": "9/25/2019", "user": {"markupDisplayName": "Jo K."}}]});
    let found = read("yelp", feed.to_string());
    assert_eq!((found[0].text.as_str(), found[0].author.name.as_deref()), ("A & B\nC", Some("Jo K.")));
    let graph = json!([{"data": {"business": {"name": "Loaf", "reviews": {"edges": [{"node": {"encid": "r", "rating": 3,
        "text": {"full": "Fine", "language": "en"}, "author": {"displayName": "Z"}}}]}}}}]);
    assert_eq!(
        read("yelp", graph.to_string())[0].subject.as_ref().and_then(|s| s.name.as_deref()),
        Some("Loaf")
    );

    let places = json!({"places": [{"id": "ChIJ1", "displayName": {"text": "Loaf"}, "reviews": [{"name": "places/ChIJ1/reviews/r1",
        "rating": 5, "text": {"text": "Good"}, "originalText": {"text": "Gut", "languageCode": "de"}, "publishTime": "2023-01-01T00:00:00Z"}]}]});
    assert_eq!(read("google_places", places.to_string())[0].text, "Gut");

    let bubbles = "<h1 id=HEADING>Inn</h1><div class=review-container data-reviewid=11><div class=reviewSelector id=review_11 data-reviewid=11>\
        <div class=info_text><div>anna_b</div><div>Rome</div></div><span class=\"ui_bubble_rating bubble_40\"></span>\
        <span class=ratingDate title=\"5 March 2017\">3 days ago</span><div class=quote><a href=/r11.html>Lovely</a></div>\
        <div class=entry><p>Nice rooms</p></div></div></div>";
    let found = read("tripadvisor", bubbles);
    assert_eq!(
        (found.len(), stars(&found[0]), found[0].author.name.as_deref()),
        (1, Some((4.0, 5.0)), Some("anna_b"))
    );

    let post = json!({"uri": "at://did:plc:a/app.bsky.feed.post/3k", "author": {"did": "did:plc:a", "handle": "a.example"},
        "record": {"text": "Hi", "createdAt": "2024-01-02T03:04:05Z"}});
    let flat = json!({"thread": [{"uri": post["uri"], "depth": 0, "value": {"post": post}}]});
    assert_eq!(read("bluesky", flat.to_string())[0].text, "Hi");

    let lines =
        "{\"data\":{\"id\":\"1\",\"text\":\"one\"}}\r\n\r\n{\"data\":{\"id\":\"2\",\"text\":\"two\"}}\n";
    assert_eq!(read("x", lines).len(), 2);
    let one = json!({"update_id": 2, "channel_post": {"message_id": 6, "date": 1_500_000_001, "text": "Fresh",
        "chat": {"id": -1, "type": "channel", "title": "Loaf"}}});
    let found = read("telegram", one.to_string());
    assert_eq!((found[0].author.name.as_deref(), found[0].kind), (Some("Loaf"), Kind::Post));
}

#[test]
fn a_vague_status_is_explained_by_the_body() {
    use ProblemKind::{Auth, NotFound};
    for (slug, status, body, kind) in [
        ("mastodon", 422, "{\"error\":\"This method requires an authenticated user\"}", Auth),
        ("bluesky", 400, "{\"error\":\"ExpiredToken\",\"message\":\"Token has expired\"}", Auth),
        ("bluesky", 400, "{\"error\":\"InvalidRequest\",\"message\":\"Profile not found\"}", NotFound),
        ("x", 400, "{\"errors\":[{\"code\":215,\"message\":\"Bad Authentication data.\"}]}", Auth),
        (
            "telegram",
            400,
            "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: chat not found\"}",
            NotFound,
        ),
        ("youtube", 400, "{\"error\":{\"code\":400,\"message\":\"API key not valid.\"}}", Auth),
        (
            "discourse",
            200,
            "{\"errors\":[\"You need to be logged in to do that.\"],\"error_type\":\"not_logged_in\"}",
            Auth,
        ),
    ] {
        assert_eq!(refused(slug, status, body), kind, "{slug}: {body}");
    }
}

#[test]
fn more_pages_that_stand_in_the_way() {
    for page in [
        "<html><script>window.KPSDK={};KPSDK.now=1;</script><script src=\"/1/ips.js\"></script></html>",
        "<html><title>Making sure you&#39;re not a bot!</title><body><p>Loading...</p></html>",
        "<html><title>Site Verification</title><body>This website is using a security service to protect itself.</html>",
        "<html><script>window.location.href=\"https://www.example.com/authwall?x\"</script></html>",
        "<html><title>yelp.example</title><p id=cmsg>Please enable JS and disable any ad blocker</p></html>",
        "<html><title>Вы не робот?</title><body>Подтвердите, что запросы отправляли вы, а не робот</html>",
    ] {
        assert_eq!(refused("schema_org", 200, page), ProblemKind::Blocked, "{page}");
    }
}

#[test]
fn figures_and_months_of_other_scripts() {
    let dated = |date: &str| {
        let review = json!({"@type": "Review", "author": "Ada", "reviewBody": "Good", "datePublished": date});
        read("schema_org", script(&review.to_string()))[0].published_at
    };
    for date in
        ["٥ مايو ٢٠٢٣", "5 мая 2023", "2023年５月５日", "5. mája 2023", "5 มิถุนายน 2023", "5. svibnja 2023"]
    {
        let month = if date.contains("มิ") { "2023-06-05T00:00:00Z" } else { "2023-05-05T00:00:00Z" };
        assert_eq!(dated(date), Some(at(month)), "{date}");
    }
}

#[test]
fn archives_without_empty_lines_between_their_mails() {
    let mbox = "From a at x.example  Fri Jun  5 10:00:00 2009\nFrom: a at x.example (Al)\nDate: Fri, 5 Jun 2009 10:00:00 +0200\n\nOne\n\
        From b at x.example  Sat Jun  6 10:00:00 2009\nFrom: b at x.example (Bo)\nDate: Sat, 06 Jun 2009 10:00:00 GMT\n\nTwo\n\
        From here: it is only text\n";
    let found = read("mail", mbox);
    assert_eq!(
        found.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(),
        ["One", "Two\nFrom here: it is only text"]
    );
}

#[test]
fn what_stands_under_questions_is_asked_for_also_later() {
    let connector = connectors::by_slug("stack_exchange").expect("a connector");
    let settings = [("tag", "loaf"), ("key", "k")].map(|(n, v)| (n.to_owned(), v.to_owned())).into();
    let run = |cursor: Option<&String>, ids: &[u32]| {
        let items: Vec<_> = ids
            .iter()
            .map(|id| json!({"question_id": id, "title": "T", "creation_date": 1_700_000_000 + id}))
            .collect();
        let body = json!({"items": items, "has_more": false}).to_string();
        let request = connector.start(&settings, cursor).expect("a request");
        let response = Response { status: 200, body: body.into_bytes(), ..Response::default() };
        (request.url.clone(), connector.read(&request, &response, None).expect("a reading"))
    };
    let (_, first) = run(None, &[7, 5]);
    let asked: Vec<&str> = first.follow.iter().map(|r| r.url.split('?').next().unwrap_or_default()).collect();
    let base = "https://api.stackexchange.com/2.3/questions";
    assert_eq!(asked, [format!("{base}/7;5/answers"), format!("{base}/7;5/comments")]);
    assert!(first.follow[0].url.contains("filter=withbody") && first.follow[0].url.contains("key=k"));
    assert!(first.also.is_empty());
    let (address, second) = run(first.cursor.as_ref(), &[9, 7]);
    assert!(
        address.contains("fromdate=1700000007&") || address.ends_with("fromdate=1700000007"),
        "{address}"
    );
    assert!(second.follow[0].url.contains("/questions/9/answers"), "7 is known");
    assert!(
        second.also[0].url.contains("/questions/7;5/answers")
            && second.also[0].url.contains("fromdate=1700000007")
    );
    assert_eq!(second.cursor.as_deref(), Some("1700000009 9;7;5"));
}
