//! `goodword replay`: what the command says a mended connector would change, before anything is changed, and that it then does
//! just that.

use std::{path::Path, process::Command};

use goodword::{
    app::App,
    clock,
    config::Config,
    connectors,
    engine::ingest::ingest,
    pipeline::Run,
    record::Origin,
    store::{StoredSource, pack},
    wire::{Request, Response},
};
use goodword_shared::id::SourceId;
use serde_json::json;
use sqlx::Row;

async fn app(folder: &Path) -> App {
    let config = Config::load(folder).expect("the shipped configuration");
    App::build(folder, config, false).await.expect("builds")
}

/// Runs the command: its exit code and its lines.
fn replay(folder: &Path, more: &[&str]) -> (Option<i32>, Vec<String>) {
    let out = Command::new(env!("CARGO_BIN_EXE_goodword"))
        .arg("replay")
        .args(more)
        .arg("--data")
        .arg(folder)
        .output()
        .expect("it runs");
    let said = String::from_utf8(out.stdout).expect("text");
    (out.status.code(), said.lines().map(str::to_owned).collect())
}

/// Key, text and whether it is gone, of everything stored.
async fn stored(app: &App) -> Vec<(String, String, bool)> {
    let sql = "SELECT mention_key, text, deleted FROM mentions ORDER BY mention_key";
    let rows = sqlx::query(sql).fetch_all(app.store.pool()).await.expect("reads");
    rows.iter().map(|row| (row.get(0), row.get(1), row.get::<i32, _>(2) == 1)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_what_would_change_and_the_replay_does_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = app(folder.path()).await;
    let now = clock::now();
    let source = StoredSource {
        id: SourceId::new("talk"),
        connector: "hacker_news".into(),
        name: "Talk".into(),
        first_run_done: true,
        ..StoredSource::new(now)
    };
    app.store.put_source(&source).await.expect("a source");
    let comment = |id: u32, text: &str| {
        json!({ "id": id, "type": "comment", "author": format!("guest{id}"), "text": text, "created_at_i": 1_770_000_000,
                "story_id": 10, "parent_id": 10, "children": [] })
    };
    let mut children: Vec<serde_json::Value> = [
        (11, "The bread is new to us."),
        (12, "The soup was cold."),
        (13, "Taken back later."),
        (14, "Lovely as ever."),
    ]
    .map(|(id, text)| comment(id, text))
    .into();
    children[2] = json!({ "id": 13, "type": "comment", "deleted": true, "created_at_i": 1_770_000_000, "children": [] });
    let tree = json!({ "id": 10, "type": "story", "title": "A bakery", "author": "owner", "created_at_i": 1_770_000_000,
                       "children": children });
    let request = Request::get("https://hn.algolia.com/api/v1/items/10");
    let response = Response { status: 200, body: tree.to_string().into_bytes(), ..Response::default() };

    // What an earlier connector made of that answer: it missed one, misread another, and saw one that is not there.
    let connector = connectors::by_slug("hacker_news").expect("a connector");
    let mut read = connector.read(&request, &response, Some(now)).expect("reads").mentions;
    read.retain(|mention| mention.external_id.as_deref() != Some("11"));
    for mention in &mut read {
        match mention.external_id.as_deref() {
            Some("12") => mention.text = "The soup was old.".into(),
            Some("13") => (mention.deleted, mention.text) = (false, "Taken back later.".into()),
            _ => {}
        }
    }
    let mut ghost = read.last().expect("some").clone();
    (ghost.external_id, ghost.text) = (Some("19".into()), "Never said\nthere.".into());
    read.push(ghost);
    let origin = Origin {
        source: source.id.clone(),
        connector: source.connector.clone(),
        name: source.name.clone(),
        follow_deletion: false,
    };
    ingest(&app, &origin, read, Run::Import, now).await.expect("stored");
    let packed = pack(&response.body).expect("packed");
    app.store.keep_capture(&source.id, &request, &response, packed, now).await.expect("kept");

    let before = stored(&app).await;
    let (code, said) = replay(folder.path(), &["--dry-run", "Talk"]);
    assert_eq!(code, Some(0), "{said:#?}");
    assert_eq!(
        said,
        [
            "Talk: 11: new: The bread is new to us.",
            "Talk: 12: text: The soup was cold.",
            "Talk: 13: gone: Taken back later.",
            "Talk: 19: no longer found, it stays: Never said there.",
            "Talk: 1 answers, 5 mentions: would be 1 new, 2 changed, 2 unchanged.",
            "Talk: 1 of the changed would be gone.",
            "Talk: 1 stored ones are in no kept answer any more; they stay.",
        ]
    );
    assert_eq!(stored(&app).await, before, "nothing is stored");

    let (code, said) = replay(folder.path(), &["Talk"]);
    assert_eq!(code, Some(0), "{said:#?}");
    assert_eq!(said, ["Talk: 1 answers, 5 mentions: 1 new, 2 changed, 2 unchanged."]);
    let after = stored(&app).await;
    let of =
        |key: &str| after.iter().find(|(own, ..)| own == key).map(|(_, text, gone)| (text.as_str(), *gone));
    assert_eq!(of("11"), Some(("The bread is new to us.", false)));
    assert_eq!(of("12"), Some(("The soup was cold.", false)));
    assert_eq!(of("13").map(|(_, gone)| gone), Some(true));
    assert_eq!(of("19"), Some(("Never said\nthere.", false)));
    let (_, said) = replay(folder.path(), &["--dry-run"]);
    assert!(said.iter().any(|line| line.contains("would be 0 new")), "nothing is left to change: {said:#?}");
    let alerts = sqlx::query("SELECT COUNT(*) FROM alerts").fetch_one(app.store.pool()).await.expect("reads");
    assert_eq!(alerts.get::<i64, _>(0), 0, "and nobody is alarmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_cannot_be_read_is_told_and_fails_the_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = app(folder.path()).await;
    let now = clock::now();
    for name in ["Broken", "Empty"] {
        let source = StoredSource {
            id: SourceId::new(name),
            connector: "hacker_news".into(),
            name: name.into(),
            ..StoredSource::new(now)
        };
        app.store.put_source(&source).await.expect("a source");
    }
    let request = Request::get("https://hn.algolia.com/api/v1/items/10");
    let response = Response { status: 200, body: b"{\"hits\":[".to_vec(), ..Response::default() };
    let packed = pack(&response.body).expect("packed");
    app.store.keep_capture(&SourceId::new("Broken"), &request, &response, packed, now).await.expect("kept");
    let (code, said) = replay(folder.path(), &["--dry-run"]);
    assert_eq!(code, Some(1), "{said:#?}");
    assert!(said.iter().any(|line| line.starts_with("Broken: ") && line.contains("cut off")), "{said:#?}");
    assert!(said.contains(&"Empty: no kept answers.".to_owned()), "{said:#?}");
}
