//! `goodword analyse`: lines of text or NDJSON in, one analysis a line out, in order. No data folder, no network, no configuration.

use std::{
    fs,
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use goodword_shared::{Analysis, Kind, Rating};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::analysis::{Analyser, Input};

/// What `goodword analyse` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Texts, one a line, or NDJSON objects {id, kind, title, text, rating, lang}; `-` reads standard input.
    file: PathBuf,
    /// The language of every text that does not declare its own (BCP 47).
    #[arg(long)]
    lang: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a Value,
    #[serde(flatten)]
    analysis: &'a Analysis,
}

/// Analyses and prints. 0: understood, line by line; 2: the file cannot be opened.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let lines = match open(&args.file) {
        Ok(lines) => lines,
        Err(error) => {
            eprintln!("goodword: {error:#}");
            return Ok(ExitCode::from(2));
        }
    };
    match answer(lines, args.lang.as_deref()) {
        // `| head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        other => other.map(|()| ExitCode::SUCCESS).context("cannot write the answer"),
    }
}

/// The file, or standard input for `-`.
pub(super) fn open(file: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    if file.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    let opened = fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Box::new(io::BufReader::new(opened)))
}

fn answer(mut lines: Box<dyn BufRead>, lang: Option<&str>) -> io::Result<()> {
    let analyser = Analyser::new();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut objects = None;
    let mut buffer = Vec::new();
    let mut number = 0u64;
    loop {
        buffer.clear();
        if lines.read_until(b'\n', &mut buffer)? == 0 {
            break;
        }
        number += 1;
        let text = String::from_utf8_lossy(&buffer);
        let line = text.trim_end_matches(['\n', '\r']);
        // The first line that holds something says which of the two forms the input has.
        if objects.is_none() && !line.trim().is_empty() {
            objects =
                Some(line.trim_start().starts_with('{') && serde_json::from_str::<Map<_, _>>(line).is_ok());
        }
        if objects == Some(true) {
            if line.trim().is_empty() {
                continue;
            }
            let item = serde_json::from_str::<Map<String, Value>>(line);
            let id = item.as_ref().ok().and_then(|i| i.get("id")).cloned().unwrap_or_else(|| json!(number));
            let analysis = match &item {
                Ok(item) => analyse(&analyser, item, lang, number),
                Err(error) => {
                    warn(&format!("not a JSON object ({error}): taken as empty"), number);
                    analyser.analyse(&Input::default())
                }
            };
            print(&mut out, &Answer { id: &id, analysis: &analysis })?;
        } else {
            let analysis = analyser.analyse(&Input { text: line, language: lang, ..Input::default() });
            print(&mut out, &Answer { id: &json!(number), analysis: &analysis })?;
        }
    }
    out.flush()
}

fn analyse(analyser: &Analyser, item: &Map<String, Value>, lang: Option<&str>, number: u64) -> Analysis {
    let string = |key: &str| item.get(key).and_then(Value::as_str);
    let kind = match string("kind") {
        None => Kind::Review,
        Some(name) => Kind::parse(name).unwrap_or_else(|| {
            warn(&format!("kind “{name}” is not known: taken as a review"), number);
            Kind::Review
        }),
    };
    let rating = match item.get("rating") {
        None | Some(Value::Null) => None,
        Some(value) => match serde_json::from_value::<Rating>(value.clone()) {
            Ok(rating) if rating.best > 0.0 => Some(rating),
            _ => {
                warn("rating is not {value, best}: left out", number);
                None
            }
        },
    };
    if string("text").is_none() {
        warn("no text: taken as empty", number);
    }
    analyser.analyse(&Input {
        kind,
        title: string("title"),
        text: string("text").unwrap_or_default(),
        rating,
        language: string("lang").or(lang),
    })
}

fn print<T: Serialize>(out: &mut impl Write, answer: &T) -> io::Result<()> {
    serde_json::to_writer(&mut *out, answer)?;
    out.write_all(b"\n")
}

fn warn(warning: &str, line: u64) {
    eprintln!("{}", json!({ "warning": warning, "at": format!("line {line}") }));
}
