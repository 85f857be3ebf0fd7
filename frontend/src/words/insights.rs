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

/// Which version reads.
pub fn in_use(version: Option<u64>, follow: bool, rereading: bool) -> String {
    let reads = match (version, follow) {
        (Some(number), _) => format!("Version {number} reads."),
        (None, true) => "We read as shipped: nothing better has been learnt yet.".to_owned(),
        (None, false) => "We read as shipped, as you chose.".to_owned(),
    };
    if rereading { format!("{reads} What is stored is being read again.") } else { reads }
}

/// How much a version changes: "12 of 400 read otherwise".
pub fn changed(some: u64, of: u64) -> String {
    format!("{some} of {of} read otherwise")
}
