//! What an item of schema.org is: a review, a frame around other things, or a thing that people have an opinion on. It knows
//! types' names and nothing of what stands in the items.

use crate::reading::item::Item;

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
pub fn types<'i>(item: &'i Item<'_>) -> impl Iterator<Item = &'i str> {
    let list = item.at("@type").map(Item::as_list).unwrap_or_default();
    list.iter().filter_map(Item::as_text).map(|t| t.rsplit(['/', ':', '#']).next().unwrap_or(t))
}

/// Whether it is of one of these types.
pub fn is_a(item: &Item<'_>, names: &[&str]) -> bool {
    types(item).any(|t| names.iter().any(|n| n.eq_ignore_ascii_case(t)))
}

/// A comment that gives stars is a review by another name.
pub fn is_review(item: &Item<'_>) -> bool {
    is_a(item, &REVIEWS) || (is_a(item, &["Comment", "UserComments"]) && item.has("reviewRating"))
}
