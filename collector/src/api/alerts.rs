//! Alerts: channels, rules, deliveries, and the alerts that the page shows.

use goodword_shared::{
    Problem,
    alert::{Alert, Channel, ChannelDescriptor, Delivery, Rule, RuleSettings},
    api::{
        ById, Page,
        alerts::{ChannelSettings, Rows},
    },
};

use super::{Caller, broke};
use crate::{
    actions::{
        admin::{self, AdminError},
        channels,
    },
    app::App,
};

/// Alerts are shown for so long.
const SHOWN: chrono::Duration = chrono::Duration::hours(48);

impl From<AdminError> for Problem {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::NotThere(what) => Problem::not_found(what),
            AdminError::Conflict(detail) => Problem::conflict(detail),
            AdminError::Invalid(errors) => {
                let first = errors.first().map(|e| e.detail.clone()).unwrap_or_default();
                Problem { errors, ..Problem::invalid(first) }
            }
            AdminError::Secret(error) => Problem::conflict(error.to_string()),
            AdminError::Store(_) | AdminError::Fetch(_) => broke(&error),
        }
    }
}

/// The kinds of channel. The page is there already and cannot be added.
pub async fn kinds(
    _app: App,
    _caller: Caller,
    (): (),
    (): (),
    (): (),
) -> Result<Vec<ChannelDescriptor>, Problem> {
    Ok(channels::all().iter().map(|c| c.describe()).collect())
}

/// The owner's channels.
pub async fn list_channels(
    app: App,
    _caller: Caller,
    (): (),
    (): (),
    (): (),
) -> Result<Vec<Channel>, Problem> {
    Ok(admin::channels(&app).await?)
}

/// Adds a channel.
pub async fn add_channel(
    app: App,
    caller: Caller,
    (): (),
    (): (),
    body: ChannelSettings,
) -> Result<Channel, Problem> {
    Ok(admin::add_channel(&app, &body, &caller.user.email).await?)
}

/// Changes a channel.
pub async fn put_channel(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: ChannelSettings,
) -> Result<Channel, Problem> {
    Ok(admin::change_channel(&app, &path.id, &body, &caller.user.email).await?)
}

/// Removes a channel.
pub async fn remove_channel(app: App, caller: Caller, path: ById, (): (), (): ()) -> Result<(), Problem> {
    Ok(admin::remove_channel(&app, &path.id, &caller.user.email).await?)
}

/// Sends a test.
pub async fn try_channel(app: App, _caller: Caller, path: ById, (): (), (): ()) -> Result<Delivery, Problem> {
    Ok(admin::try_channel(&app, &path.id).await?)
}

/// The owner's rules.
pub async fn list_rules(app: App, _caller: Caller, (): (), (): (), (): ()) -> Result<Vec<Rule>, Problem> {
    Ok(admin::rules(&app).await?)
}

/// Adds a rule.
pub async fn add_rule(app: App, caller: Caller, (): (), (): (), body: RuleSettings) -> Result<Rule, Problem> {
    Ok(admin::put_rule(&app, None, &body, &caller.user.email).await?)
}

/// Changes a rule.
pub async fn put_rule(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: RuleSettings,
) -> Result<Rule, Problem> {
    Ok(admin::put_rule(&app, Some(&path.id), &body, &caller.user.email).await?)
}

/// Removes a rule.
pub async fn remove_rule(app: App, caller: Caller, path: ById, (): (), (): ()) -> Result<(), Problem> {
    Ok(admin::remove_rule(&app, &path.id, &caller.user.email).await?)
}

/// What was sent, newest first.
pub async fn deliveries(
    app: App,
    _caller: Caller,
    (): (),
    query: Rows,
    (): (),
) -> Result<Page<Delivery>, Problem> {
    Ok(app.store.deliveries(query.offset.unwrap_or(0), query.limit.unwrap_or(50).min(200)).await?)
}

/// Alerts of the last two days.
pub async fn list(app: App, caller: Caller, (): (), (): (), (): ()) -> Result<Vec<Alert>, Problem> {
    Ok(app.store.alerts_since(caller.now - SHOWN).await?)
}
