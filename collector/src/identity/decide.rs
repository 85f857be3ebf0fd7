//! Shares one whole between the candidates and "somebody else", and decides.

use goodword_shared::{
    Author, Mention,
    matching::{Candidate, Decision, Identification},
};

use super::{
    Index,
    candidates::{self, Found, Gathered},
    compare::Fit,
    evidence,
    people::Person,
};

/// Asked of the owner from here on.
const DOUBTFUL: f64 = 0.35;
/// Candidates shown.
const MOST_SHOWN: usize = 5;

/// The limits that are tried, from the most daring on.
const LIMITS: [f64; 9] = [0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98];
/// Customers whose names are tried.
const TRIED: usize = 400;
/// So few customers tell nothing of the others.
const LEAST: usize = 200;

/// From which probability on authors are linked without asking, where nothing is known of the customers' names.
pub fn limit(precision: f64) -> f64 {
    (1.0 - 3.0 * (1.0 - precision.clamp(0.5, 0.9999))).max(LIMITS[0])
}

/// The same, tried on these customers: were each to write under their plain name, links from the limit on would, taken
/// together, be as right as the owner wants them. Among few customers nearly every name is proof, and what is a little doubtful
/// may be linked as well; among a million most names are shared, and the limit must be higher.
pub fn limit_among(index: &Index, precision: f64) -> f64 {
    if index.people.total() < LEAST {
        return limit(precision);
    }
    let mut sure: Vec<f64> = index
        .people
        .some(TRIED)
        .into_iter()
        .filter_map(|person| {
            let author = Author { name: Some(index.people.name(person).to_owned()), ..Author::default() };
            let mention = Mention { author, ..Mention::default() };
            let gathered = candidates::gather(index, &mention, &[]);
            let (weighed, all) = weigh(index, &gathered);
            weighed.first().map(|best| (best.0 / all).min(0.999))
        })
        .collect();
    sure.sort_by(f64::total_cmp);
    // Probabilities err on the side of caution: a fifth less of what may be wrong was seen to be wrong.
    let wanted = precision - 0.2 * (1.0 - precision);
    let right = |from: f64| {
        let linked = &sure[sure.partition_point(|p| *p < from)..];
        !linked.is_empty() && linked.iter().sum::<f64>() / linked.len() as f64 >= wanted
    };
    LIMITS.into_iter().find(|from| right(*from)).unwrap_or(precision)
}

type Weighed<'a> = (f64, &'a Person, u32, &'a Found);

/// Candidates with their odds, best first, and the odds of everything together.
fn weigh<'a>(index: &'a Index, gathered: &'a Gathered) -> (Vec<Weighed<'a>>, f64) {
    let mut weighed: Vec<Weighed<'a>> = gathered
        .found
        .iter()
        .filter_map(|(id, found)| {
            let odds = index
                .weights
                .sum(&found.parts(&gathered.facts, index.people.total()))
                .clamp(-40.0, 40.0)
                .exp();
            Some((odds, index.people.person(*id)?, *id, found))
        })
        .collect();
    weighed
        .sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| index.people.key(a.1).cmp(index.people.key(b.1))));
    let unseen = if gathered.crowded { 0.5 } else { 0.0 };
    let all = 1.0 + unseen + weighed.iter().map(|w| w.0).sum::<f64>();
    (weighed, all)
}

/// The odds, against strangers, of all candidates together whose names fit as `counts` says.
pub fn odds_of(index: &Index, gathered: &Gathered, counts: impl Fn(&Fit) -> bool) -> f64 {
    let (weighed, _) = weigh(index, gathered);
    weighed.iter().filter(|w| w.3.name.as_ref().is_some_and(&counts)).map(|w| w.0).sum()
}

/// Weighs what was gathered.
pub fn decide(index: &Index, mention: &Mention, gathered: &Gathered) -> Identification {
    let (weighed, all) = weigh(index, gathered);
    let near = weighed.first().map_or(0.0, |best| best.0 * 0.2);
    let close = weighed.iter().filter(|w| w.0 > near).count();
    let candidates: Vec<Candidate> = weighed
        .iter()
        .take(MOST_SHOWN)
        .filter(|w| w.0 / all >= 0.02)
        .map(|(odds, person, id, found)| Candidate {
            customer: index.people.key(person).to_owned(),
            probability: ((odds / all).min(0.999) * 1e4).round() / 1e4,
            evidence: evidence::words(index, mention, gathered, *id, found, (*odds > near).then_some(close)),
        })
        .collect();
    let best = candidates.first().map_or(0.0, |c| c.probability);
    let two: f64 = candidates.iter().take(2).map(|c| c.probability).sum();
    let decision = if best >= index.limit {
        Decision::Linked
    } else if best >= DOUBTFUL || (two >= 0.6 && best >= 0.3) {
        // Two of the same name: the owner can tell them apart.
        Decision::Doubtful
    } else {
        Decision::None
    };
    Identification { decision, candidates }
}
