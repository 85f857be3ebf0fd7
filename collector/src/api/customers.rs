//! Customers: search, profile, changes by hand, import; and the matches that wait for the owner.

use goodword_shared::{
    Problem, Time,
    alert::Event,
    api::{
        ById, Page,
        customers::{CustomerChange, CustomerQuery, CustomerView, MatchDecision, MatchQuery, Verdict},
    },
    customer::CustomerRow,
    matching::{MatchState, MatchView},
};

use super::{Caller, cases, told};
use crate::app::App;

/// The list.
pub async fn list(
    app: App,
    _caller: Caller,
    (): (),
    query: CustomerQuery,
    (): (),
) -> Result<Page<CustomerRow>, Problem> {
    Ok(app.store.customer_rows(&query).await?)
}

/// One customer.
pub async fn get(app: App, caller: Caller, path: ById, (): (), (): ()) -> Result<CustomerView, Problem> {
    view(&app, &path.id, caller.now).await
}

/// Changes do-not-contact or notes.
pub async fn change(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: CustomerChange,
) -> Result<CustomerView, Problem> {
    if body.notes.as_ref().is_some_and(|notes| notes.chars().count() > 20_000) {
        return Err(Problem::invalid_field("notes", "At most 20,000 characters."));
    }
    let changed = app.store.change_customer(&path.id, &body, caller.now).await?;
    changed.ok_or_else(|| Problem::not_found("customer"))?;
    let what = match body.do_not_contact {
        Some(true) => "marked a customer as not to be contacted",
        Some(false) => "allowed a customer to be contacted",
        None => "changed the notes on a customer",
    };
    app.audit(&caller.user.email, "customer", Some(&path.id), what).await?;
    app.tell(Event::Changed { what: "customers".into() });
    app.tell(Event::Changed { what: "promoters".into() });
    view(&app, &path.id, caller.now).await
}

async fn view(app: &App, id: &str, now: Time) -> Result<CustomerView, Problem> {
    let mut view = app.store.customer_view(id).await?.ok_or_else(|| Problem::not_found("customer"))?;
    cases::timed(&mut view.cases, now);
    view.matches.iter_mut().for_each(named);
    Ok(view)
}

/// The matches in a state.
pub async fn matches(
    app: App,
    _caller: Caller,
    (): (),
    query: MatchQuery,
    (): (),
) -> Result<Page<MatchView>, Problem> {
    if query.state.as_deref().is_some_and(|state| MatchState::parse(state).is_none()) {
        return Err(Problem::invalid_field("state", "One of doubtful, linked, confirmed, refused."));
    }
    let mut page = app.store.match_views(&query).await?;
    page.items.iter_mut().for_each(named);
    Ok(page)
}

/// Confirms, refuses or takes the last word back.
pub async fn decide(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: MatchDecision,
) -> Result<MatchView, Problem> {
    let missing = || Problem::not_found("match");
    app.store.match_view(&path.id).await?.ok_or_else(missing)?;
    let by = &caller.user.email;
    let decided = app.store.decide_match(&path.id, body.verdict, by, caller.now).await?;
    let decided = decided.ok_or_else(|| Problem::conflict("There is nothing to take back."))?;
    let what = match body.verdict {
        Verdict::Confirm => "confirmed a match",
        Verdict::Refuse => "refused a match",
        Verdict::Undo => "took the word on a match back",
    };
    app.audit(by, "match", Some(&path.id), what).await?;
    told::people_changed(&app, &decided.authors, &["matches", "customers", "cases", "promoters"]).await?;
    let mut view = app.store.match_view(&path.id).await?.ok_or_else(missing)?;
    named(&mut view);
    Ok(view)
}

/// The store knows connectors by slug; the owner by title.
pub fn named(view: &mut MatchView) {
    if let Some(connector) = crate::connectors::by_slug(&view.platform) {
        view.platform = connector.describe().title;
    }
}
