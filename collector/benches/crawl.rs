//! Goodword's half of `cargo xtask bench crawl`: the server with generated pages, and a crawl of them through the real fetcher and
//! the real connector, one processor's worth of work. The other half (Scrapy, selectolax, the table) is in `xtask`.
//!
//! `crawl serve` prints its address and serves; `crawl ADDRESS KIND PAGES CAPTURES` crawls and prints what it took, with
//! `captures` or `plain` for the last word.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use futures_util::{StreamExt, stream};
use goodword::{
    clock, connectors,
    fetch::{FetchSettings, Fetcher},
    store::{Store, StoredSource, pack},
    wire::Request,
};
use goodword_shared::id::SourceId;

#[path = "crawl/pages.rs"]
mod pages;

/// Requests under way at the same time, for us and for those we are compared with.
const CONCURRENCY: usize = 8;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => runtime.block_on(pages::serve()),
        [address, kind, count, captures] => {
            runtime.block_on(crawl(address, kind, count.parse()?, captures == "captures"))
        }
        // `cargo test --benches` asks for a quick proof that it runs.
        [] => runtime.block_on(async {
            let address = pages::start().await?.to_string();
            for kind in pages::KINDS {
                crawl(&address, kind, 3, true).await?;
            }
            println!("run by cargo xtask bench crawl");
            Ok(())
        }),
        _ => bail!("see the head of benches/crawl.rs"),
    }
}

async fn crawl(address: &str, kind: &str, count: usize, captures: bool) -> anyhow::Result<()> {
    let settings = FetchSettings { allow_private: vec![address.to_owned()], ..FetchSettings::default() };
    let fetcher = Fetcher::new(settings)?;
    let connector = connectors::by_slug("schema_org").context("no connector")?;
    let folder = tempfile::tempdir()?;
    let kept = match captures {
        true => {
            let store = Store::open_folder(folder.path()).await?;
            let source = StoredSource {
                id: SourceId::new("bench"),
                connector: "schema_org".into(),
                name: "Bench".into(),
                ..StoredSource::new(clock::now())
            };
            store.put_source(&source).await?;
            Some(Arc::new((store, source.id)))
        }
        false => None,
    };
    let before = cpu_seconds();
    let mut reviews = 0;
    let one = |n: usize| {
        let (fetcher, kept) = (&fetcher, kept.clone());
        async move {
            let request = Request { robots: true, ..Request::get(format!("http://{address}/{kind}/{n}")) };
            let now = clock::now();
            let fetched = fetcher.fetch(&request, Duration::ZERO, None, now).await?;
            let (response, keeps) = (fetched.response, kept.is_some());
            // As the engine does it.
            let (request, response, packed, read) = tokio::task::spawn_blocking(move || {
                let packed = keeps.then(|| pack(&response.body));
                let read = connector.read(&request, &response, Some(now));
                (request, response, packed, read)
            })
            .await?;
            if let (Some(kept), Some(packed)) = (kept, packed) {
                kept.0.keep_capture(&kept.1, &request, &response, packed?, now).await?;
            }
            anyhow::Ok(read.map_err(|problem| anyhow::anyhow!(problem.detail))?.mentions.len())
        }
    };
    let mut results = stream::iter(0..count).map(one).buffer_unordered(CONCURRENCY);
    while let Some(found) = results.next().await {
        reviews += found?;
    }
    println!("pages={count} reviews={reviews} cpu={:.3} rss_kb={}", cpu_seconds() - before, peak_kb());
    Ok(())
}

/// Processor time of this process so far, all threads, from the kernel's account in hundredths of a second.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    [11, 12].iter().filter_map(|n| fields.get(*n)?.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}
