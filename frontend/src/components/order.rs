//! An order in a line: its number, when, what, how much, where and by whom.

use goodword_shared::customer::OrderLine;
use yew::prelude::*;

use crate::{locale, words};

/// The order; its day where the line is to say it, its number marked where somebody speaks of it. `currency` is the owner's.
pub fn order(order: &OrderLine, day: Option<String>, spoken_of: bool, currency: &str) -> Html {
    let parts = [
        day,
        order.product.clone(),
        order.amount.map(|amount| locale::amount(amount, order.currency.as_deref().unwrap_or(currency))),
        order.branch.clone(),
        order.staff.as_deref().map(words::served_by),
    ];
    html! {
        <p class="gw-facts gw-order">
            <span>
                if spoken_of {
                    <mark class="gw-same">{ &order.id }</mark>
                } else {
                    { &order.id }
                }
            </span>
            { for parts.into_iter().flatten().map(|part| html!(<span>{ part }</span>)) }
        </p>
    }
}
