//! Keeps an answer as it was received, without the owner's keys, so that a mended connector can read it again.

use goodword_shared::Time;

use super::veil::Veil;
use crate::{
    app::App,
    store::{StoredSource, pack},
    wire::{Request, Response},
};

/// Keeps one answer.
pub(super) async fn keep(
    app: &App,
    source: &StoredSource,
    veil: &Veil,
    request: &Request,
    response: &Response,
    now: Time,
) -> anyhow::Result<()> {
    let response = Response { url: veil.hide(&response.url), ..response.clone() };
    let (response, packed) = tokio::task::spawn_blocking(move || {
        let packed = pack(&response.body);
        (response, packed)
    })
    .await?;
    app.store.keep_capture(&source.id, &veil.hide_request(request.clone()), &response, &packed?, now).await?;
    Ok(())
}
