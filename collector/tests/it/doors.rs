//! What is behind the ways in (streams, connected accounts, pushed events, kept answers) does the same on both databases.

use chrono::TimeDelta;
use goodword::{
    clock,
    store::{Consent, Heard, Store, StoredAccount, StoredSource, TakenEvent, pack},
    wire::{Request, Response},
};
use goodword_shared::{ProblemKind, id::SourceId, problem::SourceProblem};

use crate::postgres::Postgres;

#[tokio::test(flavor = "multi_thread")]
async fn ways_in_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    all(&Store::open_folder(folder.path()).await.expect("opens")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ways_in_on_postgresql() {
    let Some(postgres) = Postgres::start() else { return };
    all(&Store::open(&postgres.url()).await.expect("opens")).await;
}

async fn all(store: &Store) {
    let source = StoredSource {
        id: SourceId::new("s"),
        connector: "mastodon".into(),
        name: "Loaf".into(),
        ..StoredSource::new(clock::now())
    };
    store.put_source(&source).await.expect("a source");
    listened_to_by_one(store, &source.id).await;
    let_in_by_an_account(store, &source.id).await;
    pushed_once(store, &source.id).await;
    kept_together(store, &source.id).await;
}

async fn listened_to_by_one(store: &Store, source: &SourceId) {
    let now = clock::now();
    let soon = now + TimeDelta::seconds(90);
    assert!(store.take_listener(source, "a", now, soon).await.expect("writes"));
    assert!(!store.take_listener(source, "b", now, soon).await.expect("writes"), "a holds it");
    assert!(
        store.take_listener(source, "b", soon, soon + TimeDelta::seconds(90)).await.expect("writes"),
        "a let it lapse"
    );
    store.listener_connected(source, now).await.expect("writes");
    store.listener_at(source, Some("7"), Some(now)).await.expect("writes");
    store.listener_at(source, None, None).await.expect("writes");
    let listening = store.listening(source).await.expect("reads").expect("there");
    assert_eq!((listening.cursor.as_deref(), listening.failures), (Some("7"), 0));
    let problem = SourceProblem { problem: ProblemKind::Unreachable, detail: "It broke off.".into() };
    store.listener_failed(source, &problem).await.expect("writes");
    let listening = store.listening(source).await.expect("reads").expect("there");
    assert_eq!(
        (listening.problem, listening.failures, listening.connected_at),
        (Some(problem.clone()), 1, None)
    );
    store.free_listener(source, "b").await.expect("writes");
    assert!(store.take_listener(source, "a", now, soon).await.expect("writes"), "b gave it back");
    store
        .source_heard(source, &Heard { problem: Some(problem), ..Heard::default() }, now)
        .await
        .expect("writes");
    store.source_heard(source, &Heard { found: 2, new: 1, ..Heard::default() }, now).await.expect("writes");
    let row = store.source_row(source.as_str()).await.expect("reads").expect("there");
    assert!(row.problem.is_none() && row.first_run_done);
}

async fn let_in_by_an_account(store: &Store, source: &SourceId) {
    let now = clock::now();
    let account = StoredAccount {
        id: "account".into(),
        provider: "https://social.example".into(),
        client_id: "app".into(),
        sealed: "sealed".into(),
        renew_at: Some(now),
        ends_at: None,
        generation: 0,
        problem: None,
        connected_at: now,
        renewed_at: now,
    };
    store.put_account(&account).await.expect("writes");
    store.set_source_account(source, Some(&account.id), now).await.expect("writes");
    assert_eq!(store.account_users(&account.id).await.expect("reads"), ["Loaf"]);
    assert_eq!(store.app_accounts(&account.provider, "app").await.expect("reads").len(), 1);
    let until = now + TimeDelta::seconds(60);
    assert!(store.claim_account(&account.id, 0, now, until).await.expect("writes"));
    assert!(!store.claim_account(&account.id, 0, now, until).await.expect("writes"), "it is claimed");
    assert!(store.renew_account(&account).await.expect("writes"));
    assert!(!store.renew_account(&account).await.expect("writes"), "that generation is over");
    store.release_account(&account.id, 1, Some("Connect again.")).await.expect("writes");
    let held = store.account(&account.id).await.expect("reads").expect("there");
    assert_eq!((held.generation, held.problem.as_deref()), (1, Some("Connect again.")));
    store.put_attempt("hash", source, "sealed", until).await.expect("writes");
    assert!(store.take_attempt("hash", now).await.expect("writes").is_some());
    assert!(store.take_attempt("hash", now).await.expect("writes").is_none(), "good once");
    store.set_source_account(source, None, now).await.expect("writes");
    assert_eq!(store.forget_accounts(now).await.expect("writes"), 1);
}

async fn pushed_once(store: &Store, source: &SourceId) {
    let now = clock::now();
    let taken = TakenEvent { body_hash: "hash".into(), answer: "{}".into() };
    store.keep_event(source, "event", &taken, now).await.expect("writes");
    assert_eq!(store.taken_event(source, "event").await.expect("reads"), Some(taken));
    assert_eq!(store.forget_events(now + TimeDelta::seconds(1)).await.expect("writes"), 1);
    store
        .add_signing_secret(source, "one", "sealed", now, now - TimeDelta::seconds(9))
        .await
        .expect("writes");
    store
        .add_signing_secret(source, "two", "sealed", now + TimeDelta::seconds(60), now)
        .await
        .expect("writes");
    let secrets = store.signing_secrets(source, now).await.expect("reads");
    assert_eq!(
        secrets.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(),
        ["two", "one"],
        "the old one counts for a while"
    );
    let mut consent = Consent {
        external_id: "answer".into(),
        email: Some("ada@example.org".into()),
        agreed: true,
        wording: "You may write to me.".into(),
    };
    store.put_consent(source, &consent, now).await.expect("writes");
    consent.agreed = false;
    store.put_consent(source, &consent, now).await.expect("writes");
    assert_eq!(store.consent(source, "answer").await.expect("reads"), Some(consent));
    assert!(!store.refused_contact("nobody").await.expect("reads"));
}

/// Many answers at once, some the same, each kept and each body once.
async fn kept_together(store: &Store, source: &SourceId) {
    let mut keeping = tokio::task::JoinSet::new();
    for n in 0..150 {
        let (store, source) = (store.clone(), source.clone());
        keeping.spawn(async move {
            let body = format!("<p>Page {}</p>", n % 100).into_bytes();
            let packed = pack(&body).expect("packed");
            let request = Request::get(format!("https://loaf.example/{n}"));
            let response = Response { status: 200, body, ..Response::default() };
            store.keep_capture(&source, &request, &response, packed, clock::now()).await.expect("kept");
        });
    }
    while let Some(kept) = keeping.join_next().await {
        kept.expect("no panic");
    }
    let kept = store.captures(source, "", 1_000).await.expect("reads");
    assert_eq!(kept.len(), 150);
    for capture in kept {
        let n: u32 = capture.request.url.rsplit('/').next().and_then(|n| n.parse().ok()).expect("a number");
        assert_eq!(capture.response.body, format!("<p>Page {}</p>", n % 100).into_bytes());
    }
    assert_eq!(store.forget_captures(None, clock::now() + TimeDelta::days(1)).await.expect("writes"), 150);
}
