//! Writes the texts to learn from as rows, near copies of measured texts left out, for the training of the second tier.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use crate::{
    copies::Seen,
    corpus::{Answer, Corpus, measured},
    wants,
};

/// Sets whose labels stay as they are: the themes of a sentence with their polarity, and what else a text can be.
const AS_THEY_ARE: [&str; 8] = [
    "goemotions",
    "te_emotion",
    "te_irony",
    "te_offensive",
    "aspects/mams",
    "aspects/rest14",
    "aspects/laptop14",
    "aspects/laptop15",
];

/// Rows of set, task (`post`, `review`, `clause`, `complaint`, `intents`, `raw`), label, weight, whether kept back, language, first and
/// last character of the term, or of intents the kind of text, or nothing, text.
pub fn write(data: &Path, file: &Path) -> io::Result<()> {
    let corpus = Corpus::read(data)?;
    let mut out = io::BufWriter::new(fs::File::create(file)?);
    for example in &corpus.examples {
        let (task, label) = match example.answer {
            Answer::Three(side) => (["post", "review", "clause"][example.group], format!("{side}")),
            Answer::Two(side) => (["post", "review", "clause"][example.group], format!("{side}of2")),
            Answer::Complaint(yes) => ("complaint", format!("{}", u8::from(yes))),
        };
        let set = &corpus.sets[example.set].name;
        let language = example.language.unwrap_or("und");
        let term = example.term.map_or(String::new(), |(from, to)| format!("{from},{to}"));
        let (weight, kept) = (example.weight, u8::from(example.kept_back));
        writeln!(out, "{set}\t{task}\t{label}\t{weight}\t{kept}\t{language}\t{term}\t{}", example.text)?;
    }
    for sentence in wants::sentences() {
        let wants::Sentence { text, language, label, .. } = sentence;
        let set = if language == "en" { "intents_en" } else { "intents" };
        let (kind, kept) = (["post", "review"][sentence.group], u8::from(sentence.kept_back));
        writeln!(out, "{set}\tintents\t{label}\t1\t{kept}\t{language}\t{kind}\t{text}")?;
    }
    let mut seen = Seen::default();
    measured(&data.join("dev"), &mut seen)?;
    measured(&data.join("dev/aspects"), &mut seen)?;
    for set in AS_THEY_ARE {
        let Ok(rows) = fs::read_to_string(data.join("train").join(format!("{set}.tsv"))) else {
            println!("{set}: not there, left out");
            continue;
        };
        for (number, row) in rows.lines().enumerate() {
            let (Some((label, _)), Some((_, text))) = (row.split_once('\t'), row.rsplit_once('\t')) else {
                continue;
            };
            if !seen.knows(text) {
                let kept = u8::from(number / 20 % 10 == 7);
                writeln!(out, "{set}\traw\t{label}\t1\t{kept}\t\t\t{text}")?;
            }
        }
    }
    out.flush()
}
