//! How long the Today and Recovery pages ask a store with a million mentions (SQLite): p50, p99 and the longest. Prints a
//! table; run by `cargo xtask bench store`. `GOODWORD_BENCH_MENTIONS` fills with another number.

use std::{future::Future, path::Path, time::Instant};

use chrono::TimeDelta;
use goodword::{
    clock,
    store::{Store, to_millis},
};
use goodword_shared::{
    Time,
    api::{cases::CaseQuery, promoters::PromoterQuery},
};
use sqlx::AssertSqlSafe;

#[path = "../tests/it/filled.rs"]
mod filled;

const MENTIONS: i64 = 1_000_000;
const TIMES: usize = 300;

fn main() -> anyhow::Result<()> {
    let quick = std::env::args().any(|arg| arg == "--test");
    let named = std::env::var("GOODWORD_BENCH_MENTIONS").ok().and_then(|n| n.parse().ok());
    let mentions = if quick { 2_000 } else { named.unwrap_or(MENTIONS) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    runtime.block_on(measure(folder.path(), mentions, if quick { 3 } else { TIMES }))
}

async fn measure(folder: &Path, mentions: i64, times: usize) -> anyhow::Result<()> {
    let store = Store::open_folder(folder).await?;
    let now = clock::now();
    let start = Instant::now();
    filled::fill(&store, mentions, now).await?;
    // As the service does each day; the connection that writes learns of what was filled in past it.
    store.tend().await?;
    let bytes = std::fs::metadata(folder.join("goodword.db"))?.len();
    println!(
        "filled with {mentions} mentions in {:.0} s, {} MiB in the file",
        start.elapsed().as_secs_f64(),
        bytes >> 20
    );
    println!("{:<36}{:>10}{:>10}{:>10}", "milliseconds", "p50", "p99", "longest");
    row("Today, all queries", times, || today(&store, now)).await?;
    row("Recovery, first page", times, || async {
        store.case_cards(&CaseQuery::default(), now).await?;
        Ok(())
    })
    .await?;
    row("Recovery, found by words", times, || async {
        let query = CaseQuery { q: Some("waiter".into()), ..CaseQuery::default() };
        store.case_cards(&query, now).await?;
        Ok(())
    })
    .await?;
    row("Promoters, first page", times, || async {
        store.promoter_cards(&PromoterQuery::default(), 180, now).await?;
        Ok(())
    })
    .await?;
    row("A batch's open cases and values", times, || async {
        store.value_tenths().await?;
        Ok(())
    })
    .await?;
    row("Recording 1 mention, durable", times.min(100), || one_more(&store, now)).await
}

/// What the Today page asks.
async fn today(store: &Store, now: Time) -> anyhow::Result<()> {
    let cases = CaseQuery { limit: Some(5), ..CaseQuery::default() };
    let promoters = PromoterQuery { limit: Some(5), ..PromoterQuery::default() };
    store.new_mentions(now - TimeDelta::days(1)).await?;
    store.waiting_cases().await?;
    store.urgent_cases(&cases, now).await?;
    store.best_promoters(&promoters, 180, now).await?;
    store.figures(now).await?;
    store.theme_balances(now).await?;
    store.doubtful_matches().await?;
    Ok(())
}

/// A write of the smallest size: what a regular run costs at least.
async fn one_more(store: &Store, now: Time) -> anyhow::Result<()> {
    let mut writing = store.write().await?;
    let id = goodword::store::new_id();
    sqlx::query(AssertSqlSafe(
        "INSERT INTO mentions (id, source_id, connector, mention_key, kind, at, collected_at, changed_at, text, mention, label, \
         score, confidence, uncertain, severity, analysis, unhappy, search) \
         SELECT $1, source_id, connector, $1, kind, $2, $2, $2, text, mention, label, score, confidence, uncertain, severity, \
         analysis, unhappy, search FROM mentions LIMIT 1",
    ))
    .bind(&id)
    .bind(to_millis(now))
    .execute(&mut *writing)
    .await?;
    writing.commit().await?;
    Ok(())
}

async fn row<F, Fut>(what: &str, times: usize, work: F) -> anyhow::Result<()>
where
    F: Fn() -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    work().await?;
    let mut took = Vec::with_capacity(times);
    for _ in 0..times {
        let start = Instant::now();
        work().await?;
        took.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took[((took.len() - 1) as f64 * share).round() as usize];
    println!("{what:<36}{:>10.2}{:>10.2}{:>10.2}", at(0.5), at(0.99), at(1.0));
    Ok(())
}
