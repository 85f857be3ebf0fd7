//! A code that the owner enters on any device: asked for here, and asked after until it is entered or too late.

use goodword_shared::{Problem, access::DeviceCode, source::Source};

use super::{
    Failure, PACE,
    account::consent_of,
    connect::{Wanted, client_of, store, wanted},
};
use crate::{
    access::device::{self, Next, Waiting},
    app::App,
    clock,
    store::StoredSource,
};

/// A code that waits, with what is needed to go on asking.
pub struct Begun {
    /// What to show.
    pub code: DeviceCode,
    source: StoredSource,
    wanted: Wanted,
    waiting: Waiting,
}

/// Asks for a code.
pub async fn begin(app: &App, source: &StoredSource) -> anyhow::Result<Result<Begun, Problem>> {
    let wanted = match wanted(app, source)? {
        Ok(wanted) => wanted,
        Err(problem) => return Ok(Err(problem)),
    };
    match code(app, &wanted).await {
        Ok(waiting) => {
            let code = DeviceCode {
                code: waiting.code.clone(),
                link: waiting.link.clone(),
                expires_at: waiting.expires_at,
                problem: None,
            };
            app.tokens.waiting().insert(source.id.to_string(), code.clone());
            Ok(Ok(Begun { code, source: source.clone(), wanted, waiting }))
        }
        Err(problem) => Ok(Err(problem)),
    }
}

async fn code(app: &App, wanted: &Wanted) -> Result<Waiting, Problem> {
    let client = client_of(wanted)?;
    let consent = consent_of(&wanted.access)?;
    let request = device::begin(&wanted.access, consent, &client).ok_or_else(|| {
        Problem::invalid("This platform offers no code to enter: connect in the browser instead.")
    })?;
    let fetched = app.fetcher.fetch(&request, PACE, None, clock::now()).await.map_err(Failure::from)?;
    Ok(device::read_code(&fetched.response, clock::now()).map_err(Failure::from)?)
}

/// Asks, at the platform's pace, until the code was entered, refused or ran out.
pub async fn carry_on(app: &App, begun: Begun) -> anyhow::Result<Result<Source, Problem>> {
    let Begun { mut waiting, wanted, source, code } = begun;
    let client = match client_of(&wanted) {
        Ok(client) => client,
        Err(problem) => return Ok(Err(problem)),
    };
    let mut at = clock::now() + waiting.interval;
    loop {
        let pause = (at - clock::now()).to_std().unwrap_or_default();
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = app.closing.cancelled() => return Ok(Err(Problem::invalid("The service ended meanwhile."))),
        }
        let question = waiting.question(&wanted.access, &client);
        let now = clock::now();
        let fetched = app.fetcher.fetch(&question, PACE, None, now).await.ok();
        match waiting.after(fetched.as_ref().map(|f| &f.response), clock::now()) {
            Next::AskAt(next) => at = next,
            Next::Granted(granted) => return Ok(Ok(store(app, &source, &wanted, granted, now).await?)),
            Next::Over(refusal) => {
                let code = DeviceCode { problem: Some(refusal.to_string()), ..code };
                app.tokens.waiting().insert(source.id.to_string(), code);
                return Ok(Err(Failure::from(refusal).into()));
            }
        }
    }
}
