//! Words of the Insights page.

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
