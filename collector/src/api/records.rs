//! What the owner does with records: joining, parting, taking that back, notes, handing a person their data, forgetting them.

use goodword_shared::{
    Problem,
    alert::Event,
    api::{
        ById,
        cases::NewNote,
        customers::CustomerView,
        records::{Forgotten, Merge, PersonData, Split, Step},
    },
};

use super::{
    Caller,
    customers::{LONGEST_NOTE, view},
    told,
};
use crate::{
    app::App,
    engine,
    store::{Refusal, Stepped},
};

/// What open pages read anew after a step.
const LISTS: [&str; 5] = ["customers", "matches", "cases", "promoters", "mentions"];

/// Joins another record with this one.
pub async fn merge(app: App, caller: Caller, path: ById, (): (), body: Merge) -> Result<Step, Problem> {
    let by = &caller.user.email;
    let stepped = {
        let _deciding = app.deciding.lock().await;
        app.store.merge_customers(&path.id, body.other.as_str(), by, caller.now).await?
    };
    told(&app, by, stepped, "joined two customers").await
}

/// Parts what belongs to somebody else.
pub async fn split(app: App, caller: Caller, path: ById, (): (), body: Split) -> Result<Step, Problem> {
    let name = body.name.trim();
    if name.is_empty() || name.chars().count() > 254 {
        return Err(Problem::invalid_field(
            "name",
            "The other customer has a name of at most 254 characters.",
        ));
    }
    if body.authors.is_empty() && body.orders.is_empty() {
        return Err(Problem::invalid("Choose what belongs to the other customer."));
    }
    let by = &caller.user.email;
    let stepped = {
        let _deciding = app.deciding.lock().await;
        app.store.split_customer(&path.id, &body, by, caller.now).await?
    };
    told(&app, by, stepped, "parted a customer in two").await
}

/// Takes a step back.
pub async fn undo(app: App, caller: Caller, path: ById, (): (), (): ()) -> Result<Step, Problem> {
    let by = &caller.user.email;
    let stepped = {
        let _deciding = app.deciding.lock().await;
        app.store.undo_step(&path.id, by, caller.now).await?
    };
    told(&app, by, stepped, "took a step with customers back").await
}

/// What follows from a step: it goes on record, the index and the promoters keep in step, open pages are told. The step itself is
/// taken while nothing else is decided: an import that read the records before writes what it read. That has to be over here.
pub async fn told(app: &App, by: &str, stepped: Stepped, what: &str) -> Result<Step, Problem> {
    let taken = match stepped {
        Ok(taken) => taken,
        Err(Refusal::Missing(what)) => return Err(Problem::not_found(what)),
        Err(Refusal::Senseless(why)) => return Err(Problem::conflict(why)),
    };
    app.audit(by, "customer", Some(taken.step.customer.as_str()), what).await?;
    indexed(app, &taken.customers).await?;
    told::look_again(app, &taken.freed).await?;
    told::accounts_follow(app, &taken.authors).await?;
    told::people_changed(app, &taken.authors, &LISTS).await?;
    Ok(taken.step)
}

/// The index is told how those customers stand now.
pub(super) async fn indexed(app: &App, customers: &[String]) -> Result<(), Problem> {
    let told = engine::identify::index_again(app, customers).await;
    told.map_err(|error| super::broke(&format!("{error:#}")))
}

/// Writes a note.
pub async fn add_note(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: NewNote,
) -> Result<CustomerView, Problem> {
    let text = checked(&body)?;
    if text.is_empty() {
        return Err(Problem::invalid_field("text", "The note is empty."));
    }
    if !app.store.add_customer_note(&path.id, text, &caller.user.email, caller.now).await? {
        return Err(Problem::not_found("customer"));
    }
    app.tell(Event::Changed { what: "customers".into() });
    view(&app, &path.id, caller.now).await
}

/// Changes a note, or removes it.
pub async fn change_note(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: NewNote,
) -> Result<CustomerView, Problem> {
    let text = checked(&body)?;
    let whose = app.store.change_customer_note(&path.id, text, caller.now).await?;
    let whose = whose.ok_or_else(|| Problem::not_found("note"))?;
    app.tell(Event::Changed { what: "customers".into() });
    view(&app, &whose, caller.now).await
}

fn checked(note: &NewNote) -> Result<&str, Problem> {
    if note.text.chars().count() > LONGEST_NOTE {
        return Err(Problem::invalid_field("text", "At most 20,000 characters."));
    }
    Ok(note.text.trim())
}

/// Everything that is held about a person, for them. Handing it out goes on record.
pub async fn data(app: App, caller: Caller, path: ById, (): (), (): ()) -> Result<PersonData, Problem> {
    let view = view(&app, &path.id, caller.now).await?;
    let id = view.customer.id.as_str().to_owned();
    app.audit(&caller.user.email, "export", Some(&id), "took out everything held about a customer").await?;
    let joined = app.store.joined_with(&id).await?;
    let mentions = app.store.mentions_of_customer(&id).await?;
    Ok(PersonData { at: caller.now, view, joined, mentions })
}

/// Forgets a person.
pub async fn forget(app: App, caller: Caller, path: ById, (): (), (): ()) -> Result<Forgotten, Problem> {
    // Nothing may be decided about them meanwhile.
    let _deciding = app.deciding.lock().await;
    let erased = app.store.forget_customer(&path.id, caller.now).await?;
    let erased = erased.ok_or_else(|| Problem::not_found("customer"))?;
    indexed(&app, &erased.records).await?;
    app.audit(&caller.user.email, "forget", Some(&path.id), "forgot a customer at their wish").await?;
    told::people_changed(&app, &erased.authors, &LISTS).await?;
    Ok(Forgotten {
        records: erased.records.len() as u64,
        authors: erased.authors.len() as u64,
        mentions: erased.mentions,
    })
}
