//! Slack, Discord, Telegram and ntfy: what is posted, by each one's own document, and that a customer's words stay words.

use goodword::{
    actions::{
        channels::{Effect, Verdict, by_slug},
        message::Message,
    },
    store::AlertFacts,
    wire::{Request, Response},
};
use goodword_shared::{
    Analysis, Author, Mention, Rating, Time,
    alert::Alert,
    source::{Values, faults},
};
use serde_json::Value;

const WORDS: &str = "<!channel> & @everyone *bold* [win](https://evil.example) `x`";

fn message() -> Message {
    let at: Time = "2026-11-21T18:20:00Z".parse().expect("a time");
    Message {
        key: "m.c".into(),
        decided_at: at,
        alert: Alert {
            mention_id: "m".to_owned().into(),
            case_id: Some("c7".to_owned().into()),
            source_id: None,
            title: "Ada <K> is unhappy".into(),
            text: WORDS.into(),
            source: "Trusted Tables".into(),
            at,
        },
        facts: Some(AlertFacts {
            mention: Mention {
                author: Author { name: Some("Ada <K>".into()), ..Author::default() },
                rating: Some(Rating::stars(1.0)),
                text: WORDS.into(),
                ..Mention::default()
            },
            analysis: Analysis::default(),
            connector: "feed".into(),
            unhappy: true,
            customer: None,
            reasons: vec!["1 of 5 stars".into()],
        }),
        test: false,
        dashboard: "https://shop.example".into(),
    }
}

fn posted(kind: &str, settings: &[(&str, &str)]) -> (Request, Value) {
    let channel = by_slug(kind).expect("there");
    let settings: Values = settings.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
    assert_eq!(faults(&channel.describe().fields, &settings), []);
    assert_eq!(channel.check(&settings), []);
    let effect = channel.prepare(&settings, &message(), message().decided_at).expect("prepares");
    let Effect::Call { request, .. } = effect else { panic!("a call") };
    let body = serde_json::from_str(request.body.as_deref().expect("a body")).expect("JSON");
    (request, body)
}

#[test]
fn slack_takes_words_without_links_or_calls() {
    let (request, body) = posted("slack", &[("url", "https://hooks.slack.com/services/T/B/x")]);
    assert_eq!(request.url, "https://hooks.slack.com/services/T/B/x");
    let text = body["text"].as_str().expect("a text");
    assert!(text.starts_with("*Ada &lt;K&gt; is unhappy*\n> &lt;!channel&gt; &amp; @everyone"), "{text}");
    assert!(text.contains("★☆☆☆☆ 1 of 5"));
    assert!(text.ends_with("<https://shop.example/recovery/c7|Open in Goodword>"));
    assert_eq!(text.matches('<').count(), 1, "the only link is ours");
}

#[test]
fn discord_calls_nobody_and_shows_no_markup() {
    let (_, body) = posted("discord", &[("url", "https://discord.com/api/webhooks/1/x")]);
    assert_eq!(body["allowed_mentions"]["parse"], Value::Array(Vec::new()));
    let embed = &body["embeds"][0];
    assert_eq!(embed["url"], "https://shop.example/recovery/c7");
    let text = embed["description"].as_str().expect("a text");
    assert!(text.contains(r"\[win\]\(https://evil.example\)") && text.contains(r"\*bold\*"), "{text}");
}

#[test]
fn telegram_sends_plain_text_by_the_bot_and_waits_as_asked() {
    let (request, body) = posted("telegram", &[("token", "123:AB_c-d"), ("chat", "42")]);
    assert_eq!(request.url, "https://api.telegram.org/bot123:AB_c-d/sendMessage");
    assert_eq!(body["chat_id"], "42");
    assert!(body.get("parse_mode").is_none(), "without a mode nothing is markup");
    assert!(body["text"].as_str().expect("a text").contains(WORDS));
    let telegram = by_slug("telegram").expect("there");
    let busy = Response {
        status: 429,
        body: br#"{"ok":false,"description":"Too Many Requests","parameters":{"retry_after":17}}"#.to_vec(),
        ..Response::default()
    };
    let Verdict::Again(_, wait) = telegram.judge(&busy) else { panic!("again") };
    assert_eq!(wait, Some(std::time::Duration::from_secs(17)));
    let wrong: Values =
        [("token".to_owned(), "123/../x".to_owned()), ("chat".to_owned(), "1".to_owned())].into();
    assert_eq!(telegram.check(&wrong)[0].field, "token");
}

#[test]
fn ntfy_publishes_json_with_the_topic_inside() {
    let settings = [("topic", "shop-7hq2x9"), ("server", "https://ntfy.example/"), ("token", "tk_1")];
    let (request, body) = posted("ntfy", &settings);
    assert_eq!(request.url, "https://ntfy.example/");
    assert!(request.headers.contains(&("authorization".into(), "Bearer tk_1".into())));
    assert_eq!(body["topic"], "shop-7hq2x9");
    assert_eq!(body["click"], "https://shop.example/recovery/c7");
    assert!(body["message"].as_str().expect("a text").starts_with(WORDS));
}

#[test]
fn refusals_are_final_and_faults_are_not() {
    let slack = by_slug("slack").expect("there");
    let answer =
        |status| slack.judge(&Response { status, body: b"no_service\x07".to_vec(), ..Response::default() });
    assert!(matches!(answer(200), Verdict::Done(_)));
    assert!(
        matches!(answer(404), Verdict::Failed(said) if said == "The other side answered 404: no_service")
    );
    assert!(matches!(answer(429), Verdict::Again(..)));
    assert!(matches!(answer(502), Verdict::Again(..)));
}
