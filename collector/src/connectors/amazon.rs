//! Amazon: product pages and review lists that the owner saved from the browser. Nothing is fetched: Amazon forbids it.

use goodword_shared::{
    Author, Kind, Mention, Rating, Time,
    mention::{Engagement, Subject},
    problem::SourceProblem,
    source::{Descriptor, Route, StorageRule, Values},
};
use url::Url;

use super::{Connector, Cursor, Reading, settings};
use crate::{
    reading::{
        answer, dates, numbers, plain,
        tree::{Element, Tree},
    },
    wire::{Request, Response},
};

/// Saved pages of Amazon.
pub struct Amazon;

impl Connector for Amazon {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "amazon".into(),
            title: "Amazon".into(),
            summary: "Product reviews from pages that you saved in your browser.".into(),
            route: Route::Import,
            legal_basis: "Amazon forbids programs to fetch its pages; you may save what you see and import it.".into(),
            storage: StorageRule::Keep,
            pace_ms: 0,
            every_minutes: 0,
            robots: false,
            how_to: "Open the product's “See all reviews”, save the page (Ctrl+S), and import the file here. Repeat it for every \
                     page of reviews that matters to you."
                .into(),
            fields: Vec::new(),
            recognises: vec!["https://www.amazon.com/dp/B000000000".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        if !settings::host(&url).starts_with("amazon.") {
            return None;
        }
        let name = asin(url.as_str()).map_or_else(|| "Amazon".to_owned(), |a| format!("{a} on Amazon"));
        Some((0.95, Values::new(), name))
    }

    fn start(&self, _values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        Err(answer::unsupported(
            "Amazon forbids fetching its pages: save the page in your browser and import the file.",
        ))
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        let text = answer::page(response)?;
        let tree = Tree::html(&text).map_err(|e| answer::malformed(e.to_string()))?;
        let canonical =
            tree.elements().find(|e| e.is("link") && e.attribute("rel").is_some_and(|r| r == "canonical"));
        let canonical = canonical.and_then(|c| c.attribute("href").map(|h| h.into_owned()));
        let site = [Some(request.url.clone()), canonical.clone()]
            .into_iter()
            .flatten()
            .find_map(|u| Url::parse(&u).ok());
        let product = asin(&request.url).or_else(|| asin(canonical.as_deref()?)).or_else(|| asin(&text));
        // Where there is a list, what stands above it are highlights from it.
        let list = tree.elements().find(|e| e.attribute("id").is_some_and(|i| i == "cm_cr-review_list"));
        let mut reading = Reading::default();
        let is_review = |e: &Element<'_>| {
            let hook =
                e.attribute("data-hook").is_some_and(|h| h == "review" || h == "mobley-review-content");
            hook || (list.is_some()
                && e.has_class("review")
                && e.attribute("id").is_some_and(|i| i.starts_with('R')))
        };
        let elements: Vec<Element<'_>> = match list {
            Some(list) => list.descendants().filter(is_review).collect(),
            None => tree.elements().filter(is_review).collect(),
        };
        for element in elements {
            let mention = review(&element, site.as_ref(), product.as_deref());
            let known = |m: &Mention| reading.mentions.iter().any(|k| k.external_id == m.external_id);
            reading.mentions.extend(mention.filter(|m| m.external_id.is_none() || !known(m)));
        }
        let hooked =
            |hook: &str| tree.elements().find(|e| e.attribute("data-hook").is_some_and(|h| h == hook));
        reading.totals.count = hooked("total-review-count")
            .and_then(|e| numbers::whole(&e.text()))
            .and_then(|n| n.try_into().ok());
        if reading.mentions.is_empty() {
            answer::refuse_block_page(&text)?;
            if !answer::looks_like_html(&text) {
                return Err(answer::malformed("This is no saved page."));
            }
        }
        Ok(reading)
    }
}

/// The product's number in an address or a page.
fn asin(text: &str) -> Option<String> {
    for mark in ["/product-reviews/", "/dp/", "/gp/product/", "ASIN="] {
        let found = text
            .split(mark)
            .nth(1)
            .map(|r| r.chars().take_while(char::is_ascii_alphanumeric).collect::<String>());
        if let Some(asin) = found.filter(|a| a.len() == 10) {
            return Some(asin);
        }
    }
    None
}

fn hook<'t>(element: &Element<'t>, names: &[&str]) -> Option<Element<'t>> {
    element.find(|e| e.attribute("data-hook").is_some_and(|h| names.contains(&h.as_ref())))
}

/// The words of a part, in the original: without the shop's translation, stars and "Read more".
fn words(part: &Element<'_>) -> String {
    let original = part.by_class("cr-original-review-content").unwrap_or(*part);
    original.text_without(|e| {
        e.is("i")
            || e.is("input")
            || [
                "cr-translated-review-content",
                "a-expander-header",
                "a-icon-alt",
                "aok-hidden",
                "a-expander-prompt",
                "video-block",
            ]
            .iter()
            .any(|c| e.has_class(c))
            // "Read more", in whatever language.
            || e.attribute("data-hook").is_some_and(|h| h.starts_with("expand-collapse"))
    })
}

fn review(element: &Element<'_>, site: Option<&Url>, product: Option<&str>) -> Option<Mention> {
    let id = element.attribute("id").map(|i| i.into_owned()).filter(|i| !i.is_empty());
    let rating = element
        .by_class("review-rating")
        .or_else(|| hook(element, &["review-star-rating", "cmps-review-star-rating"]));
    // Names of the layout of 2024 stand beside the older ones.
    let body =
        hook(element, &["review-body", "reviewText", "reviewTextContainer", "reviewRichContentContainer"])
            .or_else(|| element.by_class("review-text"));
    let title = hook(element, &["review-title", "reviewTitle"]).or_else(|| element.by_class("review-title"));
    let date = hook(element, &["review-date"]).or_else(|| element.by_class("review-date"));
    if body.is_none() && rating.is_none() {
        return None;
    }
    let profile = element.by_class("a-profile").filter(|p| p.is("a")).or_else(|| element.by_class("author"));
    let name = element.by_class("a-profile-name").or_else(|| element.by_class("author")).map(|n| n.text());
    let absolute = |href: &str| site.and_then(|s| s.join(href).ok()).map(|u| cut(&u));
    let permalink =
        element.descendants().filter(|e| e.is("a")).filter_map(|a| a.attribute("href")).find(|h| {
            id.as_ref().is_some_and(|i| h.contains("/customer-reviews/") && h.contains(i.as_str()))
        });
    let published = date.and_then(|d| dates::parse(&d.text()));
    let helpful = hook(element, &["helpful-vote-statement"])
        .or_else(|| element.by_class("review-votes"))
        .map(|h| h.text());
    let badge = hook(element, &["avp-badge", "avp-badge-linkless"]).is_some()
        || element.by_class("review-data").is_some_and(|d| d.by_class("a-color-state").is_some());
    Some(Mention {
        external_id: id,
        kind: Kind::Review,
        url: permalink.and_then(|p| absolute(&p)),
        author: Author {
            name: name.filter(|n| !n.is_empty()),
            url: profile.and_then(|p| p.attribute("href")).and_then(|h| absolute(&h)),
            ..Author::default()
        },
        rating: rating.and_then(|r| stars(&r)).map(Rating::stars),
        title: title.map(|t| words(&t)).filter(|t| !t.is_empty()),
        text: body.map(|b| words(&b)).unwrap_or_default(),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        subject: product.map(|p| Subject { id: Some(p.to_owned()), ..Subject::default() }),
        engagement: helpful.filter(|h| !h.is_empty()).map(|h| Engagement {
            // "One person", "Una persona": a word instead of a figure.
            likes: Some(numbers::whole(&h).unwrap_or(1)),
            ..Engagement::default()
        }),
        verified: badge.then_some(true),
        ..Mention::default()
    })
}

/// An address without Amazon's reference marks.
fn cut(url: &Url) -> String {
    let address = format!("{}{}", url.origin().ascii_serialization(), url.path());
    address.split("/ref=").next().unwrap_or(&address).to_owned()
}

/// The class says it in figures in every language; the words only in some.
fn stars(element: &Element<'_>) -> Option<f64> {
    let class = element.attribute("class").unwrap_or_default();
    let figure =
        class.split(' ').find_map(|c| c.strip_prefix("a-star-").or_else(|| c.strip_prefix("a-star-mini-")));
    let stars = figure
        .and_then(|f| f.replace('-', ".").parse().ok())
        .or_else(|| numbers::of_scale(&plain::entities(&element.text())).map(|(value, _)| value));
    stars.filter(|s| (1.0..=5.0).contains(s))
}
