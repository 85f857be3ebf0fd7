//! Recovery: the queue, one case, and what the owner does about it.

use goodword_shared::{
    Problem,
    api::{ById, Page, cases::CaseQuery},
    case::{CaseCard, CaseView},
};

use super::Caller;
use crate::app::App;

/// The queue.
pub async fn list(
    app: App,
    caller: Caller,
    (): (),
    query: CaseQuery,
    (): (),
) -> Result<Page<CaseCard>, Problem> {
    Ok(app.store.case_cards(&query, caller.now).await?)
}

/// One case.
pub async fn get(app: App, caller: Caller, path: ById, (): (), (): ()) -> Result<CaseView, Problem> {
    app.store.case_view(&path.id, caller.now).await?.ok_or_else(|| Problem::not_found("case"))
}
