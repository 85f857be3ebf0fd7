//! Forms and the things that they change: writing one part of what a form holds, sending it, adding or replacing what
//! is saved, and removing after a question. Knows no page and no field.

use std::rc::Rc;

use goodword_shared::{
    Problem,
    api::{ById, Endpoint, session::SessionView},
};
use yew::{platform::spawn_local, prelude::*};

use super::use_mutation;
use crate::{api, components::Confirm};

/// Writes a part of what a form holds.
pub fn change<T, V>(form: &UseStateHandle<T>, part: impl Fn(&mut T, V) + 'static) -> Callback<V>
where
    T: Clone + 'static,
    V: 'static,
{
    let form = form.clone();
    Callback::from(move |value| {
        let mut next = (*form).clone();
        part(&mut next, value);
        form.set(next);
    })
}

/// What happens when a form is sent; the browser itself sends nothing.
pub fn submit(send: impl Fn() + 'static) -> Callback<SubmitEvent> {
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        send();
    })
}

/// What the service has against a field of what it was sent.
pub fn fault(problem: Option<&Rc<Problem>>, field: &str) -> Option<AttrValue> {
    let found = problem?.errors.iter().find(|error| error.field.trim_start_matches('/') == field)?;
    Some(found.detail.clone().into())
}

/// Puts always the same into a state, such as "it is open".
pub fn put<T: Clone + 'static>(state: &UseStateHandle<T>, value: T) -> Callback<()> {
    let state = state.setter();
    Callback::from(move |()| state.set(value.clone()))
}

/// A call that saves, and how the last one went.
pub struct Saving<B: 'static> {
    /// Makes it.
    pub run: Callback<B>,
    /// It is under way.
    pub busy: bool,
    /// What went wrong the last time.
    pub problem: Option<Rc<Problem>>,
}

/// Saving something with or without an id: replaced where it has one, added where it has not.
#[hook]
pub fn use_saving<A, P, F>(id: Option<String>, done: F) -> Saving<A::Body>
where
    A: Endpoint<Path = (), Query = ()>,
    P: Endpoint<Path = ById, Query = (), Body = A::Body, Response = A::Response>,
    F: Fn(A::Response) + Clone + 'static,
{
    let add = use_mutation::<A, _>(done.clone());
    let replace = use_mutation::<P, _>(done);
    let busy = add.busy || replace.busy;
    let problem = add.problem.clone().or_else(|| replace.problem.clone());
    let run = Callback::from(move |body| match &id {
        Some(id) => replace.run(ById { id: id.clone() }, body),
        None => add.run((), body),
    });
    Saving { run, busy, problem }
}

/// Sending what lets somebody in; a refusal is shown beside the fields.
#[hook]
pub fn use_entering<E>(entered: Callback<SessionView>) -> Saving<E::Body>
where
    E: Endpoint<Path = (), Query = (), Response = SessionView>,
{
    let busy = use_state_eq(|| false);
    let problem = use_state(|| None::<Rc<Problem>>);
    let run = {
        let (busy, problem) = (busy.setter(), problem.setter());
        Callback::from(move |body: E::Body| {
            let (entered, busy, problem) = (entered.clone(), busy.clone(), problem.clone());
            busy.set(true);
            spawn_local(async move {
                match api::call::<E>(&(), &(), &body).await {
                    Ok(view) => entered.emit(view),
                    Err(found) => {
                        busy.set(false);
                        problem.set(Some(Rc::new(found)));
                    }
                }
            });
        })
    };
    Saving { run, busy: *busy, problem: (*problem).clone() }
}

/// The question before a removal.
pub struct Removal {
    /// The question.
    pub title: &'static str,
    /// What will be gone.
    pub text: AttrValue,
    /// What the button does.
    pub verb: &'static str,
}

/// Removing something after a question: the callback asks, the rest is the question while it is asked.
#[hook]
pub fn use_removal<R>(id: String, question: Removal, removed: impl Fn() + 'static) -> (Callback<()>, Html)
where
    R: Endpoint<Path = ById, Query = (), Body = (), Response = ()>,
{
    let asking = use_state_eq(|| false);
    let remove = use_mutation::<R, _>(move |()| removed());
    let close = put(&asking, false);
    let shown = if *asking {
        let onconfirm = {
            let close = close.clone();
            Callback::from(move |()| {
                close.emit(());
                remove.run(ById { id: id.clone() }, ());
            })
        };
        let Removal { title, text, verb } = question;
        html!(<Confirm {title} {text} {verb} {onconfirm} onclose={close} />)
    } else {
        Html::default()
    };
    (put(&asking, true), shown)
}
