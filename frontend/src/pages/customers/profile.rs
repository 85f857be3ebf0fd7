//! One customer: what is on record, how to reach them, everything they said and everything that was done.

use goodword_shared::{
    api::{
        ById,
        cases::NewNote,
        customers::{CustomerChange, CustomerView, GetCustomer, PatchCustomer},
        records::{PostCustomerNote, PutCustomerNote},
    },
    case::{CaseCard, ContactLink},
    customer::Consent,
};
use yew::prelude::*;

use super::{accounts::Accounts, record::Record};
use crate::{
    clock,
    components::{
        Button, Choice, Dialog, Go, Kind, Page, TextBox, Timeline, When, async_view, switch, use_notices,
    },
    format,
    hooks::{focus_on, use_calls, use_currency, use_mutation, use_query},
    route::Route,
    words::{self, customers},
};

/// So many orders the service tells at most.
const ORDERS: usize = 50;

#[derive(Clone, PartialEq, Properties)]
pub struct CustomerProps {
    /// Which.
    pub id: String,
}

/// The page.
#[component]
pub fn Customer(props: &CustomerProps) -> Html {
    let fetched = use_query::<GetCustomer>(
        ById { id: props.id.clone() },
        (),
        &["customers", "matches", "cases", "mentions"],
    );
    let currency = use_currency();
    let ready = fetched.ready();
    let title = ready.map(|view| AttrValue::from(view.customer.facts.name.clone()));
    html! {
        <Page at={Route::Customer { id: props.id.clone() }} {title} ready={ready.is_some()}>
            { async_view(&fetched, 5, |view| html! {
                <div class="gw-case">
                    <div class="gw-case__story">
                        <Story id={props.id.clone()} view={CustomerView::clone(view)} put={fetched.put.clone()} />
                    </div>
                    <aside class="gw-case__facts">
                        { record(view, &currency) }
                        { occasions(view) }
                        <Accounts view={CustomerView::clone(view)} refetch={fetched.refetch.clone()} />
                        { cases(&view.cases) }
                        <Own id={props.id.clone()} view={CustomerView::clone(view)} put={fetched.put.clone()} />
                        <Record view={CustomerView::clone(view)} put={fetched.put.clone()} refetch={fetched.refetch.clone()} />
                    </aside>
                </div>
            }) }
        </Page>
    }
}

fn record(view: &CustomerView, currency: &str) -> Html {
    let facts = &view.customer.facts;
    let consent =
        facts.contact_consent.map(|yes| if yes { customers::YES } else { customers::NO }.to_owned());
    let pairs = [
        (customers::NUMBER, facts.external_id.clone()),
        (customers::COMPANY, facts.company.clone()),
        (customers::CITY, facts.city.clone()),
        (customers::VALUE, facts.value.map(|v| format::money(v, currency))),
        (customers::SINCE, facts.since.map(|at| format::date(clock::date(at)))),
        (customers::EMAIL, facts.email.clone()),
        (customers::PHONE, facts.phone.clone()),
        (customers::BIRTHDAY, facts.birthday.as_deref().map(birthday)),
        (customers::CONSENT, consent),
        (customers::TAGS, (!facts.tags.is_empty()).then(|| facts.tags.join(", "))),
    ];
    html! {
        <section class="gw-panel">
            <h2>{ customers::RECORD }</h2>
            if pairs.iter().all(|(_, value)| value.is_none()) {
                <p class="gw-quiet">{ customers::RECORD_EMPTY }</p>
            }
            <dl class="gw-pairs">
                { for pairs.into_iter().filter_map(|(name, value)| value.map(|value| html!(<><dt>{ name }</dt><dd>{ value }</dd></>))) }
            </dl>
            if !view.contacts.is_empty() {
                <h3>{ customers::REACH }</h3>
                <ul class="gw-links" role="list">{ for view.contacts.iter().map(contact) }</ul>
            }
        </section>
    }
}

/// A way to reach them; only the schemes that the service makes become links.
fn contact(link: &ContactLink) -> Html {
    let known = ["tel:", "mailto:", "sms:", "https://", "http://"].iter().any(|s| link.href.starts_with(s));
    if !known {
        return html!(<li>{ &link.label }</li>);
    }
    html!(<li><a href={link.href.clone()} rel="noopener noreferrer">{ &link.label }</a></li>)
}

/// "31 March 1980", or "31 March" where the year is not known.
fn birthday(day: &str) -> String {
    let whole = day.strip_prefix("--").map_or_else(|| day.to_owned(), |rest| format!("2000-{rest}"));
    let Ok(date) = whole.parse() else { return day.to_owned() };
    let text = format::date(date);
    if whole == day { text } else { text.trim_end_matches(" 2000").to_owned() }
}

/// Days worth a word.
fn occasions(view: &CustomerView) -> Html {
    if view.occasions.is_empty() {
        return html!();
    }
    let day = |on: &str| on.parse().map_or_else(|_| on.to_owned(), format::date);
    html! {
        <section class="gw-panel" data-testid="customer-occasions">
            <h2>{ customers::OCCASIONS }</h2>
            <ul class="gw-rows" role="list">
                { for view.occasions.iter().map(|one| html! {
                    <li><p class="gw-facts"><strong>{ customers::occasion(&one.what, one.years) }</strong><span>{ day(&one.on) }</span></p></li>
                }) }
            </ul>
        </section>
    }
}

fn cases(cases: &[CaseCard]) -> Html {
    if cases.is_empty() {
        return html!();
    }
    html! {
        <section class="gw-panel">
            <h2>{ customers::CASES }</h2>
            <ul class="gw-rows" role="list">
                { for cases.iter().map(|card| html! {
                    <li key={card.id.to_string()}>
                        <Go to={Route::Case { id: card.id.to_string() }}>{ card.reasons.join(", ") }</Go>
                        <p class="gw-facts"><span>{ words::case_state(card.state) }</span><When at={card.waiting_since} /></p>
                    </li>
                }) }
            </ul>
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OwnProps {
    id: String,
    view: CustomerView,
    put: Callback<CustomerView>,
}

/// What happened, and the owner's notes on it.
#[component]
fn Story(props: &OwnProps) -> Html {
    let calls = use_calls();
    let notices = use_notices();
    let draft = use_state_eq(String::new);
    let editing = use_state_eq(|| None::<(String, String)>);
    let onadd = {
        let (calls, notices, put) = (calls.clone(), notices.clone(), props.put.clone());
        let (draft, id) = (draft.clone(), props.id.clone());
        Callback::from(move |()| {
            let (put, notices, set) = (put.clone(), notices.clone(), draft.setter());
            let note = NewNote { text: (*draft).clone() };
            calls.run::<PostCustomerNote>(&ById { id: id.clone() }, &note, move |view| {
                if let Some(view) = view {
                    put.emit(view);
                    set.set(String::new());
                    notices.done(customers::NOTE_DONE, None);
                    // The button is switched off with the field empty.
                    focus_on("#customer-note");
                }
            });
        })
    };
    let ondraft = {
        let draft = draft.setter();
        Callback::from(move |text| draft.set(text))
    };
    let onedit = {
        let editing = editing.setter();
        Callback::from(move |note: (String, String)| editing.set(Some(note)))
    };
    let onkeep = {
        let (put, editing) = (props.put.clone(), editing.clone());
        Callback::from(move |text: Option<String>| {
            let (put, close) = (put.clone(), editing.setter());
            let Some(((id, _), text)) = (*editing).clone().zip(text) else { return close.set(None) };
            let said = if text.trim().is_empty() { customers::NOTE_REMOVED } else { customers::SAVED };
            let notices = notices.clone();
            calls.run::<PutCustomerNote>(&ById { id }, &NewNote { text }, move |view| {
                if let Some(view) = view {
                    put.emit(view);
                    notices.done(said, None);
                    close.set(None);
                }
            });
        })
    };
    html! {
        <section class="gw-panel">
            <h2>{ customers::STORY }</h2>
            <div class="gw-form gw-form--note">
                <TextBox id="customer-note" label={customers::ADD_NOTE} value={(*draft).clone()} onchange={ondraft} rows={2} />
                <p class="gw-row"><Button label={customers::ADD_NOTE} onclick={onadd} disabled={draft.trim().is_empty()} testid="customer-note-save" /></p>
            </div>
            if props.view.timeline.is_empty() {
                <p class="gw-quiet">{ customers::STORY_EMPTY }</p>
            }
            <Timeline entries={props.view.timeline.clone()} {onedit} testid="customer-timeline" />
            if props.view.orders.len() >= ORDERS {
                <p class="gw-quiet">{ customers::newest_orders(ORDERS) }</p>
            }
            if let Some((_, text)) = (*editing).clone() {
                <Note {text} {onkeep} />
            }
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct NoteProps {
    text: String,
    /// The new text, empty to remove it; none to leave it.
    onkeep: Callback<Option<String>>,
}

#[component]
fn Note(props: &NoteProps) -> Html {
    let text = use_state_eq(|| props.text.clone());
    let onchange = {
        let text = text.setter();
        Callback::from(move |new| text.set(new))
    };
    let now = (*text).clone();
    let footer = html! {
        <>
            <Button kind={Kind::Primary} label={words::SAVE} onclick={props.onkeep.reform(move |()| Some(now.clone()))} disabled={text.trim().is_empty()} testid="note-save" />
            <Button kind={Kind::Danger} label={customers::REMOVE} onclick={props.onkeep.reform(|()| Some(String::new()))} testid="note-remove" />
        </>
    };
    html! {
        <Dialog title={words::case::EDIT_NOTE} onclose={props.onkeep.reform(|()| None)} {footer}>
            <TextBox id="note-text" label={words::case::NOTE} value={(*text).clone()} {onchange} />
        </Dialog>
    }
}

/// What the owner writes on the record by hand.
#[component]
fn Own(props: &OwnProps) -> Html {
    let facts = &props.view.customer.facts;
    let notes = use_state(|| facts.notes.clone().unwrap_or_default());
    let notices = use_notices();
    let patch = {
        let put = props.put.clone();
        use_mutation::<PatchCustomer, _>(move |view| {
            notices.done(customers::SAVED, None);
            put.emit(view);
        })
    };
    let save = {
        let (patch, id) = (patch.clone(), props.id.clone());
        Callback::from(move |change: CustomerChange| patch.run(ById { id: id.clone() }, change))
    };
    let onswitch =
        save.reform(|on: bool| CustomerChange { do_not_contact: Some(on), ..CustomerChange::default() });
    let onsave = {
        let notes = notes.clone();
        save.reform(move |()| CustomerChange { notes: Some((*notes).clone()), ..CustomerChange::default() })
    };
    let onconsent = save.reform(|said: String| CustomerChange {
        contact_consent: Some(match said.as_str() {
            "yes" => Consent::Yes,
            "no" => Consent::No,
            _ => Consent::Unknown,
        }),
        ..CustomerChange::default()
    });
    let consent = match facts.contact_consent {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    let answers = [("unknown", customers::UNKNOWN), ("yes", customers::YES), ("no", customers::NO)];
    let onnotes = {
        let notes = notes.setter();
        Callback::from(move |text| notes.set(text))
    };
    html! {
        <section class="gw-panel gw-form">
            <h2>{ customers::YOURS }</h2>
            <Choice id="customer-consent" label={customers::CONSENT} value={consent} onchange={onconsent}
                options={answers.map(|(value, label)| (value.into(), label.into())).to_vec()} />
            <div class="gw-field gw-field--switch">
                { switch("do-not-contact", customers::DO_NOT_CONTACT, facts.do_not_contact, onswitch) }
                <p class="gw-field__help">{ customers::DO_NOT_CONTACT_HELP }</p>
            </div>
            <TextBox id="customer-notes" label={customers::NOTES} value={(*notes).clone()} onchange={onnotes} />
            <p class="gw-row"><Button label={words::SAVE} onclick={onsave} busy={patch.busy} testid="customer-save" /></p>
        </section>
    }
}
