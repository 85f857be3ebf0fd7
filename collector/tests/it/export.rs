//! Exports: who is in the promoters' table and who is not, cells that no spreadsheet runs, the record of it, and the file as
//! the dashboard and the command line hand it out.

use goodword::{
    actions::export::{self, Format, safe},
    app::App,
    clock,
};
use goodword_shared::{Label, api::promoters::PromoterQuery, promoter::PromoterCard};

use crate::service::{Row, Service, add_case, add_mention, add_promoter, add_source};

/// A promoter who is a customer of the owner's, with what the closure sets.
async fn promoter(app: &App, id: &str, name: &str, text: &str, set: &str) {
    let now = clock::now();
    let row = Row { id, author: id, text, label: Label::Positive, stars: 5.0, at: now, theme: None };
    add_mention(app, "s1", &row).await;
    add_promoter(app, &row, 3.0).await;
    let pool = app.store.pool();
    sqlx::query(
        "INSERT INTO customers (id, external_id, name, first, email, phone, tags, search, created_at, updated_at) \
         VALUES ($1, $1, $2, 'Ada', 'ada@example.org', '+49 30 1234', '[]', '', 0, 0)",
    )
    .bind(id)
    .bind(name)
    .execute(pool)
    .await
    .expect("a customer");
    for sql in [
        "UPDATE authors SET customer_id = $1 WHERE id = $1",
        "UPDATE promoters SET customer_id = $1, key = 'customer:' || $1 WHERE author_id = $1",
    ] {
        sqlx::query(sql).bind(id).execute(pool).await.expect("updates");
    }
    if !set.is_empty() {
        let sql = format!("UPDATE customers SET {set} WHERE id = $1");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).execute(pool).await.expect("updates");
    }
}

/// The promoters as text.
async fn exported(app: &App, format: Format) -> String {
    let (query, mut out) = (PromoterQuery::default(), Vec::new());
    export::promoters(&app.store, &query, format, "owner@example.org", clock::now(), &mut out)
        .await
        .expect("exports");
    String::from_utf8(out).expect("UTF-8")
}

fn rows(text: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).records().collect::<Result<_, _>>().expect("a table")
}

#[tokio::test]
async fn nobody_is_exported_who_does_not_want_to_be_asked_or_waits_for_help() {
    let service = Service::signed_in().await;
    let app = &service.app;
    add_source(app, "s1", clock::now()).await;
    promoter(app, "good", "Ada Keller", "Best soup, \"really\".\nWe tell everybody", "").await;
    promoter(app, "never", "Ben Never", "Lovely", "do_not_contact = 1").await;
    promoter(app, "refused", "Cleo Refused", "Lovely", "contact_consent = 0").await;
    promoter(app, "unhappy", "Dora Unhappy", "Lovely", "").await;
    let late = Row {
        id: "late",
        author: "unhappy",
        text: "Cold this time",
        label: Label::Negative,
        stars: 1.0,
        at: clock::now(),
        theme: None,
    };
    add_mention(app, "s1", &late).await;
    add_case(app, "c1", &late, 1.0, 24).await;

    let csv = exported(app, Format::Csv).await;
    assert!(csv.starts_with("name,first,last,email,phone,"), "{csv}");
    assert_eq!(csv.matches("\r\n").count(), 2, "one heading, one person, RFC 4180 line ends: {csv}");
    let table = rows(&csv);
    assert_eq!(table.len(), 1);
    assert_eq!(&table[0][0], "Ada Keller");
    assert_eq!(&table[0][4], "'+49 30 1234");
    assert_eq!(&table[0][8], "Best soup, \"really\". We tell everybody");
    assert_eq!(&table[0][9], "5");

    let json = exported(app, Format::Json).await;
    let cards: Vec<PromoterCard> = serde_json::from_str(&json).expect("cards");
    assert_eq!(cards.len(), 1);
    let phone = cards[0].customer.as_ref().and_then(|c| c.facts.phone.as_deref());
    assert_eq!(phone, Some("+49 30 1234"), "JSON has everything as it is");

    let recorded = app.store.audit(10).await.expect("lists");
    let exports: Vec<_> = recorded.iter().filter(|e| e.what == "export").collect();
    assert_eq!(exports.len(), 2);
    assert_eq!(exports[1].by, "owner@example.org");
    assert_eq!(exports[1].detail, "1 promoters as CSV");
    service.stop().await;
}

#[tokio::test]
async fn a_hostile_name_or_review_does_not_become_a_formula() {
    let service = Service::signed_in().await;
    add_source(&service.app, "s1", clock::now()).await;
    let name = "=HYPERLINK(\"https://evil.example\",\"Ada\")";
    promoter(&service.app, "bad", name, "\u{a0}@SUM(1+1)*cmd|' /C calc'!A0", "email = '-1+1@example.org'")
        .await;
    let csv = exported(&service.app, Format::Csv).await;
    let table = rows(&csv);
    assert_eq!(table[0][0], format!("'{name}"));
    for cell in &table[0] {
        assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell}");
    }
    service.stop().await;
}

#[test]
fn cells_are_guarded_exactly_where_a_spreadsheet_would_reckon() {
    for harmless in ["", "Ada", "5", "a=b", "3.5", "https://example.org/?a=-1", "’tis", "1-2"] {
        assert_eq!(safe(harmless), harmless);
    }
    for formula in ["=1+1", "+49 30", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "\u{3000}＝1", "＠x"]
    {
        assert_eq!(safe(formula), format!("'{formula}"));
    }
}

#[tokio::test]
async fn the_dashboard_gets_files_with_a_name_and_strangers_get_none() {
    let service = Service::signed_in().await;
    add_source(&service.app, "s1", clock::now()).await;
    promoter(&service.app, "good", "Ada Keller", "Best soup in town", "").await;
    promoter(&service.app, "other", "Ben Orth", "Lovely bread", "").await;
    let answer = service.get("/api/v1/promoters.csv?q=soup").await;
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-type"].to_str().expect("text").starts_with("text/csv"));
    let disposition = answer.headers()["content-disposition"].to_str().expect("text").to_owned();
    assert!(disposition.starts_with("attachment; filename=\"goodword-promoters-20"), "{disposition}");
    let table = rows(&answer.text().await.expect("a body"));
    assert_eq!(table.iter().map(|r| r[0].to_owned()).collect::<Vec<_>>(), ["Ada Keller"]);

    let answer = service.get("/api/v1/promoters.json").await;
    let cards: Vec<PromoterCard> =
        serde_json::from_str(&answer.text().await.expect("a body")).expect("cards");
    assert_eq!(cards.len(), 2);
    let recorded = service.app.store.audit(10).await.expect("lists");
    assert!(
        recorded
            .iter()
            .any(|e| e.what == "export" && e.detail.contains("“soup”") && e.by == crate::service::EMAIL)
    );

    let stranger = service.client.get(format!("{}/api/v1/promoters.csv", service.url));
    let refused = stranger.send().await.expect("an answer");
    assert_eq!(refused.status(), 401);
    assert!(!refused.text().await.expect("a body").contains("Ada"));
    service.stop().await;
}

#[tokio::test]
async fn the_command_line_writes_the_same_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_goodword"));
        command.args(["export", "promoters", "--data"]).arg(folder.path()).args(args).output().expect("runs")
    };
    let nothing = program(&[]);
    assert!(!nothing.status.success());
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("no goodword.db"));
    assert!(!folder.path().join("goodword.db").exists(), "an export makes no data folder");

    let config = goodword::config::Config::load(folder.path()).expect("the shipped configuration");
    let app = App::build(folder.path(), config, false).await.expect("builds");
    add_source(&app, "s1", clock::now()).await;
    promoter(&app, "good", "Ada Keller", "Best soup in town", "").await;
    let written = program(&[]);
    assert!(written.status.success());
    let table = rows(&String::from_utf8(written.stdout).expect("UTF-8"));
    assert_eq!(&table[0][0], "Ada Keller");
    let written = program(&["--format", "json", "--customers-only"]);
    let cards: Vec<PromoterCard> = serde_json::from_slice(&written.stdout).expect("cards");
    assert_eq!(cards.len(), 1);
    let recorded = app.store.audit(10).await.expect("lists");
    assert_eq!(recorded.iter().filter(|e| e.what == "export" && e.by == "command line").count(), 2);
}

#[tokio::test]
async fn mentions_and_cases_come_out_whole_in_every_format() {
    let service = Service::signed_in().await;
    let app = &service.app;
    add_source(app, "s1", clock::now()).await;
    let at = clock::now();
    // More than one page of them, many at the same moment.
    for n in 0..1203_i64 {
        let id = format!("m{n:04}");
        let row = Row {
            id: &id,
            author: "Ada",
            text: if n == 7 { "=cmd|' /C calc'!A0" } else { "Cold soup,\nand \"late\"." },
            label: Label::Negative,
            stars: 2.0,
            at: at - chrono::Duration::minutes(n / 100),
            theme: (n == 7).then_some("quality"),
        };
        add_mention(app, "s1", &row).await;
        if n == 7 {
            add_case(app, "c1", &row, 1.0, 24).await;
        }
    }
    let mentions = async |format| {
        let mut out = Vec::new();
        export::mentions(&app.store, format, "x", at, &mut out).await.expect("exports");
        String::from_utf8(out).expect("UTF-8")
    };
    let table = rows(&mentions(Format::Csv).await);
    assert_eq!(table.len(), 1203);
    let seventh = table.iter().find(|r| &r[0] == "m0007").expect("there");
    assert_eq!((&seventh[10], &seventh[14]), ("'=cmd|' /C calc'!A0", "quality"));
    let lines = mentions(Format::Ndjson).await;
    let mut ids: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<export::ExportedMention>(line).expect("a mention").id)
        .collect();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 1203);
    let array: Vec<export::ExportedMention> =
        serde_json::from_str(&mentions(Format::Json).await).expect("an array");
    assert_eq!(array.len(), 1203);

    let mut out = Vec::new();
    export::cases(&app.store, Format::Csv, "x", at, &mut out).await.expect("exports");
    let table = rows(&String::from_utf8(out).expect("UTF-8"));
    assert_eq!((table.len(), &table[0][0], &table[0][13]), (1, "c1", "'=cmd|' /C calc'!A0"));
    service.stop().await;
}

#[tokio::test]
async fn an_empty_export_is_still_what_it_says() {
    let service = Service::signed_in().await;
    for (format, text) in [(Format::Json, "[]\n"), (Format::Ndjson, "")] {
        let mut out = Vec::new();
        export::mentions(&service.app.store, format, "x", clock::now(), &mut out).await.expect("exports");
        assert_eq!(String::from_utf8(out).expect("UTF-8"), text);
    }
    service.stop().await;
}
