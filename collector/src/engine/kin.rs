//! Looks for accounts on different platforms that are one person's, and lets what is known of one speak for the other. Nothing is
//! merged: an author stays an author, and every step is the owner's to refuse.

use std::collections::{HashMap, HashSet};
use std::sync::PoisonError;

use goodword_shared::{
    alert::Event,
    id::{AuthorId, MatchId},
    matching::{Evidence, MatchState},
};

use super::{identify, meet::Acquaintances, promoters};
use crate::{
    app::App,
    clock, connectors,
    identity::{Index, kin},
    record::MatchRow,
    store::{Account, Carried, KIN_EVIDENCE, KinRow, new_id},
};

/// Accounts of one look.
const CHUNK: u32 = 2_000;
/// A key that more accounts share tells nobody apart.
pub(super) const SHARED: usize = 8;
/// The owner is asked from here on.
const DOUBTFUL: f64 = 0.5;
/// From one account to the next what is known is carried so far, at most.
const FOLLOWED: usize = 8;
/// No probability is above this.
const SUREST: f64 = 0.999;
/// The most that is asked of a pair, so that there are pairs that reach it.
const MOST_WANTED: f64 = 0.9985;

/// From which probability on accounts are one person's without asking. The owner chooses how right links are to be, taken together;
/// here each one is to be as sure as that, which is stricter: a wrong pair carries a customer's name to somebody else's words on
/// another platform, and pairs are too few to try a limit on.
fn limit(precision: f64) -> f64 {
    precision.min(MOST_WANTED)
}

/// Goes through all accounts, proposes those that may be one person's, and carries over whose customer one of them is. Answers how
/// many authors were linked for it.
pub async fn look(app: &App) -> anyhow::Result<u64> {
    let settings = app.store.settings().await?;
    if !settings.match_authors {
        return Ok(0);
    }
    // Whoever appears from here on is compared with all of these.
    let mut known = app.acquaintances.lock().await;
    let mut accounts: Vec<Account> = Vec::new();
    loop {
        let after = accounts.last().map_or("", |account| account.id.as_str()).to_owned();
        let more = app.store.accounts_after(&after, CHUNK).await?;
        if more.is_empty() {
            break;
        }
        accounts.extend(more);
    }
    let (pairs, acquaintances) = {
        let app = app.clone();
        tokio::task::spawn_blocking(move || {
            let acquaintances = Acquaintances::of(&accounts);
            let index = app.index.read().unwrap_or_else(PoisonError::into_inner);
            (pairs(&index, &accounts, settings.match_precision, accounts.len(), |_| true), acquaintances)
        })
        .await?
    };
    *known = Some(acquaintances);
    drop(known);
    let parted = {
        let _deciding = app.deciding.lock().await;
        app.store.put_kin(&pairs, clock::now()).await?
    };
    take_back(app, &parted).await?;
    let _deciding = app.deciding.lock().await;
    carry(app, settings.match_precision).await
}

/// What is known of those authors has changed: their other accounts follow. What was made of them without a ground any more is
/// taken back, and those concerned are looked at again.
pub async fn follow(app: &App, authors: &[String]) -> anyhow::Result<()> {
    if authors.is_empty() {
        return Ok(());
    }
    // Where nobody is to be recognised any more, what has no ground goes all the same.
    take_back(app, authors).await?;
    let settings = app.store.settings().await?;
    if settings.match_authors {
        let _deciding = app.deciding.lock().await;
        carry(app, settings.match_precision).await?;
    }
    Ok(())
}

/// What other accounts made of those authors, and has no ground any more, goes; those it was taken back from are looked at again.
async fn take_back(app: &App, authors: &[String]) -> anyhow::Result<()> {
    if authors.is_empty() {
        return Ok(());
    }
    let freed = {
        let _deciding = app.deciding.lock().await;
        app.store.forget_groundless(authors).await?
    };
    if freed.is_empty() {
        return Ok(());
    }
    let freed: Vec<AuthorId> = freed.into_iter().map(AuthorId::new).collect();
    identify::look_at(app, &freed).await?;
    promoters::refresh(app, &freed).await?;
    told(app);
    Ok(())
}

fn told(app: &App) {
    for what in ["matches", "cases"] {
        app.tell(Event::Changed { what: what.into() });
    }
}

/// Pairs of these accounts, in order of their ids, that may be one person's, of so many accounts in all. `tells` says of a key whether
/// few enough share it.
pub(super) fn pairs(
    index: &Index,
    accounts: &[Account],
    precision: f64,
    total: usize,
    tells: impl Fn(&str) -> bool,
) -> Vec<KinRow> {
    let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, account) in accounts.iter().enumerate() {
        for key in kin::keys(&account.author) {
            by_key.entry(key).or_default().push(at);
        }
    }
    let mut found: HashMap<(usize, usize), kin::Kin> = HashMap::new();
    let mut looked_at: HashSet<(usize, usize)> = HashSet::new();
    by_key.retain(|key, group| group.len() <= SHARED && tells(key));
    for group in by_key.values() {
        for (n, a) in group.iter().enumerate() {
            for b in &group[n + 1..] {
                let elsewhere = accounts[*a].platform != accounts[*b].platform;
                if elsewhere
                    && looked_at.insert((*a, *b))
                    && let Some(kin) = index.kin(&accounts[*a].author, &accounts[*b].author, total)
                {
                    found.insert((*a, *b), kin);
                }
            }
        }
    }
    // One person has one account on a platform, as a rule: those who may be it share one whole.
    let mut whole: HashMap<(usize, &str), f64> = HashMap::new();
    for ((a, b), kin) in &found {
        *whole.entry((*a, accounts[*b].platform.as_str())).or_insert(1.0) += kin.odds;
        *whole.entry((*b, accounts[*a].platform.as_str())).or_insert(1.0) += kin.odds;
    }
    let mut rows: Vec<KinRow> = found
        .into_iter()
        .filter_map(|((a, b), kin)| {
            let sides = [
                whole.get(&(a, accounts[b].platform.as_str())),
                whole.get(&(b, accounts[a].platform.as_str())),
            ];
            let whole = sides.into_iter().flatten().fold(1.0 + kin.odds, |most, sum| sum.max(most));
            let probability = (kin.odds / whole).min(SUREST);
            let state =
                if probability >= limit(precision) { MatchState::Linked } else { MatchState::Doubtful };
            (probability >= DOUBTFUL).then(|| KinRow {
                id: new_id(),
                // Accounts come in order of their ids.
                authors: [accounts[a].id.clone(), accounts[b].id.clone()],
                probability: (probability * 1e4).round() / 1e4,
                evidence: kin.evidence,
                state,
            })
        })
        .collect();
    rows.sort_by(|a, b| a.authors.cmp(&b.authors));
    rows
}

/// What is known of one account speaks for the other, and by way of that for the next.
async fn carry(app: &App, precision: f64) -> anyhow::Result<u64> {
    let mut all: Vec<AuthorId> = Vec::new();
    let mut any = false;
    for _ in 0..FOLLOWED {
        let mut found: Vec<MatchRow> = Vec::new();
        for carried in app.store.carried().await? {
            // The surest of several accounts speaks.
            if found.last().is_some_and(|row| row.author == carried.author) {
                continue;
            }
            found.extend(proposed(carried, precision));
        }
        if found.is_empty() {
            break;
        }
        any = true;
        app.store.propose_matches(&found, clock::now()).await?;
        let linked = found.iter().filter(|row| row.state.holds()).map(|row| row.author.clone());
        let before = all.len();
        all.extend(linked);
        if all.len() == before {
            break;
        }
    }
    if any {
        promoters::refresh(app, &all).await?;
        told(app);
    }
    Ok(all.len() as u64)
}

/// The match that another account speaks for; none where it is known already, or too little.
fn proposed(carried: Carried, precision: f64) -> Option<MatchRow> {
    let (own, mut evidence) = carried.before.unwrap_or_default();
    if evidence.iter().any(|one: &Evidence| one.kind == KIN_EVIDENCE) {
        return None;
    }
    let probability = 1.0 - (1.0 - carried.kin * carried.matched) * (1.0 - own);
    let title = connectors::by_slug(&carried.platform).map(|connector| connector.describe().title);
    let platform = title.unwrap_or(carried.platform);
    let text =
        format!("Seems to be the same person as {} on {platform}, who is this customer", carried.shown);
    evidence.insert(0, Evidence { kind: KIN_EVIDENCE.into(), text });
    (probability >= DOUBTFUL).then(|| MatchRow {
        id: MatchId::new(new_id()),
        author: carried.author,
        customer: carried.customer,
        probability: (probability.min(SUREST) * 1e4).round() / 1e4,
        evidence,
        state: if probability >= limit(precision) { MatchState::Linked } else { MatchState::Doubtful },
    })
}
