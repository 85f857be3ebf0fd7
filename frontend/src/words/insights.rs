//! Words of the Insights page.

use goodword_shared::Label;

/// Below the heading.
pub const LEAD: &str = "How opinion moves, and how far our reading of it is to be trusted.";
/// Nothing to show yet.
pub const EMPTY: &str = "Nothing to compare yet";
/// Explains it.
pub const EMPTY_TEXT: &str = "Once people have spoken for a while, this page shows what changed.";
/// Heading of the months.
pub const MONTHS: &str = "Month by month";
/// Explains the lines.
pub const MONTHS_TEXT: &str =
    "The line is where the true share lies, 19 times in 20; the fewer spoke, the longer it is.";
pub const MONTH: &str = "Month";
pub const HAPPY: &str = "Happy";
pub const UNHAPPY: &str = "Unhappy";
pub const SAID: &str = "Said";
/// Heading of the themes.
pub const THEMES: &str = "Unhappy words by theme";
/// Explains the periods.
pub const THEMES_TEXT: &str =
    "The last 90 days beside the 90 before. Changes that may be chance are not called changes.";
pub const THEME: &str = "Theme";
pub const LATELY: &str = "Lately";
pub const BEFORE: &str = "Before";
pub const CHANGE: &str = "Change";
pub const BETTER: &str = "better";
pub const WORSE: &str = "worse";
pub const STEADY: &str = "may be chance";
/// Heading of the accuracy.
pub const ACCURACY: &str = "Our reading against yours";
/// Nobody has labelled anything.
pub const NO_LABELS: &str = "You have not said yet whether we read a mention rightly. One click on a mention’s page is enough, also where we were right.";
/// What must be known of the figure.
pub const BIASED: &str = "You label what catches your eye, so this is likelier too low than too high. The reading as it is now is compared with your labels.";
/// Heading of the disagreements.
pub const WRONG: &str = "Where we read it otherwise";

/// "Right in 41 of 52: 79 %, between 66 % and 88 %".
pub fn right(some: u64, of: u64, share: &str, low: &str, high: &str) -> String {
    format!("Right in {some} of {of}: {share}, and between {low} and {high} for all that you would label")
}

/// Where it was sure of itself.
pub fn sure(some: u64, of: u64) -> String {
    format!("Where we were sure: right in {some} of {of}")
}

/// A share for screen readers: "62 %, between 55 % and 69 %".
pub fn share(share: &str, low: &str, high: &str) -> String {
    format!("{share}, between {low} and {high}")
}

/// Both readings: "we: Unhappy, you: Mixed".
pub fn readings(ours: &str, yours: &str) -> String {
    format!("we: {ours}, you: {yours}")
}

/// Heading of what was learnt.
pub const LEARNT: &str = "What you have taught us";
/// Explains it.
pub const LEARNT_TEXT: &str = "We learn from your corrections. A version is used where it agrees with you more often than we did as shipped, on labels that it had not seen.";
pub const VERSION: &str = "Version";
pub const SHIPPED: &str = "As shipped";
pub const TAUGHT: &str = "Taught by you";
pub const IN_USE: &str = "In use";
pub const YES: &str = "yes";
pub const NO: &str = "no";
/// Uses that version.
pub const USE: &str = "Use this";
/// Learns from all corrections.
pub const LEARN: &str = "Learn now";
/// Uses none.
pub const AS_SHIPPED: &str = "Read as shipped";
/// Uses the newest again.
pub const FOLLOW: &str = "Always use the newest";
/// Heading of the examples.
pub const DIFFERENCES: &str = "What the newest reads otherwise";

/// Nothing was learnt yet.
pub const NOT_YET: &str = "It takes three corrections to begin with.";
/// Where to correct.
pub const TO_MENTIONS: &str = "Look at mentions";
/// While what is stored is read by another version.
pub const REREADING: &str = "What is stored is being read again.";
/// Learning found no new corrections.
pub const NOTHING_NEW: &str = "There is nothing new to learn from.";
/// What was learnt: the sentiment, a theme, an intent.
pub const QUESTION: &str = "Question";

/// Which version reads.
pub fn in_use(version: Option<u64>, follow: bool) -> String {
    match (version, follow) {
        (Some(number), true) => format!("Version {number}, the newest, reads your mentions."),
        (Some(number), false) => format!("Version {number} reads your mentions, as you chose."),
        (None, true) => "We read as shipped: nothing better has been learnt yet.".to_owned(),
        (None, false) => "We read as shipped, as you chose.".to_owned(),
    }
}

/// A new version was made.
pub fn made(number: u64) -> String {
    format!("Version {number} has been learnt.")
}

/// The name of a version.
pub fn version(number: u64) -> String {
    format!("Version {number}")
}

/// From how much it was learnt.
pub fn corrections(n: u64) -> String {
    if n == 1 { "from 1 correction".to_owned() } else { format!("from {n} corrections") }
}

/// A heading with how many there are below it.
pub fn examples(title: &str, n: usize) -> String {
    format!("{title} · {n}")
}

/// A clause as a sentence: begun with a capital, ended with a full stop.
pub fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let Some(first) = letters.next() else { return String::new() };
    let end = if clause.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

/// What a version reads otherwise, in this page's words: "negative → mixed; now praise" as "Unhappy → Mixed; now praise".
pub fn difference(what: &str) -> String {
    let named = |name: &str| {
        let label = Label::ALL.into_iter().find(|label| label.as_str() == name);
        label.map_or_else(|| name.to_owned(), |label| super::label(label).to_owned())
    };
    let parts = what.split("; ").map(|part| match part.split_once(" → ") {
        Some((was, is)) => format!("{} → {}", named(was), named(is)),
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("; ")
}

/// How much a version changes: "12 of 400 read otherwise".
pub fn changed(some: u64, of: u64) -> String {
    format!("{some} of {of} read otherwise")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_different_is_told_in_the_words_of_the_page() {
        assert_eq!(difference("negative → mixed; no longer praise"), "Unhappy → Mixed; no longer praise");
        assert_eq!(difference("unsure now"), "unsure now");
        assert_eq!(sentence("theme parking: no"), "Theme parking: no.");
        assert_eq!((sentence("Über alles."), sentence("")), ("Über alles.".into(), String::new()));
    }
}
