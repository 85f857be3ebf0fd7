//! Recovery: the queue, one case, and what the owner does about it.

use goodword_shared::{
    Problem, Time,
    api::{
        ById, Page,
        cases::{CaseChange, CaseQuery, NewContact, NewNote},
    },
    case::{CaseCard, CaseState, CaseView, ContactWay, Outcome},
};

use super::{Caller, told};
use crate::{
    app::App,
    pipeline::priority::time_factor,
    store::{CaseEntry, CaseFacts},
};

/// Characters of a note or of what was said.
const TEXT: usize = 20_000;

/// The queue.
pub async fn list(
    app: App,
    caller: Caller,
    (): (),
    query: CaseQuery,
    (): (),
) -> Result<Page<CaseCard>, Problem> {
    let known = ["waiting", "all"];
    if let Some(state) = query.state.as_deref()
        && !known.contains(&state)
        && CaseState::parse(state).is_none()
    {
        return Err(Problem::invalid_field(
            "state",
            "One of waiting, open, contacted, put_right, closed, all.",
        ));
    }
    let mut page = app.store.case_cards(&query, caller.now).await?;
    timed(&mut page.items, caller.now);
    Ok(page)
}

/// One case.
pub async fn get(app: App, caller: Caller, path: ById, (): (), (): ()) -> Result<CaseView, Problem> {
    view(&app, &path.id, caller.now).await
}

/// Changes state, outcome, assignee or snooze.
pub async fn change(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: CaseChange,
) -> Result<CaseView, Problem> {
    let mut facts = facts(&app, &path.id).await?;
    let entries = apply(&mut facts, &body, caller.now)?;
    let reopened = facts.state != CaseState::Closed && body.state.is_some();
    if let (true, Some(author)) = (reopened, facts.author_id.as_deref())
        && app.store.has_other_open_case(&path.id, author).await?
    {
        return Err(Problem::conflict("This person has another case that is open; go on with that one."));
    }
    save(&app, &caller, &path.id, &facts, &entries).await
}

/// Adds a note.
pub async fn note(app: App, caller: Caller, path: ById, (): (), body: NewNote) -> Result<CaseView, Problem> {
    let text = checked_text(&body.text)?;
    if text.is_empty() {
        return Err(Problem::invalid_field("text", "The note is empty."));
    }
    let facts = facts(&app, &path.id).await?;
    save(&app, &caller, &path.id, &facts, &[CaseEntry { what: "note", text }]).await
}

/// Records that the customer was contacted.
pub async fn contact(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: NewContact,
) -> Result<CaseView, Problem> {
    let said = checked_text(&body.text)?;
    let mut facts = facts(&app, &path.id).await?;
    facts.first_contact_at.get_or_insert(caller.now);
    if facts.state == CaseState::Open {
        facts.state = CaseState::Contacted;
    }
    let way = match body.way {
        ContactWay::Call => "Called",
        ContactWay::Mail => "Wrote a mail",
        ContactWay::Text => "Sent a text message",
        ContactWay::Reply => "Replied in public",
        ContactWay::InPerson => "Spoke in person",
    };
    let text = if said.is_empty() { way.to_owned() } else { format!("{way}: {said}") };
    save(&app, &caller, &path.id, &facts, &[CaseEntry { what: "contact", text }]).await
}

/// Adds the factor of time, which runs with the clock, to cards from the store.
pub fn timed(cards: &mut [CaseCard], now: Time) {
    for card in cards.iter_mut().filter(|card| card.state != CaseState::Closed) {
        let time = time_factor(now, card.waiting_since, card.due_at, card.first_contact_at);
        card.priority *= time.factor;
        card.factors.push(time);
    }
}

async fn view(app: &App, id: &str, now: Time) -> Result<CaseView, Problem> {
    let mut view = app.store.case_view(id).await?.ok_or_else(|| Problem::not_found("case"))?;
    timed(std::slice::from_mut(&mut view.card), now);
    Ok(view)
}

async fn facts(app: &App, id: &str) -> Result<CaseFacts, Problem> {
    app.store.case_facts(id).await?.ok_or_else(|| Problem::not_found("case"))
}

async fn save(
    app: &App,
    caller: &Caller,
    id: &str,
    facts: &CaseFacts,
    entries: &[CaseEntry],
) -> Result<CaseView, Problem> {
    app.store.change_case(id, facts, entries, &caller.user.email, caller.now).await?;
    let authors: Vec<String> = facts.author_id.iter().cloned().collect();
    told::people_changed(app, &authors, &["cases", "promoters"]).await?;
    view(app, id, caller.now).await
}

/// What a change makes of the facts, and what the story says of it.
fn apply(facts: &mut CaseFacts, change: &CaseChange, now: Time) -> Result<Vec<CaseEntry>, Problem> {
    let mut entries = Vec::new();
    let state = change.state.unwrap_or(facts.state);
    let outcome = change.outcome.or(facts.outcome);
    if state == CaseState::Closed {
        let outcome = outcome.ok_or_else(|| Problem::invalid_field("outcome", "Say how the case ended."))?;
        if facts.state != CaseState::Closed || facts.outcome != Some(outcome) {
            entries.push(CaseEntry { what: "closed", text: format!("Closed: {}", outcome_words(outcome)) });
        }
        facts.outcome = Some(outcome);
        facts.closed_at.get_or_insert(now);
        facts.snoozed_until = None;
    } else {
        if change.outcome.is_some() {
            return Err(Problem::invalid_field("outcome", "Only a closed case has an outcome."));
        }
        if facts.state == CaseState::Closed {
            entries.push(CaseEntry { what: "state", text: "Opened again".into() });
        } else if state != facts.state {
            entries.push(CaseEntry { what: "state", text: state_words(state).into() });
        }
        (facts.outcome, facts.closed_at) = (None, None);
        if matches!(state, CaseState::Contacted | CaseState::PutRight) {
            facts.first_contact_at.get_or_insert(now);
        }
    }
    facts.state = state;
    if let Some(assignee) = &change.assignee {
        let assignee: String = assignee.trim().chars().take(200).collect();
        let text =
            if assignee.is_empty() { "Given to nobody".into() } else { format!("Given to {assignee}") };
        entries.push(CaseEntry { what: "state", text });
        facts.assignee = Some(assignee).filter(|a| !a.is_empty());
    }
    if let Some(until) = change.snoozed_until {
        let text = if until > now {
            until.format("Put off until %-d %B %Y, %H:%M UTC").to_string()
        } else {
            "Back in the queue".into()
        };
        entries.push(CaseEntry { what: "state", text });
        facts.snoozed_until = Some(until).filter(|until| *until > now);
    }
    Ok(entries)
}

fn state_words(state: CaseState) -> &'static str {
    match state {
        CaseState::Open => "Waiting for an answer again",
        CaseState::Contacted => "Contacted",
        CaseState::PutRight => "Put right",
        CaseState::Closed => "Closed",
    }
}

fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::WonBack => "won back",
        Outcome::RatingRaised => "rating raised",
        Outcome::Refunded => "refunded",
        Outcome::PartedWays => "parted ways",
        Outcome::Lost => "lost",
        Outcome::NotACase => "not a case",
    }
}

fn checked_text(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.chars().count() > TEXT {
        return Err(Problem::invalid_field("text", format!("At most {TEXT} characters.")));
    }
    Ok(text.to_owned())
}
