//! How many mentions a second go through the pipeline (after fetch) into a durable SQLite file: normalise, dedupe, analyse,
//! identify, decide, store with its effects, standings of promoters; then what the second tier is heard on afterwards. With the first
//! tier alone and with both. Prints a table; run by `cargo xtask bench pipeline`, or `cargo xtask bench pipeline postgres://…` with
//! an empty PostgreSQL database for each tier's name (`…/NAME_fast`, `…/NAME_full`).
//!
//! Everything happens one thing after the other, so about one core's worth of work; the processor time is printed beside the clock.

use std::time::Instant;

use chrono::TimeDelta;
use goodword::{
    analysis::taught::Taught,
    app::App,
    clock,
    config::{Config, Tier},
    engine::{fill::reindex, hear_all, ingest::ingest},
    pipeline::{self, Minds, Run, decide::Scope},
    record::{Known, Origin},
    store::{Store, StoredSource, new_id},
};
use goodword_shared::{Author, Kind, Mention, Rating, Time, id::SourceId, settings::Settings};

const MENTIONS: usize = 12_000;
const CUSTOMERS: usize = 400;
/// Mentions of one answer.
const ANSWER: usize = 1_000;

const FIRST: [&str; 20] = [
    "Ada", "Ben", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hana", "Ivo", "Jule", "Karl", "Lena", "Mia", "Nils",
    "Olga", "Pia", "Rolf", "Sara", "Tom", "Uwe",
];
const LAST: [&str; 20] = [
    "Abel", "Brand", "Claus", "Dorn", "Eich", "Fromm", "Grau", "Hahn", "Iller", "Jost", "Kern", "Lang",
    "Moor", "Nagel", "Ott", "Pohl", "Quill", "Rand", "Stone", "Thal",
];
const SAID: [&str; 12] = [
    "The bread was fresh and the people at the counter were kind and quick.",
    "We waited nearly an hour for a table that we had booked weeks ago.",
    "The soup came cold, and when we said so nobody apologised.",
    "Lovely place for a slow breakfast; the coffee is the best in town.",
    "Prices have gone up again, but the portions have not.",
    "I was charged twice and still wait for my money back.",
    "The repair was done the same day and the bicycle runs like new.",
    "Parking is a nuisance, everything else was fine.",
    "I would recommend it to any of my friends without a second thought.",
    "The room smelled of paint and the carpet was dirty.",
    "Staff changed since last year and it shows.",
    "Friendly, tidy, fair: what more could one want?",
];

fn main() -> anyhow::Result<()> {
    // `cargo test --benches` asks for a quick proof that it runs.
    let quick = std::env::args().any(|arg| arg == "--test");
    let mentions = if quick { 200 } else { MENTIONS };
    let url = std::env::args().find(|arg| arg.starts_with("postgres"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for (tier, name) in [(Tier::Fast, "fast"), (Tier::Full, "full")] {
        println!("analysis.tier = \"{name}\"");
        runtime.block_on(measure(mentions, tier, url.as_ref().map(|url| format!("{url}_{name}"))))?;
    }
    Ok(())
}

async fn measure(count: usize, tier: Tier, url: Option<String>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = match &url {
        Some(url) => Store::open(url).await?,
        None => Store::open_folder(folder.path()).await?,
    };
    let mut config = Config::load(folder.path())?;
    config.analysis.tier = tier;
    let app = App::with_store(folder.path(), config, false, store)?;
    let now = clock::now();
    let origin = prepare_store(&app, now).await?;
    let all = mentions(count, now);

    println!("{:<44}{:>12}{:>14}", "stage", "mentions/s", "cpu s / 1000");
    let answers = || all.chunks(ANSWER).map(<[Mention]>::to_vec);
    report("normalise, keys", count, || {
        for answer in answers() {
            std::hint::black_box(pipeline::prepare(answer, &origin, now));
        }
    });
    {
        let index = app.index.read().map_err(|_| anyhow::anyhow!("poisoned"))?;
        let settings = Settings::default();
        let (rules, channels) = (&[], &[]);
        let run = Run::BackFill;
        let scope = Scope { origin: &origin, run, now, settings: &settings, rules, channels };
        report("… and analyse, identify", count, || {
            for answer in answers() {
                let prepared = pipeline::prepare(answer, &origin, now);
                let known = Known::default();
                let mut ids = new_id;
                let minds = Minds { analyser: Taught::as_shipped(&app.analyser), index: &index, threads: 1 };
                std::hint::black_box(pipeline::understand(prepared, &known, &scope, &minds, &mut ids));
            }
        });
    }
    let (clock_before, cpu_before) = (Instant::now(), cpu_seconds());
    for answer in answers() {
        ingest(&app, &origin, answer, Run::BackFill, now).await?;
    }
    print_row("… and store, all together (durable)", count, clock_before, cpu_before);
    let (clock_before, cpu_before) = (Instant::now(), cpu_seconds());
    for answer in answers() {
        ingest(&app, &origin, answer, Run::Regular, now).await?;
    }
    print_row("the same again, unchanged", count, clock_before, cpu_before);
    let (clock_before, cpu_before) = (Instant::now(), cpu_seconds());
    let heard = hear_all(&app, &app.closing).await? as usize;
    if heard > 0 {
        print_row(&format!("the second tier afterwards, on {heard}"), heard, clock_before, cpu_before);
    }
    if url.is_none() {
        let size = std::fs::metadata(folder.path().join("goodword.db"))?.len();
        println!(
            "{} mentions of {} authors; {} bytes each in the file",
            count,
            count / 3,
            size / count as u64
        );
    }
    Ok(())
}

async fn prepare_store(app: &App, now: Time) -> anyhow::Result<Origin> {
    let source = StoredSource {
        id: SourceId::new("bench"),
        connector: "feed".into(),
        name: "Bench".into(),
        ..StoredSource::new(now)
    };
    app.store.put_source(&source).await?;
    let mut writing = app.store.write().await?;
    for n in 0..CUSTOMERS {
        let name = format!("{} {}", FIRST[n % 20], LAST[(n / 20) % 20]);
        sqlx::query(
            "INSERT INTO customers (id, name, city, value, tags, search, created_at, updated_at) \
             VALUES ($1, $2, 'Harrowmere', $3, '[]', '', 0, 0)",
        )
        .bind(format!("c{n}"))
        .bind(name)
        .bind(n as f64)
        .execute(&mut *writing)
        .await?;
    }
    writing.commit().await?;
    reindex(app).await?;
    Ok(Origin { source: source.id, connector: "feed".into(), name: source.name, follow_deletion: false })
}

/// Reviews of three to five sentences, each different, by a third as many authors, over two years.
fn mentions(count: usize, now: Time) -> Vec<Mention> {
    let mut seed = 7_u64;
    let mut next = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    (0..count)
        .map(|n| {
            let author = next(count / 3 + 1);
            let sentences: Vec<&str> = (0..3 + next(3)).map(|_| SAID[next(SAID.len())]).collect();
            Mention {
                external_id: Some(format!("m{n}")),
                kind: Kind::Review,
                author: Author {
                    name: Some(format!("{} {}", FIRST[author % 20], LAST[(author / 20) % 20])),
                    id: Some(format!("a{author}")),
                    ..Author::default()
                },
                rating: Some(Rating::stars((1 + next(5)) as f64)),
                text: format!("{} Visit number {n}.", sentences.join(" ")),
                published_at: Some(now - TimeDelta::minutes(next(730 * 24 * 60) as i64)),
                url: Some(format!("https://reviews.example/{n}")),
                ..Mention::default()
            }
        })
        .collect()
}

fn report(stage: &str, count: usize, work: impl FnOnce()) {
    let (clock_before, cpu_before) = (Instant::now(), cpu_seconds());
    work();
    print_row(stage, count, clock_before, cpu_before);
}

fn print_row(stage: &str, count: usize, clock_before: Instant, cpu_before: Option<f64>) {
    let seconds = clock_before.elapsed().as_secs_f64();
    let cpu = cpu_seconds().zip(cpu_before).map(|(after, before)| (after - before) * 1000.0 / count as f64);
    let cpu = cpu.map_or_else(|| "–".to_owned(), |cpu| format!("{cpu:.3}"));
    println!("{stage:<44}{:>12.0}{cpu:>14}", count as f64 / seconds);
}

/// Processor time of this process so far, from the kernel's account in hundredths of a second; none where there is none.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = [11, 12].iter().filter_map(|n| fields.get(*n)?.parse::<f64>().ok()).sum();
    Some(ticks / 100.0)
}
