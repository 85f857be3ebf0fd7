//! The queue of doubts: one author at a time beside those who they may be, then two accounts at a time that may be one person's,
//! settled by single keys or by thumb. A word counts at once and can be taken back.

use std::rc::Rc;

use gloo_utils::document;
use goodword_shared::api::{
    customers::MatchQuery,
    doubts::{Doubt, ListDoubts, Window},
    kin::ListKin,
};
use yew::prelude::*;

use super::{
    acts::{Act, remember, remembered, use_acts},
    candidate::{author, candidate},
    desk::{Desk, Move, News, Question},
    pair::pair,
};
use crate::{
    components::{Button, Dialog, Empty, Kind, Page, Shape, async_view, go_button, icon},
    hooks::{focus_on, use_currency, use_keys, use_query},
    route::Route,
    words::{self, queue},
};

/// Doubts fetched at once; the queue refills as it is worked.
const LIMIT: u64 = 12;
/// So many where the one being read is not among those.
const WIDE: u64 = 200;

/// The page.
#[component]
pub fn Matches() -> Html {
    let wide = use_state_eq(|| false);
    let limit = Some(if *wide { WIDE } else { LIMIT });
    let fetched = use_query::<ListDoubts>((), Window { limit, offset: None }, &["matches", "customers"]);
    let first = MatchQuery { limit, ..MatchQuery::default() };
    let pairs = use_query::<ListKin>((), first, &["matches", "customers"]);
    let desk = use_reducer(Desk::default);
    let help = use_state_eq(|| false);
    let currency = use_currency();
    // Pairs come last: who wrote is asked first.
    let ready = fetched.ready().zip(pairs.ready());
    let (mut listed, mut total) = (Vec::new(), 0);
    if let Some((doubts, pairs)) = ready {
        listed.extend(doubts.items.iter().cloned().map(|doubt| Question::Who(Rc::new(doubt))));
        listed.extend(pairs.items.iter().cloned().map(|pair| Question::Same(Rc::new(pair))));
        total = doubts.total + pairs.total;
    }
    let next = desk.shown(&listed);
    let left = desk.left(&listed, total);
    let news = desk.news(&listed, total);
    let past = use_state_eq(remembered);
    {
        let mut lines = (*past).clone();
        lines.extend(desk.lines());
        use_effect_with(lines, |lines| remember(lines));
    }
    let refetch = {
        let (doubts, pairs) = (fetched.refetch.clone(), pairs.refetch.clone());
        Callback::from(move |()| {
            doubts.emit(());
            pairs.emit(());
        })
    };
    let act = use_acts(&desk, &past, next.clone(), news == News::Settled, listed.clone(), refetch);
    {
        // What is shown is read from now on, and looked for further down the list where it is not at its top.
        let (dispatcher, wide) = (desk.dispatcher(), wide.setter());
        let unread = next.clone().filter(|question| !desk.reads(question));
        let back = desk.listed_again(&listed);
        use_effect_with((unread, news, left, back), move |(unread, news, left, back)| {
            if let Some(question) = unread {
                dispatcher.dispatch(Move::Read(question.clone(), *left));
            }
            if !back.is_empty() {
                dispatcher.dispatch(Move::Listed(back.clone()));
            }
            match news {
                News::Missing => wide.set(true),
                // What is settled cannot hold the keyboard's place any longer.
                News::Settled if document().query_selector("[inert] :focus").is_ok_and(|at| at.is_some()) => {
                    focus_on("[data-testid=queue-look]");
                }
                _ => {}
            }
        });
    }
    let show_help = {
        let help = help.setter();
        Callback::from(move |on: bool| help.set(on))
    };
    {
        let (act, show_help) = (act.clone(), show_help.clone());
        use_keys(move |key| {
            if key == "?" {
                show_help.emit(true);
            } else if let Some(deed) = Act::of_key(key) {
                act.emit(deed);
            }
        });
    }
    let tools = html! {
        <>
            { go_button(Route::Strangers, Kind::Link, None, queue::STRANGERS, "to-strangers") }
            <span class="gw-keyboard"><Button kind={Kind::Link} label={queue::KEYS} onclick={show_help.reform(|()| true)} testid="queue-keys" /></span>
        </>
    };
    let settled = desk.deeds.len() as u64;
    let back = !(desk.deeds.is_empty() && past.is_empty());
    let over = back.then(|| act.reform(|()| Act::Undo));
    html! {
        <Page at={Route::Matches} lead={html!(queue::LEAD)} {tools} ready={ready.is_some()}>
            { unsent(desk.unheard(), &act) }
            { async_view(&fetched, 3, |_| async_view(&pairs, 0, |_| match &next {
                None => finished(settled),
                Some(question) => html! {
                    <>
                        <div class="gw-progress">
                            <progress value={settled.to_string()} max={(settled + left).to_string()} aria-label={queue::PROGRESS}></progress>
                            <p role="status">
                                <span data-testid="queue-left">{ queue::left(left) }</span>
                                if desk.came(left) > 0 {
                                    <span data-testid="queue-came">{ queue::came(desk.came(left)) }</span>
                                }
                            </p>
                        </div>
                        <p class="pf-v6-screen-reader" role="status">{ if settled > 0 { asked(question) } else { String::new() } }</p>
                        { told(news, &act) }
                        // Keyed, so that the place of the keyboard goes to the next question with its heading, not to one of its answers.
                        <div key={question.key().to_owned()} class="gw-view" inert={news == News::Settled}>
                            { match question {
                                Question::Who(doubt) => card(doubt, desk.chosen, over.is_some(), &currency, &act),
                                Question::Same(kin) => pair(kin, rest(&act, None, over.is_some()), &act.reform(|yes| Act::Say(0, yes))),
                            } }
                        </div>
                    </>
                },
            })) }
            if let Some(onclick) = over.filter(|_| next.is_none()) {
                <p class="gw-row gw-row--centre"><Button label={words::UNDO} {onclick} testid="queue-undo" /></p>
            }
            if *help {
                <Dialog title={queue::KEYS} onclose={show_help.reform(|()| false)}>
                    <dl class="gw-pairs">
                        { for queue::KEY_HELP.iter().map(|(key, what)| html!(<><dt><kbd>{ *key }</kbd></dt><dd>{ *what }</dd></>)) }
                    </dl>
                </Dialog>
            }
        </Page>
    }
}

/// What a screen reader says when another question is shown.
fn asked(question: &Question) -> String {
    match question {
        Question::Who(doubt) => {
            let names = doubt.candidates.iter().map(|one| one.customer.facts.name.as_str());
            queue::asked(
                doubt.author.shown().unwrap_or(words::SOMEBODY),
                &names.collect::<Vec<_>>().join(", "),
            )
        }
        Question::Same(_) => queue::ONE_PERSON.to_owned(),
    }
}

/// That the question being read is not as it was.
fn told(news: News, act: &Callback<Act>) -> Html {
    let (text, verb) = match news {
        News::None | News::Missing => ("", ""),
        News::Changed => (queue::CHANGED, queue::SHOW),
        News::Settled => (queue::SETTLED, queue::GO_ON),
    };
    html! {
        <div class="gw-told" role="status" data-testid="queue-news">
            if !text.is_empty() {
                <p>{ text }</p>
                <Button label={verb} onclick={act.reform(|()| Act::Look)} testid="queue-look" />
            }
        </div>
    }
}

/// That words did not reach the service, and sends them again.
fn unsent(words: usize, act: &Callback<Act>) -> Html {
    if words == 0 {
        return html!();
    }
    html! {
        <div class="gw-told gw-told--failure" role="alert" data-testid="queue-unsent">
            { icon(Shape::Warning) }
            <p>{ queue::unsent(words) }</p>
            <Button label={queue::RESEND} onclick={act.reform(|()| Act::Resend)} testid="queue-resend" />
        </div>
    }
}

fn finished(settled: u64) -> Html {
    if settled == 0 {
        return html!(<Empty shape={Shape::Check} title={queue::EMPTY} text={queue::EMPTY_TEXT} />);
    }
    html!(<Empty shape={Shape::Cup} title={queue::DONE} text={queue::DONE_TEXT} />)
}

fn card(doubt: &Rc<Doubt>, chosen: usize, undo: bool, currency: &str, act: &Callback<Act>) -> Html {
    let chosen = chosen.min(doubt.candidates.len() - 1);
    html! {
        <section class="gw-doubt" tabindex="-1" aria-label={queue::who(doubt.author.shown().unwrap_or(words::SOMEBODY))} data-testid="doubt">
            { author(doubt, &doubt.candidates[chosen].agreement) }
            <div class="gw-doubt__side">
                <h2 class="gw-pair__label">{ queue::MAYBE }</h2>
                <ol class="gw-doubt__candidates" role="list">
                    { for doubt.candidates.iter().enumerate().map(|(n, one)| html! {
                        <li key={one.match_id.to_string()}>{ candidate(one, n == chosen, currency, &act.reform(move |say| match say {
                            None => Act::Choose(n),
                            Some(yes) => Act::Say(n, yes),
                        })) }</li>
                    }) }
                </ol>
                { rest(act, Some(doubt.author.shown().is_some()), undo) }
            </div>
        </section>
    }
}

/// What else can be done: a new customer, where that is a question, and if the author has a name; skip; take back.
fn rest(act: &Callback<Act>, named: Option<bool>, undo: bool) -> Html {
    html! {
        <p class="gw-row gw-doubt__else">
            if let Some(named) = named {
                <Button label={queue::CREATE} icon={Shape::Plus} onclick={act.reform(|()| Act::Create)} disabled={!named} testid="queue-create" />
            }
            <Button kind={Kind::Link} label={queue::SKIP} onclick={act.reform(|()| Act::Skip)} testid="queue-skip" />
            if undo {
                <Button kind={Kind::Link} label={words::UNDO} onclick={act.reform(|()| Act::Undo)} testid="queue-undo" />
            }
        </p>
    }
}
