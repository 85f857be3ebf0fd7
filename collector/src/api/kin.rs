//! Accounts on two platforms that may be one person's, and the owner's word on it.

use goodword_shared::{
    Problem,
    api::{
        ById, Page,
        customers::{MatchDecision, MatchQuery, Verdict},
        kin::KinView,
    },
};

use super::{Caller, customers::known_state, told};
use crate::{app::App, connectors};

/// Pairs in a state.
pub async fn list(
    app: App,
    _caller: Caller,
    (): (),
    query: MatchQuery,
    (): (),
) -> Result<Page<KinView>, Problem> {
    known_state(&query)?;
    let mut page = app.store.kin_views(&query).await?;
    page.items.iter_mut().for_each(named);
    Ok(page)
}

/// Confirms, refuses or takes the last word back, and lets the engine make of it what follows.
pub async fn decide(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: MatchDecision,
) -> Result<KinView, Problem> {
    let missing = || Problem::not_found("pair of accounts");
    app.store.kin_view(&path.id).await?.ok_or_else(missing)?;
    let by = &caller.user.email;
    let decided = app.store.decide_kin(&path.id, body.verdict, by, caller.now).await?;
    let authors = decided.ok_or_else(|| Problem::conflict("There is nothing to take back."))?;
    let what = match body.verdict {
        Verdict::Confirm => "said that two accounts are one person's",
        Verdict::Refuse => "said that two accounts are not one person's",
        Verdict::Undo => "took the word on two accounts back",
    };
    app.audit(by, "kin", Some(&path.id), what).await?;
    told::accounts_follow(&app, &authors).await?;
    told::people_changed(&app, &authors, &["matches", "customers", "cases", "promoters"]).await?;
    let mut view = app.store.kin_view(&path.id).await?.ok_or_else(missing)?;
    named(&mut view);
    Ok(view)
}

/// The store knows connectors by slug; the owner by title.
pub(super) fn named(view: &mut KinView) {
    for account in &mut view.accounts {
        if let Some(connector) = connectors::by_slug(&account.platform) {
            account.platform = connector.describe().title;
        }
    }
}
