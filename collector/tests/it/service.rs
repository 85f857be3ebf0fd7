//! A running service for tests: a real store in a folder of its own, listening on a free port; and rows to fill it with.

use goodword::{
    app::App,
    config::Config,
    serve::{self, Door, Running},
    store::Store,
};
use goodword_shared::{
    Analysis, Author, Label, Mention, Rating, Sentiment, Theme, Time,
    api::{Endpoint, Method, path_of},
};
use reqwest::StatusCode;
use tokio::{sync::oneshot, task::JoinHandle};

/// The owner of most tests.
pub const EMAIL: &str = "owner@shop.example";
pub const PASSWORD: &str = "a long enough password";

/// A running service and a client that is signed in once [`Service::sign_in`] was called.
pub struct Service {
    pub app: App,
    pub url: String,
    pub client: reqwest::Client,
    cookie: std::sync::Mutex<Option<String>>,
    end: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<anyhow::Result<()>>>,
    /// Removed with the service.
    #[expect(dead_code, reason = "held for its end")]
    folder: Option<tempfile::TempDir>,
}

/// A client as a program would use; nothing of the project's own politeness is wanted against ourselves.
#[expect(clippy::disallowed_methods, reason = "the test is the browser here, not a collector")]
pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

/// The program without its server, in a folder of its own, on this database or on one in the folder.
pub async fn app(url: Option<&str>, tune: impl FnOnce(&mut Config)) -> (App, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = Config::load(folder.path()).expect("the shipped configuration");
    tune(&mut config);
    let store = match url {
        Some(url) => Store::open(url).await.expect("opens"),
        None => Store::open_folder(folder.path()).await.expect("opens"),
    };
    let app = App::with_store(folder.path(), config, false, store).expect("an app");
    (app, folder)
}

impl Service {
    /// A service on this database, with its owner signed in.
    pub async fn on(url: &str) -> Self {
        let (app, folder) = app(Some(url), |_| ()).await;
        let running = serve::start(app.clone(), &Door::loopback()).await.expect("it listens");
        let service = Self { folder: Some(folder), ..Self::around(app, running) };
        service.set_up().await;
        service
    }

    /// A service with nothing in it.
    pub async fn start() -> Self {
        Self::start_with(false).await
    }

    /// The same, as a demo or not.
    pub async fn start_with(demo: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config::load(folder.path()).expect("the default configuration");
        let app = App::build(folder.path(), config, demo).await.expect("an app");
        let running = serve::start(app.clone(), &Door::loopback()).await.expect("it listens");
        Self { folder: Some(folder), ..Self::around(app, running) }
    }

    /// A service that was started elsewhere.
    pub fn around(app: App, running: Running) -> Self {
        let url = running.url().trim_end_matches('/').to_owned();
        let (end, ended) = oneshot::channel::<()>();
        let running = tokio::spawn(running.until(async { drop(ended.await) }));
        Self {
            app,
            url,
            client: client(),
            cookie: std::sync::Mutex::default(),
            end: Some(end),
            running: Some(running),
            folder: None,
        }
    }

    /// A service whose owner is signed in.
    pub async fn signed_in() -> Self {
        let service = Self::start().await;
        service.set_up().await;
        service
    }

    /// The first run: the owner is created and signed in.
    pub async fn set_up(&self) {
        let body = serde_json::json!({ "business": "The Shop", "email": EMAIL, "password": PASSWORD });
        let answer = self.post("/api/v1/setup", &body.to_string()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        self.keep_cookie(&answer);
    }

    /// Signs the owner in again, in a folder where the first run is over.
    pub async fn sign_in(&self) {
        let body = serde_json::json!({ "email": EMAIL, "password": PASSWORD });
        let answer = self.post("/api/v1/session", &body.to_string()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        self.keep_cookie(&answer);
    }

    /// Sends the cookie of that answer from now on.
    pub fn keep_cookie(&self, answer: &reqwest::Response) {
        let cookie = answer.headers().get("set-cookie").and_then(|v| v.to_str().ok()).expect("a cookie");
        let pair = cookie.split(';').next().unwrap_or_default().to_owned();
        *self.cookie.lock().expect("unpoisoned") = Some(pair);
    }

    /// A request with the cookie, if there is one.
    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        match &*self.cookie.lock().expect("unpoisoned") {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> reqwest::Response {
        self.request(reqwest::Method::GET, path).send().await.expect("an answer")
    }

    pub async fn post(&self, path: &str, json: &str) -> reqwest::Response {
        let request = self.request(reqwest::Method::POST, path).header("content-type", "application/json");
        request.body(json.to_owned()).send().await.expect("an answer")
    }

    /// Calls an endpoint as the dashboard does. `Err` is the problem that came instead.
    pub async fn call<E: Endpoint>(
        &self,
        path: E::Path,
        query: E::Query,
        body: E::Body,
    ) -> Result<E::Response, goodword_shared::Problem> {
        let method = match E::METHOD {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let query = serde_urlencoded::to_string(&query).expect("a query");
        let mut request = self.request(method, &format!("{}?{query}", path_of::<E>(&path)));
        let body = serde_json::to_string(&body).expect("a body");
        if body != "null" {
            request = request.header("content-type", "application/json").body(body);
        }
        let answer = request.send().await.expect("an answer");
        let (status, text) = (answer.status(), answer.text().await.expect("a text"));
        if status.is_success() {
            let text = if text.is_empty() { "null" } else { &text };
            Ok(serde_json::from_str(text).expect("the declared answer"))
        } else {
            Err(serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}: no problem but {text:?}")))
        }
    }

    /// Ends the service and waits until it has.
    pub async fn stop(mut self) {
        drop(self.end.take());
        if let Some(running) = self.running.take() {
            running.await.expect("no panic").expect("ended well");
        }
    }
}

/// One mention to put into the store by hand.
pub struct Row<'a> {
    pub id: &'a str,
    pub author: &'a str,
    pub text: &'a str,
    pub label: Label,
    pub stars: f64,
    pub at: Time,
    pub theme: Option<&'a str>,
}

/// Adds a source of that id.
pub async fn add_source(app: &App, id: &str, at: Time) {
    sqlx::query(
        "INSERT INTO sources (id, connector, name, settings, every_minutes, created_at, first_run_done) \
         VALUES ($1, 'feed', $2, '{}', 60, $3, 1)",
    )
    .bind(id)
    .bind(format!("Source {id}"))
    .bind(at.timestamp_millis())
    .execute(app.store.pool())
    .await
    .expect("a source");
}

/// Adds a mention, and its author (of that id) where they are new.
pub async fn add_mention(app: &App, source: &str, row: &Row<'_>) {
    let mention = Mention {
        external_id: Some(row.id.into()),
        author: Author { name: Some(row.author.into()), ..Author::default() },
        rating: Some(Rating::stars(row.stars)),
        text: row.text.into(),
        published_at: Some(row.at),
        ..Mention::default()
    };
    let analysis = Analysis {
        language: Some("en".into()),
        sentiment: Sentiment { label: row.label, score: 0.5, confidence: 0.9, uncertain: false },
        themes: row
            .theme
            .map(|theme| Theme { theme: theme.into(), sentiment: row.label, confidence: 0.9 })
            .into_iter()
            .collect(),
        ..Analysis::default()
    };
    let pool = app.store.pool();
    sqlx::query("INSERT INTO authors (id, platform, author_key, name) VALUES ($1, 'feed', $1, $1) ON CONFLICT (id) DO NOTHING")
        .bind(row.author)
        .execute(pool)
        .await
        .expect("an author");
    let at = row.at.timestamp_millis();
    sqlx::query(
        "INSERT INTO mentions (id, source_id, connector, mention_key, author_id, kind, at, published_at, collected_at, \
         changed_at, text, rating_share, stars, mention, label, score, confidence, uncertain, severity, analysis, unhappy, \
         search) VALUES ($1, $2, 'feed', $1, $3, 'review', $4, $4, $4, $4, $5, $6, $7, $8, $9, 0.5, 0.9, 0, 0.5, $10, $11, $12)",
    )
    .bind(row.id)
    .bind(source)
    .bind(row.author)
    .bind(at)
    .bind(row.text)
    .bind(row.stars / 5.0)
    .bind(row.stars.round() as i32)
    .bind(serde_json::to_string(&mention).expect("JSON"))
    .bind(row.label.as_str())
    .bind(serde_json::to_string(&analysis).expect("JSON"))
    .bind(i32::from(row.label == Label::Negative))
    .bind(goodword::fold::fold(&format!("{} {}", row.text, row.author)))
    .execute(pool)
    .await
    .expect("a mention");
    if let Some(theme) = row.theme {
        sqlx::query("INSERT INTO mention_themes (mention_id, theme, label, at) VALUES ($1, $2, $3, $4)")
            .bind(row.id)
            .bind(theme)
            .bind(row.label.as_str())
            .bind(at)
            .execute(pool)
            .await
            .expect("a theme");
    }
}

/// Adds an open case for a mention and its author.
pub async fn add_case(app: &App, id: &str, row: &Row<'_>, weight: f64, promise_hours: i64) {
    let at = row.at.timestamp_millis();
    sqlx::query(
        "INSERT INTO cases (id, mention_id, author_id, state, reasons, weight, factors, opened_at, waiting_since, due_at) \
         VALUES ($1, $2, $3, 'open', '[\"1 of 5 stars\"]', $4, \
         '[{\"name\":\"severity\",\"factor\":2.0,\"text\":\"severe\"}]', $5, $5, $6)",
    )
    .bind(id)
    .bind(row.id)
    .bind(row.author)
    .bind(weight)
    .bind(at)
    .bind(at + promise_hours * 3_600_000)
    .execute(app.store.pool())
    .await
    .expect("a case");
}

/// Adds the author of a mention as a promoter.
pub async fn add_promoter(app: &App, row: &Row<'_>, score: f64) {
    sqlx::query(
        "INSERT INTO promoters (key, author_id, mention_id, score, reasons, kind_mentions, expires_at) \
         VALUES ($1, $2, $3, $4, '[\"5 stars\"]', 1, $5)",
    )
    .bind(format!("author:{}", row.author))
    .bind(row.author)
    .bind(row.id)
    .bind(score)
    .bind(row.at.timestamp_millis() + 365 * 86_400_000)
    .execute(app.store.pool())
    .await
    .expect("a promoter");
}
