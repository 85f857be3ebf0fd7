//! Ten seeds of the simulated market through the real engine, on bad days and good ones, and then the store is compared with the
//! truth: nothing lost, nothing twice, every change a revision, and nothing taken for gone that is shown.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicUsize, Ordering},
};

use goodword::{
    app::App,
    clock,
    config::Config,
    engine,
    simulate::market::{self, Entry, Market, Stall, Stars},
    store::Store,
};
use sqlx::Row;

const SEEDS: u64 = 10;
/// How often time passes, each time with trouble at some stalls.
const STEPS: usize = 4;
/// Looks after all is well again: the rest of a history may take more than one.
const CALM: usize = 4;

/// A mention as it is stored.
struct Stored {
    title: Option<String>,
    text: String,
    /// Of the best.
    share: Option<f64>,
    deleted: bool,
    /// Versions of its words before this one.
    revisions: i64,
}

/// One stall with its source, and what was shown whenever it was read without trouble.
struct Watched {
    at: usize,
    source: String,
    seen: BTreeMap<u64, Vec<String>>,
    /// How often it was read without trouble since something seen before was gone.
    missed: BTreeMap<u64, u32>,
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_is_what_was_said() {
    let mut seeds = tokio::task::JoinSet::new();
    let runs = std::sync::Arc::new(AtomicUsize::new(0));
    for seed in 0..SEEDS {
        let runs = runs.clone();
        seeds.spawn(async move { (seed, tell(seed, &runs).await) });
    }
    let mut wrong = Vec::new();
    while let Some(told) = seeds.join_next().await {
        let (seed, faults) = told.expect("no panic");
        wrong.extend(faults.into_iter().map(|fault| format!("seed {seed}: {fault}")));
    }
    wrong.sort();
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    println!("{} runs", runs.load(Ordering::Relaxed));
}

async fn tell(seed: u64, runs: &AtomicUsize) -> Vec<String> {
    let mut market = market::open(seed, clock::now()).await.expect("opens");
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = Config::load(folder.path()).expect("the shipped configuration");
    config.fetch.allow_private = market.stalls.iter().map(|stall| stall.addr.to_string()).collect();
    config.fetch.retries = 1;
    let store = Store::open_folder(folder.path()).await.expect("opens");
    let app = App::with_store(folder.path(), config, false, store).expect("an app");
    let mut watched = Vec::new();
    for (at, stall) in market.stalls.iter().enumerate() {
        let added = engine::sources::add(&app, &stall.source()).await.expect("answers");
        let source = added.unwrap_or_else(|problem| panic!("{}: {problem}", stall.protocol.slug));
        watched.push(Watched {
            at,
            source: source.id.to_string(),
            seen: BTreeMap::new(),
            missed: BTreeMap::new(),
        });
    }
    let mut troubles = Vec::new();
    for _ in 0..STEPS {
        troubles.push(market.spoil());
        look(&app, &market, &mut watched, runs).await;
        market.step();
    }
    market.mend();
    for _ in 0..CALM {
        look(&app, &market, &mut watched, runs).await;
    }
    let mut wrong = Vec::new();
    for one in &watched {
        let stall = &market.stalls[one.at];
        let before = wrong.len();
        compare(stall, one, &stored(&app, &one.source).await, &mut wrong);
        if wrong.len() > before {
            let slug = stall.protocol.slug;
            let had: Vec<_> = troubles
                .iter()
                .map(|day| day.iter().find(|(s, _)| *s == slug).map(|(_, trouble)| trouble))
                .collect();
            wrong.push(format!("{slug} had these days: {had:?}"));
        }
    }
    wrong
}

/// Every source is run once, all at the same time.
async fn look(app: &App, market: &Market, watched: &mut [Watched], runs: &AtomicUsize) {
    let mut looking = tokio::task::JoinSet::new();
    for (n, one) in watched.iter().enumerate() {
        let (app, id) = (app.clone(), one.source.clone());
        looking.spawn(async move {
            let row = app.store.source_row(&id).await.expect("reads").expect("a source");
            (n, engine::run_source(&app, row).await.expect("no fault of ours"))
        });
    }
    while let Some(ended) = looking.join_next().await {
        let (n, outcome) = ended.expect("no panic");
        runs.fetch_add(1, Ordering::Relaxed);
        if outcome.problem.is_some() || outcome.unfinished || outcome.remark.is_some() {
            continue;
        }
        let one = &mut watched[n];
        for (_, entry) in market.stalls[one.at].truth() {
            match entry.gone {
                true if one.seen.contains_key(&entry.number) => {
                    *one.missed.entry(entry.number).or_default() += 1
                }
                true => {}
                false => drop(one.missed.remove(&entry.number)),
            }
        }
        for (_, entry) in market.stalls[one.at].truth().into_iter().filter(|(_, entry)| !entry.gone) {
            let versions = one.seen.entry(entry.number).or_default();
            if versions.last() != Some(&entry.text) {
                versions.push(entry.text);
            }
        }
    }
}

async fn stored(app: &App, source: &str) -> BTreeMap<String, Stored> {
    let rows = sqlx::query(
        "SELECT mention_key, title, text, rating_share, deleted, (SELECT COUNT(*) FROM revisions r WHERE r.mention_id = m.id \
         AND r.changed LIKE '%text%') AS revisions FROM mentions m WHERE source_id = $1",
    )
    .bind(source.to_owned())
    .fetch_all(app.store.pool())
    .await
    .expect("reads");
    let one = |row: &sqlx::any::AnyRow| {
        let stored = Stored {
            title: row.get("title"),
            text: row.get("text"),
            share: row.get("rating_share"),
            deleted: row.get::<i32, _>("deleted") != 0,
            revisions: row.get("revisions"),
        };
        (row.get("mention_key"), stored)
    };
    rows.iter().map(one).collect()
}

fn compare(stall: &Stall, watched: &Watched, stored: &BTreeMap<String, Stored>, wrong: &mut Vec<String>) {
    let protocol = stall.protocol;
    let truth: BTreeMap<String, Entry> = stall.truth().into_iter().collect();
    let mut say = |what: String| wrong.push(format!("{}: {what}", protocol.slug));
    let known: BTreeSet<&String> = truth.keys().collect();
    for stranger in stored.keys().filter(|key| !known.contains(key)) {
        say(format!("{stranger} was never said"));
    }
    for (key, entry) in &truth {
        let seen = watched.seen.get(&entry.number);
        let Some(found) = stored.get(key) else {
            if !entry.gone || seen.is_some() {
                say(format!("{key} of {} is lost", truth.len()));
            }
            continue;
        };
        if entry.gone {
            // It stood among what every look shows again, with others before and after it, and two looks have missed it.
            let newer = truth.values().filter(|e| !e.gone && e.published > entry.published).count();
            let older = truth.values().filter(|e| !e.gone && e.published < entry.published).count();
            let inside = newer > 0 && older > 1 && newer + 2 < protocol.fresh;
            let missed = watched.missed.get(&entry.number).copied().unwrap_or_default();
            if inside && missed >= 2 && !found.deleted {
                say(format!("{key} is gone, was missed {missed} times, and is still taken for shown"));
            }
            continue;
        }
        if found.deleted {
            say(format!("{key} is shown and taken for gone"));
        }
        let words = if protocol.words { entry.text.as_str() } else { "" };
        if found.text != words {
            say(format!("{key} says {:?} and is stored as {:?} ({} edits)", words, found.text, entry.edits));
        }
        if protocol.title && found.title.as_deref() != Some(&entry.title) {
            say(format!("{key} is titled {:?}", found.title));
        }
        let share = match protocol.stars {
            Stars::Five => Some(f64::from(entry.stars) / 5.0),
            Stars::Thumb => Some(if entry.stars > 3 { 1.0 } else { 0.0 }),
            Stars::None => None,
        };
        if found.share != share {
            say(format!("{key} has {share:?} of the stars and is stored with {:?}", found.share));
        }
        let least = seen.map_or(0, |versions| versions.len() as i64 - 1);
        if !(least..=i64::from(entry.edits)).contains(&found.revisions) && protocol.words {
            say(format!(
                "{key}: {} revisions of {} edits, {least} of them seen",
                found.revisions, entry.edits
            ));
        }
    }
}
