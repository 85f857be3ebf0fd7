//! Why a request came to nothing, in words for the owner. Names hosts, never paths, queries or bodies.

use std::time::Duration;

use goodword_shared::problem::{ProblemKind, SourceProblem};

use super::dial::{NoName, OnlyPrivate};

/// A request that brought no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FetchError {
    /// Not an address that can be asked.
    #[error("The address cannot be read: {detail}. Correct it in the source's settings.")]
    Address {
        /// What is wrong with it.
        detail: &'static str,
    },
    /// It leads to an address that is not on the open internet.
    #[error(
        "{host} is on a private network, which Goodword does not enter. If you trust it, add \"{host}\" to fetch.allow_private in goodword.toml."
    )]
    Private {
        /// `host:port`.
        host: String,
    },
    /// robots.txt says no.
    #[error(
        "{} asks programs not to read this page (robots.txt). Use the platform's feed or interface, mail notifications, or an import.",
        plain(host)
    )]
    Robots {
        /// `host:port`.
        host: String,
    },
    /// robots.txt could not be read.
    #[error(
        "{} does not say what programs may read: its robots.txt cannot be had. It is tried again later.",
        plain(host)
    )]
    RobotsUnreachable {
        /// `host:port`.
        host: String,
    },
    /// A redirect that is not followed.
    #[error(
        "{} sent us elsewhere and we did not follow: {detail}. Open the address in a browser and use the one it ends at.",
        plain(host)
    )]
    Redirect {
        /// `host:port`.
        host: String,
        /// Why.
        detail: &'static str,
    },
    /// Longer than the cap.
    #[error(
        "{} sent more than {mib} MiB. Choose a smaller page, or raise fetch.body_mib in goodword.toml.",
        plain(host)
    )]
    TooLarge {
        /// `host:port`.
        host: String,
        /// The cap.
        mib: usize,
    },
    /// Slower than the deadline.
    #[error("{} did not finish answering within {seconds} seconds. It is tried again later.", plain(host))]
    Deadline {
        /// `host:port`.
        host: String,
        /// The deadline.
        seconds: f64,
    },
    /// No connection came about: no such name, nobody there, no agreement on TLS.
    #[error("No connection to {}: {detail}. It is tried again later.", plain(host))]
    NoConnection {
        /// `host:port`.
        host: String,
        /// Why, as far as can be told.
        detail: &'static str,
    },
    /// The connection broke, or what came was not HTTP.
    #[error("The answer of {} broke off or could not be decoded. It is tried again later.", plain(host))]
    Broken {
        /// `host:port`.
        host: String,
    },
    /// A fault of the server, still there after the last try.
    #[error("{} has a fault of its own (status {status}). It is tried again later.", plain(host))]
    Server {
        /// `host:port`.
        host: String,
        /// 5xx.
        status: u16,
        /// When the server wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// The host asked for a pause that is not over.
    #[error("{} asked to be left alone for another {} seconds. It is tried again then.", plain(host), retry_after.as_secs() + 1)]
    Held {
        /// `host:port`.
        host: String,
        /// What is left of the pause.
        retry_after: Duration,
    },
    /// It announces an answer over and over.
    #[error("{} only ever announces an answer and never gives one. It is tried again later.", plain(host))]
    Interim {
        /// `host:port`.
        host: String,
    },
    /// A certificate of the owner's own authority cannot be used.
    #[error("The certificate file {file} in fetch.trust cannot be used: {detail}.")]
    Authority {
        /// Which file.
        file: String,
        /// Why.
        detail: &'static str,
    },
    /// The HTTP client could not be built.
    #[error("Requests cannot be made: the TLS set-up failed. This is a fault of Goodword; please report it.")]
    Setup,
}

/// Why TLS came to nothing, and what to do where it is the certificate.
pub(super) fn unprotected(error: &rustls::Error) -> &'static str {
    use rustls::CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, UnknownIssuer,
    };
    let rustls::Error::InvalidCertificate(fault) = error else {
        return "no protected connection could be agreed on";
    };
    match fault {
        UnknownIssuer => {
            "its certificate is not trusted; if it comes from an authority of your own, name that in fetch.trust in goodword.toml"
        }
        NotValidForName | NotValidForNameContext { .. } => {
            "its certificate is for another name; enter the name that stands in it"
        }
        Expired | ExpiredContext { .. } => "its certificate has run out",
        _ => "its certificate is not valid or not trusted",
    }
}

/// The host as people write it: without the port that goes without saying.
fn plain(host: &str) -> &str {
    host.strip_suffix(":443").or_else(|| host.strip_suffix(":80")).unwrap_or(host)
}

impl FetchError {
    /// When the server wants to be asked again, where it said so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            FetchError::Server { retry_after, .. } => *retry_after,
            FetchError::Held { retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }

    /// The HTTP status that came; 0 where no answer did.
    pub fn status(&self) -> u16 {
        match self {
            FetchError::Server { status, .. } => *status,
            _ => 0,
        }
    }

    /// Its class, as shown at the source.
    pub fn kind(&self) -> ProblemKind {
        match self {
            FetchError::Held { .. } => ProblemKind::RateLimited,
            FetchError::Server { .. }
            | FetchError::NoConnection { .. }
            | FetchError::Broken { .. }
            | FetchError::Deadline { .. }
            | FetchError::Interim { .. }
            | FetchError::RobotsUnreachable { .. } => ProblemKind::Unreachable,
            FetchError::Address { .. }
            | FetchError::Private { .. }
            | FetchError::Robots { .. }
            | FetchError::Redirect { .. }
            | FetchError::TooLarge { .. }
            | FetchError::Authority { .. }
            | FetchError::Setup => ProblemKind::Refused,
        }
    }

    /// What the HTTP library says, without its text: that holds the address with its query.
    pub(super) fn of_transport(error: &hyper_util::client::legacy::Error, host: String) -> Self {
        if find::<OnlyPrivate>(error).is_some() {
            return FetchError::Private { host };
        }
        if error.is_connect() {
            let detail = match find::<rustls::Error>(error) {
                Some(error) => unprotected(error),
                None if find::<NoName>(error).is_some() => "the name is not known",
                None => "nobody answers there",
            };
            return FetchError::NoConnection { host, detail };
        }
        FetchError::Broken { host }
    }
}

impl From<FetchError> for SourceProblem {
    fn from(error: FetchError) -> Self {
        SourceProblem { problem: error.kind(), detail: error.to_string() }
    }
}

/// The error of that type among the causes, also inside `io::Error`s.
pub(super) fn find<'e, E: std::error::Error + 'static>(
    error: &'e (dyn std::error::Error + 'static),
) -> Option<&'e E> {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<E>() {
            return Some(found);
        }
        // What an `io::Error` wraps is not among its sources.
        next = match cause.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref()) {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
    }
    None
}
