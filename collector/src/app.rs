//! What every part of the running service shares. Built the same way by the binary and by the tests.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock, PoisonError, RwLock, atomic::AtomicBool},
};

use goodword_shared::{alert::Event, source::Source};
use tokio::sync::{Mutex, Notify, broadcast};
use tokio_util::sync::CancellationToken;

use crate::{
    analysis::{Analyser, taught::Local},
    clock,
    config::{Config, Tier},
    engine::{access::Tokens, meet::Acquaintances},
    fetch::{FetchSettings, Fetcher},
    identity::Index,
    secrets::Sealer,
    store::{self, Store},
};

/// The running service's shared parts. Cheap to clone.
#[derive(Clone)]
pub struct App {
    shared: Arc<Shared>,
}

/// Sources that answer, but less than usual, as they were found at the last look.
#[derive(Clone, Debug, Default)]
pub struct Quiet {
    /// When that was.
    pub looked_at: Option<tokio::time::Instant>,
    /// Which they are.
    pub sources: Vec<Source>,
}

/// See the fields.
pub struct Shared {
    /// Settings made before the start.
    pub config: Config,
    /// The data folder.
    pub data: PathBuf,
    /// What is remembered.
    pub store: Store,
    /// What texts mean.
    pub analyser: Analyser,
    /// What the owner has taught it, as far as this process has heard; see `engine/learn.rs`.
    pub local: RwLock<Arc<Local>>,
    /// The customers, ready to be found by name; filled from the store at start and kept in step by whoever changes customers.
    pub index: RwLock<Index>,
    /// Customers that changed while the index is being filled; none where it is not. See [`App::changed_meanwhile`].
    pub changed: std::sync::Mutex<Option<BTreeSet<String>>>,
    /// The index has been filled: whoever is found in it before that is found without knowing all names.
    pub filled: AtomicBool,
    /// Held while customers are read anew for the index: what was read first must not be written last.
    pub indexing: Mutex<()>,
    /// Held while the index is filled, or learns from all customers or authors.
    pub reckoning: Mutex<()>,
    /// Authors who have appeared, or show something else, and are to be compared with those of other platforms.
    pub appeared: std::sync::Mutex<BTreeSet<String>>,
    /// By what accounts find each other; none before the first look at all of them.
    pub acquaintances: Mutex<Option<Acquaintances>>,
    /// Where the dashboard answers, once it does.
    pub address: OnceLock<String>,
    /// Makes every request.
    pub fetcher: Fetcher,
    /// Held while a batch is decided: what one decides must be stored before the next one looks.
    pub deciding: Mutex<()>,
    /// Held while something is learnt or chosen.
    pub learning: Mutex<()>,
    /// Opens and seals passwords and keys.
    pub sealer: Sealer,
    /// Tokens that are kept in memory only.
    pub tokens: Tokens,
    /// What open pages are told. Sending fails where nobody listens; that is fine.
    pub events: broadcast::Sender<Event>,
    /// The owner said who somebody is, and it will be learnt from in a moment.
    pub learns_soon: AtomicBool,
    /// Sources found quiet at the last look.
    pub quiet: RwLock<Quiet>,
    /// Wakes the engine: a source is due now.
    pub wake_engine: Notify,
    /// Wakes the second tier: something waits to be heard.
    pub wake_hearing: Notify,
    /// Wakes the listeners: a source has changed.
    pub wake_listeners: Notify,
    /// Wakes whoever compares accounts: somebody has appeared.
    pub wake_kin: Notify,
    /// Wakes the learner: the owner has corrected something.
    pub wake_learner: Notify,
    /// Wakes the outbox: an effect waits.
    pub wake_outbox: Notify,
    /// The service ends: long answers end too.
    pub closing: CancellationToken,
    /// Made-up data; signs in by itself on loopback.
    pub demo: bool,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl App {
    /// Opens the data folder (created if need be) and everything in it.
    pub async fn build(data: &Path, config: Config, demo: bool) -> anyhow::Result<Self> {
        tokio::fs::create_dir_all(data).await?;
        let store = if config.service.database.is_empty() {
            Store::open_folder(data).await?
        } else {
            Store::open(&config.service.database).await?
        };
        let contact = store.settings().await?.contact;
        Self::assemble(data, config, demo, store, Some(contact))
    }

    /// The same on an open store, for tests on either database.
    pub fn with_store(data: &Path, config: Config, demo: bool, store: store::Store) -> anyhow::Result<Self> {
        Self::assemble(data, config, demo, store, None)
    }

    fn assemble(
        data: &Path,
        config: Config,
        demo: bool,
        store: store::Store,
        contact: Option<String>,
    ) -> anyhow::Result<Self> {
        let (events, _) = broadcast::channel(256);
        let tier = config.analysis.tier;
        let fetcher = Fetcher::new(FetchSettings { contact, ..FetchSettings::of(&config.fetch)? })?;
        Ok(Self {
            shared: Arc::new(Shared {
                sealer: Sealer::open(data)?,
                tokens: Tokens::default(),
                address: OnceLock::new(),
                config,
                data: data.to_owned(),
                store,
                analyser: match tier {
                    Tier::Full => Analyser::new(),
                    Tier::Fast => Analyser::fast(),
                },
                local: RwLock::default(),
                index: RwLock::new(Index::new()),
                changed: std::sync::Mutex::default(),
                indexing: Mutex::new(()),
                reckoning: Mutex::new(()),
                appeared: std::sync::Mutex::default(),
                acquaintances: Mutex::new(None),
                fetcher,
                deciding: Mutex::new(()),
                learning: Mutex::new(()),
                events,
                filled: AtomicBool::new(false),
                learns_soon: AtomicBool::new(false),
                quiet: RwLock::default(),
                wake_engine: Notify::new(),
                wake_hearing: Notify::new(),
                wake_listeners: Notify::new(),
                wake_kin: Notify::new(),
                wake_learner: Notify::new(),
                wake_outbox: Notify::new(),
                closing: CancellationToken::new(),
                demo,
            }),
        })
    }

    /// Looks at, or notes, which customers changed while the index is being filled.
    pub fn changed_meanwhile<T>(&self, look: impl FnOnce(&mut Option<BTreeSet<String>>) -> T) -> T {
        look(&mut self.changed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Records who did what.
    pub async fn audit(&self, by: &str, what: &str, object: Option<&str>, detail: &str) -> store::Result<()> {
        let entry = store::AuditEntry {
            at: clock::now(),
            by: by.to_owned(),
            what: what.to_owned(),
            object: object.map(str::to_owned),
            detail: detail.to_owned(),
        };
        self.store.add_audit(&entry).await
    }

    /// The dashboard's address for links, without a closing slash: as configured, else where it answers.
    pub fn dashboard(&self) -> String {
        let configured = self.config.service.dashboard_url.trim_end_matches('/');
        match self.address.get() {
            _ if !configured.is_empty() => configured.to_owned(),
            Some(address) => address.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.config.service.listen),
        }
    }

    /// Tells open pages.
    pub fn tell(&self, event: Event) {
        // An error only says that no page is open.
        let _ = self.events.send(event);
    }
}
