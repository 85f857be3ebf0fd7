//! The second tier for what could wait: mentions too old to open a case or to alert are stored with what the first tier makes of
//! them, so that a history of years can be looked at within a minute, and are heard here afterwards, newest first, while the
//! service goes on. Nothing is opened or told of by it: tags, standings of promoters and open pages follow, as after a correction.

use std::time::Duration;

use goodword_shared::alert::Event;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{learn, promoters};
use crate::{
    analysis::{Input, taught::Taught},
    app::App,
    pipeline::decide::unhappy,
    store::{Reread, Unheard},
};

/// Mentions of one transaction.
const CHUNK: u32 = 128;
/// How often it is looked whether another process left something.
const EVERY: Duration = Duration::from_secs(300);
/// Open pages are told no more often.
const TOLD: Duration = Duration::from_secs(10);

/// Hears what waits until told to end. Faults are logged, and the work is tried again later.
pub async fn hear(app: App, shutdown: CancellationToken) -> anyhow::Result<()> {
    loop {
        match hear_all(&app, &shutdown).await {
            Ok(0) => {}
            Ok(heard) => tracing::info!(mentions = heard, "read again what the first tier was not sure of"),
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "what waits could not be read again");
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = app.wake_hearing.notified() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Hears everything that waits, on one thread; answers how many mentions that were. Ends early where it is told to: the rest
/// goes on waiting.
pub async fn hear_all(app: &App, until: &CancellationToken) -> anyhow::Result<u64> {
    let mut total = 0;
    if !app.analyser.is_whole() {
        return Ok(total);
    }
    let mut told = Instant::now();
    while !until.is_cancelled() {
        let waiting = app.store.unheard(CHUNK).await?;
        if waiting.is_empty() {
            break;
        }
        let terms = app.store.terms().await?;
        let heard = hear_some(app, waiting).await?;
        // The owner may have chosen otherwise meanwhile; then they are heard anew.
        let Some(written) = app.store.write_heard(&heard, &terms).await? else { continue };
        total += written;
        let mut authors: Vec<&str> = heard
            .iter()
            .filter(|heard| heard.analysis != heard.of.analysis)
            .filter_map(|heard| heard.of.author.as_ref().map(|id| id.as_str()))
            .collect();
        authors.sort_unstable();
        authors.dedup();
        promoters::refresh_now(app, &authors).await?;
        if told.elapsed() >= TOLD {
            tell(app);
            told = Instant::now();
        }
        if written == 0 {
            break;
        }
    }
    if total > 0 {
        tell(app);
    }
    Ok(total)
}

async fn hear_some(app: &App, waiting: Vec<Unheard>) -> anyhow::Result<Vec<Reread>> {
    let settings = app.store.settings().await?;
    let local = learn::local(app).await?;
    let app = app.clone();
    let heard = tokio::task::spawn_blocking(move || {
        let inputs: Vec<Input<'_>> = waiting.iter().map(|waits| Input::of(&waits.mention)).collect();
        let analyses = Taught { analyser: &app.analyser, local: &local }.analyse_all(&inputs, 1);
        waiting
            .into_iter()
            .zip(analyses)
            .map(|(of, analysis)| {
                let unhappy = !unhappy(&of.mention, &analysis, &settings).is_empty();
                Reread { of, analysis, unhappy }
            })
            .collect()
    });
    Ok(heard.await?)
}

fn tell(app: &App) {
    for list in ["mentions", "promoters"] {
        app.tell(Event::Changed { what: list.into() });
    }
}
