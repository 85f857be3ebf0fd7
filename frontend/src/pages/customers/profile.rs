//! One customer: what is on record, how to reach them, everything they said and everything that was done.

use goodword_shared::{
    api::{
        ById,
        customers::{CustomerChange, CustomerView, GetCustomer, PatchCustomer},
    },
    case::{CaseCard, ContactLink},
};
use patternfly_yew::prelude::Switch;
use yew::prelude::*;

use crate::{
    clock,
    components::{Button, Go, Page, TextBox, Timeline, When, async_view, use_notices},
    format,
    hooks::{use_currency, use_mutation, use_query},
    route::Route,
    words::{self, customers},
};

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
    let title = ready.map_or_else(
        || words::shell::page(&Route::Customer { id: String::new() }).to_owned(),
        |view| view.customer.facts.name.clone(),
    );
    html! {
        <Page {title} up={Route::Customers} testid={ready.map(|_| "page-customer")}>
            { async_view(&fetched, 5, |view| html! {
                <div class="gw-case">
                    <div class="gw-case__story">
                        <section class="gw-panel">
                            <h2>{ customers::STORY }</h2>
                            if view.timeline.is_empty() {
                                <p class="gw-quiet">{ customers::STORY_EMPTY }</p>
                            }
                            <Timeline entries={view.timeline.clone()} testid="customer-timeline" />
                        </section>
                    </div>
                    <aside class="gw-case__facts">
                        { record(view, &currency) }
                        { accounts(view) }
                        { cases(&view.cases) }
                        <Own id={props.id.clone()} view={goodword_shared::api::customers::CustomerView::clone(view)} put={fetched.put.clone()} />
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
        (customers::SINCE, facts.since.map(|at| format::date(clock::local(at).date))),
        (customers::EMAIL, facts.email.clone()),
        (customers::PHONE, facts.phone.clone()),
        (customers::CONSENT, consent),
        (customers::TAGS, (!facts.tags.is_empty()).then(|| facts.tags.join(", "))),
    ];
    html! {
        <section class="gw-panel">
            <h2>{ customers::RECORD }</h2>
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

fn accounts(view: &CustomerView) -> Html {
    if view.matches.is_empty() {
        return html!();
    }
    html! {
        <section class="gw-panel">
            <h2>{ customers::ACCOUNTS }</h2>
            <ul class="gw-rows" role="list">
                { for view.matches.iter().map(|found| html! {
                    <li key={found.id.to_string()}>
                        <p class="gw-facts">
                            <strong>{ found.author.shown().unwrap_or(words::SOMEBODY).to_owned() }</strong>
                            <span>{ &found.platform }</span>
                            <span>{ customers::sure(&format::percent(found.probability)) }</span>
                        </p>
                        <ul class="gw-evidence">{ for found.evidence.iter().map(|e| html!(<li>{ &e.text }</li>)) }</ul>
                    </li>
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
    let onnotes = {
        let notes = notes.setter();
        Callback::from(move |text| notes.set(text))
    };
    html! {
        <section class="gw-panel gw-form">
            <div class="gw-field gw-field--switch">
                <Switch id="do-not-contact" label={customers::DO_NOT_CONTACT} checked={facts.do_not_contact} onchange={onswitch} />
                <p class="gw-field__help">{ customers::DO_NOT_CONTACT_HELP }</p>
            </div>
            <TextBox id="customer-notes" label={customers::NOTES} value={(*notes).clone()} onchange={onnotes} />
            <p class="gw-row"><Button label={words::SAVE} onclick={onsave} busy={patch.busy} testid="customer-save" /></p>
        </section>
    }
}
