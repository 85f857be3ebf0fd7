//! `goodword read`: one recorded answer in, mentions out, one JSON object a line. No data folder, no network, no configuration.

use std::{
    fs,
    io::{self, Read, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context;
use chrono::{DateTime, Utc};
use goodword_shared::problem::{ProblemKind, SourceProblem};

use crate::{
    connectors,
    wire::{Request, Response},
};

/// What `goodword read` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The connector's slug: app_store, feed, schema_org …
    connector: String,
    /// The recorded body; `-` reads standard input.
    file: PathBuf,
    /// The address that it was asked from.
    #[arg(long, default_value = "")]
    url: String,
    /// Its HTTP status.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(100..=599))]
    status: u16,
    /// Its Content-Type.
    #[arg(long)]
    content_type: Option<String>,
    /// The time of reading, for relative dates (RFC 3339); without it they stay unknown.
    #[arg(long)]
    now: Option<DateTime<Utc>>,
    /// Writes the further requests that the connector would make, one JSON object a line, without their headers.
    #[arg(long)]
    follow_out: Option<PathBuf>,
}

/// Reads the body and prints its mentions. 0: understood; 1: a problem, in one line on stderr; 2: wrong usage.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(connector) = connectors::by_slug(&args.connector) else {
        let known: Vec<String> = connectors::all().iter().map(|c| c.describe().slug).collect();
        eprintln!("goodword: there is no connector “{}”; there are: {}", args.connector, known.join(", "));
        return Ok(ExitCode::from(2));
    };
    let body = match load(&args.file) {
        Ok(body) => body,
        Err(error) => {
            eprintln!("goodword: {error:#}");
            return Ok(ExitCode::from(2));
        }
    };
    let request = Request::get(args.url.clone());
    let response = Response {
        status: args.status,
        url: args.url,
        content_type: args.content_type,
        headers: Vec::new(),
        body,
    };
    let reading = match connector.read(&request, &response, args.now) {
        Ok(reading) => reading,
        Err(problem) => {
            report(&problem)?;
            return Ok(ExitCode::FAILURE);
        }
    };
    if let Some(path) = &args.follow_out {
        let mut lines = String::new();
        for request in &reading.follow {
            let line = serde_json::json!({
                "verb": request.verb,
                "url": request.url,
                "robots": request.robots,
                "note": request.note,
            });
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
        fs::write(path, lines).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let mut errors = io::stderr().lock();
    for warning in &reading.warnings {
        writeln!(errors, "{}", serde_json::to_string(warning)?)?;
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    for mention in &reading.mentions {
        serde_json::to_writer(&mut out, mention)?;
        out.write_all(b"\n")?;
    }
    match out.flush() {
        // `| head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        other => other.map(|()| ExitCode::SUCCESS).context("cannot write the answer"),
    }
}

fn load(file: &PathBuf) -> anyhow::Result<Vec<u8>> {
    if file.as_os_str() == "-" {
        let mut body = Vec::new();
        io::stdin().lock().read_to_end(&mut body).context("cannot read standard input")?;
        return Ok(body);
    }
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// The filters know six classes; the two that only arise while fetching are told as the nearest of them.
fn report(problem: &SourceProblem) -> anyhow::Result<()> {
    let class = match problem.problem {
        ProblemKind::Unreachable => ProblemKind::Malformed,
        ProblemKind::Refused => ProblemKind::Unsupported,
        class => class,
    };
    let line = serde_json::to_string(&SourceProblem { problem: class, detail: problem.detail.clone() })?;
    eprintln!("{line}");
    Ok(())
}
