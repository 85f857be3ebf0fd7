//! A compact map from a number to several: sorted runs of packed pairs, eight bytes each. It forgets nothing by itself: whoever
//! asks checks what is found against the present facts.

use std::cmp::Ordering;

/// Pairs that are added before they are sorted in.
const LOOSE: usize = 256;

/// Key → values.
#[derive(Clone, Debug, Default)]
pub struct Pairs {
    /// Sorted; each run at least twice as long as the next.
    runs: Vec<Vec<(u32, u32)>>,
    loose: Vec<(u32, u32)>,
}

impl Pairs {
    /// Adds a pair.
    pub fn add(&mut self, key: u32, value: u32) {
        self.loose.push((key, value));
        if self.loose.len() >= LOOSE {
            let mut run = std::mem::take(&mut self.loose);
            run.sort_unstable();
            run.shrink_to_fit();
            self.runs.push(run);
            while let [.., a, b] = self.runs.as_slice()
                && a.len() < 2 * b.len()
            {
                self.join_last();
            }
        }
    }

    fn join_last(&mut self) {
        let (Some(b), Some(a)) = (self.runs.pop(), self.runs.pop()) else { return };
        let mut joined = Vec::with_capacity(a.len() + b.len());
        let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            if x == y {
                b.next();
            } else {
                let next = if x < y { a.next() } else { b.next() };
                joined.extend(next);
            }
        }
        joined.extend(a.chain(b));
        self.runs.push(joined);
    }

    /// Sorts everything into one run and gives spare memory back: after much was added.
    pub fn settle(&mut self) {
        let mut run = std::mem::take(&mut self.loose);
        run.sort_unstable();
        run.dedup();
        self.runs.push(run);
        while self.runs.len() > 1 {
            self.join_last();
        }
        self.runs.iter_mut().for_each(Vec::shrink_to_fit);
    }

    /// Every value under a key; a value may come twice, and values that no longer hold may come.
    pub fn of(&self, key: u32) -> impl Iterator<Item = u32> + '_ {
        let sorted = self.runs.iter().flat_map(move |run| {
            let from = run.partition_point(|pair| pair.0 < key);
            run[from..].iter().take_while(move |pair| pair.0 == key)
        });
        sorted.chain(self.loose.iter().filter(move |pair| pair.0 == key)).map(|pair| pair.1)
    }

    /// Which of these values, in order and each once, are under a key: in order, some twice.
    pub fn among(&self, key: u32, values: &[u32], found: &mut Vec<u32>) {
        for run in &self.runs {
            let from = run.partition_point(|pair| pair.0 < key);
            let to = from + run[from..].partition_point(|pair| pair.0 == key);
            let (mut under, mut left) = (&run[from..to], values);
            while let (Some((_, a)), Some(b)) = (under.first(), left.first()) {
                match a.cmp(b) {
                    Ordering::Equal => {
                        found.push(*b);
                        (under, left) = (&under[1..], &left[1..]);
                    }
                    Ordering::Less => under = &under[1..],
                    Ordering::Greater => left = &left[1..],
                }
            }
        }
        let loose = self.loose.iter().filter(|pair| pair.0 == key && values.binary_search(&pair.1).is_ok());
        found.extend(loose.map(|pair| pair.1));
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        (self.runs.iter().map(Vec::capacity).sum::<usize>() + self.loose.capacity()) * 8
    }
}

/// FNV-1a, the same on every machine and run.
pub fn hash(text: &str) -> u64 {
    let mixed = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // 0 stands for "none".
    mixed.max(1)
}

/// A hash as a key of [`Pairs`].
pub fn short(hash: u64) -> u32 {
    (hash ^ (hash >> 32)) as u32
}
