//! One case: its story on the left, the facts on the right, and the next step on top.

mod contact;
mod deeds;
mod facts;
mod story;
mod tone;

use std::rc::Rc;

use contact::{ContactDialog, Reach};
use deeds::Deeds;
use facts::Facts;
use goodword_shared::{
    api::{ById, cases::GetCase},
    case::{CaseState, CaseView, ContactWay},
};
use story::Story;
use yew::prelude::*;

use crate::{
    components::{Clock, Page, Quote, When, Who, async_view, sentiment_chip, stars},
    hooks::{Fetched, use_query},
    route::Route,
    words,
};

#[derive(Clone, PartialEq, Properties)]
pub struct CaseProps {
    /// Which.
    pub id: String,
}

/// The page.
#[component]
pub fn Case(props: &CaseProps) -> Html {
    let fetched = use_query::<GetCase>(ById { id: props.id.clone() }, (), &["cases"]);
    let ready = fetched.ready();
    let title = ready.map(|case| Who::new(&case.card.author, case.card.customer.as_ref()).name);
    let tools = ready.map(|case| standing(case)).unwrap_or_default();
    html! {
        <Page at={Route::Case { id: props.id.clone() }} title={title.map(AttrValue::from)} {tools} ready={ready.is_some()}>
            { async_view(&fetched, 3, |case| html!(<Whole case={case.clone()} put={put(&fetched)} />)) }
        </Page>
    }
}

fn put(fetched: &Fetched<CaseView>) -> Callback<CaseView> {
    fetched.put.clone()
}

/// The clock of a case that nobody has answered, else where it stands.
fn standing(case: &CaseView) -> Html {
    let card = &case.card;
    match (card.state, card.first_contact_at) {
        (CaseState::Open, None) => html!(<Clock since={card.waiting_since} due={card.due_at} />),
        (CaseState::Closed, _) => html! {
            <span class="gw-state">{ card.outcome.map_or(words::case_state(card.state), words::case::outcome_word) }</span>
        },
        (state, _) => html!(<span class="gw-state">{ words::case_state(state) }</span>),
    }
}

#[derive(Clone, PartialEq, Properties)]
struct WholeProps {
    case: Rc<CaseView>,
    /// Shows the case as a change has returned it.
    put: Callback<CaseView>,
}

#[component]
fn Whole(props: &WholeProps) -> Html {
    let case = &props.case;
    let card = &case.card;
    let recording = use_state_eq(|| None::<ContactWay>);
    let record = {
        let recording = recording.setter();
        use_callback((), move |way, ()| recording.set(Some(way)))
    };
    let close = {
        let recording = recording.setter();
        use_callback((), move |(), ()| recording.set(None))
    };
    html! {
        <div class="gw-case">
            <div class="gw-case__story">
                <section class="gw-said">
                    <Quote quote={card.quote.clone()} />
                    <p class="gw-facts">
                        if let Some(rating) = card.quote.rating {
                            { stars(rating) }
                        }
                        { sentiment_chip(card.quote.analysis.sentiment) }
                        <span>{ &card.quote.source }</span>
                        <When at={card.quote.at} />
                    </p>
                    <ul class="gw-reasons" aria-label={words::WHY}>
                        { for card.reasons.iter().map(|reason| html!(<li>{ reason }</li>)) }
                    </ul>
                </section>
                <Deeds case={case.clone()} put={&props.put} record={&record} />
                <Story case={case.clone()} put={&props.put} />
            </div>
            <aside class="gw-case__facts">
                <Reach case={case.clone()} {record} />
                <Facts case={case.clone()} />
            </aside>
            if let Some(way) = *recording {
                <ContactDialog case={case.clone()} {way} put={&props.put} onclose={close} />
            }
        </div>
    }
}
