//! The plans of the hot queries: whatever the Today, Recovery, Promoters and Mentions pages, a case and a batch ask is explained
//! on a filled store, and no large table may be read from end to end. A planner that errs costs a thousandfold here, and no
//! other test would notice.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use chrono::TimeDelta;
use goodword::{
    clock,
    record::Origin,
    store::{Concerned, Store},
};
use goodword_shared::{
    Time,
    api::{cases::CaseQuery, customers::MatchQuery, promoters::PromoterQuery},
};
use sqlx::{AssertSqlSafe, Row};
use tracing::field::{Field, Visit};
use tracing_subscriber::{Layer, layer::SubscriberExt, util::SubscriberInitExt};

use crate::filled;

/// Enough that the planner has something to choose by.
const MENTIONS: i64 = 30_000;
/// Tables that grow with every mention.
const LARGE: [&str; 8] = [
    "mentions",
    "mention_themes",
    "mention_intents",
    "authors",
    "matches",
    "case_events",
    "cases",
    "promoters",
];

/// Keeps the text of every statement that the database carries out.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<BTreeSet<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Heard {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut statement = Statement::default();
            event.record(&mut statement);
            let text = if statement.whole.trim().is_empty() { statement.summary } else { statement.whole };
            self.0.lock().expect("unbroken").insert(text.trim().to_owned());
        }
    }
}

#[derive(Default)]
struct Statement {
    summary: String,
    whole: String,
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "db.statement" => self.whole = value.to_owned(),
            "summary" => self.summary = value.to_owned(),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

#[tokio::test]
async fn no_hot_query_reads_a_large_table_from_end_to_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open_folder(folder.path()).await.expect("opens");
    let now = clock::now();
    filled::fill(&store, MENTIONS, now).await.expect("filled");
    let heard = Heard::default();
    // The database works on a thread of its own, so the listener has to be everybody's; other tests are heard as well, and
    // what they ask has to hold just the same.
    tracing_subscriber::registry()
        .with(heard.clone().with_filter(tracing_subscriber::EnvFilter::new("sqlx::query=debug")))
        .try_init()
        .expect("nobody else listens");
    ask_everything(&store, now).await;
    let statements: Vec<String> = heard.0.lock().expect("unbroken").iter().cloned().collect();
    assert!(statements.len() > 20, "only {} statements were heard", statements.len());

    let mut findings = Vec::new();
    for sql in statements.iter().filter(|sql| sql.starts_with("SELECT")) {
        // Statements of other tests may be about tables that only they have.
        let Ok(plan) =
            sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(store.pool()).await
        else {
            continue;
        };
        for row in plan {
            let step: String = row.try_get("detail").expect("a step");
            if reads_all(&step, sql) {
                findings.push(format!("{step}\n    in {sql}"));
            }
        }
    }
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// Whether a step reads a large table without an index. Going along an index that holds all that is asked for, or in the
/// order that is asked for, is fine: that ends with the page.
fn reads_all(step: &str, sql: &str) -> bool {
    let Some(scanned) = step.strip_prefix("SCAN ") else { return false };
    let name = scanned.split_whitespace().next().unwrap_or_default();
    // How many promoters there are in all is known by counting them.
    let counts = sql.starts_with("SELECT COUNT(*) AS n FROM promoters");
    let table =
        !counts && LARGE.iter().any(|table| name == *table || sql.contains(&format!("{table} {name} ")));
    table && !scanned.contains("USING")
}

async fn ask_everything(store: &Store, now: Time) {
    let ok = "the store answers";
    store.new_mentions(now - TimeDelta::days(1)).await.expect(ok);
    store.waiting_cases().await.expect(ok);
    store.figures(now).await.expect(ok);
    store.theme_balances(now).await.expect(ok);
    store.doubtful_matches().await.expect(ok);
    store.alerts_since(now - TimeDelta::days(2)).await.expect(ok);
    let cases = store.case_cards(&CaseQuery::default(), now).await.expect(ok);
    assert!(cases.total > 10, "there are cases to show");
    store.case_view(cases.items[0].id.as_str()).await.expect(ok);
    let closed = CaseQuery { state: Some("closed".into()), ..CaseQuery::default() };
    store.case_cards(&closed, now).await.expect(ok);
    let promoters = store.promoter_cards(&PromoterQuery::default(), 180, now).await.expect(ok);
    assert!(promoters.total > 10, "there are promoters to show");
    store.match_views(&MatchQuery::default()).await.expect(ok);
    store.customer_view("c7").await.expect(ok);
    store.mention_view("m7").await.expect(ok);
    // A batch.
    let origin = Origin {
        source: "s1".to_owned().into(),
        connector: "feed".into(),
        name: "News".into(),
        follow_deletion: false,
    };
    store.known(&origin, &["k1", "k2"], &["guest 1", "guest 2"]).await.expect(ok);
    let about = Concerned {
        authors: vec!["a1", "a2"],
        customers: vec!["c1"],
        texts: vec!["h1", "h2"],
        mentions: vec!["m1", "m2"],
    };
    store.circumstances(&about).await.expect(ok);
    store.unheard(100).await.expect(ok);
    store.people(&["a1", "a2"], now - TimeDelta::days(365)).await.expect(ok);
    store.unmatched_authors("a5", 100).await.expect(ok);
    store.latest_times(&"s1".to_owned().into(), 80).await.expect(ok);
    store.due_sources(goodword::store::Lane::Proven, &[], now, 4).await.expect(ok);
}
