//! Kept answers read again by the connector as it is now: what a mended connector finds is stored, nothing alerts.

use std::collections::{HashMap, HashSet};

use goodword_shared::{Time, problem::SourceProblem};

use super::{
    ingest::{Ingested, ingest},
    run::origin,
};
use crate::{
    app::App,
    clock, connectors,
    pipeline::{self, Run, dedupe},
    store::{Capture, StoredSource},
};

/// Answers of one look.
const CHUNK: u32 = 20;

/// What a replay found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replayed {
    /// Kept answers.
    pub answers: u32,
    /// Mentions in them.
    pub found: u32,
    /// On a dry run: how many of the changed would be gone, because an answer says that they are.
    pub gone: u32,
    /// On a dry run: how many that came while answers were kept are in none of them for today's connector. They stay.
    pub lost: u32,
    /// What became of them; on a dry run what would become of them.
    pub ingested: Ingested,
    /// Differences, in words; on a dry run only, at most 200.
    pub differences: Vec<String>,
    /// Answers that could not be read, and why.
    pub problems: Vec<SourceProblem>,
}

impl Replayed {
    fn differ(&mut self, key: &str, difference: &str, text: &str) {
        if self.differences.len() < 200 {
            let words = pipeline::alerts::shorten(text, 60).replace('\n', " ");
            self.differences.push(format!("{key}: {difference}: {words}"));
        }
    }
}

/// Reads a source's kept answers again, oldest first. A dry run stores nothing and lists the differences.
pub async fn replay(app: &App, source: &StoredSource, dry_run: bool) -> anyhow::Result<Replayed> {
    let mut out = Replayed::default();
    let Some(connector) = connectors::by_slug(&source.connector) else {
        anyhow::bail!("this version has no connector “{}”", source.connector);
    };
    let origin = origin(source, &connector.describe());
    let mut after = String::new();
    let mut oldest = None;
    // All answers are read before anything is stored: an old answer must not undo what a newer one said.
    let mut all = Vec::new();
    loop {
        let captures = app.store.captures(&source.id, &after, CHUNK).await?;
        let Some(last) = captures.last() else { break };
        after.clone_from(&last.id);
        for Capture { fetched_at, request, response, .. } in captures {
            out.answers += 1;
            oldest = Some(oldest.map_or(fetched_at, |oldest: Time| oldest.min(fetched_at)));
            let reading =
                tokio::task::spawn_blocking(move || connector.read(&request, &response, Some(fetched_at)))
                    .await?;
            match reading {
                Ok(reading) => {
                    out.found += u32::try_from(reading.mentions.len()).unwrap_or(u32::MAX);
                    all.extend(reading.mentions);
                }
                Err(problem) => out.problems.push(problem),
            }
        }
    }
    if dry_run {
        compare(app, &origin, all, oldest, &mut out).await?;
    } else {
        out.ingested = ingest(app, &origin, all, Run::Replay, clock::now()).await?;
    }
    Ok(out)
}

async fn compare(
    app: &App,
    origin: &crate::record::Origin,
    mentions: Vec<goodword_shared::Mention>,
    oldest: Option<Time>,
    out: &mut Replayed,
) -> anyhow::Result<()> {
    let prepared = pipeline::prepare(mentions, origin, clock::now());
    let keys: Vec<&str> = prepared.iter().map(|p| p.key.as_str()).collect();
    let known = app.store.known(origin, &keys, &[]).await?;
    let by_key: HashMap<&str, _> =
        known.mentions.iter().map(|(key, mention)| (key.as_str(), mention)).collect();
    for one in &prepared {
        let mut words = &one.mention.text;
        let difference = match by_key.get(one.key.as_str()) {
            None => {
                out.ingested.new += 1;
                Some("new".to_owned())
            }
            Some(before) => {
                let now = dedupe::merge(&before.mention, one.mention.clone());
                let changed = dedupe::changes(&before.mention, &now);
                if now.deleted && !before.mention.deleted {
                    (out.gone, out.ingested.changed) = (out.gone + 1, out.ingested.changed + 1);
                    // What is gone says nothing more.
                    words = &before.mention.text;
                    Some("gone".to_owned())
                } else if changed.is_empty() && now == before.mention {
                    out.ingested.unchanged += 1;
                    None
                } else if changed.is_empty() {
                    out.ingested.changed += 1;
                    Some("details".to_owned())
                } else {
                    out.ingested.changed += 1;
                    Some(changed.join(", "))
                }
            }
        };
        if let Some(difference) = difference {
            out.differ(&one.key, &difference, words);
        }
    }
    // An answer that could not be read may hold what the others do not.
    let Some(oldest) = oldest.filter(|_| out.problems.is_empty()) else { return Ok(()) };
    let found: HashSet<&str> = keys.into_iter().collect();
    for (key, text) in app.store.collected_since(&origin.source, oldest).await? {
        if !found.contains(key.as_str()) {
            out.lost += 1;
            out.differ(&key, "no longer found, it stays", &text);
        }
    }
    Ok(())
}
