//! Channels and rules as the dashboard uses them, through HTTP.

use goodword_shared::{
    alert::{DeliveryState, Event},
    api::{
        ById,
        alerts::{
            AddChannel, AddRule, ListAlerts, ListChannelKinds, ListChannels, ListDeliveries, ListRules,
            PutRule, RemoveChannel, RemoveRule, Rows, TestChannel,
        },
    },
};

use crate::{
    desk::{MailHost, channel_settings},
    service::Service,
};

fn by_id(id: &str) -> ById {
    ById { id: id.into() }
}

#[tokio::test]
async fn a_channel_is_added_tried_used_by_a_rule_and_removed() {
    let service = Service::signed_in().await;
    let kinds = service.call::<ListChannelKinds>((), (), ()).await.expect("kinds");
    for kind in ["page", "email", "webhook", "slack", "discord", "telegram", "ntfy"] {
        let kind = kinds.iter().find(|k| k.slug == kind).expect("there");
        assert!(!kind.title.is_empty() && !kind.summary.is_empty());
    }

    let host = MailHost::start();
    let port = host.address.port().to_string();
    let settings = channel_settings(
        "email",
        &[
            ("host", "127.0.0.1"),
            ("port", &port),
            ("security", "none"),
            ("from", "goodword@harbour.example"),
            ("to", "owner@harbour.example"),
        ],
    );
    let problem = service
        .call::<AddChannel>((), (), channel_settings("email", &[("host", "127.0.0.1")]))
        .await
        .expect_err("refused");
    assert_eq!(problem.status, 422);
    assert!(problem.errors.iter().any(|e| e.field == "to"), "{problem:?}");
    let channel = service.call::<AddChannel>((), (), settings).await.expect("added");
    let id = by_id(channel.id.as_str());
    let delivery = service.call::<TestChannel>(id.clone(), (), ()).await.expect("tried");
    assert_eq!(delivery.state, DeliveryState::Done);
    let text = String::from_utf8_lossy(&host.letters()[0].raw).into_owned();
    assert!(text.contains(&format!("{}/alerts", service.url)), "the link leads to this service: {text}");
    let page = service.call::<ListDeliveries>((), Rows::default(), ()).await.expect("lists");
    assert_eq!((page.total, &page.items[0]), (1, &delivery));

    let rules = service.call::<ListRules>((), (), ()).await.expect("rules");
    assert_eq!(rules[0].settings.name, "Every unhappy mention");
    let mut rule = rules[0].settings.clone();
    rule.name = "Only mail".into();
    rule.channels = vec![channel.id.clone()];
    let added = service.call::<AddRule>((), (), rule.clone()).await.expect("added");
    rule.channels.push("nobody".to_owned().into());
    let problem =
        service.call::<PutRule>(by_id(added.id.as_str()), (), rule).await.expect_err("an unknown channel");
    assert_eq!(problem.errors[0].field, "channels");
    service.call::<RemoveRule>(by_id(added.id.as_str()), (), ()).await.expect("removed");
    service.call::<RemoveChannel>(id.clone(), (), ()).await.expect("removed");
    assert_eq!(service.call::<TestChannel>(id, (), ()).await.expect_err("gone").status, 404);
    service.stop().await;
}

#[tokio::test]
async fn a_test_of_the_page_reaches_the_open_page_and_the_page_stays() {
    let service = Service::signed_in().await;
    let channels = service.call::<ListChannels>((), (), ()).await.expect("lists");
    let page = by_id(channels[0].id.as_str());
    assert_eq!(channels[0].kind, "page");
    let mut events = service.app.events.subscribe();
    service.call::<TestChannel>(page.clone(), (), ()).await.expect("tried");
    let told = std::iter::from_fn(|| events.try_recv().ok());
    assert!(told.into_iter().any(|e| matches!(e, Event::Alert(alert) if alert.title.contains("test"))));
    assert_eq!(service.call::<RemoveChannel>(page, (), ()).await.expect_err("it stays").status, 409);
    assert!(service.call::<ListAlerts>((), (), ()).await.expect("lists").is_empty());
    service.stop().await;
}
