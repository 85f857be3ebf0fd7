//! What the tests of alerts share: the service's parts on a fresh data folder, a mention to tell of, and the receivers at the
//! other end: an SMTP server and an HTTP server on loopback.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use goodword::{
    actions,
    app::App,
    config::Config,
    store::{NewEffect, Store},
};
use goodword_shared::{
    Analysis, Label, Mention, Rating, Sentiment, Time,
    alert::{Alert, Channel, Delivery, DeliveryState},
    api::alerts::ChannelSettings,
};
use tokio_util::sync::CancellationToken;

/// 21 November 2026, 18:20 UTC.
pub const AT: i64 = 1_795_285_200_000;

/// The service's parts on a fresh data folder.
pub struct Desk {
    pub app: App,
    _folder: tempfile::TempDir,
}

impl Desk {
    pub async fn new() -> Self {
        Self::on("").await
    }

    /// The same on that database; empty for SQLite in the folder.
    pub async fn on(database: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = Config::load(folder.path()).expect("the shipped configuration");
        config.service.database = database.to_owned();
        let app = App::build(folder.path(), config, false).await.expect("builds");
        Self { app, _folder: folder }
    }

    pub async fn channel(&self, kind: &str, values: &[(&str, &str)]) -> Channel {
        actions::admin::add_channel(&self.app, &channel_settings(kind, values), "owner@example.org")
            .await
            .expect("the settings are fine")
    }

    /// Stores a source, an author, a mention of theirs and a case, and gives the mention's alert.
    pub async fn unhappy(&self, name: &str, text: &str) -> Alert {
        let n = goodword::store::new_id();
        let mention = Mention {
            external_id: Some(n.clone()),
            author: goodword_shared::Author { name: Some(name.into()), ..Default::default() },
            rating: Some(Rating::stars(2.0)),
            text: text.into(),
            url: Some("https://tables.example/reviews/7?a=1&b=2".into()),
            ..Mention::default()
        };
        let analysis = Analysis {
            sentiment: Sentiment { label: Label::Negative, score: -0.8, confidence: 0.9, uncertain: false },
            severity: 0.6,
            ..Analysis::default()
        };
        let mut writing = self.app.store.write().await.expect("writes");
        for (sql, binds) in [
            (
                "INSERT INTO sources (id, connector, name, settings, every_minutes, created_at) \
                 VALUES ('tables', 'feed', 'Trusted Tables', '{}', 60, 0) ON CONFLICT (id) DO NOTHING",
                vec![],
            ),
            (
                "INSERT INTO authors (id, platform, author_key, name) VALUES ($1, 'feed', $1, $2)",
                vec![n.clone(), name.into()],
            ),
            (
                "INSERT INTO mentions (id, source_id, connector, mention_key, author_id, kind, at, collected_at, changed_at, \
                 text, rating_share, mention, label, score, confidence, uncertain, severity, analysis, unhappy, search) \
                 VALUES ($1, 'tables', 'feed', $1, $1, 'review', 1795285200000, 1795285200000, 1795285200000, $2, 0.4, $3, \
                 'negative', -0.8, 0.9, 0, 0.6, $4, 1, '')",
                vec![
                    n.clone(),
                    text.into(),
                    serde_json::to_string(&mention).expect("JSON"),
                    serde_json::to_string(&analysis).expect("JSON"),
                ],
            ),
            (
                "INSERT INTO cases (id, mention_id, author_id, state, reasons, weight, factors, opened_at, waiting_since, due_at) \
                 VALUES ($1, $1, $1, 'open', '[\"2 of 5 stars\",\"threatens to leave\"]', 1, '[]', 0, 0, 0)",
                vec![n.clone()],
            ),
        ] {
            let mut query = sqlx::query(sql);
            for bind in binds {
                query = query.bind(bind);
            }
            query.execute(&mut *writing).await.expect("stored");
        }
        writing.commit().await.expect("commits");
        Alert {
            mention_id: n.clone().into(),
            case_id: Some(n.into()),
            source_id: None,
            title: format!("{name} is unhappy"),
            text: text.into(),
            source: "Trusted Tables".into(),
            at: Time::from_timestamp_millis(AT).expect("a moment"),
        }
    }

    /// Writes an effect as the engine does. The key is `MENTION.CHANNEL`.
    pub async fn decide(&self, channel: &Channel, alert: &Alert) -> String {
        let key = format!("{}.{}", alert.mention_id, channel.id);
        let effect = NewEffect {
            key: key.clone(),
            channel_id: channel.id.to_string(),
            subject: format!("New negative review: {}", alert.title),
            alert: alert.clone(),
        };
        let mut writing = self.app.store.write().await.expect("writes");
        let now = goodword::clock::now();
        Store::add_effect(&mut writing, &effect, now).await.expect("stored");
        writing.commit().await.expect("commits");
        self.app.wake_outbox.notify_one();
        key
    }

    /// Starts the worker; it ends with the guard.
    pub fn work(&self) -> Worker {
        let shutdown = CancellationToken::new();
        let task = tokio::spawn(actions::run(self.app.clone(), shutdown.clone()));
        Worker { shutdown, task }
    }

    /// The newest delivery, once it satisfies.
    pub async fn delivery(&self, is: impl Fn(&Delivery) -> bool) -> Delivery {
        for _ in 0..600 {
            let page = self.app.store.deliveries(0, 1).await.expect("lists");
            if let Some(delivery) = page.items.into_iter().next().filter(&is) {
                return delivery;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no such delivery: {:?}", self.app.store.deliveries(0, 10).await.expect("lists").items);
    }

    pub async fn done(&self) -> Delivery {
        self.delivery(|d| d.state == DeliveryState::Done).await
    }

    /// The newest delivery, once it satisfies, without waiting for the pauses between tries.
    pub async fn hurried(&self, is: impl Fn(&Delivery) -> bool) -> Delivery {
        for _ in 0..600 {
            let page = self.app.store.deliveries(0, 1).await.expect("lists");
            if let Some(delivery) = page.items.into_iter().next().filter(&is) {
                return delivery;
            }
            let mut writing = self.app.store.write().await.expect("writes");
            sqlx::query("UPDATE outbox SET not_before = 0 WHERE state = 'waiting' AND claimed_until IS NULL")
                .execute(&mut *writing)
                .await
                .expect("updates");
            writing.commit().await.expect("commits");
            self.app.wake_outbox.notify_one();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no such delivery: {:?}", self.app.store.deliveries(0, 10).await.expect("lists").items);
    }
}

pub fn channel_settings(kind: &str, values: &[(&str, &str)]) -> ChannelSettings {
    ChannelSettings {
        kind: kind.into(),
        name: format!("My {kind}"),
        settings: values.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect(),
        enabled: true,
    }
}

/// A running outbox worker.
pub struct Worker {
    shutdown: CancellationToken,
    task: tokio::task::JoinHandle<anyhow::Result<()>>,
}

impl Worker {
    /// Ends it in good order.
    pub async fn stop(self) {
        self.shutdown.cancel();
        self.task.await.expect("ends").expect("works");
    }

    /// Ends it in the middle of whatever it does, as a crash would.
    pub fn kill(self) {
        self.task.abort();
    }
}

/// What an SMTP server took.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    pub from: String,
    pub to: Vec<String>,
    pub login: Option<(String, String)>,
    pub raw: Vec<u8>,
}

/// An SMTP server on loopback: the protocol is `mailin`'s, the sockets are ours.
pub struct MailHost {
    pub address: SocketAddr,
    pub letters: Arc<Mutex<Vec<Letter>>>,
    /// Mails to refuse with "service not available" before one is taken.
    pub busy: Arc<Mutex<u32>>,
}

#[derive(Clone)]
struct Clerk {
    letters: Arc<Mutex<Vec<Letter>>>,
    busy: Arc<Mutex<u32>>,
    letter: Letter,
}

impl mailin::Handler for Clerk {
    fn auth_plain(&mut self, _for_whom: &str, user: &str, password: &str) -> mailin::Response {
        self.letter.login = Some((user.into(), password.into()));
        if password == "right" { mailin::response::AUTH_OK } else { mailin::response::INVALID_CREDENTIALS }
    }

    fn rcpt(&mut self, to: &str) -> mailin::Response {
        if to.starts_with("nobody@") { mailin::response::NO_MAILBOX } else { mailin::response::OK }
    }

    fn data_start(&mut self, _domain: &str, from: &str, _is8bit: bool, to: &[String]) -> mailin::Response {
        self.letter.from = from.into();
        self.letter.to = to.to_vec();
        self.letter.raw.clear();
        mailin::response::OK
    }

    fn data(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.letter.raw.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> mailin::Response {
        self.letters.lock().expect("unbroken").push(self.letter.clone());
        let mut busy = self.busy.lock().expect("unbroken");
        if *busy > 0 {
            *busy -= 1;
            return mailin::response::NO_SERVICE;
        }
        mailin::response::OK
    }
}

impl MailHost {
    pub fn start() -> Self {
        Self::start_with(false)
    }

    /// One that wants a login: any user, the password `right`.
    pub fn start_with_login() -> Self {
        Self::start_with(true)
    }

    fn start_with(login: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("bound");
        let letters = Arc::<Mutex<Vec<Letter>>>::default();
        let busy = Arc::<Mutex<u32>>::default();
        let clerk = Clerk { letters: letters.clone(), busy: busy.clone(), letter: Letter::default() };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let clerk = clerk.clone();
                // A client that breaks off ends its own session only.
                std::thread::spawn(move || serve_mail(stream, clerk, login));
            }
        });
        Self { address, letters, busy }
    }

    pub fn letters(&self) -> Vec<Letter> {
        self.letters.lock().expect("unbroken").clone()
    }
}

fn serve_mail(stream: TcpStream, clerk: Clerk, login: bool) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream);
    let mut builder = mailin::SessionBuilder::new("mail.example.org");
    if login {
        builder.insecure_enable_plaintext_auth().enable_auth(mailin::AuthMechanism::Plain);
    }
    let mut session = builder.build(lines.get_ref().peer_addr()?.ip(), clerk);
    session.greeting().write_to(&mut out)?;
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let answer = session.process(&line);
        line.clear();
        match answer.action {
            mailin::Action::NoReply => {}
            mailin::Action::Close => return answer.write_to(&mut out),
            mailin::Action::Reply | mailin::Action::UpgradeTls => answer.write_to(&mut out)?,
        }
        out.flush()?;
    }
    Ok(())
}

/// One HTTP call as it arrived.
#[derive(Clone, Debug)]
pub struct Call {
    pub headers: std::collections::BTreeMap<String, String>,
    pub body: String,
}

/// An HTTP server on loopback that keeps what is posted and answers as told.
pub struct Receiver {
    pub url: String,
    pub calls: Arc<Mutex<Vec<Call>>>,
    /// Answers to give, first one first; 204 when there are none left.
    pub answers: Arc<Mutex<Vec<u16>>>,
}

impl Receiver {
    pub async fn start() -> Self {
        let calls = Arc::<Mutex<Vec<Call>>>::default();
        let answers = Arc::<Mutex<Vec<u16>>>::default();
        let (kept, told) = (calls.clone(), answers.clone());
        let route = axum::routing::post(move |headers: axum::http::HeaderMap, body: String| {
            let headers = headers
                .iter()
                .map(|(k, v)| (k.to_string(), String::from_utf8_lossy(v.as_bytes()).into_owned()))
                .collect();
            kept.lock().expect("unbroken").push(Call { headers, body });
            let mut told = told.lock().expect("unbroken");
            let status = if told.is_empty() { 204 } else { told.remove(0) };
            async move { axum::http::StatusCode::from_u16(status).expect("a status") }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("bound"));
        let router = axum::Router::new().route("/hook", route.clone()).route("/", route);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, calls, answers }
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("unbroken").clone()
    }
}
