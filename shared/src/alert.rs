//! Alerts: what tells the owner, by which channel, by which rule; and what became of each delivery.

use serde::{Deserialize, Serialize};

use crate::{
    Label, Time,
    id::{CaseId, ChannelId, DeliveryId, MentionId, RuleId, SourceId},
    source::{Field, Values},
};

/// A channel kind's account of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelDescriptor {
    /// `email`, `webhook`, `page`.
    pub slug: String,
    /// "E-mail".
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// What it needs.
    pub fields: Vec<Field>,
}

/// A channel the owner has set up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Channel {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: ChannelId,
    /// The descriptor's slug.
    pub kind: String,
    /// The owner's name for it.
    pub name: String,
    /// Settings; secrets are empty.
    pub settings: Values,
    /// Whether it is used.
    pub enabled: bool,
    /// How the last delivery went.
    pub last_delivery: Option<Delivery>,
}

/// When to alert, by which channels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleSettings {
    /// The owner's name for it.
    pub name: String,
    /// Whether it is used.
    pub enabled: bool,
    /// Sentiments that fire it; empty is every unhappy mention (the open definition).
    pub labels: Vec<Label>,
    /// Fires at or below this share of the scale (0.4 is 2 of 5 stars).
    pub rating_at_most: Option<f64>,
    /// Only these connectors; empty is all.
    pub connectors: Vec<String>,
    /// Only these themes; empty is all.
    pub themes: Vec<String>,
    /// At least this severity, 0–1.
    pub severity_at_least: Option<f64>,
    /// Which channels.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub channels: Vec<ChannelId>,
}

impl RuleSettings {
    /// In use: every unhappy mention, by these channels.
    pub fn unhappy(name: impl Into<String>, channels: Vec<ChannelId>) -> Self {
        Self {
            name: name.into(),
            enabled: true,
            labels: Vec::new(),
            rating_at_most: None,
            connectors: Vec::new(),
            themes: Vec::new(),
            severity_at_least: None,
            channels,
        }
    }
}

/// A rule in the store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rule {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: RuleId,
    /// What it says.
    #[serde(flatten)]
    pub settings: RuleSettings,
    /// How often it would have fired in the last 30 days.
    pub fired_30_days: u64,
}

/// What became of an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DeliveryState {
    /// Not yet carried out, or to be tried again.
    Waiting,
    /// Carried out.
    Done,
    /// Given up after all tries.
    Failed,
}

impl DeliveryState {
    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            DeliveryState::Waiting => "waiting",
            DeliveryState::Done => "done",
            DeliveryState::Failed => "failed",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [DeliveryState::Waiting, DeliveryState::Done, DeliveryState::Failed]
            .into_iter()
            .find(|s| s.as_str() == name)
    }
}

/// One effect of the outbox as the owner sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: DeliveryId,
    /// The channel's name.
    pub channel: String,
    /// What it told: "New negative review by Ada K.".
    pub subject: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub tries: u32,
    /// What the last try said.
    pub detail: Option<String>,
    /// When it was decided.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Time,
    /// When it was carried out.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub done_at: Option<Time>,
}

/// An alert as shown in the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alert {
    /// The mention it is about.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub mention_id: MentionId,
    /// The case it opened.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub case_id: Option<CaseId>,
    /// The source that it is about, where it is about no mention: one that fails, falls silent or is well again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub source_id: Option<SourceId>,
    /// "Ada K. is unhappy".
    pub title: String,
    /// Their words, shortened.
    pub text: String,
    /// Where.
    pub source: String,
    /// When it was published, else collected.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Time,
}

/// What the page is told while it is open (server-sent events, field `type`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Event {
    /// A new negative mention.
    Alert(Alert),
    /// Mentions came in: how many.
    Mentions {
        /// How many.
        new: u32,
        /// From which source.
        source: String,
    },
    /// Lists of this name have changed: cases, promoters, sources, matches, customers, deliveries.
    Changed {
        /// The list's name.
        what: String,
    },
}
