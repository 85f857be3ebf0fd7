//! Never silently: a source that fails or falls silent is told of once, and once more when it is over; what is gone from a page is
//! noted once and believed the second time. On both databases where the store is concerned.

use chrono::TimeDelta;
use goodword::{actions, app::App, clock, config::Config, engine, store::StoredSource};
use goodword_shared::{Time, api::sources::NewSource, source::Values};
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
            config.fetch.retries = 0;
        };
        let (app, folder) = service::app(url, tune).await;
        actions::admin::set_up(&app).await.expect("the page is a channel");
        let hook = channel_settings("webhook", &[("url", "http://127.0.0.1:9/hook")]);
        let channel = actions::admin::add_channel(&app, &hook, "owner@example.org").await.expect("a channel");
        let mut rule = app.store.rules().await.expect("reads").remove(0);
        rule.settings.channels.push(channel.id);
        app.store.put_rule(&rule).await.expect("stored");
        let new = NewSource {
            connector: "schema_org".into(),
            name: "Our page".into(),
            settings: Values::from([("url".into(), place.url.clone())]),
            ..NewSource::default()
        };
        let source = engine::sources::add(&app, &new).await.expect("answers").expect("added").id.to_string();
        Self { app, place, source, _folder: folder }
    }

    async fn row(&self) -> StoredSource {
        self.app.store.source_row(&self.source).await.expect("reads").expect("there")
    }

    async fn run(&self) -> engine::Outcome {
        engine::run_source(&self.app, self.row().await).await.expect("no fault of ours")
    }

    async fn look(&self, now: Time) {
        engine::warn::look(&self.app, now).await.expect("looks");
    }

    async fn subjects(&self) -> Vec<String> {
        let rows = sqlx::query("SELECT subject FROM outbox ORDER BY created_at, id");
        let rows = rows.fetch_all(self.app.store.pool()).await.expect("reads");
        rows.iter().map(|row| row.get(0)).collect()
    }

    async fn revisions(&self) -> Vec<String> {
        let rows = sqlx::query("SELECT changed FROM revisions ORDER BY seen_at, id");
        let rows = rows.fetch_all(self.app.store.pool()).await.expect("reads");
        rows.iter().map(|row| row.get(0)).collect()
    }
}

fn reviews() -> Vec<Review> {
    (0..6)
        .map(|n| {
            let at = clock::now() - TimeDelta::days(30) - TimeDelta::hours(n * 7);
            Review::new(&format!("r{n}"), &format!("Guest {n}"), 5, &format!("Lovely, the {n}th time."), at)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn troubles_are_told_once_on_sqlite() {
    troubles_are_told_once(Stage::new(None).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn troubles_are_told_once_on_postgresql() {
    let Some(postgres) = Postgres::start() else { return };
    troubles_are_told_once(Stage::new(Some(&postgres.url())).await).await;
}

async fn troubles_are_told_once(stage: Stage) {
    stage.place.show(&reviews());
    stage.run().await;
    let now = clock::now();
    stage.place.refuse(Some(403));
    stage.run().await;
    stage.look(now).await;
    stage.look(now + TimeDelta::minutes(1)).await;
    stage.run().await;
    stage.look(now + TimeDelta::minutes(2)).await;
    assert_eq!(stage.subjects().await, ["Our page cannot be read"], "once, however often it is looked at");
    stage.place.refuse(None);
    stage.place.show(&reviews()[..5]);
    assert_eq!(stage.run().await.problem, None);
    // What the page last showed is a month old; that is told only where we have listened and it is unlikely.
    stage.look(clock::now() + TimeDelta::minutes(3)).await;
    assert_eq!(stage.subjects().await, ["Our page cannot be read", "Our page can be read again"]);
    stage.look(clock::now() + TimeDelta::minutes(4)).await;
    assert_eq!(stage.subjects().await.len(), 2, "it comes and goes: not told again at once");
    let tomorrow = clock::now() + TimeDelta::hours(25);
    stage.look(tomorrow).await;
    assert_eq!(
        stage.subjects().await.len(),
        2,
        "we have not listened for a day, so its silence says nothing"
    );
    let mut writing = stage.app.store.write().await.expect("writes");
    sqlx::query("UPDATE sources SET last_success = $1")
        .bind(tomorrow.timestamp_millis())
        .execute(&mut *writing)
        .await
        .expect("written");
    writing.commit().await.expect("commits");
    stage.look(tomorrow).await;
    assert_eq!(stage.subjects().await.last().map(String::as_str), Some("Our page has fallen silent"));
    let text: String = sqlx::query("SELECT payload FROM outbox WHERE subject = 'Our page has fallen silent'")
        .fetch_one(stage.app.store.pool())
        .await
        .expect("there")
        .get(0);
    assert!(text.contains("so long a gap happens once in"), "{text}");
    let keys: i64 = sqlx::query("SELECT COUNT(DISTINCT idempotency_key) FROM outbox")
        .fetch_one(stage.app.store.pool())
        .await
        .expect("counts")
        .get(0);
    assert_eq!(keys, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_are_one_message() {
    let stage = Stage::new(None).await;
    for n in 0..9 {
        let new = NewSource {
            connector: "schema_org".into(),
            name: format!("Page {n}"),
            settings: Values::from([("url".into(), format!("{}?{n}", stage.place.url))]),
            ..NewSource::default()
        };
        engine::sources::add(&stage.app, &new).await.expect("answers").expect("added");
    }
    stage.place.refuse(Some(403));
    for source in stage.app.store.source_rows().await.expect("reads") {
        engine::run_source(&stage.app, source).await.expect("runs");
    }
    stage.look(clock::now()).await;
    assert_eq!(stage.subjects().await, ["10 sources need you"]);
    stage.place.refuse(None);
    stage.place.show(&reviews());
    for source in stage.app.store.source_rows().await.expect("reads") {
        engine::run_source(&stage.app, source).await.expect("runs");
    }
    stage.look(clock::now()).await;
    assert_eq!(stage.subjects().await, ["10 sources need you", "10 sources are well again"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_is_believed_the_second_time_on_sqlite() {
    what_is_gone_is_believed_the_second_time(Stage::new(None).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_is_believed_the_second_time_on_postgresql() {
    let Some(postgres) = Postgres::start() else { return };
    what_is_gone_is_believed_the_second_time(Stage::new(Some(&postgres.url())).await).await;
}

async fn what_is_gone_is_believed_the_second_time(stage: Stage) {
    let all = reviews();
    stage.place.show(&all);
    stage.run().await;
    // A change at the top makes each answer a new one.
    let without = |stars: u8| {
        let mut page = all.clone();
        page[0].stars = stars;
        page.remove(2);
        page
    };
    let deleted = async || {
        let row = sqlx::query("SELECT COUNT(*) FROM mentions WHERE deleted = 1");
        row.fetch_one(stage.app.store.pool()).await.expect("counts").get::<i64, _>(0)
    };
    stage.place.show(&all);
    stage.run().await;
    stage.place.show(&without(4));
    stage.run().await;
    assert_eq!(deleted().await, 0, "once is no proof");
    stage.place.show(&all);
    stage.run().await;
    stage.place.show(&without(3));
    stage.run().await;
    assert_eq!(deleted().await, 0, "it had been seen between");
    stage.place.show(&without(2));
    stage.run().await;
    assert_eq!(deleted().await, 1, "twice is");
    assert_eq!(stage.revisions().await.last().map(String::as_str), Some(r#"["gone"]"#));
    let text: String = sqlx::query("SELECT text FROM mentions WHERE deleted = 1")
        .fetch_one(stage.app.store.pool())
        .await
        .expect("there")
        .get(0);
    assert_eq!(text, "Lovely, the 2th time.", "what was said stays");
    let source = engine::sources::get(&stage.app, &stage.source).await.expect("reads").expect("there");
    assert_eq!((source.stored, source.gone), (5, 1));
    let runs = stage.app.store.runs(&stage.source, 0, 5).await.expect("reads");
    assert_eq!((runs.items[0].gone, runs.items[1].gone), (1, 0));
    assert_eq!(runs.items[0].answers, [(200, 1)].into());
    let mut back = all.clone();
    back[0].stars = 1;
    stage.place.show(&back);
    stage.run().await;
    assert_eq!((deleted().await, stage.revisions().await.contains(&r#"["returned"]"#.to_owned())), (0, true));
}
