//! Mentions into the store: batches through the pipeline, each written in one transaction with everything it set off.

use std::sync::Arc;

use goodword_shared::{
    Mention, Time,
    alert::{Event, RuleSettings},
    id::ChannelId,
    mention::Precision,
    settings::Settings,
    source::StorageRule,
};

use super::{learn, meet, promoters, storage};
use crate::{
    analysis::taught::Taught,
    app::App,
    pipeline::{self, Minds, Prepared, Run, Understood, decide::Scope},
    record::{Batch, Origin},
    store::{Concerned, StoreError, new_id},
};

/// Mentions of one transaction.
const BATCH: usize = 500;
/// How often a batch is decided anew because another collector stored some of it meanwhile.
const TRIES: u32 = 3;

/// What became of mentions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ingested {
    /// Never seen before.
    pub new: u32,
    /// Changed since.
    pub changed: u32,
    /// Seen before, the same.
    pub unchanged: u32,
    /// New or changed, and unhappy.
    pub unhappy: u32,
    /// Cases opened.
    pub cases: u32,
    /// Alerts raised.
    pub alerts: u32,
}

impl Ingested {
    /// Both together.
    pub fn add(&mut self, more: Ingested) {
        self.new += more.new;
        self.changed += more.changed;
        self.unchanged += more.unchanged;
        self.unhappy += more.unhappy;
        self.cases += more.cases;
        self.alerts += more.alerts;
    }

    /// "12 new, 1 changed, 3 unhappy, 2 cases opened".
    pub fn words(&self) -> String {
        let mut parts = vec![format!("{} new", self.new)];
        for (n, what) in [(self.changed, "changed"), (self.unchanged, "unchanged"), (self.unhappy, "unhappy")]
        {
            if n > 0 {
                parts.push(format!("{n} {what}"));
            }
        }
        if self.cases > 0 {
            parts.push(format!("{} {} opened", self.cases, if self.cases == 1 { "case" } else { "cases" }));
        }
        if self.alerts > 0 {
            parts.push(format!("{} {}", self.alerts, if self.alerts == 1 { "alert" } else { "alerts" }));
        }
        parts.join(", ")
    }
}

/// Threads that the second tier may use, at most.
const THREADS: usize = 8;

/// What holds for all batches of one call.
struct Terms {
    settings: Settings,
    rules: Vec<RuleSettings>,
    channels: Vec<ChannelId>,
}

impl Terms {
    fn scope<'a>(&'a self, origin: &'a Origin, run: Run, now: Time) -> Scope<'a> {
        Scope { origin, run, now, settings: &self.settings, rules: &self.rules, channels: &self.channels }
    }
}

/// A mention of an answer, as the store knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighted {
    /// Its key in the source.
    pub key: String,
    /// When it was published, where that is known exactly.
    pub at: Option<Time>,
    /// The platform says that it was removed.
    pub deleted: bool,
}

/// Takes mentions in, tells open pages, and wakes the outbox. What has been committed stays, whatever fails later.
pub async fn ingest(
    app: &App,
    origin: &Origin,
    mentions: Vec<Mention>,
    run: Run,
    now: Time,
) -> anyhow::Result<Ingested> {
    Ok(take_in(app, origin, mentions, run, now).await?.0)
}

/// The same, and says what was there, in the order of the answer.
pub(super) async fn take_in(
    app: &App,
    origin: &Origin,
    mentions: Vec<Mention>,
    run: Run,
    now: Time,
) -> anyhow::Result<(Ingested, Vec<Sighted>)> {
    let mut total = Ingested::default();
    if mentions.is_empty() {
        return Ok((total, Vec::new()));
    }
    // Whatever way it came: what a platform shows live only is never written.
    if storage::rule(&origin.connector) == StorageRule::Never {
        anyhow::bail!("{} does not allow its content to be stored", origin.connector);
    }
    let terms = Arc::new(Terms {
        settings: app.store.settings().await?,
        rules: app.store.rules().await?.into_iter().map(|rule| rule.settings).collect(),
        channels: app
            .store
            .channels()
            .await?
            .into_iter()
            .filter(|channel| channel.enabled && channel.kind != "page")
            .map(|channel| ChannelId::new(channel.id))
            .collect(),
    });
    let mut prepared = pipeline::prepare(mentions, origin, now);
    let sighted = prepared.iter().map(sighted).collect();
    while !prepared.is_empty() {
        let rest = prepared.split_off(prepared.len().min(BATCH));
        let batch = std::mem::replace(&mut prepared, rest);
        total.add(one_batch(app, origin, batch, &terms, run, now).await?);
    }
    if total.new > 0 {
        app.tell(Event::Mentions { new: total.new, source: origin.name.clone() });
    }
    Ok((total, sighted))
}

fn sighted(prepared: &Prepared) -> Sighted {
    let mention = &prepared.mention;
    let exact = matches!(mention.published_precision, None | Some(Precision::Second));
    Sighted {
        key: prepared.key.clone(),
        at: mention.published_at.filter(|_| exact),
        deleted: mention.deleted,
    }
}

async fn one_batch(
    app: &App,
    origin: &Origin,
    prepared: Vec<Prepared>,
    terms: &Arc<Terms>,
    run: Run,
    now: Time,
) -> anyhow::Result<Ingested> {
    let _deciding = app.deciding.lock().await;
    let mut tries = 0;
    let batch = loop {
        tries += 1;
        let mut batch = plan(app, origin, prepared.clone(), terms, run, now).await?;
        match app.store.write_batch(&mut batch, origin, run != Run::Regular, now).await {
            Ok(()) => break batch,
            Err(StoreError::Database(sqlx::Error::Database(error)))
                if tries < TRIES && (error.is_unique_violation() || error.is_foreign_key_violation()) =>
            {
                tracing::debug!(source = %origin.source, "another collector was faster; deciding anew");
            }
            Err(error) => return Err(error.into()),
        }
    };
    after_commit(app, &batch).await?;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let unhappy = batch.new.iter().filter(|m| m.unhappy).count()
        + batch.changed.iter().filter(|m| m.row.unhappy && !m.changed.is_empty()).count();
    Ok(Ingested {
        new: count(batch.new.len()),
        changed: count(batch.changed.iter().filter(|m| !m.changed.is_empty()).count()),
        unchanged: count(batch.unchanged + batch.changed.iter().filter(|m| m.changed.is_empty()).count()),
        unhappy: count(unhappy),
        cases: count(batch.cases.len()),
        alerts: count(batch.alerts.len()),
    })
}

/// Everything up to the decision; nothing is written.
async fn plan(
    app: &App,
    origin: &Origin,
    prepared: Vec<Prepared>,
    terms: &Arc<Terms>,
    run: Run,
    now: Time,
) -> anyhow::Result<Batch> {
    let mention_keys: Vec<&str> = prepared.iter().map(|p| p.key.as_str()).collect();
    let mut author_keys: Vec<&str> = prepared.iter().filter_map(|p| p.author_key.as_deref()).collect();
    author_keys.sort_unstable();
    author_keys.dedup();
    let known = app.store.known(origin, &mention_keys, &author_keys).await?;
    let local = learn::local(app).await?;
    let understood = {
        let (app, origin, terms) = (app.clone(), origin.clone(), terms.clone());
        // Analysis is work for the processor, not for the workers that wait for the network.
        tokio::task::spawn_blocking(move || {
            let index = app.index.read().unwrap_or_else(std::sync::PoisonError::into_inner);
            let minds = Minds {
                analyser: Taught { analyser: &app.analyser, local: &local },
                index: &index,
                threads: threads(),
            };
            pipeline::understand(prepared, &known, &terms.scope(&origin, run, now), &minds, &mut new_id)
        })
        .await?
    };
    let circumstances = app.store.circumstances(&concerned(&understood)).await?;
    Ok(pipeline::decide::decide(understood, &circumstances, &terms.scope(origin, run, now), &mut new_id))
}

/// All cores but one, which goes on answering.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get().saturating_sub(1).clamp(1, THREADS))
}

fn concerned(understood: &Understood) -> Concerned<'_> {
    let mut about = Concerned::default();
    for seen in &understood.seen {
        about.authors.extend(seen.row.author.as_ref().map(|id| id.as_str()));
        about.customers.extend(seen.customer.as_ref().map(|id| id.as_str()));
        about.texts.extend(seen.row.text_hash.as_deref());
        about.mentions.extend(seen.before.as_ref().map(|before| before.id.as_str()));
    }
    about.customers.extend(understood.matches.iter().map(|m| m.customer.as_str()));
    for list in [&mut about.authors, &mut about.customers, &mut about.texts] {
        list.sort_unstable();
        list.dedup();
    }
    about
}

/// What follows from a batch that is stored: standings of promoters, news for open pages, work for the outbox.
async fn after_commit(app: &App, batch: &Batch) -> anyhow::Result<()> {
    let mut authors: Vec<&str> = batch
        .new
        .iter()
        .chain(batch.changed.iter().map(|change| &change.row))
        .filter_map(|row| row.author.as_ref().map(|id| id.as_str()))
        .collect();
    authors.sort_unstable();
    authors.dedup();
    promoters::refresh_now(app, &authors).await?;
    meet::appeared(app, batch.authors.iter().map(|row| row.id.as_str().to_owned()));
    if batch.new.iter().chain(batch.changed.iter().map(|change| &change.row)).any(|row| row.unheard) {
        app.wake_hearing.notify_one();
    }
    for row in &batch.alerts {
        app.tell(Event::Alert(row.alert.clone()));
    }
    if batch.alerts.iter().any(|row| !row.channels.is_empty()) {
        app.wake_outbox.notify_one();
    }
    if !batch.cases.is_empty() || !batch.events.is_empty() {
        app.tell(Event::Changed { what: "cases".into() });
    }
    if !batch.matches.is_empty() {
        app.tell(Event::Changed { what: "matches".into() });
    }
    if batch.alerts.iter().any(|row| !row.channels.is_empty()) {
        app.tell(Event::Changed { what: "deliveries".into() });
    }
    Ok(())
}
