//! Killing the service: 25 times, at moments spread over its start, its reading, its sending and its answering. Afterwards
//! nothing that was acknowledged is missing, nothing is there twice, and nothing was told under a second key.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use goodword::{actions::admin, app::App, config::Config, store::Store};
use goodword_shared::alert::{DeliveryState, RuleSettings};
use mailparse::MailHeaderMap;
use sqlx::Row;

use crate::{
    desk::{MailHost, Receiver, channel_settings},
    service,
};

const KILLS: u64 = 25;
/// What happens in a life of the service: new items in the feed at each reading.
const NEWS: usize = 3;

/// A feed in which every reading finds a few more unhappy people.
async fn feed() -> (String, Arc<AtomicUsize>) {
    let told = Arc::<AtomicUsize>::default();
    let count = told.clone();
    let route = axum::routing::get(move || {
        let n = count.fetch_add(NEWS, Ordering::SeqCst) + NEWS;
        let items: String = (1..=n).map(item).collect();
        async move {
            let text = format!(
                "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>\
                 <title>Town talk</title>{items}</channel></rss>"
            );
            ([("content-type", "application/rss+xml")], text)
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().route("/feed", route)).await });
    (address, told)
}

fn item(n: usize) -> String {
    let at = (goodword::clock::now() - chrono::Duration::hours(1)).format("%a, %d %b %Y %H:00:00 GMT");
    format!(
        "<item><guid isPermaLink=\"false\">g{n}</guid><dc:creator>Guest {n}</dc:creator><pubDate>{at}</pubDate>\
         <title>Terrible evening number {n}</title><description>The soup was cold and disgusting, the waiter was rude, I am \
         furious and I want my money back. Awful place, never again. That was table {n}.</description></item>"
    )
}

/// The service as its own process.
fn start(data: &Path) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_goodword"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .env("GOODWORD_LOG__LEVEL", "error")
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let out = BufReader::new(child.stdout.take().expect("piped"));
    (child, out)
}

/// Its address, once it says that it is ready.
async fn ready(
    mut out: BufReader<std::process::ChildStdout>,
) -> (String, BufReader<std::process::ChildStdout>) {
    tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        let url = line.split_whitespace().last().expect("an address").trim_end_matches('/').to_owned();
        assert!(url.starts_with("http://"), "{line}");
        (url, out)
    })
    .await
    .expect("reads")
}

/// A rule that never fires, as something the service acknowledges.
fn rule(name: &str) -> RuleSettings {
    RuleSettings { enabled: false, ..RuleSettings::unhappy(name, Vec::new()) }
}

/// Adds rules until the service is gone; answers the names that were acknowledged.
async fn keep_asking(url: String, cookie: String, life: u64) -> Vec<String> {
    let client = service::client();
    let mut acknowledged = Vec::new();
    for n in 0.. {
        let name = format!("Rule {life}.{n}");
        let request = client
            .post(format!("{url}/api/v1/rules"))
            .header("cookie", &cookie)
            .header("content-type", "application/json")
            .body(serde_json::to_string(&rule(&name)).expect("JSON"));
        match request.send().await {
            Ok(answer) if answer.status().is_success() => acknowledged.push(name),
            Ok(answer) => panic!("{}: {:?}", answer.status(), answer.text().await),
            Err(_) => break,
        }
    }
    acknowledged
}

async fn sign_in(url: &str) -> String {
    let body =
        serde_json::json!({ "business": "The Shop", "email": service::EMAIL, "password": service::PASSWORD });
    let answer = service::client()
        .post(format!("{url}/api/v1/setup"))
        .header("content-type", "application/json")
        .body(body.to_string())
        .send()
        .await
        .expect("an answer");
    let cookie = answer.headers()["set-cookie"].to_str().expect("text");
    cookie.split(';').next().expect("a pair").to_owned()
}

/// Makes the source due, as its hour would.
async fn make_due(data: &Path) {
    let store = Store::open_folder(data).await.expect("opens");
    let mut writing = store.write().await.expect("writes");
    sqlx::query("UPDATE sources SET next_run = 0").execute(&mut *writing).await.expect("updates");
    writing.commit().await.expect("commits");
    store.pool().close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_25_times_it_loses_nothing_acknowledged_and_uses_no_second_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    let (feed, served) = feed().await;
    let (hook, post) = (Receiver::start().await, MailHost::start());
    std::fs::write(data.join("goodword.toml"), format!("[fetch]\nallow_private = [\"{feed}\"]\n"))
        .expect("written");
    {
        let app = App::build(data, Config::load(data).expect("reads"), false).await.expect("builds");
        admin::set_up(&app).await.expect("sets up");
        let port = post.address.port().to_string();
        let mail = [
            ("host", "127.0.0.1"),
            ("port", port.as_str()),
            ("security", "none"),
            ("from", "goodword@shop.example"),
            ("to", "owner@shop.example"),
        ];
        let hooked = [("url", hook.url.as_str()), ("allow_private", "true")];
        for settings in [channel_settings("email", &mail), channel_settings("webhook", &hooked)] {
            admin::add_channel(&app, &settings, "owner").await.expect("added");
        }
        let mut writing = app.store.write().await.expect("writes");
        sqlx::query(
            "INSERT INTO sources (id, connector, name, settings, every_minutes, created_at, first_run_done, next_run) \
             VALUES ('talk', 'feed', 'Town talk', $1, 60, 0, 1, 0)",
        )
        .bind(format!("{{\"url\":\"http://{feed}/feed\"}}"))
        .execute(&mut *writing)
        .await
        .expect("a source");
        writing.commit().await.expect("commits");
        app.store.pool().close().await;
    }

    let mut cookie = None;
    let mut acknowledged = Vec::new();
    for life in 0..KILLS {
        make_due(data).await;
        let (mut child, out) = start(data);
        if life % 6 == 5 {
            // In the middle of its start.
            tokio::time::sleep(Duration::from_millis(life * 7)).await;
            child.kill().expect("killed");
        } else {
            let (url, _out) = ready(out).await;
            let signed_in = match &cookie {
                Some(cookie) => String::clone(cookie),
                None => cookie.insert(sign_in(&url).await).clone(),
            };
            let asking = tokio::spawn(keep_asking(url, signed_in, life));
            tokio::time::sleep(Duration::from_millis(life * 53 % 400)).await;
            child.kill().expect("killed");
            acknowledged.extend(asking.await.expect("asks"));
        }
        child.wait().expect("ends");
    }

    // The last life may do its work in peace.
    make_due(data).await;
    let (mut child, out) = start(data);
    let (_url, _out) = ready(out).await;
    let store = Store::open_folder(data).await.expect("opens");
    let mentions = async || {
        let row =
            sqlx::query("SELECT COUNT(*) AS n FROM mentions").fetch_one(store.pool()).await.expect("counts");
        usize::try_from(row.get::<i64, _>("n")).expect("not below nought")
    };
    for _ in 0..1200 {
        let waiting = store.next_effect_at().await.expect("reads").is_some();
        if !waiting && mentions().await == served.load(Ordering::SeqCst) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    child.kill().expect("killed");
    child.wait().expect("ends");

    let served = served.load(Ordering::SeqCst);
    assert!(served >= NEWS * 15, "the service read in most of its lives: {served}");
    assert_eq!(mentions().await, served, "every item is there, once");
    for (sql, what) in [
        ("SELECT COUNT(DISTINCT mention_key) AS n FROM mentions WHERE unhappy = 1", "mentions"),
        ("SELECT COUNT(DISTINCT mention_id) AS n FROM cases", "cases"),
        ("SELECT COUNT(*) AS n FROM cases", "cases"),
        ("SELECT COUNT(*) AS n FROM alerts", "alerts"),
    ] {
        let row = sqlx::query(sql).fetch_one(store.pool()).await.expect("counts");
        assert_eq!(row.get::<i64, _>("n"), served as i64, "{what}: one for each item");
    }
    let (integrity,): (String,) =
        sqlx::query_as("PRAGMA integrity_check").fetch_one(store.pool()).await.expect("checks");
    assert_eq!(integrity, "ok");

    // Two channels: two deliveries for each mention, all carried out.
    let deliveries = store.deliveries(0, 10_000).await.expect("lists");
    assert_eq!(deliveries.total, 2 * served as u64);
    let undone: Vec<_> = deliveries.items.iter().filter(|d| d.state != DeliveryState::Done).collect();
    assert!(undone.is_empty(), "{undone:?}");

    // What the other ends saw: every mention, each under one key however often it was told.
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for call in hook.calls() {
        let body: serde_json::Value = serde_json::from_str(&call.body).expect("JSON");
        let mention = body["data"]["mention_id"].as_str().expect("an id").to_owned();
        keys.entry(mention).or_default().insert(call.headers["webhook-id"].clone());
    }
    assert_eq!(keys.len(), served);
    assert!(keys.values().all(|ids| ids.len() == 1), "{keys:?}");
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for letter in post.letters() {
        let (headers, _) = mailparse::parse_headers(&letter.raw).expect("headers");
        let subject = headers.get_first_value("Subject").expect("has one");
        ids.entry(subject).or_default().insert(headers.get_first_value("Message-ID").expect("has one"));
    }
    assert_eq!(ids.len(), served);
    assert!(ids.values().all(|ids| ids.len() == 1), "{ids:?}");

    // What was acknowledged is there.
    let rules: BTreeSet<String> =
        store.rules().await.expect("lists").into_iter().map(|r| r.settings.name).collect();
    let lost: Vec<_> = acknowledged.iter().filter(|name| !rules.contains(*name)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert!(acknowledged.len() >= 25, "the service answered in most of its lives: {}", acknowledged.len());
    println!(
        "{served} mentions, {} calls, {} mails, {} acknowledged rules",
        hook.calls().len(),
        post.letters().len(),
        acknowledged.len()
    );
}
