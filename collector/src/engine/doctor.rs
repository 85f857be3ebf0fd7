//! The printed audit: whether the database is whole, the key fits, the folder is private, the clock and the disk will do, how
//! every source fares, and whether the platforms' storage rules hold. It names ids and connectors, never what anybody said,
//! nor the owner's names for things.

use std::path::Path;

use chrono::TimeDelta;
use goodword_shared::{Time, source::StorageRule};

use super::storage;
use crate::{
    config::Config,
    connectors,
    pipeline::priority::{duration, thousands},
    secrets::{KEY_VARIABLE, Sealer},
    store::{Dialect, Store, StoredSource},
};

/// Bytes of free disk below which the database is in danger.
const LITTLE: u64 = 512 << 20;
/// How far the database may be ahead of the clock.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// As it should be.
    Fine,
    /// Worth knowing.
    Note,
    /// To be put right.
    Wrong,
}

/// One line of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about: "database", "source" …
    pub about: &'static str,
    /// How much it matters.
    pub weight: Weight,
    /// In words, with what to do.
    pub text: String,
}

/// The audit under way.
#[derive(Default)]
struct Audit {
    findings: Vec<Finding>,
}

impl Audit {
    fn say(&mut self, about: &'static str, weight: Weight, text: impl Into<String>) {
        self.findings.push(Finding { about, weight, text: text.into() });
    }

    fn fine(&mut self, about: &'static str, text: impl Into<String>) {
        self.say(about, Weight::Fine, text);
    }

    fn note(&mut self, about: &'static str, text: impl Into<String>) {
        self.say(about, Weight::Note, text);
    }

    fn wrong(&mut self, about: &'static str, text: impl Into<String>) {
        self.say(about, Weight::Wrong, text);
    }
}

/// Looks at the folder before anything is opened: opening makes what is missing.
pub fn look_at_folder(data: &Path, config: &Config) -> Vec<Finding> {
    let mut audit = Audit::default();
    folder(&mut audit, data);
    disk(&mut audit, data);
    key(&mut audit, data);
    configuration(&mut audit, data, config);
    audit.findings
}

/// Looks at everything that is stored.
///
/// # Errors
/// Where the database does not answer.
pub async fn look_at_store(
    store: &Store,
    sealer: Option<&Sealer>,
    config: &Config,
    now: Time,
) -> anyhow::Result<Vec<Finding>> {
    let mut audit = Audit::default();
    database(&mut audit, store).await?;
    clock(&mut audit, store, now).await?;
    secrets(&mut audit, store, sealer).await?;
    for source in store.source_rows().await? {
        self::source(&mut audit, &source, now);
    }
    rules(&mut audit, store, now).await?;
    outbox(&mut audit, store, now).await?;
    captures(&mut audit, store, config, now).await?;
    Ok(audit.findings)
}

fn folder(audit: &mut Audit, data: &Path) {
    match std::fs::metadata(data) {
        Err(error) => return audit.wrong("folder", format!("It cannot be read: {error}.")),
        Ok(meta) if meta.permissions().readonly() => {
            audit.wrong("folder", "It is read-only; the service cannot write there.");
        }
        Ok(_) => audit.fine("folder", "It can be read and written."),
    }
    for (name, secret) in
        [("", false), ("goodword.db", false), ("secret.key", true), ("goodword.toml", false)]
    {
        let path = if name.is_empty() { data.to_owned() } else { data.join(name) };
        let shown = if name.is_empty() { "The folder" } else { name };
        match others_may(&path) {
            Some((_, true)) => {
                audit.wrong("folder", format!("{shown} can be changed by other users; run chmod o-w on it."))
            }
            Some((true, _)) if secret => {
                audit.wrong("folder", format!("{shown} can be read by other users; run chmod 600 on it."));
            }
            Some((true, _)) if name == "goodword.db" => {
                audit.note(
                    "folder",
                    format!("{shown} can be read by other users of this machine; chmod 640 ends that."),
                );
            }
            _ => {}
        }
    }
}

/// Whether others than the owner and the group may read and write a file; none where there is no such file.
#[cfg(unix)]
fn others_may(path: &Path) -> Option<(bool, bool)> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).ok()?.permissions().mode();
    Some((mode & 0o004 != 0, mode & 0o002 != 0))
}

#[cfg(not(unix))]
fn others_may(_path: &Path) -> Option<(bool, bool)> {
    None
}

fn disk(audit: &mut Audit, data: &Path) {
    match free_bytes(data) {
        Some(free) if free < LITTLE => audit.wrong(
            "disk",
            format!(
                "Only {} are free. Make room, or keep raw answers for fewer days (captures.keep_days).",
                mib(free)
            ),
        ),
        Some(free) => audit.fine("disk", format!("{} are free.", mib(free))),
        None => audit.note("disk", "How much is free cannot be told on this system."),
    }
}

#[cfg(unix)]
fn free_bytes(path: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(path).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_path: &Path) -> Option<u64> {
    None
}

fn mib(bytes: u64) -> String {
    match bytes >> 20 {
        mib if mib < 10_240 => format!("{} MiB", thousands(mib)),
        mib => format!("{} GiB", thousands(mib >> 10)),
    }
}

fn key(audit: &mut Audit, data: &Path) {
    if std::env::var(KEY_VARIABLE).is_ok_and(|text| !text.trim().is_empty()) {
        return audit.fine("key", format!("It comes from the environment ({KEY_VARIABLE})."));
    }
    let path = data.join("secret.key");
    match std::fs::read(&path) {
        Ok(_) => audit.fine("key", "secret.key is there and can be read. Keep a copy with your backups."),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => audit.wrong(
            "key",
            "secret.key is missing. Passwords that are stored cannot be opened without it: put it back from your backup, \
             or enter them again.",
        ),
        Err(error) => audit.wrong("key", format!("secret.key cannot be read: {error}.")),
    }
}

fn configuration(audit: &mut Audit, data: &Path, config: &Config) {
    let before = audit.findings.len();
    if !config.service.listen.ip().is_loopback() && config.service.dashboard_url.is_empty() {
        audit.note(
            "settings",
            "service.dashboard_url is empty: links in mails lead to an address that others may not reach.",
        );
    }
    if config.service.database.contains("@")
        && others_may(&data.join("goodword.toml")).is_some_and(|may| may.0)
    {
        audit.wrong("settings", "goodword.toml holds the database's password and can be read by other users; run chmod 600 on it.");
    }
    if !config.fetch.allow_private.is_empty() {
        let n = config.fetch.allow_private.len();
        audit.note(
            "settings",
            format!("{n} places on private networks may be reached (fetch.allow_private)."),
        );
    }
    if config.captures.keep_days == 0 {
        audit.note("settings", "Raw answers are not kept: nothing can be replayed when a site changes.");
    }
    if config.captures.keep_days > 366 {
        audit.note("settings", "Raw answers are kept for more than a year; they hold people's words.");
    }
    if config.engine.concurrency == 0 || config.engine.requests_per_run == 0 {
        audit.wrong("settings", "engine.concurrency and engine.requests_per_run must be at least 1.");
    }
    if audit.findings.len() == before {
        audit.fine("settings", "Nothing odd.");
    }
}

async fn database(audit: &mut Audit, store: &Store) -> anyhow::Result<()> {
    let name = match store.dialect() {
        Dialect::Sqlite => "SQLite",
        Dialect::Postgres => "PostgreSQL",
    };
    let faults = store.faults().await?;
    if faults.is_empty() {
        audit.fine("database", format!("{name} answers and is whole."));
    }
    for fault in faults {
        audit.wrong("database", format!("{name} says: {fault}. Restore the last backup."));
    }
    match store.schema_steps().await? {
        (done, known) if done == known => {
            audit.fine("database", format!("All {known} steps of the schema are done."))
        }
        (done, known) => audit.wrong(
            "database",
            format!("{done} steps of the schema are done, {known} are known to this version."),
        ),
    }
    Ok(())
}

async fn clock(audit: &mut Audit, store: &Store, now: Time) -> anyhow::Result<()> {
    match store.newest_instant().await? {
        Some(newest) if newest > now + AHEAD => audit.wrong(
            "clock",
            format!("The database holds something written {} in the future: this machine's clock was set back, or is wrong.", duration(newest - now)),
        ),
        _ => audit.fine("clock", format!("{}; nothing in the database is later.", now.format("%Y-%m-%d %H:%M UTC"))),
    }
    Ok(())
}

async fn secrets(audit: &mut Audit, store: &Store, sealer: Option<&Sealer>) -> anyhow::Result<()> {
    let sealed = store.sealed().await?;
    let Some(sealer) = sealer else {
        if !sealed.is_empty() {
            audit.wrong("key", format!("{} stored passwords wait for their key.", sealed.len()));
        }
        return Ok(());
    };
    let mut opened = 0;
    for (table, id, text) in &sealed {
        match sealer.unseal(table, id, text) {
            Ok(_) => opened += 1,
            Err(_) => audit.wrong(
                "key",
                format!("What is sealed for {id} ({table}) does not open with this key; enter it again."),
            ),
        }
    }
    audit.fine("key", format!("It opens {opened} of {} sealed sets of passwords.", sealed.len()));
    Ok(())
}

fn source(audit: &mut Audit, source: &StoredSource, now: Time) {
    let title = connectors::by_slug(&source.connector)
        .map_or_else(|| source.connector.clone(), |c| c.describe().title);
    let ago =
        |at: Option<Time>| at.map_or_else(|| "never".to_owned(), |at| format!("{} ago", duration(now - at)));
    let next = match source.next_run {
        _ if source.paused => "paused".to_owned(),
        None => "not on a timetable".to_owned(),
        Some(at) if at <= now => "due now".to_owned(),
        Some(at) => format!("next in {}", duration(at - now)),
    };
    let text = format!(
        "{title}, {}: {} mentions; last read {}, {next}.",
        source.id,
        thousands(source.stored),
        ago(source.last_success)
    );
    match &source.problem {
        Some(problem) if !source.paused => audit.wrong("source", format!("{text} {}", problem.detail)),
        _ if connectors::by_slug(&source.connector).is_none() => {
            audit.wrong("source", format!("{text} This version has no such connector."));
        }
        _ => audit.fine("source", text),
    }
}

async fn rules(audit: &mut Audit, store: &Store, now: Time) -> anyhow::Result<()> {
    for stored in store.stored_of(now).await? {
        let rule = storage::rule(&stored.connector);
        let said = match rule {
            StorageRule::Keep if stored.mentions == 0 => continue,
            StorageRule::Keep => "kept as long as you like".to_owned(),
            StorageRule::Days(1) => "content kept for a day".to_owned(),
            StorageRule::Days(days) => format!("content kept for {days} days"),
            StorageRule::FollowDeletion => format!("deletions followed, {} so far", stored.deleted),
            StorageRule::Never => "nothing may be stored".to_owned(),
        };
        let removed = if stored.removed { ", no longer watched" } else { "" };
        let text = format!(
            "{}, {}{removed}: {said}; {} mentions, {} of them without content by now, {} raw answers.",
            stored.connector,
            stored.source,
            thousands(stored.mentions),
            thousands(stored.withheld),
            thousands(stored.captures),
        );
        let forbidden =
            rule == StorageRule::Never && (stored.mentions > stored.withheld || stored.captures > 0);
        if stored.overdue > 0 {
            let text = format!(
                "{text} {} are past their days; the service takes them out within the hour.",
                stored.overdue
            );
            audit.wrong("storage", text);
        } else if forbidden {
            audit.wrong("storage", format!("{text} The service takes them out within the hour."));
        } else {
            audit.fine("storage", text);
        }
    }
    Ok(())
}

async fn outbox(audit: &mut Audit, store: &Store, now: Time) -> anyhow::Result<()> {
    let counts = store.outbox_counts(now).await?;
    if counts.stuck > 0 {
        audit.wrong(
            "outbox",
            format!("{} messages have waited for more than an hour; Alerts shows why.", counts.stuck),
        );
    }
    if counts.failed > 0 {
        audit.note(
            "outbox",
            format!("{} messages were given up within a week; Alerts shows why.", counts.failed),
        );
    }
    if counts.stuck == 0 {
        audit.fine("outbox", format!("{} messages wait.", counts.waiting));
    }
    Ok(())
}

async fn captures(audit: &mut Audit, store: &Store, config: &Config, now: Time) -> anyhow::Result<()> {
    let totals = store.capture_totals().await?;
    let oldest =
        totals.oldest.map_or_else(String::new, |at| format!(", the oldest {} old", duration(now - at)));
    let keep = config.captures.keep_days;
    let text = format!(
        "{} raw answers in {}{oldest}; kept for {keep} days.",
        thousands(totals.answers),
        mib(totals.bytes)
    );
    let late = totals.oldest.is_some_and(|at| now - at > TimeDelta::days(i64::from(keep) + 2));
    if late {
        audit.wrong("answers", format!("{text} Older ones should be gone: does the service run?"));
    } else {
        audit.fine("answers", text);
    }
    if totals.orphans > 0 {
        audit.note("answers", format!("{} bodies belong to no answer.", totals.orphans));
    }
    Ok(())
}
