//! Authors of whom it is not settled who they are: the doubtful ones with their candidates side by side, those whom nobody
//! knows but who are worth a look, and the owner's word on either.

use serde::{Deserialize, Serialize};

use super::{ById, Page, endpoint, records::Step};
use crate::{
    Author, Time,
    case::Quote,
    customer::{Customer, OrderLine},
    id::{AuthorId, CustomerId, MatchId},
    matching::Evidence,
};

/// A window of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct Window {
    /// Rows to leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Rows wanted, at most 200; 50 where not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// A stretch of a text, in characters: from `start` up to, but without, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stretch {
    /// The first character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// Where author and candidate agree, to be marked on both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Agreement {
    /// In the author's name.
    pub name: Vec<Stretch>,
    /// In the author's handle.
    pub handle: Vec<Stretch>,
    /// In the author's place.
    pub place: Vec<Stretch>,
    /// In each of [`Doubt::quotes`].
    pub texts: Vec<Vec<Stretch>>,
    /// In the customer's name.
    pub record: Vec<Stretch>,
    /// In the customer's town.
    pub city: Vec<Stretch>,
    /// The customer's orders of which the texts speak: their numbers.
    pub orders: Vec<String>,
}

/// A customer who may be the author.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DoubtCandidate {
    /// The match, for the owner's word on it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub match_id: MatchId,
    /// Who it may be.
    pub customer: Customer,
    /// 0–1.
    pub probability: f64,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// Their newest orders, at most three, and those that the texts speak of.
    pub orders: Vec<OrderLine>,
    /// Other accounts that are them for certain, as shown: "@mgonzalez on Mastodon".
    pub accounts: Vec<String>,
    /// Where both sides agree.
    pub agreement: Agreement,
}

/// An author with those who they may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Doubt {
    /// Which author.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub author_id: AuthorId,
    /// As shown.
    pub author: Author,
    /// Where they wrote: the connector's title.
    pub platform: String,
    /// How many mentions.
    pub mentions: u64,
    /// Their newest words, at most three.
    pub quotes: Vec<Quote>,
    /// Surest first.
    pub candidates: Vec<DoubtCandidate>,
}

/// Somebody whom nobody knows and many may hear.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stranger {
    /// Which author.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub author_id: AuthorId,
    /// As shown.
    pub author: Author,
    /// Where they wrote: the connector's title.
    pub platform: String,
    /// How many mentions.
    pub mentions: u64,
    /// When they last spoke.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub last_spoke: Time,
    /// Their newest words.
    pub quote: Option<Quote>,
}

/// A customer to be made of an author.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewCustomer {
    /// Their name; as the author shows it where not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The customer whom an author is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// Which customer.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub customer: CustomerId,
}

/// Whether an author is left aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Aside {
    /// Left aside, or shown again.
    pub ignored: bool,
}

endpoint!(ListDoubts, Get "/api/v1/doubts", "Authors who may be customers, each with the candidates side by side; those first who wait for an answer, then the surest", path: (), query: Window, body: () => Page<Doubt>);
endpoint!(ListStrangers, Get "/api/v1/strangers", "Authors nobody knows with many followers or many mentions", path: (), query: Window, body: () => Page<Stranger>);
endpoint!(MakeCustomer, Post "/api/v1/authors/{id}/customer", "Make a customer of an author, and link them", path: ById, query: (), body: NewCustomer => Step);
endpoint!(LinkAuthor, Post "/api/v1/authors/{id}/link", "Say that an author is that customer", path: ById, query: (), body: Link => Step);
endpoint!(IgnoreAuthor, Put "/api/v1/authors/{id}/aside", "Leave an author aside, or show them again, among those worth a look", path: ById, query: (), body: Aside => ());
