//! The way of one run through a source's answers: ask, keep, read, store, follow. What is left when it has to end is for the next
//! run; it never decides when that is.

use std::{
    collections::{BTreeMap, VecDeque},
    time::{Duration, Instant},
};

use goodword_shared::{ProblemKind, Time, problem::SourceProblem, source::Descriptor};

use super::{
    access::{Failure, Pass},
    capture::work_on,
    ingest::{Ingested, take_in},
    manners::{Empty, Purse},
    missing::Sightings,
    run::origin,
    sources::values,
    storage::{self, capture_days},
    veil::Veil,
};
use crate::{
    app::App,
    clock,
    connectors::{Connector, Reading, Totals},
    fetch::{Fetched, Validators},
    pipeline::Run,
    store::{StoredSource, Validator},
    wire::{Request, Verb},
};

/// After so long a run makes no further request; what is left is for the next one.
const LONGEST: Duration = Duration::from_secs(600);

/// What a run gathers on its way.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) requests: u32,
    pub(super) retry_after: Option<Duration>,
    pub(super) ingested: Ingested,
    pub(super) answers: BTreeMap<u16, u32>,
    pub(super) found: Option<u32>,
    pub(super) cursor: Option<String>,
    pub(super) totals: Totals,
    warnings: Vec<String>,
    warning_count: usize,
    pub(super) veil: Veil,
    pass: Pass,
    pub(super) sightings: Sightings,
    pub(super) gone: u32,
    purse: Option<Purse>,
    pub(super) rests: Option<Empty>,
}

/// A request to make.
pub(super) struct Step {
    request: Request,
    /// It follows from this run's first request; else an earlier run left it.
    fresh: bool,
}

/// Asks, reads and stores until nothing is left to follow or the run's requests are used up; what is left stays in `queue`.
pub(super) async fn walk_answers(
    app: &App,
    source: &StoredSource,
    connector: &'static dyn Connector,
    descriptor: &Descriptor,
    walk: &mut Walk,
    queue: &mut VecDeque<Step>,
) -> anyhow::Result<Option<SourceProblem>> {
    let mut settings = values(app, source, descriptor)?;
    walk.veil = Veil::new(&descriptor.fields, &settings);
    walk.purse = Purse::of(connector, source.limits.clone(), &settings);
    match Pass::obtain(app, connector, &mut settings, source.account.as_deref()).await {
        Ok(pass) => walk.pass = pass,
        Err(failure) => return Ok(Some(walk.refused(failure))),
    }
    walk.pass.hide_in(&mut walk.veil);
    let first = match connector.start(&settings, source.cursor.as_ref()) {
        Ok(first) => first,
        Err(problem) => return Ok(Some(problem)),
    };
    let headers = first.headers.clone();
    let origin_of_first = origin_of(&first.url);
    queue.push_back(Step { request: first, fresh: true });
    // Headers are not kept; what goes to the same place as the first request gets that one's.
    queue.extend(source.pending.iter().cloned().map(|request| {
        let mut request = walk.veil.show_request(request);
        if origin_of(&request.url) == origin_of_first {
            request.headers.clone_from(&headers);
        }
        Step { request, fresh: false }
    }));
    let most = u32::try_from(app.config.engine.requests_per_run.max(1)).unwrap_or(u32::MAX);
    let began = Instant::now();
    let mut first = true;
    while let Some(step) = queue.pop_front() {
        if walk.requests >= most || began.elapsed() > LONGEST {
            queue.push_front(step);
            break;
        }
        let outcome = one_answer(app, source, connector, descriptor, walk, queue, &step).await?;
        if walk.rests.is_some() {
            if !first {
                queue.push_front(step);
            }
            break;
        }
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
                    queue.push_front(step);
                }
                return Ok(Some(problem));
            }
            walk.warn(format!("a further page could not be read ({})", problem.detail));
        }
        if !source.first_run_done {
            // Whatever ends this run, the next one goes on here.
            let pending = hidden(walk, queue);
            app.store.save_progress(&source.id, walk.cursor.as_deref(), &pending).await?;
        }
        first = false;
    }
    Ok(None)
}

/// What is left to ask, as it may be stored.
pub(super) fn hidden(walk: &Walk, queue: &VecDeque<Step>) -> Vec<Request> {
    queue.iter().map(|step| walk.veil.hide_request(step.request.clone())).collect()
}

/// One request, its answer kept, read and stored. The inner error is the source's.
async fn one_answer(
    app: &App,
    source: &StoredSource,
    connector: &'static dyn Connector,
    descriptor: &Descriptor,
    walk: &mut Walk,
    queue: &mut VecDeque<Step>,
    step: &Step,
) -> anyhow::Result<Result<(), SourceProblem>> {
    let now = clock::now();
    let request = &step.request;
    if let Some(purse) = &walk.purse
        && let Err(empty) = purse.pay(app, connector, request, now).await?
    {
        walk.rests = Some(empty);
        return Ok(Ok(()));
    }
    let validators = match request.verb {
        // What may be kept for so long only is received anew each time: that nothing has changed delivers nothing.
        Verb::Get if storage::mention_days(descriptor.storage).is_none() => app
            .store
            .validator(&source.id, &request.url)
            .await?
            .map(|v| Validators { etag: v.etag, last_modified: v.last_modified, body_hash: v.body_hash }),
        Verb::Get | Verb::Post => None,
    };
    let pace = pace(app, descriptor, &request.url);
    let fetched = match walk.pass.fetch(app, request, pace, validators.as_ref(), now).await {
        Ok(fetched) => fetched,
        Err(failure) => return Ok(Err(walk.refused(failure))),
    };
    walk.pass.hide_in(&mut walk.veil);
    walk.requests += fetched.requests_made.max(1);
    walk.retry_after = fetched.retry_after;
    *walk.answers.entry(fetched.response.status).or_default() += 1;
    if fetched.not_modified {
        let asked = walk.veil.hide_request(request.clone());
        walk.sightings.unchanged(app, source, &asked).await?;
        return Ok(Ok(()));
    }
    let Fetched { response, validators, .. } = fetched;
    let good = (200..300).contains(&response.status);
    let kept_days = capture_days(descriptor.storage, app.config.captures.keep_days);
    let keeps = good && kept_days > 0 && !walk.veil.signs_in(request);
    let worked = work_on(connector, request.clone(), response, keeps, now).await?;
    let reading = match worked.keep(app, source, &walk.veil, request, now).await? {
        Ok(reading) => reading,
        Err(problem) => return Ok(Err(problem)),
    };
    take(app, source, descriptor, walk, queue, reading, step, now).await?;
    if request.verb == Verb::Get {
        let Validators { etag, last_modified, body_hash } = validators;
        let validator = Validator { etag, last_modified, body_hash };
        app.store.put_validator(&source.id, &request.url, &validator, now).await?;
    }
    Ok(Ok(()))
}

/// Stores what was read, and goes on where there may be more that is new.
#[expect(clippy::too_many_arguments, reason = "everything that one answer concerns")]
async fn take(
    app: &App,
    source: &StoredSource,
    descriptor: &Descriptor,
    walk: &mut Walk,
    queue: &mut VecDeque<Step>,
    reading: Reading,
    step: &Step,
    now: Time,
) -> anyhow::Result<()> {
    let Reading { mentions, totals, follow, cursor, warnings, also } = reading;
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
    let asked = walk.veil.hide_request(step.request.clone());
    walk.sightings.answered(app, source, &asked, &sighted).await?;
    walk.ingested.add(ingested);
    // Only what is stored moves the start of the next run.
    walk.cursor = cursor.or(walk.cursor.take());
    let fresh = step.fresh;
    queue.extend(also.into_iter().map(|request| Step { request, fresh }));
    let all_known = held_mentions && ingested.new == 0 && ingested.changed == 0;
    // A back-fill that goes on where an earlier run left off need not walk the way there again.
    let goes_on = fresh && !source.pending.is_empty();
    if !((source.first_run_done || goes_on) && all_known) {
        queue.extend(follow.into_iter().map(|request| Step { request, fresh }));
    }
    Ok(())
}

impl Walk {
    /// A request that came to no answer.
    fn refused(&mut self, failure: Failure) -> SourceProblem {
        if failure.asked {
            self.requests += 1;
            *self.answers.entry(failure.status).or_default() += 1;
        }
        self.retry_after = failure.retry_after;
        failure.problem
    }

    fn warn(&mut self, warning: String) {
        self.warning_count += 1;
        if self.warnings.len() < 3 {
            self.warnings.push(warning);
        }
    }

    pub(super) fn remark(&self, pages_left: usize) -> Option<String> {
        let mut parts = Vec::new();
        if self.warning_count > 0 {
            let what =
                if self.warning_count == 1 { "1 item" } else { &format!("{} items", self.warning_count) };
            parts.push(format!(
                "{what} could not be read: {}.",
                self.warnings.join("; ").trim_end_matches('.')
            ));
        }
        if let Some(rests) = &self.rests {
            parts.push(rests.text.clone());
        } else if pages_left > 0 {
            parts.push("More pages are read at the next run.".to_owned());
        }
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

/// The platform's pace. Places on private networks that the owner opened are the owner's own, and are not spared.
pub(super) fn pace(app: &App, descriptor: &Descriptor, url: &str) -> Duration {
    let place = url::Url::parse(url)
        .ok()
        .and_then(|url| Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?)));
    let own = place
        .is_some_and(|place| app.config.fetch.allow_private.iter().any(|allowed| allowed.trim() == place));
    if own { Duration::ZERO } else { Duration::from_millis(descriptor.pace_ms) }
}

/// Scheme, host and port.
fn origin_of(url: &str) -> Option<String> {
    url::Url::parse(url).ok().map(|url| url.origin().ascii_serialization())
}
