//! Words of the queue of doubtful matches and of the authors worth a look.

/// Below the heading.
pub const LEAD: &str = "Is it them? Your word teaches Goodword whom it hears.";
/// No doubts.
pub const EMPTY: &str = "No doubts";
/// Explains it.
pub const EMPTY_TEXT: &str = "Whoever could be recognised is linked, and nobody waits for your word.";
/// The queue was worked off.
pub const DONE: &str = "That was the last one";
/// Explains it.
pub const DONE_TEXT: &str = "Everybody is settled. New doubts come here by themselves.";
/// The author's side.
pub const WROTE: &str = "Wrote this";
/// The candidates' side.
pub const MAYBE: &str = "May be";
/// Why.
pub const EVIDENCE: &str = "What speaks for it";
/// It is them.
pub const CONFIRM: &str = "Yes, it is them";
/// It is not.
pub const REFUSE: &str = "No";
/// The question about two accounts.
pub const ONE_PERSON: &str = "One person on both?";
/// Before the name of the customer whose account it is.
pub const CUSTOMER: &str = "your customer";
/// They are.
pub const SAME: &str = "Yes, one person";
/// Later.
pub const SKIP: &str = "Skip";
/// Somebody new.
pub const CREATE: &str = "New customer";
/// The list of keys.
pub const KEYS: &str = "Keys";
/// Names of the progress bar.
pub const PROGRESS: &str = "Doubts settled";
/// A customer with their orders.
pub const ORDERS: &str = "Bought";
/// Other accounts.
pub const ALSO: &str = "Already writes as";
pub const CREATED: &str = "They are a customer now, and linked.";
pub const UNDONE: &str = "Taken back.";
/// The question being read is asked otherwise now.
pub const CHANGED: &str = "Something new has been heard about this one.";
/// Shows it.
pub const SHOW: &str = "Show it";
/// The question being read is asked no more.
pub const SETTLED: &str = "This one has been settled meanwhile: nobody needs to answer it any more.";
/// Shows the next.
pub const GO_ON: &str = "Go on";
/// Sends what was not heard.
pub const RESEND: &str = "Send again";
/// To the strangers.
pub const STRANGERS: &str = "Worth a look";
/// Below the heading of the strangers.
pub const STRANGERS_LEAD: &str =
    "Nobody in your records, but many hear them, or they speak of you often. Who are they?";
/// None.
pub const STRANGERS_EMPTY: &str = "Nobody stands out";
/// None.
pub const STRANGERS_EMPTY_TEXT: &str =
    "Authors whom you do not know show here once they speak often or many follow them.";
/// Says who it is.
pub const LINK: &str = "It is a customer of mine";
/// Heading of the search.
pub const WHO: &str = "Who is it?";
/// Leaves them aside.
pub const ASIDE: &str = "Leave aside";
pub const ASIDE_DONE: &str = "Left aside. They are not shown here again.";
pub const LINKED: &str = "Linked. What they say is told under the customer’s name.";
/// Picks somebody.
pub const CHOOSE: &str = "Choose";

/// What the keys do.
pub const KEY_HELP: [(&str, &str); 7] = [
    ("y, Enter", "yes, it is the chosen one; yes, one person"),
    ("n", "no, it is not the chosen one; no, they are two people"),
    ("s", "skip: ask me later"),
    ("c", "make a new customer of them"),
    ("u", "take the last word back"),
    ("j, k, arrows", "choose another candidate"),
    ("?", "this list"),
];

/// How many wait.
pub fn left(n: u64) -> String {
    match n {
        0 => "None left".to_owned(),
        1 => "1 left".to_owned(),
        n => format!("{n} left"),
    }
}

/// How many of them came in while the question was read.
pub fn came(n: u64) -> String {
    if n == 1 { "1 came in just now".to_owned() } else { format!("{n} came in just now") }
}

/// The question's name.
pub fn who(author: &str) -> String {
    format!("Who is {author}?")
}

/// Said when it is shown.
pub fn asked(author: &str, names: &str) -> String {
    format!("Who is {author}? May be {names}.")
}

/// Words that did not reach the service.
pub fn unsent(n: usize) -> String {
    let (what, it) = if n == 1 {
        ("1 answer of yours has".to_owned(), "it is")
    } else {
        (format!("{n} answers of yours have"), "they are")
    };
    format!(
        "{what} not reached Goodword yet. Nothing is lost while this page stays open: {it} sent once Goodword answers."
    )
}

/// How sure.
pub fn sure(percent: &str) -> String {
    format!("{percent} sure")
}

/// How many hear them.
pub fn followers(n: u64) -> String {
    super::counted(n, "follower", "followers")
}

/// How often they spoke.
pub fn mentions(n: u64) -> String {
    super::counted(n, "mention", "mentions")
}
