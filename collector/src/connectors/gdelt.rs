//! GDELT: news articles of the whole world that name a business.

use goodword_shared::{
    Kind, Mention, Time,
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;

use super::{Connector, Cursor, Reading, Warning, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

const HOST: &str = "https://api.gdeltproject.org";

/// GDELT.
pub struct Gdelt;

impl Connector for Gdelt {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "gdelt".into(),
            title: "News (GDELT)".into(),
            summary: "Headlines of news articles that name you, from all over the world.".into(),
            route: Route::Api,
            legal_basis: "The GDELT project's open interface.".into(),
            storage: StorageRule::Keep,
            pace_ms: 6_000,
            every_minutes: 120,
            robots: false,
            how_to: "Write the name in quotation marks. No key is needed. GDELT looks back three months and gives headlines, \
                     not the articles themselves."
                .into(),
            fields: vec![
                settings::example(
                    settings::required("query", "Words", "The name, in quotation marks.", FieldType::Text),
                    "\"Cornerstone Bakery\"",
                ),
                settings::base_field(HOST),
            ],
            recognises: vec!["https://api.gdeltproject.org/api/v2/doc/doc?query=words".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        if !settings::host(&url).ends_with("gdeltproject.org") {
            return None;
        }
        let query = settings::parameter(&url, "query").unwrap_or_default();
        Some((0.95, settings::values(&[("query", &query)]), format!("News on {query}")))
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let query = settings::need(values, "query", "the words to look for")?;
        let mut pairs = vec![
            ("query", query),
            ("mode", "ArtList"),
            ("format", "json"),
            ("maxrecords", "250"),
            ("sort", "DateDesc"),
        ];
        match cursor {
            Some(since) => pairs.push(("startdatetime", since)),
            None => pairs.push(("timespan", "3months")),
        }
        Ok(Request::get(settings::with_query(&format!("{base}/api/v2/doc/doc"), &pairs)))
    }

    fn read(
        &self,
        _request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let body = answer::json(response)?;
        if !(body.at("articles").is_some_and(Value::is_array)
            || answer::is_other(&body, &["timeline", "query_details"]))
        {
            return Err(answer::unsupported("This is no list of articles of GDELT."));
        }
        let mut reading = Reading::default();
        for (i, item) in body.list("articles").iter().enumerate() {
            let Some(url) = item.string("url") else {
                reading.warnings.push(Warning {
                    warning: "This article has no address.".into(),
                    at: format!("articles {i}"),
                });
                continue;
            };
            let seen = item.str("seendate").and_then(dates::parse);
            reading.mentions.push(Mention {
                external_id: Some(url.clone()),
                kind: Kind::Article,
                url: Some(url),
                title: item.str("title").map(plain::from_either),
                published_at: seen.map(|d| d.0),
                published_precision: seen.map(|d| d.1),
                ..Mention::default()
            });
        }
        let newest = reading.mentions.iter().filter_map(|m| m.published_at).max();
        reading.cursor = newest.map(|t| t.format("%Y%m%d%H%M%S").to_string());
        Ok(reading)
    }
}
