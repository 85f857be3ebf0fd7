//! Google Play: the store's own public answers (pages and the calls that its pages make) and the publisher interface.
//! The store's data has no names, only places in lists: reviews are found by their shape.

use goodword_shared::{
    Author, Kind, Mention, Rating, Time,
    access::{Access, Grant},
    mention::{Engagement, Precision, Reply, Subject},
    problem::{ProblemKind, SourceProblem},
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;
use url::Url;

use super::{Connector, Cursor, Reading, entry, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response, Verb},
};

const STORE: &str = "https://play.google.com";
const PUBLISHER: &str = "https://androidpublisher.googleapis.com";
/// The store's name for the call that lists reviews.
const CALL: &str = "UsvDTd";
/// The same call as the store's newer pages make it.
const NEWER_CALL: &str = "oCPfdb";
const PAGES: u32 = 10;

/// Google Play.
pub struct GooglePlay;

impl Connector for GooglePlay {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "google_play".into(),
            title: "Google Play".into(),
            summary: "Reviews of an Android app, with the developer's answers.".into(),
            route: Route::Api,
            legal_basis: "The publisher interface for your own app; without a key, what the store shows to everybody.".into(),
            storage: StorageRule::Keep,
            pace_ms: 3_000,
            every_minutes: 120,
            robots: false,
            how_to: "Paste the app's address in the Play store. Without a key, Goodword reads the newest reviews that the store \
                     shows. For your own app you can use the publisher interface instead: in the Google Cloud console enable the \
                     Google Play Android Developer API, create a service account with a JSON key, and paste the whole key file \
                     here. In the Play Console open Users and permissions, invite the service account's address and allow it \
                     “Reply to reviews”. That interface only knows the last seven days, so leave the source running."
                .into(),
            fields: vec![
                settings::example(
                    settings::required("package", "App", "The package name, as in the address after “id=”.", FieldType::Text),
                    "com.example.loaf",
                ),
                settings::default(
                    settings::field("language", "Language", "Two letters: whose reviews to read.", FieldType::Text),
                    "en",
                ),
                settings::field(
                    "service_account",
                    "Service account key",
                    "For the publisher interface only: the whole JSON file.",
                    FieldType::Secret,
                ),
                settings::field("token", "Access token", "Instead of the key file; it lasts an hour.", FieldType::Secret),
                settings::base_field(STORE),
            ],
            recognises: vec!["https://play.google.com/store/apps/details?id=com.example.loaf".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        if settings::host(&url) != "play.google.com" {
            return None;
        }
        let package = settings::parameter(&url, "id")?;
        let language = settings::parameter(&url, "hl").unwrap_or_else(|| "en".into());
        Some((
            0.98,
            settings::values(&[("package", &package), ("language", &language)]),
            format!("{package} on Google Play"),
        ))
    }

    fn access(&self, values: &Values) -> Option<Access> {
        settings::value(values, "service_account").filter(|_| settings::value(values, "token").is_none())?;
        let grant = Grant::ServiceAccount { key_field: "service_account".into() };
        let token_url = entry::google_token_url(values, STORE);
        Some(Access {
            scopes: vec!["https://www.googleapis.com/auth/androidpublisher".into()],
            ..entry::access("google", "Google", grant, token_url)
        })
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let package = settings::need(values, "package", "the app's package name")?;
        if !package.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'_') {
            return Err(answer::unsupported(
                "A package name holds letters, digits and dots, such as com.example.app.",
            ));
        }
        let base = settings::base(values, STORE)?;
        if let Some(token) = settings::value(values, "token") {
            let base = if base == STORE { PUBLISHER } else { base.as_str() };
            let url = format!("{base}/androidpublisher/v3/applications/{package}/reviews?maxResults=100");
            return Ok(Request::get(url).header("authorization", format!("Bearer {token}")));
        }
        let language = settings::value(values, "language").unwrap_or("en");
        Ok(ask(&base, package, language, None, 1))
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_interface(response)?;
        let text = answer::text(response)?;
        let start = text.trim_start();
        if start.starts_with(")]}'") {
            return called(start, request);
        }
        if start.starts_with('<') {
            return page(&text, request);
        }
        let body = answer::parse(&text)?;
        if let Some(problem) = answer::said(&body) {
            return Err(problem);
        }
        publisher(&body, request)
    }
}

/// The call that the store's page makes to list reviews, newest first.
fn ask(base: &str, package: &str, language: &str, after: Option<&str>, page: u32) -> Request {
    let inner =
        serde_json::json!([null, null, [2, 2, [100, null, after], null, []], [package, 7]]).to_string();
    let call = serde_json::json!([[[CALL, inner, null, "generic"]]]).to_string();
    let body = url::form_urlencoded::Serializer::new(String::new()).append_pair("f.req", &call).finish();
    let address = format!("{base}/_/PlayStoreUi/data/batchexecute");
    let url = settings::with_query(&address, &[("rpcids", CALL), ("hl", language), ("gl", "us")]);
    let note = Some(format!("{package} {language} {page}"));
    let request = Request { verb: Verb::Post, body: Some(body), note, ..Request::get(url) };
    request.header("content-type", "application/x-www-form-urlencoded;charset=UTF-8")
}

/// The answer to such calls: guard, then lengths and lists in turn.
fn called(text: &str, request: &Request) -> Result<Reading, SourceProblem> {
    let text = text.trim_start_matches(")]}'");
    let mut reading = Reading::default();
    let (mut seen, mut whole) = (false, false);
    let mut note = request.note.as_deref().unwrap_or("").split(' ');
    let (package, language, page) =
        (note.next().filter(|p| !p.is_empty()), note.next().unwrap_or("en"), note.next());
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let value = value
            .map_err(|e| answer::malformed(format!("The store's answer is cut off or damaged ({e}).")))?;
        for part in value.list("") {
            whole |= matches!(part.str("0"), Some("e" | "di" | "af.httprm"));
            if part.str("0") != Some("wrb.fr") || part.str("1").is_some_and(|c| c != CALL && c != NEWER_CALL)
            {
                continue;
            }
            seen = true;
            let Some(payload) = part.str("2") else {
                if part.int("5.0") == Some(5) {
                    return Err(answer::problem(ProblemKind::NotFound, "The store knows no such app."));
                }
                continue;
            };
            let payload = answer::parse(payload)?;
            reading.mentions.extend(rows(&payload).into_iter().filter_map(|r| row(r, package)));
            let after = payload.str("1.1").or_else(|| payload.str("1.0.1"));
            let page: u32 = page.and_then(|p| p.parse().ok()).unwrap_or(PAGES);
            let base = Url::parse(&request.url).ok().map(|u| u.origin().ascii_serialization());
            if let (Some(after), Some(package), Some(base)) = (after, package, base)
                && page < PAGES
                && !reading.mentions.is_empty()
            {
                reading.follow.push(ask(&base, package, language, Some(after), page + 1));
            }
        }
    }
    if !seen {
        return Err(if whole {
            answer::unsupported("This answer of the store lists no reviews.")
        } else {
            answer::malformed("This is no answer of the Play store.")
        });
    }
    Ok(reading)
}

/// A page of the store: its data stands in scripts that call `AF_initDataCallback`.
fn page(text: &str, request: &Request) -> Result<Reading, SourceProblem> {
    let package = Url::parse(&request.url).ok().and_then(|u| settings::parameter(&u, "id")).or_else(|| {
        let at = text.find("/store/apps/details?id=")? + "/store/apps/details?id=".len();
        let id: String =
            text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_')).collect();
        Some(id)
    });
    let mut reading = Reading::default();
    let mut blocks = 0;
    let mut rest = text;
    while let Some(at) = rest.find("AF_initDataCallback(") {
        rest = &rest[at + 20..];
        blocks += 1;
        let Some(data) = rest.find("data:").filter(|d| *d < 200) else { continue };
        let Some(open) = rest[data..].find('[').filter(|o| *o < 60).map(|o| data + o) else { continue };
        if let Some(value) = leading_list(&rest[open..]) {
            let found: Vec<Mention> =
                rows(&value).into_iter().filter_map(|r| row(r, package.as_deref())).collect();
            // The page repeats some of its reviews in other blocks.
            for mention in found {
                if !reading.mentions.iter().any(|m| m.external_id == mention.external_id) {
                    reading.mentions.push(mention);
                }
            }
        }
    }
    if blocks == 0 {
        answer::refuse_block_page(text)?;
        let lower = text.to_ascii_lowercase();
        if lower.contains("not found</title>") || lower.contains("requested url was not found") {
            return Err(answer::problem(ProblemKind::NotFound, "The Play store knows no such app."));
        }
        return Err(answer::unsupported("This is no page of an app in the Play store."));
    }
    Ok(reading)
}

/// The JSON list at the beginning of a script's rest; older pages write letters as `\x3d`.
fn leading_list(text: &str) -> Option<Value> {
    let read = |text: &str| serde_json::Deserializer::from_str(text).into_iter::<Value>().next()?.ok();
    read(text).or_else(|| {
        let end = text.find("</script").unwrap_or(text.len());
        read(&text[..end].replace("\\x", "\\u00"))
    })
}

/// Every list inside that has the shape of a review.
fn rows(value: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        if is_row(value) {
            found.push(value);
        } else if let Value::Array(list) = value {
            waiting.extend(list.iter().rev());
        } else if let Value::Object(map) = value {
            waiting.extend(map.values());
        }
    }
    found
}

fn is_row(value: &Value) -> bool {
    value.str("0").is_some_and(|id| id.len() > 8)
        && value.str("1.0").is_some()
        && value.int("2").is_some_and(|s| (1..=5).contains(&s))
        && value.at("2").is_some_and(Value::is_number)
        && value.at("4").is_none_or(Value::is_string)
        && value.int("5.0").is_some_and(|t| t > 1_200_000_000)
}

fn row(row: &Value, package: Option<&str>) -> Option<Mention> {
    let published = row.int("5.0").and_then(dates::seconds);
    let reply = row.str("7.1").map(|text| Reply {
        text: plain::from_either(text),
        author: row.string("7.0"),
        published_at: row.int("7.2.0").and_then(dates::seconds),
    });
    Some(Mention {
        external_id: row.id("0"),
        kind: Kind::Review,
        author: Author {
            name: row.string("1.0").or_else(|| row.string("9.1")),
            id: row.id("9.0"),
            ..Author::default()
        },
        rating: row.float("2").map(Rating::stars),
        text: plain::from_either(row.str("4").unwrap_or("")),
        published_at: published,
        published_precision: published.map(|_| Precision::Second),
        reply,
        subject: package.map(|p| Subject { id: Some(p.to_owned()), ..Subject::default() }),
        engagement: row.int("6").map(|n| Engagement { likes: Some(n), ..Engagement::default() }),
        ..Mention::default()
    })
}

/// The publisher interface: a list of reviews, or one.
fn publisher(body: &Value, request: &Request) -> Result<Reading, SourceProblem> {
    let mut reading = Reading::default();
    let package =
        request.url.split("/applications/").nth(1).and_then(|r| r.split('/').next()).map(str::to_owned);
    if body.has("reviewId") {
        reading.mentions.extend(published(body, package.as_deref()));
    } else if body.has("reviews")
        || body.has("tokenPagination")
        || body.as_object().is_some_and(serde_json::Map::is_empty)
    {
        reading.mentions.extend(body.list("reviews").iter().filter_map(|r| published(r, package.as_deref())));
        let next = body.str("tokenPagination.nextPageToken");
        if let Some(url) = next.and_then(|t| settings::set_parameter(&request.url, "token", t)) {
            reading.follow.push(Request { headers: request.headers.clone(), ..Request::get(url) });
        }
    } else {
        return Err(answer::unsupported("This is no list of reviews of the Play publisher interface."));
    }
    Ok(reading)
}

fn published(review: &Value, package: Option<&str>) -> Option<Mention> {
    let comments = review.list("comments");
    let user = comments.iter().find_map(|c| c.at("userComment"))?;
    let answered = comments.iter().rev().find_map(|c| c.at("developerComment"));
    let when = |c: &Value| c.int("lastModified.seconds").and_then(dates::seconds);
    // Old reviews carry their title before a tab.
    // Where a translation was asked for, what was written stands beside it.
    let words = user.str("originalText").or_else(|| user.str("text")).unwrap_or("");
    let (title, text) = match words.split_once('\t') {
        Some((title, text)) => (Some(title.trim().to_owned()).filter(|t| !t.is_empty()), text),
        None => (None, words),
    };
    Some(Mention {
        external_id: review.id("reviewId"),
        kind: Kind::Review,
        author: Author { name: review.string("authorName"), ..Author::default() },
        rating: user.float("starRating").filter(|s| *s >= 1.0).map(Rating::stars),
        title,
        text: plain::tidy(text),
        language: user.string("reviewerLanguage").map(|l| l.replace('_', "-")),
        published_at: when(user),
        published_precision: when(user).map(|_| Precision::Second),
        reply: answered.map(|a| Reply {
            text: plain::tidy(a.str("text").unwrap_or("")),
            author: None,
            published_at: when(a),
        }),
        subject: package.map(|p| Subject { id: Some(p.to_owned()), ..Subject::default() }),
        engagement: user.int("thumbsUpCount").map(|n| Engagement { likes: Some(n), ..Engagement::default() }),
        ..Mention::default()
    })
}
