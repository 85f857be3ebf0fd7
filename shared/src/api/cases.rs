//! Recovery: the queue and one case.

use serde::{Deserialize, Serialize};

use super::{ById, Page, endpoint};
use crate::{
    Time,
    case::{CaseCard, CaseState, CaseView, ContactWay, Outcome},
};

/// Which cases.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct CaseQuery {
    /// `waiting` (default: not closed, not snoozed), `open`, `contacted`, `put_right`, `closed`, `all`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Words in the quote, the author's or the customer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Rows to leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Rows wanted, at most 200; 50 where not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// A change to a case; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseChange {
    /// Its new state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<CaseState>,
    /// How it ended; wanted with `closed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Who takes care of it; empty is nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Not before then; a moment in the past wakes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub snoozed_until: Option<Time>,
}

/// A note on a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewNote {
    /// Its text.
    pub text: String,
}

/// The customer was contacted; the first one answers the promise and moves an open case to `contacted`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewContact {
    /// By which way.
    pub way: ContactWay,
    /// What was said.
    #[serde(default)]
    pub text: String,
}

endpoint!(ListCases, Get "/api/v1/cases", "The recovery queue, most urgent first", path: (), query: CaseQuery, body: () => Page<CaseCard>);
endpoint!(GetCase, Get "/api/v1/cases/{id}", "One case with its story", path: ById, query: (), body: () => CaseView);
endpoint!(PatchCase, Patch "/api/v1/cases/{id}", "Change state, outcome, assignee or snooze", path: ById, query: (), body: CaseChange => CaseView);
endpoint!(PostNote, Post "/api/v1/cases/{id}/notes", "Add a note", path: ById, query: (), body: NewNote => CaseView);
endpoint!(PostContact, Post "/api/v1/cases/{id}/contacts", "Record that the customer was contacted", path: ById, query: (), body: NewContact => CaseView);
