//! The one error body on the wire (RFC 9457), and the classes of what can go wrong with a source.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a source's answer could not be read. The same words on the command line, in the store and on the Sources page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ProblemKind {
    /// A captcha, a challenge or a block page stands in the way. Goodword does not go past it.
    Blocked,
    /// Credentials are missing, wrong or expired.
    Auth,
    /// Asked too often; the pace is lowered.
    RateLimited,
    /// Nothing is there.
    NotFound,
    /// The answer is not what the platform promises.
    Malformed,
    /// Understood to be something that this connector does not read.
    Unsupported,
    /// No connection, a time-out, a server error: tried again later.
    Unreachable,
    /// Forbidden by robots.txt, a private network, a size or time limit of ours.
    Refused,
}

impl ProblemKind {
    /// Every kind.
    pub const ALL: [ProblemKind; 8] = [
        ProblemKind::Blocked,
        ProblemKind::Auth,
        ProblemKind::RateLimited,
        ProblemKind::NotFound,
        ProblemKind::Malformed,
        ProblemKind::Unsupported,
        ProblemKind::Unreachable,
        ProblemKind::Refused,
    ];

    /// Its name on the wire, on the command line and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            ProblemKind::Blocked => "blocked",
            ProblemKind::Auth => "auth",
            ProblemKind::RateLimited => "rate_limited",
            ProblemKind::NotFound => "not_found",
            ProblemKind::Malformed => "malformed",
            ProblemKind::Unsupported => "unsupported",
            ProblemKind::Unreachable => "unreachable",
            ProblemKind::Refused => "refused",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == name)
    }
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A problem with a source, with what to do about it, in words for the owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceProblem {
    /// Its class.
    pub problem: ProblemKind,
    /// What happened and what to do.
    pub detail: String,
}

impl fmt::Display for SourceProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.problem, self.detail)
    }
}

impl std::error::Error for SourceProblem {}

/// An error of the HTTP API (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A slug that programs may compare: `not-signed-in`, `not-found`, `invalid`, `conflict`, `source/blocked` …
    #[serde(rename = "type")]
    pub kind: String,
    /// Short summary, the same for every occurrence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened here and what to do.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Faults of single fields: JSON pointer or field name → what is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// What is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field's name.
    pub field: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl Problem {
    /// A problem without field errors.
    pub fn new(status: u16, kind: &str, title: &str, detail: impl Into<String>) -> Self {
        Self { kind: kind.into(), title: title.into(), status, detail: detail.into(), errors: Vec::new() }
    }

    /// 404.
    pub fn not_found(what: &str) -> Self {
        Self::new(404, "not-found", "Not found", format!("There is no such {what}."))
    }

    /// 422, about the request as a whole.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(422, "invalid", "That cannot be done as asked", detail)
    }

    /// 422, about one field.
    pub fn invalid_field(field: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let mut problem = Self::invalid(detail.clone());
        problem.errors.push(FieldError { field: field.into(), detail });
        problem
    }

    /// 401.
    pub fn not_signed_in() -> Self {
        Self::new(401, "not-signed-in", "Not signed in", "Sign in and try again.")
    }

    /// 409.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(409, "conflict", "That does not fit what is there", detail)
    }

    /// 500; the cause is in the log, not in the answer.
    pub fn internal() -> Self {
        Self::new(
            500,
            "internal",
            "Something broke on our side",
            "It has been logged. Try again in a moment.",
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.detail.is_empty() { f.write_str(&self.title) } else { f.write_str(&self.detail) }
    }
}

impl std::error::Error for Problem {}

impl From<SourceProblem> for Problem {
    fn from(p: SourceProblem) -> Self {
        Self::new(422, &format!("source/{}", p.problem), "The source cannot be read", p.detail)
    }
}
