//! Alerts: channels, rules, deliveries.

use serde::{Deserialize, Serialize};

use super::{ById, Page, endpoint};
use crate::{
    alert::{Alert, Channel, ChannelDescriptor, Delivery, Rule, RuleSettings},
    source::Values,
};

/// A channel to add or to replace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelSettings {
    /// The descriptor's slug.
    pub kind: String,
    /// The owner's name for it.
    pub name: String,
    /// Settings; an empty secret leaves the stored one.
    pub settings: Values,
    /// Whether it is used.
    pub enabled: bool,
}

/// Rows of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct Rows {
    /// Rows to leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Rows wanted, at most 200; 50 where not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

endpoint!(ListChannelKinds, Get "/api/v1/channel-kinds", "The kinds of channel and what each needs", path: (), query: (), body: () => Vec<ChannelDescriptor>);
endpoint!(ListChannels, Get "/api/v1/channels", "The owner's channels", path: (), query: (), body: () => Vec<Channel>);
endpoint!(AddChannel, Post "/api/v1/channels", "Add a channel", path: (), query: (), body: ChannelSettings => Channel);
endpoint!(PutChannel, Put "/api/v1/channels/{id}", "Change a channel", path: ById, query: (), body: ChannelSettings => Channel);
endpoint!(RemoveChannel, Delete "/api/v1/channels/{id}", "Remove a channel", path: ById, query: (), body: () => ());
endpoint!(TestChannel, Post "/api/v1/channels/{id}/test", "Send a test now and say what happened", path: ById, query: (), body: () => Delivery);
endpoint!(ListRules, Get "/api/v1/rules", "When is alerted", path: (), query: (), body: () => Vec<Rule>);
endpoint!(AddRule, Post "/api/v1/rules", "Add a rule", path: (), query: (), body: RuleSettings => Rule);
endpoint!(PutRule, Put "/api/v1/rules/{id}", "Change a rule", path: ById, query: (), body: RuleSettings => Rule);
endpoint!(RemoveRule, Delete "/api/v1/rules/{id}", "Remove a rule", path: ById, query: (), body: () => ());
endpoint!(ListDeliveries, Get "/api/v1/deliveries", "What was sent, newest first", path: (), query: Rows, body: () => Page<Delivery>);
endpoint!(ListAlerts, Get "/api/v1/alerts", "Alerts of the last 48 hours, newest first", path: (), query: (), body: () => Vec<Alert>);
