//! The keyboard's place. Where what has the focus is taken out of the page, as a row that is done with, the browser drops the focus
//! and the keyboard begins at the top again. Here it goes to what has taken that place: the next one, else the one before, else what
//! follows it. Used once, around all pages; knows none of them.

use std::{cell::RefCell, rc::Rc};

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use gloo_utils::document;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit};
use yew::prelude::*;

/// What can have the focus.
const FOCUSABLE: &str =
    "a[href], button:not([disabled]), input:not([disabled]), select, textarea, summary, [tabindex]";
/// Nobody looks for the next thing beyond these.
const BOUNDS: &str = "main, dialog, body";

/// Where the focus is: the element, and from there outwards each parent with the child's place in it.
#[derive(Default)]
struct Place {
    element: Option<HtmlElement>,
    path: Vec<(Element, u32)>,
    /// What had the focus in the page before it went beside it, as to a notice.
    before: Option<HtmlElement>,
}

/// Keeps the keyboard's place.
#[hook]
pub fn use_focus() {
    use_effect_with((), |()| {
        let place = Rc::new(RefCell::new(Place::default()));
        let came = {
            let place = place.clone();
            EventListener::new(&document(), "focusin", move |event| {
                let element = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
                let before = place.take();
                let inside = |element: &HtmlElement| element.closest("main").ok().flatten().is_some();
                let left = before.element.filter(inside).or(before.before);
                place.replace(Place {
                    path: element.as_ref().map(path).unwrap_or_default(),
                    before: left.filter(|_| !element.as_ref().is_some_and(inside)),
                    element,
                });
            })
        };
        // Whoever points elsewhere has left the place.
        let pointed = {
            let place = place.clone();
            EventListener::new(&document(), "pointerdown", move |_| drop(place.take()))
        };
        let changed = Closure::<dyn Fn()>::new(move || {
            let gone = place.borrow().element.as_ref().is_some_and(|element| !element.is_connected());
            if gone && is_nowhere() {
                let Place { path, before, .. } = place.take();
                let next = next_of(&path).or(before.filter(is_there));
                // Fails only for elements that cannot have the focus.
                next.map(|element| element.focus());
            }
        });
        let observer = MutationObserver::new(changed.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(body)) = (&observer, document().body()) {
            let what = MutationObserverInit::new();
            what.set_child_list(true);
            what.set_subtree(true);
            // Fails only for options that ask for nothing.
            let _ = observer.observe_with_options(&body, &what);
        }
        move || {
            observer.inspect(MutationObserver::disconnect);
            drop((came, pointed, changed));
        }
    });
}

/// Puts the focus on what this selector finds, once the page is drawn anew.
pub fn focus_on(selector: impl Into<String>) {
    let selector = selector.into();
    Timeout::new(0, move || {
        let found = document().query_selector(&selector).ok().flatten();
        // Fails only for elements that cannot have the focus.
        found.and_then(|element| element.dyn_into::<HtmlElement>().ok()).map(|element| element.focus());
    })
    .forget();
}

fn is_nowhere() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}

fn is_there(element: &HtmlElement) -> bool {
    element.is_connected() && element.offset_parent().is_some()
}

fn path(element: &HtmlElement) -> Vec<(Element, u32)> {
    let mut path = Vec::new();
    let mut child: Element = element.clone().into();
    while let Some(parent) = child.parent_element() {
        let all = parent.children();
        let at = (0..all.length()).find(|at| all.item(*at).as_ref() == Some(&child));
        path.push((parent.clone(), at.unwrap_or_default()));
        if parent.matches(BOUNDS).unwrap_or(true) {
            break;
        }
        child = parent;
    }
    path
}

/// What follows the place in what is left of its surroundings, else what goes before it there; else the same further out.
fn next_of(path: &[(Element, u32)]) -> Option<HtmlElement> {
    path.iter().filter(|(parent, _)| parent.is_connected()).find_map(|(parent, at)| {
        let all = parent.children();
        let here = *at..all.length();
        let before = (0..(*at).min(all.length())).rev();
        here.chain(before).filter_map(|at| all.item(at)).find_map(|child| first_in(&child))
    })
}

fn first_in(element: &Element) -> Option<HtmlElement> {
    let found = if element.matches(FOCUSABLE).unwrap_or(false) {
        Some(element.clone())
    } else {
        element.query_selector(FOCUSABLE).ok().flatten()
    };
    found.and_then(|element| element.dyn_into::<HtmlElement>().ok()).filter(is_there)
}
