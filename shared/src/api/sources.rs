//! Sources: connectors, recognising an address, preview, adding, checking; import of mentions.

use serde::{Deserialize, Serialize};

use super::{ById, Page, alerts::Rows, endpoint};
use crate::{
    Time,
    import::{ImportPreview, ImportReport, ImportRequest},
    source::{Descriptor, Preview, QuietHours, Recognised, RunView, Source, Values},
};

/// What the owner pasted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pasted {
    /// An address or a name.
    pub text: String,
}

/// A source to preview or to add.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewSource {
    /// The connector's slug.
    pub connector: String,
    /// The owner's name for it; empty: the connector proposes one.
    pub name: String,
    /// Settings by field name.
    pub settings: Values,
    /// Minutes between runs; the connector's own rhythm where not said.
    pub every_minutes: Option<u32>,
}

/// A change to a source; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceChange {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Settings; an empty secret leaves the stored one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<Values>,
    /// Minutes between runs; 0 gives the rhythm back to Goodword.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_minutes: Option<u32>,
    /// When it is not to be read; the same hour twice: it may always be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_between: Option<QuietHours>,
    /// Switch it off or on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused: Option<bool>,
}

/// Where people or programs come in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Door {
    /// The whole address.
    pub address: String,
    /// Programs sign their calls: whether there is a secret yet. None where people come in.
    pub signed: Option<bool>,
    /// Path of the address as a picture to scan (QR code), where it is for people.
    pub picture: Option<String>,
}

/// A wish for a new signing secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewSecret {
    /// Hours for which the one before still counts, 0–168; a day where it is not said.
    pub overlap_hours: Option<u32>,
}

/// A signing secret, told this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeSecret {
    /// `whsec_…`.
    pub secret: String,
    /// Where calls signed with it are taken.
    pub address: String,
    /// Until when the one before counts, where there was one.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub old_until: Option<Time>,
}

impl std::fmt::Debug for MadeSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeSecret").field("address", &self.address).finish_non_exhaustive()
    }
}

endpoint!(ListConnectors, Get "/api/v1/connectors", "Every connector's account of itself", path: (), query: (), body: () => Vec<Descriptor>);
endpoint!(ListSources, Get "/api/v1/sources", "The sources with their health", path: (), query: (), body: () => Vec<Source>);
endpoint!(RecogniseSource, Post "/api/v1/sources/recognise", "Which connectors would read an address, best first", path: (), query: (), body: Pasted => Vec<Recognised>);
endpoint!(PreviewSource, Post "/api/v1/sources/preview", "What a source would read, without saving it", path: (), query: (), body: NewSource => Preview);
endpoint!(AddSource, Post "/api/v1/sources", "Watch a source; its first run starts at once", path: (), query: (), body: NewSource => Source);
endpoint!(PatchSource, Patch "/api/v1/sources/{id}", "Change or pause a source", path: ById, query: (), body: SourceChange => Source);
endpoint!(RemoveSource, Delete "/api/v1/sources/{id}", "Stop watching; its mentions stay", path: ById, query: (), body: () => ());
endpoint!(CheckSource, Post "/api/v1/sources/{id}/check", "Run it now", path: ById, query: (), body: () => Source);
endpoint!(ListRuns, Get "/api/v1/sources/{id}/runs", "What its runs came to, newest first", path: ById, query: Rows, body: () => Page<RunView>);
endpoint!(LookAtSource, Post "/api/v1/sources/{id}/look", "What it shows now, live; nothing is stored", path: ById, query: (), body: () => Preview);
endpoint!(MakeSecret, Post "/api/v1/sources/{id}/secret", "Make the secret that signs calls to a webhook source; told this once", path: ById, query: (), body: NewSecret => MadeSecret);
endpoint!(PreviewMentions, Post "/api/v1/imports/mentions/preview", "What an import of mentions would do", path: (), query: (), body: ImportRequest => ImportPreview);
endpoint!(ImportMentions, Post "/api/v1/imports/mentions", "Import mentions from a table, JSON or mails; never alerts", path: (), query: (), body: ImportRequest => ImportReport);
