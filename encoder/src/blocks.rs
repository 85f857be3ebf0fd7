//! Numbers of four bits: blocks of a scale (two bytes) and 32 numbers of −8…7. The vectors of the pieces stay in them, and only the
//! rows of a text are ever opened; a layer's weights are opened when the file is read. It knows no pieces and no layers.

use crate::{aligned::Aligned, kernel::PANEL, net::WIDE};

/// Numbers of a block.
const BLOCK: usize = 32;
/// Bytes of a block: the scale, then in each byte the number `n` in the low half and the number `n + 16` in the high half.
const BYTES: usize = 2 + BLOCK / 2;
/// Bytes of a piece's row.
const ROW: usize = WIDE / BLOCK * BYTES;

/// How many bytes hold so many numbers; none if no file does, or they fill no whole blocks.
pub fn bytes(numbers: usize) -> Option<usize> {
    if !numbers.is_multiple_of(BLOCK) {
        return None;
    }
    (numbers / BLOCK).checked_mul(BYTES)
}

/// Opens blocks one after another.
fn open(blocks: &[u8], out: &mut [f32]) {
    for (block, out) in blocks.chunks_exact(BYTES).zip(out.chunks_exact_mut(BLOCK)) {
        let scale = half(u16::from_le_bytes([block[0], block[1]]));
        let (low, high) = out.split_at_mut(BLOCK / 2);
        for ((byte, low), high) in block[2..].iter().zip(low).zip(high) {
            *low = (f32::from(byte & 15) - 8.0) * scale;
            *high = (f32::from(byte >> 4) - 8.0) * scale;
        }
    }
}

/// The vectors of the pieces, borrowed from their file.
#[derive(Debug)]
pub struct Table<'a>(&'a [u8]);

impl<'a> Table<'a> {
    /// Of the bytes of its rows.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Writes row `number` to `out`; the first where there is no such row, nothing where there is none.
    pub fn row(&self, number: usize, out: &mut [f32]) {
        let row = number.checked_mul(ROW).and_then(|at| self.0.get(at..)?.get(..ROW));
        if let Some(row) = row.or_else(|| self.0.get(..ROW)) {
            open(row, out);
        }
    }
}

/// A layer's weights of four bits as whole numbers of a byte, packed as the kernel reads them, with a scale for each output.
pub fn packed(blocks: &[u8], inputs: usize, outputs: usize) -> (Aligned<u8>, Vec<f32>) {
    let (mut whole, mut scales) = (Aligned::default(), vec![0f32; outputs]);
    let packed = whole.room(inputs * outputs);
    let each = inputs / BLOCK * BYTES;
    for (output, (blocks, scale)) in blocks.chunks_exact(each).zip(&mut scales).enumerate() {
        let top = blocks.chunks_exact(BYTES).fold(1e-9f32, |top, block| {
            let (by, numbers) = parts(block);
            let size = |half: u8| half.abs_diff(8);
            let most = numbers.iter().fold(0, |most, byte| size(byte & 15).max(size(byte >> 4)).max(most));
            top.max((f32::from(most) * by).abs())
        });
        *scale = top / 127.0;
        let panel = &mut packed[output / PANEL * PANEL * inputs..][..PANEL * inputs];
        let lane = output % PANEL * 4;
        for (block, panel) in blocks.chunks_exact(BYTES).zip(panel.chunks_exact_mut(BLOCK * PANEL)) {
            let (by, numbers) = parts(block);
            // A block knows sixteen numbers.
            let whole: [u8; 16] = std::array::from_fn(|n| {
                (((n as f32 - 8.0) * by * 127.0 / top).round() as i8).cast_unsigned()
            });
            let (low, high) = panel.split_at_mut(BLOCK / 2 * PANEL);
            let fours = low.chunks_exact_mut(4 * PANEL).zip(high.chunks_exact_mut(4 * PANEL));
            for ((low, high), numbers) in fours.zip(numbers.chunks_exact(4)) {
                for (n, byte) in numbers.iter().enumerate() {
                    low[lane + n] = whole[usize::from(byte & 15)];
                    high[lane + n] = whole[usize::from(byte >> 4)];
                }
            }
        }
    }
    (whole, scales)
}

/// Scale and numbers of a block.
fn parts(block: &[u8]) -> (f32, &[u8]) {
    (half(u16::from_le_bytes([block[0], block[1]])), &block[2..])
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
    use super::{BYTES, PANEL, half, packed};

    #[test]
    fn halves_are_read() {
        for (bits, number) in
            [(0x3C00, 1.0), (0xC000, -2.0), (0x3555, 0.333_251_95), (0x0001, 5.960_464_5e-8)]
        {
            assert!((half(bits) - number).abs() < 1e-9, "{bits:x}");
        }
    }

    #[test]
    fn weights_of_four_bits_are_packed_for_the_kernel() {
        // Output 3 has a weight of 7 for input 5 and of −8 for input 17; all others are nothing. The scale is a half.
        let mut blocks = [0u8, 0x38].into_iter().chain([0x88; 16]).collect::<Vec<_>>().repeat(PANEL);
        blocks[3 * BYTES + 2 + 5] = 0x8F;
        blocks[3 * BYTES + 2 + 1] = 0x08;
        let (packed, scales) = packed(&blocks, 32, PANEL);
        assert!((scales[3] - 4.0 / 127.0).abs() < 1e-6);
        let at = |input: usize, output: usize| {
            packed.get()[input / 4 * 4 * PANEL + output * 4 + input % 4].cast_signed()
        };
        assert_eq!((at(5, 3), at(17, 3), at(5, 2), at(6, 3)), (111, -127, 0, 0));
    }
}
