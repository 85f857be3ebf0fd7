//! Sources that fail or fall silent raise an alert of their own, through the owner's rules, channels and outbox: once, with a word
//! when it is over. Many at the same moment are one message, and one that comes and goes is not told of each time.

use std::{collections::HashSet, time::Duration};

use chrono::TimeDelta;
use goodword_shared::{
    ProblemKind, Time,
    alert::{Alert, Event, RuleSettings},
    id::SourceId,
};
use tokio_util::sync::CancellationToken;

use super::{health::chance_of_silence, rhythm::Rhythm, run::rhythm_of};
use crate::{
    app::App,
    clock,
    pipeline::priority::duration,
    store::{OpenTrouble, SourceNotice, StoredSource, new_id},
};

/// After the start: sources that were due while the service was away have been tried by then.
const FIRST: Duration = Duration::from_secs(180);
/// Between two looks.
const EVERY: Duration = Duration::from_secs(60);
/// A host that is away for a moment is nobody's concern: so many failures in a row …
const FAILURES: u32 = 3;
/// … and for so long.
const AWAY: TimeDelta = TimeDelta::hours(3);
/// A silence as unlikely as this is told of: at a source that speaks four times a week about once in two years by mere chance.
const UNLIKELY: f64 = 1.0 / 400.0;
/// After it is over, the next trouble of the same source is told no sooner.
const CALM: TimeDelta = TimeDelta::hours(24);
/// More than these at once are one message.
const SINGLY: usize = 3;
/// Sources named in one message.
const NAMED: usize = 6;

/// What is wrong with a source, where the owner should hear of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// `failing` or `quiet`.
    pub kind: &'static str,
    /// "Trusted Tables cannot be read".
    pub title: String,
    /// What to do.
    pub text: String,
}

/// What the owner should hear of a source now.
pub fn trouble(source: &StoredSource, rhythm: &Rhythm, now: Time) -> Option<Trouble> {
    if source.paused || source.next_run.is_none() {
        return None;
    }
    let name = &source.name;
    if let Some(problem) = &source.problem {
        let since = source.last_success.unwrap_or(source.created_at);
        let lasting = match problem.problem {
            // Only the owner can mend these.
            ProblemKind::Auth | ProblemKind::Blocked | ProblemKind::NotFound | ProblemKind::Refused => true,
            ProblemKind::Unsupported | ProblemKind::Malformed => source.failures >= 2,
            ProblemKind::RateLimited | ProblemKind::Unreachable => {
                source.failures >= FAILURES && now - since >= AWAY
            }
        };
        return lasting.then(|| Trouble {
            kind: "failing",
            title: format!("{name} cannot be read"),
            text: format!("{} Last read {} ago.", problem.detail, duration(now - since)),
        });
    }
    // A silence counts only where we have listened.
    let listened = source.last_success.is_some_and(|at| now - at < TimeDelta::days(1).max(every(source) * 2));
    let quiet = rhythm.last.map(|last| now - last)?;
    let chance = chance_of_silence(rhythm, now);
    (source.first_run_done && listened && quiet > TimeDelta::days(1) && chance < UNLIKELY).then(|| Trouble {
        kind: "quiet",
        title: format!("{name} has fallen silent"),
        text: format!(
            "Nothing new for {}; by its own rhythm so long a gap happens once in {:.0}. Open the page and see whether it has \
             changed.",
            duration(quiet),
            (1.0 / chance.max(1e-4) / 100.0).round() * 100.0
        ),
    })
}

/// Whether a trouble that was told of is over.
fn is_over(open: &OpenTrouble, source: &StoredSource, rhythm: &Rhythm, now: Time) -> bool {
    match open.kind.as_str() {
        "quiet" => {
            rhythm.last.is_some_and(|last| last > open.raised_at) || chance_of_silence(rhythm, now) > 0.05
        }
        _ => source.problem.is_none() && source.last_success.is_some_and(|at| at > open.raised_at),
    }
}

fn every(source: &StoredSource) -> TimeDelta {
    TimeDelta::minutes(source.every_minutes.into())
}

/// Looks after the sources until told to end.
pub async fn warn(app: App, shutdown: CancellationToken) -> anyhow::Result<()> {
    let mut wait = FIRST;
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep(wait) => {}
        }
        wait = EVERY;
        if let Err(error) = look(&app, clock::now()).await {
            tracing::error!(error = format!("{error:#}"), "the sources' health could not be looked at");
        }
    }
}

/// One look at every source: raises what is new, resolves what is over.
///
/// # Errors
/// Faults of the database.
pub async fn look(app: &App, now: Time) -> anyhow::Result<()> {
    let open = app.store.open_troubles().await?;
    let calm: HashSet<SourceId> = app.store.lately_troubled(now - CALM).await?.into_iter().collect();
    let rules: Vec<RuleSettings> = app.store.rules().await?.into_iter().map(|rule| rule.settings).collect();
    let sources = app.store.source_rows().await?;
    let (mut fresh, mut over, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
    for trouble in &open {
        if !sources.iter().any(|source| source.id == trouble.source && !source.paused) {
            // Paused or removed by the owner, who knows.
            dropped.push(trouble.id.clone());
        }
    }
    for source in sources.into_iter().filter(|source| !source.paused) {
        let known = open.iter().find(|trouble| trouble.source == source.id);
        let rhythm = rhythm_of(app, &source).await?;
        match known {
            Some(trouble) if is_over(trouble, &source, &rhythm, now) => over.push((trouble.clone(), source)),
            Some(_) => {}
            None if calm.contains(&source.id) => {}
            None => fresh.extend(trouble(&source, &rhythm, now).map(|trouble| (trouble, source))),
        }
    }
    if !dropped.is_empty() {
        app.store.resolve_troubles(&dropped, None, now).await?;
    }
    for group in groups(fresh) {
        raise(app, &rules, group, now).await?;
    }
    for group in groups(over) {
        resolve(app, &rules, group, now).await?;
    }
    Ok(())
}

/// Each on its own, or all of them together where there are many.
fn groups<T>(items: Vec<T>) -> Vec<Vec<T>> {
    if items.len() > SINGLY { vec![items] } else { items.into_iter().map(|item| vec![item]).collect() }
}

async fn raise(
    app: &App,
    rules: &[RuleSettings],
    group: Vec<(Trouble, StoredSource)>,
    now: Time,
) -> anyhow::Result<()> {
    let troubles: Vec<OpenTrouble> = group
        .iter()
        .map(|(trouble, source)| OpenTrouble {
            id: new_id(),
            source: source.id.clone(),
            kind: trouble.kind.to_owned(),
            raised_at: now,
        })
        .collect();
    let sources: Vec<&StoredSource> = group.iter().map(|(_, source)| source).collect();
    let (title, text) = match group.as_slice() {
        [(one, _)] => (one.title.clone(), one.text.clone()),
        many => (
            format!("{} sources need you", many.len()),
            format!("{}. The first: {}", names(&sources), many[0].0.text),
        ),
    };
    let key = format!("source-{}", troubles[0].id);
    let notice = notice(app, rules, &sources, &key, title, text, now).await?;
    if app.store.raise_troubles(&troubles, Some(&notice), now).await? {
        told(app, &notice);
    }
    Ok(())
}

async fn resolve(
    app: &App,
    rules: &[RuleSettings],
    group: Vec<(OpenTrouble, StoredSource)>,
    now: Time,
) -> anyhow::Result<()> {
    let ids: Vec<String> = group.iter().map(|(trouble, _)| trouble.id.clone()).collect();
    let sources: Vec<&StoredSource> = group.iter().map(|(_, source)| source).collect();
    let (title, text) = match group.as_slice() {
        [(trouble, source)] => {
            let verb = if trouble.kind == "quiet" { "speaks again" } else { "can be read again" };
            let lasted = duration(now - trouble.raised_at);
            (
                format!("{} {verb}", source.name),
                format!("It is over after {lasted}. Nothing needs to be done."),
            )
        }
        many => (format!("{} sources are well again", many.len()), format!("{}.", names(&sources))),
    };
    let key = format!("source-{}-over", ids[0]);
    let notice = notice(app, rules, &sources, &key, title, text, now).await?;
    app.store.resolve_troubles(&ids, Some(&notice), now).await?;
    told(app, &notice);
    Ok(())
}

/// "Trusted Tables, Our page and 9 more".
fn names(sources: &[&StoredSource]) -> String {
    let mut named: Vec<&str> = sources.iter().take(NAMED).map(|source| source.name.as_str()).collect();
    let more = sources.len().saturating_sub(NAMED);
    let more = format!("{more} more");
    if sources.len() > NAMED {
        named.push(&more);
    }
    named.join(", ")
}

/// The message, and the channels of the rules that look at sources of that kind.
async fn notice(
    app: &App,
    rules: &[RuleSettings],
    sources: &[&StoredSource],
    key: &str,
    title: String,
    text: String,
    now: Time,
) -> anyhow::Result<SourceNotice> {
    let mut wanted: Vec<&str> = Vec::new();
    let looks = |rule: &&RuleSettings| {
        rule.enabled
            && (rule.connectors.is_empty()
                || sources.iter().any(|source| rule.connectors.contains(&source.connector)))
    };
    for channel in rules.iter().filter(looks).flat_map(|rule| &rule.channels) {
        if !wanted.contains(&channel.as_str()) {
            wanted.push(channel.as_str());
        }
    }
    let channels = app.store.channels().await?;
    let channels = channels
        .into_iter()
        .filter(|channel| channel.enabled && channel.kind != "page" && wanted.contains(&channel.id.as_str()))
        .map(|channel| channel.id)
        .collect();
    let alert = Alert {
        mention_id: key.to_owned().into(),
        case_id: None,
        source_id: sources.first().map(|source| source.id.clone()),
        title: title.clone(),
        text,
        source: match sources {
            [one] => one.name.clone(),
            _ => "Sources".to_owned(),
        },
        at: now,
    };
    Ok(SourceNotice { alert, subject: title, key: key.to_owned(), channels })
}

/// After the commit: open pages and the outbox hear of it.
fn told(app: &App, notice: &SourceNotice) {
    app.tell(Event::Alert(notice.alert.clone()));
    app.tell(Event::Changed { what: "sources".into() });
    if !notice.channels.is_empty() {
        app.tell(Event::Changed { what: "deliveries".into() });
        app.wake_outbox.notify_one();
    }
    tracing::info!(key = notice.key, channels = notice.channels.len(), "told of a source");
}
