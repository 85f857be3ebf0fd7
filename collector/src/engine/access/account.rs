//! Accounts that an owner has connected: their tokens, opened, renewed before they end, and stored in one step. A renewal is claimed
//! in the database first: whoever else reads by the same account waits for its outcome, in this process or another.

use std::{collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use goodword_shared::{
    Time,
    access::{Access, Grant},
};
use serde::{Deserialize, Serialize};

use super::{Failure, PACE, ask};
use crate::{
    access::{Client, Granted, Refusal, consent},
    app::App,
    clock,
    secrets::Secret,
    store::StoredAccount,
    wire::Request,
};

/// The table that tokens are sealed for.
const TABLE: &str = "accounts";
/// How long a claim holds: longer than a request may take.
const CLAIM: TimeDelta = TimeDelta::seconds(90);
/// How often is looked whether somebody else's renewal has come.
const LOOK: Duration = Duration::from_millis(150);
const LOOKS: usize = 400;

/// What lies sealed in an account.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Held {
    pub token: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<String>,
    /// Tokens got with that one, by the address that gave them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub derived: BTreeMap<String, String>,
}

/// What lies sealed, opened.
pub(super) fn open(app: &App, account: &StoredAccount) -> anyhow::Result<Held> {
    let text = app.sealer.unseal(TABLE, &account.id, &account.sealed)?;
    Ok(serde_json::from_str(text.expose())?)
}

/// The same sealed.
pub(super) fn seal(app: &App, id: &str, held: &Held) -> anyhow::Result<String> {
    Ok(app.sealer.seal(TABLE, id, &serde_json::to_string(held)?))
}

/// The account's token for one source: its own, or the one derived from it.
pub(super) async fn token(
    app: &App,
    access: &Access,
    client: &Client,
    id: &str,
    refused: Option<&Secret>,
) -> Result<Secret, Failure> {
    let Some((url, pointer)) = &access.derived else {
        return own_token(app, access, client, id, refused).await;
    };
    let account = find(app, id).await?;
    let mut held = open(app, &account)?;
    let known = held.derived.remove(url).map(Secret::new);
    if let Some(known) = known.filter(|known| refused != Some(known) && account.problem.is_none()) {
        return Ok(known);
    }
    let own = own_token(app, access, client, id, None).await?;
    let request = Request::get(url.as_str()).header("authorization", format!("Bearer {}", own.expose()));
    let fetched = app.fetcher.fetch(&request, PACE, None, clock::now()).await?;
    let body: serde_json::Value = serde_json::from_slice(&fetched.response.body).unwrap_or_default();
    let Some(derived) = body.get(pointer.as_str()).and_then(serde_json::Value::as_str) else {
        if super::refused(&fetched.response) {
            let ended = Refusal::Ended;
            app.store
                .release_account(id, account.generation, Some(&ended.to_string()))
                .await
                .map_err(anyhow::Error::from)?;
            return Err(ended.into());
        }
        return Err(Failure::auth(format!(
            "The connected account has no right to this at {}: connect one that has.",
            access.title
        )));
    };
    held.derived.insert(url.clone(), derived.to_owned());
    let row = StoredAccount { sealed: seal(app, id, &held)?, ..account };
    // Where another token came in between, this one is derived again next time.
    app.store.renew_account(&row).await.map_err(anyhow::Error::from)?;
    Ok(Secret::new(derived))
}

async fn find(app: &App, id: &str) -> Result<StoredAccount, Failure> {
    let account = app.store.account(id).await.map_err(anyhow::Error::from)?;
    account.ok_or_else(|| Failure::auth("The account is no longer connected. Connect it again."))
}

async fn own_token(
    app: &App,
    access: &Access,
    client: &Client,
    id: &str,
    refused: Option<&Secret>,
) -> Result<Secret, Failure> {
    for _ in 0..LOOKS {
        let account = find(app, id).await?;
        if let Some(problem) = &account.problem {
            return Err(Failure::auth(problem.clone()));
        }
        let held = open(app, &account)?;
        let token = Secret::new(held.token.clone());
        let now = clock::now();
        let no_good = refused == Some(&token) || account.ends_at.is_some_and(|at| at <= now);
        let due = no_good || account.renew_at.is_some_and(|at| at <= now);
        if !due {
            return Ok(token);
        }
        let Some(refresh) = held.refresh.clone().map(Secret::new) else {
            if !no_good {
                return Ok(token);
            }
            let problem = Refusal::Ended.to_string();
            app.store
                .release_account(id, account.generation, Some(&problem))
                .await
                .map_err(anyhow::Error::from)?;
            return Err(Refusal::Ended.into());
        };
        let generation = account.generation;
        if !app.store.claim_account(id, generation, now, now + CLAIM).await.map_err(anyhow::Error::from)? {
            tokio::time::sleep(LOOK).await;
            continue;
        }
        // A refresh token may be good for one use. Once it is spent, what comes for it must be stored, even where the run that
        // wanted it is broken off: the renewal is a task of its own.
        let renewal = renew(app.clone(), access.clone(), client.clone(), account, held, refresh);
        match tokio::spawn(renewal).await.map_err(anyhow::Error::from)? {
            Ok(()) => {}
            // The old token may last a little longer.
            Err(failure) if failure.passes && !no_good => return Ok(token),
            Err(failure) => return Err(failure),
        }
    }
    Err(Failure {
        passes: true,
        ..Failure::auth(
            "Another reader of the same account is renewing its access and does not finish; it is tried again.",
        )
    })
}

async fn renew(
    app: App,
    access: Access,
    client: Client,
    account: StoredAccount,
    held: Held,
    refresh: Secret,
) -> Result<(), Failure> {
    let generation = account.generation;
    let outcome = ask(&app, &consent::refresh(&access, &client, &refresh)).await;
    let (failure, ended) = match outcome {
        Ok((Ok(granted), _)) => {
            let row = filled(&app, account, held, granted, clock::now())?;
            app.store.renew_account(&row).await.map_err(anyhow::Error::from)?;
            tracing::info!(provider = access.provider, "access renewed");
            return Ok(());
        }
        Ok((Err(refusal), _)) => (Failure::from(refusal.clone()), !refusal.passes()),
        Err(failure) => (failure, false),
    };
    let problem = ended.then_some(failure.problem.detail.as_str());
    app.store.release_account(&account.id, generation, problem).await.map_err(anyhow::Error::from)?;
    if ended {
        tracing::warn!(provider = access.provider, "access has ended; the owner has to connect again");
    }
    Err(failure)
}

/// An account's row with a token that has just come.
pub(super) fn filled(
    app: &App,
    account: StoredAccount,
    held: Held,
    granted: Granted,
    now: Time,
) -> anyhow::Result<StoredAccount> {
    let held = Held {
        token: granted.token.expose().to_owned(),
        refresh: granted.refresh.as_ref().map(|r| r.expose().to_owned()).or(held.refresh),
        ..held
    };
    let renewable = held.refresh.is_some();
    Ok(StoredAccount {
        sealed: seal(app, &account.id, &held)?,
        renew_at: granted.renew_at(now).filter(|_| renewable),
        ends_at: granted.lasts.filter(|_| !renewable).map(|lasts| now + lasts),
        renewed_at: now,
        problem: None,
        ..account
    })
}

/// What an account was connected by, where that is a consent.
pub(super) fn consent_of(access: &Access) -> Result<&goodword_shared::access::Consent, Failure> {
    match &access.grant {
        Grant::Consent(consent) => Ok(consent),
        _ => Err(Failure::auth("Nothing needs connecting here: the keys in the settings are enough.")),
    }
}
