//! What the engine makes of servers that mean harm or are broken: each refused with its problem, in bounded time and space, and
//! nothing of it stored. And of addresses that lead inside, however they are written. What the refusals cost is printed by
//! `cargo xtask bench faults`.

use std::{collections::BTreeMap, io, net::IpAddr, sync::Arc, time::Duration};

use goodword::{
    app::App,
    clock,
    config::Config,
    engine,
    fetch::{FetchError, FetchSettings, Fetcher, Looking, Lookup},
    store::{Store, StoredSource, new_id},
    wire::Request,
};
use goodword_shared::{api::sources::NewSource, id::SourceId, problem::ProblemKind, source::Values};
use sqlx::Row;

use crate::faulty::{self, FAULTS, Fault, Sent};

/// With a deadline that only those meet who never answer, however busy the machine is.
const PATIENT: u64 = 60;

async fn app(folder: &std::path::Path, open: &str, seconds: u64) -> App {
    let mut config = Config::load(folder).expect("the shipped configuration");
    config.fetch.allow_private = vec![open.to_owned()];
    config.fetch.deadline_seconds = seconds;
    config.fetch.retries = 0;
    let store = Store::open_folder(folder).await.expect("opens");
    App::with_store(folder, config, false, store).expect("an app")
}

fn settings(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

fn source(fault: &Fault, address: &str) -> StoredSource {
    let base = format!("http://{address}/{}", fault.name);
    let settings = match fault.connector {
        "mastodon" => settings(&[("base", &base), ("mode", "tag"), ("term", "rye")]),
        _ => settings(&[("url", &base)]),
    };
    StoredSource {
        id: SourceId::new(new_id()),
        connector: fault.connector.into(),
        name: fault.name.into(),
        settings,
        ..StoredSource::new(clock::now())
    }
}

/// Bytes that were taken from the server for that path.
fn taken(sent: &Sent, name: &str) -> u64 {
    sent.0.lock().expect("unbroken").get(name).copied().unwrap_or_default()
}

async fn count(app: &App, sql: &'static str) -> i64 {
    sqlx::query(sql).fetch_one(app.store.pool()).await.expect("counts").try_get(0).expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_refused_with_its_problem() {
    let (address, sent) = faulty::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let hasty_folder = tempfile::tempdir().expect("a folder");
    let hasty = app(hasty_folder.path(), &address.to_string(), 1).await;
    let app = app(folder.path(), &address.to_string(), PATIENT).await;
    let mut told = BTreeMap::new();
    let mut runs = tokio::task::JoinSet::new();
    for fault in FAULTS {
        let row = source(fault, &address.to_string());
        let waits = matches!(fault.name, "slow-head" | "slow-body" | "silence" | "early-hints");
        let app = if waits { hasty.clone() } else { app.clone() };
        app.store.put_source(&row).await.expect("stored");
        runs.spawn(async move {
            let outcome = engine::run_source(&app, row).await.expect("no fault of ours");
            ((fault.name, fault.connector), outcome)
        });
    }
    while let Some(ended) = runs.join_next().await {
        let (fault, outcome) = ended.expect("no panic");
        told.insert(fault, outcome);
    }
    let mut wrong = Vec::new();
    for fault in FAULTS {
        let outcome = &told[&(fault.name, fault.connector)];
        let problem = outcome.problem.as_ref();
        let late = fault.endless && problem.is_some_and(|p| p.problem == ProblemKind::Unreachable);
        if problem.map(|p| p.problem) != fault.told && !late {
            wrong.push(format!("{} by {}: {problem:?}, {:?}", fault.name, fault.connector, outcome.remark));
        }
        if outcome.ingested.new != fault.read {
            wrong.push(format!("{} by {}: {:?}", fault.name, fault.connector, outcome.ingested));
        }
        // The cap is 16 MiB; what more was sent lies in the buffers between.
        let taken = taken(&sent, fault.name) >> 20;
        if taken > 40 {
            wrong.push(format!("{}: {taken} MiB were taken", fault.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let longest = count(&app, "SELECT MAX(LENGTH(text)) FROM mentions").await;
    assert!(longest < 20_000, "nothing was unfolded: {longest}");
    let largest = count(&app, "SELECT COALESCE(MAX(LENGTH(body)), 0) FROM capture_bodies").await;
    assert!(largest < 24 << 20, "{largest} bytes were kept of one answer");
    let refused = "SELECT COUNT(*) FROM captures c JOIN sources s ON s.id = c.source_id WHERE s.name IN \
                   ('endless-body', 'announced-gigabyte', 'gzip-bomb', 'brotli-bomb', 'gzip-of-nothing', 'crumbs', 'length-too-long')";
    assert_eq!(count(&app, refused).await, 0, "what was not read to its end is not kept");
}

/// Names and spellings that lead to this machine, into its network, or to what clouds keep secrets in.
const INSIDE: &[&str] = &[
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://localhost:8080/admin",
    "http://shop.localhost/",
    "http://localhost.localdomain/",
    "http://ip6-localhost/",
    "http://127.0.0.1./",
    "http://127.0.0.1.:80/",
    "http://127.1./",
    "http://0x7f000001./",
    "http://127.0.0.1%2f@127.0.0.1/",
    "http://reviews.example@127.0.0.1/",
    "http://reviews.example:443@127.0.0.1:80/",
    "http://reviews.example%40@127.0.0.1/",
    "http://127.0.0.1\\@reviews.inside/",
    "http://reviews.inside\\@127.0.0.1/",
    "http://reviews.inside#@127.0.0.1/",
    "http://reviews.inside?@127.0.0.1/",
    "http:127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http:///127.0.0.1/",
    "\thttp://127.0.0.1/\n",
    "http://127.0.0.1\t/",
    "HTTP://127.0.0.1/",
    "http://１２７.０.０.１/",
    "http://127｡0｡0｡1/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://metadata/",
    "http://instance-data/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.169.254.:80/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://100.100.100.200/latest/meta-data/",
    "http://192.0.0.192/opc/v2/instance/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[64:ff9b::169.254.169.254]/",
    "http://[2002:a9fe:a9fe::]/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://2852039166/",
    "http://router/",
    "http://printer.local/",
    "http://kubernetes.default.svc/",
    "http://10.0.0.1.inside/",
];

/// A network in which every name leads inside.
struct Inside;

impl Lookup for Inside {
    fn lookup(&self, host: &str) -> Looking {
        let inside: &[&str] = match host.trim_end_matches('.') {
            "localhost" | "shop.localhost" => &["127.0.0.1", "::1"],
            "ip6-localhost" => &["::1"],
            name if name.contains("metadata") => &["169.254.169.254", "fd00:ec2::254"],
            "printer.local" => &["fe80::1", "192.168.1.9"],
            _ => &["10.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1"],
        };
        let found: Vec<IpAddr> = inside.iter().map(|ip| ip.parse().expect("an address")).collect();
        Box::pin(async move { Ok(found) })
    }
}

#[tokio::test]
async fn no_spelling_and_no_name_leads_inside() {
    let settings = FetchSettings { retries: 0, ..FetchSettings::default() };
    let fetcher = Fetcher::with_lookup(settings, Arc::new(Inside)).expect("builds");
    for url in INSIDE {
        let error = fetcher
            .fetch(&Request::get(*url), Duration::ZERO, None, clock::now())
            .await
            .expect_err("refused");
        assert!(matches!(error, FetchError::Private { .. } | FetchError::Address { .. }), "{url}: {error:?}");
        assert_eq!(error.kind(), ProblemKind::Refused, "{url}");
    }
}

/// A resolver that names a public address first and this machine ever after.
struct Rebinding(std::sync::atomic::AtomicUsize);

impl Lookup for Rebinding {
    fn lookup(&self, _: &str) -> Looking {
        let first = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        Box::pin(async move {
            // The first address is public in form and answered by nobody: the network is not touched.
            if first {
                Err(io::Error::other("the name server is slow today"))
            } else {
                Ok(vec![[127, 0, 0, 1].into()])
            }
        })
    }
}

#[tokio::test]
async fn a_name_that_turns_inside_between_two_tries_is_caught_at_the_second() {
    let (address, sent) = faulty::start().await;
    let settings = FetchSettings { retries: 2, ..FetchSettings::default() };
    let fetcher = Fetcher::with_lookup(settings, Arc::new(Rebinding(0.into()))).expect("builds");
    let request = Request::get(format!("http://turning.example:{}/json-cut", address.port()));
    let error = fetcher.fetch(&request, Duration::ZERO, None, clock::now()).await.expect_err("refused");
    assert!(matches!(error, FetchError::Private { .. }), "{error:?}");
    assert_eq!(taken(&sent, "json-cut"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_says_of_a_private_source_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = app(folder.path(), "reviews.example:443", PATIENT).await;
    for url in ["http://127.0.0.1:9/", "http://[::1]:9/", "http://0x7f.1:9/", "http://a:b@127.0.0.1:9/"] {
        let new = NewSource {
            connector: "schema_org".into(),
            settings: settings(&[("url", url)]),
            ..NewSource::default()
        };
        let Ok(added) = engine::sources::add(&app, &new).await.expect("answers") else {
            assert!(url.contains('['), "{url} was refused at once");
            continue;
        };
        let row = app.store.source_row(added.id.as_str()).await.expect("reads").expect("a source");
        let outcome = engine::run_source(&app, row).await.expect("no fault of ours");
        let problem = outcome.problem.expect("refused");
        assert_eq!(problem.problem, ProblemKind::Refused, "{url}");
        assert!(problem.detail.contains("allow_private"), "{}", problem.detail);
    }
}
