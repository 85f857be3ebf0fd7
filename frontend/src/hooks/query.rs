//! Asking: one hook for every list and every thing. It hides fetching, races, refetching when the service says that
//! a list has changed, and the end of the session.
//!
//! All of it exists once in the program, whatever is asked for: only reading the answer's text differs from endpoint
//! to endpoint.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use goodword_shared::{
    Problem,
    alert::Event,
    api::{Endpoint, path_of},
};
use yew::{platform::spawn_local, prelude::*};

use super::{events::EVERYTHING, hand, use_event};
use crate::{api, session::use_session};

/// Changes that come within this time are fetched together, milliseconds.
const SETTLE_MS: u32 = 250;

/// So many times a busy hand is waited for: five seconds in all.
const PATIENCE: u32 = 20;

/// What is known of something asked for.
#[derive(Debug, PartialEq)]
pub enum Query<T> {
    /// Not yet anything.
    Loading,
    /// The answer; perhaps a newer one is under way.
    Ready(Rc<T>),
    /// It went wrong, and there is no older answer to show.
    Failed(Problem),
}

impl<T> Clone for Query<T> {
    fn clone(&self) -> Self {
        match self {
            Query::Loading => Query::Loading,
            Query::Ready(value) => Query::Ready(Rc::clone(value)),
            Query::Failed(problem) => Query::Failed(problem.clone()),
        }
    }
}

/// The answer and what can be done with it.
#[derive(Debug)]
pub struct Fetched<T: 'static> {
    /// What is known.
    pub query: Query<T>,
    /// The answer shown is older than what was asked last.
    pub stale: bool,
    /// Asks again; what is shown stays meanwhile.
    pub refetch: Callback<()>,
    /// Puts an answer in place without asking, such as the one that a change returned.
    pub put: Callback<T>,
}

impl<T> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        Self {
            query: self.query.clone(),
            stale: self.stale,
            refetch: self.refetch.clone(),
            put: self.put.clone(),
        }
    }
}

impl<T> Fetched<T> {
    /// The answer, where there is one.
    pub fn ready(&self) -> Option<&Rc<T>> {
        match &self.query {
            Query::Ready(value) => Some(value),
            _ => None,
        }
    }
}

/// Asks an endpoint, and asks again when path or query differ or the service says that one of `lists` has changed
/// (names as in [`Event::Changed`]; mentions coming in count as `mentions`). A different path forgets the old answer;
/// a different query keeps showing it until the new one is there.
#[hook]
pub fn use_query<E>(path: E::Path, query: E::Query, lists: &'static [&'static str]) -> Fetched<E::Response>
where
    E: Endpoint,
{
    let address = api::with_query(path_of::<E>(&path), &query);
    let any = use_answer(address, read::<E::Response>, lists);
    let query = match any.known {
        Known::Loading => Query::Loading,
        Known::Failed(problem) => Query::Failed(problem),
        // The answer was read by `read::<E::Response>`, so it is always of this type.
        Known::Ready(answer) => answer.downcast().map_or(Query::Loading, Query::Ready),
    };
    let put = any.put.reform(|value: E::Response| Rc::new(value) as Answer);
    Fetched { query, stale: any.stale, refetch: any.refetch, put }
}

/// An answer of a type that only the asker knows.
type Answer = Rc<dyn Any>;

type Read = fn(&str) -> Result<Answer, Problem>;

fn read<T: serde::de::DeserializeOwned + 'static>(text: &str) -> Result<Answer, Problem> {
    api::read::<T>(text).map(|value| Rc::new(value) as Answer)
}

/// What is known, without its type.
#[derive(Clone)]
enum Known {
    Loading,
    Ready(Answer),
    Failed(Problem),
}

/// What [`use_query`] keeps, without its types.
struct Untyped {
    known: Known,
    stale: bool,
    refetch: Callback<()>,
    put: Callback<Answer>,
}

#[hook]
fn use_answer(address: String, read: Read, lists: &'static [&'static str]) -> Untyped {
    let session = use_session();
    let state = use_state(|| Known::Loading);
    let stale = use_state_eq(|| true);
    let turn = use_mut_ref(|| 0_u64);
    let held = use_memo((), |()| Cell::new(false));
    let wanted = use_mut_ref(|| address.clone());

    let ask = {
        let (state, stale, turn, wanted) = (state.setter(), stale.setter(), turn.clone(), wanted.clone());
        let held = held.clone();
        // Always the latest wish, so that one callback serves for the component's life.
        use_memo((), move |()| {
            Callback::from(move |()| {
                let (state, stale, turn, session) =
                    (state.clone(), stale.clone(), turn.clone(), session.clone());
                let (address, held) = (wanted.borrow().clone(), held.clone());
                *turn.borrow_mut() += 1;
                let mine = *turn.borrow();
                stale.set(true);
                spawn_local(async move {
                    let answer = api::get(address).await.and_then(|text| read(&text));
                    if *turn.borrow() != mine {
                        return;
                    }
                    match answer {
                        Ok(answer) => {
                            held.set(true);
                            stale.set(false);
                            state.set(Known::Ready(answer));
                        }
                        Err(problem) => {
                            session.heed(&problem);
                            // An older answer is worth more than none, unless the thing itself is gone.
                            if !held.get() || problem.status == 404 {
                                state.set(Known::Failed(problem));
                            }
                        }
                    }
                });
            })
        })
    };
    {
        let (state, ask, wanted, held) = (state.setter(), ask.clone(), wanted.clone(), held.clone());
        use_effect_with(address, move |address| {
            let before = wanted.replace(address.clone());
            if before.split('?').next() != address.split('?').next() {
                held.set(false);
                state.set(Known::Loading);
            }
            ask.emit(());
        });
    }
    use_refetch_on(lists, (*ask).clone());
    {
        // Whatever is under way when the component goes is not for anybody.
        let turn = turn.clone();
        use_effect_with((), move |()| move || *turn.borrow_mut() += 1);
    }
    let put = {
        let (state, stale) = (state.setter(), stale.setter());
        Callback::from(move |answer| {
            // An answer under way is older than what is put.
            *turn.borrow_mut() += 1;
            held.set(true);
            stale.set(false);
            state.set(Known::Ready(answer));
        })
    };
    Untyped { known: (*state).clone(), stale: *stale, refetch: (*ask).clone(), put }
}

#[hook]
fn use_refetch_on(lists: &'static [&'static str], ask: Callback<()>) {
    let timer = use_mut_ref(|| None::<Timeout>);
    let due = use_memo((), |()| Cell::new(false));
    use_event(move |event: &Event| {
        let concerned = match event {
            Event::Alert(_) => lists.contains(&"cases"),
            Event::Mentions { .. } => lists.contains(&"mentions"),
            Event::Changed { what } => what == EVERYTHING || lists.contains(&what.as_str()),
        };
        if concerned && !due.replace(true) {
            let (ask, due) = (ask.clone(), due.clone());
            settle(&timer, PATIENCE, move || {
                due.set(false);
                ask.emit(());
            });
        }
    });
}

/// Does it after a while; later still while the owner is pointing or typing, so that nothing moves under the finger.
fn settle(timer: &Rc<RefCell<Option<Timeout>>>, patience: u32, deed: impl FnOnce() + 'static) {
    let again = timer.clone();
    let timeout = Timeout::new(SETTLE_MS, move || {
        if patience > 0 && hand::is_busy() {
            settle(&again, patience - 1, deed);
        } else {
            deed();
        }
    });
    *timer.borrow_mut() = Some(timeout);
}
