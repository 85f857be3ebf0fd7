//! What is shown while something is fetched, when that failed, and when it is there: the same everywhere.

use std::rc::Rc;

use goodword_shared::Problem;
use yew::prelude::*;

use super::{Button, Kind, Shape, icon};
use crate::{
    hooks::{Fetched, Query},
    words,
};

/// Draws an answer, or that it is not there yet, or why it is not. `rows` is about how high the answer will be, so
/// that the page does not jump.
pub fn async_view<T>(fetched: &Fetched<T>, rows: usize, draw: impl FnOnce(&Rc<T>) -> Html) -> Html {
    match &fetched.query {
        Query::Loading => skeleton(rows),
        Query::Failed(problem) => {
            html!(<Failure problem={problem.clone()} retry={fetched.refetch.clone()} />)
        }
        Query::Ready(value) => {
            html!(<div class="gw-view" aria-busy={fetched.stale.then_some("true")}>{ draw(value) }</div>)
        }
    }
}

/// Grey blocks where something will be.
pub fn skeleton(rows: usize) -> Html {
    html! {
        <div class="gw-skeleton" role="status">
            <span class="pf-v6-screen-reader">{ words::LOADING }</span>
            { for (0..rows).map(|row| html! {
                <div class="gw-skeleton__row" key={row}>
                    <div class="pf-v6-c-skeleton gw-skeleton__head"></div>
                    <div class="pf-v6-c-skeleton gw-skeleton__line"></div>
                </div>
            }) }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct FailureProps {
    /// What went wrong.
    pub problem: Problem,
    /// Tries once more.
    pub retry: Callback<()>,
}

/// What went wrong and what to do.
#[component]
pub fn Failure(props: &FailureProps) -> Html {
    html! {
        <div class="gw-failure" role="alert">
            { icon(Shape::Warning) }
            <div>
                <h2>{ &props.problem.title }</h2>
                if !props.problem.detail.is_empty() {
                    <p>{ &props.problem.detail }</p>
                }
                <Button kind={Kind::Secondary} label={words::RETRY} onclick={&props.retry} />
            </div>
        </div>
    }
}
