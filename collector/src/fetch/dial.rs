//! The HTTP clients, and the resolver that keeps them off private networks: the addresses handed to the connector are the very
//! ones that were checked, so a name that answers differently the second time (DNS rebinding) gains nothing.

use std::{
    fmt, io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{FetchError, FetchSettings, address};

/// Connections to one host that are kept for the next request: as many as sources of one host are read side by side. Fewer would be
/// made anew for almost every page.
const IDLE: usize = 8;

/// What a lookup gives.
pub type Looking = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Finds the addresses of a name. The boundary to the system; tests give their own.
pub trait Lookup: Send + Sync + 'static {
    /// Every address of that name.
    fn lookup(&self, host: &str) -> Looking;
}

/// The system's resolver.
#[derive(Clone, Copy, Debug)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, host: &str) -> Looking {
        let host = host.to_owned();
        Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.map(|a| a.ip()).collect()) })
    }
}

/// Where a client may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Public addresses only.
    Public,
    /// Anywhere: for the origins that the owner opened.
    Anywhere,
}

/// A name that has only private addresses.
#[derive(Debug)]
pub(super) struct OnlyPrivate;

impl fmt::Display for OnlyPrivate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads into a private network")
    }
}

impl std::error::Error for OnlyPrivate {}

struct Guard {
    lookup: Arc<dyn Lookup>,
    reach: Reach,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let looking = self.lookup.lookup(name.as_str());
        let reach = self.reach;
        Box::pin(async move {
            let found = looking.await?;
            if found.is_empty() {
                return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into());
            }
            let fit: Vec<SocketAddr> = found
                .into_iter()
                .filter(|ip| reach == Reach::Anywhere || address::is_public(*ip))
                .map(|ip| SocketAddr::new(ip, 0))
                .collect();
            if fit.is_empty() {
                return Err(OnlyPrivate.into());
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}

/// A client that follows no redirects by itself, uses no proxy of the system (it would dial in our stead) and trusts the
/// certificates that browsers trust.
#[expect(clippy::disallowed_methods, reason = "this is the one polite client")]
pub(super) fn client(
    settings: &FetchSettings,
    lookup: Arc<dyn Lookup>,
    reach: Reach,
) -> Result<reqwest::Client, FetchError> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls()?)
        .dns_resolver(Guard { lookup, reach })
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .user_agent(settings.user_agent())
        .connect_timeout(Duration::from_secs(10).min(settings.deadline))
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(IDLE)
        .build()
        .map_err(|_| FetchError::Setup)
}

/// TLS 1.2 and 1.3 by `ring`, with Mozilla's roots compiled in.
pub(super) fn tls() -> Result<rustls::ClientConfig, FetchError> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| FetchError::Setup)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
