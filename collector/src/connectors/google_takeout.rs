//! Google Takeout: the reviews that the account's owner wrote on Google Maps.

use goodword_shared::{
    Kind, Mention, Rating, Time,
    mention::Subject,
    problem::SourceProblem,
    source::{Descriptor, Route, StorageRule, Values},
};
use serde_json::Value;

use super::{Connector, Cursor, Reading, Warning};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

/// A Takeout file.
pub struct GoogleTakeout;

impl Connector for GoogleTakeout {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "google_takeout".into(),
            title: "Google Takeout".into(),
            summary: "The reviews that you wrote on Google Maps yourself, from the file that Google hands out.".into(),
            route: Route::Import,
            legal_basis: "Your own data, handed out by Google.".into(),
            storage: StorageRule::Keep,
            pace_ms: 0,
            every_minutes: 0,
            robots: false,
            how_to: "At takeout.google.com choose “Maps (your places)”, download the archive, and import Reviews.json from it."
                .into(),
            fields: Vec::new(),
            recognises: vec!["Reviews.json".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let lower = text.to_lowercase();
        (!lower.contains("://") && lower.ends_with("reviews.json"))
            .then(|| (0.9, Values::new(), text.to_owned()))
    }

    fn start(&self, _values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        Ok(Request::get("import:google_takeout"))
    }

    fn read(
        &self,
        _request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let body = answer::json(response)?;
        if body.str("type") != Some("FeatureCollection") {
            return Err(answer::unsupported("This is not the Reviews.json of a Google Takeout archive."));
        }
        let mut reading = Reading::default();
        for (i, feature) in body.list("features").iter().enumerate() {
            match review(feature.at("properties").unwrap_or(&Value::Null)) {
                Some(mention) => reading.mentions.push(mention),
                None => reading
                    .warnings
                    .push(Warning { warning: "This is no review.".into(), at: format!("features {i}") }),
            }
        }
        Ok(reading)
    }
}

fn review(item: &Value) -> Option<Mention> {
    let rating =
        ["five_star_rating_published", "Star Rating", "starRating"].iter().find_map(|k| item.float(k));
    let text =
        ["review_text_published", "Review Comment", "comment"].iter().find_map(|k| item.str(k)).unwrap_or("");
    let published = ["date", "Published"].iter().find_map(|k| item.str(k)).and_then(dates::parse);
    if rating.is_none() && text.is_empty() {
        return None;
    }
    let place = item.at("location").or_else(|| item.at("Location"));
    let name = place.and_then(|p| p.string("name").or_else(|| p.string("Business Name")));
    let url = item.string("google_maps_url").or_else(|| item.string("Google Maps URL"));
    Some(Mention {
        kind: Kind::Review,
        rating: rating.filter(|r| (1.0..=5.0).contains(r)).map(Rating::stars),
        text: plain::tidy(text),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        subject: (name.is_some() || url.is_some()).then_some(Subject { id: None, name, url }),
        ..Mention::default()
    })
}
