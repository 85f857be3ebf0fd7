//! Access to platforms: consent with PKCE, renewal, device codes, keys and signed statements, against a platform on loopback; and
//! that nothing secret lies in the database, the captures or the log.

use std::{
    io::Write,
    path::Path,
    sync::{Arc, Mutex},
};

use chrono::TimeDelta;
use goodword::{
    access::{
        consent::Attempt,
        device::{Next, read_code},
        read_token,
    },
    app::App,
    config::Config,
    engine::{self, access, run_source},
    serve::{self, Door},
    store::StoredSource,
    wire::Response,
};
use goodword_shared::{
    ProblemKind,
    access::AccessState,
    api::{
        ById,
        access::{Connect, ConnectSource, FinishConnecting, GetAccess, RemoveAccess, Returned},
        sources::NewSource,
    },
};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RsaKeyPair};
use serde_json::json;

use crate::{
    platform::{CLIENT, CLIENT_SECRET, Platform},
    service::Service,
};

struct Stage {
    app: App,
    platform: Platform,
    folder: tempfile::TempDir,
}

async fn stage() -> Stage {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = Config::load(folder.path()).expect("defaults");
    config.fetch.allow_private = vec![platform.address.clone()];
    let app = App::build(folder.path(), config, false).await.expect("an app");
    Stage { app, platform, folder }
}

impl Stage {
    async fn add(&self, connector: &str, settings: &[(&str, &str)]) -> String {
        let mut settings: goodword_shared::source::Values =
            settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        settings.insert("base".into(), self.platform.url.clone());
        let name = format!("{connector} {}", settings.len());
        let new = NewSource { connector: connector.into(), name, settings, every_minutes: None };
        let added = engine::sources::add(&self.app, &new).await.expect("stored").expect("valid settings");
        added.id.to_string()
    }

    /// A Google place of the owner's; the accounts' place 2 or 3.
    async fn place(&self, location: &str) -> String {
        let settings = [
            ("account", "1"),
            ("location", location),
            ("client_id", CLIENT),
            ("client_secret", CLIENT_SECRET),
        ];
        self.add("google_business", &settings).await
    }

    async fn row(&self, id: &str) -> StoredSource {
        self.app.store.source_row(id).await.expect("read").expect("there")
    }

    async fn connect(&self, id: &str) {
        let page = access::begin(&self.app, &self.row(id).await).await.expect("kept").expect("a page");
        let (state, code) = self.platform.consent(&page);
        let returned = Returned { state, code, error: String::new() };
        access::finish(&self.app, &returned).await.expect("kept").expect("connected");
    }

    async fn run(&self, id: &str) -> engine::Outcome {
        run_source(&self.app, self.row(id).await).await.expect("no fault of ours")
    }

    async fn state(&self, id: &str) -> (AccessState, String) {
        let view = access::view(&self.app, &self.row(id).await).await.expect("read").expect("wants access");
        (view.state, view.text)
    }

    /// The tokens are better renewed now.
    async fn due(&self) {
        sqlx::query("UPDATE accounts SET renew_at = 0").execute(self.app.store.pool()).await.expect("set");
    }

    /// Everything in the data folder but the key.
    fn on_disk(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for entry in std::fs::read_dir(self.folder.path()).expect("lists") {
            let path = entry.expect("an entry").path();
            if path.is_file() && !path.ends_with("secret.key") {
                bytes.extend(std::fs::read(path).expect("reads"));
            }
        }
        bytes
    }

    fn nothing_secret_in(&self, bytes: &[u8], place: &str) {
        let mut secrets = self.platform.desk().secrets.clone();
        secrets.push(CLIENT_SECRET.to_owned());
        assert!(secrets.len() > 2, "the platform handed something out");
        for secret in secrets {
            let found = memchr::memmem::find(bytes, secret.as_bytes()).is_some();
            assert!(!found, "{place} holds {secret}");
        }
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("unbroken").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_consent_connects_once_and_leaves_no_secret_behind() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let stage = stage().await;
    let id = stage.place("2").await;
    assert_eq!(stage.state(&id).await.0, AccessState::Missing);
    let outcome = stage.run(&id).await;
    let problem = outcome.problem.expect("not connected yet");
    assert_eq!(problem.problem, ProblemKind::Auth);
    assert!(problem.detail.contains("Connect an account"), "{}", problem.detail);
    assert_eq!(stage.platform.asked("read"), 0);

    let page = access::begin(&stage.app, &stage.row(&id).await).await.expect("kept").expect("a page");
    assert!(page.starts_with(&format!("{}/o/oauth2/v2/auth?", stage.platform.url)), "{page}");
    assert!(page.contains("scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fbusiness.manage"), "{page}");
    assert!(page.contains("access_type=offline") && !page.contains(CLIENT_SECRET));
    let (state, code) = stage.platform.consent(&page);
    let forged = Returned { state: format!("{state}x"), code: code.clone(), error: String::new() };
    assert!(access::finish(&stage.app, &forged).await.expect("looked").is_err(), "a wrong state");
    assert_eq!(stage.platform.asked("authorization_code"), 0, "nothing was asked for a wrong state");
    let returned = Returned { state, code, error: String::new() };
    access::finish(&stage.app, &returned).await.expect("kept").expect("connected");
    assert!(access::finish(&stage.app, &returned).await.expect("looked").is_err(), "a second time");
    let (state, text) = stage.state(&id).await;
    assert_eq!(state, AccessState::Connected);
    assert!(text.contains("renewed by itself"), "{text}");

    let outcome = stage.run(&id).await;
    assert_eq!((outcome.problem, outcome.ingested.new), (None, 2));
    stage.platform.expire();
    assert_eq!(stage.run(&id).await.problem, None);
    tracing::debug!("the log is heard");
    stage.nothing_secret_in(&stage.on_disk(), "the data folder");
    let heard = log.0.lock().expect("unbroken").clone();
    assert!(memchr::memmem::find(&heard, b"the log is heard").is_some());
    stage.nothing_secret_in(&heard, "the log");
}

#[tokio::test]
async fn a_code_with_another_verifier_is_refused_and_a_refusal_connects_nothing() {
    let stage = stage().await;
    let id = stage.place("2").await;
    let begin = || async {
        let page = access::begin(&stage.app, &stage.row(&id).await).await.expect("kept").expect("a page");
        stage.platform.consent(&page)
    };
    // The codes of two attempts exchanged: each belongs to the other's verifier.
    let ((state, _), (_, code)) = (begin().await, begin().await);
    let crossed = Returned { state, code, error: String::new() };
    let problem = access::finish(&stage.app, &crossed).await.expect("kept").expect_err("refused");
    assert!(problem.detail.contains("Connect the account again"), "{}", problem.detail);
    let (state, _) = begin().await;
    let denied = Returned { state, code: String::new(), error: "access_denied".into() };
    let problem = access::finish(&stage.app, &denied).await.expect("kept").expect_err("refused");
    assert!(problem.detail.contains("refused"), "{}", problem.detail);
    assert_eq!(stage.state(&id).await.0, AccessState::Missing);
    // An attempt that took too long is none.
    let (state, code) = begin().await;
    sqlx::query("UPDATE access_attempts SET expires_at = 1")
        .execute(stage.app.store.pool())
        .await
        .expect("set");
    let late = Returned { state, code, error: String::new() };
    assert!(access::finish(&stage.app, &late).await.expect("kept").is_err());
}

#[tokio::test]
async fn two_sources_of_one_account_renew_it_once_and_the_refresh_token_rotates() {
    let stage = stage().await;
    let (one, two) = (stage.place("2").await, stage.place("3").await);
    stage.connect(&one).await;
    let view = access::view(&stage.app, &stage.row(&two).await).await.expect("read").expect("wants access");
    assert_eq!(view.accounts.len(), 1, "the account of the first is offered");
    let source = stage.row(&two).await;
    access::share(&stage.app, &source, &view.accounts[0].id).await.expect("kept").expect("shared");
    let refresh = stage.platform.desk().refresh.clone();
    for round in 1..=3 {
        stage.due().await;
        stage.platform.expire();
        let (first, second) = tokio::join!(stage.run(&one), stage.run(&two));
        assert_eq!((first.problem, second.problem), (None, None));
        assert_eq!(stage.platform.asked("refresh_token"), round, "renewed once for both");
    }
    let rotated = stage.platform.desk().refresh.clone();
    assert_eq!(rotated.len(), 1);
    assert_ne!(rotated, refresh);
    stage.nothing_secret_in(&stage.on_disk(), "the data folder");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_a_withdrawn_account_is_not_asked_again() {
    let stage = stage().await;
    let (one, two) = (stage.place("2").await, stage.place("3").await);
    stage.connect(&one).await;
    let account = stage.row(&one).await.account.expect("connected");
    access::share(&stage.app, &stage.row(&two).await, &account).await.expect("kept").expect("shared");
    stage.platform.expire();
    assert_eq!(stage.run(&one).await.problem, None);
    assert_eq!((stage.platform.asked("refresh_token"), stage.platform.asked("read")), (1, 2));

    // The platform's sign-in is away: nothing is lost by that.
    stage.platform.expire();
    stage.platform.desk().instead = Some((503, json!({})));
    let problem = stage.run(&one).await.problem.expect("away");
    assert_eq!(problem.problem, ProblemKind::Unreachable, "{problem}");
    stage.platform.desk().instead = None;
    assert_eq!(stage.run(&one).await.problem, None);

    // The owner withdraws access on the platform's page.
    stage.platform.expire();
    stage.platform.desk().refresh.clear();
    let problem = stage.run(&one).await.problem.expect("withdrawn");
    assert_eq!(problem.problem, ProblemKind::Auth);
    assert!(problem.detail.contains("Connect the account again"), "{problem}");
    let asked = (stage.platform.asked("refresh_token"), stage.platform.asked("read"));
    assert_eq!(stage.run(&two).await.problem.map(|p| p.problem), Some(ProblemKind::Auth));
    assert_eq!(
        (stage.platform.asked("refresh_token"), stage.platform.asked("read")),
        asked,
        "nobody is asked"
    );
    assert_eq!(stage.state(&two).await.0, AccessState::Ended);
    // Connected again by one of them, both read.
    stage.connect(&one).await;
    assert_eq!(stage.run(&one).await.problem, None);
    assert_eq!(stage.run(&two).await.problem, None);
}

#[tokio::test]
async fn sources_of_one_account_spend_one_allowance_and_another_account_its_own() {
    let stage = stage().await;
    let app = [("client_id", CLIENT), ("client_secret", CLIENT_SECRET)];
    let video = async |id: &str| stage.add("youtube", &[&app[..], &[("video", id)]].concat()).await;
    let (one, two, other) =
        (video("abcdefghij1").await, video("abcdefghij2").await, video("abcdefghij3").await);
    stage.connect(&one).await;
    let account = stage.row(&one).await.account.expect("connected");
    access::share(&stage.app, &stage.row(&two).await, &account).await.expect("kept").expect("shared");
    stage.connect(&other).await;
    let limits = stage.row(&one).await.limits.expect("known");
    assert_eq!(stage.row(&two).await.limits.as_ref(), Some(&limits));
    assert_ne!(stage.row(&other).await.limits, Some(limits.clone()), "the same app, another account");

    let (today, _) = engine::timetable::day_there("America/Los_Angeles", goodword::clock::now());
    stage.app.store.spend(&limits, &today, 9_999, 10_000).await.expect("stored").expect("left");
    let last = stage.run(&one).await;
    assert_eq!((last.requests, last.problem), (1, None), "the last unit");
    let rests = stage.run(&two).await;
    assert_eq!((rests.requests, &rests.problem), (0, &None));
    assert!(
        rests.remark.as_deref().is_some_and(|r| r.starts_with("Today's 10,000 units are used")),
        "{rests:?}"
    );
    assert_eq!(stage.run(&other).await.requests, 1, "another account has its own");
}

#[tokio::test]
async fn access_is_given_back_with_the_last_source_and_forgotten() {
    let stage = stage().await;
    let (one, two) = (stage.place("2").await, stage.place("3").await);
    stage.connect(&one).await;
    let account = stage.row(&one).await.account.expect("connected");
    access::share(&stage.app, &stage.row(&two).await, &account).await.expect("kept").expect("shared");
    access::disconnect(&stage.app, &stage.row(&one).await).await.expect("done");
    assert_eq!(stage.platform.asked("revoke"), 0, "another source uses it");
    assert_eq!(stage.run(&two).await.problem, None);
    access::disconnect(&stage.app, &stage.row(&two).await).await.expect("done");
    assert_eq!(stage.platform.asked("revoke"), 1);
    assert_eq!(stage.app.store.account(&account).await.expect("read"), None);
}

#[tokio::test]
async fn a_code_entered_elsewhere_connects() {
    let stage = stage().await;
    let settings = [("repository", "example/loaf"), ("client_id", CLIENT), ("client_secret", CLIENT_SECRET)];
    let id = stage.add("github", &settings).await;
    stage.platform.desk().pending = 1;
    let begun = access::begin_device(&stage.app, &stage.row(&id).await).await.expect("kept").expect("a code");
    assert_eq!(
        (begun.code.code.as_str(), begun.code.link.as_str()),
        ("WDJB-MJHT", "https://platform.example/device")
    );
    let view = access::view(&stage.app, &stage.row(&id).await).await.expect("read").expect("wants access");
    assert_eq!(view.waiting.as_ref(), Some(&begun.code));
    access::carry_on_device(&stage.app, begun).await.expect("kept").expect("connected");
    assert_eq!(stage.platform.asked("urn:ietf:params:oauth:grant-type:device_code"), 2);
    assert_eq!(stage.run(&id).await.problem, None);
    assert_eq!(stage.state(&id).await.0, AccessState::Connected);
    stage.nothing_secret_in(&stage.on_disk(), "the data folder");

    let other = stage.place("2").await;
    let none = access::begin_device(&stage.app, &stage.row(&other).await).await.expect("kept");
    assert!(none.is_err_and(|p| p.detail.contains("browser")), "Google offers no code for this");
}

#[test]
fn a_waiting_code_is_asked_after_at_the_platforms_pace() {
    let now: goodword_shared::Time = "2026-03-05T10:00:00Z".parse().expect("a time");
    let answer = |status, body: serde_json::Value| Response {
        status,
        body: body.to_string().into_bytes(),
        ..Response::default()
    };
    let code = json!({ "device_code": "d3vice-code", "user_code": "AB-12", "verification_url": "https://g.example",
                       "expires_in": 60 });
    let mut waiting = read_code(&answer(200, code), now).expect("a code");
    assert!(!format!("{waiting:?}").contains("d3vice-code"));
    let pending = answer(428, json!({ "error": "authorization_pending" }));
    assert_eq!(waiting.after(Some(&pending), now), Next::AskAt(now + TimeDelta::seconds(5)));
    let slower = answer(400, json!({ "error": "slow_down" }));
    assert_eq!(waiting.after(Some(&slower), now), Next::AskAt(now + TimeDelta::seconds(10)));
    assert_eq!(waiting.after(Some(&pending), now), Next::AskAt(now + TimeDelta::seconds(10)));
    // No answer at all is asked for again, more slowly still.
    assert_eq!(waiting.after(None, now), Next::AskAt(now + TimeDelta::seconds(15)));
    assert!(matches!(waiting.after(Some(&pending), now + TimeDelta::seconds(50)), Next::Over(_)), "too late");
    let denied = answer(400, json!({ "error": "access_denied" }));
    assert!(matches!(waiting.after(Some(&denied), now), Next::Over(_)));
    let granted = answer(200, json!({ "access_token": "t0ken", "expires_in": "120" }));
    let Next::Granted(granted) = waiting.after(Some(&granted), now) else { panic!("not granted") };
    assert_eq!(granted.renew_at(now), Some(now + TimeDelta::seconds(108)));
}

#[test]
fn refusals_say_what_to_do_and_hold_no_secret() {
    let read = |status, body: &str| {
        read_token(&Response { status, body: body.as_bytes().to_vec(), ..Response::default() })
    };
    let long = "x".repeat(64);
    let told = read(400, &format!(r#"{{"error":"invalid_scope {long}"}}"#)).expect_err("refused").to_string();
    assert!(told.contains("invalid_scope") && !told.contains(&long), "{told}");
    assert!(read(503, "down").expect_err("refused").passes());
    assert!(read(429, "{}").expect_err("refused").passes());
    assert!(!read(401, "<html>").expect_err("refused").passes());
    let graph = r#"{"error":{"message":"Session has expired","type":"OAuthException","code":190}}"#;
    assert!(read(400, graph).expect_err("refused").to_string().contains("Connect the account again"));
    // GitHub refuses with status 200; some say that a token does not end by zero.
    assert!(!read(200, r#"{"error":"incorrect_client_credentials"}"#).expect_err("refused").passes());
    assert_eq!(read(200, r#"{"access_token":"t0ken","expires_in":0}"#).expect("granted").lasts, None);
    let attempt = Attempt::new(&[7; 64]);
    assert!(!format!("{attempt:?}").contains(attempt.verifier.expose()));
}

#[tokio::test]
async fn an_app_of_the_owners_gets_one_token_for_all_its_sources() {
    let stage = stage().await;
    let settings = [("community", "bakery"), ("client_id", CLIENT), ("client_secret", CLIENT_SECRET)];
    let one = stage.add("reddit", &settings).await;
    let two = stage.add("reddit", &settings).await;
    assert_eq!(stage.state(&one).await.0, AccessState::ByKey);
    let (first, second) = tokio::join!(stage.run(&one), stage.run(&two));
    assert_eq!((first.problem, second.problem), (None, None));
    assert_eq!(stage.platform.asked("client_credentials"), 1);
    stage.platform.expire();
    assert_eq!(stage.run(&one).await.problem, None);
    assert_eq!(stage.platform.asked("client_credentials"), 2);
    let wrong =
        stage.add("reddit", &[("community", "bakery"), ("client_id", CLIENT), ("client_secret", "wrong!")]);
    let problem = stage.run(&wrong.await).await.problem.expect("refused");
    assert!(problem.detail.contains("does not know the app"), "{problem}");
    stage.nothing_secret_in(&stage.on_disk(), "the data folder");
}

#[tokio::test]
async fn a_pages_token_is_derived_once_from_the_owners() {
    let stage = stage().await;
    let settings = [("page", "77"), ("client_id", CLIENT), ("client_secret", CLIENT_SECRET)];
    let id = stage.add("facebook", &settings).await;
    stage.connect(&id).await;
    assert_eq!(stage.platform.asked("fb_exchange_token"), 1, "the short token was exchanged for a long one");
    assert_eq!(stage.run(&id).await.problem, None);
    let asked = stage.platform.asked("read");
    assert_eq!(stage.run(&id).await.problem, None);
    assert_eq!(stage.platform.asked("read"), asked + 1, "the page's token is kept");
    stage.nothing_secret_in(&stage.on_disk(), "the data folder");
}

/// A key made for this test; it opens nothing.
fn rsa_key() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/access/test_key.pem");
    std::fs::read_to_string(path).expect("a key")
}

#[tokio::test]
async fn a_service_account_signs_its_statement_whatever_the_clock_says() {
    use base64::Engine;
    let stage = stage().await;
    let inside: String = rsa_key().lines().filter(|l| !l.starts_with('-')).collect();
    let der = base64::engine::general_purpose::STANDARD.decode(inside).expect("base64");
    let key = RsaKeyPair::from_pkcs8(&der).expect("a key");
    stage.platform.desk().rsa = key.public().as_ref().to_vec();
    let file = json!({ "type": "service_account", "client_email": "reader@loaf.example", "private_key": rsa_key(),
                       "private_key_id": "k1", "token_uri": "https://oauth2.googleapis.com/token" });
    let settings = [("package", "com.example.loaf"), ("service_account", &file.to_string())];
    let id = stage.add("google_play", &settings).await;
    assert_eq!(stage.run(&id).await.problem, None);
    assert_eq!(stage.platform.asked("urn:ietf:params:oauth:grant-type:jwt-bearer"), 1);
    assert_eq!(stage.run(&id).await.problem, None);
    assert_eq!(stage.platform.asked("urn:ietf:params:oauth:grant-type:jwt-bearer"), 1, "the token is kept");
    // This machine's clock is ten minutes slow: the platform's own counts.
    stage.platform.expire();
    stage.platform.desk().ahead = TimeDelta::minutes(10);
    assert_eq!(stage.run(&id).await.problem, None);
    assert_eq!(stage.platform.asked("urn:ietf:params:oauth:grant-type:jwt-bearer"), 3);
    stage.nothing_secret_in(&stage.on_disk(), "the data folder");
    let broken =
        stage.add("google_play", &[("package", "com.example.loaf"), ("service_account", "{}")]).await;
    let problem = stage.run(&broken).await.problem.expect("unreadable");
    assert!(problem.detail.contains("paste the whole file"), "{problem}");
}

#[tokio::test]
async fn app_store_connect_is_read_with_a_token_signed_here() {
    use base64::Engine;
    let stage = stage().await;
    let chance = ring::rand::SystemRandom::new();
    let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &chance).expect("a key");
    let key =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &chance).expect("a key");
    stage.platform.desk().ec = key.public_key().as_ref().to_vec();
    let text = base64::engine::general_purpose::STANDARD.encode(made.as_ref());
    // A form's single line has lost the line breaks.
    let pem = format!("-----BEGIN PRIVATE KEY----- {text} -----END PRIVATE KEY-----");
    let settings =
        [("app_id", "700100200"), ("key_id", "KEY1"), ("issuer_id", "ISSUER1"), ("private_key", &pem)];
    let id = stage.add("app_store_connect", &settings).await;
    let outcome = stage.run(&id).await;
    assert_eq!((outcome.problem, outcome.ingested.new), (None, 2));
    let clock_right = stage.platform.asked("read");
    stage.platform.desk().ahead = TimeDelta::minutes(-9);
    assert_eq!(stage.run(&id).await.problem, None);
    assert_eq!(stage.platform.asked("read"), clock_right + 2, "signed again by the platform's clock");
    stage.nothing_secret_in(&stage.on_disk(), "the data folder");
    assert!(memchr::memmem::find(&stage.on_disk(), text.as_bytes()).is_none(), "the key itself");
}

#[tokio::test]
async fn the_owner_connects_from_the_dashboard() {
    let stage = stage().await;
    let id = stage.place("2").await;
    let running = serve::start(stage.app.clone(), &Door::loopback()).await.expect("it listens");
    let service = Service::around(stage.app.clone(), running);
    let by_id = || ById { id: id.clone() };
    let stranger =
        service.call::<ConnectSource>(by_id(), (), Connect::Browser).await.expect_err("a stranger");
    assert_eq!(stranger.status, 401);
    let returned = Returned { state: "s".into(), code: "c".into(), error: String::new() };
    let stranger = service.call::<FinishConnecting>((), (), returned).await.expect_err("a stranger");
    assert_eq!(stranger.status, 401);
    service.set_up().await;
    let view = service.call::<GetAccess>(by_id(), (), ()).await.expect("a view");
    assert_eq!((view.state, view.device), (AccessState::Missing, false));
    assert_eq!(view.redirect_url, format!("{}/sources/connected", service.url));
    let connecting = service.call::<ConnectSource>(by_id(), (), Connect::Browser).await.expect("a page");
    let (state, code) = stage.platform.consent(&connecting.url.expect("an address"));
    let returned = Returned { state, code, error: String::new() };
    let source = service.call::<FinishConnecting>((), (), returned).await.expect("connected");
    assert_eq!((source.id.as_str(), source.access), (id.as_str(), Some(AccessState::Connected)));
    let source = service.call::<RemoveAccess>(by_id(), (), ()).await.expect("given back");
    assert_eq!(source.access, Some(AccessState::Missing));
    let feed = stage.add("discourse", &[("address", "https://forum.example")]).await;
    let none = service.call::<GetAccess>(ById { id: feed }, (), ()).await.expect_err("needs none");
    assert_eq!(none.status, 404);
    service.stop().await;
}
