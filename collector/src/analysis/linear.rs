//! The learned weights: one byte for each bucket of features and output. A sum of weights is a log-odds. Where they come from:
//! `training/`; what they were trained on: `data/README.md`.

use super::features::{BITS, Feature};

/// Buckets of the complaint weights: 2 to this power.
pub const COMPLAINT_BITS: u32 = 16;
const MAGIC: &[u8; 4] = b"GWF1";
const HEADER: usize = 4 + 3 * 4;

/// The weights, as they lie in the file: magic, three scales (f32, little-endian), then for each bucket leaning and middle,
/// then the complaint weights.
#[derive(Clone, Copy)]
pub struct Linear<'a> {
    scales: [f32; 3],
    pairs: &'a [u8],
    complaint: &'a [u8],
}

impl std::fmt::Debug for Linear<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Linear").field("scales", &self.scales).finish_non_exhaustive()
    }
}

impl<'a> Linear<'a> {
    /// Reads a file of weights; none if it is not one of this version and size.
    pub fn read(file: &'a [u8]) -> Option<Self> {
        let pairs = 2usize << BITS;
        if file.len() != HEADER + pairs + (1 << COMPLAINT_BITS) || &file[..4] != MAGIC {
            return None;
        }
        let scale = |n: usize| {
            let at = 4 + 4 * n;
            f32::from_le_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]])
        };
        let scales = [scale(0), scale(1), scale(2)];
        Some(Self { scales, pairs: &file[HEADER..HEADER + pairs], complaint: &file[HEADER + pairs..] })
    }

    /// The bytes of a file with these weights, as [`Self::read`] takes them.
    pub fn write(scales: [f32; 3], pairs: &[i8], complaint: &[i8]) -> Vec<u8> {
        let mut file = MAGIC.to_vec();
        file.extend(scales.iter().flat_map(|s| s.to_le_bytes()));
        file.extend(pairs.iter().chain(complaint).map(|w| w.cast_unsigned()));
        file
    }

    /// Leaning and middle of a text by its features.
    pub fn sums(&self, features: &[Feature]) -> [f32; 2] {
        let (mut leaning, mut middle) = (0i32, 0i32);
        for feature in features {
            let [a, b] = self.pair(feature.hash);
            leaning += i32::from(a);
            middle += i32::from(b);
        }
        let share = share(features.len());
        [leaning as f32 * self.scales[0] * share, middle as f32 * self.scales[1] * share]
    }

    /// How much each of so many tokens adds to the leaning.
    pub fn shares(&self, features: &[Feature], tokens: usize) -> Vec<f32> {
        let mut sums = vec![0i32; tokens];
        for feature in features {
            if let Some(sum) = sums.get_mut(usize::from(feature.token)) {
                *sum += i32::from(self.pair(feature.hash)[0]);
            }
        }
        let scale = self.scales[0] * share(features.len());
        sums.into_iter().map(|sum| sum as f32 * scale).collect()
    }

    /// Log-odds that a post complains.
    pub fn complaint(&self, features: &[Feature]) -> f32 {
        let mask = (1u32 << COMPLAINT_BITS) - 1;
        let sum: i32 =
            features.iter().map(|f| i32::from(self.complaint[(f.hash & mask) as usize].cast_signed())).sum();
        sum as f32 * self.scales[2] * share(features.len())
    }

    fn pair(&self, hash: u32) -> [i8; 2] {
        let at = 2 * (hash & ((1 << BITS) - 1)) as usize;
        match self.pairs.get(at..at + 2) {
            Some(&[a, b]) => [a.cast_signed(), b.cast_signed()],
            _ => [0, 0],
        }
    }
}

/// Long texts are not surer by their length alone.
pub fn share(features: usize) -> f32 {
    1.0 / (features.max(1) as f32).sqrt()
}
