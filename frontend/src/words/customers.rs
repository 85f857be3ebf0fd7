//! Words of the Customers pages.

use crate::route::Route;

/// Below the heading.
pub const LEAD: &str = "The people and firms in your own records, and what they have said.";
/// The field to search.
pub const SEARCH: &str = "Search name, mail, telephone, town";
/// Filter.
pub const SPOKE: &str = "Only those who have spoken";
/// To the import.
pub const IMPORT: &str = "Import customers";
/// Nobody yet.
pub const EMPTY: &str = "No customers yet";
/// What to do.
pub const EMPTY_TEXT: &str = "Import your customer list, and Goodword tells you by name who wrote.";
/// Nobody fits.
pub const EMPTY_FILTERED: &str = "Nobody fits";
/// Nobody but the customer whose page it is.
pub const NOBODY_ELSE: &str =
    "Nobody else fits. Try another part of the name, a mail address or a town, then Enter.";
/// Below the import's heading.
pub const IMPORT_WHAT: &str = "What the file holds";
pub const IMPORT_CUSTOMERS: &str = "Customers";
pub const IMPORT_ORDERS: &str = "Their orders";
pub const IMPORT_LEAD: &str = "A customer whom you import again is updated, not doubled.";
pub const NAME: &str = "Name";
pub const CITY: &str = "Town";
pub const VALUE: &str = "With us";
pub const SAID: &str = "Mentions";
pub const LAST: &str = "Last spoke";
/// A case is open.
pub const OPEN_CASE: &str = "case open";
/// Heading of the facts.
pub const RECORD: &str = "On record";
/// Nothing is on record.
pub const RECORD_EMPTY: &str = "Nothing but their name.";
/// Heading of the links.
pub const REACH: &str = "Reach them";
/// Heading of the timeline.
pub const STORY: &str = "Their story";
/// Nothing happened.
pub const STORY_EMPTY: &str = "They have not been heard yet.";
/// Heading of the cases.
pub const CASES: &str = "Cases";
/// Heading of the accounts.
pub const ACCOUNTS: &str = "Writes as";
/// Heading of pairs of accounts.
pub const KIN: &str = "One person on several platforms";
/// It is them.
pub const SAME: &str = "Yes, it is them";
/// The account is somebody else's.
pub const NOT_THEM: &str = "Not them";
/// The accounts are two people's.
pub const NOT_SAME: &str = "Not the same person";
/// Where it stands.
pub const YOU_SAID_SAME: &str = "you said so";
pub const YOU_SAID_OTHER: &str = "you said no";
/// After a word.
pub const SAID_SAME: &str = "Noted: it is them.";
pub const SAID_OTHER: &str = "Noted: that is somebody else. It is not proposed again.";
/// Never to be asked.
pub const DO_NOT_CONTACT: &str = "Do not contact";
/// Explains it.
pub const DO_NOT_CONTACT_HELP: &str = "They are never proposed for an ask and never exported.";
pub const NOTES: &str = "Your notes";
pub const SAVED: &str = "Saved.";
/// Mail address.
pub const EMAIL: &str = "Mail";
/// Telephone.
pub const PHONE: &str = "Telephone";
/// The firm.
pub const COMPANY: &str = "Firm";
/// Customer since.
pub const SINCE: &str = "Customer since";
/// The owner's own id.
pub const NUMBER: &str = "Your number";
/// Tags.
pub const TAGS: &str = "Tags";
/// Consent was refused.
pub const CONSENT: &str = "May be written to";
/// Yes.
pub const YES: &str = "yes";
/// No.
pub const NO: &str = "no";

/// To the queue: "Doubtful matches · 11".
pub fn doubts(n: &str) -> String {
    format!("{} · {n}", super::shell::page(&Route::Matches))
}

pub const UNDONE: &str = "Taken back. Everything is as it was.";
pub const TAKEN_BACK: &str = "taken back";
/// Heading of what can be done with a record.
pub const RECORD_DEEDS: &str = "This record";
pub const EDIT: &str = "Edit the record";
pub const JOIN: &str = "Join with another record…";
pub const JOIN_WITH: &str = "Which record is the same customer?";
pub const PART: &str = "Part in two…";
/// Heading of the dialog.
pub const PART_TITLE: &str = "Part this record in two";
/// Explains it.
pub const PART_TEXT: &str =
    "Two people in one record? Choose what belongs to the other one; they get a record of their own.";
pub const PART_NAME: &str = "The other one’s name";
pub const PART_WHAT: &str = "What belongs to them";
pub const PART_VERB: &str = "Part";
/// Everything held about a person, as a file.
pub const DATA: &str = "Download their data";
pub const FORGET: &str = "Forget them…";
/// What will happen.
pub const FORGET_TEXT: &str = "Their record, orders, notes and links are removed, joined records too, and their name under what they wrote. The words \
     stay as somebody’s. They are not taken in again. This cannot be taken back.";
pub const FORGET_VERB: &str = "Forget for good";
pub const FORGOTTEN: &str = "Forgotten.";
pub const BIRTHDAY: &str = "Birthday";
pub const BIRTHDAY_HELP: &str = "1980-03-31, or --03-31 without the year.";
/// Heading of the days to come.
pub const OCCASIONS: &str = "Coming up";
/// Writes a note.
pub const ADD_NOTE: &str = "Add a note";
pub const NOTE_DONE: &str = "Noted.";
pub const NOTE_REMOVED: &str = "The note is gone.";
pub const REMOVE: &str = "Remove";
/// Heading of the owner's own part.
pub const YOURS: &str = "How to treat them";
/// Consent is not known.
pub const UNKNOWN: &str = "not known";

/// How many accounts the owner said are somebody else's.
pub fn refused(n: usize) -> String {
    if n == 1 { "1 account is not theirs".to_owned() } else { format!("{n} accounts are not theirs") }
}

/// Below the story of somebody who has bought so often or more.
pub fn newest_orders(n: usize) -> String {
    format!("No more than their newest {n} orders are told here.")
}

/// An account: "soupfan on Mastodon".
pub fn account(name: &str, platform: &str) -> String {
    format!("{name} on {platform}")
}

/// Accounts of one person: "soupfan on Mastodon and Soup Fan on Bluesky".
pub fn pair(accounts: &[String]) -> String {
    accounts.join(" and ")
}

/// The question before a person is forgotten.
pub fn forget(name: &str) -> String {
    format!("Forget {name}?")
}

/// The owner's own number: "no. 1042".
pub fn number(number: &str) -> String {
    format!("no. {number}")
}

/// A day worth a word: "Birthday, 44 years", "First order, 2 years ago".
pub fn occasion(what: &str, years: Option<u32>) -> String {
    let since = |n: u32| if n == 1 { "a year".to_owned() } else { format!("{n} years") };
    match (what, years) {
        ("birthday", Some(n)) => format!("Turns {n}"),
        ("birthday", None) => "Birthday".to_owned(),
        ("first_order", n) => format!("{} since the first order", since(n.unwrap_or(1))),
        ("won_back", n) => format!("{} since they were won back", since(n.unwrap_or(1))),
        (_, n) => format!("{} as a customer", since(n.unwrap_or(1))),
    }
}

/// How many there are.
pub fn total(n: u64) -> String {
    super::counted(n, "customer", "customers")
}
