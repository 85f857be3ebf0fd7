//! The outbox: each effect is decided once, carried out at least once, always under the same key; a pause between tries, an end
//! to them, and nothing lost when the worker dies.

use std::time::Duration;

use goodword::{
    actions::{self, admin},
    clock,
    store::Store,
};
use goodword_shared::alert::{DeliveryState, Event};

use crate::desk::{Desk, Receiver, channel_settings};

const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

async fn hook(desk: &Desk, receiver: &Receiver) -> goodword_shared::alert::Channel {
    desk.channel("webhook", &[("url", &receiver.url), ("secret", SECRET), ("allow_private", "true")]).await
}

#[tokio::test]
async fn a_refused_delivery_is_tried_again_under_the_same_key_and_then_done() {
    let desk = Desk::new().await;
    let receiver = Receiver::start().await;
    receiver.answers.lock().expect("unbroken").extend([503, 404]);
    let channel = hook(&desk, &receiver).await;
    let mut events = desk.app.events.subscribe();
    let worker = desk.work();
    let alert = desk.unhappy("Ada K.", "Cold soup.").await;
    let key = desk.decide(&channel, &alert).await;

    let delivery = desk.delivery(|d| d.detail.is_some()).await;
    assert_eq!((delivery.state, delivery.tries), (DeliveryState::Waiting, 1));
    let next = desk.app.store.next_effect_at().await.expect("reads").expect("waits");
    assert!(next > clock::now() + Duration::from_secs(10), "there is a pause between tries");
    let delivery = desk.hurried(|d| d.state == DeliveryState::Done).await;
    assert_eq!((delivery.tries, delivery.channel.as_str()), (3, "My webhook"));
    assert!(delivery.done_at.is_some());
    let keys: Vec<_> = receiver.calls().iter().map(|c| c.headers["webhook-id"].clone()).collect();
    assert_eq!(keys, [key.clone(), key.clone(), key]);
    let told = std::iter::from_fn(|| events.try_recv().ok());
    assert!(told.into_iter().any(|e| e == Event::Changed { what: "deliveries".into() }));
    worker.stop().await;
}

#[tokio::test]
async fn the_same_cause_is_written_once_and_a_final_refusal_ends_it() {
    let desk = Desk::new().await;
    let receiver = Receiver::start().await;
    receiver.answers.lock().expect("unbroken").push(410);
    let channel = hook(&desk, &receiver).await;
    let alert = desk.unhappy("Ada K.", "Cold soup.").await;
    desk.decide(&channel, &alert).await;
    desk.decide(&channel, &alert).await;
    assert_eq!(desk.app.store.deliveries(0, 50).await.expect("lists").total, 1);

    let worker = desk.work();
    let delivery = desk.delivery(|d| d.state != DeliveryState::Waiting).await;
    assert_eq!((delivery.state, delivery.tries), (DeliveryState::Failed, 1));
    assert!(delivery.detail.is_some_and(|d| d.contains("410")));
    assert_eq!(receiver.calls().len(), 1);
    worker.stop().await;
}

#[tokio::test]
async fn a_delivery_is_given_up_after_the_configured_tries() {
    let desk = Desk::new().await;
    let receiver = Receiver::start().await;
    receiver.answers.lock().expect("unbroken").extend([500; 40]);
    let channel = hook(&desk, &receiver).await;
    let worker = desk.work();
    let alert = desk.unhappy("Ada K.", "Cold soup.").await;
    desk.decide(&channel, &alert).await;
    let most = desk.app.config.outbox.tries;
    let delivery = desk.hurried(|d| d.state == DeliveryState::Failed).await;
    assert_eq!(delivery.tries, most);
    assert!(delivery.detail.is_some_and(|d| d.starts_with("Given up after")));
    assert_eq!(receiver.calls().len(), most as usize);
    worker.stop().await;
}

#[tokio::test]
async fn two_workers_never_hold_the_same_row_and_a_dead_ones_claim_runs_out() {
    claims_are_exclusive(&Desk::new().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_do_they_on_postgresql_where_they_may_be_on_two_machines() {
    if let Some(server) = crate::postgres::Postgres::start() {
        claims_are_exclusive(&Desk::on(&server.url()).await).await;
    }
}

async fn claims_are_exclusive(desk: &Desk) {
    let receiver = Receiver::start().await;
    let channel = hook(desk, &receiver).await;
    for n in 0..20 {
        let alert = desk.unhappy(&format!("Guest {n}"), "Cold soup.").await;
        desk.decide(&channel, &alert).await;
    }
    let now = clock::now();
    let until = now + Duration::from_secs(60);
    let claims = (0..6).map(|_| {
        let store = desk.app.store.clone();
        tokio::spawn(async move { store.claim_effects(now, until, 8).await.expect("claims") })
    });
    let mut ids = Vec::new();
    for claim in claims.collect::<Vec<_>>() {
        ids.extend(claim.await.expect("ends").into_iter().map(|c| c.id));
    }
    let held = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((held, ids.len()), (20, 20), "each row was claimed once");

    assert!(desk.app.store.claim_effects(now, until, 50).await.expect("claims").is_empty());
    let later = until + Duration::from_secs(1);
    let again =
        desk.app.store.claim_effects(later, later + Duration::from_secs(60), 50).await.expect("claims");
    assert_eq!(again.len(), 20, "a claim that ran out is free");
    assert!(again.iter().all(|c| c.tries == 2));

    // The first worker was only slow: its word about a row it no longer holds counts when the row is done, not otherwise.
    let mut stale = again[0].clone();
    stale.until = until;
    desk.app.store.effect_failed(&stale, "slow", later).await.expect("writes");
    let state = desk.app.store.delivery(&stale.id).await.expect("reads").expect("there").state;
    assert_eq!(state, DeliveryState::Waiting);
    desk.app.store.effect_done(&stale.id, "slow but there", later).await.expect("writes");
    let state = desk.app.store.delivery(&stale.id).await.expect("reads").expect("there").state;
    assert_eq!(state, DeliveryState::Done);
}

#[tokio::test]
async fn a_worker_killed_at_any_moment_loses_nothing_and_changes_no_key() {
    let desk = Desk::new().await;
    let receiver = Receiver::start().await;
    let channel = hook(&desk, &receiver).await;
    let mut keys = Vec::new();
    for n in 0..12_u64 {
        let alert = desk.unhappy(&format!("Guest {n}"), "Cold soup.").await;
        keys.push(desk.decide(&channel, &alert).await);
        let worker = desk.work();
        for _ in 0..n * 7 {
            tokio::task::yield_now().await;
        }
        tokio::time::sleep(Duration::from_micros(n * 300)).await;
        worker.kill();
    }
    // The leases of the dead run out.
    let mut writing = desk.app.store.write().await.expect("writes");
    sqlx::query("UPDATE outbox SET claimed_until = NULL").execute(&mut *writing).await.expect("updates");
    writing.commit().await.expect("commits");
    let worker = desk.work();
    loop {
        let page = desk.app.store.deliveries(0, 50).await.expect("lists");
        assert_eq!(page.total, 12);
        if page.items.iter().all(|d| d.state == DeliveryState::Done) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut told: Vec<_> = receiver.calls().iter().map(|c| c.headers["webhook-id"].clone()).collect();
    assert!(told.len() >= 12);
    told.sort();
    told.dedup();
    keys.sort();
    assert_eq!(told, keys);
    worker.stop().await;
}

#[tokio::test]
async fn what_waits_for_a_removed_or_switched_off_channel_is_given_up_with_the_reason() {
    let desk = Desk::new().await;
    let receiver = Receiver::start().await;
    let channel = hook(&desk, &receiver).await;
    let alert = desk.unhappy("Ada K.", "Cold soup.").await;
    desk.decide(&channel, &alert).await;
    let off = goodword_shared::api::alerts::ChannelSettings {
        enabled: false,
        ..channel_settings("webhook", &[("url", &receiver.url), ("allow_private", "true")])
    };
    admin::change_channel(&desk.app, channel.id.as_str(), &off, "owner@example.org").await.expect("changed");
    let worker = desk.work();
    let delivery = desk.delivery(|d| d.state == DeliveryState::Failed).await;
    assert!(delivery.detail.is_some_and(|d| d.contains("switched off")));
    worker.stop().await;

    let alert = desk.unhappy("Ben O.", "Burnt rice.").await;
    desk.decide(&channel, &alert).await;
    admin::remove_channel(&desk.app, channel.id.as_str(), "owner@example.org").await.expect("removed");
    let page = desk.app.store.deliveries(0, 50).await.expect("lists");
    assert!(page.items.iter().all(|d| d.state == DeliveryState::Failed && d.channel == "a removed channel"));
    assert_eq!(receiver.calls().len(), 0);
}

#[tokio::test]
async fn the_first_start_makes_the_page_and_one_rule_and_a_removed_rule_stays_removed() {
    let desk = Desk::new().await;
    admin::set_up(&desk.app).await.expect("sets up");
    let channels = admin::channels(&desk.app).await.expect("lists");
    let rules = admin::rules(&desk.app).await.expect("lists");
    assert_eq!(channels.iter().map(|c| c.kind.as_str()).collect::<Vec<_>>(), ["page"]);
    assert_eq!(rules.len(), 1);
    assert_eq!(rules[0].settings.name, "Every unhappy mention");
    assert_eq!(rules[0].settings.channels, [channels[0].id.clone()]);

    // A new channel joins the only rule, and leaves it when it is removed.
    let receiver = Receiver::start().await;
    let added = hook(&desk, &receiver).await;
    let joined = admin::rules(&desk.app).await.expect("lists");
    assert!(joined[0].settings.channels.contains(&added.id));
    admin::remove_channel(&desk.app, added.id.as_str(), "owner@example.org").await.expect("removed");
    assert_eq!(admin::rules(&desk.app).await.expect("lists")[0].settings.channels.len(), 1);

    admin::remove_rule(&desk.app, rules[0].id.as_str(), "owner@example.org").await.expect("removed");
    admin::set_up(&desk.app).await.expect("does nothing");
    assert!(admin::rules(&desk.app).await.expect("lists").is_empty());
    assert!(admin::remove_channel(&desk.app, channels[0].id.as_str(), "owner@example.org").await.is_err());
    let recorded = desk.app.store.audit(10).await.expect("lists");
    assert!(recorded.iter().any(|e| e.what == "rule" && e.detail.contains("Removed")));
}

#[tokio::test]
async fn a_rule_says_how_often_it_would_have_fired() {
    let desk = Desk::new().await;
    desk.unhappy("Ada K.", "Cold soup.").await;
    desk.unhappy("Ben O.", "Burnt rice.").await;
    admin::set_up(&desk.app).await.expect("sets up");
    let rule = admin::rules(&desk.app).await.expect("lists").remove(0).settings;
    let since = goodword::store::from_millis(0);
    let fired = async |rule: &goodword_shared::alert::RuleSettings| {
        desk.app.store.would_have_fired(rule, since).await.expect("counts")
    };
    assert_eq!(fired(&rule).await, 2);
    let mut narrow = rule.clone();
    narrow.connectors = vec!["app_store".into(), "mastodon".into()];
    assert_eq!(fired(&narrow).await, 0);
    narrow.connectors = vec!["app_store".into(), "feed".into()];
    narrow.labels = vec![goodword_shared::Label::Negative];
    narrow.rating_at_most = Some(0.4);
    narrow.severity_at_least = Some(0.5);
    assert_eq!(fired(&narrow).await, 2);
    narrow.severity_at_least = Some(0.7);
    assert_eq!(fired(&narrow).await, 0);
    narrow.severity_at_least = None;
    narrow.themes = vec!["price".into()];
    assert_eq!(fired(&narrow).await, 0);
}

#[test]
fn pauses_double_from_half_a_minute_to_an_hour_and_differ() {
    let middle: Vec<u64> = (1..=12).map(|n| actions::pause(n, 0.5).as_secs()).collect();
    assert_eq!(middle, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600, 3600]);
    assert!(actions::pause(3, 0.0) < actions::pause(3, 1.0));
    assert!(actions::pause(u32::MAX, 1.0) <= Duration::from_secs(3600));
    assert!(actions::pause(0, 0.0) >= Duration::from_secs(20));
}

/// Kept out of the way of the others: it needs nothing but the store.
#[tokio::test]
async fn an_effect_of_a_transaction_that_fails_is_not_there() {
    let desk = Desk::new().await;
    let receiver = Receiver::start().await;
    let channel = hook(&desk, &receiver).await;
    let alert = desk.unhappy("Ada K.", "Cold soup.").await;
    let effect = goodword::store::NewEffect {
        key: "k".into(),
        channel_id: channel.id.to_string(),
        subject: "s".into(),
        alert,
    };
    let mut writing = desk.app.store.write().await.expect("writes");
    assert!(Store::add_effect(&mut writing, &effect, clock::now()).await.expect("stored"));
    drop(writing);
    assert_eq!(desk.app.store.deliveries(0, 1).await.expect("lists").total, 0);
}

#[tokio::test]
async fn what_an_author_takes_back_is_not_told_and_not_kept_in_the_outbox() {
    use goodword::{engine::ingest::ingest, pipeline::Run, record::Origin};
    use goodword_shared::{Author, Mention, Rating};

    let desk = Desk::new().await;
    admin::set_up(&desk.app).await.expect("sets up");
    let receiver = Receiver::start().await;
    hook(&desk, &receiver).await;
    desk.unhappy("Somebody else", "For the source's row.").await;
    let origin = Origin {
        source: "tables".to_owned().into(),
        connector: "feed".into(),
        name: "Trusted Tables".into(),
        follow_deletion: true,
    };
    let now = clock::now();
    let said = Mention {
        external_id: Some("7".into()),
        author: Author { name: Some("Zita Quill".into()), ..Author::default() },
        rating: Some(Rating::stars(1.0)),
        text: "Cold soup, rude waiter, I want my money back.".into(),
        published_at: Some(now),
        ..Mention::default()
    };
    let done = ingest(&desk.app, &origin, vec![said.clone()], Run::Regular, now).await.expect("stored");
    assert_eq!(done.alerts, 1);
    assert_eq!(desk.app.store.deliveries(0, 9).await.expect("lists").total, 1);

    let gone = Mention { deleted: true, text: String::new(), author: Author::default(), ..said };
    ingest(&desk.app, &origin, vec![gone], Run::Regular, now).await.expect("stored");
    let delivery = desk.app.store.deliveries(0, 9).await.expect("lists").items.remove(0);
    assert_eq!(delivery.state, DeliveryState::Failed);
    assert!(!delivery.subject.contains("Zita"), "{delivery:?}");
    let (payload,): (String,) =
        sqlx::query_as("SELECT payload FROM outbox").fetch_one(desk.app.store.pool()).await.expect("a row");
    assert!(!payload.contains("soup") && !payload.contains("Zita"), "{payload}");
    assert!(desk.app.store.alerts_since(now - Duration::from_secs(60)).await.expect("lists").is_empty());
}
