//! Tripadvisor: up to five reviews of a place through the Content interface, shown live and never stored; and saved pages of
//! the layout of 2014 and 2015.

use std::collections::HashSet;

use goodword_shared::{
    Author, Kind, Mention, Rating, Time,
    mention::{Engagement, Reply, Subject},
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;
use url::Url;

use super::{Connector, Cursor, Reading, schema_org, settings};
use crate::{
    reading::{
        answer, dates,
        json::Pick,
        numbers, plain,
        tree::{Element, Tree},
    },
    wire::{Request, Response},
};

const HOST: &str = "https://api.content.tripadvisor.com";

/// Tripadvisor.
pub struct Tripadvisor;

impl Connector for Tripadvisor {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "tripadvisor".into(),
            title: "Tripadvisor".into(),
            summary: "Rating, count and up to five reviews of a place on Tripadvisor, shown live.".into(),
            route: Route::Api,
            legal_basis: "Tripadvisor's Content interface with your own key. Its terms let nothing but the place's number be \
                          stored, so Goodword shows what it reads and keeps none of it."
                .into(),
            storage: StorageRule::Never,
            pace_ms: 1_000,
            every_minutes: 720,
            robots: false,
            how_to: "Sign up at tripadvisor.com/developers (a card is needed; 5,000 calls a month are free) and copy the key. \
                     The place's number follows “-d” in its address."
                .into(),
            fields: vec![
                settings::required("location", "Place", "The number after “-d” in the address.", FieldType::Text),
                settings::required("key", "API key", "From tripadvisor.com/developers.", FieldType::Secret),
                settings::default(settings::field("language", "Language", "Two letters.", FieldType::Text), "en"),
                settings::base_field(HOST),
            ],
            recognises: vec!["https://www.tripadvisor.com/Restaurant_Review-g1-d123-Reviews-Example.html".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        if !settings::host(&url).starts_with("tripadvisor.") {
            return None;
        }
        let number = url
            .path()
            .split("-d")
            .nth(1)
            .map(|r| r.chars().take_while(char::is_ascii_digit).collect::<String>());
        let number = number.filter(|n| !n.is_empty());
        let name = url
            .path()
            .split("-Reviews-")
            .nth(1)
            .and_then(|n| n.split(['-', '.']).next())
            .unwrap_or("A place");
        let name = format!("{} on Tripadvisor", name.replace('_', " "));
        Some((0.95, settings::values(&[("location", number.as_deref().unwrap_or(""))]), name))
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let location =
            settings::escape(settings::need(values, "location", "the number after “-d” in the address")?);
        let key = settings::need_secret(values, "key", "the key from tripadvisor.com/developers")?;
        let language = settings::value(values, "language").unwrap_or("en");
        let url = settings::with_query(
            &format!("{base}/api/v1/location/{location}/reviews"),
            &[("key", key), ("language", language)],
        );
        Ok(Request::get(url).header("accept", "application/json"))
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
        let mut reading = Reading::default();
        if shown(&body, &mut reading) {
            return Ok(reading);
        }
        if body.at("data").is_some_and(Value::is_array) {
            reading.mentions.extend(body.list("data").iter().filter_map(review));
        } else {
            let places: &[Value] = match &body {
                Value::Array(list) => list,
                one => std::slice::from_ref(one),
            };
            if !places.iter().any(|p| p.has("location_id") || p.has("location") || p.has("reviews")) {
                return Err(answer::unsupported("This is no answer of Tripadvisor about a place."));
            }
            reading.mentions.extend(places.iter().flat_map(|p| p.list("reviews")).filter_map(review));
            if let [place] = places {
                reading.totals.count = place.int("num_reviews").and_then(|n| n.try_into().ok());
                reading.totals.average = place.float("rating");
                reading.totals.best = reading.totals.average.map(|_| 5.0);
            }
        }
        Ok(reading)
    }
}

/// What the site's own pages load: places with a page of reviews each. Whether there were any such places.
fn shown(body: &Value, reading: &mut Reading) -> bool {
    let answers = if body.is_array() { body.list("") } else { std::slice::from_ref(body) };
    let mut known = false;
    for place in answers.iter().flat_map(|answer| answer.list("data.locations")) {
        let Some(page) = ["reviewListPage", "reviewList"].iter().find_map(|k| place.at(k)) else { continue };
        known = true;
        let subject = Subject {
            id: place.id("locationId"),
            name: place.string("name"),
            url: place.string("url").filter(|u| u.starts_with("http")),
        };
        reading.totals.count = page.int("totalCount").and_then(|n| n.try_into().ok());
        let of_place = |m: Mention| Mention { subject: Some(subject.clone()), ..m };
        reading.mentions.extend(page.list("reviews").iter().filter_map(review).map(of_place));
    }
    known
}

fn review(item: &Value) -> Option<Mention> {
    let published = item.str("published_date").or_else(|| item.str("publishedDate")).and_then(dates::parse);
    let text = item.str("text").unwrap_or("");
    let rating = item.float("rating").filter(|r| (1.0..=5.0).contains(r));
    if text.is_empty() && rating.is_none() {
        return None;
    }
    Some(Mention {
        external_id: item.id("id"),
        kind: Kind::Review,
        url: item.string("url").filter(|u| u.starts_with("http")),
        author: Author {
            name: ["user.username", "user.name", "userProfile.displayName", "userProfile.username"]
                .iter()
                .find_map(|k| item.string(k)),
            handle: item.string("userProfile.username"),
            location: item.string("user.user_location.name"),
            ..Author::default()
        },
        rating: rating.map(Rating::stars),
        title: item.string("title"),
        text: plain::from_either(text),
        language: ["lang", "originalLanguage", "language"].iter().find_map(|k| item.string(k)),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        reply: ["owner_response", "mgmtResponse"].iter().find_map(|k| item.at(k)).and_then(|answer| {
            let when = answer.str("published_date").or_else(|| answer.str("publishedDate"));
            Some(Reply {
                text: plain::from_either(answer.str("text")?),
                author: answer.string("author"),
                published_at: when.and_then(dates::instant),
            })
        }),
        subject: item.id("location_id").map(|id| Subject { id: Some(id), ..Subject::default() }),
        engagement: item
            .int("helpful_votes")
            .or_else(|| item.int("helpfulVotes"))
            .map(|n| Engagement { likes: Some(n), ..Engagement::default() }),
        ..Mention::default()
    })
}

/// A saved page: each review is an element with its number; some are only places for reviews that load later.
fn page(text: &str, request: &Request) -> Result<Reading, SourceProblem> {
    let tree = Tree::html(text).map_err(|e| answer::malformed(e.to_string()))?;
    let site = Url::parse(&request.url).ok();
    let named = tree.elements().find(|e| e.attribute("id").is_some_and(|i| i == "HEADING"));
    let heading = named.or_else(|| tree.elements().find(|e| e.is("h1")));
    let subject = heading.map(|h| Subject {
        id: None,
        name: Some(h.text()).filter(|n| !n.is_empty()),
        url: site.as_ref().map(|u| u.to_string()),
    });
    let mut reading = Reading::default();
    let is_review = |e: &Element<'_>| e.has_class("reviewSelector") || e.attribute("data-reviewid").is_some();
    let mut last_end = 0;
    for element in tree.elements().filter(is_review) {
        // The layout of 2016 to 2019 names the review's number at several of its parts.
        if element.index() < last_end {
            continue;
        }
        last_end = element.end();
        reading
            .mentions
            .extend(selected(&element, site.as_ref()).map(|m| Mention { subject: subject.clone(), ..m }));
    }
    if reading.mentions.is_empty() {
        let found =
            tree.elements().filter(|e| e.attribute("data-test-target").is_some_and(|t| t == "review-title"));
        // A card is one review, whatever it calls titles.
        let mut seen = HashSet::new();
        let cards = found
            .filter_map(|title| Some((card_of(&title)?, title)))
            .filter(|(card, _)| seen.insert(card.index()));
        reading.mentions.extend(
            cards
                .filter_map(|(card, title)| carded(&card, &title, site.as_ref()))
                .map(|m| Mention { subject: subject.clone(), ..m }),
        );
    }
    if reading.mentions.is_empty() {
        return schema_org::read_page(text);
    }
    Ok(reading)
}

/// The card around the title of a review in the layouts since 2019.
fn card_of<'t>(title: &Element<'t>) -> Option<Element<'t>> {
    let is_card = |e: &Element<'_>| {
        e.attribute("data-automation").is_some_and(|a| a == "reviewCard")
            || e.attribute("data-test-target").is_some_and(|t| t == "HR_CC_CARD")
    };
    title.ancestors().find(is_card).or_else(|| title.parent()?.parent())
}

/// A review of those layouts: the card holds everything, and its classes mean nothing.
fn carded(card: &Element<'_>, title: &Element<'_>, site: Option<&Url>) -> Option<Mention> {
    let link = title.find(|e| e.is("a")).and_then(|a| a.attribute("href").map(|h| h.into_owned()));
    let number = |link: &str| {
        let digits: String = link.split("-r").nth(1)?.chars().take_while(char::is_ascii_digit).collect();
        (!digits.is_empty()).then_some(digits)
    };
    let targeted = |name: &str| card.find(|e| e.attribute("data-test-target").is_some_and(|t| t == name));
    let body = card.find(|e| e.is("q")).or_else(|| targeted("review-body"));
    let labelled =
        |e: &Element<'_>| e.is("svg") && e.attribute("aria-label").is_some_and(|l| l.contains('5'));
    let rating = bubbles(card).or_else(|| {
        let label = card.find(labelled)?.attribute("aria-label")?.into_owned();
        numbers::of_scale(&label).map(|(value, _)| value)
    });
    let profile = |e: &Element<'_>| {
        e.is("a") && e.attribute("href").is_some_and(|h| h.contains("/Profile/")) && !e.text().is_empty()
    };
    let written = card
        .descendants()
        .filter(|e| !e.has_elements())
        .map(|e| e.text())
        .find_map(|t| dates::parse(t.strip_prefix("Written ")?));
    let text = body.map(|b| b.text_without(|e| e.is("button"))).unwrap_or_default();
    if text.is_empty() && rating.is_none() {
        return None;
    }
    let own = card.find(|e| e.attribute("data-reviewid").is_some());
    Some(Mention {
        external_id: own
            .and_then(|e| e.attribute("data-reviewid").map(|i| i.into_owned()))
            .or_else(|| number(link.as_deref()?)),
        kind: Kind::Review,
        url: link.and_then(|l| site?.join(&l).ok()).map(String::from),
        author: Author { name: card.find(profile).map(|a| a.text()), ..Author::default() },
        rating: rating.filter(|r| (1.0..=5.0).contains(r)).map(Rating::stars),
        title: Some(title.text()).filter(|t| !t.is_empty()),
        text,
        published_at: written.map(|d| d.0),
        published_precision: written.map(|d| d.1),
        ..Mention::default()
    })
}

/// The later layouts draw the rating by a class: `bubble_40`.
fn bubbles(element: &Element<'_>) -> Option<f64> {
    let drawn = element.find(|e| e.has_class("ui_bubble_rating"))?;
    let class = drawn.attribute("class")?;
    let tenths: f64 = class.split_whitespace().find_map(|c| c.strip_prefix("bubble_"))?.parse().ok()?;
    Some(tenths / 10.0)
}

fn selected(element: &Element<'_>, site: Option<&Url>) -> Option<Mention> {
    let id = element.attribute("id").and_then(|id| id.strip_prefix("review_").map(str::to_owned));
    let id = id.or_else(|| element.attribute("data-reviewid").map(|id| id.into_owned()));
    let quote = element.by_class("quote");
    let entry = element.by_class("entry")?;
    let rating =
        element.by_class("rating").and_then(|r| r.find(|e| e.is("img") && e.attribute("alt").is_some()));
    let rating = rating
        .and_then(|i| numbers::decimal(&i.attribute("alt")?))
        .or_else(|| bubbles(element))
        .filter(|r| (1.0..=5.0).contains(r));
    let date = element.by_class("ratingDate");
    let date = date.and_then(|d| {
        d.attribute("title").map(|t| t.into_owned()).filter(|t| !t.is_empty()).or_else(|| Some(d.text()))
    });
    let published = date.and_then(|d| dates::parse(&d));
    let link =
        quote.and_then(|q| q.find(|e| e.is("a"))).and_then(|a| a.attribute("href").map(|h| h.into_owned()));
    let title = quote.map(|q| q.by_class("noQuotes").unwrap_or(q).text());
    let body = entry.find(|e| e.is("p")).unwrap_or(entry);
    let likes = element
        .by_class("numHlpIn")
        .or_else(|| element.by_class("numHlp"))
        .and_then(|n| numbers::whole(&n.text()));
    let location = element.by_class("location").map(|l| l.text()).filter(|l| !l.is_empty());
    Some(Mention {
        external_id: id,
        kind: Kind::Review,
        url: link.and_then(|l| site?.join(&l).ok()).map(|mut u| {
            u.set_fragment(None);
            u.into()
        }),
        author: Author {
            name: ["username", "info_text"]
                .iter()
                .find_map(|class| element.by_class(class))
                .map(|u| u.find(|e| e.is("div")).unwrap_or(u).text())
                .filter(|n| !n.is_empty()),
            location,
            ..Author::default()
        },
        rating: rating.map(Rating::stars),
        title: title
            .map(|t| t.trim_matches(['“', '”', '"', '«', '»', ' ']).to_owned())
            .filter(|t| !t.is_empty()),
        text: body
            .text_without(|e| e.has_class("partnerRvw") || e.has_class("moreLink") || e.has_class("taLnk")),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        engagement: likes.map(|n| Engagement { likes: Some(n), ..Engagement::default() }),
        ..Mention::default()
    })
}
