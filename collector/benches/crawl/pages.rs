//! The pages that are crawled, 150–300 KB each, no two alike: reviews in JSON-LD, in microdata, or by class names alone (hReview),
//! among what fills real pages (cards, menus, inline scripts and styles). And the server that gives them out.

use std::{net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Where the reviews stand.
pub const KINDS: [&str; 3] = ["json-ld", "microdata", "hreview"];

const REVIEWS: usize = 25;
const LEAST: usize = 150_000;
const MOST: usize = 300_000;

/// Serves until the process ends; prints the address first.
pub async fn serve() -> anyhow::Result<()> {
    println!("{}", start().await?);
    std::future::pending().await
}

/// Serves on a free port of loopback.
pub async fn start() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let filler = Arc::new(filler());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that goes away is no fault.
            tokio::spawn(answer(stream, filler.clone()));
        }
    });
    Ok(address)
}

async fn answer(mut stream: TcpStream, filler: Arc<Vec<String>>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut asked = Vec::new();
    loop {
        while !asked.ends_with(b"\r\n\r\n") {
            let mut piece = [0; 2_048];
            let n = stream.read(&mut piece).await?;
            if n == 0 {
                return Ok(());
            }
            asked.extend_from_slice(&piece[..n]);
        }
        let head = String::from_utf8_lossy(&asked).into_owned();
        asked.clear();
        let mut parts = head.split(' ').nth(1).unwrap_or_default().split('/').skip(1);
        let kind = parts.next().unwrap_or_default();
        let body = match parts.next().and_then(|n| n.parse().ok()) {
            Some(n) => page(kind, n, &filler),
            None => String::new(),
        };
        let status = if body.is_empty() { "404 Not Found" } else { "200 OK" };
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body.as_bytes()).await?;
    }
}

/// Page `n`: the same whenever it is asked for.
fn page(kind: &str, n: usize, filler: &[String]) -> String {
    let size = LEAST + n * 7_919 % (MOST - LEAST);
    let mut page = String::with_capacity(size + 2_000);
    page.push_str(&format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Loaf {n}: reviews</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" href=\"/site.css\">"
    ));
    let reviews: Vec<String> = (0..REVIEWS).map(|r| review(kind, n, r)).collect();
    if kind == "json-ld" {
        page.push_str(&format!(
            "<script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\"@type\":\"Product\",\"name\":\"Loaf {n}\",\
             \"aggregateRating\":{{\"@type\":\"AggregateRating\",\"ratingValue\":\"4.1\",\"reviewCount\":\"{REVIEWS}\"}},\
             \"review\":[{}]}}</script>",
            reviews.join(",")
        ));
    }
    page.push_str("</head><body>");
    let mut card = n * 31;
    let half = size / 2;
    while page.len() < half {
        page.push_str(&filler[card % filler.len()]);
        card += 1;
    }
    match kind {
        "microdata" => page.push_str(&format!(
            "<div itemscope itemtype=\"https://schema.org/Product\"><h1 itemprop=\"name\">Loaf {n}</h1>{}</div>",
            reviews.concat()
        )),
        "hreview" => page.push_str(&format!("<h1>Loaf {n}</h1><div class=\"reviews\">{}</div>", reviews.concat())),
        _ => page.push_str(&format!("<h1>Loaf {n}</h1>")),
    }
    while page.len() < size {
        page.push_str(&filler[card % filler.len()]);
        card += 1;
    }
    page.push_str("</body></html>");
    page
}

fn review(kind: &str, page: usize, number: usize) -> String {
    let author = format!("Guest {}", (page * 17 + number * 101) % 9_973);
    let stars = (page + number) % 5 + 1;
    let day = number % 27 + 1;
    let text = format!(
        "Visit {number} to number {page}: the crust was good, the crumb was better, and the waiting was neither. \
         We asked for {stars} slices &amp; got them. The people behind the counter know their trade, and say so. "
    )
    .repeat(2);
    match kind {
        "json-ld" => format!(
            "{{\"@type\":\"Review\",\"author\":{{\"@type\":\"Person\",\"name\":\"{author}\"}},\"datePublished\":\"2026-01-{day:02}\",\
             \"reviewRating\":{{\"@type\":\"Rating\",\"ratingValue\":\"{stars}\"}},\"reviewBody\":\"{text}\"}}"
        ),
        "microdata" => format!(
            "<div itemprop=\"review\" itemscope itemtype=\"https://schema.org/Review\"><span itemprop=\"author\">{author}</span>\
             <meta itemprop=\"datePublished\" content=\"2026-01-{day:02}\"><div itemprop=\"reviewRating\" itemscope \
             itemtype=\"https://schema.org/Rating\"><span itemprop=\"ratingValue\">{stars}</span></div>\
             <p itemprop=\"reviewBody\">{text}</p></div>"
        ),
        _ => format!(
            "<div class=\"hreview\"><span class=\"item\"><span class=\"fn\">Loaf {page}</span></span><span class=\"reviewer \
             vcard\"><span class=\"fn\">{author}</span></span><abbr class=\"dtreviewed\" title=\"2026-01-{day:02}\">January</abbr>\
             <span class=\"rating\">{stars}</span><p class=\"description\">{text}</p></div>"
        ),
    }
}

/// Pieces of which pages are filled: seven cards, a menu, a script, a style, and so on.
fn filler() -> Vec<String> {
    (0..600)
        .map(|n| match n % 10 {
            7 => format!(
                "<nav class=\"menu\"><ul><li><a href=\"/a/{n}\">Bread</a></li><li><a href=\"/b/{n}\">Cakes</a><ul><li><a \
                 href=\"/c/{n}\">Tarts</a></li></ul></li></ul></nav>\n"
            ),
            8 => format!(
                "<script>window.items=window.items||[];window.items.push({{\"id\":{n},\"price\":\"{}.50\",\"tags\":[\"rye\",\"seeds\"],\
                 \"html\":\"<b>{n}<\\/b>\"}});(function(){{var a=document.getElementById('i{n}');if(a&&a.dataset.x<{n}){{a.hidden=true}}\
                 }})();</script>\n",
                n % 9
            ),
            9 => format!("<style>.card-{n}>p{{margin:0 {n}px;color:#{:06x}}}.card-{n}:hover{{opacity:.9}}</style>\n", n * 977),
            _ => format!(
                "<div class=\"card card-{n}\" data-id=\"{n}\"><a href=\"/p/{n}?a=1&amp;b=2\"><img src=\"/i/{n}.jpg\" alt=\"Loaf {n}\" \
                 loading=\"lazy\" width=\"320\" height=\"240\"></a><div class=\"text\"><h3>Loaf number {n}</h3><p>A loaf of <b>rye</b> \
                 &amp; seeds, baked for a day, cooled for an hour and sold before noon; number {n} of many.</p><span \
                 class=\"price\">€ {}.80</span></div></div>\n",
                n % 12
            ),
        })
        .collect()
}
