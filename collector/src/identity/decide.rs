//! Shares one whole between the candidates and "somebody else", and decides.

use goodword_shared::{
    Author, Mention,
    matching::{Candidate, Decision, Identification},
};

use super::{
    Index,
    candidates::{self, Found, Gathered},
    customers::person::Person,
    evidence,
    weights::Weights,
};

/// Asked of the owner from here on: below, a question would mostly be answered with a no.
const DOUBTFUL: f64 = 0.45;
/// So likely one of two, the owner can tell them apart.
const ONE_OF_TWO: f64 = 0.75;
/// Candidates shown.
const MOST_SHOWN: usize = 5;

/// Below this nothing is linked: it would be likelier wrong than right.
const EVEN: f64 = 0.5;
/// No probability is above this, and so no limit.
const SUREST: f64 = 0.999;
/// The most that is wanted of links taken together: just below [`SUREST`], so that there is a limit that reaches it.
const MOST_WANTED: f64 = 0.9985;
/// From here on limits are as fine as the probabilities that are shown, and hundredths before.
const FINE: f64 = 0.99;
/// The least limit where it was not tried on those who wrote.
const UNTRIED: f64 = 0.6;
/// Customers whose names are tried.
const TRIED: usize = 400;
/// So few customers tell nothing of the others.
const LEAST: usize = 200;
/// So few authors tell nothing of the others.
const LEAST_AUTHORS: usize = 150;

/// From which probability on authors are linked without asking, where nothing is known of the customers' names.
pub fn limit(precision: f64) -> f64 {
    (1.0 - 3.0 * (1.0 - precision.clamp(0.5, 0.9999))).clamp(UNTRIED, SUREST)
}

/// The same, tried on these customers: were each to write under their plain name, links from the limit on would, taken
/// together, be as right as the owner wants them. Among few customers nearly every name is proof, and what is a little doubtful
/// may be linked as well; among a million most names are shared, and the limit must be higher.
pub fn limit_among(index: &Index, precision: f64) -> f64 {
    if index.people.total() < LEAST {
        return limit(precision);
    }
    let plain = index.people.some(TRIED).into_iter().map(|person| {
        let author = Author { name: Some(index.people.name(person).to_owned()), ..Author::default() };
        best(index, &Mention { author, ..Mention::default() })
    });
    least(plain.collect(), precision).max(UNTRIED)
}

/// The same, tried on those who wrote; none where too few of them did.
pub fn limit_for<'a>(
    index: &Index,
    mentions: impl Iterator<Item = &'a Mention>,
    precision: f64,
) -> Option<f64> {
    let sure: Vec<f64> = mentions.map(|mention| best(index, mention)).collect();
    let likely = sure.iter().filter(|p| **p >= EVEN).count();
    (likely >= LEAST_AUTHORS && index.people.total() >= LEAST).then(|| least(sure, precision))
}

/// How likely the likeliest candidate is.
fn best(index: &Index, mention: &Mention) -> f64 {
    let gathered = candidates::gather(index, mention, &[]);
    let (weighed, all) = weigh(index, &gathered);
    weighed.first().map_or(0.0, |best| (best.0 / all).min(SUREST))
}

/// Links are to be this much surer than the owner wants them, as a share of what may be wrong: probabilities are reckoned from a list
/// that may differ from what its authors are drawn from.
const MARGIN: f64 = 0.1;

/// The least limit from which on as many are right as are wanted, in hundredths, finer near the top.
fn least(mut sure: Vec<f64>, precision: f64) -> f64 {
    let wanted = (precision + MARGIN * (1.0 - precision)).min(MOST_WANTED);
    sure.sort_by(|a, b| b.total_cmp(a));
    let (mut sum, mut limit) = (0.0, precision.max(0.99));
    for (before, sure) in sure.into_iter().enumerate() {
        sum += sure;
        if sum / (before + 1) as f64 >= wanted {
            limit = sure;
        }
    }
    let steps = if limit > FINE { 1e4 } else { 1e2 };
    ((limit * steps).ceil() / steps).clamp(EVEN, SUREST)
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

/// The odds of all candidates together against strangers, as the shipped weights have them.
pub fn odds(index: &Index, gathered: &Gathered) -> f64 {
    let (shipped, total) = (Weights::default(), index.people.total());
    let odds = |found: &Found| shipped.sum(&found.parts(&gathered.facts, total)).clamp(-40.0, 40.0).exp();
    gathered.found.values().map(odds).sum()
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
            probability: ((odds / all).min(SUREST) * 1e4).round() / 1e4,
            evidence: evidence::words(index, mention, gathered, *id, found, (*odds > near).then_some(close)),
        })
        .collect();
    let best = candidates.first().map_or(0.0, |c| c.probability);
    let two: f64 = candidates.iter().take(2).map(|c| c.probability).sum();
    let decision = if best >= index.limit {
        Decision::Linked
    } else if best >= DOUBTFUL || two >= ONE_OF_TWO {
        Decision::Doubtful
    } else {
        Decision::None
    };
    Identification { decision, candidates }
}
