//! The second tier for what could wait: what an import leaves unheard is heard later, also after a restart, and then reads as if both
//! tiers had judged it at once; what the owner corrected or what changed meanwhile is not written over. On both databases.

use std::sync::LazyLock;

use chrono::TimeDelta;
use goodword::{
    analysis::{Analyser, Input},
    app::App,
    clock,
    config::{Config, Tier},
    engine::{hear_all, ingest::ingest, learn::choose},
    pipeline::Run,
    record::Origin,
    store::{Reread, Spoken, Store, StoredSource},
};
use goodword_shared::{
    Author, Label, Mention,
    id::SourceId,
    settings::{OwnTheme, Settings},
};
use sqlx::{AssertSqlSafe, Row};

use crate::postgres::Postgres;

static WHOLE: LazyLock<Analyser> = LazyLock::new(Analyser::new);

/// Sentences that the first tier alone is not sure of, as a review of a year ago.
fn history() -> Vec<Mention> {
    let said = [
        "It was not what I had hoped for, though I have seen worse.",
        "The soup could have been warmer and the waiter a little less busy with his phone.",
        "I would not say that it was bad, and I would not say that it was good.",
        "They never did call back, and I stopped waiting.",
    ];
    (0..300)
        .map(|n| Mention {
            external_id: Some(format!("m{n}")),
            author: Author { name: Some(format!("Guest {}", n % 7)), ..Author::default() },
            text: format!("{} Table {n}.", said[n % said.len()]),
            published_at: Some(clock::now() - TimeDelta::days(365)),
            ..Mention::default()
        })
        .collect()
}

async fn count(app: &App, condition: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM mentions WHERE {condition}");
    let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(app.store.pool()).await.expect("counts");
    row.try_get(0).expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_heard_later_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("goodword.db").display());
    hear_later(&url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_heard_later_on_postgresql() {
    let Some(postgres) = Postgres::start() else { return };
    hear_later(&postgres.url()).await;
}

async fn app(url: &str, tier: Tier) -> App {
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = Config::load(folder.path()).expect("the shipped configuration");
    config.analysis.tier = tier;
    let store = Store::open(url).await.expect("opens");
    App::with_store(folder.path(), config, false, store).expect("an app")
}

async fn hear_later(url: &str) {
    let first = app(url, Tier::Full).await;
    let source = StoredSource { id: SourceId::new("s"), ..StoredSource::new(clock::now()) };
    first.store.put_source(&source).await.expect("a source");
    let origin =
        Origin { source: source.id, connector: "feed".into(), name: "News".into(), follow_deletion: false };
    let all = history();
    let asked = all.iter().filter(|mention| WHOLE.first(&Input::of(mention)).1).count();
    assert!(asked > 100, "only {asked} texts are unsure");
    let done = ingest(&first, &origin, all.clone(), Run::Import, clock::now()).await.expect("stored");
    assert_eq!((done.new, done.alerts, done.cases), (300, 0, 0));
    assert_eq!(count(&first, "unheard = 1").await, asked as i64);
    let waiting = first.store.unheard(500).await.expect("reads");
    // One is corrected by the owner, one is changed by its author, one taken back, before the second tier comes to them.
    let (mine, edited, gone) = (&waiting[0], &waiting[1], &waiting[2]);
    let mut analysis = mine.analysis.clone();
    analysis.sentiment.label = Label::Positive;
    first
        .store
        .correct_mention(mine.id.as_str(), &analysis, &Spoken::default(), false, clock::now())
        .await
        .expect("corrected");
    let taken_back = Mention { deleted: true, ..gone.mention.clone() };
    let changed = Mention { text: format!("{} More soon.", edited.mention.text), ..edited.mention.clone() };
    ingest(&first, &origin, vec![changed.clone(), taken_back], Run::Regular, clock::now())
        .await
        .expect("stored");
    let late: Vec<Reread> = waiting[..3]
        .iter()
        .map(|of| Reread { of: of.clone(), analysis: of.analysis.clone(), unhappy: true })
        .collect();
    let terms = first.store.terms().await.expect("reads");
    let written = first.store.write_heard(&late, &terms).await.expect("writes");
    assert_eq!(written, Some(0), "all three have changed meanwhile");

    // Others are heard while the owner chooses by what they are read: they go on waiting, as they were.
    let late: Vec<Reread> = waiting[3..9]
        .iter()
        .map(|of| {
            let mut analysis = of.analysis.clone();
            analysis.severity += 0.5;
            Reread { of: of.clone(), analysis, unhappy: true }
        })
        .collect();
    assert!(choose(&first, false, None).await.expect("chosen"));
    assert_eq!(
        first.store.write_heard(&late, &terms).await.expect("writes"),
        None,
        "read as it was chosen before"
    );
    let still = first.store.unheard(500).await.expect("reads");
    assert!(late.iter().all(|heard| still.contains(&heard.of)), "they go on waiting");
    let settings = first.store.settings().await.expect("reads");
    let terms = first.store.terms().await.expect("reads");
    let themes = vec![OwnTheme { name: "lamps".into(), words: vec!["lamp".into()], examples: Vec::new() }];
    first.store.put_settings(&Settings { themes, ..settings.clone() }).await.expect("stored");
    assert_eq!(
        first.store.write_heard(&late, &terms).await.expect("writes"),
        None,
        "own themes count as well"
    );
    first.store.put_settings(&settings).await.expect("stored");
    drop(first);

    // The first tier alone leaves it to whoever has both.
    let fast = app(url, Tier::Fast).await;
    assert_eq!(hear_all(&fast, &fast.closing).await.expect("hears"), 0);
    let second = app(url, Tier::Full).await;
    let heard = hear_all(&second, &second.closing).await.expect("hears");
    // The new words may leave no doubt.
    let edited_asks = u64::from(WHOLE.first(&Input::of(&changed)).1);
    assert_eq!(heard, asked as u64 - 3 + edited_asks, "all but the corrected one and the one taken back");
    assert_eq!(count(&second, "unheard = 1 AND deleted = 0").await, 0);
    assert_eq!(hear_all(&second, &second.closing).await.expect("hears"), 0, "each once");

    let keys: Vec<String> = all.iter().filter_map(|mention| mention.external_id.clone()).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let known = second.store.known(&origin, &keys, &[]).await.expect("reads");
    for (key, stored) in &known.mentions {
        if stored.id == mine.id {
            assert_eq!(stored.analysis.sentiment.label, Label::Positive);
        } else if stored.id != gone.id {
            assert_eq!(stored.analysis, WHOLE.analyse(&Input::of(&stored.mention)), "{key}");
        }
    }
    let stored = &known.mentions[edited.mention.external_id.as_deref().expect("a key")];
    assert_eq!(stored.mention.text, changed.text);
    let tags = "SELECT COUNT(*) FROM mention_intents i JOIN mentions m ON m.id = i.mention_id";
    let tagged: i64 =
        sqlx::query(tags).fetch_one(second.store.pool()).await.expect("counts").try_get(0).expect("a number");
    let listed: usize = known.mentions.values().map(|m| m.analysis.intents.len()).sum();
    assert_eq!(tagged, listed as i64, "the tags are those of the analyses");
    let sql = "SELECT (SELECT COUNT(*) FROM alerts) + (SELECT COUNT(*) FROM cases)";
    let told: i64 =
        sqlx::query(sql).fetch_one(second.store.pool()).await.expect("counts").try_get(0).expect("a number");
    assert_eq!(told, 0, "history alarms nobody");
}
