//! Customers: persons and firms in the owner's own records.

use serde::{Deserialize, Serialize};

use crate::{Time, id::CustomerId};

/// What the owner knows of a customer, as imported. Every part but the name may be missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomerFacts {
    /// The owner's own id, kept across imports.
    pub external_id: Option<String>,
    /// Full name, or the firm's.
    pub name: String,
    /// Given name, where it is known apart.
    pub first: Option<String>,
    /// Family name, where it is known apart.
    pub last: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// A handle on a social site, without @.
    pub handle: Option<String>,
    /// The firm.
    pub company: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Customer since.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub since: Option<Time>,
    /// What they have spent with us, in the owner's currency.
    pub value: Option<f64>,
    /// They may be written to: yes, no, or not known.
    pub contact_consent: Option<bool>,
    /// Never to be asked for anything.
    pub do_not_contact: bool,
    /// The owner's tags.
    pub tags: Vec<String>,
    /// Free text.
    pub notes: Option<String>,
    /// `YYYY-MM-DD`, or `--MM-DD` where the year is not known.
    pub birthday: Option<String>,
}

/// A customer in the store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Customer {
    /// Goodword's id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: CustomerId,
    /// What is known.
    #[serde(flatten)]
    pub facts: CustomerFacts,
    /// When it was first imported.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Time,
}

/// Whether a customer agreed to be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Consent {
    /// They did.
    Yes,
    /// They refused.
    No,
    /// Nobody knows.
    Unknown,
}

/// A day worth a word to a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Occasion {
    /// `birthday`, `first_order`, `since`, `won_back`.
    pub what: String,
    /// The day, `YYYY-MM-DD`.
    pub on: String,
    /// How many years it will be; none where the year is not known.
    pub years: Option<u32>,
}

/// A purchase, as shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderLine {
    /// The owner's order number.
    pub id: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub date: Option<Time>,
    /// What.
    pub product: Option<String>,
    /// How much.
    pub amount: Option<f64>,
    /// Of what: a sign such as € or a code such as CHF; none: the owner's currency.
    pub currency: Option<String>,
    /// Where.
    pub branch: Option<String>,
    /// Served by whom.
    pub staff: Option<String>,
}

/// A customer in a list, with what they have said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomerRow {
    /// Who.
    pub customer: Customer,
    /// How many mentions are linked.
    pub mentions: u64,
    /// The latest sentiment.
    pub last_label: Option<crate::Label>,
    /// When they last spoke.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub last_spoke: Option<Time>,
    /// They have an open case.
    pub open_case: bool,
}
