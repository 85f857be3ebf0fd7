//! Words of the Today page, and its sentence.

use crate::format;

/// Left list.
pub const WIN_BACK: &str = "Win back now";
/// Right list.
pub const ASK: &str = "Ask for a referral";
/// Below the figures.
pub const THEMES: &str = "What they talk about";
/// Beside it.
pub const THEMES_SINCE: &str = "in the last 30 days";
/// The table's name.
pub const THEMES_CAPTION: &str = "Themes of the last 30 days with the number of unkind and kind mentions";
pub const THEME: &str = "Theme";
pub const UNKIND: &str = "Unkind";
pub const KIND: &str = "Kind";
/// The five numbers.
pub const FIGURES: &str = "How it is going";
pub const NOBODY_WAITS: &str = "Nobody is waiting for you";
pub const NOBODY_WAITS_TEXT: &str = "Enjoy the coffee. You will be told when that changes.";
pub const NOBODY_TO_ASK: &str = "Nobody to ask today";
pub const NOBODY_TO_ASK_TEXT: &str = "Somebody will say something kind soon.";
/// Nothing is watched.
pub const NO_SOURCES: &str = "Nothing is watched yet";
/// Nothing is watched.
pub const NO_SOURCES_TEXT: &str =
    "Paste the address of a page where people speak about you, and Goodword begins to listen.";
/// Nothing is watched: what to do.
pub const ADD_SOURCE: &str = "Add a source";
pub const ALL_PROMOTERS: &str = "All promoters";

/// What the sentence is made of.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// People nobody has answered yet.
    pub waiting: u64,
    /// Minutes that the longest of them has waited.
    pub longest: Option<i64>,
    /// New mentions.
    pub new: u64,
    /// Of these kind.
    pub kind: u64,
    /// Of these unkind.
    pub unkind: u64,
    /// "yesterday 18:20"; none on the first visit.
    pub since: Option<String>,
}

/// "Two people are waiting for you; the longest for 3 h 10 min."
pub fn waiting(news: &News) -> String {
    match (news.waiting, news.longest) {
        (0, _) => "Nobody is waiting for you.".to_owned(),
        (1, Some(longest)) => {
            format!("One person is waiting for you, for {} now.", format::span(longest))
        }
        (n, Some(longest)) => {
            format!("{} people are waiting for you; the longest for {}.", number(n), format::span(longest))
        }
        (1, None) => "One person is waiting for you.".to_owned(),
        (n, None) => format!("{} people are waiting for you.", number(n)),
    }
}

/// "Seven new mentions since yesterday 18:20, mostly kind."
pub fn fresh(news: &News) -> String {
    let since = match &news.since {
        Some(since) => format!("since {since}"),
        None => "in the last day".to_owned(),
    };
    match news.new {
        0 => format!("Nothing new {since}."),
        1 => format!("One new mention {since}{}.", leaning(news)),
        n => format!("{} new mentions {since}{}.", number(n), leaning(news)),
    }
}

fn leaning(news: &News) -> &'static str {
    let (kind, unkind) = (news.kind, news.unkind);
    match news.new {
        1 if kind == 1 => ", a kind one",
        1 if unkind == 1 => ", an unkind one",
        n if kind == n => ", all of them kind",
        n if unkind == n => ", all of them unkind",
        n if kind * 2 > n && kind > unkind * 2 => ", mostly kind",
        n if unkind * 2 > n && unkind > kind * 2 => ", mostly unkind",
        _ if kind > 0 && unkind > 0 => ", kind and unkind",
        _ => "",
    }
}

/// A number at the start of a sentence: small ones as words.
fn number(n: u64) -> String {
    const WORDS: [&str; 13] = [
        "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven",
        "Twelve",
    ];
    usize::try_from(n).ok().and_then(|n| WORDS.get(n)).map_or_else(|| format::count(n), |w| (*w).to_owned())
}

pub fn all_cases(waiting: u64) -> String {
    if waiting > 5 { format!("All {}", format::count(waiting)) } else { "The whole queue".to_owned() }
}

/// The link to doubtful matches.
pub fn matches(n: u64) -> String {
    if n == 1 {
        "One mention may be from a customer you know.".to_owned()
    } else {
        format!("{} mentions may be from customers you know.", number(n))
    }
}

/// A figure's name.
pub fn figure(name: &str) -> &str {
    match name {
        "rating" => "Rating",
        "positive_share" => "Kind mentions",
        "waiting" => "Waiting now",
        "first_answer" => "Time to first answer",
        "won_back" => "Won back this month",
        other => other,
    }
}

/// What a figure means, below its value.
pub fn figure_note(name: &str) -> &'static str {
    match name {
        "rating" => "of 5 stars",
        "positive_share" => "of all with an opinion",
        "first_answer" => "in the middle",
        _ => "",
    }
}

/// A change against the period before.
pub fn change(more: bool, by: &str) -> String {
    if more { format!("{by} more than before") } else { format!("{by} less than before") }
}

/// No change.
pub const SAME: &str = "as before";
/// Nothing to measure.
pub const NOTHING_MEASURED: &str = "not yet";

/// An interval: "between 88 % and 95 %".
pub fn between(low: &str, high: &str) -> String {
    format!("between {low} and {high}")
}

/// A line's text alternative.
pub fn line(name: &str, first: &str, last: &str, weeks: usize) -> String {
    format!("{name} over {weeks} weeks, from {first} to {last}")
}

/// The next step with an unhappy person.
pub fn next_step(state: goodword_shared::case::CaseState, first_name: &str) -> String {
    use goodword_shared::case::CaseState as S;
    match state {
        S::Open => format!("Get in touch with {first_name}"),
        S::Contacted => "Put it right".to_owned(),
        S::PutRight => "See how it ended".to_owned(),
        S::Closed => "Look back".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_counts_people_before_anything_else() {
        let news = News {
            waiting: 2,
            longest: Some(190),
            new: 7,
            kind: 5,
            unkind: 2,
            since: Some("yesterday 18:20".into()),
        };
        assert_eq!(waiting(&news), "Two people are waiting for you; the longest for 3\u{a0}h 10\u{a0}min.");
        assert_eq!(fresh(&news), "Seven new mentions since yesterday 18:20, mostly kind.");
    }

    #[test]
    fn nothing_to_do_is_said_kindly() {
        let news = News::default();
        assert_eq!(waiting(&news), "Nobody is waiting for you.");
        assert_eq!(fresh(&news), "Nothing new in the last day.");
    }

    #[test]
    fn one_is_not_many() {
        let news = News { waiting: 1, longest: Some(5), new: 1, unkind: 1, ..News::default() };
        assert_eq!(waiting(&news), "One person is waiting for you, for 5\u{a0}min now.");
        assert_eq!(fresh(&news), "One new mention in the last day, an unkind one.");
    }

    #[test]
    fn leanings_are_only_named_where_they_are_clear() {
        let say = |new, kind, unkind| fresh(&News { new, kind, unkind, ..News::default() });
        assert_eq!(say(3, 3, 0), "Three new mentions in the last day, all of them kind.");
        assert_eq!(say(4, 2, 2), "Four new mentions in the last day, kind and unkind.");
        assert_eq!(say(1200, 100, 900), "1,200 new mentions in the last day, mostly unkind.");
        assert_eq!(say(5, 1, 0), "Five new mentions in the last day.");
    }
}
