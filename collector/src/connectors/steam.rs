//! Steam: the public reviews of a game or program.

use goodword_shared::{
    Author, Kind, Mention, Rating, Time,
    mention::{Engagement, Precision, Reply, Subject},
    problem::{ProblemKind, SourceProblem},
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;

use super::{Connector, Cursor, Reading, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

const HOST: &str = "https://store.steampowered.com";
const PAGES: u32 = 10;

/// Steam's names of languages and what they are.
const LANGUAGES: [(&str, &str); 32] = [
    ("english", "en"),
    ("german", "de"),
    ("french", "fr"),
    ("italian", "it"),
    ("spanish", "es"),
    ("latam", "es-419"),
    ("portuguese", "pt"),
    ("brazilian", "pt-BR"),
    ("russian", "ru"),
    ("ukrainian", "uk"),
    ("polish", "pl"),
    ("czech", "cs"),
    ("dutch", "nl"),
    ("danish", "da"),
    ("swedish", "sv"),
    ("norwegian", "no"),
    ("finnish", "fi"),
    ("hungarian", "hu"),
    ("romanian", "ro"),
    ("bulgarian", "bg"),
    ("greek", "el"),
    ("turkish", "tr"),
    ("thai", "th"),
    ("vietnamese", "vi"),
    ("japanese", "ja"),
    ("koreana", "ko"),
    ("korean", "ko"),
    ("schinese", "zh-Hans"),
    ("tchinese", "zh-Hant"),
    ("arabic", "ar"),
    ("indonesian", "id"),
    ("malay", "ms"),
];

/// BBCode of Steam's reviews; other brackets belong to the text.
const CODES: [&str; 25] = [
    "b", "i", "u", "strike", "s", "h1", "h2", "h3", "url", "list", "olist", "*", "quote", "code", "spoiler",
    "noparse", "table", "tr", "th", "td", "hr", "p", "center", "img", "sub",
];

/// Steam.
pub struct Steam;

impl Connector for Steam {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "steam".into(),
            title: "Steam".into(),
            summary: "Reviews of a game or program on Steam, with the developer's answers.".into(),
            route: Route::Api,
            legal_basis: "The store's public review interface.".into(),
            storage: StorageRule::Keep,
            pace_ms: 1_500,
            every_minutes: 60,
            robots: false,
            how_to: "Paste the store page's address; the number in it is the app. No key is needed.".into(),
            fields: vec![
                settings::example(
                    settings::required("app", "App", "The number in the store's address.", FieldType::Text),
                    "440",
                ),
                settings::default(
                    settings::field("language", "Language", "all, or one such as german.", FieldType::Text),
                    "all",
                ),
                settings::base_field(HOST),
            ],
            recognises: vec!["https://store.steampowered.com/app/440/Example/".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        if !matches!(settings::host(&url), "store.steampowered.com" | "steamcommunity.com") {
            return None;
        }
        match settings::parts(&url).as_slice() {
            ["app", app, rest @ ..] => {
                let name = rest.first().map_or_else(|| format!("App {app}"), |n| n.replace('_', " "));
                Some((0.98, settings::values(&[("app", app)]), format!("{name} on Steam")))
            }
            _ => Some((0.4, Values::new(), "Steam".into())),
        }
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let app = settings::need(values, "app", "the number in the store's address")?;
        if !app.bytes().all(|b| b.is_ascii_digit()) {
            return Err(answer::unsupported(
                "The app is a number: what follows /app/ in the store's address.",
            ));
        }
        let language = settings::value(values, "language").unwrap_or("all");
        let pairs = [
            ("json", "1"),
            ("filter", "recent"),
            ("language", language),
            ("purchase_type", "all"),
            ("num_per_page", "100"),
            ("cursor", "*"),
        ];
        let url = settings::with_query(&format!("{base}/appreviews/{app}"), &pairs);
        Ok(Request { note: Some("1".into()), ..Request::get(url) })
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let body = answer::json(response)?;
        let reviews: Vec<&Value> = match body.at("reviews") {
            Some(Value::Array(list)) => list.iter().collect(),
            // Some tools keep them by their ids.
            Some(Value::Object(map)) => map.values().collect(),
            _ if body.int("success").is_some_and(|s| s != 1) => {
                return Err(answer::problem(ProblemKind::NotFound, "Steam knows no such app."));
            }
            _ if body.has("query_summary") => Vec::new(),
            _ => return Err(answer::unsupported("This is no list of Steam reviews.")),
        };
        let app = request
            .url
            .split("/appreviews/")
            .nth(1)
            .and_then(|r| r.split(['?', '/']).next())
            .filter(|a| !a.is_empty());
        let mut reading = Reading::default();
        reading.mentions.extend(reviews.iter().filter_map(|r| review(r, app)));
        reading.totals.count =
            body.int("query_summary.total_reviews").filter(|n| *n > 0).and_then(|n| n.try_into().ok());
        let page: u32 = request.note.as_deref().and_then(|n| n.parse().ok()).unwrap_or(PAGES);
        if let Some(cursor) =
            body.str("cursor").filter(|c| *c != "*" && page < PAGES && !reading.mentions.is_empty())
        {
            reading.follow.extend(
                settings::set_parameter(&request.url, "cursor", cursor)
                    .map(|url| Request { note: Some((page + 1).to_string()), ..Request::get(url) }),
            );
        }
        Ok(reading)
    }
}

fn review(item: &Value, app: Option<&str>) -> Option<Mention> {
    let when = |key: &str| item.int(key).and_then(dates::seconds);
    let published = when("timestamp_created");
    let up = item.truth("voted_up")?;
    let language = item.str("language");
    let steam_id = item.id("author.steamid");
    Some(Mention {
        external_id: Some(item.id("recommendationid")?),
        kind: Kind::Review,
        url: steam_id
            .as_ref()
            .zip(app)
            .map(|(s, a)| format!("https://steamcommunity.com/profiles/{s}/recommended/{a}/")),
        author: Author {
            name: item.string("author.personaname"),
            url: steam_id.as_ref().map(|s| format!("https://steamcommunity.com/profiles/{s}")),
            id: steam_id,
            ..Author::default()
        },
        rating: Some(Rating { value: f64::from(u8::from(up)), best: 1.0, worst: Some(0.0) }),
        text: plain::tidy(&without_codes(item.str("review").unwrap_or(""))),
        language: language
            .and_then(|l| LANGUAGES.iter().find(|(n, _)| *n == l))
            .map(|(_, c)| (*c).to_owned()),
        published_at: published,
        published_precision: published.map(|_| Precision::Second),
        edited_at: when("timestamp_updated").filter(|u| published.is_some_and(|p| p < *u)),
        reply: item.str("developer_response").map(|t| Reply {
            text: plain::tidy(&without_codes(t)),
            author: None,
            published_at: when("timestamp_dev_responded"),
        }),
        subject: app.map(|a| Subject { id: Some(a.to_owned()), ..Subject::default() }),
        engagement: Some(Engagement {
            likes: item.int("votes_up"),
            replies: item.int("comment_count"),
            ..Engagement::default()
        }),
        verified: item.truth("steam_purchase"),
        ..Mention::default()
    })
}

/// The text without BBCode; a list's items keep their lines.
fn without_codes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        out.push_str(&rest[..open]);
        let inside = &rest[open + 1..];
        let end = inside.find(']').filter(|e| *e < 300);
        let name = end.map(|e| {
            inside[..e].trim_start_matches('/').split(['=', ' ']).next().unwrap_or("").to_ascii_lowercase()
        });
        match (end, name) {
            (Some(end), Some(name)) if CODES.contains(&name.as_str()) => {
                if matches!(name.as_str(), "*" | "tr" | "hr" | "h1" | "h2" | "h3" | "list" | "olist")
                    && !out.ends_with('\n')
                {
                    out.push('\n');
                }
                rest = &inside[end + 1..];
            }
            _ => {
                out.push('[');
                rest = inside;
            }
        }
    }
    out.push_str(rest);
    out
}
