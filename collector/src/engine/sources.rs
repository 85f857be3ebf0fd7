//! Sources as the owner deals with them: adding, changing, removing, and how each fares. Used by the API and the command line.

use chrono::TimeDelta;
use goodword_shared::{
    Problem,
    access::TOKEN,
    api::sources::{NewSource, SourceChange},
    id::SourceId,
    problem::SourceProblem,
    source::{Descriptor, FieldType, HealthState, Preview, Route, Source, StorageRule, Values, faults},
};

use super::{
    access, health::health, listen, manners::Place, preview::preview_by, push, run::rhythm_of, timetable,
};
use crate::{
    app::App,
    clock,
    connectors::{self, Connector},
    secrets,
    store::{StoredSource, new_id},
};

/// The table that secrets are sealed for.
const TABLE: &str = "sources";

/// Every source with its health, by name.
pub async fn list(app: &App) -> anyhow::Result<Vec<Source>> {
    let mut out = Vec::new();
    for row in app.store.source_rows().await? {
        out.push(shown(app, row).await?);
    }
    Ok(out)
}

/// One source with its health.
pub async fn get(app: &App, id: &str) -> anyhow::Result<Option<Source>> {
    match app.store.source_row(id).await? {
        Some(row) => Ok(Some(shown(app, row).await?)),
        None => Ok(None),
    }
}

/// Watches a source; its first run starts at once. The inner error says what is wrong with the settings.
pub async fn add(app: &App, new: &NewSource) -> anyhow::Result<Result<Source, Problem>> {
    let Some(connector) = connectors::by_slug(&new.connector) else {
        return Ok(Err(Problem::invalid_field(
            "connector",
            format!("There is no connector “{}”.", new.connector),
        )));
    };
    let descriptor = connector.describe();
    let mut found = faults(&descriptor.fields, &new.settings);
    if let Some(fault) = rhythm_fault(new.every_minutes) {
        found.push(fault);
    }
    if !found.is_empty() {
        return Ok(Err(Problem { errors: found, ..Problem::invalid("Some settings are missing or wrong.") }));
    }
    let id = SourceId::new(new_id());
    let (open, hidden) = secrets::split(&descriptor.fields, &new.settings, &secrets::Secrets::new());
    if let Err(problem) = could_start(connector, secrets::join(&descriptor.fields, &open, &hidden)) {
        return Ok(Err(problem.into()));
    }
    let place = Place::of(connector, &descriptor, &secrets::join(&descriptor.fields, &open, &hidden), None);
    let now = clock::now();
    let name = match new.name.trim() {
        "" => proposed_name(&descriptor, &open),
        name => name.to_owned(),
    };
    let row = StoredSource {
        secrets: app.sealer.seal_fields(TABLE, id.as_str(), &hidden),
        id,
        connector: descriptor.slug.clone(),
        name,
        page_url: page_url(&descriptor, &open),
        settings: open,
        every_minutes: new.every_minutes.unwrap_or(descriptor.every_minutes),
        adaptive: new.every_minutes.is_none(),
        host: place.host,
        limits: Some(place.limits),
        next_run: is_fetched(&descriptor).then_some(now),
        ..StoredSource::new(now)
    };
    app.store.put_source(&row).await?;
    app.wake_engine.notify_one();
    app.wake_listeners.notify_one();
    Ok(Ok(shown(app, row).await?))
}

/// Changes or pauses a source; it is tried at once where settings changed or it is woken. None where there is no such source.
pub async fn change(
    app: &App,
    id: &str,
    change: &SourceChange,
) -> anyhow::Result<Option<Result<Source, Problem>>> {
    let Some(mut row) = app.store.source_row(id).await? else { return Ok(None) };
    let now = clock::now();
    let given = change.every_minutes.filter(|every| *every > 0);
    let hours = change.not_between.as_ref().and_then(timetable::hours_fault);
    if let Some(fault) = rhythm_fault(given).or(hours) {
        return Ok(Some(Err(Problem {
            errors: vec![fault],
            ..Problem::invalid("The rhythm is not possible.")
        })));
    }
    if let Some(name) = change.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        name.clone_into(&mut row.name);
    }
    if let Some(every) = change.every_minutes {
        row.adaptive = every == 0;
        row.every_minutes = match connectors::by_slug(&row.connector) {
            Some(connector) if row.adaptive => connector.describe().every_minutes.max(1),
            _ => every.max(1),
        };
        let soonest = now + TimeDelta::minutes(row.every_minutes.into());
        row.next_run = row.next_run.map(|at| at.min(soonest));
    }
    if let Some(hours) = &change.not_between {
        row.not_between = (!timetable::is_always(hours)).then(|| hours.clone());
    }
    if let Some(settings) = &change.settings
        && let Some(connector) = connectors::by_slug(&row.connector)
    {
        let descriptor = connector.describe();
        let kept = app.sealer.unseal_fields(TABLE, id, row.secrets.as_deref())?;
        let (open, hidden) = secrets::split(&descriptor.fields, settings, &kept);
        let whole = secrets::join(&descriptor.fields, &open, &hidden);
        let found = faults(&descriptor.fields, &whole);
        if !found.is_empty() {
            let problem =
                Problem { errors: found, ..Problem::invalid("Some settings are missing or wrong.") };
            return Ok(Some(Err(problem)));
        }
        if let Err(problem) = could_start(connector, whole.clone()) {
            return Ok(Some(Err(problem.into())));
        }
        let place = Place::of(connector, &descriptor, &whole, row.account.as_deref());
        (row.host, row.limits) = (place.host, Some(place.limits));
        row.secrets = app.sealer.seal_fields(TABLE, id, &hidden);
        row.page_url = page_url(&descriptor, &open);
        row.settings = open;
        row.next_run = Some(now);
    }
    if let Some(paused) = change.paused {
        if row.paused && !paused {
            row.next_run = Some(now);
        }
        row.paused = paused;
    }
    if connectors::by_slug(&row.connector).is_some_and(|connector| !is_fetched(&connector.describe())) {
        row.next_run = None;
    }
    app.store.put_source(&row).await?;
    app.wake_engine.notify_one();
    app.wake_listeners.notify_one();
    Ok(Some(Ok(shown(app, row).await?)))
}

/// Runs a source now, where there is something to ask. None where there is no such source.
pub async fn check(app: &App, id: &str) -> anyhow::Result<Option<Source>> {
    let Some(row) = app.store.source_row(id).await? else { return Ok(None) };
    if connectors::by_slug(&row.connector).is_some_and(|c| is_fetched(&c.describe())) {
        app.store.source_due_now(id, clock::now()).await?;
        app.wake_engine.notify_one();
        app.wake_listeners.notify_one();
    }
    get(app, id).await
}

/// Whether we ask by ourselves. What is pushed, listened to, handed over as a file or only shown live is never due.
fn is_fetched(descriptor: &Descriptor) -> bool {
    !live(descriptor) && !matches!(descriptor.route, Route::Push | Route::Mail | Route::Import)
}

/// Whether the settings are enough. A token that is got before each run is not there yet: anything may stand for it.
fn could_start(connector: &dyn Connector, values: Values) -> Result<(), SourceProblem> {
    connector.start(&with_token(connector, values), None).map(|_| ())
}

/// Settings with something in the place of a token that is not there yet.
pub(super) fn with_token(connector: &dyn Connector, mut values: Values) -> Values {
    if connector.access(&values).is_some() {
        values.insert(TOKEN.to_owned(), TOKEN.to_owned());
    }
    values
}

/// What a stored source would read now, with its secrets.
pub async fn preview_of(app: &App, source: &StoredSource) -> anyhow::Result<Preview> {
    let Some(connector) = connectors::by_slug(&source.connector) else {
        anyhow::bail!("this version has no connector “{}”", source.connector);
    };
    let settings = values(app, source, &connector.describe())?;
    Ok(preview_by(app, &source.connector, &settings, source.account.as_deref()).await)
}

/// A row as the owner sees it.
pub(super) async fn shown(app: &App, row: StoredSource) -> anyhow::Result<Source> {
    let now = clock::now();
    let rhythm = rhythm_of(app, &row).await?;
    let remark = app.store.last_remark(&row.id).await?;
    let gone = app.store.gone_of(&row.id).await?;
    let connector = connectors::by_slug(&row.connector);
    let descriptor = connector.map(|connector| connector.describe());
    let live = descriptor.as_ref().is_some_and(live);
    let door = push::door(app, &row).await?;
    let waiting = descriptor.as_ref().and_then(|d| push::waiting(&row, d.route, door.as_ref()));
    let (health, health_text) = if live && !row.paused {
        (HealthState::Fine, "Shown live when you look; the platform lets nothing be stored.".to_owned())
    } else {
        waiting.unwrap_or_else(|| health(&row, &rhythm, gone, remark.as_deref(), now))
    };
    let health_text = match listen::sentence(app, &row).await? {
        Some(live) => format!("{health_text} {live}"),
        None => health_text,
    };
    let account = match &row.account {
        Some(id) => app.store.account(id).await?,
        None => None,
    };
    let wanted = match (connector, &descriptor) {
        (Some(connector), Some(descriptor)) => connector.access(&values(app, &row, descriptor)?),
        _ => None,
    };
    let access = access::state(wanted.as_ref(), account.as_ref());
    let fields = descriptor.as_ref().map(|d| d.fields.as_slice()).unwrap_or_default();
    Ok(Source {
        settings: secrets::shown(fields, &row.settings),
        live,
        connector_title: descriptor.as_ref().map_or_else(|| row.connector.clone(), |d| d.title.clone()),
        next_run: row.next_run.filter(|_| !row.paused),
        id: row.id,
        connector: row.connector,
        name: row.name,
        page_url: row.page_url,
        health,
        health_text,
        problem: row.problem,
        last_success: row.last_success,
        last_run: row.last_run,
        every_minutes: row.every_minutes,
        adaptive: row.adaptive,
        not_between: row.not_between,
        stored: row.stored.saturating_sub(gone),
        gone,
        platform_total: row.platform_total,
        platform_average: row.platform_average,
        platform_best: row.platform_best,
        created_at: row.created_at,
        door,
        access,
    })
}

/// A source's settings as its connector needs them, secrets opened.
pub(super) fn values(app: &App, source: &StoredSource, descriptor: &Descriptor) -> anyhow::Result<Values> {
    let hidden = app.sealer.unseal_fields(TABLE, source.id.as_str(), source.secrets.as_deref())?;
    Ok(secrets::join(&descriptor.fields, &source.settings, &hidden))
}

fn rhythm_fault(every_minutes: Option<u32>) -> Option<goodword_shared::problem::FieldError> {
    every_minutes.filter(|every| !(1..=43_200).contains(every)).map(|_| {
        goodword_shared::problem::FieldError {
            field: "every_minutes".into(),
            detail: "Between 1 minute and 30 days (43200).".into(),
        }
    })
}

/// Nothing of it may be stored.
fn live(descriptor: &Descriptor) -> bool {
    descriptor.storage == StorageRule::Never
}

/// The connector's title and the setting that tells sources apart.
fn proposed_name(descriptor: &Descriptor, settings: &Values) -> String {
    let telling = descriptor
        .fields
        .iter()
        .filter(|field| field.required && field.kind != FieldType::Secret)
        .find_map(|field| settings.get(&field.name).filter(|value| !value.is_empty()));
    match telling {
        Some(value) => {
            let value =
                value.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
            format!("{value} ({})", descriptor.title)
        }
        None => descriptor.title.clone(),
    }
}

/// The page for a human: the first address among the settings.
fn page_url(descriptor: &Descriptor, settings: &Values) -> Option<String> {
    descriptor
        .fields
        .iter()
        .filter(|field| field.kind == FieldType::Url && field.required)
        .find_map(|field| settings.get(&field.name).filter(|value| value.starts_with("http")).cloned())
}
