//! `goodword identify`: mentions in, for each the customers who may have written it. No data folder, no network, no configuration.

use std::{
    collections::HashMap,
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use goodword_shared::{Mention, Time, customer::CustomerFacts, matching::Identification};
use serde::Serialize;
use serde_json::{Value, json};

use super::analyse::open;
use crate::identity::{Index, Order};

/// Mentions that are read before the first is answered: their authors show how many are no customers.
const CROWD: usize = 5000;

/// What `goodword identify` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Customers: CSV with the columns id, name, first, last, email, phone, city, handle, company, language, since, value, in any
    /// order; id and a name are needed.
    #[arg(long)]
    customers: PathBuf,
    /// Orders: CSV with the columns id, customer, date, product, amount, branch, staff.
    #[arg(long)]
    orders: Option<PathBuf>,
    /// Mentions, one JSON object a line, as `goodword read` prints them, with an `id` or external_id; `-` reads standard input.
    file: PathBuf,
}

#[derive(Serialize)]
struct Answer {
    id: Value,
    #[serde(flatten)]
    identification: Identification,
}

/// Identifies and prints. 0: understood; 1: the customers or orders cannot be read; 2: a file cannot be opened.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut index = Index::new();
    let files = [(Some(&args.customers), true), (args.orders.as_ref(), false)];
    for (file, customers) in files.into_iter().filter_map(|(f, c)| Some((f?, c))) {
        let lines = match open(file) {
            Ok(lines) => lines,
            Err(error) => return Ok(wrong(&error)),
        };
        if let Err(detail) = load(&mut index, lines, file, customers) {
            eprintln!("{}", json!({ "problem": "malformed", "detail": detail }));
            return Ok(ExitCode::FAILURE);
        }
    }
    let mut mentions = match open(&args.file) {
        Ok(lines) => lines,
        Err(error) => return Ok(wrong(&error)),
    };
    match answer(index, &mut mentions) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        other => other.map(|()| ExitCode::SUCCESS).context("cannot write the answer"),
    }
}

fn wrong(error: &anyhow::Error) -> ExitCode {
    eprintln!("goodword: {error:#}");
    ExitCode::from(2)
}

fn warn(warning: &str, at: &str) {
    eprintln!("{}", json!({ "warning": warning, "at": at }));
}

/// Rows of a CSV file by column name. Broken rows are reported and passed over.
fn load(index: &mut Index, lines: Box<dyn BufRead>, file: &Path, customers: bool) -> Result<(), String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(lines);
    let headers = reader.headers().map_err(|e| format!("{}: {e}", file.display()))?.clone();
    let columns: HashMap<String, usize> = headers
        .iter()
        .enumerate()
        .map(|(at, name)| (name.trim_start_matches('\u{feff}').trim().to_lowercase(), at))
        .collect();
    let wanted: &[&str] = if customers { &["id"] } else { &["id", "customer"] };
    if let Some(missing) = wanted.iter().find(|w| !columns.contains_key(**w)) {
        return Err(format!(
            "{}: there is no column “{missing}”; name the columns in the first line",
            file.display()
        ));
    }
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                warn(&error.to_string(), &file.display().to_string());
                continue;
            }
        };
        let at = || format!("{} line {}", file.display(), row.position().map_or(0, csv::Position::line));
        let cell = |name: &str| {
            let value = row.get(*columns.get(name)?)?.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        let Some(id) = cell("id") else {
            warn("no id: passed over", &at());
            continue;
        };
        if customers {
            let facts = facts(&cell);
            if facts.name.is_empty() && facts.email.is_none() && facts.handle.is_none() {
                warn("neither name, e-mail nor handle: cannot be recognised", &at());
            }
            index.insert(&id, &facts);
        } else if let Some(customer) = cell("customer") {
            index.insert_order(&Order {
                id,
                customer,
                date: cell("date").as_deref().and_then(moment),
                product: cell("product"),
                amount: cell("amount").and_then(|a| a.parse().ok()),
                branch: cell("branch"),
                staff: cell("staff"),
            });
        } else {
            warn("an order without a customer: passed over", &at());
        }
    }
    Ok(())
}

fn facts(cell: &impl Fn(&str) -> Option<String>) -> CustomerFacts {
    let (first, last, company) = (cell("first"), cell("last"), cell("company"));
    let joined = [first.as_deref(), last.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let name = cell("name").or(Some(joined).filter(|n| !n.is_empty())).or_else(|| company.clone());
    CustomerFacts {
        name: name.unwrap_or_default(),
        first,
        last,
        company,
        email: cell("email"),
        phone: cell("phone"),
        city: cell("city"),
        handle: cell("handle"),
        language: cell("language"),
        since: cell("since").as_deref().and_then(moment),
        value: cell("value").and_then(|v| v.parse().ok()),
        ..CustomerFacts::default()
    }
}

/// RFC 3339, or a date alone.
fn moment(text: &str) -> Option<Time> {
    let exact = chrono::DateTime::parse_from_rfc3339(text).map(|t| t.to_utc()).ok();
    exact.or_else(|| Some(text.parse::<chrono::NaiveDate>().ok()?.and_hms_opt(0, 0, 0)?.and_utc()))
}

/// A mention with the id to answer under.
type Asked = (Value, Mention);

/// Reads the first mentions, reckons from their authors how many are no customers, and answers.
fn answer(mut index: Index, lines: &mut dyn BufRead) -> io::Result<()> {
    let (mut first, mut number) = (Vec::new(), 0);
    while first.len() < CROWD
        && let Some(asked) = next(lines, &mut number)?
    {
        first.push(asked);
    }
    index.settle();
    index.reckon(first.iter().map(|(_, mention)| mention));
    let mut out = io::BufWriter::new(io::stdout().lock());
    for asked in first {
        tell(&index, asked, &mut out)?;
    }
    while let Some(asked) = next(lines, &mut number)? {
        tell(&index, asked, &mut out)?;
    }
    out.flush()
}

fn tell(index: &Index, (id, mention): Asked, out: &mut impl Write) -> io::Result<()> {
    let answer = Answer { id, identification: index.identify(&mention, &[]) };
    serde_json::to_writer(&mut *out, &answer)?;
    out.write_all(b"\n")
}

/// The next mention; what is none is reported and passed over.
fn next(lines: &mut dyn BufRead, number: &mut u64) -> io::Result<Option<Asked>> {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        if lines.read_until(b'\n', &mut buffer)? == 0 {
            return Ok(None);
        }
        *number += 1;
        let line = String::from_utf8_lossy(&buffer);
        if line.trim().is_empty() {
            continue;
        }
        let read = serde_json::from_str::<Value>(&line).and_then(|value| {
            let ids = [value.get("id"), value.get("external_id")];
            let id = ids.into_iter().flatten().find(|v| !v.is_null()).cloned();
            Ok((id.unwrap_or(Value::Null), serde_json::from_value::<Mention>(value)?))
        });
        match read {
            Ok(asked) => return Ok(Some(asked)),
            Err(error) => warn(&format!("not a mention: {error}"), &format!("line {number}")),
        }
    }
}
