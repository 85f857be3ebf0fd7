//! Imports through the API: the preview tells every line, the import does what the preview said.

use goodword_shared::{
    api::{
        customers::{
            CustomerQuery, ImportCustomers, ImportOrders, ListCustomers, PreviewCustomers, PreviewOrders,
        },
        sources::{ImportMentions, PreviewMentions},
    },
    import::{ImportRequest, Mapping},
};

use crate::service::Service;

const GERMAN: &str = "Kundennr.;Vorname;Name;E-Mail-Adresse;Ort;Kunde seit;Umsatz;Werbung erlaubt\n\
    17;Ada;König;ada@shop.example;Ulm;2021-03-05;1.240,50;ja\n\
    18;Ben;Groß;ben(at)shop.example;Bonn;irgendwann;12;nein\n\
    17;Ada;König;ada.k@shop.example;Ulm;2021-03-05;1.240,50;ja\n\
    19;Cleo;Márquez;cleo@shop.example;Kiel\n\
    20;;;dora@shop.example;Ulm;;;\n\
    21;Egon;König;ada@shop.example;Ulm;;;\n";

fn request(content: &str) -> ImportRequest {
    ImportRequest {
        content: content.into(),
        file_name: "customers.csv".into(),
        mapping: Mapping::new(),
        settings: Default::default(),
    }
}

#[tokio::test]
async fn a_preview_names_each_line_and_reason_and_the_import_does_the_rest() {
    let service = Service::signed_in().await;
    let preview = service.call::<PreviewCustomers>((), (), request(GERMAN)).await.expect("a preview");
    assert_eq!(preview.problem, None);
    assert_eq!(preview.mapping["Name"], "last");
    assert_eq!((preview.new, preview.updated, preview.unchanged), (3, 0, 0));
    assert_eq!(preview.sample[0][6], "1240.5");
    let skipped: Vec<u64> = preview.faults.iter().filter(|f| f.skipped).map(|f| f.line).collect();
    assert_eq!(skipped, [4, 5, 6], "twice the same number, too few cells, no name");
    let told = |line: u64| {
        let of = preview.faults.iter().filter(|f| f.line == line);
        of.map(|f| f.detail.as_str()).collect::<Vec<_>>().join(" ")
    };
    assert!(told(3).contains("not a mail address") && told(3).contains("not a date"), "{}", told(3));
    assert!(told(4).contains("line 2") && told(5).contains("cells") && told(6).contains("no name"));
    assert!(told(7).contains("same mail address"), "a family shares it: {}", told(7));
    let nothing = service.call::<ListCustomers>((), CustomerQuery::default(), ()).await.expect("a list");
    assert_eq!(nothing.total, 0, "a preview changes nothing");

    let report = service.call::<ImportCustomers>((), (), request(GERMAN)).await.expect("imported");
    assert_eq!((report.new, report.skipped), (3, 3));
    let all = service.call::<ListCustomers>((), CustomerQuery::default(), ()).await.expect("a list");
    let ada = &all.items[0].customer.facts;
    assert_eq!((ada.name.as_str(), ada.value, ada.contact_consent), ("Ada König", Some(1240.5), Some(true)));
    service.stop().await;
}

#[tokio::test]
async fn an_import_again_changes_what_changed_and_nothing_else() {
    let service = Service::signed_in().await;
    let first = "id,name,email,city\n1,Ada Lind,ada@shop.example,Ulm\n,Ben Ode,ben@shop.example,Bonn\n";
    service.call::<ImportCustomers>((), (), request(first)).await.expect("imported");
    let again = service.call::<PreviewCustomers>((), (), request(first)).await.expect("a preview");
    assert_eq!((again.new, again.updated, again.unchanged), (0, 0, 2));
    // Ada moved; Ben has a number now and is known by his address; the empty town leaves Bonn.
    let second = "id,name,email,city\n1,Ada Lind,ada@shop.example,Kiel\n2,Ben Ode,BEN@shop.example,\n";
    let report = service.call::<ImportCustomers>((), (), request(second)).await.expect("imported");
    assert_eq!((report.new, report.updated, report.unchanged), (0, 2, 0));
    let all = service.call::<ListCustomers>((), CustomerQuery::default(), ()).await.expect("a list");
    let facts: Vec<_> = all.items.iter().map(|r| &r.customer.facts).collect();
    assert_eq!((facts[0].city.as_deref(), facts[1].city.as_deref()), (Some("Kiel"), Some("Bonn")));
    assert_eq!(facts[1].external_id.as_deref(), Some("2"));
    service.stop().await;
}

#[tokio::test]
async fn the_owner_says_what_the_columns_mean() {
    let service = Service::signed_in().await;
    let odd = "A,B\nAda Lind,ada@shop.example\n";
    let preview = service.call::<PreviewCustomers>((), (), request(odd)).await.expect("a preview");
    assert_eq!(preview.mapping.get("B").map(String::as_str), Some("email"), "by its cells");
    assert!(preview.problem.expect("no names").contains("names"));
    assert!(preview.fields.iter().any(|(name, _)| name == "name") && preview.columns == ["A", "B"]);
    let refused = service.call::<ImportCustomers>((), (), request(odd)).await.expect_err("no names");
    assert_eq!(refused.status, 422);

    let mapping = [("A", "name"), ("B", "email"), ("C", "city"), ("B", "email")];
    let mapping = mapping.into_iter().map(|(column, field)| (column.to_owned(), field.to_owned())).collect();
    let mapped = ImportRequest { mapping, ..request(odd) };
    let report = service.call::<ImportCustomers>((), (), mapped).await.expect("imported");
    assert_eq!(report.new, 1);
    for (content, word) in [("", "empty"), ("{\"a\": 1}", "names"), ("<html><body>Sign in", "web page")] {
        let preview = service.call::<PreviewCustomers>((), (), request(content)).await.expect("a preview");
        assert!(preview.problem.expect("nothing to import").contains(word), "{word}");
    }
    service.stop().await;
}

async fn preview_mentions(
    service: &Service,
    file_name: &str,
    content: &str,
) -> goodword_shared::import::ImportPreview {
    let wanted = ImportRequest { file_name: file_name.into(), ..request(content) };
    service.call::<PreviewMentions>((), (), wanted).await.expect("a preview")
}

#[tokio::test]
async fn mentions_come_from_json_of_our_own_and_of_others_and_from_mails() {
    let service = Service::signed_in().await;
    let own = include_str!("../fixtures/ndjson/own.ndjson");
    let preview = preview_mentions(&service, "own.ndjson", own).await;
    assert_eq!((preview.problem, preview.new, preview.fault_count), (None, 2, 1));
    assert_eq!((preview.faults[0].line, preview.faults[0].skipped), (2, true));
    assert_eq!(preview.sample[0][..2], ["Ottilie Brandt", "5 of 5"]);
    assert!(preview.mapping.is_empty() && preview.fields.is_empty(), "nothing is left to be mapped");

    let other = include_str!("../fixtures/ndjson/other.json");
    let preview = preview_mentions(&service, "answers.json", other).await;
    let meant = |path: &str| preview.mapping.get(path).map(String::as_str);
    assert_eq!(preview.problem, None);
    assert_eq!((meant("customer.name"), meant("customer.email")), (Some("author"), Some("email")));
    assert_eq!(
        (meant("score"), meant("comment"), meant("created_at")),
        (Some("rating"), Some("text"), Some("published_at"))
    );
    assert_eq!(preview.new, 3);
    let mapping = [("comment", "text"), ("score", "rating")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    let wanted =
        ImportRequest { file_name: "answers.json".into(), mapping: mapping.into(), ..request(other) };
    let report = service.call::<ImportMentions>((), (), wanted).await.expect("imported");
    assert_eq!((report.new, report.skipped), (3, 0));

    let mails = include_str!("../fixtures/mail/reviews.mbox");
    let preview = preview_mentions(&service, "Reviews", mails).await;
    assert!(preview.problem.is_none() && preview.new > 0, "{preview:?}");
    for (content, word) in
        [("{\"a\": ", "not JSON"), ("[1, 2]", "no object"), ("{\"a\": \"b\"}", "words or the stars")]
    {
        let problem = preview_mentions(&service, "x.json", content).await.problem.expect("nothing to import");
        assert!(problem.contains(word), "{problem}");
    }
    service.stop().await;
}

#[tokio::test]
async fn orders_find_their_customers_and_change_what_changed() {
    let service = Service::signed_in().await;
    let cards = "BEGIN:VCARD\nVERSION:4.0\nFN:Ada Lind\nUID:K1\nEMAIL:ada@shop.example\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:4.0\nFN:Ben Ode\nEMAIL:ben@shop.example\nEND:VCARD\n";
    let report = service.call::<ImportCustomers>((), (), request(cards)).await.expect("imported");
    assert_eq!(report.new, 2);
    let orders = "Bestellnummer;Kundennummer;E-Mail;Datum;Artikel;Betrag;Filiale\n\
        1001;K1;;2026-03-03;walnut desk;1.240,50;Riverside\n\
        1002;;BEN@shop.example;2026-03-04;oak shelf;80;Old Market\n\
        1003;K9;;2026-03-05;reading lamp;20;Old Market\n\
        1001;K1;;2026-03-06;bar stool;60;Riverside\n";
    let preview = service.call::<PreviewOrders>((), (), request(orders)).await.expect("a preview");
    assert_eq!((preview.problem.as_deref(), preview.new, preview.updated), (None, 2, 0));
    let skipped: Vec<u64> = preview.faults.iter().filter(|f| f.skipped).map(|f| f.line).collect();
    assert_eq!(skipped, [4, 5], "nobody's, and twice the same number");
    let report = service.call::<ImportOrders>((), (), request(orders)).await.expect("imported");
    assert_eq!((report.new, report.skipped), (2, 2));
    let again = "{\"order id\":\"1001\",\"customer\":\"K1\",\"date\":\"2026-03-03\",\"product\":\"walnut desk\",\
        \"amount\":1240.5,\"branch\":\"Riverside\"}\n{\"order id\":\"1002\",\"email\":\"ben@shop.example\",\"amount\":90}\n";
    let preview = service.call::<PreviewOrders>((), (), request(again)).await.expect("a preview");
    assert_eq!((preview.new, preview.updated, preview.unchanged), (0, 1, 1), "{:?}", preview.faults);
    let none = service.call::<PreviewOrders>((), (), request("a,b\n1,2\n")).await.expect("a preview");
    assert!(none.problem.expect("no numbers").contains("order numbers"));
    service.stop().await;
}
