//! What the fetcher is built with, and which private places the owner opened to it.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use rustls::pki_types::{CertificateDer, pem::PemObject};
use url::Url;

use super::{FetchError, address};
use crate::config;

/// Limits and manners of all requests.
#[derive(Clone, Debug)]
pub struct FetchSettings {
    /// The product's name in `User-Agent`, and the name that robots.txt is read for.
    pub product: String,
    /// Its version.
    pub version: String,
    /// Address of a page or mailbox where a site's owner reaches the operator.
    pub contact: Option<String>,
    /// `host:port` on private networks that may be reached all the same: exactly these, at every hop.
    pub allow_private: Vec<String>,
    /// Certificate authorities of the owner's own, trusted beside Mozilla's.
    pub trust: Vec<CertificateDer<'static>>,
    /// Further tries after a server error or a broken connection.
    pub retries: u32,
    /// For one request with everything in it: redirects, retries, robots.txt, the body.
    pub deadline: Duration,
    /// Most bytes of one answer, after decompression.
    pub body_cap: usize,
}

impl Default for FetchSettings {
    fn default() -> Self {
        Self {
            product: "Goodword".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            contact: None,
            allow_private: Vec::new(),
            trust: Vec::new(),
            retries: 2,
            deadline: Duration::from_secs(30),
            body_cap: 16 << 20,
        }
    }
}

impl FetchSettings {
    /// As the owner set them.
    ///
    /// # Errors
    /// [`FetchError::Authority`] where a certificate that is to be trusted cannot be read.
    pub fn of(set: &config::Fetch) -> Result<Self, FetchError> {
        Ok(Self {
            allow_private: set.allow_private.clone(),
            trust: authorities(&set.trust)?,
            retries: set.retries,
            deadline: Duration::from_secs(set.deadline_seconds.max(1)),
            body_cap: usize::try_from(set.body_mib.max(1) << 20).unwrap_or(usize::MAX),
            ..Self::default()
        })
    }

    /// `Goodword/0.1.0 (+https://…)`.
    pub fn user_agent(&self) -> String {
        let contact = self.contact.as_deref().map(str::trim).filter(|c| !c.is_empty());
        match contact {
            Some(contact) => format!("{}/{} (+{contact})", self.product, self.version),
            None => format!("{}/{}", self.product, self.version),
        }
    }

    /// The owner opened that very host and port.
    pub(super) fn is_allowed(&self, url: &Url) -> bool {
        let place = address::place(url);
        self.allow_private.iter().any(|allowed| allowed.trim().eq_ignore_ascii_case(&place))
    }

    /// Errs where the host is written as an address that must not be dialled. Names are checked when they are resolved.
    pub(super) fn check_literal(&self, url: &Url) -> Result<(), FetchError> {
        let host = url.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match bare.parse::<IpAddr>() {
            Ok(ip) if !address::is_public(ip) && !self.is_allowed(url) => {
                Err(FetchError::Private { host: address::place(url) })
            }
            _ => Ok(()),
        }
    }
}

/// The certificates in these PEM files.
fn authorities(files: &[PathBuf]) -> Result<Vec<CertificateDer<'static>>, FetchError> {
    let mut found = Vec::new();
    for file in files {
        let wrong = |detail| FetchError::Authority { file: file.display().to_string(), detail };
        let pem = std::fs::read(file).map_err(|_| wrong("it cannot be opened"))?;
        let before = found.len();
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let certificate = certificate.map_err(|_| wrong("it is no PEM file"))?;
            let usable = rustls::RootCertStore::empty().add(certificate.clone());
            usable.map_err(|_| wrong("it holds a certificate that cannot be used"))?;
            found.push(certificate);
        }
        if found.len() == before {
            return Err(wrong("it holds no certificate"));
        }
    }
    Ok(found)
}
