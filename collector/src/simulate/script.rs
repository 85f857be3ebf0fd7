//! The written part of the simulation: people with a story, and the day that unfolds while the owner watches. Read from
//! `data/simulate/script.toml`, which is compiled in.

use chrono::Duration;
use goodword_shared::Time;
use rand::{Rng, rngs::StdRng};
use serde::Deserialize;

use super::{
    people::Town,
    post::{Feel, Platform, Post, Shown},
};

#[derive(Debug, Deserialize)]
pub(super) struct Script {
    pub business: Business,
    #[serde(rename = "person")]
    pub cast: Vec<Cast>,
    say: Vec<Say>,
    edit: Vec<EditLine>,
}

/// The made-up business.
#[derive(Clone, Debug, Deserialize)]
pub struct Business {
    /// Its name.
    pub name: String,
    /// Its town.
    pub town: String,
    /// Number of its app.
    pub app: String,
    /// Path of its page of reviews.
    pub page: String,
    /// Hashtag.
    pub tag: String,
    /// What to search for.
    pub search: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Cast {
    key: String,
    pub name: String,
    pub city: String,
    pub language: String,
    /// Days.
    pub since: u32,
    pub value: u32,
    pub handle: Option<String>,
    pub tags: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Say {
    who: Option<String>,
    name: Option<String>,
    handle: Option<String>,
    followers: Option<u64>,
    r#where: Platform,
    shown: Option<String>,
    ago: Option<String>,
    after: Option<u32>,
    stars: Option<u8>,
    lang: Option<String>,
    title: Option<String>,
    themes: Vec<String>,
    feel: Feel,
    id: Option<String>,
    text: String,
    #[serde(default)]
    likes: u32,
    #[serde(default)]
    replies: u32,
    #[serde(default)]
    shares: u32,
}

#[derive(Debug, Deserialize)]
struct EditLine {
    of: String,
    after: u32,
    stars: Option<u8>,
    title: Option<String>,
    text: String,
}

/// Something that happens while the owner watches.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// Seconds after the first collection.
    pub after: u32,
    pub what: Happening,
}

#[derive(Clone, Debug)]
pub(super) enum Happening {
    /// Somebody says something new; its time is the moment it happens.
    Said(Box<Post>),
    /// Somebody changes what they said.
    Edited { alias: String, stars: Option<u8>, title: Option<String>, text: String },
}

impl Script {
    /// The script as shipped.
    ///
    /// # Errors
    /// Where the file compiled in is broken, which a test would have shown.
    pub fn read() -> Result<Self, toml::de::Error> {
        toml::from_str(include_str!("../../data/simulate/script.toml"))
    }

    /// What was said before `now`, and what will happen, in order.
    pub fn play(&self, rng: &mut StdRng, town: &mut Town, now: Time) -> (Vec<Post>, Vec<Event>) {
        let (mut before, mut events) = (Vec::new(), Vec::new());
        for say in &self.say {
            let mut ago = say.ago.as_deref().map_or(Duration::zero(), span);
            if ago.num_minutes() % 1440 == 0 && !ago.is_zero() {
                // Only the day is written: some hour of it.
                ago += Duration::seconds(rng.random_range(0..36_000));
            }
            let post = self.post(rng, town, say, now - ago);
            match say.after {
                Some(after) => events.push(Event { after, what: Happening::Said(Box::new(post)) }),
                None => before.push(post),
            }
        }
        events.extend(self.edit.iter().map(|e| Event {
            after: e.after,
            what: Happening::Edited {
                alias: e.of.clone(),
                stars: e.stars,
                title: e.title.clone(),
                text: e.text.clone(),
            },
        }));
        events.sort_by_key(|e| e.after);
        (before, events)
    }

    fn post(&self, rng: &mut StdRng, town: &mut Town, say: &Say, published: Time) -> Post {
        // The cast are the first people of the town, in the same order.
        let person = say.who.as_ref().and_then(|who| self.cast.iter().position(|c| c.key == *who));
        let known = person.map(|p| town.shown(rng, p, say.r#where)).unwrap_or_default();
        let handle = match (&say.handle, person) {
            (Some(handle), _) => handle.clone(),
            (None, Some(p)) => town.people[p].handle.clone(),
            (None, None) => known.handle,
        };
        let shown = Shown {
            name: say.shown.clone().or_else(|| say.name.clone()).unwrap_or(known.name),
            handle,
            followers: say.followers.unwrap_or(known.followers.max(40)),
        };
        Post {
            id: String::new(),
            alias: say.id.clone(),
            platform: say.r#where,
            country: "gb",
            shown,
            person,
            stars: say.stars,
            title: say.title.clone(),
            text: say.text.clone(),
            lang: say.lang.clone().unwrap_or_else(|| "en".into()),
            published: published - Duration::milliseconds(rng.random_range(0..1000)),
            edited: None,
            likes: say.likes,
            replies: say.replies,
            shares: say.shares,
            feel: say.feel,
            themes: say.themes.clone(),
        }
    }
}

/// "2d 3h", "19m".
fn span(text: &str) -> Duration {
    text.split_whitespace().fold(Duration::zero(), |sum, part| {
        let (number, unit) = part.split_at(part.len() - 1);
        let n: i64 = number.parse().unwrap_or_default();
        sum + match unit {
            "d" => Duration::days(n),
            "h" => Duration::hours(n),
            _ => Duration::minutes(n),
        }
    })
}
