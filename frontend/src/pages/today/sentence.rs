//! The sentence on top of Today: who waits, and what is new.

use std::rc::Rc;

use goodword_shared::today;
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
    /// What was known when the page was opened.
    pub first: Rc<today::Today>,
}

/// The sentence.
#[component]
pub fn Sentence(props: &SentenceProps) -> Html {
    let (today, now) = (&props.today, use_now());
    let (new, kind, unkind) = fresh(&props.first, today);
    let news = News {
        waiting: today.waiting,
        longest: today.longest_waiting_since.map(|since| (now - since).num_minutes().max(0)),
        new,
        kind,
        unkind,
        since: props.first.since.map(|since| format::moment(clock::local(since), clock::local(now))),
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

/// New mentions, kind ones, unkind ones. Once this visit is remembered, the service counts from its beginning; what
/// was new then is still new to somebody who has the page open.
fn fresh(first: &today::Today, now: &today::Today) -> (u64, u64, u64) {
    let before = if first.since == now.since {
        (0, 0, 0)
    } else {
        (first.new_mentions, first.new_positive, first.new_negative)
    };
    (before.0 + now.new_mentions, before.1 + now.new_positive, before.2 + now.new_negative)
}

#[cfg(test)]
mod tests {
    use goodword_shared::Time;

    use super::*;

    fn today(since: i64, new: u64, kind: u64, unkind: u64) -> today::Today {
        today::Today {
            since: Some(Time::from_timestamp(since, 0).expect("a time")),
            now: Time::default(),
            waiting: 0,
            longest_waiting_since: None,
            new_mentions: new,
            new_positive: kind,
            new_negative: unkind,
            win_back: vec![],
            ask: vec![],
            figures: vec![],
            themes: vec![],
            ailing_sources: vec![],
            doubtful_matches: 0,
            no_sources: false,
        }
    }

    #[test]
    fn what_was_new_stays_new_while_the_page_is_open() {
        let first = today(10, 7, 5, 2);
        assert_eq!(fresh(&first, &first), (7, 5, 2));
        assert_eq!(fresh(&first, &today(99, 1, 0, 1)), (8, 5, 3));
    }
}
