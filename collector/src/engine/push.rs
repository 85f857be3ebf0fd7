//! What is pushed to us, by a program or by a visitor of our own form: the body kept as it came, read by its connector, stored
//! in a regular run (it may alert), and recorded at the source. Who may push, and how often, is settled before.

use chrono::TimeDelta;
use goodword_shared::{
    Problem, Time,
    api::sources::{Door, MadeSecret},
    problem::SourceProblem,
    source::{HealthState, Route},
};

use super::{
    capture::keep,
    ingest::{Ingested, ingest},
    run::origin,
};
use crate::{
    app::App,
    clock,
    connectors::{self, Warning},
    pipeline::Run,
    signature,
    store::{Heard, StoredSource, new_id},
    wire::{Request, Response, Verb},
};

/// The table that signing secrets are sealed for.
const TABLE: &str = "inbound_secrets";
/// Warnings named in the ledger; the sender is told all of them.
const TOLD: usize = 3;

/// What became of something pushed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    /// Mentions in it.
    pub found: u32,
    /// What became of them.
    pub ingested: Ingested,
    /// Items that could not be read.
    pub warnings: Vec<Warning>,
}

/// Reads, keeps and stores what came. The inner error: nothing in it can be read.
pub async fn take(
    app: &App,
    source: &StoredSource,
    event: &str,
    response: Response,
    now: Time,
) -> anyhow::Result<Result<Taken, SourceProblem>> {
    let Some(connector) = connectors::by_slug(&source.connector) else {
        anyhow::bail!("this version has no connector “{}”", source.connector);
    };
    let request = Request { verb: Verb::Post, ..Request::get(format!("push:{}/{event}", source.connector)) };
    let reading = {
        let (request, response) = (request.clone(), response.clone());
        tokio::task::spawn_blocking(move || connector.read(&request, &response, Some(now))).await?
    };
    let reading = match reading {
        Ok(reading) => reading,
        Err(problem) => return Ok(Err(problem)),
    };
    let mut taken = Taken {
        found: u32::try_from(reading.mentions.len()).unwrap_or(u32::MAX),
        warnings: reading.warnings,
        ..Taken::default()
    };
    if reading.mentions.is_empty() {
        return Ok(Ok(taken));
    }
    if app.config.captures.keep_days > 0 {
        keep(app, source, &request, response, now).await?;
    }
    taken.ingested =
        ingest(app, &origin(source, &connector.describe()), reading.mentions, Run::Regular, now).await?;
    let heard = Heard {
        found: taken.found,
        new: taken.ingested.new,
        changed: taken.ingested.changed,
        detail: remark(&taken.warnings),
        problem: None,
    };
    app.store.source_heard(&source.id, &heard, now).await?;
    tracing::info!(source = %source.id, name = source.name, "pushed: {}", taken.ingested.words());
    Ok(Ok(taken))
}

fn remark(warnings: &[Warning]) -> Option<String> {
    let what = match warnings.len() {
        0 => return None,
        1 => "1 item of the last call was left out".to_owned(),
        n => format!("{n} items of the last call were left out"),
    };
    let named: Vec<String> = warnings
        .iter()
        .take(TOLD)
        .map(|w| format!("{}: {}", w.at, w.warning.trim_end_matches('.')))
        .collect();
    Some(format!("{what} ({}).", named.join("; ")))
}

/// Makes a source's signing secret anew; the one before counts for some hours more. None where nothing can be pushed to it.
pub async fn make_secret(app: &App, id: &str, overlap_hours: u32) -> anyhow::Result<Option<MadeSecret>> {
    let Some(source) = app.store.source_row(id).await?.filter(|s| s.connector == "webhook") else {
        return Ok(None);
    };
    let now = clock::now();
    let secret = signature::secret(&rand::random());
    let row = new_id();
    let sealed = app.sealer.seal(TABLE, &row, &secret);
    let old_until = now + TimeDelta::hours(overlap_hours.into());
    let replaced = !app.store.signing_secrets(&source.id, now).await?.is_empty();
    app.store.add_signing_secret(&source.id, &row, &sealed, old_until, now).await?;
    Ok(Some(MadeSecret {
        secret,
        address: address(app, &source),
        old_until: (replaced && overlap_hours > 0).then_some(old_until),
    }))
}

/// The keys that calls to a source may be signed with now.
///
/// # Errors
/// The store's, or a secret that was sealed with another key.
pub async fn keys(app: &App, source: &StoredSource, now: Time) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut keys = Vec::new();
    for stored in app.store.signing_secrets(&source.id, now).await? {
        let secret = app.sealer.unseal(TABLE, &stored.id, &stored.sealed)?;
        keys.extend(signature::key(secret.expose()));
    }
    Ok(keys)
}

/// Where people or programs come in, for sources that have such a place.
pub(super) async fn door(app: &App, source: &StoredSource) -> anyhow::Result<Option<Door>> {
    let (signed, picture) = match source.connector.as_str() {
        "webhook" => (Some(!app.store.signing_secrets(&source.id, clock::now()).await?.is_empty()), None),
        "form" => (None, Some(format!("/feedback/{}/qr.svg", source.id))),
        _ => return Ok(None),
    };
    Ok(Some(Door { address: address(app, source), signed, picture }))
}

/// Where programs push to a webhook source, and people open a feedback page.
pub fn address(app: &App, source: &StoredSource) -> String {
    let place = if source.connector == "form" { "feedback" } else { "in" };
    format!("{}/{place}/{}", app.dashboard(), source.id)
}

/// Health of what nobody fetches, as long as there is nothing to say of its rhythm.
pub(super) fn waiting(
    source: &StoredSource,
    route: Route,
    door: Option<&Door>,
) -> Option<(HealthState, String)> {
    if route == Route::Mail {
        let fresh =
            !source.paused && source.last_run.is_none() && super::listen::has_mailbox(&source.settings);
        return fresh.then(|| (HealthState::New, "The mailbox is being opened.".into()));
    }
    if route != Route::Push || source.paused {
        return None;
    }
    if door.is_some_and(|door| door.signed == Some(false)) {
        let text = "Nothing can come in yet: make its signing secret, and give address and secret to the program that sends.";
        return Some((HealthState::New, text.into()));
    }
    let near = ["://127.0.0.1", "://localhost", "://[::1]"];
    let alone = door.is_some_and(|door| near.iter().any(|host| door.address.contains(host)));
    let text = match alone {
        true => {
            "Open, but only this machine reaches it: give Goodword TLS or a proxy, and set service.dashboard_url."
        }
        false => "Open; nothing has come in yet.",
    };
    source.last_run.is_none().then(|| (HealthState::New, text.into()))
}

/// What a sender is told of a call that holds nothing usable.
pub fn refused(problem: SourceProblem) -> Problem {
    Problem::new(422, "unreadable", "Nothing in it can be taken", problem.detail)
}
