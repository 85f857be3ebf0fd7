//! The arithmetic of learning: a multinomial logistic regression about a given prior, its weights held small, solved by going
//! round the examples. The same examples in the same order give the same weights.

use std::collections::BTreeMap;

use super::wording::Wording;

/// Variance of a weight before anything was seen: what a text of the same words may be moved by.
const FREEDOM: f32 = 9.0;
/// Rounds; the weights have come to rest long before.
const ROUNDS: usize = 40;

/// One example.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// What it shows.
    pub signs: Wording,
    /// Log-probabilities without learning.
    pub prior: [f32; 4],
    /// The right one.
    pub answer: usize,
    /// How much it counts.
    pub weight: f32,
}

/// Probabilities of the first `count` answers.
pub(super) fn probabilities(odds: &[f32; 4], count: usize) -> [f32; 4] {
    let top = odds[..count].iter().copied().fold(f32::MIN, f32::max);
    let mut p = [0f32; 4];
    p[..count].iter_mut().zip(odds).for_each(|(p, z)| *p = (z - top).exp());
    let sum: f32 = p.iter().sum();
    p.map(|v| v / sum)
}

/// The weights of the signs that the first `own` rows show, rising by hash. The rows after them only hold these in place.
pub(super) fn solve(rows: &[&Row], own: usize, count: usize) -> Vec<(u32, [f32; 4])> {
    let mut places: BTreeMap<u32, usize> = BTreeMap::new();
    for (hash, _) in rows.iter().take(own).flat_map(|row| &row.signs) {
        places.insert(*hash, 0);
    }
    places.values_mut().enumerate().for_each(|(n, place)| *place = n);
    let shown: Vec<Vec<(usize, f32)>> = rows
        .iter()
        .map(|row| row.signs.iter().filter_map(|(h, v)| Some((*places.get(h)?, *v))).collect())
        .collect();
    let mut words = vec![[0f32; 4]; places.len()];
    // What each example pulls by; the weights are their sum.
    let mut pulls = vec![[0f32; 4]; rows.len()];
    for _ in 0..ROUNDS {
        for ((row, shown), pull) in rows.iter().zip(&shown).zip(&mut pulls) {
            let mut odds = row.prior;
            for (place, value) in shown {
                odds.iter_mut().zip(words[*place]).for_each(|(z, w)| *z += value * w);
            }
            let p = probabilities(&odds, count);
            let length: f32 = shown.iter().map(|(_, v)| v * v).sum();
            let step = 1.0 / (1.0 + 0.5 * FREEDOM * length * row.weight);
            let mut change = [0f32; 4];
            for (answer, change) in change.iter_mut().enumerate().take(count) {
                let wanted = if answer == row.answer { 1.0 - p[answer] } else { -p[answer] };
                *change = step * (row.weight * wanted - pull[answer]);
                pull[answer] += *change;
            }
            for (place, value) in shown {
                words[*place].iter_mut().zip(change).for_each(|(w, c)| *w += FREEDOM * value * c);
            }
        }
    }
    places.into_keys().zip(words).collect()
}

/// The log-odds of an example under those weights.
pub(super) fn odds(words: &[(u32, [f32; 4])], row: &Row) -> [f32; 4] {
    let mut odds = row.prior;
    for (hash, value) in &row.signs {
        if let Ok(at) = words.binary_search_by_key(hash, |(h, _)| *h) {
            odds.iter_mut().zip(words[at].1).for_each(|(z, w)| *z += value * w);
        }
    }
    odds
}
