//! What a text means: language, sentiment, themes, intents, severity, and the words that decided it.

use serde::{Deserialize, Serialize};

/// Which way an opinion leans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Label {
    /// Unhappy.
    Negative,
    /// No opinion, or none that can be told.
    #[default]
    Neutral,
    /// Happy.
    Positive,
    /// Both at once.
    Mixed,
}

impl Label {
    /// Every label.
    pub const ALL: [Label; 4] = [Label::Negative, Label::Neutral, Label::Positive, Label::Mixed];

    /// Its name on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Label::Negative => "negative",
            Label::Neutral => "neutral",
            Label::Positive => "positive",
            Label::Mixed => "mixed",
        }
    }

    /// The label of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.as_str() == name)
    }
}

/// How the whole text leans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sentiment {
    /// The verdict.
    pub label: Label,
    /// −1…1, the leaning, also where the label is neutral.
    pub score: f64,
    /// Probability that the label is right, 0–1.
    pub confidence: f64,
    /// Too unsure to act on: goes to the owner's eye.
    pub uncertain: bool,
}

/// A theme that the text is about, with the sentiment of its own clause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Theme {
    /// The theme's slug: service, price, waiting …, or one of the owner's own.
    pub theme: String,
    /// Of its clause, not of the whole text.
    pub sentiment: Label,
    /// Probability, 0.5–1 where listed.
    pub confidence: f64,
}

/// What the author wants or threatens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Intent {
    /// complaint, refund, leaving, safety, legal, question, suggestion, praise, recommendation, referral_offer, wants_contact.
    pub intent: String,
    /// Probability, 0.5–1 where listed.
    pub confidence: f64,
    /// Whom it names: of leaving the rival, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<String>,
}

/// What a highlighted span speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SpanOf {
    /// It moved the sentiment; the weight's sign says which way.
    Sentiment,
    /// It named a theme.
    Theme,
    /// It showed an intent.
    Intent,
}

/// A stretch of the text that decided something, in characters (Unicode scalar values) of `text`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Span {
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// −1…1; below nought what speaks against the business: bad words, complaints, threats to leave.
    pub weight: f64,
    /// What it speaks for.
    pub of: SpanOf,
}

/// Everything the engine makes of one text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Analysis {
    /// BCP 47, or none where it cannot be told.
    pub language: Option<String>,
    /// How the whole leans.
    pub sentiment: Sentiment,
    /// Themes believed.
    pub themes: Vec<Theme>,
    /// Intents believed.
    pub intents: Vec<Intent>,
    /// 0–1: how bad it is, from intents, intensity and damage named.
    pub severity: f64,
    /// The words that decided.
    pub spans: Vec<Span>,
    /// What the engine as shipped says, where the owner's corrections have taught it to read this differently.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untaught: Option<Box<Untaught>>,
}

/// What the engine as shipped says of a text that the owner's corrections have taught it to read differently.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Untaught {
    /// How the whole leans.
    pub sentiment: Sentiment,
    /// Themes believed.
    pub themes: Vec<Theme>,
    /// Intents believed.
    pub intents: Vec<Intent>,
    /// 0–1.
    pub severity: f64,
}

impl Analysis {
    /// Whether the intent is believed (0.5 or more).
    pub fn has_intent(&self, name: &str) -> bool {
        self.intents.iter().any(|i| i.intent == name && i.confidence >= 0.5)
    }
}
