//! The sentence on top of Today: who waits, and what is new.

use std::rc::Rc;

use goodword_shared::{Time, today};
use yew::prelude::*;

use crate::{
    clock,
    components::Go,
    format,
    hooks::use_now,
    route::Route,
    words::today::{self as words, News},
};

#[derive(Clone, PartialEq, Properties)]
pub struct SentenceProps {
    /// What is known.
    pub today: Rc<today::Today>,
    /// The last visit, as it was when the page was opened.
    pub since: Option<Time>,
}

/// The sentence.
#[component]
pub fn Sentence(props: &SentenceProps) -> Html {
    let (today, now) = (&props.today, use_now());
    let news = News {
        waiting: today.waiting,
        longest: today.longest_waiting_since.map(|since| (now - since).num_minutes().max(0)),
        new: today.new_mentions,
        kind: today.new_positive,
        unkind: today.new_negative,
        since: props.since.map(|since| format::moment(clock::local(since), clock::local(now))),
    };
    html! {
        <div class="gw-sentence" data-testid="today-sentence">
            <p class={classes!("gw-sentence__first", (news.waiting == 0).then_some("gw-sentence__first--calm"))}>
                { words::waiting(&news) }
            </p>
            <p class="gw-sentence__second">
                <Go to={Route::Mentions}>{ words::fresh(&news) }</Go>
                if today.doubtful_matches > 0 {
                    { " " }<Go to={Route::Matches}>{ words::matches(today.doubtful_matches) }</Go>
                }
            </p>
        </div>
    }
}
