//! Everything the dashboard reads and writes, once through on PostgreSQL: the same queries run there.

use goodword_shared::{
    Label,
    api::{
        ById,
        cases::{CaseChange, CaseQuery, GetCase, ListCases, NewContact, PatchCase, PostContact},
        customers::{
            CustomerChange, CustomerQuery, DecideMatch, GetCustomer, ImportCustomers, ListCustomers,
            ListMatches, MatchDecision, PatchCustomer, Verdict,
        },
        mentions::{CorrectMention, Correction, GetMention, ListMentions, MentionQuery},
        promoters::{ListPromoters, NewAsk, PostAsk, PromoterQuery},
        settings::{GetSettings, NewPassword, PutPassword, PutSettings},
        sources::ListSources,
        today::{GetToday, PostSeen},
    },
    case::{CaseState, ContactWay, Outcome},
    import::{ImportRequest, Mapping},
    promoter::AskKind,
};

use crate::{
    api::some_days,
    postgres::Postgres,
    service::{EMAIL, PASSWORD, Service},
};

fn by(id: impl Into<String>) -> ById {
    ById { id: id.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_and_change_runs_on_postgresql() {
    let Some(postgres) = Postgres::start() else { return };
    let service = Service::on(&postgres.url()).await;
    some_days(&service).await;

    let today = service.call::<GetToday>((), (), ()).await.expect("today");
    assert_eq!((today.waiting, today.new_mentions, today.themes.len()), (2, 2, 3));
    let order: Vec<_> = today.win_back.iter().map(|c| c.id.as_str().to_owned()).collect();
    assert_eq!(order, ["c2", "c1"]);
    assert_eq!(today.ask.len(), 2);
    service.call::<PostSeen>((), (), ()).await.expect("seen");

    let text = |t: &str| Some(t.to_owned());
    let found = MentionQuery { q: text("soup tow"), stars: Some(5), ..MentionQuery::default() };
    assert_eq!(service.call::<ListMentions>((), found, ()).await.expect("mentions").total, 1);
    let themed = MentionQuery { theme: text("service"), connector: text("feed"), ..MentionQuery::default() };
    assert_eq!(service.call::<ListMentions>((), themed, ()).await.expect("mentions").total, 2);
    let unsure =
        MentionQuery { sentiment: text("uncertain"), intent: text("complaint"), ..MentionQuery::default() };
    assert_eq!(service.call::<ListMentions>((), unsure, ()).await.expect("mentions").total, 0);
    let label = Correction {
        label: Some(Label::Mixed),
        themes: Some(vec![("price".into(), Label::Negative)]),
        ..Correction::default()
    };
    service.call::<CorrectMention>(by("m4"), (), label).await.expect("corrected");
    assert!(service.call::<GetMention>(by("m4"), (), ()).await.expect("a mention").row.corrected);

    let file = ImportRequest {
        content: "id,name,email,value\n1,Cleo Lind,cleo@shop.example,120\n2,Ada Ode,,\n".into(),
        file_name: "customers.csv".into(),
        mapping: Mapping::new(),
        settings: Default::default(),
    };
    assert_eq!(service.call::<ImportCustomers>((), (), file.clone()).await.expect("imported").new, 2);
    assert_eq!(service.call::<ImportCustomers>((), (), file).await.expect("imported").unchanged, 2);
    let q = CustomerQuery { q: text("lind"), ..CustomerQuery::default() };
    let customers = service.call::<ListCustomers>((), q, ()).await.expect("customers");
    let cleo = customers.items[0].customer.id.as_str().to_owned();
    let insert = format!(
        "INSERT INTO matches (id, author_id, customer_id, probability, evidence, state, decided_at, decided_by) \
         VALUES ('x1', 'Cleo', '{cleo}', 0.7, '[]', 'doubtful', 0, 'engine') ON CONFLICT DO NOTHING"
    );
    sqlx::query(sqlx::AssertSqlSafe(insert)).execute(service.app.store.pool()).await.expect("a match");
    for state in ["doubtful", "linked"] {
        let query = goodword_shared::api::customers::MatchQuery { state: text(state), ..Default::default() };
        let page = service.call::<ListMatches>((), query, ()).await.expect("matches");
        for found in page.items {
            let confirm = MatchDecision { verdict: Verdict::Confirm };
            service.call::<DecideMatch>(by(found.id.as_str()), (), confirm).await.expect("confirmed");
        }
    }
    let never = CustomerChange {
        do_not_contact: Some(true),
        notes: Some("Asked us".into()),
        ..CustomerChange::default()
    };
    let view = service.call::<PatchCustomer>(by(&cleo), (), never).await.expect("changed");
    assert_eq!((view.mentions.len(), view.customer.facts.do_not_contact), (1, true));
    service.call::<GetCustomer>(by(&cleo), (), ()).await.expect("a customer");

    let contact = NewContact { way: ContactWay::Mail, text: String::new() };
    service.call::<PostContact>(by("c1"), (), contact).await.expect("contacted");
    let close = CaseChange {
        state: Some(CaseState::Closed),
        outcome: Some(Outcome::Refunded),
        ..CaseChange::default()
    };
    service.call::<PatchCase>(by("c1"), (), close).await.expect("closed");
    service.call::<GetCase>(by("c1"), (), ()).await.expect("a case");
    for state in ["waiting", "open", "closed", "all"] {
        let query = CaseQuery { state: text(state), q: text("soup"), ..CaseQuery::default() };
        service.call::<ListCases>((), query, ()).await.expect("cases");
    }
    let query = PromoterQuery { q: text("love"), customers_only: Some(false), ..PromoterQuery::default() };
    service.call::<ListPromoters>((), query, ()).await.expect("promoters");
    let ask = NewAsk { key: "author:Nobody".into(), kind: AskKind::Testimonial, text: String::new() };
    assert_eq!(service.call::<PostAsk>((), (), ask).await.expect_err("nobody").status, 409);

    let settings = service.call::<GetSettings>((), (), ()).await.expect("settings");
    service.call::<PutSettings>((), (), settings).await.expect("settings");
    service.call::<ListSources>((), (), ()).await.expect("sources");
    let new = NewPassword { current: PASSWORD.into(), new: "another long password".into() };
    service.call::<PutPassword>((), (), new).await.expect("changed");
    let body = serde_json::json!({ "email": EMAIL, "password": "another long password" }).to_string();
    assert!(service.post("/api/v1/session", &body).await.status().is_success());
    let today = service.call::<GetToday>((), (), ()).await.expect("today");
    assert_eq!(today.waiting, 1);
    service.stop().await;
}
