//! What the owner does with the records of customers: joins and parts them, takes that back, writes notes, hands a person
//! their data, forgets a person.

use serde::{Deserialize, Serialize};

use super::{ById, cases::NewNote, customers::CustomerView, endpoint};
use crate::{
    Mention, Time,
    customer::Customer,
    id::{AuthorId, CustomerId},
};

/// Another record of the same customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Merge {
    /// The record that goes into the one of the path.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub other: CustomerId,
}

/// What belongs to somebody else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Split {
    /// The name of the record that these go to.
    pub name: String,
    /// The authors who are not the customer of the path.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub authors: Vec<AuthorId>,
    /// The orders that were not theirs: their numbers.
    pub orders: Vec<String>,
}

/// What sort of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StepKind {
    /// Two records were joined.
    Merge,
    /// One was parted in two.
    Split,
    /// A customer was made of an author.
    Create,
    /// An author was linked by hand.
    Link,
    /// A step was taken back.
    Undo,
}

impl StepKind {
    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            StepKind::Merge => "merge",
            StepKind::Split => "split",
            StepKind::Create => "create",
            StepKind::Link => "link",
            StepKind::Undo => "undo",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [StepKind::Merge, StepKind::Split, StepKind::Create, StepKind::Link, StepKind::Undo]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

/// A step in the story of a record. It can be taken back, exactly, as long as `undone` is not set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    /// Its id.
    pub id: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Time,
    /// Who did it.
    pub by: String,
    /// What sort.
    pub kind: StepKind,
    /// The record that was kept, parted, made or linked.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub customer: CustomerId,
    /// The record joined with it, or parted from it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub other: Option<CustomerId>,
    /// In words.
    pub text: String,
    /// It has been taken back.
    pub undone: bool,
}

/// Everything that is held about a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonData {
    /// When this was put together.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Time,
    /// The record with orders, cases, asks and notes.
    pub view: CustomerView,
    /// Records that were joined with it, as they were.
    pub joined: Vec<Customer>,
    /// Everything that they said, as it was read, newest first.
    pub mentions: Vec<Mention>,
}

/// What was forgotten with a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Forgotten {
    /// Records of the customer, joined ones included.
    pub records: u64,
    /// Accounts under which they wrote: name, handle, addresses.
    pub authors: u64,
    /// Mentions that no longer say who wrote them.
    pub mentions: u64,
}

endpoint!(MergeCustomers, Post "/api/v1/customers/{id}/merge", "Join another record with this one", path: ById, query: (), body: Merge => Step);
endpoint!(SplitCustomer, Post "/api/v1/customers/{id}/split", "Part what belongs to somebody else from this record", path: ById, query: (), body: Split => Step);
endpoint!(UndoStep, Post "/api/v1/steps/{id}/undo", "Take a step back; everything is as it was", path: ById, query: (), body: () => Step);
endpoint!(PostCustomerNote, Post "/api/v1/customers/{id}/notes", "Write a note on a customer", path: ById, query: (), body: NewNote => CustomerView);
endpoint!(PutCustomerNote, Put "/api/v1/customer-notes/{id}", "Change a note; an empty one is removed", path: ById, query: (), body: NewNote => CustomerView);
endpoint!(GetPersonData, Get "/api/v1/customers/{id}/data", "Everything that is held about a person", path: ById, query: (), body: () => PersonData);
endpoint!(ForgetCustomer, Delete "/api/v1/customers/{id}", "Forget a person: records, links, and the name under what they wrote", path: ById, query: (), body: () => Forgotten);
