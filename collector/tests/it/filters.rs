//! The filters `analyse` and `identify` as a shell sees them: lines in, lines out, exit codes, one line of complaint.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

fn goodword(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_goodword"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn lines(output: &[u8]) -> Vec<Value> {
    let text = String::from_utf8(output.to_vec()).expect("UTF-8");
    text.lines().map(|l| serde_json::from_str(l).expect("a JSON object a line")).collect()
}

#[test]
fn every_text_gets_its_line_in_order() {
    let output = goodword(&["analyse", "-"], "Great coffee!\n\nThe soup was cold and the waiter rude.\n");
    assert!(output.status.success());
    let found = lines(&output.stdout);
    let labels: Vec<&str> = found.iter().map(|l| l["sentiment"]["label"].as_str().unwrap_or("")).collect();
    assert_eq!(labels, ["positive", "neutral", "negative"]);
    assert_eq!(found[1]["sentiment"]["uncertain"], true);
}

#[test]
fn objects_keep_their_ids_and_broken_ones_are_reported() {
    let input = "{\"id\":\"a\",\"kind\":\"post\",\"text\":\"so happy today :)\"}\n{\"id\":\"b\",\n\
                 {\"id\":7,\"text\":\"\",\"rating\":{\"value\":1,\"best\":5}}\n";
    let output = goodword(&["analyse", "-"], input);
    assert!(output.status.success());
    let found = lines(&output.stdout);
    assert_eq!(found.len(), 3);
    assert_eq!((&found[0]["id"], &found[2]["id"]), (&Value::from("a"), &Value::from(7)));
    assert_eq!(found[2]["sentiment"]["label"], "negative");
    let warnings = lines(&output.stderr);
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0]["at"], "line 2");
}

#[test]
fn customers_and_orders_are_read_by_their_columns() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.to_string_lossy().into_owned()
    };
    let customers = file("c.csv", "city,id,last,first\nGent,17,Maes,Lieve\nGent,18,Claes,Jan\n");
    let orders = file("o.csv", "id,customer,amount\n20417,18,12.50\n");
    let mentions = "{\"external_id\":\"x\",\"author\":{\"name\":\"Lieve Maes\"},\"text\":\"\"}\n\
                    {\"id\":\"y\",\"author\":{\"name\":\"JC\"},\"text\":\"Order 20417 came late.\"}\nnonsense\n";
    let output = goodword(&["identify", "--customers", &customers, "--orders", &orders, "-"], mentions);
    assert!(output.status.success());
    let found = lines(&output.stdout);
    assert_eq!(found.len(), 2);
    assert_eq!(
        (&found[0]["id"], &found[0]["candidates"][0]["customer"]),
        (&Value::from("x"), &Value::from("17"))
    );
    assert_eq!(found[0]["decision"], "linked");
    assert_eq!(found[1]["candidates"][0]["customer"], "18");
    assert_eq!(lines(&output.stderr).len(), 1);

    let nameless = file("n.csv", "name,city\nLieve Maes,Gent\n");
    let output = goodword(&["identify", "--customers", &nameless, "-"], mentions);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let problems = lines(&output.stderr);
    assert_eq!((problems.len(), &problems[0]["problem"]), (1, &Value::from("malformed")));
}

/// Customer lists in every dress, each with Jürgen Klein as number 7, and how many warnings it deserves.
fn lists() -> Vec<(&'static str, Vec<u8>, usize)> {
    let plain = "id,name,city\n7,Jürgen Klein,Köln\n8,Zoë Maes,Gent\n";
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let latin = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
    vec![
        ("plain", plain.into(), 0),
        ("semicolons", plain.replace(',', ";").into(), 0),
        ("tabs", plain.replace(',', "\t").into(), 0),
        ("lines of windows", plain.replace('\n', "\r\n").into(), 0),
        ("a mark before it", format!("\u{feff}{plain}").into(), 0),
        ("utf-16", [vec![0xff, 0xfe], utf16(plain)].concat(), 0),
        ("utf-16 without a mark", utf16(plain), 0),
        ("latin 1", latin(plain), 0),
        ("a separator named", format!("sep=;\n{}", plain.replace(',', ";")).into(), 0),
        ("a name in two lines", "id,name\n7,\"Jürgen\nKlein\"\n".into(), 0),
        ("german", "Kundennr.;Vorname;Nachname;Ort\n7;Jürgen;Klein;Köln\n".into(), 0),
        ("spanish", "Número de cliente;Nombre;Apellidos;Correo electrónico\n7;Jürgen;Klein;j@example.org\n".into(), 0),
        ("french", "N° client;Prénom;Nom;Téléphone\n7;Jürgen;Klein;0601020304\n".into(), 0),
        ("turkish", "Müşteri no;Ad;Soyad;Şehir\n7;Jürgen;Klein;Köln\n".into(), 0),
        ("russian", "Номер клиента;Имя;Фамилия;Город\n7;Jürgen;Klein;Köln\n".into(), 0),
        ("japanese", "顧客番号,氏名,市\n7,Jürgen Klein,Köln\n".into(), 0),
        ("json", "{\"id\":7,\"name\":\"Jürgen Klein\"}\n{broken\n".into(), 1),
        ("json in one", "{\"customers\":[{\"id\":7,\"name\":\"Jürgen Klein\"}]}".into(), 0),
("never closed, windows", "id,name,city\r\n6,\"Ada,Ulm\r\n7,Jürgen Klein,Köln\r\n8,Bo,Gent\r\n".into(), 1),
        ("a quotation mark never closed", "id,name,city\n6,\"Ada,Ulm\n7,Jürgen Klein,Köln\n8,Bo,Gent\n".into(), 1),
        ("one number twice", "id,name\n7,Ada Stern\n7,Jürgen Klein\n".into(), 1),
        ("no number in a line", "id,name\n,Ada Stern\n7,Jürgen Klein\n".into(), 1),
        (
            "a card",
            "BEGIN:VCARD\nVERSION:2.1\nUID:7\nFN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=FCrgen =\nKlein\nEND:VCARD\n".into(),
            0,
        ),
        (
            "a card of today",
            "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:7\r\nFN:Jürgen\r\n  Klein\r\nADR;LABEL=\"A: b\":;;Ring 1;Köln;;5;DE\r\nEND:VCARD\r\n".into(),
            0,
        ),
    ]
}

#[test]
fn lists_in_every_dress_are_read_and_what_is_wrong_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let mention = "{\"id\":1,\"author\":{\"name\":\"Jürgen Klein\"},\"text\":\"\"}\n";
    for (what, bytes, warnings) in lists() {
        let path = folder.path().join("list");
        std::fs::write(&path, bytes).expect("written");
        let output = goodword(&["identify", "--customers", &path.to_string_lossy(), "-"], mention);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{what}: {told}");
        let found = lines(&output.stdout);
        assert_eq!(found[0]["candidates"][0]["customer"], "7", "{what}: {found:?} {told}");
        assert_eq!(told.lines().count(), warnings, "{what}: {told}");
    }
    for (what, bytes) in [("nothing", &b""[..]), ("a workbook", b"PK\x03\x04"), ("a page", b"<html></html>")]
    {
        let path = folder.path().join("list");
        std::fs::write(&path, bytes).expect("written");
        let output = goodword(&["identify", "--customers", &path.to_string_lossy(), "-"], mention);
        assert_eq!(output.status.code(), Some(1), "{what}");
        assert_eq!(
            (output.stdout.len(), lines(&output.stderr)[0]["problem"].as_str()),
            (0, Some("malformed")),
            "{what}"
        );
    }
    // Days before months, as one line shows; and orders of nobody.
    let customers = folder.path().join("c.csv");
    std::fs::write(&customers, "id,name\n7,Jürgen Klein\n8,Jürgen Klein\n").expect("written");
    let orders = folder.path().join("o.csv");
    let rows =
        "id;customer;date;amount\n1;7;02/03/2026;\"1.299,00 €\"\n2;8;28/02/2026;12\n3;9;2026-02-01;x\n";
    std::fs::write(&orders, rows).expect("written");
    let mention = "{\"id\":1,\"author\":{\"name\":\"Jürgen Klein\"},\"published_at\":\"2026-03-10T12:00:00Z\",\
                   \"text\":\"Am 2. März für 1299 € gekauft\"}\n";
    let (customers, orders) = (customers.to_string_lossy(), orders.to_string_lossy());
    let output = goodword(&["identify", "--customers", &customers, "--orders", &orders, "-"], mention);
    let found = lines(&output.stdout);
    assert_eq!(
        (&found[0]["decision"], &found[0]["candidates"][0]["customer"]),
        (&"linked".into(), &"7".into()),
        "{found:?}"
    );
    assert_eq!(lines(&output.stderr).len(), 2);
}

#[test]
fn wrong_usage_is_two() {
    assert_eq!(goodword(&["analyse"], "").status.code(), Some(2));
    assert_eq!(goodword(&["analyse", "/nowhere/at/all"], "").status.code(), Some(2));
    assert_eq!(goodword(&["identify", "-"], "").status.code(), Some(2));
}
