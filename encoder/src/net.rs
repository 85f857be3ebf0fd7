//! The net: reads its file, turns pieces of words into vectors, and answers questions about them. It does not know what a text is
//! about; the questions are rows of weights with a name.

use crate::{
    aligned::Aligned,
    blocks::{self, Table},
    kernel::{Level, Matrix, PANEL, STEP, Tile, Tiles, shift, tile},
    maths,
};

/// Width of a vector.
pub const WIDE: usize = 384;
const INNER: usize = 1536;
const MAGIC: &[u8; 4] = b"GWE2";
/// Most pieces of one window, marks included.
pub const LONGEST: usize = 128;

/// From so many vectors on, windows are not put together any more.
const TOGETHER: usize = 96;

/// A layer's product: whole-number weights with a scale and a bias for each output.
#[derive(Debug)]
struct Product {
    matrix: Matrix,
    scales: Vec<f32>,
    bias: Vec<f32>,
    /// Of each output's weights, as [`Level::Vnni`] needs them.
    sums: Vec<i32>,
}

#[derive(Debug)]
struct Norm {
    gain: Vec<f32>,
    bias: Vec<f32>,
}

#[derive(Debug)]
struct Layer {
    qkv: Product,
    out: Product,
    norm1: Norm,
    up: Product,
    down: Product,
    norm2: Norm,
}

/// A question: a row of weights over a pair of vectors for each answer.
#[derive(Debug)]
pub struct Question {
    name: String,
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// How texts are read into the vocabulary's pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The longest piece first (see `pieces.rs`).
    Words,
    /// The split whose scores sum highest (see `unigram.rs`).
    Unigram,
}

/// The net, borrowed from the bytes of its file.
#[derive(Debug)]
pub struct Net<'a> {
    level: Level,
    vocabulary: &'a str,
    reader: Reader,
    table: Table<'a>,
    places: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    questions: Vec<Question>,
}

/// A window of text in vectors, one for each piece and mark.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// Vectors, one after another.
    pub vectors: Vec<f32>,
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    fn number(&mut self) -> Option<usize> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?) as usize)
    }

    fn floats(&mut self, count: usize) -> Option<Vec<f32>> {
        let bytes = self.take(count.checked_mul(4)?)?;
        Some(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }

    /// Weights of a byte (scales, biases, packed) or of four bits (biases, blocks).
    fn product(&mut self, level: Level, bits: usize, inputs: usize, outputs: usize) -> Option<Product> {
        let (packed, scales, bias) = if bits == 4 {
            let bias = self.floats(outputs)?;
            let (packed, scales) =
                blocks::packed(self.take(blocks::bytes(inputs * outputs)?)?, inputs, outputs);
            (packed, scales, bias)
        } else {
            let (scales, bias) = (self.floats(outputs)?, self.floats(outputs)?);
            // A file begins anywhere; the copy begins on a line.
            (Aligned::of(self.take(inputs * outputs)?), scales, bias)
        };
        let mut sums = vec![0i32; outputs];
        let panels = packed.get().chunks_exact(inputs * PANEL).enumerate();
        for (number, panel) in panels.filter(|_| level == Level::Vnni) {
            for four in panel.chunks_exact(4 * PANEL) {
                for (sum, weights) in sums[number * PANEL..][..PANEL].iter_mut().zip(four.chunks_exact(4)) {
                    *sum += weights.iter().map(|w| i32::from(w.cast_signed())).sum::<i32>();
                }
            }
        }
        Some(Product { matrix: Matrix { inputs, outputs, packed }, scales, bias, sums })
    }

    fn norm(&mut self) -> Option<Norm> {
        Some(Norm { gain: self.floats(WIDE)?, bias: self.floats(WIDE)? })
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.number()?;
        std::str::from_utf8(self.take(length)?).ok()
    }
}

impl<'a> Net<'a> {
    /// Reads a file of weights; none if it is not one of this version, or is cut off. The file: magic; layers; length of a head; pieces;
    /// how texts are read (0 words, 1 unigram); bits of a layer's weight (8 or 4); the vocabulary (pieces on lines, their length before);
    /// the pieces' vectors in blocks (see `blocks.rs`); vectors of 128 places; a norm; the layers; questions with their names. Numbers
    /// are little-endian.
    pub fn read(file: &'a [u8]) -> Option<Self> {
        Self::with(file, Level::detect())
    }

    /// The same with the instructions named; none if this processor does not have them.
    pub fn with(file: &'a [u8], level: Level) -> Option<Self> {
        if !level.available() {
            return None;
        }
        let mut bytes = Bytes(file);
        if bytes.take(4)? != MAGIC {
            return None;
        }
        let (layers, head, count) = (bytes.number()?, bytes.number()?, bytes.number()?);
        if head != maths::HEAD {
            return None;
        }
        let reader = match bytes.number()? {
            0 => Reader::Words,
            1 => Reader::Unigram,
            _ => return None,
        };
        let bits = bytes.number().filter(|bits| [4, 8].contains(bits))?;
        let vocabulary = bytes.text()?;
        let table = Table::new(bytes.take(blocks::bytes(count.checked_mul(WIDE)?)?)?);
        let places = bytes.floats(LONGEST * WIDE)?;
        let norm = bytes.norm()?;
        let layers = (0..layers)
            .map(|_| {
                Some(Layer {
                    qkv: bytes.product(level, bits, WIDE, 3 * WIDE)?,
                    out: bytes.product(level, bits, WIDE, WIDE)?,
                    norm1: bytes.norm()?,
                    up: bytes.product(level, bits, WIDE, INNER)?,
                    down: bytes.product(level, bits, INNER, WIDE)?,
                    norm2: bytes.norm()?,
                })
            })
            .collect::<Option<Vec<_>>>()?;
        let count = bytes.number()?;
        let questions = (0..count)
            .map(|_| {
                let name = bytes.text()?.to_owned();
                let answers = bytes.number()?;
                let weights = bytes.floats(answers.checked_mul(2 * WIDE)?)?;
                Some(Question { name, weights, bias: bytes.floats(answers)? })
            })
            .collect::<Option<Vec<_>>>()?;
        Some(Self { level, vocabulary, reader, table, places, norm, layers, questions })
    }

    /// The pieces on lines, in the order of their numbers.
    pub fn vocabulary(&self) -> &'a str {
        self.vocabulary
    }

    /// How texts are read into these pieces.
    pub fn reader(&self) -> Reader {
        self.reader
    }

    /// The question of that name.
    pub fn question(&self, name: &str) -> Option<&Question> {
        self.questions.iter().find(|q| q.name == name)
    }

    /// Vectors of a window of pieces. Pieces past the 128th are left out; numbers that are no piece count as the first.
    pub fn encode(&self, pieces: &[u32]) -> Encoded {
        let mut x = Vec::new();
        self.embed(pieces, &mut x);
        let lengths = [x.len() / WIDE];
        self.run(&mut x, &lengths, &mut Room::default());
        Encoded { vectors: x }
    }

    /// The same for several windows, in their order. Their vectors lie one after another, so that the weights are read once for
    /// many; windows do not hear each other, and what comes out is the same, bit for bit.
    pub fn encode_all<P: AsRef<[u32]>>(&self, windows: &[P]) -> Vec<Encoded> {
        let mut out = Vec::with_capacity(windows.len());
        let (mut x, mut lengths, mut room) = (Vec::new(), Vec::new(), Room::default());
        for (n, window) in windows.iter().enumerate() {
            let before = x.len();
            self.embed(window.as_ref(), &mut x);
            lengths.push((x.len() - before) / WIDE);
            if x.len() >= TOGETHER * WIDE || n + 1 == windows.len() {
                self.run(&mut x, &lengths, &mut room);
                let mut rest = &x[..];
                for length in lengths.drain(..) {
                    let (vectors, more) = rest.split_at(length * WIDE);
                    out.push(Encoded { vectors: vectors.to_vec() });
                    rest = more;
                }
                x.clear();
            }
        }
        out
    }

    /// Adds the vectors that a window begins with.
    fn embed(&self, pieces: &[u32], x: &mut Vec<f32>) {
        let pieces = &pieces[..pieces.len().min(LONGEST)];
        let before = x.len();
        x.resize(before + pieces.len() * WIDE, 0.0);
        let x = &mut x[before..];
        for (row, piece) in x.chunks_exact_mut(WIDE).zip(pieces) {
            self.table.row(*piece as usize, row);
        }
        let places = &self.places[..pieces.len() * WIDE];
        maths::norm(self.level, x, places, &self.norm.gain, &self.norm.bias);
    }

    /// All layers over windows of those lengths.
    fn run(&self, x: &mut [f32], lengths: &[usize], room: &mut Room) {
        let count = x.len() / WIDE;
        // Rows are multiplied several at once, the last ones with what comes after them.
        room.whole.room(count.next_multiple_of(STEP) * INNER);
        room.scales.resize(count, 0.0);
        room.inner.room(count * INNER);
        room.part.room(count * WIDE);
        let tiles = Tiles::new(self.level);
        for layer in &self.layers {
            self.layer(layer, x, lengths, &tiles, room);
        }
    }

    fn layer(&self, layer: &Layer, x: &mut [f32], lengths: &[usize], tiles: &Tiles, room: &mut Room) {
        let count = x.len() / WIDE;
        let Room { whole, scales, inner, part, scratch } = room;
        let (whole, inner, part) = (whole.get_mut(), inner.get_mut(), part.get_mut());
        let qkv = &mut inner[..count * 3 * WIDE];
        self.multiply(tiles, &layer.qkv, x, whole, scales, qkv);
        let mut at = 0;
        for length in lengths {
            let qkv = &qkv[3 * WIDE * at..3 * WIDE * (at + length)];
            maths::attend(self.level, qkv, WIDE, scratch, &mut part[WIDE * at..WIDE * (at + length)]);
            at += length;
        }
        let out = &mut inner[..count * WIDE];
        self.multiply(tiles, &layer.out, part, whole, scales, out);
        maths::norm(self.level, x, out, &layer.norm1.gain, &layer.norm1.bias);
        self.multiply(tiles, &layer.up, x, whole, scales, inner);
        maths::gelu(self.level, inner);
        self.multiply(tiles, &layer.down, inner, whole, scales, part);
        maths::norm(self.level, x, part, &layer.norm2.gain, &layer.norm2.bias);
    }

    fn multiply(
        &self,
        tiles: &Tiles,
        product: &Product,
        x: &[f32],
        whole: &mut [i8],
        scales: &mut [f32],
        out: &mut [f32],
    ) {
        let (inputs, outputs) = (product.matrix.inputs, product.matrix.outputs);
        maths::quantise(self.level, x, inputs, &mut whole[..x.len()], scales);
        let at_once = self.level.rows();
        let whole = match self.level {
            Level::Amx => &whole[..x.len().next_multiple_of(STEP * inputs)],
            level => {
                let whole = &mut whole[..x.len()];
                if level == Level::Vnni {
                    shift(whole);
                }
                whole
            }
        };
        let mut sums = Tile::default();
        for panel in 0..outputs / PANEL {
            let range = panel * PANEL..(panel + 1) * PANEL;
            for (number, rows) in whole.chunks(at_once * inputs).enumerate() {
                tile(tiles, &product.matrix, panel, rows, &product.sums[range.clone()], &mut sums);
                let first = number * at_once;
                let rows = &scales[first..(first + at_once).min(scales.len())];
                let out = &mut out[first * outputs + range.start..];
                let (scales, bias) = (&product.scales[range.clone()], &product.bias[range.clone()]);
                maths::settle(self.level, &sums.0, scales, rows, bias, outputs, out);
            }
        }
    }
}

/// Buffers of windows that are encoded together.
#[derive(Default)]
struct Room {
    whole: Aligned<i8>,
    scales: Vec<f32>,
    inner: Aligned<f32>,
    part: Aligned<f32>,
    scratch: Aligned<f32>,
}

impl Encoded {
    /// How many vectors there are.
    pub fn len(&self) -> usize {
        self.vectors.len() / WIDE
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.vectors.is_empty()
    }

    /// The first vector beside the mean of all.
    pub fn whole(&self) -> Vec<f32> {
        self.beside(0..self.len())
    }

    /// The first vector beside the mean of some; of the first where there are none.
    pub fn beside(&self, some: impl IntoIterator<Item = usize>) -> Vec<f32> {
        let mut pair = vec![0f32; 2 * WIDE];
        let Some(first) = self.vectors.get(..WIDE) else { return pair };
        pair[..WIDE].copy_from_slice(first);
        let mut count = 0;
        for at in some {
            if let Some(vector) = self.vectors.get(at * WIDE..(at + 1) * WIDE) {
                pair[WIDE..].iter_mut().zip(vector).for_each(|(sum, x)| *sum += x);
                count += 1;
            }
        }
        if count == 0 {
            pair.copy_within(..WIDE, WIDE);
        } else {
            pair[WIDE..].iter_mut().for_each(|x| *x /= count as f32);
        }
        pair
    }
}

impl Question {
    /// The answers' log-odds for a pair of vectors.
    pub fn ask(&self, pair: &[f32]) -> Vec<f32> {
        self.weights
            .chunks_exact(2 * WIDE)
            .zip(&self.bias)
            .map(|(w, bias)| maths::dot(w, pair) + bias)
            .collect()
    }
}
