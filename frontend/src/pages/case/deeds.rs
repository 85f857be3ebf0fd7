//! What can be done with a case now: the next step as the main button, the others beside it. All but a closed
//! record can be undone.

use std::rc::Rc;

use chrono::DateTime;
use goodword_shared::{
    api::{
        ById,
        cases::{CaseChange, PatchCase},
    },
    case::{CaseState, CaseView, ContactWay, Outcome},
};
use yew::prelude::*;

use crate::{
    clock,
    components::{Button, Dialog, Kind, Shape, use_notices},
    format,
    hooks::{use_mutation, use_now},
    words::{self, case},
};

/// Days to put a case off for.
const SNOOZES: [u64; 3] = [1, 3, 7];

#[derive(Clone, PartialEq, Properties)]
pub struct DeedsProps {
    /// The case.
    pub case: Rc<CaseView>,
    /// Shows the case as it is then.
    pub put: Callback<CaseView>,
    /// Wants to record a contact.
    pub record: Callback<ContactWay>,
}

#[derive(Clone, Copy, PartialEq)]
enum Open {
    Outcomes,
    Snoozes,
}

/// The buttons.
#[component]
pub fn Deeds(props: &DeedsProps) -> Html {
    let open = use_state_eq(|| None::<Open>);
    let change = use_change(props);
    let now = use_now();
    let card = &props.case.card;
    let asleep = card.snoozed_until.filter(|until| *until > now);
    let show = |what: Option<Open>| {
        let open = open.setter();
        Callback::from(move |()| open.set(what))
    };
    let to = |to: CaseChange, said: &'static str| {
        let change = change.clone();
        Callback::from(move |()| change.emit((to.clone(), said.to_owned())))
    };
    let state = |state| CaseChange { state: Some(state), ..CaseChange::default() };
    let contact = {
        let record = props.record.clone();
        let way = props.case.contacts.first().map_or(ContactWay::Reply, |c| c.way);
        Callback::from(move |()| record.emit(way))
    };
    let main = |wanted| if card.state == wanted { Kind::Primary } else { Kind::Secondary };
    html! {
        <div class="gw-deeds">
            if card.state == CaseState::Closed {
                <Button label={case::REOPEN} onclick={to(state(CaseState::Open), case::REOPENED)} testid="case-reopen" />
            } else {
                <Button kind={main(CaseState::Open)} label={case::RECORD_CONTACT} onclick={contact} testid="case-contact" />
                if card.state != CaseState::PutRight {
                    <Button kind={main(CaseState::Contacted)} label={case::PUT_RIGHT}
                        onclick={to(state(CaseState::PutRight), case::PUT_RIGHT_DONE)} testid="case-put-right" />
                }
                <Button kind={main(CaseState::PutRight)} label={case::CLOSE} onclick={show(Some(Open::Outcomes))} testid="case-close" />
                if let Some(until) = asleep {
                    <span class="gw-state">{ words::time::snoozed_until(&format::moment(clock::local(until), clock::local(now))) }</span>
                    <Button kind={Kind::Link} label={case::WAKE} onclick={to(awake(), case::WOKEN)} />
                } else {
                    <Button kind={Kind::Link} icon={Shape::Moon} label={case::SNOOZE} onclick={show(Some(Open::Snoozes))} testid="case-snooze" />
                }
            }
            if *open == Some(Open::Outcomes) {
                <Dialog title={case::HOW_ENDED} onclose={show(None)} testid="case-outcomes">
                    <ul class="gw-options">
                        { for Outcome::ALL.into_iter().map(|outcome| {
                            let (change, close) = (change.clone(), show(None));
                            let closed = CaseChange { outcome: Some(outcome), ..state(CaseState::Closed) };
                            let onclick = move |_| {
                                change.emit((closed.clone(), case::closed(outcome)));
                                close.emit(());
                            };
                            html! {
                                <li><button type="button" class="gw-option" {onclick} data-testid={format!("outcome-{}", outcome.as_str())}>
                                    <strong>{ case::outcome_word(outcome) }</strong>
                                    <span class="gw-quiet">{ case::outcome_note(outcome) }</span>
                                </button></li>
                            }
                        }) }
                    </ul>
                </Dialog>
            }
            if *open == Some(Open::Snoozes) {
                <Dialog title={case::SNOOZE} onclose={show(None)}>
                    <ul class="gw-options">
                        { for SNOOZES.into_iter().map(|days| {
                            let (change, close) = (change.clone(), show(None));
                            let until = clock::morning_in(days, now);
                            let said = format::moment(clock::local(until), clock::local(now));
                            let onclick = move |_| {
                                let asleep = CaseChange { snoozed_until: Some(until), ..CaseChange::default() };
                                change.emit((asleep, case::snoozed(&said)));
                                close.emit(());
                            };
                            html! {
                                <li><button type="button" class="gw-option" {onclick}><strong>{ case::snooze_for(days) }</strong></button></li>
                            }
                        }) }
                    </ul>
                </Dialog>
            }
        </div>
    }
}

fn awake() -> CaseChange {
    CaseChange { snoozed_until: Some(DateTime::UNIX_EPOCH), ..CaseChange::default() }
}

/// Changes the case, says so, and offers to change it back.
#[hook]
fn use_change(props: &DeedsProps) -> Callback<(CaseChange, String)> {
    let notices = use_notices();
    let id = props.case.card.id.to_string();
    let said = use_mut_ref(String::new);
    let back = use_mut_ref(CaseChange::default);
    let restore = {
        let put = props.put.clone();
        use_mutation::<PatchCase, _>(move |view| put.emit(view))
    };
    let patch = {
        let (put, id, said, back) = (props.put.clone(), id.clone(), said.clone(), back.clone());
        use_mutation::<PatchCase, _>(move |view| {
            put.emit(view);
            let (restore, id, back) = (restore.clone(), id.clone(), back.borrow().clone());
            let undo = Callback::from(move |()| restore.run(ById { id: id.clone() }, back.clone()));
            notices.done(said.borrow().clone(), Some(undo));
        })
    };
    let before = undoing(&props.case);
    Callback::from(move |(change, words): (CaseChange, String)| {
        *said.borrow_mut() = words;
        *back.borrow_mut() = before(&change);
        patch.run(ById { id: id.clone() }, change);
    })
}

/// The change that takes a change back.
fn undoing(case: &CaseView) -> impl Fn(&CaseChange) -> CaseChange + use<> {
    let (state, outcome, snoozed) = (case.card.state, case.card.outcome, case.card.snoozed_until);
    move |change| CaseChange {
        state: change.state.map(|_| state),
        outcome: change.state.and(outcome),
        snoozed_until: change.snoozed_until.map(|_| snoozed.unwrap_or(DateTime::UNIX_EPOCH)),
        assignee: None,
    }
}
