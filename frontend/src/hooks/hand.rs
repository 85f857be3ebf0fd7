//! Whether the owner is pointing or typing just now: lists wait for that before they change.

use std::cell::Cell;

use gloo_events::EventListener;
use gloo_utils::document;
use yew::prelude::*;

/// A hand that has not moved for so long rests, milliseconds.
const REST_MS: f64 = 700.0;

/// What moves when a hand does.
const MOVES: [&str; 4] = ["pointerdown", "pointermove", "touchmove", "keydown"];

thread_local! {
    static LAST: Cell<f64> = const { Cell::new(0.0) };
}

/// Whether the hand has moved just now.
pub fn is_busy() -> bool {
    js_sys::Date::now() - LAST.get() < REST_MS
}

/// Watches the hand; used once, around all pages.
#[hook]
pub fn use_hand() {
    use_effect_with((), |()| {
        let listeners =
            MOVES.map(|name| EventListener::new(&document(), name, |_| LAST.set(js_sys::Date::now())));
        move || drop(listeners)
    });
}
