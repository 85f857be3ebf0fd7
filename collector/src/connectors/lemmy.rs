//! Lemmy: posts and comments that a search on an instance finds, or a community's newest.

use goodword_shared::{
    Author, Kind, Mention, Time,
    mention::{Engagement, Thread},
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;

use super::{Connector, Cursor, Reading, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

const HOST: &str = "https://lemmy.world";
const PAGES: u32 = 5;

/// Lemmy.
pub struct Lemmy;

impl Connector for Lemmy {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "lemmy".into(),
            title: "Lemmy".into(),
            summary: "Posts and comments on Lemmy that name you.".into(),
            route: Route::Api,
            legal_basis: "The instance's public interface; what authors delete there is deleted here.".into(),
            storage: StorageRule::FollowDeletion,
            pace_ms: 2_000,
            every_minutes: 60,
            robots: false,
            how_to: "Write the words to look for, and choose an instance that knows the communities you care about. No key is \
                     needed."
                .into(),
            fields: vec![
                settings::field("query", "Words", "What people would write when they mean you.", FieldType::Text),
                settings::field("community", "Community", "Only this one, such as bread@lemmy.world.", FieldType::Text),
                settings::base_field(HOST),
            ],
            recognises: vec!["https://lemmy.world/c/bread".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        let base = url.origin().ascii_serialization();
        let lemmy = settings::host(&url).contains("lemmy");
        match settings::parts(&url).as_slice() {
            ["c", community, ..] => {
                let values = settings::values(&[("base", &base), ("community", community)]);
                Some((if lemmy { 0.95 } else { 0.5 }, values, format!("{community} on Lemmy")))
            }
            _ if lemmy => Some((0.5, settings::values(&[("base", &base)]), "Lemmy".into())),
            _ => None,
        }
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let community = settings::value(values, "community");
        let url = match (settings::value(values, "query"), community) {
            (Some(query), community) => {
                let mut pairs =
                    vec![("q", query), ("type_", "All"), ("sort", "New"), ("limit", "50"), ("page", "1")];
                pairs.extend(community.map(|c| ("community_name", c)));
                settings::with_query(&format!("{base}/api/v3/search"), &pairs)
            }
            (None, Some(community)) => {
                let pairs = [("community_name", community), ("sort", "New"), ("limit", "50"), ("page", "1")];
                settings::with_query(&format!("{base}/api/v3/post/list"), &pairs)
            }
            (None, None) => {
                return Err(answer::unsupported("Fill in the words to look for, or a community."));
            }
        };
        Ok(Request { note: Some("1".into()), ..Request::get(url) })
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let body = answer::json(response)?;
        let mut reading = Reading::default();
        if !answer::is_other(&body, &KNOWN) {
            return Err(answer::unsupported("This answer of Lemmy holds no posts or comments."));
        }
        // A view on its own holds the post or the comment beside its author; a comment's holds the post it belongs to as well.
        let bare = |name: &str| body.at(name).map(|inner| if inner.has(name) { inner } else { &body });
        let single = body.at("post_view").or_else(|| bare("post").filter(|_| !body.has("comment")));
        let posts = body.list("posts").iter().chain(single);
        reading.mentions.extend(posts.filter_map(|v| entry(v, false)));
        let single = body.at("comment_view").or_else(|| bare("comment"));
        let comments = ["comments", "replies", "mentions"].iter().flat_map(|k| body.list(k)).chain(single);
        reading.mentions.extend(comments.filter_map(|v| entry(v, true)));
        // Since version 1 a search mixes both in one list.
        let mixed = ["results", "items"].iter().flat_map(|k| body.list(k));
        reading.mentions.extend(mixed.filter_map(|v| entry(v, v.has("comment"))));
        let page: u32 = request.note.as_deref().and_then(|n| n.parse().ok()).unwrap_or(PAGES);
        if page < PAGES && reading.mentions.len() >= 50 {
            let next = (page + 1).to_string();
            let url = settings::set_parameter(&request.url, "page", &next);
            reading.follow.extend(url.map(|u| Request { note: Some(next), ..Request::get(u) }));
        }
        Ok(reading)
    }
}

/// What an answer of Lemmy holds, posts and comments first.
const KNOWN: [&str; 16] = [
    "posts",
    "comments",
    "post_view",
    "comment_view",
    "post",
    "comment",
    "replies",
    "mentions",
    "results",
    "items",
    "site_view",
    "communities",
    "community_view",
    "community",
    "person",
    "users",
];

fn entry(view: &Value, comment: bool) -> Option<Mention> {
    let item = view.at(if comment { "comment" } else { "post" })?;
    let creator = view.at("creator").unwrap_or(&Value::Null);
    let address = item.string("ap_id");
    let gone = item.truth("deleted") == Some(true) || item.truth("removed") == Some(true);
    let published = item.str("published").or_else(|| item.str("published_at")).and_then(dates::parse);
    let path = item.string("path").unwrap_or_default();
    let parent = path.rsplit('.').nth(1).filter(|p| *p != "0").map(str::to_owned);
    let author = Author {
        name: creator.string("display_name"),
        handle: creator.string("name"),
        id: creator.id("id"),
        url: creator.string("actor_id").or_else(|| creator.string("ap_id")),
        ..Author::default()
    };
    Some(Mention {
        // The same post has another number on every instance; its address is one.
        external_id: address.clone().or_else(|| item.id("id")),
        kind: if comment { Kind::Comment } else { Kind::Post },
        url: address,
        author: if gone { Author::default() } else { author },
        title: item.string("name").filter(|_| !comment && !gone),
        text: if gone {
            String::new()
        } else {
            plain::tidy(item.str(if comment { "content" } else { "body" }).unwrap_or(""))
        },
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        edited_at: item.str("updated").or_else(|| item.str("updated_at")).and_then(dates::instant),
        thread: comment
            .then(|| Thread { id: item.id("post_id"), parent_id: parent.or_else(|| item.id("post_id")) }),
        engagement: Some(Engagement {
            likes: view.int("counts.score").or_else(|| item.int("score")),
            replies: ["counts.comments", "counts.child_count", "post.comments", "comment.child_count"]
                .iter()
                .find_map(|path| view.int(path)),
            ..Engagement::default()
        }),
        deleted: gone,
        ..Mention::default()
    })
}
