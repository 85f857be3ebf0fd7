//! Insights: how opinion moves, with intervals rather than false precision, and how often the analysis agrees with the owner.

use serde::{Deserialize, Serialize};

use super::endpoint;
use crate::{Label, case::Quote};

/// A share of some, with its 95 % interval (Wilson's).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Share {
    /// How many.
    pub some: u64,
    /// Of how many.
    pub of: u64,
    /// 0–1.
    pub low: f64,
    /// 0–1.
    pub high: f64,
}

/// A calendar month, in UTC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Month {
    /// `2026-03`.
    pub month: String,
    /// Happy ones, of all that was said.
    pub happy: Share,
    /// Unhappy ones, of all that was said.
    pub unhappy: Share,
}

/// What is said about one theme, in the last 90 days and in the 90 before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ThemeTrend {
    /// Which.
    pub theme: String,
    /// Unhappy ones, of all that was said about it lately.
    pub now: Share,
    /// The same before.
    pub before: Share,
    /// Better (true) or worse (false) than before; none where the difference may be chance.
    pub better: Option<bool>,
}

/// A mention on which the analysis and the owner disagree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Disagreement {
    /// The words, with the owner's label.
    pub quote: Quote,
    /// What the analysis says of it now.
    pub analysis: Label,
}

/// How often the analysis, as it is now, agrees with the labels that the owner has given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Accuracy {
    /// Agreement, of the newest labels, at most 2,000.
    pub right: Share,
    /// Where it is unsure of itself it says so: how many of the labels that concerns.
    pub unsure: u64,
    /// Agreement where it was sure.
    pub right_when_sure: Share,
    /// The newest disagreements, at most ten.
    pub wrong: Vec<Disagreement>,
}

/// The page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Insights {
    /// The last twelve months, oldest first; months in which nothing was said are absent.
    pub months: Vec<Month>,
    /// Themes, those with most unhappy words first, at most twelve.
    pub themes: Vec<ThemeTrend>,
    /// Against the owner's labels.
    pub accuracy: Accuracy,
}

endpoint!(GetInsights, Get "/api/v1/insights", "Trends with intervals, and the analysis against the owner’s own labels", path: (), query: (), body: () => Insights);
