//! Settings that the owner changes in the dashboard. Defaults are those of the shipped configuration.

use serde::{Deserialize, Serialize};

/// The business and its thresholds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    /// The business's name.
    pub business: String,
    /// Currency of customer values, as printed: "€".
    pub currency: String,
    /// The promise: hours until a complaint is answered.
    pub promise_hours: f64,
    /// Unhappy at or below this share of the scale.
    pub unhappy_rating_share: f64,
    /// Unhappy where negative with at least this confidence.
    pub unhappy_confidence: f64,
    /// A case opens only for mentions of the last so many days.
    pub case_days: u32,
    /// Promoter where positive with at least this confidence …
    pub promoter_confidence: f64,
    /// … or rated at least this share of the scale.
    pub promoter_rating_share: f64,
    /// Only mentions of the last so many days make a promoter.
    pub promoter_days: u32,
    /// Never asked again within so many days.
    pub ask_again_days: u32,
    /// Alerts only for mentions published within so many hours.
    pub alert_hours: u32,
    /// Authors are recognised as customers at all.
    pub match_authors: bool,
    /// Of the links that are made without asking, at least this share is to be right.
    pub match_precision: f64,
    /// Mail addresses, the handles in them and telephone numbers are compared, as hashes.
    pub match_contacts: bool,
    /// The contact that the User-Agent names: a mail or web address.
    pub contact: String,
    /// The owner's own themes, beside the shipped ones.
    pub themes: Vec<OwnTheme>,
}

/// A theme of the owner's own: what its words name, or what sentences like its examples are about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnTheme {
    /// As it is shown: "Parking".
    pub name: String,
    /// Words and phrases that name it; a trailing `*` stands for any ending.
    pub words: Vec<String>,
    /// Sentences about it.
    pub examples: Vec<String>,
}

impl OwnTheme {
    /// What it is called in analyses.
    pub fn key(&self) -> String {
        theme_key(&self.name)
    }
}

/// What a theme of that name is called in analyses: in small letters, with single blanks.
pub fn theme_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            business: String::new(),
            currency: "€".into(),
            promise_hours: 24.0,
            unhappy_rating_share: 0.4,
            unhappy_confidence: 0.6,
            case_days: 14,
            promoter_confidence: 0.7,
            promoter_rating_share: 0.8,
            promoter_days: 365,
            ask_again_days: 180,
            alert_hours: 48,
            match_authors: true,
            match_precision: 0.95,
            match_contacts: true,
            contact: String::new(),
            themes: Vec::new(),
        }
    }
}
