//! The queue of doubts: one author at a time beside those who they may be, then two accounts at a time that may be one person's,
//! settled by single keys or by thumb. A word counts at once and can be taken back.

use std::rc::Rc;

use goodword_shared::api::{
    ById,
    customers::{DecideMatch, MatchDecision, MatchQuery, Verdict},
    doubts::{Doubt, ListDoubts, MakeCustomer, NewCustomer, Window},
    kin::{DecideKin, ListKin},
    records::UndoStep,
};
use yew::prelude::*;

use super::{
    candidate::{author, candidate},
    desk::{Deed, Desk, Move, Question, Word},
    pair::pair,
};
use crate::{
    components::{Button, Dialog, Empty, Kind, Page, Shape, async_view, go_button, use_notices},
    hooks::{Calls, use_calls, use_currency, use_keys, use_query},
    route::Route,
    words::{self, queue},
};

/// Doubts fetched at once; the queue refills as it is worked.
const LIMIT: u64 = 12;

/// The page.
#[component]
pub fn Matches() -> Html {
    let fetched =
        use_query::<ListDoubts>((), Window { limit: Some(LIMIT), offset: None }, &["matches", "customers"]);
    let first = MatchQuery { limit: Some(LIMIT), ..MatchQuery::default() };
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
    let next = desk.queue(&listed).into_iter().next();
    let left = desk.left(&listed, total);
    let act = use_acts(&desk, next.clone());
    let show_help = {
        let help = help.setter();
        Callback::from(move |on: bool| help.set(on))
    };
    {
        let (act, show_help, open) = (act.clone(), show_help.clone(), *help);
        use_keys(move |key| {
            if key == "?" {
                show_help.emit(!open);
            } else if let Some(deed) = Act::of_key(key).filter(|_| !open) {
                act.emit(deed);
            }
        });
    }
    let tools = html! {
        <>
            { go_button(Route::Strangers, Kind::Link, None, queue::STRANGERS, "to-strangers") }
            <Button kind={Kind::Link} label={queue::KEYS} onclick={show_help.reform(|()| true)} />
        </>
    };
    let settled = desk.deeds.len() as u64;
    html! {
        <Page at={Route::Matches} lead={html!(queue::LEAD)} {tools} ready={ready.is_some()}>
            { async_view(&fetched, 3, |_| async_view(&pairs, 0, |_| match &next {
                None => finished(settled),
                Some(question) => html! {
                    <>
                        <div class="gw-progress">
                            <progress value={settled.to_string()} max={(settled + left).to_string()} aria-label={queue::PROGRESS}></progress>
                            <p aria-live="polite" data-testid="queue-left">{ queue::left(left) }</p>
                        </div>
                        { match question {
                            Question::Who(doubt) => card(doubt, &desk, &currency, &act),
                            Question::Same(kin) => pair(kin, rest(&act, None, !desk.deeds.is_empty()), &act.reform(|yes| Act::Say(0, yes))),
                        } }
                    </>
                },
            })) }
            if !desk.deeds.is_empty() && next.is_none() {
                <p class="gw-row gw-row--centre"><Button label={words::UNDO} onclick={act.reform(|()| Act::Undo)} testid="queue-undo" /></p>
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

fn finished(settled: u64) -> Html {
    if settled == 0 {
        return html!(<Empty shape={Shape::Check} title={queue::EMPTY} text={queue::EMPTY_TEXT} />);
    }
    html!(<Empty shape={Shape::Cup} title={queue::DONE} text={queue::DONE_TEXT} />)
}

fn card(doubt: &Rc<Doubt>, desk: &Desk, currency: &str, act: &Callback<Act>) -> Html {
    let chosen = desk.chosen.min(doubt.candidates.len() - 1);
    html! {
        <section class="gw-doubt" data-testid="doubt">
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
                { rest(act, Some(doubt.author.shown().is_some()), !desk.deeds.is_empty()) }
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

/// What the owner does.
#[derive(Clone)]
enum Act {
    /// Yes or no to an answer.
    Say(usize, bool),
    /// The same to the chosen one.
    SayChosen(bool),
    Choose(usize),
    /// The next one, or the one before.
    Move(bool),
    Skip,
    Create,
    Undo,
}

impl Act {
    fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "y" | "Enter" => Act::SayChosen(true),
            "n" => Act::SayChosen(false),
            "s" => Act::Skip,
            "c" => Act::Create,
            "u" => Act::Undo,
            "j" | "ArrowDown" | "ArrowRight" => Act::Move(true),
            "k" | "ArrowUp" | "ArrowLeft" => Act::Move(false),
            _ => return None,
        })
    }
}

/// Carries out what the owner does: on the page at once, then at the service; what fails there goes back here.
#[hook]
fn use_acts(desk: &UseReducerHandle<Desk>, next: Option<Question>) -> Callback<Act> {
    let calls = use_calls();
    let notices = use_notices();
    let desk = desk.clone();
    Callback::from(move |act: Act| {
        let dispatcher = desk.dispatcher();
        let say = |deed: Deed| {
            dispatcher.dispatch(Move::Say(deed.clone()));
            let failed = {
                let (dispatcher, deed) = (desk.dispatcher(), deed.clone());
                move || dispatcher.dispatch(Move::TakeBack(deed))
            };
            match &deed.word {
                Word::Made(_) => {
                    let (dispatcher, author) = (desk.dispatcher(), deed.question.key().to_owned());
                    let notices = notices.clone();
                    let path = ById { id: author.clone() };
                    calls.run::<MakeCustomer>(&path, &NewCustomer::default(), move |step| match step {
                        Some(step) => {
                            dispatcher.dispatch(Move::Known { author, step: step.id });
                            notices.done(queue::CREATED, None);
                        }
                        None => failed(),
                    });
                }
                // The next question is the answer; a notice for each would only cover it.
                Word::Confirmed(id) => {
                    tell(&calls, &deed.question, id, Verdict::Confirm, unless_done(failed))
                }
                Word::Refused(id) => tell(&calls, &deed.question, id, Verdict::Refuse, unless_done(failed)),
            }
        };
        let to_answer = |question: &Question, at: usize, yes: bool| {
            let id = question.answer(at)?;
            let word = if yes { Word::Confirmed(id) } else { Word::Refused(id) };
            Some(Deed { question: question.clone(), word })
        };
        let chosen = |question: &Question| desk.chosen.min(question.answers().saturating_sub(1));
        match (act, &next) {
            (Act::Say(at, yes), Some(question)) => to_answer(question, at, yes).into_iter().for_each(say),
            (Act::SayChosen(yes), Some(question)) => {
                to_answer(question, chosen(question), yes).into_iter().for_each(say);
            }
            (Act::Create, Some(Question::Who(doubt))) if doubt.author.shown().is_some() => {
                say(Deed { question: Question::Who(doubt.clone()), word: Word::Made(None) });
            }
            (Act::Skip, Some(question)) => dispatcher.dispatch(Move::Skip(question.key().to_owned())),
            (Act::Choose(at), Some(_)) => dispatcher.dispatch(Move::Choose(at)),
            (Act::Move(on), Some(question)) => {
                let (at, all) = (chosen(question), question.answers());
                dispatcher.dispatch(Move::Choose((at + if on { 1 } else { all - 1 }) % all));
            }
            (Act::Undo, _) => {
                // The word that made a customer can be taken back once the service has told its step.
                let Some(deed) = desk.deeds.last().filter(|deed| deed.word != Word::Made(None)).cloned()
                else {
                    return;
                };
                dispatcher.dispatch(Move::TakeBack(deed.clone()));
                let (dispatcher, notices, again) = (desk.dispatcher(), notices.clone(), deed.clone());
                let done = move |ok: bool| {
                    if ok { notices.done(queue::UNDONE, None) } else { dispatcher.dispatch(Move::Say(again)) }
                };
                match &deed.word {
                    Word::Made(step) => {
                        let path = ById { id: step.clone().unwrap_or_default() };
                        calls.tell::<UndoStep>(&path, &(), done);
                    }
                    Word::Confirmed(id) | Word::Refused(id) => {
                        tell(&calls, &deed.question, id, Verdict::Undo, done);
                    }
                }
            }
            _ => {}
        }
    })
}

/// Tells the service the owner's word on a match or a pair.
fn tell(calls: &Calls, question: &Question, id: &str, verdict: Verdict, done: impl FnOnce(bool) + 'static) {
    let (path, word) = (ById { id: id.to_owned() }, MatchDecision { verdict });
    match question {
        Question::Who(_) => calls.tell::<DecideMatch>(&path, &word, done),
        Question::Same(_) => calls.tell::<DecideKin>(&path, &word, done),
    }
}

/// Does it where the service could not do what it was told.
fn unless_done(failed: impl FnOnce() + 'static) -> impl FnOnce(bool) + 'static {
    move |done| {
        if !done {
            failed();
        }
    }
}
