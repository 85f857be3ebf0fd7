//! What is fed to which parser. A target fails by panicking, by taking too long, or by using too much memory; most check besides
//! that what comes out can be true.

use std::{collections::HashMap, hint::black_box, sync::OnceLock};

use goodword::{
    analysis::{Analyser, Input},
    connectors::{self, Connector, schema_org},
    fold,
    identity::names::{self, sounds},
    reading::{answer, blocked, charset, dates, markup, numbers, plain, relative, tree::Tree},
    wire::{Request, Response},
};

/// Name and parser.
pub const ALL: &[(&str, fn(&[u8]))] = &[
    ("analyse", analyse),
    ("answers", answers),
    ("charset", charset_),
    ("csv", csv),
    ("dates", dates_),
    ("feed", |data| read("feed", data)),
    ("mail", |data| read("mail", data)),
    ("markup", markup_),
    ("names", names_),
    ("numbers", numbers_),
    ("page", page),
    ("takeout", |data| read("google_takeout", data)),
];

/// Connectors that read answers of interfaces; the first byte chooses.
const INTERFACES: [&str; 24] = [
    "app_store",
    "google_play",
    "google_business",
    "google_places",
    "tripadvisor",
    "yelp",
    "trustpilot",
    "facebook",
    "instagram",
    "amazon",
    "woocommerce",
    "steam",
    "reddit",
    "hacker_news",
    "mastodon",
    "bluesky",
    "x",
    "youtube",
    "stack_exchange",
    "discourse",
    "github",
    "lemmy",
    "telegram",
    "gdelt",
];

fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

/// Looking a connector up makes every connector describe itself, which costs more than reading a short answer.
fn connector(slug: &str) -> &'static dyn Connector {
    static ALL: OnceLock<HashMap<String, &'static dyn Connector>> = OnceLock::new();
    ALL.get_or_init(|| connectors::all().iter().map(|c| (c.describe().slug, *c)).collect())[slug]
}

fn read(slug: &str, data: &[u8]) {
    let connector = connector(slug);
    let response = Response { status: 200, body: data.to_vec(), ..Response::default() };
    let request = Request { note: Some("1".into()), ..Request::get("https://reviews.example/list?page=1") };
    let now = dates::seconds(1_770_000_000);
    if let Ok(reading) = connector.read(&request, &response, now) {
        for mention in &reading.mentions {
            if let Some(rating) = mention.rating {
                assert!(rating.value.is_finite() && rating.best.is_finite(), "{rating:?}");
            }
        }
        for follow in &reading.follow {
            assert!(follow.url.starts_with("http"), "{follow:?}");
        }
    }
}

fn answers(data: &[u8]) {
    let Some((first, body)) = data.split_first() else { return };
    read(INTERFACES[usize::from(*first) % INTERFACES.len()], body);
}

fn page(data: &[u8]) {
    let text = text(data);
    drop(black_box(schema_org::read_page(&text)));
    black_box(blocked::block_page(&text));
    drop(black_box(answer::parse(&text)));
}

fn markup_(data: &[u8]) {
    let text = text(data);
    let mut seen = 0;
    for token in markup::html(&text) {
        if let markup::Token::Open { attributes, .. } = token {
            seen += attributes.iter().count();
        }
    }
    black_box(seen);
    for tree in [Tree::html(&text), Tree::xml(&text)].into_iter().flatten() {
        if let Some(root) = tree.elements().next() {
            black_box((root.text(), root.value().len()));
        }
    }
    let plain = plain::from_html(&text);
    assert!(plain.len() <= text.len() * 4 + 64, "{} became {}", text.len(), plain.len());
    black_box(plain::from_either(&text));
}

fn charset_(data: &[u8]) {
    let kinds = [
        None,
        Some("text/html; charset=utf-16"),
        Some("text/html; charset=shift_jis"),
        Some("charset=iso-2022-jp"),
    ];
    for kind in kinds {
        black_box(charset::decode(data, kind).len());
    }
}

fn csv(data: &[u8]) {
    read("csv", data);
    let text = text(data);
    for delimiter in [None, Some(";"), Some("\t")] {
        drop(black_box(connectors::csv::table::read(&text, delimiter)));
    }
}

fn dates_(data: &[u8]) {
    let text = text(data);
    let now = dates::seconds(1_770_000_000).expect("a time");
    black_box((dates::parse(&text), dates::instant(&text), relative::parse(&text, now)));
}

fn numbers_(data: &[u8]) {
    let text = text(data);
    if let Some(number) = numbers::decimal(&text) {
        assert!(number.is_finite(), "{number}");
    }
    black_box((numbers::whole(&text), numbers::shortened(&text)));
}

fn names_(data: &[u8]) {
    let text = text(data);
    let (a, b) = text.split_at(text.floor_char_boundary(text.len() / 2));
    black_box((fold::fold(&text), names::latin(&text), names::words(&text), names::handle_words(&text)));
    black_box((names::halves(a, Some(b), None), names::handle_key(&text), names::looks_like_handle(&text)));
    for word in names::words(a) {
        black_box((sounds::sound(&word), sounds::skeleton(&word), sounds::middle_swapped(&word)));
        black_box((sounds::one_apart(&word, b), sounds::halves(&word, word.len() / 2)));
    }
}

fn analyse(data: &[u8]) {
    static ANALYSER: OnceLock<Analyser> = OnceLock::new();
    let text = text(data);
    let analyser = ANALYSER.get_or_init(Analyser::fast);
    let analysis = analyser.analyse(&Input { text: &text, ..Input::default() });
    assert!((0.0..=1.0).contains(&analysis.severity), "{analysis:?}");
}
