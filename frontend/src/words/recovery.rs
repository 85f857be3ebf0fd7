//! Words of the recovery queue.

/// Below the heading.
pub const LEAD: &str = "Whoever waits is listed by urgency: how bad it is, who they are to you, who may be reading, how little time is left.";
/// Filter.
pub const SHOW: &str = "Show";
/// Field to search.
pub const SEARCH: &str = "Search names and words";
pub const EMPTY: &str = "Nobody is waiting for you";
pub const EMPTY_TEXT: &str = "Every complaint has an answer. That is worth a coffee.";
/// Nothing under these filters.
pub const EMPTY_FILTERED: &str = "No case fits these filters";
/// The keys.
pub const KEYS: &str = "Keys: j and k choose, Enter opens, s snoozes until tomorrow";
/// The table's name of the list.
pub const LIST: &str = "Cases, most urgent first";
/// The quick button.
pub const SNOOZE: &str = "Snooze until tomorrow";

/// A filter's name.
pub fn filter(state: &str) -> &'static str {
    match state {
        "waiting" => "Waiting",
        "open" => "Nobody answered",
        "contacted" => "In touch",
        "put_right" => "Put right",
        "closed" => "Closed",
        _ => "All",
    }
}

pub fn snoozed(name: &str) -> String {
    format!("{name} comes back tomorrow morning.")
}
