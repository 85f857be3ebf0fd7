//! WHAT the owner's corrections teach: a small layer over the shipped engine's own verdict. Each question (the sentiment, a theme,
//! an intent) has hashed words with strong shrinkage, whose prior is the engine as shipped: without corrections nothing moves, one
//! correction turns its near twins, several turn a word. It is trained anew from all corrections each time, without chance, and
//! a question is only answered by it where that agrees better with labels it has not seen. It knows no store.

use goodword_shared::{Analysis, Label, Theme, analysis::Untaught};
use serde::{Deserialize, Serialize};

use super::{
    Input, Joined,
    lists::INTENTS,
    settle,
    solve::{self, Row},
    tokens::Tokens,
    verdict,
    wording::{self, Wording, named},
};

/// Fewest labels that anything is learnt from.
pub const FEWEST: usize = 3;
/// What a mention that the owner has not corrected weighs beside one that they have: it holds the rest in place.
const ANCHOR: f32 = 0.12;
/// Every group of labels is left out once, up to so many groups; more are left out by twenties.
const ALONE: usize = 60;
/// Weights that are kept of one question, the greatest.
const MOST_WEIGHTS: usize = 20_000;

/// Whether the shipped engine says so of a theme or an intent that it does not list: one in nine.
const UNLISTED: f64 = 0.11;

/// What is asked of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Which way it leans.
    Sentiment,
    /// Whether it is about that theme.
    Theme(String),
    /// Whether it shows that intent.
    Intent(String),
}

/// A text with the shipped engine's reading, and what the owner says of it; nothing for one that they have not corrected.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Its words.
    pub wording: Wording,
    /// As shipped, own themes included.
    pub shipped: Analysis,
    /// 0 posts, 1 reviews.
    pub group: usize,
    /// The right sentiment.
    pub label: Option<Label>,
    /// The right themes.
    pub themes: Option<Vec<String>>,
    /// The right intents.
    pub intents: Option<Vec<String>>,
}

/// How a question is answered with and without what was learnt, on labels that were left out of the learning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Which.
    pub question: Question,
    /// The owner's labels.
    pub labels: u64,
    /// Of them the shipped engine agrees with so many.
    pub shipped: u64,
    /// And with what was learnt from the others so many.
    pub learnt: u64,
}

impl Score {
    /// Whether it is better to have learnt.
    pub fn is_better(&self) -> bool {
        self.learnt > self.shipped
    }
}

/// What was learnt: for each question that it answers, what each word adds to the log-odds of each answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Learnt {
    heads: Vec<Head>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Head {
    question: Question,
    /// Rising by hash; thousandths.
    words: Vec<(u32, [i16; 4])>,
}

impl Told {
    /// Reads a text.
    pub fn new(input: &Input<'_>, shipped: Analysis) -> Self {
        let wording = wording::of(&Tokens::read(&Joined::new(input).text));
        Self { wording, shipped, group: verdict::group(input.kind), ..Self::default() }
    }

    /// Words, and what the engine itself makes of the text, as far as it may matter to the owner.
    fn signs(&self) -> Wording {
        let label = self.shipped.sentiment.label.as_str();
        let mut signs = self.wording.clone();
        signs.push((named(&format!("{label} {}", self.group)), 0.2));
        signs
    }

    /// The shipped engine's answer as log-probabilities.
    fn prior(&self, question: &Question) -> [f32; 4] {
        let listed = |found: Option<f64>| {
            let p = found.unwrap_or(UNLISTED).clamp(0.03, 0.97) as f32;
            [(1.0 - p).ln(), p.ln(), 0.0, 0.0]
        };
        match question {
            Question::Sentiment => sides(&self.shipped).map(|p| p.clamp(0.02, 0.98).ln()),
            Question::Theme(name) => {
                listed(self.shipped.themes.iter().find(|t| t.theme == *name).map(|t| t.confidence))
            }
            Question::Intent(name) => {
                listed(self.shipped.intents.iter().find(|i| i.intent == *name).map(|i| i.confidence))
            }
        }
    }

    /// The owner's answer, if they gave one.
    fn answer(&self, question: &Question) -> Option<usize> {
        match question {
            Question::Sentiment => self.label.map(|label| label as usize),
            Question::Theme(name) => self.themes.as_ref().map(|all| usize::from(all.contains(name))),
            Question::Intent(name) => self.intents.as_ref().map(|all| usize::from(all.contains(name))),
        }
    }

    /// The shipped engine's answer.
    fn shipped(&self, question: &Question) -> usize {
        match question {
            Question::Sentiment => self.shipped.sentiment.label as usize,
            Question::Theme(name) => usize::from(self.shipped.themes.iter().any(|t| t.theme == *name)),
            Question::Intent(name) => usize::from(self.shipped.intents.iter().any(|i| i.intent == *name)),
        }
    }
}

/// Probabilities of the four labels, in their order, from what an analysis says of itself.
fn sides(analysis: &Analysis) -> [f32; 4] {
    let sentiment = analysis.sentiment;
    let sure = sentiment.confidence;
    let (negative, middle, positive) = match sentiment.label {
        Label::Negative => (sure, 1.0 - 2.0 * sure - sentiment.score, sure + sentiment.score),
        Label::Positive => (sure - sentiment.score, 1.0 - 2.0 * sure + sentiment.score, sure),
        Label::Neutral | Label::Mixed => {
            ((1.0 - sure - sentiment.score) / 2.0, sure, (1.0 - sure + sentiment.score) / 2.0)
        }
    };
    let mixed = match sentiment.label {
        Label::Mixed => 0.85,
        Label::Neutral => 0.15,
        _ => 0.5,
    };
    [negative, middle * (1.0 - mixed), positive, middle * mixed].map(|p| p as f32)
}

fn answers(question: &Question) -> usize {
    if *question == Question::Sentiment { 4 } else { 2 }
}

/// The answer that log-odds speak for. Without a side, neutral and mixed stand together against the sides.
fn best(question: &Question, odds: &[f32; 4]) -> (usize, [f32; 4]) {
    let p = solve::probabilities(odds, answers(question));
    if *question != Question::Sentiment {
        return (usize::from(p[1] >= 0.5), p);
    }
    let middle = p[1] + p[3];
    let answer = match p {
        [n, _, q, _] if n > middle && n > q => 0,
        [n, _, q, _] if q > middle && q > n => 2,
        [_, neutral, _, mixed] if mixed > neutral => 3,
        _ => 1,
    };
    (answer, p)
}

/// Learns from what the owner says of mentions. `others` are mentions that they have left as they are. A question is learnt only
/// where that is better than not to; the scores tell of every question that was tried.
pub fn learn(told: &[Told], others: &[Told]) -> (Learnt, Vec<Score>) {
    let mut learnt = Learnt::default();
    let mut scores = Vec::new();
    for question in questions(told) {
        let mine: Vec<&Told> = told.iter().filter(|t| t.answer(&question).is_some()).collect();
        let rows: Vec<Row> = mine
            .iter()
            .map(|t| row(t, &question, t.answer(&question).unwrap_or_default(), 1.0))
            .chain(others.iter().map(|t| row(t, &question, t.shipped(&question), ANCHOR)))
            .collect();
        let groups = groups(&mine);
        let folds = groups.iter().max().map_or(0, |last| last + 1);
        let folds = if folds <= ALONE { folds } else { 20 };
        let mut score = Score { labels: mine.len() as u64, shipped: 0, learnt: 0, question };
        for fold in 0..folds {
            let out = |n: usize| groups.get(n).is_some_and(|group| group % folds == fold);
            let seen: Vec<&Row> =
                rows.iter().enumerate().filter(|(n, _)| !out(*n)).map(|(_, row)| row).collect();
            let words = solve::solve(&seen, mine.len().saturating_sub(1), answers(&score.question));
            for (n, one) in mine.iter().enumerate().filter(|(n, _)| out(*n)) {
                let right = one.answer(&score.question);
                score.shipped += u64::from(Some(one.shipped(&score.question)) == right);
                let odds = solve::odds(&words, &rows[n]);
                score.learnt += u64::from(Some(best(&score.question, &odds).0) == right);
            }
        }
        if score.is_better() {
            let all: Vec<&Row> = rows.iter().collect();
            let words = solve::solve(&all, mine.len(), answers(&score.question));
            learnt.heads.push(Head { question: score.question.clone(), words: kept(words) });
        }
        scores.push(score);
    }
    (learnt, scores)
}

/// What there is to learn: the sentiment, and every theme and intent on which the owner has differed twice.
fn questions(told: &[Told]) -> Vec<Question> {
    let mut differing: std::collections::BTreeMap<Question, usize> = std::collections::BTreeMap::new();
    for one in told {
        let themes = one.themes.iter().flatten().map(String::as_str);
        let themes = themes.chain(one.shipped.themes.iter().map(|t| t.theme.as_str()));
        let intents = one.intents.iter().flatten().map(String::as_str);
        let intents = intents.chain(one.shipped.intents.iter().map(|i| i.intent.as_str()));
        let mut asked: Vec<Question> = themes.map(|name| Question::Theme(name.into())).collect();
        asked.extend(intents.map(|name| Question::Intent(name.into())));
        asked.sort_unstable();
        asked.dedup();
        for question in asked {
            if one.answer(&question).is_some_and(|answer| answer != one.shipped(&question)) {
                *differing.entry(question).or_default() += 1;
            }
        }
    }
    let labels = told.iter().filter(|t| t.label.is_some()).count();
    let sentiment = (labels >= FEWEST).then_some(Question::Sentiment);
    sentiment.into_iter().chain(differing.into_iter().filter(|(_, n)| *n >= 2).map(|(q, _)| q)).collect()
}

fn row(one: &Told, question: &Question, answer: usize, weight: f32) -> Row {
    Row { signs: one.signs(), prior: one.prior(question), answer, weight }
}

/// The same words are one group: never learnt from and asked about at once.
fn groups(told: &[&Told]) -> Vec<usize> {
    let mut known: Vec<&Wording> = Vec::new();
    told.iter()
        .map(|one| {
            known.iter().position(|w| **w == one.wording).unwrap_or_else(|| {
                known.push(&one.wording);
                known.len() - 1
            })
        })
        .collect()
}

fn kept(words: Vec<(u32, [f32; 4])>) -> Vec<(u32, [i16; 4])> {
    let thousandths = |w: f32| (w * 1000.0).round().clamp(-30_000.0, 30_000.0) as i16;
    let mut kept: Vec<(u32, [i16; 4])> =
        words.into_iter().map(|(hash, w)| (hash, w.map(thousandths))).filter(|(_, w)| *w != [0; 4]).collect();
    if kept.len() > MOST_WEIGHTS {
        let size = |w: &[i16; 4]| w.iter().map(|w| i32::from(*w).abs()).max();
        kept.sort_by(|a, b| size(&b.1).cmp(&size(&a.1)).then(a.0.cmp(&b.0)));
        kept.truncate(MOST_WEIGHTS);
        kept.sort_unstable_by_key(|(hash, _)| *hash);
    }
    kept
}

/// Whether somebody was hurt or goes to law, beyond doubt.
fn tells_of_harm(analysis: &Analysis) -> bool {
    analysis.intents.iter().any(|i| HARM.contains(&i.intent.as_str()) && i.confidence > 0.8)
}

/// The intents of which that is said.
const HARM: [&str; 2] = ["safety", "legal"];

impl Learnt {
    /// Whether nothing was learnt.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// Whether the owner has taught which texts tell of harm.
    fn knows_harm(&self) -> bool {
        let of_harm = |q: &Question| matches!(q, Question::Intent(name) if HARM.contains(&name.as_str()));
        self.heads.iter().any(|head| of_harm(&head.question))
    }

    /// Reads a shipped analysis anew. What it was is kept in it where something is different now.
    pub fn apply(&self, input: &Input<'_>, shipped: Analysis) -> Analysis {
        if self.heads.is_empty() {
            return shipped;
        }
        let told = Told::new(input, shipped);
        let mut now = told.shipped.clone();
        for head in &self.heads {
            let (mut odds, prior) = (told.prior(&head.question), told.prior(&head.question));
            for (hash, value) in told.signs() {
                if let Ok(at) = head.words.binary_search_by_key(&hash, |(h, _)| *h) {
                    odds.iter_mut()
                        .zip(head.words[at].1)
                        .for_each(|(z, w)| *z += value * f32::from(w) / 1000.0);
                }
            }
            let ((was, _), (answer, p)) = (best(&head.question, &prior), best(&head.question, &odds));
            match &head.question {
                // A word may mean something else here; that somebody was harmed is no praise for all that, unless the owner has
                // said what harm is, too.
                Question::Sentiment
                    if Label::ALL[answer] == Label::Positive
                        && !self.knows_harm()
                        && tells_of_harm(&told.shipped) => {}
                Question::Sentiment => settle::sentiment(&mut now, Label::ALL[answer], p),
                Question::Theme(name) if was != answer && answer == 1 => {
                    let sentiment = now.sentiment.label;
                    now.themes.push(Theme {
                        theme: name.clone(),
                        sentiment,
                        confidence: settle::rounded(p[1]),
                    });
                }
                Question::Theme(name) if was != answer => now.themes.retain(|t| t.theme != *name),
                Question::Intent(name) if was != answer => settle::intent(&mut now, name, p[1]),
                Question::Theme(_) | Question::Intent(_) => {}
            }
        }
        now.intents.retain(|i| INTENTS.contains(&i.intent.as_str()));
        if !settle::differs(&told.shipped, &now) {
            return told.shipped;
        }
        let Analysis { sentiment, themes, intents, severity, .. } = told.shipped;
        now.untaught = Some(Box::new(Untaught { sentiment, themes, intents, severity }));
        now
    }
}
