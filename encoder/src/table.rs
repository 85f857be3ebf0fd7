//! The vectors of the pieces, four bits a number: blocks of a scale (two bytes) and 32 numbers of −8…7. Only the rows of a text are
//! ever opened. It knows no pieces.

use crate::net::WIDE;

/// Numbers of a block.
const BLOCK: usize = 32;
/// Bytes of a block: the scale, then in each byte the number `n` in the low half and the number `n + 16` in the high half.
const BYTES: usize = 2 + BLOCK / 2;
/// Bytes of a row.
const ROW: usize = WIDE / BLOCK * BYTES;

/// Rows of vectors, borrowed from their file.
#[derive(Debug)]
pub struct Table<'a>(&'a [u8]);

impl<'a> Table<'a> {
    /// How long a table of that many rows is; none if no file is.
    pub fn bytes(rows: usize) -> Option<usize> {
        rows.checked_mul(ROW)
    }

    /// Of the bytes of its rows.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Writes row `number` to `out`; the first where there is no such row, nothing where there is none.
    pub fn row(&self, number: usize, out: &mut [f32]) {
        let row = number.checked_mul(ROW).and_then(|at| self.0.get(at..)?.get(..ROW));
        let Some(row) = row.or_else(|| self.0.get(..ROW)) else { return };
        for (block, out) in row.chunks_exact(BYTES).zip(out.chunks_exact_mut(BLOCK)) {
            let scale = half(u16::from_le_bytes([block[0], block[1]]));
            let (low, high) = out.split_at_mut(BLOCK / 2);
            for ((byte, low), high) in block[2..].iter().zip(low).zip(high) {
                *low = (f32::from(byte & 15) - 8.0) * scale;
                *high = (f32::from(byte >> 4) - 8.0) * scale;
            }
        }
    }
}

/// A number of two bytes (IEEE 754 binary16); what is not finite counts as nothing.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 0x3FF));
    sign * match exponent {
        0 => fraction * 2f32.powi(-24),
        31 => 0.0,
        _ => (1.0 + fraction / 1024.0) * 2f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::half;

    #[test]
    fn halves_are_read() {
        for (bits, number) in [(0x3C00, 1.0), (0xC000, -2.0), (0x3555, 0.333_251_95), (0x0001, 5.960_464_5e-8)] {
            assert!((half(bits) - number).abs() < 1e-9, "{bits:x}");
        }
    }
}
