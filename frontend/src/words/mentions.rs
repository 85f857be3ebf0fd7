//! Words of the Mentions pages.

use goodword_shared::Kind;

/// The list's name.
pub const LIST: &str = "Mentions, newest first";
/// Below the heading.
pub const LEAD: &str = "Everything that was said, newest first.";
/// The field to search.
pub const SEARCH: &str = "Search words and names";
/// Filter.
pub const SENTIMENT: &str = "How they feel";
/// Filter.
pub const SOURCE: &str = "Where";
/// Filter.
pub const THEME: &str = "About";
/// Filter.
pub const STARS: &str = "Stars";
/// Filter.
pub const FROM: &str = "From";
/// Filter.
pub const TO: &str = "To";
/// No filter.
pub const ANY_SENTIMENT: &str = "Any feeling";
/// No filter.
pub const ANY_SOURCE: &str = "All sources";
/// No filter.
pub const ANY_THEME: &str = "All themes";
/// No filter.
pub const ANY_STARS: &str = "Any stars";
/// Filter: verdicts that are too unsure.
pub const UNCERTAIN: &str = "Needs your eye";
/// Takes all filters away.
pub const CLEAR: &str = "Clear filters";
/// Nothing was said.
pub const EMPTY: &str = "Nothing has been heard yet";
/// What to do.
pub const EMPTY_TEXT: &str = "Add a source, or import what you have.";
/// Nothing fits.
pub const EMPTY_FILTERED: &str = "Nothing fits these filters";
/// To the sources.
pub const ADD_SOURCE: &str = "Add a source";
/// To the case.
pub const CASE: &str = "Open case";
/// The platform removed it.
pub const DELETED: &str = "removed by the platform";
/// The owner answered.
pub const REPLIED: &str = "answered";
/// The owner corrected the tags.
pub const CORRECTED: &str = "corrected by you";
/// To the original.
pub const ORIGINAL: &str = "See the original";
/// The owner's answer.
pub const REPLY: &str = "Your public answer";
/// What we make of it.
pub const READING: &str = "How we read it";
/// Earlier versions.
pub const REVISIONS: &str = "Earlier versions";
/// Candidates.
pub const MATCHES: &str = "Who it may be";
/// The correction.
pub const CORRECT: &str = "Is that right? Correct it with one click.";
/// The correction was kept.
pub const CORRECTED_DONE: &str = "Corrected. We will remember it.";
/// Language.
pub const LANGUAGE: &str = "Language";
/// How bad.
pub const SEVERITY: &str = "Severity";
/// How sure.
pub const CONFIDENCE: &str = "How sure we are";
/// What they want.
pub const INTENTS: &str = "What they want";
/// First seen by us.
pub const COLLECTED: &str = "First heard";
/// What it is about.
pub const SUBJECT: &str = "About";
/// The order's number.
pub const ORDER: &str = "Order";
/// Who sent the mail that it came in.
pub const SENDER: &str = "The mail's sender";
/// The themes.
pub const THEMES: &str = "Themes";

/// How many there are.
pub fn total(n: u64) -> String {
    super::counted(n, "mention", "mentions")
}

/// A number of stars as a filter.
pub fn stars(n: u8) -> String {
    if n == 1 { "1 star".to_owned() } else { format!("{n} stars") }
}

/// Cross-posted.
pub fn same_text(n: u64) -> String {
    if n == 1 { "same words in 1 other place".to_owned() } else { format!("same words in {n} other places") }
}

/// What sort of thing it is.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Review => "Review",
        Kind::Post => "Post",
        Kind::Comment => "Comment",
        Kind::Article => "Article",
        Kind::Survey => "Survey answer",
        Kind::Mail => "Mail",
    }
}

/// An intent's slug as words.
pub fn intent(slug: &str) -> String {
    match slug {
        "referral_offer" => "Offers to refer".to_owned(),
        "wants_contact" => "Wants to be contacted".to_owned(),
        "leaving" => "Threatens to leave".to_owned(),
        "refund" => "Wants a refund".to_owned(),
        "legal" => "Speaks of legal steps".to_owned(),
        "safety" => "A matter of safety".to_owned(),
        other => super::theme(other),
    }
}

/// What was changed in a version: "2 March 2026: stars 2 → 4".
pub fn revision(when: &str, changed: &[String]) -> String {
    format!("{when}: {}", changed.join(", "))
}

/// What the mail server found of a sender, such as `dkim=pass spf=fail`: a signature that holds is enough, since a mail that
/// was passed on comes from another server.
pub fn sender(found: &str) -> &'static str {
    let says = |what: &str| found.split(' ').any(|part| part == what);
    match () {
        () if says("dmarc=pass") || says("dkim=pass") => "confirmed by your mail server",
        () if found.contains("fail") => "doubtful: your mail server could not confirm it",
        () => "not confirmed",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_sender_is_told_in_plain_words() {
        assert_eq!(super::sender("dkim=pass spf=fail"), "confirmed by your mail server");
        assert!(super::sender("dkim=none spf=softfail").starts_with("doubtful"));
        assert_eq!(super::sender("spf=none"), "not confirmed");
    }
}
