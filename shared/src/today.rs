//! The overview of today: what changed since the last visit, five numbers, two lists.

use serde::{Deserialize, Serialize};

use crate::{Time, case::CaseCard, promoter::PromoterCard, source::Source};

/// One of the five numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figure {
    /// rating, positive_share, waiting, first_answer, won_back.
    pub name: String,
    /// The value now: stars 0–5, share 0–1, count, minutes, count. None where there is nothing to measure.
    pub value: Option<f64>,
    /// The same for the period before.
    pub before: Option<f64>,
    /// Lower end of the 95 % interval (Wilson), where it is a share.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// A small line: one value a week, oldest first; gaps are null.
    pub line: Vec<Option<f64>>,
}

/// What is said of one theme in the last 30 days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ThemeBalance {
    /// The theme's slug.
    pub theme: String,
    /// Mentions that are negative about it.
    pub negative: u64,
    /// Neither, or both.
    pub neutral: u64,
    /// Positive about it.
    pub positive: u64,
}

/// The Today page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Today {
    /// The owner's last visit; none on the first.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub since: Option<Time>,
    /// The service's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub now: Time,
    /// Cases nobody has answered yet.
    pub waiting: u64,
    /// Since when the longest of them waits.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub longest_waiting_since: Option<Time>,
    /// Mentions since the last visit (or in the last day).
    pub new_mentions: u64,
    /// Of these positive.
    pub new_positive: u64,
    /// Of these negative.
    pub new_negative: u64,
    /// The most urgent cases, at most 5.
    pub win_back: Vec<CaseCard>,
    /// The best promoters, at most 5.
    pub ask: Vec<PromoterCard>,
    /// The five numbers.
    pub figures: Vec<Figure>,
    /// What they talk about, most mentioned first.
    pub themes: Vec<ThemeBalance>,
    /// Sources that need the owner.
    pub ailing_sources: Vec<Source>,
    /// Matches waiting for the owner.
    pub doubtful_matches: u64,
    /// Nothing is watched yet.
    pub no_sources: bool,
}
