//! The fetcher against servers on loopback: what it waits for, what it gives up, and where it never goes.

use std::{
    collections::VecDeque,
    io::{self, Write},
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request as Asked, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response as Answered},
    routing::{any, get},
};
use goodword::{
    fetch::{FetchError, FetchSettings, Fetcher, Looking, Lookup, is_public},
    wire::{Request, Verb},
};
use goodword_shared::{
    Time,
    problem::{ProblemKind, SourceProblem},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

fn now() -> Time {
    "2026-03-01T12:00:00Z".parse().expect("a time")
}

/// Starts a router on a free port of loopback.
async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    addr
}

/// A server that plays its answers one after the other and remembers what it was asked.
#[derive(Clone, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<Answered>>>,
    asked: Arc<Mutex<Vec<(String, HeaderMap)>>>,
}

impl Script {
    fn of(answers: impl IntoIterator<Item = Answered>) -> Self {
        Self { answers: Arc::new(Mutex::new(answers.into_iter().collect())), asked: Arc::default() }
    }

    async fn start(&self) -> SocketAddr {
        async fn play(State(script): State<Script>, asked: Asked) -> Answered {
            let line = format!("{} {}", asked.method(), asked.uri());
            script.asked.lock().expect("unbroken").push((line, asked.headers().clone()));
            let next = script.answers.lock().expect("unbroken").pop_front();
            next.unwrap_or_else(|| StatusCode::IM_A_TEAPOT.into_response())
        }
        serve(Router::new().fallback(any(play)).with_state(self.clone())).await
    }

    fn asked(&self) -> usize {
        self.asked.lock().expect("unbroken").len()
    }

    fn headers(&self, at: usize) -> HeaderMap {
        self.asked.lock().expect("unbroken")[at].1.clone()
    }
}

fn redirect(status: u16, to: impl std::fmt::Display) -> Answered {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [("location", to.to_string())]).into_response()
}

fn settings(allowed: &[SocketAddr]) -> FetchSettings {
    FetchSettings {
        contact: Some("https://goodword.example/about".into()),
        allow_private: allowed.iter().map(SocketAddr::to_string).collect(),
        deadline: Duration::from_secs(20),
        ..FetchSettings::default()
    }
}

fn fetcher(allowed: &[SocketAddr]) -> Fetcher {
    Fetcher::new(settings(allowed)).expect("builds")
}

async fn get_url(fetcher: &Fetcher, url: String) -> Result<goodword::fetch::Fetched, FetchError> {
    fetcher.fetch(&Request::get(url), Duration::ZERO, None, now()).await
}

#[tokio::test]
async fn an_answer_comes_back_decoded_with_who_asked_said_honestly() {
    let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    zip.write_all("Käsekuchen".as_bytes()).expect("packed");
    let body = zip.finish().expect("packed");
    let script = Script::of([(
        [
            ("content-encoding", "gzip"),
            ("content-type", "text/plain; charset=utf-8"),
            ("link", "<a>; rel=\"x\""),
        ],
        body,
    )
        .into_response()]);
    let addr = script.start().await;
    let request = Request::get(format!("http://{addr}/a?b=c")).header("Authorization", "Bearer t");
    let got = fetcher(&[addr]).fetch(&request, Duration::ZERO, None, now()).await.expect("an answer");
    assert_eq!(got.response.body, "Käsekuchen".as_bytes());
    assert_eq!((got.response.status, got.requests_made, got.not_modified), (200, 1, false));
    assert_eq!(got.response.url, format!("http://{addr}/a?b=c"));
    assert_eq!(got.response.header("link"), Some("<a>; rel=\"x\""));
    let headers = script.headers(0);
    let agent = headers["user-agent"].to_str().expect("text");
    assert!(
        agent.starts_with("Goodword/") && agent.ends_with("(+https://goodword.example/about)"),
        "{agent}"
    );
    assert_eq!(headers["authorization"], "Bearer t");
}

#[tokio::test]
async fn unchanged_answers_are_recognised_with_and_without_the_servers_help() {
    let script = Script::of([
        ([("etag", "W/\"7\""), ("last-modified", "Sun, 01 Mar 2026 08:00:00 GMT")], "one").into_response(),
        StatusCode::NOT_MODIFIED.into_response(),
        "one".into_response(),
        "two".into_response(),
    ]);
    let addr = script.start().await;
    let fetcher = fetcher(&[addr]);
    let request = Request::get(format!("http://{addr}/feed"));
    let mut validators = None;
    let mut seen = Vec::new();
    for _ in 0..4 {
        let got =
            fetcher.fetch(&request, Duration::ZERO, validators.as_ref(), now()).await.expect("an answer");
        seen.push((got.response.status, got.not_modified));
        validators = Some(got.validators);
    }
    assert_eq!(seen, [(200, false), (304, true), (200, true), (200, false)]);
    assert!(!script.headers(0).contains_key("if-none-match"));
    assert_eq!(script.headers(1)["if-none-match"], "W/\"7\"");
    assert_eq!(script.headers(1)["if-modified-since"], "Sun, 01 Mar 2026 08:00:00 GMT");
    assert_eq!(script.headers(2)["if-none-match"], "W/\"7\"", "a 304 without an ETag keeps the old one");
    assert!(!script.headers(3).contains_key("if-none-match"), "an answer without an ETag drops it");
}

#[tokio::test]
async fn a_short_pause_is_waited_for_and_a_long_one_handed_back() {
    let busy =
        |after: &str| (StatusCode::TOO_MANY_REQUESTS, [("retry-after", after.to_owned())]).into_response();
    let script = Script::of([
        busy("1"),
        "welcome back".into_response(),
        busy("Sun, 01 Mar 2026 13:00:00 GMT"),
        "never asked for".into_response(),
    ]);
    let addr = script.start().await;
    let fetcher = fetcher(&[addr]);
    let got = get_url(&fetcher, format!("http://{addr}/")).await.expect("an answer");
    assert_eq!((got.response.body.as_slice(), got.requests_made), ("welcome back".as_bytes(), 2));

    let got = get_url(&fetcher, format!("http://{addr}/")).await.expect("a refusal is an answer");
    assert_eq!((got.response.status, got.requests_made), (429, 1));
    assert_eq!(got.retry_after, Some(Duration::from_secs(3600)));

    let error = get_url(&fetcher, format!("http://{addr}/other")).await.expect_err("held");
    assert!(error.retry_after().is_some_and(|left| left > Duration::from_secs(3500)), "{error:?}");
    assert_eq!(error.kind(), ProblemKind::RateLimited);
    assert_eq!(script.asked(), 3, "the host is left alone");
}

#[tokio::test]
async fn faults_of_the_server_are_tried_again_a_few_times() {
    let fault = || StatusCode::BAD_GATEWAY.into_response();
    let script = Script::of([fault(), "mended".into_response(), fault(), fault(), fault(), fault()]);
    let addr = script.start().await;
    let fetcher = fetcher(&[addr]);
    let got = get_url(&fetcher, format!("http://{addr}/")).await.expect("an answer");
    assert_eq!((got.response.status, got.requests_made), (200, 2));

    let error = get_url(&fetcher, format!("http://{addr}/")).await.expect_err("still broken");
    assert!(matches!(error, FetchError::Server { status: 502, .. }), "{error:?}");
    assert_eq!(script.asked(), 5, "two further tries and no more");
    let problem = SourceProblem::from(error);
    assert_eq!(problem.problem, ProblemKind::Unreachable);
    assert!(problem.detail.contains("502"), "{}", problem.detail);
}

#[tokio::test]
async fn a_post_is_not_repeated_and_refusals_are_answers() {
    let script = Script::of([
        StatusCode::BAD_GATEWAY.into_response(),
        StatusCode::UNAUTHORIZED.into_response(),
        (StatusCode::FORBIDDEN, "prove that you are human").into_response(),
        StatusCode::NOT_FOUND.into_response(),
    ]);
    let addr = script.start().await;
    let fetcher = fetcher(&[addr]);
    let post =
        Request { verb: Verb::Post, body: Some("{}".into()), ..Request::get(format!("http://{addr}/")) };
    let got = fetcher.fetch(&post, Duration::ZERO, None, now()).await.expect("an answer");
    assert_eq!((got.response.status, script.asked()), (502, 1));
    for status in [401, 403, 404] {
        let got = get_url(&fetcher, format!("http://{addr}/")).await.expect("an answer");
        assert_eq!(got.response.status, status);
    }
    assert_eq!(script.asked(), 4);
}

#[tokio::test]
async fn a_broken_connection_is_tried_again_and_then_said() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    let hits = Arc::new(AtomicUsize::new(0));
    let seen = hits.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let nth = seen.fetch_add(1, Ordering::SeqCst);
            let mut buffer = [0; 2048];
            let _ = stream.read(&mut buffer).await;
            let said =
                if nth == 0 { "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nonly half" } else { "no HTTP" };
            let _ = stream.write_all(said.as_bytes()).await;
        }
    });
    let error = get_url(&fetcher(&[addr]), format!("http://{addr}/")).await.expect_err("broken");
    assert!(matches!(error, FetchError::Broken { .. }), "{error:?}");
    assert_eq!(hits.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn what_does_not_connect_is_said_in_words() {
    let plain = Script::of([]).start().await;
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        listener.local_addr().expect("an address")
    };
    let set = FetchSettings { retries: 0, ..settings(&[plain, closed]) };
    let fetcher = Fetcher::new(set).expect("builds");
    for (url, words) in [
        (format!("https://{plain}/"), "no protected connection"),
        (format!("http://{closed}/"), "nobody answers"),
    ] {
        let error = get_url(&fetcher, url).await.expect_err("no connection");
        assert!(matches!(error, FetchError::NoConnection { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    }
    struct Nowhere;
    impl Lookup for Nowhere {
        fn lookup(&self, _: &str) -> Looking {
            Box::pin(async { Err(io::Error::new(io::ErrorKind::NotFound, "no such name")) })
        }
    }
    let set = FetchSettings { retries: 0, ..settings(&[]) };
    let lost = Fetcher::with_lookup(set, Arc::new(Nowhere)).expect("builds");
    let error = get_url(&lost, "http://no-such-shop.example/".into()).await.expect_err("no such name");
    assert!(error.to_string().contains("the name is not known"), "{error}");
    assert_eq!(error.kind(), ProblemKind::Unreachable);
}

#[tokio::test]
async fn more_than_the_cap_is_not_read_however_small_it_travels() {
    async fn big() -> Body {
        let piece = bytes_of_zero(256 << 10);
        Body::from_stream(futures_util::stream::iter((0..32).map(move |_| Ok::<_, io::Error>(piece.clone()))))
    }
    fn bytes_of_zero(n: usize) -> Vec<u8> {
        vec![0; n]
    }
    let plain = serve(Router::new().route("/", get(big))).await;
    let packed = serve(
        Router::new()
            .route("/", get(big))
            .layer(tower_http::compression::CompressionLayer::new().gzip(true).br(false)),
    )
    .await;
    let brotli = serve(
        Router::new()
            .route("/", get(big))
            .layer(tower_http::compression::CompressionLayer::new().gzip(false).br(true)),
    )
    .await;
    let said = Script::of([vec![7_u8; 2 << 20].into_response()]).start().await;
    let set = FetchSettings { body_cap: 1 << 20, ..settings(&[plain, packed, brotli, said]) };
    let fetcher = Fetcher::new(set).expect("builds");
    for addr in [plain, packed, brotli, said] {
        let error = get_url(&fetcher, format!("http://{addr}/")).await.expect_err("too large");
        assert!(matches!(error, FetchError::TooLarge { mib: 1, .. }), "{addr}: {error:?}");
    }
}

#[tokio::test]
async fn a_server_that_drips_is_left_at_the_deadline() {
    for head in ["HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let _ = stream.read(&mut [0; 2048]).await;
                    let _ = stream.write_all(head.as_bytes()).await;
                    while stream.write_all(b"x").await.is_ok() {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                });
            }
        });
        let set = FetchSettings { deadline: Duration::from_millis(400), ..settings(&[addr]) };
        let error = get_url(&Fetcher::new(set).expect("builds"), format!("http://{addr}/"))
            .await
            .expect_err("too slow");
        assert!(matches!(error, FetchError::Deadline { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn redirects_are_followed_within_bounds() {
    let script = Script::of([redirect(301, "/b?x=1"), redirect(302, "c"), "arrived".into_response()]);
    let addr = script.start().await;
    let got = get_url(&fetcher(&[addr]), format!("http://{addr}/a")).await.expect("an answer");
    assert_eq!((got.response.url, got.requests_made), (format!("http://{addr}/c"), 3));

    let round = Script::of((0..20).map(|n| redirect(302, format!("/{n}"))));
    let addr = round.start().await;
    let error = get_url(&fetcher(&[addr]), format!("http://{addr}/")).await.expect_err("without end");
    assert!(matches!(error, FetchError::Redirect { .. }), "{error:?}");
    assert_eq!(round.asked(), 6);
}

#[tokio::test]
async fn credentials_do_not_follow_a_redirect_to_another_origin() {
    let other = Script::of(["there".into_response()]);
    let there = other.start().await;
    let first = Script::of([redirect(302, format!("http://me:pw@{there}/x"))]);
    let here = first.start().await;
    let request = Request::get(format!("http://user:secret@{here}/"))
        .header("authorization", "Bearer secret")
        .header("x-api-key", "secret")
        .header("accept", "application/json");
    let got = fetcher(&[here, there]).fetch(&request, Duration::ZERO, None, now()).await.expect("an answer");
    assert_eq!(got.response.url, format!("http://{there}/x"));
    let headers = other.headers(0);
    assert!(!headers.contains_key("authorization") && !headers.contains_key("x-api-key"), "{headers:?}");
    assert_eq!(headers["accept"], "application/json");
}

#[tokio::test]
async fn a_redirect_into_a_private_network_is_not_followed() {
    let inside = Script::of(["the router's password".into_response()]);
    let private = inside.start().await;
    for to in [
        format!("http://{private}/"),
        format!("http://localhost:{}/", private.port()),
        format!("http://2130706433:{}/", private.port()),
        format!("http://[::ffff:127.0.0.1]:{}/", private.port()),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
    ] {
        let door = Script::of([redirect(302, &to)]);
        let addr = door.start().await;
        let error = get_url(&fetcher(&[addr]), format!("http://{addr}/")).await.expect_err("refused");
        assert!(matches!(error, FetchError::Private { .. }), "{to}: {error:?}");
        assert_eq!(error.kind(), ProblemKind::Refused);
    }
    assert_eq!(inside.asked(), 0);
}

/// Every spelling of an address that is not on the open internet.
const PRIVATE: &[&str] = &[
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7F.0x0.0x0.0x1",
    "017700000001",
    "0177.0.0.1",
    "0177.1",
    "127.0.0.1.",
    "127.255.255.254",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "0.0.0.0",
    "0",
    "0x0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "0xa.0.0.1",
    "012.0.0.1",
    "167772161",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.1",
    "3232235521",
    "0xc0a80001",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "169.254.0.1",
    "100.64.0.1",
    "100.127.255.254",
    "192.0.0.1",
    "192.0.2.10",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "192.88.99.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "4294967295",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    "[::10.0.0.1]",
    "[fe80::1]",
    "[febf::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fdff::1]",
    "[ff02::1]",
    "[2002:7f00:1::]",
    "[2002:a00:1::1]",
    "[2002:c0a8:101::1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a00:1]",
    "[64:ff9b::c0a8:1]",
    "[64:ff9b:1::7f00:1]",
    "[2001::1]",
    "[2001:0:7f00:1::]",
    "[2001:db8::1]",
    "[2001:10::1]",
    "[2001:20::1]",
    "[3fff::1]",
    "[100::1]",
    "[5f00::1]",
    "[2a00:1450::5efe:a00:1]",
    "[2a00:1450::200:5efe:7f00:1]",
];

#[tokio::test]
async fn private_addresses_are_refused_in_every_spelling() {
    let fetcher = fetcher(&[]);
    for host in PRIVATE {
        for url in [format!("http://{host}/"), format!("https://user@{host}:8443/x?y")] {
            let error = get_url(&fetcher, url.clone()).await.expect_err("refused");
            assert!(
                matches!(error, FetchError::Private { .. } | FetchError::Address { .. }),
                "{url}: {error:?}"
            );
        }
    }
    for url in
        ["file:///etc/passwd", "ftp://shop.example/", "shop.example", "http://", "data:text/html,x", ""]
    {
        let error = get_url(&fetcher, url.into()).await.expect_err("refused");
        assert!(matches!(error, FetchError::Address { .. }), "{url}: {error:?}");
    }
}

#[test]
fn the_open_internet_stays_open() {
    for ip in [
        "1.1.1.1",
        "9.9.9.9",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.167.0.1",
        "192.169.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4001::200e",
        "2001:4860:4860::8888",
        "64:ff9b::101:101",
        "::ffff:1.1.1.1",
        "2400:cb00::1",
    ] {
        assert!(is_public(ip.parse().expect("an address")), "{ip}");
    }
}

/// Answers with a list of addresses, another one each time.
struct Turning {
    answers: Vec<Vec<IpAddr>>,
    asked: AtomicUsize,
}

impl Lookup for Turning {
    fn lookup(&self, _: &str) -> Looking {
        let nth = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answers[nth.min(self.answers.len() - 1)].clone();
        Box::pin(async move { Ok(answer) })
    }
}

#[tokio::test]
async fn names_that_lead_inside_are_refused_whenever_they_do() {
    let inside = Script::of((0..4).map(|_| "secret".into_response()));
    let addr = inside.start().await;
    let private: Vec<Vec<IpAddr>> =
        ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.1.2.3", "169.254.169.254", "fd00::1"]
            .iter()
            .map(|ip| vec![ip.parse().expect("an address")])
            .collect();
    let turns = private.len();
    let lookup = Arc::new(Turning { answers: private, asked: AtomicUsize::new(0) });
    let fetcher = Fetcher::with_lookup(settings(&[addr]), lookup.clone()).expect("builds");
    for _ in 0..turns {
        let error =
            get_url(&fetcher, format!("http://rebind.example:{}/", addr.port())).await.expect_err("refused");
        assert!(matches!(error, FetchError::Private { .. }), "{error:?}");
    }
    assert_eq!(lookup.asked.load(Ordering::SeqCst), turns, "refused at once, not tried again");
    assert_eq!(inside.asked(), 0);
}

#[tokio::test]
async fn a_name_that_turns_between_two_hops_is_caught_at_the_second() {
    // The name is opened for one port only; on that port it may lead to loopback, on another it may not.
    let inside = Script::of(["secret".into_response()]);
    let private = inside.start().await;
    let door = Script::of([redirect(302, format!("http://shop.example:{}/", private.port()))]);
    let addr = door.start().await;
    let mut set = settings(&[]);
    set.allow_private = vec![format!("shop.example:{}", addr.port())];
    let lookup = Turning { answers: vec![vec![[127, 0, 0, 1].into()]], asked: AtomicUsize::new(0) };
    let fetcher = Fetcher::with_lookup(set, Arc::new(lookup)).expect("builds");
    let error =
        get_url(&fetcher, format!("http://shop.example:{}/", addr.port())).await.expect_err("refused");
    assert!(matches!(error, FetchError::Private { .. }), "{error:?}");
    assert_eq!((door.asked(), inside.asked()), (1, 0));
}

async fn page(fetcher: &Fetcher, url: String) -> Result<goodword::fetch::Fetched, FetchError> {
    let request = Request { robots: true, ..Request::get(url).header("authorization", "Bearer t") };
    fetcher.fetch(&request, Duration::ZERO, None, now()).await
}

#[tokio::test]
async fn pages_are_read_as_far_as_robots_txt_allows() {
    let rules =
        "User-agent: *\nDisallow: /\n\nUser-agent: goodword\nDisallow: /private\nAllow: /private/open\n";
    let script = Script::of([
        rules.into_response(),
        "page".into_response(),
        "open".into_response(),
        "feed".into_response(),
    ]);
    let addr = script.start().await;
    let fetcher = fetcher(&[addr]);
    assert_eq!(page(&fetcher, format!("http://{addr}/reviews")).await.expect("allowed").requests_made, 2);
    page(&fetcher, format!("http://{addr}/private/open/1")).await.expect("allowed");
    let error = page(&fetcher, format!("http://{addr}/private/1")).await.expect_err("disallowed");
    assert!(matches!(error, FetchError::Robots { .. }), "{error:?}");
    get_url(&fetcher, format!("http://{addr}/private/feed"))
        .await
        .expect("feeds and interfaces need not ask");
    assert_eq!(script.asked(), 4, "robots.txt was read once");
    assert!(!script.headers(0).contains_key("authorization"), "and without credentials");
}

#[tokio::test]
async fn without_rules_pages_are_free_and_with_a_broken_answer_closed() {
    for (status, open) in
        [(404, true), (401, true), (403, true), (410, true), (429, false), (500, false), (503, false)]
    {
        let status = StatusCode::from_u16(status).expect("a status");
        let script = Script::of([status.into_response(), "page".into_response()]);
        let addr = script.start().await;
        let got = page(&fetcher(&[addr]), format!("http://{addr}/")).await;
        assert_eq!(got.is_ok(), open, "{status}: {got:?}");
        if let Err(error) = got {
            assert!(matches!(error, FetchError::RobotsUnreachable { .. }), "{error:?}");
            assert_eq!(script.asked(), 1);
        }
    }
}

#[tokio::test]
async fn robots_txt_may_be_elsewhere_and_is_asked_at_every_hop() {
    let closed = Script::of(["User-agent: *\nDisallow: /reviews".into_response()]);
    let there = closed.start().await;
    let first = Script::of([
        redirect(301, "/rules/robots.txt"),
        "User-agent: *\nAllow: /".into_response(),
        redirect(302, format!("http://{there}/reviews")),
    ]);
    let here = first.start().await;
    let error =
        page(&fetcher(&[here, there]), format!("http://{here}/")).await.expect_err("disallowed there");
    assert!(matches!(&error, FetchError::Robots { host } if *host == there.to_string()), "{error:?}");
    assert_eq!((first.asked(), closed.asked()), (3, 1));
}

#[tokio::test]
async fn nothing_secret_is_printed() {
    let request =
        Request::get("https://me:hidden@shop.example/feed?key=hidden#hidden").header("x-key", "hidden");
    let shown = format!("{request:?}");
    assert!(shown.contains("https://shop.example/feed") && !shown.contains("hidden"), "{shown}");
    let error =
        get_url(&fetcher(&[]), "http://me:hidden@127.0.0.1/hidden?hidden".into()).await.expect_err("refused");
    assert!(!format!("{error:?} {error}").contains("hidden"), "{error:?}");
}
