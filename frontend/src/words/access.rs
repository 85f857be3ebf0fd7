//! Words around connecting a source to an account.

use goodword_shared::access::AccessState;

/// What the app at the platform has to be told.
pub const REDIRECT: &str = "Redirect address to register at the platform";
/// Opens the platform's page.
pub const OPEN: &str = "Allow access…";
/// Another way.
pub const BY_CODE: &str = "By a code instead";
/// What to do with a code.
pub const ENTER: &str = "Enter this code there";
/// To where it is entered.
pub const ENTER_THERE: &str = "Open the platform's page";
/// Withdraws it.
pub const GIVE_BACK: &str = "Give access back";
pub const GIVEN_BACK: &str = "Access was given back.";
/// The account was connected.
pub const CONNECTED: &str = "Connected. It is being read now.";
/// On the way back.
pub const CONNECTING: &str = "Connecting the account …";
/// After saving a source that wants an account.
pub const SAVED: &str = "Saved. Now connect the account.";

/// The button on a source's row; none where nothing needs connecting.
pub fn button(state: AccessState) -> Option<&'static str> {
    match state {
        AccessState::Missing => Some("Connect account…"),
        AccessState::Ended => Some("Connect again…"),
        AccessState::Connected | AccessState::Ending => Some("Account…"),
        AccessState::ByKey => None,
    }
}

/// The dialog's heading.
pub fn title(name: &str) -> String {
    format!("Account for {name}")
}

/// Takes an account that is connected already.
pub fn share(account: &str) -> String {
    format!("Use {account}")
}
