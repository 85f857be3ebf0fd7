//! The second tier: a small language model that is asked where the fast tier is unsure. It turns a text into pieces and vectors by
//! `goodword-encoder` and gives log-odds in the terms of the verdict; what they weigh is decided there.

use goodword_encoder::{
    Encoded, Net, Reader,
    pieces::{Piece, Pieces},
    unigram::Unigram,
};

use super::subjects::Judged;

/// Pieces of a window, without its marks.
const ROOM: usize = 125;
/// Marks before the first piece.
const MARKS: usize = 2;
/// Texts are read up to here.
const MOST_PIECES: usize = 4000;
/// Themes that the model judges as a whole; after them it says whether it is none of these.
pub const THEMES: [&str; 7] = ["quality", "service", "staff", "price", "ambience", "selection", "location"];
/// Intents that the model judges, in its order; complaints are a question of their own, and praise follows from the sentiment.
pub const WANTS: [&str; 9] = [
    "refund",
    "leaving",
    "safety",
    "legal",
    "question",
    "suggestion",
    "recommendation",
    "referral_offer",
    "wants_contact",
];
/// Answers of the question about themes: one for each theme and one for none, then three sides of each.
const ANSWERS: usize = 4 * (THEMES.len() + 1);

/// Which languages a model was taught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// English alone.
    English,
    /// Others.
    Abroad,
}

/// Languages that the model for other than English was taught. Hindi tweets were in its lessons, and it did no better than chance.
const ABROAD: [&str; 12] = ["de", "fr", "es", "it", "pt", "nl", "ca", "ru", "tr", "id", "ms", "ar"];

impl Tongue {
    /// The model to ask about a text in a language, if there is one. A review too short to tell its language is taken for English; a
    /// post is not.
    pub fn of(language: Option<&str>, group: usize) -> Option<Self> {
        let Some(language) = language else { return (group == 1).then_some(Self::English) };
        match language.split('-').next()? {
            "en" => Some(Self::English),
            other => ABROAD.contains(&other).then_some(Self::Abroad),
        }
    }
}

/// How the model's pieces are found in a text.
#[derive(Debug)]
enum Split {
    Words(Pieces<'static>),
    Unigram(Unigram<'static>),
}

impl Split {
    fn mark(&self, name: &str) -> Option<u32> {
        match self {
            Self::Words(pieces) => pieces.mark(name),
            Self::Unigram(pieces) => pieces.mark(name),
        }
    }

    fn read(&self, text: &str) -> Vec<Piece> {
        match self {
            Self::Words(pieces) => pieces.read(text, MOST_PIECES),
            Self::Unigram(pieces) => pieces.read(text, MOST_PIECES),
        }
    }
}

/// The model, ready to be asked. One for every thread.
#[derive(Debug)]
pub struct Second {
    net: Net<'static>,
    pieces: Split,
    tongue: Tongue,
    begin: u32,
    kinds: [u32; 2],
    end: u32,
}

/// What the model makes of one text.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Leaning and middle, in log-odds.
    pub sums: [f32; 2],
    /// Log-odds of a complaint.
    pub complaint: f32,
    /// For each theme: log-odds that the text is about it; negative, middle, positive if it is.
    pub themes: Judged,
    /// Log-odds of each of [`WANTS`]; nothing of a model that was not taught them.
    pub wants: Option<[f32; WANTS.len()]>,
    windows: Vec<(Vec<Piece>, Encoded)>,
}

impl Second {
    /// From a file of weights; none if it cannot be read.
    pub fn read(file: &'static [u8], tongue: Tongue) -> Option<Self> {
        let net = Net::read(file)?;
        let pieces = match net.reader() {
            Reader::Words => Split::Words(Pieces::new(net.vocabulary())?),
            Reader::Unigram => Split::Unigram(Unigram::new(net.vocabulary())?),
        };
        let mark = |name| pieces.mark(name);
        let (begin, end) = (mark("[CLS]")?, mark("[SEP]")?);
        let kinds = [mark("[POST]")?, mark("[REVIEW]")?];
        Some(Self { net, pieces, tongue, begin, kinds, end })
    }

    /// Which languages it was taught.
    pub fn tongue(&self) -> Tongue {
        self.tongue
    }

    /// Reads a text as a post (group 0) or a review. Of a long text its beginning and its end are read.
    pub fn hear(&self, text: &str, group: usize) -> Option<Heard> {
        self.hear_all(&[(text, group)]).pop().flatten()
    }

    /// The same for several texts, each with its group, in their order.
    pub fn hear_all(&self, texts: &[(&str, usize)]) -> Vec<Option<Heard>> {
        let mut parts: Vec<Vec<Piece>> = Vec::new();
        let mut numbers: Vec<Vec<u32>> = Vec::new();
        let counts: Vec<usize> = texts
            .iter()
            .map(|&(text, group)| {
                let pieces = self.pieces.read(text);
                let before = parts.len();
                if pieces.len() <= ROOM {
                    parts.push(pieces);
                } else {
                    parts.extend([pieces[..ROOM].to_vec(), pieces[pieces.len() - ROOM..].to_vec()]);
                }
                numbers.extend(parts[before..].iter().map(|part| {
                    let marks = [self.begin, self.kinds[group.min(1)]];
                    marks.into_iter().chain(part.iter().map(|p| p.number)).chain([self.end]).collect()
                }));
                parts.len() - before
            })
            .collect();
        let mut windows = parts.into_iter().zip(self.net.encode_all(&numbers));
        texts
            .iter()
            .zip(counts)
            .map(|(&(_, group), count)| self.understand(windows.by_ref().take(count).collect(), group))
            .collect()
    }

    fn understand(&self, windows: Vec<(Vec<Piece>, Encoded)>, group: usize) -> Option<Heard> {
        let whole: Vec<Vec<f32>> = windows.iter().map(|(_, encoded)| encoded.whole()).collect();
        let mean = |name: &str| -> Option<Vec<f32>> {
            let question = self.net.question(name)?;
            let mut sums = question.ask(&whole[0]);
            for pair in &whole[1..] {
                sums.iter_mut().zip(question.ask(pair)).for_each(|(sum, z)| *sum += z);
            }
            sums.iter_mut().for_each(|sum| *sum /= whole.len() as f32);
            Some(sums)
        };
        let sums = sums(&mean(if group == 0 { "post" } else { "review" })?)?;
        let about = mean("themes")?;
        let sides = about.get(THEMES.len() + 1..ANSWERS)?;
        let themes = std::array::from_fn(|n| (about[n], [sides[3 * n], sides[3 * n + 1], sides[3 * n + 2]]));
        let wants = mean("intents").and_then(|z| z.try_into().ok());
        Some(Heard { sums, complaint: *mean("complaint")?.first()?, themes, wants, windows })
    }

    /// Leaning and middle of what is said about characters `from..to` of the text; none where they were not read.
    pub fn about(&self, heard: &Heard, (from, to): (usize, usize)) -> Option<[f32; 2]> {
        let question = self.net.question(CLAUSE_QUESTION)?;
        heard.windows.iter().find_map(|(pieces, encoded)| {
            let within = |p: &Piece| (from..to).contains(&(p.place as usize));
            let first = pieces.iter().position(within)?;
            let count = pieces[first..].iter().take_while(|p| within(p)).count();
            sums(&question.ask(&encoded.beside(first + MARKS..first + MARKS + count)))
        })
    }
}

/// Name of the question about a term.
const CLAUSE_QUESTION: &str = "term";

/// Negative, middle, positive as leaning and middle.
fn sums(answers: &[f32]) -> Option<[f32; 2]> {
    let [n, m, p] = answers else { return None };
    Some([p - n, m - (p + n) / 2.0])
}
