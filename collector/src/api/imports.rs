//! Imports: the preview with its faults by line, and the doing.

use std::time::Duration;

use goodword_shared::{
    Problem,
    import::{ImportPreview, ImportReport, ImportRequest},
};

use super::{Caller, broke};
use crate::{app::App, engine, imports};

/// How long an answer waits for the authors to be looked at again; longer looks go on by themselves.
const LOOK: Duration = Duration::from_secs(5);

/// What an import of customers would do.
pub async fn preview_customers(
    app: App,
    _caller: Caller,
    (): (),
    (): (),
    body: ImportRequest,
) -> Result<ImportPreview, Problem> {
    imports::preview_customers(&app, &body).await.map_err(broken)
}

/// Imports customers, and looks again at authors who may be one of them.
pub async fn import_customers(
    app: App,
    caller: Caller,
    (): (),
    (): (),
    body: ImportRequest,
) -> Result<ImportReport, Problem> {
    let done = imports::import_customers(&app, &body, &caller.user.email).await.map_err(broken)?;
    let report = done.map_err(Problem::invalid)?;
    looked(app, report).await
}

/// The report, with what a look at the authors found where that is quick.
async fn looked(app: App, mut report: ImportReport) -> Result<ImportReport, Problem> {
    let looked = tokio::spawn(async move { engine::identify::rematch(&app).await });
    match tokio::time::timeout(LOOK, looked).await {
        Ok(Ok(Ok((0, 0)))) | Err(_) => {}
        Ok(Ok(Ok((linked, doubtful)))) => {
            report.summary.push_str(&format!("; {linked} authors recognised, {doubtful} to confirm"));
        }
        Ok(Ok(Err(error))) => return Err(broken(error)),
        Ok(Err(error)) => return Err(broke(&error)),
    }
    Ok(report)
}

/// What an import of orders would do.
pub async fn preview_orders(
    app: App,
    _caller: Caller,
    (): (),
    (): (),
    body: ImportRequest,
) -> Result<ImportPreview, Problem> {
    imports::preview_orders(&app, &body).await.map_err(broken)
}

/// Imports orders, and looks again at authors whom they may tell apart.
pub async fn import_orders(
    app: App,
    caller: Caller,
    (): (),
    (): (),
    body: ImportRequest,
) -> Result<ImportReport, Problem> {
    let done = imports::import_orders(&app, &body, &caller.user.email).await.map_err(broken)?;
    let report = done.map_err(Problem::invalid)?;
    looked(app, report).await
}

/// What an import of mentions would do.
pub async fn preview_mentions(
    app: App,
    _caller: Caller,
    (): (),
    (): (),
    body: ImportRequest,
) -> Result<ImportPreview, Problem> {
    engine::import::preview_mentions(&app, &body).await.map_err(broken)
}

/// Imports mentions; never alerts.
pub async fn import_mentions(
    app: App,
    caller: Caller,
    (): (),
    (): (),
    body: ImportRequest,
) -> Result<ImportReport, Problem> {
    let report =
        engine::import::import_mentions(&app, &body).await.map_err(broken)?.map_err(Problem::invalid)?;
    let what = format!("imported mentions from “{}”: {}", body.file_name, report.summary);
    app.audit(&caller.user.email, "import", None, &what).await?;
    Ok(report)
}

fn broken(error: anyhow::Error) -> Problem {
    broke(&format!("{error:#}"))
}
