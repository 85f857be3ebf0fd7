//! Alerts by signed webhook: a receiver that checks the signature by itself, the body, the secret, and private networks.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use goodword::actions::admin::{self, AdminError};
use goodword_shared::alert::DeliveryState;
use hmac::{Hmac, KeyInit, Mac};

use crate::desk::{Call, Desk, Receiver, channel_settings};

/// What a receiver does by the Standard Webhooks document, with nothing of ours.
fn verify(call: &Call, secret: &str) {
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).expect("base64");
    let signed =
        format!("{}.{}.{}", call.headers["webhook-id"], call.headers["webhook-timestamp"], call.body);
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).expect("any key");
    mac.update(signed.as_bytes());
    let (version, signature) =
        call.headers["webhook-signature"].split_once(',').expect("version and signature");
    assert_eq!(version, "v1");
    mac.verify_slice(&STANDARD.decode(signature).expect("base64")).expect("signed with our secret");
    let at: i64 = call.headers["webhook-timestamp"].parse().expect("seconds");
    assert!((goodword::clock::now().timestamp() - at).abs() < 300);
}

#[tokio::test]
async fn a_call_is_signed_with_a_secret_that_was_made_and_shown_once() {
    let desk = Desk::new().await;
    let receiver = Receiver::start().await;
    let channel = desk.channel("webhook", &[("url", &receiver.url), ("allow_private", "true")]).await;
    let secret = channel.settings["secret"].clone();
    assert!(secret.starts_with("whsec_"));
    assert_eq!(admin::channels(&desk.app).await.expect("lists")[0].settings["secret"], "");

    let worker = desk.work();
    let alert = desk.unhappy("Ada K.", "Cold soup.").await;
    let key = desk.decide(&channel, &alert).await;
    desk.done().await;
    let calls = receiver.calls();
    verify(&calls[0], &secret);
    assert_eq!(calls[0].headers["webhook-id"], key);
    assert_eq!(calls[0].headers["content-type"], "application/json");
    let body: serde_json::Value = serde_json::from_str(&calls[0].body).expect("JSON");
    assert_eq!(body["type"], "mention.unhappy");
    assert_eq!(body["data"]["text"], "Cold soup.");
    assert_eq!(body["data"]["author"], "Ada K.");
    assert_eq!(body["data"]["rating"]["value"], 2.0);
    assert_eq!(body["data"]["sentiment"], "negative");
    assert_eq!(body["data"]["reasons"][1], "threatens to leave");
    assert_eq!(body["data"]["case_id"], alert.case_id.expect("has one").as_str());

    // Changing the address with an empty secret keeps the secret.
    let same =
        channel_settings("webhook", &[("url", &receiver.url), ("secret", ""), ("allow_private", "true")]);
    let changed =
        admin::change_channel(&desk.app, channel.id.as_str(), &same, "owner").await.expect("changed");
    assert_eq!(changed.settings["secret"], "");
    let delivery = admin::try_channel(&desk.app, channel.id.as_str()).await.expect("tried");
    assert_eq!(delivery.state, DeliveryState::Done);
    let calls = receiver.calls();
    verify(&calls[1], &secret);
    let body: serde_json::Value = serde_json::from_str(&calls[1].body).expect("JSON");
    assert_eq!(body["type"], "test");
    worker.stop().await;
}

#[tokio::test]
async fn a_channel_without_a_name_is_called_by_its_kind() {
    let desk = Desk::new().await;
    let mut settings = channel_settings("webhook", &[("url", "https://hooks.example/x")]);
    settings.name = " ".into();
    let channel = admin::add_channel(&desk.app, &settings, "owner").await.expect("added");
    assert_eq!(channel.name, "Webhook");
}

#[tokio::test]
async fn private_networks_are_reached_only_where_the_owner_says_so() {
    let desk = Desk::new().await;
    let receiver = Receiver::start().await;
    let channel = desk.channel("webhook", &[("url", &receiver.url)]).await;
    let delivery = admin::try_channel(&desk.app, channel.id.as_str()).await.expect("tried");
    assert_eq!(delivery.state, DeliveryState::Failed);
    assert!(delivery.detail.is_some_and(|d| d.contains("private network")));
    assert!(receiver.calls().is_empty());
}

#[tokio::test]
async fn the_words_of_a_mention_that_was_taken_back_are_not_told() {
    let desk = Desk::new().await;
    let receiver = Receiver::start().await;
    let channel = desk.channel("webhook", &[("url", &receiver.url), ("allow_private", "true")]).await;
    let alert = desk.unhappy("Ada K.", "Cold soup.").await;
    let mut writing = desk.app.store.write().await.expect("writes");
    sqlx::query("UPDATE mentions SET deleted = 1").execute(&mut *writing).await.expect("updates");
    writing.commit().await.expect("commits");
    desk.decide(&channel, &alert).await;
    let worker = desk.work();
    desk.done().await;
    assert!(!receiver.calls()[0].body.contains("Cold soup"));
    worker.stop().await;
}

#[tokio::test]
async fn a_secret_that_cannot_sign_and_an_address_that_is_none_are_refused() {
    let desk = Desk::new().await;
    for (values, field) in [
        ([("url", "https://hooks.example"), ("secret", "hunter2")], "secret"),
        ([("url", "https://hooks.example"), ("secret", "whsec_AAAA")], "secret"),
        ([("url", "ftp://hooks.example"), ("secret", "")], "url"),
    ] {
        let refused = admin::add_channel(&desk.app, &channel_settings("webhook", &values), "owner").await;
        let Err(AdminError::Invalid(errors)) = refused else { panic!("refused, not {refused:?}") };
        assert_eq!(errors[0].field, field);
    }
}
