//! How many authors are no customers: reckoned from authors who show a full name. Whoever is a customer finds their own name
//! among the customers; of strangers few do. No owner's word is needed for it (expectation–maximisation over the mixture of both).

use goodword_shared::{Author, Mention};

use super::{
    Index, candidates, decide,
    names::shown::readings,
    spoken::{Spoken, bearers},
    weights::Weights,
};

/// Authors that are looked at, at most.
pub const MOST: usize = 3000;
/// A name that so many strangers bear tells nothing.
const COMMON: f64 = 2.0;
/// What was seen elsewhere counts as much as so many authors.
const HELD: f64 = 60.0;

/// Strangers for each customer among these authors; what the weights say where too little can be seen.
pub fn strangers<'a>(index: &Index, mentions: impl Iterator<Item = &'a Mention>) -> f64 {
    let before = index.weights.strangers;
    let odds: Vec<f64> = mentions.filter_map(|mention| full_name(index, mention)).take(MOST).collect();
    let shipped = Weights::default().strangers;
    let prior = shipped / (1.0 + shipped);
    let mut share = prior;
    for _ in 0..50 {
        let now = share / (1.0 - share);
        // Odds were reckoned with as many strangers as before.
        let expected: f64 = odds.iter().map(|odds| 1.0 / (1.0 + odds * before / now)).sum();
        share = ((HELD * prior + expected) / (HELD + odds.len() as f64)).clamp(0.05, 0.8);
    }
    share / (1.0 - share)
}

/// The odds for all candidates together, by the name alone, where a full name is shown that few strangers bear: of a common one
/// there are customers whoever wrote.
fn full_name(index: &Index, mention: &Mention) -> Option<f64> {
    let name = mention.author.name.clone()?;
    // Looked up first: most names of a large crowd are too common, and need no comparing.
    let shown = readings(Some(&name), None, &index.people, &index.nicknames);
    let one = shown.first().filter(|reading| !reading.from_handle)?;
    let [given, family] = one.words.as_slice() else { return None };
    let [given, family] =
        [given, family].map(|word| Spoken::new(word, &index.people, &index.nicknames, &index.crowd));
    if !given.is_whole() || !family.is_whole() || bearers(&index.crowd, &given, &family) >= COMMON {
        return None;
    }
    let author = Author { name: Some(name), ..Author::default() };
    let gathered = candidates::gather(index, &Mention { author, ..Mention::default() }, &[]);
    Some(decide::odds(index, &gathered))
}
