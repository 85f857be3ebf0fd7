//! What was heard and is not stored yet. It is stored in small transactions, and only then does the cursor move. Nothing more is
//! read from the connection meanwhile: a slow database slows the other side down, and memory stays small.

use goodword_shared::{Mention, Time, alert::Event};

use super::super::{
    ingest::{Ingested, ingest},
    run::origin,
};
use crate::{
    app::App,
    clock, connectors,
    pipeline::Run,
    store::{Heard, StoredSource},
};

/// Mentions that wait at most.
pub const MOST: usize = 100;

/// Mentions in the order in which they were heard, and where to go on after them.
pub struct Batch<'a> {
    app: &'a App,
    source: &'a StoredSource,
    mentions: Vec<Mention>,
    cursor: Option<String>,
    warnings: Vec<String>,
}

impl<'a> Batch<'a> {
    /// Nothing yet.
    pub fn new(app: &'a App, source: &'a StoredSource) -> Self {
        Self { app, source, mentions: Vec::new(), cursor: None, warnings: Vec::new() }
    }

    /// Adds what one message said.
    pub fn add(&mut self, mentions: Vec<Mention>, cursor: Option<String>) {
        self.mentions.extend(mentions);
        self.cursor = cursor.or(self.cursor.take());
    }

    /// Adds what could not be read.
    pub fn warn(&mut self, warning: String) {
        tracing::debug!(source = %self.source.id, warning, "a message could not be read");
        if self.warnings.len() < 3 {
            self.warnings.push(warning);
        }
    }

    /// Enough to be stored at once.
    pub fn is_full(&self) -> bool {
        self.mentions.len() >= MOST
    }

    /// Nothing waits.
    pub fn is_empty(&self) -> bool {
        self.mentions.is_empty() && self.cursor.is_none() && self.warnings.is_empty()
    }

    /// Stores everything, then moves the cursor. What is removed there and was never stored here is left out.
    pub async fn store(&mut self, run: Run) -> anyhow::Result<Ingested> {
        let (app, source) = (self.app, self.source);
        let now: Time = clock::now();
        let gone: Vec<&str> =
            self.mentions.iter().filter(|m| m.deleted).filter_map(|m| m.external_id.as_deref()).collect();
        let known = app.store.known_keys(&source.id, &gone).await?;
        // A post may come and go within one batch: then it was here, and goes.
        let here: Vec<String> =
            self.mentions.iter().filter(|m| !m.deleted).filter_map(|m| m.external_id.clone()).collect();
        let mentions: Vec<Mention> = std::mem::take(&mut self.mentions)
            .into_iter()
            .filter(|m| {
                let id = m.external_id.as_ref();
                !m.deleted || id.is_some_and(|id| known.contains(id) || here.contains(id))
            })
            .collect();
        let found = u32::try_from(mentions.len()).unwrap_or(u32::MAX);
        let mut done = Ingested::default();
        if let Some(connector) = connectors::by_slug(&source.connector).filter(|_| found > 0) {
            done = ingest(app, &origin(source, &connector.describe()), mentions, run, now).await?;
        }
        app.store.listener_at(&source.id, self.cursor.take().as_deref(), (found > 0).then_some(now)).await?;
        let warnings = std::mem::take(&mut self.warnings);
        if found > 0 || !warnings.is_empty() {
            let detail = (!warnings.is_empty()).then(|| {
                format!("Some of it could not be read: {}.", warnings.join("; ").trim_end_matches('.'))
            });
            let heard = Heard { found, new: done.new, changed: done.changed, detail, problem: None };
            app.store.source_heard(&source.id, &heard, now).await?;
            app.tell(Event::Changed { what: "sources".into() });
        }
        Ok(done)
    }
}
