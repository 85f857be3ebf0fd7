//! Words of time.

/// Days of the week, from Monday.
pub const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Months, from January.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Less than a minute.
pub const MOMENT: &str = "a moment";

/// A day without its time.
pub const TODAY: &str = "today";
pub const YESTERDAY: &str = "yesterday";
pub const TOMORROW: &str = "tomorrow";

/// "today 18:20".
pub fn today(clock: &str) -> String {
    format!("today {clock}")
}

/// "yesterday 18:20".
pub fn yesterday(clock: &str) -> String {
    format!("yesterday {clock}")
}

/// "tomorrow 18:20".
pub fn tomorrow(clock: &str) -> String {
    format!("tomorrow {clock}")
}

/// "10 min".
pub fn minutes(n: i64) -> String {
    format!("{n}\u{a0}min")
}

/// "3 h".
pub fn hours(n: i64) -> String {
    format!("{n}\u{a0}h")
}

/// "2 days".
pub fn days(n: i64) -> String {
    if n == 1 { "1\u{a0}day".to_owned() } else { format!("{n}\u{a0}days") }
}

/// "waiting 3 h 10 min".
pub fn waiting(span: &str) -> String {
    format!("waiting {span}")
}

/// How long a promise still has.
pub fn due_in(span: &str) -> String {
    format!("answer due in {span}")
}

/// How long a promise is broken.
pub fn overdue(span: &str) -> String {
    format!("answer {span} late")
}

/// "snoozed until tomorrow 09:00".
pub fn snoozed_until(moment: &str) -> String {
    format!("snoozed until {moment}")
}
