//! Promoters: the ranked list, asks, exports.

use serde::{Deserialize, Serialize};

use super::{Page, endpoint};
use crate::promoter::{AskKind, PromoterCard};

/// Which promoters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct PromoterQuery {
    /// Words in the quote or the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Only those in the owner's records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customers_only: Option<bool>,
    /// Rows to leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Rows wanted, at most 200; 50 where not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// Somebody was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewAsk {
    /// The promoter's key.
    pub key: String,
    /// For what.
    #[serde(default)]
    pub kind: AskKind,
    /// What was written or said.
    #[serde(default)]
    pub text: String,
}

endpoint!(ListPromoters, Get "/api/v1/promoters", "Whom to ask for a referral, best first", path: (), query: PromoterQuery, body: () => Page<PromoterCard>);
endpoint!(PostAsk, Post "/api/v1/asks", "Record that a promoter was asked", path: (), query: (), body: NewAsk => ());

/// A GET that answers the promoter list as a file: `text/csv` with formula-safe cells. Logged. Takes [`PromoterQuery`].
pub const EXPORT_CSV: &str = "/api/v1/promoters.csv";
/// The same as JSON: an array of [`PromoterCard`].
pub const EXPORT_JSON: &str = "/api/v1/promoters.json";
