//! Connecting sources to accounts at their platforms.

use goodword_shared::{
    Problem,
    access::AccessView,
    alert::Event,
    api::{
        ById,
        access::{Connect, Connecting, Returned},
    },
    source::Source,
};

use super::{Caller, broke};
use crate::{
    app::App,
    engine::access::{self, begin_device, carry_on_device},
    store::StoredSource,
};

/// How a source is let in.
pub async fn get(app: App, _caller: Caller, path: ById, (): (), (): ()) -> Result<AccessView, Problem> {
    let source = find(&app, &path.id).await?;
    shown(&app, &source).await
}

/// Connects it.
pub async fn connect(
    app: App,
    caller: Caller,
    path: ById,
    (): (),
    body: Connect,
) -> Result<Connecting, Problem> {
    let source = find(&app, &path.id).await?;
    let url = match body {
        Connect::Browser => Some(access::begin(&app, &source).await.map_err(broken)??),
        Connect::Device => {
            let begun = begin_device(&app, &source).await.map_err(broken)??;
            let link = begun.code.link.clone();
            let app = app.clone();
            // The owner enters the code elsewhere, whether the page stays open or not.
            tokio::spawn(async move {
                match carry_on_device(&app, begun).await {
                    Ok(Ok(source)) => note(&app, &source, "connected by a code", "engine").await,
                    Ok(Err(_)) => app.tell(Event::Changed { what: "sources".into() }),
                    Err(error) => {
                        tracing::error!(error = format!("{error:#}"), "a code could not be asked after")
                    }
                }
            });
            Some(link)
        }
        Connect::Shared(account) => {
            let source = access::share(&app, &source, &account).await.map_err(broken)??;
            note(&app, &source, "connected to an account in use", &caller.user.email).await;
            None
        }
    };
    let source = find(&app, &path.id).await?;
    Ok(Connecting { url, access: shown(&app, &source).await? })
}

/// Ends a consent.
pub async fn finish(app: App, caller: Caller, (): (), (): (), body: Returned) -> Result<Source, Problem> {
    if body.state.is_empty() || body.state.len() > 200 || body.code.len() > 4000 {
        return Err(Problem::invalid("The platform sent no consent. Begin again on the Sources page."));
    }
    let source = access::finish(&app, &body).await.map_err(broken)??;
    note(&app, &source, "connected an account", &caller.user.email).await;
    Ok(source)
}

/// Gives it back.
pub async fn remove(app: App, caller: Caller, path: ById, (): (), (): ()) -> Result<Source, Problem> {
    let source = find(&app, &path.id).await?;
    let source = access::disconnect(&app, &source).await.map_err(broken)?;
    note(&app, &source, "gave access back", &caller.user.email).await;
    Ok(source)
}

async fn find(app: &App, id: &str) -> Result<StoredSource, Problem> {
    app.store.source_row(id).await?.ok_or_else(|| Problem::not_found("source"))
}

async fn shown(app: &App, source: &StoredSource) -> Result<AccessView, Problem> {
    access::view(app, source)
        .await
        .map_err(broken)?
        .ok_or_else(|| Problem::new(404, "not-found", "Nothing to connect", "This source needs no account."))
}

/// The trail of who did what must not undo what was done.
async fn note(app: &App, source: &Source, what: &str, by: &str) {
    let detail = format!("{what}: “{}”", source.name);
    if let Err(error) = app.audit(by, "source", Some(source.id.as_str()), &detail).await {
        tracing::error!(%error, "a connection could not be noted");
    }
    app.tell(Event::Changed { what: "sources".into() });
}

fn broken(error: anyhow::Error) -> Problem {
    broke(&format!("{error:#}"))
}
