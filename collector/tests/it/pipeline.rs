//! The pipeline's decisions, without a store: what opens a case, what alerts, what joins, what is left alone.

use std::{collections::HashMap, sync::LazyLock};

use chrono::TimeDelta;
use goodword::{
    analysis::{Analyser, Input, taught::Taught},
    identity::Index,
    pipeline::{self, Minds, Run, decide::Scope},
    record::{Batch, Circumstances, Known, KnownMention, OpenCase, Origin},
};
use goodword_shared::{
    Author, Mention, Rating, Time,
    alert::RuleSettings,
    id::{CaseId, ChannelId, CustomerId},
    mention::{Precision, Reply},
    settings::Settings,
};

static ANALYSER: LazyLock<Analyser> = LazyLock::new(Analyser::new);

fn now() -> Time {
    "2026-05-20T12:00:00Z".parse().expect("a time")
}

fn origin() -> Origin {
    Origin {
        source: "s1".to_owned().into(),
        connector: "app_store".into(),
        name: "App Store".into(),
        follow_deletion: false,
    }
}

fn rule() -> RuleSettings {
    RuleSettings::unhappy("Every unhappy mention", vec![ChannelId::new("mail")])
}

fn review(id: &str, who: &str, stars: f64, hours_ago: i64) -> Mention {
    Mention {
        external_id: Some(id.into()),
        author: Author { name: Some(who.into()), id: Some(who.into()), ..Author::default() },
        rating: Some(Rating::stars(stars)),
        text: if stars < 3.0 { "Cold soup and a rude waiter.".into() } else { "Lovely, all of it.".into() },
        published_at: Some(now() - TimeDelta::hours(hours_ago)),
        ..Mention::default()
    }
}

fn decide(mentions: Vec<Mention>, run: Run) -> Batch {
    decide_with(mentions, run, &Known::default(), &Circumstances::default())
}

fn decide_with(mentions: Vec<Mention>, run: Run, known: &Known, circumstances: &Circumstances) -> Batch {
    let mut n = 0;
    let mut ids = || {
        n += 1;
        format!("id{n}")
    };
    let origin = origin();
    let prepared = pipeline::prepare(mentions, &origin, now());
    let settings = Settings::default();
    let (rules, channels) = ([rule()], [ChannelId::new("mail")]);
    let scope =
        Scope { origin: &origin, run, now: now(), settings: &settings, rules: &rules, channels: &channels };
    let minds = Minds { analyser: Taught::as_shipped(&ANALYSER), index: &Index::new(), threads: 1 };
    let understood = pipeline::understand(prepared, known, &scope, &minds, &mut ids);
    pipeline::decide::decide(understood, circumstances, &scope, &mut ids)
}

/// As the store would give it back.
fn known(mention: &Mention) -> Known {
    let batch = decide(vec![mention.clone()], Run::BackFill);
    let row = &batch.new[0];
    let stored = KnownMention {
        id: row.id.clone(),
        author: row.author.clone(),
        mention: row.mention.clone(),
        analysis: row.analysis.clone(),
        corrected: row.corrected,
        unheard: row.unheard,
        collected_at: now() - TimeDelta::days(1),
        withheld: false,
    };
    Known { mentions: HashMap::from([(row.key.clone(), stored)]), authors: HashMap::new() }
}

/// A text that the first tier is not sure of.
fn unsure(id: &str, days_ago: i64) -> Mention {
    let text = "The soup could have been warmer and the waiter a little less busy with his phone.";
    assert!(ANALYSER.first(&Input { text, ..Input::default() }).1, "the first tier is sure of it");
    Mention {
        external_id: Some(id.into()),
        text: text.into(),
        published_at: Some(now() - TimeDelta::days(days_ago)),
        ..Mention::default()
    }
}

#[test]
fn the_second_tier_is_heard_before_anything_is_decided_and_later_on_what_is_old() {
    for run in [Run::Regular, Run::BackFill, Run::Import] {
        let batch = decide(vec![unsure("new", 1), unsure("old", 90)], run);
        let [new, old] = &batch.new[..] else { panic!("{} mentions", batch.new.len()) };
        let input = Input::of(&new.mention);
        assert_eq!((new.unheard, &new.analysis), (false, &ANALYSER.analyse(&input)), "{run:?}");
        assert_eq!((old.unheard, &old.analysis), (true, &ANALYSER.first(&input).0), "{run:?}");
        assert_ne!(new.analysis, old.analysis, "the second tier has something to say");
    }
}

#[test]
fn what_waits_goes_on_waiting_when_only_details_change() {
    let mention = unsure("old", 90);
    let mut known = known(&mention);
    assert!(known.mentions["old"].unheard);
    let liked = Mention {
        engagement: Some(goodword_shared::mention::Engagement { likes: Some(3), ..Default::default() }),
        ..mention.clone()
    };
    let changed = |known: &Known, mention: &Mention| {
        let batch = decide_with(vec![mention.clone()], Run::Regular, known, &Circumstances::default());
        batch.changed.into_iter().next().expect("changed").row
    };
    assert!(changed(&known, &liked).unheard);
    assert!(!changed(&known, &Mention { deleted: true, ..mention.clone() }).unheard);
    known.mentions.get_mut("old").expect("known").corrected = true;
    assert!(!changed(&known, &liked).unheard);
}

#[test]
fn what_opens_a_case_and_what_alerts() {
    // stars, hours ago, run → cases, alerts
    for (stars, hours, run, cases, alerts) in [
        (1.0, 1, Run::Regular, 1, 1),
        (2.0, 47, Run::Regular, 1, 1),
        (1.0, 49, Run::Regular, 1, 0),
        (1.0, 13 * 24, Run::Regular, 1, 0),
        (1.0, 15 * 24, Run::Regular, 0, 0),
        (5.0, 1, Run::Regular, 0, 0),
        (1.0, 1, Run::BackFill, 1, 0),
        (1.0, 15 * 24, Run::BackFill, 0, 0),
        (1.0, 1, Run::Import, 1, 0),
        (1.0, 1, Run::Replay, 1, 0),
    ] {
        let batch = decide(vec![review("r", "Ada", stars, hours)], run);
        assert_eq!(
            (batch.cases.len(), batch.alerts.len()),
            (cases, alerts),
            "{stars} stars, {hours} hours ago, {run:?}"
        );
    }
}

#[test]
fn a_date_without_a_clock_counts_to_the_end_of_its_day_and_none_at_all_is_new_only_to_a_regular_run() {
    let mut day = review("r", "Ada", 1.0, 60);
    day.published_precision = Some(Precision::Day);
    assert_eq!(decide(vec![day], Run::Regular).alerts.len(), 1);
    let mut undated = review("r", "Ada", 1.0, 0);
    undated.published_at = None;
    assert_eq!(decide(vec![undated.clone()], Run::Regular).alerts.len(), 1);
    assert!(decide(vec![undated], Run::BackFill).cases.is_empty());
}

#[test]
fn a_further_mention_joins_the_authors_case() {
    let batch = decide(vec![review("r1", "Ada", 2.0, 5), review("r2", "Ada", 1.0, 2)], Run::Regular);
    assert_eq!((batch.cases.len(), batch.alerts.len(), batch.authors.len()), (1, 2, 1));
    let what: Vec<&str> = batch.events.iter().map(|event| event.what.as_str()).collect();
    assert_eq!(what, ["opened", "alert", "mention", "alert"]);
    // The same words under the same name elsewhere are no second person; under another name they are.
    let hash = batch.new[0].text_hash.clone();
    assert_eq!(hash, None, "too short to be recognised");
    let long = "The waiter forgot us twice, the soup came cold and nobody apologised for anything.";
    let mut post = review("r3", "Ada", 1.0, 2);
    post.text = long.into();
    let open = |name: &str| OpenCase {
        id: CaseId::new("k"),
        mention: "m".to_owned().into(),
        author: None,
        customer: None,
        text_hash: pipeline::dedupe::text_hash(long),
        author_name: name.into(),
        weight: 9.0,
        reasons: Vec::new(),
        unanswered: true,
    };
    let under = |name| Circumstances { cases: vec![open(name)], ..Circumstances::default() };
    assert!(decide_with(vec![post.clone()], Run::Regular, &Known::default(), &under("ada")).cases.is_empty());
    assert_eq!(decide_with(vec![post], Run::Regular, &Known::default(), &under("ben")).cases.len(), 1);
}

#[test]
fn a_change_for_the_worse_alerts_once_and_a_change_for_the_better_never() {
    let kind = review("r", "Ada", 5.0, 10);
    let worse = decide_with(
        vec![review("r", "Ada", 1.0, 10)],
        Run::Regular,
        &known(&kind),
        &Circumstances::default(),
    );
    assert_eq!((worse.new.len(), worse.changed.len(), worse.cases.len(), worse.alerts.len()), (0, 1, 1, 1));
    assert_eq!(worse.changed[0].changed[0], "stars 5 → 1");
    let mut told = Circumstances::default();
    told.alerted.insert(worse.changed[0].row.id.clone());
    let again = decide_with(vec![review("r", "Ada", 1.0, 10)], Run::Regular, &known(&kind), &told);
    assert!(again.alerts.is_empty());
    let unhappy = review("r", "Ada", 1.0, 10);
    let mut edited = unhappy.clone();
    edited.text = "Cold soup and a very rude waiter.".into();
    let edited = decide_with(vec![edited], Run::Regular, &known(&unhappy), &Circumstances::default());
    assert_eq!((edited.changed.len(), edited.alerts.len()), (1, 0), "known to be unhappy before");
    let same = decide_with(vec![unhappy.clone()], Run::Regular, &known(&unhappy), &Circumstances::default());
    assert_eq!((same.unchanged, same.changed.len()), (1, 0));
}

#[test]
fn who_has_been_answered_in_public_no_longer_waits() {
    let mut answered = review("r", "Ada", 1.0, 10);
    let at = now() - TimeDelta::hours(3);
    answered.reply = Some(Reply { text: "We are sorry.".into(), published_at: Some(at), ..Reply::default() });
    assert_eq!(decide(vec![answered.clone()], Run::Regular).cases[0].answered_at, Some(at));
    // Answered after the case was opened.
    let before = known(&review("r", "Ada", 1.0, 10));
    let stored = before.mentions.values().next().expect("one");
    let case = OpenCase {
        id: CaseId::new("k"),
        mention: stored.id.clone(),
        author: stored.author.clone(),
        customer: None,
        text_hash: None,
        author_name: "ada".into(),
        weight: 3.0,
        reasons: vec!["1 of 5 stars".into()],
        unanswered: true,
    };
    let open = Circumstances { cases: vec![case], ..Circumstances::default() };
    let batch = decide_with(vec![answered], Run::Regular, &before, &open);
    assert_eq!(batch.answered, [(CaseId::new("k"), at)]);
}

#[test]
fn what_is_deleted_there_leaves_no_words_here() {
    let before = known(&review("r", "Ada", 1.0, 10));
    let gone = Mention { deleted: true, ..review("r", "Ada", 1.0, 10) };
    let batch = decide_with(vec![gone], Run::Regular, &before, &Circumstances::default());
    let change = &batch.changed[0];
    assert_eq!(change.changed, ["deleted"]);
    assert!(change.row.mention.text.is_empty() && !change.row.unhappy);
    assert!(batch.cases.is_empty() && batch.alerts.is_empty());
}

#[test]
fn a_customer_who_is_gone_from_the_records_is_nobodys_match() {
    let mut index = Index::new();
    let facts = goodword_shared::customer::CustomerFacts {
        name: "Ada Kernighan-Brandt".into(),
        email: Some("ada@example.org".into()),
        ..Default::default()
    };
    index.insert("c1", &facts);
    let mut mention = review("r", "Ada Kernighan-Brandt", 1.0, 2);
    mention.author.email = Some("ada@example.org".into());
    let origin = origin();
    let run = |circumstances: &Circumstances| {
        let mut n = 0;
        let mut ids = || {
            n += 1;
            format!("id{n}")
        };
        let prepared = pipeline::prepare(vec![mention.clone()], &origin, now());
        let settings = Settings::default();
        let scope = Scope {
            origin: &origin,
            run: Run::Regular,
            now: now(),
            settings: &settings,
            rules: &[],
            channels: &[],
        };
        let minds = Minds { analyser: Taught::as_shipped(&ANALYSER), index: &index, threads: 1 };
        let understood = pipeline::understand(prepared, &Known::default(), &scope, &minds, &mut ids);
        pipeline::decide::decide(understood, circumstances, &scope, &mut ids)
    };
    let there = Circumstances {
        worth: HashMap::from([(CustomerId::new("c1"), Some(900.0))]),
        ..Circumstances::default()
    };
    let batch = run(&there);
    assert_eq!((batch.matches.len(), batch.cases[0].customer.clone()), (1, Some(CustomerId::new("c1"))));
    assert!(batch.cases[0].factors[1].text.contains("customer worth €900"), "{:?}", batch.cases[0].factors);
    let batch = run(&Circumstances::default());
    assert_eq!((batch.matches.len(), batch.cases[0].customer.clone()), (0, None));
}
