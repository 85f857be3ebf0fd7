//! The queue of doubts: one author at a time beside those who they may be, then two accounts at a time that may be one person's,
//! settled by single keys or by thumb. A word counts at once and can be taken back.

use std::rc::Rc;

use goodword_shared::api::{
    ById,
    customers::{DecideMatch, MatchDecision, MatchQuery, Verdict},
    doubts::{Doubt, ListDoubts, MakeCustomer, NewCustomer, Window},
    kin::{DecideKin, ListKin},
    records::{Step, UndoStep},
};
use yew::prelude::*;

use super::{
    candidate::{author, candidate},
    desk::{Deed, Desk, Move, News, Question, Word},
    pair::pair,
};
use crate::{
    api,
    components::{
        Button, Dialog, Empty, Kind, Notices, Page, Shape, async_view, go_button, icon, use_notices,
    },
    hooks::{Calls, Undone, use_calls, use_connected, use_currency, use_keys, use_query},
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
    let act = use_acts(&desk, next.clone(), news == News::Settled, listed.clone());
    {
        // What is shown is read from now on, and looked for further down the list where it is not at its top.
        let (dispatcher, wide) = (desk.dispatcher(), wide.setter());
        let unread = next.clone().filter(|question| !desk.reads(question));
        use_effect_with((unread, news, left), move |(unread, news, left)| {
            if let Some(question) = unread {
                dispatcher.dispatch(Move::Read(question.clone(), *left));
            }
            if *news == News::Missing {
                wide.set(true);
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
    let over = desk.deeds.last().map(|_| act.reform(|()| Act::Undo));
    html! {
        <Page at={Route::Matches} lead={html!(queue::LEAD)} {tools} ready={ready.is_some()}>
            { unsent(desk.unsent.len(), &act) }
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
                                Question::Who(doubt) => card(doubt, &desk, &currency, &act),
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

fn card(doubt: &Rc<Doubt>, desk: &Desk, currency: &str, act: &Callback<Act>) -> Html {
    let chosen = desk.chosen.min(doubt.candidates.len() - 1);
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
    /// Shows the question as it is asked now, or the next where it is asked no more.
    Look,
    /// Sends again what was not heard.
    Resend,
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

/// Carries out what the owner does: on the page at once, then at the service. What the service did not hear is kept here and sent
/// again once it can be reached; what it does not take goes back to it. Of a question that is settled, only the next can be asked for.
#[hook]
fn use_acts(
    desk: &UseReducerHandle<Desk>,
    next: Option<Question>,
    settled: bool,
    listed: Vec<Question>,
) -> Callback<Act> {
    let teller = Teller { calls: use_calls(), notices: use_notices(), desk: desk.dispatcher() };
    let desk = desk.clone();
    {
        let (teller, desk, connected) = (teller.clone(), desk.clone(), use_connected());
        use_effect_with(connected, move |connected| {
            if *connected {
                teller.send_again(&desk);
            }
        });
    }
    Callback::from(move |act: Act| {
        let say = |deed: Deed| {
            desk.dispatch(Move::Say(deed.clone()));
            teller.send(deed);
        };
        let to_answer = |question: &Question, at: usize, yes: bool| {
            let id = question.answer(at)?;
            let word = if yes { Word::Confirmed(id) } else { Word::Refused(id) };
            Some(Deed { question: question.clone(), word })
        };
        let chosen = |question: &Question| desk.chosen.min(question.answers().saturating_sub(1));
        match (act, &next) {
            (Act::Look | Act::Skip, Some(_)) if settled => desk.dispatch(Move::LetGo),
            (Act::Say(..) | Act::SayChosen(_) | Act::Create | Act::Choose(_) | Act::Move(_), _)
                if settled => {}
            (Act::Look, Some(question)) => {
                let now = listed.iter().find(|now| now.key() == question.key());
                let read = now.map(|now| Move::Read(now.clone(), u64::MAX));
                desk.dispatch(read.unwrap_or(Move::LetGo));
            }
            (Act::Resend, _) => teller.send_again(&desk),
            (Act::Say(at, yes), Some(question)) => to_answer(question, at, yes).into_iter().for_each(say),
            (Act::SayChosen(yes), Some(question)) => {
                to_answer(question, chosen(question), yes).into_iter().for_each(say);
            }
            (Act::Create, Some(Question::Who(doubt))) if doubt.author.shown().is_some() => {
                say(Deed { question: Question::Who(doubt.clone()), word: Word::Made(None) });
            }
            (Act::Skip, Some(question)) => desk.dispatch(Move::Skip(question.key().to_owned())),
            (Act::Choose(at), Some(_)) => desk.dispatch(Move::Choose(at)),
            (Act::Move(on), Some(question)) => {
                let (at, all) = (chosen(question), question.answers());
                desk.dispatch(Move::Choose((at + if on { 1 } else { all - 1 }) % all));
            }
            (Act::Undo, _) => teller.take_back(&desk),
            _ => {}
        }
    })
}

/// Tells the service what the owner says.
#[derive(Clone)]
struct Teller {
    calls: Calls,
    notices: Notices,
    desk: UseReducerDispatcher<Desk>,
}

impl Teller {
    fn send(&self, deed: Deed) {
        let desk = self.desk.clone();
        let failed = {
            let deed = deed.clone();
            move |why: Undone| {
                desk.dispatch(match why {
                    Undone::Unheard => Move::Unsent(deed),
                    Undone::Refused => Move::Drop(deed),
                });
            }
        };
        let id = match &deed.word {
            Word::Made(_) => {
                let (desk, notices) = (self.desk.clone(), self.notices.clone());
                let author = deed.question.key().to_owned();
                let path = ById { id: author.clone() };
                return self.calls.say::<MakeCustomer>(&path, &NewCustomer::default(), move |text| {
                    match text {
                        Ok(text) => {
                            notices.done(queue::CREATED, None);
                            // One that cannot be read was made all the same; then only the customer's page can take it back.
                            if let Ok(step) = api::read::<Step>(text) {
                                desk.dispatch(Move::Known { author, step: step.id });
                            }
                        }
                        Err(why) => failed(why),
                    }
                });
            }
            Word::Confirmed(id) | Word::Refused(id) => id,
        };
        let verdict =
            if matches!(deed.word, Word::Confirmed(_)) { Verdict::Confirm } else { Verdict::Refuse };
        let (path, word) = (ById { id: id.clone() }, MatchDecision { verdict });
        // The next question is the answer; a notice for each would only cover it.
        let done = |text: Result<&str, Undone>| text.map(|_| ()).unwrap_or_else(failed);
        match deed.question {
            Question::Who(_) => self.calls.say::<DecideMatch>(&path, &word, done),
            Question::Same(_) => self.calls.say::<DecideKin>(&path, &word, done),
        }
    }

    fn send_again(&self, desk: &Desk) {
        if !desk.unsent.is_empty() {
            self.desk.dispatch(Move::Resent);
            desk.unsent.iter().cloned().for_each(|deed| self.send(deed));
        }
    }

    fn take_back(&self, desk: &Desk) {
        let Some(deed) = desk.deeds.last().cloned() else { return };
        let unsent = desk.unsent.contains(&deed);
        // The word that made a customer can be taken back once the service has told its step.
        if deed.word == Word::Made(None) && !unsent {
            return;
        }
        self.desk.dispatch(Move::TakeBack(deed.clone()));
        if unsent {
            return;
        }
        let (dispatcher, notices, again) = (self.desk.clone(), self.notices.clone(), deed.clone());
        let done = move |done: bool| {
            if done { notices.done(queue::UNDONE, None) } else { dispatcher.dispatch(Move::Say(again)) }
        };
        let (id, word) = match deed.word {
            Word::Made(step) => {
                return self.calls.tell::<UndoStep>(&ById { id: step.unwrap_or_default() }, &(), done);
            }
            Word::Confirmed(id) | Word::Refused(id) => (id, MatchDecision { verdict: Verdict::Undo }),
        };
        match deed.question {
            Question::Who(_) => self.calls.tell::<DecideMatch>(&ById { id }, &word, done),
            Question::Same(_) => self.calls.tell::<DecideKin>(&ById { id }, &word, done),
        }
    }
}
