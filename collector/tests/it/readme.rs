//! The README's table of connectors is what the connectors say of themselves.

use goodword::cli::connectors::table;

#[test]
fn the_readme_shows_what_the_connectors_say_of_themselves() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"))
        .expect("the README is there")
        .replace("\r\n", "\n");
    let shown = readme
        .split_once("<!-- goodword connectors -->\n")
        .and_then(|(_, rest)| rest.split_once("<!-- end -->"))
        .map(|(table, _)| table.trim())
        .expect("the README marks the table");
    assert_eq!(
        shown,
        table().trim(),
        "put the output of `cargo run -p goodword -- connectors` between the README's marks"
    );
}
