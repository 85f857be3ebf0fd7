//! Accounts on two platforms that are one person's: proposed with evidence, carried over to the customer, refused and taken back.

use goodword::{clock, engine, pipeline::Run, record::Origin, store::KinRow};
use goodword_shared::{
    Author, Mention,
    api::{
        ById,
        customers::{GetCustomer, MatchDecision, MatchQuery, Verdict},
        kin::{DecideKin, KinView, ListKin},
        records::{Merge, MergeCustomers, UndoStep},
    },
    customer::CustomerFacts,
    matching::{Evidence, MatchState},
    settings::Settings,
};
use sqlx::Row;

use crate::{
    records::on_both_databases,
    service::{self, Service},
};

async fn run(service: &Service, sql: &str) {
    sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(service.app.store.pool()).await.expect(sql);
}

async fn account(service: &Service, id: &str, platform: &str, name: &str, handle: &str) {
    let handle = if handle.is_empty() { "NULL".to_owned() } else { format!("'{handle}'") };
    let sql = format!(
        "INSERT INTO authors (id, platform, author_key, name, handle) VALUES ('{id}', '{platform}', '{id}', '{name}', {handle})"
    );
    run(service, &sql).await;
}

async fn belongs(service: &Service, id: &str, author: &str, customer: &str, probability: f64, state: &str) {
    run(service, &format!(
        "INSERT INTO matches (id, author_id, customer_id, probability, evidence, state, decided_at, decided_by) \
         VALUES ('{id}', '{author}', '{customer}', {probability}, '[]', '{state}', 7, 'engine')"
    ))
    .await;
    run(service, &format!("UPDATE authors SET customer_id = '{customer}' WHERE id = '{author}'")).await;
}

async fn whose(service: &Service, author: &str) -> Option<String> {
    let row = sqlx::query("SELECT customer_id FROM authors WHERE id = $1")
        .bind(author)
        .fetch_one(service.app.store.pool())
        .await
        .expect("an author");
    row.try_get("customer_id").expect("a customer or none")
}

async fn in_state(service: &Service, state: MatchState) -> Vec<KinView> {
    let query = MatchQuery { state: Some(state.as_str().into()), ..MatchQuery::default() };
    service.call::<ListKin>((), query, ()).await.expect("pairs").items
}

/// The pairs that a customer's page tells of, with where each stands.
async fn told_of(service: &Service, customer: &str) -> Vec<(String, MatchState)> {
    let path = ById { id: customer.to_owned() };
    let view = service.call::<GetCustomer>(path, (), ()).await.expect("a customer");
    view.kin.into_iter().map(|pair| (pair.id, pair.state)).collect()
}

async fn say(service: &Service, id: &str, verdict: Verdict) -> KinView {
    let path = ById { id: id.to_owned() };
    service.call::<DecideKin>(path, (), MatchDecision { verdict }).await.expect("decided")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_of_one_account_speaks_for_the_other_until_it_is_refused() {
    on_both_databases(async |service| {
        let customer = |name: &str| CustomerFacts { name: name.into(), ..CustomerFacts::default() };
        let known = [customer("Ruth Winter"), customer("Anna Weber")];
        let ids = service.app.store.put_customers(&known, &[], clock::now()).await.expect("stored");
        let (ruth, anna) = (ids[0].as_str(), ids[1].as_str());
        account(service, "a1", "mastodon", "Fox", "@sun_fox_reader482").await;
        account(service, "a2", "feed", "The fox", "sunfoxreader482").await;
        account(service, "a3", "mastodon", "Anna Weber", "").await;
        account(service, "a4", "feed", "Weber, Anna", "").await;
        // The same handle on the same platform is another account of nobody in particular; an everyday one tells nothing.
        account(service, "a5", "lemmy", "Somebody", "tea").await;
        account(service, "a6", "reddit", "Anybody", "tea").await;
        belongs(service, "x1", "a1", ruth, 0.99, "linked").await;

        let linked = engine::kin::look(&service.app).await.expect("looked");
        assert_eq!((linked, whose(service, "a2").await.as_deref()), (1, Some(ruth)));
        let pairs = in_state(service, MatchState::Linked).await;
        assert_eq!(pairs.len(), 1);
        assert!(pairs[0].evidence[0].text.contains("sun_fox_reader482"), "{:?}", pairs[0].evidence);
        assert_eq!(pairs[0].accounts.iter().filter(|a| a.customer.is_some()).count(), 2);
        assert_eq!(told_of(service, ruth).await, [(pairs[0].id.clone(), MatchState::Linked)]);
        assert!(told_of(service, anna).await.is_empty());
        let matches = service.app.store.matches_of(Some("a2"), None).await.expect("matches");
        assert!(matches[0].evidence[0].text.contains("same person as Fox"), "{:?}", matches[0].evidence);
        // A common name alone is asked about.
        let doubtful = in_state(service, MatchState::Doubtful).await;
        assert_eq!(doubtful.len(), 1);
        assert_eq!(whose(service, "a4").await, None);

        // Refused: what was made of it is taken back, and it is not proposed again.
        say(service, &pairs[0].id, Verdict::Refuse).await;
        engine::kin::look(&service.app).await.expect("looked");
        assert_eq!(whose(service, "a2").await, None);
        assert!(in_state(service, MatchState::Linked).await.is_empty());
        assert_eq!(in_state(service, MatchState::Refused).await.len(), 1);
        assert_eq!(told_of(service, ruth).await, [(pairs[0].id.clone(), MatchState::Refused)]);
        assert_eq!(say(service, &pairs[0].id, Verdict::Undo).await.state, MatchState::Linked);
        assert_eq!(whose(service, "a2").await.as_deref(), Some(ruth));

        // Confirmed: who the one is, the other is.
        say(service, &doubtful[0].id, Verdict::Confirm).await;
        belongs(service, "x2", "a3", anna, 1.0, "confirmed").await;
        engine::kin::look(&service.app).await.expect("looked");
        assert_eq!(whose(service, "a4").await.as_deref(), Some(anna));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_certain_is_linked_even_where_links_must_be_as_right_as_can_be_chosen() {
    on_both_databases(async |service| {
        let customer = CustomerFacts { name: "Ruth Winter".into(), ..CustomerFacts::default() };
        let ids = service.app.store.put_customers(&[customer], &[], clock::now()).await.expect("stored");
        account(service, "a1", "mastodon", "Fox", "@sun_fox_reader482").await;
        account(service, "a2", "feed", "The fox", "sunfoxreader482").await;
        run(service, "UPDATE authors SET email = 'fox@winter.example'").await;
        belongs(service, "x1", "a1", ids[0].as_str(), 0.999, "confirmed").await;
        let settings = service.app.store.settings().await.expect("settings");
        for match_precision in [0.999, 0.9999] {
            let settings = Settings { match_precision, ..settings.clone() };
            service.app.store.put_settings(&settings).await.expect("kept");
            run(service, "DELETE FROM kin").await;
            engine::kin::look(&service.app).await.expect("looked");
            assert_eq!(in_state(service, MatchState::Linked).await.len(), 1, "{match_precision}");
            assert_eq!(whose(service, "a2").await.as_deref(), Some(ids[0].as_str()));
        }
    })
    .await;
}

async fn writes(service: &Service, platform: &str, name: &str, handle: &str) {
    let author = Author {
        id: Some(format!("{name} {handle}")),
        name: Some(name.into()),
        handle: Some(handle.to_owned()).filter(|handle| !handle.is_empty()),
        ..Author::default()
    };
    says(service, platform, &format!("{platform} {name} {handle}"), author).await;
}

async fn says(service: &Service, platform: &str, key: &str, author: Author) {
    let origin = Origin {
        source: "s1".to_owned().into(),
        connector: platform.into(),
        name: platform.into(),
        follow_deletion: false,
    };
    let said =
        Mention { external_id: Some(key.into()), author, text: "Lovely.".into(), ..Mention::default() };
    engine::ingest::ingest(&service.app, &origin, vec![said], Run::Regular, clock::now())
        .await
        .expect("stored");
}

async fn every_pair(service: &Service) -> Vec<(String, String, f64, String)> {
    let sql = "SELECT one_id, other_id, probability, state FROM kin ORDER BY one_id, other_id";
    let rows = sqlx::query(sql).fetch_all(service.app.store.pool()).await.expect("pairs");
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_appears_is_compared_as_if_all_were_looked_at_again() {
    on_both_databases(async |service| {
        let known = CustomerFacts { name: "Ruth Winter".into(), ..CustomerFacts::default() };
        let ids = service.app.store.put_customers(&[known], &[], clock::now()).await.expect("stored");
        service::add_source(&service.app, "s1", clock::now()).await;
        account(service, "a1", "mastodon", "Fox", "@sun_fox_reader482").await;
        belongs(service, "x1", "a1", ids[0].as_str(), 1.0, "confirmed").await;
        engine::kin::look(&service.app).await.expect("looked");
        assert!(every_pair(service).await.is_empty());
        let crowd = (0..10).map(|n| ("lemmy", format!("Guest {n}"), "everybodys_handle".to_owned()));
        let people = [
            ("feed", "The fox", "sunfoxreader482"),
            ("lemmy", "Fox", "sun.fox.reader482"),
            ("feed", "Karl Anton Weber", ""),
            ("lemmy", "Karl Anton Weber", ""),
            ("mastodon", "Karl Anton Weber", "everybodys_handle"),
            ("lemmy", "Another fox", "sunfoxreader482"),
        ];
        let people = people.map(|(platform, name, handle)| (platform, name.to_owned(), handle.to_owned()));
        for (platform, name, handle) in people.into_iter().chain(crowd) {
            writes(service, platform, &name, &handle).await;
            engine::meet::compare(&service.app).await.expect("compared");
            let found = every_pair(service).await;
            engine::kin::look(&service.app).await.expect("looked");
            assert_eq!(found, every_pair(service).await, "{platform} {name} {handle}");
        }
        // Nobody had to wait for a look at all accounts.
        assert!(every_pair(service).await.len() > 2);
        let rows = sqlx::query("SELECT customer_id FROM authors WHERE name = 'The fox'");
        let row = rows.fetch_one(service.app.store.pool()).await.expect("an author");
        assert_eq!(row.get::<Option<String>, _>(0).as_deref(), Some(ids[0].as_str()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_account_made_of_one_ends_with_what_they_shared() {
    on_both_databases(async |service| {
        let customer = CustomerFacts { name: "Ruth Winter".into(), ..CustomerFacts::default() };
        let ids = service.app.store.put_customers(&[customer], &[], clock::now()).await.expect("stored");
        let ruth = Some(ids[0].as_str());
        // Whether the account that is known comes first or last.
        for (known, other) in [("a1", "a2"), ("b2", "b1")] {
            account(service, known, "mastodon", "Fox", "@sun_fox_reader482").await;
            account(service, other, "feed", "Reader", "sunfoxreader482").await;
            belongs(service, &format!("x-{known}"), known, ids[0].as_str(), 1.0, "confirmed").await;
            for changed in [known, other] {
                engine::kin::look(&service.app).await.expect("looked");
                assert_eq!(whose(service, other).await.as_deref(), ruth, "{changed}");
                run(
                    service,
                    &format!("UPDATE authors SET handle = 'wholly_different' WHERE id = '{changed}'"),
                )
                .await;
                engine::meet::appeared(&service.app, [changed.to_owned()]);
                engine::meet::compare(&service.app).await.expect("compared");
                assert_eq!(whose(service, other).await, None, "{changed} was compared");
                assert_eq!(whose(service, known).await.as_deref(), ruth);

                run(
                    service,
                    &format!("UPDATE authors SET handle = 'sunfoxreader482' WHERE id = '{changed}'"),
                )
                .await;
                engine::kin::look(&service.app).await.expect("looked");
                assert_eq!(whose(service, other).await.as_deref(), ruth);
                run(
                    service,
                    &format!("UPDATE authors SET handle = 'wholly_different' WHERE id = '{changed}'"),
                )
                .await;
                engine::kin::look(&service.app).await.expect("looked");
                assert_eq!(whose(service, other).await, None, "all were looked at");
                run(
                    service,
                    &format!("UPDATE authors SET handle = 'sunfoxreader482' WHERE id = '{changed}'"),
                )
                .await;
            }
            // Nobody is recognised any more: a word against the pair takes back what was made of it all the same.
            engine::kin::look(&service.app).await.expect("looked");
            assert_eq!(whose(service, other).await.as_deref(), ruth);
            let settings = service.app.store.settings().await.expect("settings");
            let off = Settings { match_authors: false, ..settings.clone() };
            service.app.store.put_settings(&off).await.expect("kept");
            let pairs = in_state(service, MatchState::Linked).await;
            say(service, &pairs[0].id, Verdict::Refuse).await;
            assert_eq!(whose(service, other).await, None);
            service.app.store.put_settings(&settings).await.expect("kept");
            for table in ["kin", "matches", "authors"] {
                run(service, &format!("DELETE FROM {table}")).await;
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_of_who_was_forgotten_while_accounts_were_compared() {
    on_both_databases(async |service| {
        account(service, "a1", "mastodon", "Fox", "@sun_fox_reader482").await;
        account(service, "a2", "feed", "Reader", "sunfoxreader482").await;
        run(service, "UPDATE authors SET forgotten_at = 5 WHERE id = 'a2'").await;
        let found = KinRow {
            id: "k1".into(),
            authors: ["a1".into(), "a2".into()],
            probability: 0.99,
            evidence: vec![Evidence { kind: "handle".into(), text: "“sunfoxreader482”".into() }],
            state: MatchState::Linked,
        };
        service.app.store.put_kin(&[found], clock::now()).await.expect("written");
        assert!(every_pair(service).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_found_by_a_joined_record_is_its_customer_once_it_is_parted_again() {
    on_both_databases(async |service| {
        let anna = CustomerFacts { name: "Anna Weber".into(), ..CustomerFacts::default() };
        let ben = CustomerFacts {
            name: "Ben Okafor".into(),
            email: Some("ben@okafor.example".into()),
            ..CustomerFacts::default()
        };
        let ids = service.app.store.put_customers(&[anna, ben], &[], clock::now()).await.expect("stored");
        let [anna, ben] = [0, 1].map(|n: usize| ids[n].as_str().to_owned());
        engine::identify::index_again(&service.app, &[anna.clone(), ben.clone()]).await.expect("indexed");
        service::add_source(&service.app, "s1", clock::now()).await;
        let other = Merge { other: ids[1].clone() };
        let step =
            service.call::<MergeCustomers>(ById { id: anna.clone() }, (), other).await.expect("joined");
        let author = Author {
            id: Some("ben".into()),
            name: Some("Ben Okafor".into()),
            email: Some("ben@okafor.example".into()),
            ..Author::default()
        };
        says(service, "feed", "ben", author).await;
        let sql = "SELECT id FROM authors WHERE name = 'Ben Okafor'";
        let row = sqlx::query(sql).fetch_one(service.app.store.pool()).await.expect("an author");
        let author: String = row.get(0);
        assert_eq!(whose(service, &author).await.as_deref(), Some(anna.as_str()));
        service.call::<UndoStep>(ById { id: step.id }, (), ()).await.expect("taken back");
        assert_eq!(whose(service, &author).await.as_deref(), Some(ben.as_str()));
    })
    .await;
}
