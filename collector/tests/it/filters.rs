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

#[test]
fn wrong_usage_is_two() {
    assert_eq!(goodword(&["analyse"], "").status.code(), Some(2));
    assert_eq!(goodword(&["analyse", "/nowhere/at/all"], "").status.code(), Some(2));
    assert_eq!(goodword(&["identify", "-"], "").status.code(), Some(2));
}
