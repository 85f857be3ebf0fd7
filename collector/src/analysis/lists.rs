//! The word lists compiled in, by language: praise and blame, themes, intents, emoji. It reads them once; it judges nothing.

use super::{
    small::SmallWords,
    terms::{FastMap, Gathered, Heads, Terms, rows},
    tokens::Tokens,
};

/// What a word says of an opinion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sense {
    /// Praise or blame, −4…4.
    Word(f32),
    /// Turns what follows.
    Negation,
    /// Strengthens (above 1) or weakens what follows.
    Scale(f32),
    /// What follows weighs more than what went before.
    Contrast,
    /// Looks like praise or blame and is neither.
    Plain,
}

/// The themes, in the order of their numbers.
pub const THEMES: [&str; 15] = [
    "quality",
    "service",
    "staff",
    "price",
    "waiting",
    "delivery",
    "cleanliness",
    "ambience",
    "location",
    "selection",
    "billing",
    "communication",
    "reliability",
    "safety",
    "website",
];

/// The intents, in the order of their numbers.
pub const INTENTS: [&str; 11] = [
    "complaint",
    "refund",
    "leaving",
    "safety",
    "legal",
    "question",
    "suggestion",
    "praise",
    "recommendation",
    "referral_offer",
    "wants_contact",
];

/// A phrase that weighs as much is believed by itself.
const PLAIN: f32 = 2.4;

/// Whether a phrase, by its intent and weight, hints at what the sentiment does not say and the phrase does not settle.
pub fn hints((intent, weight): (u8, f32)) -> bool {
    !matches!(INTENTS[intent as usize], "complaint" | "praise") && weight.abs() < PLAIN
}

/// The lists of one language.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// Praise, blame, negation and the like.
    pub opinion: Terms<Sense>,
    /// Number of the theme in [`THEMES`].
    pub themes: Terms<u8>,
    /// Number of the intent in [`INTENTS`] and its weight in log-odds; negative where it speaks against it.
    pub intents: Terms<(u8, f32)>,
    /// Words that a question begins with.
    pub openers: Terms<()>,
    /// After these stands whom the author leaves for.
    pub rivals: Terms<()>,
    /// After these a handle is whom the author leaves.
    pub farewells: Terms<()>,
    heads: Heads,
}

/// Bits of [`Lists::heads`].
pub const OPINION: u8 = 1;
/// As above.
pub const THEME: u8 = 2;
/// As above.
pub const INTENT: u8 = 4;
/// As above: openers, rivals, farewells.
pub const MARK: u8 = 8;

impl Lists {
    fn read(opinion_file: &str, themes_file: &str, intents_file: &str) -> Self {
        let (opinion, themes, intents) = (opinions(opinion_file), themes(themes_file), intents(intents_file));
        let [openers, rivals, farewells] =
            ["opener", "rival", "farewell"].map(|name| marks(intents_file, name));
        let mut gathered = Gathered::default();
        gathered.add(0, &opinion);
        gathered.add(1, &themes);
        gathered.add(2, &intents);
        [&openers, &rivals, &farewells].into_iter().for_each(|terms| gathered.add(3, terms));
        Self { opinion, themes, intents, openers, rivals, farewells, heads: Heads::new(gathered) }
    }

    /// For each token in which lists a term may begin there.
    pub fn heads(&self, tokens: &Tokens) -> Vec<u8> {
        self.heads.of(tokens)
    }
}

/// Every language's lists, emoji and small words.
#[derive(Debug)]
pub struct Shelf {
    languages: Vec<(&'static str, Lists)>,
    /// Values of emoji and emoticons, −4…4.
    pub signs: FastMap<&'static str, f32>,
    /// Languages known by their small words.
    pub small_words: SmallWords,
    /// Words of eating, drinking and staying (English).
    pub hospitality: Terms<()>,
}

macro_rules! language {
    ($code:literal) => {
        (
            $code,
            include_str!(concat!("../../data/lexicon/", $code, ".tsv")),
            include_str!(concat!("../../data/themes/", $code, ".tsv")),
            include_str!(concat!("../../data/intents/", $code, ".tsv")),
        )
    };
}

impl Default for Shelf {
    fn default() -> Self {
        Self::new()
    }
}

impl Shelf {
    /// Reads the lists that are compiled in. Lines that say nothing sensible are passed over; a test names them.
    pub fn new() -> Self {
        let files = [
            language!("en"),
            language!("de"),
            language!("fr"),
            language!("es"),
            language!("it"),
            language!("pt"),
            language!("nl"),
        ];
        let languages = files.into_iter().map(|(code, o, t, i)| (code, Lists::read(o, t, i)));
        let small = rows(include_str!("../../data/stopwords.tsv")).filter_map(|cells| match cells[..] {
            [code, words] => Some((code, words)),
            _ => None,
        });
        let mut shelf = Self {
            languages: languages.collect(),
            signs: FastMap::default(),
            small_words: SmallWords::new(small),
            hospitality: Terms::default(),
        };
        for cells in rows(include_str!("../../data/emoji.tsv")) {
            let [value, signs] = cells[..] else { continue };
            let Ok(value) = value.parse() else { continue };
            shelf.signs.extend(signs.split(' ').map(|s| (s, value)));
        }
        for cells in rows(include_str!("../../data/hospitality.tsv")) {
            cells.iter().for_each(|list| add(&mut shelf.hospitality, list, ()));
        }
        shelf
    }

    /// The lists of a language; English where the language is not known to us or has no lists.
    pub fn of(&self, language: Option<&str>) -> &Lists {
        self.own(language).unwrap_or(&self.languages[0].1)
    }

    /// The lists of every language that has some.
    pub fn all(&self) -> impl Iterator<Item = &Lists> {
        self.languages.iter().map(|(_, lists)| lists)
    }

    /// The lists of that very language.
    pub fn own(&self, language: Option<&str>) -> Option<&Lists> {
        let code = language?.split('-').next()?;
        self.languages.iter().find(|(l, _)| *l == code).map(|(_, lists)| lists)
    }
}

fn add<T: Copy>(terms: &mut Terms<T>, list: &str, means: T) {
    for term in list.split(',') {
        terms.add(&term.replace(['\'', '’'], " "), means);
    }
}

fn opinions(file: &str) -> Terms<Sense> {
    let mut terms = Terms::default();
    for cells in rows(file) {
        let [class, value, list] = cells[..] else { continue };
        let Ok(value) = value.parse::<f32>() else { continue };
        let sense = match class {
            "word" => Sense::Word(value),
            "negation" => Sense::Negation,
            "booster" | "diminisher" => Sense::Scale(value),
            "contrast" => Sense::Contrast,
            "plain" => Sense::Plain,
            _ => continue,
        };
        add(&mut terms, list, sense);
    }
    terms
}

fn themes(file: &str) -> Terms<u8> {
    let mut terms = Terms::default();
    for cells in rows(file) {
        let [theme, list] = cells[..] else { continue };
        if let Some(number) = THEMES.iter().position(|t| *t == theme) {
            add(&mut terms, list, number as u8);
        }
    }
    terms
}

/// The phrases of a file of intents that are no intent themselves.
fn marks(file: &str, class: &str) -> Terms<()> {
    let mut terms = Terms::default();
    rows(file)
        .filter(|cells| cells[0] == class)
        .for_each(|cells| add(&mut terms, cells[cells.len() - 1], ()));
    terms
}

fn intents(file: &str) -> Terms<(u8, f32)> {
    let mut terms = Terms::default();
    for cells in rows(file) {
        let [intent, weight, list] = cells[..] else { continue };
        if let (Some(number), Ok(weight)) = (INTENTS.iter().position(|t| *t == intent), weight.parse()) {
            add(&mut terms, list, (number as u8, weight));
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_every_list_is_understood() {
        for (code, lists) in Shelf::new().languages {
            assert!(lists.opinion.len() > 250, "{code}: {} opinion terms", lists.opinion.len());
            assert!(lists.themes.len() > 150, "{code}: {} theme terms", lists.themes.len());
            assert!(lists.intents.len() > 80, "{code}: {} intent terms", lists.intents.len());
        }
        for file in [include_str!("../../data/lexicon/en.tsv"), include_str!("../../data/intents/en.tsv")] {
            for cells in rows(file) {
                assert_eq!(cells.len(), 3, "{:?}", cells[0]);
                assert!(cells[1].parse::<f32>().is_ok(), "{:?}", cells[1]);
            }
        }
    }
}
