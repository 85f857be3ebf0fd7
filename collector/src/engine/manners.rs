//! Manners towards hosts and accounts as a whole: a host that fails or asks for a pause delays the sources there and no others; an
//! account whose limits are reached delays those that share it; and a day's allowance is spent by all of them together.

use goodword_shared::{
    ProblemKind, Time,
    problem::SourceProblem,
    source::{Descriptor, FieldType, Values},
};
use rand::Rng;

use super::{
    sources::{values, with_token},
    timetable,
    walk::Walk,
};
use crate::{
    app::App,
    connectors::{self, Allowance, Connector},
    fold::sha256_hex,
    pipeline::priority::thousands,
    store::{StoredSource, Whom},
    wire::Request,
};

/// Where a source asks first and whose limits it shares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `host:port`.
    pub host: Option<String>,
    /// A digest of the connector and the account, or else the owner's keys.
    pub limits: String,
}

impl Place {
    /// Worked out from its settings, secrets included. A host that is not known yet stays unknown.
    pub fn of(
        connector: &dyn Connector,
        descriptor: &Descriptor,
        settings: &Values,
        account: Option<&str>,
    ) -> Self {
        let host = connector
            .start(&with_token(connector, settings.clone()), None)
            .ok()
            .and_then(|request| host_of(&request.url));
        Self { host, limits: limits_of(descriptor, settings, account) }
    }
}

/// `host:port` of an address.
pub fn host_of(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    Some(format!("{}:{}", url.host_str()?.trim_end_matches('.'), url.port_or_known_default()?))
}

/// Who shares limits: those let in by the same connected account, else those with the same keys.
pub(super) fn limits_of(descriptor: &Descriptor, settings: &Values, account: Option<&str>) -> String {
    let mut text = descriptor.slug.clone();
    if let Some(account) = account {
        text.push_str("\u{0}account\u{0}");
        text.push_str(account);
        return sha256_hex(text.as_bytes())[..32].to_owned();
    }
    for field in descriptor.fields.iter().filter(|field| field.kind == FieldType::Secret) {
        text.push('\u{0}');
        text.push_str(settings.get(&field.name).map(String::as_str).unwrap_or_default());
    }
    sha256_hex(text.as_bytes())[..32].to_owned()
}

/// A source whose place is known; works it out and remembers it where it was not.
pub async fn placed(app: &App, source: StoredSource) -> anyhow::Result<StoredSource> {
    if source.limits.is_some() {
        return Ok(source);
    }
    placed_anew(app, source).await
}

/// The same where its account has changed.
pub(super) async fn placed_anew(app: &App, mut source: StoredSource) -> anyhow::Result<StoredSource> {
    if let Some(connector) = connectors::by_slug(&source.connector) {
        let descriptor = connector.describe();
        if let Ok(settings) = values(app, &source, &descriptor) {
            let place = Place::of(connector, &descriptor, &settings, source.account.as_deref());
            app.store.place_source(&source.id, place.host.as_deref(), Some(&place.limits)).await?;
            (source.host, source.limits) = (place.host, Some(place.limits));
        }
    }
    Ok(source)
}

/// What a run met, for the others at the same host and with the same keys.
pub(super) async fn spread(
    app: &App,
    source: &StoredSource,
    walk: &Walk,
    problem: Option<&SourceProblem>,
    now: Time,
) -> anyhow::Result<()> {
    let host = source.host.as_deref().map(Whom::Host);
    let limits = source.limits.as_deref().map(Whom::Limits);
    let whom = match problem.map(|p| p.problem) {
        // Nothing was asked, so nothing is known.
        None if walk.requests == 0 => return Ok(()),
        None => {
            for whom in host.into_iter().chain(limits) {
                app.store.fine_there(whom).await?;
            }
            return Ok(());
        }
        // With keys of its own it is the account that is over its limits, not the host.
        Some(ProblemKind::RateLimited) if source.secrets.is_some() => limits,
        Some(ProblemKind::RateLimited | ProblemKind::Unreachable) => host,
        Some(_) => return Ok(()),
    };
    if let Some(whom) = whom {
        let failures = app.store.failed_there(whom, now).await?;
        let chance = rand::rng().random();
        let until = now + timetable::pause(failures, walk.retry_after, chance);
        let delayed = app.store.pause_there(whom, until, now).await?;
        tracing::debug!(?whom, failures, delayed, "sources there are left alone for a while");
    }
    Ok(())
}

/// What is left of today at a platform.
#[derive(Clone, Debug)]
pub(super) struct Purse {
    limits: String,
    allowance: Allowance,
}

/// Today's allowance is used.
pub(super) struct Empty {
    /// When the platform's new day begins.
    pub until: Time,
    /// In words.
    pub text: String,
}

impl Purse {
    /// The purse of those who share these limits, where the platform counts.
    pub fn of(connector: &dyn Connector, limits: Option<String>, settings: &Values) -> Option<Self> {
        let allowance = connector.allowance(settings)?;
        Some(Self { limits: limits?, allowance })
    }

    /// Pays for a request.
    pub async fn pay(
        &self,
        app: &App,
        connector: &dyn Connector,
        request: &Request,
        now: Time,
    ) -> anyhow::Result<Result<(), Empty>> {
        let Allowance { units, called, zone, zone_shown } = self.allowance;
        let (day, until) = timetable::day_there(zone, now);
        if app.store.spend(&self.limits, &day, connector.cost(request), units).await?.is_some() {
            return Ok(Ok(()));
        }
        let text = format!(
            "Today's {} {called} are used; it goes on at 00:00 {zone_shown}.",
            thousands(units.into())
        );
        Ok(Err(Empty { until, text }))
    }
}
