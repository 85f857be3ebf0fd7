//! Sources and connectors as they describe themselves: route, legal basis, what may be stored, pace, settings; and a source's health.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Mention, Time,
    access::AccessState,
    api::sources::Door,
    id::SourceId,
    problem::{FieldError, SourceProblem},
};

/// Settings of a source or channel: field name → value as text. Secrets are stored apart and read back as empty.
pub type Values = BTreeMap<String, String>;

/// How a connector comes by its mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Route {
    /// The platform's official programming interface.
    Api,
    /// A feed meant for machines.
    Feed,
    /// A public page, robots.txt permitting.
    Page,
    /// The platform calls us.
    Push,
    /// The owner's mailbox.
    Mail,
    /// A file that the owner hands over.
    Import,
}

/// What the platform lets us keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "rule", content = "days")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StorageRule {
    /// As long as the owner wants.
    Keep,
    /// At most so many days.
    Days(u32),
    /// Kept, but what its author deletes there is deleted here.
    FollowDeletion,
    /// Shown live, never stored.
    Never,
}

/// What sort of value a settings field takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FieldType {
    /// One line.
    Text,
    /// A web address.
    Url,
    /// A mail address.
    Email,
    /// A password or key: stored encrypted, never shown again.
    Secret,
    /// A whole number within bounds.
    Number {
        /// Least.
        min: i64,
        /// Most.
        max: i64,
    },
    /// One of these.
    Choice {
        /// Value and label.
        options: Vec<(String, String)>,
    },
    /// `true` or `false`.
    Toggle,
}

/// One field of a settings schema; forms, command-line help and docs are drawn from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Field {
    /// Its name in [`Values`].
    pub name: String,
    /// Its label.
    pub label: String,
    /// What to put there and where to find it.
    pub help: String,
    /// Its type.
    pub kind: FieldType,
    /// It must not be empty.
    pub required: bool,
    /// The value where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// An example.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
}

impl Field {
    /// What is wrong with a value, in words for the person who typed it; none where it is fine.
    pub fn fault(&self, value: &str) -> Option<String> {
        let value = value.trim();
        if value.is_empty() {
            return self.required.then(|| format!("{} is needed.", self.label));
        }
        match &self.kind {
            FieldType::Text | FieldType::Secret => None,
            FieldType::Url => {
                let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
                let fine = host.is_some_and(|h| !h.is_empty() && !h.starts_with(['/', ':', '?', '#']));
                (!fine || value.contains(char::is_whitespace)).then(|| {
                    format!("{} must be an address that begins with https:// or http://.", self.label)
                })
            }
            FieldType::Email => (!is_mail_address(value))
                .then(|| format!("{} must be a mail address such as name@example.org.", self.label)),
            FieldType::Number { min, max } => (!value.parse().is_ok_and(|n: i64| (*min..=*max).contains(&n)))
                .then(|| format!("{} must be a whole number from {min} to {max}.", self.label)),
            FieldType::Choice { options } => (!options.iter().any(|(name, _)| name == value)).then(|| {
                let names: Vec<&str> = options.iter().map(|(name, _)| name.as_str()).collect();
                format!("{} must be one of {}.", self.label, names.join(", "))
            }),
            FieldType::Toggle => {
                (!matches!(value, "true" | "false")).then(|| format!("{} must be true or false.", self.label))
            }
        }
    }
}

/// What is wrong with settings by their schema; empty where they are fine.
pub fn faults(fields: &[Field], values: &Values) -> Vec<FieldError> {
    fields
        .iter()
        .filter_map(|field| {
            let value = values.get(&field.name).map(String::as_str).unwrap_or_default();
            let value = if value.is_empty() { field.default.as_deref().unwrap_or_default() } else { value };
            Some(FieldError { field: field.name.clone(), detail: field.fault(value)? })
        })
        .collect()
}

/// Whether a text has the shape of one mail address: something, @, a host, no blanks or lists.
pub fn is_mail_address(text: &str) -> bool {
    let shape = |c: char| c.is_whitespace() || c.is_control() || ",;<>()".contains(c);
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && !host.is_empty() && !host.contains('@') && !text.contains(shape)
    })
}

/// A connector's account of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Descriptor {
    /// `app_store`, `feed` …
    pub slug: String,
    /// "App Store".
    pub title: String,
    /// One sentence: what it reads.
    pub summary: String,
    /// How.
    pub route: Route,
    /// Why we may: the platform's terms in a sentence.
    pub legal_basis: String,
    /// What may be kept.
    pub storage: StorageRule,
    /// Least time between two requests to the same host, milliseconds.
    pub pace_ms: u64,
    /// Ordinary time between two checks of a source, minutes.
    pub every_minutes: u32,
    /// Whether robots.txt must be asked first (pages).
    pub robots: bool,
    /// How to get what it needs, for the owner.
    pub how_to: String,
    /// What it needs to know.
    pub fields: Vec<Field>,
    /// Examples of addresses that it recognises.
    pub recognises: Vec<String>,
}

/// How a source fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum HealthState {
    /// Never run yet, or its first run is under way.
    #[default]
    New,
    /// The last run went well.
    Fine,
    /// It answers, but less than usual, or fewer than the platform says there are.
    Quiet,
    /// The last runs failed.
    Failing,
    /// Switched off by the owner.
    Paused,
}

impl HealthState {
    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            HealthState::New => "new",
            HealthState::Fine => "fine",
            HealthState::Quiet => "quiet",
            HealthState::Failing => "failing",
            HealthState::Paused => "paused",
        }
    }
}

/// A watched source with its health.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Source {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: SourceId,
    /// The connector's slug.
    pub connector: String,
    /// The connector's title.
    pub connector_title: String,
    /// The owner's name for it.
    pub name: String,
    /// Settings; secrets are empty.
    pub settings: Values,
    /// Nothing of it may be stored: it is shown live when asked for, and has no timetable.
    #[serde(default)]
    pub live: bool,
    /// The page to open for a human, where there is one.
    pub page_url: Option<String>,
    /// How it fares.
    pub health: HealthState,
    /// The health as a sentence: "Quiet for 2 days, as usual."
    pub health_text: String,
    /// The last run's problem.
    pub problem: Option<SourceProblem>,
    /// When it last answered well.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub last_success: Option<Time>,
    /// When it was last tried.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub last_run: Option<Time>,
    /// When it is due next; none while paused.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub next_run: Option<Time>,
    /// Minutes between runs.
    pub every_minutes: u32,
    /// The interval follows how often something comes; else it is the owner's own.
    #[serde(default)]
    pub adaptive: bool,
    /// When it is not to be read.
    #[serde(default)]
    pub not_between: Option<QuietHours>,
    /// Mentions stored from it that are still there.
    pub stored: u64,
    /// Mentions stored from it that their authors or the platform took away.
    #[serde(default)]
    pub gone: u64,
    /// What the platform itself says it has.
    pub platform_total: Option<u64>,
    /// The platform's own average, on `platform_best`.
    pub platform_average: Option<f64>,
    /// The scale of that.
    pub platform_best: Option<f64>,
    /// Since when it is watched.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Time,
    /// Where people or programs come in, for those that have such a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub door: Option<Door>,
    /// How it is let in, where that takes more than settings.
    #[serde(default)]
    pub access: Option<AccessState>,
}

/// Which connector would read an address, and with what settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recognised {
    /// The connector.
    pub connector: Descriptor,
    /// Settings worked out from the address.
    pub settings: Values,
    /// A name to propose.
    pub name: String,
}

/// What a source would read, before it is saved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// The first mentions, at most 10.
    pub mentions: Vec<Mention>,
    /// How many the first answer held.
    pub found: usize,
    /// What the platform says it has.
    pub platform_total: Option<u64>,
    /// What went wrong, where something did.
    pub problem: Option<SourceProblem>,
    /// Single items that could not be read.
    pub warnings: Vec<String>,
}

/// Hours in which a source is not to be read, by the clock of a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuietHours {
    /// "22:00".
    pub from: String,
    /// "06:30"; earlier than `from`: of the next day.
    pub to: String,
    /// "Europe/Berlin".
    pub zone: String,
}

/// One run of a source, as its history shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunView {
    /// When it began.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub started_at: Time,
    /// How long it took, milliseconds.
    pub took_ms: u64,
    /// Requests made, redirects and further tries included.
    pub requests: u32,
    /// The HTTP status of each answer → how often; 0: no answer came.
    pub answers: BTreeMap<u16, u32>,
    /// Mentions in the answers; none where nothing had been modified.
    pub found: Option<u32>,
    /// Never seen before.
    pub new: u32,
    /// Changed.
    pub changed: u32,
    /// Seen before, the same.
    pub same: u32,
    /// Found to be gone.
    pub gone: u32,
    /// What went wrong, with what to do.
    pub problem: Option<SourceProblem>,
    /// Remarks: single items that could not be read, pages left for the next run.
    pub remark: Option<String>,
}
