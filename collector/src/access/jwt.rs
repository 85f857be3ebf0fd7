//! Statements signed here (RFC 7515, 7519): RS256 for service accounts, ES256 for App Store Connect. Time is an argument; the
//! chance that signing needs is the signing library's own.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::TimeDelta;
use goodword_shared::Time;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::secrets::Secret;

/// Our clock may be ahead by so much without a statement being from the future.
const BACKDATED: TimeDelta = TimeDelta::seconds(30);

/// What can be wrong with a key. The key itself is not told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not the key file of a service account.
    #[error("The service account's key is not the JSON file that Google hands out: paste the whole file.")]
    File,
    /// Not a private key in PKCS#8.
    #[error("The private key cannot be read: paste the whole file, with its BEGIN and END lines.")]
    Unreadable,
}

/// A service account, as its key file tells.
#[derive(Deserialize)]
pub struct ServiceAccount {
    client_email: String,
    private_key: String,
    #[serde(default)]
    private_key_id: Option<String>,
    #[serde(default)]
    token_uri: Option<String>,
}

impl ServiceAccount {
    /// Reads the key file.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        serde_json::from_str(text.trim()).map_err(|_| KeyError::File)
    }

    /// Where its statements are exchanged, as the file says.
    pub fn token_url(&self) -> Option<&str> {
        self.token_uri.as_deref().filter(|u| u.starts_with("https://"))
    }

    /// The statement for a token with those scopes, good for an hour.
    pub fn statement(&self, scopes: &str, audience: &str, now: Time) -> Result<Secret, KeyError> {
        let issued = now - BACKDATED;
        let mut header = json!({ "alg": "RS256", "typ": "JWT" });
        if let Some(id) = &self.private_key_id {
            header["kid"] = Value::from(id.as_str());
        }
        let claims = json!({
            "iss": self.client_email, "scope": scopes, "aud": audience,
            "iat": issued.timestamp(), "exp": (issued + TimeDelta::hours(1)).timestamp(),
        });
        let key = RsaKeyPair::from_pkcs8(&pkcs8(&self.private_key)?).map_err(|_| KeyError::Unreadable)?;
        let text = unsigned(&header, &claims);
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| KeyError::Unreadable)?;
        Ok(signed(text, &signature))
    }
}

/// A token for App Store Connect: an issuer is a team's; without one the key is one person's.
pub fn es256(
    private_key: &str,
    key_id: &str,
    issuer: Option<&str>,
    audience: &str,
    lasts: TimeDelta,
    now: Time,
) -> Result<Secret, KeyError> {
    let issued = now - BACKDATED;
    let header = json!({ "alg": "ES256", "kid": key_id, "typ": "JWT" });
    let mut claims = json!({
        "aud": audience, "iat": issued.timestamp(), "exp": (issued + lasts).timestamp(),
    });
    match issuer {
        Some(issuer) => claims["iss"] = Value::from(issuer),
        None => claims["sub"] = Value::from("user"),
    }
    let chance = SystemRandom::new();
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8(private_key)?, &chance)
        .map_err(|_| KeyError::Unreadable)?;
    let text = unsigned(&header, &claims);
    let signature = key.sign(&chance, text.as_bytes()).map_err(|_| KeyError::Unreadable)?;
    Ok(signed(text, signature.as_ref()))
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

fn signed(text: String, signature: &[u8]) -> Secret {
    Secret::new(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The bytes of a key in PEM. A form's single line loses the line breaks, and JSON may have them escaped: neither matters.
fn pkcs8(pem: &str) -> Result<Vec<u8>, KeyError> {
    let text = pem.replace("\\n", " ");
    let inside = text
        .split_once("-----BEGIN PRIVATE KEY-----")
        .and_then(|(_, rest)| rest.split_once("-----END PRIVATE KEY-----"))
        .map(|(inside, _)| inside.split_whitespace().collect::<String>());
    inside.and_then(|text| STANDARD.decode(text).ok()).ok_or(KeyError::Unreadable)
}
