//! The registers of AMX, eight of sixteen rows of 64 bytes, and products in them. Part of the kernel, with its unsafe code; it knows no
//! other way to multiply.

use super::{PANEL, STEP, Tile, Tiles};
use std::{arch::asm, sync::OnceLock};

/// Bytes of a register's row.
const WIDE: usize = 64;

/// Whether the processor has them and the system lends them to this process.
pub fn available() -> bool {
    static AVAILABLE: OnceLock<bool> = OnceLock::new();
    *AVAILABLE.get_or_init(|| {
        const TILES_AND_BYTES: u32 = 1 << 24 | 1 << 25;
        let has = std::arch::x86_64::__cpuid(0).eax >= 7
            && std::arch::x86_64::__cpuid_count(7, 0).edx & TILES_AND_BYTES == TILES_AND_BYTES;
        has && lent()
    })
}

/// Asks the system, which keeps room for the registers only where it was asked to.
#[cfg(target_os = "linux")]
fn lent() -> bool {
    /// arch_prctl, ARCH_REQ_XCOMP_PERM, and the number of the registers' part of the processor's state.
    const CALL: i64 = 158;
    const ASK: i64 = 0x1023;
    const PART: i64 = 18;
    let mut answer = CALL;
    // SAFETY: a system call that reads and writes no memory of ours; it changes the two registers that are named.
    unsafe {
        asm!("syscall", inlateout("rax") answer, in("rdi") ASK, in("rsi") PART,
            lateout("rcx") _, lateout("r11") _, options(nostack));
    }
    answer == 0
}

#[cfg(not(target_os = "linux"))]
fn lent() -> bool {
    false
}

#[repr(C, align(64))]
struct Layout([u8; 64]);

/// Every register in full: palette 1; from byte 16 on the bytes of a row, from byte 48 on the rows.
static LAYOUT: Layout = {
    let mut layout = [0; 64];
    layout[0] = 1;
    let mut n = 0;
    while n < 8 {
        layout[16 + 2 * n] = WIDE as u8;
        layout[48 + n] = STEP as u8;
        n += 1;
    }
    Layout(layout)
};

pub fn open() {
    assert!(available());
    // SAFETY: the instruction is there (asserted) and reads the 64 bytes.
    unsafe { asm!("ldtilecfg [{}]", in(reg) &raw const LAYOUT, options(nostack, readonly)) };
}

pub fn close() {
    assert!(available());
    // SAFETY: the instruction is there (asserted).
    unsafe { asm!("tilerelease", options(nostack, nomem)) };
}

/// Inputs that are gone through at once, so that the panel's weights for them are still near for the next rows.
const NEAR: usize = 384;

/// Sixteen rows or 32 by a panel. The panel lies as the instruction wants it: four numbers of an output beside each other, sixteen
/// outputs in 64 bytes, the next four numbers 256 bytes on.
pub fn product(_open: &Tiles, weights: &[u8], rows: &[i8], inputs: usize, out: &mut Tile) {
    assert!(inputs > 0 && inputs.is_multiple_of(WIDE) && weights.len() == inputs * PANEL);
    assert!(rows.len().is_multiple_of(STEP * inputs));
    out.0[..rows.len() / inputs].fill([0; PANEL]);
    for from in (0..inputs).step_by(NEAR) {
        let weights = &weights[from * PANEL..];
        for (rows, out) in rows.chunks_exact(STEP * inputs).zip(out.0.chunks_exact_mut(STEP)) {
            // SAFETY: the registers are laid out, as a `Tiles` of this level is there. Each step reads, of inputs that are there
            // (both numbers are multiples of 64), 64 bytes of sixteen rows that are `inputs` apart, and sixteen rows of four
            // times 64 bytes of the weights; the sums are sixteen rows of 256 bytes.
            unsafe {
                asm!(
                    "tileloadd tmm0, [{out} + {step}*1]",
                    "tileloadd tmm1, [{out} + {step}*1 + 64]",
                    "tileloadd tmm2, [{out} + {step}*1 + 128]",
                    "tileloadd tmm3, [{out} + {step}*1 + 192]",
                    "2:",
                    "tileloadd tmm4, [{rows} + {inputs}*1]",
                    "tileloadd tmm5, [{weights} + {step}*1]",
                    "tileloadd tmm6, [{weights} + {step}*1 + 64]",
                    "tdpbssd tmm0, tmm4, tmm5",
                    "tileloadd tmm7, [{weights} + {step}*1 + 128]",
                    "tdpbssd tmm1, tmm4, tmm6",
                    "tileloadd tmm5, [{weights} + {step}*1 + 192]",
                    "tdpbssd tmm2, tmm4, tmm7",
                    "tdpbssd tmm3, tmm4, tmm5",
                    "add {rows}, 64",
                    "add {weights}, 4096",
                    "dec {count}",
                    "jnz 2b",
                    "tilestored [{out} + {step}*1], tmm0",
                    "tilestored [{out} + {step}*1 + 64], tmm1",
                    "tilestored [{out} + {step}*1 + 128], tmm2",
                    "tilestored [{out} + {step}*1 + 192], tmm3",
                    rows = inout(reg) rows.as_ptr().add(from) => _,
                    weights = inout(reg) weights.as_ptr() => _,
                    count = inout(reg) NEAR.min(inputs - from) / WIDE => _,
                    inputs = in(reg) inputs,
                    step = in(reg) 4 * PANEL,
                    out = in(reg) out.as_mut_ptr(),
                    out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                    out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                    options(nostack),
                );
            }
        }
    }
}
