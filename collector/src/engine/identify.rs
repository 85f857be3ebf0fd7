//! Keeps the index of customers in step with the store, and looks again at authors when there are new customers to find. It is
//! filled at the start by `fill`.

use std::{
    collections::BTreeSet,
    sync::{PoisonError, TryLockError, atomic::Ordering},
    time::Duration,
};

use goodword_shared::{
    Mention,
    alert::Event,
    customer::{Customer, CustomerFacts},
    id::{AuthorId, CustomerId, MatchId},
    matching::{Decision, MatchState},
    settings::Settings,
};

use super::{kin, promoters};
use crate::{
    app::App,
    clock,
    identity::{Index, Order, weights::Weights},
    record::MatchRow,
    store::{DecidedPair, OrderRow, Unmatched, new_id},
};

/// Rows of one look.
const CHUNK: u32 = 400;
/// Doubtful candidates that the owner is asked about, at most, for one author.
const ASKED_AT_MOST: usize = 3;

/// Authors whose names tell how many are no customers.
const CROWD: u32 = 3000;
/// Decisions of the owner that are learnt from, the newest.
const LEARNT_FROM: u32 = 2000;
/// The index is being read: so much later it is tried again.
const BUSY: Duration = Duration::from_millis(2);
/// Words that the owner says within so long are learnt from together.
const PAUSE: Duration = Duration::from_secs(10);

pub(super) fn known(order: &OrderRow) -> Order {
    Order {
        id: order.id.clone(),
        customer: order.customer.clone(),
        date: order.date,
        product: order.product.clone(),
        amount: order.amount,
        branch: order.branch.clone(),
        staff: order.staff.clone(),
    }
}

/// What there is to learn from: the newest authors, and the owner's decisions.
pub(super) async fn learn_from(app: &App) -> anyhow::Result<(Vec<Mention>, Vec<DecidedPair>)> {
    Ok((app.store.newest_mentions(CROWD).await?, app.store.decided_pairs(LEARNT_FROM).await?))
}

/// What was learnt from the owner's decisions.
pub(super) fn learnt(index: &Index, decided: &[DecidedPair]) -> Weights {
    let told: Vec<_> =
        decided.iter().filter_map(|pair| index.told(&pair.mention, &pair.customer, pair.right)).collect();
    Weights { strangers: index.weights().strangers, ..Weights::learnt(&told) }
}

/// Keeps what was learnt, with a new version where it is something new.
pub(super) async fn keep(app: &App, now: Weights) -> anyhow::Result<()> {
    let before: Option<Weights> = app.store.learnt().await?.and_then(|text| serde_json::from_str(&text).ok());
    let version = before.as_ref().map_or(0, |weights| weights.version);
    if before.as_ref().is_none_or(|b| Weights { version, ..now.clone() } != *b) {
        let now = Weights { version: version + 1, ..now };
        app.store.keep_learnt(&serde_json::to_string(&now)?).await?;
    }
    Ok(())
}

/// What the owner chose holds from now on; how sure links must be for it is for [`relearn`] to say.
pub fn choose(app: &App, settings: &Settings) {
    let mut index = app.index.write().unwrap_or_else(PoisonError::into_inner);
    index.choose(settings.match_authors, settings.match_precision, settings.match_contacts);
}

/// Learns anew from the owner's decisions and from the authors' names: after either changed much. Others ask the index
/// meanwhile: it is held only to put what was learnt in its place.
pub async fn relearn(app: &App) -> anyhow::Result<()> {
    let _turn = app.reckoning.lock().await;
    relearn_in_turn(app, false).await
}

/// The same, with what the names of all customers tell where `settled`: after there were many new ones.
async fn relearn_in_turn(app: &App, settled: bool) -> anyhow::Result<()> {
    choose(app, &app.store.settings().await?);
    let (mentions, decided) = learn_from(app).await?;
    let weights = {
        let app = app.clone();
        tokio::task::spawn_blocking(move || {
            let read = || app.index.read().unwrap_or_else(PoisonError::into_inner);
            let write = || app.index.write().unwrap_or_else(PoisonError::into_inner);
            if settled {
                write().sort();
                // Customers may come and go in between.
                let learnt = read().learn();
                write().keep(learnt);
            }
            let strangers = read().strangers(mentions.iter());
            write().set_strangers(strangers);
            let weights = learnt(&read(), &decided);
            write().set_weights(weights.clone());
            let limit = read().tried_on(mentions.iter());
            write().set_limit(limit);
            weights
        })
        .await?
    };
    keep(app, weights).await
}

/// The same in a moment: an owner who works through the doubtful ones says several words in a row.
pub fn relearn_soon(app: &App) {
    if app.learns_soon.swap(true, Ordering::AcqRel) {
        return;
    }
    let app = app.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = app.closing.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
        // Words that are said from here on are learnt from next time.
        app.learns_soon.store(false, Ordering::Release);
        if let Err(error) = relearn(&app).await {
            tracing::error!(error = format!("{error:#}"), "the owner's word could not be learnt from");
        }
    });
}

/// Orders were added or changed.
pub async fn index_orders(app: &App, orders: &[OrderRow]) {
    changed(app, orders.iter().map(|order| order.customer.clone()));
    tell(app, |index| orders.iter().for_each(|order| index.insert_order(&known(order)))).await;
}

/// A customer was added or changed by an import.
pub async fn index_customer(app: &App, key: &str, facts: &CustomerFacts) {
    changed(app, [key.to_owned()]);
    tell(app, |index| index.insert(key, facts)).await;
}

/// Customers were changed, joined, parted or forgotten: the index is told how they stand in the store now.
pub async fn index_again(app: &App, customers: &[String]) -> anyhow::Result<()> {
    let _turn = app.indexing.lock().await;
    changed(app, customers.iter().cloned());
    let present = Present::read(app, customers).await?;
    tell(app, |index| present.tell(index)).await;
    Ok(())
}

async fn tell(app: &App, news: impl FnOnce(&mut Index)) {
    loop {
        // Whoever waited for the lock would hold up everybody who reads, for as long as the slowest of them reads.
        match app.index.try_write() {
            Ok(mut index) => return news(&mut index),
            Err(TryLockError::Poisoned(index)) => return news(&mut index.into_inner()),
            Err(TryLockError::WouldBlock) => {}
        }
        tokio::time::sleep(BUSY).await;
    }
}

fn changed(app: &App, customers: impl IntoIterator<Item = String>) {
    app.changed_meanwhile(|changed| {
        if let Some(set) = changed {
            set.extend(customers);
        }
    });
}

/// How some customers stand in the store.
pub(super) struct Present {
    /// Gone, or joined with another: forgotten first.
    gone: Vec<String>,
    customers: Vec<Customer>,
    /// Records that were joined with one of them.
    joined: Vec<(String, Customer)>,
    orders: Vec<OrderRow>,
}

impl Present {
    /// Reads them, and whom those who are gone were joined with.
    pub(super) async fn read(app: &App, ids: &[String]) -> anyhow::Result<Self> {
        let mut all: BTreeSet<String> = ids.iter().cloned().collect();
        for id in ids {
            all.extend(app.store.record_of(id).await?);
        }
        let all: Vec<String> = all.into_iter().collect();
        let visible = app.store.visible_customers(&all).await?;
        let shown: Vec<&str> = visible.keys().map(String::as_str).collect();
        Ok(Self {
            gone: all.iter().filter(|id| !visible.contains_key(*id)).cloned().collect(),
            joined: app.store.joined_among(&shown).await?,
            orders: app.store.orders_of_all(&shown).await?,
            customers: visible.into_values().collect(),
        })
    }

    /// Tells an index.
    pub(super) fn tell(&self, index: &mut Index) {
        self.gone.iter().for_each(|id| index.remove(id));
        self.customers.iter().for_each(|customer| index.insert(customer.id.as_str(), &customer.facts));
        for (kept, record) in &self.joined {
            index.insert_joined(record.id.as_str(), &record.facts, kept);
        }
        // Orders go with their customers, wherever they are now.
        self.orders.iter().for_each(|order| index.insert_order(&known(order)));
    }
}

/// Looks again at every author who is nobody's customer yet, and answers how many were linked and how many are doubtful.
/// For after an import of customers.
pub async fn rematch(app: &App) -> anyhow::Result<(u64, u64)> {
    {
        let _turn = app.reckoning.lock().await;
        relearn_in_turn(app, true).await?;
    }
    if !app.store.settings().await?.match_authors {
        return Ok((0, 0));
    }
    let (mut linked, mut doubtful) = (0, 0);
    let mut after = String::new();
    loop {
        let deciding = app.deciding.lock().await;
        let authors = app.store.unmatched_authors(&after, CHUNK).await?;
        let Some(last) = authors.last() else { break };
        last.author.as_str().clone_into(&mut after);
        let found = proposed(app, authors).await?;
        drop(deciding);
        linked += found.0;
        doubtful += found.1;
    }
    linked += kin::look(app).await?;
    told(app, linked + doubtful);
    Ok((linked, doubtful))
}

/// Looks again at those of some authors who are nobody's customer yet.
pub async fn look_at(app: &App, authors: &[AuthorId]) -> anyhow::Result<()> {
    if !app.store.settings().await?.match_authors {
        return Ok(());
    }
    let _deciding = app.deciding.lock().await;
    let authors: Vec<&str> = authors.iter().map(|id| id.as_str()).collect();
    let authors = app.store.unmatched_among(&authors).await?;
    let (linked, doubtful) = proposed(app, authors).await?;
    told(app, linked + doubtful);
    Ok(())
}

fn told(app: &App, found: u64) {
    if found > 0 {
        app.tell(Event::Changed { what: "matches".into() });
        app.tell(Event::Changed { what: "cases".into() });
    }
}

/// Proposes who authors may be, and answers how many were linked and how many are doubtful. Nothing else decides meanwhile.
async fn proposed(app: &App, authors: Vec<Unmatched>) -> anyhow::Result<(u64, u64)> {
    let found = {
        let app = app.clone();
        tokio::task::spawn_blocking(move || {
            let index = app.index.read().unwrap_or_else(PoisonError::into_inner);
            authors.iter().flat_map(|author| look(&index, author)).collect::<Vec<_>>()
        })
        .await?
    };
    if found.is_empty() {
        return Ok((0, 0));
    }
    app.store.propose_matches(&found, clock::now()).await?;
    let linked: Vec<AuthorId> = found.iter().filter(|m| m.state.holds()).map(|m| m.author.clone()).collect();
    promoters::refresh(app, &linked).await?;
    Ok((linked.len() as u64, (found.len() - linked.len()) as u64))
}

/// The pairs to propose for one author: from the mention that says most.
fn look(index: &Index, unmatched: &Unmatched) -> Vec<MatchRow> {
    let best = unmatched
        .mentions
        .iter()
        .map(|mention| index.identify(mention, &unmatched.refused))
        .filter(|found| found.decision != Decision::None)
        .max_by(|a, b| {
            let sure = |f: &goodword_shared::matching::Identification| {
                f.candidates.first().map_or(0.0, |candidate| candidate.probability)
            };
            sure(a).total_cmp(&sure(b))
        });
    let Some(best) = best else { return Vec::new() };
    let (state, most) = match best.decision {
        Decision::Linked => (MatchState::Linked, 1),
        _ => (MatchState::Doubtful, ASKED_AT_MOST),
    };
    best.candidates
        .into_iter()
        .filter(|candidate| !unmatched.refused.contains(&candidate.customer))
        .take(most)
        .map(|candidate| MatchRow {
            id: MatchId::new(new_id()),
            author: unmatched.author.clone(),
            customer: CustomerId::new(candidate.customer),
            probability: candidate.probability,
            evidence: candidate.evidence,
            state,
        })
        .collect()
}
