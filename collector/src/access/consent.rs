//! The owner's consent in the browser: the page's address with a challenge (PKCE, RFC 7636), and the code, refresh and
//! lengthening requests that follow. Pure.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use goodword_shared::access::{Access, Consent};
use sha2::{Digest, Sha256};

use super::{Client, ask, ask_at};
use crate::{secrets::Secret, wire::Request};

/// What names an attempt, and what proves at its end that it is ours. Made from chance: 32 bytes each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Comes back with the owner.
    pub state: Secret,
    /// Stays here until the code is exchanged.
    pub verifier: Secret,
}

impl Attempt {
    /// From 64 bytes of chance.
    pub fn new(chance: &[u8; 64]) -> Self {
        let (state, verifier) = chance.split_at(32);
        Self {
            state: Secret::new(URL_SAFE_NO_PAD.encode(state)),
            verifier: Secret::new(URL_SAFE_NO_PAD.encode(verifier)),
        }
    }
}

/// The challenge of a verifier: S256.
pub fn challenge(verifier: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose().as_bytes()))
}

/// The address of the platform's page. None where it is no address.
pub fn page(
    access: &Access,
    consent: &Consent,
    client: &Client,
    attempt: &Attempt,
    redirect_url: &str,
) -> Option<String> {
    let mut url = url::Url::parse(&consent.authorise_url).ok()?;
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("response_type", "code");
        query.append_pair("client_id", &client.id);
        query.append_pair("redirect_uri", redirect_url);
        query.append_pair("state", attempt.state.expose());
        if !access.scopes.is_empty() {
            query.append_pair("scope", &access.scopes.join(" "));
        }
        if consent.pkce {
            query.append_pair("code_challenge", &challenge(&attempt.verifier));
            query.append_pair("code_challenge_method", "S256");
        }
        query.extend_pairs(&consent.extra);
    }
    Some(url.into())
}

/// The code for a token.
pub fn exchange(
    access: &Access,
    consent: &Consent,
    client: &Client,
    code: &str,
    verifier: &Secret,
    redirect_url: &str,
) -> Request {
    let mut parameters =
        vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect_url)];
    if consent.pkce {
        parameters.push(("code_verifier", verifier.expose()));
    }
    ask(access, client, &parameters)
}

/// The next token. The refresh token may be exchanged with it: the answer counts.
pub fn refresh(access: &Access, client: &Client, refresh: &Secret) -> Request {
    ask(access, client, &[("grant_type", "refresh_token"), ("refresh_token", refresh.expose())])
}

/// A short token for a long one, where the platform has that.
pub fn lengthen(access: &Access, grant: &str, client: &Client, token: &Secret) -> Request {
    ask(access, client, &[("grant_type", grant), (grant, token.expose())])
}

/// Gives a token back (RFC 7009).
pub fn revoke(access: &Access, url: &str, client: &Client, token: &Secret) -> Request {
    ask_at(url, access.proof, client, &[("token", token.expose())])
}
