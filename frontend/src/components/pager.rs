//! Turns the pages of a list that the service pages.

use yew::prelude::*;

use super::{Button, Kind, Shape};
use crate::{format, words};

#[derive(Clone, PartialEq, Properties)]
pub struct PagerProps {
    /// Rows left out before those shown.
    pub offset: u64,
    /// Rows shown.
    pub shown: usize,
    /// Rows of a page.
    pub limit: u64,
    /// Rows in all.
    pub total: u64,
    /// Wants the rows from this offset; 0 is the first.
    pub onturn: Callback<u64>,
}

/// "1 to 50 of 312" with two buttons; nothing where one page is all.
#[component]
pub fn Pager(props: &PagerProps) -> Html {
    let last = props.offset + props.shown as u64;
    if props.offset == 0 && last >= props.total {
        return html!();
    }
    let text =
        words::rows(&format::count(props.offset + 1), &format::count(last), &format::count(props.total));
    let (before, after) = (props.offset.saturating_sub(props.limit), props.offset + props.limit);
    html! {
        <nav class="gw-pager" aria-label={text.clone()}>
            <span class="gw-quiet" aria-live="polite">{ text }</span>
            <Button
                kind={Kind::Plain}
                icon={Shape::Left}
                label={words::EARLIER_ROWS}
                disabled={props.offset == 0}
                onclick={props.onturn.reform(move |()| before)}
            />
            <Button
                kind={Kind::Plain}
                icon={Shape::Right}
                label={words::LATER_ROWS}
                disabled={last >= props.total}
                onclick={props.onturn.reform(move |()| after)}
                testid="next-page"
            />
        </nav>
    }
}
