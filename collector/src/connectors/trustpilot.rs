//! Trustpilot: the business interface (which hands over e-mail and order number), its events, and the public page.

use goodword_shared::{
    Author, Kind, Mention, Rating, Time,
    access::{Access, Grant, Proof},
    mention::{Engagement, Reply, Subject},
    problem::{ProblemKind, SourceProblem},
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use memchr::memmem;
use serde_json::Value;
use url::Url;

use super::{Connector, Cursor, Reading, entry, schema_org, settings};
use crate::{
    reading::{
        answer::{self, From},
        dates,
        json::Pick,
        plain,
    },
    wire::{Request, Response},
};

const API: &str = "https://api.trustpilot.com";
const PER_PAGE: usize = 100;
const PAGES: u32 = 10;

/// Trustpilot.
pub struct Trustpilot;

impl Connector for Trustpilot {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "trustpilot".into(),
            title: "Trustpilot".into(),
            summary: "Service reviews of your business, with your replies.".into(),
            route: Route::Api,
            legal_basis: "Trustpilot's interface for businesses with a plan that includes it; without a key, your own public \
                          page as far as robots.txt allows."
                .into(),
            storage: StorageRule::Keep,
            pace_ms: 2_000,
            every_minutes: 60,
            robots: false,
            how_to: "In Trustpilot Business open Integrations → Developers → APIs and create an application: its API key goes \
                     here. With its secret as well, Goodword reads the private interface, which names the order and the \
                     e-mail of those whom you invited. The business unit's id is shown on the same page."
                .into(),
            fields: vec![
                settings::field("business_unit", "Business unit", "The id from the developers' page.", FieldType::Text),
                settings::field("page", "Public page", "Only where there is no key.", FieldType::Url),
                settings::field("api_key", "API key", "From Integrations → Developers.", FieldType::Secret),
                settings::field("api_secret", "API secret", "For the private interface (orders, e-mail).", FieldType::Secret),
                settings::field("token", "Access token", "Instead of the secret; it lasts four days.", FieldType::Secret),
                settings::base_field(API),
            ],
            recognises: vec!["https://www.trustpilot.com/review/example.com".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        let host = settings::host(&url);
        if host != "trustpilot.com" && !host.ends_with(".trustpilot.com") {
            return None;
        }
        match settings::parts(&url).as_slice() {
            ["review", business, ..] => {
                let page = format!("{}/review/{business}", url.origin().ascii_serialization());
                Some((0.98, settings::values(&[("page", &page)]), format!("{business} on Trustpilot")))
            }
            _ => Some((0.4, Values::new(), "Trustpilot".into())),
        }
    }

    fn access(&self, values: &Values) -> Option<Access> {
        for name in ["business_unit", "api_key", "api_secret"] {
            settings::value(values, name)?;
        }
        if settings::value(values, "token").is_some() {
            return None;
        }
        let base = settings::base(values, API).ok()?;
        let token_url = format!("{base}/v1/oauth/oauth-business-users-for-applications/accesstoken");
        Some(Access {
            proof: Proof::Basic,
            id_field: "api_key".into(),
            secret_field: "api_secret".into(),
            ..entry::access("trustpilot", "Trustpilot", Grant::App, token_url)
        })
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let Some(unit) = settings::value(values, "business_unit") else {
            let page =
                settings::need(values, "page", "the business unit's id, or the address of the public page")?;
            let url = settings::pasted(page)
                .ok_or_else(|| answer::unsupported("The public page is no web address."))?;
            return Ok(Request { robots: true, note: Some("1".into()), ..Request::get(url) });
        };
        let base = settings::base(values, API)?;
        let key = settings::need_secret(values, "api_key", "the API key from Trustpilot Business")?;
        let unit = settings::escape(unit);
        let token = settings::value(values, "token");
        let private = if token.is_some() { "private/" } else { "" };
        let url = format!("{base}/v1/{private}business-units/{unit}/reviews");
        let url =
            settings::with_query(&url, &[("perPage", "100"), ("orderBy", "createdat.desc"), ("page", "1")]);
        let mut request = Request { note: Some("1".into()), ..Request::get(url) }.header("apikey", key);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        Ok(request)
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_status(response, if request.robots { From::Page } else { From::Api })?;
        let text = answer::text(response)?;
        let number: Option<u32> = request.note.as_deref().and_then(|n| n.parse().ok());
        if text.trim_start().starts_with('<') {
            return page(&text, request, number);
        }
        let body = answer::parse(&text)?;
        if let Some(problem) = answer::said(&body) {
            return Err(problem);
        }
        let mut reading = Reading::default();
        if body.at("events").is_some_and(Value::is_array) {
            let created = |e: &&Value| e.str("eventName") == Some("service-review-created");
            let events = body.list("events").iter().filter(created);
            reading.mentions.extend(events.filter_map(|e| e.at("eventData")).filter_map(|r| review(r, None)));
        } else if body.at("reviews").is_some_and(Value::is_array) {
            let business = body.at("businessUnit");
            reading.mentions.extend(body.list("reviews").iter().filter_map(|r| review(r, business)));
            if let Some(page) = number.filter(|p| *p < PAGES && body.list("reviews").len() >= PER_PAGE) {
                let next = (page + 1).to_string();
                reading.follow.extend(settings::set_parameter(&request.url, "page", &next).map(|url| {
                    Request { headers: request.headers.clone(), note: Some(next), ..Request::get(url) }
                }));
            }
        } else if body.at("productReviews").is_some_and(Value::is_array) {
            reading.mentions.extend(body.list("productReviews").iter().filter_map(|r| review(r, None)));
        } else if body.has("id") && body.has("stars") {
            reading.mentions.extend(review(&body, body.at("businessUnit")));
        } else if body.has("numberOfReviews") {
            reading.totals.count = body
                .int("numberOfReviews.total")
                .or_else(|| body.int("numberOfReviews"))
                .and_then(|n| n.try_into().ok());
            reading.totals.average = body.float("score.trustScore").or_else(|| body.float("trustScore"));
            reading.totals.best = Some(5.0);
        } else {
            return Err(answer::unsupported("This is no list of Trustpilot reviews."));
        }
        Ok(reading)
    }
}

/// The public page: its data stands in one script; older pages only have marked-up reviews.
fn page(text: &str, request: &Request, number: Option<u32>) -> Result<Reading, SourceProblem> {
    let bytes = text.as_bytes();
    if let Some(code) = text.split("<Code>").nth(1).and_then(|c| c.split('<').next()) {
        let kind = if code == "AccessDenied" { ProblemKind::Blocked } else { ProblemKind::Malformed };
        return Err(answer::problem(kind, format!("Trustpilot answers “{code}” instead of the page.")));
    }
    let data = memmem::find(bytes, b"__NEXT_DATA__").and_then(|at| {
        let start = at + text[at..].find('>')? + 1;
        let end = start + text[start..].find("</script")?;
        Some(&text[start..end])
    });
    let Some(data) = data else { return schema_org::read_page(text) };
    let data = answer::parse(data)?;
    let Some(props) = data.at("props.pageProps").filter(|p| p.has("reviews") || p.has("review")) else {
        return schema_org::read_page(text);
    };
    let business = props.at("businessUnit");
    let mut reading = Reading::default();
    let site = Url::parse(&request.url).ok().or_else(|| Url::parse(props.str("pageUrl")?).ok());
    let site = site.map(|u| u.origin().ascii_serialization());
    // A review's own page holds it alone.
    let alone = props.at("review").filter(|_| !props.has("reviews"));
    for item in props.list("reviews").iter().chain(alone) {
        let Some(mut mention) = review(item, business) else { continue };
        let site = site.as_deref().unwrap_or("https://www.trustpilot.com");
        mention.url = mention.external_id.as_ref().map(|id| format!("{site}/reviews/{id}"));
        if let Some(subject) = &mut mention.subject {
            let name = business.and_then(|b| b.string("identifyingName"));
            subject.url = name.map(|n| format!("{site}/review/{n}"));
        }
        reading.mentions.push(mention);
    }
    reading.totals.count = business.and_then(|b| b.int("numberOfReviews")).and_then(|n| n.try_into().ok());
    reading.totals.average = business.and_then(|b| b.float("trustScore"));
    reading.totals.best = Some(5.0);
    let pages = props.int("filters.pagination.totalPages").unwrap_or(1);
    if let Some(page) = number.filter(|p| *p < PAGES && i64::from(*p) < pages && !reading.mentions.is_empty())
    {
        let next = (page + 1).to_string();
        reading.follow.extend(settings::set_parameter(&request.url, "page", &next).map(|url| Request {
            robots: true,
            note: Some(next),
            ..Request::get(url)
        }));
    }
    Ok(reading)
}

/// A review as page, interface and events give it.
fn review(item: &Value, business: Option<&Value>) -> Option<Mention> {
    let id = item.id("id")?;
    let published = ["dates.publishedDate", "createdAt", "publishedDate"]
        .iter()
        .find_map(|k| item.str(k))
        .and_then(dates::parse);
    let edited = ["dates.updatedDate", "updatedAt"].iter().find_map(|k| item.str(k)).and_then(dates::instant);
    let consumer = item.at("consumer").unwrap_or(&Value::Null);
    let reply = item.at("reply").or_else(|| item.at("companyReply"));
    let product = item.at("product").filter(|p| p.has("name"));
    let business = item.at("businessUnit").or(business);
    let subject = product.or(business).map(|b| Subject {
        id: b.id("id"),
        name: ["displayName", "name.identifying", "identifyingName", "name"].iter().find_map(|k| b.string(k)),
        url: b.string("productUrl"),
    });
    let level = item.str("reviewVerificationLevel").map(|level| level != "not-verified");
    let verified =
        item.truth("labels.verification.isVerified").or_else(|| item.truth("isVerified")).or(level);
    Some(Mention {
        external_id: Some(id),
        kind: Kind::Review,
        author: Author {
            name: consumer.string("displayName").or_else(|| consumer.string("name")),
            id: consumer.id("id"),
            location: consumer.string("displayLocation").or_else(|| consumer.string("countryCode")),
            email: item.string("referralEmail").or_else(|| consumer.string("email")),
            ..Author::default()
        },
        rating: item
            .float("rating")
            .or_else(|| item.float("stars"))
            .filter(|s| (1.0..=5.0).contains(s))
            .map(Rating::stars),
        title: item.string("title"),
        text: plain::tidy(["text", "content"].iter().find_map(|k| item.str(k)).unwrap_or("")),
        language: item.string("language"),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        edited_at: edited.filter(|e| published.is_some_and(|p| p.0 < *e)),
        reply: reply.and_then(|r| {
            let text = r.str("message").or_else(|| r.str("text"))?;
            let when = r.str("publishedDate").or_else(|| r.str("createdAt"));
            Some(Reply { text: plain::tidy(text), author: None, published_at: when.and_then(dates::instant) })
        }),
        subject,
        order_id: item.string("referenceId"),
        engagement: item
            .int("likes")
            .or_else(|| item.int("numberOfLikes"))
            .map(|n| Engagement { likes: Some(n), ..Engagement::default() }),
        verified,
        ..Mention::default()
    })
}
