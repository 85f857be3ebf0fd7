//! A market of made-up platforms: one stall for every protocol that connectors poll, each on a port of its own, each with entries
//! that come, change their words and stars, vanish and return, all from one seed. A stall knows the truth, and can be made to
//! answer as platforms do on bad days. For tests that compare what was stored with what was true; the demo has [`super::start`].
//!
//! It speaks protocols and knows nothing of connectors, store or analysis, and must not.

mod entry;
mod forums;
mod reviews;
mod server;
mod social;
mod trouble;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use goodword_shared::{Time, api::sources::NewSource};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

pub use entry::Entry;
pub use trouble::{Kind, Trouble};

use entry::Shelf;
use server::{Answer, Asked, View};

/// What a platform's stars are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stars {
    /// One to five.
    Five,
    /// Up or down.
    Thumb,
    /// It has none.
    None,
}

/// How one platform is played.
pub struct Protocol {
    /// The connector that reads it.
    pub slug: &'static str,
    settings: fn(&str) -> Vec<(&'static str, String)>,
    answer: fn(&View<'_>, &Asked) -> Answer,
    /// The id under which an entry is known to the connector.
    id: fn(&Entry, &str) -> String,
    /// Its stars.
    pub stars: Stars,
    /// Entries carry a title.
    pub title: bool,
    /// Entries carry words (a list of news has titles alone).
    pub words: bool,
    /// Of how many of the newest entries a later look still shows the changes; none where what was read is not shown again.
    pub fresh: usize,
    /// Entries at the beginning.
    first: usize,
}

/// Every platform.
pub static PROTOCOLS: &[&[Protocol]] = &[reviews::PROTOCOLS, forums::PROTOCOLS, social::PROTOCOLS];

/// One platform of the market.
pub struct Stall {
    /// How it is played.
    pub protocol: &'static Protocol,
    /// Where it listens.
    pub addr: SocketAddr,
    shelf: Arc<Mutex<Shelf>>,
}

/// All platforms of one seed. They stop when this is dropped.
pub struct Market {
    /// One for every protocol.
    pub stalls: Vec<Stall>,
    rng: StdRng,
    _stop: DropGuard,
}

/// Opens the market on free ports of loopback. Everything in it was said before `now`.
///
/// # Errors
/// Where there is no port.
pub async fn open(seed: u64, now: Time) -> anyhow::Result<Market> {
    let mut rng = StdRng::seed_from_u64(seed);
    let stop = CancellationToken::new();
    let mut stalls = Vec::new();
    for (n, protocol) in PROTOCOLS.iter().flat_map(|group| group.iter()).enumerate() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let addr = listener.local_addr()?;
        // Each has a long history now and then, so that its paging is walked.
        let long = (seed as usize + n).is_multiple_of(5);
        let first = if long { protocol.first * 3 } else { protocol.first };
        let shelf = Arc::new(Mutex::new(Shelf::new(rng.random(), now, first)));
        server::serve(listener, protocol, shelf.clone(), stop.clone());
        stalls.push(Stall { protocol, addr, shelf });
    }
    Ok(Market { stalls, rng, _stop: stop.drop_guard() })
}

impl Market {
    /// Lets time pass at every stall: some entries come, some change, some vanish, some return.
    pub fn step(&mut self) {
        for stall in &self.stalls {
            stall.shelf().step(stall.protocol);
        }
    }

    /// Gives some of the stalls a bad day, and says which.
    pub fn spoil(&mut self) -> Vec<(&'static str, Trouble)> {
        let mut told = Vec::new();
        for stall in &self.stalls {
            let trouble = self.rng.random_bool(0.4).then(|| Trouble::any(&mut self.rng));
            told.extend(trouble.clone().map(|trouble| (stall.protocol.slug, trouble)));
            stall.spoil(trouble);
        }
        told
    }

    /// All is well again.
    pub fn mend(&self) {
        self.stalls.iter().for_each(|stall| stall.spoil(None));
    }
}

impl Stall {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The source to watch.
    pub fn source(&self) -> NewSource {
        let base = format!("http://{}", self.addr);
        NewSource {
            connector: self.protocol.slug.into(),
            name: self.protocol.slug.into(),
            settings: (self.protocol.settings)(&base).into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
            every_minutes: Some(15),
        }
    }

    /// Everything that was ever said there, with the id that its connector gives it.
    pub fn truth(&self) -> Vec<(String, Entry)> {
        let base = format!("http://{}", self.addr);
        self.shelf().entries.iter().map(|entry| ((self.protocol.id)(entry, &base), entry.clone())).collect()
    }

    /// Makes it answer wrongly, or rightly again.
    pub fn spoil(&self, trouble: Option<Trouble>) {
        let mut shelf = self.shelf();
        shelf.trouble = trouble;
        shelf.asked = 0;
    }

    /// How often it was asked since it was last spoilt or mended.
    pub fn asked(&self) -> u32 {
        self.shelf().asked
    }
}
