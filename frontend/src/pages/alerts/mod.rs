//! Alerts: where the owner is told, when, and what was sent.

mod channels;
mod rules;

use goodword_shared::{
    alert::Delivery,
    api::alerts::{ListChannels, ListDeliveries, Rows},
};
use yew::prelude::*;

use self::{channels::Channels, rules::Rules};
use crate::{
    components::{Page, When, async_view},
    hooks::use_query,
    route::Route,
    words::alerts,
};

/// Deliveries shown.
const LIMIT: u64 = 20;

/// The page.
#[component]
pub fn Alerts() -> Html {
    let channels = use_query::<ListChannels>((), (), &["channels", "deliveries"]);
    let rows = Rows { limit: Some(LIMIT), ..Rows::default() };
    let deliveries = use_query::<ListDeliveries>((), rows, &["deliveries"]);
    let changed = {
        let (channels, deliveries) = (channels.refetch.clone(), deliveries.refetch.clone());
        Callback::from(move |()| {
            channels.emit(());
            deliveries.emit(());
        })
    };
    let ready = channels.ready().is_some();
    html! {
        <Page at={Route::Alerts} lead={html!(alerts::LEAD)} {ready}>
            { async_view(&channels, 3, |list| html! {
                <>
                    <Channels channels={list.to_vec()} changed={changed.clone()} />
                    <Rules channels={list.to_vec()} />
                </>
            }) }
            <section class="gw-section" aria-labelledby="deliveries">
                <header class="gw-section__head"><h2 id="deliveries">{ alerts::DELIVERIES }</h2></header>
                { async_view(&deliveries, 3, |page| html! {
                    if page.items.is_empty() {
                        <p class="gw-quiet">{ alerts::NO_DELIVERIES }</p>
                    } else {
                        { sent(&page.items) }
                    }
                }) }
            </section>
        </Page>
    }
}

fn sent(deliveries: &[Delivery]) -> Html {
    html! {
        <table class="gw-table" data-testid="deliveries">
            <thead>
                <tr>
                    <th scope="col">{ alerts::WHAT }</th>
                    <th scope="col">{ alerts::CHANNEL }</th>
                    <th scope="col">{ alerts::STATE }</th>
                    <th scope="col">{ alerts::WHEN }</th>
                </tr>
            </thead>
            <tbody>
                { for deliveries.iter().map(|d| html! {
                    <tr key={d.id.to_string()}>
                        <th scope="row">{ &d.subject }</th>
                        <td data-label={alerts::CHANNEL}>{ &d.channel }</td>
                        <td data-label={alerts::STATE}>
                            { alerts::delivery(d.state, d.tries) }
                            if let Some(detail) = d.detail.as_ref().filter(|_| d.done_at.is_none()) {
                                <p class="gw-quiet">{ detail }</p>
                            }
                        </td>
                        <td data-label={alerts::WHEN}><When at={d.done_at.unwrap_or(d.created_at)} /></td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}
