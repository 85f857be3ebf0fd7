//! The API document in `docs/` is the one that the program prints.

use std::path::Path;

#[test]
fn the_document_in_docs_is_the_one_of_the_program() {
    let mut drawn = goodword::api::document().to_pretty_json().expect("JSON");
    drawn.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let first = drawn.lines().zip(kept.lines()).position(|(a, b)| a != b);
    assert!(
        drawn == kept,
        "docs/openapi.json is not what the program says (first difference in line {:?}); if the change is meant: \
         cargo run -p goodword -- openapi > docs/openapi.json",
        first.map(|line| line + 1)
    );
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    let document = serde_json::to_value(goodword::api::document()).expect("JSON");
    let mut wanted = Vec::new();
    references(&document, &mut wanted);
    assert!(wanted.len() > 50);
    for reference in wanted {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

fn references(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(text) if name == "$ref" => found.push(text.to_owned()),
                    _ => references(value, found),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
