//! Telegram: what a bot of one's own hears in the groups and channels that it belongs to.

use goodword_shared::{
    Author, Kind, Mention, Time,
    mention::{Precision, Thread},
    problem::{ProblemKind, SourceProblem},
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;

use super::{Connector, Cursor, Reading, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

const HOST: &str = "https://api.telegram.org";
const PAGES: u32 = 10;

/// Telegram.
pub struct Telegram;

impl Connector for Telegram {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "telegram".into(),
            title: "Telegram".into(),
            summary: "Messages in the groups and channels to which you add a bot of yours.".into(),
            route: Route::Api,
            legal_basis: "Telegram's bot interface; the members see that the bot is there.".into(),
            storage: StorageRule::FollowDeletion,
            pace_ms: 1_000,
            every_minutes: 10,
            robots: false,
            how_to: "Write to @BotFather on Telegram, make a bot, copy its token, switch its group privacy off (/setprivacy), and \
                     add it to the group."
                .into(),
            fields: vec![
                settings::required("token", "Bot token", "From @BotFather.", FieldType::Secret),
                settings::base_field(HOST),
            ],
            recognises: vec!["https://t.me/examplegroup".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        if !matches!(settings::host(&url), "t.me" | "telegram.me") {
            return None;
        }
        let name = settings::parts(&url)
            .first()
            .map_or_else(|| "Telegram".to_owned(), |g| format!("{g} on Telegram"));
        Some((0.9, Values::new(), name))
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let token = settings::need_secret(values, "token", "the bot's token from @BotFather")?;
        if !token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'_' | b'-')) {
            return Err(answer::problem(ProblemKind::Auth, "A bot's token looks like 123456:ABC-def."));
        }
        let mut pairs = vec![("limit", "100"), ("timeout", "0")];
        pairs.extend(cursor.map(|c| ("offset", c.as_str())));
        let url = settings::with_query(&format!("{base}/bot{token}/getUpdates"), &pairs);
        Ok(Request { note: Some("1".into()), ..Request::get(url) })
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_status(response, answer::From::Api).or_else(|problem| {
            // The body says what a bare 400 does not.
            let vague = problem.problem == ProblemKind::Malformed;
            if vague && answer::text(response).is_ok_and(|t| t.contains("\"ok\"")) {
                Ok(())
            } else {
                Err(problem)
            }
        })?;
        let body = answer::parse(&answer::text(response)?)?;
        if body.truth("ok") == Some(false) {
            let kind = match body.int("error_code") {
                Some(401 | 403) => ProblemKind::Auth,
                Some(404) => ProblemKind::NotFound,
                Some(429) => ProblemKind::RateLimited,
                _ => answer::class_of_words(body.str("description").unwrap_or(""))
                    .unwrap_or(ProblemKind::Malformed),
            };
            return Err(answer::problem(
                kind,
                format!("Telegram says: {}", body.str("description").unwrap_or("an error")),
            ));
        }
        let updates: &[Value] = match body.at("result").unwrap_or(&body) {
            Value::Array(list) => list,
            // What Telegram sends to a webhook is one update.
            one if one.has("update_id") || one.has("message_id") => std::slice::from_ref(one),
            // The bot itself, its webhook, or that something was done.
            other if other.is_boolean() || answer::is_other(other, &["is_bot", "pending_update_count"]) => {
                &[]
            }
            _ => return Err(answer::unsupported("This is no list of updates of a Telegram bot.")),
        };
        let mut reading = Reading::default();
        reading.mentions.extend(updates.iter().filter_map(update));
        // The next offset also tells Telegram that these are done with.
        reading.cursor = updates.iter().filter_map(|u| u.int("update_id")).max().map(|n| (n + 1).to_string());
        let page: u32 = request.note.as_deref().and_then(|n| n.parse().ok()).unwrap_or(PAGES);
        if let Some(offset) = reading.cursor.as_deref().filter(|_| updates.len() >= 100 && page < PAGES) {
            let url = settings::set_parameter(&request.url, "offset", offset);
            reading
                .follow
                .extend(url.map(|u| Request { note: Some((page + 1).to_string()), ..Request::get(u) }));
        }
        Ok(reading)
    }
}

fn update(update: &Value) -> Option<Mention> {
    let kinds = [
        "message",
        "channel_post",
        "edited_message",
        "edited_channel_post",
        "business_message",
        "edited_business_message",
    ];
    // What a bot sent itself comes back as the bare message.
    let own = update.has("message_id").then_some(update);
    let message = kinds.iter().find_map(|k| update.at(k)).or(own)?;
    let text = ["text", "caption", "poll.question"].iter().find_map(|k| message.str(k))?;
    let chat = message.id("chat.id");
    let id = message.id("message_id")?;
    // Numbers of messages are unique within a chat only.
    let id_in = |number: String| chat.as_ref().map_or(number.clone(), |c| format!("{c}/{number}"));
    let channel = message.at("chat").filter(|c| c.str("type") == Some("channel"));
    let from = ["from", "sender_chat"].iter().find_map(|k| message.at(k)).or(channel).unwrap_or(&Value::Null);
    let whole = [from.string("first_name"), from.string("last_name")]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let published = message.int("date").and_then(dates::seconds);
    let public = message.string("chat.username");
    Some(Mention {
        external_id: Some(id_in(id.clone())),
        kind: Kind::Post,
        url: public.map(|u| format!("https://t.me/{u}/{id}")),
        author: Author {
            name: (!whole.is_empty()).then_some(whole).or_else(|| from.string("title")),
            handle: from.string("username"),
            id: from.id("id"),
            ..Author::default()
        },
        text: plain::tidy(text),
        published_at: published,
        published_precision: published.map(|_| Precision::Second),
        edited_at: message.int("edit_date").and_then(dates::seconds),
        thread: message
            .id("reply_to_message.message_id")
            .map(|p| Thread { id: chat.clone(), parent_id: Some(id_in(p)) }),
        ..Mention::default()
    })
}
