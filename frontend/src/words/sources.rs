//! Words of the Sources pages.

use goodword_shared::source::{HealthState, Route, StorageRule};

/// Below the heading.
pub const LEAD: &str = "The places we listen to, and how each of them fares.";
/// To add one.
pub const ADD: &str = "Add a source";
/// None yet.
pub const EMPTY: &str = "Nobody is being listened to yet";
/// What to do.
pub const EMPTY_TEXT: &str =
    "Paste the address of a page where people talk about you: your app, a review page, a feed, a hashtag.";
/// Runs it.
pub const CHECK: &str = "Check now";
/// Shows what may not be stored.
pub const LOOK: &str = "Show what is there now";
pub const CHECKING: &str = "It is being read now.";
/// Switches it off.
pub const PAUSE: &str = "Pause";
/// Switches it on.
pub const RESUME: &str = "Go on";
pub const PAUSED_DONE: &str = "Paused. Nothing is read there until you go on.";
pub const RESUMED_DONE: &str = "It is being listened to again.";
/// Removes it.
pub const REMOVE: &str = "Remove";
/// The question.
pub const REMOVE_TITLE: &str = "Stop listening there?";
pub const REMOVED: &str = "Removed. What was said there stays.";
/// To its mentions.
pub const MENTIONS: &str = "What was said there";
/// Last time it answered well.
pub const LAST: &str = "last read";
/// Next time.
pub const NEXT: &str = "next";
/// It never answered.
pub const NEVER: &str = "not read yet";
/// The same where people or programs send it.
pub const LAST_CAME: &str = "last came";
pub const NEVER_CAME: &str = "nothing has come yet";
/// What to paste.
pub const PASTE: &str = "An address or a name";
pub const PASTE_HELP: &str = "For example the page of your app in the App Store, a page with reviews, a feed, a hashtag or your company's name.";
/// Looks what it is.
pub const RECOGNISE: &str = "What is it?";
/// Nothing reads that.
pub const UNKNOWN: &str = "Nothing here reads that address. Choose the kind of source below.";
/// The kinds.
pub const KINDS: &str = "Or choose the kind of source";
/// The source's name.
pub const NAME: &str = "Your name for it";
/// How to get what it needs.
pub const HOW_TO: &str = "Where to find this";
/// Looks before saving.
pub const PREVIEW: &str = "Show what it reads";
/// Saves.
pub const SAVE: &str = "Listen there";
pub const SAVED: &str = "Saved. Its history is being read.";
pub const SAVED_DOOR: &str = "Saved. It is open from now on.";
/// The preview's heading.
pub const PREVIEW_TITLE: &str = "What it reads there now";
/// A calm preview.
pub const PREVIEW_EMPTY: &str = "Nothing is there yet, which may be as it should.";
/// To another kind.
pub const OTHER: &str = "Choose another kind";
/// The import's heading.
pub const IMPORT: &str = "Import what you have";
pub const IMPORT_TEXT: &str =
    "Reviews that you exported elsewhere: a table (CSV), JSON, a mailbox (mbox). They never raise an alert.";
/// Not a text that tells what happened: what the platform allows.
pub const LEGAL: &str = "Why we may";

/// Makes the first signing secret, and another.
pub const SECRET: &str = "Make its signing secret";
pub const SECRET_AGAIN: &str = "New signing secret";
pub const SECRET_TITLE: &str = "The signing secret";
pub const SECRET_TEXT: &str =
    "Copy it now: it is not shown again. The program that sends signs its calls with it.";
pub const SECRET_OLD: &str = "The one before still counts until";
/// The address as a picture.
pub const PICTURE: &str = "QR code";
pub const PICTURE_TITLE: &str = "Your page, to scan";
pub const PICTURE_TEXT: &str = "Print it on the receipt, the counter or the table.";
pub const PICTURE_OPEN: &str = "Open the picture by itself";

/// What its runs came to.
pub const HISTORY: &str = "History";
pub const WHEN: &str = "When";
pub const TOOK: &str = "Took";
pub const NEW: &str = "New";
pub const CHANGED: &str = "Changed";
pub const SAME: &str = "Unchanged";
pub const GONE: &str = "Gone";
pub const PROBLEM: &str = "Problem";
/// A check found nothing, or could not look.
pub const NOTHING_NEW: &str = "Nothing new.";
pub const UNREAD: &str = "It could not be read.";
/// When it is read.
pub const RHYTHM: &str = "When it is read";
pub const RHYTHM_SAVED: &str = "Saved. It is read by these times.";
pub const EVERY: &str = "Minutes between two readings";
pub const EVERY_HELP: &str = "Leave it empty, and it follows how often something is said there.";
pub const NOT_FROM: &str = "Leave it alone from";
pub const NOT_TO: &str = "Until";
pub const ZONE: &str = "By the clock of";

/// The picture in words.
pub fn picture_of(address: &str) -> String {
    format!("QR code of {address}")
}

/// A source's state in a word.
pub fn health(state: HealthState) -> &'static str {
    match state {
        HealthState::New => "New",
        HealthState::Fine => "Fine",
        HealthState::Quiet => "Quieter than usual",
        HealthState::Failing => "Needs you",
        HealthState::Paused => "Paused",
    }
}

/// "We listen to 13 places: 1 needs you, 12 fine."
pub fn glance(states: &[HealthState]) -> String {
    use HealthState as H;
    if states.is_empty() {
        return LEAD.to_owned();
    }
    let parts: Vec<String> = [
        (H::Failing, "need you", "needs you"),
        (H::Quiet, "quieter than usual", "quieter than usual"),
        (H::New, "new", "new"),
        (H::Fine, "fine", "fine"),
        (H::Paused, "paused", "paused"),
    ]
    .into_iter()
    .filter_map(|(state, many, one)| match states.iter().filter(|s| **s == state).count() {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    })
    .collect();
    let places = if states.len() == 1 { "1 place".to_owned() } else { format!("{} places", states.len()) };
    match parts.as_slice() {
        [_] if states[0] == H::Fine => format!("We listen to {places}, and all is well."),
        parts => format!("We listen to {places}: {}.", parts.join(", ")),
    }
}

/// "209 of 212 read".
pub fn coverage(stored: &str, total: Option<String>) -> String {
    match total {
        Some(total) => format!("{stored} of {total} read"),
        None => format!("{stored} read"),
    }
}

/// "12 came in".
pub fn came(stored: &str) -> String {
    format!("{stored} came in")
}

/// The question before removing.
pub fn remove_text(name: &str) -> String {
    format!("Goodword will not read {name} any more. What was said there so far stays.")
}

/// How many the preview found.
pub fn found(n: usize) -> String {
    if n == 1 {
        "1 mention in the first answer".to_owned()
    } else {
        format!("{n} mentions in the first answer")
    }
}

/// How a connector comes by its mentions.
pub fn route(route: Route) -> &'static str {
    match route {
        Route::Api => "official interface",
        Route::Feed => "feed",
        Route::Page => "public page",
        Route::Push => "sent to us",
        Route::Mail => "your mailbox",
        Route::Import => "a file of yours",
    }
}

/// What may be kept.
pub fn storage(rule: StorageRule) -> String {
    match rule {
        StorageRule::Keep => "kept as long as you like".to_owned(),
        StorageRule::Days(1) => "kept for a day at most".to_owned(),
        StorageRule::Days(days) => format!("kept for {days} days at most"),
        StorageRule::FollowDeletion => "what is deleted there is deleted here".to_owned(),
        StorageRule::Never => "shown live, never stored".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn health_at_a_glance_names_first_what_needs_the_owner() {
        use HealthState::{Failing, Fine, Quiet};
        assert_eq!(glance(&[]), LEAD);
        assert_eq!(glance(&[Fine, Fine]), "We listen to 2 places, and all is well.");
        assert_eq!(glance(&[Failing]), "We listen to 1 place: 1 needs you.");
        assert_eq!(
            glance(&[Fine, Failing, Fine, Quiet, Failing]),
            "We listen to 5 places: 2 need you, 1 quieter than usual, 2 fine."
        );
    }
}
