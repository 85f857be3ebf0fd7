//! Who they are, why it is urgent, what was promised, what else they said.

use std::rc::Rc;

use goodword_shared::{
    case::{CaseView, Factor},
    customer::Customer,
};
use yew::prelude::*;

use crate::{
    clock,
    components::{Go, Quote, When},
    format,
    hooks::use_currency,
    route::Route,
    words::{self, case},
};

#[derive(Clone, PartialEq, Properties)]
pub struct FactsProps {
    /// The case.
    pub case: Rc<CaseView>,
}

/// The facts.
#[component]
pub fn Facts(props: &FactsProps) -> Html {
    let currency = use_currency();
    let view = &props.case;
    let card = &view.card;
    html! {
        <>
            <section class="gw-panel" aria-labelledby="who">
                <h2 id="who">{ case::WHO }</h2>
                if let Some(customer) = &view.customer {
                    { record(customer, &currency) }
                } else {
                    <p class="gw-quiet">{ words::NOT_A_CUSTOMER }</p>
                }
                if let Some(matched) = &card.customer {
                    <ul class="gw-evidence">
                        { for matched.evidence.iter().map(|evidence| html!(<li>{ &evidence.text }</li>)) }
                    </ul>
                    if !matched.state.holds() {
                        <p><Go to={Route::Matches}>{ words::perhaps(&matched.name) }</Go></p>
                    }
                }
            </section>
            <section class="gw-panel" aria-labelledby="urgent">
                <h2 id="urgent">{ case::WHY_URGENT }</h2>
                <ul class="gw-factors">{ for card.factors.iter().map(factor) }</ul>
                <dl class="gw-pairs">
                    <dt>{ case::DUE }</dt><dd><When at={card.due_at} /></dd>
                    if let Some(at) = card.first_contact_at {
                        <dt>{ case::FIRST_CONTACT }</dt><dd><When {at} /></dd>
                    }
                </dl>
            </section>
            if !view.other_mentions.is_empty() {
                <section class="gw-panel" aria-labelledby="others">
                    <h2 id="others">{ case::OTHERS }</h2>
                    <ul class="gw-others">
                        { for view.other_mentions.iter().map(|quote| html! {
                            <li key={quote.mention_id.to_string()}>
                                <Quote quote={quote.clone()} most={140} />
                                <p class="gw-facts"><span>{ &quote.source }</span><When at={quote.at} /></p>
                            </li>
                        }) }
                    </ul>
                </section>
            }
        </>
    }
}

fn record(customer: &Customer, currency: &str) -> Html {
    let facts = &customer.facts;
    let pair = |name: &'static str, value: &Option<String>| {
        value.as_ref().map(|value| html!(<><dt>{ name }</dt><dd>{ value }</dd></>)).unwrap_or_default()
    };
    let since = facts.since.map(|since| format::date(clock::date(since)));
    let worth = facts.value.map(|value| format::money(value, currency));
    html! {
        <>
            <dl class="gw-pairs">
                <dt>{ case::NAME }</dt>
                <dd><Go to={Route::Customer { id: customer.id.to_string() }}>{ &facts.name }</Go></dd>
                { pair(case::SINCE, &since) }
                { pair(case::WORTH, &worth) }
                { pair(case::CITY, &facts.city) }
                { pair(case::EMAIL, &facts.email) }
                { pair(case::PHONE, &facts.phone) }
                { pair(case::NOTES, &facts.notes) }
            </dl>
            if !facts.tags.is_empty() {
                <ul class="gw-reasons" aria-label={case::TAGS}>{ for facts.tags.iter().map(|tag| html!(<li>{ tag }</li>)) }</ul>
            }
        </>
    }
}

/// One factor of the open formula: what it multiplies by and why.
fn factor(factor: &Factor) -> Html {
    html! {
        <li>
            <span>{ case::factor(&factor.name) }</span>
            <strong>{ format!("×\u{a0}{:.2}", factor.factor) }</strong>
            <span class="gw-quiet">{ &factor.text }</span>
        </li>
    }
}
