//! Accounts on two platforms that may be one person's, and the owner's word on it.

use serde::{Deserialize, Serialize};

use super::{
    ById, Page,
    customers::{MatchDecision, MatchQuery},
    endpoint,
};
use crate::{
    Author, Time,
    case::Quote,
    customer::Customer,
    id::AuthorId,
    matching::{Evidence, MatchState},
};

/// One of the two accounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KinAccount {
    /// Which author.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub author_id: AuthorId,
    /// As shown.
    pub author: Author,
    /// Where they write: the connector's title.
    pub platform: String,
    /// The customer that the author counts as.
    pub customer: Option<Customer>,
    /// Their newest words.
    pub quote: Option<Quote>,
}

/// Two accounts that may be one person's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KinView {
    /// Its id.
    pub id: String,
    /// The two accounts.
    pub accounts: Vec<KinAccount>,
    /// 0–1.
    pub probability: f64,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// Linked by the engine, doubtful, or the owner's word.
    pub state: MatchState,
    /// When it was decided, by whomever.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub decided_at: Time,
}

endpoint!(ListKin, Get "/api/v1/kin", "Accounts on two platforms that may be one person's, by state; doubtful ones by default, surest first", path: (), query: MatchQuery, body: () => Page<KinView>);
endpoint!(DecideKin, Post "/api/v1/kin/{id}", "Confirm, refuse or undo that two accounts are one person's", path: ById, query: (), body: MatchDecision => KinView);
