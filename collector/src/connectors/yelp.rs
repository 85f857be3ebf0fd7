//! Yelp: the Fusion interface and its predecessor, GraphQL answers, and saved pages of the older layout.

use goodword_shared::{
    Author, Kind, Mention, Rating, Time,
    mention::{Reply, Subject},
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;
use url::Url;

use super::{Allowance, Connector, Cursor, Reading, schema_org, settings};
use crate::{
    reading::{
        answer, dates,
        json::Pick,
        numbers, plain,
        tree::{Element, Tree},
    },
    wire::{Request, Response},
};

const HOST: &str = "https://api.yelp.com";

/// Yelp.
pub struct Yelp;

impl Connector for Yelp {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "yelp".into(),
            title: "Yelp".into(),
            summary: "The newest review excerpts of your business that Yelp hands out.".into(),
            route: Route::Api,
            legal_basis: "Yelp's Fusion interface under its terms: excerpts only, kept for a day, shown with a link. Yelp forbids \
                          asking for reviews."
                .into(),
            storage: StorageRule::Days(1),
            pace_ms: 2_000,
            every_minutes: 360,
            robots: false,
            how_to: "Sign in at yelp.com/developers, create an app and copy its API key. Yelp gives three excerpts of the newest \
                     reviews at a time and 300 calls a day in a trial; more needs a paid plan."
                .into(),
            fields: vec![
                settings::example(
                    settings::required("business", "Business", "The last part of the page's address.", FieldType::Text),
                    "cornerstone-bakery-portland",
                ),
                settings::required("api_key", "API key", "From yelp.com/developers.", FieldType::Secret),
                settings::field("locale", "Language", "Such as en_US or de_DE.", FieldType::Text),
                settings::base_field(HOST),
            ],
            recognises: vec!["https://www.yelp.com/biz/cornerstone-bakery-portland".into()],
        }
    }

    fn allowance(&self, _settings: &Values) -> Option<Allowance> {
        Some(Allowance { units: 300, called: "calls", zone: "UTC", zone_shown: "UTC" })
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        let host = settings::host(&url);
        if !(host.starts_with("yelp.") || host.contains(".yelp.")) {
            return None;
        }
        match settings::parts(&url).as_slice() {
            ["biz", business, ..] => {
                let name = business.replace('-', " ");
                Some((0.98, settings::values(&[("business", business)]), format!("{name} on Yelp")))
            }
            _ => Some((0.4, Values::new(), "Yelp".into())),
        }
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let business =
            settings::escape(settings::need(values, "business", "the last part of its address on Yelp")?);
        let key = settings::need_secret(values, "api_key", "the key from yelp.com/developers")?;
        let mut pairs = vec![("sort_by", "newest"), ("limit", "50")];
        pairs.extend(settings::value(values, "locale").map(|l| ("locale", l)));
        let url = settings::with_query(&format!("{base}/v3/businesses/{business}/reviews"), &pairs);
        Ok(Request::get(url).header("authorization", format!("Bearer {key}")))
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_interface(response)?;
        let text = answer::text(response)?;
        if text.trim_start().starts_with('<') {
            return page(&text, request);
        }
        let body = answer::parse(&text)?;
        if let Some(problem) = answer::said(&body) {
            return Err(problem);
        }
        interface(&body)
    }
}

fn interface(body: &Value) -> Result<Reading, SourceProblem> {
    if let Value::Array(answers) = body {
        // Several questions asked at once are answered in a list; those about other things are passed over.
        let read: Vec<Reading> = answers.iter().filter_map(|answer| interface(answer).ok()).collect();
        if read.is_empty() && !answers.is_empty() {
            return Err(answer::unsupported("This is no answer of Yelp that could hold reviews."));
        }
        let mentions = read.into_iter().flat_map(|reading| reading.mentions).collect();
        return Ok(Reading { mentions, ..Reading::default() });
    }
    let body = body.at("data").unwrap_or(body);
    let mut reading = Reading::default();
    let places: &[Value] = match body.at("search.business").or_else(|| body.at("business")) {
        Some(Value::Array(list)) => list,
        Some(one) => std::slice::from_ref(one),
        None => std::slice::from_ref(body),
    };
    for place in places {
        // A bare list of reviews says nothing of the place.
        let subject = place.has("name").then(|| Subject {
            id: place.id("id"),
            name: place.string("name"),
            url: place.string("url"),
        });
        reading.mentions.extend(place.list("reviews").iter().filter_map(|r| review(r, subject.as_ref())));
        let edges = place.list("reviews.edges").iter().filter_map(|edge| edge.at("node"));
        reading.mentions.extend(edges.filter_map(|r| review(r, subject.as_ref())));
    }
    if let [one] = places {
        reading.totals.count =
            one.int("review_count").or_else(|| one.int("total")).and_then(|n| n.try_into().ok());
        reading.totals.average = one.float("rating").filter(|_| one.has("review_count"));
        reading.totals.best = reading.totals.average.map(|_| 5.0);
    }
    let known =
        ["reviews", "businesses", "business", "search", "review_count", "events", "categories", "terms"]
            .iter()
            .any(|k| body.has(k));
    if reading.mentions.is_empty() && !known {
        return Err(answer::unsupported("This is no answer of Yelp that could hold reviews."));
    }
    Ok(reading)
}

fn review(item: &Value, subject: Option<&Subject>) -> Option<Mention> {
    let words =
        ["text", "text.full", "comment.text", "excerpt"].iter().find_map(|k| item.str(k)).unwrap_or("");
    let rating = item.float("rating").filter(|r| (1.0..=5.0).contains(r));
    if words.is_empty() && rating.is_none() {
        return None;
    }
    // Only the old interface gives an instant; the newer ones a local time without a zone: its day is all that is sure.
    let published = match item.at("time_created") {
        Some(Value::Number(_)) => item
            .int("time_created")
            .and_then(dates::seconds)
            .map(|t| (t, goodword_shared::mention::Precision::Second)),
        Some(Value::String(s)) => s.get(..10).and_then(dates::parse),
        _ => item
            .str("createdAt.utcDateTime")
            .and_then(dates::parse)
            // A day as the reader's country writes it.
            .or_else(|| item.str("localizedDate").and_then(dates::parse)),
    };
    Some(Mention {
        external_id: item.id("id").or_else(|| item.id("encid")),
        kind: Kind::Review,
        url: item.string("url"),
        author: Author {
            name: ["user.name", "user.markupDisplayName", "author.displayName"]
                .iter()
                .find_map(|k| item.string(k)),
            id: ["user.id", "userId", "author.encid"].iter().find_map(|k| item.id(k)),
            url: item.string("user.profile_url"),
            location: item.string("user.displayLocation"),
            ..Author::default()
        },
        rating: rating.map(Rating::stars),
        text: plain::from_either(words),
        language: ["comment.language", "text.language"].iter().find_map(|k| item.string(k)),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        reply: item
            .str("public_reply.text")
            .or_else(|| item.str("businessOwnerReplies.0.comment"))
            .map(|t| Reply { text: plain::from_either(t), ..Reply::default() }),
        subject: subject.cloned(),
        ..Mention::default()
    })
}

/// Pages of the older layout carry ids beside the markup; newer ones only what any page has.
fn page(text: &str, request: &Request) -> Result<Reading, SourceProblem> {
    let tree = Tree::html(text).map_err(|e| answer::malformed(e.to_string()))?;
    let site = Url::parse(&request.url).ok().or_else(|| Url::parse("http://www.yelp.com/").ok());
    let mut reading = Reading::default();
    let heading =
        tree.elements().find(|e| e.is("h1") && e.attribute("itemprop").is_some_and(|p| p == "name"));
    let subject = heading.map(|h| Subject {
        id: None,
        name: Some(h.text()),
        url: Url::parse(&request.url).ok().filter(|u| u.path().starts_with("/biz/")).map(String::from),
    });
    let is_review = |e: &Element<'_>| {
        e.attribute("itemprop").is_some_and(|p| p == "review")
            && e.attribute("data-review-id").is_some_and(|i| !i.is_empty())
    };
    for element in tree.elements().filter(is_review) {
        reading
            .mentions
            .extend(marked(&element, site.as_ref()).map(|m| Mention { subject: subject.clone(), ..m }));
    }
    if reading.mentions.is_empty() {
        return schema_org::read_page(text);
    }
    Ok(reading)
}

fn marked(element: &Element<'_>, site: Option<&Url>) -> Option<Mention> {
    let property = |name: &str| element.find(|e| e.attribute("itemprop").is_some_and(|p| p == name));
    let content =
        |name: &str| property(name).and_then(|e| e.attribute("content").map(|c| c.trim().to_owned()));
    let rating =
        content("ratingValue").and_then(|r| numbers::decimal(&r)).filter(|r| (1.0..=5.0).contains(r));
    let body = property("description").or_else(|| property("reviewBody"));
    let profile = element.find(|e| e.is("a") && e.attribute("href").is_some_and(|h| h.contains("userid=")));
    let published = content("datePublished").and_then(|d| dates::parse(&d));
    Some(Mention {
        external_id: element.attribute("data-review-id").map(|i| i.into_owned()),
        kind: Kind::Review,
        author: Author {
            name: content("author").or_else(|| property("author").map(|a| a.text())),
            url: profile.and_then(|p| site?.join(&p.attribute("href")?).ok()).map(String::from),
            location: element.by_class("user-location").map(|l| l.text()).filter(|l| !l.is_empty()),
            ..Author::default()
        },
        rating: rating.map(Rating::stars),
        text: body.map(|b| b.text()).unwrap_or_default(),
        language: body.and_then(|b| b.attribute("lang").map(|l| l.into_owned())).filter(|l| !l.is_empty()),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        ..Mention::default()
    })
}
