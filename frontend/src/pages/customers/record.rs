//! What can be done with a customer's record: edited, joined with another, parted in two, handed out, forgotten; and what was
//! done with it, to be taken back.

use goodword_shared::api::{
    ById,
    customers::{CustomerChange, CustomerView, PatchCustomer},
    path_of,
    records::{
        ForgetCustomer, GetPersonData, Merge, MergeCustomers, Split, SplitCustomer, Step, StepKind, UndoStep,
    },
};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use super::picker::Picker;
use crate::{
    components::{Button, Confirm, Dialog, Field, Kind, When, face, use_notices},
    hooks::{self, use_calls, use_mutation},
    route::Route,
    words::{self, customers},
};

/// Which dialog is open.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Edit,
    Join,
    Part,
    Forget,
}

#[derive(Clone, PartialEq, Properties)]
pub struct RecordProps {
    /// The customer.
    pub view: CustomerView,
    /// Shows them as a change has returned them.
    pub put: Callback<CustomerView>,
    /// Asks for them again.
    pub refetch: Callback<()>,
}

/// The panel.
#[component]
pub fn Record(props: &RecordProps) -> Html {
    let open = use_state_eq(|| None::<Open>);
    let calls = use_calls();
    let notices = use_notices();
    let navigator = use_navigator();
    let id = props.view.customer.id.to_string();
    let show = {
        let open = open.setter();
        Callback::from(move |which: Option<Open>| open.set(which))
    };
    let undo = {
        let (calls, refetch, notices) = (calls.clone(), props.refetch.clone(), notices.clone());
        Callback::from(move |step: String| {
            let (refetch, notices) = (refetch.clone(), notices.clone());
            calls.tell::<UndoStep>(&ById { id: step }, &(), move |done| {
                if done {
                    notices.done(customers::UNDONE, None);
                }
                refetch.emit(());
            });
        })
    };
    let stepped = {
        let (refetch, show, notices, undo) =
            (props.refetch.clone(), show.clone(), notices.clone(), undo.clone());
        Callback::from(move |step: Option<Step>| {
            let Some(step) = step else { return };
            notices.done(step.text, Some(undo.reform(move |()| step.id.clone())));
            show.emit(None);
            refetch.emit(());
        })
    };
    let path = ById { id: id.clone() };
    let onjoin = {
        let (calls, stepped, path) = (calls.clone(), stepped.clone(), path.clone());
        Callback::from(move |other: goodword_shared::customer::Customer| {
            let stepped = stepped.clone();
            calls.run::<MergeCustomers>(&path, &Merge { other: other.id }, move |step| stepped.emit(step));
        })
    };
    let onpart = {
        let (calls, path) = (calls.clone(), path.clone());
        Callback::from(move |split: Split| {
            let stepped = stepped.clone();
            calls.run::<SplitCustomer>(&path, &split, move |step| stepped.emit(step));
        })
    };
    let onforget = {
        let path = path.clone();
        Callback::from(move |()| {
            let (notices, navigator) = (notices.clone(), navigator.clone());
            calls.tell::<ForgetCustomer>(&path, &(), move |done| {
                if let (true, Some(navigator)) = (done, navigator) {
                    notices.done(customers::FORGOTTEN, None);
                    navigator.replace(&Route::Customers);
                }
            });
        })
    };
    let button = |label: &'static str, which: Open, testid: &'static str| {
        let show = show.clone();
        html!(<Button kind={Kind::Link} {label} onclick={move |()| show.emit(Some(which))} {testid} />)
    };
    let close = show.reform(|()| None);
    let name = &props.view.customer.facts.name;
    html! {
        <section class="gw-panel">
            <h2>{ customers::RECORD_DEEDS }</h2>
            <div class="gw-record">
                { button(customers::EDIT, Open::Edit, "record-edit") }
                { button(customers::JOIN, Open::Join, "record-join") }
                if props.view.matches.iter().any(|m| m.state.holds()) || !props.view.orders.is_empty() {
                    { button(customers::PART, Open::Part, "record-part") }
                }
                <a class={Kind::Link.class()} href={path_of::<GetPersonData>(&path)} download="person.json" data-testid="record-data">
                    { face(None, customers::DATA) }
                </a>
                { button(customers::FORGET, Open::Forget, "record-forget") }
            </div>
            if !props.view.steps.is_empty() {
                <ul class="gw-rows" role="list">{ for props.view.steps.iter().map(|step| told(step, &undo)) }</ul>
            }
            { match *open {
                None => html!(),
                Some(Open::Edit) => html!(<Edit view={props.view.clone()} put={&props.put} onclose={close} />),
                Some(Open::Join) => html! {
                    <Picker title={customers::JOIN_WITH} words={name.split_whitespace().last().unwrap_or_default().to_owned()} without={id} onpick={onjoin} onclose={close} />
                },
                Some(Open::Part) => html!(<Part view={props.view.clone()} {onpart} onclose={close} />),
                Some(Open::Forget) => html! {
                    <Confirm title={customers::forget(name)} text={customers::FORGET_TEXT} verb={customers::FORGET_VERB} onconfirm={onforget} onclose={close} />
                },
            } }
        </section>
    }
}

fn told(step: &Step, undo: &Callback<String>) -> Html {
    let id = step.id.clone();
    let onclick = undo.reform(move |()| id.clone());
    html! {
        <li key={step.id.clone()} class="gw-pick" data-testid="record-step">
            <div>
                <p class={step.undone.then_some("gw-undone")}>{ &step.text }</p>
                <p class="gw-facts"><When at={step.at} /><span>{ if step.undone { customers::TAKEN_BACK } else { &step.by } }</span></p>
            </div>
            if !step.undone && step.kind != StepKind::Undo {
                <Button kind={Kind::Link} label={words::UNDO} about={step.text.clone()} {onclick} testid="record-undo" />
            }
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct EditProps {
    view: CustomerView,
    put: Callback<CustomerView>,
    onclose: Callback<()>,
}

/// The record's lines, as text.
#[component]
fn Edit(props: &EditProps) -> Html {
    let facts = &props.view.customer.facts;
    let change = use_state(|| CustomerChange {
        name: Some(facts.name.clone()),
        email: Some(facts.email.clone().unwrap_or_default()),
        phone: Some(facts.phone.clone().unwrap_or_default()),
        city: Some(facts.city.clone().unwrap_or_default()),
        company: Some(facts.company.clone().unwrap_or_default()),
        birthday: Some(facts.birthday.clone().unwrap_or_default()),
        ..CustomerChange::default()
    });
    let notices = use_notices();
    let patch = {
        let (put, onclose) = (props.put.clone(), props.onclose.clone());
        use_mutation::<PatchCustomer, _>(move |view| {
            notices.done(customers::SAVED, None);
            put.emit(view);
            onclose.emit(());
        })
    };
    let save = {
        let (patch, change, id) = (patch.clone(), change.clone(), props.view.customer.id.to_string());
        Callback::from(move |()| patch.run(ById { id: id.clone() }, (*change).clone()))
    };
    type Part = fn(&mut CustomerChange) -> &mut Option<String>;
    let fields: [(&'static str, &'static str, &'static str, Part); 6] = [
        ("name", customers::NAME, "", |c| &mut c.name),
        ("email", customers::EMAIL, "", |c| &mut c.email),
        ("phone", customers::PHONE, "", |c| &mut c.phone),
        ("city", customers::CITY, "", |c| &mut c.city),
        ("company", customers::COMPANY, "", |c| &mut c.company),
        ("birthday", customers::BIRTHDAY, customers::BIRTHDAY_HELP, |c| &mut c.birthday),
    ];
    let fault = |field: &str| hooks::fault(patch.problem.as_ref(), field);
    let footer = html! {
        <>
            <Button kind={Kind::Primary} label={words::SAVE} onclick={save} busy={patch.busy} testid="record-save" />
            <Button kind={Kind::Link} label={words::CANCEL} onclick={&props.onclose} />
        </>
    };
    html! {
        <Dialog title={customers::EDIT} onclose={&props.onclose} {footer}>
            { for fields.into_iter().map(|(name, label, help, part)| {
                let value = part(&mut (*change).clone()).clone().unwrap_or_default();
                let onchange = hooks::change(&change, move |change, text| *part(change) = Some(text));
                html!(<Field id={format!("record-{name}")} {label} {help} {value} {onchange} fault={fault(name)} required={name == "name"} />)
            }) }
        </Dialog>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PartProps {
    view: CustomerView,
    onpart: Callback<Split>,
    onclose: Callback<()>,
}

/// What belongs to somebody else.
#[component]
fn Part(props: &PartProps) -> Html {
    let split = use_state(Split::default);
    let onname = hooks::change(&split, |split, name| split.name = name);
    let toggle = |part: fn(&mut Split, String, bool), key: String| {
        let on = hooks::change(&split, move |split, on| part(split, key.clone(), on));
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                on.emit(input.checked());
            }
        })
    };
    let takes_something = !split.authors.is_empty() || !split.orders.is_empty();
    let ready = takes_something && !split.name.trim().is_empty();
    let onclick = {
        let (onpart, split) = (props.onpart.clone(), split.clone());
        Callback::from(move |()| onpart.emit((*split).clone()))
    };
    let footer = html! {
        <>
            <Button kind={Kind::Primary} label={customers::PART_VERB} {onclick} disabled={!ready} testid="record-part-save" />
            <Button kind={Kind::Link} label={words::CANCEL} onclick={&props.onclose} />
        </>
    };
    let accounts = props.view.matches.iter().filter(|found| found.state.holds()).map(|found| {
        let label = format!("{} · {}", found.author.shown().unwrap_or(words::SOMEBODY), found.platform);
        let change = toggle(
            |split, id, on| {
                split.authors.retain(|known| known.as_str() != id);
                split.authors.extend(on.then(|| id.into()));
            },
            found.author_id.to_string(),
        );
        check(label, change)
    });
    let orders = props.view.orders.iter().map(|order| {
        let label = [Some(order.id.clone()), order.product.clone()].into_iter().flatten().collect::<Vec<_>>();
        let change = toggle(
            |split, id, on| {
                split.orders.retain(|known| *known != id);
                split.orders.extend(on.then_some(id));
            },
            order.id.clone(),
        );
        check(label.join(" · "), change)
    });
    html! {
        <Dialog title={customers::PART_TITLE} onclose={&props.onclose} {footer} testid="record-part-dialog">
            <p>{ customers::PART_TEXT }</p>
            <Field id="part-name" label={customers::PART_NAME} value={split.name.clone()} onchange={onname} />
            <fieldset class="gw-checks"><legend>{ customers::PART_WHAT }</legend>{ for accounts }{ for orders }</fieldset>
        </Dialog>
    }
}

fn check(label: String, onchange: Callback<Event>) -> Html {
    html!(<label class="gw-check"><input type="checkbox" {onchange} /><span>{ label }</span></label>)
}
