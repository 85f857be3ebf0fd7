//! Reads an answer, and keeps it as it was received, without the owner's keys, so that a mended connector can read it again.

use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::anyhow;
use goodword_shared::{Time, problem::SourceProblem};

use super::veil::Veil;
use crate::{
    app::App,
    connectors::{Connector, Reading},
    store::{Packed, StoredSource, pack},
    wire::{Request, Response},
};

/// What came of the work on one answer.
pub(super) struct Worked {
    response: Response,
    packed: Option<std::io::Result<Packed>>,
    reading: anyhow::Result<Result<Reading, SourceProblem>>,
}

/// Packs an answer where it is to be kept, and reads it. Both are work for the processor, not for the workers that wait for the
/// network, and one errand there is cheaper than two.
pub(super) async fn work_on(
    connector: &'static dyn Connector,
    request: Request,
    response: Response,
    keeps: bool,
    now: Time,
) -> anyhow::Result<Worked> {
    let work = move || {
        let packed = keeps.then(|| pack(&response.body));
        // A reader that breaks off must not take the answer with it: it is what shows why.
        let read = AssertUnwindSafe(|| connector.read(&request, &response, Some(now)));
        let reading = catch_unwind(read).map_err(|_| anyhow!("the connector broke off"));
        Worked { response, packed, reading }
    };
    Ok(tokio::task::spawn_blocking(work).await?)
}

impl Worked {
    /// Keeps the answer where that was asked for, and hands out what was read.
    pub(super) async fn keep(
        mut self,
        app: &App,
        source: &StoredSource,
        veil: &Veil,
        request: &Request,
        now: Time,
    ) -> anyhow::Result<Result<Reading, SourceProblem>> {
        if let Some(packed) = self.packed {
            self.response.url = veil.hide(&self.response.url);
            let asked = veil.hide_request(request.clone());
            app.store.keep_capture(&source.id, &asked, &self.response, packed?, now).await?;
        }
        self.reading
    }
}

/// Keeps what came without being asked for, and so holds no key of the owner's.
pub(super) async fn keep(
    app: &App,
    source: &StoredSource,
    request: &Request,
    response: Response,
    now: Time,
) -> anyhow::Result<()> {
    let (response, packed) = tokio::task::spawn_blocking(move || {
        let packed = pack(&response.body);
        (response, packed)
    })
    .await?;
    app.store.keep_capture(&source.id, request, &response, packed?, now).await?;
    Ok(())
}
