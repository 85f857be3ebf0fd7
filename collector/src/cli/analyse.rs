//! `goodword analyse`: lines of text or NDJSON in, one analysis a line out, in order. No data folder, no network, no configuration.

use std::{
    fs,
    io::{self, BufRead, Write},
    num::NonZero,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::mpsc,
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

/// Lines that are judged together, at most.
const TOGETHER: usize = 512;

/// What a line asks.
#[derive(Default)]
struct Question {
    id: Value,
    kind: Kind,
    title: Option<String>,
    text: String,
    rating: Option<Rating>,
    language: Option<String>,
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
pub(super) fn open(file: &Path) -> anyhow::Result<Box<dyn BufRead + Send>> {
    if file.as_os_str() == "-" {
        return Ok(Box::new(io::BufReader::new(io::stdin())));
    }
    let opened = fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Box::new(io::BufReader::new(opened)))
}

/// A thread reads ahead, so that lines that are there already are judged together and nobody who asks line by line waits for more.
fn answer(mut lines: Box<dyn BufRead + Send>, lang: Option<&str>) -> io::Result<()> {
    let (ahead, read) = mpsc::sync_channel(TOGETHER);
    std::thread::spawn(move || {
        loop {
            let mut line = Vec::new();
            let next = lines.read_until(b'\n', &mut line).map(|_| line);
            let last = next.as_ref().map_or(true, Vec::is_empty);
            if ahead.send(next).is_err() || last {
                break;
            }
        }
    });
    let analyser = Analyser::new();
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut objects = None;
    let mut number = 0u64;
    let mut questions = Vec::new();
    let mut ends = false;
    while !ends {
        let mut next = Some(read.recv().unwrap_or_else(|_| Ok(Vec::new())));
        while let Some(line) = next {
            let line = line?;
            ends = line.is_empty();
            if ends {
                break;
            }
            number += 1;
            let text = String::from_utf8_lossy(&line);
            questions.extend(question(text.trim_end_matches(['\n', '\r']), &mut objects, lang, number));
            next = if questions.len() < TOGETHER { read.try_recv().ok() } else { None };
        }
        let inputs: Vec<Input<'_>> = questions.iter().map(Question::input).collect();
        for (Question { id, .. }, analysis) in questions.iter().zip(analyser.analyse_all(&inputs, threads)) {
            print(&mut out, &Answer { id, analysis: &analysis })?;
        }
        out.flush()?;
        questions.clear();
    }
    Ok(())
}

/// What a line asks; nothing for an empty line between objects. The first line that holds something says which of the two forms the
/// input has.
fn question(line: &str, objects: &mut Option<bool>, lang: Option<&str>, number: u64) -> Option<Question> {
    if objects.is_none() && !line.trim().is_empty() {
        *objects =
            Some(line.trim_start().starts_with('{') && serde_json::from_str::<Map<_, _>>(line).is_ok());
    }
    if *objects != Some(true) {
        let language = lang.map(str::to_owned);
        return Some(Question { id: json!(number), text: line.to_owned(), language, ..Question::default() });
    }
    if line.trim().is_empty() {
        return None;
    }
    Some(match serde_json::from_str::<Map<String, Value>>(line) {
        Ok(item) => asked(&item, lang, number),
        Err(error) => {
            warn(&format!("not a JSON object ({error}): taken as empty"), number);
            Question { id: json!(number), ..Question::default() }
        }
    })
}

fn asked(item: &Map<String, Value>, lang: Option<&str>, number: u64) -> Question {
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
    Question {
        id: item.get("id").cloned().unwrap_or_else(|| json!(number)),
        kind,
        title: string("title").map(str::to_owned),
        text: string("text").unwrap_or_default().to_owned(),
        rating,
        language: string("lang").or(lang).map(str::to_owned),
    }
}

impl Question {
    fn input(&self) -> Input<'_> {
        Input {
            kind: self.kind,
            title: self.title.as_deref(),
            text: &self.text,
            rating: self.rating,
            language: self.language.as_deref(),
        }
    }
}

fn print<T: Serialize>(out: &mut impl Write, answer: &T) -> io::Result<()> {
    serde_json::to_writer(&mut *out, answer)?;
    out.write_all(b"\n")
}

fn warn(warning: &str, line: u64) {
    eprintln!("{}", json!({ "warning": warning, "at": format!("line {line}") }));
}
