//! Replies: the check of a draft's tone before it is sent.

use serde::{Deserialize, Serialize};

use super::endpoint;

/// A draft of a reply.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draft {
    /// What would be sent.
    pub text: String,
    /// Its language (BCP 47), where it is known.
    #[serde(default)]
    pub language: Option<String>,
    /// The mention that it answers; its author's contact data and full name are then private.
    #[serde(default)]
    pub mention_id: Option<String>,
    /// Most characters that the place takes.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// What may spoil a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Fault {
    /// The customer is told that it is their fault, or not true.
    Blame,
    /// It may be read as mockery.
    Sarcasm,
    /// A phrase that everybody writes to everybody.
    Boilerplate,
    /// Private facts in public: an address, a number, a full name.
    Private,
    /// Liability is admitted, or a payment promised.
    Admission,
    /// Longer than the place takes; from the first character that is too many.
    Long,
    /// Shouting: capitals or a row of exclamation marks.
    Shouting,
}

/// One remark on a draft, in characters (Unicode scalar values) of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Remark {
    /// What is wrong.
    pub fault: Fault,
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

/// The remarks on a draft, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tone {
    /// None where nothing was found.
    pub remarks: Vec<Remark>,
}

endpoint!(CheckTone, Post "/api/v1/replies/tone", "What may spoil a reply: blame, mockery, boilerplate, private facts, admissions, length", path: (), query: (), body: Draft => Tone);
