//! The owner's settings.

use serde::{Deserialize, Serialize};

use super::endpoint;
use crate::settings::Settings;

/// A new password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPassword {
    /// The present one.
    pub current: String,
    /// The new one, at least 10 characters.
    pub new: String,
}

endpoint!(GetSettings, Get "/api/v1/settings", "The business and its thresholds", path: (), query: (), body: () => Settings);
endpoint!(PutSettings, Put "/api/v1/settings", "Change them", path: (), query: (), body: Settings => Settings);
endpoint!(PutPassword, Put "/api/v1/password", "Change one's own password; other sessions end", path: (), query: (), body: NewPassword => ());
