//! Words of the Settings page.

/// Below the heading.
pub const LEAD: &str = "Your business, your promise, and what counts as unhappy.";
pub const BUSINESS: &str = "Your business";
pub const NAME: &str = "Its name";
pub const CURRENCY: &str = "Currency";
pub const CURRENCY_HELP: &str = "The sign before amounts, for example € or CHF.";
pub const CONTACT: &str = "Contact for the places we read";
pub const CONTACT_HELP: &str =
    "A mail or web address that Goodword names when it asks a site, so that its operators can write to you.";
pub const PROMISE: &str = "Your promise";
pub const PROMISE_HOURS: &str = "Hours until a complaint is answered";
pub const UNHAPPY: &str = "Who counts as unhappy";
pub const UNHAPPY_HELP: &str = "Few stars, or negative words of which we are sure enough. Threats to leave, refunds, safety and legal matters always count.";
pub const UNHAPPY_STARS: &str = "Stars of five at most";
pub const UNHAPPY_SURE: &str = "Sure of the words, in per cent";
pub const CASE_DAYS: &str = "Cases open for words of the last days";
pub const ALERT_HOURS: &str = "Alerts for words of the last hours";
pub const PROMOTERS: &str = "Whom to ask for a referral";
pub const PROMOTER_STARS: &str = "Stars of five at least";
pub const PROMOTER_SURE: &str = "Sure of kind words, in per cent";
pub const PROMOTER_DAYS: &str = "Kind words of the last days";
pub const ASK_AGAIN: &str = "Days of rest after an ask";
pub const MATCHING: &str = "Who wrote it";
pub const MATCHING_HELP: &str =
    "Authors whom you can know are linked to your customers; doubtful ones are asked.";
pub const MATCH_AUTHORS: &str = "Recognise customers among authors";
pub const MATCH_PRECISION: &str = "Of a hundred links made without asking, so many are right";
pub const MATCH_CONTACTS: &str = "Compare mail addresses and telephone numbers, as hashes";
pub const THEMES: &str = "Themes of your own";
pub const THEMES_HELP: &str = "Beside service, price and the like we look for what matters to you. The name alone will do; words for it and sentences about it find more.";
pub const THEME: &str = "Name of the theme";
pub const THEME_MORE: &str = "Another theme";
pub const THEME_EXAMPLE: &str = "Parking";
pub const THEME_WORDS: &str = "Its words";
pub const THEME_WORDS_HELP: &str = "One on each line. “park*” also finds parked and parking.";
pub const THEME_EXAMPLES: &str = "Sentences about it";
pub const THEME_EXAMPLES_HELP: &str = "One on each line, as somebody might write them.";
pub const THEME_SAID: &str = "What is said about it";
pub const THEME_REMOVE: &str = "Remove";
/// After that.
pub fn theme_gone(name: &str) -> String {
    if name.is_empty() { "Removed.".to_owned() } else { format!("“{name}” is removed once you save.") }
}

/// Themes are looked for in what is stored, too.
pub const SAVED_THEMES: &str = "Saved. What is stored is being read again.";
pub const YES: &str = "Yes";
pub const NO: &str = "No";
pub const SAVED: &str = "Saved.";
/// A number is wanted.
pub const NOT_A_NUMBER: &str = "A number, please.";
pub const PASSWORD: &str = "Your password";
pub const CURRENT: &str = "The present one";
pub const NEW: &str = "The new one";
pub const NEW_HELP: &str = "At least 10 characters. Your other devices are signed out.";
/// Changes it.
pub const CHANGE_PASSWORD: &str = "Change the password";
pub const PASSWORD_CHANGED: &str = "Changed. Other devices are signed out.";

/// One of the owner's own themes, for screen readers.
pub fn theme(name: &str) -> String {
    if name.is_empty() { "A theme to add".to_owned() } else { format!("Theme {name}") }
}
