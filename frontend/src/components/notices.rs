//! Notices: short lines that say what was done, with a way back, or what went wrong. They go by themselves, except
//! for failures, and wait while the pointer or the focus is on them.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use goodword_shared::Problem;
use yew::prelude::*;

use super::{Button, Kind, Shape, icon};
use crate::words;

/// How long one is shown.
const SHOWN_MS: u32 = 9_000;

#[derive(Clone, PartialEq)]
struct Notice {
    id: u32,
    title: AttrValue,
    detail: AttrValue,
    failure: bool,
    undo: Option<Callback<()>>,
}

enum Change {
    Add(Notice),
    Remove(u32),
}

#[derive(Default)]
struct List {
    notices: Vec<Notice>,
    next: u32,
}

impl Reducible for List {
    type Action = Change;

    fn reduce(self: Rc<Self>, action: Change) -> Rc<Self> {
        let mut notices = self.notices.clone();
        let mut next = self.next;
        match action {
            Change::Add(notice) => {
                // The same failure again, as when a connection is gone, is one notice.
                notices.retain(|n| !(n.failure && n.title == notice.title));
                notices.push(Notice { id: next, ..notice });
                next += 1;
                if notices.len() > 3 {
                    notices.remove(0);
                }
            }
            Change::Remove(id) => notices.retain(|n| n.id != id),
        }
        Rc::new(List { notices, next })
    }
}

/// Tells the owner something.
#[derive(Clone, PartialEq)]
pub struct Notices(UseReducerDispatcher<List>);

impl Notices {
    /// Something was done; `undo` takes it back.
    pub fn done(&self, title: impl Into<AttrValue>, undo: Option<Callback<()>>) {
        self.add(Notice { id: 0, title: title.into(), detail: AttrValue::default(), failure: false, undo });
    }

    /// Something went wrong.
    pub fn failed(&self, problem: &Problem) {
        let (title, detail) = (problem.title.clone().into(), problem.detail.clone().into());
        self.add(Notice { id: 0, title, detail, failure: true, undo: None });
    }

    fn add(&self, notice: Notice) {
        self.0.dispatch(Change::Add(notice));
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct NoticesProviderProps {
    /// Who may tell.
    pub children: Html,
}

/// Shows the notices.
#[component]
pub fn NoticesProvider(props: &NoticesProviderProps) -> Html {
    let list = use_reducer(List::default);
    let onclose = {
        let dispatcher = list.dispatcher();
        use_callback((), move |id, ()| dispatcher.dispatch(Change::Remove(id)))
    };
    html! {
        <ContextProvider<Notices> context={Notices(list.dispatcher())}>
            { props.children.clone() }
            <section class="gw-notices" aria-label={words::shell::NOTICES} aria-live="polite">
                { for list.notices.iter().map(|notice| html! {
                    <Line key={notice.id} notice={notice.clone()} onclose={&onclose} />
                }) }
            </section>
        </ContextProvider<Notices>>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LineProps {
    notice: Notice,
    onclose: Callback<u32>,
}

#[component]
fn Line(props: &LineProps) -> Html {
    let held = use_state_eq(|| false);
    let close = {
        let id = props.notice.id;
        props.onclose.reform(move |()| id)
    };
    {
        let close = close.clone();
        use_effect_with((*held, props.notice.failure), move |&(held, failure)| {
            let timer = (!held && !failure).then(|| Timeout::new(SHOWN_MS, move || close.emit(())));
            move || drop(timer)
        });
    }
    let hold = |on: bool| {
        let held = held.setter();
        move || held.set(on)
    };
    let undo = props.notice.undo.clone().map(|undo| {
        let close = close.clone();
        Callback::from(move |()| {
            undo.emit(());
            close.emit(());
        })
    });
    let (enter, leave, focus, blur) = (hold(true), hold(false), hold(true), hold(false));
    html! {
        <div
            class={classes!("gw-notice", props.notice.failure.then_some("gw-notice--failure"))}
            onpointerenter={move |_| enter()}
            onpointerleave={move |_| leave()}
            onfocusin={move |_| focus()}
            onfocusout={move |_| blur()}
        >
            { icon(if props.notice.failure { Shape::Warning } else { Shape::Check }) }
            <div class="gw-notice__text">
                <p>{ &props.notice.title }</p>
                if !props.notice.detail.is_empty() {
                    <p class="gw-quiet">{ &props.notice.detail }</p>
                }
            </div>
            if let Some(undo) = undo {
                <Button kind={Kind::Link} label={words::UNDO} onclick={undo} testid="undo" />
            }
            <Button kind={Kind::Plain} icon={Shape::Cross} label={words::CLOSE} onclick={close} />
        </div>
    }
}

/// Tells the owner something.
#[hook]
pub fn use_notices() -> Notices {
    use_context::<Notices>().expect("pages are drawn inside NoticesProvider")
}
