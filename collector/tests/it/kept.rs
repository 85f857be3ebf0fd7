//! The index of customers keeps in step with the store: records joined and parted, changes made and words said while it is filled.

use goodword::{app::App, clock, engine, pipeline::Run, record::Origin};
use goodword_shared::{
    Author, Mention,
    api::{
        ById,
        customers::{CustomerChange, PatchCustomer},
        records::{ForgetCustomer, Merge, MergeCustomers, UndoStep},
    },
    customer::CustomerFacts,
    id::CustomerId,
    matching::{Decision, Identification},
};
use sqlx::Row;

use crate::{
    records::on_both_databases,
    service::{self, Service, add_source},
};

fn by(id: &str) -> ById {
    ById { id: id.to_owned() }
}

fn customer(name: &str, email: &str, phone: &str, handle: &str) -> CustomerFacts {
    CustomerFacts {
        name: name.into(),
        email: Some(email.into()),
        phone: Some(phone.into()),
        handle: Some(handle.into()),
        ..CustomerFacts::default()
    }
}

/// Everything by which two of the records may be shown, each with what is made of it.
fn shown(app: &App) -> Vec<(Decision, Vec<(String, f64)>)> {
    let author = |name: &str, handle: &str, email: &str| Author {
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        handle: Some(handle.to_owned()).filter(|handle| !handle.is_empty()),
        email: Some(email.to_owned()).filter(|email| !email.is_empty()),
        ..Author::default()
    };
    let said = |author: Author, text: &str| Mention { author, text: text.into(), ..Mention::default() };
    let mentions = [
        said(author("", "", "ruth@winter.example"), ""),
        said(author("", "", "rsommer@work.example"), ""),
        said(author("", "@quiltfox88", ""), ""),
        said(author("a guest", "", ""), "Ring me: 07700 900561."),
        said(author("a guest", "", ""), "Ring me: 07700 900777."),
        said(author("Ruth Winter", "", ""), ""),
        said(author("Ruth Sommerfeld", "", ""), ""),
    ];
    let index = app.index.read().expect("unpoisoned");
    let told = |found: Identification| {
        let candidates = found.candidates.into_iter().map(|one| (one.customer, one.probability));
        (found.decision, candidates.collect())
    };
    mentions.iter().map(|mention| told(index.identify(mention, &[]))).collect()
}

fn linked_to(shown: &[(Decision, Vec<(String, f64)>)]) -> Vec<&str> {
    shown
        .iter()
        .map(|(decision, candidates)| {
            let only = candidates.len() == 1 && *decision == Decision::Linked;
            if only { candidates[0].0.as_str() } else { "" }
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_joined_record_held_finds_the_customer_that_was_kept_until_they_are_parted() {
    on_both_databases(async |service| {
        let facts = [
            customer("Ruth Winter", "ruth@winter.example", "07700 900561", "ruthwinter31"),
            customer("Ruth Sommerfeld", "rsommer@work.example", "07700 900777", "@quiltfox88"),
            customer("Otto Lang", "otto@lang.example", "07700 900999", "ottolang9"),
        ];
        let ids = service.app.store.put_customers(&facts, &[], clock::now()).await.expect("stored");
        engine::fill::reindex(&service.app).await.expect("filled");
        let [ruth, again, otto] = [0, 1, 2].map(|n: usize| ids[n].as_str());
        let before = shown(&service.app);
        assert_eq!(linked_to(&before), [ruth, again, again, ruth, again, ruth, again], "{before:?}");

        let merge = |other: &str| Merge { other: CustomerId::new(other) };
        let first = service.call::<MergeCustomers>(by(ruth), (), merge(again)).await.expect("joined");
        let joined = shown(&service.app);
        assert_eq!(linked_to(&joined), [ruth; 7], "{joined:?}");
        assert_eq!(service.app.index.read().expect("unpoisoned").len(), 2);
        // By way of another record as well, and after a start.
        let second = service.call::<MergeCustomers>(by(otto), (), merge(ruth)).await.expect("joined");
        assert_eq!(linked_to(&shown(&service.app)), [otto; 7]);
        engine::fill::reindex(&service.app).await.expect("filled");
        assert_eq!(linked_to(&shown(&service.app)), [otto; 7]);
        // A change of the one that was kept leaves what the others held.
        let moved = CustomerChange { city: Some("Basel".into()), ..CustomerChange::default() };
        service.call::<PatchCustomer>(by(otto), (), moved).await.expect("changed");
        assert_eq!(linked_to(&shown(&service.app)), [otto; 7]);

        service.call::<UndoStep>(by(&second.id), (), ()).await.expect("taken back");
        assert_eq!(shown(&service.app), joined);
        service.call::<UndoStep>(by(&first.id), (), ()).await.expect("taken back");
        assert_eq!(shown(&service.app), before);

        // Forgotten with everything that was joined.
        service.call::<MergeCustomers>(by(ruth), (), merge(again)).await.expect("joined");
        service.call::<ForgetCustomer>(by(ruth), (), ()).await.expect("forgotten");
        assert!(shown(&service.app).iter().all(|(_, candidates)| candidates.is_empty()));
        engine::fill::reindex(&service.app).await.expect("filled");
        assert!(shown(&service.app).iter().all(|(_, candidates)| candidates.is_empty()));
    })
    .await;
}

async fn whose(app: &App) -> Vec<Option<String>> {
    let rows = sqlx::query("SELECT customer_id FROM authors ORDER BY id").fetch_all(app.store.pool()).await;
    rows.expect("authors").iter().map(|row| row.try_get(0).expect("a customer or none")).collect()
}

async fn writes(app: &App, key: &str, author: Author) {
    let origin = Origin {
        source: "s1".to_owned().into(),
        connector: "feed".into(),
        name: "Feed".into(),
        follow_deletion: false,
    };
    let said =
        Mention { external_id: Some(key.into()), author, text: "Lovely.".into(), ..Mention::default() };
    engine::ingest::ingest(app, &origin, vec![said], Run::Regular, clock::now()).await.expect("stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_before_the_customers_are_read_is_looked_at_afterwards_even_by_the_next_process() {
    let url = crate::postgres::Postgres::start();
    let urls = [None, url.as_ref().map(|postgres| postgres.url())];
    for url in urls.iter().take(1 + usize::from(url.is_some())) {
        let (app, _folder) = service::app(url.as_deref(), |_| ()).await;
        add_source(&app, "s1", clock::now()).await;
        let ruth = customer("Ruth Winter", "ruth@winter.example", "07700 900561", "ruthwinter31");
        let ids = app.store.put_customers(&[ruth], &[], clock::now()).await.expect("stored");
        let author = |n: u8| Author {
            id: Some(n.to_string()),
            email: Some("Ruth@Winter.example".into()),
            ..Author::default()
        };
        // The start was noted, and then the process ended.
        let since = app.store.unlooked_since(clock::now()).await.expect("noted");
        writes(&app, "1", author(1)).await;
        assert_eq!(whose(&app).await, [None]);
        let later = clock::now() + chrono::Duration::hours(1);
        assert_eq!(app.store.unlooked_since(later).await.expect("noted"), since, "the first note counts");
        engine::fill::reindex(&app).await.expect("filled");
        assert_eq!(whose(&app).await, [Some(ids[0].as_str().to_owned())]);
        // Nothing is left to be looked at.
        assert_eq!(app.store.unlooked_since(later).await.expect("noted"), later_millis(later));
    }
}

fn later_millis(time: goodword_shared::Time) -> goodword_shared::Time {
    goodword_shared::Time::from_timestamp_millis(time.timestamp_millis()).expect("a time")
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_that_change_while_they_are_read_are_read_again() {
    let service = Service::signed_in().await;
    let facts: Vec<CustomerFacts> = (0..3000)
        .map(|n| CustomerFacts { name: format!("Vera Holt{n}"), ..CustomerFacts::default() })
        .collect();
    let ids = service.app.store.put_customers(&facts, &[], clock::now()).await.expect("stored");
    let mut changes = tokio::task::JoinSet::new();
    let filling = service.app.clone();
    changes.spawn(async move { engine::fill::reindex(&filling).await.expect("filled") });
    for (n, id) in ids.iter().enumerate().take(40) {
        let change =
            CustomerChange { email: Some(format!("vera{n}@holt.example")), ..CustomerChange::default() };
        service.call::<PatchCustomer>(by(id.as_str()), (), change).await.expect("changed");
    }
    service.call::<ForgetCustomer>(by(ids[41].as_str()), (), ()).await.expect("forgotten");
    changes.join_all().await;
    let app = service.app.clone();
    service.stop().await;
    let index = app.index.read().expect("unpoisoned");
    for (n, id) in ids.iter().enumerate().take(40) {
        let author = Author { email: Some(format!("vera{n}@holt.example")), ..Author::default() };
        let found = index.identify(&Mention { author, ..Mention::default() }, &[]);
        assert_eq!(found.candidates.first().map(|one| one.customer.as_str()), Some(id.as_str()), "{n}");
    }
    assert_eq!(index.len(), 2999);
}
