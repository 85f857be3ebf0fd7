//! The mention: one thing a person said, as every connector yields it and as `goodword read` prints it.

use serde::{Deserialize, Serialize};

use crate::Time;

/// What sort of thing was said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Kind {
    /// A review, with or without a rating.
    #[default]
    Review,
    /// A post of its own on a social site.
    Post,
    /// An answer below something else.
    Comment,
    /// An article, as feeds carry.
    Article,
    /// An answer to a survey of ours.
    Survey,
    /// A mail.
    Mail,
}

impl Kind {
    /// Every kind, in the order of the schema.
    pub const ALL: [Kind; 6] =
        [Kind::Review, Kind::Post, Kind::Comment, Kind::Article, Kind::Survey, Kind::Mail];

    /// The kind's name on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Review => "review",
            Kind::Post => "post",
            Kind::Comment => "comment",
            Kind::Article => "article",
            Kind::Survey => "survey",
            Kind::Mail => "mail",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == name)
    }
}

/// Who wrote a mention, as the platform shows them. Every part may be missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Author {
    /// As displayed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Login or account name, without a leading @.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// The platform's own id of the author.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Profile page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// How many follow them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub followers: Option<u64>,
    /// As the author states it, free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Only where the platform hands it to the business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl Author {
    /// The name to show: displayed name, else handle.
    pub fn shown(&self) -> Option<&str> {
        self.name.as_deref().or(self.handle.as_deref())
    }
}

/// Stars on the platform's own scale. Recommend / not recommend is 1 or 0 of best 1, worst 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rating {
    /// On the platform's own scale.
    pub value: f64,
    /// The scale's upper end.
    pub best: f64,
    /// The scale's lower end; 1 for stars where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst: Option<f64>,
}

impl Rating {
    /// A rating of five stars, lower end 1.
    pub fn stars(value: f64) -> Self {
        Self { value, best: 5.0, worst: Some(1.0) }
    }

    /// The value as a share of the best, 0.0–1.0 (2 of 5 stars is 0.4), as thresholds are written.
    pub fn share(&self) -> f64 {
        if self.best > 0.0 { (self.value / self.best).clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// How exact `published_at` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Precision {
    /// To the second.
    Second,
    /// A date; midnight UTC.
    Day,
    /// A month; its first day.
    Month,
    /// A year; its first day.
    Year,
    /// Worked out from "3 weeks ago" and the time of reading.
    Relative,
}

/// The owner's public answer to a mention.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reply {
    /// Plain text.
    pub text: String,
    /// Who answered, where it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub published_at: Option<Time>,
}

/// Where a mention stands in a conversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Thread {
    /// The conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What this answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
}

/// What a mention is about: place, product, app, video, article.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Subject {
    /// The platform's id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// How many reacted. Missing is unknown, not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Engagement {
    /// Likes, up-votes, helpful votes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likes: Option<i64>,
    /// Answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replies: Option<i64>,
    /// Shares, boosts, reposts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shares: Option<i64>,
    /// Views.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub views: Option<i64>,
}

/// One thing a person said. A missing value is absent, never invented.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mention {
    /// The platform's own id, stable across edits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// What sort of thing it is.
    pub kind: Kind,
    /// Permalink of this mention, not of the product or place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who wrote it.
    pub author: Author,
    /// Stars, if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// Its heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Plain text, in the original language; empty where only stars were given.
    pub text: String,
    /// BCP 47, only where the platform declares it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// When it was published; a date alone is midnight UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub published_at: Option<Time>,
    /// How exact that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_precision: Option<Precision>,
    /// When its author last changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub edited_at: Option<Time>,
    /// The owner's public answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Reply>,
    /// The conversation it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<Thread>,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// The business's own order number, where the platform passes it on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    /// Reactions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engagement: Option<Engagement>,
    /// The platform says that the purchase or visit was verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// What the owner's mail server found of a mail's sender: `dkim=pass spf=fail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender_check: Option<String>,
    /// The platform says that it was removed; text and author are then gone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}
