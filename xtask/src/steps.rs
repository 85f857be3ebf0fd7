//! Steps: each is announced with what it does, timed, and listed in a closing table.
//!
//! A [`Lane`] is where steps run one after another. The main lane prints what its programs print; a side lane
//! runs beside it and keeps its programs' output in a log file, so that two outputs never mix.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::workspace;

/// What has been done so far, shared by all lanes.
#[derive(Default)]
pub struct Steps {
    done: Mutex<Vec<Done>>,
}

struct Done {
    title: String,
    took: Duration,
    outcome: Outcome,
}

#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    Passed,
    Failed,
    Skipped,
}

/// One sequence of steps.
pub struct Lane<'a> {
    steps: &'a Steps,
    log: Option<PathBuf>,
}

impl Steps {
    /// The main lane: its programs write straight to the terminal.
    pub fn lane(&self) -> Lane<'_> {
        Lane { steps: self, log: None }
    }

    /// A side lane: its programs write to `target/xtask/NAME.log`, which is shown when one fails.
    ///
    /// # Errors
    /// When the log cannot be created.
    pub fn side_lane(&self, name: &str) -> Result<Lane<'_>> {
        let folder = workspace::own_folder();
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let log = folder.join(format!("{name}.log"));
        File::create(&log).with_context(|| format!("cannot create {}", log.display()))?;
        Ok(Lane { steps: self, log: Some(log) })
    }

    /// Prints every step with its time, slowest visible at a glance. Nothing is printed for fewer than two steps.
    pub fn print_table(&self) {
        let done = self.done.lock().expect("no step panics while it is being listed");
        if done.len() < 2 {
            return;
        }
        let width = done.iter().map(|step| step.title.chars().count()).max().unwrap_or(0);
        println!("\n{:width$}  {:>8}", "step", "seconds");
        for step in done.iter() {
            let mark = match step.outcome {
                Outcome::Passed => "",
                Outcome::Failed => "  failed",
                Outcome::Skipped => "  left out",
            };
            println!("{:width$}  {:>8.1}{mark}", step.title, step.took.as_secs_f64());
        }
    }

    fn record(&self, title: &str, took: Duration, outcome: Outcome) {
        let done = Done { title: title.to_owned(), took, outcome };
        self.done.lock().expect("no step panics while it is being recorded").push(done);
    }
}

impl Lane<'_> {
    /// Runs one step: says its title, does the work, says how long it took.
    ///
    /// # Errors
    /// Those of the work, with the step's title in front.
    pub fn step<T>(&self, title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("==> {title}");
        let start = Instant::now();
        let result = work();
        let took = start.elapsed();
        let outcome = if result.is_ok() { Outcome::Passed } else { Outcome::Failed };
        self.steps.record(title, took, outcome);
        let word = if result.is_ok() { "done" } else { "failed" };
        println!("    {word} in {:.1} s: {title}", took.as_secs_f64());
        result.with_context(|| title.to_owned())
    }

    /// Says that a step is left out, and why; it still appears in the table.
    pub fn skip(&self, title: &str, reason: &str) {
        println!("==> {title}: left out, {reason}");
        self.steps.record(title, Duration::ZERO, Outcome::Skipped);
    }

    /// A line of explanation below the running step.
    pub fn say(&self, line: impl AsRef<str>) {
        println!("    {}", line.as_ref());
    }

    /// Where programs of this lane write: a log file opened at its end, or nothing for the terminal.
    pub fn log(&self) -> Result<Option<(&Path, File)>> {
        let Some(path) = &self.log else { return Ok(None) };
        let file = OpenOptions::new().append(true).open(path);
        Ok(Some((path, file.with_context(|| format!("cannot open {}", path.display()))?)))
    }
}
