//! `goodword identify`: mentions in, for each the customers who may have written it. No data folder, no network, no configuration.

use std::{
    cell::Cell,
    collections::HashMap,
    io::{self, BufRead, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use goodword_shared::{Mention, Time, customer::CustomerFacts, matching::Identification};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    analyse::open,
    records::{self, Row, Told},
};
use crate::{
    identity::{Index, Order},
    imports::{mapping, rows},
    reading::dates::{self, Order as DayOrder},
};

/// Mentions that are read before the first is answered: their authors show how many are no customers.
const CROWD: usize = 5000;

/// What `goodword identify` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Customers: CSV with the columns id, name, first, last, email, phone, city, handle, company, language, since, value, in any
    /// order and with any separator, or headings that mean them in several languages; vCard and NDJSON, too. An id is needed.
    #[arg(long)]
    customers: PathBuf,
    /// Orders: CSV or NDJSON with the columns id, customer, date, product, amount, branch, staff.
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
    let mut loaded = Loaded::default();
    let files = [(Some(&args.customers), true), (args.orders.as_ref(), false)];
    for (file, customers) in files.into_iter().filter_map(|(f, c)| Some((f?, c))) {
        let mut bytes = Vec::new();
        let read = open(file).and_then(|mut lines| Ok(lines.read_to_end(&mut bytes)?));
        if let Err(error) = read {
            return Ok(wrong(&error));
        }
        if let Err(detail) = loaded.load(&mut index, &bytes, file, customers) {
            eprintln!("{}", json!({ "problem": "malformed", "detail": detail }));
            return Ok(ExitCode::FAILURE);
        }
    }
    drop(loaded);
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

/// Warnings of one file that are told one by one; the rest is counted.
const WARNINGS: u64 = 100;

/// What was met in the files so far.
#[derive(Default)]
struct Loaded {
    /// Ids of customers, and the line each came first in.
    customers: HashMap<String, u64>,
}

impl Loaded {
    /// Reads customers or orders into the index. `Err` is why the file cannot be read.
    fn load(&mut self, index: &mut Index, bytes: &[u8], file: &Path, customers: bool) -> Result<(), String> {
        let name = file.display().to_string();
        let warnings = Cell::new(0);
        let say = |detail: &str, line: Option<u64>| {
            warnings.set(warnings.get() + 1);
            if warnings.get() <= WARNINGS {
                warn(detail, &line.map_or_else(|| name.clone(), |line| format!("{name} line {line}")));
            }
        };
        let (mut rows, mut nameless, mut unknown) = (0u64, 0u64, (0u64, String::new()));
        let mut warn_row = |detail: String, line: Option<u64>| say(&detail, line);
        let mut orders: HashMap<String, u64> = HashMap::new();
        let mut row = |row: &Row<'_>, days: DayOrder| {
            rows += 1;
            let problem = |detail: &str| say(detail, Some(row.line));
            if customers {
                nameless += u64::from(self.customer(index, row, days, &problem));
                return;
            }
            let Some(id) = row.cell("id") else { return problem("no order number: passed over") };
            let Some(customer) = row.cell("customer") else {
                return problem("an order without a customer: passed over");
            };
            if let Some(first) = orders.insert(id.clone(), row.line) {
                problem(&format!("order {id} is in line {first} as well: this line counts"));
            }
            if !self.customers.contains_key(&customer) {
                unknown = (unknown.0 + 1, customer.clone());
            }
            let date = row.cell("date");
            let moment = date.as_deref().and_then(|date| moment(date, days));
            if let Some(date) = date.filter(|_| moment.is_none()) {
                problem(&format!("“{date}” is no date, or may be two: read without it; write 2026-03-31"));
            }
            let amount = row.cell("amount");
            let paid = amount.as_deref().and_then(rows::amount);
            if let Some(amount) = amount.filter(|_| paid.is_none()) {
                problem(&format!("“{amount}” is no amount: read without it"));
            }
            index.insert_order(&Order {
                id,
                customer,
                date: moment,
                product: row.cell("product"),
                amount: paid,
                branch: row.cell("branch"),
                staff: row.cell("staff"),
            });
        };
        let (fields, needed, dated): (_, &[&str], _) = if customers {
            (mapping::CUSTOMERS, &["id"], "since")
        } else {
            (mapping::ORDERS, &["id", "customer"], "date")
        };
        let mut told = Told { warn: &mut warn_row, row: &mut row };
        records::read(bytes, fields, needed, dated, &mut told)
            .map_err(|detail| format!("{name}: {detail}"))?;
        if nameless > 0 && nameless == rows {
            say(
                "no column holds names: call the one that does “name”, or two of them “first” and “last”",
                None,
            );
        }
        if rows == 0 {
            say(if customers { "no customer is in this file" } else { "no order is in this file" }, None);
        }
        if unknown.0 > 0 {
            let (count, customer) = unknown;
            say(&format!("orders of customers who are not in the list, such as “{customer}”: {count}"), None);
        }
        if warnings.get() > WARNINGS {
            warn(&format!("{} more such warnings", warnings.get() - WARNINGS), &name);
        }
        Ok(())
    }

    /// Takes one customer; whether they have no name.
    fn customer(&mut self, index: &mut Index, row: &Row<'_>, days: DayOrder, problem: &dyn Fn(&str)) -> bool {
        let facts = facts(row, days);
        let nameless = facts.name.is_empty();
        // Address cards seldom have a number.
        let own = || facts.email.clone().or_else(|| Some(facts.name.clone()).filter(|name| !name.is_empty()));
        let Some(id) = row.cell("id").or_else(|| own().filter(|_| row.is_card)) else {
            problem("no id: passed over");
            return nameless;
        };
        if nameless && facts.email.is_none() && facts.handle.is_none() && facts.phone.is_none() {
            problem("neither name, e-mail, telephone nor handle: cannot be recognised");
        }
        if row.cell("since").is_some() && facts.since.is_none() {
            problem("the date in “since” is not understood: read without it");
        }
        index.insert(&id, &facts);
        if let Some(first) = self.customers.insert(id.clone(), row.line) {
            problem(&format!("customer {id} is in line {first} as well: this line counts"));
        }
        nameless
    }
}

fn facts(row: &Row<'_>, days: DayOrder) -> CustomerFacts {
    let cell = |field: &str| row.cell(field);
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
        handle: cell("handle").map(|handle| handle.trim_start_matches('@').to_owned()),
        language: cell("language").and_then(|language| rows::language(&language)),
        since: cell("since").as_deref().and_then(|since| moment(since, days)),
        value: cell("value").as_deref().and_then(rows::amount),
        ..CustomerFacts::default()
    }
}

fn moment(text: &str, days: DayOrder) -> Option<Time> {
    dates::parse_ordered(text, days).map(|(time, _)| time)
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
