//! `cargo xtask bench crawl`: pages fetched and read in a second of processor time, Goodword against Scrapy with parsel and against
//! aiohttp with selectolax, on the same generated pages from the same server in the same run. Its pages and Goodword's half are
//! `collector/benches/crawl.rs`, the others' halves `xtask/bench/crawl_*.py`.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use super::python;
use crate::process::{self, cargo};
use crate::steps::Lane;

/// What is compared with.
const PACKAGES: &[&str] =
    &["scrapy==2.13.4", "parsel==1.10.0", "aiohttp==3.12.15", "selectolax==0.3.34", "lxml==6.0.2"];

const PAGES: usize = 2_000;
const CONCURRENCY: &str = "8";

/// Kind of page, whether answers are kept, and how many times as many pages a second are asked for: than Scrapy, than selectolax.
const CASES: [(&str, bool, f64, Option<f64>); 4] = [
    ("json-ld", false, 40.0, None),
    ("json-ld", true, 15.0, None),
    ("microdata", false, 8.0, Some(2.0)),
    ("hreview", false, 3.0, None),
];

/// What a crawl took.
struct Took {
    pages: f64,
    reviews: f64,
    cpu: f64,
    rss_kb: f64,
}

impl Took {
    /// Pages in a second of processor time.
    fn speed(&self) -> f64 {
        self.pages / self.cpu.max(0.001)
    }
}

/// Measures and prints. `GOODWORD_BENCH_PAGES` crawls another number of pages.
///
/// # Errors
/// When something cannot be built or installed, a crawl fails, or two of them read different reviews.
pub fn run(lane: &Lane<'_>, _args: &[String]) -> Result<()> {
    let pages = std::env::var("GOODWORD_BENCH_PAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(PAGES);
    let python = python::environment(lane, "crawl", PACKAGES)?;
    let ours = program("crawl")?;
    let server = Server::start(&ours)?;
    println!("{pages} pages of 150–300 KB each; pages in a second of processor time, and most memory held");
    println!(
        "{:<22}{:>16}{:>16}{:>16}{:>14}{:>18}",
        "", "Goodword", "Scrapy", "selectolax", "of Scrapy", "of selectolax"
    );
    for (kind, captures, scrapy_asked, selectolax_asked) in CASES {
        let count = pages.to_string();
        let word = if captures { "captures" } else { "plain" };
        let goodword = crawl(pinned(&ours, 0).args([&server.address, kind, &count, word]))?;
        let others = |name: &str| {
            crawl(pinned(&python, 0).arg(python::script(name)).args([
                &server.address,
                kind,
                &count,
                CONCURRENCY,
            ]))
        };
        let (scrapy, selectolax) = (others("crawl_scrapy.py")?, others("crawl_selectolax.py")?);
        for other in [&scrapy, &selectolax] {
            if (other.pages, other.reviews) != (goodword.pages, goodword.reviews) {
                bail!(
                    "{kind}: {} reviews on {} pages, and {} on {} by Goodword",
                    other.reviews,
                    other.pages,
                    goodword.reviews,
                    goodword.pages
                );
            }
        }
        let cell = |took: &Took| format!("{:.0}/s {:.0} MB", took.speed(), took.rss_kb / 1024.0);
        let ratio = |other: &Took, asked: Option<f64>| {
            let times = goodword.speed() / other.speed();
            match asked {
                Some(asked) if times < asked => format!("{times:.1} < {asked}"),
                Some(asked) => format!("{times:.1} ≥ {asked}"),
                None => format!("{times:.1}"),
            }
        };
        println!(
            "{:<22}{:>16}{:>16}{:>16}{:>14}{:>18}",
            format!("{kind}{}", if captures { ", captures" } else { "" }),
            cell(&goodword),
            cell(&scrapy),
            cell(&selectolax),
            ratio(&scrapy, Some(scrapy_asked)),
            ratio(&selectolax, selectolax_asked),
        );
        if goodword.rss_kb * 4.0 > scrapy.rss_kb {
            println!("    memory: more than a quarter of Scrapy's");
        }
    }
    Ok(())
}

/// Builds a program of `collector/benches` and says where it is.
pub(super) fn program(name: &str) -> Result<PathBuf> {
    let told = process::output(cargo().args([
        "bench",
        "--quiet",
        "--package",
        "goodword",
        "--bench",
        name,
        "--no-run",
        "--message-format=json",
    ]))?;
    let found = told.lines().filter(|line| line.contains("\"compiler-artifact\"")).find_map(|line| {
        let path = line.split_once("\"executable\":\"")?.1.split('"').next()?;
        path.contains(&format!("/{name}-")).then(|| PathBuf::from(path))
    });
    found.with_context(|| format!("cargo did not say where the benchmark {name} is"))
}

/// The server with the pages; ends with this.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(program: &Path) -> Result<Self> {
        let mut child = pinned(program, 1).arg("serve").stdout(Stdio::piped()).spawn()?;
        let mut address = String::new();
        let said = child.stdout.take().context("the server says nothing")?;
        BufReader::new(said).read_line(&mut address)?;
        Ok(Self { child, address: address.trim().to_owned() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program kept to one processor, so that server and crawler do not push each other about; anywhere where that cannot be.
pub(super) fn pinned(program: &Path, processor: usize) -> Command {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    match process::find("taskset").filter(|_| processor < processors) {
        Some(taskset) => {
            let mut command = Command::new(taskset);
            command.arg("-c").arg(processor.to_string()).arg(program);
            command
        }
        None => Command::new(program),
    }
}

/// Runs a crawl and reads its last line: `pages=… reviews=… cpu=… rss_kb=…`.
fn crawl(command: &mut Command) -> Result<Took> {
    let said = process::output(command)?;
    let line = said.lines().last().unwrap_or_default();
    let field = |name: &str| -> Result<f64> {
        let value = line.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        value.and_then(|v| v.parse().ok()).with_context(|| format!("no {name} in {line:?}"))
    };
    Ok(Took {
        pages: field("pages")?,
        reviews: field("reviews")?,
        cpu: field("cpu")?,
        rss_kb: field("rss_kb")?,
    })
}
