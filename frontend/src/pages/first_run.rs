//! The first run: the owner's account and the business's name.

use goodword_shared::api::session::{FirstRun as Answers, SessionView, SetUp};
use yew::prelude::*;

use crate::{
    components::{Button, Field, Kind},
    hooks::{Saving, change, fault, submit, use_entering},
    words::{self, session},
};

#[derive(Clone, PartialEq, Properties)]
pub struct FirstRunProps {
    /// Set up and signed in.
    pub entered: Callback<SessionView>,
}

/// The page that makes the service the owner's.
#[component]
pub fn FirstRun(props: &FirstRunProps) -> Html {
    let answers =
        use_state(|| Answers { business: String::new(), email: String::new(), password: String::new() });
    let Saving { run, busy, problem } = use_entering::<SetUp>(props.entered.clone());
    let onsubmit = {
        let answers = answers.clone();
        submit(move || run.emit((*answers).clone()))
    };
    let set = |part: fn(&mut Answers, String)| change(&answers, part);
    let fault = |field: &str| fault(problem.as_ref(), field);
    let unplaced = problem.as_ref().filter(|p| p.errors.is_empty());
    html! {
        <main class="gw-gate" data-testid="page-first-run">
            <form class="gw-gate__box" {onsubmit}>
                <p class="gw-gate__owner">{ words::shell::NAME }</p>
                <h1>{ session::WELCOME }</h1>
                <p class="gw-lead">{ session::WELCOME_LEAD }</p>
                if let Some(problem) = unplaced {
                    <p class="gw-field__fault" role="alert">{ problem.to_string() }</p>
                }
                <Field id="business" label={session::BUSINESS} help={session::BUSINESS_HELP} autocomplete="organization"
                    fault={fault("business")} value={answers.business.clone()} onchange={set(|a, v| a.business = v)} />
                <Field id="sign-in-name" label={session::EMAIL} kind="email" autocomplete="username"
                    fault={fault("email")} value={answers.email.clone()} onchange={set(|a, v| a.email = v)} />
                <Field id="sign-in-password" label={session::PASSWORD} help={session::PASSWORD_HELP} kind="password"
                    autocomplete="new-password" fault={fault("password")} value={answers.password.clone()} onchange={set(|a, v| a.password = v)} />
                <Button kind={Kind::Primary} submit=true busy={busy} label={session::BEGIN} testid="sign-in-submit" />
            </form>
        </main>
    }
}
