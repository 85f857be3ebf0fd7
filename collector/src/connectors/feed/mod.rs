//! RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, JSON Feed: any of them, also broken, packed or in the wrong character set.
//! It reads what is there instead of asking for well-formed XML: docs/decisions/0006 says why no feed library is used.

use goodword_shared::{
    Time,
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Connector, Cursor, Reading, settings};
use crate::{
    reading::{answer, dates, plain},
    wire::{Request, Response},
};

mod json;
mod xml;

/// Pages of one run, for the few feeds that have pages.
const PAGES: u32 = 10;

/// Any feed.
pub struct Feed;

/// Where a run stands: travels in the request's note.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Run {
    page: u32,
    since: Option<Time>,
    newest: Option<Time>,
}

impl Connector for Feed {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "feed".into(),
            title: "Feed".into(),
            summary: "Articles and posts from any RSS, Atom or JSON feed, Google Alerts among them.".into(),
            route: Route::Feed,
            legal_basis: "Feeds are published to be read by programs.".into(),
            storage: StorageRule::Keep,
            pace_ms: 1_000,
            every_minutes: 60,
            robots: false,
            how_to: "Paste the feed's address. News sites and blogs link it as “RSS”; at Google Alerts choose “Deliver to: \
                     RSS feed” for an alert and copy the address of its feed symbol."
                .into(),
            fields: vec![
                settings::example(
                    settings::required("url", "Address", "The feed's own address, not the site's.", FieldType::Url),
                    "https://www.example.com/feed",
                ),
                settings::field("user", "User name", "Only where the feed asks for one.", FieldType::Text),
                settings::field("password", "Password", "Only where the feed asks for one.", FieldType::Secret),
            ],
            recognises: vec![
                "https://www.example.com/feed".into(),
                "https://www.example.com/rss.xml".into(),
                "https://www.google.com/alerts/feeds/…".into(),
            ],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let text = text.trim().strip_prefix("feed:").map_or(text.trim(), |t| t.trim_start_matches("//"));
        let url = settings::pasted(text)?;
        let whole = url.as_str().to_ascii_lowercase();
        let path = url.path().to_ascii_lowercase();
        let sure = if whole.contains("/alerts/feeds/") {
            0.98
        } else if [".rss", ".atom", ".rdf", "/feed.json", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml"]
            .iter()
            .any(|e| path.ends_with(e))
        {
            0.9
        } else if path.split('/').any(|p| matches!(p, "feed" | "feeds" | "rss" | "atom"))
            || whole.contains("feed=rss")
            || whole.contains("format=rss")
        {
            0.85
        } else if path.ends_with(".xml") {
            0.6
        } else {
            0.15
        };
        let name = settings::host(&url).to_owned();
        Some((sure, settings::values(&[("url", url.as_str())]), name))
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let text = settings::need(values, "url", "the feed's address")?;
        let url = settings::pasted(text).ok_or_else(|| {
            answer::unsupported(format!("“{text}” is no web address: it should begin with https://."))
        })?;
        let since = cursor.and_then(|c| dates::instant(c));
        let run = Run { page: 1, since, newest: since };
        let mut request = Request { note: serde_json::to_string(&run).ok(), ..Request::get(url) };
        if let Some(user) = settings::value(values, "user") {
            use base64::Engine as _;
            let pair = format!("{user}:{}", settings::value(values, "password").unwrap_or(""));
            let coded = base64::engine::general_purpose::STANDARD.encode(pair);
            request = request.header("authorization", format!("Basic {coded}"));
        }
        Ok(request)
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let text = answer::page(response)?;
        let start = text.trim_start_matches('\u{feff}').trim_start();
        let base = [&response.url, &request.url].into_iter().find_map(|u| Url::parse(u).ok());
        let (mut reading, next) =
            if start.starts_with(['{', '[']) { json::read(start, base)? } else { xml::read(&text, base)? };
        if let Some(mut run) = request.note.as_deref().and_then(|n| serde_json::from_str::<Run>(n).ok()) {
            let times = || reading.mentions.iter().filter_map(|m| m.published_at);
            let oldest = times().min();
            run.newest = times().chain(run.newest).max();
            reading.cursor = run.newest.map(|t| t.to_rfc3339());
            let known = run.since.is_some_and(|since| oldest.is_some_and(|o| o <= since));
            if let Some(next) = next.filter(|n| *n != request.url && !known && run.page < PAGES) {
                run.page += 1;
                let note = serde_json::to_string(&run).ok();
                reading.follow.push(Request { headers: request.headers.clone(), note, ..Request::get(next) });
            }
        }
        Ok(reading)
    }
}

fn absolute(address: &str, base: Option<&Url>) -> Option<String> {
    if let Ok(url) = Url::parse(address) {
        return matches!(url.scheme(), "http" | "https").then(|| address.to_owned());
    }
    base?.join(address).ok().map(String::from)
}

/// Titles are one line, and are often escaped once too often.
fn one_line(text: &str) -> String {
    let again = if text.contains('&') { plain::from_either(text) } else { text.to_owned() };
    again.split_whitespace().collect::<Vec<_>>().join(" ")
}
