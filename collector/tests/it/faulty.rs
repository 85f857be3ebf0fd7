//! A server that answers wrongly in every way known to hurt, one way for each path. The tests ask it through the engine, the
//! benchmark `faults` weighs what each answer costs.

use std::{
    collections::HashMap,
    io::{self, Write},
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use flate2::{Compress, Compression, FlushCompress, write::GzEncoder};
use goodword_shared::problem::ProblemKind;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// One way to answer wrongly.
pub struct Fault {
    /// The first part of the path.
    pub name: &'static str,
    /// Which connector asks.
    pub connector: &'static str,
    /// What the owner is told; none where what can be read is read.
    pub told: Option<ProblemKind>,
    /// It has no end: whoever is slow meets the deadline before the cap.
    pub endless: bool,
    /// How many mentions can be read all the same.
    pub read: u32,
}

const fn page(name: &'static str, told: ProblemKind) -> Fault {
    Fault { name, connector: "schema_org", told: Some(told), endless: false, read: 0 }
}

const fn endless(name: &'static str) -> Fault {
    Fault { endless: true, ..page(name, ProblemKind::Refused) }
}

/// A page with nothing on it, which is no fault of the page.
const fn bare(name: &'static str) -> Fault {
    Fault { told: None, ..page(name, ProblemKind::Malformed) }
}

const fn data(name: &'static str) -> Fault {
    Fault { connector: "mastodon", ..page(name, ProblemKind::Malformed) }
}

const fn feed(name: &'static str) -> Fault {
    Fault { connector: "feed", ..page(name, ProblemKind::Malformed) }
}

/// Every way.
pub const FAULTS: &[Fault] = &[
    // Never ready.
    page("slow-head", ProblemKind::Unreachable),
    page("slow-body", ProblemKind::Unreachable),
    page("silence", ProblemKind::Unreachable),
    page("early-hints", ProblemKind::Unreachable),
    // Never full.
    endless("endless-body"),
    page("announced-gigabyte", ProblemKind::Refused),
    page("gzip-bomb", ProblemKind::Refused),
    page("brotli-bomb", ProblemKind::Refused),
    endless("gzip-of-nothing"),
    page("gzip-file-bomb", ProblemKind::Refused),
    endless("crumbs"),
    // Never there.
    page("redirect-to-itself", ProblemKind::Refused),
    page("redirect-round", ProblemKind::Refused),
    page("redirect-further", ProblemKind::Refused),
    // No HTTP.
    page("endless-headers", ProblemKind::Unreachable),
    page("endless-header", ProblemKind::Unreachable),
    page("no-http", ProblemKind::Unreachable),
    page("length-too-long", ProblemKind::Unreachable),
    page("length-twice", ProblemKind::Unreachable),
    page("chunk-too-long", ProblemKind::Unreachable),
    page("gzip-broken", ProblemKind::Unreachable),
    // Not what it should be.
    data("length-too-short"),
    data("json-cut"),
    data("json-deep"),
    data("json-deep-objects"),
    data("json-long-number"),
    data("json-bytes"),
    page("json-deep", ProblemKind::Malformed),
    page("html-deep", ProblemKind::Malformed),
    page("html-soup", ProblemKind::Malformed),
    page("html-same-words", ProblemKind::Malformed),
    bare("json-ld-deep"),
    bare("json-ld-commas"),
    bare("json-ld-blocks"),
    page("bytes", ProblemKind::Malformed),
    page("empty", ProblemKind::Malformed),
    feed("bytes"),
    feed("xml-deep"),
    Fault { told: None, read: 1, ..feed("xml-laughs") },
    Fault { told: None, read: 1, ..feed("xml-bytes") },
];

/// Brotli of 1 GiB of zeros.
const BROTLI_BOMB: &str = "\
    z///fwAkAOKxQHLv//n//w+ABEAcFoDu/T////8BkACIwwLQvf/n//8/ABIAcVgAuvf//P//B0ACIA4LQPf+n////wBIAMRhAeje\
    //P//x8ACYA4LADd+3/+//8DIAEQhwWge//P//9/ACQA4rAAdO//+f//D4AEQBwWgO79P////wGQAIjDAtC9/+f//z8AEgBxWAC6\
    9//8//8HQAIgDgtA9/6f////AEgAxGEB6N7/8///HwAJgDgsAN37f/7//wMgARCHBaB7/8///38AJADisAB07//5//8PgARAHBaA\
    7v0/////AZAAiMMC0L3/5///PwASAHFYALr3//z//wdAAiAOC0D3/p////8ASADEYQHo3v/z//8fAAmAOCwA3ft//v//AyABEIcF\
    oHv/z///fwAkAOKwAHTv//n//w+ABEAcFoDu/T////8BkACIwwLQvf/n//8/ABIAcVgAuvf//P//B0ACIA4LQPf+n////wBIAMRh\
    Aeje//P//x8ACYA4LADd+3/+//8DIAEQhwWge//P//9/ACQA4rAAdO//+f//D4AEQBwWgO79P////wGQAIjDAtC9/+f//z8AEgBx\
    WAC69//8//8HQAIgDgtA9/6f////AEgAxGEB6N7/8///HwAJgDgsAN37f/7//wMgARCHBaB7/8///38AJADisAB07//5//8PgARA\
    HBaA7v0/////AZAAiMMC0L3/5///PwASAHFYALr3//z//wdAAiAOC0D3/p////8ASADEYQHo3v/z//8fAAmAOCwA3ft//v//AyAB\
    EIcFoHv/z///fwAkAOKwAHTv//n//w+ABEAcFoDu/T////8BkACIwwLQvf/n//8/ABIAcVgAuvf//P//B0ACIA4LQPf+n////wBI\
    AMRhAeje//P//x8ACYA4LADd+3/+//8DIAEQhwWge//P//9/ACQA4rAAdO//+f//D4AEQBwWgO79P////wGQAIjDAtC9/+f//z8A\
    EgBxWAC69//8//8HQAIgDgtA9/6f////AEgAxGEB6N7/8///HwAJgDgsAN37//z//wcgARCHBaB7/w8=\
    ";

/// Bytes that were taken from us, by path.
#[derive(Clone, Default)]
pub struct Sent(pub Arc<Mutex<HashMap<String, u64>>>);

impl Sent {
    fn add(&self, name: &str, bytes: usize) {
        *self.0.lock().expect("unbroken").entry(name.to_owned()).or_default() += bytes as u64;
    }
}

/// Starts the server on a free port of loopback.
pub async fn start() -> (SocketAddr, Sent) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let sent = Sent::default();
    let told = sent.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let sent = told.clone();
            // It fails when the other side has had enough, which is what is hoped for.
            tokio::spawn(async move { answer(stream, &sent).await });
        }
    });
    (address, sent)
}

struct Line<'s> {
    stream: &'s mut TcpStream,
    name: String,
    sent: &'s Sent,
}

impl Line<'_> {
    async fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref()).await?;
        self.sent.add(&self.name, bytes.as_ref().len());
        Ok(())
    }

    async fn again_and_again(&mut self, bytes: &[u8], pause: Duration) -> io::Result<()> {
        loop {
            self.send(bytes).await?;
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
        }
    }

    /// A whole answer, of the right length.
    async fn whole(&mut self, kind: &str, body: &[u8]) -> io::Result<()> {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        self.send(head).await?;
        self.send(body).await
    }
}

async fn answer(mut stream: TcpStream, sent: &Sent) -> io::Result<()> {
    play(&mut stream, sent).await?;
    // Closing while the other side still sends would break off what it has yet to read.
    stream.shutdown().await?;
    while stream.read(&mut [0; 1_024]).await? > 0 {}
    Ok(())
}

async fn play(stream: &mut TcpStream, sent: &Sent) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut piece = [0; 1_024];
        let n = stream.read(&mut piece).await?;
        if n == 0 {
            return Ok(());
        }
        head.extend_from_slice(&piece[..n]);
    }
    let path = String::from_utf8_lossy(&head).split(' ').nth(1).unwrap_or_default().to_owned();
    let mut parts = path.split(['/', '?']).skip(1);
    let name = parts.next().unwrap_or_default().to_owned();
    let mut line = Line { stream, name: name.clone(), sent };
    match name.as_str() {
        "robots.txt" => {
            line.send("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await
        }
        "redirect-to-itself" => redirect(&mut line, &path).await,
        "redirect-round" => {
            let other =
                if parts.next() == Some("there") { "/redirect-round/back" } else { "/redirect-round/there" };
            redirect(&mut line, other).await
        }
        "redirect-further" => redirect(&mut line, &format!("{path}/x")).await,
        name if name.starts_with("json-ld") || name.starts_with("html") => {
            line.whole("text/html; charset=utf-8", &document(name)).await
        }
        name if name.starts_with("json") => line.whole("application/json", &document(name)).await,
        name if name.starts_with("xml") => line.whole("application/rss+xml", &document(name)).await,
        "bytes" | "empty" => line.whole("text/html", &document(&name)).await,
        name => wire(&mut line, name).await,
    }
}

async fn redirect(line: &mut Line<'_>, to: &str) -> io::Result<()> {
    line.send(format!(
        "HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    ))
    .await
}

/// Faults of the connection, the head, or the coding.
async fn wire(line: &mut Line<'_>, name: &str) -> io::Result<()> {
    const OK: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n";
    const DRIP: Duration = Duration::from_millis(20);
    let coded = |coding: &str| format!("{OK}content-encoding: {coding}\r\n\r\n");
    match name {
        "slow-head" => {
            line.send(OK).await?;
            line.again_and_again(b"x", DRIP).await
        }
        "slow-body" => {
            line.send(format!("{OK}content-length: 100000\r\n\r\n")).await?;
            line.again_and_again(b"x", DRIP).await
        }
        "silence" => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(())
        }
        "early-hints" => {
            let hints = "HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n".repeat(300);
            line.again_and_again(hints.as_bytes(), Duration::ZERO).await
        }
        "endless-body" => {
            line.send(format!("{OK}\r\n")).await?;
            line.again_and_again(&[b'a'; 64 << 10], Duration::ZERO).await
        }
        "announced-gigabyte" => {
            line.send(format!("{OK}content-length: {}\r\n\r\n", 1_u64 << 30)).await?;
            line.again_and_again(&[b'a'; 64 << 10], Duration::ZERO).await
        }
        "gzip-bomb" => {
            line.send(coded("gzip")).await?;
            let (first, next) = zeros();
            line.send(first).await?;
            line.send(next.repeat(1_023)).await
        }
        "brotli-bomb" => {
            line.send(coded("br")).await?;
            line.send(BASE64_STANDARD.decode(BROTLI_BOMB.replace(' ', "")).expect("base64")).await
        }
        "gzip-of-nothing" => {
            line.send(coded("gzip")).await?;
            line.send([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]).await?;
            line.again_and_again(&[0, 0, 0, 0xff, 0xff].repeat(10_000), Duration::ZERO).await
        }
        "gzip-file-bomb" => {
            let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
            for _ in 0..64 {
                packer.write_all(&[0; 1 << 20])?;
            }
            let file = packer.finish()?;
            line.whole("application/gzip", &file).await
        }
        "crumbs" => {
            line.send(format!("{OK}transfer-encoding: chunked\r\n\r\n")).await?;
            line.again_and_again("1\r\nx\r\n".repeat(5_000).as_bytes(), Duration::ZERO).await
        }
        "endless-headers" => {
            line.send(OK).await?;
            let mut n = 0_u64;
            loop {
                n += 1;
                line.send(format!("x-{n}: and so on\r\n").repeat(20)).await?;
            }
        }
        "endless-header" => {
            line.send(format!("{OK}x-long: ")).await?;
            line.again_and_again(&[b'a'; 16 << 10], Duration::ZERO).await
        }
        "no-http" => line.send("220 mail.example ESMTP ready\r\n").await,
        "length-too-long" => {
            line.send(format!("{OK}content-length: 100000\r\n\r\n<html>and then nothing")).await
        }
        "length-twice" => {
            line.send(format!("{OK}content-length: 5\r\ncontent-length: 7\r\n\r\n<html>")).await
        }
        "length-too-short" => {
            line.send(format!(
                "{OK}content-length: 10\r\nconnection: close\r\n\r\n[{{\"id\":\"1\",\"content\":\"cut\"}}]"
            ))
            .await
        }
        "chunk-too-long" => {
            line.send(format!("{OK}transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFFFF\r\nxxxx")).await
        }
        "gzip-broken" => {
            let body = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0xee; 200]].concat();
            line.send(format!("{OK}content-encoding: gzip\r\ncontent-length: {}\r\n\r\n", body.len()))
                .await?;
            line.send(body).await
        }
        _ => line.send("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await,
    }
}

/// Gzip of zeros that never ends: how it begins, and a piece that may follow as often as one likes, 1 MiB of zeros each.
fn zeros() -> (Vec<u8>, Vec<u8>) {
    let mut packer = Compress::new(Compression::best(), false);
    let mut piece = || {
        let mut out = Vec::with_capacity(8 << 10);
        packer.compress_vec(&[0; 1 << 20], &mut out, FlushCompress::Sync).expect("packed");
        out
    };
    let mut first = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    first.extend(piece());
    (first, piece())
}

/// Faults of what is said: well sent, and not to be read.
fn document(name: &str) -> Vec<u8> {
    // Without optimisation everything takes twenty times as long.
    const MANY: usize = if cfg!(debug_assertions) { 200_000 } else { 1_000_000 };
    let text = match name {
        "json-cut" => r#"[{"id":"1","content":"<p>cut in the middle of the wo"#.to_owned(),
        "json-deep" => "[".repeat(5 * MANY),
        "json-deep-objects" => r#"{"a":"#.repeat(MANY),
        "json-long-number" => format!("[{}", "7".repeat(5 * MANY)),
        "html-deep" => "<div>".repeat(MANY),
        "html-soup" => {
            let mut page = "<div itemprop=review itemscope>".repeat(1_900);
            page.push_str(&"</b><i itemprop=reviewBody>".repeat(MANY / 5));
            page
        }
        "html-same-words" => {
            let open = "<div itemscope itemtype=https://schema.org/Review>";
            format!(
                "<html>{open}{}{}",
                "<span itemprop=reviewBody><b>".repeat(900),
                "word <i>by</i> ".repeat(MANY / 4)
            )
        }
        "json-ld-deep" => {
            format!("<html><script type=\"application/ld+json\">{}", r#"{"review":"#.repeat(MANY))
        }
        "json-ld-commas" => format!("<html><script type=\"application/ld+json\">[{}", " ,".repeat(4 * MANY)),
        "json-ld-blocks" => {
            format!(
                "<html>{}",
                "<script type=\"application/ld+json\">{\"@type\":\"Thing\",}</script>".repeat(MANY / 10)
            )
        }
        "xml-deep" => format!("<?xml version=\"1.0\"?><rss><channel>{}", "<item>".repeat(MANY)),
        "xml-laughs" => {
            let mut entities = String::from("<!ENTITY a0 \"ha\">");
            for n in 1..40 {
                let below = format!("&a{};", n - 1).repeat(10);
                entities.push_str(&format!("<!ENTITY a{n} \"{below}\">"));
            }
            format!(
                "<?xml version=\"1.0\"?><!DOCTYPE rss [{entities}]><rss version=\"2.0\"><channel><title>&a39;</title><item>                 <guid>1</guid><title>One</title><description>&a39;&a39;</description></item></channel></rss>"
            )
        }
        "json-bytes" | "xml-bytes" | "bytes" => return bytes(name),
        _ => String::new(),
    };
    text.into_bytes()
}

/// Bytes that are no text in any character set.
fn bytes(name: &str) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let noise = |n: usize| -> Vec<u8> {
        (0..n)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 32) as u8 | 0x80
            })
            .collect()
    };
    let mut noise = noise;
    match name {
        "json-bytes" => [&b"[{\"id\":\"1\",\"content\":"[..], &noise(1 << 20), b"}]"].concat(),
        "xml-bytes" => {
            let head = b"<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><title>Notes</title><item><guid>1</guid><title>";
            [&head[..], &noise(2_000), b"</title></item></channel></rss>"].concat()
        }
        _ => noise(2 << 20),
    }
}
