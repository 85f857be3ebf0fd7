//! The state of the made-up town: what has been said so far, what will happen, and what time it is there.

use chrono::Duration;
use goodword_shared::{Time, customer::CustomerFacts};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::time::Instant;

use super::{
    history::Writer,
    people::Town,
    post::{Platform, Post, Truth},
    script::{Business, Event, Happening, Script},
    words::Words,
};

/// Seconds from the first collection to the end of the script, and between mentions after it.
const AFTER_SCRIPT: u32 = 660;
const TRICKLE_EVERY: u32 = 540;

/// How time passes in the town.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pace {
    /// As outside, from this instant on.
    Running(Instant),
    /// Only by events; seconds so far.
    ByHand(u32),
}

#[derive(Debug)]
pub(super) struct World {
    pub business: Business,
    pub customers: Vec<CustomerFacts>,
    pub customers_csv: String,
    posts: Vec<Post>,
    /// In order; the next one last.
    pending: Vec<Event>,
    customer_of: Vec<Option<String>>,
    start: Time,
    pace: Pace,
    rng: StdRng,
    numbers: u64,
}

/// What an event did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// Where.
    pub platform: Platform,
    /// The platform's id of the mention.
    pub external_id: String,
    /// It was there before and has changed.
    pub edited: bool,
    /// Its stars now.
    pub stars: Option<u8>,
}

impl World {
    pub fn new(seed: u64, now: Time, pace: Pace) -> anyhow::Result<Self> {
        let mut rng = StdRng::seed_from_u64(seed);
        let script = Script::read()?;
        let mut words = Words::new(&mut rng);
        let mut town = Town::new(&mut rng, now, &script.cast);
        let (mut posts, mut pending) = script.play(&mut rng, &mut town, now);
        let said = posts.iter().map(|p| p.text.clone()).collect();
        let mut writer = Writer { rng: &mut rng, words: &mut words, town: &mut town, now, said };
        posts.extend(writer.past());
        for (n, post) in (0..).zip(writer.future()) {
            let after = AFTER_SCRIPT + n * TRICKLE_EVERY;
            pending.push(Event { after, what: Happening::Said(Box::new(post)) });
        }
        pending.reverse();
        posts.sort_by_key(|p| p.published);
        let mut world = Self {
            business: script.business,
            customers: town.customers(),
            customers_csv: town.customers_csv(),
            posts: Vec::with_capacity(posts.len() + pending.len()),
            pending,
            customer_of: town.people.into_iter().map(|p| p.id).collect(),
            start: now,
            pace,
            rng,
            numbers: 0,
        };
        for post in posts {
            world.put(post);
        }
        Ok(world)
    }

    /// The time in the town.
    fn now(&self) -> Time {
        match self.pace {
            Pace::Running(since) => self.start + Duration::milliseconds(since.elapsed().as_millis() as i64),
            Pace::ByHand(seconds) => self.start + Duration::seconds(seconds.into()),
        }
    }

    /// Posts of a platform, the last touched first.
    pub fn of(&self, platform: Platform) -> Vec<&Post> {
        let mut list: Vec<&Post> = self.posts.iter().filter(|p| p.platform == platform).collect();
        list.sort_by(|a, b| b.touched().cmp(&a.touched()).then_with(|| b.id.cmp(&a.id)));
        list
    }

    /// One post.
    pub fn find(&self, id: &str) -> Option<&Post> {
        self.posts.iter().find(|p| p.id == id)
    }

    /// Seconds after the first collection at which the next event is due.
    pub fn next_due(&self) -> Option<u32> {
        self.pending.last().map(|e| e.after)
    }

    /// Lets the next event happen.
    pub fn advance(&mut self) -> Option<Happened> {
        let event = self.pending.pop()?;
        if let Pace::ByHand(seconds) = &mut self.pace {
            *seconds = event.after.max(*seconds);
        }
        let now = self.now();
        match event.what {
            Happening::Said(mut post) => {
                post.published = now;
                let (platform, stars) = (post.platform, post.stars);
                Some(Happened { platform, external_id: self.put(*post), edited: false, stars })
            }
            Happening::Edited { alias, stars, title, text } => {
                let post = self.posts.iter_mut().find(|p| p.alias.as_ref() == Some(&alias))?;
                post.stars = stars.or(post.stars);
                post.title = title.or(post.title.take());
                post.text = text;
                post.edited = Some(now);
                Some(Happened {
                    platform: post.platform,
                    external_id: post.id.clone(),
                    edited: true,
                    stars: post.stars,
                })
            }
        }
    }

    /// Adds a post with the id that its platform would give.
    fn put(&mut self, mut post: Post) -> String {
        self.numbers += self.rng.random_range(3..40);
        let n = self.numbers;
        post.id = match post.platform {
            Platform::AppStore => (99_100_000_000 + n).to_string(),
            Platform::HackerNews => (940_000_000 + n).to_string(),
            Platform::Page => format!("r-{:06x}", 0x00a1_0000 + n),
            Platform::Feed => format!("note-{}", 2_000 + n),
            // Ids there are times with a number behind, so that they sort.
            Platform::Mastodon => {
                ((post.published.timestamp_millis().max(0) as u64) << 16 | (n & 0xffff)).to_string()
            }
            Platform::Bluesky => sortable(post.published.timestamp_micros().max(0) as u64, n),
        };
        let id = post.id.clone();
        self.posts.push(post);
        id
    }

    /// What is truly behind everything said so far.
    pub fn truth(&self) -> Vec<Truth> {
        let of = |p: &Post| Truth {
            platform: p.platform,
            external_id: p.id.clone(),
            customer: p.person.and_then(|n| self.customer_of.get(n).cloned().flatten()),
            feel: p.feel,
            themes: p.themes.clone(),
            published: p.published,
            language: p.lang.clone(),
            text: p.text.clone(),
            stars: p.stars,
        };
        self.posts.iter().map(of).collect()
    }
}

/// A record key as Bluesky makes them: microseconds in a sortable alphabet, thirteen letters.
fn sortable(micros: u64, n: u64) -> String {
    const LETTERS: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
    let value = (micros << 10) | (n & 0x3ff);
    (0..13).rev().map(|i| char::from(LETTERS[(value >> (i * 5) & 31) as usize])).collect()
}
