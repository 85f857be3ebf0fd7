//! Keeps the index of customers in step with the store, and looks again at authors when there are new customers to find.

use std::{
    sync::{PoisonError, atomic::Ordering},
    time::Duration,
};

use goodword_shared::{
    alert::Event,
    customer::CustomerFacts,
    id::{AuthorId, CustomerId, MatchId},
    matching::{Decision, MatchState},
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
/// Words that the owner says within so long are learnt from together.
const PAUSE: Duration = Duration::from_secs(10);

/// Fills the index from the store, and learns from what the owner has decided so far.
pub async fn reindex(app: &App) -> anyhow::Result<()> {
    let settings = app.store.settings().await?;
    // A new key each time: the hashes are kept in memory only.
    let mut index = Index::keyed(rand::random());
    index.set_choices(settings.match_authors, settings.match_precision, settings.match_contacts);
    let mut after = String::new();
    loop {
        let customers = app.store.customers_after(&after, CHUNK).await?;
        let Some(last) = customers.last() else { break };
        last.id.as_str().clone_into(&mut after);
        for customer in &customers {
            index.insert(customer.id.as_str(), &customer.facts);
        }
    }
    after.clear();
    loop {
        let orders = app.store.orders_after(&after, CHUNK).await?;
        let Some(last) = orders.last() else { break };
        last.id.clone_into(&mut after);
        orders.iter().for_each(|order| index.insert_order(&known(order)));
    }
    let mentions = app.store.newest_mentions(CROWD).await?;
    let decided = app.store.decided_pairs(LEARNT_FROM).await?;
    let index = tokio::task::spawn_blocking(move || {
        index.settle();
        index.set_strangers(index.strangers(mentions.iter()));
        index.set_weights(learnt(&index, &decided));
        index.set_limit(index.tried_on(mentions.iter()));
        index
    })
    .await?;
    keep(app, index.weights().clone()).await?;
    *app.index.write().unwrap_or_else(PoisonError::into_inner) = index;
    Ok(())
}

fn known(order: &OrderRow) -> Order {
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

/// What was learnt from the owner's decisions.
fn learnt(index: &Index, decided: &[DecidedPair]) -> Weights {
    let told: Vec<_> =
        decided.iter().filter_map(|pair| index.told(&pair.mention, &pair.customer, pair.right)).collect();
    Weights { strangers: index.weights().strangers, ..Weights::learnt(&told) }
}

/// Keeps what was learnt, with a new version where it is something new.
async fn keep(app: &App, now: Weights) -> anyhow::Result<()> {
    let before: Option<Weights> = app.store.learnt().await?.and_then(|text| serde_json::from_str(&text).ok());
    let version = before.as_ref().map_or(0, |weights| weights.version);
    if before.as_ref().is_none_or(|b| Weights { version, ..now.clone() } != *b) {
        let now = Weights { version: version + 1, ..now };
        app.store.keep_learnt(&serde_json::to_string(&now)?).await?;
    }
    Ok(())
}

/// Learns anew from the owner's decisions and from the authors' names: after either changed much. Others ask the index
/// meanwhile: it is held only to put what was learnt in its place.
pub async fn relearn(app: &App) -> anyhow::Result<()> {
    let settings = app.store.settings().await?;
    let mentions = app.store.newest_mentions(CROWD).await?;
    let decided = app.store.decided_pairs(LEARNT_FROM).await?;
    let weights = {
        let app = app.clone();
        tokio::task::spawn_blocking(move || {
            let read = || app.index.read().unwrap_or_else(PoisonError::into_inner);
            let write = || app.index.write().unwrap_or_else(PoisonError::into_inner);
            write().set_choices(settings.match_authors, settings.match_precision, settings.match_contacts);
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
pub fn index_orders(app: &App, orders: &[OrderRow]) {
    let mut index = app.index.write().unwrap_or_else(PoisonError::into_inner);
    orders.iter().for_each(|order| index.insert_order(&known(order)));
}

/// A customer came back, or took over another's orders: the index is told all of theirs.
pub async fn index_orders_of(app: &App, customer: &str) -> anyhow::Result<()> {
    let orders = app.store.order_rows_of(customer).await?;
    index_orders(app, &orders);
    Ok(())
}

/// A customer was added or changed, or (without facts) removed.
pub fn index_customer(app: &App, key: &str, facts: Option<&CustomerFacts>) {
    let mut index = app.index.write().unwrap_or_else(PoisonError::into_inner);
    match facts {
        Some(facts) => index.insert(key, facts),
        None => index.remove(key),
    }
}

/// Looks again at every author who is nobody's customer yet, and answers how many were linked and how many are doubtful.
/// For after an import of customers.
pub async fn rematch(app: &App) -> anyhow::Result<(u64, u64)> {
    let settling = app.clone();
    tokio::task::spawn_blocking(move || {
        settling.index.write().unwrap_or_else(PoisonError::into_inner).settle();
    })
    .await?;
    relearn(app).await?;
    if !app.store.settings().await?.match_authors {
        return Ok((0, 0));
    }
    let (mut linked, mut doubtful) = (0, 0);
    let mut after = String::new();
    loop {
        let authors = app.store.unmatched_authors(&after, CHUNK).await?;
        let Some(last) = authors.last() else { break };
        last.author.as_str().clone_into(&mut after);
        let _deciding = app.deciding.lock().await;
        let found = {
            let app = app.clone();
            tokio::task::spawn_blocking(move || {
                let index = app.index.read().unwrap_or_else(PoisonError::into_inner);
                authors.iter().flat_map(|author| look(&index, author)).collect::<Vec<_>>()
            })
            .await?
        };
        if found.is_empty() {
            continue;
        }
        app.store.propose_matches(&found, clock::now()).await?;
        let changed: Vec<AuthorId> =
            found.iter().filter(|m| m.state.holds()).map(|m| m.author.clone()).collect();
        linked += changed.len() as u64;
        doubtful += (found.len() - changed.len()) as u64;
        promoters::refresh(app, &changed).await?;
    }
    linked += kin::look(app).await?;
    if linked + doubtful > 0 {
        app.tell(Event::Changed { what: "matches".into() });
        app.tell(Event::Changed { what: "cases".into() });
    }
    Ok((linked, doubtful))
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
