//! Who is signed in. Asks once, offers the first-run or sign-in page where needed, lets the demo in, and notices when
//! a session has ended.

use goodword_shared::{
    Problem,
    api::session::{GetSession, SessionView},
};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    api,
    components::{Failure, skeleton},
    pages::{FirstRun, SignIn},
};

/// The session as pages see it.
#[derive(Clone, PartialEq)]
pub struct Session {
    /// What the service says.
    pub view: SessionView,
    renew: Callback<()>,
}

impl Session {
    /// Looks at a problem: where it says that nobody is signed in, the session is asked for again.
    pub fn heed(&self, problem: &Problem) {
        if problem.status == 401 {
            self.renew.emit(());
        }
    }

    /// Asks the service anew, after signing out.
    pub fn renew(&self) {
        self.renew.emit(());
    }
}

#[derive(Clone, PartialEq)]
enum State {
    Asking,
    Known(SessionView),
    Failed(Problem),
}

#[derive(Clone, PartialEq, Properties)]
pub struct SessionGateProps {
    /// What is shown to somebody who is signed in.
    pub children: Html,
}

/// Lets through who is signed in.
#[component]
pub fn SessionGate(props: &SessionGateProps) -> Html {
    let state = use_state_eq(|| State::Asking);
    let ask = {
        let state = state.setter();
        use_callback((), move |(), ()| {
            let state = state.clone();
            spawn_local(async move {
                state.set(match api::call::<GetSession>(&(), &(), &()).await {
                    Ok(view) => State::Known(view),
                    Err(problem) => State::Failed(problem),
                });
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with((), move |()| ask.emit(()));
    }
    let entered = {
        let state = state.setter();
        use_callback((), move |view, ()| state.set(State::Known(view)))
    };
    match &*state {
        State::Asking => html!(<main class="gw-gate">{ skeleton(3) }</main>),
        State::Failed(problem) => html! {
            <main class="gw-gate"><Failure problem={problem.clone()} retry={ask} /></main>
        },
        State::Known(view) if view.first_run => html!(<FirstRun {entered} />),
        State::Known(view) if view.user.is_none() => {
            html!(<SignIn {entered} business={view.business.clone()} />)
        }
        State::Known(view) => {
            let session = Session { view: view.clone(), renew: ask };
            html!(<ContextProvider<Session> context={session}>{ props.children.clone() }</ContextProvider<Session>>)
        }
    }
}

/// The session of whoever looks at the page.
#[hook]
pub fn use_session() -> Session {
    use_context::<Session>().expect("pages are drawn inside SessionGate")
}
