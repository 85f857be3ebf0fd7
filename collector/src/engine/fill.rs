//! Fills the index of customers at the start, beside everything else: pages answer meanwhile, changes made meanwhile are read again
//! before the index is used, and who wrote meanwhile is looked at afterwards, even where the service was ended in between.

use std::{
    collections::BTreeSet,
    sync::{TryLockError, atomic::Ordering},
    time::{Duration, Instant},
};

use goodword_shared::id::AuthorId;

use super::identify::{Present, keep, known, learn_from, learnt, look_at};
use crate::{
    app::App,
    clock,
    identity::{Index, weights::Weights},
};

/// Rows of one look.
const CHUNK: u32 = 2_000;
/// Customers changed meanwhile that are read at once.
const CHANGED: usize = 400;
/// The old index is being read: so much later it is tried again.
const BUSY: Duration = Duration::from_millis(5);
/// Authors looked at together.
const AUTHORS: usize = 400;

/// Fills the index from the store, learns from what the owner has decided so far, and looks at whoever wrote before it was there.
pub async fn reindex(app: &App) -> anyhow::Result<()> {
    let began = Instant::now();
    // Written down, so that whoever writes now is looked at even if this process does not live to do it.
    let since = app.store.unlooked_since(clock::now()).await?;
    let (customers, weights) = {
        let _turn = app.reckoning.lock().await;
        app.changed_meanwhile(|changed| *changed = Some(BTreeSet::new()));
        let filled = fill(app).await;
        app.changed_meanwhile(|changed| *changed = None);
        let filled = filled?;
        app.filled.store(true, Ordering::Release);
        filled
    };
    keep(app, weights).await?;
    tracing::info!(customers, seconds = began.elapsed().as_secs_f32(), "customers can be recognised");
    let authors: Vec<AuthorId> = app.store.authors_since(since).await?;
    for authors in authors.chunks(AUTHORS) {
        look_at(app, authors).await?;
    }
    app.store.all_looked_at().await?;
    Ok(())
}

/// Builds a new index and puts it in the place of the old one; answers how many customers are in it, and what was learnt.
async fn fill(app: &App) -> anyhow::Result<(usize, Weights)> {
    let settings = app.store.settings().await?;
    // A new key each time: the hashes are kept in memory only.
    let mut index = Index::keyed(rand::random());
    index.choose(settings.match_authors, settings.match_precision, settings.match_contacts);
    let mut after = String::new();
    loop {
        let customers = app.store.customers_after(&after, CHUNK).await?;
        let Some(last) = customers.last() else { break };
        last.id.as_str().clone_into(&mut after);
        index = tokio::task::spawn_blocking(move || {
            customers.iter().for_each(|customer| index.insert(customer.id.as_str(), &customer.facts));
            index
        })
        .await?;
    }
    after.clear();
    loop {
        let orders = app.store.orders_after(&after, CHUNK).await?;
        let Some(last) = orders.last() else { break };
        last.id.clone_into(&mut after);
        index = tokio::task::spawn_blocking(move || {
            orders.iter().for_each(|order| index.insert_order(&known(order)));
            index
        })
        .await?;
    }
    for (kept, record) in app.store.joined_records().await? {
        index.insert_joined(record.id.as_str(), &record.facts, &kept);
    }
    let (mentions, decided) = learn_from(app).await?;
    let mut index = tokio::task::spawn_blocking(move || {
        index.settle();
        index.set_strangers(index.strangers(mentions.iter()));
        index.set_weights(learnt(&index, &decided));
        index.set_limit(index.tried_on(mentions.iter()));
        index
    })
    .await?;
    let (customers, weights) = (index.len(), index.weights().clone());
    // What changed while it was read is read again, until nothing has.
    while let Some(changed) = put_in_place(app, &mut index) {
        if changed.is_empty() {
            tokio::time::sleep(BUSY).await;
        }
        for changed in changed.chunks(CHANGED) {
            Present::read(app, changed).await?.tell(&mut index);
        }
    }
    Ok((customers, weights))
}

/// Puts the new index in the place of the old one, unless customers changed meanwhile: those. Nobody where the old one is being
/// read just now. Whoever changes a customer later finds the new one.
fn put_in_place(app: &App, index: &mut Index) -> Option<Vec<String>> {
    app.changed_meanwhile(|changed| {
        let left = changed.replace(BTreeSet::new()).unwrap_or_default();
        if !left.is_empty() {
            return Some(left.into_iter().collect());
        }
        match app.index.try_write() {
            Ok(mut place) => std::mem::swap(&mut *place, index),
            Err(TryLockError::Poisoned(place)) => std::mem::swap(&mut *place.into_inner(), index),
            Err(TryLockError::WouldBlock) => return Some(Vec::new()),
        }
        *changed = None;
        None
    })
}
