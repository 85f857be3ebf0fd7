//! Facebook pages through the Graph interface: recommendations, the page's posts and their comments, and webhook events.

use goodword_shared::{
    Author, Kind, Mention, Rating, Time,
    access::Access,
    mention::{Engagement, Precision, Subject, Thread},
    problem::{ProblemKind, SourceProblem},
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;

use super::{Connector, Cursor, Reading, entry, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

const HOST: &str = "https://graph.facebook.com";
const PAGES: u32 = 10;

/// Facebook.
pub struct Facebook;

impl Connector for Facebook {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "facebook".into(),
            title: "Facebook page".into(),
            summary: "Recommendations of your page, and the comments under its posts.".into(),
            route: Route::Api,
            legal_basis: "The Graph interface with your own page's token; what people delete there is deleted here.".into(),
            storage: StorageRule::FollowDeletion,
            pace_ms: 1_000,
            every_minutes: 30,
            robots: false,
            how_to: "At developers.facebook.com create an app, add your page to it and allow pages_read_user_content and \
                     pages_read_engagement (Facebook reviews the app first). Fill in the app's id and secret, register the redirect \
                     address shown below under Facebook Login → Settings, save, and connect the account that runs the page. A \
                     page token that you made yourself does as well."
                .into(),
            fields: vec![
                settings::required("page", "Page", "The page's id or name.", FieldType::Text),
                settings::choice("what", "Read", "What to read.", &[
                    ("ratings", "Recommendations"),
                    ("feed", "Posts and their comments"),
                ]),
            ]
            .into_iter()
            .chain(entry::app_fields("App ID", "App secret", "From the app's settings, under Basic."))
            .chain([
                settings::field("token", "Page access token", "Instead of app and account.", FieldType::Secret),
                settings::default(settings::field("version", "Version", "Of the interface.", FieldType::Text), "v23.0"),
                settings::base_field(HOST),
            ])
            .collect(),
            recognises: vec!["https://www.facebook.com/cornerstonebakery".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        if !matches!(settings::host(&url), "facebook.com" | "m.facebook.com" | "fb.com") {
            return None;
        }
        let parts = settings::parts(&url);
        let page = match parts.as_slice() {
            ["pages", _, id, ..] => id,
            [page, ..] if !["groups", "watch", "events", "marketplace"].contains(page) => page,
            _ => return Some((0.3, Values::new(), "Facebook".into())),
        };
        Some((0.95, settings::values(&[("page", page)]), format!("{page} on Facebook")))
    }

    fn access(&self, values: &Values) -> Option<Access> {
        let scopes = ["pages_show_list", "pages_read_engagement", "pages_read_user_content"];
        let access = entry::graph(values, HOST, &scopes)?;
        let base = settings::base(values, HOST).ok()?;
        let page = settings::escape(settings::value(values, "page")?);
        let version = settings::escape(settings::value(values, "version").unwrap_or("v23.0"));
        // Recommendations are shown to the page itself, not to the person who runs it.
        let url = format!("{base}/{version}/{page}?fields=access_token");
        Some(Access { derived: Some((url, "access_token".into())), ..access })
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let page = settings::escape(settings::need(values, "page", "the page's id or name")?);
        let token = settings::need_secret(values, "token", "the page's access token")?;
        let version = settings::escape(settings::value(values, "version").unwrap_or("v23.0"));
        let (edge, fields) = match settings::value(values, "what") {
            Some("feed") => (
                "feed",
                "id,message,story,created_time,updated_time,permalink_url,from,shares,comments.summary(true).limit(50){id,message,created_time,from,permalink_url,like_count,comment_count,parent}",
            ),
            _ => (
                "ratings",
                "open_graph_story,reviewer,review_text,rating,recommendation_type,has_rating,has_review,created_time",
            ),
        };
        let url = settings::with_query(
            &format!("{base}/{version}/{page}/{edge}"),
            &[("fields", fields), ("limit", "50")],
        );
        Ok(Request { note: Some("1".into()), ..Request::get(url) }
            .header("authorization", format!("Bearer {token}")))
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_status(response, answer::From::Api).or_else(|p| {
            match answer::text(response).ok().and_then(|t| answer::parse(&t).ok()) {
                // Graph says in the body what a bare 400 does not.
                Some(body) if p.problem == ProblemKind::Malformed && body.has("error") => Ok(()),
                _ => Err(p),
            }
        })?;
        let text = answer::text(response)?;
        if answer::looks_like_html(&text) {
            answer::refuse_block_page(&text)?;
            if text.contains("You must log in") || text.contains("Log in to Facebook") {
                let what = "Facebook shows this to its members only: use the Graph interface.";
                return Err(answer::problem(ProblemKind::Blocked, what));
            }
            return Err(answer::unsupported(
                "Facebook's pages are for people; Goodword reads the Graph interface.",
            ));
        }
        let body = answer::parse(&text)?;
        if let Some(error) = body.at("error") {
            return Err(graph_error(error));
        }
        let mut reading = Reading::default();
        read_body(&body, request, &mut reading)?;
        let page: u32 = request.note.as_deref().and_then(|n| n.parse().ok()).unwrap_or(PAGES);
        // The address that Graph proposes carries the token in clear; the cursor alone is enough.
        if let Some(after) =
            body.str("paging.cursors.after").filter(|_| page < PAGES && body.has("paging.next"))
        {
            reading.follow.extend(settings::set_parameter(&request.url, "after", after).map(|url| Request {
                headers: request.headers.clone(),
                note: Some((page + 1).to_string()),
                ..Request::get(url)
            }));
        }
        Ok(reading)
    }
}

/// Graph's own error: codes say more than words. 4, 17, 32, 613: too often; 190, 102, 10, 200–299: rights; 100 with 33: nothing there.
pub(super) fn graph_error(error: &Value) -> SourceProblem {
    let kind = match (error.int("code"), error.int("error_subcode")) {
        (Some(4 | 17 | 32 | 341 | 613), _) => ProblemKind::RateLimited,
        (Some(100), Some(33)) | (Some(803), _) => ProblemKind::NotFound,
        (Some(102 | 190 | 10 | 104 | 2500), _) | (Some(200..=299), _) => ProblemKind::Auth,
        (Some(368), _) => ProblemKind::Blocked,
        _ => ProblemKind::Malformed,
    };
    answer::problem(kind, format!("Facebook says: {}", error.str("message").unwrap_or("an error")))
}

fn read_body(body: &Value, request: &Request, reading: &mut Reading) -> Result<(), SourceProblem> {
    if body.at("entry").is_some_and(Value::is_array) {
        for change in body.list("entry").iter().flat_map(|e| e.list("changes")) {
            reading.mentions.extend(change.at("value").and_then(|v| event(v, change.str("field"))));
        }
    } else if body.at("data").is_some_and(Value::is_array) {
        for item in body.list("data") {
            node(item, request, None, reading);
        }
        reading.totals.count = body.int("summary.total_count").and_then(|n| n.try_into().ok());
    } else if is_node(body) {
        node(body, request, None, reading);
    } else if body
        .as_object()
        .is_some_and(|m| !m.is_empty() && m.values().all(|v| v.is_object() && v.has("id")))
    {
        // `?ids=…`: an object keyed by id.
        for item in body.as_object().into_iter().flat_map(|m| m.values()) {
            node(item, request, None, reading);
        }
    } else if let Some(data) = body.at("data").filter(|d| d.is_object()) {
        node(data, request, None, reading);
    } else if EDGES.iter().any(|k| body.at(k).is_some_and(|edge| edge.has("data"))) {
        // A page with what was asked for beside its name.
        for item in EDGES.iter().filter_map(|k| body.at(k)).flat_map(|edge| edge.list("data")) {
            node(item, request, None, reading);
        }
    } else if !answer::is_other(body, &OTHER) {
        return Err(answer::unsupported(
            "This is no answer of the Graph interface that could hold reviews or comments.",
        ));
    }
    if body.has("overall_star_rating") {
        reading.totals.average = body.float("overall_star_rating");
        reading.totals.best = Some(5.0);
        reading.totals.count = body.int("rating_count").and_then(|n| n.try_into().ok());
    }
    Ok(())
}

/// What may be asked for together with a page.
const EDGES: [&str; 6] = ["ratings", "feed", "posts", "published_posts", "visitor_posts", "tagged"];

/// Documents of the interface that say nothing: pages, tokens, what was done.
const OTHER: [&str; 5] = ["id", "overall_star_rating", "rating_count", "success", "access_token"];

fn is_node(item: &Value) -> bool {
    is_rating(item) || item.has("message") || item.has("story") || item.has("created_time")
}

fn is_rating(item: &Value) -> bool {
    ["has_rating", "has_review", "recommendation_type", "review_text", "reviewer"].iter().any(|k| item.has(k))
}

/// A recommendation, a post with its comments, or a comment.
fn node(item: &Value, request: &Request, post: Option<&str>, reading: &mut Reading) {
    if is_rating(item) {
        reading.mentions.extend(rating(item));
        return;
    }
    let comments = item.at("comments");
    let is_comment = post.is_some()
        || item.has("comment_count")
        || item.has("parent")
        || (item.has("like_count") && !item.has("shares"))
        || request.url.split('?').next().is_some_and(|u| u.ends_with("/comments"))
        || item.str("permalink_url").is_some_and(|u| u.contains("comment_id="));
    let published = item.str("created_time").and_then(dates::parse);
    let id = item.id("id");
    let text = item.str("message").unwrap_or("");
    // Accounts, pages and figures have an id and no time; a post without words at least has its story or its pictures.
    let shown = || ["story", "attachments", "full_picture", "permalink_url"].iter().any(|k| item.has(k));
    if published.is_none() && text.is_empty() && (id.is_none() || !shown()) {
        return;
    }
    let parent = item.id("parent.id");
    let count = comments.and_then(|c| c.int("summary.total_count")).or_else(|| item.int("comment_count"));
    let likes = if is_comment { item.int("like_count") } else { None };
    reading.mentions.push(Mention {
        external_id: id.clone(),
        kind: if is_comment { Kind::Comment } else { Kind::Post },
        url: item.string("permalink_url"),
        author: Author { name: item.string("from.name"), id: item.id("from.id"), ..Author::default() },
        text: plain::tidy(text),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        thread: (is_comment && (post.is_some() || parent.is_some())).then(|| Thread {
            id: post.map(str::to_owned),
            parent_id: parent.or_else(|| post.map(str::to_owned)),
        }),
        engagement: Some(Engagement {
            likes: likes.or_else(|| item.int("likes.summary.total_count")),
            replies: count,
            shares: item.int("shares.count"),
            views: None,
        })
        .filter(|e| *e != Engagement::default()),
        ..Mention::default()
    });
    for comment in comments.map(|c| c.list("data")).unwrap_or_default() {
        let post = if is_comment { post } else { id.as_deref() };
        node(comment, request, post.or(Some("")).filter(|p| !p.is_empty()), reading);
    }
}

fn rating(item: &Value) -> Option<Mention> {
    let story = item.at("open_graph_story").unwrap_or(&Value::Null);
    let place =
        ["data.generic_place", "data.seller", "data.page", "data.place"].iter().find_map(|k| story.at(k));
    let published = item.str("created_time").or_else(|| story.str("start_time")).and_then(dates::parse);
    let text = item.str("review_text").or_else(|| story.str("message")).unwrap_or("");
    Some(Mention {
        external_id: story.id("id").or_else(|| item.id("open_graph_story_id")).or_else(|| item.id("id")),
        kind: Kind::Review,
        author: Author {
            name: item.string("reviewer.name"),
            id: item.id("reviewer.id"),
            ..Author::default()
        },
        rating: stars(
            item.float("rating").or_else(|| story.float("data.rating.value")),
            item.str("recommendation_type").or_else(|| story.str("data.recommendation_type")),
        ),
        text: plain::tidy(text),
        language: story.string("data.language"),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        subject: place.map(|p| Subject {
            id: p.id("id"),
            name: p.string("title").or_else(|| p.string("name")),
            url: p.string("url"),
        }),
        ..Mention::default()
    })
}

/// Stars where there are some, else whether it was recommended.
fn stars(value: Option<f64>, recommended: Option<&str>) -> Option<Rating> {
    if let Some(value) = value.filter(|v| (1.0..=5.0).contains(v)) {
        return Some(Rating::stars(value));
    }
    let value = match recommended?.to_ascii_lowercase().as_str() {
        "positive" => 1.0,
        "negative" => 0.0,
        _ => return None,
    };
    Some(Rating { value, best: 1.0, worst: Some(0.0) })
}

/// A webhook event: something was added, changed or removed.
fn event(value: &Value, field: Option<&str>) -> Option<Mention> {
    let removed = matches!(value.str("verb"), Some("remove" | "delete" | "hide"));
    let item = value.str("item").unwrap_or("");
    let kind = match item {
        "rating" => Kind::Review,
        "comment" => Kind::Comment,
        "status" | "post" | "photo" | "video" | "share" | "link" => Kind::Post,
        "" if field == Some("ratings") => Kind::Review,
        _ => return None,
    };
    let id = match kind {
        Kind::Review => value.id("open_graph_story_id"),
        Kind::Comment => value.id("comment_id"),
        _ => value.id("post_id"),
    };
    if removed {
        return Some(Mention { external_id: Some(id?), kind, deleted: true, ..Mention::default() });
    }
    let published = value.int("created_time").and_then(dates::seconds);
    let name = ["reviewer_name", "sender_name", "from.name"].iter().find_map(|k| value.string(k));
    Some(Mention {
        external_id: id,
        kind,
        url: value.string("post.permalink_url").or_else(|| value.string("permalink_url")),
        author: Author {
            name,
            id: ["reviewer_id", "sender_id", "from.id"].iter().find_map(|k| value.id(k)),
            ..Author::default()
        },
        rating: if kind == Kind::Review {
            stars(value.float("rating"), value.str("recommendation_type"))
        } else {
            None
        },
        text: plain::tidy(value.str("review_text").or_else(|| value.str("message")).unwrap_or("")),
        published_at: published,
        published_precision: published.map(|_| Precision::Second),
        thread: (kind == Kind::Comment)
            .then(|| Thread { id: value.id("post_id"), parent_id: value.id("parent_id") }),
        ..Mention::default()
    })
}
