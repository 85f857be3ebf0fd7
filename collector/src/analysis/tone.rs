//! The tone of a reply before it is sent: blame, mockery, boilerplate, private facts, admissions, shouting, length. It reads the draft
//! by the same tokens and lists as everything else, and knows nothing of the customer but the private facts it is given.

use std::sync::LazyLock;

use goodword_shared::api::replies::{Fault, Remark};

use super::{
    fold::fold,
    terms::{Terms, rows},
    tokens::{Class, Tokens},
};

/// Facts shorter than this are too common to be told from other words.
const SHORTEST_FACT: usize = 4;
/// Digits in a row, marks between them allowed, that make a number somebody's own.
const PRIVATE_DIGITS: usize = 7;

static LISTS: LazyLock<Vec<(&'static str, Terms<Fault>)>> = LazyLock::new(|| {
    [("en", include_str!("../../data/tone/en.tsv")), ("de", include_str!("../../data/tone/de.tsv"))]
        .into_iter()
        .map(|(code, file)| (code, read(file)))
        .collect()
});

fn read(file: &str) -> Terms<Fault> {
    let mut terms = Terms::default();
    for cells in rows(file) {
        let [name, list] = cells[..] else { continue };
        let fault = match name {
            "blame" => Fault::Blame,
            "sarcasm" => Fault::Sarcasm,
            "boilerplate" => Fault::Boilerplate,
            "admission" => Fault::Admission,
            _ => continue,
        };
        list.split(',').for_each(|term| terms.add(term, fault));
    }
    terms
}

/// What may spoil a draft, in the order of its text. `language` picks the lists (English where it has none of its own); `private` are facts
/// that must not be public, such as the author's full name or address; `limit` is how many characters the place takes.
pub fn check(draft: &str, language: Option<&str>, private: &[&str], limit: Option<usize>) -> Vec<Remark> {
    let tokens = Tokens::read(draft);
    let list = tokens.list();
    let code = language.and_then(|l| l.split('-').next()).unwrap_or("en");
    let terms = LISTS.iter().find(|(own, _)| *own == code).or(LISTS.first()).map(|(_, terms)| terms);
    let mut remarks = Vec::new();
    for found in terms.map(|t| t.longest(&tokens)).unwrap_or_default() {
        let (first, last) = (&list[found.from], &list[found.to - 1]);
        remarks.push(Remark { fault: found.means, start: first.start as usize, end: last.end as usize });
    }
    let characters: Vec<char> = draft.chars().collect();
    numbers(&characters, &mut remarks);
    addresses(&characters, &mut remarks);
    for fact in private {
        known_fact(&tokens, fact, &mut remarks);
    }
    shouting(&tokens, &characters, &mut remarks);
    if let Some(limit) = limit.filter(|limit| characters.len() > *limit) {
        remarks.push(Remark { fault: Fault::Long, start: limit, end: characters.len() });
    }
    remarks.sort_by_key(|r| (r.start, r.end));
    remarks.dedup();
    remarks
}

/// Telephone, order and account numbers.
fn numbers(characters: &[char], remarks: &mut Vec<Remark>) {
    let mut at = 0;
    while at < characters.len() {
        if !characters[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let (start, mut end, mut digits) = (at, at, 0);
        while at < characters.len() && (characters[at].is_ascii_digit() || " -/().".contains(characters[at]))
        {
            if characters[at].is_ascii_digit() {
                digits += 1;
                end = at + 1;
            }
            at += 1;
        }
        if digits >= PRIVATE_DIGITS {
            remarks.push(Remark { fault: Fault::Private, start, end });
        }
    }
}

/// Mail addresses.
fn addresses(characters: &[char], remarks: &mut Vec<Remark>) {
    let part = |c: &char| c.is_alphanumeric() || "._%+-".contains(*c);
    for (at, _) in characters.iter().enumerate().filter(|(_, c)| **c == '@') {
        let before = characters[..at].iter().rev().take_while(|c| part(c)).count();
        let mut after = characters[at + 1..].iter().take_while(|c| part(c)).count();
        while after > 0 && characters[at + after] == '.' {
            after -= 1;
        }
        if before > 0 && characters[at + 1..at + 1 + after].contains(&'.') {
            remarks.push(Remark { fault: Fault::Private, start: at - before, end: at + 1 + after });
        }
    }
}

/// A fact given to us, word for word whatever its capitals and accents.
fn known_fact(tokens: &Tokens, fact: &str, remarks: &mut Vec<Remark>) {
    if fold(fact).chars().count() < SHORTEST_FACT {
        return;
    }
    let wanted = Tokens::read(fact);
    let words: Vec<&str> = wanted.list().iter().map(|t| wanted.folded(t)).collect();
    if words.is_empty() {
        return;
    }
    for window in tokens.list().windows(words.len()) {
        if window.iter().map(|t| tokens.folded(t)).eq(words.iter().copied())
            && let (Some(first), Some(last)) = (window.first(), window.last())
        {
            let (start, end) = (first.start as usize, last.end as usize);
            remarks.push(Remark { fault: Fault::Private, start, end });
        }
    }
}

/// Three words in capitals in a row, or three exclamation marks.
fn shouting(tokens: &Tokens, characters: &[char], remarks: &mut Vec<Remark>) {
    let mut run: Option<(usize, usize, usize)> = None;
    let mut end_run = |run: Option<(usize, usize, usize)>| {
        if let Some((start, end, _)) = run.filter(|(_, _, count)| *count >= 3) {
            remarks.push(Remark { fault: Fault::Shouting, start, end });
        }
    };
    for token in tokens.list().iter().filter(|t| t.class == Class::Word) {
        if token.shout {
            let (start, _, count) = run.unwrap_or((token.start as usize, 0, 0));
            run = Some((start, token.end as usize, count + 1));
        } else {
            end_run(run.take());
        }
    }
    end_run(run);
    let mut at = 0;
    while at < characters.len() {
        let count = characters[at..].iter().take_while(|c| **c == '!').count();
        if count >= 3 {
            remarks.push(Remark { fault: Fault::Shouting, start: at, end: at + count });
        }
        at += count.max(1);
    }
}
