//! Authors of whom it is not settled who they are: the doubtful ones side by side with the candidates, those worth a look, and
//! the owner's word on them.

use goodword_shared::{
    Problem,
    api::{
        ById, Page,
        doubts::{Aside, Doubt, DoubtCandidate, Link, NewCustomer, Stranger, Window},
        records::Step,
    },
};

use super::{Caller, records};
use crate::{app::App, connectors, engine, identity};

/// Orders shown of a candidate, beside those that the texts speak of.
const ORDERS: usize = 3;

/// Doubtful authors with their candidates.
pub async fn list(app: App, _caller: Caller, (): (), query: Window, (): ()) -> Result<Page<Doubt>, Problem> {
    let mut page = app.store.doubts(&query).await?;
    for doubt in &mut page.items {
        doubt.platform = title(&doubt.platform);
        let texts: Vec<&str> = doubt.quotes.iter().map(|quote| quote.text.as_str()).collect();
        for candidate in &mut doubt.candidates {
            let facts = &candidate.customer.facts;
            candidate.agreement = identity::agreement(&doubt.author, &texts, facts, &candidate.orders);
            shorten(candidate);
        }
    }
    Ok(page)
}

fn shorten(candidate: &mut DoubtCandidate) {
    let spoken_of = std::mem::take(&mut candidate.orders);
    candidate.orders = spoken_of
        .into_iter()
        .enumerate()
        .filter(|(n, order)| *n < ORDERS || candidate.agreement.orders.contains(&order.id))
        .map(|(_, order)| order)
        .collect();
    for account in &mut candidate.accounts {
        if let Some((name, platform)) = account.rsplit_once(' ') {
            *account = format!("{name} ({})", title(platform));
        }
    }
    // One name at several sources of a platform is one account to the reader.
    candidate.accounts.sort();
    candidate.accounts.dedup();
}

/// Authors worth a look.
pub async fn strangers(
    app: App,
    _caller: Caller,
    (): (),
    query: Window,
    (): (),
) -> Result<Page<Stranger>, Problem> {
    let mut page = app.store.strangers(&query).await?;
    page.items.iter_mut().for_each(|stranger| stranger.platform = title(&stranger.platform));
    Ok(page)
}

/// Makes a customer of an author.
pub async fn make_customer(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: NewCustomer,
) -> Result<Step, Problem> {
    if body.name.as_ref().is_some_and(|name| name.chars().count() > 254) {
        return Err(Problem::invalid_field("name", "At most 254 characters."));
    }
    let by = &caller.user.email;
    let stepped = {
        let _deciding = app.deciding.lock().await;
        app.store.make_customer(&path.id, body.name.as_deref(), by, caller.now).await?
    };
    records::told(&app, by, stepped, "made a customer of an author").await
}

/// Says who an author is.
pub async fn link(app: App, caller: Caller, path: ById, (): (), body: Link) -> Result<Step, Problem> {
    let by = &caller.user.email;
    let stepped = {
        let _deciding = app.deciding.lock().await;
        app.store.link_author(&path.id, body.customer.as_str(), by, caller.now).await?
    };
    engine::identify::relearn_soon(&app);
    records::told(&app, by, stepped, "linked an author to a customer").await
}

/// Leaves an author aside among those worth a look, or shows them again.
pub async fn set_aside(app: App, caller: Caller, path: ById, (): (), body: Aside) -> Result<(), Problem> {
    if !app.store.ignore_author(&path.id, body.ignored, caller.now).await? {
        return Err(Problem::not_found("author"));
    }
    let what = if body.ignored { "left an author aside" } else { "looked at an author again" };
    app.audit(&caller.user.email, "match", Some(&path.id), what).await?;
    Ok(())
}

/// The store knows connectors by slug; the owner by title.
fn title(slug: &str) -> String {
    connectors::by_slug(slug).map_or_else(|| slug.to_owned(), |connector| connector.describe().title)
}
