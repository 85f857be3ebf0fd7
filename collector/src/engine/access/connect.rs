//! Connecting a source to an account: the platform's page with what proves the attempt, the way back from it, sharing an account
//! that another source uses, giving access back. Errors are for the owner.

use chrono::TimeDelta;
use goodword_shared::{
    Problem, Time,
    access::{Access, AccessState, AccessView, AccountChoice, Grant, RETURN_PATH},
    api::access::Returned,
    source::Source,
};
use rand::TryRngCore;
use serde::{Deserialize, Serialize};

use super::{
    Failure, PACE,
    account::{Held, consent_of, filled, open},
    ask, state,
};
use crate::{
    access::{Client, Granted, consent},
    app::App,
    clock, connectors,
    engine::{
        manners::placed_anew,
        sources::{shown, values},
    },
    fold::sha256_hex,
    secrets::Secret,
    store::{StoredAccount, StoredSource, new_id},
};

/// The table that attempts are sealed for.
const TABLE: &str = "access_attempts";
/// How long the owner may stay on the platform's page.
const PATIENCE: TimeDelta = TimeDelta::minutes(15);

/// What an attempt needs at its end.
#[derive(Serialize, Deserialize)]
struct Kept {
    verifier: String,
    redirect_url: String,
}

/// What a source's connector wants, with what the settings say of the app.
pub(super) struct Wanted {
    pub access: Access,
    pub client: Option<Client>,
}

/// The inner error: nothing needs connecting there.
pub(super) fn wanted(app: &App, source: &StoredSource) -> anyhow::Result<Result<Wanted, Problem>> {
    let nothing = || Problem::new(404, "not-found", "Nothing to connect", "This source needs no account.");
    let Some(connector) = connectors::by_slug(&source.connector) else { return Ok(Err(nothing())) };
    let values = values(app, source, &connector.describe())?;
    let access = connector.access(&values);
    Ok(access.map(|access| Wanted { client: Client::of(&access, &values), access }).ok_or_else(nothing))
}

pub(super) fn client_of(wanted: &Wanted) -> Result<Client, Problem> {
    let field = &wanted.access.id_field;
    wanted.client.clone().ok_or_else(|| {
        Problem::invalid_field(
            field,
            "Fill in the app's name and secret first; “Where to find this” says how.",
        )
    })
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        failure.problem.into()
    }
}

/// Begins a consent: the address of the platform's page.
pub async fn begin(app: &App, source: &StoredSource) -> anyhow::Result<Result<String, Problem>> {
    let wanted = match wanted(app, source)? {
        Ok(wanted) => wanted,
        Err(problem) => return Ok(Err(problem)),
    };
    let (consent, client) = match (consent_of(&wanted.access), client_of(&wanted)) {
        (Ok(consent), Ok(client)) => (consent, client),
        (Err(failure), _) => return Ok(Err(failure.into())),
        (_, Err(problem)) => return Ok(Err(problem)),
    };
    let mut chance = [0; 64];
    rand::rngs::OsRng.try_fill_bytes(&mut chance)?;
    let attempt = consent::Attempt::new(&chance);
    let redirect_url = redirect_url(app);
    let Some(url) = consent::page(&wanted.access, consent, &client, &attempt, &redirect_url) else {
        return Ok(Err(Problem::invalid("The service address in the settings is no web address.")));
    };
    let hash = sha256_hex(attempt.state.expose().as_bytes());
    let kept = Kept { verifier: attempt.verifier.expose().to_owned(), redirect_url };
    let sealed = app.sealer.seal(TABLE, &hash, &serde_json::to_string(&kept)?);
    app.store.put_attempt(&hash, &source.id, &sealed, clock::now() + PATIENCE).await?;
    Ok(Ok(url))
}

/// Ends a consent with what the owner came back with.
pub async fn finish(app: &App, returned: &Returned) -> anyhow::Result<Result<Source, Problem>> {
    let now = clock::now();
    let hash = sha256_hex(returned.state.as_bytes());
    // Taken before anything is asked: the same answer twice is no answer.
    let Some((source, sealed)) = app.store.take_attempt(&hash, now).await? else {
        return Ok(Err(Problem::invalid(
            "This consent was not asked for from here, was used already, or took longer than a quarter of an hour. Begin again on the Sources page.",
        )));
    };
    let Some(source) = app.store.source_row(source.as_str()).await? else {
        return Ok(Err(Problem::not_found("source")));
    };
    if returned.code.is_empty() {
        return Ok(Err(Problem::invalid(match returned.error.as_str() {
            "access_denied" => "Access was refused on the platform's page. Nothing was connected.".to_owned(),
            "redirect_uri_mismatch" => format!(
                "The platform does not know the way back: register {} as the app's redirect address.",
                redirect_url(app)
            ),
            _ => "The platform sent no consent. Check the app's settings there, and begin again.".to_owned(),
        })));
    }
    let wanted = match wanted(app, &source)? {
        Ok(wanted) => wanted,
        Err(problem) => return Ok(Err(problem)),
    };
    let kept: Kept = serde_json::from_str(app.sealer.unseal(TABLE, &hash, &sealed)?.expose())?;
    match exchange(app, &wanted, returned, &kept).await {
        Ok(granted) => Ok(Ok(store(app, &source, &wanted, granted, now).await?)),
        Err(problem) => Ok(Err(problem)),
    }
}

async fn exchange(app: &App, wanted: &Wanted, returned: &Returned, kept: &Kept) -> Result<Granted, Problem> {
    let (access, consent) = (&wanted.access, consent_of(&wanted.access)?);
    let client = client_of(wanted)?;
    let verifier = Secret::new(kept.verifier.as_str());
    let request =
        consent::exchange(access, consent, &client, returned.code.trim(), &verifier, &kept.redirect_url);
    let (answer, _) = ask(app, &request).await?;
    let granted = answer.map_err(Failure::from)?;
    let Some(grant) = &consent.lengthen else { return Ok(granted) };
    let (answer, _) = ask(app, &consent::lengthen(access, grant, &client, &granted.token)).await?;
    Ok(answer.map_err(Failure::from)?)
}

/// Stores what was granted. An account that the source had is given the new tokens, so that what shares it has them too.
pub(super) async fn store(
    app: &App,
    source: &StoredSource,
    wanted: &Wanted,
    granted: Granted,
    now: Time,
) -> anyhow::Result<Source> {
    let client_id = wanted.client.as_ref().map(|c| c.id.clone()).unwrap_or_default();
    let known = match &source.account {
        Some(id) => app.store.account(id).await?,
        None => None,
    };
    let known = known.filter(|a| a.provider == wanted.access.provider && a.client_id == client_id);
    let account = StoredAccount {
        id: known.as_ref().map_or_else(new_id, |a| a.id.clone()),
        provider: wanted.access.provider.clone(),
        client_id,
        sealed: String::new(),
        renew_at: None,
        ends_at: None,
        generation: known.map_or(0, |a| a.generation + 1),
        problem: None,
        connected_at: now,
        renewed_at: now,
    };
    let account = filled(app, account, Held::default(), granted, now)?;
    app.store.put_account(&account).await?;
    app.store.set_source_account(&source.id, Some(&account.id), now).await?;
    app.store.wake_account_users(&account.id, now).await?;
    settle(app, source, now).await
}

/// Lets a source in by an account that is connected already.
pub async fn share(
    app: &App,
    source: &StoredSource,
    account: &str,
) -> anyhow::Result<Result<Source, Problem>> {
    let wanted = match wanted(app, source)? {
        Ok(wanted) => wanted,
        Err(problem) => return Ok(Err(problem)),
    };
    let found = choices(app, source, &wanted).await?.into_iter().any(|choice| choice.id == account);
    if !found {
        return Ok(Err(Problem::invalid_field("account", "That account is of another app or platform.")));
    }
    let now = clock::now();
    app.store.set_source_account(&source.id, Some(account), now).await?;
    Ok(Ok(settle(app, source, now).await?))
}

/// Gives a source's access back. The tokens are withdrawn at the platform and forgotten once no source uses them.
pub async fn disconnect(app: &App, source: &StoredSource) -> anyhow::Result<Source> {
    let now = clock::now();
    app.store.set_source_account(&source.id, None, now).await?;
    if let Some(id) = &source.account
        && app.store.account_users(id).await?.is_empty()
        && let (Some(account), Ok(wanted)) = (app.store.account(id).await?, wanted(app, source)?)
        && let (Grant::Consent(consent), Some(client)) = (&wanted.access.grant, &wanted.client)
        && let Some(url) = &consent.revoke_url
    {
        let held = open(app, &account)?;
        let token = Secret::new(held.refresh.unwrap_or(held.token));
        let request = consent::revoke(&wanted.access, url, client, &token);
        if let Err(error) = app.fetcher.fetch(&request, PACE, None, now).await {
            // It ends there by itself, or on the platform's own page; here it is forgotten in any case.
            tracing::warn!(provider = account.provider, %error, "access could not be given back at the platform");
        }
    }
    settle(app, source, now).await
}

async fn settle(app: &App, source: &StoredSource, now: Time) -> anyhow::Result<Source> {
    app.store.forget_accounts(now).await?;
    app.tokens.waiting().remove(source.id.as_str());
    let row = app.store.source_row(source.id.as_str()).await?.unwrap_or_else(|| source.clone());
    // Limits are shared with whoever is let in by the same account; and what it lets in may be listened to as well.
    let row = placed_anew(app, row).await?;
    app.wake_engine.notify_one();
    app.wake_listeners.notify_one();
    shown(app, row).await
}

/// How a source's access fares, for the owner. None where it needs nothing but its settings.
pub async fn view(app: &App, source: &StoredSource) -> anyhow::Result<Option<AccessView>> {
    let Ok(wanted) = wanted(app, source)? else { return Ok(None) };
    let account = match &source.account {
        Some(id) => app.store.account(id).await?,
        None => None,
    };
    let Some(state) = state(Some(&wanted.access), account.as_ref()) else { return Ok(None) };
    let device = matches!(&wanted.access.grant, Grant::Consent(consent) if consent.device_url.is_some());
    let waiting = app.tokens.waiting().get(source.id.as_str()).cloned();
    Ok(Some(AccessView {
        state,
        text: words(state, &wanted.access.title, account.as_ref()),
        provider: wanted.access.title.clone(),
        redirect_url: redirect_url(app),
        device,
        waiting,
        accounts: choices(app, source, &wanted).await?,
    }))
}

/// The access in a sentence.
fn words(state: AccessState, title: &str, account: Option<&StoredAccount>) -> String {
    let day = |time: Time| time.format("%-d %B %Y").to_string();
    match (state, account) {
        (AccessState::Missing, _) => format!("No {title} account is connected yet."),
        (AccessState::ByKey, _) => "The keys in the settings are enough; nothing needs renewing.".to_owned(),
        (AccessState::Ended, Some(account)) => account.problem.clone().unwrap_or_default(),
        (AccessState::Ending, Some(account)) => {
            let until = account.ends_at.map(day).unwrap_or_default();
            format!(
                "Connected to {title}. Access ends on {until} and cannot be renewed: connect again before then."
            )
        }
        (_, Some(account)) => {
            let since = day(account.connected_at);
            format!("Connected to {title} since {since}; access is renewed by itself.")
        }
        (_, None) => String::new(),
    }
}

/// Accounts that would let a source in as well.
async fn choices(app: &App, source: &StoredSource, wanted: &Wanted) -> anyhow::Result<Vec<AccountChoice>> {
    let (Grant::Consent(_), Some(client)) = (&wanted.access.grant, &wanted.client) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for account in app.store.app_accounts(&wanted.access.provider, &client.id).await? {
        if account.problem.is_some() || source.account.as_ref() == Some(&account.id) {
            continue;
        }
        let users = app.store.account_users(&account.id).await?.join(", ");
        let text = format!("{}, as used by {users}", wanted.access.title);
        found.push(AccountChoice { id: account.id, text });
    }
    Ok(found)
}

/// Where the platform sends the owner back to.
fn redirect_url(app: &App) -> String {
    format!("{}{RETURN_PATH}", app.dashboard())
}
