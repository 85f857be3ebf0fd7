//! What somebody in the made-up town said, before a platform puts it into its own form, and what is truly behind it.

use goodword_shared::Time;

/// The platforms that are played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// Customer-review feed of the app.
    AppStore,
    /// A page of reviews with JSON-LD.
    Page,
    /// The cycling club's RSS.
    Feed,
    /// Comments.
    HackerNews,
    /// A hashtag's timeline.
    Mastodon,
    /// A search.
    Bluesky,
}

impl Platform {
    /// Every platform.
    pub const ALL: [Platform; 6] = [
        Platform::AppStore,
        Platform::Page,
        Platform::Feed,
        Platform::HackerNews,
        Platform::Mastodon,
        Platform::Bluesky,
    ];

    /// Whose requests a path belongs to.
    pub(super) fn of_path(path: &str) -> Option<Self> {
        if path.contains("/rss/customerreviews") {
            Some(Platform::AppStore)
        } else if path.starts_with("/harrowmere/") {
            Some(Platform::Page)
        } else if path.starts_with("/club/") {
            Some(Platform::Feed)
        } else if path.starts_with("/api/v1/search") {
            Some(Platform::HackerNews)
        } else if path.starts_with("/api/v1/timelines") {
            Some(Platform::Mastodon)
        } else if path.starts_with("/xrpc/") {
            Some(Platform::Bluesky)
        } else {
            None
        }
    }

    /// Reviews have stars.
    pub(super) fn rates(self) -> bool {
        matches!(self, Platform::AppStore | Platform::Page)
    }
}

/// How somebody truly feels: the truth behind the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Feel {
    /// Unhappy.
    Bad,
    /// Neither.
    Fine,
    /// Both.
    Mixed,
    /// Happy.
    Good,
}

impl Feel {
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name.trim() {
            "bad" => Some(Feel::Bad),
            "fine" => Some(Feel::Fine),
            "good" => Some(Feel::Good),
            _ => None,
        }
    }
}

/// How a platform shows a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub name: String,
    pub handle: String,
    pub followers: u64,
}

/// One thing said.
#[derive(Clone, Debug)]
pub(super) struct Post {
    /// The platform's id: a number for most, `r-…` on the page, the record's key on Bluesky.
    pub id: String,
    /// Name inside the script, for later edits.
    pub alias: Option<String>,
    pub platform: Platform,
    /// Storefront of the App Store.
    pub country: &'static str,
    pub shown: Shown,
    /// Which person of the town; customers come first.
    pub person: Option<usize>,
    pub stars: Option<u8>,
    pub title: Option<String>,
    pub text: String,
    pub lang: String,
    pub published: Time,
    pub edited: Option<Time>,
    pub likes: u32,
    pub replies: u32,
    pub shares: u32,
    pub feel: Feel,
    pub themes: Vec<String>,
}

impl Post {
    /// When it was last touched: platforms list by that.
    pub fn touched(&self) -> Time {
        self.edited.unwrap_or(self.published)
    }
}

/// What is truly behind a mention; for tests that measure how well it was understood.
#[derive(Clone, Debug)]
pub struct Truth {
    /// Where.
    pub platform: Platform,
    /// The platform's id; on the page the fragment of its address.
    pub external_id: String,
    /// The customer's id in the CSV; none for strangers.
    pub customer: Option<String>,
    /// How they feel.
    pub feel: Feel,
    /// What it is about.
    pub themes: Vec<String>,
    /// When.
    pub published: Time,
    /// Language.
    pub language: String,
    /// What they said.
    pub text: String,
    /// Stars.
    pub stars: Option<u8>,
}
