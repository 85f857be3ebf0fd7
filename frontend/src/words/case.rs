//! Words of a case.

use goodword_shared::{
    api::replies::Fault,
    case::{ContactWay, Outcome},
};

/// The story's heading.
pub const STORY: &str = "What happened";
/// Orders that are folded away: always several.
pub fn more_orders(n: usize) -> String {
    format!("{n} more orders")
}

/// In the story, instead of words that the page shows already.
pub const ABOVE: &str = "The words above.";
/// The facts' heading.
pub const WHO: &str = "Who they are";
/// Ways to reach them.
pub const REACH: &str = "Reach them";
/// No way to reach them.
pub const NO_WAY: &str = "There is no address on record. Answer them where they wrote.";
/// To the original.
pub const ORIGINAL: &str = "Where they wrote";
/// Why so urgent.
pub const WHY_URGENT: &str = "Why so urgent";
/// What else they said.
pub const OTHERS: &str = "What else they said";
/// Records that the customer was contacted.
pub const RECORD_CONTACT: &str = "Record a contact";
/// The dialog's main button.
pub const RECORD: &str = "Record";
/// By which way.
pub const WAY: &str = "How";
/// What was said.
pub const SAID: &str = "What was said";
/// Has the tone of an answer looked at.
pub const CHECK_TONE: &str = "Check the tone";
/// Nothing was found in it.
pub const TONE_WELL: &str = "Nothing in it stands out. Read it once more with their eyes.";

/// What may be wrong with words of an answer.
pub fn fault(fault: Fault) -> &'static str {
    match fault {
        Fault::Blame => "may sound as if it were their fault, or not true.",
        Fault::Sarcasm => "may be read as mockery.",
        Fault::Boilerplate => "is what everybody writes to everybody. Say what happened to them.",
        Fault::Private => "is private, and what you answer may be read by all.",
        Fault::Admission => "admits liability or promises money; say that in private.",
        Fault::Long => "is more than the place takes.",
        Fault::Shouting => "is loud.",
    }
}

/// Adds a note.
pub const ADD_NOTE: &str = "Add a note";
/// The note's field.
pub const NOTE: &str = "Note";
/// Changes a note.
pub const EDIT_NOTE: &str = "Change the note";
/// The cause is mended.
pub const PUT_RIGHT: &str = "It is put right";
/// Ends it.
pub const CLOSE: &str = "Close the case";
/// How did it end.
pub const HOW_ENDED: &str = "How did it end?";
/// Takes it up again.
pub const REOPEN: &str = "Open again";
/// Puts it off.
pub const SNOOZE: &str = "Snooze";
/// Ends the snooze.
pub const WAKE: &str = "Wake now";
pub const CONTACT_DONE: &str = "Recorded. They know that somebody cares.";
pub const NOTE_DONE: &str = "Note added.";
pub const PUT_RIGHT_DONE: &str = "Put right. Close the case once you know how it ended.";
pub const REOPENED: &str = "The case is open again.";
pub const WOKEN: &str = "The case is back in the queue.";
/// The promise was kept or not.
pub const FIRST_CONTACT: &str = "First answer";
/// The promise.
pub const DUE: &str = "Promised by";
/// Their name.
pub const NAME: &str = "Name";
/// Since when they are a customer.
pub const SINCE: &str = "Customer since";
/// What they have spent.
pub const WORTH: &str = "Spent with us";
/// Town.
pub const CITY: &str = "Town";
/// Mail address.
pub const EMAIL: &str = "Mail";
/// Telephone.
pub const PHONE: &str = "Telephone";
/// The owner's notes.
pub const NOTES: &str = "Your notes";
/// Tags.
pub const TAGS: &str = "Tags";

/// Snooze for so many days.
pub fn snooze_for(days: u64) -> String {
    match days {
        1 => "Until tomorrow morning".to_owned(),
        7 => "For a week".to_owned(),
        n => format!("For {n} days"),
    }
}

/// Done: "The case sleeps until tomorrow 09:00."
pub fn snoozed(until: &str) -> String {
    format!("The case sleeps until {until}.")
}

pub fn closed(outcome: Outcome) -> String {
    format!("Closed: {}.", outcome_word(outcome).to_lowercase())
}

/// An outcome in words.
pub fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::WonBack => "Won back",
        Outcome::RatingRaised => "Rating raised",
        Outcome::Refunded => "Refunded",
        Outcome::PartedWays => "Parted in good order",
        Outcome::Lost => "Lost",
        Outcome::NotACase => "Not a complaint after all",
    }
}

/// An outcome explained.
pub fn outcome_note(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::WonBack => "They are a customer again.",
        Outcome::RatingRaised => "They changed their rating for the better.",
        Outcome::Refunded => "They had their money back.",
        Outcome::PartedWays => "You agreed to disagree.",
        Outcome::Lost => "They are gone.",
        Outcome::NotACase => "The analysis was mistaken.",
    }
}

/// A way in words.
pub fn way(way: ContactWay) -> &'static str {
    match way {
        ContactWay::Call => "Telephone",
        ContactWay::Mail => "Mail",
        ContactWay::Text => "Text message",
        ContactWay::Reply => "Reply where they wrote",
        ContactWay::InPerson => "In person",
    }
}

/// A factor of the formula.
pub fn factor(name: &str) -> &str {
    match name {
        "severity" => "How bad it is",
        "value" => "Who they are to you",
        "reach" => "Who may be reading",
        "time" => "Time left",
        other => other,
    }
}

/// What an entry of the story is.
pub fn entry(what: &str) -> &str {
    match what {
        "mention" => "They wrote",
        "revision" => "They changed it",
        "alert" => "You were told",
        "opened" => "Case opened",
        "contact" => "In touch",
        "note" => "Note",
        "state" => "Step",
        "closed" => "Closed",
        "ask" => "Asked",
        "match" => "Recognised",
        "order" => "Bought",
        "record" => "Record",
        "reply" => "Answered in public",
        other => other,
    }
}
