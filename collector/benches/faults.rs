//! What it costs to refuse an answer that means harm or is broken: processor time and memory of fetching and reading it, for each
//! fault of the fault tests. Prints a table; run by `cargo xtask bench faults`.
//!
//! The server is this program once more, in a process of its own, so that its work is not counted.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::Duration,
};

use goodword::{
    clock, connectors,
    fetch::{FetchSettings, Fetcher},
    wire::Request,
};
use goodword_shared::{problem::SourceProblem, source::Values};

#[path = "../tests/it/faulty.rs"]
mod faulty;

/// What is asked of every refusal.
const MOST_CPU_MS: f64 = 250.0;
const MOST_MIB: f64 = 64.0;

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if std::env::args().any(|arg| arg == "serve") {
        return runtime.block_on(async {
            println!("{}", faulty::start().await.0);
            // Until whoever started us ends us.
            std::future::pending().await
        });
    }
    let quick = std::env::args().any(|arg| arg == "--test");
    let mut server = Command::new(std::env::current_exe()?).arg("serve").stdout(Stdio::piped()).spawn()?;
    let mut address = String::new();
    let said = server.stdout.take().ok_or_else(|| anyhow::anyhow!("no output"))?;
    BufReader::new(said).read_line(&mut address)?;
    let measured = runtime.block_on(measure(address.trim(), quick));
    server.kill()?;
    server.wait()?;
    measured
}

async fn measure(address: &str, quick: bool) -> anyhow::Result<()> {
    // What only waits needs not wait half a minute to be weighed.
    let deadline = Duration::from_secs(if quick { 1 } else { 10 });
    let settings = FetchSettings {
        allow_private: vec![address.to_owned()],
        retries: 0,
        deadline,
        ..FetchSettings::default()
    };
    let fetcher = std::sync::Arc::new(Fetcher::new(settings)?);
    println!("{:<22}{:<12}{:>10}{:>12}  what is said of it", "fault", "connector", "cpu ms", "more MiB");
    let mut dear = Vec::new();
    for fault in faulty::FAULTS {
        let (_, before) = memory();
        let cpu_before = cpu_ms();
        let said = tokio::spawn(refusal(
            fetcher.clone(),
            fault.connector,
            format!("http://{address}/{}", fault.name),
        ));
        let said = said.await?;
        let as_wanted = match &said {
            Ok(found) => fault.told.is_none() && *found == fault.read as usize,
            Err(problem) => Some(problem.problem) == fault.told || fault.endless,
        };
        let (cpu, (peak, _)) = (cpu_ms() - cpu_before, memory());
        let more = (peak - before).max(0.0);
        let said = match said {
            Ok(found) => format!("{found} mentions"),
            Err(problem) => problem.problem.to_string(),
        };
        let mark = match () {
            () if !as_wanted => "  not what was expected",
            () if cpu > MOST_CPU_MS || more > MOST_MIB => "  too much",
            () => "",
        };
        println!("{:<22}{:<12}{cpu:>10.0}{more:>12.1}  {said}{mark}", fault.name, fault.connector);
        if !mark.is_empty() {
            dear.push(fault.name);
        }
    }
    println!(
        "asked: at most {MOST_CPU_MS:.0} ms and {MOST_MIB:.0} MiB each; {} of {} cost more",
        dear.len(),
        faulty::FAULTS.len()
    );
    Ok(())
}

/// One run as the engine makes it, as far as the first answer.
async fn refusal(
    fetcher: std::sync::Arc<Fetcher>,
    slug: &'static str,
    url: String,
) -> Result<usize, SourceProblem> {
    let connector = connectors::by_slug(slug).expect("a connector");
    let pairs = [("url", url.as_str()), ("base", &url), ("mode", "tag"), ("term", "rye")];
    let settings: Values = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let request: Request = connector.start(&settings, None)?;
    let fetched = fetcher.fetch(&request, Duration::ZERO, None, clock::now()).await?;
    let read = tokio::task::spawn_blocking(move || connector.read(&request, &fetched.response, None)).await;
    Ok(read.expect("no panic")?.mentions.len())
}

/// The most memory held since the last call, and what is held now, in MiB.
fn memory() -> (f64, f64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| -> f64 {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default() / 1_024.0
    };
    let found = (field("VmHWM:"), field("VmRSS:"));
    // Resets the high-water mark.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    found
}

/// Processor time of this process so far, in milliseconds, to the hundredth of a second that the kernel accounts in.
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    [11, 12].iter().filter_map(|n| fields.get(*n)?.parse::<f64>().ok()).sum::<f64>() * 10.0
}
