//! Answers as they should be, compared with serde's own reading, and answers as nobody should send them.

use std::collections::{BTreeMap, HashMap};

use goodword_shared::{
    Label, Problem,
    alert::{Event, Rule},
    customer::Customer,
    settings::Settings,
    source::{Field, FieldType, StorageRule, Values},
};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::json;

use super::*;

/// What this reader makes of a value must be what serde's own makes of it.
fn same<T: DeserializeOwned + std::fmt::Debug + PartialEq>(value: Value) -> T {
    let ours: T = read(&value.to_string()).expect("ours reads it");
    let theirs: T = serde_json::from_value(value).expect("serde's own reads it");
    assert_eq!(ours, theirs);
    ours
}

#[test]
fn fields_come_by_name_and_absent_ones_by_default() {
    let field: Field = same(json!({
        "unknown": [1, {"a": null}], "required": true, "help": "", "label": "Shop", "name": "shop",
        "kind": {"type": "number", "max": 9, "min": -2},
    }));
    assert_eq!((field.kind, field.default), (FieldType::Number { min: -2, max: 9 }, None));
    same::<FieldType>(json!({"type": "choice", "options": [["de", "German"], ["en", "English"]]}));
    same::<FieldType>(json!({"type": "toggle"}));
    same::<Problem>(json!({"type": "not-found", "title": "Not found", "status": 404}));
    assert_eq!(same::<Settings>(json!({"promise_hours": 2})).business, Settings::default().business);
}

#[test]
fn variants_are_read_with_and_without_what_belongs_to_them() {
    assert_eq!(same::<StorageRule>(json!({"rule": "days", "days": 30})), StorageRule::Days(30));
    assert_eq!(same::<StorageRule>(json!({"rule": "follow_deletion"})), StorageRule::FollowDeletion);
    same::<Event>(json!({"type": "mentions", "new": 3, "source": "Feed"}));
    same::<Event>(json!({"type": "changed", "what": "cases"}));
    let _ = same::<Result<u8, (i64, f64)>>(json!({"Err": [-1, 2]}));
    same::<Vec<Option<bool>>>(json!([true, null, false]));
}

#[test]
fn maps_and_flattened_facts_are_read() {
    let values: Values = same(json!({"b": "2", "a": "1"}));
    assert_eq!(values, BTreeMap::from([("a".into(), "1".into()), ("b".into(), "2".into())]));
    same::<BTreeMap<u16, u32>>(json!({"200": 3, "304": 1}));
    same::<HashMap<Label, bool>>(json!({"negative": true}));
    let customer: Customer = same(json!({
        "id": "c1", "name": "Ann Ogun", "created_at": "2026-03-01T10:00:00Z", "tags": ["regular"],
    }));
    assert_eq!(customer.facts.tags, ["regular"]);
    same::<Rule>(json!({
        "id": "r1", "name": "All", "enabled": true, "labels": ["negative"], "rating_at_most": 0.4,
        "connectors": [], "themes": [], "severity_at_least": null, "channels": ["a"], "fired_30_days": 7,
    }));
}

#[test]
fn what_is_not_as_promised_is_named_by_the_innermost_field() {
    let wrong = json!({"name": "a", "label": "", "help": "", "required": 3, "kind": {"type": "text"}});
    assert_eq!(read::<Field>(&wrong.to_string()), Err("required"));
    assert_eq!(read::<Field>("{\"name\":\"a\"}"), Err("label"));
    assert_eq!(read::<Vec<StorageRule>>("[{\"rule\":\"for ever\"}]"), Err("rule"));
    assert_eq!(read::<StorageRule>("{\"rule\":\"days\"}"), Err("days"));
    assert_eq!(read::<u32>("-1"), Err(""));
    assert_eq!(read::<Vec<u32>>("{not json"), Err(""));
    assert_eq!(read::<u8>("300"), Err(""));
}

/// A made-up type with all that a field can be.
#[derive(Debug, PartialEq, Deserialize)]
struct Odd {
    #[serde(default)]
    list: Vec<i64>,
    first: Option<Inner>,
    text: String,
    number: f64,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Inner {
    name: String,
    #[serde(default)]
    count: u32,
}

fn odd(fields: &str) -> Result<Odd, &'static str> {
    read(&format!("{{{fields}}}"))
}

#[test]
fn the_field_that_is_wrong_is_named_although_others_are_absent() {
    // Absent with a default, absent and optional, inside and outside of another: none of them is the fault.
    assert_eq!(odd(r#""text": "a", "number": "b""#), Err("number"));
    assert_eq!(odd(r#""first": {"name": "n"}, "text": 3, "number": 1"#), Err("text"));
    assert_eq!(odd(r#""first": {"count": 2}, "text": "a", "number": 1"#), Err("name"));
    assert_eq!(odd(r#""first": {"name": "n", "count": -2}, "text": "a", "number": 1"#), Err("count"));
    assert_eq!(odd(r#""first": {"name": "n"}, "number": 1"#), Err("text"));
    assert_eq!(read::<Vec<Inner>>(r#"[{"name": "a"}, {"name": null}]"#), Err("name"));
    // What an earlier answer lacked is forgotten.
    assert_eq!(read::<u32>("[]"), Err(""));
}

#[test]
fn an_optional_field_is_none_whether_it_is_absent_or_null_and_a_list_is_not() {
    let whole = Odd { list: vec![], first: None, text: String::new(), number: 0.0 };
    assert_eq!(odd(r#""text": "", "number": 0"#), Ok(whole));
    assert_eq!(odd(r#""first": null, "text": "", "number": -0.0"#).map(|odd| odd.first), Ok(None));
    assert_eq!(odd(r#""list": null, "text": "", "number": 0"#), Err("list"));
    assert_eq!(odd(r#""list": {"0": 1}, "text": "", "number": 0"#), Err("list"));
}

#[test]
fn of_a_field_that_is_there_twice_the_last_counts() {
    let read = odd(r#""text": "one", "number": 1, "text": "two", "number": 2, "text": "three""#);
    assert_eq!(read.map(|odd| (odd.text, odd.number)), Ok(("three".into(), 2.0)));
}

#[test]
fn numbers_fit_or_are_refused_and_are_never_bent() {
    let number = |text: &str| odd(&format!("\"text\": \"\", \"number\": {text}")).map(|odd| odd.number);
    assert_eq!(number("18446744073709551615"), Ok(18_446_744_073_709_551_615.0));
    assert_eq!(number("123456789012345678901234567890"), Ok(123_456_789_012_345_678_901_234_567_890.0));
    assert_eq!(number("4.9e-324"), Ok(4.9e-324));
    for text in ["1e999", "-1e999", "0x10", "01", "+1", ".5", "1.", "NaN", "Infinity", "1e", "--1"] {
        assert_eq!(number(text), Err(""), "{text} is no number");
    }
    assert_eq!(read::<u64>("18446744073709551615"), Ok(u64::MAX));
    assert_eq!(read::<i64>("-9223372036854775808"), Ok(i64::MIN));
    assert_eq!((read::<u8>("255"), read::<i8>("-128")), (Ok(255), Ok(-128)));
    assert!(read::<u64>("18446744073709551616").is_err() && read::<i64>("9223372036854775808").is_err());
    assert!(read::<u8>("256").is_err() && read::<i8>("-129").is_err() && read::<u32>("1.0").is_err());
    assert!(read::<u32>("\"1\"").is_err() && read::<bool>("1").is_err() && read::<String>("1").is_err());
    // The keys of a map are texts; those of numbers must be numbers.
    assert!(read::<BTreeMap<u16, u8>>(r#"{"70000": 1}"#).is_err());
    assert!(read::<BTreeMap<u16, u8>>(r#"{"-1": 1}"#).is_err());
}

#[test]
fn texts_come_as_they_were_meant() {
    let text = |json: &str| read::<String>(json);
    assert_eq!(text(r#""\ud83d\ude00 \u00e9 \u0000 \/ \\ \" \b\f\n\r\t""#), {
        Ok("\u{1f600} é \0 / \\ \" \u{8}\u{c}\n\r\t".to_owned())
    });
    assert_eq!(text("\"\u{202e}<script>alert(1)</script>\""), Ok("\u{202e}<script>alert(1)</script>".into()));
    // Half a character, half an escape, and what must be escaped.
    for broken in [
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83d\u0041""#,
        r#""\u12""#,
        r#""\x""#,
        "\"\n\"",
        "\"\u{1}\"",
        "'a'",
    ] {
        assert_eq!(text(broken), Err(""), "{broken} is no text");
    }
    assert_eq!(read::<char>("\"é\""), Ok('é'));
    assert!(read::<char>("\"éé\"").is_err());
}

#[test]
fn a_tree_without_end_is_refused_before_it_fills_the_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = |levels: usize| format!("{}1{}", open.repeat(levels), close.repeat(levels));
        assert!(read::<IgnoredAny>(&deep(100)).is_ok());
        assert_eq!(read::<IgnoredAny>(&deep(100_000)).map(|_| ()), Err(""));
        assert_eq!(read::<IgnoredAny>(&open.repeat(100_000)).map(|_| ()), Err(""));
    }
    // Nor does it matter where nobody looks at it.
    let inside = format!("\"unknown\": {}, \"text\": \"\", \"number\": 0", "[".repeat(100_000));
    assert_eq!(odd(&inside).map(|_| ()), Err(""));
}

#[test]
fn an_answer_that_was_cut_off_or_goes_on_is_refused() {
    let whole = r#"{"list":[1,-2],"first":{"name":"\u00e9","count":3},"text":"é","number":1.5e3}"#;
    assert!(read::<Odd>(whole).is_ok());
    for (end, _) in whole.char_indices() {
        assert!(read::<Odd>(&whole[..end]).is_err(), "{} is half an answer", &whole[..end]);
    }
    assert!(read::<Odd>(&format!("{whole}{whole}")).is_err());
    assert!(read::<Odd>(&format!("\u{feff}{whole}")).is_err());
    assert!(read::<Odd>(&format!(" \t\r\n{whole}\n ")).is_ok());
    for other in ["", " ", "null", "[]", "\"\"", "0", "<!doctype html>"] {
        assert!(read::<Odd>(other).is_err(), "{other:?} is no such answer");
    }
}

#[test]
fn a_variant_is_one_word_or_one_field() {
    assert_eq!(read::<Result<u8, u8>>(r#"{"Ok": 1}"#), Ok(Ok(1)));
    for wrong in ["{}", r#"{"Ok": 1, "Err": 2}"#, r#""Ok""#, r#"{"ok": 1}"#, "[\"Ok\", 1]", "3", "null"] {
        assert!(read::<Result<u8, u8>>(wrong).is_err(), "{wrong} is neither");
    }
    assert_eq!(read::<Label>("\"negative\""), Ok(Label::Negative));
    assert!(read::<Label>("\"Negative\"").is_err() && read::<Label>("0").is_err());
}
