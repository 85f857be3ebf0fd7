//! Connecting a source to an account at its platform.

use serde::{Deserialize, Serialize};

use super::{ById, endpoint};
use crate::{access::AccessView, source::Source};

/// How to connect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "how", content = "account")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Connect {
    /// By the platform's own page, in this browser.
    #[default]
    Browser,
    /// By a code that is entered on any device.
    Device,
    /// With an account that is connected already: its id.
    Shared(String),
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Connecting {
    /// The platform's page to open; none where nothing is left to do there.
    pub url: Option<String>,
    /// How it stands.
    pub access: AccessView,
}

/// What the platform sent the owner back with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Returned {
    /// What we sent along: names the attempt.
    pub state: String,
    /// The consent.
    pub code: String,
    /// Or why there is none.
    pub error: String,
}

endpoint!(GetAccess, Get "/api/v1/sources/{id}/access", "How a source is let in; 404 where nothing needs connecting", path: ById, query: (), body: () => AccessView);
endpoint!(ConnectSource, Post "/api/v1/sources/{id}/access", "Connect a source to an account at its platform", path: ById, query: (), body: Connect => Connecting);
endpoint!(RemoveAccess, Delete "/api/v1/sources/{id}/access", "Give a source's access back", path: ById, query: (), body: () => Source);
endpoint!(FinishConnecting, Post "/api/v1/sources/connected", "What the platform sent the owner back with", path: (), query: (), body: Returned => Source);
