//! Who has reason to recommend, and in which order: recency, warmth of the words, an offer or a recommendation, reach, value.
//! Never with an open case, never against their will, never again too soon.

use chrono::TimeDelta;
use goodword_shared::{Label, Time, settings::Settings};

use super::priority::thousands;
use crate::record::{Person, Standing, Word};

/// Days after which a kind word counts half.
const HALF_LIFE_DAYS: f64 = 90.0;

/// Whether a mention is kind: positive with confidence or well rated, and neither negative nor unhappy.
pub fn is_kind(word: &Word, settings: &Settings) -> bool {
    let warm = word.label == Label::Positive && word.confidence >= settings.promoter_confidence;
    let rated = word.rating_share.is_some_and(|share| share >= settings.promoter_rating_share - 1e-9);
    (warm || rated) && word.label != Label::Negative && !word.unhappy
}

/// Where a person stands among the promoters; none where they are none. `tenths` are the bounds between tenths of all
/// customers' values.
pub fn standing(person: &Person, tenths: &[f64], settings: &Settings, now: Time) -> Option<Standing> {
    let again = TimeDelta::days(settings.ask_again_days.into());
    if person.open_case || person.not_to_be_asked || person.last_asked.is_some_and(|at| at > now - again) {
        return None;
    }
    let year = TimeDelta::days(settings.promoter_days.into());
    let mut recent: Vec<&Word> = person.words.iter().filter(|w| w.at > now - year).collect();
    recent.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| b.id.cmp(&a.id)));
    if recent.iter().take(3).any(|w| w.label == Label::Negative || w.unhappy) {
        return None;
    }
    let kind: Vec<&Word> = recent.iter().copied().filter(|w| is_kind(w, settings)).collect();
    let unkind = recent.iter().filter(|w| w.label == Label::Negative || w.unhappy).count();
    let newest = kind.first()?;
    if unkind >= kind.len() {
        return None;
    }
    let best = kind.iter().copied().max_by(|a, b| quality(a, now).total_cmp(&quality(b, now)))?;
    let offers = kind.iter().any(|w| w.offers);
    let recommends = kind.iter().any(|w| w.recommends);
    let reach = kind.iter().filter_map(|w| w.reach).max();
    let above = person.value.map(|value| tenths.iter().filter(|bound| value >= **bound).count());
    let wish = if offers {
        1.0
    } else if recommends {
        0.7
    } else {
        0.0
    };
    let spread = reach.map_or(0.0, |n| ((n as f64 + 1.0).log10() / 6.0).min(1.0));
    let value = above.map_or(0.0, |n| n as f64 / 9.0);
    let score = 35.0 * freshness(newest, now)
        + 25.0 * warmth(best)
        + 20.0 * wish
        + 5.0 * spread
        + 10.0 * value
        + if person.is_customer { 5.0 } else { 0.0 };

    let mut reasons = Vec::new();
    if offers {
        reasons.push("offered to tell others about you".to_owned());
    } else if recommends {
        reasons.push("recommends you".to_owned());
    }
    let day = best.at.format("%-d %b %Y");
    match best.rating_share {
        Some(share) => reasons.push(format!("{} of 5 stars on {day}", stars(share))),
        None => reasons.push(format!("kind words on {day}")),
    }
    if kind.len() > 1 {
        reasons.push(format!("{} kind mentions in a year", kind.len()));
    }
    if above == Some(9) {
        reasons.push("among your most valuable tenth of customers".to_owned());
    }
    if let Some(reach) = reach.filter(|n| *n >= 500) {
        reasons.push(format!("reaches about {} people", thousands(reach)));
    }
    Some(Standing {
        score: (score * 10.0).round() / 10.0,
        reasons,
        quote: best.id.clone(),
        kind_mentions: u32::try_from(kind.len()).unwrap_or(u32::MAX),
        expires_at: newest.at + year,
    })
}

fn stars(share: f64) -> f64 {
    (share * 50.0).round() / 10.0
}

fn freshness(word: &Word, now: Time) -> f64 {
    let days = (now - word.at).num_hours().max(0) as f64 / 24.0;
    0.5_f64.powf(days / HALF_LIFE_DAYS)
}

fn warmth(word: &Word) -> f64 {
    let rated = word.rating_share.map_or(0.0, |share| (share - 0.5).max(0.0) * 2.0);
    word.score.max(0.0).max(0.6 * rated)
}

/// Which quote to show: warm, with words, offering something, not old.
fn quality(word: &Word, now: Time) -> f64 {
    let words = if word.has_words { 1.0 } else { 0.0 };
    let wish = if word.offers || word.recommends { 0.5 } else { 0.0 };
    2.0 * words + warmth(word) + wish + 0.5 * freshness(word, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_shared::id::MentionId;

    fn now() -> Time {
        "2026-05-01T12:00:00Z".parse().expect("a time")
    }

    fn word(id: &str, days_ago: i64, label: Label, share: Option<f64>) -> Word {
        Word {
            id: MentionId::new(id),
            at: now() - TimeDelta::days(days_ago),
            label,
            score: if label == Label::Positive { 0.8 } else { 0.0 },
            confidence: 0.9,
            rating_share: share,
            unhappy: label == Label::Negative,
            reach: None,
            offers: false,
            recommends: false,
            has_words: true,
        }
    }

    fn stands(person: &Person) -> Option<Standing> {
        standing(person, &[], &Settings::default(), now())
    }

    #[test]
    fn a_kind_word_makes_a_promoter_and_the_newest_negative_unmakes_it() {
        let mut person =
            Person { words: vec![word("a", 30, Label::Positive, Some(1.0))], ..Person::default() };
        let standing = stands(&person).expect("a promoter");
        assert_eq!(standing.reasons, ["5 of 5 stars on 1 Apr 2026"]);
        assert_eq!(standing.kind_mentions, 1);
        person.words.push(word("b", 2, Label::Negative, Some(0.2)));
        assert_eq!(stands(&person), None);
        for n in 0..3 {
            person.words.push(word(&format!("c{n}"), 1, Label::Positive, None));
        }
        assert!(stands(&person).is_some(), "three kind ones since then");
    }

    #[test]
    fn nobody_is_asked_against_their_will_or_too_soon_or_with_an_open_case() {
        let kind = Person { words: vec![word("a", 3, Label::Positive, None)], ..Person::default() };
        assert!(stands(&kind).is_some());
        assert_eq!(stands(&Person { open_case: true, ..kind.clone() }), None);
        assert_eq!(stands(&Person { not_to_be_asked: true, ..kind.clone() }), None);
        assert_eq!(stands(&Person { last_asked: Some(now() - TimeDelta::days(179)), ..kind.clone() }), None);
        assert!(stands(&Person { last_asked: Some(now() - TimeDelta::days(181)), ..kind }).is_some());
    }

    #[test]
    fn old_or_lukewarm_words_do_not_suffice() {
        let old = Person { words: vec![word("a", 366, Label::Positive, Some(1.0))], ..Person::default() };
        assert_eq!(stands(&old), None);
        let lukewarm = Person { words: vec![word("a", 3, Label::Neutral, Some(0.6))], ..Person::default() };
        assert_eq!(stands(&lukewarm), None);
    }

    #[test]
    fn an_offer_to_refer_ranks_above_a_newer_bare_rating() {
        let mut offering = word("a", 20, Label::Positive, Some(1.0));
        offering.offers = true;
        let offering = Person { words: vec![offering], ..Person::default() };
        let bare = Person { words: vec![word("b", 1, Label::Positive, Some(1.0))], ..Person::default() };
        assert!(stands(&offering).expect("one").score > stands(&bare).expect("one").score);
    }
}
