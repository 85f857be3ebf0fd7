//! Changing: one hook for every call that does something. A failure is told in a notice; success is told by whoever
//! asked, who also knows what undoes it.

use std::rc::Rc;

use goodword_shared::{Problem, api::Endpoint};
use yew::{platform::spawn_local, prelude::*};

use crate::{api, components::use_notices, session::use_session};

/// A call that can be made, and how the last one went.
pub struct Mutation<E: Endpoint> {
    run: Callback<(E::Path, E::Body)>,
    /// It is under way.
    pub busy: bool,
    /// What went wrong the last time, for forms that show it beside their fields.
    pub problem: Option<Rc<Problem>>,
}

impl<E: Endpoint> Clone for Mutation<E> {
    fn clone(&self) -> Self {
        Self { run: self.run.clone(), busy: self.busy, problem: self.problem.clone() }
    }
}

impl<E: Endpoint> Mutation<E> {
    /// Makes the call.
    pub fn run(&self, path: E::Path, body: E::Body) {
        self.run.emit((path, body));
    }
}

/// Prepares a call; `done` gets the answer. Every failure appears as a notice and in [`Mutation::problem`].
#[hook]
pub fn use_mutation<E, F>(done: F) -> Mutation<E>
where
    E: Endpoint<Query = ()>,
    F: Fn(E::Response) + 'static,
{
    let session = use_session();
    let notices = use_notices();
    let busy = use_state_eq(|| false);
    let problem = use_state(|| None::<Rc<Problem>>);
    let done = Rc::new(done);
    let run = {
        let (busy, problem) = (busy.setter(), problem.setter());
        Callback::from(move |(path, body): (E::Path, E::Body)| {
            let (busy, problem, done) = (busy.clone(), problem.clone(), done.clone());
            let (session, notices) = (session.clone(), notices.clone());
            busy.set(true);
            spawn_local(async move {
                let answer = api::call::<E>(&path, &(), &body).await;
                busy.set(false);
                match answer {
                    Ok(value) => {
                        problem.set(None);
                        done(value);
                    }
                    Err(found) => {
                        session.heed(&found);
                        notices.failed(&found);
                        problem.set(Some(Rc::new(found)));
                    }
                }
            });
        })
    };
    Mutation { run, busy: *busy, problem: (*problem).clone() }
}
