//! Our own feedback page, as a visitor without scripts and without an account meets it: the form, what is refused with the words
//! kept, what becomes of an answer, and that one star goes the way of five.

use std::time::Duration;

use goodword::store::to_millis;
use goodword_shared::{
    Kind, Rating,
    api::{
        ById,
        cases::{GetCase, ListCases},
        mentions::{GetMention, ListMentions, MentionQuery},
        sources::{AddSource, NewSource, PatchSource, SourceChange},
    },
    source::Source,
};
use scraper::{Html, Selector};

use crate::service::Service;

async fn page(service: &Service, settings: &[(&str, &str)]) -> Source {
    let settings = settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let new = NewSource { connector: "form".into(), settings, ..NewSource::default() };
    service.call::<AddSource>((), (), new).await.expect("added")
}

/// A browser of somebody who never signed in. It follows redirects as browsers do.
async fn open(service: &Service, path: &str, language: &str) -> (u16, String) {
    let request = service.client.get(format!("{}{path}", service.url)).header("accept-language", language);
    let answer = request.send().await.expect("an answer");
    let policy = answer.headers()["content-security-policy"].to_str().expect("text");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    (answer.status().as_u16(), answer.text().await.expect("a text"))
}

fn value(page: &str, selector: &str) -> String {
    let html = Html::parse_document(page);
    let found = html.select(&Selector::parse(selector).expect("a selector")).next();
    let found = found.unwrap_or_else(|| panic!("{selector} in {page}"));
    found
        .value()
        .attr("value")
        .map_or_else(|| found.text().collect::<String>(), str::to_owned)
        .trim()
        .to_owned()
}

/// A token of a page that was opened a while ago, so that no test has to wait for people's slowness.
fn token(service: &Service, source: &Source, ago: Duration) -> String {
    let then = goodword::clock::now() - chrono::TimeDelta::from_std(ago).expect("short");
    service.app.sealer.seal("form", source.id.as_str(), &to_millis(then).to_string())
}

async fn send(service: &Service, source: &Source, fields: &[(&str, &str)]) -> (u16, String, String) {
    let body = serde_urlencoded::to_string(fields).expect("a form");
    let request = service.client.post(format!("{}/feedback/{}", service.url, source.id));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    let answer = request.send().await.expect("an answer");
    let (status, path) = (answer.status().as_u16(), answer.url().path().to_owned());
    (status, path, answer.text().await.expect("a text"))
}

async fn count(service: &Service) -> u64 {
    service.call::<ListMentions>((), MentionQuery::default(), ()).await.expect("a list").total
}

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn one_star_and_five_stars_are_shown_the_same_and_go_the_same_way() {
    let service = Service::signed_in().await;
    let source =
        page(&service, &[("business", "Plum & <Kettle>"), ("review_url", "https://maps.example/us")]).await;
    let path = format!("/feedback/{}", source.id);
    let (status, form) = open(&service, &path, "en").await;
    assert_eq!(status, 200);
    assert!(form.contains("Plum &amp; &lt;Kettle&gt;") && !form.contains("<script"), "{form}");
    assert_eq!(value(&form, "h1"), "How was it?");
    let mut thanks = Vec::new();
    for stars in ["1", "5"] {
        let token = token(&service, &source, MINUTE);
        let fields = [
            ("token", token.as_str()),
            ("stars", stars),
            ("text", "My words.\r\nTwo lines."),
            ("name", "Anna"),
        ];
        let (status, path, page) = send(&service, &source, &fields).await;
        assert_eq!((status, path), (200, format!("/feedback/{}/thanks", source.id)));
        thanks.push(page);
        // A second click sends the same answer, not another one.
        send(&service, &source, &fields).await;
    }
    assert_eq!(thanks[0], thanks[1]);
    assert!(thanks[0].contains("href=\"https://maps.example/us\""));
    let list = service.call::<ListMentions>((), MentionQuery::default(), ()).await.expect("a list");
    assert_eq!(list.total, 2);
    let mut seen: Vec<f64> = Vec::new();
    for row in &list.items {
        let view = service
            .call::<GetMention>(ById { id: row.quote.mention_id.to_string() }, (), ())
            .await
            .expect("there");
        let mention = view.mention;
        assert_eq!((mention.kind, mention.text.as_str()), (Kind::Survey, "My words.\nTwo lines."));
        seen.extend(mention.rating.map(|r: Rating| r.value));
    }
    seen.sort_by(f64::total_cmp);
    assert_eq!(seen, [1.0, 5.0]);
    service.stop().await;
}

#[tokio::test]
async fn what_cannot_be_taken_is_asked_again_with_the_words_kept() {
    let service = Service::signed_in().await;
    let source = page(&service, &[("language", "de"), ("question", "Wie war’s?")]).await;
    let good = token(&service, &source, MINUTE);
    let other = page(&service, &[]).await;
    let foreign = token(&service, &other, MINUTE);
    let (fresh, old) = (token(&service, &source, Duration::ZERO), token(&service, &source, 2000 * MINUTE));
    let long = "ü".repeat(5001);
    for (fields, said) in [
        (vec![("token", good.as_str())], "Wählen Sie eine Bewertung"),
        (vec![("token", &good), ("stars", "9")], "Wählen Sie eine Bewertung"),
        (vec![("token", &good), ("text", "Kalt"), ("contact", "yes")], "brauchen wir Ihre E-Mail-Adresse"),
        (vec![("token", &good), ("text", "Kalt"), ("email", "anna")], "nicht nach einer E-Mail-Adresse"),
        (vec![("token", &good), ("text", &long)], "höchstens 5.000"),
        (vec![("token", &fresh), ("text", "Kalt \"& <lau>")], "noch einmal"),
        (vec![("token", &old), ("text", "Kalt")], "noch einmal"),
        (vec![("token", &foreign), ("text", "Kalt")], "noch einmal"),
        (vec![("text", "Kalt")], "noch einmal"),
    ] {
        let (status, _, page) = send(&service, &source, &fields).await;
        assert_eq!(status, 422, "{fields:?}");
        assert!(value(&page, "[role=alert]").contains(said), "{fields:?}: {page}");
        let text = fields.iter().find(|(name, _)| *name == "text").map_or("", |(_, text)| text);
        assert_eq!(value(&page, "textarea"), text, "nothing is lost");
        assert_eq!(value(&page, "h1"), "Wie war’s?");
        assert_ne!(value(&page, "input[name=token]"), good);
    }
    assert_eq!(count(&service).await, 0);
    service.stop().await;
}

#[tokio::test]
async fn programs_and_floods_leave_nothing() {
    let service = Service::signed_in().await;
    let source = page(&service, &[]).await;
    let good = token(&service, &source, MINUTE);
    let (status, path, _) = send(
        &service,
        &source,
        &[("token", &good), ("text", "Buy pills"), ("website", "https://pills.example")],
    )
    .await;
    assert_eq!((status, path.ends_with("/thanks")), (200, true), "it is told nothing");
    assert_eq!(count(&service).await, 0);
    let mut last = (0, String::new());
    for n in 0..40 {
        let token = service.app.sealer.seal(
            "form",
            source.id.as_str(),
            &(to_millis(goodword::clock::now()) - 60_000 - n).to_string(),
        );
        let (status, _, page) =
            send(&service, &source, &[("token", &token), ("text", "Again and again")]).await;
        last = (status, page);
        if status == 429 {
            break;
        }
    }
    assert_eq!(last.0, 429);
    assert_eq!(value(&last.1, "textarea"), "Again and again");

    let pause = SourceChange { paused: Some(true), ..SourceChange::default() };
    service.call::<PatchSource>(ById { id: source.id.to_string() }, (), pause).await.expect("paused");
    let (status, closed) = open(&service, &format!("/feedback/{}", source.id), "fr-CH, en;q=0.5").await;
    assert_eq!((status, value(&closed, "h1").as_str()), (503, "Cette page est fermée"));
    assert_eq!(open(&service, "/feedback/nobody", "en").await.0, 404);
    service.stop().await;
}

#[tokio::test]
async fn an_address_is_evidence_and_leave_to_write_is_kept_and_heeded() {
    let service = Service::signed_in().await;
    let source = page(&service, &[("business", "Plum & Kettle")]).await;
    for (email, contact) in [("anna@mail.example", "yes"), ("bert@mail.example", "")] {
        let token = token(&service, &source, MINUTE);
        let fields = [
            ("token", token.as_str()),
            ("stars", "1"),
            ("text", "Cold soup, rude waiter."),
            ("email", email),
            ("contact", contact),
        ];
        assert_eq!(send(&service, &source, &fields).await.0, 200);
    }
    let list = service.call::<ListMentions>((), MentionQuery::default(), ()).await.expect("a list");
    for row in &list.items {
        let view = service
            .call::<GetMention>(ById { id: row.quote.mention_id.to_string() }, (), ())
            .await
            .expect("there");
        let mention = view.mention;
        let agreed = mention.author.email.as_deref() == Some("anna@mail.example");
        let id = mention.external_id.expect("an id");
        let consent = service.app.store.consent(&source.id, &id).await.expect("a store").expect("kept");
        assert_eq!((consent.agreed, consent.email), (agreed, mention.author.email));
        assert_eq!(consent.wording, "Plum & Kettle may write to me about this.");
    }
    let cases = service.call::<ListCases>((), Default::default(), ()).await.expect("a list");
    assert_eq!(cases.total, 2, "both are unhappy");
    let mut offered = Vec::new();
    for card in &cases.items {
        let case = service.call::<GetCase>(ById { id: card.id.to_string() }, (), ()).await.expect("there");
        offered.extend(
            case.contacts.into_iter().map(|link| link.href).filter(|href| href.starts_with("mailto:")),
        );
    }
    assert_eq!(offered, ["mailto:anna@mail.example"], "nobody is written to against their word");
    service.stop().await;
}

#[tokio::test]
async fn the_address_is_a_picture_too_and_yelp_is_refused() {
    let service = Service::signed_in().await;
    let source = page(&service, &[]).await;
    let door = source.door.expect("an address");
    assert_eq!(door.address, format!("{}/feedback/{}", service.url, source.id));
    let (status, svg) = open(&service, &door.picture.expect("a picture"), "en").await;
    assert!(
        status == 200 && svg.starts_with("<svg") && svg.contains("M4 4h1v1h-1z"),
        "a finder in the corner: {svg}"
    );
    let settings = [("review_url".to_owned(), "https://www.yelp.co.uk/biz/us".to_owned())].into();
    let new = NewSource { connector: "form".into(), settings, ..NewSource::default() };
    let refused = service.call::<AddSource>((), (), new).await.expect_err("refused");
    assert!(refused.detail.contains("Yelp"), "{refused:?}");
    service.stop().await;
}
