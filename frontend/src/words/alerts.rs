//! Words of the Alerts page.

use goodword_shared::{Label, alert::DeliveryState};

/// Below the heading.
pub const LEAD: &str =
    "How you are told when somebody is unhappy. Only new words alert: never a history, never an import.";
pub const CHANNELS: &str = "Where you are told";
pub const RULES: &str = "When you are told";
pub const DELIVERIES: &str = "What was sent";
/// Adds one.
pub const ADD_CHANNEL: &str = "Add a channel";
/// None yet.
pub const NO_CHANNELS: &str = "No channel yet. Add your mail address, so that bad news reaches you first.";
/// Adds one.
pub const ADD_RULE: &str = "Add a rule";
/// None yet.
pub const NO_RULES: &str = "No rule: nobody is told of anything.";
/// None yet.
pub const NO_DELIVERIES: &str = "Nothing has been sent yet.";
/// Sends a test.
pub const TEST: &str = "Send a test";
/// Changes it.
pub const EDIT: &str = "Change";
/// Removes it.
pub const REMOVE: &str = "Remove";
/// Used or not.
pub const ENABLED: &str = "In use";
/// The question.
pub const REMOVE_CHANNEL: &str = "Remove this channel?";
/// What it means.
pub const REMOVE_CHANNEL_TEXT: &str = "Nothing is sent there any more.";
/// The question.
pub const REMOVE_RULE: &str = "Remove this rule?";
/// What it means.
pub const REMOVE_RULE_TEXT: &str = "What it caught is not alerted any more, unless another rule catches it.";
/// With the secret below it.
pub const SECRET_MADE: &str = "Goodword made this signing secret. Copy it into the software that receives the calls: it is not shown again.";
pub const SAVED: &str = "Saved.";
pub const REMOVED: &str = "Removed.";
pub const NAME: &str = "Your name for it";
pub const KIND: &str = "Which way";
pub const FEELINGS: &str = "Whose words";
/// Choice.
pub const UNHAPPY: &str = "Everybody who is unhappy";
/// Choice.
pub const NEGATIVE: &str = "Negative words only";
/// Choice.
pub const NEGATIVE_OR_MIXED: &str = "Negative or mixed words";
/// Choice.
pub const EVERYTHING: &str = "Everybody, kind words too";
pub const STARS: &str = "Stars";
/// Choice.
pub const ANY_STARS: &str = "Any number, or none";
pub const SEVERITY: &str = "How bad";
/// Choice.
pub const ANY_SEVERITY: &str = "However bad";
/// Choice.
pub const SEVERE: &str = "Serious matters only";
pub const THEMES: &str = "Only about these themes";
pub const THEMES_HELP: &str = "Separated by commas, for example service, delivery. Empty is all.";
pub const BY: &str = "Told by";
/// Kinds of channel cannot be told apart yet.
pub const NEW_CHANNEL: &str = "A new channel";
/// A rule.
pub const NEW_RULE: &str = "A new rule";
pub const WHAT: &str = "What";
pub const CHANNEL: &str = "Where";
pub const STATE: &str = "How it went";
pub const WHEN: &str = "When";

/// At or below so many stars.
pub fn stars_at_most(n: u8) -> String {
    if n == 1 { "1 star".to_owned() } else { format!("{n} stars or fewer") }
}

/// How often a rule would have fired.
pub fn fired(n: u64) -> String {
    format!("{} in the last 30 days", super::counted(n, "time", "times"))
}

/// Where a delivery stands.
pub fn delivery(state: DeliveryState, tries: u32) -> String {
    match state {
        DeliveryState::Done => "sent".to_owned(),
        DeliveryState::Waiting if tries == 0 => "on its way".to_owned(),
        DeliveryState::Waiting => format!("tried {tries} times, tried again soon"),
        DeliveryState::Failed => format!("given up after {tries} tries"),
    }
}

/// Outcome of a test.
pub fn tested(ok: bool, detail: &str) -> String {
    match (ok, detail.is_empty()) {
        (true, _) => "The test has been sent. Look whether it arrived.".to_owned(),
        (false, true) => "The test could not be sent.".to_owned(),
        (false, false) => format!("The test could not be sent: {detail}"),
    }
}

/// A rule in plain words; `channels` are the names of those beyond the page.
pub fn rule(
    labels: &[Label],
    stars: Option<u8>,
    themes: &[String],
    severe: bool,
    channels: &[String],
) -> String {
    let who = match labels {
        [] => "Everybody who is unhappy".to_owned(),
        all if all.len() == Label::ALL.len() => "Everybody".to_owned(),
        some => format!(
            "Words that are {}",
            some.iter().map(|l| super::label(*l).to_lowercase()).collect::<Vec<_>>().join(" or ")
        ),
    };
    let mut text = who;
    if let Some(stars) = stars {
        text.push_str(&format!(", with {}", stars_at_most(stars)));
    }
    if !themes.is_empty() {
        let names: Vec<String> = themes.iter().map(|t| super::theme(t).to_lowercase()).collect();
        text.push_str(&format!(", about {}", names.join(" or ")));
    }
    if severe {
        text.push_str(", serious matters only");
    }
    let ways = match channels {
        [] => "in this page only".to_owned(),
        some => format!("in this page and by {}", some.join(" and ")),
    };
    format!("{text}: told {ways}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_told_in_plain_words() {
        assert_eq!(rule(&[], None, &[], false, &[]), "Everybody who is unhappy: told in this page only.");
        assert_eq!(
            rule(&[Label::Negative, Label::Mixed], Some(2), &["waiting".into()], true, &["Mail".into()]),
            "Words that are unhappy or mixed, with 2 stars or fewer, about waiting, serious matters only: told in this page and by Mail."
        );
    }
}
