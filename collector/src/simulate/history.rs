//! Two years of mentions by ordinary people, put together from the phrases. The business has its seasons: a bad spell when the
//! app was rewritten, another when prices rose; some people are always glad, some never, and a few have turned.

use std::collections::HashSet;

use chrono::Duration;
use goodword_shared::Time;
use rand::{Rng, rngs::StdRng};

use super::{
    people::{CUSTOMERS, Mood, Town},
    post::{Feel, Platform, Post},
    voice::{APP, SHOP},
    words::Words,
};

/// How many of each platform.
const COUNTS: [(Platform, usize); 6] = [
    (Platform::AppStore, 300),
    (Platform::Page, 430),
    (Platform::Feed, 24),
    (Platform::HackerNews, 13),
    (Platform::Mastodon, 115),
    (Platform::Bluesky, 110),
];
/// Mentions of a live demo after the script has ended.
const TRICKLE: usize = 40;
const DAYS: f64 = 730.0;

/// Puts people and phrases together.
pub(super) struct Writer<'a> {
    pub rng: &'a mut StdRng,
    pub words: &'a mut Words,
    pub town: &'a mut Town,
    pub now: Time,
    pub said: HashSet<String>,
}

impl Writer<'_> {
    /// Two years up to an hour and a half ago.
    pub fn past(&mut self) -> Vec<Post> {
        let mut posts = Vec::new();
        for (platform, count) in COUNTS {
            for _ in 0..count {
                // More of late than long ago: the business grows.
                let share = self.rng.random_range(0.0_f64..1.0).powf(1.25);
                // The club writes its notes up after a while.
                let least = if platform == Platform::Feed { 17.0 * 86_400.0 } else { 5_400.0 };
                let ago = least + share * (DAYS * 86_400.0 - least);
                posts.push(self.post(platform, self.waking(ago)));
            }
        }
        posts
    }

    /// What is said later on, while a demo is left running; times are set when it happens.
    pub fn future(&mut self) -> Vec<Post> {
        (0..TRICKLE)
            .map(|_| {
                let platform = match self.rng.random_range(0..20) {
                    0..8 => Platform::Page,
                    8..14 => Platform::AppStore,
                    14..17 => Platform::Mastodon,
                    _ => Platform::Bluesky,
                };
                self.post(platform, self.now)
            })
            .collect()
    }

    /// So many seconds ago, moved out of the small hours.
    fn waking(&self, ago: f64) -> Time {
        use chrono::Timelike;
        let at = self.now - Duration::milliseconds((ago * 1000.0) as i64);
        if at.hour() < 6 { at - Duration::hours(7) } else { at }
    }

    fn post(&mut self, platform: Platform, at: Time) -> Post {
        let days = (self.now - at).num_days();
        let person = self.person();
        let feel = self.feel(person, platform, days);
        let lang = self.language(person, platform, feel);
        let country = if platform == Platform::AppStore && lang == "de" { "de" } else { "gb" };
        let shown = self.town.shown(self.rng, person, platform);
        let mut written = self.write(platform, lang, feel);
        for _ in 0..6 {
            if written.text.is_empty() || self.said.insert(written.text.clone()) {
                break;
            }
            written = self.write(platform, lang, feel);
        }
        let warm = if matches!(feel, Feel::Bad) { 2.2 } else { 1.0 };
        let heat = (self.rng.random_range(0.0_f64..1.0).powi(5) * 34.0 * warm) as u32;
        Post {
            id: String::new(),
            alias: None,
            platform,
            country,
            person: Some(person),
            shown,
            stars: platform.rates().then(|| self.stars(feel, days)),
            title: written.title,
            text: written.text,
            lang: lang.into(),
            published: at,
            edited: None,
            likes: heat,
            replies: heat / 5,
            shares: heat / 4,
            feel,
            themes: written.themes,
        }
    }

    /// A few speak often, most once or never, some are in no record.
    fn person(&mut self) -> usize {
        let cast = 14;
        match self.rng.random_range(0..100) {
            0..52 => cast + (self.rng.random_range(0.0_f64..1.0).powf(1.6) * 110.0) as usize,
            52..80 => self.rng.random_range(cast..CUSTOMERS),
            _ => self.rng.random_range(CUSTOMERS..self.town.people.len()),
        }
    }

    fn feel(&mut self, person: usize, platform: Platform, days: i64) -> Feel {
        let (mut good, fine, mixed, mut bad) = match self.town.people[person].mood {
            Mood::Glad => (90, 5, 4, 1),
            Mood::Usual => (62, 12, 10, 16),
            Mood::Grumpy => (12, 16, 14, 58),
            Mood::Soured if days < 62 => (2, 6, 12, 80),
            Mood::Soured => (90, 6, 4, 0),
        };
        let spell = match platform {
            Platform::AppStore => (70..112).contains(&days),
            _ => (200..238).contains(&days),
        };
        if spell {
            bad += 30;
        } else if days < 15 {
            // The last days are the script's.
            good += 25;
            bad /= 4;
        }
        match self.rng.random_range(0..good + fine + mixed + bad) {
            n if n < good => Feel::Good,
            n if n < good + fine => Feel::Fine,
            n if n < good + fine + mixed => Feel::Mixed,
            _ => Feel::Bad,
        }
    }

    fn language(&mut self, person: usize, platform: Platform, feel: Feel) -> &'static str {
        // Where a language has no word on it, people say it in English.
        let silent = |words: &Words, lang| {
            let themes: &[(&'static str, u32)] = if platform == Platform::AppStore { &APP } else { &SHOP };
            let mut needed = match feel {
                Feel::Mixed => vec![Feel::Good, Feel::Bad],
                one => vec![one],
            };
            needed.retain(|feel| !themes.iter().any(|(theme, _)| words.has(lang, theme, *feel)));
            !needed.is_empty()
        };
        if matches!(platform, Platform::HackerNews | Platform::Feed) || self.rng.random_bool(0.3) {
            return "en";
        }
        ["de", "es", "fr"]
            .into_iter()
            .find(|lang| self.town.people[person].lang == *lang && !silent(self.words, lang))
            .unwrap_or("en")
    }

    fn stars(&mut self, feel: Feel, days: i64) -> u8 {
        let draw = self.rng.random_range(0..100);
        match feel {
            // Some take one star for the best mark; not among those that the owner sees first.
            Feel::Good => match draw {
                0 if days > 20 => 1,
                0..78 => 5,
                _ => 4,
            },
            Feel::Fine => 3 + u8::from(draw < 25),
            Feel::Mixed => [2, 3, 3, 4][draw % 4],
            Feel::Bad => match draw {
                0..62 => 1,
                62..95 => 2,
                _ => 3,
            },
        }
    }
}
