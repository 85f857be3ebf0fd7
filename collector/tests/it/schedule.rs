//! The scheduler on loopback: five hundred sources that hang do not hold up one that is well, one host's trouble stays its own,
//! a day's allowance is shared, and a back-fill that was cut off goes on where it was.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{extract::Query, http::StatusCode, response::IntoResponse};
use chrono::TimeDelta;
use goodword::{
    app::App,
    clock,
    config::Config,
    engine,
    store::{Lane, RunEnd, RunRecord, StoredSource, Whom},
};
use goodword_shared::{
    Time,
    api::sources::{NewSource, SourceChange},
    id::SourceId,
    source::{QuietHours, Values},
};
use tokio_util::sync::CancellationToken;

use crate::{
    place::{Place, Review},
    postgres::Postgres,
    service,
};

async fn app(folder: &std::path::Path, change: impl FnOnce(&mut Config)) -> App {
    let mut config = Config::load(folder).expect("the shipped configuration");
    change(&mut config);
    App::build(folder, config, false).await.expect("builds")
}

async fn add_page(app: &App, name: &str, url: &str) -> SourceId {
    let new = NewSource {
        connector: "schema_org".into(),
        name: name.into(),
        settings: Values::from([("url".into(), url.into())]),
        ..NewSource::default()
    };
    engine::sources::add(app, &new).await.expect("answers").expect("added").id
}

async fn row(app: &App, id: &SourceId) -> StoredSource {
    app.store.source_row(id.as_str()).await.expect("reads").expect("there")
}

/// Waits for what must come; only a fault makes it take long.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..1200 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never: {what}");
}

/// A listener that takes connections and says nothing.
async fn hanging(taken: Arc<Mutex<Vec<tokio::net::TcpStream>>>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            taken.lock().expect("unbroken").push(stream);
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_that_hang_do_not_hold_up_one_that_is_well() {
    let place = Place::start().await;
    place.show(&[Review::new("r1", "Ada Kern", 5, "Lovely.", clock::now())]);
    let taken = Arc::<Mutex<Vec<_>>>::default();
    // One host with many sources, and many hosts with one.
    let crowd = hanging(taken.clone()).await;
    let mut hosts = vec![crowd.clone()];
    for _ in 0..60 {
        hosts.push(hanging(taken.clone()).await);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let app = app(folder.path(), |config| {
        config.fetch.allow_private = hosts.iter().chain([&place.address]).cloned().collect();
        // No hanging source ends before the test does.
        config.fetch.deadline_seconds = 600;
        config.engine.concurrency = 6;
    })
    .await;
    let well = add_page(&app, "Well", &place.url).await;
    assert_eq!(engine::run_source(&app, row(&app, &well).await).await.expect("runs").problem, None);
    for n in 0..500 {
        let host = if n < 440 { &crowd } else { &hosts[n - 439] };
        add_page(&app, &format!("Stuck {n}"), &format!("http://{host}/{n}")).await;
    }
    let shutdown = CancellationToken::new();
    let engine = tokio::spawn(engine::run(app.clone(), shutdown.clone()));
    let held = || taken.lock().expect("unbroken").len();
    until("the places for the unproven are taken", async || held() == 3).await;
    for _ in 0..5 {
        let asked = place.asked();
        app.store.source_due_now(well.as_str(), clock::now()).await.expect("stored");
        app.wake_engine.notify_one();
        until("the one that is well is read", async || place.asked() > asked).await;
        until("and free again", async || row(&app, &well).await.next_run.is_some_and(|at| at > clock::now()))
            .await;
    }
    assert_eq!(held(), 3, "no more than their share, all the while");
    shutdown.cancel();
    engine.await.expect("no panic").expect("ends well");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_hosts_trouble_stays_its_own_and_retry_after_is_honoured() {
    let (ill, fine) = (Place::start().await, Place::start().await);
    let folder = tempfile::tempdir().expect("a folder");
    let app = app(folder.path(), |config| {
        config.fetch.allow_private = vec![ill.address.clone(), fine.address.clone()];
        config.fetch.retries = 0;
    })
    .await;
    let first = add_page(&app, "First", &format!("{}?a", ill.url)).await;
    let second = add_page(&app, "Second", &format!("{}?b", ill.url)).await;
    let elsewhere = add_page(&app, "Elsewhere", &fine.url).await;
    ill.refuse(Some(503));
    let outcome = engine::run_source(&app, row(&app, &first).await).await.expect("runs");
    assert!(outcome.problem.is_some());
    let now = clock::now();
    assert!(
        row(&app, &second).await.next_run.expect("due") > now + TimeDelta::seconds(30),
        "the same host waits"
    );
    assert!(row(&app, &elsewhere).await.next_run.expect("due") <= now, "the other does not");
    // The pause grows while the host stays ill, and ends with the first good answer.
    engine::run_source(&app, row(&app, &second).await).await.expect("runs");
    let host = ill.address.clone();
    let paused = app.store.paused_there(Whom::Host(&host), now).await.expect("reads").expect("paused");
    assert!(paused > now + TimeDelta::seconds(90), "doubled");
    ill.refuse(None);
    ill.show(&[Review::new("r1", "Ada Kern", 5, "Lovely.", now)]);
    assert_eq!(engine::run_source(&app, row(&app, &second).await).await.expect("runs").problem, None);
    assert_eq!(app.store.paused_there(Whom::Host(&host), now).await.expect("reads"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_days_allowance_is_shared_by_sources_with_the_same_key() {
    shared_allowance(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_days_allowance_is_shared_on_postgresql() {
    let Some(postgres) = Postgres::start() else { return };
    shared_allowance(Some(&postgres.url())).await;
}

async fn shared_allowance(url: Option<&str>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let answer = || async {
        axum::Json(
            serde_json::json!({ "kind": "youtube#commentThreadListResponse", "items": [], "pageInfo": {} }),
        )
    };
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(answer)).await });
    let (app, _folder) = service::app(url, |config| config.fetch.allow_private = vec![address.clone()]).await;
    let add = async |video: &str, key: &str| {
        let settings = Values::from([
            ("video".into(), video.into()),
            ("key".into(), key.into()),
            ("base".into(), format!("http://{address}")),
        ]);
        let new = NewSource { connector: "youtube".into(), settings, ..NewSource::default() };
        let id = engine::sources::add(&app, &new).await.expect("answers").expect("added").id;
        row(&app, &id).await
    };
    let (one, two) = (add("abcdefghij1", "the-owners-key").await, add("abcdefghij2", "the-owners-key").await);
    let other = add("abcdefghij3", "another-key").await;
    assert_eq!(one.limits, two.limits);
    assert_ne!(one.limits, other.limits);
    let limits = one.limits.clone().expect("known");
    let now = clock::now();
    let (today, ends) = engine::timetable::day_there("America/Los_Angeles", now);
    assert_eq!(app.store.spend(&limits, &today, 9_999, 10_000).await.expect("stored"), Some(9_999));
    let last = engine::run_source(&app, one).await.expect("runs");
    assert_eq!((last.requests, last.problem), (1, None), "the last unit");
    let rests = engine::run_source(&app, two.clone()).await.expect("runs");
    assert_eq!((rests.requests, rests.problem), (0, None), "nothing is asked, nothing is wrong");
    assert_eq!(rests.remark.as_deref(), Some("Today's 10,000 units are used; it goes on at 00:00 PT."));
    let stored = row(&app, &two.id).await;
    let next = stored.next_run.expect("due");
    assert!(next >= ends && next <= ends + TimeDelta::minutes(6), "{next}");
    assert_eq!((stored.last_success, stored.failures), (None, 0));
    assert_eq!(engine::run_source(&app, other).await.expect("runs").requests, 1, "another key has its own");
    let (tomorrow, _) = engine::timetable::day_there("America/Los_Angeles", ends);
    assert_eq!(app.store.spend(&limits, &tomorrow, 1, 10_000).await.expect("stored"), Some(1), "a new day");
    // What an owner's run came to is on record.
    let runs = app.store.runs(two.id.as_str(), 0, 20).await.expect("reads");
    assert_eq!((runs.total, runs.items[0].requests), (1, 0));
    assert!(runs.items[0].remark.as_deref().is_some_and(|remark| remark.contains("10,000 units")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_paid_from_the_allowance_of_the_sources_with_the_same_key() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let asked = Arc::new(Mutex::new(0));
    let counted = asked.clone();
    let answer = move || {
        *counted.lock().expect("unbroken") += 1;
        async { axum::Json(serde_json::json!({ "kind": "youtube#commentThreadListResponse", "items": [] })) }
    };
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(answer)).await });
    let (app, _folder) =
        service::app(None, |config| config.fetch.allow_private = vec![address.clone()]).await;
    let settings = |video: &str, key: &str| {
        let base = format!("http://{address}");
        Values::from(
            [("video", video), ("key", key), ("base", &base)].map(|(k, v)| (k.to_owned(), v.to_owned())),
        )
    };
    let new = NewSource {
        connector: "youtube".into(),
        settings: settings("abcdefghij1", "the-owners-key"),
        ..NewSource::default()
    };
    let id = engine::sources::add(&app, &new).await.expect("answers").expect("added").id;
    let source = row(&app, &id).await;
    let limits = source.limits.clone().expect("known");
    let (today, _) = engine::timetable::day_there("America/Los_Angeles", clock::now());
    assert_eq!(app.store.spend(&limits, &today, 9_998, 10_000).await.expect("stored"), Some(9_998));

    let look =
        async |key: &str| engine::preview(&app, "youtube", &settings("abcdefghij2", key)).await.problem;
    assert_eq!(look("the-owners-key").await, None);
    let run = engine::run_source(&app, source.clone()).await.expect("runs");
    assert_eq!((run.requests, run.problem), (1, None), "the last unit");
    let refused = look("the-owners-key").await.expect("nothing is left");
    assert_eq!(refused.problem, goodword_shared::ProblemKind::RateLimited);
    assert_eq!(refused.detail, "Today's 10,000 units are used; it goes on at 00:00 PT.");
    assert_eq!(*asked.lock().expect("unbroken"), 2, "the platform is not asked for what is not paid");
    assert_eq!(look("another-key").await, None);
    // What a look has spent is gone for the runs, too.
    let other = settings("abcdefghij2", "another-key");
    let new = NewSource { connector: "youtube".into(), settings: other, ..NewSource::default() };
    let id = engine::sources::add(&app, &new).await.expect("answers").expect("added").id;
    let limits = row(&app, &id).await.limits.expect("known");
    assert_eq!(app.store.spend(&limits, &today, 0, 10_000).await.expect("stored"), Some(1));
}

/// A shop with five pages of reviews; the page of that number never comes while `stuck`.
async fn shop(asked: Arc<Mutex<Vec<u32>>>, stuck: Arc<Mutex<Option<u32>>>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let page = move |Query(query): Query<HashMap<String, String>>| {
        let (asked, stuck) = (asked.clone(), stuck.clone());
        async move {
            let page: u32 = query.get("page").and_then(|p| p.parse().ok()).unwrap_or(1);
            asked.lock().expect("unbroken").push(page);
            if *stuck.lock().expect("unbroken") == Some(page) {
                std::future::pending::<()>().await;
            }
            let on_it = if page < 5 { 100 } else { 7 };
            let reviews: Vec<serde_json::Value> = (0..on_it)
                .map(|n| {
                    let id = page * 1000 + n;
                    serde_json::json!({
                        "id": id, "date_created_gmt": "2025-01-01T00:00:00", "product_id": 1, "rating": 5,
                        "reviewer": format!("Guest {id}"), "review": format!("<p>Review {id}</p>"), "status": "approved",
                    })
                })
                .collect();
            if page > 5 { StatusCode::NOT_FOUND.into_response() } else { axum::Json(reviews).into_response() }
        }
    };
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(page)).await });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_back_fill_that_was_cut_off_goes_on_where_it_was() {
    let (asked, stuck) = (Arc::<Mutex<Vec<u32>>>::default(), Arc::new(Mutex::new(Some(4))));
    let address = shop(asked.clone(), stuck.clone()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let open = || app(folder.path(), |config| config.fetch.allow_private = vec![address.clone()]);
    let first_life = open().await;
    let settings = Values::from([
        ("base".into(), format!("http://{address}")),
        ("key".into(), "ck_0123456789".into()),
        ("secret".into(), "cs_0123456789".into()),
    ]);
    let new = NewSource { connector: "woocommerce".into(), settings, ..NewSource::default() };
    let id = engine::sources::add(&first_life, &new).await.expect("answers").expect("added").id;
    let run = {
        let (app, source) = (first_life.clone(), row(&first_life, &id).await);
        tokio::spawn(async move { engine::run_source(&app, source).await })
    };
    until("the fourth page is asked for", async || asked.lock().expect("unbroken").contains(&4)).await;
    run.abort();
    assert!(run.await.is_err(), "killed in the middle");
    drop(first_life);

    *stuck.lock().expect("unbroken") = None;
    asked.lock().expect("unbroken").clear();
    let second_life = open().await;
    let before = row(&second_life, &id).await;
    assert_eq!((before.stored, before.pending.len(), before.first_run_done), (300, 1, false));
    let outcome = engine::run_source(&second_life, before).await.expect("runs");
    assert!(outcome.back_fill && outcome.problem.is_none() && !outcome.unfinished, "{outcome:?}");
    assert_eq!(*asked.lock().expect("unbroken"), [1, 4, 5], "the newest page, and on from where it was");
    let after = row(&second_life, &id).await;
    assert_eq!((after.stored, after.first_run_done, after.pending.len()), (407, true, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owners_rhythm_and_hours_are_kept_and_given_back() {
    let place = Place::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let app = app(folder.path(), |config| config.fetch.allow_private = vec![place.address.clone()]).await;
    let id = add_page(&app, "Page", &place.url).await;
    let change = async |change: SourceChange| {
        engine::sources::change(&app, id.as_str(), &change).await.expect("answers").expect("there")
    };
    let hours = |from: &str, to: &str, zone: &str| {
        Some(QuietHours { from: from.into(), to: to.into(), zone: zone.into() })
    };
    let own = change(SourceChange {
        every_minutes: Some(10),
        not_between: hours("22:00", "06:00", "Europe/Berlin"),
        ..SourceChange::default()
    })
    .await
    .expect("fine");
    assert_eq!((own.every_minutes, own.adaptive), (10, false));
    assert_eq!(own.not_between, hours("22:00", "06:00", "Europe/Berlin"));
    let wrong = SourceChange { not_between: hours("22", "06:00", "Mars/Olympus"), ..SourceChange::default() };
    assert_eq!(change(wrong).await.expect_err("refused").errors[0].field, "not_between");
    let back = SourceChange {
        every_minutes: Some(0),
        not_between: hours("00:00", "00:00", "UTC"),
        ..SourceChange::default()
    };
    let given_back = change(back).await.expect("fine");
    assert_eq!((given_back.every_minutes, given_back.adaptive, given_back.not_between), (360, true, None));
}

#[tokio::test]
async fn new_sources_go_before_failing_ones_and_proven_ones_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = app(folder.path(), |_| {}).await;
    let now = clock::now();
    for (id, fails, waits) in [("well", Some(false), 5), ("failing", Some(true), 50), ("new", None, 1)] {
        let row = StoredSource {
            id: SourceId::new(id),
            connector: "feed".into(),
            host: Some("a.example:443".into()),
            next_run: Some(now),
            ..StoredSource::new(now)
        };
        app.store.put_source(&row).await.expect("stored");
        if let Some(fails) = fails {
            app.store
                .finish_run(&row.id, &ended(fails, now - TimeDelta::minutes(waits)))
                .await
                .expect("stored");
        }
    }
    let due = async |lane, busy: &[String]| -> Vec<String> {
        let rows = app.store.due_sources(lane, busy, now, 10).await.expect("reads");
        rows.into_iter().map(|row| row.id.to_string()).collect()
    };
    assert_eq!(due(Lane::Proven, &[]).await, ["well"]);
    assert_eq!(due(Lane::Unproven, &[]).await, ["new", "failing"]);
    assert!(due(Lane::Proven, &["a.example:443".into()]).await.is_empty(), "its host is busy");
}

fn ended(failed: bool, next_run: Time) -> RunRecord {
    let problem = goodword_shared::problem::SourceProblem {
        problem: goodword_shared::ProblemKind::Unreachable,
        detail: "Nobody answers there.".into(),
    };
    RunRecord {
        started_at: next_run,
        ended_at: next_run,
        requests: 1,
        answers: [(200, 1)].into(),
        found: Some(0),
        new: 0,
        changed: 0,
        same: 0,
        gone: 0,
        end: if failed { RunEnd::Failed(problem) } else { RunEnd::Well },
        detail: None,
        next_run,
        cursor: None,
        pending: Vec::new(),
        first_run_done: !failed,
        totals: (None, None, None),
    }
}
