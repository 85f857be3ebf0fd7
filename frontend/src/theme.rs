//! Light, dark, or as the system has it. The choice is kept in the browser; `theme.js` applies it before the first
//! paint and whenever it is told that the choice has changed.

use gloo_utils::window;
use web_sys::{Event, Storage};

/// Where the choice is kept; `theme.js` uses the same name, for the event too.
const KEY: &str = "goodword-theme";

/// What the owner has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every choice, in the order shown.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// The choice that is kept; as the system where none is.
    pub fn chosen() -> Self {
        match storage().and_then(|s| s.get_item(KEY).ok().flatten()).as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        }
    }

    /// Keeps the choice and applies it.
    pub fn choose(self) {
        if let Some(storage) = storage() {
            // A browser that keeps nothing still shows the choice until the page is closed.
            let _ = match self {
                Theme::System => storage.remove_item(KEY),
                Theme::Light => storage.set_item(KEY, "light"),
                Theme::Dark => storage.set_item(KEY, "dark"),
            };
        }
        if let Ok(event) = Event::new(KEY) {
            let _ = window().dispatch_event(&event);
        }
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
