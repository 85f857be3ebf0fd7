//! What a source would read, before it is saved: one request, nothing stored.

use std::time::Duration;

use goodword_shared::{
    ProblemKind,
    problem::SourceProblem,
    source::{Preview, Route, Values, faults},
};

use super::{
    access::Pass,
    listen,
    manners::{Purse, limits_of},
    walk::pace,
};
use crate::{
    app::App,
    clock,
    connectors::{self, Connector, Reading},
    pipeline::normalise::normalise,
    secrets,
    wire::Request,
};

/// Mentions shown.
const SHOWN: usize = 10;
/// Requests made: the first may only lead to the second.
const REQUESTS: usize = 3;

/// Asks once and reads the answer.
pub async fn preview(app: &App, connector: &str, settings: &Values) -> Preview {
    preview_by(app, connector, settings, None).await
}

/// The same by the account that a stored source is let in by.
pub(super) async fn preview_by(
    app: &App,
    connector: &str,
    settings: &Values,
    account: Option<&str>,
) -> Preview {
    let mut preview = Preview::default();
    if let Err(problem) = fill(app, connector, settings, account, &mut preview).await {
        preview.problem = Some(problem);
    }
    preview
}

async fn fill(
    app: &App,
    slug: &str,
    settings: &Values,
    account: Option<&str>,
    preview: &mut Preview,
) -> Result<(), SourceProblem> {
    let problem = |problem, detail: String| SourceProblem { problem, detail };
    let connector = connectors::by_slug(slug)
        .ok_or_else(|| problem(ProblemKind::Unsupported, format!("There is no connector “{slug}”.")))?;
    let descriptor = connector.describe();
    if let Some(fault) = faults(&descriptor.fields, settings).into_iter().next() {
        return Err(problem(ProblemKind::Refused, fault.detail));
    }
    let (open, hidden) = secrets::split(&descriptor.fields, settings, &secrets::Secrets::new());
    let settings_given = secrets::join(&descriptor.fields, &open, &hidden);
    let mut settings = settings_given.clone();
    let mut pass =
        Pass::obtain(app, connector, &mut settings, account).await.map_err(|failure| failure.problem)?;
    let mut next = Some(connector.start(&settings, None)?);
    match descriptor.route {
        // Nothing is there before somebody sends it, or hands over a file.
        Route::Push | Route::Import => return Ok(()),
        Route::Mail => {
            preview.mentions = listen::peek(app, &settings).await?;
            preview.found = preview.mentions.len();
            return Ok(());
        }
        Route::Api | Route::Feed | Route::Page => {}
    }
    let limits = limits_of(&descriptor, &settings_given, account);
    let purse = Purse::of(connector, Some(limits), &settings_given);
    for _ in 0..REQUESTS {
        let Some(request) = next.take() else { break };
        if let Some(purse) = &purse {
            let paid = purse.pay(app, connector, &request, clock::now()).await.map_err(|error| {
                tracing::error!(error = format!("{error:#}"), "an allowance could not be counted");
                problem(ProblemKind::Unreachable, "Something broke on our side; the log says what.".into())
            })?;
            paid.map_err(|empty| problem(ProblemKind::RateLimited, empty.text))?;
        }
        let pace = pace(app, &descriptor, &request.url);
        let reading = read_one(app, connector, &mut pass, request, pace).await?;
        let now = clock::now();
        preview.found += reading.mentions.len();
        preview.platform_total = reading.totals.count.or(preview.platform_total);
        preview.warnings.extend(reading.warnings.iter().map(|w| format!("{} ({})", w.warning, w.at)));
        let room = SHOWN - preview.mentions.len();
        preview
            .mentions
            .extend(reading.mentions.into_iter().take(room).map(|mention| normalise(mention, now)));
        if preview.found == 0 {
            next = reading.follow.into_iter().next();
        }
    }
    Ok(())
}

async fn read_one(
    app: &App,
    connector: &'static dyn Connector,
    pass: &mut Pass,
    request: Request,
    pace: Duration,
) -> Result<Reading, SourceProblem> {
    let now = clock::now();
    let fetched = pass.fetch(app, &request, pace, None, now).await.map_err(|failure| failure.problem)?;
    tokio::task::spawn_blocking(move || connector.read(&request, &fetched.response, Some(now)))
        .await
        .unwrap_or_else(|_| {
            Err(SourceProblem {
                problem: ProblemKind::Malformed,
                detail: "The answer broke the reader. This is a fault of Goodword; please report it.".into(),
            })
        })
}
