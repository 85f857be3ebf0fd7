//! What mentions mean and who wrote them: tells new from changed from unchanged, analyses what is new, and asks the index
//! who the author may be. An author whose match holds stays who they are; a refused pair is never proposed again.

use std::collections::HashMap;

use goodword_shared::{
    Analysis, Author, Mention, Time,
    id::{AuthorId, CustomerId, MatchId, MentionId},
    matching::{Decision, MatchState},
};

use super::{
    NewIds,
    decide::{Scope, is_recent},
    dedupe::{Prepared, changes, merge, merge_author, search_text, text_hash},
    reach::reach,
};
use crate::{
    analysis::{Input, taught::Taught},
    identity::Index,
    record::{AuthorRow, Known, KnownMention, MatchRow, MentionRow, Origin},
};

/// Doubtful candidates that the owner is asked about, at most, for one author.
const ASKED_AT_MOST: usize = 3;

/// One mention of a batch that is new or has changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// What will be stored; `unhappy` is for the next stage to say.
    pub row: MentionRow,
    /// The customer behind the author, where a match holds.
    pub customer: Option<CustomerId>,
    /// What was stored before.
    pub before: Option<KnownMention>,
    /// What changed, in words; empty for new mentions and where only reactions did.
    pub changed: Vec<String>,
}

/// A batch, understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Understood {
    /// New and changed authors.
    pub authors: Vec<AuthorRow>,
    /// New and changed mentions, in the batch's order.
    pub seen: Vec<Seen>,
    /// Pairs proposed or linked.
    pub matches: Vec<MatchRow>,
    /// Mentions seen before and not changed.
    pub unchanged: usize,
}

struct Writer {
    id: AuthorId,
    author: Author,
    customer: Option<CustomerId>,
    refused: Vec<String>,
    touched: bool,
}

/// What a batch is read by.
#[derive(Clone, Copy, Debug)]
pub struct Minds<'a> {
    /// What texts mean, to this owner.
    pub analyser: Taught<'a>,
    /// Who may have written them.
    pub index: &'a Index,
    /// Threads that the second tier may use.
    pub threads: usize,
}

/// Analyses and identifies a batch: every text by the first tier; the second is heard at once where something may be opened or told
/// of, and later (see [`MentionRow::unheard`]) on what is too old for that.
pub fn understand(
    prepared: Vec<Prepared>,
    known: &Known,
    scope: &Scope<'_>,
    minds: &Minds<'_>,
    ids: NewIds<'_>,
) -> Understood {
    let Scope { origin, now, .. } = *scope;
    let Minds { analyser, index, .. } = *minds;
    let mut out = Understood::default();
    let mut writers: HashMap<String, Writer> = HashMap::new();
    for mut one in prepared {
        let forgotten =
            one.author_key.as_ref().and_then(|key| known.authors.get(key)).filter(|a| a.forgotten);
        if let Some(author) = forgotten {
            (one.mention.author, one.mention.order_id) = (Author::default(), None);
            one.search = search_text(&one.mention);
            let seen = match known.mentions.get(&one.key) {
                Some(before) => changed(one, before, origin, analyser).map(|(seen, _)| seen),
                None => Some(fresh(&one, analyser, now, ids)),
            };
            match seen {
                Some(mut seen) => {
                    seen.row.author = Some(author.id.clone());
                    out.seen.push(seen);
                }
                None => out.unchanged += 1,
            }
            continue;
        }
        let seen = match known.mentions.get(&one.key) {
            Some(before) => changed(one, before, origin, analyser),
            None => Some((fresh(&one, analyser, now, ids), one.author_key)),
        };
        let Some((mut seen, author_key)) = seen else {
            out.unchanged += 1;
            continue;
        };
        if let Some(key) = author_key {
            let writer = writers
                .entry(key)
                .or_insert_with_key(|key| writer(key, &seen.row.mention.author, known, ids));
            let merged = merge_author(&writer.author, seen.row.mention.author.clone());
            if merged != writer.author {
                writer.author = merged;
                writer.touched = true;
            }
            if writer.customer.is_none() && !seen.row.mention.deleted {
                identify(writer, &seen.row.mention, index, &mut out.matches, ids);
            }
            seen.row.author = Some(writer.id.clone());
            seen.customer.clone_from(&writer.customer);
        }
        out.seen.push(seen);
    }
    out.authors = writers
        .into_iter()
        .filter(|(_, w)| w.touched)
        .map(|(key, w)| AuthorRow { id: w.id, key, author: w.author })
        .collect();
    // The same order of locks for every writer.
    out.authors.sort_by(|a, b| a.key.cmp(&b.key));
    hear(&mut out.seen, scope, minds);
    out
}

/// Asks the second tier about what may open a case or alert.
fn hear(seen: &mut [Seen], scope: &Scope<'_>, minds: &Minds<'_>) {
    let urgent: Vec<usize> =
        (0..seen.len()).filter(|&n| seen[n].row.unheard && is_recent(&seen[n], scope)).collect();
    let inputs: Vec<Input<'_>> = urgent.iter().map(|&n| Input::of(&seen[n].row.mention)).collect();
    let analyses = minds.analyser.analyse_all(&inputs, minds.threads);
    for (n, analysis) in urgent.into_iter().zip(analyses) {
        seen[n].row.analysis = analysis;
        seen[n].row.unheard = false;
    }
}

fn writer(key: &str, author: &Author, known: &Known, ids: NewIds<'_>) -> Writer {
    match known.authors.get(key) {
        Some(known) => Writer {
            id: known.id.clone(),
            author: known.author.clone(),
            customer: known.customer.clone(),
            refused: known
                .matches
                .iter()
                .filter(|(_, state)| *state == MatchState::Refused)
                .map(|(customer, _)| customer.as_str().to_owned())
                .collect(),
            touched: false,
        },
        None => Writer {
            id: AuthorId::new(ids()),
            author: author.clone(),
            customer: None,
            refused: Vec::new(),
            touched: true,
        },
    }
}

fn fresh(one: &Prepared, analyser: Taught<'_>, now: Time, ids: NewIds<'_>) -> Seen {
    let (analysis, unheard) = analyser.first(&Input::of(&one.mention));
    Seen {
        row: MentionRow {
            id: MentionId::new(ids()),
            key: one.key.clone(),
            author: None,
            analysis,
            corrected: false,
            unheard: unheard && !one.mention.deleted,
            text_hash: one.text_hash.clone(),
            reach: reach(&one.mention),
            unhappy: false,
            search: one.search.clone(),
            at: one.mention.published_at.unwrap_or(now),
            collected_at: now,
            mention: one.mention.clone(),
        },
        customer: None,
        before: None,
        changed: Vec::new(),
    }
}

/// A stored mention seen again: none where nothing is different.
fn changed(
    one: Prepared,
    before: &KnownMention,
    origin: &Origin,
    analyser: Taught<'_>,
) -> Option<(Seen, Option<String>)> {
    let mention = merge(&before.mention, one.mention);
    if mention == before.mention {
        return None;
    }
    // What the platform's storage limit took out and a later reading brings back has not changed.
    let changed = if before.withheld { Vec::new() } else { changes(&before.mention, &mention) };
    let same_words =
        before.withheld || (mention.text == before.mention.text && mention.title == before.mention.title);
    let same_stars = mention.rating == before.mention.rating;
    let corrected = before.corrected && (same_words || mention.deleted);
    let (analysis, unheard) = if mention.deleted {
        (Analysis { spans: Vec::new(), ..before.analysis.clone() }, false)
    } else if corrected || (same_words && same_stars && !before.withheld) {
        (before.analysis.clone(), before.unheard && !corrected)
    } else {
        analyser.first(&Input::of(&mention))
    };
    let author_key = super::dedupe::author_key(&mention.author, origin);
    let row = MentionRow {
        id: before.id.clone(),
        key: one.key,
        author: before.author.clone(),
        analysis,
        corrected,
        unheard,
        text_hash: text_hash(&mention.text),
        reach: reach(&mention),
        unhappy: false,
        search: search_text(&mention),
        at: mention.published_at.unwrap_or(before.collected_at),
        collected_at: before.collected_at,
        mention,
    };
    Some((Seen { row, customer: None, before: Some(before.clone()), changed }, author_key))
}

fn identify(
    writer: &mut Writer,
    mention: &Mention,
    index: &Index,
    matches: &mut Vec<MatchRow>,
    ids: NewIds<'_>,
) {
    let found = index.identify(mention, &writer.refused);
    let (state, at_most) = match found.decision {
        Decision::Linked => (MatchState::Linked, 1),
        Decision::Doubtful => (MatchState::Doubtful, ASKED_AT_MOST),
        Decision::None => return,
    };
    for candidate in
        found.candidates.into_iter().filter(|c| !writer.refused.contains(&c.customer)).take(at_most)
    {
        let customer = CustomerId::new(candidate.customer);
        if state == MatchState::Linked {
            matches.retain(|m| m.author != writer.id);
            writer.customer = Some(customer.clone());
        }
        let earlier = matches.iter_mut().find(|m| m.author == writer.id && m.customer == customer);
        match earlier {
            Some(earlier) if earlier.probability < candidate.probability => {
                earlier.probability = candidate.probability;
                earlier.evidence = candidate.evidence;
            }
            Some(_) => {}
            None => matches.push(MatchRow {
                id: MatchId::new(ids()),
                author: writer.id.clone(),
                customer,
                probability: candidate.probability,
                evidence: candidate.evidence,
                state,
            }),
        }
    }
}
