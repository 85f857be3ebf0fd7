//! Runs the second tier of the analysis: a few layers of BERT in eight-bit whole numbers, on one core, without a library of tensors.
//!
//! It knows pieces of words, vectors and matrices. What the outputs mean, and when a text is worth asking about, is the business of
//! the collector's analysis. All paths through the processor give the same numbers, bit for bit.

mod aligned;
mod blocks;
mod kernel;
mod maths;
mod net;
pub mod pieces;
pub mod unigram;

pub use kernel::Level;
pub use net::{Encoded, Net, Question, Reader, WIDE};
