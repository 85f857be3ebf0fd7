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

use super::{Caller, cases, kin, records, told};
use crate::{app::App, engine, pipeline::occasions};

/// Characters of a note, or of the notes on a record.
pub const LONGEST_NOTE: usize = 20_000;

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

/// Changes what the owner keeps by hand.
pub async fn change(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: CustomerChange,
) -> Result<CustomerView, Problem> {
    check(&body)?;
    let changed = {
        // An import that read them before writes what it read: a no to being written to must not be lost by that.
        let _deciding = app.deciding.lock().await;
        app.store.change_customer(&path.id, &body, caller.now).await?
    };
    let customer = changed.ok_or_else(|| Problem::not_found("customer"))?;
    records::indexed(&app, &[customer.id.as_str().to_owned()]).await?;
    let what = match (body.do_not_contact, body.contact_consent) {
        (Some(true), _) => "marked a customer as not to be contacted",
        (Some(false), _) => "allowed a customer to be contacted",
        (None, Some(_)) => "changed whether a customer agreed to be written to",
        (None, None) if body.notes.is_some() => "changed the notes on a customer",
        (None, None) => "changed a customer’s record",
    };
    app.audit(&caller.user.email, "customer", Some(&path.id), what).await?;
    app.tell(Event::Changed { what: "customers".into() });
    app.tell(Event::Changed { what: "promoters".into() });
    view(&app, &path.id, caller.now).await
}

fn check(change: &CustomerChange) -> Result<(), Problem> {
    if change.notes.as_ref().is_some_and(|notes| notes.chars().count() > LONGEST_NOTE) {
        return Err(Problem::invalid_field("notes", "At most 20,000 characters."));
    }
    if change.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
        return Err(Problem::invalid_field("name", "A customer has a name."));
    }
    let short = [
        ("name", &change.name),
        ("email", &change.email),
        ("phone", &change.phone),
        ("city", &change.city),
        ("company", &change.company),
    ];
    for (field, text) in short {
        if text.as_ref().is_some_and(|text| text.chars().count() > 254 || text.chars().any(char::is_control))
        {
            return Err(Problem::invalid_field(field, "One line of at most 254 characters."));
        }
    }
    if change.email.as_deref().map(str::trim).is_some_and(|mail| !mail.is_empty() && !mail.contains('@')) {
        return Err(Problem::invalid_field("email", "A mail address is wanted, such as ada@example.org."));
    }
    let day = change.birthday.as_deref().map(str::trim).filter(|day| !day.is_empty());
    if day.is_some_and(|day| occasions::birthday(day).is_none()) {
        return Err(Problem::invalid_field(
            "birthday",
            "A day is wanted, such as 1980-03-31, or --03-31 without a year.",
        ));
    }
    Ok(())
}

/// One customer as the page shows them.
pub async fn view(app: &App, id: &str, now: Time) -> Result<CustomerView, Problem> {
    let mut view = app.store.customer_view(id).await?.ok_or_else(|| Problem::not_found("customer"))?;
    cases::timed(&mut view.cases, now);
    view.occasions = occasions::occasions(
        &view.customer.facts,
        &view.orders,
        view.orders.len() < 50,
        &view.cases,
        now.date_naive(),
    );
    view.matches.iter_mut().for_each(named);
    view.kin.iter_mut().for_each(kin::named);
    Ok(view)
}

/// Refuses a state that no match is in.
pub(super) fn known_state(query: &MatchQuery) -> Result<(), Problem> {
    match query.state.as_deref() {
        Some(state) if MatchState::parse(state).is_none() => {
            Err(Problem::invalid_field("state", "One of doubtful, linked, confirmed, refused."))
        }
        _ => Ok(()),
    }
}

/// The matches in a state.
pub async fn matches(
    app: App,
    _caller: Caller,
    (): (),
    query: MatchQuery,
    (): (),
) -> Result<Page<MatchView>, Problem> {
    known_state(&query)?;
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
    engine::identify::relearn_soon(&app);
    told::accounts_follow(&app, std::slice::from_ref(&decided.author_id)).await?;
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
