//! Cases: one unhappy customer or author, from first alarm to "won back" or "lost".

use serde::{Deserialize, Serialize};

use crate::{
    Analysis, Author, Rating, Time,
    customer::{Customer, OrderLine},
    id::{CaseId, MentionId},
    matching::MatchedCustomer,
};

/// Where a case stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CaseState {
    /// Nobody has answered yet.
    #[default]
    Open,
    /// Somebody has been in touch.
    Contacted,
    /// The cause has been mended; the customer has the word.
    PutRight,
    /// Done; see the outcome.
    Closed,
}

impl CaseState {
    /// Every state, in order.
    pub const ALL: [CaseState; 4] =
        [CaseState::Open, CaseState::Contacted, CaseState::PutRight, CaseState::Closed];

    /// Its name on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            CaseState::Open => "open",
            CaseState::Contacted => "contacted",
            CaseState::PutRight => "put_right",
            CaseState::Closed => "closed",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Outcome {
    /// They are a customer again.
    WonBack,
    /// They changed their rating for the better.
    RatingRaised,
    /// They had their money back.
    Refunded,
    /// Parted in good order.
    PartedWays,
    /// Gone.
    Lost,
    /// It was not a complaint after all.
    NotACase,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 6] = [
        Outcome::WonBack,
        Outcome::RatingRaised,
        Outcome::Refunded,
        Outcome::PartedWays,
        Outcome::Lost,
        Outcome::NotACase,
    ];

    /// Its name on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::WonBack => "won_back",
            Outcome::RatingRaised => "rating_raised",
            Outcome::Refunded => "refunded",
            Outcome::PartedWays => "parted_ways",
            Outcome::Lost => "lost",
            Outcome::NotACase => "not_a_case",
        }
    }

    /// The outcome of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}

/// By which way the customer was contacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ContactWay {
    /// Telephone.
    Call,
    /// E-mail.
    Mail,
    /// Text message.
    Text,
    /// A public reply where they wrote.
    Reply,
    /// In person.
    InPerson,
}

impl ContactWay {
    /// Every way.
    pub const ALL: [ContactWay; 5] =
        [ContactWay::Call, ContactWay::Mail, ContactWay::Text, ContactWay::Reply, ContactWay::InPerson];

    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            ContactWay::Call => "call",
            ContactWay::Mail => "mail",
            ContactWay::Text => "text",
            ContactWay::Reply => "reply",
            ContactWay::InPerson => "in_person",
        }
    }
}

/// One factor of the open priority formula, as shown to the owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Factor {
    /// severity, value, reach, time.
    pub name: String,
    /// What it multiplies by.
    pub factor: f64,
    /// Why, in words: "customer worth 1,240, in the top tenth".
    pub text: String,
}

/// A mention as shown inside lists of people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quote {
    /// Which mention.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub mention_id: MentionId,
    /// Heading, where there is one.
    pub title: Option<String>,
    /// The whole text.
    pub text: String,
    /// What we make of it; spans refer to `text`.
    pub analysis: Analysis,
    /// Stars.
    pub rating: Option<Rating>,
    /// The source's name.
    pub source: String,
    /// The connector's slug.
    pub connector: String,
    /// Permalink.
    pub url: Option<String>,
    /// When it was published, else collected.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Time,
    /// How many people may be reading it, where it can be told.
    pub reach: Option<u64>,
    /// Its content was taken out after so many days, as the platform asks; 0: nothing of it may be stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld_days: Option<u32>,
}

/// A case in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseCard {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: CaseId,
    /// Where it stands.
    pub state: CaseState,
    /// How it ended, once closed.
    pub outcome: Option<Outcome>,
    /// Who wrote.
    pub author: Author,
    /// Who they are to us.
    pub customer: Option<MatchedCustomer>,
    /// Their words.
    pub quote: Quote,
    /// Why they are on the list: "2 of 5 stars", "threatens to leave".
    pub reasons: Vec<String>,
    /// severity × customer value × reach × time; higher is more urgent.
    pub priority: f64,
    /// The factors of that.
    pub factors: Vec<Factor>,
    /// When the mention was published, else collected: since then they wait.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub waiting_since: Time,
    /// When the owner's promise runs out.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub due_at: Time,
    /// When somebody first got in touch.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub first_contact_at: Option<Time>,
    /// Not shown in the queue until then.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub snoozed_until: Option<Time>,
    /// When it was closed.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub closed_at: Option<Time>,
    /// Who takes care of it.
    pub assignee: Option<String>,
}

/// One entry of a case's or customer's story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelineEntry {
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Time,
    /// mention, revision, alert, opened, contact, note, state, closed, ask, match, reply, order, record.
    pub what: String,
    /// In words.
    pub text: String,
    /// Who did it, where a person did.
    pub by: Option<String>,
    /// The mention, where it is one.
    pub quote: Option<Quote>,
    /// The note, where it is one that can be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note_id: Option<String>,
    /// The order, where it is one: `text` in its parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderLine>,
}

/// A link that reaches the customer: tel:, mailto:, sms:, the original's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactLink {
    /// By which way.
    pub way: ContactWay,
    /// "Call 0301 123".
    pub label: String,
    /// The address to open.
    pub href: String,
}

/// A case as one page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseView {
    /// The facts of the list.
    pub card: CaseCard,
    /// The customer's record, where matched.
    pub customer: Option<Customer>,
    /// The story, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// How to reach them.
    pub contacts: Vec<ContactLink>,
    /// What else they said, newest first.
    pub other_mentions: Vec<Quote>,
}
