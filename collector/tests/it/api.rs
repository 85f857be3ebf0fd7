//! What the dashboard reads and does, through HTTP on a real store.

use goodword::clock;
use goodword_shared::{
    Label,
    alert::Event,
    api::{
        ById,
        cases::{
            CaseChange, CaseQuery, GetCase, ListCases, NewContact, NewNote, PatchCase, PostContact, PostNote,
        },
        customers::{CustomerChange, GetCustomer, ListCustomers, ListMatches, PatchCustomer},
        mentions::{CorrectMention, Correction, GetMention, ListMentions, MentionQuery},
        promoters::{ListPromoters, NewAsk, PostAsk, PromoterQuery},
        today::{GetToday, PostSeen},
    },
    case::{CaseState, ContactWay, Outcome},
    customer::CustomerFacts,
    promoter::AskKind,
};

use crate::service::{Row, Service, add_case, add_mention, add_promoter, add_source};

/// A week of a shop: two who wait, three who are kind, one of them of the past.
pub async fn some_days(service: &Service) {
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
    assert!((time.factor - 2.25).abs() < 0.01 && time.text == "overdue by 6 hours", "{time:?}");
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

fn by(id: &str) -> ById {
    ById { id: id.into() }
}

#[tokio::test]
async fn a_case_goes_from_first_contact_to_its_end() {
    let service = Service::signed_in().await;
    some_days(&service).await;
    let note = NewNote { text: " Kitchen knows ".into() };
    service.call::<PostNote>(by("c2"), (), note).await.expect("noted");
    let contact = NewContact { way: ContactWay::Call, text: "Very sorry".into() };
    let case = service.call::<PostContact>(by("c2"), (), contact).await.expect("contacted");
    assert_eq!(case.card.state, CaseState::Contacted);
    assert!(case.card.first_contact_at.is_some());
    assert_eq!(case.card.factors.last().map(|f| f.factor), Some(1.0), "whoever is answered no longer waits");
    let told: Vec<_> = case.timeline.iter().map(|e| (e.what.as_str(), e.text.as_str())).collect();
    assert_eq!(told[1..], [("note", "Kitchen knows"), ("contact", "Called: Very sorry")]);

    let today = service.call::<GetToday>((), (), ()).await.expect("today");
    assert_eq!(today.waiting, 1);
    let answer = today.figures.iter().find(|f| f.name == "first_answer").and_then(|f| f.value);
    assert_eq!(answer.map(f64::round), Some(1800.0), "30 hours after it was said");

    let close = |outcome| CaseChange { state: Some(CaseState::Closed), outcome, ..CaseChange::default() };
    let refused = service.call::<PatchCase>(by("c2"), (), close(None)).await.expect_err("how did it end?");
    assert_eq!(refused.errors[0].field, "outcome");
    let closed =
        service.call::<PatchCase>(by("c2"), (), close(Some(Outcome::WonBack))).await.expect("closed");
    assert!(closed.card.closed_at.is_some());
    let today = service.call::<GetToday>((), (), ()).await.expect("today");
    assert_eq!(today.figures.iter().find(|f| f.name == "won_back").and_then(|f| f.value), Some(1.0));

    let snooze =
        CaseChange { snoozed_until: Some(clock::now() + chrono::Duration::days(2)), ..CaseChange::default() };
    service.call::<PatchCase>(by("c1"), (), snooze).await.expect("put off");
    let queue = service.call::<ListCases>((), CaseQuery::default(), ()).await.expect("the queue");
    assert_eq!(queue.total, 0, "one is closed, the other put off");
    let again = CaseChange { state: Some(CaseState::Open), ..CaseChange::default() };
    let open = service.call::<PatchCase>(by("c2"), (), again).await.expect("opened again");
    assert_eq!((open.card.outcome, open.card.closed_at), (None, None));
    service.stop().await;
}

#[tokio::test]
async fn whoever_was_asked_is_left_in_peace() {
    let service = Service::signed_in().await;
    some_days(&service).await;
    let ask = |key: &str| NewAsk { key: key.into(), kind: AskKind::Referral, text: String::new() };
    service.call::<PostAsk>((), (), ask("author:Dora")).await.expect("asked");
    let refused = service.call::<PostAsk>((), (), ask("author:Dora")).await.expect_err("asked a moment ago");
    assert_eq!(refused.status, 409);
    let refused = service.call::<PostAsk>((), (), ask("author:Ada")).await.expect_err("she has an open case");
    assert_eq!(refused.status, 409);
    let page = service.call::<ListPromoters>((), PromoterQuery::default(), ()).await.expect("promoters");
    assert_eq!(page.total, 1);
    service.stop().await;
}

#[tokio::test]
async fn mentions_are_found_by_words_and_filters_together() {
    let service = Service::signed_in().await;
    some_days(&service).await;
    let find = async |query: MentionQuery| {
        let page = service.call::<ListMentions>((), query, ()).await.expect("mentions");
        let ids: Vec<String> = page.items.iter().map(|r| r.quote.mention_id.to_string()).collect();
        assert_eq!(page.total, ids.len() as u64);
        ids
    };
    let query = MentionQuery::default;
    let text = |t: &str| Some(t.to_owned());
    assert_eq!(find(query()).await, ["m1", "m3", "m2", "m4", "m5"]);
    assert_eq!(find(MentionQuery { q: text("SOUP"), ..query() }).await, ["m1", "m3"]);
    assert_eq!(find(MentionQuery { q: text("wait* \"hou"), ..query() }).await, ["m2"], "beginnings of words");
    assert_eq!(find(MentionQuery { q: text("ada"), sentiment: text("positive"), ..query() }).await, ["m5"]);
    let row = Row {
        id: "m6",
        author: "Emi",
        text: "とても美味しいスープ",
        label: Label::Positive,
        stars: 5.0,
        at: clock::now() - chrono::Duration::hours(2000),
        theme: None,
    };
    add_mention(&service.app, "s1", &row).await;
    assert_eq!(find(MentionQuery { q: text("スープ"), ..query() }).await, ["m6"], "words without spaces");
    assert_eq!(find(MentionQuery { theme: text("service"), ..query() }).await, ["m1", "m5"]);
    assert_eq!(
        find(MentionQuery { stars: Some(5), connector: text("feed"), ..query() }).await,
        ["m3", "m4", "m6"]
    );
    assert_eq!(find(MentionQuery { sentiment: text("uncertain"), ..query() }).await, [""; 0]);
    let day = (clock::now() - chrono::Duration::hours(900)).format("%Y-%m-%d").to_string();
    assert_eq!(find(MentionQuery { to: Some(day.clone()), ..query() }).await, ["m5", "m6"]);
    assert_eq!(
        find(MentionQuery { from: Some(day.clone()), to: Some(day), theme: text("service"), ..query() })
            .await,
        ["m5"]
    );
    let bad = MentionQuery { from: text("yesterday"), ..query() };
    let refused = service.call::<ListMentions>((), bad, ()).await.expect_err("no date");
    assert_eq!(refused.errors[0].field, "from");
    service.stop().await;
}

#[tokio::test]
async fn a_correction_is_certain_and_counts_everywhere() {
    let service = Service::signed_in().await;
    some_days(&service).await;
    let correction = Correction {
        label: Some(Label::Negative),
        themes: Some(vec![("Price ".into(), Label::Negative)]),
        ..Correction::default()
    };
    let view = service.call::<CorrectMention>(by("m4"), (), correction).await.expect("corrected");
    assert!(view.row.corrected);
    let sentiment = view.row.quote.analysis.sentiment;
    assert_eq!((sentiment.label, sentiment.confidence), (Label::Negative, 1.0));
    let today = service.call::<GetToday>((), (), ()).await.expect("today");
    let share = today.figures.iter().find(|f| f.name == "positive_share").and_then(|f| f.value);
    assert_eq!(share, Some(0.25));
    assert!(today.themes.iter().any(|t| t.theme == "price" && t.negative == 1));
    let case = service.call::<GetMention>(by("m1"), (), ()).await.expect("a mention").row.case_id;
    assert_eq!(case.expect("its open case").as_str(), "c1");
    assert_eq!(service.call::<GetMention>(by("m9"), (), ()).await.expect_err("none").status, 404);
    service.stop().await;
}

#[tokio::test]
async fn a_customer_tells_everything_they_said_and_may_forbid_being_asked() {
    let service = Service::signed_in().await;
    some_days(&service).await;
    let facts = CustomerFacts {
        external_id: Some("K-17".into()),
        name: "Cleo Márquez".into(),
        phone: Some("+49 30 555-017".into()),
        ..CustomerFacts::default()
    };
    let store = &service.app.store;
    let id = store.put_customers(&[facts], &[], clock::now()).await.expect("a customer").remove(0);
    let evidence = "'[{\"kind\":\"name\",\"text\":\"the same name\"}]'";
    let insert = format!(
        "INSERT INTO matches (id, author_id, customer_id, probability, evidence, state, decided_at, decided_by) \
         VALUES ('x1', 'Cleo', '{id}', 0.7, {evidence}, 'doubtful', 0, 'engine')"
    );
    sqlx::query(sqlx::AssertSqlSafe(insert)).execute(store.pool()).await.expect("a match");
    assert_eq!(service.call::<GetToday>((), (), ()).await.expect("today").doubtful_matches, 1);
    let matches = service.call::<ListMatches>((), Default::default(), ()).await.expect("matches");
    assert_eq!(matches.items[0].quote, "The best soup in town, I tell everybody");
    let held = format!("UPDATE authors SET customer_id = '{id}' WHERE id = 'Cleo'");
    sqlx::query(sqlx::AssertSqlSafe(held)).execute(store.pool()).await.expect("held");
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "UPDATE promoters SET customer_id = '{id}' WHERE author_id = 'Cleo'"
    )))
    .execute(store.pool())
    .await
    .expect("the same person");

    let query =
        |q: &str| goodword_shared::api::customers::CustomerQuery { q: Some(q.into()), ..Default::default() };
    let found = service.call::<ListCustomers>((), query("marquez 4930555017"), ()).await.expect("customers");
    assert_eq!(
        (found.total, found.items[0].mentions, found.items[0].last_label),
        (1, 1, Some(Label::Positive))
    );
    let view = service.call::<GetCustomer>(by(id.as_str()), (), ()).await.expect("a customer");
    assert_eq!((view.mentions.len(), view.matches.len()), (1, 1));
    assert_eq!(view.contacts[0].href, "tel:+4930555017");

    let never = CustomerChange { do_not_contact: Some(true), ..CustomerChange::default() };
    service.call::<PatchCustomer>(by(id.as_str()), (), never).await.expect("changed");
    let page = service.call::<ListPromoters>((), PromoterQuery::default(), ()).await.expect("promoters");
    assert!(page.items.iter().all(|p| p.key != "author:Cleo"), "do not contact holds");
    service.stop().await;
}
