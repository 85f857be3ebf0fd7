//! WooCommerce: the product reviews of one's own shop.

use goodword_shared::{
    Author, Kind, Mention, Rating, Time,
    mention::Subject,
    problem::{ProblemKind, SourceProblem},
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;

use super::{Connector, Cursor, Reading, Warning, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

const PER_PAGE: usize = 100;
const PAGES: u32 = 20;

/// WooCommerce.
pub struct WooCommerce;

impl Connector for WooCommerce {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "woocommerce".into(),
            title: "WooCommerce".into(),
            summary: "Product reviews of your own WooCommerce shop.".into(),
            route: Route::Api,
            legal_basis: "Your own shop's interface with your own key.".into(),
            storage: StorageRule::Keep,
            pace_ms: 500,
            every_minutes: 15,
            robots: false,
            how_to: "In WordPress open WooCommerce → Settings → Advanced → REST API, add a key with “Read”, and copy the \
                     consumer key and secret."
                .into(),
            fields: vec![
                settings::example(settings::required("base", "Shop", "The shop's address.", FieldType::Url), "https://shop.example.com"),
                settings::required("key", "Consumer key", "Begins with ck_.", FieldType::Secret),
                settings::required("secret", "Consumer secret", "Begins with cs_.", FieldType::Secret),
            ],
            recognises: vec!["https://shop.example.com/wp-json/wc/v3/".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        let known = url.path().contains("/wp-json/wc/") || url.path().contains("/wp-admin");
        let base = url.origin().ascii_serialization();
        known.then(|| (0.95, settings::values(&[("base", &base)]), format!("Shop {}", settings::host(&url))))
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        use base64::Engine as _;
        settings::need(values, "base", "the shop's address")?;
        let base = settings::base(values, "")?;
        let key = settings::need_secret(values, "key", "the consumer key")?;
        let secret = settings::need_secret(values, "secret", "the consumer secret")?;
        let mut pairs = vec![
            ("per_page", "100"),
            ("orderby", "date_gmt"),
            ("order", "desc"),
            ("status", "all"),
            ("page", "1"),
        ];
        pairs.extend(cursor.map(|c| ("after", c.as_str())));
        let url = settings::with_query(&format!("{base}/wp-json/wc/v3/products/reviews"), &pairs);
        let coded = base64::engine::general_purpose::STANDARD.encode(format!("{key}:{secret}"));
        let note = Some(format!("1 {}", cursor.map_or("", String::as_str)));
        Ok(Request { note, ..Request::get(url) }.header("authorization", format!("Basic {coded}")))
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_status(response, answer::From::Api)?;
        let body = answer::parse(&answer::text(response)?)?;
        let code = body.str("code").or_else(|| body.str("error"));
        if let Some(code) = code.filter(|_| body.has("message")) {
            let kind = match code {
                c if c.contains("invalid_id") || c.contains("no_route") => ProblemKind::NotFound,
                c if c.contains("cannot")
                    || c.contains("auth")
                    || c.contains("forbidden")
                    || c.contains("token") =>
                {
                    ProblemKind::Auth
                }
                _ => answer::class_of_words(body.str("message").unwrap_or(""))
                    .unwrap_or(ProblemKind::Malformed),
            };
            return Err(answer::problem(
                kind,
                format!("The shop says: {}", body.str("message").unwrap_or(code)),
            ));
        }
        let data = ["data", "product_reviews", "product_review", "previous"];
        let data = data.iter().find_map(|k| body.at(k)).unwrap_or(&body);
        let removed = body.truth("deleted") == Some(true);
        let list: Vec<(&Value, bool)> = match data {
            Value::Array(list) => list.iter().map(|item| (item, removed)).collect(),
            one if is_review(one) => vec![(one, removed)],
            // Several changes in one request.
            many if answer::is_other(many, &["create", "update", "delete"]) => {
                let kept = ["create", "update"].iter().flat_map(|k| many.list(k)).map(|item| (item, false));
                let taken = many.list("delete").iter();
                kept.chain(taken.map(|item| (item.at("previous").unwrap_or(item), true))).collect()
            }
            _ => return Err(answer::unsupported("This is no list of product reviews.")),
        };
        let mut reading = Reading::default();
        for (i, (item, removed)) in list.iter().enumerate() {
            match review(item).map(|mention| if *removed { gone(mention) } else { mention }) {
                Some(mention) => reading.mentions.push(mention),
                None => reading
                    .warnings
                    .push(Warning { warning: "This is no product review.".into(), at: format!("item {i}") }),
            }
        }
        let mut note = request.note.as_deref().unwrap_or("").split(' ');
        if let Some(page) = note.next().and_then(|n| n.parse::<u32>().ok()) {
            let before = note.next().filter(|s| !s.is_empty()).map(str::to_owned);
            reading.cursor =
                list.iter().filter_map(|(r, _)| r.string("date_created_gmt")).chain(before).max();
            if list.len() >= PER_PAGE && page < PAGES {
                let next = (page + 1).to_string();
                let note = Some(format!("{next} {}", reading.cursor.as_deref().unwrap_or("")));
                let url = settings::set_parameter(&request.url, "page", &next);
                reading.follow.extend(url.map(|u| Request {
                    headers: request.headers.clone(),
                    note,
                    ..Request::get(u)
                }));
            }
        }
        Ok(reading)
    }
}

fn is_review(item: &Value) -> bool {
    item.has("id") && ["review", "rating", "author_name"].iter().any(|k| item.has(k))
}

/// What the shop has removed, without words and name.
fn gone(mention: Mention) -> Mention {
    let Mention { external_id, kind, .. } = mention;
    Mention { external_id, kind, deleted: true, ..Mention::default() }
}

/// A review of a product, or a comment on a page of the same site.
fn review(item: &Value) -> Option<Mention> {
    if !is_review(item) {
        return None;
    }
    let when = ["date_created_gmt", "date_gmt", "created_at", "date_created"];
    let published = when.iter().find_map(|k| item.str(k)).and_then(dates::parse);
    let product = item.id("product_id");
    Some(Mention {
        external_id: Some(item.id("id")?),
        kind: if item.has("author_name") && item.str("type") != Some("review") {
            Kind::Comment
        } else {
            Kind::Review
        },
        url: item.string("link"),
        author: Author {
            name: ["reviewer", "reviewer_name", "name", "author_name"].iter().find_map(|k| item.string(k)),
            email: ["reviewer_email", "email"].iter().find_map(|k| item.string(k)),
            ..Author::default()
        },
        rating: item.float("rating").filter(|r| (1.0..=5.0).contains(r)).map(Rating::stars),
        text: plain::from_html(item.str("review").or_else(|| item.str("content.rendered")).unwrap_or("")),
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        subject: (product.is_some() || item.has("product_name")).then(|| Subject {
            id: product,
            name: item.string("product_name"),
            url: item.string("product_permalink"),
        }),
        verified: item.truth("verified"),
        ..Mention::default()
    })
}
