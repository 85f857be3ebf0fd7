//! Settings: the business, the promise, the thresholds in words, the password.

mod themes;

use std::rc::Rc;

use goodword_shared::{
    api::settings::{GetSettings, NewPassword, PutPassword, PutSettings},
    settings::Settings as Owner,
};
use yew::prelude::*;

use self::themes::Themes;
use crate::{
    components::{Button, Choice, Field, Kind, Page, async_view, use_notices},
    format,
    hooks::{change, fault, submit, use_mutation, use_query},
    route::Route,
    session::use_session,
    words::{self, settings},
};

/// The page.
#[component]
pub fn Settings() -> Html {
    let fetched = use_query::<GetSettings>((), (), &[]);
    let demo = use_session().view.demo;
    let ready = fetched.ready().is_some();
    html! {
        <Page at={Route::Settings} lead={html!(settings::LEAD)} {ready}>
            <div class="gw-columns">
                { async_view(&fetched, 5, |owner| html!(<Form owner={owner.clone()} />)) }
                if !demo {
                    <Password />
                }
            </div>
        </Page>
    }
}

/// A number among the settings: its label, how it is read and written, and the factor between what is shown and kept.
struct Number {
    id: &'static str,
    /// What the service calls it.
    field: &'static str,
    label: &'static str,
    get: fn(&Owner) -> f64,
    set: fn(&mut Owner, f64),
    /// What is shown is so many times what is kept.
    times: f64,
}

/// Numbers that are shown as so many times what is kept under a name: `id LABEL: field * times`.
macro_rules! numbers {
    ($name:ident: $($id:literal $label:ident: $field:ident * $times:literal),+) => {
        const $name: &[Number] = &[$(Number {
            id: $id,
            field: stringify!($field),
            label: settings::$label,
            get: |owner| owner.$field.into(),
            set: |owner, n| owner.$field = n as _,
            times: $times,
        }),+];
    };
}

// What does not fit the kept type becomes its nearest; the service checks the bounds.
numbers!(PROMISE: "promise-hours" PROMISE_HOURS: promise_hours * 1.0);
numbers!(UNHAPPY:
    "unhappy-stars" UNHAPPY_STARS: unhappy_rating_share * 5.0,
    "unhappy-sure" UNHAPPY_SURE: unhappy_confidence * 100.0,
    "case-days" CASE_DAYS: case_days * 1.0,
    "alert-hours" ALERT_HOURS: alert_hours * 1.0
);
numbers!(PROMOTERS:
    "promoter-stars" PROMOTER_STARS: promoter_rating_share * 5.0,
    "promoter-sure" PROMOTER_SURE: promoter_confidence * 100.0,
    "promoter-days" PROMOTER_DAYS: promoter_days * 1.0,
    "ask-again" ASK_AGAIN: ask_again_days * 1.0
);
numbers!(MATCHING: "match-precision" MATCH_PRECISION: match_precision * 100.0);

#[derive(Clone, PartialEq, Properties)]
struct FormProps {
    owner: Rc<Owner>,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let owner = use_state(|| (*props.owner).clone());
    // What is typed into a number's field and is not a number yet.
    let typed = use_state(std::collections::BTreeMap::<&'static str, String>::new);
    let notices = use_notices();
    let kept = use_state(|| props.owner.clone());
    let save = {
        let (owner, kept) = (owner.setter(), kept.clone());
        use_mutation::<PutSettings, _>(move |now: Owner| {
            let themes = now.themes != kept.themes;
            notices.done(if themes { settings::SAVED_THEMES } else { settings::SAVED }, None);
            owner.set(now.clone());
            kept.set(Rc::new(now));
        })
    };
    let told = |field: &str| fault(save.problem.as_ref(), field);
    let saved: Vec<String> = kept.themes.iter().map(|theme| theme.name.clone()).collect();
    let text = |part: fn(&mut Owner, String)| change(&owner, part);
    let number = |field: &'static Number| {
        let shown = typed
            .get(field.id)
            .cloned()
            .unwrap_or_else(|| format::decimal((field.get)(&owner) * field.times));
        let onchange = {
            let (set, typed) = (change(&owner, field.set), typed.clone());
            Callback::from(move |value: String| {
                let parsed = value.trim().replace(',', ".").parse::<f64>().ok().filter(|n| n.is_finite());
                let mut held = (*typed).clone();
                held.insert(field.id, value);
                typed.set(held);
                if let Some(n) = parsed {
                    set.emit(n / field.times);
                }
            })
        };
        let wrong = shown.trim().replace(',', ".").parse::<f64>().is_err();
        let fault = if wrong { Some(AttrValue::Static(settings::NOT_A_NUMBER)) } else { told(field.field) };
        html!(<Field key={field.id} id={field.id} label={field.label} value={shown} {onchange} {fault} />)
    };
    let switch = |id: &'static str, label: &'static str, on: bool, part: fn(&mut Owner, bool)| {
        let onchange = change(&owner, part).reform(|value: String| value == "on");
        let options: Vec<(AttrValue, AttrValue)> =
            vec![("on".into(), settings::YES.into()), ("off".into(), settings::NO.into())];
        html!(<Choice {id} {label} {options} value={if on { "on" } else { "off" }} {onchange} />)
    };
    let onsubmit = {
        let (save, owner) = (save.clone(), owner.clone());
        submit(move || {
            let mut next = (*owner).clone();
            next.themes.retain(|theme| !theme.name.trim().is_empty());
            save.run((), next);
        })
    };
    html! {
        <form class="gw-form" {onsubmit}>
            <section class="gw-panel">
                <h2>{ settings::BUSINESS }</h2>
                <Field id="business" label={settings::NAME} value={owner.business.clone()} onchange={text(|o, v| o.business = v)} />
                <Field id="currency" label={settings::CURRENCY} help={settings::CURRENCY_HELP} value={owner.currency.clone()} onchange={text(|o, v| o.currency = v)} />
                <Field id="contact" label={settings::CONTACT} help={settings::CONTACT_HELP} value={owner.contact.clone()} onchange={text(|o, v| o.contact = v)} required=false />
            </section>
            <section class="gw-panel">
                <h2>{ settings::PROMISE }</h2>
                { for PROMISE.iter().map(number) }
            </section>
            <section class="gw-panel">
                <h2>{ settings::UNHAPPY }</h2>
                <p class="gw-quiet">{ settings::UNHAPPY_HELP }</p>
                { for UNHAPPY.iter().map(number) }
            </section>
            <section class="gw-panel">
                <h2>{ settings::PROMOTERS }</h2>
                { for PROMOTERS.iter().map(number) }
            </section>
            <section class="gw-panel">
                <h2>{ settings::MATCHING }</h2>
                <p class="gw-quiet">{ settings::MATCHING_HELP }</p>
                { switch("match-authors", settings::MATCH_AUTHORS, owner.match_authors, |o, on| o.match_authors = on) }
                { for MATCHING.iter().map(number) }
                { switch("match-contacts", settings::MATCH_CONTACTS, owner.match_contacts, |o, on| o.match_contacts = on) }
            </section>
            <Themes themes={owner.themes.clone()} {saved} fault={told("themes")} onchange={change(&owner, |o, themes| o.themes = themes)} />
            <p class="gw-row"><Button kind={Kind::Primary} submit=true label={words::SAVE} busy={save.busy} testid="settings-save" /></p>
        </form>
    }
}

/// Changing one's own password.
#[component]
fn Password() -> Html {
    let current = use_state(String::new);
    let new = use_state(String::new);
    let notices = use_notices();
    let put = {
        let (current, new) = (current.setter(), new.setter());
        use_mutation::<PutPassword, _>(move |()| {
            notices.done(settings::PASSWORD_CHANGED, None);
            current.set(String::new());
            new.set(String::new());
        })
    };
    let set = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |value| state.set(value))
    };
    let onsubmit = {
        let (put, current, new) = (put.clone(), current.clone(), new.clone());
        submit(move || {
            put.run((), NewPassword { current: (*current).clone(), new: (*new).clone() });
        })
    };
    html! {
        <form class="gw-panel gw-form" {onsubmit}>
            <h2>{ settings::PASSWORD }</h2>
            <Field id="password-current" kind="password" autocomplete="current-password" label={settings::CURRENT} value={(*current).clone()} onchange={set(&current)} />
            <Field id="password-new" kind="password" autocomplete="new-password" label={settings::NEW} help={settings::NEW_HELP} value={(*new).clone()} onchange={set(&new)} />
            <p class="gw-row"><Button submit=true label={settings::CHANGE_PASSWORD} busy={put.busy} /></p>
        </form>
    }
}
