//! Matches: the link author → customer, with its probability and the evidence in words.

use serde::{Deserialize, Serialize};

use crate::{
    Author, Time,
    customer::Customer,
    id::{AuthorId, CustomerId, MatchId},
};

/// What was made of the candidates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Decision {
    /// Sure enough to link without asking.
    Linked,
    /// Asked of the owner.
    Doubtful,
    /// Nobody fits.
    #[default]
    None,
}

/// One reason for or against, in words for the owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    /// name, initial, nickname, handle, email, order, city, language, company, rarity …
    pub kind: String,
    /// "“Maria G.” fits Maria González; 1 of 400 customers has that name".
    pub text: String,
}

/// A customer who may be the author. `C` is how the customer is named: an id in the store, the CSV's id on the command line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidate {
    /// Which customer.
    pub customer: String,
    /// 0–1.
    pub probability: f64,
    /// Why.
    pub evidence: Vec<Evidence>,
}

/// What identification says of one mention.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Identification {
    /// The verdict.
    pub decision: Decision,
    /// Best first, at most 5.
    pub candidates: Vec<Candidate>,
}

/// Where a match stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MatchState {
    /// Linked by the engine.
    Linked,
    /// Waiting for the owner.
    Doubtful,
    /// The owner said yes.
    Confirmed,
    /// The owner said no; the pair is not proposed again.
    Refused,
}

impl MatchState {
    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            MatchState::Linked => "linked",
            MatchState::Doubtful => "doubtful",
            MatchState::Confirmed => "confirmed",
            MatchState::Refused => "refused",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [MatchState::Linked, MatchState::Doubtful, MatchState::Confirmed, MatchState::Refused]
            .into_iter()
            .find(|s| s.as_str() == name)
    }

    /// Whether the author counts as the customer.
    pub fn holds(self) -> bool {
        matches!(self, MatchState::Linked | MatchState::Confirmed)
    }
}

/// A match as the owner sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatchView {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: MatchId,
    /// The author's id in the store.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub author_id: AuthorId,
    /// Who wrote.
    pub author: Author,
    /// Where they wrote: the connector's title.
    pub platform: String,
    /// What they wrote last, shortened.
    pub quote: String,
    /// The candidate.
    pub customer: Customer,
    /// 0–1.
    pub probability: f64,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// Where it stands.
    pub state: MatchState,
    /// When it was decided, by whomever.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub decided_at: Time,
}

/// The customer behind an author, in one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatchedCustomer {
    /// Which match says so.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub match_id: MatchId,
    /// Who.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: CustomerId,
    /// Their name.
    pub name: String,
    /// 0–1.
    pub probability: f64,
    /// Linked, doubtful, confirmed.
    pub state: MatchState,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// Their worth, where known.
    pub value: Option<f64>,
    /// Customer since, where known.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub since: Option<Time>,
}
