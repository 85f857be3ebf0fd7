//! Learns to tell languages in Latin letters apart: a row of weights for each hashed piece of a word, one weight for each language, by
//! AdaGrad on stretches of a few words of the labelled texts (their labels are not looked at) and of the word lists.

use std::{fs, io, path::Path};

use crate::{
    analysis::language::{MOST, ROWS, pieces, share},
    copies::Seen,
    corpus::measured,
    learn::Dice,
};

/// Languages and the sets whose texts are in them, with the most texts that are taken of each.
const TONGUES: [(&str, &[(&str, usize)]); 16] = [
    (
        "en",
        &[
            ("tweeteval", 9000),
            ("goemotions", 6000),
            ("amazon", 2500),
            ("yelp_sent", 5000),
            ("appreviews", 4000),
            ("sst5", 2500),
            ("cr", 1500),
            ("hotel_en", 1500),
            ("rest16_en", 500),
            ("complaints", 2000),
        ],
    ),
    ("de", &[("xlmt_ge", 2000), ("germeval17", 4000)]),
    ("fr", &[("xlmt_fr", 2000), ("rest16_fr", 1000)]),
    ("es", &[("xlmt_sp", 2000), ("rest16_sp", 1000), ("hotel_es", 1200)]),
    ("it", &[("xlmt_it", 2000)]),
    ("pt", &[("xlmt_po", 2000)]),
    ("nl", &[("rest16_du", 1000)]),
    ("tr", &[("rest16_tu", 1000)]),
    ("id", &[("id_smsa", 5000)]),
    ("ca", &[("hotel_ca", 1000)]),
    ("hi", &[("xlmt_hi", 2000)]),
    ("no", &[]),
    ("da", &[]),
    ("sv", &[]),
    ("pl", &[]),
    ("ro", &[]),
];
/// Common words of languages without sets, and of those with few texts.
const WORDS: &str = include_str!("../tongues/words.tsv");
/// Of so many stretches one is taken where a language is rare among what is collected (tweets in Hindi are half English).
const RARE: &[(&str, usize)] = &[("hi", 5), ("ca", 2), ("no", 2), ("da", 2), ("sv", 2), ("pl", 2), ("ro", 2)];
/// Stretches that are learned from in a round, of each language.
const STRETCHES: usize = 24_000;
const ROUNDS: usize = 6;
const STEP: f32 = 0.25;

/// A text's words.
type Words = Vec<String>;

/// Learns, prints how right it is on texts kept back, and gives the file.
pub fn learn(data: &Path, lists: &Path, seed: u64) -> io::Result<Vec<u8>> {
    let mut seen = Seen::default();
    measured(&data.join("dev"), &mut seen)?;
    let mut texts: Vec<Vec<Words>> = Vec::new();
    let mut kept: Vec<(usize, String)> = Vec::new();
    for (number, (code, sets)) in TONGUES.iter().enumerate() {
        let mut here = Vec::new();
        for (set, most) in *sets {
            let file = fs::read_to_string(data.join("train").join(format!("{set}.tsv"))).unwrap_or_default();
            for (row, line) in file.lines().enumerate().take(*most) {
                let Some((_, text)) = line.rsplit_once('\t') else { continue };
                let latin = text.chars().filter(|c| c.is_alphabetic()).all(|c| (c as u32) < 0x250);
                if !latin || seen.knows(text) {
                    continue;
                }
                if row % 10 == 7 {
                    kept.push((number, text.split_whitespace().take(5).collect::<Vec<_>>().join(" ")));
                } else {
                    here.push(text.split_whitespace().map(str::to_owned).collect());
                }
            }
        }
        here.extend(listed(lists, code));
        println!("{code}: {} texts", here.len());
        texts.push(here);
    }
    let mut weights = vec![[0f32; MOST]; ROWS];
    let mut squares = vec![[1e-3f32; MOST]; ROWS];
    let mut bias = [0f32; MOST];
    let mut dice = Dice(seed);
    let mut found = Vec::new();
    for round in 0..ROUNDS {
        let mut order: Vec<usize> = (0..STRETCHES * TONGUES.len()).collect();
        dice.shuffle(&mut order);
        let step = STEP * (1.0 - round as f32 / ROUNDS as f32);
        for number in order {
            let tongue = number % TONGUES.len();
            let every =
                RARE.iter().find(|(code, _)| *code == TONGUES[tongue].0).map_or(1, |(_, every)| *every);
            if dice.below(every) > 0 {
                continue;
            }
            let text = &texts[tongue][dice.below(texts[tongue].len())];
            if text.is_empty() {
                continue;
            }
            let length = 1 + dice.below(9);
            let first = dice.below(text.len().saturating_sub(length) + 1);
            let stretch = text[first..].iter().take(length).map(String::as_str).collect::<Vec<_>>().join(" ");
            found.clear();
            pieces(&stretch, |row| found.push(row));
            if found.is_empty() {
                continue;
            }
            let p = probabilities(&weights, &bias, &found);
            let by = share(found.len());
            for (language, p) in p.iter().enumerate() {
                let g = p - if language == tongue { 1.0 } else { 0.0 };
                bias[language] -= 0.002 * g;
                let g = g * by;
                for row in &found {
                    let (weight, square) = (&mut weights[*row][language], &mut squares[*row][language]);
                    let g = g + 1e-5 * *weight;
                    *square += g * g;
                    *weight -= step * g / square.sqrt();
                }
            }
        }
    }
    let mut right = [[0usize; 2]; TONGUES.len()];
    for (tongue, text) in &kept {
        found.clear();
        pieces(text, |row| found.push(row));
        let p = probabilities(&weights, &bias, &found);
        right[*tongue][0] += usize::from((0..TONGUES.len()).all(|n| p[n] <= p[*tongue]));
        right[*tongue][1] += 1;
    }
    for ((code, _), [right, of]) in TONGUES.iter().zip(right) {
        println!("{code}: {right} of {of} beginnings of five words right");
    }
    Ok(written(&weights, &bias))
}

/// Words of the lists of praise, themes and intents and the small words of a language, a few at a time.
fn listed(lists: &Path, code: &str) -> Vec<Words> {
    let mut words = Vec::new();
    for folder in ["lexicon", "themes", "intents"] {
        let file = fs::read_to_string(lists.join(folder).join(format!("{code}.tsv"))).unwrap_or_default();
        let lines = file.lines().filter(|l| !l.starts_with('#')).flat_map(|l| l.split('\t'));
        words.extend(lines.flat_map(str::split_whitespace).map(str::to_owned));
    }
    let small = fs::read_to_string(lists.join("stopwords.tsv")).unwrap_or_default();
    let small = small.lines().find_map(|l| l.strip_prefix(code)?.strip_prefix('\t')).unwrap_or_default();
    let own = WORDS.lines().filter_map(|l| l.strip_prefix(code)?.strip_prefix('\t'));
    let own: Vec<Words> = own.map(|l| l.split(' ').map(str::to_owned).collect()).collect();
    for _ in 0..4 {
        words.extend(small.split_whitespace().map(str::to_owned));
    }
    let times = if words.len() > 1000 { 3 } else { 12 };
    words.chunks(6).map(<[String]>::to_vec).chain(std::iter::repeat_n(own, times).flatten()).collect()
}

fn probabilities(weights: &[[f32; MOST]], bias: &[f32; MOST], found: &[usize]) -> [f32; TONGUES.len()] {
    let mut sums = [0f32; MOST];
    for row in found {
        sums.iter_mut().zip(&weights[*row]).for_each(|(sum, w)| *sum += w);
    }
    let by = share(found.len().max(1));
    let z: [f32; TONGUES.len()] = std::array::from_fn(|n| sums[n] * by + bias[n]);
    let top = z.iter().copied().fold(f32::MIN, f32::max);
    let e = z.map(|z| (z - top).exp());
    let sum: f32 = e.iter().sum();
    e.map(|e| e / sum)
}

fn written(weights: &[[f32; MOST]], bias: &[f32; MOST]) -> Vec<u8> {
    let mut sizes: Vec<f32> = weights.iter().flatten().map(|w| w.abs()).filter(|w| *w > 0.0).collect();
    sizes.sort_unstable_by(f32::total_cmp);
    let scale = sizes.get(sizes.len().saturating_sub(1 + sizes.len() / 2000)).copied().unwrap_or(1.0) / 127.0;
    let mut out = b"GWL1".to_vec();
    out.extend(scale.to_le_bytes());
    bias.iter().for_each(|b| out.extend(b.to_le_bytes()));
    let codes = TONGUES.map(|(code, _)| code).join(" ");
    out.push(codes.len() as u8);
    out.extend(codes.as_bytes());
    let byte = |w: &f32| ((w / scale).round().clamp(-127.0, 127.0) as i8).cast_unsigned();
    out.extend(weights.iter().flatten().map(byte));
    out
}
