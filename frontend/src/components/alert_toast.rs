//! A new negative review while the page is open: a card slides in and stays until it is seen; where the owner allowed
//! it, the browser tells them too when they look elsewhere.

use std::rc::Rc;

use gloo_utils::{document, window};
use goodword_shared::alert::{Alert, Event};
use web_sys::{Notification, NotificationOptions, NotificationPermission, VisibilityState};
use yew::prelude::*;

use super::{Button, Go, Kind, Shape, When, icon};
use crate::{hooks::use_event, route::Route, words};

/// More than these would hide the page; the rest are in the queue anyway.
const MOST: usize = 3;

/// The newest first.
#[derive(Default)]
struct Shown(Vec<Alert>);

enum Change {
    Add(Alert),
    Remove(String),
}

impl Reducible for Shown {
    type Action = Change;

    fn reduce(self: Rc<Self>, action: Change) -> Rc<Self> {
        let mut alerts = self.0.clone();
        match action {
            Change::Add(alert) => {
                alerts.retain(|a| a.mention_id != alert.mention_id);
                alerts.insert(0, alert);
                alerts.truncate(MOST);
            }
            Change::Remove(mention) => alerts.retain(|a| a.mention_id.as_str() != mention),
        }
        Rc::new(Shown(alerts))
    }
}

/// The alerts that popped up.
#[component]
pub fn AlertToasts() -> Html {
    let shown = use_reducer(Shown::default);
    {
        let dispatcher = shown.dispatcher();
        use_event(move |event: &Event| {
            if let Event::Alert(alert) = event {
                notify(alert);
                dispatcher.dispatch(Change::Add(alert.clone()));
            }
        });
    }
    let offer = use_state_eq(may_ask);
    let allow = {
        let offer = offer.setter();
        Callback::from(move |()| {
            // The browser asks the owner itself; whatever they answer, we do not ask again.
            let _ = Notification::request_permission();
            offer.set(false);
        })
    };
    let close = |alert: &Alert| {
        let (dispatcher, id) = (shown.dispatcher(), alert.mention_id.to_string());
        Callback::from(move |()| dispatcher.dispatch(Change::Remove(id.clone())))
    };
    html! {
        <section class="gw-alerts" aria-label={words::shell::ALERTS} aria-live="assertive">
            { for shown.0.iter().map(|alert| html! {
                <article class="gw-alert" key={alert.mention_id.to_string()} data-testid="alert-toast">
                    <header>
                        { icon(Shape::Bell) }
                        <h2>{ &alert.title }</h2>
                        <Button kind={Kind::Plain} icon={Shape::Cross} label={words::CLOSE} onclick={close(alert)} />
                    </header>
                    <p class="gw-alert__text">{ &alert.text }</p>
                    <footer>
                        <span class="gw-facts"><span>{ &alert.source }</span><When at={alert.at} /></span>
                        if *offer {
                            <Button kind={Kind::Link} label={words::shell::NOTIFY} onclick={allow.clone()} />
                        }
                        <Go to={target(alert)} class={Kind::Primary.class()} onfollow={close(alert)} testid="alert-open">
                            { words::shell::ALERT_OPEN }
                        </Go>
                    </footer>
                </article>
            }) }
        </section>
    }
}

fn target(alert: &Alert) -> Route {
    match &alert.case_id {
        _ if alert.source_id.is_some() => Route::Sources,
        Some(case) => Route::Case { id: case.to_string() },
        None => Route::Mention { id: alert.mention_id.to_string() },
    }
}

/// Tells through the browser, where that is allowed and nobody is looking at the page.
fn notify(alert: &Alert) {
    let looking = document().visibility_state() == VisibilityState::Visible;
    if looking || !notifications_exist() || Notification::permission() != NotificationPermission::Granted {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(&alert.text);
    // The same mention again replaces its notification instead of adding one.
    options.set_tag(alert.mention_id.as_str());
    // Browsers of phones offer notifications only to service workers: the card in the page is what remains.
    let _ = Notification::new_with_options(&alert.title, &options);
}

/// Browsers have no notifications outside of secure contexts, and naming what is not there would end the program.
fn notifications_exist() -> bool {
    js_sys::Reflect::has(&window(), &"Notification".into()).unwrap_or(false)
}

/// The owner has neither allowed nor refused notifications of the browser.
fn may_ask() -> bool {
    notifications_exist() && Notification::permission() == NotificationPermission::Default
}
