//! Conventions are tests: this reads the repository and says where it breaks its own rules (CONTRIBUTING.md).
//!
//! Every test collects all its findings before it fails, so that one run names everything there is to mend.

use std::fs;
use std::path::{Path, PathBuf};

/// Longest a source file may be, its own tests not counted.
const LONGEST: usize = 400;

/// What each part of the collector may use of the others. `clock`, `wire` and the like are files beside them.
const MAY_USE: &[(&str, &[&str])] = &[
    ("reading", &["wire"]),
    ("connectors", &["wire", "reading"]),
    ("analysis", &["fold"]),
    ("identity", &["fold"]),
    ("pipeline", &["analysis", "identity", "fold", "record"]),
    ("access", &["wire", "secrets"]),
    ("wire", &[]),
    ("fold", &[]),
    ("record", &["fold"]),
    ("store", &["secrets", "fold", "record", "wire"]),
    ("fetch", &["wire", "clock", "config", "fold"]),
    ("actions", &["store", "fetch", "wire", "app", "clock", "config", "secrets", "signature"]),
    ("signature", &[]),
];

/// What the parts without IO must not mention, their tests excepted.
const IO: &[&str] = &["std::fs", "std::net", "std::env", "std::process", "tokio::", "reqwest::", "sqlx::"];
const WITHOUT_IO: &[&str] =
    &["access", "reading", "connectors", "analysis", "identity", "pipeline", "fold", "record", "signature"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the repository is there")
}

/// Every file of the repository, by its path in it; build output and hidden folders but our own are left out.
fn files() -> Vec<(String, PathBuf)> {
    fn walk(folder: &Path, root: &Path, found: &mut Vec<(String, PathBuf)>) {
        for entry in fs::read_dir(folder).expect("a folder of the repository can be read") {
            let path = entry.expect("an entry can be read").path();
            let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
            let skipped = ["target", "var", "node_modules"].contains(&name.as_str())
                || (name.starts_with('.') && ![".ci", ".cargo"].contains(&name.as_str()));
            if skipped {
                continue;
            }
            if path.is_dir() {
                walk(&path, root, found);
            } else {
                let inside =
                    path.strip_prefix(root).expect("it was found there").to_string_lossy().replace('\\', "/");
                found.push((inside, path));
            }
        }
    }
    let root = root();
    let mut found = Vec::new();
    walk(&root, &root, &mut found);
    found.sort();
    assert!(found.iter().any(|(path, _)| path == "collector/tests/it/tidy.rs"), "the walk finds this file");
    found
}

/// The Rust sources with their text.
fn sources() -> Vec<(String, String)> {
    let rust = files().into_iter().filter(|(path, _)| path.ends_with(".rs"));
    rust.map(|(path, file)| (path, fs::read_to_string(file).expect("a source is text"))).collect()
}

/// A source without the test module at its end.
fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod ").map_or(text, |at| &text[..at])
}

/// The part of the collector that a source belongs to, such as `store`.
fn part(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("collector/src/")?;
    Some(inside.split(['/', '.']).next().unwrap_or(inside))
}

fn nothing_found(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

#[test]
fn files_are_short_enough_to_read() {
    let mut findings = Vec::new();
    for (path, text) in sources() {
        let lines = without_tests(&text).lines().count();
        if lines > LONGEST && !path.contains("/tests/") && !path.starts_with("tests/") {
            findings.push(format!("{path}: {lines} lines without its tests, at most {LONGEST}"));
        }
    }
    nothing_found(&findings);
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent = sources().into_iter().filter(|(_, text)| !text.starts_with("//! "));
    nothing_found(
        &silent.map(|(path, _)| format!("{path}: does not begin with a `//!` header")).collect::<Vec<_>>(),
    );
}

#[test]
fn parts_use_only_what_lies_before_them() {
    let mut findings = Vec::new();
    for (path, text) in sources() {
        let Some((own, allowed)) =
            part(&path).and_then(|part| MAY_USE.iter().find(|(name, _)| *name == part))
        else {
            continue;
        };
        for used in parts_used(without_tests(&text)) {
            if used != *own && !allowed.contains(&used.as_str()) {
                findings.push(format!("{path}: uses crate::{used}, but {own} may use {allowed:?} only"));
            }
        }
    }
    for (path, text) in sources().iter().filter(|(path, _)| path.starts_with("shared/src/")) {
        if text.contains("goodword::") || text.contains("goodword_dashboard") {
            findings.push(format!("{path}: shared uses nothing of the others"));
        }
    }
    nothing_found(&findings);
}

/// The first names after `crate::`, in `use crate::{a, b::c}` as in `crate::a::d`.
fn parts_used(text: &str) -> Vec<String> {
    let mut used = Vec::new();
    let code =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    for (at, marker) in code.match_indices("crate::") {
        // `$crate::` and names that only end so are something else.
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + marker.len()..];
        let word =
            |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        let Some(group) = rest.strip_prefix('{') else {
            used.push(word(rest));
            continue;
        };
        let mut depth = 0;
        let mut fresh = true;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => fresh = true,
                c if fresh && c.is_alphabetic() => {
                    used.push(word(&group[at..]));
                    fresh = false;
                }
                _ => {}
            }
        }
    }
    used
}

#[test]
fn the_reading_of_imports_understands_groups() {
    let text = "use crate::{\n    app::{App, Other},\n    store,\n};\nlet x = crate::clock::now();\n// crate::no\n$crate::no";
    assert_eq!(parts_used(text), ["app", "store", "clock"]);
}

#[test]
fn parts_without_io_stay_without() {
    let mut findings = Vec::new();
    for (path, text) in sources() {
        if !part(&path).is_some_and(|part| WITHOUT_IO.contains(&part)) {
            continue;
        }
        let code = without_tests(&text).lines().filter(|line| !line.trim_start().starts_with("//"));
        for (number, line) in code.enumerate() {
            if let Some(io) = IO.iter().find(|io| line.contains(**io)) {
                findings.push(format!("{path}, about line {}: {io} where no IO is done", number + 1));
            }
        }
    }
    nothing_found(&findings);
}

#[test]
fn every_connector_has_fixtures() {
    let fixtures = root().join("collector/tests/fixtures");
    let mut findings = Vec::new();
    for (path, text) in sources() {
        let Some(inside) = path.strip_prefix("collector/src/connectors/") else { continue };
        if !without_tests(&text).contains("impl Connector for") {
            continue;
        }
        let slug = inside.split(['/', '.']).next().unwrap_or(inside);
        let count = fs::read_dir(fixtures.join(slug)).map(|entries| entries.count()).unwrap_or(0);
        if count == 0 {
            findings.push(format!("{path}: no fixtures in collector/tests/fixtures/{slug}/"));
        }
    }
    nothing_found(&findings);
}

#[test]
fn nothing_is_left_undone_or_silenced() {
    // Put together here so that this file does not find itself.
    let marks = [
        ["#[al", "low("],
        ["#![al", "low("],
        ["to", "do!("],
        ["unimpl", "emented!("],
        ["db", "g!("],
        ["FIX", "ME"],
    ]
    .map(|parts| parts.concat());
    let mut findings = Vec::new();
    for (path, text) in sources() {
        for (number, line) in text.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(mark.as_str())) {
                findings.push(format!("{path}:{}: {mark}", number + 1));
            }
        }
    }
    nothing_found(&findings);
}

#[test]
fn source_folders_hold_sources_only() {
    let others = files().into_iter().filter(|(path, _)| {
        let in_source = path.split_once("/src/").is_some_and(|(package, _)| !package.contains('/'));
        in_source && !path.ends_with(".rs")
    });
    nothing_found(
        &others.map(|(path, _)| format!("{path}: data belongs beside src, not in it")).collect::<Vec<_>>(),
    );
}

#[test]
fn documents_name_paths_that_exist() {
    let root = root();
    let mut findings = Vec::new();
    for (path, file) in files().into_iter().filter(|(path, _)| path.ends_with(".md")) {
        let text = fs::read_to_string(&file).expect("a document is text");
        let folder = file.parent().expect("a document lies in a folder");
        for (number, line) in text.lines().enumerate() {
            for link in links(line) {
                if !folder.join(link).exists() {
                    findings.push(format!("{path}:{}: the link {link} leads nowhere", number + 1));
                }
            }
            for named in line.split('`').skip(1).step_by(2).filter(|code| is_path(code)) {
                if !root.join(named.trim_end_matches('/')).exists() {
                    findings.push(format!("{path}:{}: there is no {named}", number + 1));
                }
            }
        }
    }
    nothing_found(&findings);
}

/// The relative targets of Markdown links in a line, without their anchors.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let files = targets.map(|target| target.split('#').next().unwrap_or(target));
    files.filter(|target| !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:"))
}

/// Whether a piece of code in a document is a path of this repository, not a pattern for one.
fn is_path(code: &str) -> bool {
    let ours = ["collector/", "shared/src", "frontend/", "tests/", "xtask/", "docs/"]
        .iter()
        .any(|start| code.starts_with(start));
    ours && !code.contains(['*', '<', '{', ' ', '…']) && !code.contains("NAME") && !code.contains("NNNN")
}

#[test]
fn nothing_tells_where_it_was_made() {
    let words = [["/ro", "ot/"], ["/wo", "rk/"], ["registry.", "npmjs"]].map(|parts| parts.concat());
    let mut findings = Vec::new();
    for (path, file) in files() {
        let bytes = fs::read(&file).expect("a file of the repository can be read");
        let text = String::from_utf8_lossy(&bytes);
        for word in words.iter().filter(|word| text.contains(word.as_str())) {
            findings.push(format!("{path}: holds {word}"));
        }
    }
    nothing_found(&findings);
}
