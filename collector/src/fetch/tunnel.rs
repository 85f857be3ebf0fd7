//! Connections that stay open, for mailboxes and streams, dialled under the very rules of requests: public addresses only, the
//! address that was checked is the address that is dialled, TLS by Mozilla's roots and the owner's own. In the clear only to the places on private
//! networks that the owner opened. What is spoken over them is not known here.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};

use super::{FetchError, Fetcher, address, dial, error};

/// Longest time for the connection and its TLS.
const CONNECT: Duration = Duration::from_secs(20);

/// Bytes both ways.
pub trait Duplex: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Duplex for T {}

/// A connection.
pub type Tunnel = Box<dyn Duplex>;

impl fmt::Debug for dyn Duplex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tunnel")
    }
}

impl Fetcher {
    /// Connects to a host and port.
    ///
    /// # Errors
    /// [`FetchError`], as for requests; also where `tls` is false and the owner did not open that very place.
    pub async fn dial(&self, host: &str, port: u16, tls: bool) -> Result<Tunnel, FetchError> {
        let bare = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
        let place = format!("{host}:{port}");
        let opened = self.settings.allow_private.iter().any(|one| one.trim().eq_ignore_ascii_case(&place));
        if !tls && !opened {
            return Err(FetchError::NoConnection {
                host: place,
                detail: "only TLS is spoken over the internet",
            });
        }
        let connecting = timeout(CONNECT, self.connect(bare, port, tls, opened, &place));
        connecting.await.unwrap_or(Err(FetchError::Deadline { host: place, seconds: CONNECT.as_secs_f64() }))
    }

    async fn connect(
        &self,
        host: &str,
        port: u16,
        tls: bool,
        opened: bool,
        place: &str,
    ) -> Result<Tunnel, FetchError> {
        let none = |detail| FetchError::NoConnection { host: place.to_owned(), detail };
        let found: Vec<IpAddr> = match host.parse() {
            Ok(ip) => vec![ip],
            Err(_) => self.lookup.lookup(host).await.map_err(|_| none("the name cannot be found"))?,
        };
        let fit: Vec<SocketAddr> = found
            .iter()
            .filter(|ip| opened || address::is_public(**ip))
            .map(|ip| SocketAddr::new(*ip, port))
            .collect();
        if fit.is_empty() && !found.is_empty() {
            return Err(FetchError::Private { host: place.to_owned() });
        }
        let stream = TcpStream::connect(fit.as_slice()).await.map_err(|_| none("nobody answers there"))?;
        // A stream that is only listened to would never notice that the other side is gone without a word.
        let _ = stream.set_nodelay(true);
        if !tls {
            return Ok(Box::new(stream));
        }
        let mut config = dial::tls(&self.settings)?;
        config.alpn_protocols.clear();
        let name =
            ServerName::try_from(host.to_owned()).map_err(|_| none("that is no name for a certificate"))?;
        let secured = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
        Ok(Box::new(secured.map_err(|error| {
            let fault = error::find::<rustls::Error>(&error);
            none(fault.map_or("no protected connection could be agreed on", error::unprotected))
        })?))
    }
}
