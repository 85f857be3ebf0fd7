//! The ways through the processor agree to the bit, files that are cut off are refused, and texts are read as in training.

use goodword_encoder::{Level, Net, Reader, WIDE, pieces::Pieces, unigram::Unigram};

/// A file in the making: numbers that look random and are not.
struct Making {
    out: Vec<u8>,
    state: u64,
}

impl Making {
    fn next(&mut self) -> u32 {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as u32
    }

    fn number(&mut self, n: usize) {
        self.out.extend((n as u32).to_le_bytes());
    }

    fn floats(&mut self, count: usize, low: f32, high: f32) {
        for _ in 0..count {
            let x = low + (high - low) * (self.next() % 10_007) as f32 / 10_007.0;
            self.out.extend(x.to_le_bytes());
        }
    }

    fn wholes(&mut self, count: usize) {
        for _ in 0..count {
            let n = (self.next() % 255) as i32 - 127;
            self.out.push((n as i8).cast_unsigned());
        }
    }

    /// Numbers of four bits in blocks of 32, each with the scale 2^-8.
    fn blocks(&mut self, numbers: usize) {
        for _ in 0..numbers / 32 {
            self.out.extend([0x00, 0x1C]);
            for _ in 0..16 {
                let byte = self.next() as u8;
                self.out.push(byte);
            }
        }
    }

    fn product(&mut self, bits: usize, inputs: usize, outputs: usize) {
        if bits == 8 {
            self.floats(outputs, 0.0005, 0.002);
        }
        self.floats(outputs, -0.5, 0.5);
        if bits == 8 { self.wholes(inputs * outputs) } else { self.blocks(inputs * outputs) }
    }
}

/// A small made-up net with every part, its layer's weights of so many bits.
fn file(bits: usize) -> Vec<u8> {
    let vocabulary =
        "[UNK]\n[CLS]\n[SEP]\n[USER]\n[LINK]\n[POST]\n[REVIEW]\ngood\n##ness\nsoup\ns\n##o\n!\n'\n☀";
    let count = vocabulary.lines().count();
    let mut made = Making { out: b"GWE2".to_vec(), state: 7 };
    for n in [1, 32, count, 0, bits, vocabulary.len()] {
        made.number(n);
    }
    made.out.extend(vocabulary.as_bytes());
    made.blocks(count * WIDE);
    made.floats(128 * WIDE, -0.5, 0.5);
    made.floats(2 * WIDE, 0.5, 1.5);
    made.product(bits, WIDE, 3 * WIDE);
    made.product(bits, WIDE, WIDE);
    made.floats(2 * WIDE, 0.5, 1.5);
    made.product(bits, WIDE, 1536);
    made.product(bits, 1536, WIDE);
    made.floats(2 * WIDE, 0.5, 1.5);
    made.number(1);
    made.number(4);
    made.out.extend(b"post");
    made.number(3);
    made.floats(3 * 2 * WIDE + 3, -0.2, 0.2);
    made.out
}

#[test]
fn every_way_through_the_processor_gives_the_same_bits() {
    let levels = [Level::Avx2, Level::Vnni, Level::Amx];
    for (bits, level) in [8, 4].into_iter().flat_map(|bits| levels.map(|level| (bits, level))) {
        let file = file(bits);
        let plain = Net::with(&file, Level::Portable).expect("every processor can");
        let Some(net) = Net::with(&file, level) else {
            println!("{level:?} is not here, skipped");
            continue;
        };
        for length in [1usize, 2, 5, 6, 7, 15, 16, 17, 31, 128] {
            let pieces: Vec<u32> = (0..length).map(|i| (i * 7 % 15) as u32).collect();
            let (a, b) = (plain.encode(&pieces), net.encode(&pieces));
            assert!(a.vectors.iter().all(|x| x.is_finite()), "{length}");
            assert_eq!(a.vectors, b.vectors, "{level:?}, {length} pieces");
            let question = net.question("post").expect("it is in the file");
            assert_eq!(question.ask(&a.whole()), question.ask(&b.whole()));
        }
    }
}

#[test]
fn windows_that_are_read_together_do_not_hear_each_other() {
    let file = file(8);
    let net = Net::read(&file).expect("a whole file");
    let windows: Vec<Vec<u32>> = [3usize, 0, 128, 7, 40, 41, 1, 128, 90, 5]
        .iter()
        .enumerate()
        .map(|(n, length)| (0..*length).map(|i| ((i + n) * 7 % 15) as u32).collect())
        .collect();
    let together = net.encode_all(&windows);
    assert_eq!(together.len(), windows.len());
    for (window, encoded) in windows.iter().zip(&together) {
        assert_eq!(net.encode(window).vectors, encoded.vectors, "{} pieces", window.len());
    }
}

#[test]
fn what_stands_far_apart_is_heard() {
    let file = file(8);
    let net = Net::read(&file).expect("a whole file");
    let (one, other) = (net.encode(&[1, 7, 7, 7, 9]), net.encode(&[1, 7, 7, 7, 10]));
    assert_ne!(one.vectors[..WIDE], other.vectors[..WIDE], "the first vector hears the last piece");
    assert_eq!(net.encode(&[1; 300]).len(), 128);
    assert!(net.encode(&[]).is_empty());
}

#[test]
fn a_file_that_is_cut_off_or_foreign_is_refused() {
    let file = file(8);
    for length in [0, 3, 4, 16, 300, file.len() / 2, file.len() - 1] {
        assert!(Net::read(&file[..length]).is_none(), "{length}");
    }
    let mut foreign = file.clone();
    foreign[0] = b'X';
    assert!(Net::read(&foreign).is_none());
}

#[test]
fn texts_are_read_in_pieces() {
    let file = file(8);
    let net = Net::read(&file).expect("a whole file");
    let pieces = Pieces::new(net.vocabulary()).expect("its marks are there");
    let read = |text: &str| pieces.read(text, 99).iter().map(|p| (p.number, p.place)).collect::<Vec<_>>();
    assert_eq!(read("Goodness"), [(7, 0), (8, 0)]);
    assert_eq!(read("  GÓOD soup!"), [(7, 2), (9, 7), (12, 11)]);
    assert_eq!(read("sooooo good"), [(10, 0), (11, 0), (11, 0), (7, 7)]);
    assert_eq!(read("@some_body1 https://example.org/a?b good"), [(3, 0), (4, 12), (7, 36)]);
    assert_eq!(read("&#39;good"), [(13, 0), (7, 5)]);
    assert_eq!(read("☀xyz"), [(14, 0), (0, 1)]);
    assert_eq!(pieces.read("good good good", 2).len(), 2);
}

#[test]
fn texts_are_read_in_pieces_with_scores() {
    let vocabulary = "[UNK]\n[USER]\n[LINK]\n\u{2581}\t-4000\n\u{2581}caf\t-9000\nca\t-5000\nfé\t-5000\né\t-3000\nc\t-9000\n\
                      \u{2581}L\t-7000\n'\t-3000\neau\t-6000\n!\t-3500\n!!\t-4500\n\u{2581}gut\t-6000\no\t-8000\ns\t-8000";
    let pieces = Unigram::new(vocabulary).expect("its marks are there");
    let read = |text: &str| pieces.read(text, 99).iter().map(|p| (p.number, p.place)).collect::<Vec<_>>();
    // ▁caf + é (12,000) before ▁ + ca + fé (14,000); accents may be signs of their own.
    assert_eq!(read("café"), [(4, 0), (7, 3)]);
    assert_eq!(read(" cafe\u{301}"), [(4, 1), (7, 4)]);
    assert_eq!(read("L’eau!!!"), [(9, 0), (10, 1), (11, 2), (12, 5), (13, 6)]);
    // Four capitals are read as small letters, three are not; no letter stands more than twice.
    assert_eq!(read("GUTTTT GUT"), [(14, 0), (0, 3), (3, 7), (0, 7)]);
    assert_eq!(read("@wer_1: https://example.org gut"), [(1, 0), (0, 6), (2, 8), (14, 28)]);
    assert_eq!(read("&#39;\u{200b}eau"), [(3, 0), (10, 0), (11, 6)]);
    assert_eq!(pieces.read("gut gut gut", 2).len(), 2);
    assert!(Unigram::new("[UNK]\n[USER]\nx\t-1").is_none(), "a mark is missing");
}

#[test]
fn a_net_says_how_it_reads() {
    let mut file = file(4);
    assert_eq!(Net::read(&file).map(|net| net.reader()), Some(Reader::Words));
    file[16] = 1;
    assert_eq!(Net::read(&file).map(|net| net.reader()), Some(Reader::Unigram));
    file[16] = 2;
    assert!(Net::read(&file).is_none());
}

#[test]
fn texts_are_read_as_in_training() {
    let file = include_bytes!("../../collector/data/abroad.bin");
    let net = Net::read(file).expect("a whole file");
    let pieces = Unigram::new(net.vocabulary()).expect("its marks are there");
    // Rows that `training/second/agree.py` wrote.
    for row in include_str!("abroad.tsv").lines() {
        let (text, wanted) = row.split_once('\t').expect("a text and its pieces");
        let got: Vec<String> =
            pieces.read(text, 999).iter().map(|p| format!("{}:{}", p.number, p.place)).collect();
        assert_eq!(got.join(" "), wanted, "{text}");
    }
}
