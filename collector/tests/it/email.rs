//! Alerts by mail, tried against an SMTP server on loopback: what arrives, under which Message-ID, and what a refusal means.

use goodword::actions::admin::{self, AdminError};
use goodword_shared::alert::DeliveryState;
use mailparse::MailHeaderMap;

use crate::desk::{Desk, Letter, MailHost, channel_settings};

async fn mail_channel(
    desk: &Desk,
    host: &MailHost,
    more: &[(&str, &str)],
) -> goodword_shared::alert::Channel {
    let port = host.address.port().to_string();
    let mut values = vec![
        ("host", "127.0.0.1"),
        ("port", &port),
        ("security", "none"),
        ("from", "goodword@harbour.example"),
        ("to", "owner@harbour.example, chef@harbour.example"),
    ];
    values.extend(more);
    desk.channel("email", &values).await
}

/// Subject, plain text, HTML.
fn read(letter: &Letter) -> (mailparse::ParsedMail<'_>, String, String) {
    let mail = mailparse::parse_mail(&letter.raw).expect("a mail");
    assert_eq!(mail.ctype.mimetype, "multipart/alternative");
    let part = |kind: &str| {
        let part = mail.subparts.iter().find(|p| p.ctype.mimetype == kind).expect("both parts");
        part.get_body().expect("decodes").replace("\r\n", "\n")
    };
    let (plain, html) = (part("text/plain"), part("text/html"));
    (mail, plain, html)
}

#[tokio::test]
async fn a_mail_carries_their_words_why_and_the_way_to_the_case() {
    let desk = Desk::new().await;
    let host = MailHost::start_with_login();
    let channel = mail_channel(&desk, &host, &[("user", "harbour"), ("password", "right")]).await;
    let worker = desk.work();
    let words = "Cold soup & a hair.\n.\nNever again <script>alert(1)</script> – grüße";
    let alert = desk.unhappy("Ada <b>K.\u{202E}", words).await;
    let key = desk.decide(&channel, &alert).await;
    let delivery = desk.done().await;
    assert_eq!(delivery.tries, 1);
    assert!(delivery.detail.is_some_and(|d| d.contains("250")));

    let letters = host.letters();
    let [letter] = letters.as_slice() else { panic!("one mail, not {}", letters.len()) };
    assert_eq!(letter.from, "goodword@harbour.example");
    assert_eq!(letter.to, ["owner@harbour.example", "chef@harbour.example"]);
    assert_eq!(letter.login, Some(("harbour".into(), "right".into())));
    let (mail, plain, html) = read(letter);
    assert_eq!(mail.headers.get_first_value("Subject").as_deref(), Some("Ada <b>K. is unhappy"));
    assert_eq!(mail.headers.get_first_value("Message-ID"), Some(format!("<{key}@goodword.invalid>")));
    assert_eq!(mail.headers.get_first_value("Auto-Submitted").as_deref(), Some("auto-generated"));
    let link = format!("http://127.0.0.1:7878/recovery/{}", alert.case_id.expect("has one"));
    for wanted in [
        "> Cold soup & a hair.",
        "> .",
        "<script>alert(1)</script> – grüße",
        "★★☆☆☆ 2 of 5",
        "Trusted Tables, 21 November 2026, 18:20 UTC",
        "threatens to leave",
        &link,
        "https://tables.example/reviews/7?a=1&b=2",
    ] {
        assert!(plain.contains(wanted), "{wanted} is not in\n{plain}");
    }
    assert!(html.contains(&link) && html.contains("★★☆☆☆"));
    assert!(html.contains("&lt;script&gt;") && html.contains("Ada &lt;b&gt;K."));
    assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
    worker.stop().await;
}

#[tokio::test]
async fn every_try_has_the_same_message_id() {
    let desk = Desk::new().await;
    let host = MailHost::start();
    *host.busy.lock().expect("unbroken") = 2;
    let channel = mail_channel(&desk, &host, &[]).await;
    let worker = desk.work();
    let alert = desk.unhappy("Ada K.", "Cold soup.").await;
    desk.decide(&channel, &alert).await;
    let delivery = desk.delivery(|d| d.detail.is_some()).await;
    assert!(delivery.detail.is_some_and(|d| d.contains("421")));
    assert_eq!(desk.hurried(|d| d.state == DeliveryState::Done).await.tries, 3);
    let ids: Vec<_> = host
        .letters()
        .iter()
        .map(|l| read(l).0.headers.get_first_value("Message-ID").expect("has one"))
        .collect();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|id| *id == ids[0]));
    worker.stop().await;
}

#[tokio::test]
async fn a_mailbox_that_is_not_there_is_final_but_a_wrong_password_can_be_mended() {
    let desk = Desk::new().await;
    let host = MailHost::start_with_login();
    let channel = mail_channel(&desk, &host, &[("user", "harbour"), ("password", "wrong")]).await;
    let worker = desk.work();
    let alert = desk.unhappy("Ada K.", "Cold soup.").await;
    desk.decide(&channel, &alert).await;
    let delivery = desk.delivery(|d| d.detail.is_some()).await;
    assert_eq!(delivery.state, DeliveryState::Waiting);
    assert!(delivery.detail.is_some_and(|d| d.contains("Look at user and password")));
    let port = host.address.port().to_string();
    let mended = |to: &str| {
        channel_settings(
            "email",
            &[
                ("host", "127.0.0.1"),
                ("port", &port),
                ("security", "none"),
                ("from", "goodword@harbour.example"),
                ("to", to),
                ("user", "harbour"),
                ("password", "right"),
            ],
        )
    };
    let id = channel.id.as_str();
    admin::change_channel(&desk.app, id, &mended("owner@harbour.example"), "owner").await.expect("changed");
    desk.hurried(|d| d.state == DeliveryState::Done).await;

    admin::change_channel(&desk.app, id, &mended("nobody@harbour.example"), "owner").await.expect("changed");
    let alert = desk.unhappy("Ben O.", "Burnt rice.").await;
    desk.decide(&channel, &alert).await;
    let delivery = desk.delivery(|d| d.state == DeliveryState::Failed).await;
    assert!(delivery.detail.is_some_and(|d| d.contains("550")));
    worker.stop().await;
}

#[tokio::test]
async fn nothing_is_said_to_a_server_that_offers_no_protection_where_it_is_wanted() {
    let desk = Desk::new().await;
    let host = MailHost::start();
    let channel =
        mail_channel(&desk, &host, &[("security", "starttls"), ("user", "u"), ("password", "p")]).await;
    let delivery = admin::try_channel(&desk.app, channel.id.as_str()).await.expect("tried");
    assert_eq!(delivery.state, DeliveryState::Failed);
    assert!(host.letters().is_empty());
    let shown = format!("{delivery:?}");
    assert!(shown.contains("STARTTLS"), "{shown}");
}

#[tokio::test]
async fn a_test_is_sent_at_once_and_recorded() {
    let desk = Desk::new().await;
    let host = MailHost::start();
    let channel = mail_channel(&desk, &host, &[]).await;
    let delivery = admin::try_channel(&desk.app, channel.id.as_str()).await.expect("tried");
    assert_eq!(delivery.state, DeliveryState::Done);
    let (_, plain, _) = read(&host.letters()[0]);
    assert!(plain.contains("the channel works"), "{plain}");
    let shown = admin::channels(&desk.app).await.expect("lists").remove(0);
    assert_eq!(shown.last_delivery, Some(delivery));
}

#[tokio::test]
async fn settings_with_faults_are_refused_by_field_and_passwords_do_not_travel_open() {
    let desk = Desk::new().await;
    let wrong = async |values: &[(&str, &str)]| {
        let refused = admin::add_channel(&desk.app, &channel_settings("email", values), "owner").await;
        let Err(AdminError::Invalid(errors)) = refused else { panic!("refused, not {refused:?}") };
        errors.into_iter().map(|e| e.field).collect::<Vec<_>>()
    };
    assert_eq!(wrong(&[]).await, ["to", "from", "host"]);
    let good = [("from", "a@b.example"), ("to", "c@d.example"), ("host", "mail.example")];
    let with = |more: &[(&'static str, &'static str)]| [&good[..], more].concat();
    assert_eq!(wrong(&with(&[("port", "70000")])).await, ["port"]);
    assert_eq!(wrong(&with(&[("to", "c@d.example, everybody")])).await, ["to"]);
    assert_eq!(wrong(&with(&[("security", "some")])).await, ["security"]);
    assert_eq!(wrong(&with(&[("security", "none"), ("user", "u"), ("password", "p")])).await, ["security"]);
    assert_eq!(wrong(&with(&[("from", "a@b.example\r\nBcc: x@y.example")])).await, ["from"]);
}
