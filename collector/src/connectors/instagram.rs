//! Instagram business accounts through the Graph interface: comments, mentions and tagged media.

use goodword_shared::{
    Author, Kind, Mention, Time,
    access::Access,
    mention::{Engagement, Thread},
    problem::{ProblemKind, SourceProblem},
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;

use super::{Connector, Cursor, Reading, entry, facebook, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

const HOST: &str = "https://graph.facebook.com";
const PAGES: u32 = 10;

/// Instagram.
pub struct Instagram;

impl Connector for Instagram {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "instagram".into(),
            title: "Instagram".into(),
            summary: "Comments under your posts, and posts of others that tag you.".into(),
            route: Route::Api,
            legal_basis: "The Graph interface with your own business account's token; what people delete is deleted here.".into(),
            storage: StorageRule::FollowDeletion,
            pace_ms: 1_000,
            every_minutes: 30,
            robots: false,
            how_to: "Make the account a business account and connect it to a Facebook page. At developers.facebook.com create an \
                     app with instagram_basic and instagram_manage_comments. Fill in the app's id and secret and the account's number, \
                     register the redirect address shown below under Facebook Login → Settings, save, and connect the account. \
                     Facebook lets such access last for two months; Goodword says when it ends."
                .into(),
            fields: vec![
                settings::required("account", "Account", "The account's number in the Graph interface.", FieldType::Text),
                settings::choice("what", "Read", "What to read.", &[("media", "Your posts and their comments"), ("tags", "Posts that tag you")]),
            ]
            .into_iter()
            .chain(entry::app_fields("App ID", "App secret", "From the app's settings, under Basic."))
            .chain([
                settings::field("token", "Access token", "Instead of app and account.", FieldType::Secret),
                settings::default(settings::field("version", "Version", "Of the interface.", FieldType::Text), "v23.0"),
                settings::base_field(HOST),
            ])
            .collect(),
            recognises: vec!["https://www.instagram.com/cornerstonebakery/".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        if settings::host(&url) != "instagram.com" {
            return None;
        }
        let name = settings::parts(&url)
            .first()
            .map_or_else(|| "Instagram".to_owned(), |a| format!("{a} on Instagram"));
        Some((0.9, Values::new(), name))
    }

    fn access(&self, values: &Values) -> Option<Access> {
        let scopes =
            ["instagram_basic", "instagram_manage_comments", "pages_show_list", "pages_read_engagement"];
        entry::graph(values, HOST, &scopes)
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let account = settings::escape(settings::need(values, "account", "the account's number")?);
        let token = settings::need_secret(values, "token", "an access token")?;
        let version = settings::escape(settings::value(values, "version").unwrap_or("v23.0"));
        let edge = if settings::value(values, "what") == Some("tags") { "tags" } else { "media" };
        let fields = "id,caption,timestamp,permalink,username,like_count,comments_count,comments.limit(50){id,text,timestamp,username,like_count,replies{id,text,timestamp,username,like_count}}";
        let url = settings::with_query(
            &format!("{base}/{version}/{account}/{edge}"),
            &[("fields", fields), ("limit", "25")],
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
            let said = answer::text(response).is_ok_and(|t| t.contains("\"error"));
            if said && p.problem == ProblemKind::Malformed { Ok(()) } else { Err(p) }
        })?;
        let body = answer::parse(&answer::text(response)?)?;
        if let Some(error) = body.at("error") {
            return Err(facebook::graph_error(error));
        }
        let mut reading = Reading::default();
        if let Some(kind) = body.str("meta.error_type") {
            let said = body.str("meta.error_message").unwrap_or(kind);
            let kind = answer::class_of_words(&format!("{kind} {said}")).unwrap_or(ProblemKind::Malformed);
            return Err(answer::problem(kind, format!("Instagram says: {said}")));
        } else if body.at("entry").is_some_and(Value::is_array) {
            // What Instagram sends to a webhook.
            let changes = body.list("entry").iter().flat_map(|e| e.list("changes"));
            let told = changes.filter(|c| c.str("field").is_some_and(|f| f.ends_with("comments")));
            told.filter_map(|c| c.at("value")).for_each(|v| node(v, None, None, &mut reading));
        } else if body.at("data").is_some_and(Value::is_array) {
            body.list("data").iter().for_each(|i| node(i, None, None, &mut reading));
        } else if let Some(comment) = body.at("mentioned_comment") {
            node(comment, None, None, &mut reading);
        } else if let Some(media) = body.at("mentioned_media").or_else(|| body.at("business_discovery")) {
            if media.has("media") {
                media.list("media.data").iter().for_each(|i| node(i, None, None, &mut reading));
            } else {
                node(media, None, None, &mut reading);
            }
        } else if is_media(&body) || body.has("text") {
            node(&body, None, None, &mut reading);
        } else if body
            .as_object()
            .is_some_and(|m| !m.is_empty() && m.values().all(|v| v.is_object() && v.has("id")))
        {
            body.as_object()
                .into_iter()
                .flat_map(|m| m.values())
                .for_each(|i| node(i, None, None, &mut reading));
        } else if !body.has("id") {
            return Err(answer::unsupported("This answer of Instagram holds no posts or comments."));
        }
        let page: u32 = request.note.as_deref().and_then(|n| n.parse().ok()).unwrap_or(PAGES);
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

fn is_media(item: &Value) -> bool {
    ["media_type", "caption", "permalink", "media_url", "comments_count", "media_product_type"]
        .iter()
        .any(|k| item.has(k))
}

/// A post with its comments, or a comment with its answers. The parts of an album are no posts.
fn node(item: &Value, post: Option<&str>, parent: Option<&str>, reading: &mut Reading) {
    let media = is_media(item) && post.is_none();
    let Some(id) = item.id("id") else { return };
    if !media && !["text", "timestamp", "created_time"].iter().any(|k| item.has(k)) {
        return;
    }
    // The interface of before 2018 counted seconds and put people and captions into objects.
    let published = item.str("timestamp").or_else(|| item.str("created_time")).and_then(dates::parse);
    let text =
        if media { item.str("caption").or_else(|| item.str("caption.text")) } else { item.str("text") };
    let person = ["from", "user"].iter().find_map(|k| item.at(k)).unwrap_or(&Value::Null);
    let handle = item.string("username").or_else(|| person.string("username"));
    let thread = post.map(str::to_owned).or_else(|| item.id("media.id"));
    reading.mentions.push(Mention {
        external_id: Some(id.clone()),
        kind: if media { Kind::Post } else { Kind::Comment },
        url: item.string("permalink").or_else(|| item.string("link").filter(|_| media)),
        author: Author {
            url: handle.as_ref().map(|h| format!("https://www.instagram.com/{h}/")),
            handle,
            name: person.string("full_name"),
            id: person.id("id"),
            ..Author::default()
        },
        text: plain::tidy(text.unwrap_or("")),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        thread: thread.map(|id| Thread { id: Some(id), parent_id: parent.map(str::to_owned) }),
        engagement: Some(Engagement {
            likes: item.int("like_count").or_else(|| item.int("likes.count")),
            replies: item.int("comments_count").or_else(|| item.int("comments.count")),
            ..Engagement::default()
        })
        .filter(|e| *e != Engagement::default()),
        ..Mention::default()
    });
    for comment in item.list("comments.data") {
        node(comment, Some(&id), Some(&id), reading);
    }
    for reply in item.list("replies.data") {
        node(reply, post.or(Some(&id)), Some(&id), reading);
    }
}
