//! Learns the weights of the fast tier of Goodword's analysis: `goodword-training DATA OUT [SEED]`.
//!
//! DATA holds `train/*.tsv` (label, text) and `train/aspects/*_terms.tsv` (polarity, term, text with `$T$`), and `dev/*.tsv`, whose
//! texts and their near copies are not learned from. OUT receives
//! `fast.bin`, `verdict.tsv` and `fast.manifest.tsv`; it is `collector/data`. The same data and seed give the same bytes.
//! `goodword-training check OUT FOLDER` measures those weights on the labelled texts of a folder.
//! `goodword-training texts DATA FILE` writes the texts to learn from as rows for the training of the second tier (`second.py`).
//! `goodword-training tongues DATA OUT [SEED]` learns to tell languages apart (`language.bin`); run it before the others.
//! `goodword-training weigh DATA OUT` weighs the tiers against each other once more (`verdict.tsv`), for a new second tier.
//! It reads texts by the collector's own source files, so that training and use cannot differ.

use std::{fs, path::Path, process::ExitCode};

#[expect(dead_code, reason = "training uses the reading half of the analysis")]
#[path = "../../collector/src/analysis/mod.rs"]
mod analysis;
mod check;
mod copies;
mod corpus;
mod learn;
mod texts;
mod tongues;
mod wants;
mod weigh;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, out, rest @ ..] = &arguments[..] else {
        eprintln!(
            "usage: goodword-training DATA OUT [SEED] | check OUT FOLDER | texts DATA FILE | tongues DATA OUT [SEED] | weigh DATA OUT"
        );
        return ExitCode::from(2);
    };
    match (data.as_str(), rest) {
        ("check", [folder]) => return finish(measure(Path::new(out), Path::new(folder))),
        ("weigh", [folder]) => return finish(weigh_again(Path::new(out), Path::new(folder))),
        ("texts", [file]) => return finish(texts::write(Path::new(out), Path::new(file))),
        ("tongues", [folder, rest @ ..]) => {
            return finish(tell(Path::new(out), Path::new(folder), seed(rest)));
        }
        _ => {}
    }
    finish(run(Path::new(data), Path::new(out), seed(rest)))
}

fn seed(rest: &[String]) -> u64 {
    rest.first().and_then(|s| s.parse().ok()).unwrap_or(1)
}

fn finish(result: std::io::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("goodword-training: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(out: &Path, folder: &Path) -> std::io::Result<()> {
    // The engine borrows its weights for the life of the programme.
    let fast: &'static [u8] = fs::read(out.join("fast.bin"))?.leak();
    let verdict = fs::read_to_string(out.join("verdict.tsv"))?;
    check::check(&analysis::Analyser::with(fast, &verdict, second(out)), folder)
}

/// The second tier's files; nothing where they have not been learned.
fn second(out: &Path) -> [&'static [u8]; 2] {
    ["english.bin", "abroad.bin"].map(|name| &*fs::read(out.join(name)).unwrap_or_default().leak())
}

fn tell(data: &Path, out: &Path, seed: u64) -> std::io::Result<()> {
    let file = tongues::learn(data, out, seed)?;
    fs::write(out.join("language.bin"), file)
}

fn weigh_again(data: &Path, out: &Path) -> std::io::Result<()> {
    let corpus = corpus::Corpus::read(data)?;
    let weights = weigh::weigh(&corpus, &fs::read(out.join("fast.bin"))?, second(out));
    fs::write(out.join("verdict.tsv"), weights)
}

fn run(data: &Path, out: &Path, seed: u64) -> std::io::Result<()> {
    let corpus = corpus::Corpus::read(data)?;
    println!("{} texts of {} sets", corpus.examples.len(), corpus.sets.len());
    let file = learn::learn(&corpus, seed);
    fs::write(out.join("fast.bin"), &file)?;
    let weights = weigh::weigh(&corpus, &file, second(out));
    fs::write(out.join("verdict.tsv"), weights)?;
    let mut manifest = String::from(
        "# What fast.bin was trained on. set <TAB> group <TAB> texts <TAB> bytes of text <TAB> near copies left out\n",
    );
    for set in &corpus.sets {
        manifest.push_str(&format!(
            "{}\t{}\t{}\t{}\t{}\n",
            set.name, set.group, set.texts, set.bytes, set.copies
        ));
    }
    manifest.push_str(&format!("# seed {seed}\n"));
    fs::write(out.join("fast.manifest.tsv"), manifest)
}
