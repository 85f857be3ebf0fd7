//! Reads an opinion from word lists: what is praised or blamed, turned by negation, strengthened or weakened by the words before
//! it, weighed by what a "but" does to it, clause by clause. It yields evidence, not a verdict.

use super::{
    lists::{Lists, OPINION, Sense, Shelf},
    tokens::{Class, Tokens},
};

/// A word, phrase or emoji that praises or blames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
    /// −6…6, after negation and the rest.
    pub value: f32,
}

/// A stretch of tokens between marks or contrasts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Clause {
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
    /// Sum of praise, 0 or more.
    pub praise: f32,
    /// Sum of blame, 0 or more.
    pub blame: f32,
    /// Weight in the whole: less before a "but", more after it.
    pub weight: f32,
    /// It follows a contrast.
    pub turned: bool,
}

/// What the lists make of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What praises or blames, in order.
    pub hits: Vec<Hit>,
    /// The clauses, in order; every token is in one.
    pub clauses: Vec<Clause>,
    /// For each token: a negation holds there.
    pub negated: Vec<bool>,
    /// For each token: lists in which a term may begin there (see [`Lists::heads`]).
    pub heads: Vec<u8>,
    /// Weighted praise, 0 or more.
    pub praise: f32,
    /// Weighted blame, 0 or more.
    pub blame: f32,
    /// How many words there are.
    pub words: usize,
    /// Exclamation marks.
    pub exclaims: usize,
    /// Question marks.
    pub asks: usize,
    /// Words in capitals, where not everything is.
    pub shouts: usize,
    /// There is a "but".
    pub contrast: bool,
}

/// How far a negation reaches, in words.
const REACH: usize = 4;

impl Reading {
    /// Reads the tokens with the lists of their language.
    pub fn read(tokens: &Tokens, lists: &Lists, shelf: &Shelf, language: Option<&str>) -> Self {
        let list = tokens.list();
        let mut reading =
            Self { negated: vec![false; list.len()], heads: lists.heads(tokens), ..Self::default() };
        let mut senses: Vec<Option<Sense>> = vec![None; list.len()];
        let mut ends = vec![0usize; list.len()];
        for found in lists.opinion.longest_where(tokens, |at| reading.heads[at] & OPINION != 0) {
            senses[found.from] = Some(found.means);
            ends[found.from] = found.to;
        }
        reading.count(tokens);
        reading.cut(tokens, &senses);
        let late = matches!(language, Some("de" | "nl"));
        let mut clause = 0;
        let mut at = 0;
        while at < list.len() {
            while at >= reading.clauses[clause].to {
                clause += 1;
            }
            let value = match (list[at].class, senses[at]) {
                (Class::Sign, _) => shelf.signs.get(tokens.word(at)).copied().map(|v| (v, at + 1)),
                (_, Some(Sense::Word(v))) => {
                    let from = reading.clauses[clause].from;
                    let until = ends[at].min(list.len());
                    let turned = turn(
                        v,
                        &senses,
                        from,
                        at,
                        if late { until } else { usize::MAX },
                        reading.clauses[clause].to,
                    );
                    let loud = if list[at].shout && reading.shouts > 0 { 1.2 } else { 1.0 };
                    let drawn = if list[at].stretched { 1.15 } else { 1.0 };
                    Some((turned * loud * drawn, until))
                }
                _ => None,
            };
            if let Some((value, to)) = value {
                reading.add(clause, Hit { from: at, to, value: value.clamp(-6.0, 6.0) });
            }
            at = if senses[at].is_some() { ends[at].max(at + 1) } else { at + 1 };
        }
        reading.mark_negated(tokens, lists, &senses);
        for clause in &reading.clauses {
            reading.praise += clause.praise * clause.weight;
            reading.blame += clause.blame * clause.weight;
        }
        reading
    }

    fn add(&mut self, clause: usize, hit: Hit) {
        if hit.value > 0.0 {
            self.clauses[clause].praise += hit.value;
        } else {
            self.clauses[clause].blame -= hit.value;
        }
        self.hits.push(hit);
    }

    fn count(&mut self, tokens: &Tokens) {
        let mut capitals = 0;
        for token in tokens.list() {
            match token.class {
                Class::Word => {
                    self.words += 1;
                    capitals += usize::from(token.shout);
                }
                Class::Stop => match tokens.folded(token) {
                    "!" => self.exclaims += 1,
                    "?" => self.asks += 1,
                    _ => {}
                },
                _ => {}
            }
        }
        // Where everything is in capitals nothing is shouted.
        self.shouts = if capitals * 2 > self.words { 0 } else { capitals };
    }

    /// Clauses end at marks and before contrasts. Commas only end a clause that holds something.
    fn cut(&mut self, tokens: &Tokens, senses: &[Option<Sense>]) {
        let list = tokens.list();
        let mut from = 0;
        let (mut turned, mut sentence) = (false, 0);
        for at in 0..=list.len() {
            let stop = at < list.len() && list[at].class == Class::Stop;
            let contrast = at < list.len() && senses[at] == Some(Sense::Contrast);
            let pause = at < list.len() && list[at].class == Class::Pause;
            let ends = at == list.len() || stop || pause || contrast;
            if !ends {
                continue;
            }
            let to = if stop || pause { at + 1 } else { at };
            if to > from || self.clauses.is_empty() {
                let weight = if turned { 1.3 } else { 1.0 };
                self.clauses.push(Clause { from, to, weight, turned, ..Clause::default() });
                from = to;
            }
            if contrast && at > 0 {
                self.contrast = true;
                // "Although …" at the head of a sentence weakens its own clause rather than what went before.
                if self.clauses.len() > sentence {
                    for clause in &mut self.clauses[sentence..] {
                        clause.weight *= 0.7;
                    }
                    turned = true;
                }
            }
            if stop {
                turned = false;
                sentence = self.clauses.len();
            }
        }
    }

    /// Words after a negation, for features and intents; also a negation inside a phrase ("would not recommend") counts here.
    fn mark_negated(&mut self, tokens: &Tokens, lists: &Lists, senses: &[Option<Sense>]) {
        for clause in &self.clauses {
            let mut left = 0;
            for (at, sense) in senses.iter().enumerate().take(clause.to).skip(clause.from) {
                let mut negates = false;
                if *sense != Some(Sense::Plain) && self.heads[at] & OPINION != 0 {
                    lists.opinion.at(tokens, at, |f| negates |= f.means == Sense::Negation);
                }
                if negates {
                    left = REACH;
                } else if tokens.list()[at].class == Class::Word && left > 0 {
                    self.negated[at] = true;
                    left -= 1;
                }
            }
        }
    }

    /// Number of the clause that holds a token.
    pub fn clause_of(&self, token: usize) -> usize {
        self.clauses.partition_point(|c| c.to <= token).min(self.clauses.len().saturating_sub(1))
    }

    /// The tokens whose words speak of what stands at `token`: its clause, or, where that is a bare name in a list, also the
    /// clauses beside it.
    pub fn surroundings(&self, token: usize) -> (usize, usize) {
        let at = self.clause_of(token);
        let Some(own) = self.clauses.get(at) else { return (0, 0) };
        let (mut from, mut to) = (own.from, own.to);
        if own.to - own.from < 4 {
            if let Some(next) = self.clauses.get(at + 1).filter(|c| !c.turned || own.turned) {
                to = next.to;
            }
            if let Some(before) = at.checked_sub(1).and_then(|i| self.clauses.get(i)).filter(|_| !own.turned)
            {
                from = before.from;
            }
        }
        (from, to)
    }

    /// The reading of what surrounds a token alone.
    pub fn part(&self, token: usize) -> Self {
        let (from, to) = self.surroundings(token);
        let within = |c: &&Clause| c.from >= from && c.to <= to;
        let clauses: Vec<Clause> =
            self.clauses.iter().filter(within).map(|c| Clause { weight: 1.0, ..*c }).collect();
        let mut part = Self {
            hits: self.hits.iter().filter(|h| h.from >= from && h.from < to).copied().collect(),
            words: to - from,
            ..Self::default()
        };
        // What stands nearer counts more.
        for hit in &part.hits {
            let share = hit.value / (1.0 + hit.from.abs_diff(token) as f32 / 5.0);
            part.praise += share.max(0.0);
            part.blame += (-share).max(0.0);
        }
        part.clauses = clauses;
        part
    }

    /// Praise and blame are both there and neither is small: 0…1.
    pub fn mixedness(&self) -> f32 {
        let (low, high) = (self.praise.min(self.blame), self.praise.max(self.blame));
        if high <= 0.0 { 0.0 } else { (low / high) * (low / (low + 2.0)) }
    }
}

/// The value of a word once the words around it in its clause are heard.
fn turn(value: f32, senses: &[Option<Sense>], from: usize, at: usize, after: usize, to: usize) -> f32 {
    let mut value = value;
    let mut negations = 0;
    for (distance, sense) in senses[from..at].iter().rev().enumerate().take(REACH + 1) {
        match sense {
            Some(Sense::Scale(factor)) if distance < 2 => value *= factor,
            Some(Sense::Scale(factor)) if distance == 2 => value *= 1.0 + (factor - 1.0) / 2.0,
            Some(Sense::Negation) => negations += 1,
            _ => {}
        }
    }
    // German and Dutch may negate after the word: "gefällt mir nicht".
    if after < to {
        negations += senses[after..to.min(after + 3)].iter().filter(|s| **s == Some(Sense::Negation)).count();
    }
    if negations % 2 == 1 {
        // "Not good" is bad; "not bad" is hardly praise.
        if value > 0.0 { -0.75 * value.min(3.0) } else { -0.45 * value }
    } else {
        value
    }
}
