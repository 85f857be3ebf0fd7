//! Hearing of changes: one connection for server-sent events for the whole dashboard. Whoever listens gets every
//! event; after a lost connection everybody is told that everything may have changed.

use std::{cell::RefCell, rc::Rc};

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use gloo_utils::window;
use goodword_shared::{alert::Event, api::EVENTS};
use wasm_bindgen::JsCast;
use web_sys::{EventSource, MessageEvent, PageTransitionEvent};
use yew::prelude::*;

use super::hand::use_hand;

/// The list name that stands for all of them.
pub const EVERYTHING: &str = "*";

/// Where the browser gives up reconnecting (an error status), we try again after this time, milliseconds.
const RETRY_MS: u32 = 5_000;

type Listener = Rc<dyn Fn(&Event)>;

/// Those who listen.
#[derive(Clone, Default)]
struct Bus {
    listeners: Rc<RefCell<Vec<(u64, Listener)>>>,
    next: Rc<RefCell<u64>>,
}

impl PartialEq for Bus {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.listeners, &other.listeners)
    }
}

impl Bus {
    fn tell(&self, event: &Event) {
        // A copy, because a listener may stop or start listening.
        let listeners: Vec<Listener> = self.listeners.borrow().iter().map(|(_, l)| l.clone()).collect();
        listeners.iter().for_each(|listener| listener(event));
    }

    fn listen(&self, listener: Listener) -> u64 {
        *self.next.borrow_mut() += 1;
        let id = *self.next.borrow();
        self.listeners.borrow_mut().push((id, listener));
        id
    }

    fn leave(&self, id: u64) {
        self.listeners.borrow_mut().retain(|(other, _)| *other != id);
    }
}

/// Whether the live connection stands.
#[derive(Clone, Copy, PartialEq)]
struct Connected(bool);

/// The connection with its listeners; closed when dropped.
struct Connection {
    source: EventSource,
    _listeners: [EventListener; 3],
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.source.close();
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct EventsProviderProps {
    /// Who may listen.
    pub children: Html,
}

/// Holds the connection.
#[component]
pub fn EventsProvider(props: &EventsProviderProps) -> Html {
    use_hand();
    let bus = use_memo((), |()| Bus::default());
    let connected = use_state_eq(|| true);
    let attempt = use_state_eq(|| 0_u32);
    let held = use_memo((), |()| RefCell::new(None::<Connection>));
    {
        let (bus, connected, attempts, held) =
            (bus.clone(), connected.setter(), attempt.setter(), held.clone());
        use_effect_with(*attempt, move |&attempt| {
            let again = move || Timeout::new(RETRY_MS, move || attempts.set(attempt + 1));
            // From the second time on, something may have happened in between.
            let connection = connect(&bus, connected.clone(), again.clone(), attempt > 0);
            let retry = connection.is_none().then(again);
            held.replace(connection);
            move || {
                held.replace(None);
                drop(retry);
            }
        });
    }
    {
        let (attempts, attempt) = (attempt.setter(), *attempt);
        use_effect_with(attempt, move |&attempt| {
            // A browser keeps pages that were left, to come back to, and with them their connections; it allows only
            // six to one server. So the connection is given up when the page is left, and made anew when it returns.
            let leave = EventListener::new(&window(), "pagehide", move |_| drop(held.replace(None)));
            let back = EventListener::new(&window(), "pageshow", move |event| {
                if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
                    attempts.set(attempt + 1);
                }
            });
            move || drop((leave, back))
        });
    }
    html! {
        <ContextProvider<Bus> context={(*bus).clone()}>
            <ContextProvider<Connected> context={Connected(*connected)}>
                { props.children.clone() }
            </ContextProvider<Connected>>
        </ContextProvider<Bus>>
    }
}

fn connect(
    bus: &Bus,
    connected: UseStateSetter<bool>,
    again: impl FnOnce() -> Timeout + Clone + 'static,
    missed: bool,
) -> Option<Connection> {
    let source = EventSource::new(EVENTS).ok()?;
    let lost = Rc::new(RefCell::new(missed));
    let on_open = {
        let (bus, connected, lost) = (bus.clone(), connected.clone(), lost.clone());
        EventListener::new(&source, "open", move |_| {
            connected.set(true);
            if lost.replace(false) {
                bus.tell(&Event::Changed { what: EVERYTHING.to_owned() });
            }
        })
    };
    let on_message = {
        let bus = bus.clone();
        EventListener::new(&source, "message", move |event| {
            let data = event.dyn_ref::<MessageEvent>().and_then(|m| m.data().as_string());
            // An event of a newer service that we do not know is not ours to handle.
            if let Some(event) = data.and_then(|text| crate::json::read::<Event>(&text).ok()) {
                bus.tell(&event);
            }
        })
    };
    let on_error = {
        let (source, retry) = (source.clone(), RefCell::new(None));
        EventListener::new(&source.clone(), "error", move |_| {
            connected.set(false);
            lost.replace(true);
            if source.ready_state() == EventSource::CLOSED {
                retry.replace(Some(again.clone()()));
            }
        })
    };
    Some(Connection { source, _listeners: [on_open, on_message, on_error] })
}

/// Whether the live connection stands.
#[hook]
pub fn use_connected() -> bool {
    use_context::<Connected>().is_none_or(|c| c.0)
}

/// Hears every event while the component is shown; always with the latest closure.
#[hook]
pub fn use_event<F>(heard: F)
where
    F: Fn(&Event) + 'static,
{
    let bus = use_context::<Bus>();
    let latest = use_mut_ref(|| None::<Listener>);
    *latest.borrow_mut() = Some(Rc::new(heard));
    use_effect_with(bus, move |bus| {
        let bus = bus.clone();
        let id = bus.as_ref().map(|bus| {
            bus.listen(Rc::new(move |event: &Event| {
                let heard = latest.borrow().clone();
                if let Some(heard) = heard {
                    heard(event);
                }
            }))
        });
        move || {
            if let Some((bus, id)) = bus.zip(id) {
                bus.leave(id);
            }
        }
    });
}
