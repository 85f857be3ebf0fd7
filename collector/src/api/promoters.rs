//! Promoters: the ranked list, and the asks made of them.

use goodword_shared::{
    Problem,
    api::{Page, promoters::PromoterQuery},
    promoter::PromoterCard,
};

use super::Caller;
use crate::app::App;

/// The list.
pub async fn list(
    app: App,
    caller: Caller,
    (): (),
    query: PromoterQuery,
    (): (),
) -> Result<Page<PromoterCard>, Problem> {
    let days = app.store.settings().await?.ask_again_days;
    Ok(app.store.promoter_cards(&query, days, caller.now).await?)
}
