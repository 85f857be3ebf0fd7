//! The time, for everything on the page that says how long ago or how long still: one ticker for all.

use gloo_timers::callback::Interval;
use goodword_shared::Time;
use yew::prelude::*;

use crate::clock;

/// Waiting times are shown to the minute.
const TICK_MS: u32 = 20_000;

#[derive(Clone, PartialEq, Properties)]
pub struct NowProviderProps {
    /// Who may look at the clock.
    pub children: Html,
}

/// Holds the ticker.
#[component]
pub fn NowProvider(props: &NowProviderProps) -> Html {
    let now = use_state(clock::now);
    {
        let now = now.setter();
        use_effect_with((), move |()| {
            let ticker = Interval::new(TICK_MS, move || now.set(clock::now()));
            move || drop(ticker)
        });
    }
    html!(<ContextProvider<Time> context={*now}>{ props.children.clone() }</ContextProvider<Time>>)
}

/// The time; drawn again as it passes.
#[hook]
pub fn use_now() -> Time {
    use_context::<Time>().unwrap_or_else(clock::now)
}
