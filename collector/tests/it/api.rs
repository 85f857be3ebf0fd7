//! What the dashboard reads and does, through HTTP on a real store.

use goodword::clock;
use goodword_shared::{
    Label,
    alert::Event,
    api::{
        ById,
        cases::{CaseQuery, GetCase, ListCases},
        promoters::{ListPromoters, PromoterQuery},
        today::{GetToday, PostSeen},
    },
};

use crate::service::{Row, Service, add_case, add_mention, add_promoter, add_source};

async fn some_days(service: &Service) {
    let now = clock::now();
    let hours = chrono::Duration::hours;
    add_source(&service.app, "s1", now - hours(2000)).await;
    let rows = [
        ("m1", "Ada", "Cold soup and a rude waiter", Label::Negative, 1.0, 3, Some("service")),
        ("m2", "Ben", "I waited an hour", Label::Negative, 2.0, 30, Some("waiting")),
        ("m3", "Cleo", "The best soup in town, I tell everybody", Label::Positive, 5.0, 5, Some("quality")),
        ("m4", "Dora", "Lovely as ever", Label::Positive, 5.0, 50, None),
        ("m5", "Ada", "Fine last year", Label::Positive, 4.0, 900, Some("service")),
    ];
    for (id, author, text, label, stars, ago, theme) in rows {
        let row = Row { id, author, text, label, stars, at: now - hours(ago), theme };
        add_mention(&service.app, "s1", &row).await;
        match id {
            "m1" => add_case(&service.app, "c1", &row, 2.0, 24).await,
            "m2" => add_case(&service.app, "c2", &row, 1.5, 24).await,
            "m3" => add_promoter(&service.app, &row, 3.0).await,
            "m4" => add_promoter(&service.app, &row, 4.0).await,
            "m5" => add_promoter(&service.app, &row, 9.0).await,
            _ => {}
        }
    }
}

#[tokio::test]
async fn today_says_who_waits_whom_to_ask_and_what_they_talk_about() {
    let service = Service::signed_in().await;
    some_days(&service).await;
    let today = service.call::<GetToday>((), (), ()).await.expect("today");
    assert_eq!((today.waiting, today.new_mentions, today.new_positive, today.new_negative), (2, 2, 1, 1));
    // Ben's promise ran out 6 hours ago: 1.5 × 2.25 goes before 2 × 1.125.
    let order: Vec<_> = today.win_back.iter().map(|c| c.id.as_str().to_owned()).collect();
    assert_eq!(order, ["c2", "c1"]);
    let time = today.win_back[0].factors.last().expect("factors");
    assert_eq!(time.name, "time");
    assert!((time.factor - 2.25).abs() < 0.01 && time.text.contains("ran out 6 h"), "{time:?}");
    // Ada has an open case, so she is not asked however warm she once was.
    let asked: Vec<_> = today.ask.iter().map(|p| p.author.shown().unwrap_or_default().to_owned()).collect();
    assert_eq!(asked, ["Dora", "Cleo"]);
    let figure = |name: &str| today.figures.iter().find(|f| f.name == name).expect("the figure").clone();
    let rating = figure("rating");
    assert!((rating.value.expect("rated") - 13.0 / 4.0).abs() < 1e-9);
    assert_eq!((rating.before, rating.line.len()), (Some(4.0), 12));
    let share = figure("positive_share");
    assert_eq!(share.value, Some(0.5));
    assert!(share.low.expect("an interval") < 0.2 && share.high.expect("an interval") > 0.8);
    assert_eq!(figure("waiting").value, Some(2.0));
    assert_eq!(figure("first_answer").value, None);
    let themes: Vec<_> = today.themes.iter().map(|t| (t.theme.as_str(), t.negative, t.positive)).collect();
    assert_eq!(themes, [("quality", 0, 1), ("service", 1, 0), ("waiting", 1, 0)]);
    service.stop().await;
}

#[tokio::test]
async fn a_visit_is_remembered_and_reloading_is_no_new_one() {
    let service = Service::signed_in().await;
    some_days(&service).await;
    assert_eq!(service.call::<GetToday>((), (), ()).await.expect("today").since, None);
    service.call::<PostSeen>((), (), ()).await.expect("seen");
    assert_eq!(service.call::<GetToday>((), (), ()).await.expect("today").since, None);
    // The next morning.
    let pool = service.app.store.pool();
    sqlx::query("UPDATE users SET visit_at = visit_at - 14400000").execute(pool).await.expect("set back");
    let today = service.call::<GetToday>((), (), ()).await.expect("today");
    let since = today.since.expect("the visit before");
    assert_eq!((today.now - since).num_hours(), 4);
    assert_eq!(today.new_mentions, 1, "only what came in since");
    service.call::<PostSeen>((), (), ()).await.expect("seen");
    assert_eq!(service.call::<GetToday>((), (), ()).await.expect("today").since, Some(since));
    service.stop().await;
}

#[tokio::test]
async fn the_queue_is_searched_and_a_case_tells_its_story() {
    let service = Service::signed_in().await;
    some_days(&service).await;
    let find = |q: &str| CaseQuery { q: Some(q.into()), ..CaseQuery::default() };
    let found = service.call::<ListCases>((), find("RUDE wait"), ()).await.expect("cases");
    assert_eq!((found.total, found.items[0].id.as_str()), (1, "c1"));
    assert_eq!(service.call::<ListCases>((), find("100%"), ()).await.expect("cases").total, 0);
    let closed = CaseQuery { state: Some("closed".into()), ..CaseQuery::default() };
    assert_eq!(service.call::<ListCases>((), closed, ()).await.expect("cases").total, 0);

    let case = service.call::<GetCase>(ById { id: "c1".into() }, (), ()).await.expect("a case");
    assert_eq!(case.timeline[0].what, "mention");
    assert_eq!(case.other_mentions[0].text, "Fine last year");
    let missing =
        service.call::<GetCase>(ById { id: "nope".into() }, (), ()).await.expect_err("no such case");
    assert_eq!(missing.status, 404);
    service.stop().await;
}

#[tokio::test]
async fn promoters_are_paged() {
    let service = Service::signed_in().await;
    some_days(&service).await;
    let second = PromoterQuery { offset: Some(1), limit: Some(1), ..PromoterQuery::default() };
    let page = service.call::<ListPromoters>((), second, ()).await.expect("promoters");
    assert_eq!((page.total, page.offset, page.items.len()), (2, 1, 1));
    assert_eq!(page.items[0].key, "author:Cleo");
    service.stop().await;
}

#[tokio::test]
async fn open_pages_are_told_what_is_new() {
    let service = Service::signed_in().await;
    let mut answer = service.get(goodword_shared::api::EVENTS).await;
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    answer.chunk().await.expect("connected");
    service.app.tell(Event::Changed { what: "cases".into() });
    let chunk = answer.chunk().await.expect("connected").expect("an event");
    let text = String::from_utf8(chunk.to_vec()).expect("text");
    let data = text.trim().strip_prefix("data: ").expect("data");
    assert_eq!(
        serde_json::from_str::<Event>(data).expect("an event"),
        Event::Changed { what: "cases".into() }
    );
    service.stop().await;
}
