//! One story through the public surface, told on both databases: a page is watched, its history read without alarm, a furious
//! review opens a case and alerts once, an edit becomes a revision, a customer is recognised, a kind one becomes a promoter.

use chrono::TimeDelta;
use goodword::{actions, app::App, clock, config::Config, engine, record::MatchRow, store::new_id};
use goodword_shared::{
    Time,
    alert::Event,
    api::{customers::Verdict, sources::NewSource},
    id::{AuthorId, CustomerId, MatchId},
    matching::{Evidence, MatchState},
    source::HealthState,
};
use sqlx::Row;

use crate::{
    desk::channel_settings,
    place::{Place, Review},
    postgres::Postgres,
    service,
};

struct Stage {
    app: App,
    place: Place,
    source: String,
    _folder: tempfile::TempDir,
}

impl Stage {
    async fn new(url: Option<&str>) -> Self {
        let place = Place::start().await;
        let tune = |config: &mut Config| {
            config.fetch.allow_private = vec![place.address.clone()];
        };
        let (app, folder) = service::app(url, tune).await;
        actions::admin::set_up(&app).await.expect("the page is a channel");
        Self { app, place, source: String::new(), _folder: folder }
    }

    async fn run(&self) -> engine::Outcome {
        let row = self.app.store.source_row(&self.source).await.expect("reads").expect("a source");
        engine::run_source(&self.app, row).await.expect("no fault of ours")
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query(sql).fetch_one(self.app.store.pool()).await.expect("counts").try_get(0).expect("a number")
    }

    async fn text(&self, sql: &'static str) -> String {
        sqlx::query(sql).fetch_one(self.app.store.pool()).await.expect("a row").try_get(0).expect("a text")
    }
}

fn ago(hours: i64) -> Time {
    clock::now() - TimeDelta::hours(hours)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_on_sqlite() {
    tell(Stage::new(None).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_on_postgresql() {
    let Some(postgres) = Postgres::start() else { return };
    tell(Stage::new(Some(&postgres.url())).await).await;
}

async fn tell(mut stage: Stage) {
    let history = vec![
        Review::new(
            "r1",
            "Ada Kern",
            5,
            "Lovely bread, friendly people, I would recommend this bakery to everyone!",
            ago(24 * 30),
        ),
        Review::new("r2", "Ben Ode", 1, "Terrible. Cold soup, rude waiter, never again.", ago(24 * 60)),
        Review::new("r3", "Cleo Part", 1, "Awful service, we waited an hour and nobody apologised.", ago(30)),
        Review::new("r4", "Dan Quill", 3, "It was all right.", ago(24 * 90)),
    ];
    stage.place.show(&history);
    watch(&mut stage).await;
    a_history_neither_alerts_nor_floods(&stage).await;
    the_same_again_changes_nothing(&stage).await;
    let mut page = history;
    a_furious_review_alerts_once(&stage, &mut page).await;
    an_edit_is_a_revision(&stage, &mut page).await;
    a_customer_is_recognised_and_undone(&stage).await;
    a_refusal_is_said_and_mended(&stage).await;
    answers_are_kept_and_read_again(&stage).await;
}

async fn watch(stage: &mut Stage) {
    let mut settings = goodword_shared::source::Values::new();
    settings.insert("url".into(), stage.place.url.clone());
    let preview = engine::preview(&stage.app, "schema_org", &settings).await;
    assert_eq!((preview.found, preview.problem), (4, None));
    let nothing = NewSource { connector: "schema_org".into(), ..NewSource::default() };
    let problem =
        engine::sources::add(&stage.app, &nothing).await.expect("answers").expect_err("an address is needed");
    assert_eq!(problem.errors[0].field, "url");
    let new = NewSource { connector: "schema_org".into(), settings, ..NewSource::default() };
    let source = engine::sources::add(&stage.app, &new).await.expect("answers").expect("added");
    assert_eq!(source.health, HealthState::New);
    stage.source = source.id.to_string();
}

async fn a_history_neither_alerts_nor_floods(stage: &Stage) {
    let outcome = stage.run().await;
    assert!(outcome.back_fill && outcome.problem.is_none(), "{outcome:?}");
    assert_eq!(outcome.ingested.new, 4);
    assert_eq!(stage.count("SELECT COUNT(*) FROM mentions WHERE unhappy = 1").await, 2);
    assert_eq!(stage.count("SELECT COUNT(*) FROM cases").await, 1, "only the recent one");
    assert_eq!(stage.count("SELECT COUNT(*) FROM alerts").await, 0);
    assert_eq!(stage.count("SELECT COUNT(*) FROM outbox").await, 0);
    let source = engine::sources::get(&stage.app, &stage.source).await.expect("reads").expect("it is there");
    assert_eq!((source.stored, source.platform_total), (4, Some(7)));
    assert!(source.health_text.contains("The platform says 7, we hold 4."), "{}", source.health_text);
    assert_eq!(stage.count("SELECT COUNT(*) FROM promoters").await, 1);
}

async fn the_same_again_changes_nothing(stage: &Stage) {
    let asked = stage.place.asked();
    let outcome = stage.run().await;
    assert_eq!(outcome.ingested, engine::ingest::Ingested::default(), "not modified");
    assert_eq!(stage.place.asked(), asked + 1);
    assert_eq!(stage.count("SELECT COUNT(*) FROM mentions").await, 4);
}

async fn a_furious_review_alerts_once(stage: &Stage, page: &mut Vec<Review>) {
    let hook = channel_settings("webhook", &[("url", "http://127.0.0.1:9/hook")]);
    let channel =
        actions::admin::add_channel(&stage.app, &hook, "owner@example.org").await.expect("a channel");
    let mut rule = stage.app.store.rules().await.expect("reads").remove(0);
    if !rule.settings.channels.contains(&channel.id) {
        rule.settings.channels.push(channel.id.clone());
        stage.app.store.put_rule(&rule).await.expect("stored");
    }
    let mut events = stage.app.events.subscribe();
    page.push(Review::new(
        "r5",
        "Eve Rand",
        1,
        "I want my money back! The cake was mouldy, this is a scandal.",
        ago(2),
    ));
    page.push(Review::new("r6", "Eve Rand", 2, "And nobody answers the phone, so disappointing.", ago(1)));
    page.push(Review::new(
        "r7",
        "Fay Stone",
        5,
        "Wonderful, thank you so much! I will tell all my friends about you.",
        ago(1),
    ));
    stage.place.show(page);
    let outcome = stage.run().await;
    assert_eq!(
        (outcome.ingested.new, outcome.ingested.unchanged, outcome.ingested.cases),
        (3, 4, 1),
        "{outcome:?}"
    );
    assert_eq!(stage.count("SELECT COUNT(*) FROM alerts").await, 2, "each unhappy mention once");
    assert_eq!(stage.count("SELECT COUNT(*) FROM outbox").await, 2);
    let key = stage.text("SELECT MIN(idempotency_key) FROM outbox").await;
    let first = stage.text("SELECT MIN(id) FROM mentions WHERE mention_key IN ('r5', 'r6')").await;
    assert_eq!(key, format!("{first}.{}", channel.id));
    assert_eq!(
        stage.count("SELECT COUNT(*) FROM case_events WHERE what = 'mention'").await,
        1,
        "the second one joins the first one's case"
    );
    let mut told = Vec::new();
    while let Ok(event) = events.try_recv() {
        told.push(event);
    }
    assert_eq!(told.iter().filter(|e| matches!(e, Event::Alert(_))).count(), 2);
    assert!(told.contains(&Event::Mentions { new: 3, source: outcome_name(stage).await }));
    let rows = sqlx::query("SELECT reasons FROM promoters ORDER BY score DESC")
        .fetch_all(stage.app.store.pool())
        .await;
    assert_eq!(rows.expect("reads").len(), 2, "Ada and Fay");
}

async fn outcome_name(stage: &Stage) -> String {
    stage.app.store.source_row(&stage.source).await.expect("reads").expect("there").name
}

async fn an_edit_is_a_revision(stage: &Stage, page: &mut [Review]) {
    page[4].stars = 4;
    page[4].text = "They called, apologised and refunded. Thank you!".into();
    stage.place.show(page);
    let outcome = stage.run().await;
    assert_eq!((outcome.ingested.new, outcome.ingested.changed), (0, 1), "{outcome:?}");
    assert_eq!(stage.count("SELECT COUNT(*) FROM mentions").await, 7);
    assert_eq!(stage.text("SELECT changed FROM revisions").await, r#"["stars 1 → 4","text"]"#);
    assert!(stage.text("SELECT mention FROM revisions").await.contains("mouldy"), "as it was before");
    assert_eq!(stage.count("SELECT COUNT(*) FROM case_events WHERE what = 'revision'").await, 1);
    assert_eq!(stage.count("SELECT COUNT(*) FROM outbox").await, 2, "no second alert");
}

async fn a_customer_is_recognised_and_undone(stage: &Stage) {
    let store = &stage.app.store;
    let mut writing = store.write().await.expect("writes");
    for (id, name) in [("c1", "Fay Stone"), ("c2", "Fay Stones")] {
        sqlx::query(
            "INSERT INTO customers (id, name, value, tags, search, created_at, updated_at) VALUES ($1, $2, 100.0, '[]', '', 0, 0)",
        )
        .bind(id)
        .bind(name)
        .execute(&mut *writing)
        .await
        .expect("stored");
    }
    writing.commit().await.expect("commits");
    let fay = AuthorId::new(stage.text("SELECT id FROM authors WHERE name = 'Fay Stone'").await);
    let row = |customer: &str| MatchRow {
        id: MatchId::new(new_id()),
        author: fay.clone(),
        customer: CustomerId::new(customer),
        probability: 0.6,
        evidence: vec![Evidence { kind: "name".into(), text: "the same name".into() }],
        state: MatchState::Doubtful,
    };
    store.propose_matches(&[row("c1"), row("c2")], clock::now()).await.expect("stored");
    let right = stage.text("SELECT id FROM matches WHERE customer_id = 'c1'").await;
    let decide = async |verdict| {
        let decided = store.decide_match(&right, verdict, "owner@example.org", clock::now()).await;
        let decided = decided.expect("stored").expect("a match");
        let authors: Vec<AuthorId> = decided.authors.into_iter().map(AuthorId::new).collect();
        engine::promoters::refresh(&stage.app, &authors).await.expect("refreshed");
    };
    decide(Verdict::Confirm).await;
    assert_eq!(stage.text("SELECT state FROM matches WHERE customer_id = 'c2'").await, "refused");
    assert_eq!(stage.count("SELECT COUNT(*) FROM promoters WHERE key = 'customer:c1'").await, 1);
    decide(Verdict::Undo).await;
    assert_eq!(
        stage.count("SELECT COUNT(*) FROM matches WHERE state = 'doubtful'").await,
        2,
        "both open again"
    );
    assert_eq!(stage.count("SELECT COUNT(*) FROM promoters WHERE customer_id IS NOT NULL").await, 0);
    decide(Verdict::Refuse).await;
    // A refused pair is not proposed again.
    store.propose_matches(&[row("c1")], clock::now()).await.expect("stored");
    assert_eq!(stage.text("SELECT state FROM matches WHERE customer_id = 'c1'").await, "refused");
}

async fn a_refusal_is_said_and_mended(stage: &Stage) {
    stage.place.refuse(Some(403));
    let outcome = stage.run().await;
    assert!(outcome.problem.is_some());
    let source = engine::sources::get(&stage.app, &stage.source).await.expect("reads").expect("there");
    assert_eq!(source.health, HealthState::Failing);
    assert!(
        source.next_run.expect("tried again") > clock::now() + TimeDelta::hours(12),
        "left alone for long"
    );
    stage.place.refuse(None);
    assert_eq!(stage.run().await.problem, None);
    // Zero where there used to be many is a fault.
    stage.place.show(&[]);
    let outcome = stage.run().await;
    let problem = outcome.problem.expect("suspicious");
    assert!(problem.detail.contains("no mentions"), "{problem}");
}

async fn answers_are_kept_and_read_again(stage: &Stage) {
    let store = &stage.app.store;
    assert!(stage.count("SELECT COUNT(*) FROM captures").await >= 3);
    // What a broken connector missed: the mention is gone, its answer is not.
    let mut writing = store.write().await.expect("writes");
    for sql in ["DELETE FROM promoters", "DELETE FROM mentions WHERE mention_key = 'r4'"] {
        sqlx::query(sql).execute(&mut *writing).await.expect("removed");
    }
    writing.commit().await.expect("commits");
    let row = store.source_row(&stage.source).await.expect("reads").expect("there");
    let dry = engine::replay::replay(&stage.app, &row, true).await.expect("reads");
    assert_eq!((dry.ingested.new, dry.ingested.changed), (1, 0), "{dry:?}");
    assert_eq!(stage.count("SELECT COUNT(*) FROM mentions").await, 6, "a dry run stores nothing");
    let done = engine::replay::replay(&stage.app, &row, false).await.expect("reads");
    assert_eq!((done.ingested.new, done.ingested.alerts), (1, 0), "{done:?}");
    assert_eq!(stage.count("SELECT COUNT(*) FROM mentions").await, 7);
    assert_eq!(stage.count("SELECT COUNT(*) FROM revisions").await, 1, "old answers undo nothing");
}
