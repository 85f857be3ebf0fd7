//! The labelled texts: which sets are used, as what, and which rows are kept back for weighing the evidence afterwards.

use std::{fs, io, path::Path};

use crate::analysis::{features::CLAUSE, language, lexicon::Reading, lists::Shelf, tokens::Tokens};
use crate::copies::Seen;

/// What a text was labelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Of three: 0 negative, 1 middle, 2 positive.
    Three(u8),
    /// Of two; the set has no middle. 0 negative, 2 positive.
    Two(u8),
    /// A complaint or not.
    Complaint(bool),
}

/// One labelled text, ready for features.
pub struct Example {
    /// Its text, tokens not kept: they are cheap to make again.
    pub text: String,
    /// 0 posts, 1 reviews, 2 a clause.
    pub group: usize,
    /// The label.
    pub answer: Answer,
    /// For a clause: first and last character of the term.
    pub term: Option<(u32, u32)>,
    /// How much it counts.
    pub weight: f32,
    /// The set it is from, by its place in the list of sets.
    pub set: usize,
    /// Its language, found once: finding it costs more than the rest.
    pub language: Option<&'static str>,
    /// Kept back from learning, for weighing the evidence.
    pub kept_back: bool,
}

/// A set, for the manifest.
pub struct Set {
    pub name: String,
    pub group: usize,
    pub texts: usize,
    pub bytes: usize,
    pub copies: usize,
}

/// Everything read.
pub struct Corpus {
    pub examples: Vec<Example>,
    pub sets: Vec<Set>,
    pub shelf: Shelf,
}

/// Group of the reviews.
const REVIEW: usize = 1;

/// Sets, their group and the weight of their texts. What may only be measured on is not here and has no train part.
const SETS: &[(&str, usize, f32)] = &[
    ("tweeteval", 0, 1.0),
    ("xlmt_ar", 0, 1.5),
    ("xlmt_en", 0, 1.0),
    ("xlmt_fr", 0, 1.5),
    ("xlmt_ge", 0, 1.5),
    ("xlmt_hi", 0, 1.5),
    ("xlmt_it", 0, 1.5),
    ("xlmt_po", 0, 1.5),
    ("xlmt_sp", 0, 1.5),
    ("germeval17", 0, 1.0),
    ("goemotions", 0, 0.3),
    ("imdb", 1, 1.0),
    ("sst5", 1, 1.0),
    ("sst2", 1, 1.0),
    ("mr", 1, 1.0),
    ("cr", 1, 1.5),
    ("amazon", 1, 1.5),
    ("yelp_sent", 1, 0.7),
    ("yelp5", 1, 1.5),
    ("appreviews", 1, 1.0),
    ("tripadvisor5", 1, 1.0),
    ("hotel_en", 1, 1.5),
    ("hotel_es", 1, 1.5),
    ("hotel_ca", 1, 1.5),
    ("id_smsa", 1, 1.0),
    ("rest16_en", 1, 2.0),
    ("rest16_du", 1, 2.0),
    ("rest16_fr", 1, 2.0),
    ("rest16_sp", 1, 2.0),
    ("rest16_ru", 1, 2.0),
    ("rest16_tu", 1, 2.0),
    ("zh_hotel", 1, 1.0),
    ("zh_waimai", 1, 1.0),
    ("complaints", 0, 1.0),
    ("aspects/mams_terms_terms", CLAUSE, 1.0),
    ("aspects/rest14_terms", CLAUSE, 1.0),
    ("aspects/laptop14_terms", CLAUSE, 1.0),
    ("aspects/rest16_en_terms", CLAUSE, 1.0),
    ("aspects/rest16_du_terms", CLAUSE, 1.0),
    ("aspects/rest16_fr_terms", CLAUSE, 1.0),
    ("aspects/rest16_es_terms", CLAUSE, 1.0),
    ("aspects/rest16_ru_terms", CLAUSE, 1.0),
    ("aspects/rest16_tu_terms", CLAUSE, 1.0),
    ("aspects/yelp_absa_terms", CLAUSE, 0.5),
    ("aspects/acl_twitter_terms", CLAUSE, 0.5),
];

/// Emotions by number that lean one way; the last is none at all.
const GLAD: &[u8] = &[0, 1, 4, 5, 8, 13, 15, 17, 18, 20, 21, 23];
const SORE: &[u8] = &[2, 3, 9, 10, 11, 12, 14, 16, 19, 24, 25];
const NO_EMOTION: u8 = 27;

impl Corpus {
    /// Reads the sets; one that is not there is named and left out.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut corpus = Self { examples: Vec::new(), sets: Vec::new(), shelf: Shelf::new() };
        let mut seen = Seen::default();
        measured(&folder.join("dev"), &mut seen)?;
        measured(&folder.join("dev/aspects"), &mut seen)?;
        // Clauses of one text are many rows; they are compared with what is measured on only.
        let mut learned = Seen::default();
        for (name, group, weight) in SETS {
            let path = folder.join("train").join(format!("{name}.tsv"));
            let Ok(file) = fs::read_to_string(&path) else {
                println!("{name}: not there, left out");
                continue;
            };
            let rows: Vec<Vec<&str>> = file.lines().map(|l| l.split('\t').collect()).collect();
            let middle = rows.iter().any(|r| matches!(r[0], "neu" | "3"));
            let (mut texts, mut bytes, mut copies) = (0, 0, 0);
            for (number, cells) in rows.iter().enumerate() {
                let Some(mut example) = example(cells, *group, middle, name) else { continue };
                if seen.knows(&example.text) || (example.term.is_none() && learned.knows(&example.text)) {
                    copies += 1;
                    continue;
                }
                if example.term.is_none() {
                    learned.add(&example.text);
                }
                example.language =
                    language::detect(&example.text, &Tokens::read(&example.text), &corpus.shelf);
                example.weight = *weight;
                example.set = corpus.sets.len();
                example.kept_back = number / 20 % 10 == 7;
                texts += 1;
                bytes += example.text.len();
                corpus.examples.push(example);
            }
            corpus.sets.push(Set { name: (*name).into(), group: *group, texts, bytes, copies });
        }
        for (name, english) in [("lukewarm_en", true), ("lukewarm", false)] {
            let (texts, bytes) = corpus.add_lukewarm(english);
            corpus.sets.push(Set { name: name.into(), group: REVIEW, texts, bytes, copies: 0 });
        }
        Ok(corpus)
    }

    /// The sentences of `lukewarm.tsv`, English ones or the others; how many they are, and their bytes.
    fn add_lukewarm(&mut self, english: bool) -> (usize, usize) {
        let before = self.examples.len();
        for row in include_str!("../lukewarm.tsv").lines().filter(|l| !l.starts_with('#')) {
            let cells: Vec<&'static str> = row.split('\t').collect();
            let [language, label, frame, things, verdicts] = cells[..] else { continue };
            let Some(side) = ["neg", "neu", "pos"].iter().position(|s| *s == label) else { continue };
            if (language == "en") != english {
                continue;
            }
            for (thing, verdict) in things.split(", ").flat_map(|t| verdicts.split(", ").map(move |v| (t, v)))
            {
                self.examples.push(Example {
                    text: frame.replacen("{}", thing, 1).replacen("{}", verdict, 1),
                    group: REVIEW,
                    answer: Answer::Three(side as u8),
                    term: None,
                    weight: 1.0,
                    set: self.sets.len(),
                    language: Some(language),
                    // So alike that on those kept back the first tier would look better than it is.
                    kept_back: false,
                });
            }
        }
        let added = &self.examples[before..];
        (added.len(), added.iter().map(|e| e.text.len()).sum())
    }

    /// The tokens of an example and what the lists make of them.
    pub fn reading(&self, example: &Example) -> (Tokens, Reading) {
        let tokens = Tokens::read(&example.text);
        let language = example.language;
        let reading = Reading::read(&tokens, self.shelf.of(language), &self.shelf, language);
        (tokens, reading)
    }
}

/// Remembers the texts of a folder that is measured on.
pub fn measured(folder: &Path, seen: &mut Seen) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "tsv") {
            fs::read_to_string(path)?
                .lines()
                .filter_map(|l| l.split('\t').next_back())
                .for_each(|t| seen.add(t));
        }
    }
    Ok(())
}

fn example(cells: &[&str], group: usize, middle: bool, set: &str) -> Option<Example> {
    let (label, text) = (*cells.first()?, *cells.last()?);
    let side = match label {
        "neg" | "negative" | "1" | "2" => Some(0),
        "neu" | "neutral" | "3" | "conflict" => Some(1),
        "pos" | "positive" | "4" | "5" => Some(2),
        _ => None,
    };
    let answer = match set {
        "complaints" => Answer::Complaint(label == "complaint"),
        "goemotions" => Answer::Three(emotion(label)?),
        _ if middle || group == CLAUSE => Answer::Three(side?),
        _ => Answer::Two(side?),
    };
    let mut plain = text.to_owned();
    let mut term = None;
    if group == CLAUSE {
        let place = text.find("$T$")?;
        let start = text[..place].chars().count() as u32;
        let name = cells.get(1)?;
        term = Some((start, start + name.chars().count() as u32));
        plain = text.replacen("$T$", name, 1);
    }
    Some(Example { text: plain, group, answer, term, weight: 1.0, set: 0, language: None, kept_back: false })
}

/// A comment with feelings of both kinds is left out.
fn emotion(label: &str) -> Option<u8> {
    let numbers: Vec<u8> = label.split(',').filter_map(|n| n.parse().ok()).collect();
    let any = |set: &[u8]| numbers.iter().any(|n| set.contains(n));
    match (any(SORE), any(GLAD), numbers == [NO_EMOTION]) {
        (true, false, _) => Some(0),
        (false, true, _) => Some(2),
        (false, false, true) => Some(1),
        _ => None,
    }
}
