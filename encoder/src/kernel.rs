//! Products of eight-bit matrices: one way for every processor, one for AVX2, one for AVX-512 with VNNI, one for AMX. All of them sum
//! whole numbers and so agree exactly. The only place of the project with unsafe code: it reads and calls wide instructions after
//! asking the processor whether it has them (those of AMX lie in `kernel/tiles.rs`). It knows nothing of nets.

use std::marker::PhantomData;

use crate::aligned::Aligned;

/// Which instructions the products use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// What every processor has.
    Portable,
    /// 32 bytes at a time.
    Avx2,
    /// 64 bytes at a time, four products and their sum in one instruction.
    Vnni,
    /// Sixteen rows by sixteen outputs at a time, in registers of their own.
    Amx,
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
                return if tiles::available() { Self::Amx } else { Self::Vnni };
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
            (Self::Vnni, best) => best == Self::Vnni || best == Self::Amx,
            (Self::Amx, best) => best == Self::Amx,
        }
    }

    /// Most rows that [`tile`] takes.
    pub(crate) fn rows(self) -> usize {
        if self == Self::Amx { ROWS } else { 6 }
    }
}

/// The right to call [`tile`]. The registers of [`Level::Amx`] belong to a thread and are laid out anew each time, so this stays in one
/// thread, and no two of them may live at once there.
#[derive(Debug)]
pub struct Tiles {
    level: Level,
    here: PhantomData<*const ()>,
}

impl Tiles {
    /// Lays the registers out.
    ///
    /// # Panics
    /// Where the processor does not know the level.
    pub fn new(level: Level) -> Self {
        assert!(level.available(), "{level:?} is not known here");
        #[cfg(target_arch = "x86_64")]
        if level == Level::Amx {
            tiles::open();
        }
        Self { level, here: PhantomData }
    }
}

impl Drop for Tiles {
    fn drop(&mut self) {
        #[cfg(target_arch = "x86_64")]
        if self.level == Level::Amx {
            tiles::close();
        }
    }
}

/// Outputs that lie side by side in the packed weights.
pub const PANEL: usize = 64;

/// Weights of a layer: `outputs` × `inputs` whole numbers of −127…127, packed as: panels of 64 outputs; in each, for every four inputs,
/// the four weights of each output.
#[derive(Debug)]
pub struct Matrix {
    pub inputs: usize,
    pub outputs: usize,
    pub packed: Aligned<u8>,
}

/// What a panel yields for its rows.
#[derive(Debug)]
#[repr(C, align(64))]
pub struct Tile(pub [[i32; PANEL]; ROWS]);

impl Default for Tile {
    fn default() -> Self {
        Self([[0; PANEL]; ROWS])
    }
}

/// Rows of a tile at most; see [`Level::rows`].
pub const ROWS: usize = 32;

/// [`Level::Amx`] takes so many rows or twice as many.
pub const STEP: usize = 16;

/// Shifts numbers of −127…127 by 128, as [`Level::Vnni`] wants its rows: 1 to 255 as bytes without sign.
pub fn shift(rows: &mut [i8]) {
    for x in rows {
        *x ^= i8::MIN;
    }
}

/// Sums of products of `rows` (each `inputs` numbers of −127…127, one after another) with panel `panel` of the weights.
/// For [`Level::Vnni`] the rows are shifted; for [`Level::Amx`] there are sixteen or 32.
/// `sums` holds, for each output, the sum of its weights.
pub fn tile(tiles: &Tiles, matrix: &Matrix, panel: usize, rows: &[i8], sums: &[i32], out: &mut Tile) {
    let (level, count) = (tiles.level, rows.len() / matrix.inputs);
    assert!(count <= level.rows() && rows.len() == count * matrix.inputs && matrix.inputs.is_multiple_of(4));
    let length = matrix.inputs * PANEL;
    let weights = &matrix.packed.get()[panel * length..(panel + 1) * length];
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Amx => tiles::product(tiles, weights, rows, matrix.inputs, out),
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
            for (row, out) in rows.chunks_exact(matrix.inputs).zip(&mut out.0) {
                // SAFETY: as above, for AVX2.
                unsafe { wide::avx2(weights, row, out) }
            }
        }
        _ => {
            for (row, out) in rows.chunks_exact(matrix.inputs).zip(&mut out.0) {
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
        for (acc, out) in acc.iter().zip(&mut out.0) {
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

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "has no functions of the language yet; every length is asserted before")]
mod tiles;

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
                    // SAFETY: `Level` is only what the processor has; see `Net::with`. AMX comes on top of AVX-512.
                    $crate::Level::Vnni | $crate::Level::Amx => return unsafe { vnni($($arg),*) },
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

#[cfg(test)]
mod tests {
    use super::*;

    /// All products of rows with a matrix, at one level.
    fn products(level: Level, matrix: &Matrix, rows: &[i8]) -> Vec<[i32; PANEL]> {
        let sums: Vec<i32> = (0..matrix.outputs)
            .map(|n| {
                let panel =
                    &matrix.packed.get()[n / PANEL * PANEL * matrix.inputs..][..PANEL * matrix.inputs];
                let lane = n % PANEL * 4;
                panel
                    .chunks_exact(4 * PANEL)
                    .flat_map(|four| &four[lane..lane + 4])
                    .map(|w| i32::from(w.cast_signed()))
                    .sum()
            })
            .collect();
        let mut rows = rows.to_vec();
        if level == Level::Vnni {
            shift(&mut rows);
        }
        let tiles = Tiles::new(level);
        let mut out = Tile::default();
        let mut all = Vec::new();
        for panel in 0..matrix.outputs / PANEL {
            let sums = &sums[panel * PANEL..][..PANEL];
            for rows in rows.chunks(level.rows() * matrix.inputs) {
                tile(&tiles, matrix, panel, rows, sums, &mut out);
                all.extend_from_slice(&out.0[..rows.len() / matrix.inputs]);
            }
        }
        all
    }

    #[test]
    fn every_level_yields_the_same_sums() {
        let mut state = 1u64;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32
        };
        for (inputs, kind) in [(384, 0), (1536, 0), (64, 1), (1536, 1), (1536, 2), (1536, 3)] {
            // At random; all as great as can be; of either sign; of the sign that the other does not have.
            let mut number = |plus: bool| -> i8 {
                match kind {
                    0 => ((next() % 255) as i32 - 127) as i8,
                    2 if next().is_multiple_of(2) => -127,
                    3 if !plus => -127,
                    _ => 127,
                }
            };
            let packed: Vec<u8> = (0..2 * PANEL * inputs).map(|_| number(true).cast_unsigned()).collect();
            let rows: Vec<i8> = (0..(ROWS + STEP) * inputs).map(|_| number(false)).collect();
            let matrix = Matrix { inputs, outputs: 2 * PANEL, packed: Aligned::of(&packed) };
            let plain = products(Level::Portable, &matrix, &rows);
            for level in [Level::Avx2, Level::Vnni, Level::Amx] {
                if !level.available() {
                    println!("{level:?} is not here, skipped");
                    continue;
                }
                assert!(plain == products(level, &matrix, &rows), "{level:?}, {inputs} inputs, kind {kind}");
            }
        }
    }
}
