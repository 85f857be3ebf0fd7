//! The simulator, read through the same connectors and the same fetcher as the real places.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    time::Duration,
};

use goodword::{
    connectors::{self, Cursor, Reading},
    fetch::{FetchError, FetchSettings, Fetcher, Validators},
    simulate::{self, Fault, Feel, Platform, SimulatorHandle},
    wire::Request,
};
use goodword_shared::{
    Mention, Time,
    api::sources::NewSource,
    problem::{ProblemKind, SourceProblem},
};
use tokio::net::TcpListener;

fn now() -> Time {
    "2026-03-01T12:00:00Z".parse().expect("a time")
}

async fn by_hand(seed: u64) -> SimulatorHandle {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    simulate::start_by_hand(seed, now(), listener).await.expect("starts")
}

fn fetcher(simulator: &SimulatorHandle) -> Fetcher {
    let allow_private = vec![simulator.addr().to_string()];
    Fetcher::new(FetchSettings { allow_private, retries: 0, ..FetchSettings::default() }).expect("builds")
}

fn slug(platform: Platform) -> &'static str {
    match platform {
        Platform::AppStore => "app_store",
        Platform::Page => "schema_org",
        Platform::Feed => "feed",
        Platform::HackerNews => "hacker_news",
        Platform::Mastodon => "mastodon",
        Platform::Bluesky => "bluesky",
    }
}

fn source(simulator: &SimulatorHandle, platform: Platform) -> NewSource {
    let found = simulator.sources().into_iter().find(|s| s.connector == slug(platform));
    found.expect("a source for every platform")
}

/// A whole run of a source, as the engine makes it.
async fn collect(
    fetcher: &Fetcher,
    source: &NewSource,
    cursor: Option<&Cursor>,
) -> Result<(Vec<Mention>, Option<Cursor>), SourceProblem> {
    let connector = connectors::by_slug(&source.connector).expect("a connector");
    let mut waiting = vec![connector.start(&source.settings, cursor)?];
    let (mut mentions, mut last) = (Vec::new(), None);
    while let Some(request) = waiting.pop() {
        let fetched = fetcher.fetch(&request, Duration::ZERO, None, now()).await?;
        let Reading { mentions: more, follow, cursor, warnings, .. } =
            connector.read(&request, &fetched.response, Some(now()))?;
        assert!(warnings.is_empty(), "{}: {warnings:?}", source.connector);
        mentions.extend(more);
        waiting.extend(follow);
        last = cursor.or(last);
    }
    Ok((mentions, last))
}

/// The id as the simulator knows it: Bluesky's connector keeps the whole address.
fn short(mention: &Mention) -> String {
    let id = mention.external_id.as_deref().expect("an id");
    id.rsplit('/').next().expect("a part").to_owned()
}

#[tokio::test]
async fn every_source_is_read_whole_through_its_connector() {
    let simulator = by_hand(7).await;
    let fetcher = fetcher(&simulator);
    let truth = simulator.truth();
    for platform in Platform::ALL {
        let (mentions, _) = collect(&fetcher, &source(&simulator, platform), None).await.expect("is read");
        let said: BTreeMap<_, _> =
            truth.iter().filter(|t| t.platform == platform).map(|t| (t.external_id.clone(), t)).collect();
        let read: BTreeSet<String> = mentions.iter().map(short).collect();
        assert_eq!(read, said.keys().cloned().collect(), "{platform:?}");
        assert_eq!(mentions.len(), said.len(), "{platform:?}: each once");
        for mention in &mentions {
            let truth = said[&short(mention)];
            assert_eq!(mention.rating.map(|r| r.value as u8), truth.stars, "{platform:?}");
            if platform == Platform::Feed {
                assert!(mention.text.contains(&truth.text), "{}", mention.text);
            } else {
                assert_eq!(mention.text, truth.text, "{platform:?}");
            }
            let off = mention.published_at.expect("a time") - truth.published;
            assert!(off.num_seconds().abs() <= 1, "{platform:?}: {off}");
            assert!(mention.author.shown().is_some_and(|name| !name.is_empty()), "{platform:?}");
        }
    }
}

#[tokio::test]
async fn the_same_seed_tells_the_same_story() {
    let (one, same, other) = (by_hand(7).await, by_hand(7).await, by_hand(8).await);
    let story = |s: &SimulatorHandle| -> Vec<String> {
        s.truth().into_iter().map(|t| format!("{} {:?} {}", t.external_id, t.customer, t.text)).collect()
    };
    assert_eq!(story(&one), story(&same));
    assert_eq!(one.customers_csv(), same.customers_csv());
    assert_ne!(story(&one), story(&other));
    assert_ne!(one.customers_csv(), other.customers_csv());
}

#[tokio::test]
async fn two_years_are_lifelike_in_their_proportions() {
    for seed in [7, 21, 1234] {
        let simulator = by_hand(seed).await;
        let truth = simulator.truth();
        assert!((800..=1500).contains(&truth.len()), "{}", truth.len());
        let share = |f: &dyn Fn(&&simulate::Truth) -> bool| {
            truth.iter().filter(f).count() as f64 / truth.len() as f64
        };
        assert!((0.5..0.8).contains(&share(&|t| t.feel == Feel::Good)), "seed {seed}");
        assert!((0.1..0.3).contains(&share(&|t| t.feel == Feel::Bad)), "seed {seed}");
        assert!((0.5..0.9).contains(&share(&|t| t.customer.is_some())), "seed {seed}");
        let languages: BTreeSet<&str> = truth.iter().map(|t| t.language.as_str()).collect();
        assert_eq!(languages, ["de", "en", "es", "fr"].into(), "seed {seed}");
        let oldest = truth.iter().map(|t| t.published).min().expect("some");
        assert!((650..=731).contains(&(now() - oldest).num_days()), "{oldest}");
        assert!(truth.iter().all(|t| t.published <= now()), "nobody speaks from the future");

        let unhappy = |hours: i64| {
            truth.iter().filter(|t| t.feel == Feel::Bad && (now() - t.published).num_hours() < hours).count()
        };
        assert!(unhappy(1) >= 1, "one is very recent");
        assert!((4..=12).contains(&unhappy(4 * 24)), "seed {seed}: {}", unhappy(4 * 24));

        let texts: Vec<&str> = truth.iter().map(|t| t.text.as_str()).filter(|t| t.len() > 40).collect();
        let different: HashSet<&str> = texts.iter().copied().collect();
        assert!(different.len() * 100 >= texts.len() * 97, "{} of {}", different.len(), texts.len());

        let mut by_customer: BTreeMap<&str, usize> = BTreeMap::new();
        for customer in truth.iter().filter_map(|t| t.customer.as_deref()) {
            *by_customer.entry(customer).or_default() += 1;
        }
        assert!(by_customer.values().filter(|n| **n >= 4).count() >= 25, "some speak often");
    }
}

#[tokio::test]
async fn customers_are_four_hundred_and_cannot_be_reached_by_accident() {
    let simulator = by_hand(7).await;
    let csv = simulator.customers_csv();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let columns = reader.headers().expect("headings").clone();
    let at = |name: &str| columns.iter().position(|c| c == name).expect("a column");
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("well-formed");
    assert_eq!(rows.len(), 400);
    let ids: BTreeSet<&str> = rows.iter().map(|r| &r[at("id")]).collect();
    assert_eq!(ids.len(), 400);
    for row in &rows {
        let (mail, phone) = (&row[at("email")], &row[at("phone")]);
        let fictional = ["07700 900", "01632 960", "+49 30 23125 ", "+33 1 99 00 "];
        assert!(phone.is_empty() || fictional.iter().any(|p| phone.starts_with(p)), "{phone}");
        let host = mail.split_once('@').map(|(_, h)| h);
        assert!(
            mail.is_empty() || matches!(host, Some("example.com" | "example.org" | "example.net")),
            "{mail}"
        );
        assert!(row[at("value")].parse::<f64>().is_ok() && !row[at("name")].is_empty());
    }
    let refusing = rows.iter().filter(|r| &r[at("do_not_contact")] == "yes").count();
    assert!((4..40).contains(&refusing), "{refusing}");
    let known = |id: &String| ids.contains(id.as_str());
    assert!(simulator.truth().iter().filter_map(|t| t.customer.as_ref()).all(known));
}

#[tokio::test]
async fn the_day_unfolds_step_by_step() {
    let simulator = by_hand(7).await;
    let fetcher = fetcher(&simulator);
    let store = source(&simulator, Platform::AppStore);
    let (before, cursor) = collect(&fetcher, &store, None).await.expect("is read");

    let furious = simulator.advance().expect("something happens");
    assert_eq!((furious.platform, furious.stars, furious.edited), (Platform::AppStore, Some(1), false));
    let (after, _) = collect(&fetcher, &store, cursor.as_ref()).await.expect("is read");
    let known: HashSet<String> = before.iter().map(short).collect();
    let new: Vec<String> = after.iter().map(short).filter(|id| !known.contains(id)).collect();
    assert_eq!(new, std::slice::from_ref(&furious.external_id), "a later run brings the new one");

    let promoter = simulator.advance().expect("something happens");
    assert_eq!((promoter.platform, promoter.stars), (Platform::Page, Some(5)));

    let edit = simulator.advance().expect("something happens");
    assert_eq!((edit.platform, edit.stars, edit.edited), (Platform::Page, Some(4), true));
    let page = source(&simulator, Platform::Page);
    let (mentions, _) = collect(&fetcher, &page, None).await.expect("is read");
    let edited = mentions.iter().find(|m| short(m) == edit.external_id).expect("still there");
    assert_eq!(edited.rating.map(|r| r.value), Some(4.0));
    assert!(edited.edited_at.is_some());

    let mut left = 0;
    let mut seen = HashSet::new();
    while let Some(happened) = simulator.advance() {
        left += 1;
        assert!(
            happened.edited || seen.insert(happened.external_id),
            "every new mention has an id of its own"
        );
    }
    assert!(left > 20, "a demo left running goes on for hours");
}

#[tokio::test]
async fn the_story_begins_when_everybody_has_been_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let simulator = simulate::start(7, now(), listener).await.expect("starts");
    let fetcher = fetcher(&simulator);
    let said = simulator.truth().len();
    for platform in Platform::ALL {
        collect(&fetcher, &source(&simulator, platform), None).await.expect("is read");
    }
    // No waiting in earnest: the clock jumps to the next thing that is due.
    let mut changes = simulator.changes();
    tokio::time::pause();
    changes.changed().await.expect("something happens");
    assert_eq!(simulator.truth().len(), said + 1);
}

#[tokio::test]
async fn faults_are_what_connectors_take_them_for() {
    let simulator = by_hand(7).await;
    for platform in Platform::ALL {
        let source = source(&simulator, platform);
        for (fault, expected) in [
            (Fault::Unauthorised, ProblemKind::Auth),
            (Fault::Blocked, ProblemKind::Blocked),
            (Fault::TooMany(3600), ProblemKind::RateLimited),
            (Fault::Broken(503), ProblemKind::Unreachable),
        ] {
            simulator.set_fault(platform, Some(fault.clone()));
            let problem = collect(&fetcher(&simulator), &source, None).await.expect_err("a problem");
            assert_eq!(problem.problem, expected, "{platform:?} {fault:?}: {}", problem.detail);
        }
        simulator.set_fault(platform, None);
        collect(&fetcher(&simulator), &source, None).await.expect("is well again");
    }
    // What is cut in the middle is not taken for a whole answer.
    for platform in [Platform::AppStore, Platform::HackerNews, Platform::Mastodon, Platform::Bluesky] {
        simulator.set_fault(platform, Some(Fault::Truncated));
        let problem =
            collect(&fetcher(&simulator), &source(&simulator, platform), None).await.expect_err("a problem");
        assert_eq!(problem.problem, ProblemKind::Malformed, "{platform:?}: {}", problem.detail);
    }
}

#[tokio::test]
async fn another_order_changes_nothing_that_is_read() {
    let simulator = by_hand(7).await;
    let fetcher = fetcher(&simulator);
    for platform in [Platform::AppStore, Platform::Page, Platform::Feed] {
        let source = source(&simulator, platform);
        let ids = |mentions: Vec<Mention>| mentions.iter().map(short).collect::<Vec<_>>();
        let straight = ids(collect(&fetcher, &source, None).await.expect("is read").0);
        simulator.set_fault(platform, Some(Fault::Reordered));
        let mixed = ids(collect(&fetcher, &source, None).await.expect("is read").0);
        assert_ne!(straight, mixed, "{platform:?}");
        let sets: [BTreeSet<String>; 2] = [straight.into_iter().collect(), mixed.into_iter().collect()];
        assert_eq!(sets[0], sets[1], "{platform:?}");
    }
}

#[tokio::test]
async fn the_feed_says_when_nothing_is_new_and_the_search_refuses_its_cursor() {
    let simulator = by_hand(7).await;
    let fetcher = fetcher(&simulator);
    let feed = Request::get(source(&simulator, Platform::Feed).settings["url"].clone());
    let first = fetcher.fetch(&feed, Duration::ZERO, None, now()).await.expect("an answer");
    assert_eq!((first.response.status, first.not_modified), (200, false));
    let again: &Validators = &first.validators;
    let second = fetcher.fetch(&feed, Duration::ZERO, Some(again), now()).await.expect("an answer");
    assert_eq!((second.response.status, second.not_modified), (304, true));

    let search = format!("http://{}/xrpc/app.bsky.feed.searchPosts?q=plum&cursor=25", simulator.addr());
    let refused = fetcher.fetch(&Request::get(search), Duration::ZERO, None, now()).await.expect("an answer");
    assert_eq!(refused.response.status, 403);
}

#[tokio::test]
async fn nobody_reaches_the_simulator_who_was_not_let() {
    let simulator = by_hand(7).await;
    let fetcher = Fetcher::new(FetchSettings::default()).expect("builds");
    let page = Request::get(source(&simulator, Platform::Page).settings["url"].clone());
    let error = fetcher.fetch(&page, Duration::ZERO, None, now()).await.expect_err("refused");
    assert!(matches!(error, FetchError::Private { .. }), "{error:?}");
    assert_eq!(simulator.asked(Platform::Page), 0);
}
