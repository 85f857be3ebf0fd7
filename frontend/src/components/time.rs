//! Moments and waiting times, drawn again as time passes.

use goodword_shared::Time;
use yew::prelude::*;

use super::{Shape, icon};
use crate::{clock, format, hooks::use_now, words};

#[derive(Clone, PartialEq, Properties)]
pub struct WhenProps {
    /// The moment.
    pub at: Time,
}

/// "yesterday 18:20", with the exact moment when pointed at; "yesterday", where only the day is known.
#[component]
pub fn When(props: &WhenProps) -> Html {
    let now = clock::local(use_now());
    let (text, title, machine) = match clock::day_only(props.at) {
        Some(day) => (format::day(day, now.date), format::exact_day(day), day.to_string()),
        None => {
            let then = clock::local(props.at);
            (format::moment(then, now), format::exact(then), props.at.to_rfc3339())
        }
    };
    html!(<time datetime={machine} {title}>{ text }</time>)
}

#[derive(Clone, PartialEq, Properties)]
pub struct ClockProps {
    /// Since when they wait.
    pub since: Time,
    /// When the promise runs out.
    pub due: Time,
}

/// "waiting 3 h 10 min, answer due in 20 h", louder once the promise is broken.
#[component]
pub fn Clock(props: &ClockProps) -> Html {
    let now = use_now();
    let left = (props.due - now).num_minutes();
    let waited = words::time::waiting(&format::span((now - props.since).num_minutes().max(0)));
    let promise = if left >= 0 {
        words::time::due_in(&format::span(left))
    } else {
        words::time::overdue(&format::span(left))
    };
    html! {
        <span class={classes!("gw-clock", (left < 0).then_some("gw-clock--late"))} title={format::exact(clock::local(props.due))}>
            { icon(Shape::Clock) }
            <span>
                <span class="gw-clock__waited">{ waited }</span>
                <span class="gw-clock__due">{ promise }</span>
            </span>
        </span>
    }
}
