//! What platforms let us keep, in one place for mentions and kept answers: connectors say the rule, this carries it out. It runs
//! beside the scheduler in small steps, so that a large sweep holds nobody up.

use chrono::TimeDelta;
use goodword_shared::{Time, id::SourceId, source::StorageRule};

use super::promoters;
use crate::{app::App, connectors};

/// Mentions of one transaction.
const BATCH: u32 = 200;
/// Days that answers are kept of platforms where deletions are followed: what an author takes back there must not lie here
/// among the raw answers for long.
const DELETIONS_DAYS: u32 = 2;

/// The rule of a connector. What an unknown one gathered (an older version's) is kept.
pub fn rule(connector: &str) -> StorageRule {
    connectors::by_slug(connector).map_or(StorageRule::Keep, |known| known.describe().storage)
}

/// Days that a mention's content may be kept; none: as long as the owner likes.
pub fn mention_days(rule: StorageRule) -> Option<u32> {
    match rule {
        StorageRule::Keep | StorageRule::FollowDeletion => None,
        StorageRule::Days(days) => Some(days),
        StorageRule::Never => Some(0),
    }
}

/// Days that a raw answer may be kept, where the owner keeps answers for `configured` days.
pub fn capture_days(rule: StorageRule, configured: u32) -> u32 {
    match rule {
        StorageRule::Keep => configured,
        StorageRule::Days(days) => configured.min(days),
        StorageRule::FollowDeletion => configured.min(DELETIONS_DAYS),
        StorageRule::Never => 0,
    }
}

/// Notes that the content of those mentions was received now, so that its days count from here.
pub(super) async fn received(
    app: &App,
    source: &SourceId,
    rule: StorageRule,
    keys: &[&str],
    now: Time,
) -> anyhow::Result<()> {
    if let Some(days) = mention_days(rule)
        && !keys.is_empty()
    {
        app.store.hold_mentions(source, keys, now + TimeDelta::days(days.into())).await?;
    }
    Ok(())
}

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Mentions whose content was taken out.
    pub withheld: u64,
    /// Answers forgotten.
    pub captures: u64,
}

/// Takes out what may no longer be kept.
///
/// # Errors
/// Faults of the database; what was done before stays done.
pub async fn carry_out(app: &App, now: Time) -> anyhow::Result<Swept> {
    let mut swept = Swept::default();
    let keep = app.config.captures.keep_days;
    swept.captures += app.store.forget_captures(None, now - TimeDelta::days(keep.into())).await?;
    for (source, connector) in app.store.every_source().await? {
        let rule = rule(&connector);
        let answers = capture_days(rule, keep);
        if answers < keep {
            let before = now - TimeDelta::days(answers.into());
            swept.captures += app.store.forget_captures(Some(&source), before).await?;
        }
        if let Some(days) = mention_days(rule) {
            swept.withheld += withhold(app, &source, days, now).await?;
        }
    }
    Ok(swept)
}

async fn withhold(app: &App, source: &SourceId, days: u32, now: Time) -> anyhow::Result<u64> {
    while app.store.hold_unmarked(source, days, BATCH).await? > 0 {
        tokio::task::yield_now().await;
    }
    let mut done = 0;
    loop {
        let (withheld, authors) = app.store.withhold_overdue(source, days, BATCH, now).await?;
        if withheld == 0 {
            return Ok(done);
        }
        done += withheld;
        let authors: Vec<&str> = authors.iter().map(String::as_str).collect();
        promoters::refresh_now(app, &authors).await?;
        // Whoever wants to write goes first.
        tokio::task::yield_now().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_of_owner_and_platform_rules() {
        assert_eq!(capture_days(StorageRule::Keep, 30), 30);
        assert_eq!(capture_days(StorageRule::Days(1), 30), 1);
        assert_eq!(capture_days(StorageRule::Days(30), 7), 7);
        assert_eq!(capture_days(StorageRule::FollowDeletion, 30), 2);
        assert_eq!(capture_days(StorageRule::Never, 30), 0);
        assert_eq!(mention_days(rule("google_business")), Some(30));
        assert_eq!(mention_days(rule("tripadvisor")), Some(0));
        assert_eq!(mention_days(rule("reddit")), None);
    }
}
