//! How a source is let in: what a connector declares that it needs, and how that access fares. It knows no protocol.

use serde::{Deserialize, Serialize};

use crate::Time;

/// The setting that holds an app's public name at the platform. Where a connector has this field, an account may be connected.
pub const CLIENT_ID: &str = "client_id";
/// The setting that holds the app's secret.
pub const CLIENT_SECRET: &str = "client_secret";
/// The setting under which a ready token is handed to the connector.
pub const TOKEN: &str = "token";
/// The dashboard's page that a platform sends the owner back to.
pub const RETURN_PATH: &str = "/sources/connected";

/// What a connector needs to be let in. It names settings and holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Whose accounts these are: sources of one provider and client may share one. "google", or a server's address.
    pub provider: String,
    /// The provider as the owner knows it: "Google".
    pub title: String,
    /// How.
    pub grant: Grant,
    /// Where tokens are handed out; unused by [`Grant::Signed`].
    pub token_url: String,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// How the app proves itself there.
    pub proof: Proof,
    /// The setting with the app's public name.
    pub id_field: String,
    /// The setting with the app's secret.
    pub secret_field: String,
    /// The token that counts is got with the first one: a GET with it, and where in the JSON answer it stands.
    pub derived: Option<(String, String)>,
}

/// How a token is come by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// The owner consents in the browser (RFC 6749 section 4.1), or by a code on another device (RFC 8628).
    Consent(Consent),
    /// The app itself (RFC 6749 section 4.4).
    App,
    /// A service account's signed statement (RFC 7523); the setting holds its key file.
    ServiceAccount {
        /// Which setting.
        key_field: String,
    },
    /// A statement signed here is the token itself (ES256).
    Signed {
        /// Whom it is for.
        audience: String,
        /// The setting with the key's name.
        key_id_field: String,
        /// The setting with the issuer; empty there: a key of one person.
        issuer_field: String,
        /// The setting with the private key.
        key_field: String,
    },
}

/// Where and how the owner consents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// The page that asks.
    pub authorise_url: String,
    /// Where a code for another device is handed out, where that is offered for these scopes.
    pub device_url: Option<String>,
    /// Where access is given back.
    pub revoke_url: Option<String>,
    /// Further parameters of the page.
    pub extra: Vec<(String, String)>,
    /// RFC 7636 is understood there.
    pub pkce: bool,
    /// The first token is short and is exchanged for a long one by this grant type (Facebook).
    pub lengthen: Option<String>,
}

/// How an app proves itself at the token's address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Proof {
    /// Name and secret among the parameters.
    #[default]
    Body,
    /// HTTP Basic.
    Basic,
}

/// How a source's access fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AccessState {
    /// The owner has to connect an account first.
    Missing,
    /// Connected, and renewed by itself.
    Connected,
    /// Connected until a day that is known; then the owner has to connect again.
    Ending,
    /// Withdrawn or run out: the owner has to connect again.
    Ended,
    /// The keys in the settings are enough.
    ByKey,
}

/// A source's access as the owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessView {
    /// How it fares.
    pub state: AccessState,
    /// The same as a sentence.
    pub text: String,
    /// "Google".
    pub provider: String,
    /// The address to register at the platform as the one that people are sent back to.
    pub redirect_url: String,
    /// A code for another device is offered as well.
    pub device: bool,
    /// A code that is waiting to be entered.
    pub waiting: Option<DeviceCode>,
    /// Accounts of the same provider and app that are connected already.
    pub accounts: Vec<AccountChoice>,
}

/// A code to enter at the platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceCode {
    /// What to enter.
    pub code: String,
    /// Where.
    pub link: String,
    /// When it is too late.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Time,
    /// What went wrong, once something has.
    pub problem: Option<String>,
}

/// An account that another source uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountChoice {
    /// Its id.
    pub id: String,
    /// "Google, used by Cornerstone Bakery".
    pub text: String,
}
