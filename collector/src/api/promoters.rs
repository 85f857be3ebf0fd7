//! Promoters: the ranked list, and the asks made of them.

use goodword_shared::{
    Problem,
    api::{
        Page,
        promoters::{NewAsk, PromoterQuery},
    },
    promoter::PromoterCard,
};

use super::{Caller, told};
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

/// Records an ask. Refused for whoever is not on the list at this moment: it is the list's rules that protect them.
pub async fn ask(app: App, caller: Caller, (): (), (): (), body: NewAsk) -> Result<(), Problem> {
    let days = app.store.settings().await?.ask_again_days;
    let Some(whom) = app.store.askable(&body.key, days, caller.now).await? else {
        return Err(Problem::conflict(
            "This person is not on the list now: asked lately, not to be contacted, or with an open case.",
        ));
    };
    let text: String = body.text.trim().chars().take(20_000).collect();
    app.store.add_ask(&whom, body.kind, &text, &caller.user.email, caller.now).await?;
    app.audit(&caller.user.email, "ask", Some(&body.key), &format!("asked for a {}", body.kind.as_str()))
        .await?;
    told::people_changed(&app, &[whom.author_id], &["promoters"]).await
}
