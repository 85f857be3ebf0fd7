//! The HTTP clients' way to a host: connections, TLS, and the resolver that keeps them off private networks: the addresses handed to the connector are the very
//! ones that were checked, so a name that answers differently the second time (DNS rebinding) gains nothing.

use std::{
    fmt, io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::{HttpConnector, dns::Name};
use tower::Service;

use super::{FetchError, FetchSettings, address};

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

/// A name that nobody knows.
#[derive(Debug)]
pub(super) struct NoName;

impl fmt::Display for NoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name has no address")
    }
}

impl std::error::Error for NoName {}

/// Asks for a name's addresses and lets through those that may be dialled.
#[derive(Clone)]
pub(super) struct Guard {
    lookup: Arc<dyn Lookup>,
    reach: Reach,
}

type Resolving = Pin<
    Box<
        dyn Future<Output = Result<std::vec::IntoIter<SocketAddr>, Box<dyn std::error::Error + Send + Sync>>>
            + Send,
    >,
>;

impl Service<Name> for Guard {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = Resolving;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Resolving {
        let looking = self.lookup.lookup(name.as_str());
        let reach = self.reach;
        Box::pin(async move {
            let found = looking.await.map_err(|_| NoName)?;
            if found.is_empty() {
                return Err(NoName.into());
            }
            let fit: Vec<SocketAddr> = found
                .into_iter()
                .filter(|ip| reach == Reach::Anywhere || address::is_public(*ip))
                .map(|ip| SocketAddr::new(ip, 0))
                .collect();
            if fit.is_empty() {
                return Err(OnlyPrivate.into());
            }
            Ok(fit.into_iter())
        })
    }
}

/// Connects, in the clear or by TLS, as the address says. It knows no proxy: one would dial in our stead.
pub(super) fn connector(
    settings: &FetchSettings,
    lookup: Arc<dyn Lookup>,
    reach: Reach,
) -> Result<HttpsConnector<HttpConnector<Guard>>, FetchError> {
    let mut http = HttpConnector::new_with_resolver(Guard { lookup, reach });
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(Duration::from_secs(10).min(settings.deadline)));
    let mut tls = tls(settings)?;
    // The builder names the protocols itself.
    tls.alpn_protocols.clear();
    let builder = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http();
    Ok(builder.enable_http1().enable_http2().wrap_connector(http))
}

/// TLS 1.2 and 1.3 by `ring`, with Mozilla's roots compiled in and the owner's own beside them.
pub(super) fn tls(settings: &FetchSettings) -> Result<rustls::ClientConfig, FetchError> {
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    roots.add_parsable_certificates(settings.trust.iter().cloned());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| FetchError::Setup)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
