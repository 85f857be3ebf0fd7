//! Google Business Profile: the owner's own places through the interface that Google approves projects for.

use goodword_shared::{
    Author, Kind, Mention, Rating, Time,
    access::Access,
    mention::{Reply, Subject},
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Connector, Cursor, Reading, entry, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

const HOST: &str = "https://mybusiness.googleapis.com";
const PAGES: u32 = 20;
/// Google's later pages may leave reviews out. While fewer were read than Google counts, all pages are walked again, every so many
/// runs; the first page is always right and is read at each.
const WALK_EVERY: u32 = 12;

/// Google Business Profile.
pub struct GoogleBusiness;

/// Where a run stands: travels in the request's note, and as the cursor from run to run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Run {
    #[serde(default)]
    page: u32,
    /// Reviews read in this walk.
    #[serde(default)]
    read: u64,
    /// What the last whole walk read fewer than Google counted.
    #[serde(default)]
    missing: u64,
    /// Runs since then.
    #[serde(default)]
    runs: u32,
}

impl Run {
    /// All pages are walked, whether the first holds anything new or not.
    fn whole(&self) -> bool {
        self.missing > 0 && self.runs.is_multiple_of(WALK_EVERY)
    }
}

impl Connector for GoogleBusiness {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "google_business".into(),
            title: "Google Business Profile".into(),
            summary: "Google reviews of your own places, with your replies.".into(),
            route: Route::Api,
            legal_basis: "Google's interface for verified owners; raw content is kept for at most 30 days.".into(),
            storage: StorageRule::Days(30),
            pace_ms: 1_000,
            every_minutes: 30,
            robots: false,
            how_to: "Google lets approved projects in: in the Google Cloud console create a project, ask for access to the \
                     Business Profile APIs (about two weeks). Once you have it, create an OAuth client of the type “Web application” \
                     under APIs & Services → Credentials, register the redirect address shown below there, and fill in its id and \
                     secret. Save, then connect the account that owns the place. Account and place are the numbers in the names \
                     that Google gives. Google itself says that pages after the first may miss reviews, so Goodword asks often, \
                     compares counts, and walks all pages again while some are missing."
                .into(),
            fields: vec![
                settings::required("account", "Account", "The number after “accounts/”.", FieldType::Text),
                settings::required("location", "Place", "The number after “locations/”.", FieldType::Text),
            ]
            .into_iter()
            .chain(entry::app_fields(
                "Client ID",
                "Client secret",
                "Of your OAuth client in the Google Cloud console.",
            ))
            .chain([
                settings::field(
                    "token",
                    "Access token",
                    "Instead of client and account; Google lets it last an hour.",
                    FieldType::Secret,
                ),
                settings::base_field(HOST),
            ])
            .collect(),
            recognises: vec!["https://business.google.com/n/123456789".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        (settings::host(&url) == "business.google.com")
            .then(|| (0.9, Values::new(), "Google Business Profile".into()))
    }

    fn access(&self, values: &Values) -> Option<Access> {
        entry::google(values, HOST, "https://www.googleapis.com/auth/business.manage")
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let number = |name: &str, what: &str| {
            settings::need(values, name, what).map(|v| settings::escape(v.rsplit('/').next().unwrap_or(v)))
        };
        let account = number("account", "the number after “accounts/”")?;
        let location = number("location", "the number after “locations/”")?;
        let token =
            settings::need_secret(values, "token", "or the client's id and secret, to connect an account")?;
        let url = format!("{base}/v4/accounts/{account}/locations/{location}/reviews");
        let url = settings::with_query(&url, &[("pageSize", "50"), ("orderBy", "updateTime desc")]);
        let before: Run = cursor.and_then(|c| serde_json::from_str(c).ok()).unwrap_or_default();
        let run = Run { page: 1, read: 0, ..before };
        Ok(Request { note: serde_json::to_string(&run).ok(), ..Request::get(url) }
            .header("authorization", format!("Bearer {token}")))
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let body = answer::json(response)?;
        let mut reading = Reading::default();
        if body.at("reviews").is_some_and(Value::is_array) {
            reading.mentions.extend(body.list("reviews").iter().filter_map(review));
        } else if body.at("locationReviews").is_some_and(Value::is_array) {
            reading.mentions.extend(
                body.list("locationReviews").iter().filter_map(|r| r.at("review")).filter_map(review),
            );
        } else if body.has("reviewId") {
            reading.mentions.extend(review(&body));
        } else if let Value::Array(list) = &body {
            reading.mentions.extend(list.iter().filter_map(review));
        } else if !answer::is_other(&body, &OTHER) {
            return Err(answer::unsupported("This is no list of Google Business Profile reviews."));
        }
        reading.totals.count = body.int("totalReviewCount").and_then(|n| n.try_into().ok());
        reading.totals.average = body.float("averageRating");
        reading.totals.best = reading.totals.average.map(|_| 5.0);
        if let Some(run) = request.note.as_deref().and_then(|n| serde_json::from_str::<Run>(n).ok()) {
            go_on(run, &body, request, &mut reading);
        }
        Ok(reading)
    }
}

/// Documents of the interface that hold no reviews: questions, places, what was answered.
const OTHER: [&str; 9] = [
    "questions",
    "answers",
    "locations",
    "accounts",
    "totalReviewCount",
    "localPosts",
    "mediaItems",
    "comment",
    "name",
];

/// The next page, and what the next run has to know of this one.
fn go_on(run: Run, body: &Value, request: &Request, reading: &mut Reading) {
    let read = run.read + reading.mentions.len() as u64;
    let next = body.str("nextPageToken").filter(|_| run.page < PAGES);
    // A walk that is broken off says nothing of what is missing.
    let after = match (next, reading.totals.count) {
        (None, Some(total)) => Run { missing: total.saturating_sub(read), runs: 1, ..Run::default() },
        _ => Run { page: 0, read: 0, runs: run.runs + 1, ..run.clone() },
    };
    reading.cursor = serde_json::to_string(&after).ok();
    let whole = run.whole();
    let url = next.and_then(|token| settings::set_parameter(&request.url, "pageToken", token));
    let next = url.map(|url| Request {
        headers: request.headers.clone(),
        note: serde_json::to_string(&Run { page: run.page + 1, read, ..run }).ok(),
        ..Request::get(url)
    });
    if whole { reading.also.extend(next) } else { reading.follow.extend(next) }
}

fn review(item: &Value) -> Option<Mention> {
    let stars = match item.str("starRating") {
        Some("ONE") => Some(1.0),
        Some("TWO") => Some(2.0),
        Some("THREE") => Some(3.0),
        Some("FOUR") => Some(4.0),
        Some("FIVE") => Some(5.0),
        _ => item.float("starRating").filter(|s| (1.0..=5.0).contains(s)),
    };
    let name = item.string("name");
    let id = item.id("reviewId").or_else(|| name.as_ref()?.rsplit('/').next().map(str::to_owned))?;
    let published = item.str("createTime").and_then(dates::parse);
    let edited = item.str("updateTime").and_then(dates::instant);
    let place = name.as_ref().and_then(|n| n.split("/reviews/").next()).filter(|p| p.contains("locations/"));
    Some(Mention {
        external_id: Some(id),
        kind: Kind::Review,
        author: Author { name: item.string("reviewer.displayName"), ..Author::default() },
        rating: stars.map(Rating::stars),
        text: original(item.str("comment").unwrap_or("")),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        edited_at: edited.filter(|e| published.is_some_and(|p| p.0 < *e)),
        reply: item.at("reviewReply").and_then(|r| {
            Some(Reply {
                text: original(r.str("comment")?),
                author: None,
                published_at: r.str("updateTime").and_then(dates::instant),
            })
        }),
        subject: place.map(|p| Subject { id: Some(p.to_owned()), ..Subject::default() }),
        ..Mention::default()
    })
}

/// Google puts its own translation beside what was written: only the latter counts.
fn original(text: &str) -> String {
    if let Some((_, original)) = text.split_once("(Original)") {
        return plain::tidy(original);
    }
    plain::tidy(text.split("(Translated by Google)").next().unwrap_or(text))
}
