//! Sources: connectors, recognising an address, preview, adding, changing, running now.

use goodword_shared::{
    Problem,
    alert::Event,
    api::{
        ById, Page,
        alerts::Rows,
        sources::{NewSource, Pasted, SourceChange},
    },
    source::{Descriptor, Preview, Recognised, RunView, Source},
};

use super::{Caller, broke};
use crate::{app::App, connectors, engine};

/// Every connector's account of itself.
pub async fn kinds(_app: App, _caller: Caller, (): (), (): (), (): ()) -> Result<Vec<Descriptor>, Problem> {
    Ok(connectors::all().iter().map(|connector| connector.describe()).collect())
}

/// The sources with their health.
pub async fn list(app: App, _caller: Caller, (): (), (): (), (): ()) -> Result<Vec<Source>, Problem> {
    engine::sources::list(&app).await.map_err(broken)
}

/// Which connectors would read an address.
pub async fn recognise(
    _app: App,
    _caller: Caller,
    (): (),
    (): (),
    body: Pasted,
) -> Result<Vec<Recognised>, Problem> {
    if body.text.trim().is_empty() || body.text.len() > 4000 {
        return Err(Problem::invalid_field("text", "Paste an address or a name."));
    }
    Ok(connectors::recognise(&body.text))
}

/// What a source would read.
pub async fn preview(app: App, _caller: Caller, (): (), (): (), body: NewSource) -> Result<Preview, Problem> {
    Ok(engine::preview(&app, &body.connector, &body.settings).await)
}

/// Watches a source.
pub async fn add(app: App, caller: Caller, (): (), (): (), body: NewSource) -> Result<Source, Problem> {
    let source = engine::sources::add(&app, &body).await.map_err(broken)??;
    let what = format!("added the source “{}”", source.name);
    changed(&app, &caller, source.id.as_str(), &what).await?;
    Ok(source)
}

/// Changes or pauses a source.
pub async fn change(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: SourceChange,
) -> Result<Source, Problem> {
    let source =
        engine::sources::change(&app, &path.id, &body).await.map_err(broken)?.ok_or_else(missing)??;
    let what = match body.paused {
        Some(true) => format!("paused the source “{}”", source.name),
        Some(false) => format!("woke the source “{}”", source.name),
        None => format!("changed the source “{}”", source.name),
    };
    changed(&app, &caller, &path.id, &what).await?;
    Ok(source)
}

/// Stops watching; the mentions stay.
pub async fn remove(app: App, caller: Caller, path: ById, (): (), (): ()) -> Result<(), Problem> {
    if !app.store.remove_source(&path.id, caller.now).await? {
        return Err(missing());
    }
    app.wake_listeners.notify_one();
    // What let only this one in is not kept.
    app.store.forget_accounts(caller.now).await?;
    changed(&app, &caller, &path.id, "stopped watching a source").await
}

/// Runs it now.
pub async fn check(app: App, _caller: Caller, path: ById, (): (), (): ()) -> Result<Source, Problem> {
    engine::sources::check(&app, &path.id).await.map_err(broken)?.ok_or_else(missing)
}

/// What its runs came to.
pub async fn runs(
    app: App,
    _caller: Caller,
    path: ById,
    query: Rows,
    (): (),
) -> Result<Page<RunView>, Problem> {
    app.store.source_row(&path.id).await?.ok_or_else(missing)?;
    let limit = query.limit.unwrap_or(20).clamp(1, 200);
    Ok(app.store.runs(&path.id, query.offset.unwrap_or(0), limit).await?)
}

/// What it shows now.
pub async fn look(app: App, _caller: Caller, path: ById, (): (), (): ()) -> Result<Preview, Problem> {
    let row = app.store.source_row(&path.id).await?.ok_or_else(missing)?;
    engine::sources::preview_of(&app, &row).await.map_err(broken)
}

async fn changed(app: &App, caller: &Caller, id: &str, what: &str) -> Result<(), Problem> {
    app.audit(&caller.user.email, "source", Some(id), what).await?;
    app.tell(Event::Changed { what: "sources".into() });
    Ok(())
}

fn missing() -> Problem {
    Problem::not_found("source")
}

fn broken(error: anyhow::Error) -> Problem {
    broke(&format!("{error:#}"))
}
