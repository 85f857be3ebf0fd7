//! Signing in.

use goodword_shared::api::session::{Credentials, SessionView, SignIn as Call};
use yew::prelude::*;

use crate::{
    components::{Button, Field, Kind},
    hooks::{Saving, submit, use_entering},
    words::{self, session},
};

#[derive(Clone, PartialEq, Properties)]
pub struct SignInProps {
    /// The business's name.
    pub business: String,
    /// Signed in.
    pub entered: Callback<SessionView>,
}

/// The page before all others.
#[component]
pub fn SignIn(props: &SignInProps) -> Html {
    let email = use_state_eq(String::new);
    let password = use_state_eq(String::new);
    let Saving { run, busy, problem } = use_entering::<Call>(props.entered.clone());
    let onsubmit = {
        let credentials = Credentials { email: (*email).clone(), password: (*password).clone() };
        submit(move || run.emit(credentials.clone()))
    };
    let set = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |value| state.set(value))
    };
    html! {
        <main class="gw-gate" data-testid="page-sign-in">
            <form class="gw-gate__box" {onsubmit}>
                <p class="gw-gate__owner">{ if props.business.is_empty() { words::shell::NAME } else { &props.business } }</p>
                <h1>{ session::SIGN_IN }</h1>
                <p class="gw-lead">{ session::SIGN_IN_LEAD }</p>
                if let Some(problem) = &problem {
                    <p class="gw-field__fault" role="alert">{ problem.to_string() }</p>
                }
                <Field id="sign-in-name" label={session::EMAIL} kind="email" autocomplete="username"
                    value={(*email).clone()} onchange={set(&email)} />
                <Field id="sign-in-password" label={session::PASSWORD} kind="password" autocomplete="current-password"
                    value={(*password).clone()} onchange={set(&password)} />
                <Button kind={Kind::Primary} submit=true busy={busy} label={session::SIGN_IN} testid="sign-in-submit" />
            </form>
        </main>
    }
}
