//! Weighs the evidence on a text (word lists, learned weights, stars) into probabilities of negative, middle and positive, and
//! these into a label, a confidence and the right to abstain. It does not see the text.

use goodword_shared::{Kind, Label, Rating, Sentiment};

use super::{lexicon::Reading, second::Tongue, terms::rows, wants::PHRASED};

/// How many numbers speak for the leaning.
pub const LEANING: usize = 4;
/// How many numbers speak for the middle (neutral or mixed).
pub const MIDDLE: usize = 8;

/// How many numbers speak for a complaint in a post.
pub const COMPLAINT: usize = 5;

/// How many numbers weigh the second tier against the first.
pub const BOTH: usize = 3;

/// What is known of a text before the stars are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Each positive for praise, negative for blame.
    pub leaning: [f32; LEANING],
    /// Each for or against having no side.
    pub middle: [f32; MIDDLE],
    /// Praise and blame side by side, 0–1.
    pub mixedness: f32,
    /// Nothing was recognised at all.
    pub blank: bool,
}

impl Evidence {
    /// From the word lists' reading and the learned weights' two outputs.
    pub fn new(reading: &Reading, learned: [f32; 2]) -> Self {
        let hits = reading.hits.len() as f32;
        let balance = (reading.praise - reading.blame) / (hits + 2.0).sqrt();
        let last = reading.clauses.iter().rev().find(|c| c.praise + c.blame > 0.0);
        let close = last.map_or(0.0, |c| (c.praise - c.blame).clamp(-4.0, 4.0));
        let amount = ((reading.praise + reading.blame) / (hits + 2.0).sqrt()).min(6.0);
        let mixedness = reading.mixedness();
        let flag = |yes: bool| if yes { 1.0 } else { 0.0 };
        Self {
            leaning: [1.0, balance, close, learned[0]],
            middle: [
                1.0,
                amount,
                mixedness,
                flag(reading.hits.is_empty()),
                (reading.words as f32 + 1.0).ln(),
                flag(reading.exclaims > 0),
                flag(reading.asks > 0),
                learned[1],
            ],
            mixedness,
            blank: reading.hits.is_empty() && reading.words == 0,
        }
    }
}

/// The weights of the evidence, one set for posts, one for reviews, one for clauses about a theme: where people post, most say
/// nothing of value either way.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Posts, reviews, clauses.
    pub leaning: [[f32; LEANING]; 3],
    /// Posts, reviews, clauses.
    pub middle: [[f32; MIDDLE]; 3],
    /// Of a complaint in a post.
    pub complaint: [f32; COMPLAINT],
    /// Where the second tier was asked, in English and abroad: posts, reviews, clauses; 1, the leaning so far, its leaning.
    pub both_leaning: [[[f32; BOTH]; 3]; 2],
    /// The same of the middle.
    pub both_middle: [[[f32; BOTH]; 3]; 2],
    /// The same of a complaint in a post.
    pub both_complaint: [[f32; BOTH]; 2],
    /// The same of the other intents (see [`super::wants::phrased`]).
    pub both_intents: [[f32; PHRASED]; 2],
}

/// Which of the first two sets a kind uses: 0 posts, comments and articles; 1 reviews, surveys and mail.
pub fn group(kind: Kind) -> usize {
    match kind {
        Kind::Post | Kind::Comment | Kind::Article => 0,
        Kind::Review | Kind::Survey | Kind::Mail => 1,
    }
}

impl Weights {
    /// Reads the file of weights: group (post, review, clause), part (leaning, middle, complaint, intents), numbers.
    pub fn read(file: &str) -> Self {
        let mut weights = Self {
            leaning: [[0.0; LEANING]; 3],
            middle: [[0.0; MIDDLE]; 3],
            complaint: [0.0; COMPLAINT],
            both_leaning: [[[0.0, 1.0, 0.0]; 3]; 2],
            both_middle: [[[0.0, 1.0, 0.0]; 3]; 2],
            both_complaint: [[0.0, 1.0, 0.0]; 2],
            both_intents: [[-4.0, 4.0, 1.0, 0.0]; 2],
        };
        for cells in rows(file) {
            let [name, part, numbers] = cells[..] else { continue };
            let Some(group) = ["post", "review", "clause"].iter().position(|g| *g == name) else { continue };
            let target: &mut [f32] = match part {
                "leaning" => &mut weights.leaning[group],
                "middle" => &mut weights.middle[group],
                "complaint" => &mut weights.complaint,
                "both leaning" => &mut weights.both_leaning[0][group],
                "both middle" => &mut weights.both_middle[0][group],
                "both complaint" => &mut weights.both_complaint[0],
                "both intents" => &mut weights.both_intents[0],
                "abroad leaning" => &mut weights.both_leaning[1][group],
                "abroad middle" => &mut weights.both_middle[1][group],
                "abroad complaint" => &mut weights.both_complaint[1],
                "abroad intents" => &mut weights.both_intents[1],
                _ => continue,
            };
            for (slot, number) in target.iter_mut().zip(numbers.split(' ')) {
                *slot = number.parse().unwrap_or(0.0);
            }
        }
        weights
    }

    /// Log-odds of the leaning and of the middle.
    pub fn sums(&self, group: usize, evidence: &Evidence) -> (f32, f32) {
        (dot(&self.leaning[group], &evidence.leaning), dot(&self.middle[group], &evidence.middle))
    }

    /// Log-odds of the leaning and of the middle once the second tier was heard.
    pub fn both(&self, tongue: Tongue, group: usize, so_far: (f32, f32), second: [f32; 2]) -> (f32, f32) {
        (
            dot(&self.both_leaning[tongue as usize][group], &[1.0, so_far.0, second[0]]),
            dot(&self.both_middle[tongue as usize][group], &[1.0, so_far.1, second[1]]),
        )
    }

    /// Log-odds of a complaint once the second tier was heard.
    pub fn both_complain(&self, tongue: Tongue, so_far: f32, second: f32) -> f32 {
        dot(&self.both_complaint[tongue as usize], &[1.0, so_far, second])
    }

    /// Log-odds of a complaint.
    pub fn complaint(&self, grievance: &[f32; COMPLAINT]) -> f32 {
        dot(&self.complaint, grievance)
    }
}

fn dot(weights: &[f32], numbers: &[f32]) -> f32 {
    weights.iter().zip(numbers).map(|(w, x)| w * x).sum()
}

/// What the balance of praise and blame adds to the leaning of a review that is not in English. Nearly all learned reviews are, so
/// that elsewhere the word lists know more than their learned weight says; most where no reviews were learned from at all.
pub fn lists_abroad(language: Option<&str>) -> f32 {
    match language.and_then(|l| l.split('-').next()) {
        Some("de" | "it" | "pt") => 1.6,
        Some("fr" | "es" | "nl") => 0.8,
        _ => 0.0,
    }
}

/// Probabilities of negative, middle, positive.
pub fn probabilities(leaning: f32, middle: f32) -> [f32; 3] {
    let z = [-leaning / 2.0, middle, leaning / 2.0];
    let top = z.iter().copied().fold(f32::MIN, f32::max);
    let e = z.map(|v| (v - top).exp());
    let sum: f32 = e.iter().sum();
    e.map(|v| v / sum)
}

/// Four places say all that is known.
fn rounded(p: f32) -> f64 {
    (f64::from(p) * 1e4).round() / 1e4
}

/// Below this the label is for the owner's eye.
pub const SURE: f64 = 0.56;
/// Praise and blame this evenly side by side make a middle verdict "mixed" rather than "neutral".
const MIXED: f32 = 0.2;

/// The verdict. `covered` is whether the language is one that the lists or the learned weights know.
pub fn decide(evidence: &Evidence, sums: (f32, f32), rating: Option<Rating>, covered: bool) -> Sentiment {
    let (mut leaning, mut middle) = sums;
    let mut contradiction = false;
    if evidence.blank && rating.is_none() {
        return Sentiment { label: Label::Neutral, score: 0.0, confidence: 1.0 / 3.0, uncertain: true };
    }
    if let Some(stars) = rating {
        let (by_stars, by_middle) = of_stars(stars);
        // What the words alone say, against what the stars say.
        let said = probabilities(leaning, middle);
        contradiction =
            !evidence.blank && ((by_stars > 3.0 && said[0] > 0.85) || (by_stars < -3.0 && said[2] > 0.85));
        if evidence.blank {
            (leaning, middle) = (0.0, 0.0);
        }
        leaning += by_stars;
        middle += by_middle;
    }
    let p = probabilities(leaning, middle).map(rounded);
    // Rounded once more: a difference of two such numbers is none, and would not come back from the store to the last bit.
    let score = (((p[2] - p[0]) * 1e4).round() / 1e4).clamp(-1.0, 1.0);
    let (mut label, mut confidence) = match p {
        [n, m, q] if n > m && n > q => (Label::Negative, n),
        [n, m, q] if q > m && q > n => (Label::Positive, q),
        [_, m, _] if evidence.mixedness >= MIXED => (Label::Mixed, m),
        [_, m, _] => (Label::Neutral, m),
    };
    if contradiction {
        (label, confidence) = (Label::Mixed, 0.5);
    }
    // An unknown language: what is left is emoji and luck.
    if !covered && rating.is_none() {
        confidence = confidence.min(0.45);
    }
    Sentiment { label, score, confidence, uncertain: contradiction || confidence < SURE }
}

/// Log-odds that stars add to the leaning and to the middle. One star of five is about 30 : 1 for blame; three of five are a
/// sign of mixed feelings.
fn of_stars(rating: Rating) -> (f32, f32) {
    let worst = rating.worst.unwrap_or(if rating.best > 1.0 { 1.0 } else { 0.0 });
    let width = rating.best - worst;
    if width <= 0.0 || !rating.value.is_finite() || !width.is_finite() {
        return (0.0, 0.0);
    }
    let place = (((rating.value - worst) / width) as f32).clamp(0.0, 1.0) * 2.0 - 1.0;
    (place * 5.5 + place.powi(3) * 1.5, 1.2 - 2.7 * place.abs())
}
