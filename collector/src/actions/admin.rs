//! The owner's hand on channels and rules: add, change, remove, try. Settings are checked against the channel's own schema,
//! secrets are sealed, and everything is recorded.

use goodword_shared::{
    Time,
    alert::{Alert, Channel, Delivery, Rule, RuleSettings},
    api::alerts::ChannelSettings,
    problem::FieldError,
    source::{FieldType, Values, faults},
};

use super::{
    carry::Carrier,
    channels::{self, PAGE},
    outbox,
};
use crate::{
    app::App,
    clock,
    fetch::FetchError,
    secrets::{self, SecretError, Secrets},
    store::{AuditEntry, NewEffect, StoreError, StoredChannel, StoredRule, new_id},
};

/// Keys of deliveries that the owner asked for to try a channel.
pub(super) const TEST_KEY: &str = "test.";

/// The table that channels' secrets are bound to.
const TABLE: &str = "channels";

/// The name under which the store remembers that the first channel and rule were made, so that a removed one stays removed.
const SET_UP: &str = "alerts_set_up";

/// Why something cannot be done with a channel or rule.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// There is no such thing.
    #[error("There is no such {0}.")]
    NotThere(&'static str),
    /// Fields with faults.
    #[error("{}", .0.first().map_or("", |e| e.detail.as_str()))]
    Invalid(Vec<FieldError>),
    /// It contradicts what is there.
    #[error("{0}")]
    Conflict(&'static str),
    /// Stored secrets cannot be opened.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Nothing can be sent.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Result<T> = std::result::Result<T, AdminError>;

/// On the first start: the page as a channel, and the rule "Every unhappy mention" for it. Later calls do nothing.
pub async fn set_up(app: &App) -> Result<()> {
    let now = clock::now();
    let channel = StoredChannel {
        id: new_id(),
        kind: PAGE.into(),
        name: "In the page".into(),
        settings: Values::new(),
        secrets: None,
        enabled: true,
        created_at: now,
    };
    let settings = RuleSettings::unhappy("Every unhappy mention", vec![channel.id.clone().into()]);
    let rule = StoredRule { id: new_id(), settings, created_at: now };
    app.store.set_up_alerts(SET_UP, &channel, &rule).await?;
    Ok(())
}

/// Every channel as it is shown.
pub async fn channels(app: &App) -> Result<Vec<Channel>> {
    let mut list = Vec::new();
    for stored in app.store.channels().await? {
        list.push(shown(app, stored).await?);
    }
    Ok(list)
}

/// Adds a channel. Secrets that Goodword made are in the answer, this once. Where there is a single rule, it alerts by the
/// new channel too: who adds a channel wants to hear by it.
pub async fn add_channel(app: &App, new: &ChannelSettings, by: &str) -> Result<Channel> {
    let channel =
        channels::by_slug(&new.kind).ok_or_else(|| invalid("kind", "There is no such kind of channel."))?;
    if new.kind == PAGE && app.store.channels().await?.iter().any(|c| c.kind == PAGE) {
        return Err(AdminError::Conflict("The page is a channel already."));
    }
    let mut values = new.settings.clone();
    let mut made = Values::new();
    for (name, value) in channel.generate(&rand::random()) {
        if values.get(&name).is_none_or(|given| given.trim().is_empty()) {
            values.insert(name.clone(), value.clone());
            made.insert(name, value);
        }
    }
    let (open, secrets) = checked(channel, &values, &Secrets::new())?;
    let id = new_id();
    let stored = StoredChannel {
        secrets: app.sealer.seal_fields(TABLE, &id, &secrets),
        id,
        kind: new.kind.clone(),
        name: named(channel, &new.name),
        settings: open,
        enabled: new.enabled,
        created_at: clock::now(),
    };
    app.store.put_channel(&stored).await?;
    if let [rule] = app.store.rules().await?.as_mut_slice() {
        rule.settings.channels.push(stored.id.clone().into());
        app.store.put_rule(rule).await?;
    }
    record(app, by, "channel", &stored.id, format!("Added the channel “{}” ({}).", stored.name, stored.kind))
        .await?;
    let mut view = shown(app, stored).await?;
    view.settings.extend(made);
    Ok(view)
}

/// Changes a channel; its kind stays, and so do secrets that are left empty.
pub async fn change_channel(app: &App, id: &str, new: &ChannelSettings, by: &str) -> Result<Channel> {
    let mut stored = app.store.channel(id).await?.ok_or(AdminError::NotThere("channel"))?;
    if !new.kind.is_empty() && new.kind != stored.kind {
        return Err(AdminError::Conflict("A channel's kind stays; add another channel instead."));
    }
    let channel = channels::by_slug(&stored.kind).ok_or(AdminError::NotThere("kind of channel"))?;
    // Secrets sealed with a lost key are as good as empty: the owner enters them again.
    let kept = app.sealer.unseal_fields(TABLE, id, stored.secrets.as_deref()).unwrap_or_default();
    let (open, secrets) = checked(channel, &new.settings, &kept)?;
    stored.name = named(channel, &new.name);
    stored.settings = open;
    stored.secrets = app.sealer.seal_fields(TABLE, id, &secrets);
    stored.enabled = new.enabled;
    app.store.put_channel(&stored).await?;
    record(app, by, "channel", id, format!("Changed the channel “{}”.", stored.name)).await?;
    shown(app, stored).await
}

/// Removes a channel; the page stays.
pub async fn remove_channel(app: &App, id: &str, by: &str) -> Result<()> {
    let stored = app.store.channel(id).await?.ok_or(AdminError::NotThere("channel"))?;
    if stored.kind == PAGE {
        return Err(AdminError::Conflict("The page is always a channel; it can be switched off."));
    }
    app.store.remove_channel(id, clock::now()).await?;
    record(app, by, "channel", id, format!("Removed the channel “{}”.", stored.name)).await
}

/// Sends a test now, whatever the rules say, and tells what came of it. A test is not tried again by itself.
pub async fn try_channel(app: &App, id: &str) -> Result<Delivery> {
    let stored = app.store.channel(id).await?.ok_or(AdminError::NotThere("channel"))?;
    let now = clock::now();
    let key = format!("{TEST_KEY}{}", new_id());
    let alert = Alert {
        mention_id: key.clone().into(),
        case_id: None,
        source_id: None,
        title: "A test from Goodword".into(),
        text: "This is how an alert reaches you. If you can read it, the channel works.".into(),
        source: "Goodword".into(),
        at: now,
    };
    let effect = NewEffect { key, channel_id: stored.id, subject: "A test".into(), alert };
    let claimed = app.store.add_claimed_effect(&effect, now, outbox::lease(now)).await?;
    outbox::deliver(app, &Carrier::new(app)?, &claimed).await?;
    app.store.delivery(&claimed.id).await?.ok_or(AdminError::NotThere("delivery"))
}

/// Every rule with its 30 days.
pub async fn rules(app: &App) -> Result<Vec<Rule>> {
    let mut list = Vec::new();
    for stored in app.store.rules().await? {
        list.push(with_preview(app, stored).await?);
    }
    Ok(list)
}

/// Adds a rule, or changes the one of that id.
pub async fn put_rule(app: &App, id: Option<&str>, settings: &RuleSettings, by: &str) -> Result<Rule> {
    let known = app.store.channels().await?;
    let mut errors = Vec::new();
    let mut fault = |field: &str, detail: &str| {
        errors.push(FieldError { field: field.into(), detail: detail.into() });
    };
    if settings.name.trim().is_empty() {
        fault("name", "A name is needed.");
    }
    if settings.channels.iter().any(|c| !known.iter().any(|k| k.id == c.as_str())) {
        fault("channels", "One of the channels is no longer there.");
    }
    for (field, share) in
        [("rating_at_most", settings.rating_at_most), ("severity_at_least", settings.severity_at_least)]
    {
        if share.is_some_and(|s| !(0.0..=1.0).contains(&s)) {
            fault(field, "A share from 0 to 1 is wanted.");
        }
    }
    if !errors.is_empty() {
        return Err(AdminError::Invalid(errors));
    }
    let (before, done) = match id {
        Some(id) => (Some(app.store.rule(id).await?.ok_or(AdminError::NotThere("rule"))?), "Changed"),
        None => (None, "Added"),
    };
    let rule = StoredRule {
        id: before.as_ref().map_or_else(new_id, |b| b.id.clone()),
        created_at: before.map_or_else(clock::now, |b| b.created_at),
        settings: settings.clone(),
    };
    app.store.put_rule(&rule).await?;
    record(app, by, "rule", &rule.id, format!("{done} the rule “{}”.", rule.settings.name)).await?;
    with_preview(app, rule).await
}

/// Removes a rule.
pub async fn remove_rule(app: &App, id: &str, by: &str) -> Result<()> {
    let rule = app.store.rule(id).await?.ok_or(AdminError::NotThere("rule"))?;
    app.store.remove_rule(id).await?;
    record(app, by, "rule", id, format!("Removed the rule “{}”.", rule.settings.name)).await
}

/// A channel's settings as its code needs them: secrets opened, defaults filled in.
pub(super) fn settings_of(
    app: &App,
    channel: &dyn channels::Channel,
    stored: &StoredChannel,
) -> std::result::Result<Values, SecretError> {
    let secrets = app.sealer.unseal_fields(TABLE, &stored.id, stored.secrets.as_deref())?;
    Ok(secrets::join(&channel.describe().fields, &stored.settings, &secrets))
}

/// The owner's name for a channel; its kind's where they gave none.
fn named(channel: &dyn channels::Channel, name: &str) -> String {
    match name.trim() {
        "" => channel.describe().title,
        name => name.to_owned(),
    }
}

/// Settings in two parts, or what is wrong with them.
fn checked(channel: &dyn channels::Channel, values: &Values, kept: &Secrets) -> Result<(Values, Secrets)> {
    let fields = channel.describe().fields;
    let (open, secrets) = secrets::split(&fields, values, kept);
    let joined = secrets::join(&fields, &open, &secrets);
    let mut errors = faults(&fields, &joined);
    if errors.is_empty() {
        errors = channel.check(&joined);
    }
    if errors.is_empty() { Ok((open, secrets)) } else { Err(AdminError::Invalid(errors)) }
}

async fn shown(app: &App, stored: StoredChannel) -> Result<Channel> {
    let fields = channels::by_slug(&stored.kind).map(|c| c.describe().fields).unwrap_or_default();
    let mut settings = secrets::shown(&fields, &stored.settings);
    for field in fields.iter().filter(|f| f.kind != FieldType::Secret) {
        if let Some(default) = &field.default {
            settings.entry(field.name.clone()).or_insert_with(|| default.clone());
        }
    }
    Ok(Channel {
        last_delivery: app.store.last_delivery(&stored.id).await?,
        id: stored.id.into(),
        kind: stored.kind,
        name: stored.name,
        settings,
        enabled: stored.enabled,
    })
}

async fn with_preview(app: &App, rule: StoredRule) -> Result<Rule> {
    let since: Time = clock::now() - chrono::Duration::days(30);
    let fired_30_days = app.store.would_have_fired(&rule.settings, since).await?;
    Ok(Rule { id: rule.id.into(), settings: rule.settings, fired_30_days })
}

fn invalid(field: &str, detail: &str) -> AdminError {
    AdminError::Invalid(vec![FieldError { field: field.into(), detail: detail.into() }])
}

async fn record(app: &App, by: &str, what: &str, object: &str, detail: String) -> Result<()> {
    let entry = AuditEntry {
        at: clock::now(),
        by: by.into(),
        what: what.into(),
        object: Some(object.into()),
        detail,
    };
    app.store.add_audit(&entry).await?;
    Ok(())
}
