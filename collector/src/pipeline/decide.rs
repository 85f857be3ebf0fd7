//! What follows from mentions: who is unhappy, which cases open or grow, who is alerted. Thresholds are the owner's settings.

use std::collections::HashMap;

use chrono::TimeDelta;
use goodword_shared::{
    Analysis, Label, Mention, Time,
    alert::RuleSettings,
    case::Factor,
    id::{CaseId, ChannelId},
    mention::Precision,
    settings::Settings,
};

pub use super::priority::time_factor;
use super::{
    NewIds, Run, Seen, Understood,
    alerts::{Occasion, alert},
    priority::{product, reach_factor, severity_factor, value_factor},
};
use crate::{
    fold::fold,
    record::{Batch, CaseEvent, ChangedMention, Circumstances, Heavier, NewCase, OpenCase, Origin},
};

/// Under which circumstances a batch is decided.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Where it came from.
    pub origin: &'a Origin,
    /// Why it was read.
    pub run: Run,
    /// When.
    pub now: Time,
    /// The owner's thresholds.
    pub settings: &'a Settings,
    /// The owner's alert rules.
    pub rules: &'a [RuleSettings],
    /// Channels that can be delivered to, the page excepted.
    pub channels: &'a [ChannelId],
}

/// Why the author is unhappy, by the open definition; empty where they are not. A rating at or below 40 % of its scale; or
/// negative with confidence; or mixed with a complaint; or any matter of safety, law, refund or leaving.
pub fn unhappy(mention: &Mention, analysis: &Analysis, settings: &Settings) -> Vec<String> {
    let mut reasons = Vec::new();
    if mention.deleted {
        return reasons;
    }
    for (intent, words) in [
        ("safety", "a matter of safety"),
        ("legal", "speaks of legal steps"),
        ("refund", "wants a refund"),
        ("leaving", "threatens to leave"),
    ] {
        if let Some(found) = analysis.intents.iter().find(|i| i.intent == intent && i.confidence >= 0.5) {
            let rival = found.names.as_ref().map(|name| format!(" for {name}"));
            reasons.push(format!("{words}{}", rival.unwrap_or_default()));
        }
    }
    if let Some(rating) = mention.rating.filter(|r| r.share() <= settings.unhappy_rating_share + 1e-9) {
        reasons.push(match (rating.best, rating.value) {
            (1.0, _) => "does not recommend".to_owned(),
            (5.0, value) => format!("{value} of 5 stars"),
            (best, value) => format!("rated {value} of {best}"),
        });
    }
    let sentiment = analysis.sentiment;
    if sentiment.label == Label::Negative && sentiment.confidence >= settings.unhappy_confidence {
        reasons.push(format!("negative words ({:.0} % sure)", sentiment.confidence * 100.0));
    }
    if sentiment.label == Label::Mixed && analysis.has_intent("complaint") {
        reasons.push("mixed, with a complaint".to_owned());
    }
    reasons
}

/// Decides a whole batch: the last stage.
pub fn decide(
    understood: Understood,
    circumstances: &Circumstances,
    scope: &Scope<'_>,
    ids: NewIds<'_>,
) -> Batch {
    let mut batch = Batch {
        authors: understood.authors,
        matches: understood.matches,
        unchanged: understood.unchanged,
        ..Batch::default()
    };
    // The index may still know somebody whom the owner has removed since.
    batch.matches.retain(|row| circumstances.worth.contains_key(&row.customer));
    let mut open = Open::new(&circumstances.cases);
    for mut seen in understood.seen {
        seen.customer = seen.customer.filter(|customer| circumstances.worth.contains_key(customer));
        let reasons = unhappy(&seen.row.mention, &seen.row.analysis, scope.settings);
        seen.row.unhappy = !reasons.is_empty();
        let opened = follow_case(&seen, &reasons, circumstances, scope, &mut open, &mut batch, ids);
        if alerts_now(&seen, circumstances, scope)
            && let Some(row) = alert(
                &Occasion {
                    mention_id: &seen.row.id,
                    mention: &seen.row.mention,
                    analysis: &seen.row.analysis,
                    unhappy: seen.row.unhappy,
                    case: opened.as_ref(),
                    connector: &scope.origin.connector,
                    source: &scope.origin.name,
                    at: seen.row.at,
                },
                scope.rules,
                scope.channels,
            )
        {
            if let Some(case) = opened {
                batch.events.push(event(&case, "alert", &row.alert.title, &seen));
            }
            batch.alerts.push(row);
        }
        let Seen { row, before, changed, .. } = seen;
        match before {
            None => batch.new.push(row),
            Some(before) => {
                let forget = row.mention.deleted && scope.origin.follow_deletion;
                batch.changed.push(ChangedMention { row, changed, before: before.mention, forget });
            }
        }
    }
    batch
}

/// Opens a case, or adds to the open one. Answers the case that the mention belongs to now, if any.
fn follow_case(
    seen: &Seen,
    reasons: &[String],
    circumstances: &Circumstances,
    scope: &Scope<'_>,
    open: &mut Open,
    batch: &mut Batch,
    ids: NewIds<'_>,
) -> Option<CaseId> {
    let mention = &seen.row.mention;
    if let Some(case) = open.find(seen) {
        let id = case.id.clone();
        if seen.before.is_none() {
            let words = if reasons.is_empty() {
                "wrote again".to_owned()
            } else {
                format!("wrote again: {}", reasons.join(", "))
            };
            batch.events.push(event(&id, "mention", &format!("{words} ({})", scope.origin.name), seen));
        } else if !seen.changed.is_empty() {
            batch.events.push(event(&id, "revision", &format!("changed: {}", seen.changed.join(", ")), seen));
        }
        if !reasons.is_empty() {
            grow(case, seen, reasons, circumstances, scope, batch);
        }
        if case.unanswered && case.mention == seen.row.id && seen.changed.iter().any(|c| c == "reply added") {
            case.unanswered = false;
            let at = mention.reply.as_ref().and_then(|r| r.published_at).unwrap_or(scope.now);
            batch.answered.push((id.clone(), at));
            batch.events.push(event(
                &id,
                "contact",
                &format!("answered in public on {}", scope.origin.name),
                seen,
            ));
        }
        return Some(id);
    }
    let had_one = seen.before.is_some() && circumstances.had_case.contains(&seen.row.id);
    if reasons.is_empty() || had_one || !within(seen, scope, TimeDelta::days(scope.settings.case_days.into()))
    {
        return None;
    }
    let id = CaseId::new(ids());
    let factors = factors(seen, reasons, circumstances, scope);
    let waiting_since = seen.row.at.min(scope.now);
    let promise = TimeDelta::milliseconds((scope.settings.promise_hours.max(0.0) * 3_600_000.0) as i64);
    let answered_at = mention.reply.as_ref().map(|r| r.published_at.unwrap_or(scope.now));
    batch.events.push(event(&id, "opened", &reasons.join(", "), seen));
    if answered_at.is_some() {
        batch.events.push(event(
            &id,
            "contact",
            &format!("answered in public on {}", scope.origin.name),
            seen,
        ));
    }
    open.add(OpenCase {
        id: id.clone(),
        mention: seen.row.id.clone(),
        author: seen.row.author.clone(),
        customer: seen.customer.clone(),
        text_hash: seen.row.text_hash.clone(),
        author_name: mention.author.shown().map(fold).unwrap_or_default(),
        weight: product(&factors),
        reasons: reasons.to_vec(),
        unanswered: answered_at.is_none(),
    });
    batch.cases.push(NewCase {
        id: id.clone(),
        mention: seen.row.id.clone(),
        author: seen.row.author.clone(),
        customer: seen.customer.clone(),
        reasons: reasons.to_vec(),
        weight: product(&factors),
        factors,
        waiting_since,
        due_at: waiting_since + promise,
        answered_at,
    });
    Some(id)
}

/// A further unhappy mention makes its case heavier where it weighs more, and adds its reasons.
fn grow(
    case: &mut OpenCase,
    seen: &Seen,
    reasons: &[String],
    circumstances: &Circumstances,
    scope: &Scope<'_>,
    batch: &mut Batch,
) {
    let factors = factors(seen, reasons, circumstances, scope);
    let weight = product(&factors);
    if weight <= case.weight {
        return;
    }
    let mut all = reasons.to_vec();
    all.extend(case.reasons.iter().filter(|r| !reasons.contains(r)).cloned());
    case.weight = weight;
    case.reasons.clone_from(&all);
    match batch.cases.iter_mut().find(|c| c.id == case.id) {
        Some(new) => (new.weight, new.factors, new.reasons) = (weight, factors, all),
        None => batch.heavier.push(Heavier { case: case.id.clone(), weight, factors, reasons: all }),
    }
}

fn factors(seen: &Seen, reasons: &[String], circumstances: &Circumstances, scope: &Scope<'_>) -> Vec<Factor> {
    let worth = seen.customer.as_ref().map(|c| circumstances.worth.get(c).copied().flatten());
    vec![
        severity_factor(seen.row.analysis.severity, reasons.first().map(String::as_str)),
        value_factor(worth, &circumstances.tenths, &scope.settings.currency),
        reach_factor(seen.row.reach),
    ]
}

/// Alerts are for mentions that a regular run found within 48 hours of their publication, each once; a changed one alerts
/// where the change is what made it unhappy.
fn alerts_now(seen: &Seen, circumstances: &Circumstances, scope: &Scope<'_>) -> bool {
    let became = seen.before.as_ref().is_none_or(|before| {
        !before.withheld
            && seen.row.unhappy
            && unhappy(&before.mention, &before.analysis, scope.settings).is_empty()
    });
    scope.run == Run::Regular
        && !seen.row.mention.deleted
        && became
        && !circumstances.alerted.contains(&seen.row.id)
        && within(seen, scope, TimeDelta::hours(scope.settings.alert_hours.into()))
}

/// Whether it may open a case or alert by its age.
pub(super) fn is_recent(seen: &Seen, scope: &Scope<'_>) -> bool {
    let cases = TimeDelta::days(scope.settings.case_days.into());
    let alerts = TimeDelta::hours(scope.settings.alert_hours.into());
    within(seen, scope, cases.max(alerts))
}

/// Whether the mention may have been published within that time. A date without a clock counts to the end of its day; without
/// a date only what a regular run finds is new.
fn within(seen: &Seen, scope: &Scope<'_>, window: TimeDelta) -> bool {
    let mention = &seen.row.mention;
    match mention.published_at {
        Some(at) if mention.published_precision == Some(Precision::Day) => {
            at + TimeDelta::days(1) >= scope.now - window
        }
        Some(at) => at >= scope.now - window,
        None => scope.run.is_regular() && seen.row.collected_at >= scope.now - window,
    }
}

fn event(case: &CaseId, what: &str, text: &str, seen: &Seen) -> CaseEvent {
    CaseEvent { case: case.clone(), what: what.into(), text: text.into(), mention: Some(seen.row.id.clone()) }
}

/// The open cases, found by whom they concern.
struct Open {
    cases: Vec<OpenCase>,
    places: HashMap<String, usize>,
}

impl Open {
    fn new(cases: &[OpenCase]) -> Self {
        let mut open = Self { cases: Vec::new(), places: HashMap::new() };
        for case in cases {
            open.add(case.clone());
        }
        open
    }

    fn add(&mut self, case: OpenCase) {
        let place = self.cases.len();
        let mut keep = |key: String| {
            self.places.entry(key).or_insert(place);
        };
        keep(format!("mention {}", case.mention));
        if let Some(author) = &case.author {
            keep(format!("author {author}"));
        }
        if let Some(customer) = &case.customer {
            keep(format!("customer {customer}"));
        }
        if let Some(hash) = &case.text_hash {
            keep(format!("text {hash} {}", case.author_name));
        }
        self.cases.push(case);
    }

    /// The case of the mention itself, its author, its customer, or the same words under the same name elsewhere.
    fn find(&mut self, seen: &Seen) -> Option<&mut OpenCase> {
        let row = &seen.row;
        let keys = [
            Some(format!("mention {}", row.id)),
            row.author.as_ref().map(|a| format!("author {a}")),
            seen.customer.as_ref().map(|c| format!("customer {c}")),
            row.text_hash.as_ref().map(|hash| {
                format!("text {hash} {}", row.mention.author.shown().map(fold).unwrap_or_default())
            }),
        ];
        let place = *keys.iter().flatten().find_map(|key| self.places.get(key))?;
        self.cases.get_mut(place)
    }
}
