//! Learning from the owner's corrections: trains anew when there are some more, keeps each version with what it would change, uses
//! the newest that does better than the engine as shipped (or what the owner chose), and reads stored mentions again after a change.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use goodword_shared::{Analysis, Mention, alert::Event, settings::OwnTheme};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::promoters;
use crate::{
    analysis::{
        Input,
        learnt::{FEWEST, Learnt, Question, Score, Told, learn as train},
        own::OwnThemes,
        settle,
        taught::{Local, Taught, shipped},
    },
    app::App,
    clock,
    pipeline::decide::unhappy,
    store::{LearntVersion, Reading, Spoken},
};

/// Corrections that are learnt from, the newest.
const CORRECTIONS: u32 = 2000;
/// Mentions that the owner has left alone and that hold the rest in place.
const OTHERS: u32 = 400;
/// Mentions by which it is told what a version changes.
const LOOKED_AT: u32 = 2000;
/// Mentions of one look when all are read again.
const CHUNK: u32 = 200;
/// After a correction others may follow.
const PAUSE: Duration = Duration::from_secs(20);
/// A new version that reads more than this share of everything otherwise is not used: corrections are about a few.
const TOO_MANY: f64 = 0.25;
/// Where fewer were looked at, the share says nothing.
const FEW: u64 = 20;
/// Examples kept of what a version changes.
const EXAMPLES: usize = 10;

const CHOICE: &str = "learning";
const REREADING: &str = "rereading";

/// What the owner chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The newest version that is better.
    pub follow: bool,
    /// The one in use; none for the engine as shipped.
    pub version: Option<u64>,
}

impl Default for Choice {
    fn default() -> Self {
        Self { follow: true, version: None }
    }
}

/// What is told of a version.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Corrections learnt from.
    pub corrections: u64,
    /// When the newest of them was made, in milliseconds.
    pub newest: i64,
    /// Every question tried.
    pub scores: Vec<Score>,
    /// It may be used.
    pub better: bool,
    /// Why, in words.
    pub why: String,
    /// Mentions it reads otherwise than what was in use before.
    pub changed: u64,
    /// Of so many.
    pub looked: u64,
    /// Some of them: mention and what is different.
    pub examples: Vec<(String, String)>,
}

/// What the owner chose, or the default.
pub async fn choice(app: &App) -> anyhow::Result<Choice> {
    Ok(app.store.noted(CHOICE).await?.unwrap_or_default())
}

/// Whether mentions are being read again.
pub async fn is_rereading(app: &App) -> anyhow::Result<bool> {
    Ok(app.store.noted::<String>(REREADING).await?.is_some())
}

/// What is the owner's own in reading, as it is stored now. Another process may have changed it.
pub async fn local(app: &App) -> anyhow::Result<Arc<Local>> {
    let themes = app.store.settings().await?.themes;
    let version = choice(app).await?.version;
    let stamp = format!("{version:?} {}", serde_json::to_string(&themes)?);
    let held = app.local.read().unwrap_or_else(PoisonError::into_inner).clone();
    if held.stamp == stamp {
        return Ok(held);
    }
    let learnt = match version {
        Some(number) => app.store.learnt_version(number).await?.map(|v| serde_json::from_str(&v.model)),
        None => None,
    };
    let local = with(app, themes, learnt.transpose()?.unwrap_or_default(), stamp).await?;
    *app.local.write().unwrap_or_else(PoisonError::into_inner) = local.clone();
    Ok(local)
}

async fn with(app: &App, themes: Vec<OwnTheme>, learnt: Learnt, stamp: String) -> anyhow::Result<Arc<Local>> {
    let app = app.clone();
    let themes = tokio::task::spawn_blocking(move || OwnThemes::new(&themes, &app.analyser)).await?;
    Ok(Arc::new(Local { themes, learnt, stamp }))
}

/// Learns from all corrections, where there are new ones. A version that is better is used from now on, if the owner has not chosen
/// otherwise.
pub async fn learn(app: &App) -> anyhow::Result<()> {
    let _turn = app.learning.lock().await;
    let (corrections, newest) = app.store.corrections_so_far().await?;
    let before = app.store.learnt_versions().await?.into_iter().next();
    let known: Option<Report> = before.as_ref().map(report_of);
    let same = known.as_ref().is_some_and(|r| r.corrections == corrections && r.newest == newest);
    if corrections < FEWEST as u64 || same {
        return Ok(());
    }
    let spoken = app.store.spoken_of(CORRECTIONS).await?;
    let others = app.store.uncorrected(LOOKED_AT).await?;
    let held = local(app).await?;
    let work = app.clone();
    let (model, report) = tokio::task::spawn_blocking(move || {
        let (learnt, scores) = trained(&work, &held, &spoken, &others);
        let report = compared(&work, &held, &learnt, &others, scores);
        (learnt, Report { corrections, newest, ..report })
    })
    .await?;
    let choice = choice(app).await?;
    let (json, told) = (serde_json::to_string(&model)?, serde_json::to_string(&report)?);
    let number = app.store.add_learnt_version(&json, &told, choice.version, clock::now()).await?;
    tracing::info!(
        version = number,
        corrections,
        better = report.better,
        "learnt from the owner's corrections"
    );
    let next = report.better.then_some(number);
    // What was learnt before is no longer better where nothing is: the newest corrections decide.
    if choice.follow && next != choice.version {
        take(app, Choice { version: next, ..choice }).await?;
    }
    app.tell(Event::Changed { what: "learning".into() });
    Ok(())
}

/// Uses what the owner chose. False where there is no such version.
pub async fn choose(app: &App, follow: bool, version: Option<u64>) -> anyhow::Result<bool> {
    let _turn = app.learning.lock().await;
    let version = if follow {
        let newest = app.store.learnt_versions().await?.into_iter().next();
        newest.filter(|v| report_of(v).better).map(|v| v.version)
    } else {
        if let Some(number) = version
            && app.store.learnt_version(number).await?.is_none()
        {
            return Ok(false);
        }
        version
    };
    let next = Choice { follow, version };
    if choice(app).await? != next {
        take(app, next).await?;
    }
    Ok(true)
}

async fn take(app: &App, choice: Choice) -> anyhow::Result<()> {
    app.store.note(CHOICE, Some(&choice)).await?;
    read_again(app).await
}

/// Has every stored mention read again, beside whatever else is done.
pub async fn read_again(app: &App) -> anyhow::Result<()> {
    app.store.note(REREADING, Some(&String::new())).await?;
    app.wake_learner.notify_one();
    Ok(())
}

/// Learns when there are new corrections, and reads again when something was learnt or chosen, until told to end.
pub async fn run(app: App, shutdown: CancellationToken) -> anyhow::Result<()> {
    let mut due = None;
    loop {
        if let Err(error) = reread(&app, &shutdown).await {
            tracing::error!(error = format!("{error:#}"), "mentions could not be read again");
        }
        let pause = async {
            match due {
                Some(due) => tokio::time::sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = app.wake_learner.notified() => due = Some(Instant::now() + PAUSE),
            () = pause => {
                due = None;
                if let Err(error) = learn(&app).await {
                    tracing::error!(error = format!("{error:#}"), "nothing could be learnt from the corrections");
                }
            }
        }
    }
}

/// Reads on where it was left, to the last mention. The owner's corrections stay; nothing is alerted.
async fn reread(app: &App, shutdown: &CancellationToken) -> anyhow::Result<()> {
    let (mut was_due, mut changed) = (false, false);
    while let Some(after) = app.store.noted::<String>(REREADING).await? {
        was_due = true;
        if shutdown.is_cancelled() {
            return Ok(());
        }
        // No batch may be decided by the old reading meanwhile.
        let turn = app.deciding.lock().await;
        let terms = app.store.terms().await?;
        let local = local(app).await?;
        let settings = app.store.settings().await?;
        let stored = app.store.uncorrected_after(&after, CHUNK).await?;
        let last = stored.last().map(|reading| reading.id.clone());
        let work = app.clone();
        let now: Vec<(Reading, bool)> = tokio::task::spawn_blocking(move || {
            let taught = Taught { analyser: &work.analyser, local: &local };
            stored
                .into_iter()
                .filter_map(|mut reading| {
                    let analysis = taught.again(&Input::of(&reading.mention), reading.analysis.clone());
                    let unhappy = !unhappy(&reading.mention, &analysis, &settings).is_empty();
                    let differs = analysis != reading.analysis;
                    reading.analysis = analysis;
                    differs.then_some((reading, unhappy))
                })
                .collect()
        })
        .await?;
        if !app.store.read_again(&now, &terms, (REREADING, &after, last.as_deref())).await? {
            // The owner has chosen otherwise meanwhile.
            continue;
        }
        drop(turn);
        let mut authors: Vec<&str> =
            now.iter().filter_map(|(reading, _)| reading.author.as_deref()).collect();
        authors.sort_unstable();
        authors.dedup();
        promoters::refresh_now(app, &authors).await?;
        changed |= !now.is_empty();
    }
    if changed {
        // What was read again while the second tier was heard on it goes on waiting.
        app.wake_hearing.notify_one();
    }
    // Whoever waits for the end is told of it, also where nothing reads differently now.
    let lists = [("learning", was_due), ("mentions", changed), ("cases", changed), ("promoters", changed)];
    for (list, _) in lists.into_iter().filter(|(_, news)| *news) {
        app.tell(Event::Changed { what: list.into() });
    }
    Ok(())
}

fn told(app: &App, held: &Local, mention: &Mention, analysis: Option<&Analysis>) -> Told {
    let input = Input::of(mention);
    let shipped = analysis.map_or_else(|| app.analyser.analyse(&input), |stored| shipped(stored.clone()));
    let local = Local { themes: held.themes.clone(), ..Local::default() };
    let taught = Taught { analyser: &app.analyser, local: &local };
    Told::new(&input, taught.again(&input, shipped))
}

fn trained(
    app: &App,
    held: &Local,
    spoken: &[(Reading, Spoken)],
    others: &[Reading],
) -> (Learnt, Vec<Score>) {
    let corrected: Vec<Told> = spoken
        .iter()
        .map(|(reading, Spoken { label, themes, intents })| Told {
            label: *label,
            themes: themes.clone(),
            intents: intents.clone(),
            ..told(app, held, &reading.mention, None)
        })
        .collect();
    let left: Vec<Told> = others
        .iter()
        .filter(|reading| !reading.analysis.sentiment.uncertain)
        .take(OTHERS as usize)
        .map(|reading| told(app, held, &reading.mention, Some(&reading.analysis)))
        .collect();
    train(&corrected, &left)
}

/// What is different between what is in use and what was learnt now.
fn compared(app: &App, held: &Local, learnt: &Learnt, others: &[Reading], scores: Vec<Score>) -> Report {
    let next = Local { learnt: learnt.clone(), ..held.clone() };
    let mut report = Report { looked: others.len() as u64, ..Report::default() };
    let mut shaken = 0u64;
    for reading in others {
        let input = Input::of(&reading.mention);
        let [before, after] = [held, &next]
            .map(|local| Taught { analyser: &app.analyser, local }.again(&input, reading.analysis.clone()));
        shaken +=
            u64::from(after.untaught.as_ref().is_some_and(|u| u.sentiment.label != after.sentiment.label));
        if let Some(what) = difference(&before, &after) {
            report.changed += 1;
            if report.examples.len() < EXAMPLES {
                report.examples.push((reading.id.clone(), what));
            }
        }
    }
    let better = scores.iter().any(Score::is_better);
    let too_many = report.looked >= FEW && shaken as f64 > TOO_MANY * report.looked as f64;
    report.why = match scores.iter().find(|s| s.is_better()).or(scores.first()) {
        None => "nothing to learn: the corrections agree with the engine".to_owned(),
        Some(_) if too_many => format!(
            "it would turn the sentiment of {shaken} of {} mentions, too many for what was corrected",
            report.looked
        ),
        Some(score) if better => format!("{}: {}", in_words(&score.question), agreement(score)),
        Some(score) => format!("no better than the engine as shipped: {}", agreement(score)),
    };
    Report { better: better && !too_many, scores, ..report }
}

fn agreement(score: &Score) -> String {
    let Score { learnt, shipped, labels, .. } = score;
    format!("agrees with {learnt} of {labels} labels that it had not seen, as shipped with {shipped}")
}

/// "sentiment", "theme parking".
pub fn in_words(question: &Question) -> String {
    match question {
        Question::Sentiment => "sentiment".into(),
        Question::Theme(name) => format!("theme {name}"),
        Question::Intent(name) => format!("intent {name}"),
    }
}

/// "negative → positive; no longer safety".
fn difference(before: &Analysis, after: &Analysis) -> Option<String> {
    if !settle::differs(before, after) {
        return None;
    }
    let mut parts = Vec::new();
    let (was, is) = (before.sentiment, after.sentiment);
    if was.label != is.label {
        parts.push(format!("{} → {}", was.label.as_str(), is.label.as_str()));
    } else if was.uncertain != is.uncertain {
        parts.push(if is.uncertain { "unsure now".into() } else { "sure now".to_owned() });
    }
    let names = |analysis: &Analysis| -> Vec<String> {
        let themes = analysis.themes.iter().map(|t| t.theme.clone());
        themes.chain(analysis.intents.iter().map(|i| i.intent.replace('_', " "))).collect()
    };
    let (had, has) = (names(before), names(after));
    parts.extend(has.iter().filter(|name| !had.contains(name)).map(|name| format!("now {name}")));
    parts.extend(had.iter().filter(|name| !has.contains(name)).map(|name| format!("no longer {name}")));
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What is told of a stored version.
pub fn report_of(version: &LearntVersion) -> Report {
    serde_json::from_str(&version.report).unwrap_or_default()
}
