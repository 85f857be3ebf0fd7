//! What platforms answer besides the lists that connectors ask for: their other documents, which are understood and say nothing,
//! other interfaces to the same posts and reviews, and errors in their own words. Bodies of our own, through the public surface.

use goodword_shared::{Kind, problem::ProblemKind};
use serde_json::{Value, json};

use crate::variants::{ask, at, read, refused, stars};

#[test]
fn documents_that_say_nothing_are_no_problem() {
    let person = json!({"login": "ada", "id": 1});
    for (slug, bodies) in [
        (
            "reddit",
            vec![
                json!([]),
                json!({}),
                json!({"name": "ada", "link_karma": 1}),
                json!({"access_token": "x"}),
                json!({"json": {"errors": [], "data": {"url": "https://r.example", "name": "t3_p"}}}),
            ],
        ),
        ("hacker_news", vec![json!(9_130_260), json!({"items": [1], "profiles": ["a"]})]),
        (
            "mastodon",
            vec![
                json!({}),
                json!({"id": "1", "following": true}),
                json!({"id": "5", "client_id": "x"}),
                json!({"id": "1", "title": "L", "replies_policy": "list"}),
                json!({"id": "1", "scheduled_at": "2024-05-01T10:00:00Z"}),
            ],
        ),
        (
            "bluesky",
            vec![
                json!({"uri": "at://x", "likes": []}),
                json!({"followers": [], "cursor": "x"}),
                json!({"uri": "at://did:plc:a/app.bsky.feed.post/3k", "cid": "b"}),
            ],
        ),
        (
            "x",
            vec![
                json!({"id_str": "1", "screen_name": "ada"}),
                json!({"ids": [1, 2]}),
                json!({"events": []}),
                json!({"resources": {}}),
                json!({"data": {"liked": true}}),
            ],
        ),
        ("discourse", vec![json!({"user": {"id": 1}}), json!({"category_list": {"categories": []}})]),
        (
            "github",
            vec![
                json!({}),
                json!({"sha": "x", "commit": {"message": "m"}, "author": person}),
                json!({"name": "main"}),
                json!([{"number": 1, "title": "v1", "creator": person, "html_url": "https://github.com/o/r/milestone/1", "id": 3}]),
                json!([{"id": 3, "body": "notes", "author": person, "html_url": "https://github.com/o/r/releases/1"}]),
            ],
        ),
        ("lemmy", vec![json!({"site_view": {}, "admins": []})]),
        (
            "telegram",
            vec![
                json!({"ok": true, "result": {"id": 1, "is_bot": true}}),
                json!({"ok": true, "result": true}),
            ],
        ),
        ("yelp", vec![json!({"categories": []})]),
        (
            "facebook",
            vec![
                json!({"success": true}),
                json!({"data": [{"id": "1", "name": "Loaf", "category": "Bakery"}]}),
                json!({"data": [{"name": "page_fans", "period": "day", "values": [], "id": "1/insights"}]}),
            ],
        ),
        ("google_places", vec![json!({}), json!({"rating": 4.5, "userRatingCount": 3})]),
        ("google_business", vec![json!({"comment": "Thanks", "updateTime": "2024-05-01T10:00:00Z"})]),
        ("app_store", vec![json!({"resultCount": 0, "results": []})]),
        ("gdelt", vec![json!({"timeline": []})]),
    ] {
        for body in bodies {
            assert!(read(slug, body.to_string()).is_empty(), "{slug}: {body}");
        }
    }
    for slug in
        ["reddit", "hacker_news", "mastodon", "bluesky", "discourse", "github", "lemmy", "telegram", "x"]
    {
        assert_eq!(refused(slug, 200, "{\"weather\":\"fine\"}"), ProblemKind::Unsupported, "{slug}");
    }
    let app = json!({"resultCount": 1, "results": [{"trackId": 1, "averageUserRating": 4.5, "userRatingCount": 10}]});
    let totals = ask("app_store", 200, app.to_string()).expect("a reading").totals;
    assert_eq!((totals.count, totals.average), (Some(10), Some(4.5)));
}

#[test]
fn refusals_in_the_platforms_own_words() {
    use ProblemKind::{Auth, NotFound, RateLimited};
    for (slug, body, kind) in [
        (
            "reddit",
            "{\"json\":{\"errors\":[[\"RATELIMIT\",\"you are doing that too much. try again in 9 minutes.\",\"r\"]]}}",
            RateLimited,
        ),
        ("lemmy", "{\"error\":\"couldnt_find_post\"}", NotFound),
        (
            "yelp",
            "{\"error\":{\"code\":\"ACCESS_LIMIT_REACHED\",\"description\":\"You have reached the limit.\"}}",
            RateLimited,
        ),
        ("gdelt", "Please limit requests to one every 5 seconds.", RateLimited),
        (
            "instagram",
            "{\"meta\":{\"error_type\":\"OAuthAccessTokenException\",\"code\":400,\"error_message\":\"The access_token is invalid.\"}}",
            Auth,
        ),
    ] {
        assert_eq!(refused(slug, 200, body), kind, "{slug}: {body}");
    }
}

fn only(slug: &str, body: &Value) -> goodword_shared::Mention {
    let mut found = read(slug, body.to_string());
    assert_eq!(found.len(), 1, "{slug}: {body}");
    found.remove(0)
}

#[test]
fn the_same_posts_by_other_doors() {
    let archived =
        only("reddit", &json!({"data": [{"id": "a", "body": "hi", "author": "ada", "link_id": "t3_p"}]}));
    assert_eq!((archived.external_id.as_deref(), archived.kind), (Some("t1_a"), Kind::Comment));

    let picture = json!({"id": "1", "content": null, "account": {"id": "7", "acct": "ada"}, "created_at": "2024-05-01T10:00:00Z"});
    assert_eq!(only("mastodon", &json!([picture])).text, "");

    let post = json!([{"uri": "at://did:plc:a/app.bsky.feed.post/3k", "author": {"did": "did:plc:a"}, "record": {"text": "Hi"}}]);
    assert_eq!(only("bluesky", &post).text, "Hi");

    let older = |inside: Value| json!([{"page": "watch"}, {"response": {"continuationContents": inside}}]);
    let comment =
        json!({"commentRenderer": {"commentId": "Ugx", "contentText": {"simpleText": "Hi"}, "likeCount": 3}});
    let found = only("youtube", &older(json!({"commentRepliesContinuation": {"contents": [comment]}})));
    assert_eq!((found.text.as_str(), found.engagement.and_then(|e| e.likes)), ("Hi", Some(3)));
    let bare = json!({"items": [{"id": "a", "snippet": {"topLevelComment": {"id": "a", "snippet": {"textOriginal": "Hi"}}}}]});
    assert_eq!(only("youtube", &bare).text, "Hi");

    let posts = json!({"items": [{"post_id": 6, "post_type": "question", "title": "T"}]});
    assert_eq!(only("stack_exchange", &posts).kind, Kind::Post);
    let found = json!({"items": [{"item_type": "answer", "answer_id": 5, "question_id": 1, "excerpt": "a <span class=\"highlight\">b</span>"}]});
    assert_eq!(only("stack_exchange", &found).text, "a b");

    let post = json!({"id": 5, "username": "ada", "cooked": "<p>Hi</p>", "post_number": 2, "topic_id": 7});
    assert_eq!(only("discourse", &json!([post])).text, "Hi");
    assert_eq!(only("discourse", &json!({"private_posts": [post]})).text, "Hi");

    let graph = json!({"data": {"repository": {"issue": {"id": "I", "title": "T", "bodyText": "b",
        "comments": {"edges": [{"node": {"id": "C", "bodyText": "c", "author": {"login": "bo"}}}]}}}}});
    assert_eq!(read("github", graph.to_string())[1].author.handle.as_deref(), Some("bo"));

    let said = json!({"comment": {"id": 5, "content": "hi", "published_at": "2024-05-01T10:00:00Z", "ap_id": "https://l.example/c/5", "score": 2},
        "creator": {"name": "ada"}});
    for body in [json!({"comment": said}), json!({"replies": [said]}), json!({"results": [said]})] {
        let found = only("lemmy", &body);
        assert_eq!(
            (found.text.as_str(), found.published_at),
            ("hi", Some(at("2024-05-01T10:00:00Z"))),
            "{body}"
        );
        assert_eq!(found.engagement.and_then(|e| e.likes), Some(2), "{body}");
    }
}

#[test]
fn the_same_reviews_by_other_doors() {
    let review = json!({"id": 22, "date_created_gmt": "2018-10-18T20:59:17", "reviewer": "Jo", "review": "<p>Nice</p>", "rating": 5});
    let gone = only("woocommerce", &json!({"deleted": true, "previous": review}));
    assert_eq!((gone.deleted, gone.external_id.as_deref(), gone.text.as_str()), (true, Some("22"), ""));
    assert_eq!(stars(&only("woocommerce", &json!({"create": [review], "delete": []}))), Some((5.0, 5.0)));
    let comment = json!([{"id": 5, "author_name": "Ada", "date_gmt": "2024-05-01T10:00:00", "content": {"rendered": "<p>Hi</p>"},
        "link": "https://s.example/p#comment-5", "type": "comment"}]);
    let found = only("woocommerce", &comment);
    assert_eq!(
        (found.kind, found.text.as_str(), found.author.name.as_deref()),
        (Kind::Comment, "Hi", Some("Ada"))
    );

    let own = json!({"props": {"pageProps": {"review": {"id": "5f", "text": "Loaf", "rating": 4}, "businessUnit": {"displayName": "Loaf Ltd"}}}});
    let page = format!("<html><script id=\"__NEXT_DATA__\" type=\"application/json\">{own}</script></html>");
    assert_eq!(
        read("trustpilot", page)[0].subject.as_ref().and_then(|s| s.name.as_deref()),
        Some("Loaf Ltd")
    );

    let beside = json!({"id": "1", "name": "Loaf", "ratings": {"data": [{"recommendation_type": "positive", "review_text": "Good",
        "reviewer": {"name": "Ada"}}]}});
    assert_eq!(stars(&only("facebook", &beside)), Some((1.0, 1.0)));

    let told = json!({"object": "instagram", "entry": [{"changes": [{"field": "comments", "value": {"id": "17", "text": "Hi",
        "from": {"id": "5", "username": "ada"}, "media": {"id": "99"}}}]}]});
    let found = only("instagram", &told);
    assert_eq!((found.author.handle.as_deref(), found.kind), (Some("ada"), Kind::Comment));
    assert_eq!(found.thread.and_then(|t| t.id).as_deref(), Some("99"));
    let before_2018 = json!({"data": [{"id": "9_5", "created_time": "1528192800", "link": "https://www.instagram.com/p/x/",
        "caption": {"text": "Cap"}, "likes": {"count": 3}, "comments": {"count": 2}, "user": {"username": "ada", "full_name": "Ada B"}}]});
    let found = only("instagram", &before_2018);
    assert_eq!(
        (found.kind, found.text.as_str(), found.author.name.as_deref()),
        (Kind::Post, "Cap", Some("Ada B"))
    );
    assert_eq!(found.published_at, Some(at("2018-06-05T10:00:00Z")));
    assert_eq!(found.engagement.map(|e| (e.likes, e.replies)), Some((Some(3), Some(2))));

    let bare = json!([{"reviewId": "a", "starRating": "FIVE", "createTime": "2024-05-01T10:00:00Z"}]);
    assert_eq!(stars(&only("google_business", &bare)), Some((5.0, 5.0)));
}

#[test]
fn a_stream_that_was_kept_as_lines() {
    let post = json!({"id": "1", "content": "<p>Hi</p>", "account": {"id": "7", "acct": "ada"}});
    let kept = format!(":)\nevent: update\ndata: {post}\n\nevent: delete\ndata: 99\n\n:thump\n");
    let found = read("mastodon", kept);
    assert_eq!(found.len(), 2);
    assert_eq!(
        (found[0].text.as_str(), found[1].deleted, found[1].external_id.as_deref()),
        ("Hi", true, Some("99"))
    );
}

#[test]
fn what_stands_bare_beside_others_or_was_taken_away() {
    let batch = json!({"create": [{"id": 1, "review": "Good", "rating": 5}],
        "delete": [{"deleted": true, "previous": {"id": 2, "review": "Rude", "reviewer": "Bo", "rating": 1}}, {"id": 3, "review": "Old"}]});
    let found = read("woocommerce", batch.to_string());
    let taken: Vec<_> =
        found.iter().map(|m| (m.external_id.as_deref(), m.deleted, m.text.as_str())).collect();
    assert_eq!(taken, [(Some("1"), false, "Good"), (Some("2"), true, ""), (Some("3"), true, "")]);
    assert_eq!(found[1].author.name, None);

    let post = json!({"id": 7, "name": "Loaf", "body": "Rye"});
    let ada = json!({"id": 1, "name": "ada"});
    let found = read("lemmy", json!({"post": post, "creator": ada}).to_string());
    assert_eq!(
        (found.len(), found[0].text.as_str(), found[0].author.handle.as_deref()),
        (1, "Rye", Some("ada"))
    );
    let comment = json!({"id": 8, "content": "Dry", "path": "0.8"});
    let found = read("lemmy", json!({"post": post, "comment": comment, "creator": ada}).to_string());
    assert_eq!((found.len(), found[0].kind, found[0].text.as_str()), (1, Kind::Comment, "Dry"));

    let page = json!({"id": "1", "ratings": {"data": [{"review_text": "Good", "recommendation_type": "positive", "created_time": "2024-05-01T10:00:00+0000"}]},
        "feed": {"data": [{"id": "1_2", "message": "Bread!", "created_time": "2024-05-01T10:00:00+0000"}]}});
    assert_eq!(read("facebook", page.to_string()).len(), 2);
}
