//! What the owner's corrections have taught the analysis: its versions, how well each agrees with the owner, which one reads.

use serde::{Deserialize, Serialize};

use super::{endpoint, insights::Share};
use crate::{Time, case::Quote};

/// One question that was learnt, on labels that were left out of the learning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lesson {
    /// "sentiment", "theme parking", "intent safety".
    pub question: String,
    /// Agreement of the engine as shipped.
    pub shipped: Share,
    /// Agreement with what was learnt from the other labels. Where that is no more, the shipped answer stays.
    pub learnt: Share,
}

/// A mention that a version reads otherwise than the one before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// The words.
    pub quote: Quote,
    /// "negative → positive; no matter of safety".
    pub what: String,
}

/// One version of what was learnt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Version {
    /// From 1.
    pub number: u64,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub made_at: Time,
    /// Corrections that it learnt from.
    pub corrections: u64,
    /// Every question tried.
    pub lessons: Vec<Lesson>,
    /// It may be used: it does better than the engine as shipped.
    pub better: bool,
    /// Why it may, or may not, in words.
    pub why: String,
    /// Of the newest mentions that the owner has not corrected it reads so many otherwise than what was in use before it …
    pub changed: u64,
    /// … of so many.
    pub looked: u64,
    /// Some of them, at most ten; of the newest version only.
    pub differences: Vec<Difference>,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Learning {
    /// New versions that are better are used by themselves.
    pub follow: bool,
    /// The version that reads; none for the engine as shipped.
    pub in_use: Option<u64>,
    /// Mentions are being read again.
    pub rereading: bool,
    /// Newest first, at most twenty.
    pub versions: Vec<Version>,
}

/// Which version is to read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Choice {
    /// The newest that is better, now and as new ones come.
    pub follow: bool,
    /// Else this one, until something else is chosen; none for the engine as shipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

endpoint!(GetLearning, Get "/api/v1/learning", "What the owner’s corrections have taught the analysis", path: (), query: (), body: () => Learning);
endpoint!(LearnNow, Post "/api/v1/learning", "Learn now from all corrections", path: (), query: (), body: () => Learning);
endpoint!(ChooseLearning, Put "/api/v1/learning", "Choose the version that reads; stored mentions are read again", path: (), query: (), body: Choice => Learning);
