//! Words of the Customers pages.

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
/// Below the import's heading.
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
/// Heading of the links.
pub const REACH: &str = "Reach them";
/// Heading of the timeline.
pub const STORY: &str = "Their story";
/// Nothing happened.
pub const STORY_EMPTY: &str = "They have not been heard yet.";
/// Heading of the cases.
pub const CASES: &str = "Cases";
/// Heading of the matches.
pub const ACCOUNTS: &str = "Writes as";
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

/// Below the heading of the matches.
pub const MATCHES_LEAD: &str =
    "Is it them? j and k choose, y says yes, n says no, u takes the last word back.";
/// None.
pub const MATCHES_EMPTY: &str = "No doubts";
/// None.
pub const MATCHES_EMPTY_TEXT: &str = "Whoever could be recognised is linked, and nobody waits for your word.";
/// To the queue.
pub const MATCHES: &str = "Doubtful matches";
/// They wrote.
pub const WROTE: &str = "Wrote";
/// In the records.
pub const IN_RECORDS: &str = "In your records";
/// Why.
pub const EVIDENCE: &str = "What speaks for it";
/// It is them.
pub const CONFIRM: &str = "Yes, it is them";
/// It is not.
pub const REFUSE: &str = "No";
/// Confirmed.
pub const CONFIRMED: &str = "Linked. From now on they are recognised.";
/// Refused.
pub const REFUSED: &str = "Noted. They are not proposed again.";
/// Taken back.
pub const UNDONE: &str = "Taken back.";

/// How many there are.
pub fn total(n: &str) -> String {
    format!("{n} customers")
}

/// How many doubts.
pub fn doubts(n: &str) -> String {
    format!("{n} to look at")
}

/// How sure.
pub fn sure(percent: &str) -> String {
    format!("{percent} sure")
}
