//! Platforms' storage rules on what is stored: after its days, or when its author takes it back, a person's words are found
//! nowhere in the database, while the case, its notes and the match stay. On both databases.

use chrono::TimeDelta;
use goodword::{
    actions,
    app::App,
    clock,
    engine::{self, ingest::ingest, storage},
    pipeline::Run,
    record::Origin,
    store::StoredSource,
    wire::{Request, Response},
};
use goodword_shared::{Author, Mention, Rating, Time, api::sources::NewSource, id::SourceId, source::Values};
use sqlx::Row;

use crate::{postgres::Postgres, service};

/// In every text and name that a platform gave: to be found nowhere afterwards.
const MARK: &str = "zebrafink";

async fn app(url: Option<&str>) -> (App, tempfile::TempDir) {
    let (app, folder) = service::app(url, |_| ()).await;
    actions::admin::set_up(&app).await.expect("the page is a channel");
    (app, folder)
}

async fn source(app: &App, connector: &str) -> Origin {
    let row = StoredSource {
        id: SourceId::new(format!("s-{connector}")),
        connector: connector.into(),
        name: "Our place".into(),
        first_run_done: true,
        ..StoredSource::new(clock::now())
    };
    app.store.put_source(&row).await.expect("stored");
    Origin {
        source: row.id,
        connector: connector.into(),
        name: row.name,
        follow_deletion: matches!(
            storage::rule(connector),
            goodword_shared::source::StorageRule::FollowDeletion
        ),
    }
}

fn mention(at: Time) -> Mention {
    Mention {
        external_id: Some("r1".into()),
        author: Author {
            name: Some(format!("Ada {MARK}")),
            handle: Some(format!("ada_{MARK}")),
            ..Author::default()
        },
        rating: Some(Rating::stars(1.0)),
        title: Some(format!("Never again, {MARK}")),
        text: format!("Terrible service, cold soup, I want my money back, said the {MARK}."),
        published_at: Some(at),
        url: Some("https://reviews.example/r1".into()),
        ..Mention::default()
    }
}

/// Every text of every table, in lower case.
async fn everything(app: &App) -> String {
    let mut all = String::new();
    for (table, columns) in [
        ("mentions", "id, COALESCE(title, '') || text || mention || search || analysis"),
        ("revisions", "id, mention || changed"),
        ("authors", "id, COALESCE(name, '') || COALESCE(handle, '') || COALESCE(url, '') || author_key"),
        ("alerts", "mention_id, alert"),
        ("outbox", "id, subject || payload || COALESCE(detail, '')"),
        ("case_events", "id, text"),
        ("cases", "id, reasons || factors"),
    ] {
        let sql = sqlx::AssertSqlSafe(format!("SELECT {columns} FROM {table}"));
        for row in sqlx::query(sql).fetch_all(app.store.pool()).await.expect("reads") {
            all.push_str(&format!("{table} {}\n", row.get::<String, _>(1).to_lowercase()));
        }
    }
    all
}

async fn one(app: &App, sql: &'static str) -> i64 {
    sqlx::query(sql).fetch_one(app.store.pool()).await.expect("reads").get(0)
}

fn found(all: &str) -> Vec<&str> {
    all.lines().filter(|line| line.contains(MARK)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn after_its_days_on_sqlite() {
    let (app, _folder) = app(None).await;
    after_its_days(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_its_days_on_postgresql() {
    let Some(postgres) = Postgres::start() else { return };
    let (app, _folder) = app(Some(&postgres.url())).await;
    after_its_days(&app).await;
}

async fn after_its_days(app: &App) {
    let now = clock::now();
    let origin = source(app, "google_business").await;
    let read = vec![mention(now - TimeDelta::hours(3))];
    let done = ingest(app, &origin, read.clone(), Run::Regular, now).await.expect("stored");
    assert_eq!((done.new, done.cases, done.alerts), (1, 1, 1), "{done:?}");
    let mut edited = read.clone();
    edited[0].text.push_str(" And rude.");
    ingest(app, &origin, edited.clone(), Run::Regular, now).await.expect("stored");
    let mut writing = app.store.write().await.expect("writes");
    sqlx::query("UPDATE cases SET assignee = 'Bea'").execute(&mut *writing).await.expect("written");
    writing.commit().await.expect("commits");
    assert!(found(&everything(app).await).len() >= 4, "it is all there at first");
    keep_answer(app, &origin, now).await;

    let early = storage::carry_out(app, now + TimeDelta::days(29)).await.expect("swept");
    assert_eq!(early.withheld, 0, "its days are not over");
    let swept = storage::carry_out(app, now + TimeDelta::days(31)).await.expect("swept");
    assert_eq!((swept.withheld, swept.captures), (1, 1));
    let all = everything(app).await;
    assert!(found(&all).is_empty(), "left behind: {:?}", found(&all));
    assert_eq!(one(app, "SELECT COUNT(*) FROM capture_bodies").await, 0);
    assert_eq!(one(app, "SELECT COUNT(*) FROM cases WHERE assignee = 'Bea' AND state = 'open'").await, 1);
    assert_eq!(one(app, "SELECT COUNT(*) FROM revisions").await, 1, "that it was edited is known");
    assert_eq!(
        one(app, "SELECT COUNT(*) FROM mentions WHERE label = 'negative'").await,
        1,
        "our reading stays"
    );
    assert_eq!(one(app, "SELECT COUNT(*) FROM promoters").await, 0);
    let said = said(app).await;
    assert_eq!((said.withheld_days, said.url.is_some()), (Some(30), true), "the way to the original stays");
    assert_eq!(storage::carry_out(app, now + TimeDelta::days(32)).await.expect("swept").withheld, 0, "once");

    // Read once more: shown again for its days, without a change, a case or an alert.
    let events = one(app, "SELECT COUNT(*) FROM case_events").await;
    let again = ingest(app, &origin, edited, Run::Regular, now).await.expect("stored");
    assert_eq!((again.new, again.changed, again.cases, again.alerts), (0, 0, 0, 0), "{again:?}");
    assert_eq!(one(app, "SELECT COUNT(*) FROM case_events").await, events);
    assert_eq!(one(app, "SELECT COUNT(*) FROM authors").await, 1, "the same author");
    assert!(said_text(app).await.contains(MARK));
    let later = storage::carry_out(app, now + TimeDelta::days(31)).await.expect("swept");
    assert_eq!(later.withheld, 1, "and goes again");
}

async fn said(app: &App) -> goodword_shared::case::Quote {
    let id: String =
        sqlx::query("SELECT id FROM mentions").fetch_one(app.store.pool()).await.expect("reads").get(0);
    app.store.said(std::slice::from_ref(&id)).await.expect("reads")[&id].quote.clone()
}

async fn said_text(app: &App) -> String {
    said(app).await.text
}

async fn keep_answer(app: &App, origin: &Origin, now: Time) {
    let response = Response { status: 200, body: MARK.as_bytes().to_vec(), ..Response::default() };
    let packed = goodword::store::pack(&response.body).expect("packed");
    let request = Request::get("https://reviews.example/");
    app.store.keep_capture(&origin.source, &request, &response, packed, now).await.expect("kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_author_takes_back_is_gone_here() {
    let (app, _folder) = app(None).await;
    let now = clock::now();
    let origin = source(&app, "reddit").await;
    ingest(&app, &origin, vec![mention(now)], Run::Regular, now).await.expect("stored");
    keep_answer(&app, &origin, now).await;
    let gone = Mention { external_id: Some("r1".into()), deleted: true, ..Mention::default() };
    ingest(&app, &origin, vec![gone], Run::Regular, now).await.expect("stored");
    let all = everything(&app).await;
    assert!(found(&all).is_empty(), "left behind: {:?}", found(&all));
    let swept = storage::carry_out(&app, now + TimeDelta::days(3)).await.expect("swept");
    assert_eq!(
        (swept.captures, one(&app, "SELECT COUNT(*) FROM cases").await),
        (1, 1),
        "raw answers go soon"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_stored_is_not_by_any_way() {
    let (app, _folder) = app(None).await;
    let now = clock::now();
    let origin = source(&app, "tripadvisor").await;
    for run in [Run::Regular, Run::BackFill, Run::Import, Run::Replay] {
        assert!(ingest(&app, &origin, vec![mention(now)], run, now).await.is_err(), "{run:?}");
    }
    assert_eq!(one(&app, "SELECT COUNT(*) FROM mentions").await, 0);
    let mut settings = Values::from([("place".into(), "ChIJ0123456789abcdef01234567".into())]);
    settings.insert("key".into(), "a-key-of-the-owner".into());
    let new = NewSource { connector: "google_places".into(), settings, ..NewSource::default() };
    let added = engine::sources::add(&app, &new).await.expect("answers").expect("added");
    assert!(added.live && added.next_run.is_none(), "{added:?}");
    let row = app.store.source_row(added.id.as_str()).await.expect("reads").expect("there");
    let outcome = engine::run_source(&app, row).await.expect("no fault");
    assert_eq!((outcome.requests, outcome.problem), (0, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_sweep_goes_in_steps_and_is_counted() {
    let (app, _folder) = app(None).await;
    let now = clock::now();
    let origin = source(&app, "youtube").await;
    let many: Vec<Mention> = (0..450)
        .map(|n| Mention {
            external_id: Some(format!("c{n}")),
            text: format!("Comment {n}"),
            ..Mention::default()
        })
        .collect();
    ingest(&app, &origin, many, Run::Import, now).await.expect("stored");
    let later = now + TimeDelta::days(40);
    let before = app.store.stored_of(later).await.expect("reads").remove(0);
    assert_eq!((before.mentions, before.withheld), (450, 0));
    assert_eq!(storage::carry_out(&app, later).await.expect("swept").withheld, 450);
    let after = app.store.stored_of(later).await.expect("reads").remove(0);
    assert_eq!((after.mentions, after.withheld, after.overdue), (450, 450, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_what_is_wrong_and_names_nobody() {
    let (app, folder) = app(None).await;
    let now = clock::now();
    let origin = source(&app, "google_business").await;
    ingest(&app, &origin, vec![mention(now)], Run::Import, now).await.expect("stored");
    let doctor = || {
        let out = std::process::Command::new(env!("CARGO_BIN_EXE_goodword"))
            .args(["doctor", "--data"])
            .arg(folder.path())
            .env_remove("GOODWORD_SECRET_KEY")
            .output()
            .expect("it runs");
        (out.status.code(), String::from_utf8(out.stdout).expect("text"))
    };
    let (code, said) = doctor();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("is whole") && said.contains("content kept for 30 days; 1 mentions"), "{said}");
    assert!(!said.to_lowercase().contains(MARK) && !said.contains("Our place"), "{said}");
    let mut writing = app.store.write().await.expect("writes");
    sqlx::query("UPDATE mentions SET held_until = 5").execute(&mut *writing).await.expect("written");
    writing.commit().await.expect("commits");
    std::fs::remove_file(folder.path().join("secret.key")).expect("removed");
    let (code, said) = doctor();
    assert_eq!(code, Some(1));
    assert!(said.contains("secret.key is missing") && said.contains("1 are past their days"), "{said}");
    assert!(!folder.path().join("secret.key").exists(), "and makes none");
}
