//! Names of ten languages with how often each is borne, and a seeded source of chance.

/// A seeded source of chance (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn share(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.roll() % n.max(1) as u64) as usize
    }

    pub fn chance(&mut self, p: f64) -> bool {
        self.share() < p
    }

    pub fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Names with how often each is borne, as running sums.
pub struct Pool {
    names: Vec<String>,
    sums: Vec<f64>,
}

impl Pool {
    /// Frequencies fall with the rank as names of real populations do: 1 / (rank + flat)^steep.
    pub fn new(names: Vec<String>, flat: f64, steep: f64) -> Self {
        let mut sum = 0.0;
        let sums = (0..names.len())
            .map(|rank| {
                sum += (rank as f64 + flat).powf(-steep);
                sum
            })
            .collect();
        Self { names, sums }
    }

    pub fn draw(&self, dice: &mut Dice) -> &str {
        let at = dice.share() * self.sums.last().copied().unwrap_or(1.0);
        &self.names[self.sums.partition_point(|s| *s < at).min(self.names.len() - 1)]
    }
}

pub struct Locale {
    pub code: &'static str,
    pub given: Pool,
    pub family: Pool,
    pub cities: Vec<String>,
    pub short: Vec<(String, Vec<String>)>,
}

pub const CODES: [&str; 10] = ["en", "de", "fr", "es", "it", "nl", "pl", "ru", "tr", "zh"];

fn list(code: &str, what: &str) -> Vec<String> {
    let found = include_str!("names.tsv").lines().find_map(|line| {
        let mut cells = line.split('\t');
        (cells.next() == Some(code) && cells.next() == Some(what)).then(|| cells.next()).flatten()
    });
    let split = if what == "city" { '|' } else { ' ' };
    found
        .unwrap_or_default()
        .split(split)
        .map(|name| if what == "city" { name.to_owned() } else { name.replace('|', " ") })
        .collect()
}

impl Locale {
    pub fn new(code: &'static str) -> Self {
        let (mut given, mut family) = (list(code, "given"), list(code, "family"));
        let mut dice = Dice::new(7);
        if code == "zh" {
            let signs = given.clone();
            given = signs.iter().flat_map(|a| signs.iter().map(move |b| format!("{a}{b}"))).collect();
            given.truncate(6000);
            for at in (1..given.len()).rev() {
                given.swap(at, dice.below(at + 1));
            }
            given.splice(0..0, signs);
        } else {
            given.dedup();
            let [stem, middle, end] = ["stem", "middle", "end"].map(|what| list(code, what));
            let mut tail: Vec<String> = Vec::new();
            for s in &stem {
                for m in &middle {
                    for e in &end {
                        tail.push(format!("{s}{}{e}", m.trim_matches('-')));
                    }
                }
            }
            for at in (1..tail.len()).rev() {
                tail.swap(at, dice.below(at + 1));
            }
            family.extend(tail);
            let doubled = given.len();
            for at in 0..doubled {
                let other = given[dice.below(doubled)].clone();
                given.push(format!("{}-{other}", given[at]));
            }
        }
        let short = list(code, "short")
            .iter()
            .filter_map(|pair| pair.split_once(':'))
            .map(|(name, forms)| (name.to_owned(), forms.split(',').map(str::to_owned).collect()))
            .collect();
        Self {
            code,
            given: Pool::new(given, 4.0, 1.0),
            family: Pool::new(family, if code == "zh" { 2.0 } else { 12.0 }, 0.9),
            cities: list(code, "city"),
            short,
        }
    }
}

pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The date of a day of 2026 as year, month, day of month.
pub fn date(day: i64) -> (i64, u32, u32) {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut left = day;
    for (month, length) in lengths.into_iter().enumerate() {
        if left < length {
            return (2026, month as u32 + 1, left as u32 + 1);
        }
        left -= length;
    }
    (2027, 1, left as u32 + 1)
}
