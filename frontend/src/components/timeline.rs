//! A story as a line of moments: what somebody wrote, what was done about it.

use goodword_shared::{case::TimelineEntry, id::MentionId};
use yew::prelude::*;

use super::{Button, Kind, Quote, Shape, When, icon, order, stars};
use crate::{hooks::use_currency, words};

/// What an order is called in a story.
const ORDER: &str = "order";
/// So many orders one after another are shown; what was said would be lost among more.
const ORDERS: usize = 3;

#[derive(Clone, PartialEq, Properties)]
pub struct TimelineProps {
    /// What happened, in the order to show.
    pub entries: Vec<TimelineEntry>,
    /// A mention whose words the page shows already.
    #[prop_or_default]
    pub shown: Option<MentionId>,
    /// Wants to change a note: its id and what it says.
    #[prop_or_default]
    pub onedit: Option<Callback<(String, String)>>,
    /// The name by which tests find it.
    #[prop_or_default]
    pub testid: Option<AttrValue>,
}

/// A story.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let currency = use_currency();
    let entry = |moment: &TimelineEntry| entry(moment, props, &currency);
    let runs = props.entries.chunk_by(|one, next| one.what == ORDER && next.what == ORDER);
    html! {
        <ol class="gw-timeline" role="list" data-testid={props.testid.clone()}>
            { for runs.map(|run| {
                let open = if run.len() > ORDERS + 1 { ORDERS } else { run.len() };
                html! {
                    <>
                        { for run[..open].iter().map(entry) }
                        if open < run.len() {
                            <li class="gw-moment gw-moment--soft">
                                <span class="gw-moment__sign">{ icon(sign(ORDER)) }</span>
                                <details class="gw-details gw-moment__body">
                                    <summary>{ words::case::more_orders(run.len() - open) }</summary>
                                    <ol class="gw-timeline" role="list">{ for run[open..].iter().map(entry) }</ol>
                                </details>
                            </li>
                        }
                    </>
                }
            }) }
        </ol>
    }
}

fn entry(entry: &TimelineEntry, props: &TimelineProps, currency: &str) -> Html {
    let shown = props.shown.as_ref();
    let again = entry.quote.as_ref().is_some_and(|quote| Some(&quote.mention_id) == shown);
    let edit = props.onedit.as_ref().zip(entry.note_id.clone()).map(|(onedit, id)| {
        let text = entry.text.clone();
        let onclick = onedit.reform(move |()| (id.clone(), text.clone()));
        html!(<Button kind={Kind::Plain} icon={Shape::Pencil} label={words::case::EDIT_NOTE} {onclick} testid="note-edit" />)
    });
    html! {
        <li class={classes!("gw-moment", format!("gw-moment--{}", loudness(&entry.what)))}>
            <span class="gw-moment__sign">{ icon(sign(&entry.what)) }</span>
            <div class="gw-moment__body">
                <p class="gw-facts">
                    <strong>{ words::case::entry(&entry.what) }</strong>
                    <When at={entry.at} />
                    if let Some(by) = &entry.by {
                        <span>{ by }</span>
                    }
                    if let Some(quote) = &entry.quote {
                        <span>{ &quote.source }</span>
                    }
                    { edit.unwrap_or_default() }
                </p>
                if again {
                    <p class="gw-quiet">{ words::case::ABOVE }</p>
                } else if let Some(quote) = &entry.quote {
                    if let Some(rating) = quote.rating {
                        { stars(rating) }
                    }
                    <Quote quote={quote.clone()} most={320} />
                } else if let Some(bought) = &entry.order {
                    { order(bought, None, false, currency) }
                } else if !entry.text.is_empty() {
                    <p class="gw-moment__text">{ &entry.text }</p>
                }
            </div>
        </li>
    }
}

/// What people said and did stands out; what the service did is quiet.
fn loudness(what: &str) -> &'static str {
    match what {
        "mention" | "revision" | "contact" | "note" | "reply" | "closed" | "order" => "loud",
        _ => "soft",
    }
}

fn sign(what: &str) -> Shape {
    match what {
        "mention" | "revision" => Shape::Speech,
        "alert" => Shape::Bell,
        "contact" => Shape::Phone,
        "note" => Shape::Pencil,
        "closed" => Shape::Check,
        "ask" => Shape::Megaphone,
        "match" | "record" => Shape::People,
        ORDER => Shape::Plus,
        "reply" => Shape::Reply,
        "opened" => Shape::Heart,
        _ => Shape::Clock,
    }
}
