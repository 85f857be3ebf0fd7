//! Keeps an answer as it was received, without the owner's keys, so that a mended connector can read it again.

use goodword_shared::Time;

use super::veil::Veil;
use crate::{
    app::App,
    store::{StoredSource, pack},
    wire::{Request, Response},
};

/// Keeps one answer, whose body's hash may be known, and hands it back.
pub(super) async fn keep(
    app: &App,
    source: &StoredSource,
    veil: &Veil,
    request: &Request,
    mut response: Response,
    hash: Option<String>,
    now: Time,
) -> anyhow::Result<Response> {
    let packed;
    (response, packed) = tokio::task::spawn_blocking(move || {
        let packed = pack(&response.body, hash);
        (response, packed)
    })
    .await?;
    let shown = std::mem::take(&mut response.url);
    response.url = veil.hide(&shown);
    let asked = veil.hide_request(request.clone());
    app.store.keep_capture(&source.id, &asked, &response, packed?, now).await?;
    response.url = shown;
    Ok(response)
}
