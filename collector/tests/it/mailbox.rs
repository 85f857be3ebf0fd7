//! A mailbox listened to over IMAP, against a small server of the test's own: history first, then what is pushed; the server's
//! refusals; mails numbered anew; a connection cut in the middle of a mail. Nothing is marked that the owner did not ask for.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use goodword::{
    app::App,
    config::Config,
    serve::{self, Door},
};
use goodword_shared::{
    api::{
        ById,
        mentions::{GetMention, ListMentions, MentionQuery},
        sources::{AddSource, ListSources, NewSource, PreviewSource},
    },
    source::{HealthState, Source, Values},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream, tcp::OwnedWriteHalf},
    sync::watch,
};

use crate::service::Service;

/// What the server holds and how it behaves.
#[derive(Default)]
struct Held {
    validity: u32,
    next: u32,
    mails: BTreeMap<u32, String>,
    seen: Vec<u32>,
    /// No IDLE.
    cannot_push: bool,
    /// The next mail that is sent breaks off in its middle.
    cut: bool,
    /// Commands received.
    commands: Vec<String>,
}

#[derive(Clone)]
pub struct Server {
    state: Arc<Mutex<Held>>,
    news: watch::Sender<u32>,
    /// Where it listens.
    pub port: u16,
}

impl Server {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Held { validity: 7, next: 1, ..Held::default() };
        let server = Self { state: Arc::new(Mutex::new(state)), news: watch::channel(0).0, port };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().speak(stream));
            }
        });
        server
    }

    fn with<T>(&self, change: impl FnOnce(&mut Held) -> T) -> T {
        change(&mut self.state.lock().expect("unpoisoned"))
    }

    /// What was asked of it so far.
    pub fn commands(&self) -> Vec<String> {
        self.with(|state| state.commands.clone())
    }

    pub fn deliver(&self, id: &str, text: &str) {
        let now = goodword::clock::now().to_rfc2822();
        let mail = format!(
            "Authentication-Results: mx.mail.example; dkim=pass header.d=guest.example; spf=fail\r\n\
             From: Ada Lind <ada@guest.example>\r\nMessage-ID: <{id}@guest.example>\r\nDate: {now}\r\n\
             Subject: Last night\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        );
        let count = self.with(|state| {
            let uid = state.next;
            state.next += 1;
            state.mails.insert(uid, mail);
            state.mails.len()
        });
        self.news.send_replace(u32::try_from(count).expect("few"));
    }

    async fn speak(self, stream: TcpStream) {
        let (reader, mut out) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        let mut news = self.news.subscribe();
        if out.write_all(b"* OK [CAPABILITY IMAP4rev1] at your service\r\n").await.is_err() {
            return;
        }
        while let Ok(Some(line)) = lines.next_line().await {
            self.with(|state| state.commands.push(line.clone()));
            let (tag, rest) = line.split_once(' ').unwrap_or((line.as_str(), ""));
            let (verb, arguments) = rest.split_once(' ').unwrap_or((rest, ""));
            if verb.eq_ignore_ascii_case("IDLE") {
                // A mail that came since the connection was made is told now, as servers do.
                if out.write_all(b"+ idling\r\n").await.is_err() {
                    return;
                }
                tokio::select! {
                    changed = news.changed() => {
                        let count = *news.borrow();
                        if changed.is_err() || out.write_all(format!("* {count} EXISTS\r\n").as_bytes()).await.is_err() {
                            return;
                        }
                        let Ok(Some(_)) = lines.next_line().await else { return };
                    }
                    line = lines.next_line() => if !matches!(line, Ok(Some(_))) { return },
                }
                if out.write_all(format!("{tag} OK idled\r\n").as_bytes()).await.is_err() {
                    return;
                }
                continue;
            }
            let Some(answer) = self.answer(verb, arguments) else {
                self.cut(&mut out).await;
                return;
            };
            if out.write_all(answer.replace("TAG", tag).as_bytes()).await.is_err() {
                return;
            }
        }
    }

    async fn cut(&self, out: &mut OwnedWriteHalf) {
        let _ = out.write_all(b"* 1 FETCH (UID 1 BODY[]<0> {5000}\r\nFrom: Ada").await;
        let _ = out.shutdown().await;
    }

    /// What is said to a command. None: the connection breaks in the middle of a mail.
    fn answer(&self, verb: &str, arguments: &str) -> Option<String> {
        self.with(|state| {
            Some(match verb.to_ascii_uppercase().as_str() {
                "LOGIN" if arguments.contains("right") => "TAG OK in\r\n".to_owned(),
                "LOGIN" => "TAG NO [AUTHENTICATIONFAILED] wrong password\r\n".to_owned(),
                "CAPABILITY" if state.cannot_push => "* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n".to_owned(),
                "CAPABILITY" => "* CAPABILITY IMAP4rev1 IDLE\r\nTAG OK done\r\n".to_owned(),
                "EXAMINE" | "SELECT" if arguments.contains("K&APY-ln") => format!(
                    "* {} EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY {}] v\r\n* OK [UIDNEXT {}] n\r\nTAG OK open\r\n",
                    state.mails.len(),
                    state.validity,
                    state.next
                ),
                "EXAMINE" | "SELECT" => "TAG NO no such folder\r\n".to_owned(),
                "UID" if arguments.starts_with("SEARCH") => {
                    let from = arguments.rsplit(' ').next().and_then(|last| last.strip_suffix(":*"));
                    let from: u32 = from.and_then(|n| n.parse().ok()).unwrap_or(0);
                    // As real servers do, "n:*" always finds the last one.
                    let last = state.mails.keys().next_back().copied();
                    let found = state.mails.keys().filter(|uid| **uid >= from || Some(**uid) == last);
                    let found: Vec<String> = found.map(u32::to_string).collect();
                    format!("* SEARCH {}\r\nTAG OK found\r\n", found.join(" "))
                }
                "UID" if arguments.starts_with("FETCH") => {
                    if std::mem::take(&mut state.cut) {
                        return None;
                    }
                    let wanted = arguments.split(' ').nth(1).unwrap_or_default();
                    let wanted: Vec<u32> = wanted.split(',').filter_map(|n| n.parse().ok()).collect();
                    let mut out = String::new();
                    for (n, (uid, mail)) in (1..).zip(&state.mails).filter(|(_, (uid, _))| wanted.contains(uid)) {
                        out.push_str(&format!("* {n} FETCH (UID {uid} BODY[]<0> {{{}}}\r\n{mail})\r\n", mail.len()));
                    }
                    out + "TAG OK fetched\r\n"
                }
                "UID" if arguments.starts_with("STORE") => {
                    let wanted = arguments.split(' ').nth(1).unwrap_or_default();
                    state.seen.extend(wanted.split(',').filter_map(|n| n.parse::<u32>().ok()));
                    "TAG OK stored\r\n".to_owned()
                }
                "NOOP" => "TAG OK\r\n".to_owned(),
                "LOGOUT" => "* BYE\r\nTAG OK bye\r\n".to_owned(),
                _ => "TAG BAD unknown\r\n".to_owned(),
            })
        })
    }

    pub fn settings(&self, more: &[(&str, &str)]) -> Values {
        let port = self.port.to_string();
        let mut settings = Values::new();
        for (name, value) in [
            ("host", "127.0.0.1"),
            ("port", port.as_str()),
            ("user", "owner"),
            ("password", "right"),
            ("folder", "Bewertungen/Köln"),
            ("security", "none"),
            ("receiver", "mx.mail.example"),
        ]
        .iter()
        .chain(more)
        {
            settings.insert((*name).to_owned(), (*value).to_owned());
        }
        settings
    }
}

/// A service that may reach those ports of this machine.
pub async fn service_reaching(ports: &[u16]) -> (Service, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = Config::load(folder.path()).expect("the default configuration");
    config.fetch.allow_private = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
    let app = App::build(folder.path(), config, false).await.expect("an app");
    let running = serve::start(app.clone(), &Door::loopback()).await.expect("it listens");
    let service = Service::around(app, running);
    service.set_up().await;
    (service, folder)
}

pub async fn add(service: &Service, connector: &str, settings: Values) -> Source {
    let new =
        NewSource { connector: connector.into(), name: "Listened".into(), settings, ..NewSource::default() };
    service.call::<AddSource>((), (), new).await.expect("added")
}

/// Waits until something holds; fails where it never does.
pub async fn until<T>(what: &str, mut check: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(found) = check().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never: {what}");
}

pub async fn texts(service: &Service) -> Vec<String> {
    let list = service.call::<ListMentions>((), MentionQuery::default(), ()).await.expect("a list");
    let mut texts: Vec<String> = list.items.into_iter().map(|row| row.quote.text).collect();
    texts.sort();
    texts
}

pub async fn has_texts(service: &Service, wanted: &[&str]) {
    until(&format!("{wanted:?}"), async || (texts(service).await == wanted).then_some(())).await;
}

async fn source(service: &Service) -> Source {
    service.call::<ListSources>((), (), ()).await.expect("a list").remove(0)
}

#[tokio::test]
async fn history_is_read_and_then_what_is_pushed() {
    let server = Server::start().await;
    server.deliver("one", "The soup was cold.");
    server.deliver("two", "Lovely evening, thank you!");
    let (service, _folder) = service_reaching(&[server.port]).await;
    let wanted =
        NewSource { connector: "mail".into(), settings: server.settings(&[]), ..NewSource::default() };
    let preview = service.call::<PreviewSource>((), (), wanted).await.expect("a preview");
    assert_eq!((preview.problem, preview.mentions.len()), (None, 2));
    let added = add(&service, "mail", server.settings(&[])).await;
    assert_eq!((added.next_run, added.settings["password"].as_str()), (None, ""));
    has_texts(&service, &["Lovely evening, thank you!", "The soup was cold."]).await;
    until("an IDLE", async || server.with(|s| s.commands.iter().any(|c| c.ends_with(" IDLE"))).then_some(()))
        .await;
    server.deliver("three", "Third.");
    has_texts(&service, &["Lovely evening, thank you!", "The soup was cold.", "Third."]).await;

    let list = service.call::<ListMentions>((), MentionQuery::default(), ()).await.expect("a list");
    let id = list.items[0].quote.mention_id.to_string();
    let view = service.call::<GetMention>(ById { id }, (), ()).await.expect("there");
    assert_eq!(view.mention.sender_check.as_deref(), Some("dkim=pass spf=fail"));
    let shown =
        until("its health", async || Some(source(&service).await).filter(|s| s.health == HealthState::Fine))
            .await;
    assert!(shown.health_text.contains("Listening live"), "{}", shown.health_text);
    let commands = server.with(|state| state.commands.join("\n"));
    assert!(!commands.contains("SELECT") && !commands.contains("STORE"), "nothing is changed: {commands}");
    assert!(commands.contains("BODY.PEEK[]") && commands.contains("EXAMINE"), "{commands}");
    // What was kept of it reads the same again.
    let row = service.app.store.source_row(added.id.as_str()).await.expect("a store").expect("there");
    let replayed = goodword::engine::replay::replay(&service.app, &row, true).await.expect("replayed");
    assert_eq!((replayed.answers, replayed.differences), (3, Vec::new()));
    service.stop().await;
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    let server = Server::start().await;
    let (service, _folder) = service_reaching(&[server.port]).await;
    add(&service, "mail", server.settings(&[("password", "wrong")])).await;
    let failing =
        until("a problem", async || Some(source(&service).await).filter(|s| s.problem.is_some())).await;
    assert_eq!(failing.health, HealthState::Failing);
    assert!(failing.health_text.contains("app password"), "{}", failing.health_text);
    let nowhere = NewSource {
        connector: "mail".into(),
        settings: server.settings(&[("folder", "Nowhere")]),
        ..NewSource::default()
    };
    let preview = service.call::<PreviewSource>((), (), nowhere).await.expect("a preview");
    assert!(preview.problem.expect("none there").detail.contains("no folder “Nowhere”"));
    let private = NewSource {
        connector: "mail".into(),
        settings: server.settings(&[("port", "1")]),
        ..NewSource::default()
    };
    let preview = service.call::<PreviewSource>((), (), private).await.expect("a preview");
    assert!(
        preview.problem.expect("not opened").detail.contains("TLS"),
        "in the clear only where it was opened"
    );
    service.stop().await;
}

#[tokio::test]
async fn mails_numbered_anew_and_a_cut_in_the_middle_lose_and_double_nothing() {
    let server = Server::start().await;
    server.deliver("one", "First.");
    server.with(|state| (state.cannot_push, state.cut) = (true, true));
    let (service, folder) = service_reaching(&[server.port]).await;
    add(&service, "mail", server.settings(&[("mark", "true")])).await;
    has_texts(&service, &["First."]).await;
    until("it is marked", async || server.with(|s| s.seen == [1]).then_some(())).await;
    service.stop().await;

    // While nobody listens the server loses its numbers, and a mail comes.
    server.with(|state| {
        let mails = std::mem::take(&mut state.mails);
        (state.validity, state.next, state.cannot_push) = (8, 11, false);
        state.mails = mails.into_values().map(|mail| (10, mail)).collect();
    });
    server.deliver("two", "Second.");
    let mut config = Config::load(folder.path()).expect("the configuration");
    config.fetch.allow_private = vec![format!("127.0.0.1:{}", server.port)];
    let app = App::build(folder.path(), config, false).await.expect("an app");
    let running = serve::start(app.clone(), &Door::loopback()).await.expect("it listens");
    let service = Service::around(app, running);
    service.sign_in().await;
    has_texts(&service, &["First.", "Second."]).await;
    service.stop().await;
}
