//! Searching a customer in a dialog, and choosing one: to link an author, or to join two records.

use goodword_shared::{
    api::customers::{CustomerQuery, ListCustomers},
    customer::Customer,
};
use yew::prelude::*;

use crate::{
    components::{Button, Dialog, SearchField, async_view},
    hooks::use_query,
    words::{customers, queue},
};

/// Rows shown; whoever is not among them is searched for.
const LIMIT: u64 = 8;

#[derive(Clone, PartialEq, Properties)]
pub struct PickerProps {
    /// What is asked.
    pub title: AttrValue,
    /// What is searched for at first.
    #[prop_or_default]
    pub words: String,
    /// A customer who cannot be chosen.
    #[prop_or_default]
    pub without: Option<String>,
    /// Chosen.
    pub onpick: Callback<Customer>,
    /// Nobody.
    pub onclose: Callback<()>,
}

/// The dialog.
#[component]
pub fn Picker(props: &PickerProps) -> Html {
    let words = use_state_eq(|| props.words.clone());
    let query = CustomerQuery {
        q: Some((*words).clone()).filter(|w| !w.is_empty()),
        limit: Some(LIMIT + 1),
        ..CustomerQuery::default()
    };
    let fetched = use_query::<ListCustomers>((), query, &["customers"]);
    let onsearch = {
        let words = words.setter();
        Callback::from(move |found| words.set(found))
    };
    html! {
        <Dialog title={props.title.clone()} onclose={&props.onclose} testid="customer-picker">
            <SearchField id="picker-search" testid="picker-search" label={customers::SEARCH} value={(*words).clone()} {onsearch} />
            { async_view(&fetched, 3, |page| {
                let others = page.items.iter().filter(|row| Some(row.customer.id.as_str()) != props.without.as_deref());
                html! {
                <ul class="gw-rows" role="list" aria-live="polite">
                    if others.clone().next().is_none() {
                        <li class="gw-quiet">{ customers::NOBODY_ELSE }</li>
                    }
                    { for others.take(LIMIT as usize).map(|row| {
                        let (customer, facts) = (row.customer.clone(), &row.customer.facts);
                        let about = AttrValue::from(facts.name.clone());
                        let onclick = props.onpick.reform(move |()| customer.clone());
                        let more = [facts.external_id.as_deref().map(customers::number), facts.city.clone(), facts.email.clone()];
                        html! {
                            <li key={row.customer.id.to_string()} class="gw-pick">
                                <div>
                                    <strong>{ &facts.name }</strong>
                                    <p class="gw-facts">{ for more.into_iter().flatten().map(|fact| html!(<span>{ fact }</span>)) }</p>
                                </div>
                                <Button label={queue::CHOOSE} {about} {onclick} testid="picker-choose" />
                            </li>
                        }
                    }) }
                </ul>
                }
            }) }
        </Dialog>
    }
}
