//! App Store Connect: the reviews of the owner's own app in every storefront, with the developer's responses.

use std::collections::HashMap;

use chrono::TimeDelta;
use goodword_shared::{
    Author, Kind, Mention, Rating, Time,
    access::{Access, Grant},
    mention::{Reply, Subject},
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;
use url::Url;

use super::{Connector, Cursor, Reading, Warning, entry, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

const HOST: &str = "https://api.appstoreconnect.apple.com";
/// Pages of one run: 200 reviews each.
const PAGES: u32 = 30;
/// An answer of the developer's may come late: so far back is read again.
const OVERLAP: TimeDelta = TimeDelta::days(30);

/// App Store Connect.
pub struct AppStoreConnect;

impl Connector for AppStoreConnect {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "app_store_connect".into(),
            title: "App Store Connect".into(),
            summary: "Every review of your own app, in all countries, with your responses.".into(),
            route: Route::Api,
            legal_basis: "Apple's interface for developers, with your own key, for your own app.".into(),
            storage: StorageRule::Keep,
            pace_ms: 1_100,
            every_minutes: 60,
            robots: false,
            how_to: "In App Store Connect open Users and Access → Integrations → App Store Connect API and generate a key with \
                     the role Customer Support. Copy the key's id and the issuer id above the list, download the .p8 file (Apple \
                     hands it out once) and paste the whole of it here. The app's number stands under App Information as Apple ID."
                .into(),
            fields: vec![
                settings::example(
                    settings::required("app_id", "App", "Its Apple ID: the number under App Information.", FieldType::Text),
                    "1234567890",
                ),
                settings::example(
                    settings::required("key_id", "Key ID", "Of the key that you generated.", FieldType::Text),
                    "2X9R4HXF34",
                ),
                settings::field(
                    "issuer_id",
                    "Issuer ID",
                    "Above the list of keys. Leave it empty for a key of one person.",
                    FieldType::Text,
                ),
                settings::required(
                    "private_key",
                    "Private key",
                    "The whole .p8 file, with its BEGIN and END lines.",
                    FieldType::Secret,
                ),
                settings::base_field(HOST),
            ],
            recognises: vec!["https://appstoreconnect.apple.com/apps/1234567890/distribution/ios/reviews".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        if settings::host(&url) != "appstoreconnect.apple.com" {
            return None;
        }
        let app = settings::parts(&url).into_iter().skip_while(|p| *p != "apps").nth(1).unwrap_or("");
        let app = if app.bytes().all(|b| b.is_ascii_digit()) { app } else { "" };
        Some((0.98, settings::values(&[("app_id", app)]), format!("App {app} in App Store Connect")))
    }

    fn access(&self, _values: &Values) -> Option<Access> {
        let grant = Grant::Signed {
            audience: "appstoreconnect-v1".into(),
            key_id_field: "key_id".into(),
            issuer_field: "issuer_id".into(),
            key_field: "private_key".into(),
        };
        Some(entry::access("app_store_connect", "App Store Connect", grant, String::new()))
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let app = settings::need(values, "app_id", "the app's Apple ID")?.trim_start_matches("id");
        if !app.bytes().all(|b| b.is_ascii_digit()) {
            return Err(answer::unsupported("The app is a number: its Apple ID under App Information."));
        }
        let token = settings::need_secret(values, "token", "a key from App Store Connect")?;
        let pairs = [
            ("sort", "-createdDate"),
            ("limit", "200"),
            ("include", "response"),
            ("fields[customerReviews]", "rating,title,body,reviewerNickname,createdDate,territory,response"),
            ("fields[customerReviewResponses]", "responseBody,lastModifiedDate,state"),
        ];
        let url = settings::with_query(&format!("{base}/v1/apps/{app}/customerReviews"), &pairs);
        let note = Some(format!("1 {}", cursor.map_or("", String::as_str)));
        Ok(Request { note, ..Request::get(url) }.header("authorization", format!("Bearer {token}")))
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_status(response, answer::From::Api)?;
        let body = answer::parse(&answer::text(response)?)?;
        if let Some(error) = body.at("errors.0") {
            let said = error.str("detail").or_else(|| error.str("title")).unwrap_or("an error");
            let kind = match error.int("status") {
                Some(401 | 403) => goodword_shared::ProblemKind::Auth,
                Some(404) => goodword_shared::ProblemKind::NotFound,
                Some(429) => goodword_shared::ProblemKind::RateLimited,
                _ => goodword_shared::ProblemKind::Malformed,
            };
            return Err(answer::problem(kind, format!("App Store Connect says: {said}")));
        }
        let items: &[Value] = match body.at("data") {
            Some(Value::Array(list)) => list,
            Some(one) => std::slice::from_ref(one),
            None => return Err(answer::unsupported("This is no list of App Store Connect.")),
        };
        let responses: HashMap<&str, &Value> = body
            .list("included")
            .iter()
            .filter(|i| i.str("type") == Some("customerReviewResponses"))
            .filter_map(|i| Some((i.str("id")?, i)))
            .collect();
        let app = request.url.split("/apps/").nth(1).and_then(|r| r.split(['/', '?']).next());
        let mut reading = Reading::default();
        for (i, item) in items.iter().enumerate() {
            match review(item, &responses, app) {
                Some(mention) => reading.mentions.push(mention),
                None => reading.warnings.push(Warning {
                    warning: "A review without a readable star rating was left out.".into(),
                    at: item.id("id").unwrap_or_else(|| format!("item {i}")),
                }),
            }
        }
        reading.totals.count = body.int("meta.paging.total").and_then(|n| n.try_into().ok());
        go_on(&body, request, &mut reading);
        Ok(reading)
    }
}

fn review(item: &Value, responses: &HashMap<&str, &Value>, app: Option<&str>) -> Option<Mention> {
    let stars = item.float("attributes.rating").filter(|r| (1.0..=5.0).contains(r))?;
    let published = item.str("attributes.createdDate").and_then(dates::parse);
    let answered = item.str("relationships.response.data.id").and_then(|id| responses.get(id));
    Some(Mention {
        external_id: Some(item.id("id")?),
        kind: Kind::Review,
        author: Author {
            name: item.string("attributes.reviewerNickname"),
            location: item.string("attributes.territory"),
            ..Author::default()
        },
        rating: Some(Rating::stars(stars)),
        title: item.string("attributes.title"),
        text: plain::tidy(item.str("attributes.body").unwrap_or("")),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        reply: answered.and_then(|r| {
            Some(Reply {
                text: plain::tidy(r.str("attributes.responseBody")?),
                author: None,
                published_at: r.str("attributes.lastModifiedDate").and_then(dates::instant),
            })
        }),
        subject: app.map(|id| Subject { id: Some(id.to_owned()), ..Subject::default() }),
        ..Mention::default()
    })
}

/// The cursor, and the next page while it may hold what is new or newly answered.
fn go_on(body: &Value, request: &Request, reading: &mut Reading) {
    let mut note = request.note.as_deref().unwrap_or("").split(' ');
    let Some(page) = note.next().and_then(|n| n.parse::<u32>().ok()) else { return };
    let before = note.next().and_then(dates::instant);
    let seen = || reading.mentions.iter().filter_map(|m| m.published_at);
    let reached = before.is_some_and(|b| seen().min().is_some_and(|oldest| oldest < b - OVERLAP));
    if page == 1 {
        reading.cursor = seen().chain(before).max().map(|t| t.to_rfc3339());
    }
    let own = Url::parse(&request.url).ok().map(|u| u.origin());
    let next = body.str("links.next").and_then(|n| Url::parse(n).ok());
    // The token goes to the interface only, whatever the answer names.
    if let Some(next) = next.filter(|n| Some(n.origin()) == own && page < PAGES && !reached) {
        let note = Some(format!("{} {}", page + 1, before.map(|b| b.to_rfc3339()).unwrap_or_default()));
        reading.follow.push(Request { headers: request.headers.clone(), note, ..Request::get(next) });
    }
}
