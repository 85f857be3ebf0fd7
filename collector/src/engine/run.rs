//! One run of one source, from taking it up to writing down what came of it and when it is due again. The way through its
//! answers is `walk`'s.

use std::collections::VecDeque;

use goodword_shared::{
    ProblemKind, Time,
    alert::Event,
    problem::SourceProblem,
    source::{Descriptor, StorageRule},
};

use super::{
    health::zero_is_a_fault,
    ingest::Ingested,
    manners,
    rhythm::{self, Rhythm},
    storage,
    timetable::{Met, next_run},
    walk::{Walk, hidden, walk_answers},
};
use crate::{
    app::App,
    clock, connectors,
    record::Origin,
    store::{RunEnd, RunRecord, StoredSource},
    wire::Request,
};

/// How long a run holds its source; a collector that died is then forgotten.
pub const HELD_MINUTES: i64 = 15;
/// Checks for one new mention at an ordinary source.
const CHECKS_A_MENTION: f64 = 48.0;

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Mentions.
    pub ingested: Ingested,
    /// Requests made.
    pub requests: u32,
    /// What went wrong.
    pub problem: Option<SourceProblem>,
    /// Warnings and remarks.
    pub remark: Option<String>,
    /// It was the first run, over the history.
    pub back_fill: bool,
    /// Pages are left for the next run.
    pub unfinished: bool,
}

/// Reads a source now and records what came of it.
///
/// # Errors
/// Only faults of ours (the database); what is wrong with the source is part of the outcome.
pub async fn run_source(app: &App, source: StoredSource) -> anyhow::Result<Outcome> {
    let started_at = clock::now();
    let source = manners::placed(app, source).await?;
    let back_fill = !source.first_run_done;
    if storage::rule(&source.connector) == StorageRule::Never {
        // Shown live by the preview; there is nothing to run.
        app.store.rest_source(&source.id).await?;
        let remark = Some("This platform's content is shown live and never stored.".to_owned());
        let nothing = Ingested::default();
        return Ok(Outcome {
            ingested: nothing,
            requests: 0,
            problem: None,
            remark,
            back_fill: false,
            unfinished: false,
        });
    }
    let mut walk = Walk::default();
    let mut queue = VecDeque::new();
    let problem = match connectors::by_slug(&source.connector) {
        None => Some(unsupported(&format!("This version has no connector “{}”.", source.connector))),
        Some(connector) => {
            let descriptor = connector.describe();
            let walked = walk_answers(app, &source, connector, &descriptor, &mut walk, &mut queue).await;
            match walked {
                Ok(problem) => problem,
                Err(error) => {
                    // A fault of ours must not leave the source held, nor unmentioned.
                    let pending = source.pending.clone();
                    let problem = SourceProblem {
                        problem: ProblemKind::Unreachable,
                        detail:
                            "Something broke on our side while reading; the log says what. It is tried again."
                                .into(),
                    };
                    record(app, &source, &walk, started_at, Some(problem), pending).await?;
                    return Err(error);
                }
            }
        }
    };
    let problem = match problem {
        None if walk.found == Some(0) && source.cursor.is_none() => suspicious_zero(app, &source).await?,
        other => other,
    };
    if problem.is_none() && walk.rests.is_none() && source.first_run_done {
        settle(app, &source, &mut walk).await?;
    }
    let unfinished = !queue.is_empty();
    let pending = hidden(&walk, &queue);
    let remark = record(app, &source, &walk, started_at, problem.clone(), pending).await?;
    app.tell(Event::Changed { what: "sources".into() });
    let outcome =
        Outcome { ingested: walk.ingested, requests: walk.requests, problem, remark, back_fill, unfinished };
    match &outcome.problem {
        Some(problem) => {
            tracing::warn!(source = %source.id, name = source.name, %problem, "a source could not be read")
        }
        None => tracing::info!(
            source = %source.id, name = source.name, requests = outcome.requests, back_fill,
            "read: {}", outcome.ingested.words()
        ),
    }
    Ok(outcome)
}

/// The source as the pipeline knows it.
pub(super) fn origin(source: &StoredSource, descriptor: &Descriptor) -> Origin {
    Origin {
        source: source.id.clone(),
        connector: source.connector.clone(),
        name: source.name.clone(),
        follow_deletion: descriptor.storage == StorageRule::FollowDeletion,
    }
}

async fn suspicious_zero(app: &App, source: &StoredSource) -> anyhow::Result<Option<SourceProblem>> {
    let lately = app.store.found_lately(&source.id, 5).await?;
    Ok(zero_is_a_fault(&lately).then(|| SourceProblem {
        problem: ProblemKind::Malformed,
        detail: format!(
            "The answer held no mentions, while it used to hold about {}. The page has probably changed: open it and look; \
             if it shows reviews, update Goodword. The answer is kept and can be read again.",
            lately[lately.len() / 2]
        ),
    }))
}

/// Draws the conclusions from what was not there.
async fn settle(app: &App, source: &StoredSource, walk: &mut Walk) -> anyhow::Result<()> {
    let Some(connector) = connectors::by_slug(&source.connector) else { return Ok(()) };
    let origin = origin(source, &connector.describe());
    let sightings = std::mem::take(&mut walk.sightings);
    walk.gone = sightings.settle(app, source, &origin, clock::now()).await?;
    Ok(())
}

/// Writes the run down, at the source and in the ledger; answers the remark.
async fn record(
    app: &App,
    source: &StoredSource,
    walk: &Walk,
    started_at: Time,
    problem: Option<SourceProblem>,
    pending: Vec<Request>,
) -> anyhow::Result<Option<String>> {
    let ended_at = clock::now();
    let remark = walk.remark(pending.len());
    manners::spread(app, source, walk, problem.as_ref(), ended_at).await?;
    let met = Met {
        problem: problem.as_ref().map(|p| p.problem),
        asked: walk.retry_after,
        rests_until: walk.rests.as_ref().map(|rests| rests.until),
        unfinished: !pending.is_empty(),
        lively: walk.ingested.new > 0 && source.first_run_done,
        chance: rand::random(),
    };
    let rhythm = rhythm_of(app, source).await?;
    let next_run = next_run(source, &rhythm, &met, ended_at);
    let run = RunRecord {
        started_at,
        ended_at,
        requests: walk.requests,
        answers: walk.answers.clone(),
        found: walk.found,
        new: walk.ingested.new,
        changed: walk.ingested.changed,
        same: walk.ingested.unchanged,
        gone: walk.gone,
        first_run_done: problem.is_none() && pending.is_empty() && walk.rests.is_none(),
        end: match problem {
            Some(problem) => RunEnd::Failed(problem),
            None if walk.rests.is_some() => RunEnd::Rested,
            None => RunEnd::Well,
        },
        detail: remark.clone(),
        next_run,
        cursor: walk.cursor.clone(),
        pending,
        totals: (walk.totals.count, walk.totals.average, walk.totals.best),
    };
    app.store.finish_run(&source.id, &run).await?;
    Ok(remark)
}

/// A run that did not come to an end: its source is to fare as one that cannot be reached.
pub(super) async fn overrun(app: &App, source: &StoredSource, started_at: Time) -> anyhow::Result<()> {
    let problem = SourceProblem {
        problem: ProblemKind::Unreachable,
        detail: "Reading it took too long and was broken off. It is tried again.".into(),
    };
    let pending = app.store.source_row(source.id.as_str()).await?.map(|row| row.pending).unwrap_or_default();
    record(app, source, &Walk::default(), started_at, Some(problem), pending).await?;
    Ok(())
}

/// How often a source speaks.
pub(super) async fn rhythm_of(app: &App, source: &StoredSource) -> anyhow::Result<Rhythm> {
    let times = app.store.latest_times(&source.id, rhythm::LATEST).await?;
    // About one new thing in so many checks is what a connector's rhythm is made for.
    let minutes = connectors::by_slug(&source.connector)
        .map_or(source.every_minutes, |connector| connector.describe().every_minutes);
    Ok(Rhythm::of(&times, f64::from(minutes.max(1)) * CHECKS_A_MENTION / 60.0))
}

fn unsupported(detail: &str) -> SourceProblem {
    SourceProblem { problem: ProblemKind::Unsupported, detail: detail.to_owned() }
}
