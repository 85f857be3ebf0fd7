//! What an item of schema.org is: a review, a frame around other things, or a thing that people have an opinion on. It knows
//! types' names and nothing of what stands in the items.

use serde_json::Value;

use crate::reading::json::Pick;

/// Types of items that are no thing to have an opinion on: what stands in them is about the thing around.
pub const FRAMES: [&str; 12] = [
    "WebPage",
    "WebSite",
    "ItemList",
    "ListItem",
    "BreadcrumbList",
    "CollectionPage",
    "SearchResultsPage",
    "ItemPage",
    "FAQPage",
    "ProfilePage",
    "OfferCatalog",
    "SiteNavigationElement",
];

/// Types that are reviews.
const REVIEWS: [&str; 6] =
    ["Review", "UserReview", "CriticReview", "EmployerReview", "ReviewNewsArticle", "Recommendation"];

/// The last part of each type: `Review` of `https://schema.org/Review`.
pub fn types(item: &Value) -> impl Iterator<Item = &str> {
    let list: &[Value] = match item.at("@type") {
        Some(Value::Array(list)) => list,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    list.iter().filter_map(Value::as_str).map(|t| t.rsplit(['/', ':', '#']).next().unwrap_or(t))
}

/// Whether it is of one of these types.
pub fn is_a(item: &Value, names: &[&str]) -> bool {
    types(item).any(|t| names.iter().any(|n| n.eq_ignore_ascii_case(t)))
}

/// A comment that gives stars is a review by another name.
pub fn is_review(item: &Value) -> bool {
    is_a(item, &REVIEWS) || (is_a(item, &["Comment", "UserComments"]) && item.has("reviewRating"))
}
