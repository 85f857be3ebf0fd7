//! How much which evidence counts: as shipped, and as learnt from the owner's word. Pure; the store keeps what was learnt.

use serde::{Deserialize, Serialize};

/// Kinds of evidence that are weighed apart. Each contributes its natural logarithm of odds.
pub const KINDS: [&str; 6] = ["name", "address", "order", "told", "place", "language"];

/// The weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Weights {
    /// Which learning these come from; 0: as shipped.
    pub version: u64,
    /// How many decisions of the owner they were learnt from.
    pub learnt_from: u64,
    /// Authors who are no customers, for each who is one: by the owner's word, else what was seen elsewhere.
    pub strangers: f64,
    /// What each kind's logarithm of odds is multiplied with, in the order of [`KINDS`].
    pub kinds: [f64; KINDS.len()],
    /// Added to the logarithm of the odds.
    pub shift: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self { version: 0, learnt_from: 0, strangers: 0.45, kinds: [1.0; KINDS.len()], shift: 0.0 }
    }
}

/// What speaks for one pair, kind by kind, as logarithms of odds; and what the owner said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    /// By kind, in the order of [`KINDS`].
    pub parts: [f64; KINDS.len()],
    /// The odds of everybody else together: other candidates and strangers, as a logarithm.
    pub against: f64,
    /// The owner confirmed it.
    pub right: bool,
}

/// Decisions below this change nothing: chance would be learnt.
const LEAST: usize = 20;

impl Weights {
    /// The logarithm of the odds of evidence.
    pub fn sum(&self, parts: &[f64; KINDS.len()]) -> f64 {
        parts.iter().zip(&self.kinds).map(|(part, weight)| part * weight).sum::<f64>() + self.shift
    }

    /// Learns from the owner's confirmations and refusals: logistic regression that starts from the shipped weights and is
    /// held to them, so that a few decisions move little and no kind of evidence ever counts against itself. The same decisions
    /// in any order give the same weights.
    #[must_use]
    pub fn learnt(told: &[Told]) -> Self {
        let shipped = Self::default();
        if told.len() < LEAST {
            return shipped;
        }
        let mut told = told.to_vec();
        told.sort_by(|a, b| {
            let key = |t: &Told| (t.parts, t.against);
            key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal).then(a.right.cmp(&b.right))
        });
        let (mut kinds, mut shift) = (shipped.kinds, 0.0);
        // Held as if by so many decisions.
        const HELD: f64 = 40.0;
        for round in 0..400 {
            let step = 0.5 / (1.0 + f64::from(round) / 40.0);
            let mut slope = [0.0; KINDS.len()];
            let mut slope_shift = 0.0;
            for one in &told {
                let z: f64 =
                    one.parts.iter().zip(&kinds).map(|(p, w)| p * w).sum::<f64>() + shift - one.against;
                let miss = f64::from(u8::from(one.right)) - 1.0 / (1.0 + (-z).exp());
                for (slope, part) in slope.iter_mut().zip(&one.parts) {
                    // A single overwhelming piece of evidence must not outweigh all other decisions.
                    *slope += miss * part.clamp(-8.0, 8.0) / 8.0;
                }
                slope_shift += miss;
            }
            let n = told.len() as f64 + HELD;
            for (weight, slope) in kinds.iter_mut().zip(slope) {
                *weight = (*weight + step * (slope - HELD * (*weight - 1.0)) / n).clamp(0.3, 1.5);
            }
            shift = (shift + step * (slope_shift - HELD * shift) / n).clamp(-2.0, 1.0);
        }
        Self { version: 1, learnt_from: told.len() as u64, kinds, shift, ..shipped }
    }
}
