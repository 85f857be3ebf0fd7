//! WHERE feedback comes from: one file for each connector. A connector describes itself, says which request to start with,
//! and reads recorded or live answers into mentions. It does no IO and has no clock but the one passed in.

mod amazon;
mod app_store;
mod app_store_connect;
mod bluesky;
pub mod csv;
mod discourse;
mod entry;
mod facebook;
mod feed;
pub mod form;
mod gdelt;
mod github;
mod google_business;
mod google_places;
mod google_play;
mod google_takeout;
mod hacker_news;
mod instagram;
mod jetstream;
mod lemmy;
pub mod mail;
mod mastodon;
mod mention_json;
pub mod ndjson;
mod reddit;
pub mod schema_org;
mod settings;
mod stack_exchange;
mod steam;
pub mod stream;
mod telegram;
mod tripadvisor;
mod trustpilot;
mod webhook;
mod woocommerce;
mod x;
mod yelp;
mod youtube;

use goodword_shared::{
    Mention, Time,
    access::Access,
    problem::SourceProblem,
    source::{Descriptor, Recognised, Values},
};

use crate::wire::{Request, Response};

/// What a connector remembers of a source between runs: opaque text of its own making.
pub type Cursor = String;

/// What was read from one answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The mentions, in the order of the answer.
    pub mentions: Vec<Mention>,
    /// What the platform itself says it has.
    pub totals: Totals,
    /// Further requests of the same run: next pages, detail pages.
    pub follow: Vec<Request>,
    /// Where the next run may start.
    pub cursor: Option<Cursor>,
    /// Items that could not be read, inside an otherwise good answer.
    pub warnings: Vec<Warning>,
    /// Further requests that are made even where nothing in this answer was new: they do not lead into the known past.
    pub also: Vec<Request>,
}

/// The platform's own count and average.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    /// How many there are.
    pub count: Option<u64>,
    /// Their average, on a scale up to `best`.
    pub average: Option<f64>,
    /// The scale's upper end.
    pub best: Option<f64>,
}

/// One broken item.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Warning {
    /// What is wrong.
    pub warning: String,
    /// Where: an id, an index, a line.
    pub at: String,
}

/// How much a platform answers in a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Units, as the platform counts them.
    pub units: u32,
    /// What it calls them: "calls".
    pub called: &'static str,
    /// Whose midnight begins a new day: "America/Los_Angeles".
    pub zone: &'static str,
    /// That zone for people: "PT".
    pub zone_shown: &'static str,
}

/// The code for a kind of source.
pub trait Connector: Send + Sync {
    /// Its account of itself.
    fn describe(&self) -> Descriptor;

    /// Whether it would read that address or name, and with what settings; how sure, 0–1, comes first.
    fn recognise(&self, text: &str) -> Option<(f64, Values, String)>;

    /// How much the platform answers in a day to whoever has these settings; sources with the same keys share it.
    fn allowance(&self, _settings: &Values) -> Option<Allowance> {
        None
    }

    /// How many units of the allowance a request takes.
    fn cost(&self, _request: &Request) -> u32 {
        1
    }

    /// What token these settings want got ready, where they do not hold one: `start` then finds it under [`goodword_shared::access::TOKEN`].
    fn access(&self, _settings: &Values) -> Option<Access> {
        None
    }

    /// The first request of a run. `Err` where settings are missing or wrong, with what to do.
    fn start(&self, settings: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem>;

    /// Reads one answer. `now` is the time of reading for relative dates; without it they stay unknown.
    fn read(
        &self,
        request: &Request,
        response: &Response,
        now: Option<Time>,
    ) -> Result<Reading, SourceProblem>;
}

/// Every connector, in the order of the documents.
pub fn all() -> &'static [&'static dyn Connector] {
    &[
        &feed::Feed,
        &schema_org::SchemaOrg,
        &app_store::AppStore,
        &app_store_connect::AppStoreConnect,
        &google_play::GooglePlay,
        &google_business::GoogleBusiness,
        &google_places::GooglePlaces,
        &tripadvisor::Tripadvisor,
        &yelp::Yelp,
        &trustpilot::Trustpilot,
        &facebook::Facebook,
        &instagram::Instagram,
        &amazon::Amazon,
        &woocommerce::WooCommerce,
        &steam::Steam,
        &reddit::Reddit,
        &hacker_news::HackerNews,
        &mastodon::Mastodon,
        &bluesky::Bluesky,
        &x::X,
        &youtube::YouTube,
        &stack_exchange::StackExchange,
        &discourse::Discourse,
        &github::GitHub,
        &lemmy::Lemmy,
        &telegram::Telegram,
        &gdelt::Gdelt,
        &mail::Mail,
        &google_takeout::GoogleTakeout,
        &csv::Csv,
        &ndjson::Ndjson,
        &webhook::Webhook,
        &form::Form,
    ]
}

/// The connector of that slug.
pub fn by_slug(slug: &str) -> Option<&'static dyn Connector> {
    all().iter().copied().find(|c| c.describe().slug == slug)
}

/// Which connectors would read an address, surest first.
pub fn recognise(text: &str) -> Vec<Recognised> {
    let mut found: Vec<(f64, Recognised)> = all()
        .iter()
        .filter_map(|c| {
            let (sure, settings, name) = c.recognise(text.trim())?;
            Some((sure, Recognised { connector: c.describe(), settings, name }))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, r)| r).collect()
}
