//! Connectors read what platforms answer: fixtures of our own, shaped like the real answers, through the public surface.

use std::path::{Path, PathBuf};

use goodword::{
    connectors::{self, Reading},
    wire::{Request, Response},
};
use goodword_shared::{
    Kind, Mention, Time,
    mention::Precision,
    problem::{ProblemKind, SourceProblem},
    source::Values,
};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn at(text: &str) -> Time {
    text.parse().expect("a time")
}

fn answer(body: impl Into<Vec<u8>>) -> Response {
    Response { status: 200, body: body.into(), ..Response::default() }
}

fn read_body(slug: &str, body: impl Into<Vec<u8>>) -> Result<Reading, SourceProblem> {
    let connector = connectors::by_slug(slug).expect("a connector");
    connector.read(&Request::get(""), &answer(body), Some(at("2026-03-05T00:00:00Z")))
}

fn read(name: &str) -> Reading {
    let slug = name.split('/').next().expect("a slug");
    read_body(slug, fixture(name)).unwrap_or_else(|p| panic!("{name}: {p}"))
}

fn settings(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

fn rated(mention: &Mention) -> (f64, f64) {
    mention.rating.map(|r| (r.value, r.best)).expect("a rating")
}

#[test]
fn app_store_reviews_with_stars_dates_and_one_broken_entry_told() {
    let reading = read("app_store/page.json");
    assert_eq!(reading.mentions.len(), 2);
    let first = &reading.mentions[0];
    assert_eq!(first.external_id.as_deref(), Some("9001"));
    assert_eq!(first.author.name.as_deref(), Some("Tilda Bramblewick"));
    assert_eq!(rated(first), (2.0, 5.0));
    assert_eq!(first.text, "Paid for two loaves & got one.\nNobody answered.");
    assert_eq!(first.published_at, Some(at("2026-03-04T01:30:05Z")));
    assert_eq!(first.subject.as_ref().and_then(|s| s.id.as_deref()), Some("700100200"));
    assert_eq!(first.url, None);
    assert_eq!(reading.warnings.len(), 1);
    assert_eq!(reading.warnings[0].at, "8999");
    assert_eq!(read("app_store/single.json").mentions.len(), 1);
}

#[test]
fn app_store_goes_through_pages_and_storefronts_and_stops_at_what_it_knows() {
    let connector = connectors::by_slug("app_store").expect("a connector");
    let wanted =
        settings(&[("app_id", "700100200"), ("country", "gb, de"), ("base", "http://127.0.0.1:4000")]);
    let first = connector.start(&wanted, None).expect("a request");
    assert_eq!(
        first.url,
        "http://127.0.0.1:4000/gb/rss/customerreviews/id=700100200/sortBy=mostRecent/page=1/json"
    );
    let page = answer(fixture("app_store/page.json"));
    let reading = connector.read(&first, &page, None).expect("a reading");
    assert!(reading.follow[0].url.contains("/gb/") && reading.follow[0].url.contains("page=2"));
    let cursor = reading.cursor.expect("a cursor");
    let again = connector.start(&wanted, Some(&cursor)).expect("a request");
    let reading = connector.read(&again, &page, None).expect("a reading");
    assert!(reading.follow[0].url.contains("/de/") && reading.follow[0].url.contains("page=1"));
}

#[test]
fn feeds_of_every_kind() {
    let reading = read("feed/rss2.xml");
    let first = &reading.mentions[0];
    assert_eq!(first.title.as_deref(), Some("Bakers & brewers join up"));
    assert_eq!(first.url.as_deref(), Some("https://gazette.example/2026/bakers"));
    assert_eq!(first.text, "The whole story.\n\nSecond part with weight.");
    assert_eq!(first.author.name.as_deref(), Some("Ismay Okonedo"));
    assert_eq!(first.published_at, Some(at("2026-03-05T09:15:00Z")));
    assert_eq!(first.engagement.and_then(|e| e.replies), Some(7));
    let second = &reading.mentions[1];
    assert_eq!(second.author.name.as_deref(), Some("News Desk"));
    assert_eq!(
        (second.published_at, second.published_precision),
        (Some(at("2026-03-04T00:00:00Z")), Some(Precision::Day))
    );
    assert_eq!(second.text, "Plain <3");

    let atom = &read("feed/atom.xml").mentions[0];
    assert_eq!(atom.title.as_deref(), Some("On <b> and crumbs"));
    assert_eq!(atom.url.as_deref(), Some("https://blog.example/crumbs"));
    assert_eq!(atom.text, "One.\n\ntwo\nthree");
    assert_eq!(atom.edited_at, Some(at("2026-02-03T08:00:00Z")));

    assert_eq!(read("feed/rdf.xml").mentions[0].external_id.as_deref(), Some("https://old.example/1"));
    assert_eq!(read("feed/feed.json").mentions[0].author.name.as_deref(), Some("Perpetua Finch"));
}

#[test]
fn a_broken_feed_gives_what_is_whole_and_says_what_is_missing() {
    let reading = read("feed/broken.xml");
    assert_eq!(reading.mentions.len(), 1);
    assert_eq!(reading.mentions[0].title.as_deref(), Some("Fish & chips"));
    assert_eq!(reading.mentions[0].url.as_deref(), Some("https://soup.example/?p=1&q=2"));
    assert_eq!(reading.mentions[0].text, "Bold words and\na line");
    assert_eq!(reading.mentions[0].published_at, Some(at("2026-03-02T09:00:00Z")));
    assert_eq!(reading.warnings.len(), 1);
}

#[test]
fn the_bytes_decide_the_character_set_when_the_declaration_lies() {
    let text = "Очень вкусный хлеб, спасибо пекарне за доброту и свежие булочки каждое утро";
    let feed = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss><channel><item><title>{text}</title></item></channel></rss>"
    );
    let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode(&feed);
    let reading = read_body("feed", cyrillic.into_owned()).expect("a reading");
    assert_eq!(reading.mentions[0].title.as_deref(), Some(text));

    let feed = "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><rss><channel><item><title>Brötchen</title></item></channel></rss>";
    assert_eq!(read_body("feed", feed).expect("a reading").mentions[0].title.as_deref(), Some("Brötchen"));
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(feed);
    assert_eq!(
        read_body("feed", latin.into_owned()).expect("a reading").mentions[0].title.as_deref(),
        Some("Brötchen")
    );
}

#[test]
fn gzipped_answers_are_unpacked_and_damaged_ones_refused() {
    use std::io::Write;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(&fixture("feed/rss2.xml")).expect("packs");
    let packed = packer.finish().expect("packs");
    assert_eq!(read_body("feed", packed.clone()).expect("a reading").mentions.len(), 2);
    let problem = read_body("feed", &packed[..packed.len() / 2]).expect_err("damaged");
    assert_eq!(problem.problem, ProblemKind::Malformed);
}

#[test]
fn reviews_in_json_ld_with_references_totals_and_the_owners_answer() {
    let reading = read("schema_org/json_ld.html");
    assert_eq!(reading.mentions.len(), 2, "{:#?}", reading.mentions);
    let first = &reading.mentions[0];
    assert_eq!(first.subject.as_ref().and_then(|s| s.name.as_deref()), Some("Rye & seed loaf"));
    assert_eq!(rated(first), (5.0, 5.0));
    assert_eq!(first.text, "Keeps a week.\nGood crust.");
    let second = &reading.mentions[1];
    assert_eq!(rated(second), (3.0, 10.0));
    assert_eq!(second.subject.as_ref().and_then(|s| s.name.as_deref()), Some("Rye & seed loaf"));
    assert_eq!(second.reply.as_ref().map(|r| r.text.as_str()), Some("Sorry about that!"));
    assert_eq!((reading.totals.count, reading.totals.average), (Some(1204), Some(4.4)));
}

#[test]
fn json_ld_that_is_not_quite_json_is_read_all_the_same() {
    let reading = read("schema_org/broken_json_ld.html");
    assert_eq!(reading.mentions.len(), 1);
    assert_eq!(reading.mentions[0].author.name.as_deref(), Some("Bo \"The Bread\" Lund"));
    assert_eq!(rated(&reading.mentions[0]), (80.0, 100.0));
    assert_eq!(reading.warnings, Vec::new());
    let cut = "<html><script type=\"application/ld+json\">{\"@type\":\"Product\",\"review\":[{\"@type\":\"Review\",\"reviewBody\":\"half";
    assert_eq!(read_body("schema_org", cut).expect("a reading").warnings.len(), 1);
}

#[test]
fn reviews_in_microdata_rdfa_and_hreview() {
    let reading = read("schema_org/microdata.html");
    assert_eq!(reading.mentions.len(), 2, "{:#?}", reading.mentions);
    let first = &reading.mentions[0];
    assert_eq!(first.author.name.as_deref(), Some("Mab Quill"));
    assert_eq!(first.author.url.as_deref(), Some("https://people.example/mab"));
    assert_eq!(rated(first), (1.5, 6.0));
    assert_eq!(first.text, "The cup was cold.\n\nSo was the welcome.");
    assert_eq!(first.published_at, Some(at("2026-01-20T08:00:00Z")));
    assert_eq!(reading.mentions[1].author.name.as_deref(), Some("Ruy Alvarado"));
    assert_eq!(
        reading.mentions[1].subject.as_ref().and_then(|s| s.name.as_deref()),
        Some("Cornerstone Bakery")
    );
    assert_eq!(reading.totals.count, Some(88));

    let rdfa = &read("schema_org/rdfa.html").mentions[0];
    assert_eq!((rdfa.author.name.as_deref(), rated(rdfa)), (Some("Ngaire Pell"), (8.0, 10.0)));
    assert_eq!(rdfa.subject.as_ref().and_then(|s| s.name.as_deref()), Some("Quay Hotel"));

    let reading = read("schema_org/hreview.html");
    let first = &reading.mentions[0];
    assert_eq!((first.author.name.as_deref(), rated(first)), (Some("Zofia Bay"), (4.0, 10.0)));
    assert_eq!(first.published_at, Some(at("2026-01-05T09:00:00Z")));
    assert_eq!((reading.totals.count, reading.totals.best), (Some(12), Some(10.0)));
}

#[test]
fn the_same_review_in_two_blocks_is_one_and_two_wordless_guests_are_two() {
    let block = r#"<script type="application/ld+json">{"@type":"Product","name":"Rye","review":{"@type":"Review","author":"Mab","reviewBody":"Good"}}</script>"#;
    assert_eq!(
        read_body("schema_org", format!("<html>{block}{block}</html>")).expect("a reading").mentions.len(),
        1
    );
    let stars = r#"<div itemscope itemtype="https://schema.org/Review"><span itemprop="author">Guest</span><div itemprop="reviewRating" itemscope><meta itemprop="ratingValue" content="5"></div></div>"#;
    assert_eq!(
        read_body("schema_org", format!("<html>{stars}{stars}</html>")).expect("a reading").mentions.len(),
        2
    );
}

#[test]
fn a_page_that_stands_in_the_way_is_blocked_for_every_page_connector() {
    for slug in ["schema_org", "feed"] {
        let problem = read_body(slug, fixture("schema_org/blocked.html")).expect_err("blocked");
        assert_eq!(problem.problem, ProblemKind::Blocked, "{slug}");
    }
}

#[test]
fn a_page_of_content_behind_such_a_service_is_not_blocked() {
    let words = "<p>Our bakery opens at seven and closes when the last loaf is gone.</p>".repeat(60);
    let page = format!(
        "<html><head><title>Cornerstone</title><script src=\"/cdn-cgi/challenge-platform/x.js\"></script></head><body>{words}<div class=\"g-recaptcha\"></div></body></html>"
    );
    assert_eq!(read_body("schema_org", page).expect("an empty reading").mentions, Vec::new());
    let check = "<html><head><title>example.com</title></head><body><script>var dd={'host':'geo.captcha-delivery.com'}</script></body></html>";
    assert_eq!(read_body("schema_org", check).expect_err("a check").problem, ProblemKind::Blocked);
}

#[test]
fn a_page_nested_beyond_reason_is_refused() {
    let soup = "<div>".repeat(60_000);
    assert!(read_body("schema_org", soup).is_err());
}

#[test]
fn hacker_news_in_its_three_shapes() {
    let reading = read("hacker_news/search.json");
    assert_eq!(reading.mentions[0].kind, Kind::Comment);
    assert_eq!(reading.mentions[0].text, "I like \"Cornerstone\".\n\nTheir rye is fine.");
    assert_eq!(reading.mentions[1].title.as_deref(), Some("Show HN: Loaf tracker"));
    assert_eq!(reading.cursor.as_deref(), Some("1772359205"));
    let tree = read("hacker_news/tree.json").mentions;
    assert_eq!(tree.iter().map(|m| m.deleted).collect::<Vec<_>>(), [false, true, false]);
    let page = read("hacker_news/page.html").mentions;
    assert_eq!(page.len(), 3);
    assert_eq!(page[0].published_at, Some(at("2026-03-01T09:00:00Z")));
    assert_eq!(page[1].text, "Nice.\n\nReally.");
    assert_eq!(page[1].published_at, Some(at("2026-03-03T00:00:00Z")));
    assert_eq!(page[2].thread.as_ref().and_then(|t| t.parent_id.as_deref()), Some("50"));
}

#[test]
fn mastodon_posts_boosts_and_threads() {
    let posts = read("mastodon/tag.json").mentions;
    assert_eq!(posts[0].text, "The rye at #cornerstone & its crust!\n\nAgain.");
    assert_eq!(posts[0].engagement.and_then(|e| e.shares), Some(2));
    assert_eq!(posts[1].author.handle.as_deref(), Some("kit@other.example"));
    assert_eq!(read("mastodon/context.json").mentions.len(), 2);
}

#[test]
fn mastodon_follows_the_link_header_forward_once_it_has_a_cursor() {
    let connector = connectors::by_slug("mastodon").expect("a connector");
    let wanted = settings(&[("base", "http://127.0.0.1:4000"), ("term", "cornerstone"), ("token", "t")]);
    let mut page = answer(fixture("mastodon/tag.json"));
    page.headers = vec![(
        "link".into(),
        "<http://127.0.0.1:4000/api/v1/timelines/tag/cornerstone?max_id=9>; rel=\"next\", <http://127.0.0.1:4000/api/v1/timelines/tag/cornerstone?min_id=1150>; rel=\"prev\"".into(),
    )];
    let first = connector.start(&wanted, None).expect("a request");
    let reading = connector.read(&first, &page, None).expect("a reading");
    assert!(reading.follow[0].url.ends_with("max_id=9"));
    assert_eq!(reading.follow[0].headers, first.headers);
    let cursor = reading.cursor.expect("a cursor");
    assert_eq!(cursor, "1150");
    let later = connector.start(&wanted, Some(&cursor)).expect("a request");
    assert!(later.url.contains("min_id=1150"));
    assert!(connector.read(&later, &page, None).expect("a reading").follow[0].url.ends_with("min_id=1150"));
}

#[test]
fn bluesky_searches_threads_and_events() {
    let posts = read("bluesky/search.json").mentions;
    assert_eq!(posts[0].language.as_deref(), Some("en"));
    assert_eq!(posts[0].url.as_deref(), Some("https://bsky.app/profile/pim.example/post/3kq"));
    assert_eq!((posts[1].language.as_deref(), posts[1].author.handle.as_deref()), (None, None));
    let thread: Vec<String> = read("bluesky/thread.json").mentions.into_iter().map(|m| m.text).collect();
    assert_eq!(thread, ["root", "focus", "leaf"]);
    let events = read("bluesky/jetstream.jsonl").mentions;
    assert_eq!(events.iter().map(|m| m.deleted).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn bluesky_opens_a_session_only_with_an_app_password() {
    let connector = connectors::by_slug("bluesky").expect("a connector");
    let open = settings(&[("query", "loaf")]);
    assert!(connector.start(&open, None).expect("a request").url.starts_with("https://public.api.bsky.app/"));
    let signed = settings(&[("query", "loaf"), ("handle", "me.example"), ("app_password", "secret")]);
    let request = connector.start(&signed, None).expect("a request");
    assert!(request.url.ends_with("/xrpc/com.atproto.server.createSession"));
    assert!(!format!("{request:?}").contains("secret"));
    let session = answer(r#"{"accessJwt":"jwt","did":"did:plc:me","handle":"me.example"}"#);
    let next = connector.read(&request, &session, None).expect("a reading").follow.remove(0);
    assert!(
        next.url.contains("searchPosts")
            && next.headers.contains(&("authorization".into(), "Bearer jwt".into()))
    );
}

#[test]
fn a_csv_file_gives_its_good_lines_and_names_the_bad_ones() {
    let reading = read("csv/reviews.csv");
    let texts: Vec<&str> = reading.mentions.iter().map(|m| m.text.as_str()).collect();
    assert_eq!(texts, ["Lovely, as always", "Cold\nand late", "Nice people", "Good"]);
    // 25/03 shows that the day comes first.
    assert_eq!(reading.mentions[0].published_at, Some(at("2026-04-03T00:00:00Z")));
    assert_eq!(rated(&reading.mentions[1]), (2.0, 10.0));
    assert_eq!(rated(&reading.mentions[3]), (4.0, 5.0));
    assert_eq!(reading.mentions[0].order_id.as_deref(), Some("A-17"));
    let lines: Vec<&str> = reading.warnings.iter().map(|w| w.at.as_str()).collect();
    assert_eq!(lines, ["line 5", "line 6", "line 6", "line 7", "line 10"]);
}

#[test]
fn a_csv_file_follows_the_owners_mapping() {
    let text = "A;B\n4;Erste\n9;Zweite\n";
    let mapping = [("A".to_owned(), "rating".to_owned()), ("B".to_owned(), "text".to_owned())].into();
    let import = connectors::csv::import(text, &mapping, &settings(&[("best", "10")])).expect("an import");
    assert_eq!(import.rows.iter().map(|r| rated(&r.mention)).collect::<Vec<_>>(), [(4.0, 10.0), (9.0, 10.0)]);
    assert_eq!(import.rows[1].line, 3);
    let unknown =
        connectors::csv::import("foo,bar\nx,y\n", &connectors::csv::guess(&[], &[]), &Values::new());
    assert_eq!(unknown.expect_err("no column").problem, ProblemKind::Unsupported);
}

#[test]
fn the_status_decides_whatever_the_body_says() {
    let good = fixture("feed/rss2.xml");
    for connector in connectors::all() {
        let slug = connector.describe().slug;
        for (status, kinds) in [
            (401, &[ProblemKind::Auth, ProblemKind::Blocked][..]),
            (403, &[ProblemKind::Auth, ProblemKind::Blocked]),
            (404, &[ProblemKind::NotFound]),
            (429, &[ProblemKind::RateLimited]),
            (503, &[ProblemKind::Unreachable]),
        ] {
            let response = Response { status, ..answer(good.clone()) };
            let problem = connector.read(&Request::get(""), &response, None).expect_err("a problem");
            assert!(kinds.contains(&problem.problem), "{slug} {status}: {problem}");
        }
    }
}

/// Every fixture, cut off anywhere, must end in a problem, in a warning, or in the very same mentions: never in fewer, silently.
#[test]
fn nothing_is_half_read_in_silence() {
    for connector in connectors::all() {
        let slug = connector.describe().slug;
        let files =
            std::fs::read_dir(folder().join(&slug)).unwrap_or_else(|_| panic!("no fixtures for {slug}"));
        for file in files.map(|f| f.expect("a file").path()) {
            let body = std::fs::read(&file).expect("a body");
            let whole = connector.read(&Request::get(""), &answer(body.clone()), None);
            for end in (0..body.len()).step_by(7) {
                let Ok(part) = connector.read(&Request::get(""), &answer(&body[..end]), None) else {
                    continue;
                };
                let Ok(whole) = whole.as_ref() else {
                    assert!(part.mentions.is_empty(), "{} cut at {end}", file.display());
                    continue;
                };
                // Text formats without an end mark cannot tell; JSON and XML can.
                let lines = file
                    .extension()
                    .is_some_and(|e| e == "csv" || e == "jsonl" || e == "html" || e == "mbox");
                let silent = part.warnings.is_empty() && part.mentions.len() < whole.mentions.len();
                assert!(
                    lines || !silent,
                    "{} cut at {end}: {} of {}",
                    file.display(),
                    part.mentions.len(),
                    whole.mentions.len()
                );
            }
        }
    }
}

#[test]
fn every_connector_describes_itself_wholly() {
    for connector in connectors::all() {
        let d = connector.describe();
        for text in [&d.title, &d.summary, &d.legal_basis, &d.how_to] {
            assert!(!text.is_empty(), "{}", d.slug);
        }
        assert!(!d.recognises.is_empty(), "{}", d.slug);
        assert!(d.fields.iter().all(|f| !f.label.is_empty() && !f.help.is_empty()), "{}", d.slug);
    }
}

#[test]
fn pasted_addresses_find_their_connector() {
    for (text, slug) in [
        ("https://apps.apple.com/gb/app/loaf/id700100200", "app_store"),
        ("news.ycombinator.com/item?id=39", "hacker_news"),
        ("https://mastodon.social/tags/cornerstone", "mastodon"),
        ("https://bsky.app/profile/pim.example", "bluesky"),
        ("https://gazette.example/feed/", "feed"),
        ("https://shop.example/loaf", "schema_org"),
        ("reviews.csv", "csv"),
    ] {
        let found = connectors::recognise(text);
        assert_eq!(found.first().map(|r| r.connector.slug.as_str()), Some(slug), "{text}");
    }
    assert!(connectors::recognise("just some words").is_empty());
}

#[test]
fn google_play_in_its_three_shapes() {
    let connector = connectors::by_slug("google_play").expect("a connector");
    let request = connector.start(&settings(&[("package", "com.example.loaf")]), None).expect("a request");
    let reading =
        connector.read(&request, &answer(fixture("google_play/call.txt")), None).expect("a reading");
    let first = &reading.mentions[0];
    assert_eq!((first.author.name.as_deref(), rated(first)), (Some("Ottoline Vane"), (2.0, 5.0)));
    assert_eq!(first.reply.as_ref().map(|r| r.text.as_str()), Some("Fixed in 3.2 & sorry"));
    assert_eq!(first.subject.as_ref().and_then(|s| s.id.as_deref()), Some("com.example.loaf"));
    assert!(reading.follow[0].body.as_ref().is_some_and(|b| b.contains("next-token")));
    assert_eq!(read("google_play/page.html").mentions.len(), 1);
    let published = read("google_play/publisher.json").mentions.remove(0);
    assert_eq!((published.title.as_deref(), published.language.as_deref()), (Some("Title"), Some("pt-BR")));
}

#[test]
fn google_business_keeps_the_original_and_the_edit() {
    let reading = read("google_business/reviews.json");
    assert_eq!(reading.mentions[0].text, "Kalte Suppe");
    assert_eq!(reading.mentions[0].edited_at, Some(at("2026-03-02T10:00:00Z")));
    assert_eq!(reading.mentions[1].edited_at, None);
    assert_eq!(reading.totals.count, Some(209));
}

#[test]
fn yelp_from_the_interface_and_from_a_saved_page() {
    assert_eq!(read("yelp/reviews.json").mentions[0].text, "The rye & the...");
    let page = &read("yelp/page.html").mentions[0];
    assert_eq!((page.external_id.as_deref(), rated(page)), (Some("Y9"), (1.0, 5.0)));
    assert_eq!(page.author.url.as_deref(), Some("http://www.yelp.com/user_details?userid=U9"));
}

#[test]
fn trustpilot_from_page_interface_and_events() {
    let page = &read("trustpilot/page.html").mentions[0];
    assert_eq!(page.url.as_deref(), Some("https://www.trustpilot.com/reviews/T1"));
    assert_eq!((page.verified, page.reply.is_some()), (Some(true), true));
    let private = &read("trustpilot/private.json").mentions[0];
    assert_eq!(
        (private.order_id.as_deref(), private.author.email.as_deref()),
        (Some("ORD-55"), Some("hedda@example.com"))
    );
    assert_eq!(read("trustpilot/events.json").mentions.len(), 1);
}

#[test]
fn facebook_recommendations_comments_and_events() {
    let connector = connectors::by_slug("facebook").expect("a connector");
    let request =
        connector.start(&settings(&[("page", "77"), ("token", "secret")]), None).expect("a request");
    let reading =
        connector.read(&request, &answer(fixture("facebook/ratings.json")), None).expect("a reading");
    assert_eq!(rated(&reading.mentions[0]), (0.0, 1.0));
    assert_eq!(rated(&reading.mentions[1]), (5.0, 5.0));
    // The token stays in the header.
    assert!(!reading.follow[0].url.contains("secret") && reading.follow[0].url.contains("after=abc"));
    let feed = read("facebook/feed.json").mentions;
    assert_eq!(feed.iter().map(|m| m.kind).collect::<Vec<_>>(), [Kind::Post, Kind::Comment]);
    assert!(read("facebook/event.json").mentions[0].deleted);
    let expired = r#"{"error":{"message":"Session has expired","type":"OAuthException","code":190}}"#;
    assert_eq!(read_body("facebook", expired).expect_err("expired").problem, ProblemKind::Auth);
}

#[test]
fn reddit_trees_and_feeds() {
    let reading = read("reddit/thread.json");
    let ids: Vec<&str> = reading.mentions.iter().filter_map(|m| m.external_id.as_deref()).collect();
    assert_eq!(ids, ["t3_p1", "t1_c1", "t1_c2"]);
    assert_eq!(reading.mentions[0].title.as_deref(), Some("Rye & us"));
    assert_eq!(reading.mentions[1].text, "5 < 6 & true");
    assert_eq!(reading.mentions[1].engagement.and_then(|e| e.likes), None);
    assert_eq!((reading.mentions[2].deleted, reading.mentions[2].text.as_str()), (true, ""));
    let feed = &read("reddit/search.rss").mentions[0];
    assert_eq!((feed.text.as_str(), feed.author.handle.as_deref()), ("What a crust", Some("loafer")));
}

#[test]
fn youtube_comments_from_interface_and_page() {
    let threads = read("youtube/threads.json").mentions;
    assert_eq!(threads[0].text, "so good");
    assert_eq!(threads[0].author.handle.as_deref(), Some("pim"));
    assert_eq!(
        (threads[1].text.as_str(), threads[1].edited_at),
        ("late reply", Some(at("2026-03-02T10:00:00Z")))
    );
    let page = read("youtube/page.json");
    assert_eq!(page.totals.count, Some(1204));
    assert_eq!(page.mentions[0].engagement.and_then(|e| e.likes), Some(19_924));
    assert_eq!(page.mentions[0].published_at, Some(at("2024-03-05T00:00:00Z")));
}

#[test]
fn forums_and_questions() {
    let topic = read("discourse/topic.json");
    assert_eq!(
        (topic.mentions[0].title.as_deref(), topic.mentions[0].text.as_str()),
        (Some("Crust"), "Hello all")
    );
    assert!(topic.mentions[1].deleted && topic.mentions[1].author.handle.is_none());
    let questions = read("stack_exchange/questions.json").mentions;
    let ids: Vec<&str> = questions.iter().filter_map(|m| m.external_id.as_deref()).collect();
    assert_eq!(ids, ["1", "5", "2"]);
    assert_eq!(questions[0].title.as_deref(), Some("Why \"rye\"?"));
    let comment = &read("github/comments.json").mentions[0];
    assert_eq!((comment.text.as_str(), comment.kind), ("It *works* now", Kind::Comment));
    let lemmy = read("lemmy/search.json").mentions;
    assert_eq!(lemmy[1].thread.as_ref().and_then(|t| t.parent_id.as_deref()), Some("2"));
}

#[test]
fn shops_and_stores() {
    let shop = read("woocommerce/reviews.json").mentions;
    assert_eq!((shop[0].text.as_str(), rated(&shop[0]).0), ("Soft & warm", 4.0));
    assert_eq!(shop[1].rating, None);
    let steam = &read("steam/reviews.json").mentions[0];
    assert_eq!(
        (steam.text.as_str(), rated(steam), steam.language.as_deref()),
        ("Gut\nMacht Spaß [sic]", (1.0, 1.0), Some("de"))
    );
    let amazon = &read("amazon/page.html").mentions[0];
    assert_eq!((amazon.title.as_deref(), rated(amazon)), (Some("Kaputt"), (2.0, 5.0)));
    assert_eq!((amazon.text.as_str(), amazon.verified), ("Nach zwei Tagen\nkaputt.", Some(true)));
    assert_eq!(amazon.url.as_deref(), Some("https://www.amazon.de/gp/customer-reviews/R1TEST"));
    assert_eq!(amazon.engagement.and_then(|e| e.likes), Some(1));
    assert_eq!(amazon.published_at, Some(at("2026-03-05T00:00:00Z")));
}

#[test]
fn what_may_not_be_stored_says_so_and_is_read_in_the_original() {
    for slug in ["google_places", "tripadvisor"] {
        let storage = connectors::by_slug(slug).expect("a connector").describe().storage;
        assert_eq!(storage, goodword_shared::source::StorageRule::Never);
    }
    let place = read("google_places/place.json");
    assert_eq!(
        (place.mentions[0].text.as_str(), place.mentions[0].language.as_deref()),
        ("Kalte Suppe", Some("de"))
    );
    assert_eq!(read("google_places/legacy.json").mentions.len(), 1);
    assert_eq!(read("tripadvisor/reviews.json").mentions[0].text, "Never\nagain");
    let page = read("tripadvisor/page.html").mentions;
    assert_eq!(
        (page.len(), page[0].text.as_str(), page[0].title.as_deref()),
        (1, "Good fish.", Some("Fine"))
    );
}

#[test]
fn posts_and_messages() {
    let x = &read("x/search.json").mentions[0];
    assert_eq!(
        (x.text.as_str(), x.language.as_deref(), x.author.followers),
        ("Long & whole", None, Some(12))
    );
    assert_eq!(read("x/old.json").mentions[0].published_at, Some(at("2018-06-09T02:38:00Z")));
    let limited =
        read_body("x", r#"{"errors":[{"code":88,"message":"Rate limit exceeded"}]}"#).expect_err("limited");
    assert_eq!(limited.problem, ProblemKind::RateLimited);
    let kinds: Vec<Kind> = read("instagram/media.json").mentions.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [Kind::Post, Kind::Comment, Kind::Comment]);
    let telegram = read("telegram/updates.json");
    assert_eq!(telegram.mentions[0].external_id.as_deref(), Some("-100/5"));
    assert_eq!(telegram.cursor.as_deref(), Some("72"));
    assert_eq!(read("gdelt/articles.json").cursor.as_deref(), Some("20260301100000"));
    assert_eq!(read("google_takeout/Reviews.json").mentions[0].text, "Quiet");
}

#[test]
fn mail_with_coded_words_and_parts() {
    let mails = read("mail/reviews.mbox").mentions;
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].author.name.as_deref(), Some("Jürgen Weiß"));
    assert_eq!(mails[0].title.as_deref(), Some("Bisschen kalt"));
    assert_eq!(mails[0].text, "Das Essen war kalt für uns.\nFrom here on it got worse.");
    assert_eq!(mails[1].author.email.as_deref(), Some("ann@example.com"));
    assert_eq!(mails[1].thread.as_ref().and_then(|t| t.parent_id.as_deref()), Some("m1@example.com"));
}
