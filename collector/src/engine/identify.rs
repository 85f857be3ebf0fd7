//! Keeps the index of customers in step with the store, and looks again at authors when there are new customers to find.

use std::sync::PoisonError;

use goodword_shared::{
    alert::Event,
    customer::CustomerFacts,
    id::{AuthorId, CustomerId, MatchId},
    matching::{Decision, MatchState},
};

use super::promoters;
use crate::{
    app::App,
    clock,
    identity::Index,
    record::MatchRow,
    store::{Unmatched, new_id},
};

/// Rows of one look.
const CHUNK: u32 = 400;
/// Doubtful candidates that the owner is asked about, at most, for one author.
const ASKED_AT_MOST: usize = 3;

/// Fills the index from the store.
pub async fn reindex(app: &App) -> anyhow::Result<()> {
    let mut index = Index::new();
    let mut after = String::new();
    loop {
        let customers = app.store.customers_after(&after, CHUNK).await?;
        let Some(last) = customers.last() else { break };
        last.id.as_str().clone_into(&mut after);
        for customer in &customers {
            index.insert(customer.id.as_str(), &customer.facts);
        }
    }
    *app.index.write().unwrap_or_else(PoisonError::into_inner) = index;
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
