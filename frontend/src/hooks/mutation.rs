//! Changing: one hook for every call that does something. A failure is told in a notice; success is told by whoever
//! asked, who also knows what undoes it. As with asking, only writing and reading differ from call to call.

use std::{marker::PhantomData, rc::Rc};

use goodword_shared::{
    Problem,
    api::{Endpoint, Method, path_of},
};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    api,
    components::{Notices, use_notices},
    session::{Session, use_session},
};

/// A call that can be made, and how the last one went.
pub struct Mutation<E: Endpoint> {
    send: Callback<(String, Result<String, Problem>)>,
    /// It is under way.
    pub busy: bool,
    /// What went wrong the last time, for forms that show it beside their fields.
    pub problem: Option<Rc<Problem>>,
    of: PhantomData<fn() -> E>,
}

impl<E: Endpoint> Clone for Mutation<E> {
    fn clone(&self) -> Self {
        Self { send: self.send.clone(), busy: self.busy, problem: self.problem.clone(), of: PhantomData }
    }
}

impl<E: Endpoint> Mutation<E> {
    /// Makes the call.
    pub fn run(&self, path: E::Path, body: E::Body) {
        self.send.emit((path_of::<E>(&path), api::write(&body)));
    }
}

/// Prepares a call; `done` gets the answer. Every failure appears as a notice and in [`Mutation::problem`].
#[hook]
pub fn use_mutation<E, F>(done: F) -> Mutation<E>
where
    E: Endpoint<Query = ()>,
    F: Fn(E::Response) + 'static,
{
    let done: Done = Rc::new(move |text| api::read(text).map(&done));
    let (send, busy, problem) = use_sending(E::METHOD, done);
    Mutation { send, busy, problem, of: PhantomData }
}

/// Takes the answer's text.
type Done = Rc<dyn Fn(&str) -> Result<(), Problem>>;

/// Sends to an address a body, or says why that could not be written.
type Send = Callback<(String, Result<String, Problem>)>;

#[hook]
fn use_sending(method: Method, done: Done) -> (Send, bool, Option<Rc<Problem>>) {
    let session = use_session();
    let notices = use_notices();
    let busy = use_state_eq(|| false);
    let problem = use_state(|| None::<Rc<Problem>>);
    let send = {
        let (busy, problem) = (busy.setter(), problem.setter());
        Callback::from(move |(address, body): (String, Result<String, Problem>)| {
            let (busy, problem, done) = (busy.clone(), problem.clone(), done.clone());
            let (session, notices) = (session.clone(), notices.clone());
            busy.set(true);
            spawn_local(async move {
                let answer = match body {
                    Ok(body) => api::send(method, address, body).await,
                    Err(unwritten) => Err(unwritten),
                };
                busy.set(false);
                match answer.and_then(|text| done(&text)) {
                    Ok(()) => problem.set(None),
                    Err(found) => {
                        session.heed(&found);
                        notices.failed(&found);
                        problem.set(Some(Rc::new(found)));
                    }
                }
            });
        })
    };
    (send, *busy, (*problem).clone())
}

/// What follows a call of [`Calls`]: takes the answer's text, or why there is none. Gives whether a call that was not heard is kept,
/// and needs no notice. `Err`: the text could not be read.
type Ended = dyn FnOnce(Result<&str, Undone>) -> Result<bool, Problem>;

/// Why a call did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone {
    /// The service could not be reached, or failed: the same may go well later.
    Unheard,
    /// The service does not take it.
    Refused,
}

impl Undone {
    fn of(problem: &Problem) -> Self {
        if problem.status == 0 || problem.status >= 500 { Undone::Unheard } else { Undone::Refused }
    }
}

/// Makes calls, several at once if need be, each with its own end: for lists that change before the answer is there.
#[derive(Clone)]
pub struct Calls {
    session: Session,
    notices: Notices,
}

impl Calls {
    /// Makes a call. A failure appears as a notice; `done` hears of it too, so that what was shown already can go back.
    pub fn run<E: Endpoint<Query = ()>>(
        &self,
        path: &E::Path,
        body: &E::Body,
        done: impl FnOnce(Option<E::Response>) + 'static,
    ) {
        let done = Box::new(move |text: Result<&str, Undone>| {
            let (answer, told) = match text.ok().map(api::read).transpose() {
                Ok(answer) => (answer, Ok(false)),
                Err(unread) => (None, Err(unread)),
            };
            done(answer);
            told
        });
        self.send(E::METHOD, path_of::<E>(path), api::write(body), done);
    }

    /// The same where only whether it went well matters.
    pub fn tell<E: Endpoint<Query = ()>>(
        &self,
        path: &E::Path,
        body: &E::Body,
        done: impl FnOnce(bool) + 'static,
    ) {
        let done = Box::new(move |text: Result<&str, Undone>| {
            done(text.is_ok());
            Ok(false)
        });
        self.send(E::METHOD, path_of::<E>(path), api::write(body), done);
    }

    /// For those who may keep what was not heard and send it again: they get the answer's text, and give whether they do; then it
    /// is theirs to tell, and no notice appears.
    pub fn say<E: Endpoint<Query = ()>>(
        &self,
        path: &E::Path,
        body: &E::Body,
        done: impl FnOnce(Result<&str, Undone>) -> bool + 'static,
    ) {
        let done = Box::new(move |text: Result<&str, Undone>| Ok(done(text)));
        self.send(E::METHOD, path_of::<E>(path), api::write(body), done);
    }

    fn send(&self, method: Method, address: String, body: Result<String, Problem>, done: Box<Ended>) {
        let (session, notices) = (self.session.clone(), self.notices.clone());
        spawn_local(async move {
            let answer = match body {
                Ok(body) => api::send(method, address, body).await,
                Err(unwritten) => Err(unwritten),
            };
            let ended = match answer {
                Ok(text) => done(Ok(&text)),
                Err(found) => match done(Err(Undone::of(&found))) {
                    Ok(true) => Ok(true),
                    _ => Err(found),
                },
            };
            if let Err(found) = ended {
                session.heed(&found);
                notices.failed(&found);
            }
        });
    }
}

/// Prepares calls that end each in its own way.
#[hook]
pub fn use_calls() -> Calls {
    Calls { session: use_session(), notices: use_notices() }
}
