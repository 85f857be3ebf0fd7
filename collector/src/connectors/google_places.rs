//! Google Places: up to five reviews of any place, shown live and never stored.

use goodword_shared::{
    Author, Kind, Mention, Rating, Time,
    mention::{Precision, Subject},
    problem::{ProblemKind, SourceProblem},
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;

use super::{Connector, Cursor, Reading, Totals, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

const HOST: &str = "https://places.googleapis.com";

/// Google Places.
pub struct GooglePlaces;

impl Connector for GooglePlaces {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "google_places".into(),
            title: "Google Places".into(),
            summary: "Rating, count and up to five reviews of a place on Google Maps, shown live.".into(),
            route: Route::Api,
            legal_basis: "Google's Places interface with your own key. Its terms let nothing but the place's id be stored, so \
                          Goodword shows what it reads and keeps none of it."
                .into(),
            storage: StorageRule::Never,
            pace_ms: 1_000,
            every_minutes: 720,
            robots: false,
            how_to: "In the Google Cloud console enable “Places API (New)”, create a key, and find the place's id with Google's \
                     Place ID Finder. Every request is billed."
                .into(),
            fields: vec![
                settings::required("place", "Place", "The place's id, such as ChIJ….", FieldType::Text),
                settings::required("key", "API key", "From the Google Cloud console.", FieldType::Secret),
                settings::base_field(HOST),
            ],
            recognises: vec!["https://www.google.com/maps/place/Example".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        let host = settings::host(&url);
        let maps = (host.starts_with("google.") && url.path().starts_with("/maps"))
            || host.starts_with("maps.google.")
            || host == "maps.app.goo.gl";
        if !maps {
            return None;
        }
        let place =
            settings::parameter(&url, "query_place_id").or_else(|| settings::parameter(&url, "placeid"));
        Some((
            0.9,
            settings::values(&[("place", place.as_deref().unwrap_or(""))]),
            "A place on Google Maps".into(),
        ))
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let place = settings::escape(settings::need(values, "place", "the place's id")?);
        let key = settings::need_secret(values, "key", "a key from the Google Cloud console")?;
        Ok(Request::get(format!("{base}/v1/places/{place}"))
            .header("x-goog-api-key", key)
            .header("x-goog-fieldmask", "id,displayName,googleMapsUri,rating,userRatingCount,reviews"))
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let _ = request;
        let body = answer::json(response)?;
        if let Some(problem) = status(&body) {
            return Err(problem);
        }
        let mut reading = Reading::default();
        if let Some(place) = body.at("result").filter(|r| r.is_object()) {
            one_place(place, &mut reading);
        } else if let Some(places) = body.at("places").filter(|p| p.is_array()) {
            // A search for places by their words.
            places.list("").iter().for_each(|place| one_place(place, &mut reading));
            reading.totals = if places.list("").len() == 1 { reading.totals } else { Totals::default() };
        } else if body.at("reviews").is_some_and(Value::is_array)
            || body.has("displayName")
            || body.has("userRatingCount")
            || body.has("googleMapsUri")
        {
            one_place(&body, &mut reading);
        } else if !answer::is_other(
            &body,
            &["id", "name", "results", "candidates", "predictions", "suggestions", "html_attributions"],
        ) {
            return Err(answer::unsupported("This is no answer of Google Places about one place."));
        }
        Ok(reading)
    }
}

/// A place as the interface or its predecessor describes it, with its reviews.
fn one_place(place: &Value, reading: &mut Reading) {
    let id = place.id("place_id").or_else(|| place.id("id"));
    let name = place
        .string("displayName.text")
        .or_else(|| place.string("name").filter(|n| !n.starts_with("places/")));
    let subject = subject(id, name, place.string("googleMapsUri").or_else(|| place.string("url")));
    for review in place.list("reviews") {
        reading.mentions.extend(if review.has("authorAttribution") || review.has("publishTime") {
            current(review, subject.as_ref())
        } else {
            legacy(review, subject.as_ref())
        });
    }
    let count = place.int("userRatingCount").or_else(|| place.int("user_ratings_total"));
    reading.totals.count = count.and_then(|n| n.try_into().ok());
    reading.totals.average = place.float("rating");
    reading.totals.best = reading.totals.average.map(|_| 5.0);
}

fn status(body: &Value) -> Option<SourceProblem> {
    let kind = match body.str("status")? {
        "OK" | "ZERO_RESULTS" | "OPERATIONAL" => return None,
        "NOT_FOUND" => ProblemKind::NotFound,
        "REQUEST_DENIED" => ProblemKind::Auth,
        "OVER_QUERY_LIMIT" | "OVER_DAILY_LIMIT" => ProblemKind::RateLimited,
        _ => ProblemKind::Malformed,
    };
    let said = body.str("error_message").or_else(|| body.str("status")).unwrap_or("an error");
    Some(answer::problem(kind, format!("Google says: {said}")))
}

fn subject(id: Option<String>, name: Option<String>, url: Option<String>) -> Option<Subject> {
    (id.is_some() || name.is_some()).then_some(Subject { id, name, url })
}

fn stars(item: &Value) -> Option<Rating> {
    item.float("rating").filter(|r| (1.0..=5.0).contains(r)).map(Rating::stars)
}

fn legacy(item: &Value, subject: Option<&Subject>) -> Option<Mention> {
    let published = item.int("time").and_then(dates::seconds);
    let text = plain::from_either(item.str("text").unwrap_or(""));
    let rating = stars(item);
    if text.is_empty() && rating.is_none() {
        return None;
    }
    Some(Mention {
        kind: Kind::Review,
        author: Author {
            name: item.string("author_name"),
            url: item.string("author_url"),
            ..Author::default()
        },
        rating,
        // A translation is Google's, not the author's.
        text,
        language: item.string("original_language").or_else(|| item.string("language")),
        published_at: published,
        published_precision: published.map(|_| Precision::Second),
        subject: subject.cloned(),
        ..Mention::default()
    })
}

fn current(item: &Value, subject: Option<&Subject>) -> Option<Mention> {
    let words = item.at("originalText").or_else(|| item.at("text"));
    let published = item.str("publishTime").and_then(dates::parse);
    Some(Mention {
        external_id: Some(item.string("name")?),
        kind: Kind::Review,
        url: item.string("googleMapsUri"),
        author: Author {
            name: item.string("authorAttribution.displayName"),
            url: item.string("authorAttribution.uri"),
            ..Author::default()
        },
        rating: stars(item),
        text: plain::tidy(words.and_then(|w| w.str("text")).unwrap_or("")),
        language: words.and_then(|w| w.string("languageCode")),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        subject: subject.cloned(),
        ..Mention::default()
    })
}
