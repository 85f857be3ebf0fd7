//! Every word that the dashboard shows, as data: English. Plural forms and word order are decided here, so that
//! another language is another set of these modules. Nothing here draws, asks or counts.

pub mod access;
pub mod alerts;
pub mod case;
pub mod customers;
pub mod import;
pub mod insights;
pub mod mentions;
pub mod problem;
pub mod promoters;
pub mod queue;
pub mod recovery;
pub mod session;
pub mod settings;
pub mod shell;
pub mod sources;
pub mod time;
pub mod today;

use goodword_shared::{Label, case::CaseState};

/// Between groups of three digits.
pub const THOUSANDS: char = ',';

/// The name of a person of whom nothing is shown.
pub const SOMEBODY: &str = "Somebody";

/// On buttons everywhere.
pub const CANCEL: &str = "Cancel";
/// Closes a dialog or a notice.
pub const CLOSE: &str = "Close";
/// Takes the last step back.
pub const UNDO: &str = "Undo";
/// Tries once more.
pub const RETRY: &str = "Try again";
/// While something is fetched, for screen readers.
pub const LOADING: &str = "Loading";
/// After a search or a change.
pub const SAVE: &str = "Save";
/// Beside a link that leaves the dashboard.
pub const NEW_TAB: &str = "opens in a new tab";
/// Before the reasons on a card.
pub const WHY: &str = "Why";
/// A mention of which only the stars are known.
pub const NO_WORDS: &str = "Stars only, no words.";

/// Why a mention has no words any more.
pub fn withheld(days: u32) -> String {
    match days {
        0 => "Text removed: the platform lets nothing be stored.".to_owned(),
        1 => "Text removed after a day, as the platform asks. Your notes stay.".to_owned(),
        days => format!("Text removed after {days} days, as the platform asks. Your notes stay."),
    }
}

/// A field that may stay empty.
pub const OPTIONAL: &str = "optional";

/// "7 of 10 stars".
pub fn stars(value: &str, best: &str) -> String {
    format!("{value} of {best} stars")
}

/// "about 1,200 may be reading this".
pub fn reach(people: &str) -> String {
    format!("about {people} may be reading")
}

/// "1 to 50 of 312".
pub fn rows(first: &str, last: &str, total: &str) -> String {
    format!("{first} to {last} of {total}")
}

/// Turns the pages of a list.
pub const EARLIER_ROWS: &str = "Previous page";
/// Turns the pages of a list.
pub const LATER_ROWS: &str = "Next page";

/// How an opinion leans, in a word.
pub fn label(label: Label) -> &'static str {
    match label {
        Label::Negative => "Unhappy",
        Label::Neutral => "Neutral",
        Label::Positive => "Happy",
        Label::Mixed => "Mixed",
    }
}

/// A verdict that is too unsure to act on.
pub const UNCERTAIN: &str = "needs your eye";

/// Where a case stands, in a word or two.
pub fn case_state(state: CaseState) -> &'static str {
    match state {
        CaseState::Open => "Nobody has answered",
        CaseState::Contacted => "In touch",
        CaseState::PutRight => "Put right",
        CaseState::Closed => "Closed",
    }
}

/// A theme's slug as a word: the owner's own themes are words already.
pub fn theme(slug: &str) -> String {
    let mut text = slug.replace(['_', '-'], " ");
    if let Some(first) = text.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// "served by Ana".
pub fn served_by(name: &str) -> String {
    format!("served by {name}")
}

/// "customer since 2021".
pub fn customer_since(year: i32) -> String {
    format!("customer since {year}")
}

/// What a customer has spent.
pub fn worth(amount: &str) -> String {
    format!("{amount} with us")
}

/// An author who is not in the owner's records.
pub const NOT_A_CUSTOMER: &str = "not in your customer list";

/// An author who may be a customer: "perhaps Ada Kowalska".
pub fn perhaps(name: &str) -> String {
    format!("perhaps {name}")
}

/// The name under which the author wrote: "writes as soupfan".
pub fn writes_as(name: &str) -> String {
    format!("writes as {name}")
}

/// "1 mention", "1,240 mentions".
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", crate::format::count(n), if n == 1 { one } else { many })
}

/// Shows all of a text that was shortened.
pub const SHOW_ALL: &str = "Show all";
/// Shortens it again.
pub const SHOW_LESS: &str = "Show less";
