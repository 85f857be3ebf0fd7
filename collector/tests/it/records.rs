//! Joining, parting, making and linking customers, and forgetting them: through HTTP, with everything compared before and after.

use goodword::{analysis::taught::Taught, clock};
use goodword_shared::{
    Author, Label, Mention,
    api::{
        ById,
        cases::NewNote,
        customers::{
            CustomerChange, CustomerQuery, DecideMatch, GetCustomer, ListCustomers, MatchDecision,
            PatchCustomer, PreviewCustomers, Verdict,
        },
        doubts::{
            Aside, IgnoreAuthor, Link, LinkAuthor, ListDoubts, ListStrangers, MakeCustomer, NewCustomer,
            Window,
        },
        mentions::{ListMentions, MentionQuery},
        records::{
            ForgetCustomer, GetPersonData, Merge, MergeCustomers, PostCustomerNote, PutCustomerNote, Split,
            SplitCustomer, UndoStep,
        },
    },
    customer::{Consent, CustomerFacts},
    id::{AuthorId, CustomerId, MatchId},
    import::{ImportRequest, Mapping},
    matching::MatchState,
};

use crate::{
    postgres::Postgres,
    service::{Row, Service, add_case, add_mention, add_source},
};

fn by(id: impl Into<String>) -> ById {
    ById { id: id.into() }
}

async fn run(service: &Service, sql: &str) {
    sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(service.app.store.pool()).await.expect(sql);
}

/// Every row that a step may touch, as text.
async fn everything(service: &Service) -> Vec<String> {
    let mut all = Vec::new();
    for (table, columns) in [
        (
            "customers",
            "id, external_id, name, first, last, email, phone, city, handle, company, language, since, value, \
             contact_consent, do_not_contact, tags, notes, birthday, search, created_at, updated_at, merged_into",
        ),
        ("orders", "id, customer_id, date, product, amount"),
        ("authors", "id, customer_id"),
        ("cases", "id, author_id, customer_id"),
        ("asks", "id, author_id, customer_id"),
        ("customer_notes", "id, customer_id, text, at"),
        (
            "matches",
            "id, author_id, customer_id, probability, evidence, state, previous, decided_at, decided_by",
        ),
    ] {
        let row: Vec<String> =
            columns.split(", ").map(|c| format!("COALESCE(CAST({} AS TEXT), '-')", c.trim())).collect();
        let sql = format!("SELECT '{table} ' || {} AS row FROM {table} ORDER BY 1", row.join(" || ' ' || "));
        let rows = sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(sql));
        all.extend(rows.fetch_all(service.app.store.pool()).await.expect("rows"));
    }
    all
}

/// Maria twice in the records, and Jo: orders, accounts that are theirs, may be theirs and are not, a case, an ask.
/// Answers the ids of Maria, Maria again, and Jo.
async fn neighbours(service: &Service) -> [String; 3] {
    let now = clock::now();
    add_source(&service.app, "s1", now - chrono::Duration::hours(2000)).await;
    for (n, (author, text, label)) in [
        ("maria", "Order 1042 came broken, says Maria", Label::Negative),
        ("mg", "Lovely tables", Label::Positive),
        ("mia", "So so", Label::Neutral),
        ("jo", "They mended it at once", Label::Positive),
        ("loud", "I tell all of Basel", Label::Positive),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("m{n}");
        let at = now - chrono::Duration::hours(n as i64 + 2);
        let row = Row { id: &id, author, text, label, stars: 3.0, at, theme: None };
        add_mention(&service.app, "s1", &row).await;
        if n == 0 {
            add_case(&service.app, "c1", &row, 2.0, 24).await;
        }
    }
    let maria = CustomerFacts {
        external_id: Some("1".into()),
        name: "Maria González".into(),
        first: Some("Maria".into()),
        last: Some("González".into()),
        value: Some(120.1),
        tags: vec!["regular".into()],
        notes: Some("Likes oak".into()),
        ..CustomerFacts::default()
    };
    let again = CustomerFacts {
        external_id: Some("2".into()),
        name: "M. Gonzalez".into(),
        email: Some("maria@gonzalez.example".into()),
        phone: Some("+41 61 000".into()),
        value: Some(0.2),
        contact_consent: Some(false),
        tags: vec!["regular".into(), "online".into()],
        notes: Some("Rings after six".into()),
        ..CustomerFacts::default()
    };
    let jo = CustomerFacts { name: "Jo Lind".into(), ..CustomerFacts::default() };
    let ids = service.app.store.put_customers(&[maria, again, jo], &[], now).await.expect("stored");
    let [a, b, c] = [0, 1, 2].map(|n: usize| ids[n].as_str().to_owned());
    for (order, whose) in [("1042", &a), ("1043", &b), ("1044", &b)] {
        let sql = format!(
            "INSERT INTO orders (id, customer_id, date, product, amount) VALUES ('{order}', '{whose}', 1700000000000, 'Oak table', 80.5)"
        );
        run(service, &sql).await;
    }
    for (id, author, customer, probability, state) in [
        ("x1", "maria", &a, 0.61, "doubtful"),
        ("x2", "maria", &b, 0.31, "refused"),
        ("x3", "mg", &b, 0.97, "linked"),
        ("x4", "mia", &a, 0.30000000000000004, "doubtful"),
        ("x5", "mia", &b, 0.7, "confirmed"),
        ("x6", "jo", &c, 0.99, "linked"),
    ] {
        let evidence = r#"[{"kind":"name","text":"“M” fits"}]"#;
        let sql = format!(
            "INSERT INTO matches (id, author_id, customer_id, probability, evidence, state, decided_at, decided_by) \
             VALUES ('{id}', '{author}', '{customer}', {probability}, '{evidence}', '{state}', 7, 'engine')"
        );
        run(service, &sql).await;
        if matches!(state, "linked" | "confirmed") {
            run(service, &format!("UPDATE authors SET customer_id = '{customer}' WHERE id = '{author}'"))
                .await;
        }
    }
    let sql = format!(
        "INSERT INTO asks (id, author_id, customer_id, kind, text, at, by_whom) VALUES ('a1', 'mg', '{b}', 'referral', '', 5, 'me')"
    );
    run(service, &sql).await;
    let note = NewNote { text: "Prefers mornings".into() };
    service.call::<PostCustomerNote>(by(&b), (), note).await.expect("noted");
    [a, b, c]
}

pub async fn on_both_databases(story: impl AsyncFn(&Service)) {
    let service = Service::signed_in().await;
    story(&service).await;
    service.stop().await;
    let Some(postgres) = Postgres::start() else { return };
    let service = Service::on(&postgres.url()).await;
    story(&service).await;
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn joining_two_records_loses_nothing_and_is_taken_back_exactly() {
    on_both_databases(async |service| {
        let [maria, again, _] = neighbours(service).await;
        let before = everything(service).await;
        let other = Merge { other: CustomerId::new(&again) };
        let step = service.call::<MergeCustomers>(by(&maria), (), other.clone()).await.expect("joined");

        let view = service.call::<GetCustomer>(by(&maria), (), ()).await.expect("a customer");
        let facts = &view.customer.facts;
        assert_eq!(
            (facts.name.as_str(), facts.email.as_deref()),
            ("Maria González", Some("maria@gonzalez.example"))
        );
        assert_eq!((facts.contact_consent, facts.tags.join(" ")), (Some(false), "regular online".to_owned()));
        assert!((facts.value.expect("a value") - 120.3).abs() < 1e-9);
        assert_eq!(facts.notes.as_deref(), Some("Likes oak\n\nRings after six"));
        assert_eq!((view.orders.len(), view.mentions.len(), view.steps.len()), (3, 2, 1));
        let told = |what: &str| view.timeline.iter().filter(|entry| entry.what == what).count();
        assert_eq!((told("order"), told("note"), told("ask"), told("record")), (3, 1, 1, 1));
        // The owner's no on either record is a no now; the yes is a yes.
        let states: Vec<_> = view.matches.iter().map(|m| (m.author_id.as_str(), m.state.as_str())).collect();
        assert_eq!(states.len(), 3);
        for expected in [("maria", "refused"), ("mg", "linked"), ("mia", "confirmed")] {
            assert!(states.contains(&expected), "{expected:?} in {states:?}");
        }
        // The other record leads here, and is not counted any more.
        let there = service.call::<GetCustomer>(by(&again), (), ()).await.expect("the same customer");
        assert_eq!(there.customer.id.as_str(), maria);
        let list = service.call::<ListCustomers>((), CustomerQuery::default(), ()).await.expect("customers");
        assert_eq!((list.total, list.items.len()), (2, 2));
        let refused =
            service.call::<MergeCustomers>(by(&maria), (), other).await.expect_err("joined already");
        assert_eq!(refused.status, 404);

        // The owner's own files still know two numbers.
        let file = ImportRequest {
            content: "id,name,phone\n2,M. Gonzalez,+41 61 000\n".into(),
            file_name: "customers.csv".into(),
            mapping: Mapping::new(),
            settings: Default::default(),
        };
        let preview = service.call::<PreviewCustomers>((), (), file).await.expect("a preview");
        assert_eq!((preview.new, preview.updated, preview.fault_count), (0, 1, 0));

        service.call::<UndoStep>(by(&step.id), (), ()).await.expect("taken back");
        assert_eq!(everything(service).await, before);
        let twice = service.call::<UndoStep>(by(&step.id), (), ()).await.expect_err("taken back already");
        assert_eq!(twice.status, 409);
    })
    .await;
}

#[tokio::test]
async fn what_was_changed_since_survives_taking_a_join_back() {
    let service = Service::signed_in().await;
    let [maria, again, _] = neighbours(&service).await;
    let other = Merge { other: CustomerId::new(&again) };
    let step = service.call::<MergeCustomers>(by(&maria), (), other).await.expect("joined");
    let change = CustomerChange { notes: Some("Moved to Bern".into()), ..CustomerChange::default() };
    service.call::<PatchCustomer>(by(&maria), (), change).await.expect("changed");
    service.call::<UndoStep>(by(&step.id), (), ()).await.expect("taken back");
    let maria = service.call::<GetCustomer>(by(&maria), (), ()).await.expect("a customer");
    assert_eq!(maria.customer.facts.notes.as_deref(), Some("Moved to Bern"));
    assert_eq!((maria.customer.facts.email, maria.customer.facts.value), (None, Some(120.1)));
    let again = service.call::<GetCustomer>(by(&again), (), ()).await.expect("a customer");
    assert_eq!(again.customer.facts.notes.as_deref(), Some("Rings after six"));
    service.stop().await;
}

#[tokio::test]
async fn an_inner_join_is_taken_back_only_after_the_outer_one() {
    let service = Service::signed_in().await;
    let [maria, again, jo] = neighbours(&service).await;
    let before = everything(&service).await;
    let merge = async |kept: &str, other: &str| {
        let other = Merge { other: CustomerId::new(other) };
        service.call::<MergeCustomers>(by(kept), (), other).await.expect("joined").id
    };
    let inner = merge(&again, &jo).await;
    let outer = merge(&maria, &again).await;
    let there = service.call::<GetCustomer>(by(&jo), (), ()).await.expect("a customer");
    assert_eq!(there.customer.id.as_str(), maria, "a record joined twice is found where it is now");
    assert_eq!(service.call::<UndoStep>(by(&inner), (), ()).await.expect_err("not yet").status, 409);
    for step in [&outer, &inner] {
        service.call::<UndoStep>(by(step), (), ()).await.expect("taken back");
    }
    assert_eq!(everything(&service).await, before);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parting_a_record_gives_the_rest_a_name_and_is_taken_back_exactly() {
    on_both_databases(async |service| {
        let [_, again, jo] = neighbours(service).await;
        let before = everything(service).await;
        let split = Split {
            name: "Mia Gonzalez".into(),
            authors: vec![AuthorId::new("mia")],
            orders: vec!["1044".into()],
        };
        let foreign = Split { authors: vec![AuthorId::new("jo")], ..split.clone() };
        assert_eq!(
            service.call::<SplitCustomer>(by(&again), (), foreign).await.expect_err("Jo’s").status,
            409
        );
        let step = service.call::<SplitCustomer>(by(&again), (), split).await.expect("parted");
        let mia = step.other.expect("a record of her own");
        let view = service.call::<GetCustomer>(by(mia.as_str()), (), ()).await.expect("a customer");
        assert_eq!((view.orders.len(), view.mentions.len()), (1, 1));
        let left = service.call::<GetCustomer>(by(&again), (), ()).await.expect("a customer");
        assert_eq!((left.orders.len(), left.mentions.len()), (1, 1));
        let refused = left.matches.iter().find(|m| m.author_id.as_str() == "mia").expect("stays on record");
        assert_eq!(refused.state.as_str(), "refused");

        // A record that has got more since is not thrown away.
        let to_mia = Link { customer: mia.clone() };
        let link = service.call::<LinkAuthor>(by("loud"), (), to_mia).await.expect("linked");
        assert_eq!(service.call::<UndoStep>(by(&step.id), (), ()).await.expect_err("more since").status, 409);
        service.call::<UndoStep>(by(&link.id), (), ()).await.expect("taken back");
        service.call::<UndoStep>(by(&step.id), (), ()).await.expect("taken back");
        assert_eq!(everything(service).await, before);
        service.call::<GetCustomer>(by(jo), (), ()).await.expect("Jo is as before");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_shows_candidates_side_by_side_and_a_new_customer_ends_the_doubt() {
    on_both_databases(async |service| {
        let [maria, _, jo] = neighbours(service).await;
        let sql = format!(
            "INSERT INTO matches (id, author_id, customer_id, probability, evidence, state, decided_at, decided_by) \
             VALUES ('x7', 'maria', '{jo}', 0.4, '[]', 'doubtful', 7, 'engine')"
        );
        run(service, &sql).await;
        let queue = async || service.call::<ListDoubts>((), Window::default(), ()).await.expect("the queue");
        let page = queue().await;
        // Mia is settled already: whoever else she may be is no question any more.
        assert_eq!((page.total, page.items.len()), (1, 1));
        let doubt = &page.items[0];
        assert_eq!((doubt.author_id.as_str(), doubt.mentions, doubt.quotes.len()), ("maria", 1, 1));
        let names: Vec<_> = doubt.candidates.iter().map(|c| c.customer.facts.name.as_str()).collect();
        assert_eq!(names, ["Maria González", "Jo Lind"]);
        let first = &doubt.candidates[0];
        assert_eq!((first.agreement.orders.as_slice(), first.orders.len()), (["1042".to_owned()].as_slice(), 1));
        assert_eq!(first.agreement.name.len(), 1);
        let text: Vec<char> = doubt.quotes[0].text.chars().collect();
        let mark = first.agreement.texts[0].first().expect("the order's number");
        assert_eq!(text[mark.start..mark.end].iter().collect::<String>(), "1042");

        let before = everything(service).await;
        let name = NewCustomer { name: Some("Maria from Basel".into()) };
        let step = service.call::<MakeCustomer>(by("maria"), (), name).await.expect("made");
        assert_eq!(queue().await.total, 0);
        let made = service.call::<GetCustomer>(by(step.customer.as_str()), (), ()).await.expect("a customer");
        assert_eq!((made.customer.facts.name.as_str(), made.mentions.len()), ("Maria from Basel", 1));
        // The answer was lost and the word is sent again, twice at once: it is the same customer.
        let again = || service.call::<MakeCustomer>(by("maria"), (), NewCustomer { name: None });
        let (one, other) = tokio::join!(again(), again());
        assert_eq!((one.expect("made").id, other.expect("made").id), (step.id.clone(), step.id.clone()));
        // Who is somebody's already is not made anybody else.
        let taken = service.call::<MakeCustomer>(by("mia"), (), NewCustomer { name: None }).await;
        assert_eq!(taken.expect_err("Mia is a customer's").status, 409);
        service.call::<UndoStep>(by(&step.id), (), ()).await.expect("taken back");
        assert_eq!(everything(service).await, before);
        assert_eq!(queue().await.total, 1);
        // Said at the same moment in two windows, it makes one record.
        let (one, other) = tokio::join!(again(), again());
        let (one, other) = (one.expect("made"), other.expect("made"));
        assert_eq!((&one.id, &one.customer), (&other.id, &other.customer));
        assert_ne!(one.id, step.id);
        service.call::<UndoStep>(by(&one.id), (), ()).await.expect("taken back");
        assert_eq!(everything(service).await, before);

        let refuse = MatchDecision { verdict: Verdict::Refuse };
        for id in ["x1", "x7"] {
            service.call::<DecideMatch>(by(id), (), refuse).await.expect("refused");
        }
        assert_eq!(queue().await.total, 0);
        let _ = maria;
    })
    .await;
}

#[tokio::test]
async fn strangers_worth_a_look_are_those_whom_many_hear_until_they_are_left_aside() {
    let service = Service::signed_in().await;
    neighbours(&service).await;
    run(&service, "UPDATE authors SET followers = 9000 WHERE id = 'loud'").await;
    let strangers =
        async || service.call::<ListStrangers>((), Window::default(), ()).await.expect("strangers");
    let found = strangers().await;
    let names: Vec<_> = found.items.iter().map(|s| s.author_id.as_str()).collect();
    assert_eq!((found.total, names), (1, vec!["loud"]));
    assert_eq!(found.items[0].quote.as_ref().expect("a quote").text, "I tell all of Basel");
    service.call::<IgnoreAuthor>(by("loud"), (), Aside { ignored: true }).await.expect("left aside");
    assert_eq!(strangers().await.total, 0);
    service.call::<IgnoreAuthor>(by("loud"), (), Aside { ignored: false }).await.expect("shown again");
    assert_eq!(strangers().await.total, 1);
    service.stop().await;
}

#[tokio::test]
async fn notes_consent_and_birthdays_are_kept_by_hand() {
    let service = Service::signed_in().await;
    let [maria, ..] = neighbours(&service).await;
    let text = |t: &str| NewNote { text: t.into() };
    let view =
        service.call::<PostCustomerNote>(by(&maria), (), text(" Wants a bench ")).await.expect("noted");
    let note = view.timeline.iter().find(|entry| entry.what == "note").expect("told");
    assert_eq!(note.text, "Wants a bench");
    let id = note.note_id.clone().expect("it can be changed");
    let view =
        service.call::<PutCustomerNote>(by(&id), (), text("Wants two benches")).await.expect("changed");
    assert!(view.timeline.iter().any(|entry| entry.text == "Wants two benches"));
    let view = service.call::<PutCustomerNote>(by(&id), (), text("")).await.expect("removed");
    assert!(!view.timeline.iter().any(|entry| entry.what == "note"));

    let soon = (clock::now() + chrono::Duration::days(3)).format("--%m-%d").to_string();
    let change = CustomerChange {
        contact_consent: Some(Consent::Yes),
        birthday: Some(soon),
        phone: Some("+41 61 111".into()),
        ..CustomerChange::default()
    };
    let view = service.call::<PatchCustomer>(by(&maria), (), change).await.expect("changed");
    assert_eq!(view.customer.facts.contact_consent, Some(true));
    assert_eq!(view.occasions.iter().map(|o| o.what.as_str()).collect::<Vec<_>>(), ["birthday"]);
    assert!(view.contacts.iter().any(|c| c.href == "tel:+4161111"));
    let wrong = CustomerChange { birthday: Some("in spring".into()), ..CustomerChange::default() };
    assert_eq!(service.call::<PatchCustomer>(by(&maria), (), wrong).await.expect_err("no day").status, 422);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_forgotten_is_gone_and_not_taken_in_again() {
    on_both_databases(async |service| {
        let [maria, again, jo] = neighbours(service).await;
        let joined = Merge { other: CustomerId::new(&again) };
        service.call::<MergeCustomers>(by(&maria), (), joined).await.expect("joined");
        let data = service.call::<GetPersonData>(by(&maria), (), ()).await.expect("data");
        assert_eq!((data.joined.len(), data.mentions.len(), data.view.orders.len()), (1, 2, 3));

        let gone = service.call::<ForgetCustomer>(by(&maria), (), ()).await.expect("forgotten");
        assert_eq!((gone.records, gone.authors, gone.mentions), (2, 2, 2));
        for id in [&maria, &again] {
            assert_eq!(service.call::<GetCustomer>(by(id), (), ()).await.expect_err("gone").status, 404);
        }
        let left = everything(service).await.join("\n");
        for word in ["González", "Gonzalez", "Rings after six", "Prefers mornings", "1042"] {
            assert!(!left.contains(word), "{word} is still in\n{left}");
        }
        let all = service.call::<ListMentions>((), MentionQuery::default(), ()).await.expect("mentions");
        assert_eq!(all.total, 5, "the words stay");
        let said = all.items.iter().find(|row| row.quote.text == "Lovely tables").expect("said by somebody");
        assert_eq!(said.author.shown(), None);
        let q = MentionQuery { q: Some("mg".into()), ..MentionQuery::default() };
        assert_eq!(service.call::<ListMentions>((), q, ()).await.expect("mentions").total, 0);
        service.call::<GetCustomer>(by(&jo), (), ()).await.expect("Jo is still there");

        // The platform shows them again, with a new word of theirs.
        let origin = goodword::record::Origin {
            source: "s1".to_owned().into(),
            connector: "feed".into(),
            name: "Feed".into(),
            follow_deletion: false,
        };
        run(service, "UPDATE authors SET author_key = 'id:mg' WHERE id = 'mg'").await;
        let known = service.app.store.known(&origin, &["m1"], &["id:mg"]).await.expect("known");
        let mention = |key: &str, text: &str| Mention {
            external_id: Some(key.into()),
            author: Author { id: Some("mg".into()), name: Some("mg".into()), ..Author::default() },
            text: text.into(),
            order_id: Some("1043".into()),
            ..Mention::default()
        };
        let prepared = goodword::pipeline::prepare(
            vec![mention("m1", "Lovely tables"), mention("new", "Lovely chairs")],
            &origin,
            clock::now(),
        );
        let analyser = goodword::analysis::Analyser::new();
        let index = goodword::identity::Index::new();
        let mut n = 0;
        let mut ids = || {
            n += 1;
            format!("new{n}")
        };
        let scope = goodword::pipeline::decide::Scope {
            origin: &origin,
            run: goodword::pipeline::Run::Regular,
            now: clock::now(),
            settings: &goodword_shared::settings::Settings::default(),
            rules: &[],
            channels: &[],
        };
        let minds =
            goodword::pipeline::Minds { analyser: Taught::as_shipped(&analyser), index: &index, threads: 1 };
        let understood = goodword::pipeline::understand(prepared, &known, &scope, &minds, &mut ids);
        assert!(understood.authors.is_empty() && understood.matches.is_empty());
        let new =
            understood.seen.iter().find(|seen| seen.row.mention.text == "Lovely chairs").expect("new words");
        assert_eq!(new.row.author.as_ref().map(|id| id.as_str()), Some("mg"));
        assert!(understood.seen.iter().all(|seen| seen.row.mention.author == Author::default()));
        assert!(understood.seen.iter().all(|seen| seen.row.mention.order_id.is_none()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_read_a_record_before_a_join_does_not_undo_what_the_join_said() {
    let service = Service::signed_in().await;
    let [maria, again, _] = neighbours(&service).await;
    run(&service, &format!("UPDATE customers SET do_not_contact = 1 WHERE id = '{again}'")).await;
    // As an import does it: what it reads, it writes while nothing else is decided.
    let deciding = service.app.deciding.lock().await;
    let read = service.app.store.visible_customers(std::slice::from_ref(&maria)).await.expect("read");
    let facts = read[&maria].facts.clone();
    let other = Merge { other: CustomerId::new(&again) };
    let import = async {
        // The owner joins the records meanwhile.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let changed = [(CustomerId::new(&maria), facts)];
        service.app.store.put_customers(&[], &changed, clock::now()).await.expect("written");
        drop(deciding);
    };
    let (joined, ()) = tokio::join!(service.call::<MergeCustomers>(by(&maria), (), other), import);
    joined.expect("joined");
    let view = service.call::<GetCustomer>(by(&maria), (), ()).await.expect("a customer");
    assert!(view.customer.facts.do_not_contact, "the no was lost");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_that_was_taken_over_by_another_does_not_stand_in_the_way_of_taking_back() {
    on_both_databases(async |service| {
        let [_, _, jo] = neighbours(service).await;
        let sql = format!(
            "INSERT INTO matches (id, author_id, customer_id, probability, evidence, state, decided_at, decided_by) \
             VALUES ('x7', 'maria', '{jo}', 0.4, '[]', 'doubtful', 7, 'engine')"
        );
        run(service, &sql).await;
        let say = async |id: &str, verdict: Verdict| {
            // Each word at a moment of its own.
            tokio::time::sleep(std::time::Duration::from_millis(3)).await;
            service.call::<DecideMatch>(by(id), (), MatchDecision { verdict }).await
        };
        say("x7", Verdict::Confirm).await.expect("confirmed");
        say("x1", Verdict::Confirm).await.expect("confirmed");
        let before = everything(service).await;
        say("x1", Verdict::Refuse).await.expect("refused");
        say("x1", Verdict::Undo).await.expect("taken back");
        assert_eq!(everything(service).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_engine_recognised_is_on_record_with_the_match_that_it_made() {
    on_both_databases(async |service| {
        let [maria, ..] = neighbours(service).await;
        // Maria was in doubt before: the pair is there, under an id of its own.
        let found = goodword::record::MatchRow {
            id: MatchId::new("found-now"),
            author: AuthorId::new("maria"),
            customer: CustomerId::new(&maria),
            probability: 0.98,
            evidence: Vec::new(),
            state: MatchState::Linked,
        };
        service.app.store.propose_matches(&[found], clock::now()).await.expect("written");
        let audit = service.app.store.audit(20).await.expect("the audit");
        let told: Vec<_> = audit.iter().filter(|entry| entry.what == "match").collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].object.as_deref(), Some("x1"));
    })
    .await;
}
