//! Words of the Promoters page and of asking.

/// Below the heading.
pub const LEAD: &str = "People with reason to recommend you, the best first. Ask each of them rarely, and only for what they would gladly do.";
/// The list's name.
pub const LIST: &str = "Promoters, best first";
pub const EXPORT_CSV: &str = "Export as CSV";
pub const EXPORT_JSON: &str = "Export as JSON";
/// Filter.
pub const CUSTOMERS_ONLY: &str = "Only my customers";
/// Field to search.
pub const SEARCH: &str = "Search names and words";
pub const EMPTY: &str = "Nobody to ask yet";
pub const EMPTY_TEXT: &str =
    "As soon as somebody speaks kindly and has no complaint open, they appear here with their best words.";
/// Nobody, because of filters.
pub const EMPTY_FILTERED: &str = "Nobody fits these filters";
/// After recording.
pub const UNKNOWN_ASKED: &str = "never asked";

/// "last asked 3 March 2026".
pub fn last_asked(when: &str) -> String {
    format!("last asked {when}")
}

/// The main button: "Ask Ada".
pub fn ask(first_name: &str) -> String {
    format!("Ask {first_name}")
}

/// "12 kind mentions".
pub fn kind_mentions(n: u32) -> String {
    if n == 1 { "1 kind mention".to_owned() } else { format!("{n} kind mentions") }
}

/// How many there are.
pub fn total(n: u64) -> String {
    super::counted(n, "person", "people")
}

/// The dialog's heading.
pub fn ask_title(name: &str) -> String {
    format!("Ask {name}")
}

/// What for.
pub const FOR_WHAT: &str = "What for";
/// To recommend us.
pub const REFERRAL: &str = "To recommend us to somebody";
/// To be quoted.
pub const TESTIMONIAL: &str = "To let us quote their words";
/// The text's field.
pub const TEXT: &str = "What you write or say";
pub const TEXT_HELP: &str = "A proposal in your name. Change it as you like; nothing is sent from here.";
/// Opens the mail program.
pub const WRITE_MAIL: &str = "Write the mail";
/// Puts it on the record.
pub const RECORD: &str = "Record as asked";
/// No way to write to them.
pub const NO_CONTACT: &str = "There is no address on record. Answer them where they wrote.";
/// To where they wrote.
pub const ORIGINAL: &str = "Where they wrote";

pub fn recorded(name: &str) -> String {
    format!("{name} is recorded as asked and rests for a while.")
}

/// The mail's subject.
pub fn subject(business: &str) -> String {
    if business.is_empty() { "Thank you".to_owned() } else { format!("Thank you from {business}") }
}

/// A proposal for the ask, with their own words where they are short enough.
pub fn proposal(first_name: &str, quote: &str, business: &str, testimonial: bool) -> String {
    let thanks = if quote.is_empty() {
        "thank you for your kind words.".to_owned()
    } else {
        format!("you wrote: “{quote}” Thank you, that made our day.")
    };
    let wish = if testimonial {
        "May we show your words, with your first name, on our page? A short yes is enough, and no is fine too."
    } else {
        "If you know somebody who would like what we do, would you tell them about us? We would be glad, and we will take good care of them."
    };
    let sign = if business.is_empty() { String::new() } else { format!("\n\n{business}") };
    format!("Dear {first_name},\n\n{thanks}\n\n{wish}\n\nWarm regards{sign}")
}
