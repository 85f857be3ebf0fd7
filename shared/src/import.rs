//! Import of CSV: the mapping of columns, the preview with its faults by line, and what was done.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::source::Values;

/// Column of the file → field of ours (`name`, `email`, …); columns left out are ignored.
pub type Mapping = BTreeMap<String, String>;

/// What is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ImportKind {
    /// Customers.
    Customers,
    /// Mentions, from an export of another place.
    Mentions,
}

/// A file to import or to preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportRequest {
    /// The file's text.
    pub content: String,
    /// The file's name, for the source's name and the log.
    #[serde(default)]
    pub file_name: String,
    /// The owner's mapping; empty: guessed from the headings.
    #[serde(default)]
    pub mapping: Mapping,
    /// For mentions: settings of the source they belong to (`best` of the rating scale, …).
    #[serde(default)]
    pub settings: Values,
}

/// A line that cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineFault {
    /// Line in the file, from 1; the heading is line 1.
    pub line: u64,
    /// What is wrong and what will be done.
    pub detail: String,
    /// The line is left out (else it is imported with this remark).
    pub skipped: bool,
}

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportPreview {
    /// Headings found.
    pub columns: Vec<String>,
    /// The mapping used: guessed, or the owner's.
    pub mapping: Mapping,
    /// Fields that a column may be mapped to: name and label.
    pub fields: Vec<(String, String)>,
    /// The first rows as they would be imported, in the order of `columns`; at most 8.
    pub sample: Vec<Vec<String>>,
    /// Rows that would be new.
    pub new: u64,
    /// Rows that would change what is there.
    pub updated: u64,
    /// Rows that are there already, unchanged.
    pub unchanged: u64,
    /// Lines with faults; at most 200.
    pub faults: Vec<LineFault>,
    /// How many lines have faults in all.
    pub fault_count: u64,
    /// Why nothing can be imported at all, where so.
    pub problem: Option<String>,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// Rows new.
    pub new: u64,
    /// Rows changed.
    pub updated: u64,
    /// Rows unchanged.
    pub unchanged: u64,
    /// Rows left out.
    pub skipped: u64,
    /// Lines with faults; at most 200.
    pub faults: Vec<LineFault>,
    /// In one line, for the owner.
    pub summary: String,
}
