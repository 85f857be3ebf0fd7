//! What should have been in a run's answers and was not. An answer in order of time tells of what lies between its oldest and its
//! newest item. Anything else proves nothing: pages show a choice, older items move on to the next page, and a platform's count
//! may be of the answer, the search or the whole.

use std::collections::{BTreeMap, HashSet};

use goodword_shared::{Mention, Time, source::StorageRule};

use super::ingest::{Sighted, ingest};
use crate::{
    app::App,
    fold::sha256_hex,
    pipeline::Run,
    record::Origin,
    store::{Listed, StoredSource, to_millis},
    wire::Request,
};

/// What a run saw, address by address.
#[derive(Default)]
pub(super) struct Sightings {
    seen: HashSet<String>,
    candidates: Vec<String>,
    listings: BTreeMap<String, Vec<Listed>>,
}

/// An address as listings know it.
fn page_of(request: &Request) -> String {
    sha256_hex(format!("{} {}", request.url, request.body.as_deref().unwrap_or_default()).as_bytes())
}

impl Sightings {
    /// An answer that has not changed: what it held is still there, and what it missed is still missing.
    pub async fn unchanged(
        &mut self,
        app: &App,
        source: &StoredSource,
        request: &Request,
    ) -> anyhow::Result<()> {
        let listed = app.store.listing(&source.id, &page_of(request)).await?;
        let (missing, there): (Vec<Listed>, Vec<Listed>) = listed.into_iter().partition(|one| one.missing);
        self.seen.extend(there.into_iter().map(|one| one.key));
        self.candidates.extend(missing.into_iter().map(|one| one.key));
        Ok(())
    }

    /// An answer and what was in it.
    pub async fn answered(
        &mut self,
        app: &App,
        source: &StoredSource,
        request: &Request,
        sighted: &[Sighted],
    ) -> anyhow::Result<()> {
        let page = page_of(request);
        let before = app.store.listing(&source.id, &page).await?;
        let there: Vec<&Sighted> = sighted.iter().filter(|one| !one.deleted).collect();
        let absent = absent(&before, &there);
        self.seen.extend(sighted.iter().map(|one| one.key.clone()));
        self.candidates.extend(absent.iter().map(|one| one.key.clone()));
        let mut listed: Vec<Listed> = there
            .iter()
            .map(|one| Listed { key: one.key.clone(), at: one.at.map(to_millis), missing: false })
            .collect();
        // Until it is confirmed or seen again it belongs there.
        listed.extend(absent.into_iter().map(|one| Listed { missing: true, ..one }));
        if !listed.is_empty() || !before.is_empty() {
            self.listings.insert(page, listed);
        }
        Ok(())
    }

    /// After a run without a problem: notes what was missing, takes back what is confirmed, and answers how many are gone.
    pub async fn settle(
        self,
        app: &App,
        source: &StoredSource,
        origin: &Origin,
        now: Time,
    ) -> anyhow::Result<u32> {
        let mut missing: Vec<String> =
            self.candidates.into_iter().filter(|key| !self.seen.contains(key)).collect();
        missing.sort_unstable();
        missing.dedup();
        let keep = super::storage::rule(&source.connector) != StorageRule::FollowDeletion;
        let gone = app.store.note_missing(&source.id, &self.seen, &missing, keep, now).await?;
        app.store.put_listings(&source.id, &self.listings, now).await?;
        if !keep && !gone.confirmed.is_empty() {
            let taken_back = gone
                .confirmed
                .iter()
                .map(|key| Mention { external_id: Some(key.clone()), deleted: true, ..Mention::default() })
                .collect();
            ingest(app, origin, taken_back, Run::Regular, now).await?;
        }
        Ok(u32::try_from(gone.confirmed.len()).unwrap_or(u32::MAX))
    }
}

/// What an address showed before, shows no more, and should: it lies between the oldest and the newest item of an answer in
/// order of time.
fn absent(before: &[Listed], there: &[&Sighted]) -> Vec<Listed> {
    let times: Vec<i64> = there.iter().filter_map(|one| one.at.map(to_millis)).collect();
    let ordered =
        times.windows(2).all(|pair| pair[0] >= pair[1]) || times.windows(2).all(|pair| pair[0] <= pair[1]);
    if times.len() < 3 || times.len() < there.len() || !ordered {
        return Vec::new();
    }
    let (oldest, newest) = (times.iter().min().copied(), times.iter().max().copied());
    let keys: HashSet<&str> = there.iter().map(|one| one.key.as_str()).collect();
    before
        .iter()
        .filter(|one| {
            one.at > oldest && one.at < newest && one.at.is_some() && !keys.contains(one.key.as_str())
        })
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(key: &str, at: i64) -> Listed {
        Listed { key: key.into(), at: Some(at), missing: false }
    }

    fn sighted(key: &str, at: Option<i64>) -> Sighted {
        let at = at.map(crate::store::from_millis);
        Sighted { key: key.into(), at, deleted: false }
    }

    #[test]
    fn only_what_lies_inside_an_ordered_answer_is_missed() {
        let before: Vec<Listed> =
            [("a", 50), ("b", 40), ("c", 30), ("d", 20), ("e", 10)].map(|(key, at)| listed(key, at)).into();
        let missed = |now: &[Sighted]| -> Vec<String> {
            let now: Vec<&Sighted> = now.iter().collect();
            absent(&before, &now).into_iter().map(|one| one.key).collect()
        };
        let at = |key: &str, at: i64| sighted(key, Some(at));
        assert_eq!(missed(&[at("new", 60), at("a", 50), at("c", 30), at("d", 20)]), ["b"], "e moved on");
        assert!(missed(&[at("a", 50), at("d", 20), at("c", 30)]).is_empty(), "a choice, not a list");
        assert!(missed(&[at("a", 50), at("e", 10)]).is_empty(), "too few to tell");
        assert!(missed(&[at("a", 50), sighted("x", None), at("c", 30), at("e", 10)]).is_empty(), "undated");
        assert!(missed(&[]).is_empty());
    }
}
