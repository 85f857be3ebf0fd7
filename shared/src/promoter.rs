//! Promoters: customers or authors with reason to recommend, and the asks made of them.

use serde::{Deserialize, Serialize};

use crate::{Author, Time, case::Quote, customer::Customer, matching::MatchedCustomer};

/// A promoter in the ranked list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PromoterCard {
    /// `customer:ID` or `author:ID`: whom an ask is recorded for.
    pub key: String,
    /// Who wrote.
    pub author: Author,
    /// The link to the owner's records.
    pub matched: Option<MatchedCustomer>,
    /// The record itself, with contact data.
    pub customer: Option<Customer>,
    /// Their best words.
    pub quote: Quote,
    /// Why now: "5 stars, 3 days ago", "would recommend us".
    pub reasons: Vec<String>,
    /// Rank: recency, warmth, offer to refer, reach, value.
    pub score: f64,
    /// How many kind mentions.
    pub kind_mentions: u32,
    /// When they were last asked for anything.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub last_asked: Option<Time>,
}

/// What an ask was for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AskKind {
    /// To recommend us to somebody.
    #[default]
    Referral,
    /// To be quoted.
    Testimonial,
}

impl AskKind {
    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            AskKind::Referral => "referral",
            AskKind::Testimonial => "testimonial",
        }
    }
}
