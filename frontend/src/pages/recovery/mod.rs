//! The recovery queue: whoever waits, most urgent first, worked by keyboard or finger.

mod keys;

use chrono::DateTime;
use goodword_shared::{
    api::{
        ById,
        cases::{CaseChange, CaseQuery, ListCases, PatchCase},
    },
    case::{CaseCard, CaseState},
};
use keys::use_queue_keys;
use yew::prelude::*;

use crate::{
    clock,
    components::{
        Button, Choice, Clock, Empty, Go, Kind, Page, Pager, Person, SearchField, Shape, Who, async_view,
        use_notices,
    },
    format,
    hooks::{use_filters, use_mutation, use_now, use_query},
    route::Route,
    words::{self, recovery, today},
};

/// Rows of a page.
const LIMIT: u64 = 30;

/// The states one can show, as the service names them.
const STATES: [&str; 6] = ["waiting", "open", "contacted", "put_right", "closed", "all"];

/// The page.
#[component]
pub fn Recovery() -> Html {
    let filters = use_filters::<CaseQuery>(Route::Recovery);
    let query = CaseQuery { limit: Some(LIMIT), ..filters.now.clone() };
    let fetched = use_query::<ListCases>((), query, &["cases"]);
    let cases: Vec<CaseCard> = fetched.ready().map(|page| page.items.clone()).unwrap_or_default();
    let snooze = use_snooze(fetched.refetch.clone());
    let chosen = use_queue_keys(cases, snooze.clone());

    let onstate = filters.change(|q, state| q.state = state.filter(|state| state != STATES[0]));
    let onsearch = filters.change(|q, words| q.q = words);
    let state = filters.now.state.clone().unwrap_or_else(|| STATES[0].to_owned());
    let plain = state == STATES[0] && filters.now.q.is_none();
    let options =
        STATES.iter().map(|s| (AttrValue::Static(s), recovery::filter(s).into())).collect::<Vec<_>>();
    let ready = fetched.ready().is_some();
    html! {
        <Page at={Route::Recovery} lead={html!(recovery::LEAD)} {ready}>
            <div class="gw-filters" role="search">
                <SearchField id="recovery-search" label={recovery::SEARCH} value={filters.now.q.clone().unwrap_or_default()} {onsearch} />
                <Choice id="recovery-state" label={recovery::SHOW} bare=true {options} value={state} onchange={onstate} />
                <span class="gw-quiet gw-filters__count gw-wide">{ recovery::KEYS }</span>
            </div>
            { async_view(&fetched, 5, |page| html! {
                <>
                    if page.items.is_empty() {
                        if plain {
                            <Empty title={recovery::EMPTY} text={recovery::EMPTY_TEXT} />
                        } else {
                            <Empty shape={Shape::Lens} title={recovery::EMPTY_FILTERED} />
                        }
                    }
                    <h2 class="pf-v6-screen-reader">{ recovery::LIST }</h2>
                    <ol class="gw-people__list" role="list">
                        { for page.items.iter().enumerate().map(|(at, case)| html! {
                            <li key={case.id.to_string()}>
                                <Row case={case.clone()} chosen={chosen == Some(at)} snooze={&snooze} />
                            </li>
                        }) }
                    </ol>
                    <Pager offset={page.offset} shown={page.items.len()} limit={LIMIT} total={page.total} onturn={filters.turn()} />
                </>
            }) }
        </Page>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RowProps {
    case: CaseCard,
    chosen: bool,
    snooze: Callback<CaseCard>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let case = &props.case;
    let now = use_now();
    let who = Who::new(&case.author, case.customer.as_ref());
    let name = who.name.clone();
    let closed = case.state == CaseState::Closed;
    let asleep = case.snoozed_until.filter(|until| *until > now);
    let aside = match (closed, asleep, case.first_contact_at) {
        (true, ..) => html!(<span class="gw-state">{ outcome(case) }</span>),
        (_, Some(until), _) => html! {
            <span class="gw-state">{ words::time::snoozed_until(&format::moment(clock::local(until), clock::local(now))) }</span>
        },
        (.., Some(_)) => html!(<span class="gw-state">{ words::case_state(case.state) }</span>),
        _ => html!(<Clock since={case.waiting_since} due={case.due_at} />),
    };
    let onsnooze = {
        let (snooze, case) = (props.snooze.clone(), case.clone());
        Callback::from(move |()| snooze.emit(case.clone()))
    };
    let actions = html! {
        <>
            if !closed && asleep.is_none() {
                <Button kind={Kind::Plain} icon={Shape::Moon} label={recovery::SNOOZE} about={name.clone()} onclick={onsnooze} />
            }
            <Go to={Route::Case { id: case.id.to_string() }} class={Kind::Primary.class()} testid="case-row">
                { today::next_step(case.state, format::first_name(&name)) }
            </Go>
        </>
    };
    html! {
        <Person
            class={if closed { "" } else { "gw-person--unkind" }}
            chosen={props.chosen}
            {who}
            {aside}
            {actions}
            quote={case.quote.clone()}
            reasons={case.reasons.clone()}
        />
    }
}

fn outcome(case: &CaseCard) -> &'static str {
    case.outcome.map_or(words::case_state(case.state), words::case::outcome_word)
}

/// Puts a case off until tomorrow morning, with a way back.
#[hook]
fn use_snooze(refetch: Callback<()>) -> Callback<CaseCard> {
    let notices = use_notices();
    let now = use_now();
    let wake = {
        let refetch = refetch.clone();
        use_mutation::<PatchCase, _>(move |_| refetch.emit(()))
    };
    let patch = use_mutation::<PatchCase, _>(move |view| {
        refetch.emit(());
        let name = Who::new(&view.card.author, view.card.customer.as_ref()).name;
        let (wake, id) = (wake.clone(), view.card.id.to_string());
        let undo = Callback::from(move |()| {
            let awake = CaseChange { snoozed_until: Some(DateTime::UNIX_EPOCH), ..CaseChange::default() };
            wake.run(ById { id: id.clone() }, awake);
        });
        notices.done(recovery::snoozed(&name), Some(undo));
    });
    Callback::from(move |case: CaseCard| {
        let until = CaseChange { snoozed_until: Some(clock::morning_in(1, now)), ..CaseChange::default() };
        patch.run(ById { id: case.id.to_string() }, until);
    })
}
