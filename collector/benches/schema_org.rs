//! How long the reader of marked-up pages takes, against html5ever's bare parse of the same page in the same run.
//! `cargo bench -p goodword --bench schema_org`

use std::time::Instant;

use divan::{Bencher, black_box};
use goodword::{
    connectors::{self, schema_org::read_page},
    wire::{Request, Response},
};
use scraper::Html;

fn main() {
    ratios();
    divan::main();
}

/// Words to fill pages with.
fn filler(size: usize) -> String {
    let mut text = String::with_capacity(size + 200);
    let mut n = 0u32;
    while text.len() < size {
        n += 1;
        text.push_str(&format!(
            "<div class=\"card card-{n}\"><a href=\"/p/{n}?a=1&amp;b=2\"><img src=\"/i/{n}.jpg\" alt=\"Loaf {n}\"></a><p>A loaf \
             of <b>rye</b> &amp; seeds, number {n}.</p></div>\n"
        ));
    }
    text
}

fn review(n: usize) -> (String, String) {
    let text = format!("Number {n}: the crust was good, the crumb was better, and the waiting was neither. ")
        .repeat(3);
    (format!("Guest {n}"), text)
}

/// A page whose reviews stand in JSON-LD.
fn json_ld_page(size: usize) -> String {
    let reviews: Vec<String> = (0..20)
        .map(|n| {
            let (author, text) = review(n);
            format!(
                r#"{{"@type":"Review","author":{{"@type":"Person","name":"{author}"}},"datePublished":"2026-01-{:02}","reviewRating":{{"@type":"Rating","ratingValue":"{}"}},"reviewBody":"{text}"}}"#,
                n + 1,
                n % 5 + 1
            )
        })
        .collect();
    let script = format!(
        r#"<script type="application/ld+json">{{"@context":"https://schema.org","@type":"Product","name":"Rye","aggregateRating":{{"ratingValue":"4.2","reviewCount":"20"}},"review":[{}]}}</script>"#,
        reviews.join(",")
    );
    let body = filler(size - script.len());
    format!("<!DOCTYPE html><html><head><title>Rye</title>{script}</head><body>{body}</body></html>")
}

/// A page whose reviews stand in microdata.
fn microdata_page(size: usize) -> String {
    let reviews: String = (0..40)
        .map(|n| {
            let (author, text) = review(n);
            format!(
                r#"<div itemprop="review" itemscope itemtype="https://schema.org/Review"><span itemprop="author">{author}</span><meta itemprop="datePublished" content="2026-01-10"><div itemprop="reviewRating" itemscope itemtype="https://schema.org/Rating"><span itemprop="ratingValue">{}</span></div><p itemprop="reviewBody">{text}</p></div>"#,
                n % 5 + 1
            )
        })
        .collect();
    let body = filler(size - reviews.len());
    format!(
        "<!DOCTYPE html><html><head><title>Rye</title></head><body>{body}<div itemscope itemtype=\"https://schema.org/Product\"><h1 itemprop=\"name\">Rye</h1>{reviews}</div></body></html>"
    )
}

fn nested(size: usize) -> String {
    "<div>".repeat(size / 5)
}

/// Nested to just below what is refused, and full of end tags that match nothing.
fn hostile(size: usize) -> String {
    let mut page = "<div itemprop=review itemscope>".repeat(1_900);
    while page.len() < size {
        page.push_str("</b><i itemprop=reviewBody>");
    }
    page
}

/// The median of some runs, milliseconds.
fn median(runs: usize, mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn ratios() {
    println!("{:<34} {:>10} {:>14} {:>8}", "page", "goodword", "html5ever", "ratio");
    for (name, page) in [
        ("200 KB, JSON-LD", json_ld_page(200_000)),
        ("200 KB, microdata", microdata_page(200_000)),
        ("1 MB, microdata", microdata_page(1_000_000)),
    ] {
        let ours = median(41, || drop(black_box(read_page(black_box(&page)))));
        let bare = median(11, || drop(black_box(Html::parse_document(black_box(&page)))));
        println!("{name:<34} {ours:>7.3} ms {bare:>11.3} ms {:>8.3}", ours / bare);
    }
    for (name, page) in
        [("5 MB, nothing but nested <div>", nested(5_000_000)), ("5 MB, hostile soup", hostile(5_000_000))]
    {
        let ours = median(5, || drop(black_box(read_page(black_box(&page)))));
        println!("{name:<34} {ours:>7.3} ms {:>14} {:>8}", "-", "-");
    }
}

/// From the bytes, as the engine calls it: status, character set and all.
#[divan::bench(args = ["json_ld", "microdata"])]
fn from_bytes(bencher: Bencher<'_, '_>, kind: &str) {
    let page = if kind == "json_ld" { json_ld_page(200_000) } else { microdata_page(200_000) };
    let response = Response { status: 200, body: page.into_bytes(), ..Response::default() };
    let connector = connectors::by_slug("schema_org").expect("a connector");
    bencher.bench_local(|| connector.read(&Request::get(""), black_box(&response), None));
}

#[divan::bench]
fn html5ever_bare(bencher: Bencher<'_, '_>) {
    let page = microdata_page(200_000);
    bencher.bench_local(|| Html::parse_document(black_box(&page)));
}
