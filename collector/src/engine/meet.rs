//! Compares whoever has just appeared, or shows something else now, with the accounts on other platforms that share a handle, an
//! address or a name with them, without going through all accounts again. What it finds is what a look at all of them would.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
    sync::PoisonError,
};

use super::kin::{self, SHARED};
use crate::{app::App, clock, identity::kin::keys, store::Account};

/// Accounts that hang together by what they share, at most: more are left to the look at all of them.
const TOGETHER: usize = 400;
/// So many who appear at once are left to it as well.
const AT_ONCE: usize = 2_000;

/// By what all accounts may find each other, as it was at the last look at all of them, and who has appeared since. Numbers only: what
/// is shared is kept as a hash.
#[derive(Debug, Default)]
pub struct Acquaintances {
    ids: Vec<Box<str>>,
    /// In order of the hashes.
    pairs: Vec<(u64, u32)>,
    since: HashMap<u64, Vec<u32>>,
}

fn hashed(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

impl Acquaintances {
    /// Of all accounts.
    pub(super) fn of(accounts: &[Account]) -> Self {
        let mut pairs: Vec<(u64, u32)> = (0u32..)
            .zip(accounts)
            .flat_map(|(at, account)| keys(&account.author).into_iter().map(move |key| (hashed(&key), at)))
            .collect();
        pairs.sort_unstable();
        pairs.shrink_to_fit();
        let ids = accounts.iter().map(|account| account.id.as_str().into()).collect();
        Self { ids, pairs, since: HashMap::new() }
    }

    fn add(&mut self, account: &Account) {
        let shared: Vec<u64> = keys(&account.author).iter().map(|key| hashed(key)).collect();
        let news: Vec<u64> =
            shared.into_iter().filter(|key| !self.who(*key).any(|id| id == account.id)).collect();
        if news.is_empty() {
            return;
        }
        let at = self.ids.len() as u32;
        self.ids.push(account.id.as_str().into());
        news.into_iter().for_each(|key| self.since.entry(key).or_default().push(at));
    }

    fn who(&self, key: u64) -> impl Iterator<Item = &str> {
        let from = self.pairs.partition_point(|pair| pair.0 < key);
        let before = self.pairs[from..].iter().take_while(move |pair| pair.0 == key).map(|pair| pair.1);
        let since = self.since.get(&key).into_iter().flatten().copied();
        before.chain(since).map(|at| &*self.ids[at as usize])
    }

    /// Who shares something with an account that no more than so many do.
    fn sharing(&self, account: &Account, most: usize) -> Vec<String> {
        let groups = keys(&account.author).into_iter().map(|key| self.few(&key, most));
        groups.flatten().flatten().map(str::to_owned).collect()
    }

    /// Who shares that; none where more than so many do.
    fn few(&self, key: &str, most: usize) -> Option<BTreeSet<&str>> {
        let all: BTreeSet<&str> = self.who(hashed(key)).take(2 * most).collect();
        (all.len() <= most).then_some(all)
    }
}

/// Somebody has appeared, or shows something else: they are compared in a moment.
pub fn appeared(app: &App, authors: impl IntoIterator<Item = String>) {
    let mut all = app.appeared.lock().unwrap_or_else(PoisonError::into_inner);
    let before = all.len();
    all.extend(authors);
    if all.len() > before {
        app.wake_kin.notify_one();
    }
}

/// Compares those who have appeared. Before the first look at all accounts there is nobody to compare with: that look finds them.
pub async fn compare(app: &App) -> anyhow::Result<()> {
    let mut known = app.acquaintances.lock().await;
    let appeared = std::mem::take(&mut *app.appeared.lock().unwrap_or_else(PoisonError::into_inner));
    let settings = app.store.settings().await?;
    if !settings.match_authors || appeared.is_empty() || appeared.len() > AT_ONCE {
        return Ok(());
    }
    let Some(known) = known.as_mut() else { return Ok(()) };
    let ids: Vec<String> = appeared.into_iter().collect();
    let mut fresh = app.store.accounts_by_id(&ids).await?;
    fresh.iter().for_each(|account| known.add(account));
    let mut together: BTreeMap<String, Account> = BTreeMap::new();
    let (total, appearing) = (known.ids.len(), fresh.len());
    for account in fresh.drain(..) {
        if !together.contains_key(&account.id) {
            let circle = circle(app, known, account, appearing).await?;
            together.extend(circle);
        }
    }
    // In order of their ids.
    let accounts: Vec<Account> = together.into_values().collect();
    let crowded: BTreeSet<String> = accounts
        .iter()
        .flat_map(|account| keys(&account.author))
        .filter(|key| known.few(key, SHARED).is_none())
        .collect();
    // Somebody who shares nothing with anybody any more may have done so before.
    let (rows, mut ids) = {
        let app = app.clone();
        tokio::task::spawn_blocking(move || {
            let index = app.index.read().unwrap_or_else(PoisonError::into_inner);
            let tells = |key: &str| !crowded.contains(key);
            let rows = kin::pairs(&index, &accounts, settings.match_precision, total, tells);
            (rows, accounts.into_iter().map(|account| account.id).collect::<Vec<String>>())
        })
        .await?
    };
    {
        let _deciding = app.deciding.lock().await;
        let parted = app.store.put_kin_among(&rows, &ids, clock::now()).await?;
        ids.extend(parted);
    }
    ids.sort_unstable();
    ids.dedup();
    kin::follow(app, &ids).await
}

/// Everybody who hangs together with an account by what they share, one by way of another; nobody where these are too many. Of what
/// so many share only now, `appearing` among them, that it tells nobody apart any more, those are concerned who did before.
async fn circle(
    app: &App,
    known: &Acquaintances,
    account: Account,
    appearing: usize,
) -> anyhow::Result<BTreeMap<String, Account>> {
    let mut circle: BTreeMap<String, Account> = BTreeMap::new();
    let mut fresh = vec![account];
    let mut most = SHARED + appearing;
    while !fresh.is_empty() {
        let mut next: BTreeSet<String> = BTreeSet::new();
        for account in fresh {
            next.extend(known.sharing(&account, most));
            circle.insert(account.id.clone(), account);
        }
        most = SHARED;
        let next: Vec<String> = next.into_iter().filter(|id| !circle.contains_key(id)).collect();
        if circle.len() + next.len() > TOGETHER {
            return Ok(BTreeMap::new());
        }
        fresh = app.store.accounts_by_id(&next).await?;
    }
    Ok(circle)
}
