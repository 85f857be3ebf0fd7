//! What lies between the products: scales, exponentials, norms, attention. Every sum is taken in sixteen lanes in a fixed order, so
//! that the width of the processor changes nothing. It knows vectors only.

use crate::{
    aligned::Aligned,
    kernel::{PANEL, at_level},
};

const LANES: usize = 16;

/// Sum of products of two vectors, in sixteen lanes.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0f32; LANES];
    let (a_parts, b_parts) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = a_parts.remainder().iter().zip(b_parts.remainder()).map(|(x, y)| x * y).sum();
    for (a, b) in a_parts.zip(b_parts) {
        for ((lane, x), y) in lanes.iter_mut().zip(a).zip(b) {
            *lane += x * y;
        }
    }
    fold(lanes) + rest
}

#[inline(always)]
fn fold(mut lanes: [f32; LANES]) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] += lanes[i + width];
        }
        width /= 2;
    }
    lanes[0]
}

#[inline(always)]
fn highest(mut lanes: [f32; LANES]) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] = if lanes[i + width] > lanes[i] { lanes[i + width] } else { lanes[i] };
        }
        width /= 2;
    }
    lanes[0]
}

/// e to the power of `x`, for −87…87, to about seven digits. Rounding by a large number: no call, so the loop stays wide.
#[inline(always)]
fn exp(x: f32) -> f32 {
    const SHIFT: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 87.0);
    let t = x * std::f32::consts::LOG2_E;
    let whole = t + SHIFT;
    let bits = whole.to_bits().wrapping_sub(SHIFT.to_bits());
    let f = (t - (whole - SHIFT)) * std::f32::consts::LN_2;
    let p = 1.0
        + f * (1.0 + f * (0.5 + f * (0.166_666_67 + f * (0.041_666_7 + f * (0.008_333_6 + f * 0.001_39)))));
    p * f32::from_bits(bits.wrapping_add(127) << 23)
}

#[inline(always)]
fn gelu_body(values: &mut [f32]) {
    for x in values {
        let u = 1.595_769 * (*x + 0.044_715 * *x * *x * *x);
        *x /= 1.0 + exp(-u);
    }
}
at_level!(gelu, gelu_body, (values: &mut [f32]));

/// Adds `plus` to each row of `values`, and norms the row.
#[inline(always)]
fn norm_body(values: &mut [f32], plus: &[f32], gain: &[f32], bias: &[f32]) {
    let wide = gain.len();
    for (row, plus) in values.chunks_exact_mut(wide).zip(plus.chunks_exact(wide)) {
        let mut lanes = [0f32; LANES];
        for (row, plus) in row.chunks_exact_mut(LANES).zip(plus.chunks_exact(LANES)) {
            for ((x, p), lane) in row.iter_mut().zip(plus).zip(&mut lanes) {
                *x += p;
                *lane += *x;
            }
        }
        let mean = fold(lanes) / wide as f32;
        let mut lanes = [0f32; LANES];
        for row in row.chunks_exact_mut(LANES) {
            for (x, lane) in row.iter_mut().zip(&mut lanes) {
                *x -= mean;
                *lane += *x * *x;
            }
        }
        let scale = 1.0 / (fold(lanes) / wide as f32 + 1e-12).sqrt();
        for ((x, gain), bias) in row.iter_mut().zip(gain).zip(bias) {
            *x = *x * scale * gain + bias;
        }
    }
}
at_level!(norm, norm_body, (values: &mut [f32], plus: &[f32], gain: &[f32], bias: &[f32]));

/// Each row as whole numbers of −127…127 and their scale.
#[inline(always)]
fn quantise_body(values: &[f32], wide: usize, out: &mut [i8], scales: &mut [f32]) {
    const SHIFT: f32 = 12_582_912.0;
    for ((row, out), scale) in values.chunks_exact(wide).zip(out.chunks_exact_mut(wide)).zip(scales) {
        let mut lanes = [0f32; LANES];
        for row in row.chunks_exact(LANES) {
            for (x, lane) in row.iter().zip(&mut lanes) {
                let size = x.abs();
                *lane = if size > *lane { size } else { *lane };
            }
        }
        let top = lanes.iter().fold(1e-9f32, |a, b| if *b > a { *b } else { a });
        *scale = top / 127.0;
        let by = 127.0 / top;
        for (x, q) in row.iter().zip(out.iter_mut()) {
            *q = (x * by + SHIFT).to_bits() as i8;
        }
    }
}
at_level!(quantise, quantise_body, (values: &[f32], wide: usize, out: &mut [i8], scales: &mut [f32]));

/// Length of the vectors of one head of attention.
pub const HEAD: usize = 32;

/// Attention: `qkv` holds for each token the queries, keys and values of all heads; `out` receives what each token heard. Sums stay
/// in registers and take four steps at once, so that they are not waited for.
#[inline(always)]
fn attend_body(qkv: &[f32], wide: usize, scratch: &mut Aligned<f32>, out: &mut [f32]) {
    let tokens = qkv.len() / (3 * wide);
    let padded = tokens.next_multiple_of(LANES);
    let scratch = scratch.room(padded * (2 * HEAD + 1));
    scratch.fill(0.0);
    let (keys, scores) = scratch.split_at_mut(padded * HEAD);
    let (values, scores) = scores.split_at_mut(padded * HEAD);
    let share = 1.0 / (HEAD as f32).sqrt();
    for at in (0..wide).step_by(HEAD) {
        for (j, token) in qkv.chunks_exact(3 * wide).enumerate() {
            // Keys lie in blocks of sixteen tokens, the first numbers of all of them before the second.
            let block = &mut keys[(j / LANES) * LANES * HEAD..][..LANES * HEAD];
            for (d, k) in token[wide + at..wide + at + HEAD].iter().enumerate() {
                block[d * LANES + j % LANES] = *k;
            }
            values[j * HEAD..(j + 1) * HEAD].copy_from_slice(&token[2 * wide + at..2 * wide + at + HEAD]);
        }
        for (token, out) in qkv.chunks_exact(3 * wide).zip(out.chunks_exact_mut(wide)) {
            let mut query = [0f32; HEAD];
            for (q, x) in query.iter_mut().zip(&token[at..at + HEAD]) {
                *q = x * share;
            }
            for (scores, keys) in scores.chunks_exact_mut(LANES).zip(keys.chunks_exact(LANES * HEAD)) {
                scores.copy_from_slice(&mixed::<LANES>(&query, keys));
            }
            scores[tokens..].fill(-1e30);
            let by = 1.0 / softened(scores);
            // The padded scores are nothing, and so are the padded values.
            let whole = tokens.next_multiple_of(4);
            let heard = mixed::<HEAD>(&scores[..whole], &values[..whole * HEAD]);
            for (out, sum) in out[at..at + HEAD].iter_mut().zip(heard) {
                *out = sum * by;
            }
        }
    }
}
at_level!(attend, attend_body, (qkv: &[f32], wide: usize, scratch: &mut Aligned<f32>, out: &mut [f32]));

/// The sum of rows, each times its share; the number of rows is a multiple of four.
#[inline(always)]
fn mixed<const N: usize>(shares: &[f32], rows: &[f32]) -> [f32; N] {
    let mut sums = [0f32; N];
    for (by, rows) in shares.chunks_exact(4).zip(rows.chunks_exact(4 * N)) {
        let (a, rest) = rows.split_at(N);
        let (b, rest) = rest.split_at(N);
        let (c, d) = rest.split_at(N);
        for i in 0..N {
            sums[i] += (by[0] * a[i] + by[1] * b[i]) + (by[2] * c[i] + by[3] * d[i]);
        }
    }
    sums
}

/// Scores to the power of e, the highest being 1; their sum.
#[inline(always)]
fn softened(scores: &mut [f32]) -> f32 {
    let mut lanes = [f32::MIN; LANES];
    for scores in scores.chunks_exact(LANES) {
        for (score, lane) in scores.iter().zip(&mut lanes) {
            *lane = if *score > *lane { *score } else { *lane };
        }
    }
    let top = highest(lanes);
    let mut lanes = [0f32; LANES];
    for scores in scores.chunks_exact_mut(LANES) {
        for (score, lane) in scores.iter_mut().zip(&mut lanes) {
            *score = exp(*score - top);
            *lane += *score;
        }
    }
    fold(lanes)
}

/// The sums of a tile as numbers: times the weights' and the row's scale, plus the bias. Rows of `out` are `step` apart.
#[inline(always)]
fn settle_body(
    sums: &[[i32; PANEL]],
    scales: &[f32],
    rows: &[f32],
    bias: &[f32],
    step: usize,
    out: &mut [f32],
) {
    for ((sums, row), out) in sums.iter().zip(rows).zip(out.chunks_mut(step)) {
        for (((out, sum), scale), bias) in out[..PANEL].iter_mut().zip(sums).zip(scales).zip(bias) {
            *out = *sum as f32 * (scale * row) + bias;
        }
    }
}
at_level!(settle, settle_body, (sums: &[[i32; PANEL]], scales: &[f32], rows: &[f32], bias: &[f32], step: usize, out: &mut [f32]));
