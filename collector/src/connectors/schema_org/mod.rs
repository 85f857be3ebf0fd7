//! Reviews on any page that marks them up for machines: JSON-LD first, then microdata and RDFa, then hReview. All but hReview
//! become the same graph of items, read by one reader. It knows schema.org's words and no particular site.

use std::collections::HashSet;

use goodword_shared::{
    Time,
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use memchr::memmem;
use url::Url;

use super::{Connector, Cursor, Reading, Warning, settings};
use crate::{
    reading::{answer, item::Item, tree::Tree},
    wire::{Request, Response},
};

mod graph;
mod hreview;
mod json_ld;
mod kinds;
mod microdata;
mod names;
mod properties;
mod values;

use graph::{Graph, Place};

/// Pages of one run, where a page names its next one.
const PAGES: u32 = 10;

/// Any page with marked-up reviews.
pub struct SchemaOrg;

impl Connector for SchemaOrg {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "schema_org".into(),
            title: "Page with reviews".into(),
            summary: "Reviews and the overall rating on any page that marks them up for search engines.".into(),
            route: Route::Page,
            legal_basis: "Your own shop or site, or a directory whose terms allow it; robots.txt is asked first, and a page \
                          that keeps programs out is left alone."
                .into(),
            storage: StorageRule::Keep,
            pace_ms: 5_000,
            every_minutes: 360,
            robots: true,
            how_to: "Paste the address of the page on which the reviews stand, and look at the preview: most shops and many \
                     directories mark reviews up for search engines, and what search engines can read, Goodword can read. \
                     If the preview stays empty, the page shows its reviews to people only."
                .into(),
            fields: vec![settings::example(
                settings::required("url", "Address", "The page on which the reviews stand.", FieldType::Url),
                "https://www.example.com/reviews",
            )],
            recognises: vec!["https://www.example.com/product".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        Some((0.2, settings::values(&[("url", url.as_str())]), settings::host(&url).to_owned()))
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let text = settings::need(values, "url", "the page's address")?;
        let url = settings::pasted(text).ok_or_else(|| {
            answer::unsupported(format!("“{text}” is no web address: it should begin with https://."))
        })?;
        Ok(Request { robots: true, note: Some("1".into()), ..Request::get(url) })
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let page = answer::page(response)?;
        let place = Place { url: [&response.url, &request.url].iter().find_map(|u| Url::parse(u).ok()), now };
        let mut reading = read_page_at(&page, &place)?;
        let number = request.note.as_deref().and_then(|n| n.parse::<u32>().ok());
        if let Some(number) = number.filter(|n| *n < PAGES && !reading.mentions.is_empty()) {
            let here = if response.url.is_empty() { &request.url } else { &response.url };
            reading.follow.extend(next_page(&page, here).map(|url| Request {
                robots: true,
                note: Some((number + 1).to_string()),
                ..Request::get(url)
            }));
        }
        Ok(reading)
    }
}

/// Reads a page's text. Public for the benchmark and the fuzzers: everything but the status and the character set.
pub fn read_page(page: &str) -> Result<Reading, SourceProblem> {
    read_page_at(page, &Place::default())
}

/// The same for a page whose address, or the time of whose reading, is known.
fn read_page_at(page: &str, place: &Place) -> Result<Reading, SourceProblem> {
    let start = page.trim_start_matches('\u{feff}').trim_start();
    if start.is_empty() {
        return Err(answer::malformed("The answer is empty."));
    }
    let mut reading = Reading::default();
    let mut graph = Graph::new(place.clone());
    if start.starts_with(['{', '[']) {
        let value = answer::parse(start)?;
        let said = answer::said(&value);
        graph.add(&value.into());
        graph.finish(&mut reading);
        return match said.filter(|_| reading.mentions.is_empty()) {
            Some(problem) => Err(problem),
            None => Ok(reading),
        };
    }
    if !start.contains('<') {
        return Err(answer::malformed("This is no page."));
    }
    for (number, script) in json_ld::scripts(page).enumerate() {
        let (values, whole) = json_ld::parse(script);
        let long = names::are_long(script);
        for value in values {
            graph.add(&if long { names::shortened(value) } else { value });
        }
        if !whole && !script.trim().is_empty() {
            let warning =
                "A block of machine-readable data (JSON-LD) is broken; what stands in it may be missing."
                    .into();
            reading.warnings.push(Warning { warning, at: format!("JSON-LD block {}", number + 1) });
        }
    }
    graph.finish(&mut reading);
    if reading.mentions.is_empty() || has_marked_reviews(page) {
        from_markup(page, place, &mut reading)?;
    }
    if reading.mentions.is_empty() {
        answer::refuse_block_page(page)?;
    }
    Ok(reading)
}

/// Whether the markup itself names reviews: then JSON-LD may hold only some of them.
fn has_marked_reviews(page: &str) -> bool {
    let bytes = page.as_bytes();
    let name = b"schema.org/Review";
    memmem::find_iter(bytes, name).any(|at| {
        let before = &page[page.floor_char_boundary(at.saturating_sub(60))..at];
        matches!(bytes.get(at + name.len()), Some(b'"' | b'\''))
            && (before.contains("itemtype") || before.contains("typeof"))
    })
}

fn from_markup(page: &str, place: &Place, reading: &mut Reading) -> Result<(), SourceProblem> {
    let bytes = page.as_bytes();
    let has = |needle: &[u8]| memmem::find(bytes, needle).is_some();
    let marked =
        has(b"itemprop") || has(b"itemtype") || has(b"typeof") || has(b"itemProp") || has(b"ITEMPROP");
    let classes = has(b"hreview") || has(b"h-review");
    // Built also where nothing is marked up: a page that no person could have written is refused rather than called empty.
    let tree = Tree::html(page).map_err(|e| answer::malformed(e.to_string()))?;
    if marked {
        let known = std::mem::take(&mut reading.mentions);
        let mut graph = Graph::new(place.clone());
        let (items, cut) = microdata::items(&tree)?;
        // One block: two guests who leave the same stars without a word are two.
        graph.add(&Item::List(items.into_iter().map(Item::from).collect()));
        if cut {
            let warning = "The page is cut off; its last reviews may be missing or incomplete.".into();
            reading.warnings.push(Warning { warning, at: "end of the page".into() });
        }
        graph.finish(reading);
        let found = std::mem::take(&mut reading.mentions);
        let given: HashSet<(Option<String>, String)> =
            known.iter().map(|m| (m.author.name.clone(), squeezed(&m.text))).collect();
        reading.mentions = known;
        let fresh =
            found.into_iter().filter(|m| !given.contains(&(m.author.name.clone(), squeezed(&m.text))));
        reading.mentions.extend(fresh);
    }
    if classes {
        hreview::read(&tree, place, reading);
    }
    Ok(())
}

/// The beginning of a text without white space, to tell the same review in two syntaxes.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).take(80).collect()
}

/// The address in `<link rel="next">` or `<a rel="next">`.
fn next_page(page: &str, here: &str) -> Option<String> {
    let at = memmem::find(page.as_bytes(), b"rel=\"next\"")?;
    let start = page[..at].rfind('<')?;
    let end = at + page[at..].find('>')?;
    let tag = &page[start..=end];
    let token = crate::reading::markup::html(tag).next()?;
    let crate::reading::markup::Token::Open { attributes, .. } = token else { return None };
    let next = url::Url::parse(here).ok()?.join(&attributes.get("href")?).ok()?;
    (next.as_str() != here).then(|| next.into())
}
