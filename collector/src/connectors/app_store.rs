//! Apple's public customer-review feed: the newest 500 reviews of an app in one or more storefronts, ten pages each.
//! It knows the feed's JSON and Atom forms and the older list of the store's own pages.

use std::collections::BTreeMap;

use goodword_shared::{
    Author, Kind, Mention, Rating, Time,
    mention::{Engagement, Reply, Subject},
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Connector, Cursor, Reading, Warning, settings};
use crate::{
    reading::{
        answer, dates,
        json::Pick,
        plain,
        tree::{Element, Tree},
    },
    wire::{Request, Response},
};

const HOST: &str = "https://itunes.apple.com";
/// Apple gives no more.
const LAST_PAGE: u32 = 10;

/// Apple's App Store.
pub struct AppStore;

/// Where a run stands: travels in the request's note.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Run {
    page: u32,
    country: String,
    /// Storefronts still to come.
    rest: Vec<String>,
    /// Newest review of each storefront at the end of the run before.
    seen: BTreeMap<String, Time>,
    /// Newest review of each storefront in this run.
    newest: BTreeMap<String, Time>,
    app: String,
    base: String,
}

impl Run {
    fn request(&self) -> Request {
        let (base, country, app, page) = (&self.base, &self.country, &self.app, self.page);
        let url = format!("{base}/{country}/rss/customerreviews/id={app}/sortBy=mostRecent/page={page}/json");
        Request { note: serde_json::to_string(self).ok(), ..Request::get(url) }
    }
}

impl Connector for AppStore {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "app_store".into(),
            title: "App Store".into(),
            summary: "Reviews of an iPhone, iPad or Mac app, from Apple's public review feed.".into(),
            route: Route::Feed,
            legal_basis: "Apple publishes this feed for anybody to read, without a key.".into(),
            storage: StorageRule::Keep,
            pace_ms: 2_000,
            every_minutes: 120,
            robots: false,
            how_to: "Open your app in the App Store, copy its link and paste it here: the number after “id” is the app. \
                     Add the countries whose reviews you want. Apple shows the newest 500 reviews of each country and \
                     sometimes answers with an empty feed for hours; Goodword then simply tries again."
                .into(),
            fields: vec![
                settings::example(
                    settings::required("app_id", "App", "The number in the app's link, after “id”.", FieldType::Text),
                    "1234567890",
                ),
                settings::default(
                    settings::field(
                        "country",
                        "Countries",
                        "Two-letter storefronts, separated by commas.",
                        FieldType::Text,
                    ),
                    "us",
                ),
                settings::base_field(HOST),
            ],
            recognises: vec!["https://apps.apple.com/gb/app/example/id1234567890".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        if !matches!(settings::host(&url), "apps.apple.com" | "itunes.apple.com") {
            return None;
        }
        let app = app_in(url.as_str())?;
        let parts = settings::parts(&url);
        let country = parts.first().filter(|p| p.len() == 2).copied().unwrap_or("us");
        let name = parts.iter().skip_while(|p| **p != "app").nth(1).filter(|p| !p.starts_with("id"));
        let name = name.map_or_else(|| format!("App {app}"), |n| n.replace('-', " "));
        Some((
            0.98,
            settings::values(&[("app_id", &app), ("country", country)]),
            format!("{name} on the App Store"),
        ))
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let app = settings::need(values, "app_id", "the number after “id” in the app's link")?;
        let app = app.trim_start_matches("id");
        if !app.bytes().all(|b| b.is_ascii_digit()) {
            return Err(answer::unsupported("The app is a number: what follows “id” in its App Store link."));
        }
        let mut countries: Vec<String> = settings::value(values, "country")
            .unwrap_or("us")
            .split([',', ' ', ';'])
            .map(str::to_lowercase)
            .filter(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_lowercase()))
            .collect();
        countries.dedup();
        let Some(first) = countries.first().cloned() else {
            return Err(answer::unsupported("Countries are two letters each, such as “us, gb, de”."));
        };
        let seen: BTreeMap<String, Time> =
            cursor.and_then(|c| serde_json::from_str(c).ok()).unwrap_or_default();
        let run = Run {
            page: 1,
            country: first,
            rest: countries.split_off(1),
            newest: seen.clone(),
            seen,
            app: app.into(),
            base: settings::base(values, HOST)?,
        };
        Ok(run.request())
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_interface(response)?;
        let text = answer::text(response)?;
        if text.len() < 400 && text.contains("page depth is limited") {
            return Err(answer::unsupported(
                "Apple gives only the first ten pages of reviews; there is nothing beyond.",
            ));
        }
        let app = app_in(&request.url);
        let mut reading = if text.trim_start().starts_with("<?xml") || text.trim_start().starts_with("<feed")
        {
            read_atom(&text, app.as_deref())?
        } else {
            let body = answer::parse(&text)?;
            if let Some(problem) = answer::said(&body) {
                return Err(problem);
            }
            read_json(&body, app.as_deref())?
        };
        if let Some(run) = request.note.as_deref().and_then(|n| serde_json::from_str::<Run>(n).ok()) {
            go_on(run, &mut reading);
        }
        Ok(reading)
    }
}

/// Adds the cursor and the next page, or the next storefront.
fn go_on(mut run: Run, reading: &mut Reading) {
    let dates = || reading.mentions.iter().filter_map(|m| m.published_at);
    let newest = run.newest.get(&run.country).copied();
    if let Some(latest) = dates().chain(newest).max() {
        run.newest.insert(run.country.clone(), latest);
    }
    reading.cursor = serde_json::to_string(&run.newest).ok();
    // Reviews come newest first: a page that reaches back to what is known is the last one needed.
    let known =
        run.seen.get(&run.country).is_some_and(|seen| dates().min().is_some_and(|oldest| oldest <= *seen));
    if !reading.mentions.is_empty() && run.page < LAST_PAGE && !known {
        run.page += 1;
        reading.follow.push(run.request());
    } else if !run.rest.is_empty() {
        run.country = run.rest.remove(0);
        run.page = 1;
        reading.follow.push(run.request());
    }
}

/// The app's number in an address: `/id123`, `id=123`.
fn app_in(address: &str) -> Option<String> {
    let mut rest = address;
    while let Some(at) = rest.find("id") {
        let boundary = at == 0 || !rest.as_bytes()[at - 1].is_ascii_alphanumeric();
        let digits: String =
            rest[at + 2..].trim_start_matches('=').chars().take_while(char::is_ascii_digit).collect();
        if boundary && digits.len() >= 4 {
            return Some(digits);
        }
        rest = &rest[at + 2..];
    }
    None
}

fn read_json(body: &Value, app: Option<&str>) -> Result<Reading, SourceProblem> {
    let mut reading = Reading::default();
    if let Some(list) = body.at("userReviewList").and_then(Value::as_array) {
        for (i, item) in list.iter().enumerate() {
            match listed(item, app) {
                Some(mention) => reading.mentions.push(mention),
                None => reading.warnings.push(broken(i, item.id("userReviewId"))),
            }
        }
        reading.totals.count = body.int("totalNumberOfReviews").and_then(|n| n.try_into().ok());
        return Ok(reading);
    }
    if body.at("data").is_some_and(Value::is_array) {
        for (i, item) in body.list("data").iter().enumerate() {
            match shown(item, app) {
                Some(mention) => reading.mentions.push(mention),
                None => reading.warnings.push(broken(i, item.id("id"))),
            }
        }
        return Ok(reading);
    }
    if answer::is_other(body, &["results", "resultCount"]) {
        // A search for apps, with their totals.
        let app = body.at("results.0").filter(|_| body.list("results").len() == 1);
        let totals = &mut reading.totals;
        totals.count = app.and_then(|a| a.int("userRatingCount")).and_then(|n| n.try_into().ok());
        totals.average = app.and_then(|a| a.float("averageUserRating"));
        totals.best = totals.average.map(|_| 5.0);
        return Ok(reading);
    }
    let Some(feed) = body.at("feed").filter(|f| f.is_object()) else {
        return Err(answer::unsupported("This is no App Store review feed."));
    };
    // One entry comes as an object, none as nothing.
    let entries = match feed.at("entry") {
        Some(Value::Array(list)) => list.as_slice(),
        Some(one @ Value::Object(_)) => std::slice::from_ref(one),
        _ => &[],
    };
    for (i, entry) in entries.iter().enumerate() {
        // An entry without a rating is the app itself.
        if !entry.has("im:rating") {
            continue;
        }
        match fed(entry, app) {
            Some(mention) => reading.mentions.push(mention),
            None => reading.warnings.push(broken(i, entry.id("id.label"))),
        }
    }
    Ok(reading)
}

fn broken(index: usize, id: Option<String>) -> Warning {
    Warning {
        warning: "A review without a readable star rating was left out.".into(),
        at: id.unwrap_or_else(|| format!("entry {index}")),
    }
}

fn stars(text: Option<f64>) -> Option<Rating> {
    text.filter(|v| (1.0..=5.0).contains(v)).map(Rating::stars)
}

fn fed(entry: &Value, app: Option<&str>) -> Option<Mention> {
    let rating = stars(entry.float("im:rating.label"))?;
    let link = entry.str("link.attributes.href").or_else(|| entry.str("link.0.attributes.href"));
    let published = entry.str("updated.label").and_then(dates::parse);
    let content = entry.str("content.label").or_else(|| entry.str("content.0.label")).unwrap_or("");
    Some(review(
        entry.id("id.label"),
        Author {
            name: entry.string("author.name.label"),
            url: entry.string("author.uri.label"),
            ..Author::default()
        },
        rating,
        entry.string("title.label"),
        plain::tidy(content),
        published,
        link.and_then(app_in).or_else(|| app.map(str::to_owned)),
        entry.int("im:voteSum.label"),
    ))
}

fn listed(item: &Value, app: Option<&str>) -> Option<Mention> {
    let rating = stars(item.float("rating"))?;
    let author = Author {
        name: item.string("name"),
        url: item.string("viewUsersUserReviewsUrl"),
        ..Author::default()
    };
    let published = item.str("date").and_then(dates::parse);
    let text = plain::tidy(item.str("body").unwrap_or(""));
    let title = item.string("title");
    let app = app.map(str::to_owned);
    Some(review(item.id("userReviewId"), author, rating, title, text, published, app, item.int("voteSum")))
}

/// A review as the store's own pages load it.
fn shown(item: &Value, app: Option<&str>) -> Option<Mention> {
    let review_of = item.at("attributes")?;
    let answer = review_of.at("developerResponse");
    let mention = review(
        item.id("id"),
        Author { name: review_of.string("userName"), ..Author::default() },
        stars(review_of.float("rating"))?,
        review_of.string("title"),
        plain::tidy(review_of.str("review").unwrap_or("")),
        review_of.str("date").and_then(dates::parse),
        app.map(str::to_owned),
        None,
    );
    Some(Mention {
        reply: answer.and_then(|a| {
            Some(Reply {
                text: plain::tidy(a.str("body")?),
                author: None,
                published_at: a.str("modified").and_then(dates::instant),
            })
        }),
        ..mention
    })
}

#[expect(clippy::too_many_arguments, reason = "three shapes of the same eight facts")]
fn review(
    external_id: Option<String>,
    author: Author,
    rating: Rating,
    title: Option<String>,
    text: String,
    published: Option<dates::Dated>,
    app: Option<String>,
    votes: Option<i64>,
) -> Mention {
    Mention {
        external_id,
        kind: Kind::Review,
        author,
        rating: Some(rating),
        title,
        text,
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        subject: app.map(|id| Subject { id: Some(id), ..Subject::default() }),
        engagement: votes.map(|likes| Engagement { likes: Some(likes), ..Engagement::default() }),
        ..Mention::default()
    }
}

/// The same feed as Atom (`…/xml`).
fn read_atom(text: &str, app: Option<&str>) -> Result<Reading, SourceProblem> {
    let tree = Tree::xml(text).map_err(|e| answer::malformed(e.to_string()))?;
    let Some(feed) = tree.elements().find(|e| e.is("feed")) else {
        answer::refuse_block_page(text)?;
        return Err(answer::unsupported("This is no App Store review feed."));
    };
    let mut reading = Reading::default();
    for (i, entry) in feed.children().filter(|e| e.is("entry")).enumerate() {
        let child = |name: &str| entry.children().find(|e| e.is(name));
        let value = |name: &str| child(name).map(|e| e.value().trim().to_owned()).filter(|v| !v.is_empty());
        if child("im:rating").is_none() {
            continue;
        }
        let Some(rating) = stars(value("im:rating").and_then(|v| v.parse().ok())) else {
            reading.warnings.push(broken(i, value("id")));
            continue;
        };
        let is_plain = |e: &Element<'_>| e.is("content") && e.attribute("type").is_none_or(|t| t == "text");
        let inside = |name: &str| child("author")?.children().find(|e| e.is(name)).map(|e| e.value());
        reading.mentions.push(review(
            value("id"),
            Author { name: inside("name"), url: inside("uri"), ..Author::default() },
            rating,
            value("title"),
            plain::tidy(&entry.children().find(is_plain).map(|e| e.value()).unwrap_or_default()),
            value("updated").as_deref().and_then(dates::parse),
            child("link").and_then(|l| app_in(&l.attribute("href")?)).or_else(|| app.map(str::to_owned)),
            value("im:voteSum").and_then(|v| v.parse().ok()),
        ));
    }
    Ok(reading)
}
