//! Products of eight-bit matrices: one way for every processor, one for AVX2, one for AVX-512 with VNNI. All three sum whole numbers
//! and so agree exactly. The only place of the project with unsafe code: it reads and calls wide instructions after asking the
//! processor whether it has them. It knows nothing of nets.

use std::borrow::Cow;

/// Which instructions the products use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// What every processor has.
    Portable,
    /// 32 bytes at a time.
    Avx2,
    /// 64 bytes at a time, four products and their sum in one instruction.
    Vnni,
}

impl Level {
    /// The best that this processor has.
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vnni")
            {
                return Self::Vnni;
            }
            if is_x86_feature_detected!("avx2") {
                return Self::Avx2;
            }
        }
        Self::Portable
    }

    /// Whether this processor has it.
    pub fn available(self) -> bool {
        match (self, Self::detect()) {
            (Self::Portable, _) => true,
            (Self::Avx2, best) => best != Self::Portable,
            (Self::Vnni, best) => best == Self::Vnni,
        }
    }
}

/// Outputs that lie side by side in the packed weights.
pub const PANEL: usize = 64;

/// Weights of a layer: `outputs` × `inputs` whole numbers of −127…127, packed as: panels of 64 outputs; in each, for every four inputs,
/// the four weights of each output.
#[derive(Clone, Debug)]
pub struct Matrix<'a> {
    pub inputs: usize,
    pub outputs: usize,
    pub packed: Cow<'a, [u8]>,
}

/// What a panel yields for up to six rows.
pub type Tile = [[i32; PANEL]; ROWS];

/// Rows of a tile.
pub const ROWS: usize = 6;

/// Shifts numbers of −127…127 by 128, as [`Level::Vnni`] wants its rows: 1 to 255 as bytes without sign.
pub fn shift(rows: &mut [i8]) {
    for x in rows {
        *x ^= i8::MIN;
    }
}

/// Sums of products of `rows` (each `inputs` numbers of −127…127, one after another) with panel `panel` of the weights.
/// For [`Level::Vnni`] the rows are shifted.
/// `sums` holds, for each output, the sum of its weights.
pub fn tile(level: Level, matrix: &Matrix<'_>, panel: usize, rows: &[i8], sums: &[i32], out: &mut Tile) {
    let count = rows.len() / matrix.inputs;
    assert!(count <= ROWS && rows.len() == count * matrix.inputs && matrix.inputs.is_multiple_of(4));
    let length = matrix.inputs * PANEL;
    let weights = &matrix.packed[panel * length..(panel + 1) * length];
    match level {
        #[cfg(target_arch = "x86_64")]
        #[expect(unsafe_code, reason = "the processor was asked")]
        Level::Vnni => {
            debug_assert!(level.available());
            // SAFETY: `Level::Vnni` comes from `Level::detect` or was checked by `available` (see `Net::with`).
            unsafe {
                match count {
                    1 => wide::vnni::<1>(weights, rows, matrix.inputs, sums, out),
                    2 => wide::vnni::<2>(weights, rows, matrix.inputs, sums, out),
                    3 => wide::vnni::<3>(weights, rows, matrix.inputs, sums, out),
                    4 => wide::vnni::<4>(weights, rows, matrix.inputs, sums, out),
                    5 => wide::vnni::<5>(weights, rows, matrix.inputs, sums, out),
                    _ => wide::vnni::<6>(weights, rows, matrix.inputs, sums, out),
                }
            }
        }
        #[cfg(target_arch = "x86_64")]
        #[expect(unsafe_code, reason = "the processor was asked")]
        Level::Avx2 => {
            for (row, out) in rows.chunks_exact(matrix.inputs).zip(out.iter_mut()) {
                // SAFETY: as above, for AVX2.
                unsafe { wide::avx2(weights, row, out) }
            }
        }
        _ => {
            for (row, out) in rows.chunks_exact(matrix.inputs).zip(out.iter_mut()) {
                portable(weights, row, out);
            }
        }
    }
}

fn portable(weights: &[u8], row: &[i8], out: &mut [i32; PANEL]) {
    out.fill(0);
    for (four, weights) in row.chunks_exact(4).zip(weights.chunks_exact(4 * PANEL)) {
        for (sum, w) in out.iter_mut().zip(weights.chunks_exact(4)) {
            for (a, w) in four.iter().zip(w) {
                *sum += i32::from(*a) * i32::from(w.cast_signed());
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "reads memory by wide instructions; every length is asserted before")]
mod wide {
    use super::{PANEL, ROWS, Tile};
    use std::arch::x86_64::*;

    /// `M` rows at once. The instruction multiplies bytes without sign by bytes with sign, so the rows come shifted by 128 (see
    /// [`super::shift`]) and 128 times the weights' sum is taken off again.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
    pub fn vnni<const M: usize>(weights: &[u8], rows: &[i8], inputs: usize, sums: &[i32], out: &mut Tile) {
        assert!(
            M <= ROWS && rows.len() == M * inputs && weights.len() == inputs * PANEL && sums.len() == PANEL
        );
        let mut acc = [[_mm512_setzero_si512(); 4]; M];
        for (n, sums) in sums.chunks_exact(16).enumerate() {
            // SAFETY: sixteen numbers are there.
            let sums = unsafe { _mm512_loadu_si512(sums.as_ptr().cast()) };
            let start = _mm512_sub_epi32(_mm512_setzero_si512(), _mm512_slli_epi32::<7>(sums));
            for row in &mut acc {
                row[n] = start;
            }
        }
        for (group, weights) in weights.chunks_exact(4 * PANEL).enumerate() {
            // SAFETY: the chunk is 256 bytes long.
            let w = unsafe {
                let at = weights.as_ptr();
                [
                    _mm512_loadu_si512(at.cast()),
                    _mm512_loadu_si512(at.add(64).cast()),
                    _mm512_loadu_si512(at.add(128).cast()),
                    _mm512_loadu_si512(at.add(192).cast()),
                ]
            };
            for (m, acc) in acc.iter_mut().enumerate() {
                // SAFETY: m < M and 4 · group + 3 < inputs, and there are M · inputs bytes.
                let four =
                    unsafe { rows.as_ptr().add(m * inputs + 4 * group).cast::<i32>().read_unaligned() };
                let four = _mm512_set1_epi32(four);
                acc[0] = _mm512_dpbusd_epi32(acc[0], four, w[0]);
                acc[1] = _mm512_dpbusd_epi32(acc[1], four, w[1]);
                acc[2] = _mm512_dpbusd_epi32(acc[2], four, w[2]);
                acc[3] = _mm512_dpbusd_epi32(acc[3], four, w[3]);
            }
        }
        for (acc, out) in acc.iter().zip(out.iter_mut()) {
            for (n, acc) in acc.iter().enumerate() {
                // SAFETY: a row of the tile is four times sixteen numbers.
                unsafe { _mm512_storeu_si512(out.as_mut_ptr().add(16 * n).cast(), *acc) };
            }
        }
    }

    /// One row. The sign of a number of the row is moved to the weight, so that pairs of products fit sixteen bits.
    #[target_feature(enable = "avx2")]
    pub fn avx2(weights: &[u8], row: &[i8], out: &mut [i32; PANEL]) {
        assert!(weights.len() == row.len() * PANEL && row.len().is_multiple_of(4));
        let ones = _mm256_set1_epi16(1);
        let mut acc = [_mm256_setzero_si256(); 8];
        for (four, weights) in row.chunks_exact(4).zip(weights.chunks_exact(4 * PANEL)) {
            let four = _mm256_set1_epi32(i32::from_le_bytes([
                four[0].cast_unsigned(),
                four[1].cast_unsigned(),
                four[2].cast_unsigned(),
                four[3].cast_unsigned(),
            ]));
            let size = _mm256_abs_epi8(four);
            for (n, acc) in acc.iter_mut().enumerate() {
                // SAFETY: the chunk is 256 bytes long and n < 8.
                let w = unsafe { _mm256_loadu_si256(weights.as_ptr().add(32 * n).cast()) };
                let pairs = _mm256_maddubs_epi16(size, _mm256_sign_epi8(w, four));
                *acc = _mm256_add_epi32(*acc, _mm256_madd_epi16(pairs, ones));
            }
        }
        for (n, acc) in acc.iter().enumerate() {
            // SAFETY: a row of the tile is eight times eight numbers.
            unsafe { _mm256_storeu_si256(out.as_mut_ptr().add(8 * n).cast(), *acc) };
        }
    }
}

/// Calls `body` compiled for the given level. The body must be marked `#[inline(always)]`.
macro_rules! at_level {
    ($name:ident, $body:path, ($($arg:ident : $type:ty),*)) => {
        #[inline]
        #[cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "the processor was asked"))]
        pub(crate) fn $name(level: $crate::Level, $($arg: $type),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
                fn vnni($($arg: $type),*) { $body($($arg),*) }
                #[target_feature(enable = "avx2")]
                fn avx2($($arg: $type),*) { $body($($arg),*) }
                match level {
                    // SAFETY: `Level` is only what the processor has; see `Net::with`.
                    $crate::Level::Vnni => return unsafe { vnni($($arg),*) },
                    // SAFETY: as above.
                    $crate::Level::Avx2 => return unsafe { avx2($($arg),*) },
                    $crate::Level::Portable => {}
                }
            }
            $body($($arg),*)
        }
    };
}
pub(crate) use at_level;
