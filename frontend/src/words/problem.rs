//! What is said when something went wrong.

/// No answer came.
pub const UNREACHABLE: &str = "Goodword does not answer";
/// What to do then.
pub const UNREACHABLE_DETAIL: &str =
    "Look whether the service is running and this device is online, then try again.";
/// An answer that we do not understand.
pub const ODD: &str = "Goodword answered oddly";

/// An answer that is no problem document.
pub fn odd(status: u16) -> String {
    format!("The answer had the status {status} and no explanation. The service's log knows more.")
}

/// An answer that does not fit what we expect, with the field that does not.
pub fn unreadable(field: &str) -> String {
    format!("Reload the page: the dashboard may be older than the service. ({field})")
}
