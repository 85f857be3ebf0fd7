//! Stochastic gradient descent with a step per weight (AdaGrad) on hashed features, then one byte a weight.

use crate::{
    analysis::{
        features::{self, BITS, Feature},
        linear::{COMPLAINT_BITS, Linear, share},
        verdict::probabilities,
    },
    corpus::{Answer, Corpus, Example},
};

const ROUNDS: usize = 5;
const STEP: f32 = 0.4;
/// Pulls weights to zero, per use.
const DECAY: f32 = 2e-6;

/// A small generator (splitmix64): the order of texts depends on the seed alone.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `most`.
    pub fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Any order.
    pub fn shuffle(&mut self, items: &mut [usize]) {
        for i in (1..items.len()).rev() {
            items.swap(i, (self.next() % (i as u64 + 1)) as usize);
        }
    }
}

/// Weights of one output while they are learned.
struct Output {
    weights: Vec<f32>,
    squares: Vec<f32>,
}

impl Output {
    fn new(bits: u32) -> Self {
        Self { weights: vec![0.0; 1 << bits], squares: vec![1e-3; 1 << bits] }
    }

    fn sum(&self, features: &[Feature]) -> f32 {
        let mask = self.weights.len() - 1;
        features.iter().map(|f| self.weights[f.hash as usize & mask]).sum::<f32>() * share(features.len())
    }

    fn step(&mut self, features: &[Feature], gradient: f32, step: f32) {
        let mask = self.weights.len() - 1;
        let g = gradient * share(features.len());
        for feature in features {
            let at = feature.hash as usize & mask;
            let g = g + DECAY * self.weights[at];
            self.squares[at] += g * g;
            self.weights[at] -= step * g / self.squares[at].sqrt();
        }
    }

    /// One byte a weight; the scale is such that one weight in ten thousand is cut.
    fn bytes(&self) -> (f32, Vec<i8>) {
        let mut sizes: Vec<f32> = self.weights.iter().map(|w| w.abs()).filter(|w| *w > 0.0).collect();
        sizes.sort_unstable_by(f32::total_cmp);
        let top = sizes.get(sizes.len().saturating_sub(1 + sizes.len() / 10_000)).copied().unwrap_or(1.0);
        let scale = top / 127.0;
        (scale, self.weights.iter().map(|w| (w / scale).round().clamp(-127.0, 127.0) as i8).collect())
    }
}

/// The features of an example.
pub fn features_of(corpus: &Corpus, example: &Example, out: &mut Vec<Feature>) {
    let (tokens, reading) = corpus.reading(example);
    let all = (0, tokens.list().len());
    match example.term {
        None => features::collect(&tokens, &reading.negated, all, example.group, None, out),
        Some((start, end)) => {
            let first = tokens.list().iter().position(|t| t.end > start).unwrap_or(0);
            let last =
                tokens.list().iter().rposition(|t| t.start < end).map_or(first + 1, |t| t + 1).max(first + 1);
            let range = reading.surroundings(first);
            features::collect(&tokens, &reading.negated, range, example.group, Some((first, last)), out);
        }
    }
}

/// Learns all outputs and gives the file of weights.
pub fn learn(corpus: &Corpus, seed: u64) -> Vec<u8> {
    let mut order: Vec<usize> =
        (0..corpus.examples.len()).filter(|i| !corpus.examples[*i].kept_back).collect();
    let mut dice = Dice(seed);
    let (mut leaning, mut middle, mut complaint) =
        (Output::new(BITS), Output::new(BITS), Output::new(COMPLAINT_BITS));
    let mut features = Vec::new();
    for round in 0..ROUNDS {
        dice.shuffle(&mut order);
        let step = STEP * (1.0 - round as f32 / ROUNDS as f32);
        let (mut loss, mut count) = (0.0f64, 0.0f64);
        for &i in &order {
            let example = &corpus.examples[i];
            features_of(corpus, example, &mut features);
            if features.is_empty() {
                continue;
            }
            match example.answer {
                Answer::Three(side) => {
                    let p = probabilities(leaning.sum(&features), middle.sum(&features));
                    loss -= f64::from(p[side as usize].max(1e-6).ln());
                    count += 1.0;
                    let is = |n: u8| if side == n { 1.0 } else { 0.0 };
                    let lean = ((p[2] - is(2)) - (p[0] - is(0))) / 2.0;
                    leaning.step(&features, lean * example.weight, step);
                    middle.step(&features, (p[1] - is(1)) * example.weight, step);
                }
                Answer::Two(side) => {
                    let p = 1.0 / (1.0 + (-leaning.sum(&features)).exp());
                    let target = if side == 2 { 1.0 } else { 0.0 };
                    loss -= f64::from((1.0 - (p - target).abs()).max(1e-6).ln());
                    count += 1.0;
                    leaning.step(&features, (p - target) * example.weight, step);
                }
                Answer::Complaint(yes) => {
                    let p = 1.0 / (1.0 + (-complaint.sum(&features)).exp());
                    let target = if yes { 1.0 } else { 0.0 };
                    complaint.step(&features, p - target, step);
                }
            }
        }
        println!("round {}: loss {:.4}", round + 1, loss / count);
    }
    let ((a, leaning), (b, middle), (c, complaint)) = (leaning.bytes(), middle.bytes(), complaint.bytes());
    let pairs: Vec<i8> = leaning.into_iter().zip(middle).flat_map(|(x, y)| [x, y]).collect();
    Linear::write([a, b, c], &pairs, &complaint)
}
