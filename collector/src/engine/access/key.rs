//! Tokens that the keys in a source's settings are enough for: an app's own, a service account's, those signed here. They are kept
//! in memory while they last; sources with the same key ask once.

use std::sync::Arc;

use chrono::TimeDelta;
use goodword_shared::{
    Time,
    access::{Access, Grant},
    source::Values,
};
use tokio::sync::Mutex;

use super::{Failure, ask};
use crate::{
    access::{Client, Granted, Refusal, app_request, jwt, skew, statement_request},
    app::App,
    clock,
    fold::sha256_hex,
    secrets::Secret,
};

/// Where one token is kept; locked while it is asked for, so that the second who comes finds it.
pub(super) type Place = Arc<Mutex<Option<(Secret, Option<Time>)>>>;

/// App Store Connect takes no token that lasts longer than twenty minutes.
const SIGNED_LASTS: TimeDelta = TimeDelta::minutes(19);

/// An app's own token.
pub(super) async fn of_app(
    app: &App,
    access: &Access,
    client: &Client,
    refused: Option<&Secret>,
) -> Result<Secret, Failure> {
    let secret = client.secret.as_ref().map(Secret::expose).unwrap_or_default();
    let place = app.tokens.place(&name(&[&access.token_url, &client.id, secret, &access.scopes.join(" ")]));
    let mut held = place.lock().await;
    if let Some(token) = good(&held, refused) {
        return Ok(token);
    }
    let (answer, _) = ask(app, &app_request(access, client)).await?;
    let granted = answer.map_err(|refusal| match refusal {
        // Nobody has connected anything here.
        Refusal::Ended | Refusal::Denied => Refusal::Client,
        other => other,
    })?;
    Ok(keep(&mut held, granted))
}

/// A service account's token.
pub(super) async fn of_service(
    app: &App,
    access: &Access,
    key: &str,
    refused: Option<&Secret>,
) -> Result<Secret, Failure> {
    let scopes = access.scopes.join(" ");
    let place = app.tokens.place(&name(&[&access.token_url, key, &scopes]));
    let mut held = place.lock().await;
    if let Some(token) = good(&held, refused) {
        return Ok(token);
    }
    let account = jwt::ServiceAccount::parse(key).map_err(Refusal::from)?;
    let now = clock::now();
    let mut ahead = TimeDelta::zero();
    loop {
        let statement = account.statement(&scopes, &access.token_url, now + ahead).map_err(Refusal::from)?;
        let (answer, response) = ask(app, &statement_request(&access.token_url, &statement)).await?;
        match answer {
            Ok(granted) => return Ok(keep(&mut held, granted)),
            // Our clock is wrong: the platform's own counts, once.
            Err(refusal @ Refusal::Statement(_)) if ahead.is_zero() => match skew(&response, clock::now()) {
                Some(by) => ahead = by,
                None => return Err(refusal.into()),
            },
            Err(Refusal::Ended) => {
                return Err(Refusal::Statement("it was withdrawn".to_owned()).into());
            }
            Err(refusal) => return Err(refusal.into()),
        }
    }
}

/// A token signed here.
pub(super) fn signed(access: &Access, values: &Values, now: Time) -> Result<Secret, Failure> {
    let Grant::Signed { audience, key_id_field, issuer_field, key_field } = &access.grant else {
        return Err(unreadable());
    };
    let value = |name: &str| values.get(name).map(|v| v.trim()).filter(|v| !v.is_empty());
    let key = value(key_field).unwrap_or_default();
    let key_id = value(key_id_field).unwrap_or_default();
    let token = jwt::es256(key, key_id, value(issuer_field), audience, SIGNED_LASTS, now);
    Ok(token.map_err(Refusal::from)?)
}

fn unreadable() -> Failure {
    Failure::from(Refusal::from(jwt::KeyError::Unreadable))
}

fn name(parts: &[&str]) -> String {
    sha256_hex(parts.join("\n").as_bytes())
}

fn good(held: &Option<(Secret, Option<Time>)>, refused: Option<&Secret>) -> Option<Secret> {
    let (token, renew_at) = held.as_ref()?;
    let lasts = renew_at.is_none_or(|at| at > clock::now());
    (lasts && refused != Some(token)).then(|| token.clone())
}

fn keep(held: &mut Option<(Secret, Option<Time>)>, granted: Granted) -> Secret {
    let renew_at = granted.renew_at(clock::now());
    *held = Some((granted.token.clone(), renew_at));
    granted.token
}
