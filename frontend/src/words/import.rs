//! Words of importing a file.

/// The chooser's label.
pub const FILE: &str = "Your file";
pub const FILE_HELP: &str = "As your till, shop or address book exports it. Nothing is stored before you have seen what would happen.";
/// The mapping's heading.
pub const COLUMNS: &str = "What the columns are";
/// A column that is not used.
pub const IGNORE: &str = "leave out";
/// The sample's heading.
pub const SAMPLE: &str = "The first rows";
/// The faults' heading.
pub const FAULTS: &str = "Lines to look at";
/// Does it.
pub const IMPORT: &str = "Import";
/// Begins again.
pub const ANOTHER: &str = "Import another file";
/// It cannot be read in the browser.
pub const UNREADABLE: &str = "The file could not be read. Choose it again.";
/// Heading of the report.
pub const DONE: &str = "Imported";

/// What would happen.
pub fn outcome(new: &str, updated: &str, unchanged: &str, faults: &str) -> [(&'static str, String); 4] {
    [
        ("new", new.to_owned()),
        ("updated", updated.to_owned()),
        ("unchanged", unchanged.to_owned()),
        ("with faults", faults.to_owned()),
    ]
}

/// A fault: "Line 7: there is no name. Left out."
pub fn fault(line: u64, detail: &str, skipped: bool) -> String {
    let end = if skipped && !detail.contains("left out") { " Left out." } else { "" };
    format!("Line {line}: {detail}{end}")
}

/// More faults than are shown.
pub fn more_faults(n: u64) -> String {
    format!("and {n} more")
}
