//! Customers: search, profile, import; and the matches that wait for the owner.

use serde::{Deserialize, Serialize};

use super::{ById, Page, endpoint, kin::KinView, records::Step};
use crate::{
    case::{CaseCard, ContactLink, Quote, TimelineEntry},
    customer::{Consent, Customer, CustomerRow, Occasion, OrderLine},
    import::{ImportPreview, ImportReport, ImportRequest},
    matching::MatchView,
};

/// Which customers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct CustomerQuery {
    /// Part of a name, mail address, telephone, town or the owner's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Only those who have spoken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spoke: Option<bool>,
    /// Rows to leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Rows wanted, at most 200; 50 where not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// A customer as one page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomerView {
    /// The record.
    pub customer: Customer,
    /// How to reach them.
    pub contacts: Vec<ContactLink>,
    /// Everything they said, newest first.
    pub mentions: Vec<Quote>,
    /// Their cases, newest first.
    pub cases: Vec<CaseCard>,
    /// Their matches, doubtful ones too.
    pub matches: Vec<MatchView>,
    /// Pairs of accounts of which one is theirs, refused ones too: those linked first.
    pub kin: Vec<KinView>,
    /// Their newest orders, at most 50.
    pub orders: Vec<OrderLine>,
    /// Days worth a word to them, within the next weeks, the nearest first.
    pub occasions: Vec<Occasion>,
    /// What was done with the record, newest first.
    pub steps: Vec<Step>,
    /// The story, newest first.
    pub timeline: Vec<TimelineEntry>,
}

/// What the owner may change by hand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomerChange {
    /// Never ask for anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub do_not_contact: Option<bool>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Whether they agreed to be written to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_consent: Option<Consent>,
    /// Their name; must not be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Mail address; empty is none, as in all that follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The firm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// `YYYY-MM-DD`, or `--MM-DD` where the year is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<String>,
}

/// Which matches.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct MatchQuery {
    /// `doubtful` (default), `linked`, `confirmed`, `refused`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Rows to leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Rows wanted, at most 200; 50 where not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// The owner's word on a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Verdict {
    /// It is them; other open candidates of the author are refused.
    Confirm,
    /// It is not; never proposed again.
    Refuse,
    /// Take the last word back.
    Undo,
}

/// The body of [`DecideMatch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatchDecision {
    /// The word.
    pub verdict: Verdict,
}

endpoint!(ListCustomers, Get "/api/v1/customers", "Search the customers", path: (), query: CustomerQuery, body: () => Page<CustomerRow>);
endpoint!(GetCustomer, Get "/api/v1/customers/{id}", "One customer with everything they said", path: ById, query: (), body: () => CustomerView);
endpoint!(PatchCustomer, Patch "/api/v1/customers/{id}", "Change what the owner keeps by hand: how to reach them, consent, notes", path: ById, query: (), body: CustomerChange => CustomerView);
endpoint!(PreviewCustomers, Post "/api/v1/customers/preview", "What an import of customers would do", path: (), query: (), body: ImportRequest => ImportPreview);
endpoint!(ImportCustomers, Post "/api/v1/customers/import", "Import customers from CSV, vCard or NDJSON; one with a known id is updated", path: (), query: (), body: ImportRequest => ImportReport);
endpoint!(PreviewOrders, Post "/api/v1/orders/preview", "What an import of orders would do", path: (), query: (), body: ImportRequest => ImportPreview);
endpoint!(ImportOrders, Post "/api/v1/orders/import", "Import orders from CSV or NDJSON; a row with a known number is updated", path: (), query: (), body: ImportRequest => ImportReport);
endpoint!(ListMatches, Get "/api/v1/matches", "Matches by state; doubtful ones by default, surest first", path: (), query: MatchQuery, body: () => Page<MatchView>);
endpoint!(DecideMatch, Post "/api/v1/matches/{id}", "Confirm, refuse or undo a match", path: ById, query: (), body: MatchDecision => MatchView);
