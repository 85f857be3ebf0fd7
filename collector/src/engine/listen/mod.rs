//! Listeners beside the scheduled sources: streams and mailboxes, one task each, connected for as long as their source is
//! watched. They are started, restarted when settings change, and ended here; a cursor moves only after what came before it is
//! stored, so that an end at any moment loses nothing.

mod batch;
mod mailbox;
mod metered;
mod socket;

use std::{collections::HashMap, time::Duration};

use chrono::TimeDelta;
use goodword_shared::{
    alert::Event,
    id::SourceId,
    problem::{ProblemKind, SourceProblem},
    source::{Route, Values},
};
use rand::Rng;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use self::batch::Batch;
use super::{access::Pass, sources::values};
use crate::{
    app::App,
    clock,
    connectors::{self, stream},
    fold::sha256_hex,
    store::{Heard, StoredSource, new_id},
};

/// How often sources are looked at for changes that nobody told of.
const LOOK: Duration = Duration::from_secs(20);
/// How long a source is held; renewed at every look.
const HELD: TimeDelta = TimeDelta::seconds(90);
/// First and longest pause before connecting again.
const SOON: Duration = Duration::from_secs(2);
const LATE: Duration = Duration::from_secs(600);
/// Pause where the owner has to do something first.
const OWNER: Duration = Duration::from_secs(3600);

/// Why a connection ended.
enum Ended {
    /// We were told to end; everything heard is stored.
    Told,
    /// It broke, or never came about.
    Problem(SourceProblem),
}

/// One listener at work.
struct Task {
    /// What it was started with: other settings start it anew.
    print: String,
    stop: CancellationToken,
    handle: JoinHandle<()>,
}

/// How a source is listened to.
#[derive(Clone, Copy)]
enum Way {
    Socket(&'static dyn stream::Stream),
    Mailbox,
}

/// Listens until told to end.
pub async fn run(app: App, shutdown: CancellationToken) -> anyhow::Result<()> {
    let holder = new_id();
    let mut tasks: HashMap<SourceId, Task> = HashMap::new();
    loop {
        if let Err(error) = look(&app, &holder, &mut tasks).await {
            tracing::error!(error = format!("{error:#}"), "sources to listen to could not be looked up");
        }
        tokio::select! {
            () = shutdown.cancelled() => break,
            () = app.wake_listeners.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    for (id, task) in tasks {
        end(&app, &holder, &id, task).await?;
    }
    Ok(())
}

/// Starts what should be listened to, ends what should not, keeps hold of the rest.
async fn look(app: &App, holder: &str, tasks: &mut HashMap<SourceId, Task>) -> anyhow::Result<()> {
    let mut wanted = HashMap::new();
    for source in app.store.source_rows().await?.into_iter().filter(|source| !source.paused) {
        if let Some((way, settings)) = way(app, &source)? {
            let print = sha256_hex(serde_json::to_string(&(&settings, &source.account))?.as_bytes());
            wanted.insert(source.id.clone(), (source, way, settings, print));
        }
    }
    let gone: Vec<SourceId> = tasks
        .iter()
        .filter(|(id, task)| {
            task.handle.is_finished() || wanted.get(*id).is_none_or(|(_, _, _, print)| *print != task.print)
        })
        .map(|(id, _)| id.clone())
        .collect();
    for id in gone {
        if let Some(task) = tasks.remove(&id) {
            end(app, holder, &id, task).await?;
        }
    }
    let now = clock::now();
    for (id, (source, way, settings, print)) in wanted {
        let held = app.store.take_listener(&id, holder, now, now + HELD).await?;
        match (held, tasks.contains_key(&id)) {
            (true, false) => {
                let stop = CancellationToken::new();
                let handle = tokio::spawn(keep_listening(app.clone(), source, way, settings, stop.clone()));
                tasks.insert(id, Task { print, stop, handle });
            }
            // Another process took it while this one was asleep.
            (false, true) => {
                if let Some(task) = tasks.remove(&id) {
                    end(app, holder, &id, task).await?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

async fn end(app: &App, holder: &str, id: &SourceId, task: Task) -> anyhow::Result<()> {
    task.stop.cancel();
    if let Err(error) = task.handle.await {
        tracing::error!(source = %id, %error, "a listener ended without saying how");
    }
    app.store.free_listener(id, holder).await?;
    Ok(())
}

/// How a source is listened to, with its settings; none where it is not.
fn way(app: &App, source: &StoredSource) -> anyhow::Result<Option<(Way, Values)>> {
    let Some(connector) = connectors::by_slug(&source.connector) else { return Ok(None) };
    let descriptor = connector.describe();
    let way = match stream::by_slug(&source.connector) {
        Some(stream) => Way::Socket(stream),
        None if descriptor.route == Route::Mail => Way::Mailbox,
        None => return Ok(None),
    };
    let settings = values(app, source, &descriptor)?;
    let asked = match way {
        Way::Socket(stream) => !matches!(stream.listen(&settings, None), Ok(None)),
        Way::Mailbox => mailbox::is_set(&settings),
    };
    Ok(asked.then_some((way, settings)))
}

/// Connects, and connects again after pauses that grow, until told to stop.
async fn keep_listening(app: App, source: StoredSource, way: Way, settings: Values, stop: CancellationToken) {
    loop {
        let ended = match once(&app, &source, way, &settings, &stop).await {
            Ok(ended) => ended,
            Err(error) => {
                tracing::error!(source = %source.id, error = format!("{error:#}"), "a listener failed on our side");
                Ended::Problem(SourceProblem {
                    problem: ProblemKind::Unreachable,
                    detail: "Something broke on our side while listening; the log says what.".into(),
                })
            }
        };
        let Ended::Problem(problem) = ended else { return };
        let pause = match failed(&app, &source, &problem).await {
            Ok(failures) => pause(&problem, failures),
            Err(error) => {
                tracing::error!(source = %source.id, error = format!("{error:#}"), "a listener's fault could not be recorded");
                LATE
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn once(
    app: &App,
    source: &StoredSource,
    way: Way,
    settings: &Values,
    stop: &CancellationToken,
) -> anyhow::Result<Ended> {
    let cursor = app.store.listening(&source.id).await?.and_then(|listening| listening.cursor);
    match way {
        Way::Socket(stream) => {
            let mut settings = settings.clone();
            // What is listened to is let in by the same account as what is asked for.
            if let Some(connector) = connectors::by_slug(&source.connector)
                && let Err(failure) =
                    Pass::obtain(app, connector, &mut settings, source.account.as_deref()).await
            {
                return Ok(Ended::Problem(failure.problem));
            }
            socket::listen(app, source, stream, &settings, cursor, stop).await
        }
        Way::Mailbox => mailbox::listen(app, source, settings, cursor, stop).await,
    }
}

/// Records a connection. What is only listened to has answered well, then.
async fn connected(app: &App, source: &StoredSource) -> anyhow::Result<()> {
    let now = clock::now();
    app.store.listener_connected(&source.id, now).await?;
    if source.next_run.is_none() {
        app.store.source_heard(&source.id, &Heard::default(), now).await?;
    }
    app.tell(Event::Changed { what: "sources".into() });
    Ok(())
}

/// Records a broken connection. What is only listened to says so at the source itself.
async fn failed(app: &App, source: &StoredSource, problem: &SourceProblem) -> anyhow::Result<u32> {
    tracing::warn!(source = %source.id, name = source.name, %problem, "not listening");
    app.store.listener_failed(&source.id, problem).await?;
    let failures = app.store.listening(&source.id).await?.map_or(1, |listening| listening.failures);
    // A connection that breaks now and then is no news; one that does not come back is.
    if source.next_run.is_none() && (failures > 1 || needs_owner(problem.problem)) {
        let heard = Heard { problem: Some(problem.clone()), ..Heard::default() };
        app.store.source_heard(&source.id, &heard, clock::now()).await?;
    }
    app.tell(Event::Changed { what: "sources".into() });
    Ok(failures)
}

fn needs_owner(kind: ProblemKind) -> bool {
    matches!(
        kind,
        ProblemKind::Auth
            | ProblemKind::Blocked
            | ProblemKind::Refused
            | ProblemKind::NotFound
            | ProblemKind::Unsupported
    )
}

/// Twice as long after each failure, a little more or less, so that a thousand listeners do not come back at once.
fn pause(problem: &SourceProblem, failures: u32) -> Duration {
    let wait = if needs_owner(problem.problem) {
        OWNER
    } else {
        SOON.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1).min(12))).min(LATE)
    };
    wait.mul_f64(rand::rng().random_range(0.8..1.2))
}

/// How a listener fares, for the source's sentence: "Listening since …" is shown by its parts.
pub(super) async fn sentence(app: &App, source: &StoredSource) -> anyhow::Result<Option<String>> {
    if source.paused || way(app, source)?.is_none() {
        return Ok(None);
    }
    let Some(listening) = app.store.listening(&source.id).await? else {
        return Ok(Some("Connecting.".into()));
    };
    let ago = |at| crate::pipeline::priority::duration(clock::now() - at);
    Ok(Some(match (listening.connected_at, &listening.problem, listening.last_event) {
        (Some(at), _, None) => format!("Listening live for {}; nothing yet.", ago(at)),
        (Some(at), _, Some(last)) => format!("Listening live for {}; last heard {} ago.", ago(at), ago(last)),
        // What is only listened to shows its problem as its own.
        (None, Some(_), _) if source.next_run.is_none() => return Ok(None),
        (None, Some(problem), _) => format!("Not listening live: {}", problem.detail),
        (None, None, _) => "Connecting.".into(),
    }))
}

/// Whether settings name a mailbox; imports of mail files have none.
pub(super) fn has_mailbox(settings: &Values) -> bool {
    mailbox::is_set(settings)
}

/// What a mailbox's newest mails say, for the preview.
pub(super) async fn peek(
    app: &App,
    settings: &Values,
) -> Result<Vec<goodword_shared::Mention>, SourceProblem> {
    mailbox::peek(app, settings).await
}
