//! Words around the pages: navigation, theme, connection, alerts that pop up.

use crate::{route::Route, theme::Theme};

/// The product.
pub const NAME: &str = "Goodword";
/// First link of the page, for the keyboard.
pub const SKIP: &str = "Skip to the content";
/// The navigation's name.
pub const NAVIGATION: &str = "Pages";
/// Opens the pages that have no room on a phone.
pub const MORE: &str = "More";
/// Leaves.
pub const SIGN_OUT: &str = "Sign out";
/// The choice of light and dark.
pub const THEME: &str = "Appearance";
/// The demo's mark.
pub const DEMO: &str = "Demo with made-up people";
/// The live connection is lost.
pub const RECONNECTING: &str = "Reconnecting. What you see may be a little old.";
/// The list of notices.
pub const NOTICES: &str = "Notices";
/// The list of alerts that popped up.
pub const ALERTS: &str = "New alerts";
/// Opens the case of an alert.
pub const ALERT_OPEN: &str = "See what happened";
/// Asks for the browser's own notifications.
pub const NOTIFY: &str = "Notify me when I look elsewhere";
/// There is no such page.
pub const NOT_FOUND: &str = "There is no such page";
/// What to do then.
pub const NOT_FOUND_DETAIL: &str = "The address may be old or mistyped.";
/// Back to the start.
pub const TO_TODAY: &str = "Go to Today";

/// A page's name.
pub fn page(route: &Route) -> &'static str {
    match route {
        Route::Today => "Today",
        Route::Recovery => "Recovery",
        Route::Case { .. } => "Case",
        Route::Promoters => "Promoters",
        Route::Mentions => "Mentions",
        Route::Mention { .. } => "Mention",
        Route::Customers => "Customers",
        Route::Matches => "Doubtful matches",
        Route::Strangers => "Worth a look",
        Route::CustomerImport => "Import customers",
        Route::Customer { .. } => "Customer",
        Route::Insights => "Insights",
        Route::Sources => "Sources",
        Route::SourceAdd => "Add a source",
        Route::SourceConnected => "Connect an account",
        Route::Alerts => "Alerts",
        Route::Settings => "Settings",
        Route::NotFound => NOT_FOUND,
    }
}

/// The browser tab: "Recovery · Rosa's Kitchen".
pub fn tab(page: &str, business: &str) -> String {
    let owner = if business.is_empty() { NAME } else { business };
    format!("{page} · {owner}")
}

/// A choice of light and dark.
pub fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "System",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    }
}
