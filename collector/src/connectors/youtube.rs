//! YouTube comments: the Data interface, and the answers that its own pages load (for saved files).

use std::collections::HashMap;

use goodword_shared::{
    Author, Kind, Mention, Time,
    access::Access,
    mention::{Engagement, Precision, Subject, Thread},
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;

use super::{Allowance, Connector, Cursor, Reading, entry, settings};
use crate::{
    reading::{answer, dates, json::Pick, numbers, plain, relative},
    wire::{Request, Response},
};

const HOST: &str = "https://www.googleapis.com";
const PAGES: u32 = 10;

/// YouTube.
pub struct YouTube;

impl Connector for YouTube {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "youtube".into(),
            title: "YouTube".into(),
            summary: "Comments under your channel's videos, or under one video.".into(),
            route: Route::Api,
            legal_basis: "YouTube's Data interface with your own key; comments are refreshed or dropped within 30 days.".into(),
            storage: StorageRule::Days(30),
            pace_ms: 1_000,
            every_minutes: 60,
            robots: false,
            how_to: "In the Google Cloud console create a project, enable “YouTube Data API v3” and create an API key. A day's \
                     free quota is enough for a check every few minutes. The channel's id stands under youtube.com → Settings → \
                     Advanced settings. Instead of a key you can create an OAuth client of the type “Web application”, register \
                     the redirect address shown below there, and connect your account after saving."
                .into(),
            fields: vec![
                settings::field("channel", "Channel", "The channel's id, beginning with UC.", FieldType::Text),
                settings::field("video", "Video", "Only this video: its id.", FieldType::Text),
                settings::field("key", "API key", "From the Google Cloud console.", FieldType::Secret),
            ]
            .into_iter()
            .chain(entry::app_fields("Client ID", "Client secret", "Only where you connect an account instead."))
            .chain([settings::base_field(HOST)])
            .collect(),
            recognises: vec![
                "https://www.youtube.com/watch?v=abcdefghijk".into(),
                "https://www.youtube.com/channel/UCabc".into(),
            ],
        }
    }

    fn allowance(&self, _settings: &Values) -> Option<Allowance> {
        Some(Allowance { units: 10_000, called: "units", zone: "America/Los_Angeles", zone_shown: "PT" })
    }

    fn cost(&self, request: &Request) -> u32 {
        if request.url.contains("/search?") { 100 } else { 1 }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        let host = settings::host(&url);
        let video = match host {
            "youtu.be" => settings::parts(&url).first().map(|v| (*v).to_owned()),
            "youtube.com" | "m.youtube.com" => settings::parameter(&url, "v"),
            _ => return None,
        };
        if let Some(video) = video {
            return Some((0.97, settings::values(&[("video", &video)]), format!("YouTube video {video}")));
        }
        match settings::parts(&url).as_slice() {
            ["channel", id, ..] => {
                Some((0.97, settings::values(&[("channel", id)]), format!("YouTube channel {id}")))
            }
            ["shorts" | "live", id, ..] => {
                Some((0.97, settings::values(&[("video", id)]), format!("YouTube video {id}")))
            }
            _ => Some((0.5, Values::new(), "YouTube".into())),
        }
    }

    fn access(&self, values: &Values) -> Option<Access> {
        // The narrowest scope that Google reads comments for.
        let scope = "https://www.googleapis.com/auth/youtube.force-ssl";
        entry::google(values, HOST, scope).filter(|_| settings::value(values, "key").is_none())
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        // A header keeps the key out of addresses and so out of everybody's logs.
        let (header, proof) = match settings::value(values, "token") {
            Some(token) => ("authorization", format!("Bearer {token}")),
            None => {
                let key = settings::need_secret(values, "key", "an API key from the Google Cloud console")?;
                ("x-goog-api-key", key.to_owned())
            }
        };
        let whose = match (settings::value(values, "video"), settings::value(values, "channel")) {
            (Some(video), _) => ("videoId", video),
            (None, Some(channel)) => ("allThreadsRelatedToChannelId", channel),
            (None, None) => return Err(answer::unsupported("Fill in the channel or the video.")),
        };
        let pairs = [
            ("part", "snippet,replies"),
            whose,
            ("order", "time"),
            ("maxResults", "100"),
            ("textFormat", "plainText"),
        ];
        let url = settings::with_query(&format!("{base}/youtube/v3/commentThreads"), &pairs);
        Ok(Request { note: Some("1".into()), ..Request::get(url) }.header(header, proof))
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let body = answer::json(response)?;
        let mut reading = Reading::default();
        // Older pages load a list whose last part is the answer.
        let data = body.list("").iter().find_map(|part| part.at("response")).unwrap_or(&body);
        if ["onResponseReceivedEndpoints", "frameworkUpdates", "continuationContents"]
            .iter()
            .any(|k| data.has(k))
        {
            page_data(data, now, &mut reading);
            return Ok(reading);
        }
        let kind = body.str("kind").or_else(|| {
            let first = body.at("items.0.snippet")?;
            let thread = first.has("topLevelComment");
            let alone = || first.has("textDisplay").then_some("youtube#commentListResponse");
            if thread { Some("youtube#commentThreadListResponse") } else { alone() }
        });
        match kind {
            Some("youtube#commentThreadListResponse") => {
                body.list("items").iter().for_each(|t| thread(t, &mut reading))
            }
            Some("youtube#commentListResponse") => {
                reading.mentions.extend(body.list("items").iter().filter_map(|c| comment(c, None, None)));
            }
            Some("youtube#commentThread") => thread(&body, &mut reading),
            Some("youtube#comment") => reading.mentions.extend(comment(&body, None, None)),
            _ => return Err(answer::unsupported("This answer of YouTube holds no comments.")),
        }
        let page: u32 = request.note.as_deref().and_then(|n| n.parse().ok()).unwrap_or(PAGES);
        if let Some(token) = body.str("nextPageToken").filter(|_| page < PAGES) {
            reading.follow.extend(settings::set_parameter(&request.url, "pageToken", token).map(|url| {
                Request {
                    headers: request.headers.clone(),
                    note: Some((page + 1).to_string()),
                    ..Request::get(url)
                }
            }));
        }
        Ok(reading)
    }
}

/// A comment at the top, then the answers that come with it.
fn thread(item: &Value, reading: &mut Reading) {
    let replies = item.int("snippet.totalReplyCount");
    let video = item.string("snippet.videoId");
    if let Some(top) = item.at("snippet.topLevelComment") {
        reading.mentions.extend(comment(top, replies, video.as_deref()));
    }
    for reply in item.list("replies.comments") {
        reading.mentions.extend(comment(reply, None, video.as_deref()));
    }
}

fn comment(item: &Value, replies: Option<i64>, video: Option<&str>) -> Option<Mention> {
    let snippet = item.at("snippet")?;
    let text = match snippet.str("textOriginal") {
        Some(text) => plain::tidy(text),
        None => plain::from_either(snippet.str("textDisplay").unwrap_or("")),
    };
    let published = snippet.str("publishedAt").and_then(dates::parse);
    let edited = snippet.str("updatedAt").and_then(dates::instant);
    let video = snippet.string("videoId").or_else(|| video.map(str::to_owned));
    let parent = snippet.string("parentId");
    let (name, handle) = named(snippet.string("authorDisplayName"));
    Some(Mention {
        external_id: item.id("id"),
        kind: Kind::Comment,
        url: video
            .as_ref()
            .zip(item.id("id"))
            .map(|(v, id)| format!("https://www.youtube.com/watch?v={v}&lc={id}")),
        author: Author {
            name,
            handle,
            id: snippet.string("authorChannelId.value").or_else(|| snippet.string("authorChannelId")),
            url: snippet.string("authorChannelUrl"),
            ..Author::default()
        },
        text,
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        edited_at: edited.filter(|e| published.is_some_and(|p| p.0 < *e)),
        thread: parent.map(|p| Thread { id: Some(p.clone()), parent_id: Some(p) }),
        subject: video.map(|id| Subject {
            url: Some(format!("https://www.youtube.com/watch?v={id}")),
            id: Some(id),
            name: None,
        }),
        engagement: Some(Engagement { likes: snippet.int("likeCount"), replies, ..Engagement::default() }),
        ..Mention::default()
    })
}

/// New accounts show their handle as name.
fn named(shown: Option<String>) -> (Option<String>, Option<String>) {
    match shown {
        Some(name) if name.starts_with('@') => (Some(name.clone()), Some(name[1..].to_owned())),
        other => (other, None),
    }
}

/// What the site's own pages load: threads in order, their contents beside them.
fn page_data(body: &Value, now: Option<Time>, reading: &mut Reading) {
    let entities: HashMap<&str, &Value> = body
        .list("frameworkUpdates.entityBatchUpdate.mutations")
        .iter()
        .filter_map(|m| m.at("payload.commentEntityPayload"))
        .filter_map(|p| Some((p.str("key")?, p)))
        .collect();
    let commands = ["reloadContinuationItemsCommand", "appendContinuationItemsAction"];
    // Until 2021 they stood under other names.
    let older = ["itemSectionContinuation", "commentRepliesContinuation"]
        .iter()
        .filter_map(|name| body.at("continuationContents")?.at(name))
        .map(|c| c.list("contents"));
    for items in body
        .list("onResponseReceivedEndpoints")
        .iter()
        .filter_map(|e| commands.iter().find_map(|c| e.at(c)))
        .map(|c| c.list("continuationItems"))
        .chain(older)
    {
        for item in items {
            if let Some(count) = item.at("commentsHeaderRenderer.countText.runs") {
                let text: String = count.list("").iter().filter_map(|r| r.str("text")).collect();
                reading.totals.count = numbers::whole(&text).and_then(|n| n.try_into().ok());
            }
            let older = ["commentThreadRenderer.comment.commentRenderer", "commentRenderer"];
            if let Some(comment) = older.iter().find_map(|m| item.at(m)) {
                reading.mentions.extend(rendered(comment, now));
                continue;
            }
            let model = ["commentThreadRenderer.commentViewModel.commentViewModel", "commentViewModel"];
            let key = model.iter().find_map(|m| item.at(m)).and_then(|m| m.str("commentKey"));
            reading.mentions.extend(key.and_then(|k| entities.get(k)).and_then(|e| entity(e, now)));
        }
    }
}

/// A text as pages give it: whole, or in runs.
fn run_text(value: &Value) -> String {
    let runs = || value.list("runs").iter().filter_map(|run| run.str("text")).collect();
    value.str("simpleText").map_or_else(runs, str::to_owned)
}

/// A comment as pages until 2024 carried it.
fn rendered(comment: &Value, now: Option<Time>) -> Option<Mention> {
    let text = |path: &str| comment.at(path).map(run_text).filter(|t| !t.trim().is_empty());
    let id = comment.string("commentId")?;
    let published = text("publishedTimeText").zip(now).and_then(|(t, now)| relative::parse(&t, now));
    let (name, handle) = named(text("authorText"));
    let parent = id.split_once('.').map(|(p, _)| p.to_owned());
    Some(Mention {
        kind: Kind::Comment,
        author: Author {
            name,
            handle,
            id: comment.string("authorEndpoint.browseEndpoint.browseId"),
            ..Author::default()
        },
        text: plain::tidy(&text("contentText").unwrap_or_default()),
        published_at: published,
        published_precision: published.map(|_| Precision::Relative),
        thread: parent.map(|p| Thread { id: Some(p.clone()), parent_id: Some(p) }),
        engagement: Some(Engagement {
            likes: Some(
                text("voteCount")
                    .and_then(|t| numbers::shortened(&t))
                    .or_else(|| comment.int("likeCount"))
                    .unwrap_or(0),
            ),
            replies: comment.int("replyCount"),
            ..Engagement::default()
        }),
        external_id: Some(id),
        ..Mention::default()
    })
}

fn entity(entity: &Value, now: Option<Time>) -> Option<Mention> {
    let count = |path: &str| match entity.at(path).and_then(Value::as_str).map(str::trim) {
        Some("") => Some(0),
        Some(text) => numbers::shortened(text),
        None => entity.int(path),
    };
    let published =
        entity.str("properties.publishedTime").zip(now).and_then(|(t, now)| relative::parse(t, now));
    let (name, handle) = named(entity.string("author.displayName"));
    let id = entity.string("properties.commentId")?;
    let parent = id.split_once('.').map(|(p, _)| p.to_owned());
    Some(Mention {
        kind: Kind::Comment,
        author: Author { name, handle, id: entity.string("author.channelId"), ..Author::default() },
        text: plain::tidy(entity.str("properties.content.content").unwrap_or("")),
        published_at: published,
        published_precision: published.map(|_| Precision::Relative),
        thread: parent.map(|p| Thread { id: Some(p.clone()), parent_id: Some(p) }),
        engagement: Some(Engagement {
            likes: count("toolbar.likeCountNotliked"),
            replies: count("toolbar.replyCount"),
            ..Engagement::default()
        }),
        external_id: Some(id),
        ..Mention::default()
    })
}
