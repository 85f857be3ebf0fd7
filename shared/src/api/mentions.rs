//! Mentions: search, one mention, correcting tags.

use serde::{Deserialize, Serialize};

use super::{ById, Page, endpoint};
use crate::{
    Label, Mention, Time,
    case::Quote,
    id::{AuthorId, CaseId, MentionId, SourceId},
    matching::{MatchView, MatchedCustomer},
};

/// Which mentions. All conditions hold together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct MentionQuery {
    /// Words in title, text or author.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// A label; `uncertain` for those that need the owner's eye.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<String>,
    /// A source's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// A connector's slug.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connector: Option<String>,
    /// A theme's slug.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// An intent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// Rounded stars of five, 1–5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stars: Option<u8>,
    /// A customer's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Published at or after: a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Published before the end of: a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Rows to leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Rows wanted, at most 200; 50 where not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// A mention in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MentionRow {
    /// Which author of the store wrote it; none where nothing is known of them.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub author_id: Option<AuthorId>,
    /// Who wrote.
    pub author: crate::Author,
    /// The customer behind them.
    pub customer: Option<MatchedCustomer>,
    /// Words, analysis, stars, place, time.
    pub quote: Quote,
    /// What sort of thing it is.
    pub kind: crate::Kind,
    /// Its open case.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub case_id: Option<CaseId>,
    /// The owner has answered in public.
    pub replied: bool,
    /// The platform removed it.
    pub deleted: bool,
    /// The owner has corrected its tags.
    pub corrected: bool,
    /// How many others say the same words elsewhere.
    pub same_text: u64,
}

/// What a mention said before it was changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revision {
    /// When we saw it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub seen_at: Time,
    /// What changed: "stars 2 → 4", "text".
    pub changed: Vec<String>,
    /// The mention as it was then.
    pub mention: Mention,
}

/// One mention as a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MentionView {
    /// The row.
    pub row: MentionRow,
    /// The mention as read.
    pub mention: Mention,
    /// The source.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub source_id: SourceId,
    /// When we first saw it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub collected_at: Time,
    /// Earlier versions, newest first.
    pub revisions: Vec<Revision>,
    /// Who may have written it.
    pub matches: Vec<MatchView>,
    /// The same words elsewhere.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub same_text: Vec<MentionId>,
}

/// The owner's correction; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Correction {
    /// The right sentiment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// The right themes, each with its sentiment; replaces the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub themes: Option<Vec<(String, Label)>>,
    /// The right intents; replaces the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intents: Option<Vec<String>>,
}

endpoint!(ListMentions, Get "/api/v1/mentions", "Search the mentions, newest first", path: (), query: MentionQuery, body: () => Page<MentionRow>);
endpoint!(GetMention, Get "/api/v1/mentions/{id}", "One mention with revisions and matches", path: ById, query: (), body: () => MentionView);
endpoint!(CorrectMention, Patch "/api/v1/mentions/{id}", "Correct the tags; remembered as the owner's label", path: ById, query: (), body: Correction => MentionView);
