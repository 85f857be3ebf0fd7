//! Goodword's half of `cargo xtask bench analysis`: `analysis WORD FILE` judges the texts of a file (rows of kind and text) and prints what
//! it took. WORD is `fast` (the first tier), `full` (the whole engine) or `second` (the second tier asked about every text).

use std::hint::black_box;

use anyhow::{Context, bail};
use goodword::analysis::{
    Analyser, Input,
    second::{Second, Tongue},
};
use goodword_shared::Kind;

/// Judges texts and forgets the answers.
type Judge = Box<dyn Fn(&[(Kind, &str)])>;

/// Texts that are handed over together, as the service does.
const BATCH: usize = 500;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let [word, file] = &args[..] else {
        // `cargo test --benches` asks for a quick proof that it runs.
        let analysis =
            Analyser::new().analyse(&Input { text: "Cold soup, but kind people.", ..Input::default() });
        println!("run by cargo xtask bench analysis ({} themes)", analysis.themes.len());
        return Ok(());
    };
    let rows = std::fs::read_to_string(file)?;
    let texts: Vec<(Kind, &str)> = rows
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(kind, text)| (if kind == "post" { Kind::Post } else { Kind::Review }, text))
        .collect();
    let judge: Judge = match word.as_str() {
        "fast" | "full" => {
            let analyser = if word == "fast" { Analyser::fast() } else { Analyser::new() };
            Box::new(move |texts| {
                let inputs: Vec<Input<'_>> =
                    texts.iter().map(|&(kind, text)| Input { kind, text, ..Input::default() }).collect();
                black_box(analyser.analyse_all(&inputs, 1));
            })
        }
        "second" => {
            let second = Second::read(include_bytes!("../data/english.bin"), Tongue::English)
                .context("the second tier's file")?;
            Box::new(move |texts| {
                for texts in texts.chunks(64) {
                    let texts: Vec<(&str, usize)> =
                        texts.iter().map(|&(kind, text)| (text, usize::from(kind == Kind::Review))).collect();
                    black_box(second.hear_all(&texts));
                }
            })
        }
        _ => bail!("fast, full or second"),
    };
    judge(&[(
        Kind::Review,
        "The first text pays for what is read when it is first needed, kind or not so kind.",
    )]);
    let before = cpu_seconds();
    texts.chunks(BATCH).for_each(&judge);
    println!("texts={} cpu={:.3} rss_kb={}", texts.len(), cpu_seconds() - before, peak_kb());
    Ok(())
}

/// Processor time of this thread so far, from the kernel's account.
fn cpu_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|n| n.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}
