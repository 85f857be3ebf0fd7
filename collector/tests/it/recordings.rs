//! Connectors on recorded answers of real platforms, where the folder with them lies next to the workspace. They are other
//! people's and no part of the project; without them these tests say so and pass.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use goodword::{
    connectors,
    wire::{Request, Response},
};
use goodword_shared::{Mention, Time};
use serde_json::Value;

fn material() -> Option<PathBuf> {
    let folder = std::env::var_os("GOODWORD_MATERIAL")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let found = folder.join("recordings/expected/dev").is_dir();
    if !found {
        println!("skipped: there are no recordings in {}", folder.display());
    }
    found.then_some(folder.join("recordings"))
}

/// One row of the table of outcomes.
struct Case {
    file: String,
    columns: BTreeMap<String, String>,
    status: u16,
}

impl Case {
    fn get(&self, column: &str) -> &str {
        self.columns.get(column).map_or("", String::as_str)
    }
}

fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).expect("a table");
    let mut lines = text.lines().map(|l| l.split('\t').map(str::to_owned).collect::<Vec<_>>());
    let head = lines.next().unwrap_or_default();
    lines.map(|cells| head.iter().cloned().zip(cells).collect()).collect()
}

fn cases(recordings: &Path, folder: &str) -> Vec<Case> {
    let manifest = table(&recordings.join("dev/MANIFEST.tsv"));
    let status = |file: &str| {
        let row = manifest.iter().find(|r| r.get("file").is_some_and(|f| f == file))?;
        row.get("status")?.parse::<u16>().ok()
    };
    let mut cases = Vec::new();
    for part in ["reviews", "social"] {
        for columns in table(&recordings.join(format!("expected/dev/outcomes.{part}.tsv"))) {
            let file = columns.get("file").cloned().unwrap_or_default();
            let optional = columns.get("note").is_some_and(|n| n.starts_with("OPTIONAL"));
            let judged = columns.get("outcome").is_some_and(|o| o != "unsupported") && !optional;
            if judged
                && file.starts_with(&format!("{folder}/"))
                && recordings.join("dev").join(&file).exists()
            {
                cases.push(Case { status: status(&file).unwrap_or(200), file, columns });
            }
        }
    }
    cases
}

/// Text without white space, since its layout is a matter of taste.
fn tight(text: Option<&str>) -> String {
    text.unwrap_or("").chars().filter(|c| !c.is_whitespace()).collect()
}

fn same(wanted: &Value, got: &Mention) -> bool {
    let said = |path: &str| wanted.pointer(path).and_then(Value::as_str).filter(|s| !s.is_empty());
    let text_judged = wanted["text"].is_string() && (said("/text").is_some() || wanted["kind"] == "review");
    let equal = |wanted: Option<&str>, got: Option<&str>| wanted.is_none_or(|w| tight(Some(w)) == tight(got));
    let talk = |kind: &str| matches!(kind, "post" | "comment");
    equal(said("/external_id"), got.external_id.as_deref())
        && equal(said("/author/name"), got.author.name.as_deref())
        && equal(said("/author/handle"), got.author.handle.as_deref())
        && equal(said("/title"), got.title.as_deref())
        && equal(said("/subject/name"), got.subject.as_ref().and_then(|s| s.name.as_deref()))
        && (!text_judged || tight(said("/text")) == tight(Some(&got.text)))
        && said("/kind").is_none_or(|k| k == got.kind.as_str() || (talk(k) && talk(got.kind.as_str())))
        && wanted
            .pointer("/rating/value")
            .and_then(Value::as_f64)
            .is_none_or(|v| got.rating.is_some_and(|r| (r.value - v).abs() < 0.011))
        && wanted
            .pointer("/rating/best")
            .and_then(Value::as_f64)
            .is_none_or(|b| got.rating.is_some_and(|r| (r.best - b).abs() < 0.001))
        && said("/published_at").is_none_or(|w| {
            let slack = match said("/published_precision") {
                Some("relative") => return got.published_at.is_some(),
                Some("day") => 86_400,
                _ => 1,
            };
            w.parse::<Time>()
                .ok()
                .zip(got.published_at)
                .is_some_and(|(w, g)| (w - g).num_seconds().abs() <= slack)
        })
}

/// Whether a file is read as expected, and how many of its mentions are.
fn judge(recordings: &Path, slug: &str, case: &Case) -> (bool, usize, usize) {
    let body = fs::read(recordings.join("dev").join(&case.file)).expect("a recording");
    let request = Request::get(case.get("url"));
    let response = Response { status: case.status, url: case.get("url").into(), body, ..Response::default() };
    let now = case.get("now").parse::<Time>().ok();
    let connector = connectors::by_slug(slug).expect("a connector");
    let reading = connector.read(&request, &response, now);
    if case.get("outcome") == "problem" {
        let right = reading
            .is_err_and(|p| case.get("problem").is_empty() || p.problem.as_str() == case.get("problem"));
        return (right, 0, 0);
    }
    let expected = recordings.join("expected/dev").join(format!("{}.ndjson", case.file));
    let wanted: Vec<Value> = fs::read_to_string(expected)
        .unwrap_or_default()
        .lines()
        .map(|l| serde_json::from_str(l).expect("a mention"))
        .collect();
    let Ok(reading) = reading else { return (false, 0, wanted.len()) };
    let mut left: Vec<&Mention> = reading.mentions.iter().collect();
    let mut found = 0;
    for mention in &wanted {
        if let Some(at) = left.iter().position(|got| same(mention, got)) {
            left.remove(at);
            found += 1;
        }
    }
    (found == wanted.len() && left.is_empty(), found, wanted.len())
}

/// At least nine files in ten and 97 of 100 mentions right.
fn asked(folder: &str, slug: &str) {
    let Some(recordings) = material() else { return };
    let (mut files, mut right, mut found, mut wanted) = (0, 0, 0, 0);
    for case in cases(&recordings, folder) {
        let (good, f, w) = judge(&recordings, slug, &case);
        files += 1;
        right += usize::from(good);
        found += f;
        wanted += w;
        if !good {
            println!("{}: {f} of {w} right", case.file);
        }
    }
    println!("{folder}: {right} of {files} files, {found} of {wanted} mentions right");
    assert!(files > 0, "no recordings of {folder}");
    assert!(right * 10 >= files * 9, "{right} of {files} files right");
    assert!(found * 100 >= wanted * 97, "{found} of {wanted} mentions right");
}

#[test]
fn recorded_feeds() {
    asked("feed", "feed");
}

#[test]
fn recorded_pages_with_marked_up_reviews() {
    asked("schema_org", "schema_org");
}

#[test]
fn recorded_app_store_reviews() {
    asked("app_store", "app_store");
}

#[test]
fn recorded_hacker_news() {
    asked("hacker_news", "hacker_news");
}

#[test]
fn recorded_mastodon() {
    asked("mastodon", "mastodon");
}

#[test]
fn recorded_bluesky() {
    asked("bluesky", "bluesky");
}

#[test]
fn recorded_reviews_of_other_platforms() {
    for slug in [
        "google_play",
        "google_business",
        "google_places",
        "google_takeout",
        "yelp",
        "trustpilot",
        "tripadvisor",
        "facebook",
        "instagram",
        "amazon",
        "woocommerce",
        "steam",
        "reddit",
        "x",
        "youtube",
        "stack_exchange",
        "discourse",
        "github",
        "telegram",
    ] {
        asked(slug, slug);
    }
}

#[test]
fn recorded_block_pages_are_called_blocked() {
    let Some(recordings) = material() else { return };
    for case in cases(&recordings, "blocked") {
        assert!(judge(&recordings, "schema_org", &case).0, "{}", case.file);
    }
}

/// No recording of any platform makes any connector panic.
#[test]
fn no_recording_breaks_any_connector() {
    let Some(recordings) = material() else { return };
    for folder in
        fs::read_dir(recordings.join("dev")).expect("a folder").flatten().filter(|f| f.path().is_dir())
    {
        for file in fs::read_dir(folder.path()).expect("a folder").flatten().filter(|f| f.path().is_file()) {
            let body = fs::read(file.path()).expect("a recording");
            // The beginning of each is enough to meet every shape.
            let body = &body[..body.len().min(150_000)];
            for connector in connectors::all() {
                let response = Response { status: 200, body: body.to_vec(), ..Response::default() };
                drop(connector.read(&Request::get(""), &response, None));
            }
        }
    }
}
