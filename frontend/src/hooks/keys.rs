//! Lists worked by keyboard: single keys that act while no field, button or dialog has the focus, so that nothing typed
//! elsewhere is taken for a command.

use gloo_events::EventListener;
use gloo_utils::document;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

/// Hears every free key while the component is shown; always with the latest closure.
#[hook]
pub fn use_keys<F>(pressed: F)
where
    F: Fn(&str) + 'static,
{
    let latest = use_mut_ref(|| None::<F>);
    *latest.borrow_mut() = Some(pressed);
    use_effect_with((), move |()| {
        let listener = EventListener::new(&document(), "keydown", move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>().filter(|e| is_free(e))
                && let Some(pressed) = &*latest.borrow()
            {
                pressed(&event.key());
            }
        });
        move || drop(listener)
    });
}

/// Keys that may be held down: they only move the choice.
const HELD: [&str; 6] = ["j", "k", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"];

/// The key is meant for nothing else, and meant: one held down too long would say yes to everybody.
fn is_free(event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.default_prevented() {
        return false;
    }
    if event.is_composing() || (event.repeat() && !HELD.contains(&event.key().as_str())) {
        return false;
    }
    // In a dialog the focus may rest on nothing, as after a click beside its buttons.
    if document().query_selector("dialog[open]").ok().flatten().is_some() {
        return false;
    }
    let Some(focus) = document().active_element() else { return true };
    let busy = "input, textarea, select, [contenteditable]";
    let acts = "a, button, summary";
    let on = |selector: &str| focus.matches(selector).unwrap_or(false);
    !on(busy) && (event.key() != "Enter" || !on(acts))
}
