//! Measures the analysis on labelled texts that it was not trained on: accuracy, macro-recall, macro-F1, calibration, speed.

use std::{fs, io, path::Path, time::Instant};

use goodword_shared::{Kind, Label};

use crate::analysis::{Analyser, Input};

/// Sets of posts; the others are reviews.
const POSTS: [&str; 6] = ["tweeteval", "airline", "xlmt", "complaints", "germeval", "s140"];

/// Prints a line for each set of the folder.
pub fn check(analyser: &Analyser, folder: &Path) -> io::Result<()> {
    let mut files: Vec<_> = fs::read_dir(folder)?.filter_map(|e| Some(e.ok()?.path())).collect();
    files.sort();
    println!(
        "{:14} {:>6} {:>6} {:>7} {:>7} {:>6} {:>6} {:>9}",
        "set", "texts", "acc", "recall", "F1", "ece", "unsure", "texts/s"
    );
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "tsv")) {
        let name = file.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        let text = fs::read_to_string(file)?;
        let rows: Vec<(&str, &str)> = text.lines().filter_map(|l| l.split_once('\t')).collect();
        measure(analyser, name, &rows);
    }
    Ok(())
}

fn measure(analyser: &Analyser, name: &str, rows: &[(&str, &str)]) {
    let kind = if POSTS.iter().any(|p| name.starts_with(p)) { Kind::Post } else { Kind::Review };
    let complaint = name == "complaints";
    let side = |label: &str| match label {
        "neg" | "1" | "2" | "no" => Some(0usize),
        "neu" | "3" => Some(1),
        "pos" | "4" | "5" | "complaint" => Some(2),
        _ => None,
    };
    let Some(truth) = rows.iter().map(|(l, _)| side(l)).collect::<Option<Vec<_>>>() else { return };
    let three = truth.contains(&1);
    let start = Instant::now();
    let answers: Vec<_> =
        rows.iter().map(|(_, text)| analyser.analyse(&Input { kind, text, ..Input::default() })).collect();
    let took = start.elapsed().as_secs_f64();
    let guess = |a: &goodword_shared::Analysis| match (complaint, three) {
        (true, _) => 2 * usize::from(a.has_intent("complaint")),
        (_, false) => 2 * usize::from(a.sentiment.score > 0.0),
        _ => match a.sentiment.label {
            Label::Negative => 0,
            Label::Positive => 2,
            Label::Neutral | Label::Mixed => 1,
        },
    };
    let mut table = [[0f64; 3]; 3];
    let (mut bins, mut unsure) = ([[0f64; 3]; 10], 0);
    for (a, t) in answers.iter().zip(&truth) {
        let g = guess(a);
        table[*t][g] += 1.0;
        unsure += usize::from(a.sentiment.uncertain);
        let bin = ((a.sentiment.confidence * 10.0).ceil() as usize).clamp(1, 10) - 1;
        bins[bin][0] += 1.0;
        bins[bin][1] += a.sentiment.confidence;
        bins[bin][2] += f64::from(g == *t);
    }
    let n = rows.len() as f64;
    let (mut recall, mut f1, mut classes) = (0.0, 0.0, 0.0);
    for c in (0..3).filter(|c| table[*c].iter().sum::<f64>() > 0.0) {
        let gold: f64 = table[c].iter().sum();
        let said: f64 = table.iter().map(|r| r[c]).sum();
        classes += 1.0;
        recall += table[c][c] / gold;
        f1 += 2.0 * table[c][c] / (gold + said);
    }
    let ece: f64 = bins.iter().map(|b| (b[1] - b[2]).abs() / n).sum();
    println!(
        "{name:14} {:6} {:6.3} {:7.3} {:7.3} {} {:6.2} {:9.0}",
        rows.len(),
        (0..3).map(|c| table[c][c]).sum::<f64>() / n,
        recall / classes,
        f1 / classes,
        if three { format!("{ece:6.3}") } else { "     –".into() },
        unsure as f64 / n,
        n / took
    );
}
