//! What the owner does at the queue of doubts: shown by the desk at once, told to the service, kept where that does not hear, and
//! remembered by the window so that it can be taken back after the page is loaded anew. Draws nothing.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use gloo_utils::window;
use goodword_shared::api::{
    ById,
    customers::{DecideMatch, MatchDecision, Verdict},
    doubts::{MakeCustomer, NewCustomer},
    kin::DecideKin,
    records::{Step, UndoStep},
};
use yew::prelude::*;

use super::desk::{Deed, Desk, Move, Question, Word};
use crate::{
    api,
    components::{Notices, use_notices},
    hooks::{Calls, Undone, use_calls, use_connected},
    words::queue,
};

/// Where the window remembers what was said, and how much of it.
const SAID: &str = "goodword-said";
const MOST_SAID: usize = 20;

/// What was not heard is sent again after so long at the latest, milliseconds.
const AGAIN_MS: u32 = 15_000;

/// The words of this window before the page was loaded, each in a line, oldest first.
pub fn remembered() -> Vec<String> {
    let kept =
        window().session_storage().ok().flatten().and_then(|storage| storage.get_item(SAID).ok().flatten());
    kept.unwrap_or_default().lines().map(str::to_owned).collect()
}

/// Remembers them.
pub fn remember(lines: &[String]) {
    if let Some(storage) = window().session_storage().ok().flatten() {
        // A browser that keeps nothing loses only what could be taken back after loading anew.
        let _ = storage.set_item(SAID, &lines[lines.len().saturating_sub(MOST_SAID)..].join("\n"));
    }
}

/// What the owner does.
#[derive(Clone)]
pub enum Act {
    /// Yes or no to an answer.
    Say(usize, bool),
    /// The same to the chosen one.
    SayChosen(bool),
    /// That answer is looked at.
    Choose(usize),
    /// The next one, or the one before.
    Move(bool),
    /// Later.
    Skip,
    /// A new customer.
    Create,
    /// Takes the last word back.
    Undo,
    /// Shows the question as it is asked now, or the next where it is asked no more.
    Look,
    /// Sends again what was not heard.
    Resend,
}

impl Act {
    /// What a key says.
    pub fn of_key(key: &str) -> Option<Self> {
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
/// `refetch` asks for the list anew.
#[hook]
pub fn use_acts(
    desk: &UseReducerHandle<Desk>,
    past: &UseStateHandle<Vec<String>>,
    next: Option<Question>,
    settled: bool,
    listed: Vec<Question>,
    refetch: Callback<()>,
) -> Callback<Act> {
    let at =
        use_memo((), |()| At { here: Cell::new(true), busy: Cell::new(false), last: RefCell::new(None) });
    let teller = Teller {
        calls: use_calls(),
        notices: use_notices(),
        desk: desk.dispatcher(),
        at: at.clone(),
        refetch,
    };
    let (desk, past) = (desk.clone(), past.clone());
    at.last.replace(Some((teller.clone(), desk.clone())));
    {
        let (at, connected) = (at.clone(), use_connected());
        use_effect_with((connected, desk.chances), move |(connected, _)| {
            if *connected {
                at.send_again();
            }
        });
    }
    {
        let at = at.clone();
        use_effect_with((), move |()| {
            let (online, later) = (at.clone(), at.clone());
            let online = EventListener::new(&window(), "online", move |_| online.send_again());
            let later = Interval::new(AGAIN_MS, move || later.send_again());
            move || {
                drop((online, later));
                // Who leaves the queue leaves nothing unsaid: what was kept goes out once more, and is told if it is not heard.
                at.here.set(false);
                at.send_again();
                at.last.take();
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
                let read = now.map(|now| Move::Read(now.clone(), desk.left_then()));
                desk.dispatch(read.unwrap_or(Move::LetGo));
            }
            (Act::Resend, _) => at.send_again(),
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
            (Act::Undo, _) if desk.deeds.is_empty() => {
                let mut lines = (*past).clone();
                // One at a time: which is the last is known once the service has answered.
                if let Some(line) = lines.pop().filter(|_| !at.busy.replace(true)) {
                    let (past, at) = (past.setter(), at.clone());
                    teller.take_back_earlier(&line, move |heard| {
                        at.busy.set(false);
                        if heard {
                            past.set(lines);
                        }
                    });
                }
            }
            (Act::Undo, _) => teller.take_back(&desk),
            _ => {}
        }
    })
}

/// Where the queue stands, for those who come back to it later.
struct At {
    /// It is still on the page.
    here: Cell<bool>,
    /// A word said before the page was loaded anew is being taken back.
    busy: Cell<bool>,
    /// As it was drawn last.
    last: RefCell<Option<(Teller, UseReducerHandle<Desk>)>>,
}

impl At {
    fn send_again(&self) {
        let last = self.last.borrow().clone();
        if let Some((teller, desk)) = last {
            teller.send_again(&desk);
        }
    }
}

/// Tells the service what the owner says.
#[derive(Clone)]
struct Teller {
    calls: Calls,
    notices: Notices,
    desk: UseReducerDispatcher<Desk>,
    at: Rc<At>,
    /// Asks for the list anew.
    refetch: Callback<()>,
}

impl Teller {
    fn send(&self, deed: Deed) {
        // What happened to the word; true where it is kept here.
        let ended = {
            let (desk, at, deed) = (self.desk.clone(), self.at.clone(), deed.clone());
            move |how: Result<(), Undone>| {
                let kept = how == Err(Undone::Unheard) && at.here.get();
                desk.dispatch(match how {
                    Ok(()) => Move::Heard(deed),
                    Err(Undone::Unheard) => Move::Unsent(deed),
                    Err(Undone::Refused) => Move::Drop(deed),
                });
                kept
            }
        };
        let id = match &deed.word {
            Word::Made(_) => {
                let (desk, notices) = (self.desk.clone(), self.notices.clone());
                let author = deed.question.key().to_owned();
                let path = ById { id: author.clone() };
                return self.calls.say::<MakeCustomer>(&path, &NewCustomer::default(), move |text| {
                    if let Ok(text) = text {
                        notices.done(queue::CREATED, None);
                        // One that cannot be read was made all the same; then only the customer's page can take it back.
                        if let Ok(step) = api::read::<Step>(text) {
                            desk.dispatch(Move::Known { author, step: step.id });
                        }
                    }
                    ended(text.map(drop))
                });
            }
            Word::Confirmed(id) | Word::Refused(id) => id,
        };
        let verdict =
            if matches!(deed.word, Word::Confirmed(_)) { Verdict::Confirm } else { Verdict::Refuse };
        let (path, word) = (ById { id: id.clone() }, MatchDecision { verdict });
        // The next question is the answer; a notice for each would only cover it.
        let done = |text: Result<&str, Undone>| ended(text.map(drop));
        match deed.question {
            Question::Who(_) => self.calls.say::<DecideMatch>(&path, &word, done),
            Question::Same(_) => self.calls.say::<DecideKin>(&path, &word, done),
        }
    }

    fn send_again(&self, desk: &Desk) {
        let mut words = desk.to_send().cloned().peekable();
        if words.peek().is_some() {
            self.desk.dispatch(Move::Resent);
            words.for_each(|deed| self.send(deed));
        }
    }

    /// A word said before the page was loaded anew, from its line. `ended` is told whether the service has heard of it; one that it
    /// refuses to take back is not asked for again.
    fn take_back_earlier(&self, line: &str, ended: impl FnOnce(bool) + 'static) {
        let mut parts = line.split(' ').map(str::to_owned);
        let (Some(of), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return ended(true);
        };
        let (desk, notices, refetch) = (self.desk.clone(), self.notices.clone(), self.refetch.clone());
        let done = move |text: Result<&str, Undone>| {
            ended(text != Err(Undone::Unheard));
            if text.is_ok() {
                desk.dispatch(Move::Want(key));
                notices.done(queue::UNDONE, None);
                // The page may be so young that it does not hear of changes yet.
                refetch.emit(());
            }
            // No answer is kept here: the notice says that it is still to be taken back.
            false
        };
        let (path, word) = (ById { id }, MatchDecision { verdict: Verdict::Undo });
        match of.as_str() {
            "made" => self.calls.say::<UndoStep>(&path, &(), done),
            "same" => self.calls.say::<DecideKin>(&path, &word, done),
            _ => self.calls.say::<DecideMatch>(&path, &word, done),
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
            return self.desk.dispatch(Move::Undone(deed.question.key().to_owned()));
        }
        let (dispatcher, notices, again) = (self.desk.clone(), self.notices.clone(), deed.clone());
        let refetch = self.refetch.clone();
        let done = move |done: bool| {
            dispatcher.dispatch(if done {
                notices.done(queue::UNDONE, None);
                // A list on its way may be older than that.
                refetch.emit(());
                Move::Undone(again.question.key().to_owned())
            } else {
                Move::Stays(again)
            });
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
