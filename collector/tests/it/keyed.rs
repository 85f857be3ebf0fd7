//! Connectors that read with the owner's own keys: where keys are placed, how pages are walked, what is asked after.

use std::path::Path;

use goodword::{
    connectors::{self, Connector},
    wire::{Request, Response},
};
use goodword_shared::{
    ProblemKind, Time,
    access::{AccessState, CLIENT_ID, Grant, Proof},
    source::{FieldType, Values},
};
use serde_json::{Value, json};

fn connector(slug: &str) -> &'static dyn Connector {
    connectors::by_slug(slug).expect("a connector")
}

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

fn answer(body: impl Into<Vec<u8>>) -> Response {
    Response { status: 200, body: body.into(), ..Response::default() }
}

fn at(text: &str) -> Time {
    text.parse().expect("a time")
}

fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

#[test]
fn app_store_connect_has_every_country_with_the_answers() {
    let it = connector("app_store_connect");
    let set = values(&[("app_id", "700100200"), ("token", "signed")]);
    let first = it.start(&set, None).expect("a request");
    assert!(
        first.url.contains("sort=-createdDate") && first.url.contains("include=response"),
        "{}",
        first.url
    );
    let body = std::fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/app_store_connect/reviews.json"),
    )
    .expect("a fixture");
    let reading = it.read(&first, &answer(body.clone()), None).expect("a reading");
    let one = &reading.mentions[0];
    assert_eq!(one.rating.map(|r| r.value), Some(2.0));
    assert_eq!(one.text, "Ordered two,\ngot one.");
    assert_eq!(one.author.location.as_deref(), Some("DEU"));
    assert_eq!(one.published_at, Some(at("2026-03-02T09:10:34Z")));
    let reply = one.reply.as_ref().expect("answered");
    assert_eq!(
        (reply.text.as_str(), reply.published_at),
        ("The second one is on its way.", Some(at("2026-03-02T13:00:00Z")))
    );
    assert_eq!((reading.mentions[1].reply.is_none(), reading.mentions[1].title.is_none()), (true, true));
    assert_eq!((reading.warnings.len(), reading.totals.count), (1, Some(812)));
    let next = &reading.follow[0];
    assert!(next.url.contains("cursor=Mg"));
    assert_eq!(header(next, "authorization"), Some("Bearer signed"));
    // The next run stops where everything is older than answers come late.
    let cursor = reading.cursor.expect("a cursor");
    let later = it.start(&set, Some(&cursor)).expect("a request");
    assert_eq!(it.read(&later, &answer(body.clone()), None).expect("a reading").follow.len(), 1);
    let long_ago = String::from_utf8(body).expect("text").replace("2026-02-27", "2025-12-27");
    assert!(it.read(&later, &answer(long_ago), None).expect("a reading").follow.is_empty());
    // A next page that is somewhere else is not given the token.
    let elsewhere =
        json!({ "data": [], "links": { "next": "https://elsewhere.example/v1/apps/1?cursor=2" } });
    assert!(it.read(&first, &answer(elsewhere.to_string()), None).expect("a reading").follow.is_empty());
    let refused = json!({ "errors": [{ "status": "403", "detail": "The API key has no role for this." }] });
    let problem = it.read(&first, &answer(refused.to_string()), None).expect_err("refused");
    assert_eq!(problem.problem, ProblemKind::Auth);
}

fn place_reviews(ids: std::ops::Range<u32>, total: u32, next: Option<&str>) -> Response {
    let reviews: Vec<Value> = ids
        .map(|n| json!({ "reviewId": format!("R{n}"), "starRating": "FIVE", "createTime": "2026-03-01T10:00:00Z" }))
        .collect();
    answer(json!({ "reviews": reviews, "totalReviewCount": total, "nextPageToken": next }).to_string())
}

#[test]
fn google_walks_all_pages_again_while_it_counted_more_than_it_gave() {
    let it = connector("google_business");
    let set = values(&[("account", "1"), ("location", "2"), ("token", "t")]);
    let walk = |cursor: Option<&String>, missing: bool| {
        let first = it.start(&set, cursor).expect("a request");
        let one = it.read(&first, &place_reviews(0..50, 62, Some("p2")), None).expect("a reading");
        let must = !one.also.is_empty();
        let second = one.also.first().or(one.follow.first()).expect("a second page").clone();
        assert!(second.url.contains("pageToken=p2"));
        let two = it.read(&second, &place_reviews(50..if missing { 60 } else { 62 }, 62, None), None);
        (must, one.cursor.expect("a cursor"), two.expect("a reading").cursor.expect("a cursor"))
    };
    let (must, _, whole) = walk(None, true);
    assert!(!must, "the first walk goes on by itself");
    // Two are missing: the first page is enough for eleven runs, then all pages are wanted.
    let mut cursor = whole;
    let mut wanted = Vec::new();
    for _ in 0..12 {
        let (must, broken_off, whole) = walk(Some(&cursor), false);
        wanted.push(must);
        cursor = if must { whole } else { broken_off };
    }
    assert_eq!(wanted.iter().filter(|w| **w).count(), 1, "{wanted:?}");
    assert!((0..24).all(|_| !walk(Some(&cursor), false).0), "nothing is missing any more");
}

#[test]
fn what_reddit_was_seen_to_hold_is_asked_after() {
    let it = connector("reddit");
    let set = values(&[("community", "bakery"), ("token", "t")]);
    let post = |id: u32, text: &str| {
        json!({ "kind": "t3", "data": { "name": format!("t3_{id}"), "title": "Rye", "selftext": text,
                "author": "loafer", "created_utc": 1_772_000_000 } })
    };
    let listing = |ids: std::ops::Range<u32>| {
        let posts: Vec<Value> = ids.rev().map(|n| post(n, "Good")).collect();
        answer(json!({ "kind": "Listing", "data": { "children": posts, "after": null } }).to_string())
    };
    let first = it.start(&set, None).expect("a request");
    let reading = it.read(&first, &listing(0..90), None).expect("a reading");
    assert!(reading.also.is_empty(), "nothing was known before");
    let mut cursor = reading.cursor.expect("a cursor");
    let mut asked = Vec::new();
    for n in 0..3 {
        let again = it.start(&set, Some(&cursor)).expect("a request");
        let reading = it.read(&again, &listing(90 + n * 30..120 + n * 30), None).expect("a reading");
        let question = reading.also.first().expect("a question").clone();
        assert_eq!(header(&question, "authorization"), Some("Bearer t"));
        let url = url::Url::parse(&question.url).expect("an address");
        assert_eq!((url.host_str(), url.path()), (Some("oauth.reddit.com"), "/api/info"));
        let ids = url.query_pairs().find(|(name, _)| name == "id").expect("ids").1.into_owned();
        assert!(ids.split(',').count() <= 100);
        asked.push(ids);
        cursor = reading.cursor.expect("a cursor");
    }
    assert!(asked[0].contains("t3_89") && asked[0].contains("t3_0,") | asked[0].ends_with("t3_0"));
    // What was deleted comes back as such, and the answer leads nowhere further.
    let gone =
        answer(json!({ "kind": "Listing", "data": { "children": [post(7, "[deleted]")] } }).to_string());
    let question = Request { note: None, ..first };
    let reading = it.read(&question, &gone, None).expect("a reading");
    assert!(reading.mentions[0].deleted && reading.cursor.is_none() && reading.follow.is_empty());
}

#[test]
fn a_reddit_trees_stubs_are_asked_for_in_hundreds() {
    let it = connector("reddit");
    let request = it.start(&values(&[("post", "p1"), ("token", "t")]), None).expect("a request");
    let names: Vec<String> = (0..150).map(|n| format!("c{n}")).collect();
    let tree = json!([
        { "kind": "Listing", "data": { "children": [{ "kind": "t3", "data": { "name": "t3_p1", "title": "Rye" } }] } },
        { "kind": "Listing", "data": { "children": [
            { "kind": "t1", "data": { "name": "t1_a", "body": "Hm", "link_id": "t3_p1", "parent_id": "t3_p1" } },
            { "kind": "more", "data": { "parent_id": "t3_p1", "children": names } },
            { "kind": "more", "data": { "parent_id": "t1_a", "children": [] } },
        ] } },
    ]);
    let reading = it.read(&request, &answer(tree.to_string()), None).expect("a reading");
    let urls: Vec<&str> = reading.follow.iter().map(|r| r.url.as_str()).collect();
    assert_eq!(urls.len(), 3, "{urls:?}");
    assert!(urls[0].contains("/api/morechildren?link_id=t3_p1&children=c0%2C") && urls[1].contains("c100"));
    assert!(urls[2].contains("/comments/p1/_/a?"));
}

#[test]
fn keys_are_where_the_platforms_want_them() {
    let start =
        |slug: &str, pairs: &[(&str, &str)]| connector(slug).start(&values(pairs), None).expect("a request");
    let tripadvisor = start("tripadvisor", &[("location", "9"), ("key", "k3y")]);
    assert!(tripadvisor.url.contains("/location/9/reviews?key=k3y&"), "{}", tripadvisor.url);
    let youtube = start("youtube", &[("channel", "UC1"), ("key", "k3y")]);
    assert_eq!((header(&youtube, "x-goog-api-key"), youtube.url.contains("k3y")), (Some("k3y"), false));
    let youtube = start("youtube", &[("channel", "UC1"), ("token", "t")]);
    assert_eq!(header(&youtube, "authorization"), Some("Bearer t"));
    let trustpilot = start("trustpilot", &[("business_unit", "u"), ("api_key", "k3y")]);
    assert_eq!(header(&trustpilot, "apikey"), Some("k3y"));
    assert!(trustpilot.url.contains("/v1/business-units/u/reviews"));
    let private = start("trustpilot", &[("business_unit", "u"), ("api_key", "k3y"), ("token", "t")]);
    assert!(private.url.contains("/v1/private/business-units/u/reviews"));
    let questions = start("stack_exchange", &[("tag", "rye")]);
    assert!(questions.url.contains("filter=withbody"), "{}", questions.url);
    let published = start("google_play", &[("package", "com.example.loaf"), ("token", "t")]);
    assert!(published.url.starts_with("https://androidpublisher.googleapis.com/androidpublisher/v3/"));
}

#[test]
fn what_is_asked_for_fits_the_platform() {
    let app = [(CLIENT_ID, "c"), ("client_secret", "s")];
    let access = |slug: &str, more: &[(&str, &str)]| connector(slug).access(&values(&[&app, more].concat()));
    let google = access("google_business", &[]).expect("an access");
    assert_eq!(
        (google.provider.as_str(), google.token_url.as_str()),
        ("google", "https://oauth2.googleapis.com/token")
    );
    assert!(matches!(&google.grant, Grant::Consent(c) if c.pkce && c.device_url.is_none()));
    let github = access("github", &[]).expect("an access");
    assert!(
        matches!(&github.grant, Grant::Consent(c) if c.device_url.as_deref() == Some("https://github.com/login/device/code"))
    );
    let reddit = access("reddit", &[]).expect("an access");
    assert_eq!((reddit.grant, reddit.proof), (Grant::App, Proof::Basic));
    assert_eq!(reddit.token_url, "https://www.reddit.com/api/v1/access_token");
    assert_eq!(access("x", &[]).expect("an access").token_url, "https://api.x.com/oauth2/token");
    assert_eq!(access("x", &[("token", "pasted")]), None, "a pasted token is enough");
    let facebook = access("facebook", &[("page", "77")]).expect("an access");
    assert!(matches!(&facebook.grant, Grant::Consent(c) if c.lengthen.is_some()));
    assert_eq!(
        facebook.derived.expect("the page's token").0,
        "https://graph.facebook.com/v23.0/77?fields=access_token"
    );
    let server = access("mastodon", &[("base", "https://bread.social")]).expect("an access");
    assert_eq!(server.provider, "https://bread.social", "accounts of one server are not another's");
    assert_eq!(access("youtube", &[("key", "k")]), None, "a key is enough");
    assert_eq!(connector("feed").access(&Values::new()), None);
    // The words on the wire.
    assert_eq!(serde_json::to_value(AccessState::ByKey).expect("JSON"), "by_key");
}

#[test]
fn whoever_wants_a_key_says_how_to_get_it() {
    for it in connectors::all() {
        let it = it.describe();
        let wants = it.fields.iter().any(|f| f.kind == FieldType::Secret);
        assert!(!wants || it.how_to.len() > 80, "{}: {}", it.slug, it.how_to);
        for field in it.fields.iter().filter(|f| f.kind == FieldType::Secret) {
            assert!(!field.help.is_empty(), "{}: {}", it.slug, field.name);
        }
    }
}
