//! One run of one source: start → fetch → read → follow, every answer kept, read and stored before the next one is asked for.

use std::{collections::VecDeque, time::Duration};

use anyhow::Context;
use goodword_shared::{
    ProblemKind, Time,
    alert::Event,
    problem::SourceProblem,
    source::{Descriptor, StorageRule},
};

use super::{
    capture::keep,
    health::zero_is_a_fault,
    ingest::{Ingested, take_in},
    sources::values,
    storage::{self, capture_days},
    timetable::{Met, next_run},
    veil::Veil,
};
use crate::{
    app::App,
    clock,
    connectors::{self, Connector, Reading, Totals},
    fetch::{Fetched, Validators},
    pipeline::Run,
    record::Origin,
    store::{RunRecord, StoredSource, Validator},
    wire::{Request, Verb},
};

/// How long a run holds its source; a collector that died is then forgotten.
pub const HELD_MINUTES: i64 = 15;

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

/// What a run gathers on its way.
#[derive(Default)]
struct Walk {
    ingested: Ingested,
    requests: u32,
    found: Option<u32>,
    cursor: Option<String>,
    totals: Totals,
    warnings: Vec<String>,
    warning_count: usize,
    retry_after: Option<Duration>,
    veil: Veil,
}

/// Reads a source now and records what came of it.
///
/// # Errors
/// Only faults of ours (the database); what is wrong with the source is part of the outcome.
pub async fn run_source(app: &App, source: StoredSource) -> anyhow::Result<Outcome> {
    let started_at = clock::now();
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
    let unfinished = !queue.is_empty();
    let pending: Vec<Request> = queue.into_iter().map(|request| walk.veil.hide_request(request)).collect();
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

/// Asks, reads and stores until nothing is left to follow or the run's requests are used up; what is left stays in `queue`.
async fn walk_answers(
    app: &App,
    source: &StoredSource,
    connector: &'static dyn Connector,
    descriptor: &Descriptor,
    walk: &mut Walk,
    queue: &mut VecDeque<Request>,
) -> anyhow::Result<Option<SourceProblem>> {
    let settings = values(app, source, descriptor)?;
    walk.veil = Veil::new(&descriptor.fields, &settings);
    let first = match connector.start(&settings, source.cursor.as_ref()) {
        Ok(first) => first,
        Err(problem) => return Ok(Some(problem)),
    };
    let headers = first.headers.clone();
    let origin_of_first = origin_of(&first.url);
    queue.push_back(first);
    // Headers are not kept; what goes to the same place as the first request gets that one's.
    queue.extend(source.pending.iter().cloned().map(|request| {
        let mut request = walk.veil.show_request(request);
        if origin_of(&request.url) == origin_of_first {
            request.headers.clone_from(&headers);
        }
        request
    }));
    let most = u32::try_from(app.config.engine.requests_per_run.max(1)).unwrap_or(u32::MAX);
    let mut first = true;
    while let Some(request) = queue.pop_front() {
        if walk.requests >= most {
            queue.push_front(request);
            break;
        }
        let outcome = one_answer(app, source, connector, descriptor, walk, queue, &request).await?;
        if let Err(problem) = outcome {
            let ends = first
                || matches!(
                    problem.problem,
                    ProblemKind::Blocked
                        | ProblemKind::Auth
                        | ProblemKind::RateLimited
                        | ProblemKind::Unreachable
                );
            if ends {
                if !first {
                    queue.push_front(request);
                }
                return Ok(Some(problem));
            }
            walk.warn(format!("a further page could not be read ({})", problem.detail));
        }
        first = false;
    }
    Ok(None)
}

/// One request, its answer kept, read and stored. The inner error is the source's.
async fn one_answer(
    app: &App,
    source: &StoredSource,
    connector: &'static dyn Connector,
    descriptor: &Descriptor,
    walk: &mut Walk,
    queue: &mut VecDeque<Request>,
    request: &Request,
) -> anyhow::Result<Result<(), SourceProblem>> {
    let now = clock::now();
    let validators = match request.verb {
        Verb::Get => app.store.validator(&source.id, &request.url).await?.map(|v| Validators {
            etag: v.etag,
            last_modified: v.last_modified,
            body_hash: v.body_hash,
        }),
        Verb::Post => None,
    };
    let pace = pace(app, descriptor, &request.url);
    let fetched = match app.fetcher.fetch(request, pace, validators.as_ref(), now).await {
        Ok(fetched) => fetched,
        Err(error) => {
            walk.requests += 1;
            walk.retry_after = error.retry_after();
            return Ok(Err(error.into()));
        }
    };
    walk.requests += fetched.requests_made.max(1);
    walk.retry_after = fetched.retry_after;
    if fetched.not_modified {
        return Ok(Ok(()));
    }
    let Fetched { response, validators, .. } = fetched;
    let good = (200..300).contains(&response.status);
    let kept_days = capture_days(descriptor.storage, app.config.captures.keep_days);
    if good && kept_days > 0 && !walk.veil.signs_in(request) {
        keep(app, source, &walk.veil, request, &response, now).await?;
    }
    let reading = {
        let request = request.clone();
        // Parsing foreign pages is work for the processor, not for the workers that wait for the network.
        tokio::task::spawn_blocking(move || connector.read(&request, &response, Some(now))).await
    };
    let reading = match reading.context("the connector broke off")? {
        Ok(reading) => reading,
        Err(problem) => return Ok(Err(problem)),
    };
    take(app, source, descriptor, walk, queue, reading, now).await?;
    if request.verb == Verb::Get {
        let Validators { etag, last_modified, body_hash } = validators;
        let validator = Validator { etag, last_modified, body_hash };
        app.store.put_validator(&source.id, &request.url, &validator, now).await?;
    }
    Ok(Ok(()))
}

/// Stores what was read, and goes on where there may be more that is new.
async fn take(
    app: &App,
    source: &StoredSource,
    descriptor: &Descriptor,
    walk: &mut Walk,
    queue: &mut VecDeque<Request>,
    reading: Reading,
    now: Time,
) -> anyhow::Result<()> {
    let Reading { mentions, totals, follow, cursor, warnings } = reading;
    walk.found = Some(walk.found.unwrap_or(0) + u32::try_from(mentions.len()).unwrap_or(u32::MAX));
    for warning in warnings {
        walk.warn(format!("{} ({})", warning.warning, warning.at));
    }
    walk.totals.count = totals.count.or(walk.totals.count);
    walk.totals.average = totals.average.or(walk.totals.average);
    walk.totals.best = totals.best.or(walk.totals.best);
    let held_mentions = !mentions.is_empty();
    let run = if source.first_run_done { Run::Regular } else { Run::BackFill };
    let (ingested, sighted) = take_in(app, &origin(source, descriptor), mentions, run, now).await?;
    let keys: Vec<&str> = sighted.iter().filter(|s| !s.deleted).map(|s| s.key.as_str()).collect();
    storage::received(app, &source.id, descriptor.storage, &keys, now).await?;
    walk.ingested.add(ingested);
    // Only what is stored moves the start of the next run.
    walk.cursor = cursor.or(walk.cursor.take());
    let all_known = held_mentions && ingested.new == 0 && ingested.changed == 0;
    if !(source.first_run_done && all_known) {
        queue.extend(follow);
    }
    Ok(())
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
    let met = Met {
        problem: problem.as_ref().map(|p| p.problem),
        asked: walk.retry_after,
        unfinished: !pending.is_empty(),
        chance: rand::random(),
    };
    let next_run = next_run(source, &met, ended_at);
    let run = RunRecord {
        started_at,
        ended_at,
        requests: walk.requests,
        found: walk.found,
        new: walk.ingested.new,
        changed: walk.ingested.changed,
        first_run_done: problem.is_none() && pending.is_empty(),
        problem,
        detail: remark.clone(),
        next_run,
        cursor: walk.cursor.clone(),
        pending,
        totals: (walk.totals.count, walk.totals.average, walk.totals.best),
    };
    app.store.finish_run(&source.id, &run).await?;
    Ok(remark)
}

impl Walk {
    fn warn(&mut self, warning: String) {
        self.warning_count += 1;
        if self.warnings.len() < 3 {
            self.warnings.push(warning);
        }
    }

    fn remark(&self, pages_left: usize) -> Option<String> {
        let mut parts = Vec::new();
        if self.warning_count > 0 {
            let what =
                if self.warning_count == 1 { "1 item" } else { &format!("{} items", self.warning_count) };
            parts.push(format!(
                "{what} could not be read: {}.",
                self.warnings.join("; ").trim_end_matches('.')
            ));
        }
        if pages_left > 0 {
            parts.push("More pages are read at the next run.".to_owned());
        }
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

fn unsupported(detail: &str) -> SourceProblem {
    SourceProblem { problem: ProblemKind::Unsupported, detail: detail.to_owned() }
}

/// The platform's pace. Places on private networks that the owner opened are the owner's own, and are not spared.
pub(super) fn pace(app: &App, descriptor: &Descriptor, url: &str) -> Duration {
    let place = reqwest::Url::parse(url)
        .ok()
        .and_then(|url| Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?)));
    let own = place
        .is_some_and(|place| app.config.fetch.allow_private.iter().any(|allowed| allowed.trim() == place));
    if own { Duration::ZERO } else { Duration::from_millis(descriptor.pace_ms) }
}

/// Scheme, host and port.
fn origin_of(url: &str) -> Option<String> {
    reqwest::Url::parse(url).ok().map(|url| url.origin().ascii_serialization())
}
