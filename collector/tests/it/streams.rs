//! Streams listened to over a WebSocket, against servers of the test's own: posts that name us, posts that do not, posts taken
//! back, a connection that breaks, and settings that change.

use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use goodword_shared::{
    access::AccessState,
    api::{
        ById,
        access::{Connect, ConnectSource, FinishConnecting, GetAccess, Returned},
        mentions::{ListMentions, MentionQuery},
        sources::{ListSources, PatchSource, SourceChange},
    },
    source::Values,
};
use tokio::{net::TcpListener, sync::mpsc};
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request, Response},
    },
};

use crate::{
    mailbox::{add, has_texts, service_reaching, texts, until},
    platform,
};

/// A stream whose listeners are told what the test says.
pub struct Platform {
    pub port: u16,
    /// Address and authorization of each handshake.
    calls: Arc<Mutex<Vec<(String, String)>>>,
    /// To the listener that came last; dropped, its connection breaks.
    listener: Arc<Mutex<Option<mpsc::UnboundedSender<String>>>>,
}

impl Platform {
    /// `token`: what listeners must bring, if anything.
    pub async fn start(token: Option<&'static str>) -> Self {
        let server = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = server.local_addr().expect("an address").port();
        let (calls, listener): (Arc<Mutex<Vec<_>>>, Arc<Mutex<Option<_>>>) = Default::default();
        let (heard, current) = (calls.clone(), listener.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = server.accept().await {
                let (heard, current) = (heard.clone(), current.clone());
                tokio::spawn(async move {
                    #[expect(clippy::result_large_err, reason = "the library's own signature")]
                    let greet = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
                        let given = request.headers().get("authorization");
                        let given = given.and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
                        let refused = token.is_some_and(|token| given != format!("Bearer {token}"));
                        heard.lock().expect("unpoisoned").push((request.uri().to_string(), given));
                        if refused {
                            let mut answer = ErrorResponse::new(None);
                            *answer.status_mut() =
                                tokio_tungstenite::tungstenite::http::StatusCode::UNAUTHORIZED;
                            return Err(answer);
                        }
                        Ok(response)
                    };
                    let Ok(mut socket) = accept_hdr_async(stream, greet).await else { return };
                    let (say, mut said) = mpsc::unbounded_channel::<String>();
                    *current.lock().expect("unpoisoned") = Some(say);
                    loop {
                        tokio::select! {
                            text = said.recv() => match text {
                                Some(text) => if socket.send(Message::Text(text.into())).await.is_err() { return },
                                None => return,
                            },
                            came = socket.next() => if !matches!(came, Some(Ok(_))) { return },
                        }
                    }
                });
            }
        });
        Self { port, calls, listener }
    }

    pub async fn connected(&self, times: usize) {
        let there = async || {
            let calls = self.calls.lock().expect("unpoisoned").len() >= times;
            (calls && self.listener.lock().expect("unpoisoned").is_some()).then_some(())
        };
        until("a listener", there).await;
    }

    pub fn say(&self, text: impl Into<String>) {
        let listener = self.listener.lock().expect("unpoisoned");
        listener.as_ref().expect("a listener").send(text.into()).expect("it listens");
    }

    fn break_off(&self) {
        *self.listener.lock().expect("unpoisoned") = None;
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn calls(&self) -> Vec<(String, String)> {
        self.calls.lock().expect("unpoisoned").clone()
    }
}

fn settings(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

pub fn post(time: u64, key: &str, text: &str) -> String {
    let now = goodword::clock::now().to_rfc3339();
    serde_json::json!({
        "did": "did:plc:guest", "time_us": time, "kind": "commit",
        "commit": {"operation": "create", "collection": "app.bsky.feed.post", "rkey": key,
                   "record": {"$type": "app.bsky.feed.post", "text": text, "createdAt": now}}
    })
    .to_string()
}

fn taken_back(time: u64, key: &str) -> String {
    serde_json::json!({
        "did": "did:plc:guest", "time_us": time, "kind": "commit",
        "commit": {"operation": "delete", "collection": "app.bsky.feed.post", "rkey": key}
    })
    .to_string()
}

#[tokio::test]
async fn jetstream_brings_what_names_us_goes_on_where_it_was_and_forgets_what_is_taken_back() {
    let platform = Platform::start(None).await;
    let (service, _folder) = service_reaching(&[platform.port]).await;
    // Nobody answers the ordinary search there; the stream does not depend on it.
    let wanted = settings(&[
        ("query", "plumkettle"),
        ("live", "true"),
        ("stream", &platform.url()),
        ("base", "http://127.0.0.1:1"),
    ]);
    let source = add(&service, "bluesky", wanted).await;
    platform.connected(1).await;
    platform.say(post(100, "a", "Dinner at PlumKettle was cold and slow."));
    platform.say(post(101, "b", "Nothing to do with anybody."));
    platform.say("not an event");
    platform.say(taken_back(102, "never-ours"));
    platform.say(post(103, "c", "#plumkettle again, lovely this time."));
    has_texts(&service, &["#plumkettle again, lovely this time.", "Dinner at PlumKettle was cold and slow."])
        .await;

    platform.break_off();
    platform.connected(2).await;
    let (again, _) = platform.calls().pop().expect("a call");
    assert!(
        again.contains("wantedCollections=app.bsky.feed.post") && again.contains("cursor=103"),
        "{again}"
    );
    platform.say(post(103, "c", "#plumkettle again, lovely this time."));
    platform.say(taken_back(104, "a"));
    until("it is gone", async || {
        let list = service.call::<ListMentions>((), MentionQuery::default(), ()).await.expect("a list");
        (list.total == 2 && list.items.iter().any(|row| row.deleted && row.quote.text.is_empty()))
            .then_some(())
    })
    .await;

    // Other words: listened to anew, from where it stands.
    let mut changed = source.settings.clone();
    changed.insert("query".into(), "kettlehouse".into());
    let change = SourceChange { settings: Some(changed), ..SourceChange::default() };
    service.call::<PatchSource>(ById { id: source.id.to_string() }, (), change).await.expect("changed");
    platform.break_off();
    platform.connected(3).await;
    platform.say(post(105, "d", "kettlehouse is new in town"));
    until("the new words", async || {
        texts(&service).await.contains(&"kettlehouse is new in town".to_owned()).then_some(())
    })
    .await;
    service.stop().await;
}

fn toot(id: &str, text: &str) -> String {
    let status = serde_json::json!({
        "id": id, "content": format!("<p>{text}</p>"), "created_at": goodword::clock::now().to_rfc3339(),
        "url": format!("https://social.example/@guest/{id}"),
        "account": {"id": "7", "acct": "guest@social.example", "display_name": "A Guest", "followers_count": 12}
    });
    serde_json::json!({"stream": ["hashtag"], "event": "update", "payload": status.to_string()}).to_string()
}

#[tokio::test]
async fn mastodon_streams_to_those_who_bring_the_token_and_takes_back_what_is_deleted() {
    let platform = Platform::start(Some("open-sesame")).await;
    let (service, _folder) = service_reaching(&[platform.port]).await;
    let wanted = |token: &str| {
        settings(&[
            ("base", "http://127.0.0.1:1"),
            ("stream", &platform.url()),
            ("mode", "tag"),
            ("term", "#plumkettle"),
            ("live", "true"),
            ("token", token),
        ])
    };
    let source = add(&service, "mastodon", wanted("wrong")).await;
    let health =
        async || service.call::<ListSources>((), (), ()).await.expect("a list").remove(0).health_text;
    until("the refusal", async || health().await.contains("access token").then_some(())).await;

    let change = SourceChange { settings: Some(wanted("open-sesame")), ..SourceChange::default() };
    service.call::<PatchSource>(ById { id: source.id.to_string() }, (), change).await.expect("changed");
    until("a listener", async || platform.listener.lock().expect("unpoisoned").is_some().then_some(())).await;
    let (address, token) = platform.calls().pop().expect("a call");
    assert_eq!(
        (address.as_str(), token.as_str()),
        ("/api/v1/streaming?stream=hashtag&tag=plumkettle", "Bearer open-sesame")
    );
    platform.say(toot("11", "The #plumkettle waiter was rude &amp; slow."));
    platform.say(toot("12", "We love #plumkettle!"));
    has_texts(&service, &["The #plumkettle waiter was rude & slow.", "We love #plumkettle!"]).await;
    platform.say(r#"{"stream":["hashtag"],"event":"delete","payload":"11"}"#);
    has_texts(&service, &["", "We love #plumkettle!"]).await;
    until("listening is told", async || health().await.contains("Listening live").then_some(())).await;
    service.stop().await;
}

#[tokio::test]
async fn mastodon_streams_by_the_token_of_a_connected_account_and_by_a_renewed_one() {
    let (platform, accounts) = (Platform::start(None).await, platform::Platform::start().await);
    let port = accounts.address.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).expect("a port");
    let (service, _folder) = service_reaching(&[platform.port, port]).await;
    let wanted = settings(&[
        ("base", &accounts.url),
        ("stream", &platform.url()),
        ("mode", "tag"),
        ("term", "#plumkettle"),
        ("live", "true"),
        ("client_id", platform::CLIENT),
        ("client_secret", platform::CLIENT_SECRET),
    ]);
    let source = add(&service, "mastodon", wanted).await;
    let by_id = || ById { id: source.id.to_string() };
    let view = service.call::<GetAccess>(by_id(), (), ()).await.expect("a view");
    assert_eq!(view.state, AccessState::Missing);
    let connecting = service.call::<ConnectSource>(by_id(), (), Connect::Browser).await.expect("a page");
    assert!(platform.calls().is_empty(), "nobody listens without a token");
    let (state, code) = accounts.consent(&connecting.url.expect("an address"));
    let returned = Returned { state, code, error: String::new() };
    service.call::<FinishConnecting>((), (), returned).await.expect("connected");
    let token = || {
        let desk = accounts.desk();
        format!("Bearer {}", desk.tokens.iter().next().expect("a token"))
    };
    let first = token();
    platform.connected(1).await;
    assert_eq!(platform.calls()[0].1, first);
    platform.say(toot("21", "Off to #plumkettle again."));
    has_texts(&service, &["Off to #plumkettle again."]).await;

    // The token has run out meanwhile: whoever listens again brings the new one.
    accounts.expire();
    sqlx::query("UPDATE accounts SET renew_at = 0").execute(service.app.store.pool()).await.expect("set");
    platform.break_off();
    let renewed = async || platform.calls().into_iter().any(|(_, shown)| shown != first).then_some(());
    until("a listener with another token", renewed).await;
    assert_eq!(platform.calls().pop().expect("a call").1, token());
    service.stop().await;
}
