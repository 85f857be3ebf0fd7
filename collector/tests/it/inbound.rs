//! What programs push to us: signed as Standard Webhooks say (checked by code of the test's own), taken once, told item by
//! item, alerting like any regular run, and read again from what was kept.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use goodword::{clock, engine};
use goodword_shared::{
    Problem, Time,
    alert::Event,
    api::{
        ById,
        mentions::{ListMentions, MentionQuery},
        sources::{
            AddSource, ListSources, MadeSecret, MakeSecret, NewSecret, NewSource, PatchSource, SourceChange,
        },
    },
    source::{HealthState, Source},
};
use hmac::{Hmac, KeyInit, Mac};

use crate::service::Service;

/// What a sender does by the document, with nothing of ours.
fn signature(secret: &str, id: &str, at: i64, body: &str) -> String {
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).expect("base64");
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).expect("any key");
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

struct Sender<'s> {
    service: &'s Service,
    source: Source,
    secret: String,
}

impl Sender<'_> {
    async fn send(&self, id: &str, body: &str) -> (u16, serde_json::Value) {
        self.send_at(id, clock::now(), body).await
    }

    async fn send_at(&self, id: &str, at: Time, body: &str) -> (u16, serde_json::Value) {
        let at = at.timestamp();
        let answer = self.call(id, &at.to_string(), &signature(&self.secret, id, at, body), body).await;
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.expect("a text")).expect("JSON"))
    }

    async fn call(&self, id: &str, at: &str, signature: &str, body: &str) -> reqwest::Response {
        let address = &self.source.door.as_ref().expect("it has an address").address;
        let request =
            self.service.client.post(address).header("webhook-id", id).header("webhook-timestamp", at);
        request.header("webhook-signature", signature).body(body.to_owned()).send().await.expect("an answer")
    }
}

fn new(connector: &str) -> NewSource {
    NewSource { connector: connector.into(), name: "Shop".into(), ..NewSource::default() }
}

async fn make_secret(service: &Service, source: &Source, hours: Option<u32>) -> MadeSecret {
    let path = ById { id: source.id.to_string() };
    service.call::<MakeSecret>(path, (), NewSecret { overlap_hours: hours }).await.expect("a secret")
}

async fn sender(service: &Service) -> Sender<'_> {
    let source = service.call::<AddSource>((), (), new("webhook")).await.expect("added");
    assert_eq!((source.health, source.next_run), (HealthState::New, None));
    assert!(source.health_text.contains("signing secret"), "{}", source.health_text);
    let made = make_secret(service, &source, None).await;
    assert_eq!((made.old_until, Some(made.address)), (None, source.door.clone().map(|door| door.address)));
    Sender { service, source, secret: made.secret }
}

fn review(id: &str, text: &str) -> String {
    let now = clock::now().to_rfc3339();
    format!(
        r#"{{"kind":"review","external_id":"{id}","author":{{"name":"Maren Oltmann"}},"rating":{{"value":1,"best":5}},"text":"{text}","published_at":"{now}"}}"#
    )
}

async fn count(service: &Service) -> u64 {
    service.call::<ListMentions>((), MentionQuery::default(), ()).await.expect("a list").total
}

#[tokio::test]
async fn a_signed_event_is_taken_once_and_alerts() {
    let service = Service::signed_in().await;
    let sender = sender(&service).await;
    let mut events = service.app.events.subscribe();
    let body =
        review("shop-1", "The tea was spilled all over the parcel and nobody answers. I want my money back.");
    let (status, answer) = sender.send("evt-1", &body).await;
    assert_eq!((status, &answer["taken"], &answer["new"]), (200, &1.into(), &1.into()));
    let mut alerted = false;
    while let Ok(event) = events.try_recv() {
        alerted |= matches!(event, Event::Alert(_));
    }
    assert!(alerted, "pushed is a regular run");

    // The same event again, the same content under another event, and another content under the same event.
    assert_eq!(sender.send("evt-1", &body).await, (200, answer));
    let (status, answer) = sender.send("evt-2", &body).await;
    assert_eq!((status, &answer["new"], &answer["changed"]), (200, &0.into(), &0.into()));
    let (status, problem) = sender.send("evt-1", &review("shop-2", "Other words.")).await;
    assert_eq!((status, &problem["type"]), (409, &"event-known".into()));
    assert_eq!(count(&service).await, 1);

    let sources = service.call::<ListSources>((), (), ()).await.expect("a list");
    assert_eq!((sources[0].health, sources[0].stored), (HealthState::Fine, 1));
    assert!(sources[0].last_success.is_some() && sources[0].settings.is_empty());
    service.stop().await;
}

#[tokio::test]
async fn good_items_are_kept_and_bad_ones_are_told_in_every_form() {
    let service = Service::signed_in().await;
    let sender = sender(&service).await;
    let lines = include_str!("../fixtures/webhook/batch.ndjson");
    let (status, answer) = sender.send("lines", lines).await;
    assert_eq!((status, &answer["taken"]), (200, &3.into()));
    let left_out = |answer: &serde_json::Value| {
        let list = answer["left_out"].as_array().expect("a list").iter();
        list.map(|one| one["at"].as_str().expect("a place").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(left_out(&answer), ["line 3", "line 4"]);
    let list = format!("[{},{{\"kind\":\"review\"}}]", review("a", "Fine."));
    let (status, answer) = sender.send("list", &list).await;
    assert_eq!((status, left_out(&answer)), (200, vec!["item 2".to_owned()]));
    assert_eq!(count(&service).await, 4);

    for (id, body) in [("none", r#"[{"kind":"review"},7]"#), ("broken", "{\"kind\":"), ("empty", "[]")] {
        let (status, problem) = sender.send(id, body).await;
        assert_eq!(status, 422, "{body}");
        let problem: Problem = serde_json::from_value(problem).expect("a problem");
        assert_eq!(
            (problem.kind.as_str(), problem.errors.len()),
            ("unreadable", if id == "none" { 2 } else { 0 })
        );
    }
    // What came is kept and can be read again.
    let row = service.app.store.source_row(sender.source.id.as_str()).await.expect("a store").expect("there");
    let replayed = engine::replay::replay(&service.app, &row, true).await.expect("replayed");
    assert_eq!((replayed.answers, replayed.found, replayed.ingested.unchanged), (2, 4, 4));
    assert_eq!(replayed.differences, Vec::<String>::new());
    service.stop().await;
}

#[tokio::test]
async fn forged_old_and_oversized_calls_are_refused() {
    let service = Service::signed_in().await;
    let sender = sender(&service).await;
    let body = review("x", "Words.");
    let now = clock::now();
    let good = signature(&sender.secret, "e", now.timestamp(), &body);
    let other = format!("whsec_{}", STANDARD.encode([9; 32]));
    let forged = signature(&other, "e", now.timestamp(), &body);
    for (id, signature, body, kind) in [
        ("e", forged.as_str(), body.as_str(), "wrong-signature"),
        ("f", &good, &body, "wrong-signature"),
        ("e", &good, &body.replace("Words", "Worse"), "wrong-signature"),
        ("e", "v1,", &body, "wrong-signature"),
        ("", &good, &body, "unsigned"),
    ] {
        let answer = sender.call(id, &now.timestamp().to_string(), signature, body).await;
        assert_eq!(answer.status(), 401, "{id} {signature}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let text = answer.text().await.expect("a text");
        assert_eq!(serde_json::from_str::<Problem>(&text).expect("a problem").kind, kind);
    }
    for minutes in [-6, 6] {
        let (status, problem) =
            sender.send_at("late", now + chrono::TimeDelta::minutes(minutes), &body).await;
        assert_eq!((status, &problem["type"]), (401, &"stale".into()));
    }
    let (status, _) = sender.send_at("early", now + chrono::TimeDelta::minutes(4), &body).await;
    assert_eq!(status, 200, "clocks differ a little");
    let (status, problem) = sender.send("large", &"x".repeat(2 * 1024 * 1024 + 1)).await;
    assert_eq!((status, &problem["type"]), (413, &"too-large".into()));
    let nowhere = service.client.post(format!("{}/in/nobody", service.url)).send().await.expect("an answer");
    assert_eq!(nowhere.status(), 404);
    assert_eq!(count(&service).await, 1);

    let path = ById { id: sender.source.id.to_string() };
    let pause = SourceChange { paused: Some(true), ..SourceChange::default() };
    service.call::<PatchSource>(path.clone(), (), pause).await.expect("paused");
    assert_eq!(sender.send("p", &body).await.0, 503, "to be sent again later");
    let wake = SourceChange { paused: Some(false), ..SourceChange::default() };
    let woken = service.call::<PatchSource>(path, (), wake).await.expect("woken");
    assert_eq!(woken.next_run, None, "nobody fetches it");
    assert_eq!(sender.send("p", &body).await.0, 200);
    service.stop().await;
}

#[tokio::test]
async fn an_old_secret_counts_on_for_its_overlap_and_no_longer() {
    let service = Service::signed_in().await;
    let mut sender = sender(&service).await;
    let first = sender.secret.clone();
    let second = make_secret(&service, &sender.source, Some(1)).await;
    assert!(second.old_until.is_some());
    assert_eq!(sender.send("a", &review("a", "One.")).await.0, 200, "the old one overlaps");
    // A sender that is changing over signs with both.
    let (at, body) = (clock::now().timestamp(), review("b", "Two."));
    let other = format!("whsec_{}", STANDARD.encode([9; 32]));
    let both = format!("{} {}", signature(&other, "b", at, &body), signature(&second.secret, "b", at, &body));
    assert_eq!(sender.call("b", &at.to_string(), &both, &body).await.status(), 200);
    let third = make_secret(&service, &sender.source, Some(0)).await;
    for (secret, status) in [(first, 401), (second.secret, 401), (third.secret, 200)] {
        sender.secret = secret;
        assert_eq!(sender.send("c", &review("c", "Three.")).await.0, status);
    }
    let long = ById { id: sender.source.id.to_string() };
    let refused = service.call::<MakeSecret>(long, (), NewSecret { overlap_hours: Some(1000) }).await;
    assert_eq!(refused.expect_err("too long").status, 422);
    service.stop().await;
}

#[tokio::test]
async fn too_many_calls_are_told_when_to_come_back() {
    let service = Service::signed_in().await;
    let sender = sender(&service).await;
    let mut statuses = Vec::new();
    for n in 0..400 {
        let (id, at) = (format!("n{n}"), clock::now().timestamp());
        let answer = sender.call(&id, &at.to_string(), &signature(&sender.secret, &id, at, "[]"), "[]").await;
        statuses.push(answer.status().as_u16());
        if statuses.last() == Some(&429) {
            let wait =
                answer.headers()["retry-after"].to_str().expect("text").parse::<u64>().expect("seconds");
            assert!((1..=60).contains(&wait));
            break;
        }
    }
    assert_eq!(statuses.last(), Some(&429), "after {} calls", statuses.len());
    assert!(statuses.len() > 60, "a burst is taken: {}", statuses.len());
    service.stop().await;
}
